// SPDX-License-Identifier: Apache-2.0
/* Replies that an agent keeps, with variables that are filled in when one is taken. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { cannedReplies, keepCanned, type Canned } from "./keep";
import { Button, Dialog, Field } from "./parts";

export function CannedList({ filter, onInsert, onManage }: { filter: string; onInsert: (text: string) => void; onManage: () => void }): JSX.Element {
	const wanted = filter.toLowerCase();
	const list = cannedReplies().filter(({ title, text }) => `${title} ${text}`.toLowerCase().includes(wanted));
	return (
		<div class="canned">
			<ul aria-label="Saved replies">
				{list.map(({ title, text }) => (
					<li key={title}>
						<button type="button" class="menu-item" onClick={() => onInsert(text)}><b>{title}</b><span>{text}</span></button>
					</li>
				))}
			</ul>
			{list.length === 0 && <p class="soft">No saved reply has these words.</p>}
			<Button kind="quiet" icon="pen" onClick={onManage}>Change saved replies</Button>
		</div>
	);
}

export function CannedDialog({ onClose }: { onClose: () => void }): JSX.Element {
	const [list, setList] = useState<Canned[]>(cannedReplies());
	const change = (next: Canned[]): void => {
		setList(next);
		keepCanned(next.filter(({ title, text }) => title.trim() && text.trim()));
	};
	return (
		<Dialog title="Saved replies" onClose={onClose} wide>
			<p class="soft">
				Kept in this browser. {"{name}"}, {"{fullname}"}, {"{email}"}, {"{page}"}, {"{agent}"} and {"{shop}"} are filled in when you take one.
			</p>
			<ul class="canned-edit">
				{list.map((item, i) => (
					<li key={i}>
						<Field label="Name" value={item.title} onInput={(title) => change(list.map((each, at) => at === i ? { ...each, title } : each))} />
						<div class="field">
							<label for={`canned-${i}`}>Text</label>
							<textarea id={`canned-${i}`} rows={2} value={item.text} onInput={(event) =>
								change(list.map((each, at) => at === i ? { ...each, text: event.currentTarget.value } : each))} />
						</div>
						<Button kind="quiet" icon="trash" label={`Delete ${item.title}`} onClick={() => change(list.filter((_, at) => at !== i))} />
					</li>
				))}
			</ul>
			<footer><Button icon="plus" onClick={() => change([...list, { title: "", text: "" }])}>Add one</Button></footer>
		</Dialog>
	);
}
