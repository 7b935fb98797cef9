// SPDX-License-Identifier: Apache-2.0
/* The network breaks, the server dies, the page is reloaded, other tabs are open: the conversation goes on. */
import { assert, run, test, testSizes } from "./harness.mjs";
import { Chat, shop } from "./chat.mjs";
import { wire } from "./line.mjs";

const server = await shop();
const front = `${server.url}/`;

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
	await chat.log.locator(".bot .bubble").nth(2).waitFor();
	const own = await chat.log.locator(".visitor .bubble").allInnerTexts();
	assert.deepEqual(own, ["delivery time", "how do i return this", "second line said offline"], "nothing lost, nothing twice, in order");
	const lines = await chat.lines();
	await made.reload();
	await chat.log.locator(".visitor .bubble").nth(2).waitFor();
	await chat.log.locator(".bot .bubble").nth(lines.length - own.length - 1).waitFor();
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
		await chat.log.locator(".bot .bubble").nth(2).waitFor();
		assert.ok(performance.now() - restored < 6000, `${performance.now() - restored} ms`);
		assert.deepEqual(await chat.log.locator(".visitor .bubble").allInnerTexts(), ["delivery time", "said into the void"]);
		line.close();
	});
}

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
	await first.log.locator(".bot .bubble").nth(2).waitFor();
	await second.log.locator(".bot .bubble").nth(2).waitFor();
	assert.deepEqual(await first.lines(), await second.lines());
	await first.menu("What is stored about me");
	await first.button("Erase all of it").click();
	await first.button("Erase for good").click();
	await second.log.getByText("delivery time", { exact: true }).waitFor({ state: "detached" });
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

await run();
