// SPDX-License-Identifier: Apache-2.0
/* The frames of engine/wire/README.md, as the pages see them: types, and readers that let nothing through whose
 * shape is not the promised one. The only TypeScript that knows the wire. */

export type Owner = "bot" | "queue" | "agent" | "nobody";
export type Author = "visitor" | "bot" | "agent" | "system";
export type Kind =
	| "message" | "handover" | "claim" | "transfer" | "return" | "contact" | "rating" | "notice" | "close"
	| "decision" | "note" | "tags"; // these only for agents

export interface Option { id: string; label: string }
export interface Page { url: string; title: string }

export interface EventFrame {
	type: "event";
	seq: number;
	at: number;
	kind: Kind;
	from: Author;
	text: string;
	owner: Owner;
	episode: number;
	html?: string;
	options?: Option[];
	agent?: { id?: number; name: string };
	reason?: string;
	client_id?: string;
	intent?: string;
	rates?: number;
	helpful?: boolean;
	/* agents only */
	conversation?: number;
	id?: number;
	mood?: { score: number; frustration: number };
	details?: DecisionDetails;
	lang?: string;
	/* of ratings and contacts */
	csat?: number;
	ces?: number;
	nps?: number;
	comment?: string;
	right?: boolean;
	contact?: { name?: string; email: string };
}

export interface Welcome {
	type: "welcome";
	shop: string;
	bot: string;
	open: boolean;
	opens_at?: number;
	agents: number;
	greeting: string;
	suggestions: Option[];
	lang: string;
	conversation: null | { id: number; seq: number; owner: Owner; episode: number };
	limits: { text: number };
	consent: string;
	/* What the survey asks of "csat", "ces", "nps". */
	survey: string[];
}
export interface Ack {
	type: "ack";
	of: string;
	client_id?: string;
	seq?: number;
	at?: number;
	token?: string;
	conversation?: number;
	export?: { conversation: number; events: EventFrame[] };
}
export interface Typing { type: "typing"; from: Author; agent?: { id?: number; name: string }; conversation?: number }
export interface Queue { type: "queue"; position: number; wait_s?: number }
export interface Presence { type: "presence"; open: boolean; opens_at?: number; agents: number }
export interface Read { type: "read"; seq: number; conversation?: number }
export interface WireError {
	type: "error";
	code: string;
	message: string;
	client_id?: string;
	retry_after_ms?: number;
	conversation?: number;
}
export interface Pong { type: "pong" }

export type ServerFrame = Welcome | Ack | EventFrame | Typing | Queue | Presence | Read | Pong | WireError;

export type VisitorFrame =
	| { type: "hello"; token?: string; last_seq?: number; lang?: string; page?: Page; identity?: string }
	/* `token`: the key that the page offers with its first words, as long as it has none. */
	| { type: "message"; client_id: string; text: string; token?: string }
	| { type: "choose"; client_id: string; option: string; token?: string }
	| { type: "person"; client_id: string; token?: string }
	| { type: "typing" }
	| { type: "ping" }
	| { type: "read"; seq: number }
	| ({ type: "page" } & Page)
	| { type: "rate"; seq: number; helpful: boolean; client_id?: string }
	| { type: "survey"; csat?: number; ces?: number; nps?: number; comment?: string; client_id?: string }
	| { type: "contact"; email: string; consent: true; name?: string; client_id?: string }
	| { type: "close"; client_id?: string }
	| { type: "export"; client_id?: string }
	| { type: "erase"; client_id?: string };

/* ---- Agents ---- */

export interface Agent {
	id: number;
	name: string;
	role: "agent" | "owner";
	status: "available" | "away" | "offline";
	capacity: number;
	load: number;
}
export interface Summary {
	id: number;
	seq: number;
	owner: Owner;
	agent?: { id: number; name: string };
	episode: number;
	lang: string;
	created_at: number;
	updated_at: number;
	priority: number;
	reason?: string;
	waiting_since?: number;
	mood: { running: number; trend: "sinking" | "steady" | "rising" };
	/* `agent`: id of the agent who wrote it. */
	last: { from: Author; text: string; at: number; agent?: number };
	intent?: string;
	visitor: {
		name?: string;
		email?: string;
		verified: boolean;
		attributes?: Record<string, unknown>;
		page?: Page;
		online: boolean;
	};
	ticket?: { email: string; at: number };
	closed: boolean;
	right?: boolean;
	snippet?: string;
	tags?: string[];
}
export interface DecisionDetails {
	action: "answer" | "clarify" | "miss" | "handover" | "quiet";
	rule: string;
	intent?: string;
	confidence: number;
	threshold: number;
	candidates: { intent: string; confidence: number }[];
	why: { term: string; weight: number }[];
	mood: {
		score: number;
		frustration: number;
		upset: boolean;
		words: { word: string; family: string; weight: number }[];
	};
	running_mood: number;
	variant?: string;
	segment?: string;
	reason?: string;
	lang: string;
	corpus: string;
	took_us: number;
}
export interface Problem {
	severity: string;
	file: string;
	line: number;
	column: number;
	what: string;
	hint: string;
	source: string;
}
export interface Corpus {
	type?: "corpus";
	version: string;
	serving: boolean;
	loaded_at: number;
	problems: Problem[];
}
export interface AgentWelcome {
	type: "welcome";
	you: { id: number; name: string; role: "agent" | "owner" };
	shop: string;
	agents: Agent[];
	inbox: Summary[];
	last: number;
	corpus: Corpus;
	status: "available" | "away";
	capacity: number;
}
export interface Suggestion { intent: string; question: string; confidence: number; text: string; html: string }
export interface Episode { episode: number; started_at: number; closed_at?: number; reason?: string; csat?: number }
export interface Conversation {
	type: "conversation";
	conversation: Summary;
	events: EventFrame[];
	earlier: Episode[];
	suggestions: Suggestion[];
}
export type AgentServerFrame =
	| AgentWelcome | EventFrame | Conversation | Ack | Typing | Read | Pong | WireError
	| { type: "inbox"; conversation: Summary }
	| { type: "gone"; conversation: number }
	| { type: "suggestions"; conversation: number; suggestions: Suggestion[] }
	| { type: "list"; filter: string; conversations: Summary[]; more: boolean }
	| { type: "presence"; agents: Agent[] }
	| { type: "alert"; conversation: number; text: string }
	| { type: "changed"; what: string }
	| (Corpus & { type: "corpus" });

/* ---- Reading ---- */

/* Per type: the fields without which a page could not go on, each after the first letter of what it is: a number, a
 * string, a boolean, a list or an object (neither null nor a list). `?` at the end: may be missing. */
type Shapes = Record<string, string>;

const shared: Shapes = {
	event: "nseq nat nepisode skind sfrom stext sowner loptions? oagent?",
	ack: "sof oexport?",
	typing: "sfrom",
	read: "nseq",
	pong: "stype",
	error: "scode smessage",
};
const visitor: Shapes = {
	...shared,
	welcome: "sshop sbot sgreeting sconsent lsuggestions lsurvey olimits",
	queue: "nposition",
	presence: "bopen",
};

/* What a value is, by one letter: "l" is a list, "" is null. */
export function letterOf(value: unknown): string {
	return Array.isArray(value) ? "l" : value === null ? "" : (typeof value)[0]!;
}

/* The frame in `data`, if its type is known and every field has the promised shape; otherwise null. */
function read<T>(data: unknown, shapes: Shapes): T | null {
	try {
		const frame = JSON.parse(String(data)) as Record<string, unknown>;
		const shape: unknown = letterOf(frame) === "o" && shapes[String(frame.type)];
		return typeof shape === "string" && shape.split(" ").every((field) => {
			const value = frame[field.slice(1).replace("?", "")];
			return value === undefined ? field.endsWith("?") : letterOf(value) === field[0];
		}) ? frame as T : null;
	} catch {
		return null;
	}
}

/* The frame in `data` that the server sends to a visitor, or null for anything that is not one. */
export function readVisitorFrame(data: unknown): ServerFrame | null {
	return read<ServerFrame>(data, visitor);
}

/* The same for an agent. */
export function readAgentFrame(data: unknown): AgentServerFrame | null {
	return read<AgentServerFrame>(data, {
		...shared,
		welcome: "oyou ocorpus sshop sstatus lagents linbox nlast ncapacity",
		inbox: "oconversation",
		gone: "nconversation",
		conversation: "oconversation levents learlier lsuggestions",
		suggestions: "nconversation lsuggestions",
		list: "sfilter lconversations bmore",
		presence: "lagents",
		alert: "nconversation stext",
		changed: "swhat",
		corpus: "sversion bserving nloaded_at lproblems",
	});
}
