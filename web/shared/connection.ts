// SPDX-License-Identifier: Apache-2.0
/* One WebSocket that heals itself. It knows when to connect, when to doubt and when to wait; what is said on it is the
 * caller's. Frames that must not get lost are kept by the caller and sent again in `onOpen` (the server knows them by
 * their client_id), so nothing is queued here. */

export type Link = "off" | "connecting" | "online" | "offline";

export interface ConnectionOptions {
	url: string;
	/* The first frame, made anew for every connection (it carries the last seq seen). */
	hello: () => object;
	/* Any text that arrives. */
	onData: (data: string) => void;
	onLink: (link: Link) => void;
}

export interface Connection {
	/* Connects, and stays connected until `stop`. Nothing happens when it already is. */
	start(): void;
	stop(): void;
	/* Sends now; false when there is no connection, then it is not sent at all. */
	send(frame: object): boolean;
	/* Something suggests that the line may be dead (the page woke up, the network changed, an answer is overdue):
	 * finds out within PROBE_MS, or connects at once when it waits for a retry. */
	probe(): void;
	/* Hangs up and connects again, e.g. with another token. */
	renew(): void;
}

/* After the first failure 0 to 0.5 s, doubling, up to 4 s while somebody looks at the page (a network that is back is
 * found within that time) and up to 30 s in a hidden tab. Full jitter: a thousand pages do not return in step. */
const FIRST_DELAY_MS = 500;
const VISIBLE_DELAY_MS = 4000;
const HIDDEN_DELAY_MS = 30000;
/* A browser cannot send WebSocket pings and does not show those of the server, so silence alone says nothing. After
 * QUIET_MS of it we say `ping`; any frame will do as the answer. */
const QUIET_MS = 20000;
const PROBE_MS = 4000;
const CONNECT_MS = 8000;

export function connect(options: ConnectionOptions): Connection {
	let socket: WebSocket | null = null;
	let wanted = false;
	let failures = 0;
	let timer: ReturnType<typeof setTimeout> | undefined;
	let isProbing = false;

	function later(ms: number, then: () => void): void {
		clearTimeout(timer);
		timer = setTimeout(then, ms);
	}

	function open(): void {
		clearTimeout(timer);
		isProbing = false;
		if (!failures) options.onLink("connecting");
		const mine = (socket = new WebSocket(options.url));
		mine.onopen = () => {
			if (socket === mine) mine.send(JSON.stringify(options.hello()));
		};
		mine.onmessage = (message) => {
			if (socket !== mine) return;
			heard();
			options.onData(String(message.data));
		};
		mine.onclose = () => {
			if (socket === mine) lost();
		};
		later(CONNECT_MS, lost);
	}

	/* The line lives. */
	function heard(): void {
		if (failures >= 0) {
			failures = -1;
			options.onLink("online");
		}
		isProbing = false;
		later(QUIET_MS, ask);
	}

	function ask(): void {
		if (isProbing || failures >= 0) return;
		isProbing = true;
		later(PROBE_MS, lost);
		try {
			socket?.send('{"type":"ping"}');
		} catch {
			lost();
		}
	}

	function drop(): void {
		const old = socket;
		socket = null;
		if (old) {
			old.onopen = old.onmessage = old.onclose = null;
			old.close();
		}
	}

	function lost(): void {
		drop();
		clearTimeout(timer);
		if (!wanted) return;
		failures = Math.max(failures, 0) + 1;
		options.onLink("offline");
		const limit = Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), document.hidden ? HIDDEN_DELAY_MS : VISIBLE_DELAY_MS);
		later(Math.random() * limit, open);
	}

	return {
		start() {
			if (wanted) return;
			wanted = true;
			failures = 0;
			open();
		},
		stop() {
			wanted = false;
			clearTimeout(timer);
			drop();
			options.onLink("off");
		},
		send(frame) {
			if (!socket || failures >= 0) return false;
			socket.send(JSON.stringify(frame));
			return true;
		},
		probe() {
			if (!wanted) return;
			if (socket) ask();
			else open();
		},
		renew() {
			drop();
			failures = 0;
			if (wanted) open();
		},
	};
}

/* Calls `then` whenever the page may have slept or the network may have changed. Answers how to stop that. */
export function onWake(then: () => void): () => void {
	const life = new AbortController();
	for (const name of ["online", "pageshow", "focus", "visibilitychange"]) {
		/* visibilitychange bubbles from the document to the window. */
		addEventListener(name, () => document.hidden || then(), life);
	}
	return () => life.abort();
}
