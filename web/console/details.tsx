// SPDX-License-Identifier: Apache-2.0
/* Beside the conversation: the handover card, and what is known of the visitor. */
import type { ComponentChildren, JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Episode, Summary } from "../shared/wire";
import { insertions, jumps } from "./between";
import { MoodWords } from "./evidence";
import { go, useDesk, useDeskState } from "./hooks";
import { Icon, type IconName } from "./icons";
import { Kept } from "./kept";
import { isMine } from "./lists";
import { Button, MoodBadge, Trend } from "./parts";
import type { Route } from "./route";
import { handoverOf, type Handover } from "./rows";
import { emptyThread, type State, type Thread } from "./state";
import { Suggestions } from "./suggestions";
import { intentWord, languageName, moodOf, percent, reasonWord, REASON_SENTENCES, visitorName, when } from "./words";

type InboxRoute = Extract<Route, { at: "inbox" }>;

function Section({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
	return <section class="panel"><h2>{title}</h2>{children}</section>;
}

function Rate({ summary }: { summary: Summary }): JSX.Element {
	const desk = useDesk();
	const rate = (right: boolean): void => {
		void desk.attempt({ type: "rate_handover", conversation: summary.id, right }).then((isDone) => {
			if (isDone) desk.dispatch({ type: "right", conversation: summary.id, right });
		});
	};
	return (
		<div class="rate" role="group" aria-label="Was this handover right?">
			<span>Was it right to hand over?</span>
			<Button icon="up" label="Yes, it was right" pressed={summary.right === true} onClick={() => rate(true)} />
			<Button icon="thumbDown" label="No, the bot could have done it" pressed={summary.right === false} onClick={() => rate(false)} />
		</div>
	);
}

function Card({ handover, summary }: { handover: Handover; summary: Summary }): JSX.Element {
	const { event, asked, answered, words } = handover;
	return (
		<Section title="Handover">
			<p class="why-line"><span class="chip strong">{reasonWord(event.reason)}</span></p>
			<p>{REASON_SENTENCES[event.reason ?? ""] ?? event.text}</p>
			{asked.length > 0 && (
				<>
					<h3>What was asked</h3>
					<ul class="quotes">{asked.map(({ seq, text }) => <li key={seq} dir="auto">{text}</li>)}</ul>
				</>
			)}
			{answered.length > 0 && (
				<>
					<h3>What the bot said</h3>
					<ul class="answers">
						{answered.map(({ event: said, decision: because }) => (
							<li key={said.seq}>
								{said.intent && <b>{intentWord(said.intent)} {because && <span class="soft">{percent(because.confidence)} sure</span>}</b>}
								<span dir="auto">{said.text}</span>
							</li>
						))}
					</ul>
				</>
			)}
			<h3>Mood</h3>
			<p class="why-line"><MoodBadge running={summary.mood.running} /><Trend summary={summary} /></p>
			{words.length > 0 ? <MoodWords words={words} /> : !moodOf(summary.mood.running).isBad && <p class="soft">No word of it spoke of anger.</p>}
			<Rate summary={summary} />
		</Section>
	);
}

function Fact({ icon, name, children }: { icon: IconName; name: string; children: ComponentChildren }): JSX.Element {
	return <div><dt><Icon name={icon} small /><bdi>{name}</bdi></dt><dd>{children}</dd></div>;
}

function PageLink({ url, title }: { url: string; title: string }): JSX.Element {
	return /^https?:\/\//i.test(url)
		? <a href={url} target="_blank" rel="noopener noreferrer nofollow">{title || url}</a>
		: <span>{title || url}</span>;
}

function Visitor({ summary }: { summary: Summary }): JSX.Element {
	const { visitor } = summary;
	const attributes = Object.entries(visitor.attributes ?? {});
	const sure = visitor.verified ? "verified" : "as claimed";
	return (
		<Section title="Visitor">
			<p class="trust">
				<Icon name={visitor.verified ? "shield" : "info"} small />
				{visitor.verified ? "The shop vouches for who this is." : visitor.name || visitor.email ? "Name and address are as claimed, not checked." : "Unknown visitor."}
			</p>
			<dl class="facts">
				{visitor.name && <Fact icon="person" name="Name"><bdi>{visitor.name}</bdi> <span class="chip">{sure}</span></Fact>}
				{visitor.email && <Fact icon="mail" name="E-mail"><a href={`mailto:${encodeURIComponent(visitor.email)}`}><bdi>{visitor.email}</bdi></a> <span class="chip">{sure}</span></Fact>}
				{summary.ticket && <Fact icon="mail" name="Ticket"><bdi>{summary.ticket.email}</bdi>, {when(summary.ticket.at)}</Fact>}
				{visitor.page && <Fact icon="page" name="Page"><PageLink url={visitor.page.url} title={visitor.page.title} /></Fact>}
				<Fact icon="globe" name="Language">{languageName(summary.lang)}</Fact>
				<Fact icon="clock" name="Since">{when(summary.created_at)}</Fact>
				<Fact icon="inbox" name="Online">{visitor.online ? "Yes, the chat is open" : "Not right now"}</Fact>
				{attributes.map(([name, value]) => <Fact key={name} icon="info" name={name}><bdi>{String(value)}</bdi></Fact>)}
			</dl>
		</Section>
	);
}

function Earlier({ episodes, onShow }: { episodes: readonly Episode[]; onShow: (episode: number) => void }): JSX.Element {
	return (
		<Section title="Earlier conversations">
			{episodes.length === 0 && <p class="soft">This is the first one.</p>}
			<ul class="episodes">
				{episodes.map((episode) => (
					<li key={episode.episode}>
						<button type="button" class="link" onClick={() => onShow(episode.episode)}><span class="hidden">Show the conversation of </span>{when(episode.started_at)}</button>
						<span>{episode.reason ? reasonWord(episode.reason) : "The bot alone"}</span>
						<span class="soft">{episode.csat === undefined ? "not rated" : `rated ${episode.csat} of 5`}</span>
					</li>
				))}
			</ul>
		</Section>
	);
}

export function Details({ id, route }: { id: number; route: InboxRoute }): JSX.Element | null {
	const summary = useDeskState((state: State) => state.summaries.get(id));
	const thread: Thread = useDeskState((state: State) => state.threads.get(id)) ?? emptyThread;
	const you = useDeskState((state) => state.you);
	const handover = useMemo(() => handoverOf(thread.events, summary?.episode ?? 0), [thread.events, summary?.episode]);
	if (!summary) return null;
	const earlier = thread.earlier.filter(({ episode }) => episode !== summary.episode);
	const insert = (text: string): void => {
		insertions.send(text);
		if (route.details) go({ ...route, details: false });
	};
	const show = (episode: number): void => {
		if (!route.details) return jumps.send(episode);
		/* What is behind the details can take the focus only when they are gone. */
		addEventListener("hashchange", () => requestAnimationFrame(() => jumps.send(episode)), { once: true });
		go({ ...route, details: false });
	};
	return (
		<section class="details" id="details" tabIndex={-1} aria-label="Details">
			<header class="details-head not-wide">
				<Button kind="quiet" icon="back" label="Back to the conversation" onClick={() => go({ ...route, details: false })} />
				<b dir="auto">{visitorName(summary)}</b>
			</header>
			{handover && <Card handover={handover} summary={summary} />}
			{isMine(summary, you?.id) && (
				<Section title="Suggested replies"><Suggestions id={id} thread={thread} onInsert={insert} /></Section>
			)}
			<Visitor summary={summary} />
			<Earlier episodes={earlier} onShow={show} />
			{you?.role === "owner" && <Section title="What is kept"><Kept summary={summary} /></Section>}
		</section>
	);
}
