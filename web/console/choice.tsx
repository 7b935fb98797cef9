// SPDX-License-Identifier: Apache-2.0
/* A list below or above a field, from which one thing is taken by key or touch; the focus stays in the field. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

export interface Choice {
	id: string;
	/* Which one Enter takes. */
	at: number;
	/* For the field: what a reader is told. */
	field: { "aria-controls": string; "aria-autocomplete": "list"; "aria-activedescendant": string | undefined };
	/* True when the key was for the list. */
	onKey: (event: KeyboardEvent) => boolean;
}

/* `take` is called with the place of the one that is taken; `key` names what is looked for: with another one the first
 * is chosen again. Tab takes too, as in other editors; without anything to take all keys are the field's. */
export function useChoice(id: string, count: number, key: string, take: (at: number) => void): Choice {
	const [chosen, setChosen] = useState(0);
	useEffect(() => setChosen(0), [key]);
	const at = Math.min(chosen, count - 1);
	const onKey = (event: KeyboardEvent): boolean => {
		if (count === 0 || event.isComposing || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return false;
		if (event.key === "ArrowDown") setChosen((at + 1) % count);
		else if (event.key === "ArrowUp") setChosen((at + count - 1) % count);
		else if (event.key === "Enter" || event.key === "Tab") take(at);
		else return false;
		event.preventDefault();
		event.stopPropagation();
		return true;
	};
	return { id, at, field: { "aria-controls": id, "aria-autocomplete": "list", "aria-activedescendant": count ? `${id}-${at}` : undefined }, onKey };
}

export function Choices({ choice, label, items, onTake }: { choice: Choice; label: string; items: readonly ComponentChildren[]; onTake: (at: number) => void }): JSX.Element {
	useEffect(() => document.getElementById(`${choice.id}-${choice.at}`)?.scrollIntoView({ block: "nearest" }), [choice.at, choice.id]);
	return (
		<ul class="choices" role="listbox" id={choice.id} aria-label={label}>
			{items.map((item, at) => (
				<li
					key={at} id={`${choice.id}-${at}`} role="option" aria-selected={at === choice.at} class="menu-item"
					onPointerDown={(event) => event.preventDefault()} onClick={() => onTake(at)}
				>
					{item}
				</li>
			))}
		</ul>
	);
}
