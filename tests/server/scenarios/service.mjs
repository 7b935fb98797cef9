// SPDX-License-Identifier: Apache-2.0
/* web/deploy/shopbell.service: how little the service may do, and that it does no more. Always the release program: what
 * sanitizers ask of the kernel is no part of the product. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Agent } from "../client.mjs";
import { Server, root, settings } from "../server.mjs";

const EXPOSURE_MOST = 2; /* systemd calls everything below 5 OK */
const NOBODY = 65534;
const unit = path.join(root, "web/deploy/shopbell.service");

function analyze(...args) {
	const { status, stdout, stderr } = spawnSync("systemd-analyze", [...args], { encoding: "utf8" });
	assert.equal(status, 0, stderr || stdout);
	return stdout;
}

export async function its_exposure() {
	const said = analyze("security", "--offline=yes", "--no-pager", unit);
	const [, exposure, word] = /Overall exposure level for shopbell.service: ([\d.]+) (\w+)/.exec(said);
	assert.equal(word, "OK");
	assert.ok(Number(exposure) < EXPOSURE_MOST, `exposure ${exposure}`);
}

/* The names of a set of calls, with those of the sets in it. */
function namesOf(sets, name, into = new Set()) {
	for (const entry of sets.get(name) ?? [name]) {
		if (entry.startsWith("@")) namesOf(sets, entry, into);
		else into.add(entry);
	}
	return into;
}

/* What the unit's lines leave: those named, without those behind a "~". */
function allowedByUnit() {
	const sets = new Map();
	let set;
	for (const line of analyze("syscall-filter", "--no-pager").split("\n")) {
		if (/^@/.test(line)) sets.set(line.trim(), set = []);
		else if (/^ {4}[@\w]/.test(line)) set?.push(line.trim());
	}
	const allowed = namesOf(sets, "@default"); /* always: execve, exit, clocks ... */
	for (const [, minus, names] of fs.readFileSync(unit, "utf8").matchAll(/^SystemCallFilter=(~?)(.*)$/gm))
		for (const entry of names.trim().split(/\s+/))
			for (const name of namesOf(sets, entry)) {
				if (minus) allowed.delete(name);
				else allowed.add(name);
			}
	return allowed;
}

/* Everything the server does in a day, under the eyes of strace. */
async function day(server) {
	const anna = await server.agent("Anna");
	const visitor = await server.visitor({ page: { url: "https://shop.example/", title: "Shop" } });
	await visitor.reply(await visitor.say("delivery time"));
	visitor.send({ type: "person", client_id: "p" });
	await visitor.acked("p");
	const { conversation } = await anna.any((frame) => frame.kind === "handover", "the handover");
	await anna.does({ type: "claim", conversation });
	await anna.does({ type: "message", conversation, text: "Hello" });
	fs.appendFileSync(path.join(server.intents, "topics.md"), "\n## Do you sell hats?\n- hats\n- do you have a hat\n\nYes.\n");
	await anna.any((frame) => frame.type === "corpus" && frame.serving, "the new topic");
	assert.equal((await server.ask("POST", "/api/v1/ask", { body: { text: "delivery time" } })).status, 200);
	assert.equal((await server.ask("GET", "/api/v1/search?q=delivery", { cookie: server.ownerCookie })).status, 200);
	for (const target of ["/", "/console/", "/widget.js", "/healthz", "/readyz", "/metrics"])
		assert.equal((await server.ask("GET", target)).status, 200, target);
	visitor.send({ type: "export", client_id: "x" }, { type: "erase", client_id: "e" });
	await visitor.acked("e");
	const again = await Agent.arrive(server.port, server.ownerCookie);
	await again.close();
}

/* A folder with the release program in it, for a user who may nothing. */
function prepare() {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), "shopbell-test-"));
	fs.cpSync(path.join(root, "tests/server/intents"), path.join(folder, "intents"), { recursive: true });
	fs.writeFileSync(path.join(folder, "intents/shop.ini"), settings());
	fs.copyFileSync(path.join(root, "build/shopbell"), path.join(folder, "shopbell"));
	fs.mkdirSync(path.join(folder, "data"));
	const isRoot = process.getuid() === 0;
	if (isRoot) assert.equal(spawnSync("chown", ["-R", `${NOBODY}:${NOBODY}`, folder]).status, 0);
	const as = isRoot ? `setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups --` : "";
	/* -D: the server stays our child, strace is its grandchild. "$1" is the program that would have been started. */
	const command = `shift; exec ${as} strace -D -f -qq -c -U name -o ${folder}/calls ${folder}/shopbell "$@"`;
	return { folder, by: ["sh", "-c", command, "sh"] };
}

export async function its_system_calls() {
	const { folder, by } = prepare();
	const server = await Server.start({ folder, by });
	await day(server);
	assert.equal((await server.kill("SIGTERM")).code, 0); /* strace holds the pipes until it has written its list */
	const list = fs.readFileSync(path.join(folder, "calls"), "utf8");
	const allowed = allowedByUnit();
	const made = list.split("\n").map((line) => line.trim()).filter((line) => /^[a-z]\w*$/.test(line) && line !== "syscall" && line !== "total");
	assert.ok(made.includes("fdatasync") || made.includes("fsync"), "strace saw nothing of what it should have");
	assert.ok(made.length > 30, made.join(" "));
	const refused = made.filter((name) => !allowed.has(name));
	assert.deepEqual(refused, [], "calls that the unit's SystemCallFilter refuses");
	/* The filter is worth something. */
	for (const name of ["ptrace", "mount", "reboot", "init_module", "setuid", "chroot", "bpf", "kexec_load", "swapon", "settimeofday"])
		assert.ok(!allowed.has(name), name);
}
