// SPDX-License-Identifier: Apache-2.0
/* The tags of a conversation: shown, put on and taken off by any agent. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Summary } from "../shared/wire";
import * as api from "./api";
import { Choices, useChoice } from "./choice";
import { useDesk } from "./hooks";
import { Icon } from "./icons";
import { provide } from "./keys";
import { isSameTag } from "./lists";
import { Button } from "./parts";

/* As the engine keeps them (engine/wire/README.md). */
export const TAG_MAX = 40;
export const TAGS_MAX = 12;
const OFFERED = 8;

/* Tags for a card in a list: as many as fit, and how many more. */
export function TagChips({ tags, most }: { tags: readonly string[] | undefined; most: number }): JSX.Element | null {
	if (!tags?.length) return null;
	return (
		<>
			{tags.slice(0, most).map((tag) => <span key={tag} class="chip tag"><Icon name="tag" small /><span dir="auto">{tag}</span></span>)}
			{tags.length > most && <span class="chip tag" title={tags.slice(most).join(", ")}>+{tags.length - most}</span>}
		</>
	);
}

/* What is offered while `text` is typed: known tags that hold it, and the text itself when it is a new one. */
export function offers(text: string, known: readonly string[], taken: readonly string[]): string[] {
	const wanted = text.trim().replace(/\s+/g, " ");
	const isFree = (tag: string): boolean => !taken.some((each) => isSameTag(each, tag));
	const list = known.filter((tag) => isFree(tag) && tag.toLowerCase().includes(wanted.toLowerCase())).slice(0, OFFERED);
	return wanted && isFree(wanted) && !list.some((tag) => isSameTag(tag, wanted)) ? [...list, wanted] : list;
}

function Box({ summary, onClose }: { summary: Summary; onClose: () => void }): JSX.Element {
	const desk = useDesk();
	const [text, setText] = useState("");
	const [known, setKnown] = useState<readonly string[]>([]);
	const box = useRef<HTMLDivElement>(null);
	const input = useRef<HTMLInputElement>(null);
	const tags = summary.tags ?? [];
	const list = offers(text, known, tags);
	const take = (at: number): void => {
		const tag = list[at];
		if (tag === undefined) return;
		setText("");
		input.current?.focus();
		void desk.attempt({ type: "tag", conversation: summary.id, tag });
	};
	const choice = useChoice(`tags-${summary.id}`, list.length, text, take);
	useEffect(() => {
		input.current?.focus();
		api.tags().then((page) => setKnown(page.tags.map(({ tag }) => tag)), (error: Error) => desk.tell(error.message, "bad"));
		const away = (event: Event): void => {
			if (!box.current?.contains(event.target as Node)) onClose();
		};
		addEventListener("pointerdown", away);
		addEventListener("focusin", away);
		return () => {
			removeEventListener("pointerdown", away);
			removeEventListener("focusin", away);
		};
	}, []);
	const onKey = (event: KeyboardEvent): void => {
		if (event.key === "Escape") {
			event.preventDefault();
			event.stopPropagation();
			onClose();
		} else if (text.trim() || event.key !== "Tab") choice.onKey(event);
	};
	return (
		<div class="tag-box" ref={box}>
			<input
				ref={input} role="combobox" aria-expanded={list.length > 0} aria-label="Tag to put on" placeholder="Tag" maxLength={TAG_MAX} autocomplete="off"
				value={text} onInput={(event) => setText(event.currentTarget.value)} onKeyDown={onKey} {...choice.field}
			/>
			{list.length > 0 && (
				<div class="tag-list">
					<Choices choice={choice} label="Tags" onTake={take} items={list.map((tag) => (
						<>
							<Icon name={known.some((each) => isSameTag(each, tag)) ? "tag" : "plus"} small />
							<span dir="auto">{tag}</span>
						</>
					))} />
				</div>
			)}
		</div>
	);
}

export function Tags({ summary }: { summary: Summary }): JSX.Element {
	const desk = useDesk();
	const [isOpen, setOpen] = useState(false);
	const add = useRef<HTMLDivElement>(null);
	const tags = summary.tags ?? [];
	useEffect(() => provide({ "#": () => setOpen(true) }), []);
	const close = (): void => {
		const isInside = add.current?.contains(document.activeElement);
		setOpen(false);
		if (isInside) requestAnimationFrame(() => add.current?.querySelector("button")?.focus());
	};
	return (
		<div class={tags.length ? "tag-strip some" : "tag-strip"}>
			{tags.length > 0 && (
				<ul aria-label="Tags of this conversation">
					{tags.map((tag) => (
						<li key={tag} class="chip tag">
							<span dir="auto">{tag}</span>
							<button type="button" aria-label={`Take the tag ${tag} off`} title="Take off" onClick={() => void desk.attempt({ type: "tag", conversation: summary.id, tag, remove: true })}>
								<Icon name="cross" small />
							</button>
						</li>
					))}
				</ul>
			)}
			<div ref={add}>
				{isOpen ? <Box summary={summary} onClose={close} /> : tags.length < TAGS_MAX && (
					<Button kind="quiet" icon="tag" keys="#" class="tag-add" onClick={() => setOpen(true)}>{tags.length ? "Tag" : "Add a tag"}</Button>
				)}
			</div>
		</div>
	);
}
