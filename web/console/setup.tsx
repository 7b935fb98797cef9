// SPDX-License-Identifier: Apache-2.0
/* The first owner: reached by the one-time link that the server prints. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import * as api from "./api";
import { Icon, Logo } from "./icons";
import { Button, Field } from "./parts";
import { rulesOf } from "./password";
import type { You } from "./state";

function problemOf(error: unknown): string {
	if (!(error instanceof api.ApiError)) return "Something went wrong on this page. Try again.";
	if (error.status === 403) return "This link does not hold any more. Start the server again: it prints a new one.";
	if (error.status === 409) return "There is an owner already. Sign in instead, or ask the owner to add you.";
	return error.message;
}

function Rules({ name, password, again }: { name: string; password: string; again: string }): JSX.Element {
	return (
		<ul class="rules" aria-label="What the password must be">
			{rulesOf(name, password, again).map(({ rule, isKept }) => (
				<li key={rule} class={isKept ? "kept" : ""}>
					<Icon name={isKept ? "check" : "ring"} small />
					{rule}
					<span class="hidden">{isKept ? " (done)" : " (not yet)"}</span>
				</li>
			))}
		</ul>
	);
}

interface SetupProps { link: string; onDone: (you: You) => void; onSignIn: () => void }

export function Setup({ link, onDone, onSignIn }: SetupProps): JSX.Element {
	const [name, setName] = useState("");
	const [password, setPassword] = useState("");
	const [again, setAgain] = useState("");
	const [problem, setProblem] = useState("");
	const [isBusy, setBusy] = useState(false);
	const [isNeeded, setNeeded] = useState(true);
	useEffect(() => {
		document.title = "Set up · Shopbell";
		api.setupNeeded().then(({ needed }) => setNeeded(needed), () => undefined);
	}, []);
	const submit = async (event: Event): Promise<void> => {
		event.preventDefault();
		if (!name.trim()) return setProblem("Not yet: your name is missing.");
		const missing = rulesOf(name, password, again).find(({ isKept }) => !isKept);
		if (missing) return setProblem(`Not yet: ${missing.rule.toLowerCase()}.`);
		setBusy(true);
		setProblem("");
		try {
			const { agent } = await api.setUp(link, name.trim(), password);
			onDone(agent);
		} catch (error) {
			setProblem(problemOf(error));
			setBusy(false);
		}
	};
	if (!isNeeded) {
		return (
			<main class="gate">
				<div class="gate-card">
					<Logo />
					<h1>Already set up</h1>
					<p class="soft">This shop has an owner, so the link is worth nothing any more.</p>
					<Button kind="primary" onClick={onSignIn}>Sign in</Button>
				</div>
			</main>
		);
	}
	return (
		<main class="gate">
			<form class="gate-card" noValidate onSubmit={(event) => void submit(event)} aria-labelledby="gate-title">
				<Logo />
				<h1 id="gate-title">Welcome</h1>
				<p class="soft">You become the owner of this console. Visitors see your name when you answer them.</p>
				<Field label="Your name" value={name} onInput={setName} autocomplete="username" required autofocus maxLength={40} />
				<Field label="Password" type="password" value={password} onInput={setPassword} autocomplete="new-password" required />
				<Field label="The same password again" type="password" value={again} onInput={setAgain} autocomplete="new-password" required />
				<Rules name={name} password={password} again={again} />
				<p class="form-problem" role="alert">{problem}</p>
				<Button type="submit" kind="primary" busy={isBusy}>Start</Button>
			</form>
		</main>
	);
}
