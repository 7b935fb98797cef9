// SPDX-License-Identifier: Apache-2.0
/* shop.ini as the program understands it; it is changed in the file, where it can be explained and kept. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import * as api from "./api";
import { Snippet } from "./firststeps";
import { useDesk, useDeskState } from "./hooks";
import { Icon } from "./icons";
import { Button } from "./parts";
import { RepliesDialog } from "./replies";
import { span } from "./words";

type Section = [name: string, value: unknown];

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function word(name: string): string {
	return name.replace(/_/g, " ").replace(/ ms$/, "");
}

/* Times come in milliseconds, the promise as a share. */
const TIMES = new Set(["answer_within", "claim_timeout", "give_up_after", "agent_grace", "reopen_within", "visitor_away", "after_ms"]);

function amount(name: string, value: number): string {
	if (TIMES.has(name)) return span(value / 1000);
	return name === "wrong_answers" ? `${+(value * 100).toFixed(2)} %` : String(value);
}

function Value({ name, value }: { name: string; value: unknown }): JSX.Element {
	if (value === null || value === "") return <span class="soft">not set</span>;
	if (typeof value === "boolean") return <>{value ? "yes" : "no"}</>;
	if (typeof value === "string") return <bdi>{value}</bdi>;
	if (typeof value === "number") return <>{amount(name, value)}</>;
	if (Array.isArray(value)) {
		if (!value.length) return <span class="soft">none</span>;
		return <ul>{value.map((item, i) => <li key={i}><Value name={name} value={item} /></li>)}</ul>;
	}
	if (!isRecord(value)) return <>{String(value)}</>;
	return (
		<dl class="nested">
			{Object.entries(value).map(([key, inner]) => <div key={key}><dt>{word(key)}</dt><dd><Value name={key} value={inner} /></dd></div>)}
		</dl>
	);
}

/* Groups stay groups; what stands alone at the top is put under one name. */
function sections(settings: unknown): Section[] {
	if (!isRecord(settings)) return [];
	const alone = Object.entries(settings).filter(([, value]) => !isRecord(value) && !Array.isArray(value));
	const groups = Object.entries(settings).filter(([, value]) => isRecord(value) || Array.isArray(value));
	return alone.length ? [["general", Object.fromEntries(alone)], ...groups] : groups;
}

export function SettingsPage(): JSX.Element {
	const desk = useDesk();
	const version = useDeskState((state) => state.corpus?.version);
	const [settings, setSettings] = useState<unknown>(null);
	const [isManaging, setManaging] = useState(false);
	const replies = useDeskState((state) => state.replies.length);
	useEffect(() => {
		api.settings().then(setSettings, (error: Error) => desk.tell(error.message, "bad"));
	}, [version]);
	return (
		<main class="page" tabIndex={0}>
			<h1>Settings</h1>
			<p class="callout"><Icon name="info" />These stand in <code>shop.ini</code>, beside your topic files. Change them there and save: they take effect at once.</p>
			<section class="panel above" aria-labelledby="pages-title">
				<h2 id="pages-title">On your pages</h2>
				<p class="soft">This line puts the chat there. The address of your shop stands in <code>shop.ini</code> under <code>[site] origins</code>.</p>
				<Snippet />
			</section>
			<section class="panel above" aria-labelledby="replies-title">
				<h2 id="replies-title">Saved replies</h2>
				<p class="soft">{replies === 1 ? "One, for all agents." : `${replies}, for all agents.`} They are taken with / or the button Saved while writing.</p>
				<Button icon="saved" onClick={() => setManaging(true)}>Change saved replies</Button>
			</section>
			<div class="settings">
				{sections(settings).map(([name, value]) => (
					<section key={name} class="panel">
						<h2>{word(name)}</h2>
						<Value name={name} value={value} />
					</section>
				))}
			</div>
			{isManaging && <RepliesDialog onClose={() => setManaging(false)} />}
		</main>
	);
}
