// SPDX-License-Identifier: Apache-2.0
/* Changing one's own password; every other session of it ends. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import * as api from "./api";
import { useDesk } from "./hooks";
import { Button, Dialog, Field } from "./parts";
import { rulesOf } from "./password";

export function PasswordDialog({ onClose }: { onClose: () => void }): JSX.Element {
	const desk = useDesk();
	const [old, setOld] = useState("");
	const [fresh, setFresh] = useState("");
	const [problem, setProblem] = useState("");
	const submit = async (event: Event): Promise<void> => {
		event.preventDefault();
		const missing = rulesOf(desk.state.you?.name ?? "", fresh).find(({ isKept }) => !isKept);
		if (missing) return setProblem(`The new password: ${missing.rule.toLowerCase()}.`);
		try {
			await api.changePassword(old, fresh);
			desk.tell("Your password is changed. Other devices are signed out.", "good");
			onClose();
		} catch (error) {
			const isWrong = error instanceof api.ApiError && (error.status === 401 || error.status === 403);
			setProblem(isWrong ? "The old password is not right." : error instanceof Error ? error.message : String(error));
		}
	};
	return (
		<Dialog title="Change password" onClose={onClose}>
			<form onSubmit={(event) => void submit(event)}>
				<Field label="Old password" type="password" value={old} onInput={setOld} autocomplete="current-password" required />
				<Field label="New password" type="password" value={fresh} onInput={setFresh} autocomplete="new-password" required />
				<p class="form-problem" role="alert">{problem}</p>
				<footer><Button type="submit" kind="primary">Change it</Button></footer>
			</form>
		</Dialog>
	);
}
