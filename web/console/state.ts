// SPDX-License-Identifier: Apache-2.0
/* All that the console knows, and the one function that changes it. Pure: no clock, no socket, no page. Frames may
 * arrive twice or in the wrong order after a break; the result is the same. */
import type { Link } from "../shared/connection";
import type {
	Ack, Agent, AgentServerFrame, AgentWelcome, Conversation, Corpus, Episode, EventFrame, Suggestion, Summary, WireError,
} from "../shared/wire";

export type Filter = "waiting" | "mine" | "all" | "tickets";
export const FILTERS: readonly Filter[] = ["waiting", "mine", "all", "tickets"];

/* A line of ours that the server has not shown us yet. */
export interface Pending {
	clientId: string;
	kind: "message" | "note";
	text: string;
	at: number;
	status: "sending" | "sent" | "failed";
	/* Once acknowledged: the number that its event will carry. */
	seq?: number;
	problem?: string;
	/* The last number known when it was sent: what is above may be its event. */
	after: number;
}

export interface Thread {
	/* By seq, without doubles. */
	events: readonly EventFrame[];
	/* Everything up to here is in `events`. */
	upTo: number;
	isLoaded: boolean;
	/* An event arrived that does not follow the last one: what lies between must be asked for. */
	hasGap: boolean;
	earlier: readonly Episode[];
	suggestions: readonly Suggestion[];
	pending: readonly Pending[];
	/* The visitor has seen it up to here. */
	readSeq: number;
	typingUntil: number;
	otherTyping?: { name: string; until: number };
	/* Unix ms: when the close that was asked for goes out; until then it can be undone. */
	closesAt?: number;
}

export interface You { id: number; name: string; role: "agent" | "owner" }
/* A reply that the owner keeps for all. */
export interface Reply { id: number; name: string; text: string }
/* What an agent taught, until the owner approves or dismisses it. */
export interface Draft {
	id: number;
	conversation: number;
	seq: number;
	at: number;
	agent?: { id: number; name: string };
	text: string;
	lang?: string;
	intent?: string;
	question?: string;
	answer: string;
}
export interface Toast { id: number; text: string; tone: "info" | "good" | "bad"; conversation?: number }

export interface State {
	link: Link;
	you: You | null;
	shop: string;
	agents: readonly Agent[];
	status: "available" | "away";
	capacity: number;
	last: number;
	corpus: Corpus | null;
	/* Counts up with each welcome: what was asked of an earlier connection must be asked again. */
	welcomes: number;
	summaries: ReadonlyMap<number, Summary>;
	/* How many of them may be kept: more when the agent has asked for more. */
	room: number;
	/* Where the next page of a list begins (an `updated_at`, with whatever else was touched in that millisecond); none when
	 * all of it is here. What the inbox brings along may be much older: it says nothing of what lies between. */
	more: Readonly<Partial<Record<Filter, number>>>;
	threads: ReadonlyMap<number, Thread>;
	alerts: ReadonlyMap<number, string>;
	replies: readonly Reply[];
	/* Of the owner's; null until they are read. */
	drafts: readonly Draft[] | null;
	toasts: readonly Toast[];
	nextToast: number;
}

export type Action =
	| { type: "frame"; frame: AgentServerFrame; now: number }
	| { type: "link"; link: Link }
	| { type: "say"; conversation: number; pending: Pending }
	| { type: "retry"; conversation: number; clientId: string }
	| { type: "discard"; conversation: number; clientId: string }
	| { type: "closing"; conversation: number; at: number | undefined }
	| { type: "keep"; conversations: readonly number[] }
	| { type: "mine"; status: "available" | "away"; capacity: number }
	| { type: "right"; conversation: number; right: boolean }
	| { type: "found"; conversations: readonly Summary[] }
	| { type: "replies"; replies: readonly Reply[] }
	| { type: "drafts"; drafts: readonly Draft[] }
	| { type: "toast"; text: string; tone: Toast["tone"]; conversation?: number }
	| { type: "untoast"; id: number };

/* Summaries that are kept at least; above it those go that nobody has touched for longest. */
export const SUMMARIES_KEPT = 1000;
/* So many go at once, so that not every news has to look for one. */
const SUMMARIES_SHED = 100;

/* How long "is typing" holds after the last sign of it. */
export const TYPING_MS = 6000;

export const emptyThread: Thread = {
	events: [], upTo: 0, isLoaded: false, hasGap: false, earlier: [], suggestions: [], pending: [], readSeq: 0, typingUntil: 0,
};

export const emptyState: State = {
	link: "connecting", you: null, shop: "", agents: [], status: "away", capacity: 0, last: 0, corpus: null, welcomes: 0,
	summaries: new Map(), room: SUMMARIES_KEPT, more: {}, threads: new Map(), alerts: new Map(), replies: [], drafts: null, toasts: [], nextToast: 1,
};

function put<V>(map: ReadonlyMap<number, V>, key: number, value: V): ReadonlyMap<number, V> {
	return new Map(map).set(key, value);
}

function without<V>(map: ReadonlyMap<number, V>, key: number): ReadonlyMap<number, V> {
	if (!map.has(key)) return map;
	const copy = new Map(map);
	copy.delete(key);
	return copy;
}

function withThread(state: State, id: number, change: (thread: Thread) => Thread): State {
	const before = state.threads.get(id) ?? emptyThread;
	const after = change(before);
	return after === before ? state : { ...state, threads: put(state.threads, id, after) };
}

/* ---- Events ---- */

/* Both lists by seq; a number that both hold is taken from `before`. */
export function mergeEvents(before: readonly EventFrame[], news: readonly EventFrame[]): readonly EventFrame[] {
	const lastSeq = before.at(-1)?.seq ?? 0;
	const ascending = news.every((event, i) => event.seq > (i ? news[i - 1]!.seq : lastSeq));
	if (ascending) return news.length ? [...before, ...news] : before;
	const known = new Map(before.map((event) => [event.seq, event]));
	for (const event of news) if (!known.has(event.seq)) known.set(event.seq, event);
	if (known.size === before.length) return before;
	return [...known.values()].sort((a, b) => a.seq - b.seq);
}

function isOurs(pending: Pending, event: EventFrame, you: You | null): boolean {
	if (event.client_id !== undefined && event.client_id === pending.clientId) return true;
	if (pending.seq === event.seq) return true;
	/* A note carries no client_id: the same words, written by us after that moment, are it. */
	return pending.kind === "note" && event.kind === "note" && event.seq > pending.after && event.agent?.id === you?.id &&
		event.text === pending.text;
}

function settle(thread: Thread, events: readonly EventFrame[], you: You | null): readonly Pending[] {
	if (!thread.pending.length) return thread.pending;
	const left = thread.pending.filter((pending) => !events.some((event) => isOurs(pending, event, you)));
	return left.length === thread.pending.length ? thread.pending : left;
}

function addEvent(thread: Thread, event: EventFrame, you: You | null): Thread {
	if (!thread.isLoaded) return thread;
	const events = mergeEvents(thread.events, [event]);
	let upTo = thread.upTo;
	if (event.seq === upTo + 1) {
		for (let at = events.findLastIndex(({ seq }) => seq === upTo + 1); events[at]?.seq === upTo + 1; at++) upTo++;
	}
	const isVisitors = event.from === "visitor" && event.kind === "message";
	return {
		...thread,
		events,
		upTo,
		hasGap: event.seq > upTo,
		pending: settle(thread, [event], you),
		typingUntil: isVisitors ? 0 : thread.typingUntil,
		otherTyping: event.from === "agent" ? undefined : thread.otherTyping,
		/* Whoever writes again is not left: the close is taken back. */
		closesAt: isVisitors || event.kind === "close" ? undefined : thread.closesAt,
	};
}

/* All tags after this event, which tells them a line each. */
export function tagsOf(event: EventFrame): string[] {
	return event.text ? event.text.split("\n") : [];
}

/* The list must not lag behind the conversation, whichever of the two frames comes first. */
function follow(summary: Summary, event: EventFrame): Summary {
	if (event.seq <= summary.seq) return summary;
	return {
		...summary,
		seq: event.seq,
		owner: event.owner,
		updated_at: Math.max(summary.updated_at, event.at),
		closed: event.kind === "close" ? true : event.kind === "message" ? false : summary.closed,
		waiting_since: event.owner !== "queue" ? undefined : summary.waiting_since ?? event.at,
		agent: event.owner !== "agent" ? undefined : event.kind === "claim" && event.agent?.id !== undefined
			? { id: event.agent.id, name: event.agent.name } : summary.agent,
		last: event.kind === "message" ? { from: event.from, text: event.text, at: event.at, agent: event.from === "agent" ? event.agent?.id : undefined } : summary.last,
		tags: event.kind === "tags" ? tagsOf(event) : summary.tags,
	};
}

function takeEvent(state: State, event: EventFrame): State {
	const id = event.conversation;
	if (id === undefined) return state;
	let next = state.threads.has(id) ? withThread(state, id, (thread) => addEvent(thread, event, state.you)) : state;
	const summary = next.summaries.get(id);
	const followed = summary && follow(summary, event);
	if (followed && followed !== summary) next = { ...next, summaries: put(next.summaries, id, followed) };
	if (event.owner !== "queue" && next.alerts.has(id)) next = { ...next, alerts: without(next.alerts, id) };
	return event.id !== undefined && event.id > next.last ? { ...next, last: event.id } : next;
}

/* ---- Other frames ---- */

/* The inbox is all that is open and concerns us. What we knew beside it may be out of date, so it goes, unless it is
 * being read: its thread is asked for again and brings its own summary. */
function takeWelcome(state: State, frame: AgentWelcome): State {
	const summaries = new Map<number, Summary>();
	for (const id of state.threads.keys()) {
		const known = state.summaries.get(id);
		if (known) summaries.set(id, known);
	}
	for (const summary of frame.inbox) summaries.set(summary.id, summary);
	const threads = new Map([...state.threads].map(([id, thread]) => [id, { ...thread, typingUntil: 0, otherTyping: undefined }]));
	return {
		...state,
		link: "online",
		you: frame.you,
		shop: frame.shop,
		agents: frame.agents,
		status: frame.status,
		capacity: frame.capacity,
		last: Math.max(state.last, frame.last),
		corpus: frame.corpus,
		welcomes: state.welcomes + 1,
		summaries,
		room: Math.max(SUMMARIES_KEPT, summaries.size + SUMMARIES_SHED),
		threads,
		more: {},
		alerts: new Map([...state.alerts].filter(([id]) => summaries.get(id)?.owner === "queue")),
	};
}

function takeConversation(state: State, frame: Conversation): State {
	const { id, seq } = frame.conversation;
	const opened = withThread(state, id, (thread) => {
		const events = mergeEvents(thread.events, frame.events);
		const upTo = Math.max(thread.upTo, seq, events.at(-1)?.seq ?? 0);
		return {
			...thread, events, upTo, isLoaded: true, hasGap: false, earlier: frame.earlier, suggestions: frame.suggestions,
			pending: settle(thread, events, state.you),
		};
	});
	return { ...opened, summaries: put(opened.summaries, id, frame.conversation) };
}

function changePending(thread: Thread, clientId: string, change: (pending: Pending) => Pending | null): Thread {
	if (!thread.pending.some((pending) => pending.clientId === clientId)) return thread;
	return {
		...thread,
		pending: thread.pending.flatMap((pending) => {
			const after = pending.clientId === clientId ? change(pending) : pending;
			return after ? [after] : [];
		}),
	};
}

function everyThread(state: State, change: (thread: Thread) => Thread): State {
	let next = state;
	for (const id of state.threads.keys()) next = withThread(next, id, change);
	return next;
}

function takeAck(state: State, frame: Ack): State {
	const { client_id: clientId, seq } = frame;
	if (clientId === undefined) return state;
	return everyThread(state, (thread) =>
		changePending(thread, clientId, (pending) =>
			seq !== undefined && thread.events.some((event) => event.seq === seq) ? null : { ...pending, status: "sent", seq }));
}

function takeError(state: State, frame: WireError): State {
	const { client_id: clientId } = frame;
	if (clientId === undefined) return state;
	return everyThread(state, (thread) =>
		changePending(thread, clientId, (pending) => ({ ...pending, status: "failed", problem: frame.message })));
}

function takeList(state: State, filter: string, list: readonly Summary[], hasMore: boolean): State {
	const summaries = new Map(state.summaries);
	for (const summary of list) summaries.set(summary.id, summary);
	const next = hasMore ? Math.min(...list.map(({ updated_at: at }) => at)) + 1 : undefined;
	/* What was asked for stays. */
	return { ...state, summaries, room: Math.max(state.room, summaries.size + SUMMARIES_SHED), more: { ...state.more, [filter]: next } };
}

function takeTyping(state: State, frame: AgentServerFrame & { type: "typing" }, now: number): State {
	const { conversation: id, from, agent } = frame;
	if (id === undefined || !state.threads.has(id)) return state;
	if (from === "visitor") return withThread(state, id, (thread) => ({ ...thread, typingUntil: now + TYPING_MS }));
	if (agent?.id === state.you?.id) return state;
	const other = { name: agent?.name ?? "A colleague", until: now + TYPING_MS };
	return withThread(state, id, (thread) => ({ ...thread, otherTyping: other }));
}

/* A desk that is open all day must not keep all that passed by: the oldest go, but for those that wait, are somebody's
 * or are open here. The lists ask for them again when one scrolls down to where they were. */
function shed(state: State): State {
	if (state.summaries.size <= state.room) return state;
	const kept = new Map(state.summaries);
	const old = [...kept.values()].filter(({ id, owner, closed }) => !state.threads.has(id) && (closed || owner === "bot" || owner === "nobody"))
		.sort((a, b) => a.updated_at - b.updated_at).slice(0, state.summaries.size - state.room + SUMMARIES_SHED);
	for (const { id } of old) kept.delete(id);
	const next = (old.at(-1)?.updated_at ?? 0) + 1;
	const more = { ...state.more, all: Math.max(next, state.more.all ?? 0), tickets: Math.max(next, state.more.tickets ?? 0) };
	return old.length ? { ...state, summaries: kept, more } : state;
}

function takeInbox(state: State, summary: Summary): State {
	const alerts = summary.owner === "queue" ? state.alerts : without(state.alerts, summary.id);
	return shed({ ...state, alerts, summaries: put(state.summaries, summary.id, summary) });
}

function takeGone(state: State, id: number): State {
	return { ...state, summaries: without(state.summaries, id), threads: without(state.threads, id), alerts: without(state.alerts, id) };
}

function takeFrame(state: State, frame: AgentServerFrame, now: number): State {
	switch (frame.type) {
	case "welcome": return takeWelcome(state, frame);
	case "event": return takeEvent(state, frame);
	case "conversation": return takeConversation(state, frame);
	case "inbox": return takeInbox(state, frame.conversation);
	case "gone": return takeGone(state, frame.conversation);
	case "suggestions":
		return state.threads.has(frame.conversation)
			? withThread(state, frame.conversation, (thread) => ({ ...thread, suggestions: frame.suggestions })) : state;
	case "list": return takeList(state, frame.filter, frame.conversations, frame.more);
	case "presence": {
		const me = frame.agents.find(({ id }) => id === state.you?.id);
		const mine = me && me.status !== "offline" ? { status: me.status, capacity: me.capacity } : {};
		return { ...state, agents: frame.agents, ...mine };
	}
	case "typing": return takeTyping(state, frame, now);
	case "read":
		return frame.conversation !== undefined && state.threads.has(frame.conversation)
			? withThread(state, frame.conversation, (thread) => ({ ...thread, readSeq: Math.max(thread.readSeq, frame.seq) })) : state;
	case "alert": return { ...state, alerts: put(state.alerts, frame.conversation, frame.text) };
	case "corpus": return { ...state, corpus: frame };
	case "ack": return takeAck(state, frame);
	case "error": return takeError(state, frame);
	case "pong": case "changed": return state;
	}
}

function toast(state: State, text: string, tone: Toast["tone"], conversation?: number): State {
	/* Three fit on a phone; the oldest makes room. What is said again stands there once. */
	const others = state.toasts.filter((each) => each.text !== text);
	return { ...state, nextToast: state.nextToast + 1, toasts: [...others.slice(-2), { id: state.nextToast, text, tone, conversation }] };
}

/* What the server found beside what is known; what is known is newer. */
function found(state: State, conversations: readonly Summary[]): State {
	const fresh = conversations.filter(({ id }) => !state.summaries.has(id));
	if (!fresh.length) return state;
	return { ...state, summaries: new Map([...state.summaries, ...fresh.map((summary) => [summary.id, summary] as const)]) };
}

/* Threads beside these are forgotten, save those with words of ours that are not through yet. */
function keep(state: State, conversations: readonly number[]): State {
	const threads = [...state.threads].filter(([id, thread]) => conversations.includes(id) || thread.pending.length || thread.closesAt);
	return threads.length === state.threads.size ? state : { ...state, threads: new Map(threads) };
}

export function reduce(state: State, action: Action): State {
	switch (action.type) {
	case "frame": return takeFrame(state, action.frame, action.now);
	case "link": return state.link === action.link ? state : { ...state, link: action.link };
	case "say":
		return withThread(state, action.conversation, (thread) => ({ ...thread, pending: [...thread.pending, action.pending] }));
	case "retry":
		return withThread(state, action.conversation, (thread) =>
			changePending(thread, action.clientId, (pending) => ({ ...pending, status: "sending", problem: undefined })));
	case "discard":
		return withThread(state, action.conversation, (thread) => changePending(thread, action.clientId, () => null));
	case "closing":
		return withThread(state, action.conversation, (thread) => ({ ...thread, closesAt: action.at }));
	case "keep": return keep(state, action.conversations);
	case "mine": return { ...state, status: action.status, capacity: action.capacity };
	case "right": {
		const summary = state.summaries.get(action.conversation);
		return summary ? { ...state, summaries: put(state.summaries, summary.id, { ...summary, right: action.right }) } : state;
	}
	case "found": return found(state, action.conversations);
	case "replies": return { ...state, replies: action.replies };
	case "drafts": return { ...state, drafts: action.drafts };
	case "toast": return toast(state, action.text, action.tone, action.conversation);
	case "untoast": return { ...state, toasts: state.toasts.filter(({ id }) => id !== action.id) };
	}
}
