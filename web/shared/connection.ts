// SPDX-License-Identifier: Apache-2.0
/* One WebSocket that heals itself. It knows when to connect, when to doubt and when to wait; what is said on it is the
 * caller's. Frames that must not get lost are kept by the caller and sent again once the server has said welcome (it knows
 * them by their client_id), so nothing is queued here. */

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

/* After the first failure 0 to 0.5 s, doubling, up to 2 s while somebody looks at the page and up to 30 s in a hidden
 * tab. Full jitter: a thousand pages do not return in step. */
const FIRST_DELAY_MS = 500;
const VISIBLE_DELAY_MS = 2000;
const HIDDEN_DELAY_MS = 30000;
/* An attempt that hangs (its packets went into the void) is given up soon, so that a network that is back is found
 * within VISIBLE_DELAY_MS + ATTEMPT_MS; the first one and every fifth again wait longer, for a network that is only slow.
 * (Two attempts at once are no way out: RFC 6455, 4.1, allows one a host, and browsers let the second wait.) */
const ATTEMPT_MS = 2500;
const PATIENT_MS = 8000;
const PATIENT_EVERY = 5;
/* A browser cannot send WebSocket pings and does not show those of the server, so silence alone says nothing. After
 * QUIET_MS of it we say `ping`, or after IDLE_QUIET_MS when nothing has been said for BUSY_MS or nobody looks. What is
 * not answered within PROBE_MS is doubted, not dropped: another line is tried beside it, and the first that speaks stays. */
const QUIET_MS = 2500;
const IDLE_QUIET_MS = 20000;
const BUSY_MS = 120000;
const PROBE_MS = 1500;
const PING = '{"type":"ping"}';
const PONG = '{"type":"pong"}';

function hangUp(line: WebSocket | null): void {
	if (!line) return;
	line.onopen = line.onmessage = line.onclose = null;
	line.close();
}

export function connect(options: ConnectionOptions): Connection {
	/* The line that speaks, and the one that has not spoken yet. */
	let socket: WebSocket | null = null;
	let attempt: WebSocket | null = null;
	let wanted = false;
	/* Failed attempts in a row; -1: online. */
	let failures = 0;
	let timer: ReturnType<typeof setTimeout> | undefined;
	let isProbing = false;
	let busyAt = 0;

	function later(ms: number, then: () => void): void {
		clearTimeout(timer);
		timer = setTimeout(then, ms);
	}

	function open(): void {
		if (!failures) options.onLink("connecting");
		hangUp(attempt);
		const mine = (attempt = new WebSocket(options.url));
		mine.onopen = () => mine.send(JSON.stringify(options.hello()));
		mine.onmessage = (message) => {
			if (mine !== socket) {
				/* What was sent on the old line may be lost: whoever waits for an answer has to know. */
				if (socket) options.onLink("offline");
				hangUp(socket);
				socket = mine;
				failures = 0;
			} else hangUp(attempt);
			attempt = null;
			heard(message.data !== PONG);
			options.onData(String(message.data));
		};
		mine.onclose = () => {
			if (mine === attempt && socket) attempt = null; /* the doubted line has the rest of the time to speak */
			else lost();
		};
		later(failures % PATIENT_EVERY ? ATTEMPT_MS : PATIENT_MS, lost);
	}

	/* The line lives. */
	function heard(isNews: boolean): void {
		if (failures >= 0) {
			failures = -1;
			options.onLink("online");
		}
		if (isNews) busyAt = Date.now();
		isProbing = false;
		later(document.hidden || Date.now() - busyAt > BUSY_MS ? IDLE_QUIET_MS : QUIET_MS, ask);
	}

	function ask(): void {
		if (isProbing || failures >= 0) return;
		isProbing = true;
		later(PROBE_MS, open);
		socket?.send(PING); /* it has spoken, so it may be spoken to, even when it is closing */
	}

	function drop(): void {
		clearTimeout(timer);
		hangUp(socket);
		hangUp(attempt);
		socket = attempt = null;
		isProbing = false;
	}

	function lost(): void {
		drop();
		failures = Math.max(failures, 0) + 1;
		options.onLink("offline");
		const limit = Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), document.hidden ? HIDDEN_DELAY_MS : VISIBLE_DELAY_MS);
		later(Math.random() * limit, open);
	}

	return {
		start() {
			if (wanted) return;
			wanted = true;
			/* A page that is put away, to be taken out again by the back button, may not hold a line. */
			addEventListener("pagehide", drop);
			failures = 0;
			open();
		},
		stop() {
			wanted = false;
			removeEventListener("pagehide", drop);
			drop();
			options.onLink("off");
		},
		send(frame) {
			if (!socket || failures >= 0) return false;
			busyAt = Date.now();
			socket.send(JSON.stringify(frame));
			return true;
		},
		probe() {
			if (!wanted) return;
			if (socket) ask();
			else if (!attempt) open();
		},
		renew() {
			drop();
			failures = 0;
			if (wanted) open();
		},
	};
}

/* Calls `then` whenever the page may have slept or the network may have changed; `life` may end that. */
export function onWake(then: () => void, life?: AddEventListenerOptions): void {
	for (const name of ["online", "pageshow", "focus", "visibilitychange"]) {
		/* visibilitychange bubbles from the document to the window. */
		addEventListener(name, () => document.hidden || then(), life);
	}
}
