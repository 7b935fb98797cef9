// SPDX-License-Identifier: Apache-2.0
/* The chat before and around its first touch: what it costs, how it opens and closes, where the focus goes. */
import { accessible, assert, run, test, testSizes } from "./harness.mjs";
import { Chat, NAME, shop } from "./chat.mjs";

/* What the chat may add to the blocking time of a shop's page, and how often a busy machine is asked. */
const MORE_BLOCKED_MS = 20;
const PAIRS_MAX = 12;
const server = await shop();
const front = `${server.url}/`;

test("before the first touch: one small file, no socket, nothing stored", async ({ page }) => {
	const made = await page();
	const requests = [];
	const sockets = [];
	made.on("request", (request) => requests.push(new URL(request.url())));
	made.on("websocket", (socket) => sockets.push(socket.url()));
	await made.goto(front, { waitUntil: "networkidle" });
	await new Chat(made).launcher.waitFor();
	assert.deepEqual([...new Set(requests.map(({ origin }) => origin))], [server.url], "no other host");
	assert.deepEqual(requests.map(({ pathname }) => pathname).filter((path) => path.includes("widget")), ["/widget.js"]);
	assert.deepEqual(sockets, []);
	const kept = () => made.evaluate(async () => ({
		local: Object.keys(localStorage), session: Object.keys(sessionStorage), cookie: document.cookie,
		databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
	}));
	const nothing = { local: [], session: [], cookie: "", databases: 0, caches: 0 };
	assert.deepEqual(await kept(), nothing);
	/* Looking is not yet talking: an opened chat stores nothing either. */
	const chat = new Chat(made);
	await chat.show();
	await chat.sees("I am Finch");
	await chat.box.fill("a draft");
	assert.deepEqual(await kept(), nothing);
	assert.equal(sockets.length, 1);
});

test("hovering fetches the panel, and only that", async ({ page }) => {
	const made = await page();
	await made.goto(front);
	const sockets = [];
	made.on("websocket", (socket) => sockets.push(socket.url()));
	const fetched = made.waitForRequest("**/widget/panel.js");
	await new Chat(made).launcher.hover();
	await (await fetched).response();
	assert.deepEqual(sockets, []);
});

test("the shop's page does not move and is not held up", async ({ page }) => {
	/* Layout shift and long tasks of the same page, with the widget and with its script blocked. */
	const cost = async (isWith) => {
		const made = await page();
		if (!isWith) await made.route("**/widget.js", (route) => route.fulfill({ body: "", contentType: "text/javascript" }));
		await made.addInitScript(() => {
			globalThis.seen = { shift: 0, blocked: 0 };
			new PerformanceObserver((list) => {
				for (const entry of list.getEntries()) globalThis.seen.shift += entry.value;
			}).observe({ type: "layout-shift", buffered: true });
			new PerformanceObserver((list) => {
				for (const entry of list.getEntries()) globalThis.seen.blocked += Math.max(0, entry.duration - 50);
			}).observe({ type: "longtask", buffered: true });
		});
		const asked = [];
		/* Of the chat's: those of the page are not always the same, its pictures come as they are looked at. */
		made.on("request", (request) => request.url().includes("widget") && asked.push(request.url()));
		await made.goto(front, { waitUntil: "networkidle" });
		const seen = await made.evaluate(() => globalThis.seen);
		await made.close();
		return { ...seen, asked: asked.length };
	};
	/* The machine's own noise is in each pair; the best of them is the widget's, and the first good one will do. */
	const blocked = [];
	while (blocked.length < PAIRS_MAX && !(Math.min(...blocked) <= MORE_BLOCKED_MS)) {
		const without = await cost(false);
		const given = await cost(true);
		assert.equal(given.shift, without.shift, "layout shift");
		assert.equal(given.asked, 1, "the script itself is all that is asked for");
		blocked.push(given.blocked - without.blocked);
		console.log(`# of the page without and with the chat: layout shift ${without.shift} and ${given.shift}, blocked ` +
			`${Math.round(without.blocked)} and ${Math.round(given.blocked)} ms, requests of the chat 0 and ${given.asked}`);
	}
	assert.ok(Math.min(...blocked) <= MORE_BLOCKED_MS, `${blocked} ms more blocking time`);
});

testSizes("the launcher and the opened chat", async ({ page, shot, size }) => {
	const made = await page({ size });
	await made.goto(front, { waitUntil: "networkidle" });
	const chat = new Chat(made);
	await accessible(made, "shop with the launcher");
	await shot(made, `widget-${size}-launcher`);
	await chat.show();
	await chat.button("Where is my order?").or(chat.log.getByRole("button").first()).first().waitFor();
	await accessible(made, "opened");
	await shot(made, `widget-${size}-opened`);
	assert.equal(await chat.launcher.getAttribute("aria-expanded"), "true");
	assert.ok(await chat.dialog.getByText("Finch · automated assistant").isVisible(), "says that it is a bot");
	assert.ok(await chat.person.isVisible(), "a person can be asked for");
	const box = await chat.dialog.boundingBox();
	const { width, height } = made.viewportSize();
	assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height, JSON.stringify(box));
	if (size === "phone") assert.deepEqual([box.x, box.y, box.width, box.height], [0, 0, width, height], "all of a phone");
});

testSizes("the demonstration shop's pages", async ({ page, shot, size }) => {
	const made = await page({ size });
	for (const path of ["/", "/demo/product", "/demo/delivery", "/demo/checkout"]) {
		await made.goto(server.url + path, { waitUntil: "networkidle" });
		assert.equal(await made.evaluate(() => document.documentElement.scrollWidth), made.viewportSize().width, `${path} is as wide as the screen`);
		/* Every picture is there, and every link leads somewhere. */
		assert.deepEqual(await made.evaluate(() => Promise.all([...document.images].map(async (image) => {
			image.loading = "eager";
			await image.decode();
			return image.naturalWidth > 0;
		})).then((loaded) => loaded.every(Boolean))), true);
		const links = await made.evaluate(() => [...new Set([...document.links].map(({ href }) => href))]);
		for (const link of links) {
			const { hash, pathname } = new URL(link);
			const answer = await made.request.get(link);
			assert.equal(answer.status(), 200, link);
			if (hash) assert.ok((await answer.text()).includes(`id="${hash.slice(1)}"`), `${pathname} has no ${hash}`);
		}
		await accessible(made, path);
		await shot(made, `shop-${size}-${path.slice(1) || "home"}`);
	}
});

/* The names of the chat and of a rating, which only an answer of the bot's has. */
const SPOKEN = {
	en: ["English", "/", "Chat with", "Helpful"], de: ["Deutsch", "/demo/de/", "Chat mit", "Hilfreich"],
	fr: ["Français", "/demo/fr/", "Chat avec", "Utile"], es: ["Español", "/demo/es/", "Chat con", "Útil"],
};
for (const [lang, [name, home, title, helpful]] of Object.entries(SPOKEN)) {
	test(`the demonstration shop in ${name}: from the switch on all is in it, and what it says to try works`, async ({ page }) => {
		const made = await page({ size: "phone" });
		await made.goto(lang === "en" ? `${server.url}/demo/de/checkout` : `${server.url}/demo/checkout`);
		await made.getByRole("link", { name, exact: true }).click();
		await made.waitForFunction((wanted) => document.documentElement.lang === wanted, lang);
		const folder = lang === "en" ? "/demo/" : home;
		assert.equal(new URL(made.url()).pathname, `${folder}checkout`, "the same page");
		const links = new Set();
		for (const path of [`${folder}checkout`, `${folder}delivery`, `${folder}product`, home]) {
			await made.goto(server.url + path);
			assert.equal(await made.evaluate(() => document.documentElement.scrollWidth), made.viewportSize().width, `${path} is as wide as the screen`);
			for (const link of await made.locator("header a, main a, footer a").evaluateAll((all) => all.map(({ pathname }) => pathname))) links.add(link);
		}
		for (const link of links) {
			assert.ok(link === home || link.startsWith(folder), `${link} leaves the language`);
			assert.equal((await made.request.get(server.url + link)).status(), 200, link);
		}
		await accessible(made, home);
		const tries = [...(await made.locator("aside p").innerText()).matchAll(/[“„«]\s?(.+?)\s?[”“»]/g)].map(([, text]) => text);
		assert.equal(tries.length, 2, String(tries));
		await new Chat(made).launcher.click();
		const dialog = made.getByRole("dialog", { name: `${title} ${NAME}` });
		const box = dialog.getByRole("textbox");
		await box.fill(tries[0]);
		await box.press("Enter");
		await dialog.getByRole("button", { name: helpful, exact: true }).waitFor();
		await box.fill(tries[1]);
		await box.press("Enter");
		await dialog.locator(".row.system .name").getByText(NAME).waitFor();
	});
}

testSizes("every control is at least 24 by 24 pixels", async ({ page, size }) => {
	const chat = await Chat.open(await page({ size }), front);
	await chat.say("where is my parcel");
	await chat.button("Helpful").waitFor();
	await chat.button("More").click();
	const small = await chat.page.locator("shopbell-widget").evaluate((element) =>
		[...element.shadowRoot.querySelectorAll("button, textarea, a")].filter((control) => control.checkVisibility() && !control.matches(".bubble a"))
			.map((control) => [control.getAttribute("aria-label") ?? control.textContent, control.getBoundingClientRect()])
			.filter(([, { width, height }]) => width < 24 || height < 24).map(([name, { width, height }]) => `${name}: ${width} by ${height}`));
	assert.deepEqual(small, []);
});

test("keyboard: Tab, Enter, Escape; the focus goes in and comes back", async ({ page }) => {
	const made = await page();
	await made.goto(`${server.url}/demo/checkout`);
	const chat = new Chat(made);
	await chat.launcher.focus();
	await made.keyboard.press("Enter");
	await chat.box.and(made.locator(":focus")).waitFor();
	await made.keyboard.press("Shift+Tab");
	await made.keyboard.press("Shift+Tab");
	await made.keyboard.press("Tab");
	await chat.dialog.locator(":focus").first().waitFor();
	await chat.button("More").focus();
	await made.keyboard.press("Enter");
	await chat.button("What is stored about me").waitFor();
	await made.keyboard.press("Escape");
	await chat.button("What is stored about me").waitFor({ state: "hidden" });
	assert.ok(await chat.dialog.isVisible(), "Escape closes the innermost thing first");
	await chat.button("More").and(made.locator(":focus")).waitFor();
	await made.keyboard.press("Escape");
	await chat.dialog.waitFor({ state: "hidden" });
	assert.ok(await chat.launcher.evaluate((button) => button.getRootNode().activeElement === button), "back on the launcher");
	assert.equal(await chat.launcher.getAttribute("aria-expanded"), "false");
});

test("keyboard: a button that was pressed and is gone leaves the focus in the chat", async ({ page }) => {
	const made = await page();
	const chat = await Chat.open(made, front);
	await chat.button("Where is my order?").focus();
	await made.keyboard.press("Enter");
	await chat.button("Helpful").waitFor();
	await chat.box.and(made.locator(":focus")).waitFor();
	const anna = await server.agent("Anna");
	await anna.does({ type: "presence", status: "available", capacity: 5 });
	await chat.person.focus();
	await made.keyboard.press("Enter");
	const { conversation } = await anna.any((frame) => frame.type === "event" && frame.kind === "handover", "the handover");
	await anna.does({ type: "claim", conversation });
	await chat.person.waitFor({ state: "hidden" });
	await chat.box.and(made.locator(":focus")).waitFor();
	await made.keyboard.press("Escape");
	await chat.dialog.waitFor({ state: "hidden" });
	await anna.close();
});

test("phone: the back button closes the chat, the page behind it is out of reach", async ({ page }) => {
	const made = await page({ size: "phone" });
	await made.goto(`${server.url}/demo/delivery`);
	await made.goto(front);
	const chat = new Chat(made);
	await chat.show();
	assert.equal(await chat.dialog.getAttribute("aria-modal"), "true");
	assert.ok(await made.evaluate(() => document.querySelector("main").closest("[inert]") !== null));
	assert.ok(await chat.launcher.isHidden(), "the launcher does not cover the chat");
	await made.goBack();
	await chat.dialog.waitFor({ state: "hidden" });
	assert.equal(new URL(made.url()).pathname, "/", "the page is still the same");
	assert.ok(await made.evaluate(() => !document.querySelector("[inert]")));
	await chat.show();
	await chat.button("Close chat").click();
	await chat.dialog.waitFor({ state: "hidden" });
	await made.goBack();
	assert.equal(new URL(made.url()).pathname, "/demo/delivery", "closing left nothing in the history");
});

test("phone: the keyboard does not cover the message field", async ({ page }) => {
	const made = await page({ size: "phone" });
	const chat = await Chat.open(made, front);
	const size = await chat.box.evaluate((box) => parseFloat(getComputedStyle(box).fontSize));
	assert.ok(size >= 16, `${size} px would make an iPhone zoom in`);
	/* What a keyboard does: the window shrinks. */
	await made.setViewportSize({ width: 360, height: 400 });
	await made.waitForFunction(() => document.querySelector("shopbell-widget").shadowRoot.querySelector("[role=dialog]").getBoundingClientRect().height <= 400);
	const box = await chat.box.boundingBox();
	assert.ok(box.y + box.height <= 400, JSON.stringify(box));
	assert.ok((await chat.log.boundingBox()).height >= 48, "and the last line can still be read");
});

for (const [zoom, width, height] of [[200, 640, 400], [400, 320, 200]]) {
	test(`zoomed to ${zoom} % nothing is lost`, async ({ page, shot }) => {
		const made = await page({ viewport: { width, height } });
		const chat = await Chat.open(made, front);
		await chat.sees("I am Finch");
		for (const part of [chat.box, chat.person, chat.button("More"), chat.button("Close chat")]) {
			const box = await part.boundingBox();
			assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height, JSON.stringify(box));
		}
		assert.ok((await chat.log.boundingBox()).height >= 48, "a line can be read");
		await shot(made, `widget-zoomed-${zoom}`);
	});
}

test("forced colours and dark: everything is there and legible", async ({ page, shot }) => {
	/* axe reads the page's own colours, not those that the system forces over them. */
	for (const [name, options, without] of [["forced-colors", { forcedColors: "active" }, ["color-contrast"]], ["dark", { colorScheme: "dark" }, []]]) {
		const made = await page(options);
		const chat = await Chat.open(made, front);
		await chat.say("where is my parcel");
		await chat.button("Helpful").waitFor();
		await accessible(made, name, without);
		await shot(made, `widget-${name}`);
	}
});

test("without its server the page is whole and the launcher tries again", async ({ page, problems }) => {
	const made = await page();
	let isDown = true;
	await made.route("**/widget/panel.js", (route) => (isDown ? route.abort() : route.continue()));
	await made.goto(front);
	const chat = new Chat(made);
	await chat.launcher.click();
	await made.waitForFunction(() => !document.querySelector("shopbell-widget").shadowRoot.querySelector("[aria-busy]"));
	isDown = false;
	await chat.show();
	await chat.sees("I am Finch");
	problems.length = 0;
});

await run();
