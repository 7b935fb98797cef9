// SPDX-License-Identifier: Apache-2.0
/* All keys at a glance, from the table that they are made of. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { keepLikings, likings } from "./keep";
import { SHORTCUTS } from "./keys";
import { Dialog } from "./parts";

export function HelpDialog({ onClose }: { onClose: () => void }): JSX.Element {
	const [isOn, setOn] = useState(likings().shortcuts);
	const groups = [...new Set(SHORTCUTS.map(({ group }) => group))];
	return (
		<Dialog title="Keyboard" onClose={onClose} wide>
			<div class="keys">
				{groups.map((group) => (
					<section key={group}>
						<h3>{group}</h3>
						<dl>
							{SHORTCUTS.filter((shortcut) => shortcut.group === group).map(({ keys, what }) => (
								<div key={keys}>
									<dt>{keys.split(" ").map((key) => <kbd key={key}>{key}</kbd>)}</dt>
									<dd>{what}</dd>
								</div>
							))}
						</dl>
					</section>
				))}
			</div>
			<label class="switch">
				<input type="checkbox" checked={isOn} onChange={(event) => {
					setOn(event.currentTarget.checked);
					keepLikings({ shortcuts: event.currentTarget.checked });
				}} />
				<span>Single letters are shortcuts</span>
			</label>
		</Dialog>
	);
}
