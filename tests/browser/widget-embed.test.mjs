// SPDX-License-Identifier: Apache-2.0
/* The chat on other people's pages: strict Content-Security-Policy, single-page shops, two copies of the tag, window.shopbell,
 * languages and colours, and hostile texts from every side. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { accessible, assert, run, site, test } from "./harness.mjs";
import { settings } from "../server/server.mjs";
import { Chat, NAME, SAMPLE, shop } from "./chat.mjs";

const pages = {};
const policies = {};
const visited = await site(pages, policies);
const server = await shop({ site: { origins: visited.url, "bot name": "Finch", color: "#1f5f4a" } });
const tag = (attributes = "") => `<script async src="${server.url}/widget.js" ${attributes}></script>`;
const html = (head, body = "<main><h1>A shop</h1><p>Things</p></main>", lang = "en") =>
	`<!doctype html><html lang="${lang}"><head><meta name="viewport" content="width=device-width"><title>A shop</title>${head}</head><body>${body}</body></html>`;

pages["/"] = html(tag());
pages["/twice"] = html(tag() + tag(), `<h1>A shop</h1>${tag()}`);
pages["/german"] = html(tag('data-lang="de" data-position="left" data-color="#ffd400"'));
pages["/french"] = html(tag(), "<h1>Une boutique</h1>", "fr");
pages["/arabic"] = html(tag('data-lang="ar"'));
pages["/queue"] = html(`<script>
window.shopbell = window.shopbell || function () { (shopbell.q = shopbell.q || []).push(arguments); };
window.told = [];
shopbell("on", "ready", function () { told.push("ready"); });
shopbell("on", "open", function () { told.push("open"); });
shopbell("on", "close", function () { told.push("close"); });
shopbell("on", "message", function (message) { told.push("message " + message.from); });
shopbell("page", { url: "https://shop.example/virtual", title: "Virtual" });
shopbell("open");
</script>${tag()}`);
pages["/queue-all"] = html(`<script>
window.shopbell = window.shopbell || function () { (shopbell.q = shopbell.q || []).push(arguments); };
window.told = [];
["ready", "open", "close", "unread"].forEach(function (name) { shopbell("on", name, function () { told.push(name); }); });
shopbell("page", "https://shop.example/first", "First");
shopbell("reset");
shopbell("identify", "not.a.jwt");
shopbell("close");
shopbell("open");
shopbell("nonsense");
</script>${tag()}`);

/* The lines that the README gives for a shop's pages, with this server's address, and the same with a nonce. */
const readme = fs.readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const given = (pattern) => pattern.exec(readme)[1].replaceAll("https://chat.shop.example", server.url).replaceAll("wss://chat.shop.example", server.url.replace("http", "ws"));
const POLICY = given(/^ {4}(script-src .*)$/m);
policies["/strict"] = `default-src 'none'; ${POLICY}`;
policies["/nonce"] = policies["/strict"].replace(`script-src ${server.url}`, "script-src 'nonce-r4nd0m'");
pages["/strict"] = html(given(/^ {4}(<script async .*<\/script>)$/m));
pages["/nonce"] = html(tag('nonce="r4nd0m"'));

for (const path of Object.keys(policies)) {
	test(`beside a strict policy, ${path}`, async ({ page, shot }) => {
		const made = await page();
		await made.addInitScript(() => {
			globalThis.violations = [];
			addEventListener("securitypolicyviolation", (event) => globalThis.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
		});
		const chat = await Chat.open(made, visited.url + path);
		await chat.say("where is my parcel");
		await chat.button("Helpful").waitFor();
		await chat.menu("Leave your e-mail");
		await chat.button("Back").click();
		await chat.menu("What is stored about me");
		const [file] = await Promise.all([made.waitForEvent("download"), chat.button("Download all of it").click()]);
		assert.ok(file);
		assert.deepEqual(await made.evaluate(() => globalThis.violations), []);
		const styled = await made.locator("shopbell-widget").evaluate((element) =>
			[...element.shadowRoot.querySelectorAll("[style], style")].map(({ outerHTML }) => outerHTML.slice(0, 120)));
		assert.deepEqual(styled, [], "no style attribute, no style element");
		await shot(made, `widget-strict${path.replace("/", "-")}`);
	});
}

test("included three times: one chat", async ({ page }) => {
	const made = await page();
	await made.goto(`${visited.url}/twice`, { waitUntil: "networkidle" });
	assert.equal(await made.locator("shopbell-widget").count(), 1);
	const chat = new Chat(made);
	await chat.show();
	await chat.sees("I am Finch");
	assert.equal(await made.getByRole("dialog").count(), 1);
});

test("a single-page shop that swaps its body keeps the chat and what is in it", async ({ page }) => {
	const made = await page();
	const chat = await Chat.open(made, `${visited.url}/`);
	await chat.say("delivery time");
	await chat.button("Helpful").waitFor();
	await made.evaluate((src) => {
		const body = document.createElement("body");
		body.innerHTML = "<h1>Another page</h1>";
		const script = document.createElement("script");
		script.src = src;
		body.append(script);
		document.body.replaceWith(body);
		history.pushState({}, "", "/elsewhere");
	}, `${server.url}/widget.js`);
	await chat.sees("delivery time");
	assert.equal(await made.locator("shopbell-widget").count(), 1);
	await chat.say("how do i return this");
	await chat.answer(3).waitFor();
});

test("a shop that keeps copies of its pages and swaps them back: one chat, and nothing of what is being written is lost", async ({ page }) => {
	const made = await page();
	const chat = await Chat.open(made, `${visited.url}/`);
	await chat.box.fill("half a sentence");
	await made.evaluate(() => {
		const copy = document.body.cloneNode(true);
		const other = document.createElement("body");
		other.innerHTML = "<h1>Another page</h1>";
		document.body.replaceWith(other);
		history.pushState({}, "", "/elsewhere");
		addEventListener("popstate", () => other.replaceWith(copy), { once: true });
	});
	await chat.box.and(made.locator(":focus")).waitFor();
	await made.goBack();
	await made.getByRole("heading", { name: "A shop" }).waitFor();
	assert.equal(await made.locator("shopbell-widget").count(), 1);
	await made.keyboard.type(" and the rest");
	assert.equal(await chat.box.inputValue(), "half a sentence and the rest");
	/* Whoever takes the whole page away does not take the chat. */
	await made.evaluate(() => document.querySelector("shopbell-widget").remove());
	await chat.box.waitFor();
});

test("put away for the back button it holds no line, and taken out again it has everything", async ({ page }) => {
	const eva = await server.agent("Eva");
	await eva.does({ type: "presence", status: "available", capacity: 9 });
	const made = await page();
	const sockets = [];
	made.on("websocket", (socket) => sockets.push(socket));
	const chat = await Chat.open(made, `${visited.url}/`);
	await chat.person.click();
	await chat.say("put away");
	const { conversation } = await eva.any((frame) => frame.type === "event" && frame.text === "put away", "the visitor");
	const closed = sockets[0].waitForEvent("close");
	await made.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true })));
	await closed;
	await eva.does({ type: "message", conversation, text: "said meanwhile" });
	await made.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
	await chat.sees("said meanwhile");
	assert.equal(sockets.length, 2);
});

for (const [name, head, body] of [
	["at once in the head", `<script src="${server.url}/widget.js"></script>`, ""],
	["deferred", `<script defer src="${server.url}/widget.js"></script>`, ""],
	["at the end", "", tag()],
	["by a module", `<script type="module">document.head.append(Object.assign(document.createElement("script"), { src: "${server.url}/widget.js" }));</script>`, ""],
]) {
	test(`put in ${name}: the chat is there, behind the page's own controls`, async ({ page }) => {
		pages["/put-in"] = html(head, `<h1>A shop</h1><a href="#">first</a>${body}`);
		const made = await page();
		await made.goto(`${visited.url}/put-in`);
		const chat = new Chat(made);
		await chat.launcher.waitFor();
		await made.keyboard.press("Tab");
		await made.getByRole("link", { name: "first" }).and(made.locator(":focus")).waitFor();
		await chat.show();
		await chat.sees("I am Finch");
	});
}

test("away and back through the browser's page cache", async ({ page }) => {
	const made = await page();
	const chat = await Chat.open(made, `${visited.url}/`);
	await chat.say("delivery time");
	await chat.button("Helpful").waitFor();
	await made.goto(`${visited.url}/french`);
	await made.goBack();
	await chat.sees("delivery time");
	assert.equal(await made.locator("shopbell-widget").count(), 1);
	await chat.say("how do i return this");
	await chat.answer(3).waitFor();
});

test("window.shopbell works before the load and after it", async ({ page }) => {
	const made = await page();
	await made.goto(`${visited.url}/queue`);
	const chat = new Chat(made);
	await chat.dialog.waitFor();
	await chat.say("delivery time");
	await chat.button("Helpful").waitFor();
	await made.evaluate(() => window.shopbell("close"));
	await chat.dialog.waitFor({ state: "hidden" });
	assert.deepEqual(await made.evaluate(() => window.told), ["ready", "open", "message bot", "close"]);
	await made.evaluate(() => window.shopbell("open"));
	await chat.dialog.waitFor();
	await made.evaluate(() => window.shopbell("reset"));
	await chat.dialog.waitFor({ state: "hidden" });
	assert.equal(await chat.kept(), null);
});

test("every command may be said before the load, in any order", async ({ page }) => {
	const made = await page();
	await made.goto(`${visited.url}/queue-all`);
	const chat = new Chat(made);
	await chat.dialog.waitFor();
	await chat.dialog.getByRole("status").getByText(/not a signed token|identity/i).first().waitFor();
	await made.evaluate(() => window.shopbell("close"));
	assert.deepEqual(await made.evaluate(() => window.told), ["ready", "open", "close"]);
});

test("a listener of the shop's that fails takes nothing of the chat along; the others are told of each change once", async ({ page, problems }) => {
	pages["/failing"] = html(`<script>
window.shopbell = window.shopbell || function () { (shopbell.q = shopbell.q || []).push(arguments); };
window.told = [];
shopbell("on", "unread", function () { throw new Error("the shop's own mistake"); });
shopbell("on", "message", "no function at all");
shopbell("on", "message", function (message) { told.push("message " + message.from); });
shopbell("on", "unread", function (count) { told.push("unread " + count); });
</script>${tag()}`);
	const chat = await Chat.open(await page(), `${visited.url}/failing`);
	await chat.say("delivery time");
	await chat.button("Helpful").waitFor();
	await chat.box.pressSequentially("more");
	await chat.page.waitForFunction(() => localStorage.getItem("shopbell").includes('"more"'));
	const told = await chat.page.evaluate(() => globalThis.told);
	assert.ok(told.includes("message bot"), told.join());
	assert.ok(told.every((what, i) => !what.startsWith("unread") || what !== told.slice(0, i).findLast((each) => each.startsWith("unread"))), told.join());
	assert.ok(problems.some((problem) => problem.includes("the shop's own mistake")), "the shop finds it where it looks for its mistakes");
	problems.length = 0;
});

test("whatever the page's styles say of all elements, the chat stands where it should and looks as it does elsewhere", async ({ page }) => {
	pages["/styled"] = html(`<style>
:not(html) { transform: translateZ(0); font: italic 40px/3 cursive; letter-spacing: 4px; text-align: right; text-transform: uppercase; opacity: 0.4; }
html > * { position: relative !important; margin: 50px !important; color: red !important; }
html > :not(head, body) { display: none !important; }
div, button, textarea { position: fixed !important; display: none !important; width: 9px !important; }
</style><base href="https://elsewhere.example/">${tag()}`);
	const look = async (path) => {
		const chat = await Chat.open(await page(), visited.url + path);
		await chat.sees("I am Finch");
		await chat.button("Where is my order?").waitFor();
		const boxes = await Promise.all([chat.launcher, chat.dialog, chat.box, chat.button("Where is my order?")].map((part) => part.boundingBox()));
		const styles = await chat.box.evaluate((box) => [box, box.getRootNode().host].map((element) => {
			const { font, letterSpacing, textAlign, textTransform, opacity, color } = getComputedStyle(element);
			return [font, letterSpacing, textAlign, textTransform, opacity, color];
		}));
		return { boxes, styles };
	};
	assert.deepEqual(await look("/styled"), await look("/"));
});

test("on a page whose address is longer than a frame may be; closed by the shop it leaves the focus where somebody does something else", async ({ page }) => {
	pages["/busy"] = html(tag(), '<label>Search <input id="search"></label>');
	const made = await page();
	const chat = await Chat.open(made, `${visited.url}/busy#${"x".repeat(70000)}`);
	await chat.say("delivery time");
	await chat.button("Helpful").waitFor();
	const search = made.getByRole("textbox", { name: "Search" });
	await search.click();
	await made.evaluate(() => window.shopbell("close"));
	await chat.dialog.waitFor({ state: "hidden" });
	await search.and(made.locator(":focus")).waitFor();
});

test("a reset leaves nothing of what was being written, in any tab", async ({ context }) => {
	const both = await context();
	const chat = await Chat.open(await both.newPage(), `${visited.url}/`);
	await chat.say("delivery time");
	await chat.button("Helpful").waitFor();
	await chat.box.fill("my secret is");
	const other = new Chat(await both.newPage());
	await other.page.goto(`${visited.url}/`);
	await other.button("Helpful").waitFor(); // it was open on the page before
	await other.box.fill("and my address");
	await other.menu("Leave your e-mail");
	await other.dialog.getByRole("textbox", { name: "E-mail" }).fill("ada@example.com");
	await chat.page.evaluate(() => window.shopbell("reset"));
	await other.dialog.getByRole("form").waitFor({ state: "detached" });
	assert.equal(await other.box.inputValue(), "");
	await chat.show();
	assert.equal(await chat.box.inputValue(), "");
	assert.equal(await chat.kept(), null);
});

test("what is refused for good is not sent again with every page: what stands on a button that is no more is said, words go back to who wrote them", async ({ page }) => {
	const changing = await shop({ shop: { suggestions: "track-order" } });
	const zoe = await changing.agent("Zoe");
	const chat = await Chat.open(await page(), changing.url);
	await chat.button("Where is my order?").waitFor();
	fs.writeFileSync(path.join(changing.intents, "shop.ini"), settings({ shop: { name: NAME, language: "en", suggestions: "delivery-time" }, files: { tests: "warn" } }));
	await zoe.any((frame) => frame.type === "corpus", "the files being read again");
	await chat.button("Where is my order?").click();
	await chat.button("Helpful").waitFor();
	assert.deepEqual((await chat.kept()).pending, []);
	await chat.say("\u200b\u2060"); // nothing that one could see
	await chat.dialog.getByRole("status").getByText(/nothing to read|no visible/).waitFor();
	assert.equal(await chat.box.inputValue(), "\u200b\u2060");
	assert.deepEqual((await chat.kept()).pending, []);
	assert.deepEqual(await chat.log.locator(".visitor .bubble").allInnerTexts(), ["Where is my order?"]);
	zoe.close();
});

test("what the agent sees of the page is what the shop said", async ({ page }) => {
	const olga = await server.agent("Olga Two");
	const made = await page();
	await made.goto(`${visited.url}/queue`);
	const chat = new Chat(made);
	await chat.say("delivery time on a virtual page");
	const inbox = await olga.any((frame) => frame.type === "inbox" && frame.conversation.visitor.page?.title === "Virtual", "the page");
	assert.equal(inbox.conversation.visitor.page.url, "https://shop.example/virtual");
});

test("a refused identity is said, and the visitor goes on", async ({ page }) => {
	const made = await page();
	const chat = await Chat.open(made, `${visited.url}/`);
	await chat.sees("I am Finch");
	await made.evaluate(() => window.shopbell("identify", "not.a.jwt"));
	await chat.say("delivery time");
	await chat.button("Helpful").waitFor();
});

test("German, on the left, in an owner's bright yellow", async ({ page, shot }) => {
	const made = await page();
	await made.goto(`${visited.url}/german`);
	await made.getByRole("button", { name: `Chat: ${NAME}` }).click();
	const dialog = made.getByRole("dialog", { name: `Chat mit ${NAME}` });
	await dialog.getByText("Finch · automatischer Assistent").waitFor();
	await dialog.getByRole("button", { name: "Mit einem Menschen sprechen" }).waitFor();
	await dialog.getByText("Guten Tag, ich bin Finch").waitFor();
	await accessible(made, "yellow");
	await shot(made, "widget-german-yellow");
	assert.ok((await dialog.boundingBox()).x < 40);
});

test("French by the page's own language", async ({ page }) => {
	const made = await page();
	await made.goto(`${visited.url}/french`);
	await made.getByRole("button", { name: `Chat: ${NAME}` }).click();
	await made.getByRole("button", { name: "Parler à une personne" }).waitFor();
});

test("right to left", async ({ page, shot }) => {
	const made = await page();
	const chat = await Chat.open(made, `${visited.url}/arabic`);
	await chat.say("مرحبا delivery time");
	await chat.log.locator(".visitor .bubble").waitFor();
	const [bubble, log] = [await chat.log.locator(".visitor .bubble").boundingBox(), await chat.log.boundingBox()];
	assert.ok(bubble.x - log.x < log.x + log.width - bubble.x - bubble.width, "the visitor's lines are on the left");
	const dana = await server.agent("דנה");
	await dana.does({ type: "presence", status: "available", capacity: 9 });
	await chat.person.click();
	const { conversation } = await dana.any((frame) => frame.type === "event" && frame.kind === "handover", "the handover");
	await dana.does({ type: "claim", conversation });
	const joined = chat.log.locator(".notice", { hasText: "דנה has joined." });
	await joined.waitFor();
	assert.equal(await joined.evaluate((notice) => getComputedStyle(notice).direction), "ltr", "an English sentence, whoever it begins with");
	assert.equal(await chat.dialog.getByText("You are talking with").evaluate((line) => getComputedStyle(line).direction), "ltr");
	/* The name, a dot, the time, in this order as our languages run: nothing of it on the other side. */
	const [name, time] = await chat.log.locator(".bot .name").last().evaluate((line) => [line.firstChild, line.lastChild].map((node) => {
		const range = document.createRange();
		range.selectNodeContents(node);
		const { left, right } = range.getBoundingClientRect();
		return { text: node.textContent, left, right };
	}));
	assert.match(time.text, /^ · \d/);
	assert.ok(name.right <= time.left + 1, JSON.stringify([name, time]));
	await accessible(made, "right to left");
	await shot(made, "widget-rtl");
});

test("each line of a text runs as its own words do", async ({ page }) => {
	const chat = await Chat.open(await page(), `${visited.url}/`);
	await chat.say("שלום, איפה ההזמנה שלי?\n1. where is it (please)?\nتم الدفع");
	const bubble = chat.log.locator(".visitor .bubble > div");
	await bubble.waitFor();
	/* Where the first letter of each line stands, from the left edge of the text and from its right. */
	const firsts = await bubble.evaluate((box) => {
		const { left, right } = box.getBoundingClientRect();
		const text = box.firstChild;
		let at = 0;
		return text.data.split("\n").map((line) => {
			const range = document.createRange();
			range.setStart(text, at);
			range.setEnd(text, at + 1);
			at += line.length + 1;
			const letter = range.getBoundingClientRect();
			return letter.left - left < 1 ? "left" : right - letter.right < 1 ? "right" : "between";
		});
	});
	assert.deepEqual(firsts, ["right", "left", "right"]);
});

/* That every colour can be read is shown for thousands in tests/web/widget-color.test.mjs; here, that the page uses what is
 * computed there. */
for (const color of ["#ffffff", "#777777", "hsl(50 100% 50%)", "oklch(85% 0.15 90)", "no colour"]) {
	test(`any colour can be read: ${color}`, async ({ page }) => {
		pages["/color"] = html(tag(`data-color="${color}"`));
		const made = await page();
		const chat = await Chat.open(made, `${visited.url}/color`);
		await chat.say("where is my parcel");
		await chat.button("Helpful").waitFor();
		await accessible(made, color);
		/* It is the colour that the browser itself would paint. */
		const [painted, shown] = await chat.launcher.evaluate((launcher, wanted) => {
			const brush = new OffscreenCanvas(1, 1).getContext("2d");
			const paint = (fill) => {
				brush.fillStyle = fill;
				brush.fillRect(0, 0, 1, 1);
				return [...brush.getImageData(0, 0, 1, 1).data];
			};
			return [paint(CSS.supports("color", wanted) ? wanted : "#1f5f4a"), paint(getComputedStyle(launcher).backgroundColor)];
		}, color);
		assert.ok(painted.every((share, i) => Math.abs(share - shown[i]) <= 1), `${painted} is shown as ${shown}`);
	});
}

test("the owner's line comes by itself, once, goes away when told so, and opens the chat", async ({ page, shot }) => {
	const nudging = await shop({ "nudge things": { page: "/demo/checkout", after: "1 second", text: "Is something unclear? Just ask.", enabled: "yes" } });
	const made = await page();
	const sockets = [];
	made.on("websocket", (socket) => sockets.push(socket.url()));
	await made.goto(`${nudging.url}/demo/checkout`);
	const line = made.getByRole("status").getByRole("button", { name: "Is something unclear? Just ask." });
	await line.waitFor();
	assert.deepEqual(sockets, []);
	await accessible(made, "nudge");
	await shot(made, "widget-nudge");
	await made.getByRole("button", { name: "Not now" }).click();
	await line.waitFor({ state: "detached" });
	await made.reload();
	await line.click();
	await made.getByRole("dialog").waitFor();
	await line.waitFor({ state: "detached" });
});

/* One piece of markup for each field of the owner's, the shop's page, the visitor and the agents. */
const evil = (field) => `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>{{7*7}} ${field}`;

test("hostile texts are texts, from every side, in the chat, the transcript and the export", async ({ page, shot }) => {
	const intents = fs.mkdtempSync(path.join(os.tmpdir(), "shopbell-hostile-"));
	fs.cpSync(SAMPLE, intents, { recursive: true });
	fs.writeFileSync(path.join(intents, "hostile.md"), `## Hostile \\<img src=x onerror=alert(1)\\> question? {#hostile-question}\n- zzyzx\n\n` +
		`An answer: \`<script>document.title='owned'</script>\` &lt;img src=x onerror=alert(1)&gt;, and [a link](https://shop.example/?q=%3Cscript%3E), and [here](${visited.url}/french).\n`);
	const owned = await shop({
		shop: { name: "<b onclick=x>Shop</b>", greeting: evil("greeting"), suggestions: "hostile-question" },
		site: { "bot name": "<i>Bot</i>", origins: visited.url },
		privacy: { consent: evil("consent") },
	}, intents);
	fs.rmSync(intents, { recursive: true });
	const name = "<b onclick=x>Shop</b>";
	const eve = await owned.agent("<u>Eve</u>");
	await eve.does({ type: "presence", status: "available", capacity: 5 });
	pages["/hostile"] = html(`<script async src="${owned.url}/widget.js" data-color='"><script>'></script>`).replace("<title>A shop", `<title>${evil("title").replace(/</g, "&lt;")}`);
	const made = await page();
	await made.goto(`${visited.url}/hostile?<script>`);
	const title = await made.title();
	const chat = new Chat(made);
	chat.dialog = made.getByRole("dialog", { name: `Chat with ${name}` });
	chat.log = chat.dialog.getByRole("log");
	chat.box = chat.dialog.getByRole("textbox", { name: "Your message" });
	await chat.show();
	await chat.sees(evil("greeting"));
	await chat.log.getByRole("button", { name: /Hostile/ }).click();
	await chat.sees("An answer:");
	const target = (link) => chat.log.getByRole("link", { name: link }).getAttribute("target");
	assert.deepEqual([await target("a link"), await target("here")], ["_blank", ""], "the shop's own pages need no other window");
	await chat.menu("Leave your e-mail");
	const form = chat.dialog.getByRole("form", { name: "Leave your e-mail" });
	await form.getByText(evil("consent")).waitFor();
	await form.getByRole("textbox", { name: "E-mail" }).fill('"<script>"@example.com');
	await form.getByRole("textbox", { name: "Name (optional)" }).fill(evil("name").slice(0, 100));
	await form.getByRole("button", { name: "Back" }).click();
	await chat.dialog.getByRole("button", { name: "Talk to a person" }).last().click();
	await chat.say(evil("message"));
	const event = await eve.any((frame) => frame.type === "event" && frame.text === evil("message"), "the hostile text, unchanged");
	await eve.does({ type: "claim", conversation: event.conversation });
	await eve.does({ type: "message", conversation: event.conversation, text: evil("reply") });
	await chat.sees(evil("reply"));
	await chat.dialog.getByRole("heading", { name: "<u>Eve</u>" }).waitFor();
	await chat.log.locator(".notice", { hasText: "<u>Eve</u>" }).waitFor();
	assert.equal(await chat.log.locator("img, script, b, u, i:not(.dots i)").count(), 0);
	await shot(made, "widget-hostile");
	await chat.menu("Copy transcript");
	await chat.dialog.getByRole("status").getByText("Copied.").waitFor();
	const copied = await made.evaluate(() => navigator.clipboard.readText());
	for (const field of ["message", "reply"]) assert.ok(copied.includes(evil(field)), field);
	await chat.menu("What is stored about me");
	const [file] = await Promise.all([made.waitForEvent("download"), chat.button("Download all of it").click()]);
	const chunks = [];
	for await (const chunk of await file.createReadStream()) chunks.push(chunk);
	const events = JSON.parse(Buffer.concat(chunks).toString());
	for (const field of ["message", "reply"]) assert.ok(events.some(({ text }) => text === evil(field)), field);
	await chat.button("Back").click();
	await eve.does({ type: "close", conversation: event.conversation });
	await chat.dialog.getByRole("textbox", { name: "Anything else? (optional)" }).fill(evil("comment"));
	await chat.button("Send").click();
	const rated = await eve.any((frame) => frame.type === "event" && frame.comment, "the comment");
	assert.equal(rated.comment, evil("comment"));
	assert.equal(await made.title(), title, "nothing of it ran");
});

await run();
