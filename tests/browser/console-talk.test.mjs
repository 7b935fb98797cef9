// SPDX-License-Identifier: Apache-2.0
/* A conversation from the agent's side, and what is around it. */
import { Agent } from "../server/client.mjs";
import { accessible, assert, run, test, testSizes } from "./harness.mjs";
import { shop } from "./chat.mjs";
import { Desk, staffed, transcript, waiting } from "./desk.mjs";

const server = await shop();
await staffed(server);
for (const name of ["Anna", "Tom"]) await server.agentCookie(name);

testSizes("from the waiting list to the end: claim, read, reply, typing, note, close, undo", async ({ page, shot, size }) => {
	const made = await page({ size });
	const desk = await Desk.enter(made, server, "Anna");
	await accessible(made, "nobody waits");
	await shot(made, `console-${size}-empty`);
	const visitor = await waiting(server);
	const card = desk.card(visitor.line);
	await card.getByText("Asked for a person").waitFor();
	await card.getByText(/\d+:\d\d$/).waitFor();
	await card.getByText("Calm").waitFor();
	assert.match(await made.title(), /^\(1\) waiting/);
	assert.equal(await made.locator('link[rel="icon"]').getAttribute("href"), "/console/icon-1.svg");
	await accessible(made, "somebody waits");
	await shot(made, `console-${size}-waiting`);

	await desk.open(visitor.line);
	await desk.sees(visitor.line);
	await accessible(made, "before the claim");
	await shot(made, `console-${size}-unclaimed`);
	await desk.claim();
	await visitor.until(() => visitor.events.some(({ kind }) => kind === "claim"), "the claim");
	await made.waitForFunction(() => !document.title.startsWith("("));
	await visitor.until(() => visitor.frames.some(({ type }) => type === "read"), "the read mark");

	await desk.reply.pressSequentially("Hello", { delay: 5 });
	await visitor.until(() => visitor.frames.some(({ type, from }) => type === "typing" && from === "agent"), "typing");
	await desk.say("Hello, I look into it.\nOne moment.");
	await visitor.until(() => transcript(visitor).includes("agent: Hello, I look into it.\nOne moment."), "the reply");
	visitor.send({ type: "read", seq: visitor.events.at(-1).seq });
	await desk.log.getByText("Seen").waitFor();
	visitor.send({ type: "typing" });
	await made.getByText("The visitor is typing").waitFor();
	await visitor.say("thank you");
	await desk.sees("thank you");
	await made.getByText("The visitor is typing").waitFor({ state: "detached" });

	await desk.button("Note").click();
	await desk.note.fill("Carrier called.");
	await desk.note.press("Enter");
	await desk.log.getByRole("article", { name: "Internal note" }).getByText("Carrier called.").waitFor();
	await accessible(made, "with a note");
	await shot(made, `console-${size}-talk`);

	await desk.button("Close").click();
	await made.getByText(/^Closes in/).waitFor();
	/* What it would undo or do twice is not on offer meanwhile. */
	for (const name of ["Close", "Transfer", "To the bot"]) assert.equal(await desk.button(name).count(), 0, name);
	await accessible(made, "closing");
	await shot(made, `console-${size}-closing`);
	await desk.button("Undo").click();
	await desk.reply.waitFor();
	await desk.button("Close").click();
	await desk.log.getByText(/closed|ended|Anna has/i).last().waitFor();
	await visitor.until(() => visitor.events.some(({ kind }) => kind === "close"), "the close");
	assert.equal(visitor.events.filter(({ kind }) => kind === "close").length, 1);
	assert.ok(!JSON.stringify(visitor.frames).includes("Carrier called"), "a note never reaches the visitor");
	await made.getByText("This conversation is closed").waitFor();
	await accessible(made, "closed");
	await shot(made, `console-${size}-closed`);
	visitor.close();
});

test("a close that counts down goes out when the page is left, and when the agent signs out", async ({ page }) => {
	const made = await page();
	let desk;
	for (const leave of [() => made.reload(), async () => {
		await made.getByRole("button", { name: /Your menu/ }).click();
		await desk.button("Sign out").click();
		await made.getByRole("heading", { name: "Sign in" }).waitFor();
	}]) {
		const visitor = await waiting(server);
		desk = desk ?? await Desk.enter(made, server, "Tom");
		await desk.show("Waiting");
		await desk.open(visitor.line);
		await desk.claim();
		await desk.button("Close").click();
		await made.getByText(/^Closes in/).waitFor();
		await leave();
		await visitor.until(() => visitor.events.some(({ kind }) => kind === "close"), "the close");
		visitor.close();
	}
});

test("a visitor who writes again takes the close back", async ({ page }) => {
	const visitor = await waiting(server);
	const desk = await Desk.enter(await page(), server, "Anna");
	await desk.open(visitor.line);
	await desk.claim();
	await desk.button("Close").click();
	await desk.page.getByText(/^Closes in/).waitFor();
	await visitor.say("one more thing");
	await desk.reply.waitFor();
	await desk.button("Undo").waitFor({ state: "detached" });
	visitor.close();
});

testSizes("why the bot said what it said, in words, and the handover's card", async ({ page, shot, size }) => {
	const visitor = await server.visitor({ lang: "en", page: { url: "https://shop.example/orders/7", title: "Order 7" } });
	await visitor.reply(await visitor.say("wheres my parcel"));
	await visitor.say(`this is a disgrace, the third time I ask, I am still waiting!!! ${size}`);
	await visitor.until(() => visitor.events.some(({ owner }) => owner === "queue"), "the queue");
	const made = await page({ size });
	const desk = await Desk.enter(made, server, "Anna");
	const card = desk.card(`I am still waiting!!! ${size}`);
	await card.getByText(/Upset|Angry/).first().waitFor();
	await desk.open(`I am still waiting!!! ${size}`);
	await desk.button("Why this").first().click();
	const why = desk.log.getByRole("region", { name: "Why the bot did this" });
	await why.getByText(/% sure/).waitFor();
	await why.getByText("Words that counted").waitFor();
	await why.getByText("Version of the files").waitFor();
	await why.getByRole("listitem").filter({ hasText: /^parcel/ }).waitFor();
	await accessible(made, "with reasons");
	await shot(made, `console-${size}-reasons`);
	await made.getByRole("img", { name: /^Mood over/ }).waitFor();
	if (size === "phone") await desk.button("Details").click();
	await desk.details.getByText("The visitor sounds upset.").waitFor();
	await desk.details.getByText("What was asked").waitFor();
	await desk.details.getByText(/disgrace|still waiting|third time/i).first().waitFor();
	await desk.details.getByRole("link", { name: "Order 7" }).waitFor();
	await desk.details.getByText("This is the first one.").waitFor();
	await desk.details.getByRole("button", { name: "Yes, it was right" }).click();
	await desk.details.getByRole("button", { name: "Yes, it was right", pressed: true }).waitFor();
	await accessible(made, "details");
	await shot(made, `console-${size}-details`);
	if (size === "phone") await made.goBack();
	await desk.claim();
	await desk.button("Suggested").click();
	await made.getByRole("button", { name: /^Insert the answer to/ }).first().waitFor();
	await accessible(made, "suggested replies");
	await shot(made, `console-${size}-suggested`);
	await made.getByRole("button", { name: /^Insert the answer to/ }).first().click();
	await made.waitForFunction(() => document.getElementById("reply").value.length > 20);
	visitor.close();
});

test("a draft survives a reload, saved replies are filled in, a visitor's words become a draft for the owner", async ({ page, shot }) => {
	const visitor = await waiting(server);
	const made = await page();
	const desk = await Desk.enter(made, server, "Anna");
	await desk.open(visitor.line);
	await desk.claim();
	await desk.reply.fill("half a thou");
	await made.reload();
	await desk.reply.waitFor();
	assert.equal(await desk.reply.inputValue(), "half a thou");
	await desk.reply.fill("/hel");
	await accessible(made, "saved replies");
	await shot(made, "console-desktop-saved");
	await made.getByRole("listbox", { name: "Saved replies" }).getByRole("option", { name: /^Hello/ }).click();
	assert.match(await desk.reply.inputValue(), /^Hello, this is Anna from Larkspur & Finch\./);
	await desk.reply.fill("");
	await desk.log.getByText(visitor.line).hover();
	await desk.button("Teach the bot").first().click();
	const dialog = made.getByRole("dialog", { name: "Teach the bot" });
	await dialog.getByLabel("The question, as it should stand in the files").fill("Do you lend a hand?");
	await accessible(made, "teach");
	await shot(made, "console-desktop-teach");
	await dialog.getByRole("button", { name: "Keep as a draft" }).click();
	await made.getByText("Kept as a draft for the owner.").waitFor();
	visitor.close();
});

test("zoomed to 400 % one reads, writes, sends and finds the way out", async ({ page, shot }) => {
	const visitor = await waiting(server);
	const made = await page({ viewport: { width: 320, height: 256 } });
	const desk = await Desk.enter(made, server, "Tom");
	await desk.open(visitor.line);
	await desk.claim();
	await desk.reply.fill("Written large");
	await desk.button("Send").click();
	await visitor.until(() => transcript(visitor).includes("agent: Written large"), "the reply");
	await desk.sees("Written large");
	await shot(made, "console-zoomed-400");
	const { wide, room, lines } = await made.locator("#thread").evaluate((thread) => ({
		wide: thread.scrollWidth, room: thread.clientWidth, lines: thread.querySelector("[role=log]").clientHeight,
	}));
	assert.ok(wide <= room, `${wide} px in ${room}: scrolled in one direction only`);
	assert.ok(lines >= 90, `${lines} px for what is read`);
	await desk.button("Back to the list").click();
	await made.getByRole("button", { name: /Your menu/ }).click();
	await desk.button("Sign out").click();
	await made.getByRole("heading", { name: "Sign in" }).waitFor();
	visitor.close();
});

test("back to the bot, which answers again; the bot is silent before", async ({ page }) => {
	const visitor = await waiting(server);
	const desk = await Desk.enter(await page(), server, "Anna");
	await desk.open(visitor.line);
	await desk.claim();
	const before = visitor.events.length;
	await visitor.say("wheres my parcel");
	await desk.sees("wheres my parcel");
	assert.ok(!visitor.events.slice(before).some(({ from }) => from === "bot"), "the bot is silent");
	await desk.button("To the bot").click();
	await desk.page.getByText("The bot goes on with it.").waitFor();
	const reply = await visitor.reply(await visitor.say("wheres my parcel"));
	assert.equal(reply.from, "bot");
	await desk.button("Why this").last().waitFor();
	visitor.close();
});

test("transfer between two agents, and both see the same at once", async ({ page, shot }) => {
	const visitor = await waiting(server);
	const anna = await Desk.enter(await page(), server, "Anna");
	const tom = await Desk.enter(await page(), server, "Tom");
	await anna.open(visitor.line);
	await anna.claim();
	await anna.say("Hello from Anna.");
	await anna.button("Transfer").click();
	const dialog = anna.page.getByRole("dialog", { name: "Transfer" });
	await accessible(anna.page, "transfer");
	await shot(anna.page, "console-desktop-transfer");
	await dialog.getByRole("button", { name: /Tom/ }).click();
	await anna.page.getByText("Tom answers here.").waitFor();
	await tom.show("Mine");
	/* In Tom's hands, but not his words; nor are they now. Each reads whose they are, also from the data file. */
	await tom.card("Hello from Anna.").getByText("Anna: Hello from Anna.").waitFor();
	await anna.show("All");
	await anna.card("Hello from Anna.").getByText("You: Hello from Anna.").waitFor();
	await tom.page.reload();
	await tom.show("Mine");
	await tom.card("Hello from Anna.").getByText("Anna: Hello from Anna.").waitFor();
	await tom.open("Hello from Anna.");
	await tom.reply.waitFor();
	await tom.sees("Hello from Anna.");
	await tom.say("And now Tom.");
	await anna.sees("And now Tom.");
	await visitor.until(() => transcript(visitor).includes("agent: And now Tom."), "Tom's words");
	assert.equal(await anna.reply.count(), 0, "Anna cannot answer over Tom");
	visitor.close();
});

test("two agents claim the same: one has it, the other is told", async ({ page }) => {
	const visitor = await waiting(server);
	const desks = await Promise.all(["Anna", "Tom"].map(async (name) => Desk.enter(await page(), server, name)));
	for (const desk of desks) {
		await desk.open(visitor.line);
		await desk.button("Claim and answer").waitFor();
	}
	/* Pressed without waiting for it to stand still: on a slow machine the button is gone before the second press, which
	 * is being told, too. */
	await Promise.all(desks.map((desk) => desk.button("Claim and answer").dispatchEvent("click", {}, { timeout: 3000 }).catch(() => {})));
	await Promise.all(desks.map((desk) => desk.reply.or(desk.page.getByText(/ answers here\./)).waitFor()));
	const has = await Promise.all(desks.map((desk) => desk.reply.isVisible()));
	assert.equal(has.filter(Boolean).length, 1, `who has it: ${has}`);
	assert.equal(visitor.events.filter(({ kind }) => kind === "claim").length, 1);
	visitor.close();
});

testSizes("several at once: who waits for an answer stands on top and is marked, a key goes there", async ({ page, shot, size }) => {
	const visitors = [await waiting(server), await waiting(server), await waiting(server)];
	/* Somebody who has no conversation yet. */
	const name = `Mona ${size}`;
	const mona = await Agent.arrive(server.port, await server.agentCookie(name));
	for (const { line } of visitors) {
		await mona.does({ type: "claim", conversation: mona.welcome.inbox.find(({ last }) => last.text === line).id });
	}
	const [first, second, third] = visitors;
	const made = await page({ size });
	const desk = await Desk.enter(made, server, name, "#/mine");
	for (const { line } of visitors) await desk.card(line).getByText("Unanswered for").waitFor({ state: "attached" });
	await made.getByRole("link", { name: /^Mine .*3 unanswered$/ }).waitFor();
	await made.keyboard.press("m");
	await desk.sees(first.line);
	await desk.say(`to the first, ${size}`);
	await made.keyboard.press("Escape");
	await made.keyboard.press("m");
	await desk.sees(second.line);
	await desk.say(`to the second, ${size}`);
	if (size === "phone") await desk.button("Back to the list").click();
	await made.getByRole("link", { name: /^Mine .*1 unanswered$/ }).waitFor();
	await first.say(`${first.line}, again`);
	await desk.card(`${first.line}, again`).getByText("Unanswered for").waitFor({ state: "attached" });
	const order = await desk.list.getByRole("listitem").allInnerTexts();
	const at = (words) => order.findIndex((text) => text.includes(words));
	assert.ok(at(third.line) < at(`${first.line}, again`) && at(`${first.line}, again`) < at(`to the second, ${size}`), order.join("\n"));
	await accessible(made, "several at once");
	await shot(made, `console-${size}-several`);
	for (const client of [...visitors, mona]) {
		if (client !== mona) {
			client.send({ type: "close", client_id: "bye" });
			await client.acked("bye");
		}
		client.close();
	}
});

testSizes("an earlier conversation of the visitor is one touch away", async ({ page, size, shot }) => {
	const visitor = await waiting(server);
	visitor.send({ type: "close", client_id: "bye" });
	await visitor.acked("bye");
	const lines = Array.from({ length: 24 }, (_, i) => `${visitor.line}, later on, line ${i}`);
	for (const line of lines) await visitor.say(line);
	const made = await page({ size });
	const desk = await Desk.enter(made, server, "Anna", "#/all");
	await desk.open(visitor.line);
	await desk.sees(lines.at(-1));
	const isInSight = (text) => made.waitForFunction((wanted) => {
		const log = document.querySelector(".log").getBoundingClientRect();
		const found = [...document.querySelectorAll(".bubble")].find((each) => each.textContent.trim() === wanted)?.getBoundingClientRect();
		return found && found.top >= log.top && found.bottom <= log.bottom;
	}, text);
	if (size === "phone") await desk.button("Details").click();
	await desk.details.getByRole("button", { name: /^Show the conversation of/ }).click();
	await isInSight(visitor.line);
	await made.waitForFunction(() => document.activeElement?.getAttribute("role") === "log");
	await shot(made, `console-${size}-earlier`);
	await made.keyboard.press("End");
	await desk.button("Latest").waitFor({ state: "detached" });
	/* Nobody is left waiting. */
	visitor.send({ type: "close", client_id: "bye again" });
	await visitor.acked("bye again");
	visitor.close();
});

test("the focus is never lost: whatever had it and goes leaves it to what stands in its place", async ({ page }) => {
	const [first, second] = [await waiting(server), await waiting(server)];
	const tom = await Agent.arrive(server.port, await server.signIn("Tom"));
	await tom.does({ type: "presence", status: "available", capacity: 50 });
	const conversationOf = (visitor) => tom.welcome.inbox.find(({ last }) => last.text === visitor.line).id;
	const made = await page();
	const desk = await Desk.enter(made, server, "Anna");
	const focused = (wanted) => made.waitForFunction((text) => {
		const { activeElement: at } = document;
		return at !== document.body && [at.id, at.getAttribute("aria-label"), at.textContent].some((each) => each?.includes(text));
	}, wanted);
	const press = async (button) => {
		await button.focus();
		await made.keyboard.press("Enter");
	};
	/* A colleague takes the conversation under the focus; the next one has it. */
	await desk.card(first.line).getByRole("link").focus();
	await tom.does({ type: "claim", conversation: conversationOf(first) });
	await desk.card(first.line).waitFor({ state: "detached" });
	await focused(second.line);
	/* The list is put in another order around it. */
	await desk.show("All");
	await desk.card(first.line).waitFor();
	await desk.card(second.line).getByRole("link").focus();
	await first.say(`${first.line}, once more`);
	await desk.card(`${first.line}, once more`).waitFor();
	await focused(second.line);
	/* Buttons that go when they have done their work. */
	await made.keyboard.press("Enter");
	await press(desk.button("Claim and answer"));
	await focused("reply");
	await press(desk.button("Close"));
	await press(desk.button("Undo"));
	await focused("reply");
	await press(desk.button("To the bot"));
	await desk.button("To the bot").waitFor({ state: "detached" });
	await focused("thread");
	await press(desk.button("Claim and answer"));
	await focused("reply");
	/* A dialog gives it back, or leaves it to the conversation when its opener is gone. */
	await press(desk.button("Transfer"));
	await made.getByRole("dialog", { name: "Transfer" }).waitFor();
	await made.keyboard.press("Escape");
	await focused("Transfer");
	await made.keyboard.press("Enter");
	await press(made.getByRole("dialog", { name: "Transfer" }).getByRole("button", { name: /Tom/ }));
	await made.getByText("Tom answers here.").waitFor();
	await focused("thread");
	/* A menu, and what was opened from it. */
	await press(made.getByRole("button", { name: /Your menu/ }));
	await press(made.getByRole("button", { name: "Keyboard" }));
	await made.getByRole("dialog", { name: "Keyboard" }).waitFor();
	await made.keyboard.press("Escape");
	await focused("Your menu");
	for (const client of [first, second, tom]) client.close();
});

test("everything by keyboard", async ({ page, shot }) => {
	const first = await waiting(server);
	/* Not the first in line, and one more in the list. */
	const second = await waiting(server);
	const made = await page();
	const desk = await Desk.enter(made, server, "Anna");
	await desk.card(first.line).waitFor();
	await made.keyboard.press("?");
	const help = made.getByRole("dialog", { name: "Keyboard" });
	await help.waitFor();
	await accessible(made, "help");
	await shot(made, "console-desktop-help");
	await made.keyboard.press("Escape");
	await help.waitFor({ state: "detached" });
	await desk.card(second.line).waitFor();
	await made.keyboard.press("w");
	await desk.reply.waitFor();
	await made.waitForFunction(() => location.hash.startsWith("#/mine/"));
	await made.keyboard.press("r");
	await made.waitForFunction(() => document.activeElement?.id === "reply");
	await made.keyboard.type("from the keyboard");
	await made.keyboard.press("Enter");
	await first.until(() => transcript(first).includes("agent: from the keyboard"), "the reply");
	await made.keyboard.press("Escape");
	await made.keyboard.press("n");
	await desk.note.waitFor();
	await made.keyboard.type("a note");
	await made.keyboard.press("Enter");
	await desk.log.getByRole("article", { name: "Internal note" }).waitFor();
	await made.keyboard.press("Escape");
	await made.keyboard.press("e");
	await made.getByText(/^Closes in/).waitFor();
	await made.keyboard.press("b"); // to the bot: not now
	await made.keyboard.press("u");
	await desk.reply.waitFor();
	await made.keyboard.press("3");
	await made.waitForFunction(() => location.hash.startsWith("#/all/"));
	const before = await made.evaluate(() => location.hash);
	await made.keyboard.press("j");
	await made.waitForFunction((hash) => location.hash !== hash, before);
	await made.keyboard.press("k");
	await made.waitForFunction((hash) => location.hash === hash, before);
	await made.keyboard.press("g");
	await made.keyboard.press("n");
	await made.getByRole("heading", { name: "Numbers" }).waitFor();
	await made.keyboard.press("g");
	await made.keyboard.press("i");
	await made.keyboard.press("/");
	await made.keyboard.type("keyboard");
	await desk.card("keyboard").first().waitFor();
	first.close();
	second.close();
});

await run();
