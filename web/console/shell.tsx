// SPDX-License-Identifier: Apache-2.0
/* The frame around all pages: the rail, the banners, what is said for a moment, alerts and the keys that work everywhere. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { AgentServerFrame } from "../shared/wire";
import { notify, setWaiting } from "./alerts";
import { AlertsDialog } from "./alertsdialog";
import { AgentsPage } from "./agents";
import { AnswersPage } from "./answers";
import { keepFocus } from "./focus";
import { HelpDialog } from "./help";
import { go, useDesk, useDeskState, useRoute, useSound } from "./hooks";
import { Icon, Logo, type IconName } from "./icons";
import { Inbox } from "./inbox";
import { likings } from "./keep";
import { provide } from "./keys";
import { countOf } from "./lists";
import { NumbersPage } from "./numbers";
import { PresenceMenu } from "./presence";
import { home, type PageName, type Route } from "./route";
import { SettingsPage } from "./settings";
import { Toasts } from "./toasts";
import { isolated, visitorName } from "./words";

type InnerRoute = Exclude<Route, { at: "setup" }>;

const PAGE_NAMES: readonly { at: PageName; word: string; icon: IconName; isOwners: boolean }[] = [
	{ at: "answers", word: "Answers", icon: "book", isOwners: false },
	{ at: "numbers", word: "Numbers", icon: "chart", isOwners: false },
	{ at: "agents", word: "Agents", icon: "people", isOwners: true },
	{ at: "settings", word: "Settings", icon: "gear", isOwners: true },
];

function Rail({ at, isOwner }: { at: InnerRoute["at"]; isOwner: boolean }): JSX.Element {
	const waiting = useDeskState((state) => countOf(state, "waiting"));
	const drafts = useDeskState((state) => state.drafts?.length ?? 0);
	const problems = useDeskState((state) => state.corpus?.problems.some(({ severity }) => severity === "error") ?? false);
	return (
		<nav class="rail" aria-label="Main">
			<Logo />
			<a href="#/waiting" aria-current={at === "inbox" ? "page" : undefined}>
				<Icon name="inbox" />
				<span>Chats</span>
				{waiting > 0 && <b class="count">{waiting}<span class="hidden"> waiting</span></b>}
			</a>
			{PAGE_NAMES.filter(({ isOwners }) => isOwner || !isOwners).map((page) => (
				<a key={page.at} href={`#/${page.at}`} aria-current={at === page.at ? "page" : undefined}>
					<Icon name={page.icon} />
					<span>{page.word}</span>
					{page.at === "answers" && problems && <b class="count bad">!<span class="hidden"> problems in the files</span></b>}
					{page.at === "answers" && !problems && drafts > 0 && <b class="count calm">{drafts}<span class="hidden"> {drafts === 1 ? "draft" : "drafts"}</span></b>}
				</a>
			))}
		</nav>
	);
}

function Banners({ onAlerts }: { onAlerts: () => void }): JSX.Element {
	const link = useDeskState((state) => state.link);
	const corpus = useDeskState((state) => state.corpus);
	const status = useDeskState((state) => state.status);
	const isHeard = useSound();
	const errors = corpus?.problems.filter(({ severity }) => severity === "error") ?? [];
	const first = errors[0];
	return (
		<section class="banners" aria-label="Notices">
			<div role="status" aria-label="Connection">
				{link === "offline" && (
					<p class="banner warn"><Icon name="refresh" />No connection. What you write is kept and sent as soon as it is back.</p>
				)}
			</div>
			<div role="status" aria-label="Files">
				{first && (
					<p class="banner bad">
						<Icon name="warn" />
						<span>
							<b>{errors.length === 1 ? "A problem" : `${errors.length} problems`} in the files.</b> {first.file}:{first.line}: {first.what}. The answers from before go on.
						</span>
						{/* The page may be open already, and further down. */}
						<a class="button plain" href="#/answers" onClick={() => document.querySelector("main.page")?.scrollTo(0, 0)}><span>Show</span></a>
					</p>
				)}
			</div>
			{!isHeard && likings().sound && status === "available" && (
				<p class="banner info">
					<Icon name="bellOff" />
					<span>No sound until you touch this page once.</span>
					<button type="button" class="button plain" onClick={onAlerts}><span>Test my alerts</span></button>
				</p>
			)}
		</section>
	);
}

/* What a frame means to somebody who looks elsewhere. */
function useAlerts(): string {
	const desk = useDesk();
	const waiting = useDeskState((state) => countOf(state, "waiting"));
	const shop = useDeskState((state) => state.shop);
	const isAvailable = useDeskState((state) => state.status === "available");
	const [said, setSaid] = useState("");
	useEffect(() => setWaiting(waiting, isAvailable, shop), [waiting, isAvailable, shop]);
	useEffect(() => {
		const told = new Set<number>();
		desk.onFrame = (frame: AgentServerFrame) => {
			const { summaries, you, status } = desk.state;
			for (const id of told) if (summaries.get(id)?.owner !== "queue") told.delete(id);
			if (status !== "available") return;
			for (const summary of summaries.values()) {
				if (summary.owner !== "queue" || summary.closed || told.has(summary.id)) continue;
				told.add(summary.id);
				const open = (): void => go({ ...home, conversation: summary.id });
				setSaid(`${isolated(visitorName(summary))} is waiting: ${isolated(summary.last.text)}`);
				if (document.hidden || !document.hasFocus()) {
					notify(`${isolated(visitorName(summary))} is waiting`, summary.last.text, `waiting-${summary.id}`, open);
				}
			}
			if (frame.type !== "event" || frame.kind !== "message" || frame.from !== "visitor" || frame.conversation === undefined) return;
			const summary = summaries.get(frame.conversation);
			if (summary?.agent?.id !== you?.id || summary?.owner !== "agent" || (!document.hidden && document.hasFocus())) return;
			notify(visitorName(summary), frame.text, `message-${summary.id}`, () =>
				go({ at: "inbox", filter: "mine", conversation: summary.id, details: false }));
		};
		return () => {
			desk.onFrame = () => undefined;
		};
	}, [desk]);
	return said;
}

function Page({ route }: { route: InnerRoute }): JSX.Element {
	switch (route.at) {
	case "inbox": return <Inbox route={route} />;
	case "answers": return <AnswersPage />;
	case "numbers": return <NumbersPage />;
	case "agents": return <AgentsPage />;
	case "settings": return <SettingsPage />;
	}
}

export function Shell({ route, onSignOut }: { route: InnerRoute; onSignOut: () => void }): JSX.Element {
	const desk = useDesk();
	const isOwner = useDeskState((state) => state.you?.role === "owner");
	const [open, setOpen] = useState<"" | "help" | "alerts">("");
	const said = useAlerts();
	const at = useRoute();
	const root = useRef<HTMLDivElement>(null);
	useEffect(() => (root.current ? keepFocus(root.current) : undefined), []);
	useEffect(() => provide({
		"?": () => setOpen("help"),
		"g i": () => go(home),
		"g a": () => go({ at: "answers" }),
		"g n": () => go({ at: "numbers" }),
		"g s": () => go({ at: "settings" }),
		"a": () => void desk.presence(desk.state.status === "available" ? "away" : "available", desk.state.capacity || 1),
	}), [desk]);
	const depth = at.at !== "inbox" || at.conversation === null ? "list" : at.details ? "details" : "thread";
	return (
		<div ref={root} class="shell" data-depth={depth}>
			<Rail at={route.at} isOwner={isOwner} />
			<div class="content">
				<Banners onAlerts={() => setOpen("alerts")} />
				<Page route={route} />
			</div>
			<PresenceMenu onSignOut={onSignOut} onHelp={() => setOpen("help")} onAlerts={() => setOpen("alerts")} />
			<p class="hidden" role="status" aria-label="News">{said}</p>
			<Toasts />
			{open === "help" && <HelpDialog onClose={() => setOpen("")} />}
			{open === "alerts" && <AlertsDialog onClose={() => setOpen("")} />}
		</div>
	);
}
