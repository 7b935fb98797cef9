// SPDX-License-Identifier: Apache-2.0
/* The way into the console: the first owner's link, signing in and out, roles, passwords. */
import { accessible, assert, run, test, testSizes } from "./harness.mjs";
import { shop } from "./chat.mjs";
import { Desk, PASSWORD } from "./desk.mjs";

/* What an owner finds on the first day, until it is put away. */
async function firstSteps(made, server, shot) {
	const steps = made.getByRole("region", { name: "First steps" });
	await steps.waitFor();
	await accessible(made, "first steps");
	await shot(made, "console-desktop-first-steps");
	for (const link of await steps.getByRole("link").all()) {
		const answer = await made.request.get(new URL(await link.getAttribute("href"), made.url()).href);
		assert.equal(answer.status(), 200);
	}
	await steps.getByRole("button", { name: "Copy" }).click();
	await made.getByText("Copied.").waitFor();
	const line = await made.evaluate(() => navigator.clipboard.readText());
	assert.equal(line, `<script async src="http://127.0.0.1:${server.port}/widget.js"></script>`);
	/* Over plain HTTP there is no clipboard. */
	await made.evaluate(() => delete Navigator.prototype.clipboard);
	await steps.getByRole("button", { name: "Copy" }).click();
	await made.getByText("Select the line and copy it by hand.").waitFor();
	await steps.getByRole("button", { name: "Done, hide this" }).click();
	await made.getByText("Nothing open").waitFor();
	await made.reload();
	await made.getByText("Nothing open").waitFor();
	await made.goto(`http://127.0.0.1:${server.port}/console/#/settings`);
	await made.getByRole("region", { name: "On your pages" }).getByText(line).waitFor();
	await made.goto(`http://127.0.0.1:${server.port}/console/#/waiting`);
	await made.getByText("Nothing open").waitFor();
}

test("the one-time link makes the first owner, shows the rules, and works once", async ({ page, shot }) => {
	const server = await shop();
	const link = `http://127.0.0.1:${server.port}/console/#setup=${await server.link()}`;
	for (const size of ["phone", "desktop"]) {
		const empty = await page({ size });
		await empty.goto(link);
		await empty.getByRole("heading", { name: "Welcome" }).waitFor();
		await accessible(empty, "setup");
		await shot(empty, `console-${size}-setup`);
	}
	const made = await page();
	await made.goto(link);
	const rule = (text) => made.getByRole("list", { name: "What the password must be" }).getByRole("listitem").filter({ hasText: text });
	await made.getByLabel("Your name").fill("Olga");
	await made.getByLabel("Password", { exact: true }).fill("short");
	await rule("At least").getByText("(not yet)").waitFor({ state: "attached" });
	await made.getByRole("button", { name: "Start" }).click();
	await made.getByRole("alert").getByText("Not yet: at least").waitFor();
	await made.getByLabel("Password", { exact: true }).fill(PASSWORD);
	await made.getByLabel("The same password again").fill(`${PASSWORD}.`);
	await rule("twice").getByText("(not yet)").waitFor({ state: "attached" });
	await made.getByLabel("The same password again").fill(PASSWORD);
	await rule("twice").getByText("(done)").waitFor({ state: "attached" });
	await made.getByRole("button", { name: "Start" }).click();
	await made.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" }).waitFor();
	assert.equal(new URL(made.url()).hash, "#/waiting", "the link is not left in the address");
	await firstSteps(made, server, shot);
	const late = await page();
	await late.goto(link);
	await late.getByRole("heading", { name: "Already set up" }).waitFor();
	await accessible(late, "already set up");
	await shot(late, "console-desktop-setup-late");
	await late.getByRole("button", { name: "Sign in" }).click();
	await new Desk(late, server).signIn("Olga");
});

test("a made-up link is refused in words", async ({ page }) => {
	const server = await shop();
	const made = await page();
	await made.goto(`http://127.0.0.1:${server.port}/console/#setup=${"x".repeat(22)}`);
	await made.getByLabel("Your name").fill("Mallory");
	await made.getByLabel("Password", { exact: true }).fill(PASSWORD);
	await made.getByLabel("The same password again").fill(PASSWORD);
	await made.getByRole("button", { name: "Start" }).click();
	await made.getByRole("alert").getByText("This link does not hold").waitFor();
});

const server = await shop();
await server.owner("Olga");
await server.agentCookie("Anna");

testSizes("signing in: wrong, right, and out again", async ({ page, shot, size }) => {
	const made = await page({ size });
	const desk = new Desk(made, server);
	await made.goto(desk.url);
	await made.getByRole("heading", { name: "Sign in" }).waitFor();
	await accessible(made, "sign in");
	await made.getByRole("textbox", { name: "Name" }).fill("Anna");
	await made.getByLabel("Password").fill("wrong");
	await desk.button("Sign in").click();
	await made.getByRole("alert").getByText("do not belong together").waitFor();
	await accessible(made, "wrong password");
	await shot(made, `console-${size}-signin-wrong`);
	await desk.signIn("Anna");
	await made.reload();
	const menu = made.getByRole("button", { name: /Your menu/ });
	await menu.click();
	await accessible(made, "my menu");
	await shot(made, `console-${size}-menu`);
	await desk.button("Sign out").click();
	await made.getByRole("heading", { name: "Sign in" }).waitFor();
	await made.reload();
	await made.getByRole("heading", { name: "Sign in" }).waitFor();
});

test("a session that ends elsewhere sends back to the door, and one goes on where one was", async ({ page }) => {
	await server.agentCookie("Ines");
	const made = await page();
	const desk = await Desk.enter(made, server, "Ines", "#/tickets");
	await desk.list.getByText("No tickets").waitFor();
	const cookie = (await made.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
	assert.equal((await server.ask("DELETE", "/api/v1/session", { cookie })).status, 204);
	await server.kill();
	await server.up();
	await made.getByText("Your session is over").waitFor();
	await desk.signIn("Ines");
	await desk.list.getByText("No tickets").waitFor();
});

test("an agent sees no owner's pages", async ({ page }) => {
	const made = await page();
	const desk = await Desk.enter(made, server, "Anna");
	const rail = made.getByRole("navigation", { name: "Main" });
	assert.deepEqual((await rail.getByRole("link").allInnerTexts()).map((text) => text.trim()), ["Chats", "Answers", "Numbers"]);
	await desk.list.waitFor();
});

test("the owner adds an agent, who signs in, changes the password, and is removed", async ({ page, shot }) => {
	const made = await page();
	await Desk.enter(made, server, "Olga", "#/agents");
	await made.getByRole("button", { name: "Add an agent" }).click();
	const dialog = made.getByRole("dialog", { name: "Add an agent" });
	await accessible(made, "add an agent");
	await shot(made, "console-desktop-agent-add");
	await dialog.getByLabel("Name").fill("Bela");
	await dialog.getByLabel("First password").fill("short");
	await dialog.getByRole("button", { name: "Add" }).click();
	await dialog.getByRole("alert").getByText("at least").waitFor();
	await dialog.getByLabel("First password").fill(PASSWORD);
	await dialog.getByRole("button", { name: "Add" }).click();
	const row = made.getByRole("main").getByRole("listitem").filter({ hasText: "Bela" });
	await row.getByText("Not signed in").waitFor();

	const theirs = await page();
	const desk = await Desk.enter(theirs, server, "Bela");
	await row.getByText("Available").waitFor();
	await theirs.getByRole("button", { name: /Your menu/ }).click();
	await desk.button("Change password").click();
	const change = theirs.getByRole("dialog", { name: "Change password" });
	await change.getByLabel("Old password").fill("not it at all");
	await change.getByLabel("New password").fill("another good one");
	await change.getByRole("button", { name: "Change it" }).click();
	await change.getByText("The old password is not right").waitFor();
	await change.getByLabel("Old password").fill(PASSWORD);
	await change.getByRole("button", { name: "Change it" }).click();
	await theirs.getByText("Your password is changed").waitFor();
	await server.signIn("Bela", "another good one");

	await row.getByRole("button", { name: "Remove Bela" }).click();
	await made.getByRole("dialog", { name: "Remove \u2068Bela\u2069?" }).getByRole("button", { name: "Remove" }).click();
	await row.waitFor({ state: "detached" });
	await theirs.getByText("Your session is over").waitFor();
});

await run();
