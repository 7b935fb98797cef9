// SPDX-License-Identifier: Apache-2.0
/* What the chat knows, and how each happening changes it. Pure: no clock, no socket, no DOM; the same happenings in the
 * same order give the same state, so a test can replay any trouble. */
import type { Link } from "../shared/connection";
import type { Author, EventFrame, Kind, Option, Owner, Presence, ServerFrame, VisitorFrame, Welcome } from "../shared/wire";

/* Frames that make a line of the visitor's own, with the text that the line shows (the server reads it in a `message`
 * alone and ignores it elsewhere). */
export type SayFrame = Extract<VisitorFrame, { type: "message" | "choose" | "person" }> & { text: string };

export interface Line {
	key: string;
	/* 0 until the server has acknowledged it. */
	seq: number;
	at: number;
	kind: Kind;
	from: Author;
	text: string;
	html?: string;
	options: readonly Option[];
	/* Name of the agent who wrote it. */
	agent: string;
	episode: number;
	/* Only on the visitor's own lines that are not acknowledged yet: what to send again, and whether it is overdue. */
	unsent?: SayFrame;
	isFailed: boolean;
	canRate: boolean;
	helpful: boolean | null;
}

export interface State {
	link: Link;
	shop: string;
	bot: string;
	greeting: string;
	suggestions: Option[];
	consent: string;
	/* What the survey asks: "csat", "ces", "nps". */
	questions: readonly string[];
	limit: number;
	/* When people will be there again; 0: they are, or nobody knows. */
	opensAt: number;
	lines: Line[];
	/* Highest seq received; all up to it is in `lines`. */
	seq: number;
	/* Up to here the server had, when it said welcome: what is above is news, what is not is history. */
	history: number;
	read: number;
	agentRead: number;
	owner: Owner;
	agent: string;
	episode: number;
	queue: { position: number; wait_s?: number } | null;
	/* Name of who is typing, "" nobody. */
	typing: string;
	/* A line of the visitor waits for the bot's. */
	isAwaiting: boolean;
	survey: "" | "asked" | "done";
	/* One sentence for the visitor: that something worked, or else a refusal. */
	notice: string;
	isGood: boolean;
}

export type Happening =
	| { type: "frame"; frame: ServerFrame }
	| { type: "link"; link: Link }
	| { type: "say"; frame: SayFrame; now: number }
	| { type: "overdue"; client_id: string }
	| { type: "retry"; client_id: string }
	| { type: "read"; seq: number }
	| { type: "set"; change: Partial<Pick<State, "survey" | "notice" | "isGood" | "typing">> }
	/* `isAll`: what was not acknowledged too. Otherwise it goes into whatever conversation comes next. */
	| { type: "forget"; isAll: boolean };

/* What most lines have in common. */
export const PLAIN = {
	seq: 0, kind: "message", options: [], agent: "", episode: 0, isFailed: false, canRate: false, helpful: null,
} as const;

/* What is known before the first frame, and after everything has been forgotten. */
const FRESH = {
	lines: [], seq: 0, history: 0, read: 0, agentRead: 0, owner: "bot", agent: "", episode: 0, queue: null,
	typing: "", isAwaiting: false, survey: "", notice: "", isGood: true,
} as const;

export function firstState(names: { shop: string; bot: string; greeting: string }): State {
	return { ...FRESH, ...names, lines: [], link: "off", suggestions: [], consent: "", questions: [], limit: 4000, opensAt: 0 };
}

/* ---- Questions ---- */

export function unread(state: State): number {
	return state.lines.filter((line) => line.from !== "visitor" && line.seq > state.read).length;
}

/* A person answers, or is to. */
export function isWithPeople(state: State): boolean {
	return /queue|agent/.test(state.owner);
}

/* May somebody write to this visitor at any moment? */
export function isLive(state: State): boolean {
	return isWithPeople(state) || pending(state).length > 0;
}

export function isClosed(state: State): boolean {
	return state.lines.at(-1)?.kind === "close";
}

/* What must be sent again after a break, in the order in which it was said. */
export function pending(state: State): SayFrame[] {
	return state.lines.flatMap(({ unsent }) => unsent ?? []);
}

/* The key of the line whose buttons can still be pressed: the last one with buttons after which the visitor has said
 * nothing. "" is the greeting. null: none. */
export function lineWithOptions(state: State): string | null {
	/* Buttons are the bot's; a person is asked in words. */
	if (state.owner === "agent") return null;
	for (let i = state.lines.length - 1; i >= 0; i--) {
		const line = state.lines[i]!;
		if (line.from === "visitor" && line.kind === "message") return null;
		if (line.kind === "close") return "";
		if (line.options.length) return line.key;
	}
	return "";
}

/* ---- Changes ---- */

function isShown(event: EventFrame): boolean {
	return event.kind !== "rating" && (event.text !== "" || !!event.html);
}

function lineOf(event: EventFrame): Line {
	const { client_id: id, seq, kind, from, agent, intent } = event;
	return {
		...PLAIN, ...event,
		key: id && from === "visitor" ? id : `#${seq}`,
		agent: agent?.name ?? "",
		helpful: null,
		canRate: from === "bot" && kind === "message" && !!intent,
	};
}

/* Acknowledged lines by seq, then the others as they were said. */
function placed(lines: Line[], line: Line): Line[] {
	const last = lines.at(-1)?.seq;
	if (last && last < line.seq) return [...lines, line]; /* the usual case, and quick: a long history is read this way */
	const others = lines.filter((other) => other.key !== line.key && (other.seq !== line.seq || !line.seq));
	let at = others.length;
	if (line.seq) while (at > 0 && (!others[at - 1]!.seq || others[at - 1]!.seq > line.seq)) at--;
	return [...others.slice(0, at), line, ...others.slice(at)];
}

function changed(lines: Line[], isMeant: (line: Line) => boolean, change: Partial<Line>): Line[] {
	return lines.map((line) => (isMeant(line) ? { ...line, ...change } : line));
}

/* A line that is not acknowledged: is it late, or refused? */
function withFailed(state: State, clientId: string | undefined, isFailed: boolean): State {
	return { ...state, lines: changed(state.lines, (line) => !!line.unsent && line.key === clientId, { isFailed }) };
}

function withEvent(state: State, event: EventFrame): State {
	const next = { ...state };
	if (isShown(event)) {
		const old = event.seq <= state.seq && state.lines.find((line) => line.seq === event.seq);
		next.lines = placed(state.lines, { ...lineOf(event), helpful: old ? old.helpful : null });
	}
	if (event.kind === "rating" && event.rates) {
		next.lines = changed(next.lines, (line) => line.seq === event.rates, { helpful: event.helpful ?? null });
	}
	if (event.seq <= state.seq) return next;
	next.seq = event.seq;
	next.owner = event.owner;
	next.episode = event.episode;
	if (event.owner !== "queue") next.queue = null;
	if (event.owner !== "agent") next.agent = "";
	else if (event.agent && (/claim|transfer/.test(event.kind) || event.from === "agent")) next.agent = event.agent.name;
	if (event.kind === "close") next.survey = event.seq > state.history && state.questions.length ? "asked" : "";
	if (event.kind === "rating" && !event.rates) next.survey = "done";
	if (event.from === "visitor") {
		if (event.kind === "message") {
			next.isAwaiting = event.owner === "bot" && event.seq > state.history;
			next.survey = "";
		}
	} else {
		next.isAwaiting = false;
		next.typing = "";
	}
	return next;
}

/* An acknowledgement does not move `seq`: lines below it may still be on their way. */
function withAck(state: State, clientId: string, seq: number, at: number): State {
	const line = state.lines.find((one) => one.key === clientId && one.unsent);
	if (!line || !seq) return state;
	return { ...state, lines: placed(state.lines, { ...line, seq, at, unsent: undefined, isFailed: false }) };
}

/* Whoever is there after hours answers too. */
function opening({ agents, opens_at: at = 0 }: Welcome | Presence): number {
	return agents ? 0 : at;
}

function withWelcome(state: State, welcome: Welcome): State {
	const { survey: questions, limits, conversation, ...words } = welcome;
	const { owner = "bot", episode = 0, seq: history = 0 } = conversation ?? {};
	return { ...state, ...words, questions, limit: limits.text, opensAt: opening(welcome), owner, episode, history, typing: "" };
}

function withFrame(state: State, frame: ServerFrame): State {
	switch (frame.type) {
	case "event":
		return withEvent(state, frame);
	case "ack":
		return frame.client_id ? withAck(state, frame.client_id, frame.seq ?? 0, frame.at ?? 0) : state;
	case "welcome":
		return withWelcome(state, frame);
	case "typing":
		return frame.from === "visitor" ? state : { ...state, typing: frame.agent?.name || state.agent || state.bot };
	case "queue":
		return { ...state, notice: "", queue: { position: frame.position, wait_s: frame.wait_s } };
	case "presence":
		return { ...state, opensAt: opening(frame) };
	case "read":
		return { ...state, agentRead: Math.max(state.agentRead, frame.seq) };
	case "pong":
		return state;
	case "error":
		/* A token that is worth nothing any more (the session forgets it) is no news. */
		if (frame.code === "unknown_token") return state;
		/* What can be said again later stays; what was refused for good would be refused again with every page. */
		return {
			...(frame.retry_after_ms ? withFailed(state, frame.client_id, true) : { ...state, lines: state.lines.filter(({ key }) => key !== frame.client_id) }),
			notice: frame.message, isGood: false, isAwaiting: false,
		};
	}
}

export function reduce(state: State, happening: Happening): State {
	switch (happening.type) {
	case "frame":
		return withFrame(state, happening.frame);
	case "link":
		/* What could not be done without a line is done with the next. */
		return {
			...state, link: happening.link, typing: "", isAwaiting: state.isAwaiting && happening.link === "online",
			notice: state.isGood || happening.link !== "online" ? state.notice : "",
		};
	case "say":
		return {
			...state,
			notice: "",
			survey: "",
			isAwaiting: !isWithPeople(state),
			lines: placed(state.lines, {
				...PLAIN, key: happening.frame.client_id, at: happening.now, from: "visitor", text: happening.frame.text,
				episode: state.episode, unsent: happening.frame,
			}),
		};
	case "overdue":
		return withFailed(state, happening.client_id, true);
	case "retry":
		return { ...withFailed(state, happening.client_id, false), notice: "" };
	case "read":
		return { ...state, read: Math.max(state.read, happening.seq) };
	case "set":
		return { ...state, ...happening.change };
	case "forget":
		return { ...state, ...FRESH, lines: happening.isAll ? [] : state.lines.filter((line) => line.unsent) };
	}
}
