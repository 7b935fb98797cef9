// SPDX-License-Identifier: Apache-2.0
/* Who is here: nobody yet, somebody who sets up or signs in, or an agent at work. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import * as api from "./api";
import { setWaiting } from "./alerts";
import { go, useDesk, useRoute } from "./hooks";
import { home } from "./route";
import { Setup } from "./setup";
import { Shell } from "./shell";
import { SignIn } from "./signin";
import type { You } from "./state";

type Presence = "looking" | "out" | "over" | "unreachable" | "in";

export function App(): JSX.Element {
	const desk = useDesk();
	const route = useRoute();
	const [presence, setPresence] = useState<Presence>("looking");

	const enter = (you: You): void => {
		desk.start(you);
		setPresence("in");
	};
	const leave = (how: "out" | "over"): void => {
		desk.stop();
		setWaiting(0, false, "");
		setPresence(how);
	};
	const look = (): void => {
		api.session().then(({ agent }) => enter(agent), (error: unknown) => {
			setPresence(error instanceof api.ApiError && error.status === 401 ? "out" : "unreachable");
		});
	};
	useEffect(() => {
		desk.onSignedOut = () => leave("over");
		if (route.at !== "setup") look();
		else setPresence("out");
	}, []);
	useEffect(() => {
		if (presence !== "unreachable") return;
		const timer = setInterval(look, 2000);
		return () => clearInterval(timer);
	}, [presence]);

	if (presence === "looking") return <main class="gate" aria-busy="true"><span class="hidden">Loading</span></main>;
	if (presence === "unreachable") {
		return (
			<main class="gate">
				<div class="gate-card" role="status">
					<h1>Looking for the server</h1>
					<p class="soft">It does not answer right now. The console goes on by itself as soon as it does.</p>
				</div>
			</main>
		);
	}
	if (presence !== "in" && route.at === "setup") {
		return <Setup link={route.link} onDone={(you) => {
			go(home, true);
			enter(you);
		}} onSignIn={() => go(home, true)} />;
	}
	if (presence !== "in") return <SignIn isOver={presence === "over"} onDone={enter} />;
	const signOut = (): void => {
		desk.closeNow();
		void api.signOut().catch(() => undefined).then(() => leave("out"));
	};
	return <Shell route={route.at === "setup" ? home : route} onSignOut={signOut} />;
}
