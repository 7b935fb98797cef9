// SPDX-License-Identifier: Apache-2.0
/* The data file as an operator meets it: sound, altered, damaged, of a newer version, restored. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { Server, run } from "../server.mjs";

const USER_VERSION_AT = 60; /* in the header of an SQLite file, four bytes */

async function stoppedWithSomething() {
	const server = await Server.start();
	const visitor = await server.visitor();
	await visitor.reply(await visitor.say("wheres my parcel", "kept"));
	server.token = visitor.token;
	server.file = path.join(server.data, "shopbell.db");
	assert.match(run("verify", "--data", server.data).stdout, /^1 conversation, \d+ events: /);
	assert.equal((await server.kill("SIGTERM")).code, 0);
	return server;
}

function alter(file, change) {
	const bytes = fs.readFileSync(file);
	change(bytes);
	fs.writeFileSync(file, bytes);
}

async function refusedAtStart(server, ...words) {
	const before = fs.readFileSync(server.file);
	await assert.rejects(server.up(), /the server ended with 1/);
	for (const word of words) assert.match(server.stderr, word);
	assert.ok(before.equals(fs.readFileSync(server.file)), "nothing is written to a file that is refused");
}

/* One of the two places where the answered intent stands, the event and the head of the conversation, is changed. */
export async function verify_finds_what_does_not_add_up() {
	const server = await stoppedWithSomething();
	alter(server.file, (bytes) => bytes.write("track-orden", bytes.lastIndexOf("track-order")));
	const found = run("verify", "--data", server.data);
	assert.equal(found.status, 1);
	assert.match(found.stdout, /^conversation 1: `intent` is not what its events say$/m);
	assert.match(found.stderr, /1 problem in 1 conversation/);
	assert.equal(run("verify", "--data", `${server.data}/nowhere`).status, 1);
	assert.equal(run("verify", "something").status, 2);
}

/* A conversation whose lines do not follow each other is not served, and nothing else suffers from it. */
export async function a_line_out_of_its_order_is_recognised() {
	const server = await Server.start(), visitor = await server.visitor();
	await visitor.say("delivery time");
	const { seq } = await visitor.say("wheres my parcel, zebra");
	await server.kill("SIGTERM");
	/* In a row stand the number of the line, its time in six bytes, and its text behind each other. */
	alter(path.join(server.data, "shopbell.db"), (bytes) => {
		const at = bytes.indexOf("wheres my parcel, zebra") - 7;
		assert.equal(bytes[at], seq);
		bytes[at]++;
	});
	const refused = run("verify", "--data", server.data);
	assert.equal(refused.status, 1);
	assert.match(refused.stderr, /holds a line \(\d+\) that no version of Shopbell writes: it is damaged/);
	await server.up();
	for (let i = 0; i < 2; i++) await assert.rejects(server.visitor({ token: visitor.token }), /the connection ended \(1011\)/);
	assert.match(server.stderr, /a conversation cannot be read: the data file holds a line/);
	const stranger = await server.visitor();
	assert.equal((await stranger.reply(await stranger.say("track my order"))).intent, "track-order");
}

export async function a_damaged_file_is_recognised_at_start() {
	const server = await stoppedWithSomething();
	const sound = fs.readFileSync(server.file);
	const size = sound.readUInt16BE(16); /* of a page */
	fs.writeFileSync(`${server.file}-wal`, "");
	/* The beginning; and every page behind it overwritten, found by whoever reads it first. */
	for (const [words, change] of [[/not a data file of Shopbell, or its beginning is damaged.*last backup/, (bytes) => bytes.fill(0x5a, 0, 100)],
		[/is damaged: keep a copy of it, then put the last backup in its place/, (bytes) => bytes.fill(0x5a, size)]]) {
		alter(server.file, change);
		await refusedAtStart(server, words);
		const refused = run("verify", "--data", server.data);
		assert.equal(refused.status, 1);
		assert.match(refused.stderr, words);
		fs.writeFileSync(server.file, sound);
	}
	await server.up();
	const back = await server.visitor({ token: server.token });
	await back.any((frame) => frame.client_id === "kept", "the message");
}

export async function a_newer_file_is_refused_in_plain_words() {
	const server = await stoppedWithSomething();
	alter(server.file, (bytes) => bytes.writeUInt32BE(bytes.readUInt32BE(USER_VERSION_AT) + 1, USER_VERSION_AT));
	await refusedAtStart(server, /newer/);
	alter(server.file, (bytes) => bytes.writeUInt32BE(bytes.readUInt32BE(USER_VERSION_AT) - 1, USER_VERSION_AT));
	await server.up();
}
