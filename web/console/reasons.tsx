// SPDX-License-Identifier: Apache-2.0
/* Why the bot did what it did, from the record alone, in words of people. */
import type { JSX } from "preact";
import type { DecisionDetails } from "../shared/wire";
import { MoodWords, Weighed } from "./evidence";
import { Bar } from "./parts";
import { ACTIONS, decisionSentence, intentWord, languageName, percent } from "./words";

export function Candidates({ list, threshold }: { list: DecisionDetails["candidates"]; threshold: number }): JSX.Element {
	/* What would be shown as 0 % says nothing, unless it is the best there was. */
	const shown = list.filter(({ confidence }, i) => i === 0 || confidence >= 0.005);
	return (
		<ul class="candidates">
			{shown.map(({ intent, confidence }) => (
				<li key={intent}>
					<span class="candidate-name">{intentWord(intent)}</span>
					<Bar share={confidence} line={threshold} tone={confidence >= threshold ? "accent" : "muted"} />
					<b>{percent(confidence)}</b>
				</li>
			))}
		</ul>
	);
}

export function Reasons({ decision }: { decision: DecisionDetails }): JSX.Element {
	const { mood } = decision;
	return (
		<section class="reasons" aria-label="Why the bot did this">
			<p><b>{ACTIONS[decision.action]}.</b> {decisionSentence(decision)}</p>
			{decision.candidates.length > 0 && (
				<>
					<h3>What it may have been about <span class="soft">the mark is where it dares to answer: {percent(decision.threshold)}</span></h3>
					<Candidates list={decision.candidates} threshold={decision.threshold} />
				</>
			)}
			{decision.why.length > 0 && (
				<>
					<h3>Words that counted</h3>
					<Weighed words={decision.why.map(({ term, weight }) => ({ word: term, weight }))} />
				</>
			)}
			{mood.words.length > 0 && (
				<>
					<h3>Mood {mood.upset && <span class="chip bad">upset</span>}</h3>
					<MoodWords words={mood.words} />
				</>
			)}
			<dl class="record">
				<div><dt>Rule</dt><dd>{intentWord(decision.rule)}</dd></div>
				{decision.variant && <div><dt>Variant</dt><dd>{decision.variant === "plain" ? "the plain answer" : <bdi>{decision.variant}</bdi>}</dd></div>}
				{decision.segment && <div><dt>Segment</dt><dd><bdi>{decision.segment}</bdi></dd></div>}
				<div><dt>Language</dt><dd>{languageName(decision.lang)}</dd></div>
				<div><dt>Version of the files</dt><dd><code>{decision.corpus}</code></dd></div>
				<div><dt>Took</dt><dd>{(decision.took_us / 1000).toFixed(2)} ms</dd></div>
			</dl>
		</section>
	);
}
