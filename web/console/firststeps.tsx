// SPDX-License-Identifier: Apache-2.0
/* What an owner does in the first hour, beside the empty inbox until it is put away; and the line for the shop's pages,
 * which the settings keep showing. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useDesk } from "./hooks";
import { keepLikings, likings } from "./keep";
import { Button } from "./parts";

export function Snippet(): JSX.Element {
	const desk = useDesk();
	const line = `<script async src="${location.origin}/widget.js"></script>`;
	/* Over plain HTTP, except on this machine itself, a page has no clipboard. */
	const copy = async (): Promise<void> => {
		try {
			await navigator.clipboard.writeText(line);
			desk.tell("Copied.");
		} catch {
			desk.tell("The browser did not allow it. Select the line and copy it by hand.", "bad");
		}
	};
	return (
		<div class="snippet">
			<code>{line}</code>
			<Button onClick={() => void copy()}>Copy</Button>
		</div>
	);
}

export function FirstSteps({ onHide }: { onHide: () => void }): JSX.Element {
	return (
		<section class="first-steps" aria-labelledby="first-steps-title">
			<h2 id="first-steps-title">First steps</h2>
			<ol>
				<li>
					<h3>Ask as a visitor</h3>
					<p>Open the <a href="/" target="_blank">demonstration shop</a> and ask “wheres my parcel”: the bot answers. Then say “I want to talk to a person”, and you are called here.</p>
				</li>
				<li>
					<h3>Change an answer</h3>
					<p>The bot says what stands in the folder <code>intents/</code>, files that read like a FAQ. Change a sentence, save and ask again. <a href="#/answers">Answers</a> shows whether a file has a mistake; the old answers stay in force until it is mended.</p>
				</li>
				<li>
					<h3>Put the chat on your pages</h3>
					<p>This line on every page, and the address of your shop in <code>shop.ini</code> under <code>[site] origins</code>:</p>
					<Snippet />
				</li>
				<li>
					<h3>Bring your colleagues</h3>
					<p>Whoever answers gets a name and a password on the page <a href="#/agents">Agents</a>.</p>
				</li>
			</ol>
			<Button icon="check" onClick={onHide}>Done, hide this</Button>
		</section>
	);
}

/* Whether to show them in this browser, and what puts them away. */
export function useFirstSteps(): [isShown: boolean, hide: () => void] {
	const [isShown, setShown] = useState(() => likings().steps);
	return [isShown, () => {
		keepLikings({ steps: false });
		setShown(false);
	}];
}
