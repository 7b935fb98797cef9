// SPDX-License-Identifier: Apache-2.0
/* What the files would answer, to take over and change. Nothing is sent from here. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useDesk } from "./hooks";
import { Button } from "./parts";
import type { Thread } from "./state";
import { percent } from "./words";

/* What is further away than this is noise, not help. */
const NEAR = 0.02;

export function Suggestions({ id, thread, onInsert }: { id: number; thread: Thread; onInsert: (text: string) => void }): JSX.Element {
	const desk = useDesk();
	const [asked, setAsked] = useState("");
	const near = thread.suggestions.filter(({ confidence }) => confidence >= NEAR);
	return (
		<div class="suggestions">
			<form onSubmit={(event) => {
				event.preventDefault();
				desk.suggest(id, asked.trim());
			}}>
				<input aria-label="Look for another answer" placeholder="Look for another answer" value={asked} onInput={(event) => setAsked(event.currentTarget.value)} />
				<Button type="submit" icon="search" label="Look for it" />
			</form>
			{near.length === 0 && <p class="soft">The files have nothing near to this.</p>}
			<ul>
				{near.map((suggestion) => (
					<li key={suggestion.intent}>
						<p class="suggestion-head"><b dir="auto">{suggestion.question}</b><span class="soft">{percent(suggestion.confidence)}</span></p>
						<p class="suggestion-text" dir="auto">{suggestion.text}</p>
						<Button icon="pen" onClick={() => onInsert(suggestion.text)}>Insert<span class="hidden"> the answer to {suggestion.question}</span></Button>
					</li>
				))}
			</ul>
		</div>
	);
}
