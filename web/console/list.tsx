// SPDX-License-Identifier: Apache-2.0
/* The list of conversations. Only the rows in sight are in the page: all have the same height. */
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Summary } from "../shared/wire";
import * as api from "./api";
import { Card } from "./card";
import { go, useDesk, useDeskState } from "./hooks";
import { Icon } from "./icons";
import { provide } from "./keys";
import { choices, countOf, countUnanswered, isUnanswered, listed, noSieve, type Sieve } from "./lists";
import { Button, Empty, Select } from "./parts";
import { hashOf, type Route } from "./route";
import type { Filter, State } from "./state";
import { intentWord, reasonWord } from "./words";

type InboxRoute = Extract<Route, { at: "inbox" }>;

/* Also in inbox.css. */
const ROW_PX = 92;
/* Rows drawn before and after those in sight; the window moves in steps, so that most scrolling draws nothing anew. */
const OVERSCAN = 8;
const STEP = 2;
const SEARCH_AFTER_MS = 250;

const FILTER_WORDS: Record<Filter, string> = { waiting: "Waiting", mine: "Mine", all: "All", tickets: "Tickets" };
const EMPTY: Record<Filter, [title: string, text: string]> = {
	waiting: ["Nobody is waiting", "The bot is looking after your visitors. You are called when it needs you."],
	mine: ["No conversation of yours", "Claim one from Waiting, or write in one that the bot has."],
	all: ["No conversation yet", "As soon as a visitor writes, it is shown here."],
	tickets: ["No tickets", "Visitors who leave an e-mail address while nobody is there end up here."],
};

/* Which rows are in sight. */
function useWindow(count: number): { box: { current: HTMLDivElement | null }; from: number; to: number } {
	const box = useRef<HTMLDivElement>(null);
	const [sight, setSight] = useState({ from: 0, to: 20 });
	useLayoutEffect(() => {
		const element = box.current;
		if (!element) return;
		const look = (): void => {
			const from = Math.max(0, Math.floor((element.scrollTop / ROW_PX - OVERSCAN) / STEP) * STEP);
			const to = Math.ceil(((element.scrollTop + element.clientHeight) / ROW_PX + OVERSCAN) / STEP) * STEP;
			setSight((before) => (before.from === from && before.to === to ? before : { from, to }));
		};
		look();
		element.addEventListener("scroll", look, { passive: true });
		const observer = new ResizeObserver(look);
		observer.observe(element);
		return () => {
			element.removeEventListener("scroll", look);
			observer.disconnect();
		};
	}, []);
	return { box, from: Math.min(sight.from, Math.max(0, count - 1)), to: Math.min(sight.to, count) };
}

/* Keeps the room of the rows that are not there. The height is set on the element, as a strict CSP allows. */
function Gap({ rows }: { rows: number }): JSX.Element {
	const element = useRef<HTMLLIElement>(null);
	useLayoutEffect(() => {
		if (element.current) element.current.style.height = `${rows * ROW_PX}px`;
	}, [rows]);
	return <li ref={element} class="gap" aria-hidden="true" />;
}

function Rows({ list, route, onSight }: { list: Summary[]; route: InboxRoute; onSight: (last: Summary | undefined) => void }): JSX.Element {
	const you = useDeskState((state) => state.you?.id);
	const alerts = useDeskState((state) => state.alerts);
	const { box, from, to } = useWindow(list.length);
	useEffect(() => onSight(to < list.length ? list[to] : undefined));
	/* A row that is chosen by key comes into sight. */
	const openAt = list.findIndex(({ id }) => id === route.conversation);
	useEffect(() => {
		const element = box.current;
		if (!element || openAt < 0) return;
		const top = openAt * ROW_PX;
		if (top < element.scrollTop) element.scrollTop = top;
		else if (top + ROW_PX > element.scrollTop + element.clientHeight) element.scrollTop = top + ROW_PX - element.clientHeight;
	}, [route.conversation]);
	return (
		<div class="cards" ref={box} tabIndex={-1}>
			<ul aria-label={FILTER_WORDS[route.filter]}>
				{from > 0 && <Gap key="before" rows={from} />}
				{list.slice(from, to).map((summary, i) => (
					<Card
						key={summary.id} summary={summary} filter={route.filter} isOpen={summary.id === route.conversation} you={you}
						at={from + i} of={list.length} alert={alerts.get(summary.id)}
					/>
				))}
				{to < list.length && <Gap key="after" rows={list.length - to} />}
			</ul>
		</div>
	);
}

function SieveRow({ filter, sieve, onChange }: { filter: Filter; sieve: Sieve; onChange: (sieve: Sieve) => void }): JSX.Element {
	const desk = useDesk();
	const { reasons, topics } = choices(desk.state, filter);
	const [tags, setTags] = useState<string[]>([]);
	useEffect(() => {
		api.tags().then((page) => setTags(page.tags.map(({ tag }) => tag)), (error: Error) => desk.tell(error.message, "bad"));
	}, []);
	return (
		<div class="sieve">
			<Select bare label="Mood" value={sieve.mood} onChange={(mood) => onChange({ ...sieve, mood })}
				options={[["", "Mood"], ["upset", "Upset"], ["sinking", "Sinking"]] as const} />
			<Select bare label="Reason" value={sieve.reason} onChange={(reason) => onChange({ ...sieve, reason })}
				options={[["", "Reason"], ...reasons.map((each) => [each, reasonWord(each)] as const)]} />
			<Select bare label="Topic" value={sieve.topic} onChange={(topic) => onChange({ ...sieve, topic })}
				options={[["", "Topic"], ...topics.map((each) => [each, intentWord(each)] as const)]} />
			<Select bare label="Tag" value={sieve.tag} onChange={(tag) => onChange({ ...sieve, tag })}
				options={[["", "Tag"], ...tags.map((each) => [each, each] as const)]} />
		</div>
	);
}

/* Conversations with this tag that are not in memory are asked for: a tag of last year is found too. */
function useTagged(tag: string): void {
	const desk = useDesk();
	useEffect(() => {
		if (!tag) return;
		api.tagged(tag).then(({ conversations }) => desk.dispatch({ type: "found", conversations }),
			(error: Error) => desk.tell(error.message, "bad"));
	}, [tag]);
}

/* What the server finds for `text` in all conversations; null while nothing is searched for. */
function useFound(text: string): Summary[] | null {
	const desk = useDesk();
	const [found, setFound] = useState<Summary[] | null>(null);
	useEffect(() => {
		if (!text.trim()) return setFound(null);
		let isStale = false;
		const timer = setTimeout(() => {
			api.search(text.trim()).then(({ conversations }) => {
				if (!isStale) setFound(conversations);
			}, (error: Error) => desk.tell(error.message, "bad"));
		}, SEARCH_AFTER_MS);
		return () => {
			isStale = true;
			clearTimeout(timer);
		};
	}, [text]);
	return found;
}

function Tabs({ route }: { route: InboxRoute }): JSX.Element {
	const counts = useDeskState((state) => `${countOf(state, "waiting")} ${countOf(state, "mine")}`).split(" ");
	const owed = useDeskState(countUnanswered);
	return (
		<nav class="tabs" aria-label="Lists">
			{(["waiting", "mine", "all", "tickets"] as const).map((filter, i) => (
				<a
					key={filter} href={hashOf({ ...route, filter, details: false })} aria-current={route.filter === filter ? "page" : undefined}
					aria-keyshortcuts={String(i + 1)} title={`Shortcut: ${i + 1}`}
				>
					{FILTER_WORDS[filter]}
					{i < 2 && counts[i] !== "0" && (
						<b class={filter === "waiting" ? "count" : owed ? "count owed" : "count calm"}>
							{counts[i]}{filter === "mine" && owed > 0 && <span class="hidden">, {owed} unanswered</span>}
						</b>
					)}
				</a>
			))}
		</nav>
	);
}

/* Asks for the pages of the long lists: the first at every welcome, the next when one has scrolled to where it begins.
 * The function is told the first row below those that are drawn. */
function usePages(filter: Filter): (below: Summary | undefined) => void {
	const desk = useDesk();
	const welcomes = useDeskState((state) => state.welcomes);
	const next = useDeskState((state) => state.more[filter]);
	const asked = useRef("");
	useEffect(() => {
		if (welcomes) desk.list(filter);
	}, [filter, welcomes]);
	return (below) => {
		const key = `${filter} ${welcomes} ${next}`;
		if (filter === "waiting" || next === undefined || asked.current === key || (below && below.updated_at >= next)) return;
		asked.current = key;
		desk.list(filter, next);
	};
}

interface HeadProps { route: InboxRoute; query: string; setQuery: (query: string) => void; sieve: Sieve | null; setSieve: (sieve: Sieve | null) => void }

function Head({ route, query, setQuery, sieve, setSieve }: HeadProps): JSX.Element {
	const onKey = (event: KeyboardEvent): void => {
		if (event.key !== "Escape" || !(event.currentTarget instanceof HTMLElement)) return;
		event.preventDefault();
		setQuery("");
		document.getElementById("list")?.focus();
	};
	return (
		<header class="list-head">
			<h1 class="hidden">Conversations</h1>
			<div class="search">
				<Icon name="search" />
				<input
					id="search" type="search" placeholder="Search all conversations" aria-label="Search all conversations" aria-keyshortcuts="/"
					value={query} onInput={(event) => setQuery(event.currentTarget.value)} onKeyDown={onKey}
				/>
				<Button kind="quiet" icon="sieve" label="Filter" pressed={sieve !== null} onClick={() => setSieve(sieve ? null : noSieve)} />
			</div>
			{sieve && <SieveRow filter={route.filter} sieve={sieve} onChange={setSieve} />}
			<Tabs route={route} />
		</header>
	);
}

function useListKeys(route: InboxRoute, list: Summary[]): () => void {
	const desk = useDesk();
	const step = (by: number): void => {
		const at = list.findIndex(({ id }) => id === route.conversation);
		const next = list[at < 0 ? 0 : at + by];
		if (next) go({ ...route, conversation: next.id, details: false }, route.conversation !== null);
	};
	const claimNext = (): void => {
		const next = listed(desk.state, "waiting")[0];
		if (!next) return desk.tell("Nobody is waiting.");
		void desk.attempt({ type: "claim", conversation: next.id }).then((isDone) => {
			if (isDone) go({ at: "inbox", filter: "mine", conversation: next.id, details: false });
		});
	};
	const nextUnanswered = (): void => {
		const owed = listed(desk.state, "mine").filter((summary) => isUnanswered(summary, desk.state.you?.id) && summary.id !== route.conversation);
		const next = owed[0];
		if (next) go({ at: "inbox", filter: "mine", conversation: next.id, details: false });
		else desk.tell("Nobody of yours waits for an answer.");
	};
	useEffect(() => provide({
		"m": nextUnanswered,
		"j": () => step(1),
		"k": () => step(-1),
		"w": claimNext,
		"/": () => document.getElementById("search")?.focus(),
	}));
	return claimNext;
}

export function ConversationList({ route }: { route: InboxRoute }): JSX.Element {
	const desk = useDesk();
	const { filter } = route;
	const [sieve, setSieve] = useState<Sieve | null>(null);
	const [query, setQuery] = useState("");
	const found = useFound(query);
	useTagged(sieve?.tag ?? "");
	const summaries = useDeskState((state: State) => state.summaries);
	useDeskState((state) => state.you);
	const isReady = useDeskState((state) => state.welcomes > 0);
	const all = listed(desk.state, filter, sieve ?? noSieve);
	const list = found?.map((each) => ({ ...(summaries.get(each.id) ?? each), snippet: each.snippet })) ?? all;
	const onSight = usePages(filter);
	const claimNext = useListKeys(route, list);
	const [title, text] = found ? ["Nothing found", "Try fewer or other words."] : EMPTY[filter];
	return (
		<section class="list" id="list" tabIndex={-1} aria-label="Conversations">
			<Head route={route} query={query} setQuery={setQuery} sieve={sieve} setSieve={setSieve} />
			{list.length > 0 ? <Rows key={filter} list={list} route={route} onSight={found ? () => undefined : onSight} /> : isReady
				? <Empty icon={filter === "tickets" ? "mail" : "inbox"} title={title}>{text}</Empty>
				: <p class="soft list-wait" role="status">Connecting…</p>}
			{filter === "waiting" && !found && all.length > 0 && (
				<footer class="list-foot"><Button kind="primary" keys="w" onClick={claimNext}>Claim next</Button></footer>
			)}
		</section>
	);
}
