// SPDX-License-Identifier: Apache-2.0
/* What agents taught, for the owner: approved, it goes into a topic file; dismissed, it is gone. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Problem } from "../shared/wire";
import * as api from "./api";
import { useDesk, useDeskState } from "./hooks";
import { Icon } from "./icons";
import { Button, Empty, Field, Select, SureButton } from "./parts";
import { ProblemView } from "./problems";
import { hashOf } from "./route";
import type { Draft } from "./state";
import { languageName, sentence, when } from "./words";

/* What the owner makes of it. */
interface Edited { intent: string; wording: string; question: string; file: string; answer: string }

/* What is being written, as long as this page is open: whoever looks up the conversation comes back to it. */
const begun = new Map<string, Edited>();

function filesOf(intents: readonly api.Intent[]): string[] {
	return [...new Set(intents.map(({ file }) => file))];
}

interface FormProps { intents: readonly api.Intent[]; edited: Edited; change: (part: Partial<Edited>) => void; id: number }

function NewQuestion({ intents, edited, change, id }: FormProps): JSX.Element {
	return (
		<>
			<Field label="The question, as it stands in the file" value={edited.question} onInput={(question) => change({ question })} maxLength={200} />
			<div class="field">
				<label for={`draft-answer-${id}`}>The answer, in Markdown</label>
				<textarea id={`draft-answer-${id}`} dir="auto" rows={4} value={edited.answer} onInput={(event) => change({ answer: event.currentTarget.value })} />
			</div>
			<Select label="In the file" value={edited.file} onChange={(file) => change({ file })} options={filesOf(intents).map((file) => [file, file] as const)} />
		</>
	);
}

function DraftCard({ draft, page }: { draft: Draft; page: api.CorpusPage }): JSX.Element {
	const desk = useDesk();
	const language = page.languages.find((each) => each.language === draft.lang) ?? page.languages[0];
	const intents = language?.intents ?? [];
	const key = `${draft.id} ${draft.at}`;
	const [edited, setEdited] = useState<Edited>(() => begun.get(key) ?? ({
		intent: intents.some(({ id }) => id === draft.intent) ? draft.intent ?? "" : "",
		wording: draft.text, question: draft.question ?? "", answer: draft.answer, file: filesOf(intents)[0] ?? "",
	}));
	const [refused, setRefused] = useState<{ message: string; problems: readonly Problem[] } | null>(null);
	const [isBusy, setBusy] = useState(false);
	const change = (part: Partial<Edited>): void => setEdited((before) => {
		begun.set(key, { ...before, ...part });
		return { ...before, ...part };
	});
	const act = async (what: () => Promise<string>): Promise<void> => {
		setBusy(true);
		setRefused(null);
		try {
			desk.tell(await what(), "good");
			begun.delete(key);
		} catch (error) {
			setRefused({ message: error instanceof Error ? error.message : String(error), problems: error instanceof api.ApiError ? error.problems : [] });
			setBusy(false);
		}
	};
	const approve = (): Promise<void> => act(async () => {
		const { intent, wording, question, answer } = edited;
		const file = edited.file || filesOf(intents)[0] || "";
		const done = await api.approve(draft.id, intent ? { intent, lang: language?.language ?? "", wording } : { question, file, wording, answer });
		return `It stands in ${done.file} now, and is read at once.`;
	});
	const isWhole = edited.intent ? edited.wording.trim() : edited.question.trim() && edited.answer.trim();
	return (
		<li class="draft">
			<p class="draft-head">
				<span><bdi>{draft.agent?.name ?? "An agent who left"}</bdi>, {when(draft.at)}{page.languages.length > 1 && language ? `, ${languageName(language.language)}` : ""}</span>
				<a href={hashOf({ at: "inbox", filter: "all", conversation: draft.conversation, details: false })}>The conversation</a>
			</p>
			<blockquote dir="auto">{draft.text}</blockquote>
			<form onSubmit={(event) => {
				event.preventDefault();
				void approve();
			}}>
				<Select label="What it is" value={edited.intent} onChange={(intent) => change({ intent })}
					options={[["", "A new question"], ...intents.map(({ id, question }) => [id, `Another way to ask: ${question}`] as const)]} />
				{!edited.intent && <NewQuestion intents={intents} edited={edited} change={change} id={draft.id} />}
				<Field label="The wording" value={edited.wording} onInput={(wording) => change({ wording })} maxLength={1000}
					hint="Leave out names and numbers that only this visitor would write." />
				<div role="alert">
					{refused && <p class="verdict bad"><Icon name="warn" /><span>{sentence(refused.message)}</span></p>}
					{refused && refused.problems.length > 0 && <ul class="problems">{refused.problems.map((problem, i) => <ProblemView key={i} problem={problem} />)}</ul>}
				</div>
				<footer>
					<SureButton icon="trash" label="Dismiss" disabled={isBusy} onSure={() => void act(async () => {
						await api.dismiss(draft.id);
						return "The draft is dismissed.";
					})} />
					<Button type="submit" kind="primary" icon="check" busy={isBusy} disabled={!isWhole}>Approve</Button>
				</footer>
			</form>
		</li>
	);
}

export function Drafts({ page }: { page: api.CorpusPage }): JSX.Element {
	const drafts = useDeskState((state) => state.drafts);
	return (
		<section class="panel" id="drafts" aria-labelledby="drafts-title">
			<h2 id="drafts-title">Drafts <span class="soft">{drafts?.length || ""}</span></h2>
			{drafts?.length === 0 && <Empty icon="teach" title="No drafts">What agents teach the bot from a conversation waits here for you.</Empty>}
			<ul class="drafts">{drafts?.map((draft) => <DraftCard key={draft.id} draft={draft} page={page} />)}</ul>
		</section>
	);
}
