// SPDX-License-Identifier: Apache-2.0
/* The console as an agent meets it: everything by role and label. */
import { randomBytes } from "node:crypto";
import { Agent } from "../server/client.mjs";
import { PASSWORD } from "../server/server.mjs";

export { PASSWORD };

export class Desk {
	constructor(page, server) {
		this.page = page;
		this.url = `http://127.0.0.1:${server.port}/console/`;
		this.list = page.getByRole("region", { name: "Conversations" });
		this.log = page.getByRole("log", { name: "Messages" });
		this.details = page.getByRole("region", { name: "Details" });
		this.reply = page.getByRole("textbox", { name: "Reply to the visitor" });
		this.note = page.getByRole("textbox", { name: "Note for the team" });
	}

	/* Signs in by the form, as a person would. */
	static async enter(page, server, name, hash = "") {
		const desk = new Desk(page, server);
		await page.goto(desk.url + hash);
		await desk.signIn(name);
		return desk;
	}

	async signIn(name, password = PASSWORD) {
		await this.page.getByRole("textbox", { name: "Name" }).fill(name);
		await this.page.getByLabel("Password").fill(password);
		await this.button("Sign in").click();
		await this.page.getByRole("navigation", { name: "Main" }).waitFor();
	}

	button(name) {
		return this.page.getByRole("button", { name, exact: typeof name === "string" });
	}

	/* The card in the list that holds `text`. */
	card(text) {
		return this.list.getByRole("listitem").filter({ hasText: text });
	}

	async show(list) {
		await this.page.getByRole("navigation", { name: "Lists" }).getByRole("link", { name: list }).click();
	}

	async open(text) {
		await this.card(text).getByRole("link").click();
		await this.log.waitFor();
	}

	async claim() {
		await this.button("Claim and answer").click();
		await this.reply.waitFor();
	}

	/* Says it and waits until it is kept. */
	async say(text) {
		await this.reply.fill(text);
		await this.reply.press("Enter");
		await this.sees(text);
		await this.log.getByRole("article", { name: "Being sent" }).waitFor({ state: "detached" });
	}

	async sees(text) {
		await this.log.getByText(text).last().waitFor();
	}

	/* What was said and noted, in order, without names and times. */
	lines() {
		return this.log.locator(".bubble, .note > .plain").allInnerTexts();
	}
}

/* The owner, signed in and available all the time, so that whoever asks for a person is put in the queue. */
export async function staffed(server) {
	const owner = await Agent.arrive(server.port, server.ownerCookie ?? await server.owner("Olga"));
	await owner.does({ type: "presence", status: "available", capacity: 50 });
	return owner;
}

let visitors = 0;

/* A visitor over the wire who has asked for a person, as soon as an agent is there; `text` is theirs alone. */
export async function waiting(server, { hello = {}, text = `I need a hand ${++visitors} ${randomBytes(3).toString("hex")}` } = {}) {
	const visitor = await server.visitor({ lang: "en", ...hello });
	visitor.line = text;
	/* A page that shows its lists may not have told the server yet that its agent is there. */
	await visitor.until(() => visitor.frames.some(({ agents }) => agents > 0), "an agent");
	visitor.send({ type: "person", client_id: "person" });
	await visitor.acked("person");
	await visitor.until(() => visitor.events.some(({ owner }) => owner === "queue"), "the queue");
	await visitor.say(text);
	return visitor;
}

/* The visitor's own view of the conversation: who said what. */
export function transcript(visitor) {
	return visitor.events.filter(({ kind }) => kind === "message").map(({ from, text }) => `${from}: ${text}`);
}
