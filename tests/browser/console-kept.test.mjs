// SPDX-License-Identifier: Apache-2.0
/* What is kept beside the messages: tags, saved replies, drafts for the owner's files. */
import fs from "node:fs";
import path from "node:path";
import { accessible, assert, run, test, testSizes } from "./harness.mjs";
import { shop } from "./chat.mjs";
import { Desk, staffed, transcript, waiting } from "./desk.mjs";

const MARKUP = "<img src=x onerror=alert(1)>";
const server = await shop();
await staffed(server);
for (const name of ["Anna", "Tom"]) await server.agentCookie(name);

testSizes("tags: put on by key or touch, offered, filtered, searched for, taken off", async ({ page, shot, size }) => {
	const tag = `Refund ${size}`;
	const visitor = await waiting(server);
	const made = await page({ size });
	const anna = await Desk.enter(made, server, "Anna");
	await anna.open(visitor.line);
	await anna.button("Add a tag").click();
	const box = made.getByRole("combobox", { name: "Tag to put on" });
	await box.fill(tag);
	await made.getByRole("option", { name: tag }).waitFor();
	await accessible(made, "a tag being typed");
	await shot(made, `console-${size}-tagging`);
	await box.press("Enter");
	const tags = made.getByRole("list", { name: "Tags of this conversation" });
	await tags.getByText(tag, { exact: true }).waitFor();
	await box.fill(MARKUP);
	await made.getByRole("option", { name: MARKUP }).click();
	await tags.getByText(MARKUP, { exact: true }).waitFor();
	await box.press("Escape");
	await box.waitFor({ state: "detached" });
	await anna.sees(`Anna put the tag “${tag}” on.`);
	await accessible(made, "tagged");
	await shot(made, `console-${size}-tagged`);

	/* A colleague meets them: in the list, offered for another conversation, as a filter, in the search. */
	const other = await waiting(server);
	const tom = await Desk.enter(await page({ size }), server, "Tom");
	await tom.card(visitor.line).getByText(tag, { exact: true }).waitFor();
	await tom.open(other.line);
	await tom.page.locator("#thread").press("#");
	const second = tom.page.getByRole("combobox", { name: "Tag to put on" });
	await second.pressSequentially(`refund ${size.slice(0, 3)}`);
	await tom.page.getByRole("option", { name: tag, exact: true }).waitFor();
	await second.press("Enter");
	await tom.page.getByRole("list", { name: "Tags of this conversation" }).getByText(tag, { exact: true }).waitFor();
	await second.press("Escape");
	if (size === "phone") await tom.page.goBack();
	await tom.button("Filter").click();
	await tom.page.getByLabel("Tag", { exact: true }).selectOption(MARKUP);
	await tom.card(other.line).waitFor({ state: "detached" });
	await tom.card(visitor.line).waitFor();
	await accessible(tom.page, "filtered");
	await shot(tom.page, `console-${size}-tag-filter`);
	await tom.button("Filter").click();
	await tom.page.getByRole("searchbox", { name: "Search all conversations" }).fill(tag.toLowerCase());
	await tom.card(visitor.line).or(tom.card(tag)).first().waitFor();
	await tom.page.waitForFunction(() => document.querySelectorAll(".cards .card").length === 2);

	await made.getByRole("button", { name: `Take the tag ${tag} off` }).click();
	await anna.sees(`Anna took the tag “${tag}” off.`);
	await tags.getByText(tag, { exact: true }).waitFor({ state: "detached" });
	assert.ok(!JSON.stringify(visitor.frames).includes(tag), "tags never reach the visitor");
	visitor.close();
	other.close();
});

test("saved replies: kept by the owner for all at once, found by typing, filled in, never sent half", async ({ page, shot }) => {
	const visitor = await waiting(server);
	const anna = await Desk.enter(await page(), server, "Anna");
	await anna.open(visitor.line);
	await anna.claim();
	const olga = await Desk.enter(await page(), server, "Olga", "#/settings");
	await olga.button("Change saved replies").click();
	const dialog = olga.page.getByRole("dialog", { name: "Saved replies" });
	await dialog.getByRole("button", { name: "Add one" }).click();
	await dialog.getByRole("textbox", { name: "Name" }).fill(`Order ${MARKUP}`);
	await dialog.getByRole("textbox", { name: "Text" }).fill("Hello {name}, your order {order} is on its way. {agent}");
	await accessible(olga.page, "a reply being written");
	await shot(olga.page, "console-desktop-reply-edit");
	await dialog.getByRole("button", { name: "Save" }).click();
	await dialog.getByRole("list", { name: "Saved replies" }).getByText(`Order ${MARKUP}`).waitFor();
	await shot(olga.page, "console-desktop-replies");

	/* It is there without a reload, and typing finds it. */
	await anna.reply.pressSequentially("/orde");
	const options = anna.page.getByRole("listbox", { name: "Saved replies" }).getByRole("option");
	await options.filter({ hasText: `Order ${MARKUP}` }).waitFor();
	await accessible(anna.page, "saved replies by typing");
	await anna.reply.press("Enter");
	await anna.page.waitForFunction(() => document.getElementById("reply").value.includes("on its way"));
	assert.equal(await anna.reply.inputValue(), "Hello, your order {order} is on its way. Anna");
	/* What is not filled in is chosen, and told before it goes out. */
	await anna.page.waitForFunction(() => {
		const { value, selectionStart, selectionEnd } = document.getElementById("reply");
		return value.slice(selectionStart, selectionEnd) === "{order}";
	});
	await anna.reply.press("Enter");
	await anna.page.getByRole("alert").getByText("{order} is not filled in").waitFor();
	await shot(anna.page, "console-desktop-not-filled-in");
	await anna.page.keyboard.type("4711");
	await anna.reply.press("Enter");
	await visitor.until(() => transcript(visitor).includes("agent: Hello, your order 4711 is on its way. Anna"), "the reply");

	/* By arrows, behind what was written before; Escape takes the slash away. */
	await anna.reply.fill("First line.\n/");
	await options.first().waitFor();
	const wanted = await options.nth(1).locator("b").innerText();
	await anna.reply.press("ArrowDown");
	await anna.page.locator('[role="option"][aria-selected="true"]').getByText(wanted, { exact: true }).waitFor();
	await anna.reply.press("Tab");
	await anna.page.waitForFunction(() => /^First line\.\n[^/]/.test(document.getElementById("reply").value));
	await anna.reply.fill("/");
	await options.first().waitFor();
	await anna.reply.press("Escape");
	assert.equal(await anna.reply.inputValue(), "");
	await anna.button("Saved").click();
	await options.first().waitFor();
	assert.equal(await anna.button("Change saved replies").count(), 0, "agents use them");
	/* Selected with a pointer that is let go beside the dialog: it stays, and what is written in it. */
	await dialog.getByRole("button", { name: "Add one" }).click();
	const text = dialog.getByRole("textbox", { name: "Text" });
	await text.fill("half a reply");
	const { x, y } = await text.boundingBox();
	await olga.page.mouse.move(x + 60, y + 12);
	await olga.page.mouse.down();
	await olga.page.mouse.move(4, 4);
	await olga.page.mouse.up();
	assert.equal(await text.inputValue(), "half a reply");
	await dialog.getByRole("button", { name: "Cancel" }).click();
	/* Deleted for all at once, by two presses: there is no way back. */
	await dialog.getByRole("button", { name: `Delete Order ${MARKUP}` }).dblclick();
	await accessible(olga.page, "before a reply is deleted");
	await dialog.getByRole("button", { name: "Delete for good" }).click();
	await options.filter({ hasText: "Order" }).waitFor({ state: "detached" });
	visitor.close();
});

testSizes("drafts: edited and approved into the file, refused with the reason, dismissed", async ({ page, shot, size }) => {
	const asked = `can the wagon be painted ${size === "phone" ? "blue" : "red"} ${MARKUP}`;
	const visitor = await server.visitor({ lang: "en" });
	const { seq } = await visitor.say(asked);
	const conversation = (await (async () => {
		visitor.send({ type: "export", client_id: "x" });
		return visitor.acked("x");
	})()).export.conversation;
	const anna = await server.signIn("Anna");
	const { Agent } = await import("../server/client.mjs");
	const agent = await Agent.arrive(server.port, anna);
	await agent.does({ type: "message", conversation, text: "Yes, for a small fee." });
	await agent.does({ type: "teach", conversation, seq, question: "Can it be painted?" });
	await agent.does({ type: "teach", conversation, seq, intent: "track-order" });
	await agent.does({ type: "return", conversation });

	const made = await page({ size });
	await Desk.enter(made, server, "Olga", "#/answers");
	const drafts = made.getByRole("region", { name: /^Drafts/ });
	const cards = drafts.locator(".draft").filter({ hasText: asked });
	await made.waitForFunction((text) => [...document.querySelectorAll(".draft")].filter((card) => card.textContent.includes(text)).length === 2, asked);
	const first = cards.first();
	assert.equal(await first.getByRole("textbox", { name: "The answer, in Markdown" }).inputValue(), "Yes, for a small fee.");
	await accessible(made, "drafts");
	await shot(made, `console-${size}-drafts`);
	await first.getByRole("combobox", { name: "In the file" }).selectOption("products-and-sizes.md");
	const question = `Can it be painted ${size}?`;
	await first.getByRole("textbox", { name: "The question, as it stands in the file" }).fill(question);
	await first.getByRole("textbox", { name: "The answer, in Markdown" }).fill("Yes.\n\nnxt: track-order");
	/* Whoever looks up the conversation finds it as it was left. */
	await first.getByRole("link", { name: "The conversation" }).click();
	await made.getByRole("log", { name: "Messages" }).waitFor();
	await made.goBack();
	await first.waitFor();
	assert.equal(await first.getByRole("textbox", { name: "The question, as it stands in the file" }).inputValue(), question);
	assert.equal(await first.getByRole("combobox", { name: "In the file" }).inputValue(), "products-and-sizes.md");
	const file = path.join(server.intents, "products-and-sizes.md");
	const before = fs.readFileSync(file, "utf8");
	await first.getByRole("button", { name: "Approve" }).click();
	await first.getByText(/nothing was changed/i).waitFor();
	await first.getByText(/unknown|nxt/i).first().waitFor();
	await accessible(made, "a draft that is refused");
	await shot(made, `console-${size}-draft-refused`);
	assert.equal(fs.readFileSync(file, "utf8"), before);
	await first.getByRole("textbox", { name: "The answer, in Markdown" }).fill("Yes, for a **small fee**.");
	await first.getByRole("button", { name: "Approve" }).click();
	await made.getByText("It stands in products-and-sizes.md now, and is read at once.").waitFor();
	assert.ok(fs.readFileSync(file, "utf8").startsWith(before));
	assert.match(fs.readFileSync(file, "utf8"), new RegExp(`## Can it be painted ${size}\\?`));
	/* The page that is open knows the new question without a reload. */
	await made.getByRole("region", { name: /^What it can answer/ }).getByText(question).waitFor({ state: "attached" });
	await cards.last().getByRole("button", { name: "Dismiss" }).click();
	await cards.last().getByRole("button", { name: "Dismiss for good" }).click();
	await made.getByText("The draft is dismissed.").waitFor();
	await cards.first().waitFor({ state: "detached" });
	await drafts.getByText("No drafts").waitFor();
	visitor.close();
	agent.close();
});

test("the filter: by mood, by reason, by topic", async ({ page }) => {
	const upset = await server.visitor({ lang: "en" });
	await upset.say("this is a disgrace, the third time I ask, I am still waiting!!! quagga");
	await upset.until(() => upset.events.some(({ owner }) => owner === "queue"), "the queue");
	const asked = await waiting(server);
	const topic = await server.visitor({ lang: "en" });
	const { intent } = await topic.reply(await topic.say("wheres my parcel"));
	const made = await page();
	const desk = await Desk.enter(made, server, "Anna", "#/all");
	await desk.card("quagga").waitFor();
	await desk.card(asked.line).waitFor();
	await desk.button("Filter").click();
	const pick = (label, value) => made.getByLabel(label, { exact: true }).selectOption(value);
	await pick("Mood", "upset");
	await desk.card(asked.line).waitFor({ state: "detached" });
	await desk.card("quagga").waitFor();
	await pick("Mood", "");
	await pick("Reason", "asked");
	await desk.card("quagga").waitFor({ state: "detached" });
	await desk.card(asked.line).waitFor();
	await pick("Reason", "");
	await pick("Topic", intent);
	await desk.card(asked.line).waitFor({ state: "detached" });
	await made.waitForFunction(() => document.querySelectorAll(".cards .card").length > 0);
	for (const visitor of [upset, asked, topic]) visitor.close();
});

test("who waits is told by the system when one looks elsewhere; the colours are the agent's choice", async ({ context }) => {
	const browser = await context({ colorScheme: "light" });
	await browser.addInitScript(() => {
		globalThis.told = [];
		document.hasFocus = () => false;
		globalThis.Notification = class {
			static permission = "granted";
			constructor(title, { body, tag }) { globalThis.told.push({ title, body, tag }); }
		};
	});
	const made = await browser.newPage();
	await Desk.enter(made, server, "Olga");
	const visitor = await waiting(server);
	await made.waitForFunction((line) => globalThis.told.some(({ body }) => body === line || body === "Talk to a person"), visitor.line);
	const told = await made.evaluate(() => globalThis.told);
	assert.equal(new Set(told.map(({ tag }) => tag)).size, told.length, "each waiting visitor is told once");
	const theme = () => made.evaluate(() => document.documentElement.dataset.theme);
	assert.equal(await theme(), "light");
	await made.emulateMedia({ colorScheme: "dark" });
	await made.waitForFunction(() => document.documentElement.dataset.theme === "dark");
	await made.evaluate(() => localStorage.setItem("shopbell.console.theme", '"light"'));
	await made.reload();
	await made.getByRole("navigation", { name: "Main" }).waitFor();
	assert.equal(await theme(), "light", "what was chosen counts, not the system");
	visitor.close();
});

testSizes("what is kept of a visitor: the owner saves it as a file and erases it, and nobody sees it any more", async ({ page, shot, size }) => {
	const visitor = await waiting(server, { text: `My secret word is ${size}-hippogriff` });
	const tom = await Desk.enter(await page({ size }), server, "Tom");
	await tom.open(visitor.line);
	const made = await page({ size });
	const olga = await Desk.enter(made, server, "Olga");
	await olga.open(visitor.line);
	/* On a phone the details are a page of their own. */
	for (const desk of [tom, olga]) {
		await desk.log.press("i");
		await desk.details.getByRole("heading", { name: "Visitor" }).waitFor();
	}
	assert.equal(await tom.details.getByRole("heading", { name: "What is kept" }).count(), 0, "not an agent's");
	const [file] = await Promise.all([made.waitForEvent("download"), olga.details.getByRole("link", { name: "Save as a file" }).click()]);
	assert.match(file.suggestedFilename(), /^visitor-\d+\.json$/);
	const copy = JSON.parse(fs.readFileSync(await file.path(), "utf8"));
	assert.ok(copy.conversations[0].events.some(({ text }) => text.includes(`${size}-hippogriff`)));
	await olga.details.getByRole("button", { name: "Erase" }).click();
	const dialog = made.getByRole("dialog", { name: /^Erase / });
	await dialog.getByText("This conversation goes for good").waitFor();
	await dialog.getByText("Backups that were made before still hold it.").waitFor();
	await accessible(made, "before it is erased");
	await shot(made, `console-${size}-erase`);
	await dialog.getByRole("button", { name: "Keep", exact: true }).click();
	await dialog.waitFor({ state: "detached" });
	assert.equal(visitor.isGone, false);
	await olga.details.getByRole("button", { name: "Erase" }).click();
	await dialog.getByRole("button", { name: "Erase for good" }).click();
	for (const desk of [olga, tom]) {
		await desk.page.getByText("This conversation was erased.").waitFor();
		await desk.card(visitor.line).waitFor({ state: "detached" });
		await desk.log.waitFor({ state: "detached" });
	}
	await visitor.any((frame) => frame.code === "unknown_token", "word to the visitor");
	assert.ok(!fs.readdirSync(server.data).some((name) => fs.readFileSync(path.join(server.data, name)).includes(`${size}-hippogriff`)));
	visitor.close();
});

await run();
