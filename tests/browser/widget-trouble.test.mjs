// SPDX-License-Identifier: Apache-2.0
/* The network breaks, the server dies, the page is reloaded, other tabs are open: the conversation goes on. */
import { assert, run, test, testSizes } from "./harness.mjs";
import { Chat, shop } from "./chat.mjs";
import { wire } from "./line.mjs";

const server = await shop();
const front = `${server.url}/`;
/* The promise is that a page is itself again five seconds after the network is. What it rests on, with a clock of its own, is
 * in tests/web/connection.test.mjs, where it is held to it; here it is measured, on a machine that may do something else. */

/* A visitor who talks with an agent over `line`; each has said something. The agent is the test's own: another test kills the server. */
async function talk(made, line, name) {
	const anna = await server.agent(`Anna ${name}`);
	await anna.does({ type: "presence", status: "available", capacity: 5 });
	const chat = await Chat.open(made, `${line.url}/`);
	await chat.person.click();
	await chat.say(`hello ${name}`);
	const { conversation } = await anna.any((frame) => frame.type === "event" && frame.text === `hello ${name}`, "the visitor");
	await anna.does({ type: "claim", conversation });
	await anna.does({ type: "message", conversation, text: `good day ${name}` });
	await chat.sees(`good day ${name}`);
	return { chat, anna, conversation };
}

/* What the two people said: the visitor's page and the agent's connection show the same, each line once. */
async function sameOnBothSides({ chat, anna, conversation }, texts) {
	for (const text of texts) await chat.sees(text);
	await chat.log.getByText("Not sent yet").waitFor({ state: "detached" });
	const there = () => [...new Map(anna.events.filter((event) => event.conversation === conversation && event.kind === "message" && event.from !== "bot" && event.from !== "system")
		.map((event) => [event.seq, event.text])).entries()].sort(([a], [b]) => a - b).map(([, text]) => text);
	await anna.until(() => texts.every((text) => there().includes(text)), `all of ${texts}`);
	assert.deepEqual(await chat.log.locator(".visitor .bubble, .agent .bubble").allInnerTexts(), there());
}

testSizes("reload: the conversation, the draft and the unread count are there again", async ({ page, size }) => {
	const made = await page({ size });
	const chat = await Chat.open(made, front);
	await chat.say("delivery time");
	await chat.button("Helpful").waitFor();
	await chat.box.fill("and to fran");
	const before = await chat.lines();
	await made.reload();
	if (size === "phone") await chat.show();
	await chat.button("Helpful").waitFor();
	assert.deepEqual(await chat.lines(), before);
	assert.equal(await chat.box.inputValue(), "and to fran");
	if (size === "phone") return;
	/* It opened by itself: whoever reads the page, or fills in a field of it, is not taken from there. */
	assert.equal(await made.evaluate(() => document.activeElement.localName), "body");
	/* Where it would cover the whole page it waits to be opened. */
	await made.setViewportSize({ width: 740, height: 360 });
	await made.reload();
	await chat.launcher.waitFor();
	await made.waitForLoadState("networkidle");
	assert.equal(await chat.launcher.getAttribute("aria-expanded"), "false");
});

test("the server is killed in the middle: both sides go on with the same transcript", async ({ page, shot }) => {
	const made = await page();
	const chat = await Chat.open(made, front);
	await chat.say("delivery time");
	await chat.button("Helpful").waitFor();
	await server.kill("SIGKILL");
	await chat.dialog.getByRole("status").getByText("No connection.").waitFor();
	await chat.say("how do i return this");
	await chat.say("second line said offline");
	await chat.log.getByText("Not sent yet").first().waitFor();
	await shot(made, "widget-offline");
	await chat.button("Try again").first().waitFor();
	await server.up();
	await chat.dialog.getByRole("status").getByText("No connection.").waitFor({ state: "detached" });
	await chat.log.getByText(/^(Sent|Seen) ·/).last().waitFor();
	await chat.log.getByText("Not sent yet").waitFor({ state: "detached" });
	await chat.answer(3).waitFor();
	const own = await chat.log.locator(".visitor .bubble").allInnerTexts();
	assert.deepEqual(own, ["delivery time", "how do i return this", "second line said offline"], "nothing lost, nothing twice, in order");
	const lines = await chat.lines();
	await made.reload();
	await chat.log.locator(".visitor .bubble").nth(2).waitFor();
	await chat.answer(lines.length - own.length).waitFor();
	assert.deepEqual(await chat.lines(), lines, "the page that stayed and the page that came anew show the same");
});

test("said offline and reloaded: it is sent once, when the server is back", async ({ page }) => {
	const line = await wire(server, "/ws/visitor");
	const made = await page();
	const chat = await Chat.open(made, `${line.url}/`);
	await chat.say("delivery time");
	await chat.button("Helpful").waitFor();
	line.state.sockets = false;
	await made.reload();
	await chat.say("kept through a reload");
	await made.reload();
	await chat.dialog.getByRole("status").getByText("No connection.").waitFor();
	await chat.sees("kept through a reload");
	line.state.sockets = true;
	await chat.log.getByText(/^(Sent|Seen) ·/).waitFor();
	assert.deepEqual(await chat.log.locator(".visitor .bubble").allInnerTexts(), ["delivery time", "kept through a reload"]);
	line.close();
});

test("the first words are taken, and nobody hears of it: said again they are one conversation", async ({ page }) => {
	const line = await wire(server, "/ws/visitor");
	const rita = await server.agent("Rita");
	const chat = await Chat.open(await page(), `${line.url}/`);
	await chat.button("Where is my order?").waitFor(); // the server's welcome brings it
	line.state.toPage = false;
	await chat.say("first words into the void");
	const said = (text) => rita.any((frame) => frame.type === "event" && frame.text === text, text);
	const first = await said("first words into the void");
	await chat.log.getByText("Not sent yet").waitFor();
	line.restore();
	await chat.log.getByText(/^(Sent|Seen) ·/).waitFor();
	await chat.say("and some more");
	assert.equal((await said("and some more")).conversation, first.conversation);
	assert.deepEqual(await chat.log.locator(".visitor .bubble").allInnerTexts(), ["first words into the void", "and some more"]);
	line.close();
});

for (const [name, cut] of [
	["a silent line in both directions", (line) => line.silence()],
	["what the page says vanishes", (line) => { line.state.toServer = false; }],
	["what the server says vanishes", (line) => { line.state.toPage = false; }],
]) {
	test(`${name}: found out and mended, nothing twice`, async ({ page }) => {
		const line = await wire(server, "/ws/visitor");
		const made = await page();
		const chat = await Chat.open(made, `${line.url}/`);
		await chat.say("delivery time");
		await chat.button("Helpful").waitFor();
		cut(line);
		await chat.say("said into the void");
		await chat.log.getByText("Not sent yet").waitFor();
		await chat.dialog.getByRole("status").getByText("No connection.").waitFor();
		line.restore();
		const restored = performance.now();
		await chat.log.getByText(/^(Sent|Seen) ·/).last().waitFor();
		await chat.log.getByText("Not sent yet").waitFor({ state: "detached" });
		await chat.answer(3).waitFor();
		console.log(`# ${name}: whole again after ${Math.round(performance.now() - restored)} ms`);
		assert.deepEqual(await chat.log.locator(".visitor .bubble").allInnerTexts(), ["delivery time", "said into the void"]);
		line.close();
	});
}

for (const [name, cut, mend] of [
	["a tunnel, three seconds in which everything waits", (line) => line.hold(), (line) => line.release()],
	["half-open, the old line is dead and nobody says so", (line) => line.leaveHalfOpen(), () => {}],
	["silence, then half-open", (line) => line.silence(), (line) => line.leaveHalfOpen()],
]) {
	test(`${name}: both go on, nothing twice`, async ({ page }) => {
		const line = await wire(server, "/ws/visitor");
		const { chat, anna, conversation } = await talk(await page(), line, name);
		cut(line);
		await chat.say("from the sofa");
		await anna.does({ type: "message", conversation, text: "from the shop" });
		await new Promise((resolve) => setTimeout(resolve, 3000)); /* so long is the trouble itself */
		mend(line);
		const mended = performance.now();
		await sameOnBothSides({ chat, anna, conversation }, ["from the sofa", "from the shop"]);
		console.log(`# ${name}: whole again after ${Math.round(performance.now() - mended)} ms`);
		line.close();
	});
}

test("a laptop sleeps: its timers stand still, its line dies; it wakes and has everything", async ({ page }) => {
	const line = await wire(server, "/ws/visitor");
	const made = await page();
	const { chat, anna, conversation } = await talk(made, line, "sleeper");
	await chat.say("closing the lid");
	await chat.log.getByText(/^(Sent|Seen) ·/).waitFor();
	const devtools = await made.context().newCDPSession(made);
	await devtools.send("Page.setWebLifecycleState", { state: "frozen" });
	line.leaveHalfOpen();
	for (const text of ["while you slept", "and again"]) await anna.does({ type: "message", conversation, text });
	await devtools.send("Page.setWebLifecycleState", { state: "active" });
	const woken = performance.now();
	await sameOnBothSides({ chat, anna, conversation }, ["closing the lid", "while you slept", "and again"]);
	console.log(`# after a sleep: whole again after ${Math.round(performance.now() - woken)} ms`);
	line.close();
});

test("a form stays until the server has what it says, and says it once", async ({ page }) => {
	const line = await wire(server, "/ws/visitor");
	const { chat, anna, conversation } = await talk(await page(), line, "forms");
	await chat.menu("Leave your e-mail");
	const form = chat.dialog.getByRole("form", { name: "Leave your e-mail" });
	await form.getByRole("textbox", { name: "E-mail" }).fill("ada@example.com");
	await form.getByRole("checkbox").check();
	line.silence();
	await form.getByRole("button", { name: "Send" }).click();
	await chat.dialog.getByRole("status").getByText("No connection.").waitFor();
	assert.ok(await form.isVisible());
	await form.getByRole("button", { name: "Send" }).click();
	line.restore();
	await form.waitFor({ state: "detached" });
	await chat.say("after the form");
	await anna.any((event) => event.type === "event" && event.conversation === conversation && event.text === "after the form");
	assert.equal(anna.events.filter((event) => event.conversation === conversation && event.kind === "contact").length, 1);
	line.close();
});

test("what was pressed without a line is done with the next, and the word that there was none goes", async ({ page }) => {
	const line = await wire(server, "/ws/visitor");
	const chat = await Chat.open(await page(), `${line.url}/`);
	await chat.say("delivery time");
	await chat.button("Helpful").waitFor();
	const told = chat.dialog.getByRole("status").getByText("No connection.");
	line.state.sockets = false;
	line.restore();
	await told.waitFor();
	await chat.button("Helpful").click();
	line.state.sockets = true;
	await chat.dialog.getByRole("button", { name: "Helpful", exact: true, pressed: true }).waitFor();
	await told.waitFor({ state: "detached" });
	line.close();
});

test("a screen reader hears that the line is cut, and once that it is back", async ({ page }) => {
	const line = await wire(server, "/ws/visitor");
	const { chat, anna, conversation } = await talk(await page(), line, "hearing");
	const hears = await chat.listen();
	line.state.sockets = false;
	line.restore();
	await hears(/^No connection\./);
	line.state.sockets = true;
	await hears(/^Connected again\.$/);
	/* What the same region says next does not bring it back. */
	anna.send({ type: "typing", conversation });
	await hears(/^Anna hearing is typing…$/);
	await anna.does({ type: "message", conversation, text: "still with you" });
	await hears(/^Anna hearing still with you$/);
	assert.equal(await hears(/^Connected again\.$/), 1);
	line.close();
});

test("several tabs, closed chats: one of them rings for a new line, once", async ({ context }) => {
	const both = await context();
	await both.addInitScript(() => {
		globalThis.rings = 0;
		const { start } = OscillatorNode.prototype;
		OscillatorNode.prototype.start = function (...when) {
			globalThis.rings++;
			return start.apply(this, when);
		};
	});
	const first = await both.newPage();
	const { chat, anna, conversation } = await talk(first, { url: server.url }, "tabs");
	const tabs = [chat];
	for (let i = 0; i < 2; i++) {
		const made = await both.newPage();
		await made.goto(front);
		const other = new Chat(made);
		await other.dialog.waitFor(); /* it was open on the page before */
		await other.sees("good day tabs");
		await other.dialog.click(); /* who never touched the page is not to be startled by it */
		tabs.push(other);
	}
	for (const tab of tabs) await tab.button("Close chat").click();
	for (const [i, text] of ["ring for this", "and for this"].entries()) {
		await anna.does({ type: "message", conversation, text });
		/* A tab has asked for its lock when it shows the count; the answer comes before that of a later question. */
		for (const { page } of tabs) {
			await page.getByRole("button", { name: new RegExp(`, ${i + 1} unread`) }).waitFor();
			await page.evaluate(async () => {
				await navigator.locks.query();
				await navigator.locks.request("shopbell", () => {}); /* the bell has rung */
			});
		}
		const rings = await Promise.all(tabs.map(({ page }) => page.evaluate(() => globalThis.rings)));
		assert.equal(rings.reduce((sum, one) => sum + one), i + 1, rings.join(" + "));
	}
});

test("two tabs are one conversation", async ({ context }) => {
	const both = await context();
	const [one, other] = [await both.newPage(), await both.newPage()];
	const first = await Chat.open(one, front);
	const second = await Chat.open(other, front);
	await first.say("delivery time");
	await second.sees("delivery time");
	await second.button("Helpful").waitFor();
	await second.say("how do i return this");
	await first.sees("how do i return this");
	await first.answer(3).waitFor();
	await second.answer(3).waitFor();
	assert.deepEqual(await first.lines(), await second.lines());
	await first.menu("What is stored about me");
	await first.button("Erase all of it").click();
	await first.button("Erase for good").click();
	await second.log.getByText("delivery time", { exact: true }).waitFor({ state: "detached" });
});

test("said offline in one tab while another is open, and reloaded: it is sent once, when the server is back", async ({ context }) => {
	const line = await wire(server, "/ws/visitor");
	const both = await context();
	const chat = await Chat.open(await both.newPage(), `${line.url}/`);
	await chat.say("delivery time");
	await chat.button("Helpful").waitFor();
	const other = new Chat(await both.newPage());
	await other.page.goto(`${line.url}/`); /* it was open on the page before */
	await other.button("Helpful").waitFor();
	line.state.sockets = false;
	line.restore();
	for (const tab of [chat, other]) await tab.dialog.getByRole("status").getByText("No connection.").waitFor();
	await chat.say("kept beside another tab");
	await chat.sees("kept beside another tab");
	await other.page.waitForFunction(() => localStorage.getItem("shopbell").includes("kept beside another tab"));
	await other.box.fill("the other writes down what is being written there"); /* and with it all that is kept */
	await chat.page.waitForFunction(() => localStorage.getItem("shopbell").includes("the other writes"));
	await chat.page.reload();
	await chat.sees("kept beside another tab");
	line.state.sockets = true;
	await chat.log.getByText(/^(Sent|Seen) ·/).waitFor();
	await other.sees("kept beside another tab");
	for (const tab of [chat, other]) {
		assert.deepEqual(await tab.log.locator(".visitor .bubble").allInnerTexts(), ["delivery time", "kept beside another tab"]);
		await tab.page.waitForFunction(() => JSON.parse(localStorage.getItem("shopbell")).pending.length === 0);
	}
	line.close();
});

test("the page's sleep: asked at once when it wakes", async ({ page }) => {
	const line = await wire(server, "/ws/visitor");
	const made = await page();
	const chat = await Chat.open(made, `${line.url}/`);
	await chat.say("delivery time");
	await chat.button("Helpful").waitFor();
	line.silence();
	await made.evaluate(() => dispatchEvent(new Event("pageshow")));
	await chat.dialog.getByRole("status").getByText("No connection.").waitFor();
	line.restore();
	await chat.dialog.getByRole("status").getByText("No connection.").waitFor({ state: "detached" });
	line.close();
});

test("a key that is worth nothing any more: a new conversation, with what was being said", async ({ page }) => {
	const made = await page();
	await made.addInitScript(() => {
		if (!localStorage.getItem("shopbell")) {
			localStorage.setItem("shopbell", JSON.stringify({ token: "AAAAAAAAAAAAAAAAAAAAAA", read: 4, unread: 0, live: false, isOpen: true }));
		}
	});
	await made.goto(front);
	const chat = new Chat(made);
	await chat.sees("I am Finch");
	await chat.say("delivery time");
	await chat.button("Helpful").waitFor();
	assert.notEqual((await chat.kept()).token, "AAAAAAAAAAAAAAAAAAAAAA");
});

test("whatever stands in the browser's storage: the chat opens, and what is sound there counts", async ({ page }) => {
	const made = await page();
	const chat = await Chat.open(made, front);
	await chat.say("delivery time");
	await chat.button("Helpful").waitFor();
	const lines = await chat.lines();
	const whole = await chat.kept();
	/* Written as the page goes, after its own last word. */
	const comeWith = async (text) => {
		await made.evaluate((odd) => addEventListener("pagehide", () => localStorage.setItem("shopbell", odd)), text);
		await made.reload();
		if (await chat.launcher.getAttribute("aria-expanded") === "false") await chat.launcher.click();
		await chat.dialog.waitFor();
		await chat.sees("I am Finch");
	};
	const unsaid = { type: "message", client_id: "kept-1", text: "how do i return this" };
	for (const part of [{ pending: 5, read: "x", unread: "<b>" }, { pending: null, live: [], isMuted: {}, draft: { a: 1 } },
		{ pending: [null, 7, {}, { ...unsaid, client_id: 5 }, { ...unsaid, text: {} }] }]) {
		await comeWith(JSON.stringify({ ...whole, ...part }));
		await chat.button("Helpful").waitFor();
		assert.deepEqual(await chat.lines(), lines, JSON.stringify(part));
		assert.equal(await chat.box.inputValue(), "", JSON.stringify(part));
	}
	for (const odd of ['{"token":"abc', "[1,2]", '{"token":{"a":1},"isOpen":"yes"}', '{"token":"no key"}']) {
		await comeWith(odd);
		assert.deepEqual(await chat.lines(), lines.slice(0, 1), odd);
	}
	/* What was not sent goes out, beside what is none. */
	await comeWith(JSON.stringify({ ...whole, pending: [false, unsaid] }));
	await chat.answer(3).waitFor();
	assert.deepEqual(await chat.log.locator(".visitor .bubble").allInnerTexts(), ["delivery time", unsaid.text]);
	assert.deepEqual((await chat.kept()).pending, []);
});

await run();
