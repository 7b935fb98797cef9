// SPDX-License-Identifier: Apache-2.0
/* The widget as a visitor meets it: everything by role and label. */
import { fileURLToPath } from "node:url";
import { Server } from "./harness.mjs";

export const NAME = "Larkspur & Finch";

export const SAMPLE = fileURLToPath(new URL("../../intents", import.meta.url));

/* The program with the sample corpus, open round the clock, and a shop.ini of the test's own. */
export async function shop(changes = {}, intents = SAMPLE) {
	const server = await Server.start({
		intents,
		changes: {
			...changes,
			shop: {
				name: NAME, language: "en", email: "hello@shop.example", suggestions: "track-order | delivery-time | return-item | size-guide",
				greeting: "Hello, I am Finch, the bot of Larkspur & Finch. I answer most questions at once; for the rest there are people.",
				"greeting de": "Guten Tag, ich bin Finch, der Bot von Larkspur & Finch.",
				...changes.shop,
			},
			site: { "bot name": "Finch", color: "#1f5f4a", ...changes.site },
			files: { tests: "warn" },
		},
	});
	server.url = `http://127.0.0.1:${server.port}`;
	return server;
}

export class Chat {
	constructor(page) {
		this.page = page;
		this.launcher = page.locator("shopbell-widget button[aria-expanded]").last();
		this.dialog = page.getByRole("dialog", { name: `Chat with ${NAME}` });
		this.log = this.dialog.getByRole("log");
		this.box = this.dialog.getByRole("textbox", { name: "Your message" });
		this.person = this.dialog.getByRole("button", { name: "Talk to a person" });
	}

	/* Goes to a page of the shop and opens the chat. */
	static async open(page, url) {
		const chat = new Chat(page);
		await page.goto(url);
		await chat.show();
		return chat;
	}

	async show() {
		await this.launcher.click();
		await this.dialog.waitFor();
	}

	async say(text) {
		await this.box.fill(text);
		await this.box.press("Enter");
	}

	/* Waits until the conversation shows it. */
	async sees(text) {
		await this.log.getByText(text).last().waitFor();
	}

	/* The bot's first, second ... line, its greeting included; the dots that stand for a line to come are none. */
	answer(nth) {
		return this.log.locator(".bot .bubble:not(.dots)").nth(nth - 1);
	}

	button(name) {
		return this.dialog.getByRole("button", { name, exact: typeof name === "string" });
	}

	async menu(item) {
		await this.button("More").click();
		await this.dialog.getByRole("button", { name: item, exact: true }).click();
	}

	/* What polite live regions and alerts announce: nodes that are added to the log, and every new text of a status. Small print
	 * under a line is silent, and so is what is aria-hidden. */
	async listen() {
		await this.dialog.evaluate((dialog) => {
			globalThis.heard = [];
			const hear = (text) => text.trim() && globalThis.heard.push(text.trim().replace(/\s+/g, " "));
			/* Its texts, but for those that are hidden from a screen reader. */
			const textOf = (node) => node.nodeType === 3 ? node.data : node.ariaHidden === "true" ? "" : [...node.childNodes].map(textOf).join(" ");
			const log = dialog.querySelector("[role=log]");
			new MutationObserver((records) => {
				if (log.ariaLive !== "polite") return;
				for (const { target, addedNodes } of records) {
					for (const node of addedNodes) {
						const element = node.nodeType === 1 ? node : target;
						if (!element.closest("[aria-hidden], .meta")) hear(textOf(node));
					}
				}
			}).observe(log, { childList: true, subtree: true });
			new MutationObserver((records) => {
				const regions = records.map(({ target }) => (target.nodeType === 1 ? target : target.parentElement)?.closest("[role=status], [role=alert]"));
				for (const region of new Set(regions)) if (region) hear(region.textContent);
			}).observe(dialog, { childList: true, subtree: true, characterData: true });
		});
		/* Waits until `what` has been heard; answers how often. */
		return async (what) => {
			await this.page.waitForFunction(([source, flags]) => globalThis.heard.some((text) => new RegExp(source, flags).test(text)), [what.source, what.flags])
				.catch(async (error) => {
					throw new Error(`${what} was not heard, but:\n${(await this.page.evaluate(() => globalThis.heard)).join("\n")}`, { cause: error });
				});
			return (await this.page.evaluate(() => globalThis.heard)).filter((text) => what.test(text)).length;
		};
	}

	/* All bubbles and notices, in order. */
	lines() {
		return this.log.locator(".bubble:not(.dots), .notice").allInnerTexts();
	}

	kept() {
		return this.page.evaluate(() => JSON.parse(localStorage.getItem("shopbell")));
	}
}
