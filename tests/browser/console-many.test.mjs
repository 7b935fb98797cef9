// SPDX-License-Identifier: Apache-2.0
/* 500 conversations in the list, 5,000 messages in one, and visitors who come and go: all of it can be reached while
 * little is drawn, and nothing is left behind. Work is counted, not timed: a machine's own noise is no fault of the page.
 * How frames go is measured by `make bench-pages`. */
import { assert, run, test } from "./harness.mjs";
import { shop } from "./chat.mjs";
import { crowd, episode, flood, pageWork } from "./crowd.mjs";
import { Desk, staffed } from "./desk.mjs";

const CONVERSATIONS = 500;
const MESSAGES = 5000;
/* Rows of the list and of a conversation that may be in the page at once. */
const CARDS_MOST = 48;
const ROWS_MOST = 165;
const VISITORS = 6;

const server = await shop({ limits: { "messages per minute": 10000, "connections per address": 10000 } });
const olga = await staffed(server);
await crowd(server, CONVERSATIONS);
const visitor = await flood(server, olga, MESSAGES);

const ROWS = ".log-rows > .said, .log-rows > .line";

/* Scrolls `selector` to one end, again and again as more of it comes, until `isThere` is on the page; answers the most
 * rows that were drawn on the way. */
function scrollTo(page, selector, rows, up, isThere) {
	return page.evaluate(async ([box, row, isUp, words]) => {
		const element = document.querySelector(box);
		let most = 0;
		for (let still = 0; still < 300; still++) {
			most = Math.max(most, document.querySelectorAll(row).length);
			if ([...element.querySelectorAll(row)].some((each) => each.textContent.includes(words))) return most;
			element.scrollTop = isUp ? 0 : element.scrollHeight;
			await new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then)));
		}
		throw new Error(`"${words}" is not reached`);
	}, [selector, rows, up, isThere]);
}

/* Rows that were put in or taken out, in the list and in the conversation, while `body` ran. */
async function redrawn(page, body) {
	await page.evaluate(() => {
		globalThis.changed = { list: 0, log: 0 };
		globalThis.watchers = [[".cards ul", "list"], [".log-rows", "log"]].map(([selector, name]) => {
			const watcher = new MutationObserver((records) => { globalThis.changed[name] += records.length; });
			watcher.observe(document.querySelector(selector), { childList: true, subtree: true });
			return watcher;
		});
	});
	await body();
	return page.evaluate(() => {
		for (const watcher of globalThis.watchers) watcher.disconnect();
		return globalThis.changed;
	});
}

test(`${CONVERSATIONS} conversations and ${MESSAGES} messages: all can be reached, few are drawn, and typing touches none`, async ({ page, shot }) => {
	const made = await page();
	const desk = await Desk.enter(made, server, "Olga", "#/all");
	await desk.open("of a very long conversation");
	await desk.sees(`line ${MESSAGES - 1} of`);
	await desk.reply.waitFor();
	await shot(made, "console-desktop-many");
	const session = await made.context().newCDPSession(made);

	/* A key changes the field alone, and costs a layout or two of it. */
	const text = "I have asked the carrier";
	await desk.reply.click();
	const before = await pageWork(session);
	const typed = await redrawn(made, () => desk.reply.pressSequentially(text));
	const after = await pageWork(session);
	assert.deepEqual(typed, { list: 0, log: 0 }, "typing draws no row anew");
	const layouts = (after.layouts - before.layouts) / text.length;
	assert.ok(layouts <= 4, `${layouts} layouts a key`);
	assert.equal(await desk.reply.inputValue(), text);
	await desk.reply.fill("");

	/* The whole conversation: up some way, to its first line and back by a key each. */
	const drawn = await scrollTo(made, ".log", ROWS, true, `line ${MESSAGES - 400} of`);
	assert.ok(drawn <= ROWS_MOST, `${drawn} rows of the conversation are drawn`);
	await desk.log.press("Home");
	await desk.sees("the long one begins");
	assert.equal(await desk.log.evaluate((element) => element.scrollTop), 0);
	await desk.button("Show earlier messages").waitFor({ state: "detached" });
	await scrollTo(made, ".log", ROWS, false, "line 300 of");
	await desk.log.press("End");
	await desk.sees(`line ${MESSAGES - 1} of`);
	await desk.log.press("Home");
	await desk.sees("the long one begins");
	await desk.button("Latest").click();
	await desk.sees(`line ${MESSAGES - 1} of`);
	await desk.button("Latest").waitFor({ state: "detached" });

	/* The whole list, down to the conversation that was the first. */
	await made.waitForFunction((wanted) => {
		document.querySelector(".cards").scrollTop = 1e9;
		const last = [...document.querySelectorAll(".cards li[aria-setsize]")].at(-1);
		return Number(last?.getAttribute("aria-posinset")) === wanted;
	}, CONVERSATIONS + 1);
	const rows = await desk.list.getByRole("listitem").count();
	assert.ok(rows <= CARDS_MOST, `${rows} rows of the list are drawn`);
});

test("who reads further up stays where they read, whatever is said below", async ({ page }) => {
	const made = await page();
	const desk = await Desk.enter(made, server, "Olga", "#/all");
	await desk.open("of a very long conversation");
	await desk.sees(`line ${MESSAGES - 1} of`);
	await scrollTo(made, ".log", ROWS, true, `line ${MESSAGES - 400} of`);
	const line = desk.log.getByText(`line ${MESSAGES - 400} of`);
	await line.evaluate((element) => element.scrollIntoView({ block: "center" }));
	await made.evaluate(() => new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then))));
	const { y } = await line.boundingBox();
	await visitor.say("said below the one who reads");
	await desk.card("said below the one who reads").waitFor();
	assert.ok(Math.abs((await line.boundingBox()).y - y) < 1, "the line has not moved");
	/* What is said by oneself is seen at once. */
	await desk.reply.fill("here is the answer");
	await desk.reply.press("Enter");
	await desk.sees("here is the answer");
	await desk.sees("said below the one who reads");
});

test("visitors who come and go leave nothing behind in the page", async ({ page }) => {
	const made = await page();
	const desk = await Desk.enter(made, server, "Olga", "#/all");
	await desk.button("Done, hide this").click(); // the first steps
	const session = await made.context().newCDPSession(made);
	const round = async (name) => {
		for (let i = 0; i < VISITORS; i++) {
			const conversation = await episode(server, olga, `${name}-${i}`);
			await made.evaluate((hash) => { location.hash = hash; }, `#/all/${conversation}`);
			await desk.sees(`You are welcome, ${name}-${i}`);
			await desk.button("Note").click();
			await desk.note.fill(`seen ${name}-${i}`);
			await desk.note.press("Enter");
			await desk.sees(`seen ${name}-${i}`);
		}
		await made.evaluate(() => { location.hash = "#/all"; });
		await made.getByText("Nothing open").waitFor();
		return pageWork(session, { collect: true });
	};
	await round("warm");
	const before = await round("before");
	const after = await round("after");
	assert.ok(after.listeners - before.listeners <= VISITORS / 2, `listeners: ${before.listeners}, then ${after.listeners}`);
	assert.ok(after.nodes - before.nodes <= 20 * VISITORS, `nodes: ${before.nodes}, then ${after.nodes}`);
	assert.ok(after.heap - before.heap < 2 ** 20, `bytes: ${before.heap}, then ${after.heap}`);
});

await run();
