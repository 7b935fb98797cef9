// SPDX-License-Identifier: Apache-2.0
/* The console while the world changes around it: broken files, a server that goes, and the owner's pages. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Agent } from "../server/client.mjs";
import { accessible, assert, run, test, testSizes } from "./harness.mjs";
import { shop } from "./chat.mjs";
import { Desk, staffed, transcript, waiting } from "./desk.mjs";

const server = await shop();
await staffed(server);
await server.agentCookie("Anna");

testSizes("a broken topic file: banner, problem with its place, and gone when it is mended", async ({ page, shot, size }) => {
	const made = await page({ size });
	const desk = await Desk.enter(made, server, "Olga");
	const file = path.join(server.intents, "delivery.md");
	const banner = made.getByRole("status", { name: "Files" });
	const whole = readFileSync(file, "utf8");
	try {
		writeFileSync(file, `${whole}\n\n## A broken question <b>here</b>\n\nAn answer.\n\nnxt: Track my order <script>alert(1)</script>\n`);
		await banner.getByText(/delivery\.md:\d+: .*nxt/).waitFor();
		await banner.getByText("The answers from before go on.").waitFor();
		await accessible(made, "banner");
		await banner.getByRole("link", { name: "Show" }).click();
		const problem = made.getByRole("listitem").filter({ hasText: "nxt" });
		await problem.getByText(/^delivery\.md:\d+:\d+$/).waitFor();
		await problem.getByText(/did you mean/i).waitFor();
		/* It is in sight, and is again after looking at what is below; the page stays where it is. */
		const seen = await problem.elementHandle();
		const isSeen = () => made.waitForFunction((item) => {
			const { top, bottom } = item.getBoundingClientRect();
			return top >= 0 && bottom <= innerHeight;
		}, seen);
		await isSeen();
		await made.getByRole("heading", { name: "What it can answer" }).waitFor();
		await made.locator("details.topic").last().scrollIntoViewIfNeeded();
		await banner.getByRole("link", { name: "Show" }).click();
		await isSeen();
		assert.equal(await made.evaluate(() => document.documentElement.scrollTop + document.body.scrollTop), 0);
		const [source, caret] = (await problem.locator("pre").innerText()).split("\n");
		assert.equal(source, "nxt: Track my order <script>alert(1)</script>");
		assert.match(caret, /^ *\^$/);
		await accessible(made, "problems");
		await shot(made, `console-${size}-problems`);
	} finally {
		writeFileSync(file, whole);
	}
	await banner.getByText(/problem/).waitFor({ state: "detached" });
	await made.getByText(/^In force/).waitFor();
	await desk.page.getByRole("heading", { name: "What it can answer" }).waitFor();
});

testSizes("trying a question out shows the answer and why, and follows the files", async ({ page, shot, size }) => {
	const made = await page({ size });
	await Desk.enter(made, server, "Olga", "#/answers");
	const ask = async (text) => {
		await made.getByRole("textbox", { name: /as a visitor would ask/ }).fill(text);
		await made.getByRole("button", { name: "Ask", exact: true }).click();
	};
	const trial = made.getByRole("region", { name: "Try it out" });
	await ask("wheres my parcel");
	await trial.getByText("Answered", { exact: true }).waitFor();
	await trial.getByText("track order").first().waitFor();
	await trial.getByText("Words that counted").waitFor();
	await accessible(made, "answers");
	await shot(made, `console-${size}-answers`);
	await ask("wibble frotz plugh");
	await trial.getByText("Said that it did not understand", { exact: true }).waitFor();
	await shot(made, `console-${size}-answers-miss`);
	await ask("I am furious, this is a disgrace, still waiting!!!");
	await trial.getByText("Handed over to a person", { exact: true }).waitFor();
	await trial.getByText(/upset enough for a person/).waitFor();
	await made.locator("summary").first().click();
	await made.getByText(/wordings/).first().waitFor();
});

testSizes("numbers and settings", async ({ page, shot, size }) => {
	const made = await page({ size });
	await Desk.enter(made, server, "Olga", "#/numbers");
	const visitor = await server.visitor({ lang: "en" });
	await visitor.reply(await visitor.say("wheres my parcel"));
	await made.getByLabel("Time").selectOption("30");
	/* Every figure that is shown is the server's, with what it is a share of. */
	const { figures } = (await server.ask("GET", "/api/v1/numbers?days=30", { cookie: server.ownerCookie })).json;
	const { part, whole } = figures.find(({ name }) => name === "coverage");
	assert.ok(whole > 0);
	await made.locator(".tile").filter({ hasText: "Questions understood" }).getByText(`${part} of ${whole}`).first().waitFor();
	await made.getByText("All figures", { exact: true }).click();
	const row = made.getByRole("row").filter({ hasText: "Corpus coverage" });
	await row.getByText(`${part} of ${whole}`, { exact: true }).waitFor();
	assert.equal(await made.locator(".table-frame tbody tr").count(), figures.length);
	await made.getByRole("table", { name: "Messages by hour" }).waitFor({ state: "attached" });
	await accessible(made, "numbers");
	await shot(made, `console-${size}-numbers`);
	await made.getByRole("link", { name: "Settings" }).click();
	await made.getByText("Europe/London").or(made.getByText("Larkspur & Finch")).first().waitFor();
	await accessible(made, "settings");
	await shot(made, `console-${size}-settings`);
	await made.getByRole("link", { name: "Agents" }).click();
	await made.getByText("Olga (you)").waitFor();
	await accessible(made, "agents");
	await shot(made, `console-${size}-agents`);
	visitor.close();
});

test("a server that is killed: said so, the draft kept, sent once, and all states right after", async ({ page, shot }) => {
	const visitor = await waiting(server);
	const made = await page();
	const desk = await Desk.enter(made, server, "Anna");
	await desk.open(visitor.line);
	await desk.claim();
	await desk.say("before the break");
	await server.kill();
	await made.getByText("No connection.").waitFor();
	await desk.reply.fill("said into the silence");
	await desk.reply.press("Enter");
	await desk.log.getByText("Is sent as soon as the connection is back").waitFor();
	await accessible(made, "no connection");
	await shot(made, "console-desktop-offline");
	await server.up();
	await made.getByText("No connection.").waitFor({ state: "detached" });
	await desk.log.getByText("Is sent as soon as").waitFor({ state: "detached" });
	const back = await server.visitor({ token: visitor.token, last_seq: 0 });
	await back.until(() => transcript(back).includes("agent: said into the silence"), "the words");
	await back.say("I am back");
	await desk.sees("I am back");
	const said = transcript(back).filter((line) => line.startsWith("agent: "));
	assert.deepEqual(said, ["agent: before the break", "agent: said into the silence"]);
	assert.deepEqual((await desk.lines()).filter((line) => /break|silence|back/.test(line)), ["before the break", "said into the silence", "I am back"]);
	await desk.reply.waitFor();
	back.close();
});

test("what happens while the console is away is right when it is back", async ({ page }) => {
	const made = await page();
	const desk = await Desk.enter(made, server, "Olga");
	const mine = await waiting(server);
	const gone = await waiting(server);
	await desk.open(mine.line);
	await desk.button("Claim and answer").waitFor();
	await desk.card(gone.line).waitFor();
	await made.context().setOffline(true);
	await made.evaluate(() => dispatchEvent(new Event("offline")));
	const anna = await server.agentCookie("Anton");
	const other = await Agent.arrive(server.port, anna);
	const conversationOf = (visitor) => other.welcome.inbox.find(({ last }) => last.text === visitor.line).id;
	for (const visitor of [mine, gone]) await other.does({ type: "claim", conversation: conversationOf(visitor) });
	await other.does({ type: "message", conversation: conversationOf(mine), client_id: "m", text: "while you were away" });
	await other.does({ type: "close", conversation: conversationOf(gone) });
	await server.kill();
	await made.context().setOffline(false);
	await server.up();
	await desk.sees("while you were away");
	await made.getByText("Anton answers here.").waitFor();
	await desk.card(gone.line).waitFor({ state: "detached" });
	for (const client of [mine, gone, other]) client.close();
});

test("test my alerts: the sound is allowed after a touch, and the page says what stands in the way", async ({ page, shot }) => {
	const made = await page();
	await Desk.enter(made, server, "Olga");
	await made.reload();
	await made.getByText("No sound until you touch this page once.").waitFor();
	/* A press takes its time, in which the button may not go. */
	await made.getByRole("button", { name: "Test my alerts" }).click({ delay: 200 });
	await made.getByText("No sound until you touch").waitFor({ state: "detached" });
	const dialog = made.getByRole("dialog", { name: "Alerts" });
	await dialog.getByText("Allowed in this tab.").waitFor();
	await accessible(made, "alerts");
	await dialog.getByRole("button", { name: "Test my alerts" }).click();
	await dialog.getByText("That is how it sounds.").waitFor();
	assert.match(await made.title(), /^\(\d+\) waiting/);
	await shot(made, "console-desktop-alerts");
});

test("while somebody waits a tone comes back, in one tab only, until nobody waits any more", async ({ context }) => {
	const browser = await context();
	await browser.addInitScript(() => {
		globalThis.bells = 0;
		const make = AudioContext.prototype.createOscillator;
		AudioContext.prototype.createOscillator = function () {
			globalThis.bells++;
			return make.call(this);
		};
	});
	const first = await browser.newPage();
	const desk = await Desk.enter(first, server, "Olga");
	const second = await browser.newPage();
	await second.goto(desk.url);
	await second.getByRole("searchbox").click();
	const visitor = await waiting(server);
	/* Two notes a time: three times, with the other tab in front. */
	await first.waitForFunction(() => globalThis.bells >= 6);
	assert.equal(await second.evaluate(() => globalThis.bells), 0, "the second tab is silent");
	assert.match(await second.title(), /^\(\d+\) waiting/);
	const client = await server.visitor({ token: visitor.token });
	client.send({ type: "close", client_id: "bye" });
	await client.acked("bye");
	await first.waitForFunction(() => !document.title.startsWith("("));
	visitor.close();
	client.close();
});

test("dark, on both sizes, is as readable", async ({ page, shot }) => {
	await staffed(server);
	const visitor = await waiting(server);
	for (const size of ["phone", "desktop"]) {
		const made = await page({ size, colorScheme: "dark" });
		const desk = await Desk.enter(made, server, "Olga");
		await desk.card(visitor.line).waitFor();
		await accessible(made, "dark list");
		await shot(made, `console-${size}-dark-list`);
		await desk.open(visitor.line);
		await desk.sees(visitor.line);
		await accessible(made, "dark conversation");
		await shot(made, `console-${size}-dark-thread`);
		for (const where of ["answers", "numbers", "agents", "settings"]) {
			await made.goto(`${desk.url}#/${where}`);
			await made.getByRole("heading", { level: 1 }).waitFor();
			await accessible(made, `dark ${where}`);
		}
	}
	visitor.close();
});

test("in the few colours of a contrast theme: what is chosen, who is there and what is a note can be told", async ({ page, shot }) => {
	await staffed(server);
	const visitor = await waiting(server);
	const made = await page({ forcedColors: "active" });
	const desk = await Desk.enter(made, server, "Olga");
	await desk.open(visitor.line);
	await desk.claim();
	const ground = (element) => element.evaluate((one) => getComputedStyle(one).backgroundColor);
	const [reply, note] = [desk.button("Reply"), desk.button("Note")];
	assert.notEqual(await ground(reply), await ground(note));
	await note.click();
	await desk.note.fill("for the team");
	assert.notEqual(await ground(reply), await ground(note), "it is a note that is being written");
	await desk.note.press("Enter");
	const kept = desk.log.locator(".note", { hasText: "for the team" });
	await kept.waitFor();
	const edge = (element) => element.evaluate((one) => getComputedStyle(one).borderTopStyle);
	assert.notEqual(await edge(kept), await edge(desk.log.locator(".said.visitor .bubble").last()), "a note is no message");
	const chats = made.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /^Chats/ });
	const answers = made.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /^Answers/ });
	assert.notEqual(await ground(chats), await ground(answers));
	const dot = desk.card(visitor.line).getByTitle("Online", { exact: true });
	const there = await ground(dot);
	visitor.close();
	const gone = desk.card(visitor.line).getByTitle("Not online", { exact: true });
	await gone.waitFor();
	assert.notEqual(await ground(gone), there);
	await accessible(made, "contrast theme", ["color-contrast"]);
	await shot(made, "console-desktop-forced-colors");
});

await run();
