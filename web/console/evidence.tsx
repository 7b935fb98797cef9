// SPDX-License-Identifier: Apache-2.0
/* Words with how much they weighed. */
import type { JSX } from "preact";

/* Weights are only shown against each other: strong, middle, faint. */
function strength(weight: number, strongest: number): string {
	const share = strongest ? Math.abs(weight) / strongest : 0;
	return share > 0.66 ? "strong" : share > 0.33 ? "middle" : "faint";
}

const STRENGTH_WORDS: Record<string, string> = { strong: "weighed much", middle: "weighed some", faint: "weighed little" };

export function Weighed({ words }: { words: readonly { word: string; weight: number }[] }): JSX.Element {
	const strongest = Math.max(...words.map(({ weight }) => Math.abs(weight)));
	return (
		<ul class="weighed">
			{words.map(({ word, weight }, i) => {
				const how = strength(weight, strongest);
				return <li key={`${word}${i}`} class={how} title={STRENGTH_WORDS[how]}><bdi>{word}</bdi><span class="hidden"> ({STRENGTH_WORDS[how]})</span></li>;
			})}
		</ul>
	);
}

export function MoodWords({ words }: { words: readonly { word: string; family: string; weight: number }[] }): JSX.Element {
	return (
		<ul class="weighed">
			{words.map(({ word, family, weight }, i) => (
				<li key={`${word}${i}`} class={weight > 0 ? "heats" : "cools"} title={family}>
					<bdi>{word}</bdi> <small>{family && family !== word ? family.replace(/[-_]/g, " ") : ""}</small>
				</li>
			))}
		</ul>
	);
}
