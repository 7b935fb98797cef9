// SPDX-License-Identifier: Apache-2.0
/* How visitors were served: the figures of `shopbell report`, each share beside what it is a share of. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import * as api from "./api";
import { useDesk, useDeskState } from "./hooks";
import { Bar, Select } from "./parts";
import { HoursPlot } from "./plot";
import { duration, percent, reasonWord, sentence, when } from "./words";

const AGAIN_MS = 30000;
/* Below so many cases a median says nothing yet; of shares the server decides. */
const ENOUGH = 30;

/* The figures that are looked at every day, under the names that people here use. */
const TILES: readonly [figure: string, name: string, of: string][] = [
	["deflection", "No person needed", "conversations with the bot"],
	["handoff", "Handed over", "conversations with the bot"],
	["handoff_claimed", "Claimed by a person", "handed over"],
	["coverage", "Questions understood", "typed questions"],
	["wait_s", "Wait for a person", "claimed"],
	["helpful", "Found helpful", "thumbs"],
	["csat", "Satisfied", "ratings"],
];

function Tile({ name, big, about, few, share }: { name: string; big: string; about: string; few: boolean; share?: number | undefined }): JSX.Element {
	return (
		<div class="tile">
			<dt>{name}</dt>
			<dd>
				<b>{big}</b>
				<span>{about}</span>
				{few && <small>too few to tell</small>}
				{share !== undefined && <Bar share={share} />}
			</dd>
		</div>
	);
}

function FigureTile({ figure, name, of }: { figure: api.Figure; name: string; of: string }): JSX.Element {
	const { part = 0, whole = 0, share, n = 0, median = 0, p90 = 0 } = figure;
	if (figure.kind === "time") {
		return <Tile name={name} big={n ? duration(median) : "–"} about={n ? `median of ${n} ${of}; nine of ten within ${duration(p90)}` : "nobody waited"} few={n > 0 && n < ENOUGH} />;
	}
	return <Tile name={name} big={share === undefined ? whole ? `${part} of ${whole}` : "–" : percent(share)} about={share === undefined && whole ? of : `${part} of ${whole} ${of}`} few={whole > 0 && share === undefined} share={share} />;
}

function Tiles({ numbers }: { numbers: api.Numbers }): JSX.Element {
	const named = new Map(numbers.figures.map((figure) => [figure.name, figure]));
	return (
		<dl class="tiles">
			<Tile name="Conversations" big={String(numbers.episodes)} about={`since ${when(numbers.from)}`} few={false} />
			{TILES.map(([figure, name, of]) => {
				const found = named.get(figure);
				return found && <FigureTile key={figure} figure={found} name={name} of={of} />;
			})}
		</dl>
	);
}

function Reasons({ handedOver }: { handedOver: Record<string, number> }): JSX.Element {
	const rows = Object.entries(handedOver).filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1]);
	const all = rows.reduce((sum, [, count]) => sum + count, 0);
	return (
		<section class="panel" aria-labelledby="reasons-title">
			<h2 id="reasons-title">Why it was handed over</h2>
			{!all && <p class="soft">Nothing was handed over.</p>}
			<ul class="candidates">
				{rows.map(([reason, count]) => (
					<li key={reason}><span class="candidate-name">{reasonWord(reason)}</span><Bar share={count / all} /><b>{count} of {all}</b></li>
				))}
			</ul>
		</section>
	);
}

/* What it comes to, and of how many. */
export function figureWords(figure: api.Figure): [value: string, of: string] {
	const { part = 0, whole = 0, share, low = 0, high = 0, n = 0, median = 0, p90 = 0, mean = 0, score = 0, promoters = 0, detractors = 0 } = figure;
	const few = "too few to tell";
	switch (figure.kind) {
	case "rate": return [share === undefined ? few : `${percent(share)} (${percent(low)} to ${percent(high)})`, `${part} of ${whole}`];
	case "time": return [n < ENOUGH ? few : `${duration(median)}, nine of ten within ${duration(p90)}`, `of ${n}`];
	case "mean": return [n < ENOUGH ? few : mean.toFixed(2), `of ${n}`];
	case "score": return [n < ENOUGH ? few : `${score > 0 ? "+" : ""}${Math.round(score)}`, `${promoters} less ${detractors} of ${n}`];
	}
}

function AllFigures({ figures }: { figures: readonly api.Figure[] }): JSX.Element {
	return (
		<details class="panel all-figures">
			<summary><h2>All figures</h2></summary>
			<p class="soft">The same as <code>shopbell report</code> prints. Intervals are of 95 %; under 30 cases nothing is claimed.</p>
			<div class="table-frame" tabIndex={0} role="region" aria-label="All figures">
				<table>
					<thead><tr><th scope="col">Figure</th><th scope="col">Value</th><th scope="col">Cases</th><th scope="col">What counts</th></tr></thead>
					<tbody>
						{figures.map((figure) => {
							const [value, of] = figureWords(figure);
							return <tr key={figure.name}><th scope="row" class={figure.what.startsWith(" ") ? "inner" : ""}>{sentence(figure.what.trim()).slice(0, -1)}</th><td>{value}</td><td>{of}</td><td>{figure.rule}</td></tr>;
						})}
					</tbody>
				</table>
			</div>
		</details>
	);
}

export function NumbersPage(): JSX.Element {
	const desk = useDesk();
	const welcomes = useDeskState((state) => state.welcomes);
	const [days, setDays] = useState<"1" | "7" | "30" | "365">("7");
	const [numbers, setNumbers] = useState<api.Numbers | null>(null);
	useEffect(() => {
		let isStale = false;
		const load = (): void => {
			if (document.hidden) return; /* nobody reads them */
			api.numbers(Number(days)).then((fresh) => {
				if (!isStale) setNumbers(fresh);
			}, (error: Error) => {
				/* That there is no connection is said already. */
				if (desk.state.link === "online") desk.tell(error.message, "bad");
			});
		};
		load();
		const timer = setInterval(load, AGAIN_MS);
		document.addEventListener("visibilitychange", load);
		return () => {
			isStale = true;
			clearInterval(timer);
			document.removeEventListener("visibilitychange", load);
		};
	}, [days, welcomes]);
	return (
		<main class="page">
			<div class="page-head">
				<h1>Numbers</h1>
				<Select bare label="Time" value={days} onChange={setDays}
					options={[["1", "Last 24 hours"], ["7", "Last 7 days"], ["30", "Last 30 days"], ["365", "Last 12 months"]] as const} />
			</div>
			{numbers && (
				<>
					<Tiles numbers={numbers} />
					<div class="columns">
						<section class="panel" aria-labelledby="hours-title">
							<h2 id="hours-title">Messages of visitors by hour</h2>
							<HoursPlot from={numbers.from} counts={numbers.by_hour} />
						</section>
						<Reasons handedOver={numbers.handed_over} />
					</div>
					<AllFigures figures={numbers.figures} />
				</>
			)}
		</main>
	);
}
