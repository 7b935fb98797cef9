// SPDX-License-Identifier: Apache-2.0
/* A line between a page and the server that can be cut in ways that a socket does not notice. */
import net from "node:net";

/* `path`: the WebSocket's, which `state.sockets` lets through or not; pages come through in any case. */
export async function wire(server, path) {
	const pairs = new Set();
	const dead = new WeakSet();
	const state = { toServer: true, toPage: true, accepts: true, sockets: true };
	/* While held, bytes wait instead of vanishing, as when packets are sent again until they come through. */
	let held = null;
	const pass = (isOpen, to, bytes) => {
		if (held) held.push(() => to.write(bytes));
		else if (isOpen) to.write(bytes);
	};
	const proxy = net.createServer((near) => {
		if (!state.accepts) return near.destroy();
		const far = net.connect(server.port, "127.0.0.1");
		pairs.add(near).add(far);
		near.on("data", (bytes) => {
			if (!state.sockets && bytes.includes(path)) near.destroy();
			else pass(state.toServer && !dead.has(near), far, bytes);
		});
		far.on("data", (bytes) => pass(state.toPage && !dead.has(near), near, bytes));
		for (const [one, other] of [[near, far], [far, near]]) {
			one.on("error", () => {});
			one.on("close", () => state.accepts && other.destroy());
		}
	});
	await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
	return {
		port: proxy.address().port,
		url: `http://127.0.0.1:${proxy.address().port}`,
		state,
		/* Bytes vanish, nobody is told. */
		silence() { state.toServer = state.toPage = false; },
		hold() { held = []; },
		release() {
			const waiting = held ?? [];
			held = null;
			for (const send of waiting) send();
		},
		/* What was connected is gone for good; new connections work. */
		restore() {
			for (const socket of pairs) socket.destroy();
			pairs.clear();
			state.toServer = state.toPage = state.accepts = true;
		},
		/* New connections work; of the old ones nobody hears anything any more. */
		leaveHalfOpen() {
			for (const socket of pairs) dead.add(socket);
			state.toServer = state.toPage = true;
		},
		close() {
			for (const socket of pairs) socket.destroy();
			proxy.close();
		},
	};
}
