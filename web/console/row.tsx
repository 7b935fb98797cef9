// SPDX-License-Identifier: Apache-2.0
/* One row of a conversation. */
import { memo } from "preact/compat";
import { Fragment, type JSX } from "preact";
import { useState } from "preact/hooks";
import type { DecisionDetails, EventFrame } from "../shared/wire";
import { useDesk, useDeskState } from "./hooks";
import { Icon, type IconName } from "./icons";
import { EngineHtml, Text } from "./parts";
import { Reasons } from "./reasons";
import type { Row } from "./rows";
import type { Pending } from "./state";
import { TeachDialog } from "./teach";
import { dayWord, reasonWord, timeOfDay, toneWord } from "./words";

function Why({ decision, isOpen, onToggle }: { decision: DecisionDetails; isOpen: boolean; onToggle: () => void }): JSX.Element {
	return (
		<button type="button" class="why" aria-expanded={isOpen} onClick={onToggle}>
			<Icon name="info" small />
			{decision.action === "handover" ? "Why it handed over" : "Why this"}
		</button>
	);
}

function authorOf(event: EventFrame, you: number | undefined): string {
	switch (event.from) {
	case "visitor": return "Visitor";
	case "bot": return "Bot";
	case "agent": return event.agent?.id === you ? "You" : event.agent?.name ?? "Agent";
	case "system": return "System";
	}
}

function Thumb({ helpful }: { helpful: boolean }): JSX.Element {
	return <span class={`chip ${helpful ? "good" : "bad"}`}><Icon name={helpful ? "up" : "thumbDown"} small />{helpful ? "Helpful" : "Not helpful"}</span>;
}

type SaidRow = Extract<Row, { kind: "said" }>;
type LineRow = Extract<Row, { kind: "line" }>;

function Said({ row, conversation, readSeq }: { row: SaidRow; conversation: number; readSeq: number }): JSX.Element {
	const { event, decision, thumb } = row;
	const you = useDeskState((state) => state.you?.id);
	const [isOpen, setOpen] = useState(false);
	const [isTeaching, setTeaching] = useState(false);
	const isSeen = event.from === "agent" && readSeq >= event.seq;
	return (
		<article class={`said ${event.from}${row.isFirst ? " first" : ""}`} aria-label={`${authorOf(event, you)}, ${timeOfDay(event.at)}`}>
			{row.isFirst && <p class="said-by">{event.from === "bot" && <Icon name="bot" small />}<bdi>{authorOf(event, you)}</bdi></p>}
			<div class="bubble">
				{event.html && event.from === "bot" ? <EngineHtml html={event.html} /> : <p class="plain" dir="auto"><Text text={event.text} /></p>}
				{event.options && event.options.length > 0 && (
					<ul class="options" aria-label="Buttons shown to the visitor">{event.options.map(({ id, label }) => <li key={id} dir="auto">{label}</li>)}</ul>
				)}
			</div>
			<p class="said-foot">
				<time dateTime={new Date(event.at).toISOString()}>{timeOfDay(event.at)}</time>
				{event.mood && Math.abs(event.mood.score) >= 0.15 && <span>{toneWord(event.mood.score)}</span>}
				{event.from === "agent" && <span class="sent"><Icon name={isSeen ? "checks" : "check"} small />{isSeen ? "Seen" : "Sent"}</span>}
				{thumb !== undefined && <Thumb helpful={thumb} />}
				{decision && <Why decision={decision} isOpen={isOpen} onToggle={() => setOpen(!isOpen)} />}
				{event.from === "visitor" && (
					<button type="button" class="why on-hover" onClick={() => setTeaching(true)}><Icon name="teach" small />Teach the bot</button>
				)}
			</p>
			{isOpen && decision && <Reasons decision={decision} />}
			{isTeaching && <TeachDialog conversation={conversation} event={event} onClose={() => setTeaching(false)} />}
		</article>
	);
}

const LINE_ICONS: Partial<Record<EventFrame["kind"], IconName>> = {
	handover: "bell", claim: "person", transfer: "transfer", return: "bot", contact: "mail", rating: "chart", notice: "info", close: "check", tags: "tag",
};

/* What the server says of somebody, with the name kept to itself. */
function Named({ text, name }: { text: string; name: string | undefined }): JSX.Element {
	const at = name ? text.indexOf(name) : -1;
	return name && at >= 0 ? <>{text.slice(0, at)}<bdi>{name}</bdi>{text.slice(at + name.length)}</> : <bdi>{text}</bdi>;
}

function Quoted({ tags }: { tags: readonly string[] }): JSX.Element {
	return <>{tags.map((tag, i) => <Fragment key={tag}>{i > 0 && ", "}“<bdi>{tag}</bdi>”</Fragment>)}</>;
}

function ratingText(event: EventFrame): string {
	return [
		event.csat !== undefined ? `satisfied ${event.csat} of 5` : "",
		event.ces !== undefined ? `easy ${event.ces} of 7` : "",
		event.nps !== undefined ? `would recommend ${event.nps} of 10` : "",
	].filter(Boolean).join(", ") || "nothing";
}

function LineText({ row: { event, tags } }: { row: LineRow }): JSX.Element {
	const who = <bdi>{event.agent?.name ?? "An agent"}</bdi>;
	switch (event.kind) {
	case "tags": {
		const [on, off] = [tags?.on ?? [], tags?.off ?? []];
		if (!on.length && !off.length) return <>{who} changed the tags.</>;
		return (
			<>
				{on.length > 0 && <>{who} put the tag <Quoted tags={on} /> on.</>}{on.length > 0 && off.length > 0 && " "}
				{off.length > 0 && <>{who} took the tag <Quoted tags={off} /> off.</>}
			</>
		);
	}
	case "rating":
		if (event.right !== undefined) return <>{who}: the handover was {event.right ? "right" : "not needed"}.</>;
		return <>The visitor rated: {ratingText(event)}.{event.comment && <> “<bdi>{event.comment}</bdi>”</>}</>;
	case "contact":
		if (!event.contact) return <bdi>{event.text}</bdi>;
		return <>Left an address: {event.contact.name && <><bdi>{event.contact.name}</bdi>, </>}<bdi>{event.contact.email}</bdi></>;
	case "claim": return event.text ? <Named text={event.text} name={event.agent?.name} /> : <>{who} took over.</>;
	default: return <Named text={event.text || event.kind} name={event.agent?.name} />;
	}
}

function Line({ row }: { row: LineRow }): JSX.Element {
	const { event, decision } = row;
	const [isOpen, setOpen] = useState(false);
	return (
		<div class={`line ${event.kind}`}>
			<p>
				<Icon name={LINE_ICONS[event.kind] ?? "info"} small />
				{event.kind === "handover" && event.reason && <b>{reasonWord(event.reason)}</b>}
				<span><LineText row={row} /></span>
				<time dateTime={new Date(event.at).toISOString()}>{timeOfDay(event.at)}</time>
				{decision && <Why decision={decision} isOpen={isOpen} onToggle={() => setOpen(!isOpen)} />}
			</p>
			{isOpen && decision && <Reasons decision={decision} />}
		</div>
	);
}

interface RowProps { row: Row; conversation: number; readSeq: number }

function drawRow({ row, conversation, readSeq }: RowProps): JSX.Element {
	switch (row.kind) {
	case "day": return <h2 class="divider"><span>{dayWord(row.at, Date.now())}</span></h2>;
	case "episode": return <h2 class="divider episode"><span>A new conversation of the same visitor</span></h2>;
	case "line": return <Line row={row} />;
	case "note":
		return (
			<article class="note" aria-label="Internal note">
				<p class="said-by"><Icon name="pen" small /><span>Note by <bdi>{row.event.agent?.name ?? "an agent"}</bdi> · only for the team</span></p>
				<p class="plain" dir="auto"><Text text={row.event.text} /></p>
				<p class="said-foot"><time>{timeOfDay(row.event.at)}</time></p>
			</article>
		);
	case "said": return <Said row={row} conversation={conversation} readSeq={readSeq} />;
	}
}

/* Rows are made anew with every event, but say the same as long as their event, reasons and marks are the same. */
function saysTheSame(a: RowProps, b: RowProps): boolean {
	if (a.row.kind !== b.row.kind || a.conversation !== b.conversation) return false;
	if (a.row.kind === "day" || a.row.kind === "episode" || b.row.kind === "day" || b.row.kind === "episode") return a.row.key === b.row.key;
	if (a.row.event !== b.row.event) return false;
	if (a.row.kind !== "said" || b.row.kind !== "said") return true;
	const { seq } = a.row.event;
	return a.row.isFirst === b.row.isFirst && a.row.thumb === b.row.thumb && a.row.decision === b.row.decision &&
		(a.readSeq >= seq) === (b.readSeq >= seq);
}

export const RowView = memo(drawRow, saysTheSame);

export function PendingView({ pending, conversation }: { pending: Pending; conversation: number }): JSX.Element {
	const desk = useDesk();
	const link = useDeskState((state) => state.link);
	const isFailed = pending.status === "failed";
	const word = isFailed ? pending.problem ?? "Not sent" : link === "online" ? "Sending…" : "Is sent as soon as the connection is back";
	return (
		<article class={pending.kind === "note" ? "note pending" : "said agent first pending"} aria-label={isFailed ? "Not sent" : "Being sent"}>
			<p class="said-by">{pending.kind === "note" ? "Note" : "You"}</p>
			<div class={pending.kind === "note" ? "" : "bubble"}><p class="plain" dir="auto">{pending.text}</p></div>
			<p class={isFailed ? "said-foot bad" : "said-foot"} role={isFailed ? "alert" : undefined}>
				{isFailed && <Icon name="warn" small />}
				<span>{word}</span>
				{isFailed && (
					<>
						<button type="button" class="why" onClick={() => desk.retry(conversation, pending)}><Icon name="refresh" small />Try again</button>
						<button type="button" class="why" onClick={() => desk.dispatch({ type: "discard", conversation, clientId: pending.clientId })}>
							<Icon name="trash" small />Discard
						</button>
					</>
				)}
			</p>
		</article>
	);
}
