// SPDX-License-Identifier: Apache-2.0
/* The whole way, in one go, with both pages in a real browser: answered, handed over, claimed, both write, closed, rated;
 * then the server is killed in the middle of the next conversation, and both pages go on by themselves. */
import { accessible, assert, run, test } from "./harness.mjs";
import { Chat, shop } from "./chat.mjs";
import { Desk } from "./desk.mjs";

/* What visitor and agent said, as each page shows it; the lines of bot and system are not compared word by word, since
 * the console draws them with what only agents see. */
const spoken = (lines) => lines.map((line) => line.trim()).filter((line) => line.startsWith("§"));

test("a visitor, the bot, an agent, and a server that dies in between", async ({ page, shot }) => {
	const server = await shop();
	await server.owner("Olga");
	await server.agentCookie("Anna");
	const anna = await Desk.enter(await page(), server, "Anna");
	await anna.list.getByText("Nobody is waiting").waitFor();
	const shopPage = await page();
	const chat = await Chat.open(shopPage, server.url);

	/* The bot knows the answer. */
	await chat.say("wheres my parcel");
	await chat.sees(/On its way/);
	await chat.button("Helpful").click();

	/* Twice not understood: a person. */
	await chat.say("wibble frotz plugh");
	await chat.log.getByText("wibble frotz plugh").waitFor();
	await chat.log.getByRole("button", { name: "Helpful" }).first().waitFor();
	await chat.say("xyzzy grue snorf");
	await chat.dialog.getByRole("status").getByText(/queue|next|called|line/i).first().waitFor();
	await anna.card("xyzzy grue snorf").getByText("Bot was unsure").waitFor();
	assert.match(await anna.page.title(), /^\(1\) waiting/);

	/* The agent sees everything that was said, and takes over. */
	await anna.open("xyzzy grue snorf");
	await anna.sees("wheres my parcel");
	await anna.log.getByText("Helpful", { exact: true }).waitFor();
	await anna.claim();
	await chat.dialog.getByText(/Anna, a person/).first().waitFor();
	await anna.say("§ Hello, this is Anna. What can I do?");
	await chat.sees("§ Hello, this is Anna.");
	await chat.say("§ I want to change my order");
	await anna.sees("§ I want to change my order");
	await anna.say("§ It is changed.");
	await chat.sees("§ It is changed.");
	await accessible(anna.page, "both write: console");
	await shot(anna.page, "whole-console-talk");
	await shot(shopPage, "whole-widget-talk");

	/* Closed, and rated. */
	await anna.button("Close").click();
	await chat.dialog.getByText("How was this chat?").first().waitFor();
	await shot(shopPage, "whole-widget-rate");
	await chat.dialog.getByText("Very good", { exact: true }).click();
	await chat.dialog.getByRole("button", { name: "Send", exact: true }).last().click();
	await anna.log.getByText(/satisfied 5 of 5/).waitFor();

	/* The next conversation, and in its middle the power goes. */
	await chat.say("§ one more thing, can I talk to a person?");
	await anna.show("All");
	await anna.open("§ one more thing");
	await anna.claim();
	await anna.say("§ Of course.");
	await chat.sees("§ Of course.");
	const { port } = server;
	await server.kill("SIGKILL");
	await chat.say("§ said while it was dark");
	await anna.page.getByText("No connection.").waitFor();
	await anna.reply.fill("§ written in the dark");
	await anna.reply.press("Enter");
	await anna.log.getByText("Is sent as soon as the connection is back").waitFor();
	await server.up(port);

	/* Nobody touches anything, and both go on. */
	await anna.sees("§ said while it was dark");
	await chat.sees("§ written in the dark");
	await anna.page.getByText("No connection.").waitFor({ state: "detached" });
	await anna.log.getByText("Is sent as soon as").waitFor({ state: "detached" });
	await chat.say("§ light again");
	await anna.sees("§ light again");
	await anna.say("§ good");
	await chat.sees("§ good");
	await shot(anna.page, "whole-console-after");
	await shot(shopPage, "whole-widget-after");
	await sameTranscript(anna, chat);

	/* And once more from what is stored: both pages anew; a chat that was open opens again. */
	await anna.page.reload();
	await anna.sees("§ good");
	await shopPage.reload();
	await chat.sees("§ good");
	await sameTranscript(anna, chat);
});

/* Both pages show the same words in the same order, each once. */
async function sameTranscript(anna, chat) {
	const atAgent = spoken(await anna.lines());
	const atVisitor = spoken(await chat.lines());
	assert.deepEqual(atVisitor, atAgent);
	assert.deepEqual([...new Set(atAgent)], atAgent, "nothing twice");
	for (const said of ["§ Hello, this is Anna. What can I do?", "§ I want to change my order", "§ It is changed.", "§ Of course.",
		"§ said while it was dark", "§ written in the dark", "§ light again", "§ good"]) {
		assert.ok(atAgent.includes(said), `lost: ${said}`);
	}
}

await run();
