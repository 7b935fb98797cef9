// SPDX-License-Identifier: Apache-2.0
/* The chat on other people's pages: strict Content-Security-Policy, single-page shops, two copies of the tag, window.shopbell,
 * languages and colours, and hostile texts from every side. */
import { accessible, assert, run, site, test } from "./harness.mjs";
import { Chat, NAME, shop } from "./chat.mjs";

const HOSTILE = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>{{7*7}}`;

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

/* The line of the README, and the same with a nonce. */
const SOCKET = server.url.replace("http", "ws");
policies["/strict"] = `default-src 'none'; script-src ${server.url}; connect-src ${SOCKET}`;
policies["/nonce"] = `default-src 'none'; script-src 'nonce-r4nd0m'; connect-src ${SOCKET}`;
pages["/strict"] = html(tag());
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
	await chat.log.locator(".bot .bubble").nth(2).waitFor();
});

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
	await chat.log.locator(".bot .bubble").nth(2).waitFor();
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
	await accessible(made, "right to left");
	await shot(made, "widget-rtl");
});

for (const color of ["#ffffff", "#000000", "#777777", "#ff0000", "#00ffff", "rebeccapurple", "hsl(50 100% 50%)", "no colour"]) {
	test(`any colour can be read: ${color}`, async ({ page }) => {
		pages["/color"] = html(tag(`data-color="${color}"`));
		const made = await page();
		const chat = await Chat.open(made, `${visited.url}/color`);
		await chat.say("where is my parcel");
		await chat.button("Helpful").waitFor();
		await accessible(made, color);
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
	await made.getByRole("button", { name: "Hide" }).click();
	await line.waitFor({ state: "detached" });
	await made.reload();
	await line.click();
	await made.getByRole("dialog").waitFor();
	await line.waitFor({ state: "detached" });
});

test("hostile texts are texts: message, agent's answer, page title, transcript", async ({ page, shot }) => {
	const eve = await server.agent("<b>Eve</b>");
	await eve.does({ type: "presence", status: "available", capacity: 5 });
	const made = await page();
	const chat = await Chat.open(made, `${visited.url}/`);
	await chat.person.click();
	await chat.say(HOSTILE);
	const event = await eve.any((frame) => frame.type === "event" && frame.text === HOSTILE, "the hostile text, unchanged");
	await eve.does({ type: "claim", conversation: event.conversation });
	await eve.does({ type: "message", conversation: event.conversation, text: HOSTILE });
	await chat.log.locator(".agent .bubble").waitFor();
	assert.equal(await chat.log.locator(".agent .bubble").innerText(), HOSTILE);
	assert.equal(await chat.log.locator(".visitor .bubble").last().innerText(), HOSTILE);
	await chat.dialog.getByRole("heading", { name: "<b>Eve</b>" }).waitFor();
	assert.equal(await chat.log.locator("img, script, b").count(), 0);
	assert.equal(await made.title(), "A shop");
	await shot(made, "widget-hostile");
	await chat.menu("Copy transcript").catch(() => {});
});

await run();
