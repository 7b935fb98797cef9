// SPDX-License-Identifier: Apache-2.0
/* The owner's files as the program understands them: version, problems, what it can answer, and a box to try it out. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import * as api from "./api";
import { MoodWords, Weighed } from "./evidence";
import { useDesk, useDeskState } from "./hooks";
import { Icon } from "./icons";
import { Drafts } from "./drafts";
import { Button, EngineHtml, Select } from "./parts";
import { ProblemView } from "./problems";
import { Candidates } from "./reasons";
import { ACTIONS, intentWord, languageName, percent, reasonWord, toneWord, when } from "./words";

function Problems(): JSX.Element {
	const corpus = useDeskState((state) => state.corpus);
	const problems = corpus?.problems ?? [];
	const errors = problems.filter(({ severity }) => severity === "error").length;
	return (
		<section class="panel" aria-labelledby="files-title">
			<h2 id="files-title">Files</h2>
			<div role="status">
				{errors > 0
					? <p class="verdict bad"><Icon name="warn" />{errors === 1 ? "One error." : `${errors} errors.`} The answers from before go on until {errors === 1 ? "it is" : "they are"} mended.</p>
					: <p class="verdict good"><Icon name="check" />{problems.length ? `In force, with ${problems.length} ${problems.length === 1 ? "remark" : "remarks"}.` : "In force, without a problem."}</p>}
			</div>
			{corpus && <p class="soft">In use: version <code>{corpus.version}</code>, read {when(corpus.loaded_at)}. A file that is saved is read at once.</p>}
			{problems.length > 0 && <ul class="problems">{problems.map((problem, i) => <ProblemView key={i} problem={problem} />)}</ul>}
		</section>
	);
}

function TryResult({ answer }: { answer: api.Answer }): JSX.Element {
	const words = answer.mood.words.map((word) => (typeof word === "string" ? { word, family: "", weight: 1 } : { family: "", weight: 1, ...word }));
	return (
		<div class="try-result">
			<p class="why-line">
				<span class={`chip strong ${answer.action}`}>{ACTIONS[answer.action] ?? answer.action}</span>
				{answer.intent && <span class="chip">{intentWord(answer.intent)}</span>}
				{answer.reason && <span class="chip">{reasonWord(answer.reason)}</span>}
				<span class="chip">{languageName(answer.lang)}</span>
			</p>
			{(answer.html || answer.answer) && (
				<div class="bubble">{answer.html ? <EngineHtml html={answer.html} /> : <p class="plain" dir="auto">{answer.answer}</p>}</div>
			)}
			<h3>What it may be about <span class="soft">answers from {percent(answer.threshold)} on</span></h3>
			{answer.candidates.length ? <Candidates list={answer.candidates} threshold={answer.threshold} /> : <p class="soft">Nothing came near.</p>}
			<h3>Words that counted</h3>
			{answer.why.length ? <Weighed words={answer.why.map(({ term, weight }) => ({ word: term, weight }))} /> : <p class="soft">None that the files know.</p>}
			<h3>Mood</h3>
			<p>Sounds {toneWord(answer.mood.score)}{answer.mood.upset ? ", and upset enough for a person." : "."}</p>
			{words.length > 0 && <MoodWords words={words} />}
		</div>
	);
}

function TryOut({ languages }: { languages: string[] }): JSX.Element {
	const version = useDeskState((state) => state.corpus?.version);
	const [text, setText] = useState("");
	const [lang, setLang] = useState("");
	const [asked, setAsked] = useState("");
	const [answer, setAnswer] = useState<api.Answer | null>(null);
	const [problem, setProblem] = useState("");
	/* Asked again when the files change: so one sees at once what an edit does. */
	useEffect(() => {
		if (!asked) return;
		let isStale = false;
		api.ask(asked, lang).then((fresh) => {
			if (isStale) return;
			setAnswer(fresh);
			setProblem("");
		}, (error: Error) => setProblem(error.message));
		return () => {
			isStale = true;
		};
	}, [asked, lang, version]);
	return (
		<section class="panel" aria-labelledby="try-title">
			<h2 id="try-title">Try it out</h2>
			<form class="try" onSubmit={(event) => {
				event.preventDefault();
				setAsked(text.trim());
			}}>
				<input aria-label="A question, as a visitor would ask it" placeholder="Ask as a visitor would" value={text} maxLength={4000}
					onInput={(event) => setText(event.currentTarget.value)} />
				<Select bare label="Language" value={lang} onChange={setLang}
					options={[["", "Any language"], ...languages.map((each) => [each, languageName(each)] as const)]} />
				<Button type="submit" kind="primary" disabled={!text.trim()}>Ask</Button>
			</form>
			<p class="form-problem" role="alert">{problem}</p>
			<div aria-live="polite">{answer && <TryResult answer={answer} />}</div>
		</section>
	);
}

const HUMAN_WORDS: Record<string, string> = { always: "always a person", "when upset": "a person when upset" };

function Intents({ page }: { page: api.CorpusPage }): JSX.Element {
	const [language, setLanguage] = useState(page.languages[0]?.language ?? "");
	const intents = page.languages.find((each) => each.language === language)?.intents ?? [];
	const pages = [...new Set(intents.map((intent) => intent.page))];
	return (
		<section class="panel" aria-labelledby="intents-title">
			<div class="panel-head">
				<h2 id="intents-title">What it can answer <span class="soft">{intents.length}</span></h2>
				<Select bare label="Language of the topics" value={language} onChange={setLanguage}
					options={page.languages.map((each) => [each.language, languageName(each.language)] as const)} />
			</div>
			{pages.map((name) => {
				const rows = intents.filter((intent) => intent.page === name);
				return (
					<details key={name} class="topic">
						<summary><b dir="auto">{name || "Without a page"}</b> <span class="soft">{rows.length}</span></summary>
						<ul>
							{rows.map((intent) => (
								<li key={intent.id}>
									<span dir="auto">{intent.question}</span>
									<span class="soft">{intent.examples} {intent.examples === 1 ? "wording" : "wordings"}</span>
									{HUMAN_WORDS[intent.human] && <span class="chip">{HUMAN_WORDS[intent.human]}</span>}
									{!intent.live && <span class="chip">not live</span>}
								</li>
							))}
						</ul>
					</details>
				);
			})}
		</section>
	);
}

export function AnswersPage(): JSX.Element {
	const desk = useDesk();
	const version = useDeskState((state) => state.corpus?.version);
	const isOwner = useDeskState((state) => state.you?.role === "owner");
	const [page, setPage] = useState<api.CorpusPage | null>(null);
	useEffect(() => {
		api.corpus().then(setPage, (error: Error) => desk.tell(error.message, "bad"));
	}, [version]);
	return (
		<main class="page">
			<h1>Answers</h1>
			<Problems />
			<div class="columns">
				<div>
					{isOwner && page && <Drafts page={page} />}
					<TryOut languages={page?.languages.map(({ language }) => language) ?? []} />
				</div>
				<div>{page && <Intents page={page} />}</div>
			</div>
		</main>
	);
}
