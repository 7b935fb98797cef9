// SPDX-License-Identifier: Apache-2.0
/* The real program on a free port, with a data folder and topic files of its own. */
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Agent, PATIENCE_MS, Visitor } from "./client.mjs";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
export const program = path.resolve(process.env.SHOPBELL ?? path.join(root, "build/shopbell"));
const variant = /build\/(asan|tsan)\//.exec(program)?.[1] ?? "release";
/* A program that is linked with something of the tests', of the same variant. */
export const built = (name) => path.join(root, "build", variant, "tests", name);
export const PASSWORD = "correct horse battery";

const SETTINGS = {
	shop: { name: "Test Shop", greeting: "Hello, I am a bot.", suggestions: "delivery-time" },
	handover: { "agent grace": "60 seconds" },
	limits: { "messages per minute": "10000", "connections per address": "10000" },
};

/* shop.ini, with some values replaced, or left out (null). */
export function settings(changes = {}) {
	const all = structuredClone(SETTINGS);
	for (const [section, values] of Object.entries(changes)) all[section] = { ...all[section], ...values };
	return Object.entries(all).map(([section, values]) => `[${section}]\n` +
		Object.entries(values).filter(([, value]) => value !== null).map(([key, value]) => `${key} = ${value}\n`).join("")).join("\n");
}

export function run(...args) {
	return spawnSync(program, args, { encoding: "utf8", cwd: root, timeout: PATIENCE_MS * 3 });
}

export class Server {
	static #all = new Set();

	/* Starts with the topic files of tests/server/intents (or `intents`) and the settings changed; `by`: a command that
	 * starts the command behind it; `binary`: another program than usual. */
	static async start({ changes, intents, args = [], folder, port = 0, by = [], binary = program } = {}) {
		const server = new Server();
		server.folder = folder ?? fs.mkdtempSync(path.join(os.tmpdir(), "shopbell-test-"));
		server.data = path.join(server.folder, "data");
		server.intents = path.join(server.folder, "intents");
		if (!folder) {
			fs.cpSync(intents ?? path.join(root, "tests/server/intents"), server.intents, { recursive: true });
			fs.writeFileSync(path.join(server.intents, "shop.ini"), settings(changes));
		}
		server.args = args;
		server.command = [...by, binary];
		Server.#all.add(server);
		await server.up(port);
		return server;
	}

	async up(port = this.port ?? 0) {
		this.stdout = this.stderr = "";
		const [command, ...before] = this.command;
		this.child = spawn(command, [...before, "serve", "--intents", this.intents, "--data", this.data, "--listen",
			`127.0.0.1:${port}`, ...this.args], { cwd: root });
		const child = this.child;
		child.stderr.on("data", (bytes) => { this.stderr += bytes; });
		this.exited = new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal })));
		await new Promise((resolve, reject) => {
			const timer = setTimeout(() => reject(new Error(`the server does not start\n${this.stderr}`)), PATIENCE_MS);
			child.stdout.on("data", (bytes) => {
				this.stdout += bytes;
				const found = /^shopbell: listening on http:\/\/127\.0\.0\.1:(\d+)$/m.exec(this.stdout);
				if (!found) return;
				this.port = Number(found[1]);
				clearTimeout(timer);
				resolve();
			});
			this.exited.then(({ code }) => {
				clearTimeout(timer);
				reject(new Error(`the server ended with ${code}\n${this.stderr}`));
			});
		});
	}

	/* The one-time link, as soon as it is printed. */
	async link() {
		await this.until(() => /#setup=([\w-]+)/.test(this.stdout), "the one-time link");
		return /#setup=([\w-]+)/.exec(this.stdout)[1];
	}

	/* Waits on a condition over what the program has printed. */
	until(condition, what) {
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => reject(new Error(`waited in vain for ${what}\n${this.stderr}`)), PATIENCE_MS);
			const check = () => {
				if (!condition()) return;
				clearTimeout(timer);
				this.child.stderr.off("data", check);
				this.child.stdout.off("data", check);
				resolve();
			};
			this.child.stderr.on("data", check);
			this.child.stdout.on("data", check);
			check();
		});
	}

	async kill(signal = "SIGKILL") {
		this.child.kill(signal);
		return this.exited;
	}

	/* Every server that a test leaves behind has to stop cleanly: sanitizers report leaks at the end. */
	static async stopAll() {
		const servers = [...Server.#all];
		Server.#all.clear();
		const bad = [];
		for (const server of servers) {
			if (server.child.exitCode === null && server.child.signalCode === null) {
				const late = setTimeout(() => server.child.kill("SIGKILL"), PATIENCE_MS);
				const { code, signal } = await server.kill("SIGTERM");
				clearTimeout(late);
				if (code !== 0) bad.push(`the server ended with ${code ?? signal}\n${server.stderr}`);
			}
			fs.rmSync(server.folder, { recursive: true, force: true });
		}
		if (bad.length) throw new Error(bad.join("\n"));
	}

	/* One HTTP request. */
	ask(method, target, { body, headers = {}, cookie, type = "application/json", from } = {}) {
		const payload = body === undefined ? undefined : typeof body === "string" || Buffer.isBuffer(body) ? body
			: JSON.stringify(body);
		return new Promise((resolve, reject) => {
			const request = http.request({ host: "127.0.0.1", port: this.port, method, path: target, agent: false, localAddress: from,
				headers: { ...(payload === undefined ? {} : { "Content-Type": type, "Content-Length": Buffer.byteLength(payload) }),
					...(cookie ? { Cookie: cookie } : {}), ...headers } }, (response) => {
				const parts = [];
				response.on("data", (part) => parts.push(part));
				response.on("end", () => {
					const text = Buffer.concat(parts).toString();
					let json;
					try { json = JSON.parse(text); } catch { /* not all answers are JSON */ }
					resolve({ status: response.statusCode, headers: response.headers, text, json });
				});
			});
			request.on("error", reject);
			request.setTimeout(PATIENCE_MS, () => request.destroy(new Error(`no answer to ${method} ${target}`)));
			request.end(payload);
		});
	}

	visitor(hello, options) {
		return Visitor.arrive(this.port, hello, options);
	}

	/* Makes the first owner and gives the cookie. */
	async owner(name = "Olga") {
		const answer = await this.ask("POST", "/api/v1/setup",
			{ body: { link: await this.link(), name, password: PASSWORD } });
		if (answer.status !== 200) throw new Error(`no owner: ${answer.status} ${answer.text}`);
		this.ownerCookie = cookieOf(answer);
		return this.ownerCookie;
	}

	/* A new agent who is signed in; the cookie. */
	async agentCookie(name, role = "agent") {
		const owner = this.ownerCookie ?? await this.owner();
		const made = await this.ask("POST", "/api/v1/agents", { cookie: owner, body: { name, role, password: PASSWORD } });
		if (made.status !== 201) throw new Error(`no agent: ${made.status} ${made.text}`);
		return this.signIn(name);
	}

	async signIn(name, password = PASSWORD) {
		const answer = await this.ask("POST", "/api/v1/session", { body: { name, password } });
		if (answer.status !== 200) throw new Error(`not signed in: ${answer.status} ${answer.text}`);
		return cookieOf(answer);
	}

	/* A new agent, connected. */
	async agent(name = "Anna") {
		return Agent.arrive(this.port, await this.agentCookie(name));
	}
}

export function cookieOf(answer) {
	return answer.headers["set-cookie"][0].split(";")[0];
}
