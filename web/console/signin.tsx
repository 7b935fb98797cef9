// SPDX-License-Identifier: Apache-2.0
/* Signing in. Also says how the first owner comes to be, since that is when people land here helpless. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import * as api from "./api";
import { Logo } from "./icons";
import { Button, Field } from "./parts";
import type { You } from "./state";

function problemOf(error: unknown): string {
	if (!(error instanceof api.ApiError)) return "Something went wrong on this page. Try again.";
	if (error.status === 401) return "This name and password do not belong together.";
	if (error.status !== 429) return error.message;
	const seconds = error.retryAfterS;
	return `Too many tries. Wait ${seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds || 60} seconds`} and try again.`;
}

export function SignIn({ isOver, onDone }: { isOver: boolean; onDone: (you: You) => void }): JSX.Element {
	const [name, setName] = useState("");
	const [password, setPassword] = useState("");
	const [problem, setProblem] = useState("");
	const [isBusy, setBusy] = useState(false);
	const [isNew, setNew] = useState(false);
	useEffect(() => {
		document.title = "Sign in · Shopbell";
		api.setupNeeded().then(({ needed }) => setNew(needed), () => undefined);
	}, []);
	const submit = async (event: Event): Promise<void> => {
		event.preventDefault();
		setBusy(true);
		setProblem("");
		try {
			const { agent } = await api.signIn(name.trim(), password);
			onDone(agent);
		} catch (error) {
			setProblem(problemOf(error));
			setBusy(false);
		}
	};
	return (
		<main class="gate">
			<form class="gate-card" onSubmit={(event) => void submit(event)} aria-labelledby="gate-title">
				<Logo />
				<h1 id="gate-title">Sign in</h1>
				<p class="soft">{isOver ? "Your session is over. Sign in again to go on where you were." : "The console for the people behind the chat."}</p>
				{isNew && (
					<p class="callout">
						Nobody has set up this console yet. The server printed a one-time link when it started; open that one to
						become the owner.
					</p>
				)}
				<Field label="Name" value={name} onInput={setName} autocomplete="username" required autofocus />
				<Field label="Password" type="password" value={password} onInput={setPassword} autocomplete="current-password" required />
				<p class="form-problem" role="alert">{problem}</p>
				<Button type="submit" kind="primary" busy={isBusy}>{isBusy ? "Signing in" : "Sign in"}</Button>
			</form>
		</main>
	);
}
