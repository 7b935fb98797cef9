// SPDX-License-Identifier: Apache-2.0
/* For the owner: a visitor who asks for what is kept of them gets it as a file; one who wants it gone is erased. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Summary } from "../shared/wire";
import * as api from "./api";
import { useDesk } from "./hooks";
import { Icon } from "./icons";
import { Button, Dialog } from "./parts";
import { isolated, visitorName } from "./words";

function EraseDialog({ summary, onClose }: { summary: Summary; onClose: () => void }): JSX.Element {
	const desk = useDesk();
	const [isBusy, setBusy] = useState(false);
	const erase = async (): Promise<void> => {
		setBusy(true);
		try {
			await api.eraseVisitor(summary.id);
			onClose(); /* everybody who looks at it is told that it is gone */
		} catch (error) {
			setBusy(false);
			desk.tell(error instanceof Error ? error.message : String(error), "bad");
		}
	};
	return (
		<Dialog title={`Erase ${isolated(visitorName(summary))}?`} onClose={onClose}>
			<p>
				{summary.visitor.verified ? "All conversations of this customer go" : "This conversation goes"} for good:
				messages, notes, tags, ratings, name and address, from the search and from the figures too. The visitor is told that it is gone.
			</p>
			<p class="soft">It cannot be undone. Backups that were made before still hold it.</p>
			<footer>
				<Button onClick={onClose}>Keep</Button>
				<Button kind="danger" icon="trash" busy={isBusy} onClick={() => void erase()}>Erase for good</Button>
			</footer>
		</Dialog>
	);
}

export function Kept({ summary }: { summary: Summary }): JSX.Element {
	const [isErasing, setErasing] = useState(false);
	return (
		<>
			<p class="kept">
				<a class="button plain" href={api.visitorFile(summary.id)} download={`visitor-${summary.id}.json`}><Icon name="saved" /><span>Save as a file</span></a>
				<Button icon="trash" onClick={() => setErasing(true)}>Erase…</Button>
			</p>
			{isErasing && <EraseDialog summary={summary} onClose={() => setErasing(false)} />}
		</>
	);
}
