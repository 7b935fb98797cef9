// SPDX-License-Identifier: Apache-2.0
/* The replies that the owner keeps for all agents, with variables that are filled in when one is taken. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import * as api from "./api";
import { useDesk, useDeskState } from "./hooks";
import { Button, Dialog, Empty, Field, SureButton } from "./parts";
import type { Reply } from "./state";
import { isolated } from "./words";

/* As the engine keeps them (engine/wire/README.md). */
const NAME_MAX = 60;
const TEXT_MAX = 4000;

/* Those whose name begins with the words first, then those that have them anywhere. */
export function matching(replies: readonly Reply[], words: string): Reply[] {
	const wanted = words.trim().toLowerCase();
	const rank = ({ name, text }: Reply): number =>
		name.toLowerCase().startsWith(wanted) ? 0 : name.toLowerCase().includes(wanted) ? 1 : text.toLowerCase().includes(wanted) ? 2 : 3;
	return replies.filter((reply) => rank(reply) < 3).sort((a, b) => rank(a) - rank(b));
}

function Edit({ reply, onDone }: { reply: Reply; onDone: () => void }): JSX.Element {
	const desk = useDesk();
	const [name, setName] = useState(reply.name);
	const [text, setText] = useState(reply.text);
	const [problem, setProblem] = useState("");
	const save = async (event: Event): Promise<void> => {
		event.preventDefault();
		try {
			await api.keepReply({ id: reply.id, name, text });
			desk.tell(`“${isolated(name.trim())}” is kept for all agents.`, "good");
			onDone();
		} catch (error) {
			setProblem(error instanceof Error ? error.message : String(error));
		}
	};
	return (
		<form class="reply-edit" onSubmit={(event) => void save(event)}>
			<Field label="Name" value={name} onInput={setName} maxLength={NAME_MAX} required autofocus problem={problem} />
			<div class="field">
				<label for={`reply-${reply.id}`}>Text</label>
				<textarea id={`reply-${reply.id}`} rows={4} dir="auto" maxLength={TEXT_MAX} required value={text} onInput={(event) => setText(event.currentTarget.value)} />
			</div>
			<footer>
				<Button onClick={onDone}>Cancel</Button>
				<Button type="submit" kind="primary" disabled={!name.trim() || !text.trim()}>Save</Button>
			</footer>
		</form>
	);
}

export function RepliesDialog({ onClose }: { onClose: () => void }): JSX.Element {
	const desk = useDesk();
	const replies = useDeskState((state) => state.replies);
	/* The id of the one that is edited; 0: a new one. */
	const [editing, setEditing] = useState<number | null>(null);
	const remove = async ({ id, name }: Reply): Promise<void> => {
		try {
			await api.removeReply(id);
			desk.tell(`“${isolated(name)}” is deleted.`, "good");
		} catch (error) {
			desk.tell(error instanceof Error ? error.message : String(error), "bad");
		}
	};
	return (
		<Dialog title="Saved replies" onClose={onClose} wide>
			<p class="soft">
				For all agents. {"{name}"}, {"{fullname}"}, {"{email}"}, {"{page}"}, {"{agent}"}, {"{shop}"} and the visitor’s own attributes, such as {"{order}"}, are filled in when one is taken.
			</p>
			{replies.length === 0 && editing === null && <Empty icon="saved" title="None yet">What is asked again and again need not be typed again and again.</Empty>}
			<ul class="replies" aria-label="Saved replies">
				{replies.map((reply) => (
					<li key={reply.id}>
						{editing === reply.id ? <Edit reply={reply} onDone={() => setEditing(null)} /> : (
							<div class="reply-shown">
								<div><b dir="auto">{reply.name}</b><p class="plain" dir="auto">{reply.text}</p></div>
								<Button kind="quiet" icon="pen" label={`Change ${reply.name}`} onClick={() => setEditing(reply.id)} />
								<SureButton bare icon="trash" label={`Delete ${reply.name}`} onSure={() => void remove(reply)} />
							</div>
						)}
					</li>
				))}
			</ul>
			{editing === 0 ? <Edit reply={{ id: 0, name: "", text: "" }} onDone={() => setEditing(null)} />
				: <footer><Button icon="plus" onClick={() => setEditing(0)}>Add one</Button></footer>}
		</Dialog>
	);
}
