// SPDX-License-Identifier: Apache-2.0
/* A conversation from the visitor's side, with every feature of the panel. */
import { accessible, assert, run, test, testSizes } from "./harness.mjs";
import { Chat, shop } from "./chat.mjs";

/* As many lines are drawn at first: SHOWN_LINES of web/widget/log.ts. */
const SHOWN_LINES = 200;
const server = await shop();
const front = `${server.url}/`;
const anna = await server.agent("Anna");
await anna.does({ type: "presence", status: "available", capacity: 20 });

/* The agent's conversation with a visitor who has said `text`. */
async function conversationOf(text) {
	const frame = await anna.any((one) => one.type === "event" && one.from === "visitor" && one.text === text, `the event "${text}"`);
	return frame.conversation;
}

testSizes("an answer with links, its follow-ups, and its rating", async ({ page, shot, size }) => {
	const made = await page({ size });
	const chat = await Chat.open(made, front);
	await chat.say("wheres my parcel");
	await chat.sees("wheres my parcel");
	await chat.button("Helpful").waitFor();
	await chat.log.getByText(/^(Sent|Seen) ·/).waitFor();
	const link = chat.log.getByRole("link").first();
	assert.equal(await link.getAttribute("target"), "_blank", "the shop's page stays");
	assert.match(await link.getAttribute("rel"), /noopener/);
	await accessible(made, "answered");
	await shot(made, `widget-${size}-answer`);
	await chat.button("Helpful").click();
	await chat.dialog.getByRole("button", { name: "Helpful", exact: true, pressed: true }).waitFor();
	await chat.button("Not helpful").click();
	await chat.dialog.getByRole("button", { name: "Not helpful", exact: true, pressed: true }).waitFor();
	const next = chat.log.locator(".options").getByRole("button").first();
	const label = await next.innerText();
	await next.click();
	await chat.log.locator(".visitor .bubble", { hasText: label }).waitFor();
	await chat.log.locator(".bot").nth(2).waitFor();
});

testSizes("not understood: the nearest questions as buttons, then a person, named when they come", async ({ page, shot, size }) => {
	const made = await page({ size });
	const chat = await Chat.open(made, front);
	await chat.say("wibble frotz plugh");
	await chat.answer(2).waitFor();
	await accessible(made, "did you mean");
	await shot(made, `widget-${size}-miss`);
	const last = `xyzzy grue ${size}`;
	await chat.say(last);
	await chat.dialog.getByRole("status").getByText(/queue|next|called/).waitFor();
	assert.ok(await chat.button("Leave your e-mail").isVisible());
	assert.ok(await chat.person.isVisible());
	await accessible(made, "waiting");
	await shot(made, `widget-${size}-waiting`);
	const conversation = await conversationOf(last);
	assert.equal((await anna.does({ type: "claim", conversation })).type, "ack");
	await chat.dialog.getByText("You are talking with Anna, a person").waitFor();
	await chat.log.locator(".notice", { hasText: "Anna has joined" }).waitFor();
	anna.send({ type: "typing", conversation });
	await chat.dialog.getByRole("status").getByText("Anna is typing").waitFor({ state: "attached" });
	await shot(made, `widget-${size}-typing`);
	await anna.does({ type: "message", conversation, text: "Hello, I am Anna.\nWhat can I do?" });
	await chat.sees("Hello, I am Anna.");
	assert.equal(await chat.log.locator(".options").count(), 0, "the bot's buttons are gone");
	await chat.dialog.getByRole("heading", { name: "Anna" }).waitFor();
	const seen = chat.page.locator("shopbell-widget").getByText(/^Seen ·/);
	anna.send({ type: "read", conversation, seq: 1000 });
	await chat.say("thank you");
	await anna.any((frame) => frame.type === "event" && frame.text === "thank you");
	anna.send({ type: "read", conversation, seq: anna.events.at(-1).seq });
	await seen.waitFor();
	await accessible(made, "with an agent");
	await shot(made, `widget-${size}-agent`);
});

test("after hours it is said when people are back, as long as nobody is there", async ({ page }) => {
	const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
	const opens = new Date(Date.now() + 3 * 24 * 3600 * 1000);
	const later = days[opens.getUTCDay()];
	const closed = await shop({ hours: Object.fromEntries(days.map((day) => [day, day === later ? "9:00-17:00" : "closed"])) });
	const chat = await Chat.open(await page(), closed.url);
	const back = chat.dialog.getByText(/^People answer again/);
	await back.waitFor();
	assert.match(await back.innerText(), new RegExp(`\\b${opens.getUTCDate()}\\b`), "the day of the month, for holidays are longer than a week");
	const tom = await closed.agent("Tom");
	await tom.does({ type: "presence", status: "available", capacity: 5 });
	await back.waitFor({ state: "detached" });
	await tom.does({ type: "presence", status: "away", capacity: 5 });
	await back.waitFor();
	tom.close();
});

testSizes("a person, as the first thing", async ({ page, size }) => {
	const chat = await Chat.open(await page({ size }), front);
	await chat.person.click();
	await chat.dialog.getByRole("status").getByText(/queue|next|called/).waitFor();
	assert.ok((await chat.lines()).length >= 3, "greeting, the visitor's line, and what happens now");
});

testSizes("the end: a grade and a comment, and then it can begin again", async ({ page, shot, size }) => {
	const made = await page({ size });
	const chat = await Chat.open(made, front);
	await chat.say("delivery time");
	await chat.button("Helpful").waitFor();
	await chat.menu("Start over");
	await chat.dialog.getByRole("form", { name: "How was this chat?" }).waitFor();
	assert.equal(await chat.log.getByText(/^(Sent|Seen) ·/).count(), 1, "an end is not a message");
	await accessible(made, "survey");
	await chat.dialog.getByRole("radio", { name: "Good", exact: true }).check();
	await chat.dialog.getByRole("textbox", { name: "Anything else? (optional)" }).fill("quick");
	await shot(made, `widget-${size}-survey`);
	await chat.button("Send").click();
	await chat.dialog.getByRole("status").getByText("Thank you.").waitFor();
	await chat.say("how do i return this");
	await chat.button("Helpful").last().waitFor();
	await chat.log.getByText("New chat", { exact: true }).waitFor();
	await shot(made, `widget-${size}-second-episode`);
});

testSizes("the end, with all three questions that an owner may ask", async ({ page, shot, size }) => {
	const asking = await shop({ survey: { ask: "csat, ces, nps" } });
	const olga = await asking.agent("Olga Two");
	const made = await page({ size });
	const chat = await Chat.open(made, asking.url);
	await chat.say("delivery time");
	await chat.button("Helpful").waitFor();
	await chat.menu("Start over");
	const form = chat.dialog.getByRole("form", { name: "How was this chat?" });
	await form.waitFor();
	const group = (name) => form.getByRole("group", { name });
	const radio = (name, value) => group(name).getByRole("radio", { name: String(value), exact: true });
	for (const [name, from, to] of [[/^How easy/, 1, 7], [/^Would you recommend/, 0, 10]]) {
		assert.equal(await group(name).getByRole("radio").count(), to - from + 1);
		await radio(name, from).waitFor();
		const narrow = await group(name).locator("label").evaluateAll((labels) => labels.map((label) => label.getBoundingClientRect())
			.filter(({ width, height }) => width < 24 || height < 24).length);
		assert.equal(narrow, 0, "room for a finger");
	}
	await radio(/^How easy/, 7).check();
	await radio(/^Would you recommend/, 0).check();
	await accessible(made, "three questions");
	await shot(made, `widget-${size}-survey-three`);
	await form.getByRole("button", { name: "Send" }).click();
	await chat.dialog.getByRole("status").getByText("Thank you.").waitFor();
	await form.waitFor({ state: "detached" });
	const rated = await olga.any((frame) => frame.type === "event" && frame.kind === "rating" && frame.ces, "the rating");
	assert.deepEqual([rated.csat, rated.ces, rated.nps], [undefined, 7, 0]);
	await olga.close();
});

test("an end that asks nothing, where the owner wants to know nothing", async ({ page }) => {
	const silent = await shop({ survey: { ask: "none" } });
	const chat = await Chat.open(await page(), silent.url);
	await chat.say("delivery time");
	await chat.button("Helpful").waitFor();
	await chat.menu("Start over");
	await chat.sees(/You have ended the conversation/);
	assert.equal(await chat.dialog.getByRole("form", { name: "How was this chat?" }).count(), 0);
	assert.ok(await chat.box.isVisible());
});

testSizes("an e-mail address is left with consent only", async ({ page, shot, size }) => {
	const made = await page({ size });
	const chat = await Chat.open(made, front);
	await chat.sees("I am Finch");
	await chat.button("More").click();
	await chat.button("What is stored about me").waitFor();
	assert.equal(await chat.button("Leave your e-mail").count(), 0, "not before there is a conversation that it could belong to");
	await made.keyboard.press("Escape");
	await chat.say(`contact test ${size}`);
	await chat.answer(2).waitFor();
	await chat.menu("Leave your e-mail");
	const form = chat.dialog.getByRole("form", { name: "Leave your e-mail" });
	await form.getByRole("button", { name: "Send" }).click();
	await form.getByRole("alert").getByText("Please check the e-mail address.").waitFor();
	await form.getByRole("textbox", { name: "E-mail" }).fill("ada@example.com");
	await form.getByRole("button", { name: "Send" }).click();
	await form.getByRole("alert").getByText("Please tick the box.").waitFor();
	await accessible(made, "contact form");
	await shot(made, `widget-${size}-contact`);
	await form.getByRole("textbox", { name: "Name (optional)" }).fill("Ada");
	await form.getByRole("checkbox").check();
	await form.getByRole("button", { name: "Send" }).click();
	await form.waitFor({ state: "detached" });
	const told = await anna.any((frame) => frame.type === "event" && frame.kind === "contact" && JSON.stringify(frame).includes("ada@example.com"), "the address");
	assert.ok(told);
});

testSizes("what is stored: shown, downloaded, erased", async ({ page, shot, size }) => {
	const made = await page({ size });
	const chat = await Chat.open(made, front);
	await chat.menu("What is stored about me");
	await chat.dialog.getByText("Nothing, until you send a message.").waitFor();
	await chat.button("Back").click();
	await chat.say("delivery time");
	await chat.button("Helpful").waitFor();
	assert.ok((await chat.kept()).token);
	await chat.menu("What is stored about me");
	await accessible(made, "stored data");
	await shot(made, `widget-${size}-data`);
	const [file] = await Promise.all([made.waitForEvent("download"), chat.button("Download all of it").click()]);
	const chunks = [];
	for await (const chunk of await file.createReadStream()) chunks.push(chunk);
	const events = JSON.parse(Buffer.concat(chunks).toString());
	assert.ok(events.some(({ text }) => text === "delivery time"));
	await chat.button("Erase all of it").dblclick();
	await chat.button("Erase for good").waitFor();
	assert.ok((await chat.kept()).token, "a double click has not meant it");
	await chat.button("Erase for good").click();
	await chat.dialog.getByRole("status").getByText("Everything has been erased.").waitFor();
	assert.equal(await chat.kept(), null);
	await chat.log.getByText("delivery time", { exact: true }).waitFor({ state: "detached" });
});

test("the transcript is copied and saved as text", async ({ page }) => {
	const made = await page();
	const chat = await Chat.open(made, front);
	await chat.say("delivery time <b>please</b>");
	await chat.button("Helpful").or(chat.answer(2)).first().waitFor();
	await chat.menu("Copy transcript");
	await chat.dialog.getByRole("status").getByText("Copied.").waitFor();
	const copied = await made.evaluate(() => navigator.clipboard.readText());
	assert.match(copied, /You: delivery time <b>please<\/b>/);
	assert.match(copied, /Finch · bot: /);
	const [file] = await Promise.all([made.waitForEvent("download"), chat.menu("Save transcript")]);
	assert.equal(file.suggestedFilename(), "chat.txt");

	/* As on a page over plain HTTP, which has no clipboard: there it is saved, too. */
	await made.evaluate(() => delete Navigator.prototype.clipboard);
	const [instead] = await Promise.all([made.waitForEvent("download"), chat.menu("Copy transcript")]);
	assert.equal(instead.suggestedFilename(), "chat.txt");
});

test("unread: the badge counts what came while the chat was closed", async ({ page, shot }) => {
	const made = await page();
	const chat = await Chat.open(made, front);
	await chat.person.click();
	await chat.say("unread test");
	const conversation = await conversationOf("unread test");
	await anna.does({ type: "claim", conversation });
	await chat.dialog.getByText("You are talking with Anna").waitFor();
	await chat.button("Close chat").click();
	await anna.does({ type: "message", conversation, text: "one" });
	await anna.does({ type: "message", conversation, text: "two" });
	await made.getByRole("button", { name: "Chat: Larkspur & Finch, 2 unread" }).waitFor();
	await shot(made, "widget-unread");
	await made.reload();
	await made.getByRole("button", { name: "Chat: Larkspur & Finch, 2 unread" }).waitFor();
	await chat.show();
	await chat.sees("two");
	await made.getByRole("button", { name: "Chat: Larkspur & Finch", exact: true }).waitFor();
});

test("long messages: counted, refused here, and the limit itself goes through", async ({ page }) => {
	const chat = await Chat.open(await page(), front);
	await chat.sees("I am Finch");
	await chat.box.fill("x".repeat(4003));
	await chat.dialog.getByText("Characters too many: 3").waitFor();
	await chat.box.press("Enter");
	assert.equal((await chat.lines()).length, 1);
	await chat.say("😀".repeat(4000));
	await chat.log.getByText(/^(Sent|Seen) ·/).waitFor();
});

test("who writes faster than may be is told in their own language", async ({ page }) => {
	const MOST = 5;
	const strict = await shop({ limits: { "messages per minute": String(MOST) } });
	const made = await page();
	await made.goto(`${strict.url}/demo/de/`);
	await made.getByRole("button", { name: /^Chat: / }).click();
	const dialog = made.getByRole("dialog");
	/* All in one moment, however slow the machine: the limit grows back with time. */
	await dialog.getByRole("textbox").evaluate((box, count) => {
		for (let i = 0; i < count; i++) {
			box.value = `Hallo ${i}`;
			box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
		}
	}, MOST + 1);
	await dialog.getByRole("status").getByText("Noch nicht gesendet").waitFor();
	await dialog.getByRole("log").getByText("Noch nicht gesendet").first().waitFor();
});

test("what a screen reader hears: each new line once, with who said it", async ({ page }) => {
	const made = await page();
	const chat = await Chat.open(made, front);
	await chat.sees("I am Finch");
	await chat.listen();
	await chat.say("delivery time");
	await chat.button("Helpful").waitFor();
	await chat.button("Helpful").click();
	await chat.dialog.getByRole("button", { name: "Helpful", exact: true, pressed: true }).waitFor();
	const heard = await made.evaluate(() => globalThis.heard);
	assert.equal(heard.length, 2, heard.join("\n"));
	assert.match(heard[0], /^You delivery time/);
	assert.match(heard[1], /^Finch · bot /);
	assert.equal(await chat.log.getAttribute("aria-live"), "polite");
});

test("what a screen reader hears of every kind of event, once each", async ({ page }) => {
	const bea = await server.agent("Bea");
	await bea.does({ type: "presence", status: "available", capacity: 20 });
	const chat = await Chat.open(await page(), front);
	await chat.sees("I am Finch");
	const hears = await chat.listen();
	const once = async (kind, what) => assert.equal(await hears(what), 1, `${kind}\n${(await chat.page.evaluate(() => globalThis.heard)).join("\n")}`);

	/* Somebody is before this visitor. */
	const before = await server.visitor();
	await before.say("I want to talk to a person, I am before you");
	const ahead = await conversationOf("I want to talk to a person, I am before you");
	await chat.person.click();
	await once("handover", /^Larkspur & Finch .*(colleague|person)/i);
	await hears(/^You are number \d+ in the queue/);
	const bar = chat.dialog.locator(".bar");
	const place = await bar.innerText();
	await anna.does({ type: "claim", conversation: ahead });
	await chat.dialog.getByRole("status").getByText(/^(You are next|You are number)/).filter({ hasNotText: place }).waitFor();
	const moved = await bar.innerText();
	await once("queue moves", new RegExp(`^${moved.replace(/[.]/g, "\\.")}$`));
	await before.close();
	await chat.say("heard by everybody");
	await once("own line", /^You heard by everybody/);
	const conversation = await conversationOf("heard by everybody");
	await anna.does({ type: "claim", conversation });
	await once("claim", /^Anna has joined/);
	anna.send({ type: "typing", conversation });
	await once("typing", /^Anna is typing…$/);
	await anna.does({ type: "message", conversation, text: "I am listening" });
	await once("agent's line", /^Anna I am listening$/);
	await anna.does({ type: "transfer", conversation, agent: bea.welcome.you.id });
	await once("transfer", /Bea/);
	await bea.does({ type: "message", conversation, text: "Bea here" });
	await once("next agent's line", /^Bea Bea here$/);
	await chat.menu("Leave your e-mail");
	const form = chat.dialog.getByRole("form", { name: "Leave your e-mail" });
	await form.getByRole("textbox", { name: "E-mail" }).fill("ada@nowhere");
	await form.getByRole("checkbox").check();
	await form.getByRole("button", { name: "Send" }).click();
	await once("error", /^Please check the e-mail address\.$/);
	await form.getByRole("textbox", { name: "E-mail" }).fill("ada@example.com");
	await form.getByRole("button", { name: "Send" }).click();
	await form.waitFor({ state: "detached" });
	await once("contact", /We will write to ada@example\.com/);
	const elsewhere = await server.visitor({ token: (await chat.kept()).token });
	elsewhere.send({ type: "choose", client_id: "notice", option: "email" });
	await elsewhere.any((frame) => frame.kind === "notice", "the notice");
	await elsewhere.close();
	const notice = elsewhere.events.find((event) => event.kind === "notice").text;
	await once("notice", new RegExp(`${notice.slice(0, 20)}`));
	await bea.does({ type: "return", conversation });
	await once("return", /^From here on the bot answers again/);
	await chat.menu("Start over");
	await once("close", /You have ended the conversation/);
	await chat.dialog.getByRole("radio", { name: "Very good", exact: true }).check();
	await chat.button("Send").click();
	await once("rating", /^Thank you\.$/);
	assert.ok(!(await chat.dialog.locator(".bar").getAttribute("class")).includes("alarm"), "what worked is no alarm");
	await chat.menu("What is stored about me");
	await chat.button("Erase all of it").click();
	await chat.button("Erase for good").click();
	await once("erased", /^Everything has been erased\.$/);
	await bea.close();
});

/* How many frames Chromium drew in time while `act` was going on, from its own trace; a figure to look at, since a busy
 * machine drops frames of its own. */
async function framesWhile(page, what, act) {
	const browser = page.context().browser();
	await browser.startTracing(page, { categories: ["cc", "devtools.timeline.frame", "disabled-by-default-devtools.timeline.frame"] });
	await act();
	const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
	const count = (name) => traceEvents.filter((event) => event.name === name).length;
	return `${what}: ${count("DrawFrame")} frames drawn, ${count("DroppedFrame")} dropped`;
}

test("an hour of a busy talk: what the page holds does not grow with it", async ({ page }) => {
	const made = await page();
	const chat = await Chat.open(made, front);
	await chat.person.click();
	await chat.say("a busy talk");
	const conversation = await conversationOf("a busy talk");
	await anna.does({ type: "claim", conversation });
	const devtools = await made.context().newCDPSession(made);
	await devtools.send("Performance.enable");
	const held = async () => {
		await devtools.send("HeapProfiler.collectGarbage");
		const { metrics } = await devtools.send("Performance.getMetrics");
		const of = (name) => metrics.find((metric) => metric.name === name).value;
		return { bytes: of("JSHeapUsedSize"), nodes: of("Nodes"), listeners: of("JSEventListeners") };
	};
	/* A line every four seconds, as fast as they go: 900 in an hour. */
	const talk = async (from, to) => {
		for (let i = from; i <= to; i++) anna.send({ type: "message", conversation, client_id: `busy ${i}`, text: `busy line ${i}` }, { type: "typing", conversation });
		await chat.log.getByText(`busy line ${to}`, { exact: true }).waitFor();
	};
	await talk(1, 300);
	const third = await held();
	await talk(301, 900);
	const end = await held();
	console.log(`# after 300 lines ${JSON.stringify(third)}, after 900 ${JSON.stringify(end)}`);
	assert.ok(end.nodes <= third.nodes * 1.25, "nodes");
	assert.ok(end.listeners <= third.listeners * 1.25, "listeners");
	/* The text of the lines themselves is kept, to scroll back to. */
	assert.ok(end.bytes - third.bytes < 600 * 4096, "bytes");
});

test("5,000 lines: there in seconds, few of them drawn, and writing is not slowed down", async ({ page, shot }) => {
	const writer = await server.visitor();
	const { token } = await writer.say("I want to talk to a person");
	const texts = Array.from({ length: 4990 }, (_, i) => `line ${i + 1}`);
	for (let i = 0; i < texts.length; i += 100) {
		writer.send(...texts.slice(i, i + 100).map((text) => ({ type: "message", client_id: text, text })));
		await writer.acked(texts[Math.min(i + 99, texts.length - 1)]);
	}
	await writer.close();
	const made = await page();
	await made.addInitScript((kept) => localStorage.setItem("shopbell", JSON.stringify(kept)), { token, read: 0, unread: 0, live: false, isOpen: false });
	const chat = await Chat.open(made, front);
	await chat.log.getByText("line 4990", { exact: true }).waitFor();
	/* The newest are drawn; older ones as they are asked for, and what is under the eyes stays there. */
	assert.equal((await chat.lines()).length, SHOWN_LINES);
	const oldest = chat.log.locator(".bubble").first();
	const text = await oldest.innerText();
	await chat.button("Earlier messages").scrollIntoViewIfNeeded();
	const before = await oldest.boundingBox();
	await chat.button("Earlier messages").click();
	await chat.log.locator(".bubble").nth(2 * SHOWN_LINES - 1).waitFor();
	await chat.button("Earlier messages").and(made.locator(":focus")).waitFor();
	const after = await chat.log.locator(".bubble", { hasText: new RegExp(`^${text}$`) }).boundingBox();
	assert.ok(Math.abs(after.y - before.y) < 60, `${before.y} became ${after.y}`);
	await shot(made, "widget-older");
	await chat.log.evaluate((log) => { log.scrollTop = log.scrollHeight; });
	await chat.log.getByText("line 4990", { exact: true }).waitFor();
	/* How long one key press keeps the page busy, in the middle of 31. */
	const busy = await chat.box.evaluate((box) => Array.from({ length: 31 }, () => {
		const started = performance.now();
		box.value += "x";
		box.dispatchEvent(new Event("input", { bubbles: true }));
		return performance.now() - started;
	}).sort((a, b) => a - b)[15]);
	assert.ok(busy < 16, `${busy} ms a key`);
	console.log(`# 5,000 lines: ${await framesWhile(made, "scrolling", async () => {
		await chat.log.evaluate(async (log) => {
			for (let i = 0; i < 60; i++) {
				await new Promise(requestAnimationFrame);
				log.scrollTop -= 40;
			}
		});
	})}; ${await framesWhile(made, "typing", () => chat.box.pressSequentially("what a long conversation"))}`);
	await chat.say("and one more");
	await chat.sees("and one more");
	await chat.log.getByText(text, { exact: true }).waitFor({ state: "detached" });
	assert.ok((await chat.lines()).length <= SHOWN_LINES, "at the end of the talk the old ones are put away again");
});

await run();
