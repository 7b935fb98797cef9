// SPDX-License-Identifier: Apache-2.0
/* What is said for a moment. What went wrong stays until it is put away. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { useDesk, useDeskState } from "./hooks";
import { Icon } from "./icons";
import { Button } from "./parts";
import type { Toast } from "./state";

const SHOWN_MS = 6000;

function One({ toast }: { toast: Toast }): JSX.Element {
	const desk = useDesk();
	const away = (): void => desk.dispatch({ type: "untoast", id: toast.id });
	useEffect(() => {
		if (toast.tone === "bad") return;
		const timer = setTimeout(away, SHOWN_MS);
		return () => clearTimeout(timer);
	}, []);
	return (
		<li class={`toast ${toast.tone}`}>
			<Icon name={toast.tone === "bad" ? "warn" : toast.tone === "good" ? "check" : "info"} />
			<span>{toast.text}</span>
			<Button kind="quiet" icon="cross" label="Put away" onClick={away} />
		</li>
	);
}

export function Toasts(): JSX.Element {
	const toasts = useDeskState((state) => state.toasts);
	return (
		<div class="toasts" role="status" aria-label="Messages">
			<ul>{toasts.map((toast) => <One key={toast.id} toast={toast} />)}</ul>
		</div>
	);
}
