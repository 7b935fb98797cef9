// SPDX-License-Identifier: Apache-2.0
/* Where an agent writes. Drafts belong to the conversation and survive a reload; a note never goes to the visitor. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Summary } from "../shared/wire";
import { insertions } from "./between";
import { Choices, useChoice, type Choice } from "./choice";
import { go, useDesk, useDeskState, useNow } from "./hooks";
import { Icon } from "./icons";
import { draft, fill, keepDraft, unfilled, type DraftKind } from "./keep";
import { provide } from "./keys";
import { isMine } from "./lists";
import { Button } from "./parts";
import { matching, RepliesDialog } from "./replies";
import type { Route } from "./route";
import type { Reply, Thread } from "./state";
import { Suggestions } from "./suggestions";

type InboxRoute = Extract<Route, { at: "inbox" }>;
const TEXT_MAX = 4000;
/* From here on it is told how much room is left. */
const TELL_ROOM_AT = 3600;

interface Props { summary: Summary; thread: Thread; route: InboxRoute }

function Closing({ summary, at }: { summary: Summary; at: number }): JSX.Element {
	const desk = useDesk();
	const now = useNow(250);
	const left = Math.max(0, Math.ceil((at - now) / 1000));
	useEffect(() => provide({ "u": () => desk.undoClose(summary.id) }), [summary.id]);
	return (
		<div class="composer closing" role="status">
			<p><Icon name="check" />Closes in {left} s. The visitor may then rate the conversation.</p>
			<Button icon="undo" keys="u" onClick={() => desk.undoClose(summary.id)}>Undo</Button>
		</div>
	);
}

function NotYours({ summary }: { summary: Summary }): JSX.Element {
	if (summary.closed) return <p>This conversation is closed. If the visitor writes again, a new one begins.</p>;
	switch (summary.owner) {
	case "agent": return <p><bdi>{summary.agent?.name ?? "A colleague"}</bdi> answers here. You can leave a note.</p>;
	case "bot": return <p>The bot answers here. Claim it, and the bot is silent.</p>;
	case "queue": return <p>The visitor is waiting for a person.</p>;
	case "nobody": return <p>Nobody has this conversation.</p>;
	}
}

/* One text per kind, kept at every stroke. */
function useDraft(kind: DraftKind, id: number): [string, (text: string) => void] {
	const [texts, setTexts] = useState<Record<DraftKind, string>>(() => ({ reply: draft("reply", id), note: draft("note", id) }));
	return [texts[kind], (text) => {
		keepDraft(kind, id, text);
		setTexts((before) => ({ ...before, [kind]: text }));
	}];
}

/* What stands for {name} and the like; the visitor's attributes go by their own names, such as {order}. */
export function variables(summary: Summary, agent: string, shop: string): Record<string, string> {
	const name = summary.visitor.name ?? "";
	const attributes = Object.entries(summary.visitor.attributes ?? {}).map(([key, value]) => [key.toLowerCase(), String(value)]);
	return {
		...Object.fromEntries(attributes), name: name.split(" ")[0] ?? "", fullname: name, agent, shop,
		email: summary.visitor.email ?? "", page: summary.visitor.page?.title ?? "",
	};
}

interface ToolsProps { kind: DraftKind; open: Popup; setOpen: (open: Popup) => void; room: number; canSend: boolean; onSend: () => void; onSaved: () => void }

function Tools({ kind, open, setOpen, room, canSend, onSend, onSaved }: ToolsProps): JSX.Element {
	return (
		<div class="composer-tools">
			{kind === "reply" && (
				<>
					<Button kind="quiet" icon="bolt" keys="s" expanded={open === "suggestions"} onClick={() => setOpen(open === "suggestions" ? "" : "suggestions")}>Suggested</Button>
					<Button kind="quiet" icon="saved" keys="q" expanded={open === "canned"} onClick={onSaved}>Saved</Button>
				</>
			)}
			<span class="grow" />
			{room < TEXT_MAX - TELL_ROOM_AT && <span class={room < 0 ? "room bad" : "room"} role="status">{room < 0 ? `${-room} too many` : `${room} left`}</span>}
			<Button kind="primary" icon="send" disabled={!canSend} onClick={onSend}>{kind === "note" ? "Add note" : "Send"}</Button>
		</div>
	);
}

type Popup = "" | "suggestions" | "canned";

interface Composing {
	mine: boolean;
	/* What was chosen, and what is shown: without the conversation only notes can be written. */
	kind: DraftKind;
	shown: DraftKind;
	setKind: (kind: DraftKind) => void;
	/* Chooses and puts the cursor there. */
	write: (kind: DraftKind) => void;
	text: string;
	setText: (text: string) => void;
	/* Characters, without blanks at the ends. */
	length: number;
	open: Popup;
	setOpen: (open: Popup) => void;
	/* What stands after a "/" at the start of the last line: saved replies are looked for by it. */
	slash: string | null;
	replies: readonly Reply[];
	choice: Choice;
	/* A variable that nobody has filled in, told once before it is sent. */
	gap: string;
	insert: (words: string) => void;
	send: () => void;
	area: { current: HTMLTextAreaElement | null };
}

function useComposing(summary: Summary): Composing {
	const desk = useDesk();
	const you = useDeskState((state) => state.you);
	const shop = useDeskState((state) => state.shop);
	const mine = isMine(summary, you?.id);
	/* A draft of a note that was left opens as one. */
	const [kind, setKind] = useState<DraftKind>(() => (!mine && draft("note", summary.id) ? "note" : "reply"));
	const [open, setOpen] = useState<Popup>("");
	const shown: DraftKind = mine ? kind : "note";
	const [text, setText] = useDraft(shown, summary.id);
	const area = useRef<HTMLTextAreaElement>(null);
	const length = [...text.trim()].length;
	const slash = shown === "reply" ? /(?:^|\n)\/([^\n]{0,60})$/.exec(text)?.[1] ?? null : null;
	const all = useDeskState((state) => state.replies);
	const isChoosing = open === "canned" || slash !== null;
	const replies = isChoosing ? matching(all, slash ?? "") : [];
	const [gap, setGap] = useState("");
	const write = (which: DraftKind): void => {
		setKind(which);
		requestAnimationFrame(() => area.current?.focus());
	};
	const select = ([from, to]: [number, number]): void => {
		requestAnimationFrame(() => {
			area.current?.focus();
			area.current?.setSelectionRange(from, to);
		});
	};
	const insert = (words: string): void => {
		const filled = fill(words, variables(summary, you?.name ?? "", shop));
		const before = slash === null ? text : text.slice(0, -slash.length - 1);
		const whole = before.trim() ? `${before.trimEnd()}\n${filled}` : filled;
		setText(whole);
		setOpen("");
		select(unfilled(whole) ?? [whole.length, whole.length]);
	};
	const choice = useChoice(`replies-${summary.id}`, replies.length, slash ?? "", (at) => insert(replies[at]?.text ?? ""));
	const send = (): void => {
		if (!length || length > TEXT_MAX) return;
		const hole = shown === "reply" ? unfilled(text) : null;
		if (hole && gap !== text) {
			setGap(text);
			return select(hole);
		}
		desk.say(summary.id, shown === "note" ? "note" : "message", text.trim());
		setText("");
		setOpen("");
		if (shown === "note") setKind("reply");
		area.current?.focus();
	};
	const hole = gap === text ? unfilled(text) : null;
	return {
		mine, kind, shown, setKind, write, text, setText, length, open, setOpen, slash, replies, choice, insert, send, area,
		gap: hole ? text.slice(...hole) : "",
	};
}

function NotMine({ summary, route, composing }: { summary: Summary; route: InboxRoute; composing: Composing }): JSX.Element {
	const desk = useDesk();
	const { kind, setKind, write } = composing;
	const claim = async (): Promise<void> => {
		if (!await desk.attempt({ type: "claim", conversation: summary.id })) return;
		if (route.filter === "waiting") go({ ...route, filter: "mine" }, true);
		write("reply");
	};
	return (
		<div class="composer-state">
			<NotYours summary={summary} />
			<Button icon="pen" expanded={kind === "note"} onClick={() => (kind === "note" ? setKind("reply") : write("note"))}>Note</Button>
			{!summary.closed && summary.owner !== "agent" && <Button kind="primary" onClick={() => void claim()}>Claim and answer</Button>}
		</div>
	);
}

function Which({ composing: { kind, write } }: { composing: Composing }): JSX.Element {
	return (
		<div class="segmented" role="group" aria-label="Who reads it">
			<button type="button" aria-pressed={kind === "reply"} aria-keyshortcuts="r" onClick={() => write("reply")}>Reply</button>
			<button type="button" aria-pressed={kind === "note"} aria-keyshortcuts="n" onClick={() => write("note")}>Note</button>
		</div>
	);
}

function Area({ conversation, composing }: { conversation: number; composing: Composing }): JSX.Element {
	const desk = useDesk();
	const { shown, text, setText, open, setOpen, slash, replies, choice, send, area } = composing;
	const isNote = shown === "note";
	const onKey = (event: KeyboardEvent): void => {
		if (event.key === "Escape" && (open || slash !== null)) {
			event.preventDefault();
			event.stopPropagation();
			setOpen("");
			if (slash !== null) setText(text.slice(0, -slash.length - 1));
			return;
		}
		if (replies.length && choice.onKey(event)) return;
		if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
		event.preventDefault();
		send();
	};
	return (
		<textarea
			ref={area} id="reply" rows={2} dir="auto" value={text} aria-label={isNote ? "Note for the team" : "Reply to the visitor"}
			placeholder={isNote ? "Only the team reads this" : "Write to the visitor, or / for saved replies"} onKeyDown={onKey}
			{...(replies.length ? choice.field : {})}
			onInput={(event) => {
				setText(event.currentTarget.value);
				if (!isNote && event.currentTarget.value) desk.typing(conversation);
			}}
		/>
	);
}

export function Composer({ summary, thread, route }: Props): JSX.Element {
	const composing = useComposing(summary);
	const { mine, kind, shown, write, length, open, setOpen, slash, replies, choice, insert, send, gap } = composing;
	const isOwner = useDeskState((state) => state.you?.role === "owner");
	const chooseReply = (): void => {
		setOpen("canned");
		write("reply");
	};
	const [isManaging, setManaging] = useState(false);
	useEffect(() => provide({
		"n": () => write("note"),
		...(mine ? { "r": () => write("reply"), "s": () => setOpen("suggestions"), "q": chooseReply } : {}),
	}), [mine]);
	useEffect(() => insertions.take((words) => {
		composing.setKind("reply");
		insert(words);
	}));
	if (thread.closesAt !== undefined) return <Closing summary={summary} at={thread.closesAt} />;
	const isWriting = mine || kind === "note";
	return (
		<section class={`composer ${isWriting ? shown : ""}`} aria-label="Write">
			{mine ? <Which composing={composing} /> : <NotMine summary={summary} route={route} composing={composing} />}
			{open === "suggestions" && <div class="popup"><Suggestions id={summary.id} thread={thread} onInsert={insert} /></div>}
			{(open === "canned" || slash !== null) && (
				<div class="popup canned">
					{replies.length > 0 && (
						<Choices choice={choice} label="Saved replies" onTake={(at) => insert(replies[at]!.text)} items={replies.map(({ name, text }) => <><b dir="auto">{name}</b><span dir="auto">{text}</span></>)} />
					)}
					{replies.length === 0 && <p class="soft">{slash ? "No saved reply has these words." : "No replies are saved yet."}</p>}
					{isOwner && <Button kind="quiet" icon="pen" onClick={() => setManaging(true)}>Change saved replies</Button>}
				</div>
			)}
			{isWriting && (
				<>
					<Area conversation={summary.id} composing={composing} />
					{gap && <p class="gap-told" role="alert"><Icon name="warn" small />{gap} is not filled in. Send again to send it as it is.</p>}
					<Tools kind={shown} open={open} setOpen={setOpen} room={TEXT_MAX - length} canSend={length > 0 && length <= TEXT_MAX} onSend={send}
						onSaved={() => (open === "canned" ? setOpen("") : chooseReply())} />
				</>
			)}
			{isManaging && <RepliesDialog onClose={() => setManaging(false)} />}
		</section>
	);
}
