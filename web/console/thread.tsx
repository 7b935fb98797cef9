// SPDX-License-Identifier: Apache-2.0
/* One conversation: who it is and what can be done, the mood, what was said, and the composer. */
import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Summary } from "../shared/wire";
import { jumps } from "./between";
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
import { useScroll } from "./scroll";
import { emptyThread, type State, type Thread } from "./state";
import { Tags } from "./tags";
import { TransferDialog } from "./transfer";
import { clock, visitorName } from "./words";

type InboxRoute = Extract<Route, { at: "inbox" }>;

function Whose({ summary, you }: { summary: Summary; you: number | undefined }): JSX.Element {
	const now = useNow(1000);
	if (summary.closed) return <span>Closed</span>;
	switch (summary.owner) {
	case "bot": return <span><Icon name="bot" small />The bot answers</span>;
	case "queue": return <span class="waits"><Icon name="clock" small />Waiting {clock(now - (summary.waiting_since ?? summary.updated_at))}</span>;
	case "agent": return <span><Icon name="person" small />{summary.agent?.id === you ? "Yours" : <span>With <bdi>{summary.agent?.name ?? "an agent"}</bdi></span>}</span>;
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

/* `isClosing`: the close that was asked for goes out in a moment; until then only Undo means anything. */
function Head({ summary, isClosing, route, onTransfer }: { summary: Summary; isClosing: boolean; route: InboxRoute; onTransfer: () => void }): JSX.Element {
	const you = useDeskState((state) => state.you?.id);
	const { claim, giveBack, close } = useVerbs(summary.id, route);
	const mine = isMine(summary, you);
	const isFree = !summary.closed && !(summary.owner === "agent" && !mine);
	useEffect(() => provide({
		...(isFree && !mine ? { "c": claim } : {}),
		...(mine && !isClosing ? { "b": giveBack, "t": onTransfer, "e": close } : {}),
	}), [summary.id, isFree, mine, isClosing]);
	return (
		<header class="thread-head">
			<Button kind="quiet" icon="back" label="Back to the list" class="only-phone" onClick={() => go({ ...route, conversation: null })} />
			<div class="thread-who">
				<h1>
					<span dir="auto">{visitorName(summary)}</span>
					{summary.visitor.verified && <span class="verified" title="Verified by the shop"><Icon name="shield" small /><span class="hidden"> (verified)</span></span>}
				</h1>
				<p>
					<Whose summary={summary} you={you} />
					<span class={summary.visitor.online ? "online" : ""}><i class={summary.visitor.online ? "dot available" : "dot offline"} />{summary.visitor.online ? "Online" : "Not online"}</span>
				</p>
			</div>
			<div class="thread-verbs">
				{isFree && !mine && <Button kind="primary" keys="c" onClick={claim}>Claim</Button>}
				{mine && !isClosing && <Button icon="transfer" keys="t" class="not-phone can-shrink" onClick={onTransfer}>Transfer</Button>}
				{mine && !isClosing && <Button icon="bot" keys="b" class="not-phone can-shrink" onClick={giveBack}>To the bot</Button>}
				{mine && !isClosing && <Button icon="check" kind="primary" keys="e" onClick={close}>Close</Button>}
				{mine && !isClosing && (
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

function Typing({ thread }: { thread: Thread }): JSX.Element {
	const now = useNow(1000);
	const isVisitor = thread.typingUntil > now;
	const other = thread.otherTyping && thread.otherTyping.until > now ? thread.otherTyping : undefined;
	return (
		<p class="typing" role="status">
			{(isVisitor || other) && <span class="typing-dots" aria-hidden="true"><i /><i /><i /></span>}
			{isVisitor && <span>The visitor is typing</span>}
			{other && <span><bdi>{other.name}</bdi> is typing</span>}
		</p>
	);
}

function Log({ summary, thread }: { summary: Summary; thread: Thread }): JSX.Element {
	const rows = useMemo(() => rowsOf(thread.events), [thread.events]);
	const { box, sight, isAtEnd, toEnd, toRow, showEarlier } = useScroll(rows.length, thread.pending.length, thread.isLoaded);
	/* The browser knows only what is drawn; these keys mean the whole conversation. */
	const onKey = (event: KeyboardEvent): void => {
		if (event.target !== box.current || (event.key !== "Home" && event.key !== "End")) return;
		event.preventDefault();
		if (event.key === "Home") toRow(0);
		else toEnd();
	};
	useEffect(() => jumps.take((episode) => {
		toRow(Math.max(0, rows.findIndex((row) => row.kind === "episode" && row.episode === episode)));
		box.current?.focus({ preventScroll: true });
	}));
	return (
		<div class="log-frame">
			<div class="log" ref={box} role="log" aria-label="Messages" tabIndex={0} aria-busy={!thread.isLoaded} onKeyDown={onKey}>
				<div class="log-rows">
					{!thread.isLoaded && <p class="soft" role="status">Opening the conversation…</p>}
					{sight.from > 0 && <p key="earlier" class="log-top"><Button onClick={showEarlier}>Show earlier messages</Button></p>}
					{rows.slice(sight.from, sight.to).map((row) => <RowView key={row.key} row={row} conversation={summary.id} readSeq={thread.readSeq} />)}
					{sight.to === Infinity && thread.pending.map((pending) => <PendingView key={pending.clientId} pending={pending} conversation={summary.id} />)}
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
			<Head summary={summary} isClosing={thread.closesAt !== undefined} route={route} onTransfer={() => setTransferring(true)} />
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
