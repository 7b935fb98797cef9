// SPDX-License-Identifier: Apache-2.0
/* One conversation in the list: who, what was said last, and what of it asks for somebody. */
import { memo } from "preact/compat";
import type { JSX } from "preact";
import type { Summary } from "../shared/wire";
import { useDeskState, useNow } from "./hooks";
import { Icon } from "./icons";
import { isUnanswered, isWaiting } from "./lists";
import { MoodBadge, Trend } from "./parts";
import { hashOf } from "./route";
import type { Filter } from "./state";
import { TagChips } from "./tags";
import { ago, clock, languageName, reasonWord, visitorName } from "./words";

/* As long as a visitor waits, without anybody being alarmed; above it the clock turns red. */
const LONG_WAIT_MS = 2 * 60 * 1000;
/* Whose line the last one is: not always of who has the conversation now. Of an agent who is gone, or whose line is older
 * than this is kept, "Team". */
function useAuthor({ last }: Summary, you: number | undefined): string {
	const name = useDeskState((state) => last.agent && state.agents.find(({ id }) => id === last.agent)?.name);
	switch (last.from) {
	case "bot": return "Bot";
	case "agent": return last.agent && last.agent === you ? "You" : name || "Team";
	default: return "";
	}
}

function ownerWord(summary: Summary, you: number | undefined): string {
	if (summary.closed) return "Closed";
	switch (summary.owner) {
	case "bot": return "Bot";
	case "queue": return "Waiting";
	case "agent": return summary.agent?.id === you ? "You" : summary.agent?.name ?? "Agent";
	case "nobody": return summary.ticket ? "Ticket" : "Nobody";
	}
}

function Waited({ since, what }: { since: number; what: "Waiting" | "Unanswered" }): JSX.Element {
	const now = useNow(1000);
	const ms = now - since;
	return <span class={ms > LONG_WAIT_MS ? "waited long" : "waited"}><Icon name="clock" small /><span class="hidden">{what} for </span>{clock(ms)}</span>;
}

function Since({ at }: { at: number }): JSX.Element {
	const now = useNow(30000);
	return <time class="soft" dateTime={new Date(at).toISOString()}>{ago(now - at)}</time>;
}

interface CardProps { summary: Summary; filter: Filter; isOpen: boolean; you: number | undefined; at: number; of: number; alert: string | undefined }

export const Card = memo(function Card({ summary, filter, isOpen, you, at, of, alert }: CardProps): JSX.Element {
	const waits = isWaiting(summary);
	const isOwed = isUnanswered(summary, you);
	const by = useAuthor(summary, you);
	return (
		<li aria-setsize={of} aria-posinset={at + 1}>
			<a
				data-conversation={summary.id} class={`card${waits ? " waits" : ""}${isOwed ? " owed" : ""}${summary.closed ? " closed" : ""}`} aria-current={isOpen ? "true" : undefined}
				href={hashOf({ at: "inbox", filter, conversation: summary.id, details: false })}
			>
				<span class="card-top">
					<i class={summary.visitor.online ? "dot available" : "dot offline"} title={summary.visitor.online ? "Online" : "Not online"} />
					<b dir="auto">{visitorName(summary)}</b>
					{summary.visitor.verified && <span class="verified" title="Verified by the shop"><Icon name="shield" small /></span>}
					<span class="grow" />
					{waits && summary.waiting_since !== undefined ? <Waited what="Waiting" since={summary.waiting_since} />
						: isOwed ? <Waited what="Unanswered" since={summary.last.at} /> : <Since at={summary.updated_at} />}
				</span>
				{summary.snippet ? <span class="card-text" dir="auto">{summary.snippet}</span>
					: <span class="card-text" dir="auto">{by && <><bdi>{by}:</bdi> </>}{summary.last.text}</span>}
				<span class="card-chips">
					<MoodBadge running={summary.mood.running} />
					<Trend summary={summary} bare />
					{alert && waits && <span class="chip bad"><Icon name="warn" small />Nobody came</span>}
					<TagChips tags={summary.tags} most={2} />
					{summary.reason && !summary.closed && <span class="chip reason"><span>{reasonWord(summary.reason)}</span></span>}
					<span class="grow" />
					{!waits && <span class="owner" dir="auto">{ownerWord(summary, you)}</span>}
					{summary.lang && <abbr title={languageName(summary.lang)}>{summary.lang.toUpperCase()}</abbr>}
				</span>
			</a>
		</li>
	);
});
