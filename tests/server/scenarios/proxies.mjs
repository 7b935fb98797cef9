// SPDX-License-Identifier: Apache-2.0
/* The sample files for a proxy in front: accepted by the real proxies, and a whole conversation goes through each. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { Agent, PATIENCE_MS, Visitor } from "../client.mjs";
import { Server, root } from "../server.mjs";

const sample = (name) => fs.readFileSync(path.join(root, "web/deploy", name), "utf8");

function freePort() {
	return new Promise((resolve) => {
		const probe = net.createServer().listen(0, "127.0.0.1", () => {
			const { port } = probe.address();
			probe.close(() => resolve(port));
		});
	});
}

/* Resolves as soon as somebody listens there. */
function listening(port) {
	const until = Date.now() + PATIENCE_MS;
	return new Promise((resolve, reject) => {
		const knock = () => {
			const socket = net.connect(port, "127.0.0.1", () => resolve(socket.destroy()));
			socket.on("error", (error) => (Date.now() < until ? setImmediate(knock) : reject(error)));
		};
		knock();
	});
}

async function through(server, port, command, args) {
	const proxy = spawn(command, args, { cwd: server.folder, env: { ...process.env, HOME: server.folder } });
	let said = "";
	proxy.stderr.on("data", (bytes) => { said += bytes; });
	const gone = new Promise((resolve) => proxy.on("close", resolve));
	try {
		await Promise.race([listening(port), gone.then(() => { throw new Error(`${command} ended:\n${said}`); })]);
		const cookie = await server.agentCookie("Anna");
		const page = await fetch(`http://127.0.0.1:${port}/widget.js`);
		assert.equal(page.status, 200);
		const visitor = await Visitor.arrive(port);
		const agent = await Agent.arrive(port, cookie);
		await agent.does({ type: "presence", status: "available" });
		const ack = await visitor.say("wheres my parcel");
		assert.equal((await visitor.reply(ack)).intent, "track-order");
		const { id } = await agent.any((frame) => frame.type === "inbox", "the inbox").then((frame) => frame.conversation);
		assert.equal((await agent.does({ type: "claim", conversation: id })).type, "ack");
		assert.equal((await agent.does({ type: "message", conversation: id, text: "Hello from Anna" })).type, "ack");
		await visitor.any((frame) => frame.type === "event" && frame.text === "Hello from Anna", "the agent's line");
		await visitor.close();
		await agent.close();
	} finally {
		proxy.kill("SIGTERM");
		await gone;
	}
}

function nginxMain(folder, site) {
	const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
		.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join("\n");
	fs.writeFileSync(path.join(folder, "site.conf"), site);
	fs.writeFileSync(path.join(folder, "nginx.conf"), `daemon off;\nmaster_process off;\npid ${folder}/nginx.pid;\n` +
		`error_log stderr;\nevents { }\nhttp {\naccess_log off;\n${temporary}\ninclude ${folder}/site.conf;\n}\n`);
	return ["-e", "stderr", "-p", folder, "-c", path.join(folder, "nginx.conf")];
}

export async function nginx() {
	const server = await Server.start({ args: ["--proxy", "127.0.0.1"] });
	const port = await freePort();
	const certificate = spawnSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
		"/CN=chat.shop.example", "-keyout", "privkey.pem", "-out", "fullchain.pem"], { cwd: server.folder, encoding: "utf8" });
	assert.equal(certificate.status, 0, certificate.stderr);
	const whole = sample("nginx.conf").replaceAll("/etc/letsencrypt/live/chat.shop.example", server.folder);
	const check = spawnSync("nginx", ["-t", ...nginxMain(server.folder, whole)], { encoding: "utf8" });
	assert.equal(check.status, 0, check.stderr);

	/* The same without TLS, on free ports. */
	const plain = whole.replaceAll("server 127.0.0.1:8080;", `server 127.0.0.1:${server.port};`)
		.replace("listen 80;", "listen 127.0.0.1:0;").replace(/server \{\s+listen 127\.0\.0\.1:0;[^}]*\}/, "")
		.replace("listen 443 ssl http2;", `listen 127.0.0.1:${port};`).replace(/^\s*ssl_certificate.*$/gm, "");
	await through(server, port, "nginx", nginxMain(server.folder, plain));
}

export async function caddy() {
	const server = await Server.start({ args: ["--proxy", "127.0.0.1"] });
	const port = await freePort();
	const file = path.join(server.folder, "Caddyfile");
	fs.writeFileSync(file, sample("Caddyfile"));
	const check = spawnSync("caddy", ["adapt", "--config", file, "--adapter", "caddyfile"], { encoding: "utf8" });
	assert.equal(check.status, 0, check.stderr);
	fs.writeFileSync(file, `{\n\tadmin off\n\tauto_https off\n}\n${sample("Caddyfile")
		.replace("chat.shop.example {", `http://127.0.0.1:${port} {`).replace("127.0.0.1:8080", `127.0.0.1:${server.port}`)}`);
	await through(server, port, "caddy", ["run", "--config", file, "--adapter", "caddyfile"]);
}
