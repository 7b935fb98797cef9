// SPDX-License-Identifier: Apache-2.0
/* List, conversation, details: three panes on a desk, three screens on a phone. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { ConversationList } from "./list";
import { Details } from "./details";
import { FirstSteps, useFirstSteps } from "./firststeps";
import { go, useDesk, useDeskState, useMedia } from "./hooks";
import { provide } from "./keys";
import { Empty } from "./parts";
import type { Route } from "./route";
import { FILTERS } from "./state";
import { ThreadPane } from "./thread";

type InboxRoute = Extract<Route, { at: "inbox" }>;
const WIDE = "(min-width: 1180px)";

/* Where a conversation will be. An owner who begins is told how. */
function NothingOpen(): JSX.Element {
	const isOwner = useDeskState((state) => state.you?.role === "owner");
	const [isShown, hide] = useFirstSteps();
	if (isOwner && isShown) return <FirstSteps onHide={hide} />;
	return <Empty icon="inbox" title="Nothing open">Choose a conversation on the left, or press <kbd>w</kbd> to claim who is next in line.</Empty>;
}

export function Inbox({ route }: { route: InboxRoute }): JSX.Element {
	const desk = useDesk();
	const { conversation: id, filter, details } = route;
	const isWide = useMedia(WIDE);
	const isKnown = useDeskState((state) => id !== null && state.summaries.has(id));
	useEffect(() => {
		if (id !== null) desk.show(id);
	}, [id]);
	useEffect(() => {
		desk.onMissing = (missing) => {
			if (missing !== id) return;
			desk.tell("This conversation does not exist any more.", "bad");
			go({ ...route, conversation: null, details: false }, true);
		};
		desk.onErased = (erased) => {
			if (erased !== id) return;
			desk.tell("This conversation was erased.");
			go({ ...route, conversation: null, details: false }, true);
		};
	}, [id, filter]);
	useEffect(() => provide({
		...Object.fromEntries(FILTERS.map((each, i) =>
			[String(i + 1), () => go({ at: "inbox", filter: each, conversation: id, details: false })])),
		"i": () => {
			if (id === null) return;
			if (isWide) document.getElementById("details")?.focus();
			else go({ ...route, details: !details });
		},
		"Escape": () => {
			if (details) go({ ...route, details: false });
			else if (document.activeElement instanceof HTMLTextAreaElement) document.getElementById("thread")?.focus();
			else if (id !== null) go({ ...route, conversation: null });
		},
	}), [id, filter, details, isWide]);
	const depth = id === null ? "list" : details ? "details" : "thread";
	return (
		<main class="inbox" data-depth={depth}>
			<ConversationList route={route} />
			{id === null || !isKnown ? (
				<div class="thread none" id="thread" tabIndex={-1}>
					{id === null
						? <NothingOpen />
						: <p class="soft" role="status">Opening the conversation…</p>}
				</div>
			) : (
				<>
					<ThreadPane key={id} id={id} route={route} />
					{(isWide || details) && <Details key={`d${id}`} id={id} route={route} />}
				</>
			)}
		</main>
	);
}
