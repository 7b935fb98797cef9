// SPDX-License-Identifier: Apache-2.0
/* Both pages in a real Chromium under load: how its frames went while one scrolls and types (from its own trace), and
 * what an hour's traffic leaves in memory. Prints a table each; `make bench-pages`. */
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { Chat, shop } from "../tests/browser/chat.mjs";
import { crowd, episode, flood, pageWork } from "../tests/browser/crowd.mjs";
import { Desk, staffed } from "../tests/browser/desk.mjs";
import { root, Server } from "../tests/server/server.mjs";

const { chromium } = createRequire(path.join(root, "web/"))("playwright-core");

const CONVERSATIONS = 500;
const MESSAGES = 5000;
/* An hour of a shop that is run off its feet: a visitor every 7 seconds. */
const VISITORS_AN_HOUR = 500;
const QUESTIONS_AN_HOUR = 120;
const ROUNDS = 6;
const CATEGORIES = ["toplevel", "cc", "benchmark"];
const SCROLL = { speed: 2400, gestureSourceType: "mouse" };
const TEXT = "Thank you for waiting, I have just asked the carrier about your parcel.";
const KEY_EVERY_MS = 60;

function launch() {
	return chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"] });
}

/* ---- Frames, from the trace ---- */

async function traced(browser, body) {
	const session = await browser.newBrowserCDPSession();
	await session.send("Tracing.start", { transferMode: "ReturnAsStream", traceConfig: { includedCategories: CATEGORIES } });
	await body();
	const complete = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
	await session.send("Tracing.end");
	const { stream } = await complete;
	let text = "";
	for (let part; !part?.eof; text += part.data) part = await session.send("IO.read", { handle: stream, size: 1 << 24 });
	await session.detach();
	return JSON.parse(text).traceEvents;
}

/* The `share` of the values that lies below. */
function percentile(values, share) {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/* The page's own main thread: of all renderers the one that worked most. */
function mainTasks(events) {
	const threads = events.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
	const tasksOf = ({ pid, tid }) => events.filter((event) => event.pid === pid && event.tid === tid && event.name === "ThreadControllerImpl::RunTask");
	const all = threads.map((thread) => ({ pid: thread.pid, tasks: tasksOf(thread) }));
	return all.reduce((most, each) => (each.tasks.length > most.tasks.length ? each : most));
}

function readFrames(events) {
	const { pid, tasks } = mainTasks(events);
	const frames = new Map();
	for (const event of events) {
		if (event.pid !== pid || event.name !== "PipelineReporter" || event.ph !== "b") continue;
		const { frame_sequence: sequence, state } = event.args.frame_reporter;
		frames.set(sequence, [...frames.get(sequence) ?? [], state]);
	}
	/* A frame may be reported twice, for what was there in time and for what came later: it was shown when one of them was. */
	const states = [...frames.values()];
	const shown = states.filter((each) => each.some((state) => state.startsWith("STATE_PRESENTED"))).length;
	const dropped = states.filter((each) => each.every((state) => state === "STATE_DROPPED")).length;
	const spent = tasks.map(({ tdur = 0 }) => tdur / 1000);
	return {
		shown, dropped,
		longest: Math.max(...tasks.map(({ dur = 0 }) => dur / 1000)),
		longestCpu: Math.max(...spent),
		p95: percentile(perFrame(events, pid, tasks), 0.95),
		mean: spent.reduce((sum, each) => sum + each, 0) / Math.max(1, shown),
	};
}

/* Processor time of the main thread between one frame's beginning and the next. */
function perFrame(events, pid, tasks) {
	const begins = events.filter((event) => event.pid === pid && event.name === "ProxyMain::BeginMainFrame").map(({ ts }) => ts).sort((a, b) => a - b);
	const sums = begins.map(() => 0);
	for (const { ts, dur = 0, tdur = 0 } of tasks) {
		const next = begins.findIndex((begin) => begin > ts + dur);
		const at = next < 0 ? begins.length - 1 : next - 1;
		if (at >= 0) sums[at] += tdur / 1000;
	}
	return sums;
}

function scroller(page, selector, back) {
	return async () => {
		const session = await page.context().newCDPSession(page);
		const box = await page.locator(selector).boundingBox();
		const at = { x: box.x + box.width / 2, y: box.y + box.height / 2, ...SCROLL };
		await session.send("Input.synthesizeScrollGesture", { ...at, yDistance: back ? 6000 : -6000 });
		await session.send("Input.synthesizeScrollGesture", { ...at, yDistance: back ? -3000 : 3000 });
		await session.detach();
	};
}

function typist(page, box) {
	return async () => {
		await box.click();
		await page.keyboard.type(TEXT, { delay: KEY_EVERY_MS });
	};
}

const FRAME_HEAD = `${"".padEnd(46)}  shown dropped  mean ms  p95 ms  longest ms  (of the processor)`;

async function printFrames(browser, what, act) {
	const { shown, dropped, mean, p95, longest, longestCpu } = readFrames(await traced(browser, act));
	const numbers = [[shown, 7, 0], [dropped, 7, 0], [mean, 8, 1], [p95, 7, 1], [longest, 11, 1], [longestCpu, 19, 1]];
	console.log(what.padEnd(46) + numbers.map(([value, width, digits]) => value.toFixed(digits).padStart(width + 1)).join(""));
}

/* ---- The parts ---- */

async function deskFrames(server) {
	const browser = await launch();
	const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
	const desk = await Desk.enter(page, server, "Olga", "#/all");
	await desk.open("of a very long conversation");
	await desk.sees(`line ${MESSAGES - 1} of`);
	await desk.reply.waitFor();
	await printFrames(browser, `console, list of ${CONVERSATIONS}: scrolling`, scroller(page, ".cards", false));
	await printFrames(browser, `console, conversation of ${MESSAGES}: scrolling`, scroller(page, ".log", true));
	await printFrames(browser, "console: typing", typist(page, desk.reply));
	await browser.close();
}

async function widgetFrames(server, visitor) {
	const browser = await launch();
	const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
	await page.goto(server.url);
	await page.evaluate((token) => localStorage.setItem("shopbell", JSON.stringify({ token })), visitor.token);
	await page.reload();
	const chat = new Chat(page);
	if (!await chat.dialog.isVisible()) await chat.show();
	await chat.sees(`line ${MESSAGES - 1} of`);
	await printFrames(browser, `widget, conversation of ${MESSAGES}: scrolling`, scroller(page, "shopbell-widget [role=log]", true));
	await printFrames(browser, "widget: typing", typist(page, chat.box));
	await browser.close();
}

const MEMORY_HEAD = `${"".padEnd(46)}  heap MB  nodes  listeners`;

async function printMemory(session, what) {
	const { heap, nodes, listeners } = await pageWork(session, { collect: true });
	console.log(what.padEnd(46) + [[heap / 2 ** 20, 9, 2], [nodes, 7, 0], [listeners, 11, 0]]
		.map(([value, width, digits]) => value.toFixed(digits).padStart(width)).join(""));
}

/* The agent of the page answers one of the visitors in ten by hand; a colleague the others. */
async function deskHour(server, colleague) {
	const browser = await launch();
	const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
	const desk = await Desk.enter(page, server, "Olga", "#/all");
	const session = await page.context().newCDPSession(page);
	await printMemory(session, "console: before");
	for (let round = 0; round < ROUNDS; round++) {
		for (let i = 0; i < VISITORS_AN_HOUR / ROUNDS; i++) {
			const mark = `${round}-${i}`;
			const conversation = await episode(server, colleague, mark);
			if (i % 10) continue;
			await page.goto(`${desk.url}#/all/${conversation}`);
			await desk.sees(`You are welcome, ${mark}`);
			await desk.button("Note").click();
			await desk.note.fill(`seen ${mark}`);
			await desk.note.press("Enter");
			await desk.sees(`seen ${mark}`);
		}
		await page.goto(`${desk.url}#/all`);
		await printMemory(session, `console: after ${(round + 1) * 60 / ROUNDS} minutes' visitors`);
	}
	await browser.close();
}

/* One visitor who has the chat open for an hour and asks twice a minute. */
async function widgetHour(server, colleague) {
	const browser = await launch();
	const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
	const chat = await Chat.open(page, server.url);
	await chat.say("wheres my parcel, to begin with");
	await chat.sees("wheres my parcel, to begin with");
	const { conversation } = await colleague.any(({ type, text }) => type === "event" && text === "wheres my parcel, to begin with", "the conversation");
	const session = await page.context().newCDPSession(page);
	await printMemory(session, "widget: before");
	for (let round = 0; round < ROUNDS; round++) {
		for (let i = 0; i < QUESTIONS_AN_HOUR / ROUNDS; i++) {
			await chat.say(`how long does delivery take ${round}-${i}`);
			await colleague.any(({ type, from, conversation: of, text }) => type === "event" && from === "visitor" && of === conversation && text.endsWith(` ${round}-${i}`), "the question");
			colleague.send({ type: "typing", conversation });
			await chat.sees(`how long does delivery take ${round}-${i}`);
		}
		await printMemory(session, `widget: after ${(round + 1) * QUESTIONS_AN_HOUR / ROUNDS} questions`);
	}
	await browser.close();
}

const server = await shop({ limits: { "messages per minute": 10000, "connections per address": 10000 } });
const colleague = await staffed(server);
await crowd(server, CONVERSATIONS);
const visitor = await flood(server, colleague, MESSAGES);
console.log(`${os.cpus().length} cores, load ${os.loadavg().map((each) => each.toFixed(0)).join(" ")} over 1, 5 and 15 minutes\n\n${FRAME_HEAD}`);
await deskFrames(server);
await widgetFrames(server, visitor);
console.log(`\n${MEMORY_HEAD}`);
await deskHour(server, colleague);
await widgetHour(server, colleague);
await visitor.close();
await colleague.close();
await Server.stopAll();
