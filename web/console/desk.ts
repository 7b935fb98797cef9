// SPDX-License-Identifier: Apache-2.0
/* The live side: one connection, one state, and what an agent can do. Whatever has to reach the server is either kept
 * in the state until it is acknowledged (messages, notes) or is a request whose failure is told at once. */
import { connect, onWake, type Connection } from "../shared/connection";
import { readAgentFrame, type AgentServerFrame, type WireError } from "../shared/wire";
import * as api from "./api";
import { forgetUnsent, keepDraft, keepUnsent, unsentOf } from "./keep";
import { emptyState, reduce, type Action, type Filter, type Pending, type State, type You } from "./state";
import { isolated, visitorName } from "./words";

/* How long a close can be undone. */
export const UNDO_MS = 6000;
const ANSWER_MS = 10000;
const TYPING_EVERY_MS = 3000;
const AGAIN_MS = 1000;
const PAGE_SIZE = 100;
/* Threads kept in memory besides the one that is shown. */
const KEPT_THREADS = 3;

/* A request that was refused or got no answer; the message is fit to be shown. */
export class Refused extends Error {
	constructor(readonly code: string, message: string) {
		super(message);
	}
}

type Verb =
	| { type: "claim" | "return" | "close"; conversation: number }
	| { type: "transfer"; conversation: number; agent?: number; queue?: true }
	| { type: "rate_handover"; conversation: number; right: boolean }
	| { type: "tag"; conversation: number; tag: string; remove?: true }
	| { type: "teach"; conversation: number; seq: number; intent?: string; question?: string }
	| { type: "presence"; status: "available" | "away"; capacity?: number };

/* Not crypto.randomUUID(): a console that is served over plain HTTP in the shop's network has none. */
export function freshId(): string {
	return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Desk {
	state: State = emptyState;
	private readonly watchers = new Set<() => void>();
	private readonly waiting = new Map<string, { done: () => void; failed: (why: Refused) => void; timer: number }>();
	private readonly closing = new Map<number, number>();
	private readonly typed = new Map<number, number>();
	private readonly readUpTo = new Map<number, number>();
	private recent: number[] = [];
	private line: Connection | null = null;
	private waking: AbortController | null = null;
	/* Called when the session is over. */
	onSignedOut: () => void = () => undefined;
	/* Called when what was opened is not there. */
	onMissing: (conversation: number) => void = () => undefined;
	/* A conversation was erased. */
	onErased: (conversation: number) => void = () => undefined;
	/* Every frame after it was taken in: for alerts. */
	onFrame: (frame: AgentServerFrame) => void = () => undefined;

	subscribe(watcher: () => void): () => void {
		this.watchers.add(watcher);
		return () => this.watchers.delete(watcher);
	}

	dispatch(action: Action): void {
		const { state: before } = this;
		const next = reduce(before, action);
		if (next === before) return;
		this.state = next;
		if (next.threads !== before.threads) this.keepLines(before, next);
		for (const watcher of this.watchers) watcher();
	}

	/* What was said and is not acknowledged outlives the page, and the session. */
	private keepLines(before: State, { you, threads }: State): void {
		const left = new Set<string>();
		for (const [conversation, { pending }] of threads) {
			const isNew = pending !== before.threads.get(conversation)?.pending;
			for (const line of pending) {
				left.add(line.clientId);
				if (isNew && you) keepUnsent({ agent: you.id, conversation, line });
			}
		}
		for (const { pending } of before.threads.values()) {
			for (const { clientId } of pending) if (!left.has(clientId)) forgetUnsent(clientId);
		}
	}

	/* ---- The connection ---- */

	start(you: You): void {
		this.stop();
		this.state = { ...emptyState, you, toasts: this.state.toasts, nextToast: this.state.nextToast };
		for (const { conversation, line } of unsentOf(you.id)) {
			this.dispatch({ type: "say", conversation, pending: { ...line, status: line.status === "failed" ? "failed" : "sending" } });
		}
		const scheme = location.protocol === "https:" ? "wss:" : "ws:";
		this.line = connect({
			url: `${scheme}//${location.host}/ws/agent`,
			hello: () => ({ type: "hello", last: this.state.last }),
			onData: (data) => {
				const frame = readAgentFrame(data);
				if (frame) this.take(frame);
			},
			onLink: (link) => {
				/* Online for us is when the welcome is there: only then is what is shown up to date. */
				if (link !== "online") this.dispatch({ type: "link", link });
				if (link === "offline") this.lineLost();
			},
		});
		this.waking = new AbortController();
		onWake(() => this.line?.probe(), this.waking);
		/* Before the line hangs up for the same reason. */
		addEventListener("pagehide", this.closeNow);
		this.line.start();
	}

	stop(): void {
		this.closeNow();
		removeEventListener("pagehide", this.closeNow);
		this.waking?.abort();
		this.line?.stop();
		this.line = null;
		this.recent = [];
		this.readUpTo.clear();
	}

	private lineLost(): void {
		for (const [id, request] of this.waiting) {
			clearTimeout(request.timer);
			this.waiting.delete(id);
			request.failed(new Refused("offline", "The connection broke before the server answered. Look whether it was done, and try again."));
		}
		void this.lookWhetherSignedIn();
	}

	/* A refused handshake looks like any other break: only HTTP tells that the session is over. It is asked twice, since a
	 * changed password ends the old session a moment before the new cookie is here. What is heard concerns the line that
	 * was lost: whoever has signed in again meanwhile stays. */
	private async lookWhetherSignedIn(): Promise<void> {
		const { line } = this;
		for (let tries = 0; tries < 2; tries++) {
			try {
				await api.session();
				return;
			} catch (error) {
				if (!(error instanceof api.ApiError) || error.status !== 401) return;
			}
			await new Promise((then) => setTimeout(then, AGAIN_MS));
		}
		if (line && this.line === line) this.onSignedOut();
	}

	private take(frame: AgentServerFrame): void {
		this.dispatch({ type: "frame", frame, now: Date.now() });
		if (frame.type === "welcome") this.resume();
		else if (frame.type === "ack" && frame.client_id) this.settle(frame.client_id, null);
		else if (frame.type === "error") this.takeError(frame);
		else if (frame.type === "event" && frame.conversation !== undefined) this.fillGap(frame.conversation);
		else if (frame.type === "conversation") this.resend(frame.conversation.id, "note");
		else if (frame.type === "changed") this.readKept(frame.what);
		else if (frame.type === "gone") this.takeGone(frame.conversation);
		this.onFrame(frame);
	}

	/* After every welcome: ask for what was missed, and send again what was not acknowledged. */
	private resume(): void {
		this.readUpTo.clear();
		this.readKept("replies");
		this.readKept("drafts");
		for (const [id] of this.state.threads) {
			this.openThread(id);
			this.resend(id, "message");
		}
	}

	/* What is kept for all, and not told by frames. */
	private readKept(what: string): void {
		const failed = (error: Error): void => {
			if (this.state.link === "online") this.tell(error.message, "bad");
		};
		if (what === "replies") api.replies().then(({ replies }) => this.dispatch({ type: "replies", replies }), failed);
		if (what === "drafts" && this.state.you?.role === "owner") {
			api.drafts().then(({ drafts }) => this.dispatch({ type: "drafts", drafts }), failed);
		}
	}

	/* Messages may be sent twice: the server knows them by their client_id. Notes are looked for first. */
	private resend(conversation: number, kind: Pending["kind"]): void {
		for (const pending of this.state.threads.get(conversation)?.pending ?? []) {
			if (pending.kind === kind && pending.status === "sending") this.sendLine(conversation, pending);
		}
	}

	private fillGap(conversation: number): void {
		if (this.state.threads.get(conversation)?.hasGap) this.openThread(conversation);
	}

	private openThread(conversation: number): void {
		const thread = this.state.threads.get(conversation);
		this.line?.send({ type: "open", conversation, last_seq: thread?.upTo ?? 0, client_id: `open-${conversation}` });
	}

	private takeGone(conversation: number): void {
		for (const kind of ["reply", "note"] as const) keepDraft(kind, conversation, "");
		this.onErased(conversation);
	}

	private takeError(frame: WireError): void {
		const { client_id: id = "", retry_after_ms: pause } = frame;
		if (id.startsWith("open-")) return this.notOpened(Number(id.slice(5)), frame);
		if (this.settle(id, new Refused(frame.code, frame.message))) return;
		if (pause) return this.sendLater(id, pause);
		const of = [...this.state.threads].find(([, { pending }]) => pending.some(({ clientId }) => clientId === id))?.[0];
		/* Who looks at the conversation sees it there. */
		if (of !== undefined && of === this.recent[0]) return;
		const summary = of === undefined ? undefined : this.state.summaries.get(of);
		this.tell(summary ? `Not sent to ${isolated(visitorName(summary))}: ${frame.message}.` : frame.message, "bad");
	}

	/* It is gone, or cannot be read just now; what is gone takes what was said into it along. */
	private notOpened(conversation: number, { code, message, retry_after_ms: pause }: WireError): void {
		if (code === "not_found") {
			this.dispatch({ type: "frame", frame: { type: "gone", conversation }, now: Date.now() });
			this.onMissing(conversation);
			return;
		}
		this.tell(message, "bad");
		if (pause) setTimeout(() => this.state.threads.has(conversation) && this.openThread(conversation), pause);
	}

	/* Refused for now, by the disk or because there is too much to do: the same words go out again, without anybody's doing. */
	private sendLater(clientId: string, ms: number): void {
		for (const [conversation, { pending }] of this.state.threads) {
			const line = pending.find((each) => each.clientId === clientId);
			if (!line) continue;
			this.dispatch({ type: "retry", conversation, clientId });
			setTimeout(() => this.sendLine(conversation, line), ms);
		}
	}

	/* ---- Requests ---- */

	private settle(clientId: string, refused: Refused | null): boolean {
		const request = this.waiting.get(clientId);
		if (!request) return false;
		clearTimeout(request.timer);
		this.waiting.delete(clientId);
		if (refused) request.failed(refused);
		else request.done();
		return true;
	}

	/* Resolves at the server's `ack`, rejects with Refused. */
	request(verb: Verb): Promise<void> {
		const clientId = freshId();
		return new Promise((done, failed) => {
			if (!this.line?.send({ ...verb, client_id: clientId })) {
				failed(new Refused("offline", "There is no connection right now. Try again in a moment."));
				return;
			}
			const timer = setTimeout(() => {
				this.waiting.delete(clientId);
				failed(new Refused("silence", "The server did not answer in time. Look whether it was done, and try again."));
				this.line?.probe();
			}, ANSWER_MS);
			this.waiting.set(clientId, { done, failed, timer: timer as unknown as number });
		});
	}

	/* A request whose failure is told in a toast. Answers whether it was done. */
	async attempt(verb: Verb, done?: string): Promise<boolean> {
		try {
			await this.request(verb);
			if (done) this.dispatch({ type: "toast", text: done, tone: "good" });
			return true;
		} catch (error) {
			this.dispatch({ type: "toast", text: error instanceof Error ? error.message : String(error), tone: "bad" });
			return false;
		}
	}

	/* ---- What an agent does ---- */

	show(conversation: number): void {
		this.recent = [conversation, ...this.recent.filter((id) => id !== conversation)].slice(0, KEPT_THREADS + 1);
		this.dispatch({ type: "keep", conversations: this.recent });
		if (this.state.threads.get(conversation)?.isLoaded && this.state.link === "online") return;
		/* The empty thread is what the welcome opens again, should there be no connection yet. */
		if (!this.state.threads.has(conversation)) this.dispatch({ type: "closing", conversation, at: undefined });
		this.openThread(conversation);
	}

	say(conversation: number, kind: Pending["kind"], text: string): void {
		const after = this.state.threads.get(conversation)?.upTo ?? 0;
		const pending: Pending = { clientId: freshId(), kind, text, at: Date.now(), status: "sending", after };
		this.dispatch({ type: "say", conversation, pending });
		this.sendLine(conversation, pending);
	}

	private sendLine(conversation: number, pending: Pending): void {
		this.line?.send({ type: pending.kind, conversation, client_id: pending.clientId, text: pending.text });
	}

	retry(conversation: number, pending: Pending): void {
		this.dispatch({ type: "retry", conversation, clientId: pending.clientId });
		this.sendLine(conversation, pending);
	}

	closeSoon(conversation: number): void {
		this.dispatch({ type: "closing", conversation, at: Date.now() + UNDO_MS });
		clearTimeout(this.closing.get(conversation));
		this.closing.set(conversation, setTimeout(() => this.finishClose(conversation), UNDO_MS) as unknown as number);
	}

	undoClose(conversation: number): void {
		clearTimeout(this.closing.get(conversation));
		this.closing.delete(conversation);
		this.dispatch({ type: "closing", conversation, at: undefined });
	}

	private finishClose(conversation: number): void {
		this.closing.delete(conversation);
		const isStillWanted = this.state.threads.get(conversation)?.closesAt !== undefined;
		this.dispatch({ type: "closing", conversation, at: undefined });
		if (isStillWanted) void this.attempt({ type: "close", conversation });
	}

	/* The page or the agent goes away: what was to be closed in a moment is closed now. */
	readonly closeNow = (): void => {
		for (const [conversation, timer] of this.closing) {
			clearTimeout(timer);
			this.finishClose(conversation);
		}
	};

	typing(conversation: number): void {
		const now = Date.now();
		if (now - (this.typed.get(conversation) ?? 0) < TYPING_EVERY_MS) return;
		this.typed.set(conversation, now);
		this.line?.send({ type: "typing", conversation });
	}

	read(conversation: number, seq: number): void {
		if ((this.readUpTo.get(conversation) ?? 0) >= seq) return;
		if (this.line?.send({ type: "read", conversation, seq })) this.readUpTo.set(conversation, seq);
	}

	suggest(conversation: number, text?: string): void {
		this.line?.send({ type: "suggest", conversation, ...(text ? { text } : {}) });
	}

	list(filter: Filter, before?: number): void {
		this.line?.send({ type: "list", filter, limit: PAGE_SIZE, ...(before === undefined ? {} : { before }) });
	}

	async presence(status: "available" | "away", capacity: number): Promise<void> {
		if (await this.attempt({ type: "presence", status, capacity })) this.dispatch({ type: "mine", status, capacity });
	}

	tell(text: string, tone: "info" | "good" | "bad" = "info", conversation?: number): void {
		this.dispatch({ type: "toast", text, tone, conversation });
	}
}
