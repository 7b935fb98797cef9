// SPDX-License-Identifier: Apache-2.0
/* A WebSocket client that does as it is told, also what no browser would do: unmasked and half frames, wrong opcodes,
 * bytes that are not text. Frames are awaited by what they are, never by time. */
import net from "node:net";
import { randomBytes } from "node:crypto";

/* How long anything may take before a test counts as failed. Generous: sanitizer builds on a busy machine. */
export const PATIENCE_MS = 20000;

export const OP = { more: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

/* One frame as bytes. */
export function frameBytes(op, payload, { final = true, masked = true, rsv = 0 } = {}) {
	const body = Buffer.isBuffer(payload) ? payload : Buffer.from(payload);
	const head = [(final ? 0x80 : 0) | rsv << 4 | op];
	const bit = masked ? 0x80 : 0;
	if (body.length < 126) head.push(bit | body.length);
	else if (body.length < 65536) head.push(bit | 126, body.length >> 8, body.length & 255);
	else head.push(bit | 127, 0, 0, 0, 0, ...[24, 16, 8, 0].map((shift) => body.length >>> shift & 255));
	if (!masked) return Buffer.concat([Buffer.from(head), body]);
	const mask = randomBytes(4);
	const hidden = Buffer.from(body);
	for (let i = 0; i < hidden.length; i++) hidden[i] ^= mask[i & 3];
	return Buffer.concat([Buffer.from(head), mask, hidden]);
}

export function handshake(path, port, headers = {}) {
	const all = {
		Host: `127.0.0.1:${port}`, Upgrade: "websocket", Connection: "Upgrade",
		"Sec-WebSocket-Key": randomBytes(16).toString("base64"), "Sec-WebSocket-Version": "13", ...headers,
	};
	return `GET ${path} HTTP/1.1\r\n${Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
}

export class Client {
	/* Resolves when the handshake is answered, whatever the answer; `status` tells. `behind`: bytes that are sent together
	 * with the request; `slowly`: all of it a byte at a time. */
	static open(port, path, { headers, from, behind = Buffer.alloc(0), slowly = false } = {}) {
		const client = new Client();
		client.socket = net.connect({ port, host: "127.0.0.1", localAddress: from, noDelay: true });
		const bytes = Buffer.concat([Buffer.from(handshake(path, port, headers)), behind]);
		const drip = (at) => {
			if (at >= bytes.length || client.isGone) return;
			client.raw(bytes.subarray(at, at + 1));
			setImmediate(drip, at + 1);
		};
		if (slowly) drip(0);
		else client.raw(bytes);
		client.socket.on("data", (bytes) => client.#take(bytes));
		client.socket.on("error", () => {});
		client.socket.on("close", () => client.#ended());
		return client.#until(() => client.status || client.isGone, "an answer to the handshake").then(() => client);
	}

	status = 0;
	head = "";
	frames = [];       // all text frames, read
	closeCode = 0;
	isGone = false;
	isRude = false;    // does not answer a close
	#bytes = Buffer.alloc(0);
	#parts = [];
	#waiting = new Set();
	#seen = 0;

	#ended() {
		this.isGone = true;
		this.#wake();
	}

	#wake() {
		for (const check of [...this.#waiting]) check();
	}

	#until(condition, what) {
		return new Promise((resolve, reject) => {
			const stack = new Error(`waited in vain for ${what}`);
			const timer = setTimeout(() => {
				this.#waiting.delete(check);
				stack.message += `; frames so far:\n${this.frames.map((frame) => JSON.stringify(frame)).join("\n")}`;
				reject(stack);
			}, PATIENCE_MS);
			const check = () => {
				const value = condition();
				if (!value) return;
				clearTimeout(timer);
				this.#waiting.delete(check);
				resolve(value);
			};
			this.#waiting.add(check);
			check();
		});
	}

	#take(bytes) {
		this.#bytes = this.#bytes.length ? Buffer.concat([this.#bytes, bytes]) : bytes;
		if (!this.status) {
			const end = this.#bytes.indexOf("\r\n\r\n");
			if (end < 0) return;
			this.head = this.#bytes.subarray(0, end).toString();
			this.status = Number(this.head.split(" ")[1]);
			this.#bytes = this.#bytes.subarray(end + 4);
		}
		while (this.status === 101 && this.#takeFrame());
		this.#wake();
	}

	#takeFrame() {
		const b = this.#bytes;
		if (b.length < 2) return false;
		let length = b[1] & 127, at = 2;
		if (length === 126) {
			if (b.length < 4) return false;
			length = b.readUInt16BE(2);
			at = 4;
		} else if (length === 127) {
			if (b.length < 10) return false;
			length = Number(b.readBigUInt64BE(2));
			at = 10;
		}
		if (b.length < at + length) return false;
		this.#takePayload(b[0] & 15, Boolean(b[0] & 128), b.subarray(at, at + length));
		this.#bytes = b.subarray(at + length);
		return true;
	}

	#takePayload(op, isFinal, payload) {
		if (op === OP.ping) this.raw(frameBytes(OP.pong, payload));
		if (op === OP.close) {
			this.closeCode = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
			if (!this.isRude) this.raw(frameBytes(OP.close, payload));
		}
		if (op !== OP.text && op !== OP.more) return;
		this.#parts.push(payload);
		if (!isFinal) return;
		this.frames.push(JSON.parse(Buffer.concat(this.#parts).toString()));
		this.#parts = [];
	}

	raw(bytes) {
		this.socket.write(bytes);
	}

	text(text) {
		this.raw(frameBytes(OP.text, text));
	}

	send(...frames) {
		this.raw(Buffer.concat(frames.map((frame) => frameBytes(OP.text, JSON.stringify(frame)))));
	}

	/* The next frame that fits, after those that were awaited before. */
	async next(fits, what = "a frame") {
		const test = typeof fits === "string" ? (frame) => frame.type === fits : fits;
		const found = await this.#until(() => {
			for (let i = this.#seen; i < this.frames.length; i++)
				if (test(this.frames[i])) return { at: i };
			if (this.isGone) return { gone: true };
			return null;
		}, typeof fits === "string" ? `a frame "${fits}"` : what);
		if (found.gone)
			throw new Error(`the connection ended (${this.closeCode}) before ${typeof fits === "string" ? fits : what}; ` +
				this.frames.map((frame) => JSON.stringify(frame)).join("\n"));
		this.#seen = found.at + 1;
		return this.frames[found.at];
	}

	/* The first frame of all that fits, also of those passed over. */
	any(fits, what = "a frame") {
		return this.#until(() => this.frames.find(fits), what);
	}

	/* A condition over all that has come. */
	until(condition, what) {
		return this.#until(condition, what);
	}

	ended() {
		return this.#until(() => this.isGone, "the end of the connection");
	}

	close() {
		this.socket.destroy();
		return this.ended();
	}

	/* Events, in the order in which they came. */
	get events() {
		return this.frames.filter((frame) => frame.type === "event");
	}
}

/* A visitor who has said hello. */
export class Visitor extends Client {
	static async arrive(port, hello = {}, options = {}) {
		const client = await Client.open(port, "/ws/visitor", options);
		if (client.status !== 101) throw new Error(`refused: ${client.head}`);
		Object.setPrototypeOf(client, Visitor.prototype);
		client.send({ type: "hello", ...hello });
		client.welcome = await client.next("welcome");
		return client;
	}

	/* Says something and waits until it is kept; the ack. */
	async say(text, clientId = randomBytes(8).toString("hex")) {
		this.send({ type: "message", client_id: clientId, text });
		return this.acked(clientId);
	}

	async acked(clientId) {
		const ack = await this.any((frame) => (frame.type === "ack" || frame.type === "error") &&
			frame.client_id === clientId, `the ack of ${clientId}`);
		if (ack.token) this.token = ack.token;
		return ack;
	}

	/* The event that answers a message: the first public one after it that is not the visitor's. */
	async reply(ack) {
		return this.any((frame) => frame.type === "event" && frame.seq > ack.seq && frame.from !== "visitor",
			`a reply after ${ack.seq}`);
	}
}

/* An agent who has signed in and said hello. */
export class Agent extends Client {
	static async arrive(port, cookie, hello = {}) {
		const client = await Client.open(port, "/ws/agent",
			{ headers: { Cookie: cookie, Origin: `http://127.0.0.1:${port}` } });
		if (client.status !== 101) throw new Error(`refused: ${client.head}`);
		Object.setPrototypeOf(client, Agent.prototype);
		client.send({ type: "hello", ...hello });
		client.welcome = await client.next("welcome");
		return client;
	}

	/* Sends a verb and waits for its ack or error. */
	async does(frame) {
		const clientId = frame.client_id ?? randomBytes(8).toString("hex");
		this.send({ ...frame, client_id: clientId });
		return this.any((answer) => (answer.type === "ack" || answer.type === "error") && answer.client_id === clientId,
			`the answer to ${frame.type}`);
	}
}
