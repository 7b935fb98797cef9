// SPDX-License-Identifier: Apache-2.0
/* Words from outside, in every field that there is: markup and scripts show as text, and names of any direction leave the
 * line beside them as it is. */
import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { Agent } from "../server/client.mjs";
import { run as command } from "../server/server.mjs";
import { accessible, assert, run, test, testSizes } from "./harness.mjs";
import { shop } from "./chat.mjs";
import { Desk, staffed, waiting } from "./desk.mjs";

const EVE = "<b>Eve</b>";
const server = await shop();
await staffed(server);
await Agent.arrive(server.port, await server.agentCookie(EVE));

const payload = (field) => `<img src=x onerror="owned()"><script>owned()</script>{{7*7}} ${field}`;

/* A page that notices when a script of somebody else runs on it. */
async function watched(page, options) {
	const made = await page(options);
	await made.addInitScript(() => {
		globalThis.owned = () => { globalThis.isOwned = true; };
	});
	return made;
}

async function clean(page, what) {
	const found = await page.evaluate(() => [...document.querySelectorAll('img, iframe, script:not([src^="/console/"]), .said b, .note b, a[href^="javascript"], [onerror]')]
		.map((element) => element.outerHTML));
	assert.deepEqual(found, [], what);
	assert.equal(await page.evaluate(() => globalThis.isOwned ?? false), false, what);
}

function identity(claims) {
	const secret = command("secret", "--data", server.data).stdout.trim();
	const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
	const head = `${part({ alg: "HS256", typ: "JWT" })}.${part({ exp: Math.floor(Date.now() / 1000) + 3600, ...claims })}`;
	return `${head}.${createHmac("sha256", secret).update(head).digest("base64url")}`;
}

test("what a visitor and an agent write shows as text in every field", async ({ page, shot }) => {
	const visitor = await waiting(server, {
		hello: {
			identity: identity({ sub: "7", name: payload("name"), email: "a<b>@x.example", plan: payload("attribute") }),
			page: { url: `https://shop.example/?${payload("address")}`, title: payload("title") },
		},
		text: payload("message"),
	});
	const made = await watched(page);
	const desk = await Desk.enter(made, server, EVE);
	await desk.open("message");
	await desk.claim();
	await desk.say(payload("reply"));
	await desk.button("Note").click();
	await desk.note.fill(payload("note"));
	await desk.note.press("Enter");
	await desk.log.getByText(payload("note")).waitFor();
	await made.getByRole("button", { name: "Add a tag" }).click();
	await made.getByRole("combobox", { name: "Tag to put on" }).fill("<i>tag</i> owned()");
	await made.keyboard.press("Enter");
	await desk.log.getByText(`${EVE} put the tag “<i>tag</i> owned()” on.`).waitFor();
	visitor.send({ type: "survey", csat: 1, comment: payload("comment"), client_id: "survey" });
	visitor.send({ type: "contact", name: payload("contact"), email: "x@y.example", consent: true, client_id: "contact" });
	for (const field of ["message", "reply", "note", "comment", "contact"]) await desk.log.getByText(payload(field)).first().waitFor();
	await desk.details.getByText(payload("title")).waitFor();
	const [protocol] = await desk.details.getByRole("link", { name: /title/ }).evaluateAll((links) => links.map((link) => link.protocol));
	assert.equal(protocol, "https:");
	await desk.details.getByText(payload("attribute")).waitFor();
	await made.getByRole("heading", { name: payload("name") }).first().waitFor();
	await shot(made, "console-desktop-hostile");
	await clean(made, "a conversation");
	visitor.send({ type: "page", url: "javascript:owned()", title: "a trap" });
	await visitor.say("and another");
	await desk.sees("and another");
	await clean(made, "a script is no address");
	await made.getByRole("searchbox").fill("owned reply");
	await desk.card("onerror").first().waitFor();
	await clean(made, "what was found");
	visitor.close();
});

test("the name of an agent shows as text to colleagues and to the owner", async ({ page }) => {
	const visitor = await waiting(server);
	const made = await watched(page);
	const desk = await Desk.enter(made, server, "Olga");
	await desk.open(visitor.line);
	await desk.claim();
	await desk.button("Transfer").click();
	const dialog = made.getByRole("dialog", { name: "Transfer" });
	await dialog.getByText(EVE, { exact: true }).waitFor();
	await clean(made, "whom to transfer to");
	await dialog.getByText(EVE, { exact: true }).click();
	await made.getByText(`With ${EVE}`).waitFor();
	await made.getByText(`${EVE} answers here.`).waitFor();
	await clean(made, "with a colleague");
	await made.goto(`${desk.url}#/agents`);
	await made.getByText(EVE, { exact: true }).waitFor();
	await made.getByRole("button", { name: `Remove \u2068${EVE}\u2069` }).or(made.getByRole("button", { name: `Remove ${EVE}` })).click();
	await made.getByRole("dialog").getByText("is signed out at once").waitFor();
	await clean(made, "agents");
	visitor.close();
});

test("markup in a topic file is text in the topics, the try-out, suggestions, drafts and saved replies", async ({ page, shot }) => {
	const question = "Do you sell <img src=x onerror=owned()> gift boxes?";
	writeFileSync(path.join(server.intents, "gifts.md"), `# Gifts <script>owned()</script>

## ${question} {#gift-boxes}
- a box for a <b>present</b>
- have you got giftboxes <script>owned()</script>
- wrapping in a gift box

We sell **boxes** \\<img src=x onerror=owned()\\> and [more](https://shop.example/boxes).
`);
	const kept = await server.ask("POST", "/api/v1/replies", { cookie: server.ownerCookie, body: { name: "<u>boxes</u>", text: payload("saved") } });
	assert.equal(kept.status, 201);
	const made = await watched(page);
	const desk = await Desk.enter(made, server, "Olga", "#/answers");
	await made.getByText("Gifts <script>owned()</script>").click();
	await made.getByText(question, { exact: true }).waitFor();
	await made.getByRole("textbox", { name: /as a visitor would ask/ }).fill("have you got gift boxes <script>owned()</script>");
	await made.getByRole("button", { name: "Ask", exact: true }).click();
	await made.getByRole("region", { name: "Try it out" }).getByText("gift boxes", { exact: true }).first().waitFor();
	await clean(made, "topics and try-out");
	await shot(made, "console-desktop-hostile-topics");

	const visitor = await waiting(server, { text: "a gift box please <script>owned()</script>" });
	await made.goto(`${desk.url}#/waiting`);
	await desk.open(visitor.line);
	await desk.claim();
	await desk.details.getByText(question, { exact: true }).waitFor();
	await desk.button("Saved").click();
	await made.getByRole("option", { name: "<u>boxes</u>" }).waitFor();
	await clean(made, "suggestions and saved replies");
	await desk.reply.press("Escape");
	await desk.log.getByText(visitor.line).hover();
	await desk.log.getByRole("button", { name: "Teach the bot" }).last().click();
	const dialog = made.getByRole("dialog", { name: "Teach the bot" });
	await dialog.getByText(visitor.line).waitFor();
	await dialog.getByRole("combobox").selectOption({ label: question });
	await dialog.getByRole("button", { name: "Keep as a draft" }).click();
	await dialog.waitFor({ state: "detached" });
	await made.goto(`${desk.url}#/answers`);
	const drafts = made.getByRole("region", { name: /Drafts/ });
	await drafts.getByText(visitor.line).first().waitFor();
	await clean(made, "drafts");
	await accessible(made, "drafts");
	await drafts.getByRole("button", { name: "Dismiss" }).first().click();
	visitor.close();
});

/* Where a text within `selector` begins and ends on the screen, in reading order of the source. */
function spans(page, selector, words) {
	return page.evaluate(([where, wanted]) => {
		const element = document.querySelector(where);
		const nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
		const found = {};
		for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
			for (const word of wanted) {
				const at = node.data.indexOf(word);
				if (at < 0 || found[word]) continue;
				const range = document.createRange();
				range.setStart(node, at);
				range.setEnd(node, at + word.length);
				const { left, right } = range.getBoundingClientRect();
				found[word] = { left, right };
			}
		}
		return wanted.map((word) => found[word] ?? word);
	}, [selector, words]);
}

async function leftToRight(page, selector, words) {
	const boxes = await spans(page, selector, words);
	for (const [i, box] of boxes.entries()) {
		assert.ok(typeof box === "object", `"${box}" is in ${selector}`);
		if (i) assert.ok(box.left >= boxes[i - 1].right - 1, `"${words[i - 1]}" stands before "${words[i]}" in ${selector}: ${JSON.stringify(boxes)}`);
	}
}

const OVERRIDE = "\u202e";

testSizes("names and words of the other direction keep to themselves", async ({ page, shot, size }) => {
	const dana = `${size === "phone" ? "\u05d3\u05e0\u05d4" : "\u0645\u0631\u064a\u0645"} 2`; /* one that turns what follows is refused: access.mjs */
	const other = await Agent.arrive(server.port, await server.agentCookie(dana));
	const visitor = await waiting(server, {
		hello: { identity: identity({ sub: `rtl-${size}`, name: `\u05e9\u05e8\u05d4 ${OVERRIDE}abc`, email: "s@x.example", plan: `${OVERRIDE}gold` }) },
		text: "\u05d4\u05d7\u05d1\u05d9\u05dc\u05d4 \u05dc\u05d0 \u05d4\u05d2\u05d9\u05e2\u05d4, please",
	});
	const made = await watched(page, { size });
	const desk = await Desk.enter(made, server, "Olga");
	await desk.card("please").waitFor();
	await shot(made, `console-${size}-directions-list`);
	await desk.open("please");
	const { conversation } = await other.any(({ type, text }) => type === "event" && text === visitor.line, "it");
	await other.does({ type: "claim", conversation });
	await other.does({ type: "tag", conversation, tag: `\u05d3\u05d7\u05d5\u05e3 ${OVERRIDE}now` });
	await other.does({ type: "note", conversation, text: `${OVERRIDE}a note` });
	await desk.log.getByText("put the tag").waitFor();
	await desk.log.getByText("only for the team").waitFor();
	await leftToRight(made, ".line.tags > p > span", [" put the tag ", " on."]);
	await leftToRight(made, ".note .said-by", ["Note by ", " \u00b7 only for the team"]);
	await leftToRight(made, ".thread-who p", ["With ", "Online"]);
	await leftToRight(made, ".composer-state p", [" answers here.", " You can leave a note."]);
	/* A line that begins in Hebrew begins on the right of its bubble. */
	const aligned = await made.locator(".said.visitor .bubble .plain").last().evaluate((element) => getComputedStyle(element).direction);
	assert.equal(aligned, "rtl");
	await accessible(made, "directions");
	await shot(made, `console-${size}-directions`);
	await clean(made, "directions");
	visitor.close();
	other.close();
});

test("a long text from right to left: the list shows how it begins, and each of its lines runs as its words do", async ({ page, shot }) => {
	const begin = "\u05d4\u05ea\u05d7\u05dc\u05d4"; /* "beginning" */
	const visitor = await waiting(server, { text: `${begin} ${"\u05de\u05d9\u05dc\u05d4 ".repeat(30)}\n2. over there (please)` });
	const made = await watched(page);
	const desk = await Desk.enter(made, server, "Olga");
	await desk.card(begin).waitFor();
	/* Whether it can be seen, and not only selected. */
	const isShown = async () => {
		const [box, [word]] = [await desk.card(begin).locator(".card-text").boundingBox(), await spans(made, "li:has([aria-current]) .card-text", [begin])];
		return word.left >= box.x - 1 && word.right <= box.x + box.width + 1;
	};
	await desk.open(begin);
	assert.ok(await isShown(), "the visitor's words");
	await leftToRight(made, ".said.visitor:last-of-type .bubble .plain", ["2.", " over there (please)"]);
	await desk.claim();
	await desk.say(visitor.line);
	await desk.card("You:").waitFor();
	assert.ok(await isShown(), "one's own");
	await desk.button("Transfer").click();
	const faces = await made.getByRole("dialog", { name: "Transfer" }).locator(".avatar").evaluateAll((all) => all.map((one) => [one.offsetWidth, one.offsetHeight]));
	assert.ok(faces.length > 1, `${faces.length} faces`);
	for (const [width, height] of faces) assert.equal(width, height, "a face is round");
	await made.keyboard.press("Escape");
	await shot(made, "console-desktop-right-to-left");
	visitor.close();
});

await run();
