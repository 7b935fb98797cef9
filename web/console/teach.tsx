// SPDX-License-Identifier: Apache-2.0
/* A visitor's words become a draft for the owner: another wording of a topic, or a question that the files lack. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { EventFrame } from "../shared/wire";
import * as api from "./api";
import { useDesk } from "./hooks";
import { Button, Dialog, Field } from "./parts";

export function TeachDialog({ conversation, event, onClose }: { conversation: number; event: EventFrame; onClose: () => void }): JSX.Element {
	const desk = useDesk();
	const [intents, setIntents] = useState<api.Intent[]>([]);
	const [intent, setIntent] = useState("");
	const [question, setQuestion] = useState("");
	useEffect(() => {
		api.corpus().then(({ languages }) => {
			const own = languages.find(({ language }) => language === event.lang) ?? languages[0];
			setIntents(own?.intents ?? []);
		}, (error: Error) => desk.tell(error.message, "bad"));
	}, []);
	const submit = async (submitted: Event): Promise<void> => {
		submitted.preventDefault();
		const what = intent ? { intent } : { question: question.trim() };
		if (await desk.attempt({ type: "teach", conversation, seq: event.seq, ...what }, "Kept as a draft for the owner.")) onClose();
	};
	return (
		<Dialog title="Teach the bot" onClose={onClose}>
			<form onSubmit={(submitted) => void submit(submitted)}>
				<blockquote dir="auto">{event.text}</blockquote>
				<div class="field">
					<label for="teach-intent">This is another way to ask</label>
					<select id="teach-intent" value={intent} onChange={(changed) => setIntent(changed.currentTarget.value)}>
						<option value="">Something new</option>
						{intents.map(({ id, question: asked }) => <option key={id} value={id}>{asked}</option>)}
					</select>
				</div>
				{!intent && <Field label="The question, as it should stand in the files" value={question} onInput={setQuestion} maxLength={200} />}
				<p class="hint">Nothing changes at once: the owner sees it as a draft.</p>
				<footer><Button type="submit" kind="primary" disabled={!intent && !question.trim()}>Keep as a draft</Button></footer>
			</form>
		</Dialog>
	);
}
