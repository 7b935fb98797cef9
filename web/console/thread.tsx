// SPDX-License-Identifier: Apache-2.0
/* One conversation: who it is and what can be done, the mood, what was said, and the composer. */
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Summary } from "../shared/wire";
import { Composer } from "./composer";
import { go, useDesk, useDeskState, useNow } from "./hooks";
import { Icon } from "./icons";
import { provide } from "./keys";
import { isMine } from "./lists";
import { MoodLine } from "./moodline";
import { Button, Menu, MenuItem, MoodBadge, Trend } from "./parts";
import type { Route } from "./route";
import { RowView, PendingView } from "./row";
import { rowsOf } from "./rows";
import { emptyThread, type State, type Thread } from "./state";
import { Tags } from "./tags";
import { TransferDialog } from "./transfer";
import { clock, visitorName } from "./words";

type InboxRoute = Extract<Route, { at: "inbox" }>;

/* Rows drawn at first, and more with each arrival at the top. */
const ROWS_AT_ONCE = 80;
/* So near to the end counts as being there. */
const NEAR_END_PX = 80;

function Whose({ summary, you }: { summary: Summary; you: number | undefined }): JSX.Element {
	const now = useNow(1000);
	if (summary.closed) return <span>Closed</span>;
	switch (summary.owner) {
	case "bot": return <span><Icon name="bot" small />The bot answers</span>;
	case "queue": return <span class="waits"><Icon name="clock" small />Waiting {clock(now - (summary.waiting_since ?? summary.updated_at))}</span>;
	case "agent": return <span><Icon name="person" small />{summary.agent?.id === you ? "Yours" : `With ${summary.agent?.name ?? "an agent"}`}</span>;
	case "nobody": return <span><Icon name="mail" small />{summary.ticket ? "Ticket" : "Nobody has it"}</span>;
	}
}

function useVerbs(id: number, route: InboxRoute): { claim: () => void; giveBack: () => void; close: () => void } {
	const desk = useDesk();
	return {
		claim: () => void desk.attempt({ type: "claim", conversation: id }).then((isDone) => {
			if (!isDone) return;
			if (route.filter === "waiting") go({ ...route, filter: "mine" }, true);
			requestAnimationFrame(() => document.getElementById("reply")?.focus());
		}),
		giveBack: () => void desk.attempt({ type: "return", conversation: id }, "The bot goes on with it."),
		close: () => desk.closeSoon(id),
	};
}

function Head({ summary, route, onTransfer }: { summary: Summary; route: InboxRoute; onTransfer: () => void }): JSX.Element {
	const you = useDeskState((state) => state.you?.id);
	const { claim, giveBack, close } = useVerbs(summary.id, route);
	const mine = isMine(summary, you);
	const isFree = !summary.closed && !(summary.owner === "agent" && !mine);
	useEffect(() => provide({
		...(isFree && !mine ? { "c": claim } : {}),
		...(mine ? { "b": giveBack, "t": onTransfer, "e": close } : {}),
	}), [summary.id, isFree, mine]);
	return (
		<header class="thread-head">
			<Button kind="quiet" icon="back" label="Back to the list" class="only-phone" onClick={() => go({ ...route, conversation: null })} />
			<div class="thread-who">
				<h1>
					<span>{visitorName(summary)}</span>
					{summary.visitor.verified && <span class="verified" title="Verified by the shop"><Icon name="shield" small /><span class="hidden"> (verified)</span></span>}
				</h1>
				<p>
					<Whose summary={summary} you={you} />
					<span class={summary.visitor.online ? "online" : ""}><i class={summary.visitor.online ? "dot available" : "dot offline"} />{summary.visitor.online ? "Online" : "Not online"}</span>
				</p>
			</div>
			<div class="thread-verbs">
				{isFree && !mine && <Button kind="primary" keys="c" onClick={claim}>Claim</Button>}
				{mine && <Button icon="transfer" keys="t" class="not-phone can-shrink" onClick={onTransfer}>Transfer</Button>}
				{mine && <Button icon="bot" keys="b" class="not-phone can-shrink" onClick={giveBack}>To the bot</Button>}
				{mine && <Button icon="check" kind="primary" keys="e" onClick={close}>Close</Button>}
				{mine && (
					<Menu label="More" icon="more" class="only-phone">
						<MenuItem icon="transfer" onClick={onTransfer}>Transfer</MenuItem>
						<MenuItem icon="bot" onClick={giveBack}>Return to the bot</MenuItem>
					</Menu>
				)}
				<Button kind="quiet" icon="info" label="Details" keys="i" class="not-wide" onClick={() => go({ ...route, details: true })} />
			</div>
		</header>
	);
}

/* Stays at the end while one is there, and stays where one reads otherwise. */
function useScroll(count: number, shown: number): { box: { current: HTMLDivElement | null }; isAtEnd: boolean; toEnd: () => void } {
	const box = useRef<HTMLDivElement>(null);
	const [isAtEnd, setAtEnd] = useState(true);
	const atEnd = useRef(true);
	const fromEnd = useRef(0);
	useLayoutEffect(() => {
		const element = box.current;
		if (!element) return;
		const look = (): void => {
			fromEnd.current = element.scrollHeight - element.scrollTop;
			atEnd.current = fromEnd.current - element.clientHeight < NEAR_END_PX;
			setAtEnd(atEnd.current);
		};
		element.addEventListener("scroll", look, { passive: true });
		/* The keyboard of a phone, or a growing composer, takes room: the end stays in sight. */
		const observer = new ResizeObserver(() => {
			if (atEnd.current) element.scrollTop = element.scrollHeight;
		});
		observer.observe(element);
		/* Rows take their true height only when they come into sight. */
		if (element.firstElementChild) observer.observe(element.firstElementChild);
		return () => {
			element.removeEventListener("scroll", look);
			observer.disconnect();
		};
	}, []);
	useLayoutEffect(() => {
		if (box.current && atEnd.current) box.current.scrollTop = box.current.scrollHeight;
	}, [count]);
	useLayoutEffect(() => {
		const element = box.current;
		if (element && !atEnd.current) element.scrollTop = element.scrollHeight - fromEnd.current;
	}, [shown]);
	return {
		box,
		isAtEnd,
		toEnd: () => box.current?.scrollTo({ top: box.current.scrollHeight }),
	};
}

function Typing({ thread }: { thread: Thread }): JSX.Element {
	const now = useNow(1000);
	const words = [];
	if (thread.typingUntil > now) words.push("The visitor is typing");
	if (thread.otherTyping && thread.otherTyping.until > now) words.push(`${thread.otherTyping.name} is typing`);
	return (
		<p class="typing" role="status">
			{words.length > 0 && <><span class="typing-dots" aria-hidden="true"><i /><i /><i /></span>{words.join(", ")}</>}
		</p>
	);
}

function Log({ summary, thread }: { summary: Summary; thread: Thread }): JSX.Element {
	const [shown, setShown] = useState(ROWS_AT_ONCE);
	const rows = useMemo(() => rowsOf(thread.events), [thread.events]);
	const first = Math.max(0, rows.length - shown);
	const top = useRef<HTMLDivElement>(null);
	const { box, isAtEnd, toEnd } = useScroll(rows.length + thread.pending.length + (thread.isLoaded ? 1 : 0), shown);
	useEffect(() => {
		if (!top.current || first === 0) return;
		const observer = new IntersectionObserver(([entry]) => {
			if (entry?.isIntersecting) setShown((before) => before + ROWS_AT_ONCE);
		}, { root: box.current, rootMargin: "400px 0px 0px" });
		observer.observe(top.current);
		return () => observer.disconnect();
	}, [first === 0, shown]);
	return (
		<div class="log-frame">
			<div class="log" ref={box} role="log" aria-label="Messages" tabIndex={0} aria-busy={!thread.isLoaded}>
				<div class="log-rows">
					{!thread.isLoaded && <p class="soft" role="status">Opening the conversation…</p>}
					<div ref={top} class="log-top">{first > 0 && <Button onClick={() => setShown(shown + ROWS_AT_ONCE)}>Show earlier messages</Button>}</div>
					{rows.slice(first).map((row) => <RowView key={row.key} row={row} conversation={summary.id} readSeq={thread.readSeq} />)}
					{thread.pending.map((pending) => <PendingView key={pending.clientId} pending={pending} conversation={summary.id} />)}
				</div>
			</div>
			{!isAtEnd && <Button class="to-end" icon="down" onClick={toEnd}>Latest</Button>}
			<Typing thread={thread} />
		</div>
	);
}

/* Tells the visitor that it was read: by the one who has the conversation, with the page in sight. */
function useRead(summary: Summary | undefined, thread: Thread, you: number | undefined): void {
	const desk = useDesk();
	const seq = thread.events.findLast((event) => event.from === "visitor")?.seq ?? 0;
	const mine = summary !== undefined && isMine(summary, you);
	/* What was told on a line that was dead is told once more on the next. */
	const welcomes = useDeskState((state) => state.welcomes);
	useEffect(() => {
		const tell = (): void => {
			if (mine && seq && !document.hidden && document.hasFocus() && desk.state.link === "online") desk.read(summary.id, seq);
		};
		tell();
		addEventListener("focus", tell);
		return () => removeEventListener("focus", tell);
	}, [seq, mine, welcomes]);
}

export function ThreadPane({ id, route }: { id: number; route: InboxRoute }): JSX.Element | null {
	const summary = useDeskState((state: State) => state.summaries.get(id));
	const thread = useDeskState((state: State) => state.threads.get(id)) ?? emptyThread;
	const you = useDeskState((state) => state.you?.id);
	const [isTransferring, setTransferring] = useState(false);
	useRead(summary, thread, you);
	if (!summary) return null;
	return (
		<section class="thread" id="thread" tabIndex={-1} aria-label={`Conversation with ${visitorName(summary)}`}>
			<Head summary={summary} route={route} onTransfer={() => setTransferring(true)} />
			<div class="mood-strip">
				<MoodBadge running={summary.mood.running} />
				<Trend summary={summary} />
				<MoodLine events={thread.events} episode={summary.episode} />
				<Tags summary={summary} />
			</div>
			<Log summary={summary} thread={thread} />
			<Composer summary={summary} thread={thread} route={route} />
			{isTransferring && <TransferDialog conversation={id} onClose={() => setTransferring(false)} />}
		</section>
	);
}
