// SPDX-License-Identifier: Apache-2.0
/* What an operator watches: in the format of Prometheus, and what it counts is what has happened. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { Server } from "../server.mjs";

/* Reads the text format strictly: one HELP and one TYPE before the samples of a name, no name twice. Gives sample ->
 * value, and name -> type. */
function read(text) {
	const samples = new Map(), types = new Map(), helps = new Set();
	let name = "";
	assert.ok(text.endsWith("\n"));
	for (const line of text.trimEnd().split("\n")) {
		const head = /^# (HELP|TYPE) ([a-z_]+) (.+)$/.exec(line);
		if (head) {
			const known = head[1] === "HELP" ? helps : types;
			assert.ok(!known.has(head[2]), `${line}: twice`);
			assert.ok(![...samples.keys()].some((sample) => sample.split("{")[0] === head[2]), `${line}: behind its samples`);
			if (head[1] === "TYPE") assert.match(head[3], /^(counter|gauge|histogram|summary)$/, line);
			else assert.match(head[3], /^[A-Z0-9].*[.:]?$/, line);
			if (head[1] === "HELP") helps.add(head[2]);
			else types.set(head[2], head[3]);
			name = head[2];
			continue;
		}
		const [, sample, , value] = /^([a-z_]+(\{[a-z]+="[^"]*"\})?) (-?[0-9.e+-]+)$/.exec(line) ?? assert.fail(line);
		const family = sample.split("{")[0], isHistogram = types.get(name) === "histogram";
		assert.ok(helps.has(name) && types.has(name), `${line}: HELP and TYPE stand before`);
		assert.ok(isHistogram ? [`${name}_bucket`, `${name}_sum`, `${name}_count`].includes(family) : family === name, `${line}: under ${name}`);
		assert.ok(isHistogram || !/[{,](le|quantile)=/.test(sample), `${line}: a label of histograms`);
		assert.ok(!samples.has(sample), `${line}: twice`);
		samples.set(sample, Number(value));
	}
	for (const each of helps) assert.ok(types.has(each) && [...samples.keys()].some((sample) => sample.startsWith(each)), `${each} has no sample`);
	return { samples, types };
}

/* The conventions: names of ours begin with ours, counters end with _total, units are seconds and bytes, a histogram's
 * buckets grow up to its count. */
function checkConventions({ samples, types }) {
	for (const [name, type] of types) {
		assert.match(name, /^shopbell_/);
		assert.equal(type === "counter", name.endsWith("_total"), `${name} is a ${type}`);
		/* Base units only, in full and at the end; no name says its own type, or looks like a part of a histogram. */
		assert.doesNotMatch(name, /(^|_)(ms|us|ns|milliseconds|minutes|hours|days|kb|mb|kilobytes|megabytes|percent|counter|gauge|histogram)(_|$)|_(count|sum|bucket)$/);
		for (const unit of ["seconds", "bytes"]) if (name.split("_").includes(unit)) assert.match(name, new RegExp(`_${unit}(_total)?$`), name);
		if (type !== "histogram") continue;
		const rows = [...samples].filter(([sample]) => sample.startsWith(`${name}_bucket`));
		const bounds = rows.map(([sample]) => Number(/le="([^"]+)"/.exec(sample)[1].replace("+Inf", "Infinity")));
		assert.ok(bounds.every((bound, i) => !i || bound > bounds[i - 1]) && bounds.at(-1) === Infinity, `${name}: bounds grow up to +Inf`);
		assert.ok(samples.has(`${name}_sum`), name);
		const buckets = rows.map(([, value]) => value);
		assert.ok(buckets.every((value, i) => !i || value >= buckets[i - 1]), name);
		assert.equal(buckets.at(-1), samples.get(`${name}_count`));
		assert.equal(samples.get(`${name}_bucket{le="+Inf"}`), samples.get(`${name}_count`));
	}
}

export async function what_happened_is_counted() {
	const server = await Server.start();
	const now = async () => {
		const answer = await server.ask("GET", "/metrics");
		assert.match(answer.headers["content-type"], /^text\/plain; version=0\.0\.4/);
		const figures = read(answer.text);
		checkConventions(figures);
		return figures.samples;
	};
	const before = await now();
	for (const name of ["visitors", "agents", "waiting", "visitor_messages_total", "wait_seconds_count", "commits_failed_total", "scrub_owed", "scrubs_total", "scrub_seconds_total"])
		assert.equal(before.get(`shopbell_${name}`), 0, name);

	const anna = await server.agent("Anna");
	const visitor = await server.visitor(), idle = await server.visitor();
	await visitor.reply(await visitor.say("delivery time"));
	await visitor.reply(await visitor.say("xyzzy plugh frobnicate"));
	visitor.send({ type: "person", client_id: "p" });
	await visitor.acked("p");
	const { conversation } = await anna.any((frame) => frame.type === "event" && frame.client_id === "p", "the event");
	const waiting = await now();
	assert.equal(waiting.get("shopbell_waiting"), 1);
	assert.equal(waiting.get("shopbell_visitors"), 2);
	assert.equal(waiting.get("shopbell_agents"), 1);
	assert.equal(waiting.get('shopbell_handovers_total{reason="asked"}'), 1);
	assert.equal(waiting.get('shopbell_decisions_total{action="answer"}'), 1);
	assert.equal(waiting.get("shopbell_wait_seconds_count"), 0);

	assert.equal((await anna.does({ type: "claim", conversation })).type, "ack");
	assert.equal((await anna.does({ type: "message", conversation, text: "Hello" })).type, "ack");
	await idle.close();
	fs.appendFileSync(path.join(server.intents, "topics.md"), "\n## Broken\n- broken\n\nYes.\n\nnxt: nothing\n");
	await anna.next("corpus");
	const after = await now();
	const wanted = { waiting: 0, wait_seconds_count: 1, agent_messages_total: 1, visitor_messages_total: 3, corpus_current: 0,
		reloads_failed_total: 1, saving: 1, commits_failed_total: 0, conversations_loaded: 1 };
	for (const [name, value] of Object.entries(wanted)) assert.equal(after.get(`shopbell_${name}`), value, name);
	assert.ok(after.get("shopbell_commit_seconds_count") >= 3 && after.get("shopbell_commit_seconds_sum") > 0);
	assert.ok(after.get("shopbell_process_resident_memory_bytes") > 1e6);
	assert.ok(after.get("shopbell_connections_total") >= 3);
	for (const [sample, value] of before) if (/_total|_bucket|_count$/.test(sample)) assert.ok(after.get(sample) >= value, sample);
}
