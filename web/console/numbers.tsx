// SPDX-License-Identifier: Apache-2.0
/* How visitors were served. Every share stands beside what it is a share of. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import * as api from "./api";
import { useDesk, useDeskState } from "./hooks";
import { Bar, Select } from "./parts";
import { HoursPlot } from "./plot";
import { duration, percent, reasonWord, when } from "./words";

/* Below this a share says nothing yet. */
const ENOUGH = 30;
const AGAIN_MS = 30000;

function Tile({ name, part, whole, of }: { name: string; part: number; whole: number; of: string }): JSX.Element {
	return (
		<div class="tile">
			<dt>{name}</dt>
			<dd>
				<b>{whole ? percent(part / whole) : "–"}</b>
				<span>{part} of {whole} {of}</span>
				{whole > 0 && whole < ENOUGH && <small>too few to tell</small>}
				<Bar share={whole ? part / whole : 0} />
			</dd>
		</div>
	);
}

function Plain({ name, value, about }: { name: string; value: string; about: string }): JSX.Element {
	return <div class="tile"><dt>{name}</dt><dd><b>{value}</b><span>{about}</span></dd></div>;
}

function Tiles({ numbers }: { numbers: api.Numbers }): JSX.Element {
	const { wait_s: wait, rated, csat } = numbers;
	const turns = numbers.answered + numbers.misses + numbers.clarifications;
	const thumbs = rated.helpful + rated.not_helpful;
	return (
		<dl class="tiles">
			<Plain name="Conversations" value={String(numbers.episodes)} about={`since ${when(numbers.from)}`} />
			<Tile name="Handed over" part={numbers.handed_over_episodes} whole={numbers.episodes} of="conversations" />
			<Tile name="Claimed by a person" part={numbers.claimed} whole={numbers.claimed + numbers.missed} of="handed over" />
			<Tile name="Answered by the bot" part={numbers.answered} whole={turns} of="turns of the bot" />
			<Plain
				name="Wait for a person" value={wait.n && wait.median !== undefined ? duration(wait.median) : "–"}
				about={wait.n && wait.p90 !== undefined ? `median of ${wait.n}; nine of ten within ${duration(wait.p90)}` : "nobody waited"}
			/>
			<Tile name="Found helpful" part={rated.helpful} whole={thumbs} of="thumbs" />
			<Plain name="Satisfaction" value={csat.n ? `${(csat.sum / csat.n).toFixed(1)} of 5` : "–"} about={`mean of ${csat.n} ${csat.n === 1 ? "rating" : "ratings"}`} />
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

export function NumbersPage(): JSX.Element {
	const desk = useDesk();
	const welcomes = useDeskState((state) => state.welcomes);
	const [days, setDays] = useState<"1" | "7" | "30">("1");
	const [numbers, setNumbers] = useState<api.Numbers | null>(null);
	useEffect(() => {
		const load = (): void => {
			api.numbers(Number(days)).then(setNumbers, (error: Error) => desk.tell(error.message, "bad"));
		};
		load();
		const timer = setInterval(load, AGAIN_MS);
		return () => clearInterval(timer);
	}, [days, welcomes]);
	return (
		<main class="page">
			<div class="page-head">
				<h1>Numbers</h1>
				<Select bare label="Time" value={days} onChange={setDays} options={[["1", "Last 24 hours"], ["7", "Last 7 days"], ["30", "Last 30 days"]] as const} />
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
				</>
			)}
		</main>
	);
}
