// SPDX-License-Identifier: Apache-2.0
/* The network of an agent breaks in every way it can, while visitors and colleagues go on: afterwards everything is
 * right, without a reload: messages, who owns what, who waits, who is here, who is typing, what is read. */
import { Agent } from "../server/client.mjs";
import { assert, run, test } from "./harness.mjs";
import { shop } from "./chat.mjs";
import { Desk, staffed, transcript, waiting } from "./desk.mjs";
import { wire } from "./line.mjs";

const server = await shop();
await staffed(server);
await server.agentCookie("Anna");
const ben = await Agent.arrive(server.port, await server.agentCookie("Ben"));

async function conversationOf(visitor) {
	visitor.send({ type: "export", client_id: "which" });
	return (await visitor.acked("which")).export.conversation;
}

/* A page of Anna's that comes through a line of its own, with a conversation that is hers. */
async function atWork(page, line) {
	const desk = new Desk(page, line);
	await page.goto(desk.url);
	await desk.signIn("Anna");
	const visitor = await waiting(server);
	await desk.open(visitor.line);
	await desk.claim();
	await desk.say("said before");
	return { desk, visitor };
}

const noConnection = (page) => page.getByText("No connection.");

for (const [name, cut, mend] of [
	["a silent line in both directions", (line) => line.silence(), (line) => line.restore()],
	["what the console says vanishes", (line) => { line.state.toServer = false; }, (line) => line.restore()],
	["what the server says vanishes", (line) => { line.state.toPage = false; }, (line) => line.restore()],
	["everything comes late, but comes", (line) => line.hold(), (line) => line.release()],
	["the line is refused, then there again", (line) => { line.state.accepts = false; line.restore(); line.state.accepts = false; }, (line) => line.restore()],
]) {
	test(`${name}: every state is right when it is back`, async ({ page }) => {
		const line = await wire(server, "/ws/agent");
		const made = await page();
		const { desk, visitor } = await atWork(made, line);
		const other = await waiting(server);
		const third = await waiting(server);
		await desk.show("Waiting");
		await desk.card(other.line).waitFor();
		await desk.card(third.line).waitFor();
		visitor.send({ type: "typing" });
		await made.getByText("The visitor is typing").waitFor();

		cut(line);
		await desk.reply.fill("said into the void");
		await desk.reply.press("Enter");
		/* Meanwhile: a line, a note of a colleague, a claim, a visitor who goes, one who comes, a colleague away. */
		await visitor.say("are you there");
		const mine = await conversationOf(visitor);
		await ben.does({ type: "note", conversation: mine, text: "noted meanwhile" });
		await ben.does({ type: "tag", conversation: mine, tag: "meanwhile" });
		await ben.does({ type: "claim", conversation: await conversationOf(other) });
		third.send({ type: "close", client_id: "bye" });
		await third.acked("bye");
		await ben.does({ type: "presence", status: "away" });
		await noConnection(made).waitFor();
		const fourth = await waiting(server);

		mend(line);
		const mended = performance.now();
		await noConnection(made).waitFor({ state: "detached" });
		await desk.log.getByRole("article", { name: "Being sent" }).waitFor({ state: "detached" });
		await desk.sees("are you there");
		console.log(`    ${name}: back after ${Math.round(performance.now() - mended)} ms`);
		await desk.log.getByRole("article", { name: "Internal note" }).getByText("noted meanwhile").waitFor();
		await made.getByRole("list", { name: "Tags of this conversation" }).getByText("meanwhile", { exact: true }).waitFor();
		await desk.card(fourth.line).waitFor();
		await desk.card(other.line).waitFor({ state: "detached" });
		await desk.card(third.line).waitFor({ state: "detached" });
		await made.getByText("The visitor is typing").waitFor({ state: "detached" });
		await visitor.until(() => transcript(visitor).includes("agent: said into the void"), "the words");
		/* Both sides hold the same, nothing twice. */
		const said = transcript(visitor).map((one) => one.replace(/^\w+: /, ""));
		const seen = (await desk.log.locator(".bubble").allInnerTexts()).map((text) => text.split("\n")[0]);
		assert.deepEqual(said.filter((text) => /^(said|are you)/.test(text)).sort(), ["are you there", "said before", "said into the void"]);
		assert.deepEqual(seen.filter((text) => /^(said|are you)/.test(text)), said.filter((text) => /^(said|are you)/.test(text)));
		/* What was read is told once more; typing works in both directions; the colleague is away. */
		const last = visitor.events.findLast(({ from }) => from === "visitor").seq;
		await visitor.until(() => visitor.frames.some(({ type, seq }) => type === "read" && seq >= last), "the read mark");
		visitor.send({ type: "typing" });
		await made.getByText("The visitor is typing").waitFor();
		await desk.button("Transfer").click();
		await made.getByRole("dialog").getByText("Away").first().waitFor();
		await made.keyboard.press("Escape");
		await desk.say("and on it goes");
		for (const client of [visitor, other, third, fourth]) client.close();
		line.close();
		await ben.does({ type: "presence", status: "available" });
	});
}

test("said without a line, then the page is loaded anew, then the session ends: sent once all the same", async ({ page }) => {
	const line = await wire(server, "/ws/agent");
	const made = await page();
	const { desk, visitor } = await atWork(made, line);
	const lines = ["kept through a reload", "kept through a sign-in"];
	const unsent = () => made.evaluate(() => Object.keys(localStorage).filter((name) => name.includes("unsent")).length);
	line.state.sockets = false;
	line.restore();
	await noConnection(made).waitFor();
	for (const text of lines) {
		await desk.reply.fill(text);
		await desk.reply.press("Enter");
		await desk.log.getByText(text).waitFor();
		if (text === lines[0]) {
			await made.reload();
			line.state.sockets = true;
			await desk.sees(text);
			await desk.log.getByRole("article", { name: "Being sent" }).waitFor({ state: "detached" });
			assert.equal(await unsent(), 0);
			line.state.sockets = false;
			line.restore();
			await noConnection(made).waitFor();
		}
	}
	const cookie = (await made.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
	assert.equal((await server.ask("DELETE", "/api/v1/session", { cookie })).status, 204);
	await made.getByText("Your session is over").waitFor();
	/* Not by whoever comes next. */
	await desk.signIn("Ben");
	assert.equal(await unsent(), 1);
	await made.getByRole("button", { name: /Your menu/ }).click();
	await desk.button("Sign out").click();
	line.state.sockets = true;
	await desk.signIn("Anna");
	await visitor.until(() => transcript(visitor).includes(`agent: ${lines[1]}`), "the words");
	await desk.sees(lines[1]);
	await made.waitForFunction(() => !Object.keys(localStorage).some((name) => name.includes("unsent")));
	assert.deepEqual(transcript(visitor).filter((one) => one.includes("kept through")), lines.map((text) => `agent: ${text}`));
	visitor.close();
	line.close();
});

test("refused while one looks at another conversation: told, with whose it is, and kept where it was written", async ({ page }) => {
	const line = await wire(server, "/ws/agent");
	const made = await page();
	const { desk, visitor } = await atWork(made, line);
	const other = await waiting(server);
	const mine = await conversationOf(visitor);
	const elsewhere = await Agent.arrive(server.port, await server.signIn("Anna"));
	await desk.show("Waiting");
	await desk.card(other.line).waitFor();
	line.hold();
	await desk.reply.fill("too late for this");
	await desk.reply.press("Enter");
	await desk.card(other.line).getByRole("link").click();
	await elsewhere.does({ type: "transfer", conversation: mine, agent: ben.welcome.you.id });
	line.release();
	await made.getByText(/^Not sent to .*Visitor \d+.*not yours/).waitFor();
	await desk.show("All");
	await desk.open("said before");
	await desk.log.getByRole("article", { name: "Not sent" }).getByText("too late for this").waitFor();
	await desk.button("Discard").click();
	await desk.log.getByText("too late for this").waitFor({ state: "detached" });
	for (const client of [visitor, other, elsewhere]) client.close();
	line.close();
});

test("sleep: asked at once when the lid opens, and what happened meanwhile is there", async ({ page }) => {
	const line = await wire(server, "/ws/agent");
	const made = await page();
	const { desk, visitor } = await atWork(made, line);
	await desk.reply.fill("half a thou");
	line.silence();
	await visitor.say("said while it slept");
	await made.evaluate(() => dispatchEvent(new Event("pageshow")));
	await noConnection(made).waitFor();
	line.restore();
	await made.evaluate(() => dispatchEvent(new Event("online")));
	await desk.sees("said while it slept");
	assert.equal(await desk.reply.inputValue(), "half a thou");
	assert.equal((await desk.lines()).filter((text) => text === "said while it slept").length, 1);
	visitor.close();
	line.close();
});

await run();
