// SPDX-License-Identifier: Apache-2.0
/* Between the state and the world: sends what the visitor does, sends it again until it is acknowledged, keeps the
 * little that must outlive the page, and shares it with the shop's other tabs. */
import { type Connection, connect, onWake } from "../shared/connection";
import { type EventFrame, letterOf, type Page, readVisitorFrame, type ServerFrame, type VisitorFrame, type WireError } from "../shared/wire";
import { type Host, type Kept, STORE } from "./host";
import * as t from "./texts/en";
import { firstState, type Happening, isLive, isWithPeople, pending, reduce, type SayFrame, type State, unread } from "./state";

/* An unacknowledged line is called "not sent yet" after this, and the line is tested. */
const OVERDUE_MS = 6000;
/* A "typing" of the other side holds for this long; ours is told at most this often. */
const TYPING_MS = 5000;
const TELL_TYPING_MS = 3000;
/* A closed panel with nobody to wait for hangs up after this. */
const IDLE_MS = 60000;

export interface Session {
	state(): State;
	kept(): Kept;
	change(part: Partial<Kept>): void;
	dispatch(happening: Happening): void;
	start(): void;
	/* The panel was closed: hang up soon, if no person is expected to write. */
	rest(): void;
	/* What the visitor says, or the button (`option`) that says it for them. */
	say(type: SayFrame["type"], text: string, option?: string): void;
	retry(clientId: string): void;
	typing(): void;
	/* The visitor sees everything there is. */
	seen(): void;
	/* Sends now or answers false. */
	send(frame: VisitorFrame): boolean;
	/* Sends, and again after each break until the server has it (it takes the same client_id once); false: not now. */
	deed(frame: Deed): boolean;
	forget(): void;
	renew(): void;
	/* The visitor may be somewhere else now. */
	tellPage(): void;
}

export interface SessionOptions {
	host: Host;
	onChange: (state: State) => void;
	/* A line that was not there before and is not the visitor's. */
	onNews: (event: EventFrame) => void;
	/* It will never be taken like this: the words go back to who wrote them. */
	onRefused: (text: string) => void;
	/* The server has done what a frame of type `of` asked for; `events` of an export; "forget": nothing may stay here. */
	onDone: (of: string, events?: EventFrame[]) => void;
	page: () => Page;
}

type Deed = Extract<VisitorFrame, { client_id?: string }>;

/* 128 bits that nobody can guess, in at most 43 characters. */
function newId(): string {
	return crypto.getRandomValues(new Uint32Array(4)).join("-");
}

const NOTHING: Required<Kept> = { token: "", read: 0, unread: 0, live: false, isOpen: false, draft: "", isMuted: false, pending: [] };

/* What the browser kept, as far as it is of the kind that we keep: anybody may have written there. */
function believed(found: unknown): Required<Kept> {
	const kept: any = { ...NOTHING };
	for (const name in kept) if (letterOf((found as any)?.[name]) === letterOf(kept[name])) kept[name] = (found as any)[name];
	kept.pending = kept.pending.filter((frame: any) => frame?.client_id?.trim && frame.text?.trim);
	return kept;
}

export function newSession({ host, onChange, onNews, onRefused, onDone, page }: SessionOptions): Session {
	const { greeting, name, bot, language } = host.config;
	const short = host.lang.slice(0, 2);
	let state = firstState({ shop: name, bot, greeting: greeting[short] ?? greeting[language] ?? "" });
	let kept = believed(host.kept());
	const deeds = new Map<string, Deed>();
	let told = ""; /* the address that the server knows we are at */
	let typingSaid = 0;
	let quiet: ReturnType<typeof setTimeout> | undefined;
	let resting: ReturnType<typeof setTimeout> | undefined;

	const connection: Connection = connect({
		url: `${host.base.replace(/^http/, "ws")}/ws/visitor`,
		hello() {
			told = page().url;
			return {
				type: "hello",
				token: kept.token || undefined,
				last_seq: state.seq,
				lang: host.lang || undefined,
				page: page(),
				identity: host.identity || undefined,
			} satisfies VisitorFrame;
		},
		onData(data) {
			const frame = readVisitorFrame(data);
			if (frame) receive(frame);
		},
		onLink(link) {
			dispatch({ type: "link", link });
		},
	});

	function dispatch(happening: Happening): void {
		state = reduce(state, happening);
		/* A history comes in thousands of frames: noted once, at its end. */
		if (happening.type !== "frame" || state.seq >= state.history) keep();
		onChange(state);
	}

	/* Writes down what a reload must find again. Before the first message there is nothing to find. */
	function keep(): void {
		/* What another tab could not send yet is its own to send, or whose page comes next: it stays. */
		const waiting = [...pending(state), ...kept.pending.filter((frame) => !state.lines.some((line) => line.key === frame.client_id))];
		if (!kept.token && !waiting.length) return;
		kept = { ...kept, read: state.read, unread: unread(state), live: isLive(state) || !!waiting[0], pending: waiting };
		try {
			localStorage.setItem(STORE, JSON.stringify(kept));
		} catch {
			/* full or forbidden: the chat works until the page is left */
		}
		host.unread(kept.unread);
	}

	function receive(frame: ServerFrame): void {
		const isError = frame.type === "error";
		if (isError && frame.code === "unknown_token") forgetAll(false);
		if (isError || frame.type === "ack") {
			const { client_id: id = "", retry_after_ms: pause = 0 } = frame as WireError;
			if (pause) {
				setTimeout(() => retry(id), pause);
				(frame as WireError).message = t.failed; /* the server's words are English */
			} else {
				for (const [key, deed] of deeds) if (deed.client_id === id) deeds.delete(key);
				kept.pending = kept.pending.filter((one) => one.client_id !== id);
			}
		}
		if (frame.type === "ack") received(frame.of, frame.token, frame.export?.events);
		const refused = isError && !frame.retry_after_ms && pending(state).find((one) => one.client_id === frame.client_id);
		const isNews = frame.type === "event" && frame.seq > state.seq && frame.seq > state.history && frame.from !== "visitor";
		dispatch({ type: "frame", frame });
		/* A button that the owner has taken away meanwhile: what stood on it is said instead. */
		if (refused) (frame as WireError).code === "unknown_option" ? say("message", refused.text) : onRefused(refused.text);
		if (frame.type === "welcome") {
			pending(state).forEach(transmit);
			deeds.forEach(connection.send);
		}
		if (frame.type === "typing") {
			clearTimeout(quiet);
			quiet = setTimeout(() => dispatch({ type: "set", change: { typing: "" } }), TYPING_MS);
		}
		if (isNews) onNews(frame as EventFrame);
	}

	function received(of: string, token?: string, events?: EventFrame[]): void {
		if (token) kept.token = token;
		if (of === "erase") {
			forgetAll(true);
			connection.renew();
		}
		onDone(of, events);
	}

	function forgetAll(isAll: boolean): void {
		kept = { ...NOTHING, isOpen: kept.isOpen };
		try {
			localStorage.removeItem(STORE);
		} catch {
			/* then nothing was kept either */
		}
		host.unread(0);
		deeds.clear();
		dispatch({ type: "forget", isAll });
		if (isAll) onDone("forget");
	}

	function say(type: SayFrame["type"], text: string, option?: string): void {
		tellPage();
		/* All that is said before the first answer goes under one key. */
		const frame = { type, client_id: newId(), text, option, token: kept.token ? undefined : pending(state)[0]?.token ?? newId() } as SayFrame;
		dispatch({ type: "say", frame, now: Date.now() });
		start();
		transmit(frame);
	}

	function transmit(frame: SayFrame): void {
		connection.send(frame);
		setTimeout(() => {
			if (!pending(state).includes(frame)) return;
			dispatch({ type: "overdue", client_id: frame.client_id });
			connection.probe();
		}, OVERDUE_MS);
	}

	function retry(clientId: string): void {
		for (const deed of deeds.values()) if (deed.client_id === clientId) connection.send(deed);
		const frame = pending(state).find((one) => one.client_id === clientId);
		if (!frame) return;
		dispatch({ type: "retry", client_id: clientId });
		connection.probe();
		transmit(frame);
	}

	function tellPage(): void {
		const now = page();
		if (told && now.url !== told && connection.send({ type: "page", ...now })) told = now.url;
	}

	/* What another tab of this shop wrote down: its new conversation becomes ours, its reset too. */
	function adopt(event: StorageEvent): void {
		if (event.key !== STORE) return;
		const theirs = believed(host.kept());
		if (theirs.token === kept.token) {
			kept = theirs;
			if (theirs.read > state.read) dispatch({ type: "read", seq: theirs.read });
		} else if (!theirs.token || !pending(state).length) {
			kept = theirs;
			state = reduce(state, { type: "forget", isAll: true });
			onChange(state);
			if (!kept.token) onDone("forget");
			connection.renew();
		}
	}

	function start(): void {
		clearTimeout(resting);
		connection.start();
	}

	addEventListener("storage", adopt);
	onWake(connection.probe);
	state = reduce(state, { type: "read", seq: kept.read });
	for (const frame of kept.pending) state = reduce(state, { type: "say", frame, now: Date.now() });

	return {
		state: () => state,
		kept: () => kept,
		change(part) {
			Object.assign(kept, part);
			keep();
		},
		dispatch,
		start,
		rest() {
			clearTimeout(resting);
			resting = setTimeout(() => {
				if (!isLive(state)) connection.stop();
			}, IDLE_MS);
		},
		say,
		retry,
		typing() {
			if (!isWithPeople(state) || Date.now() - typingSaid < TELL_TYPING_MS) return;
			typingSaid = Date.now();
			connection.send({ type: "typing" });
		},
		seen() {
			if (state.seq <= state.read) return;
			dispatch({ type: "read", seq: state.seq });
			connection.send({ type: "read", seq: state.seq });
		},
		send: connection.send,
		deed(frame) {
			/* Pressed twice before there is an answer: still one. */
			const key = JSON.stringify(frame);
			const whole = deeds.get(key) ?? { ...frame, client_id: newId() };
			deeds.set(key, whole);
			return connection.send(whole);
		},
		forget() {
			forgetAll(true);
			connection.renew();
		},
		renew: connection.renew,
		tellPage,
	};
}
