// SPDX-License-Identifier: Apache-2.0
/* The console's HTTP calls (engine/wire/README.md). */
import type { Agent, Corpus, Problem, Summary } from "../shared/wire";
import type { Draft, Reply, You } from "./state";

export class ApiError extends Error {
	constructor(readonly status: number, message: string, readonly retryAfterS = 0, readonly problems: readonly Problem[] = []) {
		super(message);
	}
}

async function call<T>(method: string, path: string, body?: object): Promise<T> {
	let response: Response;
	try {
		response = await fetch(`/api/v1/${path}`, {
			method,
			credentials: "same-origin",
			headers: { "Content-Type": "application/json" },
			body: body && JSON.stringify(body),
		});
	} catch {
		throw new ApiError(0, "The server cannot be reached. Is the network there?");
	}
	const text = await response.text();
	let data: unknown = null;
	try {
		data = text ? JSON.parse(text) : null;
	} catch {
		data = null;
	}
	if (response.ok) return data as T;
	const told = data as { error?: { message?: string }; problems?: Problem[] } | null;
	throw new ApiError(response.status, told?.error?.message ?? `The server answered ${response.status}.`,
		Number(response.headers.get("Retry-After")) || 0, told?.problems);
}

export interface Answer {
	action: "answer" | "clarify" | "miss" | "handover" | "quiet";
	intent?: string;
	answer: string;
	html: string;
	confidence: number;
	threshold: number;
	candidates: { intent: string; confidence: number }[];
	why: { term: string; weight: number }[];
	mood: { score: number; upset: boolean; words: (string | { word: string })[] };
	reason?: string;
	lang: string;
	corpus: string;
}
export interface Intent { id: string; question: string; page: string; file: string; examples: number; human: string; live: boolean }
export interface CorpusPage extends Corpus { languages: { language: string; intents: Intent[] }[] }
export interface Figure {
	name: string;
	kind: "rate" | "time" | "mean" | "score";
	what: string;
	rule: string;
	/* A rate; the last three from 30 cases on. */
	part?: number;
	whole?: number;
	share?: number;
	low?: number;
	high?: number;
	/* The others: seconds, marks, the NPS. */
	n?: number;
	median?: number;
	p90?: number;
	mean?: number;
	promoters?: number;
	detractors?: number;
	score?: number;
}
/* How the episodes that began in a time were served, as `shopbell report` tells it too. */
export interface Numbers {
	from: number;
	to: number;
	episodes: number;
	answered: number;
	misses: number;
	clarifications: number;
	handed_over_episodes: number;
	handed_over: Record<string, number>;
	claimed: number;
	missed: number;
	wait_s: { median?: number; p90?: number; n: number };
	rated: { helpful: number; not_helpful: number };
	csat: { sum: number; n: number };
	/* 24 counts: hours since `from`, modulo 24. */
	by_hour: number[];
	figures: Figure[];
}

interface Signed { agent: You }
export const session = (): Promise<Signed> => call("GET", "session");
export const signIn = (name: string, password: string): Promise<Signed> => call("POST", "session", { name, password });
export const signOut = (): Promise<void> => call("DELETE", "session");
export const setupNeeded = (): Promise<{ needed: boolean }> => call("GET", "setup");
export const setUp = (link: string, name: string, password: string): Promise<Signed> => call("POST", "setup", { link, name, password });
export const ask = (text: string, lang: string): Promise<Answer> => call("POST", "ask", lang ? { text, lang } : { text });
export const corpus = (): Promise<CorpusPage> => call("GET", "corpus");
export const agents = (): Promise<{ agents: Agent[] }> => call("GET", "agents");
export const addAgent = (name: string, role: string, password: string): Promise<{ agent: Agent }> =>
	call("POST", "agents", { name, role, password });
export const removeAgent = (id: number): Promise<void> => call("DELETE", `agents/${id}`);
export const changePassword = (old: string, fresh: string): Promise<void> => call("POST", "password", { old, new: fresh });
export const search = (text: string): Promise<{ conversations: Summary[] }> => call("GET", `search?q=${encodeURIComponent(text)}`);
export const tagged = (tag: string): Promise<{ conversations: Summary[] }> => call("GET", `search?tag=${encodeURIComponent(tag)}`);
export const tags = (): Promise<{ tags: { tag: string; count: number }[] }> => call("GET", "tags");
export const replies = (): Promise<{ replies: Reply[] }> => call("GET", "replies");
/* id 0: a new one. */
export const keepReply = ({ id, name, text }: Reply): Promise<{ reply: Reply }> => call("POST", id ? `replies/${id}` : "replies", { name, text });
export const removeReply = (id: number): Promise<void> => call("DELETE", `replies/${id}`);
export const drafts = (): Promise<{ drafts: Draft[] }> => call("GET", "drafts");
export type Approval = { intent: string; lang: string; wording: string } | { question: string; file: string; wording: string; answer: string };
export const approve = (id: number, what: Approval): Promise<{ file: string; intent: string }> => call("POST", `drafts/${id}`, what);
export const dismiss = (id: number): Promise<void> => call("DELETE", `drafts/${id}`);
/* Where all that is kept of the visitor of this conversation can be had, for the owner. */
export const visitorFile = (conversation: number): string => `/api/v1/visitors/${conversation}`;
export const eraseVisitor = (conversation: number): Promise<void> => call("DELETE", `visitors/${conversation}`);
export const numbers = (days: number): Promise<Numbers> => call("GET", `numbers?days=${days}`);
export const settings = (): Promise<unknown> => call("GET", "settings");
