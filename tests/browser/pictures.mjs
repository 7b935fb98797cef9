// SPDX-License-Identifier: Apache-2.0
/* The pictures of the README, made anew from the program as it is: `make pictures`. */
import { mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { assert, root, run, test } from "./harness.mjs";
import { Chat, shop } from "./chat.mjs";
import { Desk } from "./desk.mjs";

/* A README is no place for large files. */
const BYTES_MAX = 120000;
const folder = path.join(root, "web/pictures");
mkdirSync(folder, { recursive: true });

async function picture(page, name) {
	const file = path.join(folder, name);
	await page.screenshot({ path: file });
	const { size } = statSync(file);
	console.log(`# ${name}: ${size} bytes`);
	assert.ok(size <= BYTES_MAX, `${name} has ${size} bytes`);
}

test("the chat on a phone, the console on a desk", async ({ page }) => {
	const server = await shop();
	await server.owner("Olga");
	await server.agentCookie("Anna");
	const desk = await page({ viewport: { width: 1024, height: 620 } });
	const anna = await Desk.enter(desk, server, "Anna");
	await anna.list.getByText("Nobody is waiting").waitFor();

	const phone = await page({ size: "phone", deviceScaleFactor: 1.5 });
	const chat = await Chat.open(phone, `${server.url}/demo/delivery`);
	await chat.say("wheres my parcel");
	await chat.log.locator(".bot .options").waitFor();
	await picture(phone, "chat.png");

	await chat.say("this is a disgrace, the third time I ask, I am still waiting!!!");
	await anna.card("this is a disgrace").waitFor();
	await anna.open("this is a disgrace");
	await anna.sees("this is a disgrace");
	await anna.button("Claim and answer").waitFor();
	await picture(desk, "console.png");

	await anna.claim();
	await anna.say("I am sorry about the wait. May I look at it with you?");
	await chat.sees("I am sorry about the wait.");
	await chat.say("yes please, it is order 1042");
	await anna.sees("yes please");
	await anna.say("It left Ludlow this morning and will be with you tomorrow.");
	await chat.sees("It left Ludlow this morning");
	await picture(phone, "agent.png");
});

await run();
