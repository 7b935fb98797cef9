// SPDX-License-Identifier: Apache-2.0
/* Who I am, whether I take conversations and how many, and what belongs to me alone. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useDesk, useDeskState } from "./hooks";
import { keepLikings, likings, type Theme } from "./keep";
import { Menu, MenuItem, Select } from "./parts";
import { PasswordDialog } from "./passworddialog";
import { applyTheme } from "./theme";

const CAPACITIES = ["1", "2", "3", "4", "5", "6", "8", "10", "15", "20"] as const;

export function initials(name: string): string {
	const words = name.trim().split(/\s+/);
	const first = (word = ""): string => [...word][0] ?? "";
	return ((first(words[0]) || "?") + (words.length > 1 ? first(words.at(-1)) : "")).toUpperCase();
}

export function Avatar({ name, status }: { name: string; status?: string }): JSX.Element {
	return (
		<span class="avatar" aria-hidden="true">
			{initials(name)}
			{status && <i class={`dot ${status}`} />}
		</span>
	);
}

interface Props { onSignOut: () => void; onHelp: () => void; onAlerts: () => void }

export function PresenceMenu({ onSignOut, onHelp, onAlerts }: Props): JSX.Element {
	const desk = useDesk();
	const you = useDeskState((state) => state.you);
	const status = useDeskState((state) => state.status);
	const capacity = useDeskState((state) => state.capacity);
	const [theme, setTheme] = useState<Theme>(likings().theme);
	const [isChanging, setChanging] = useState(false);
	const name = you?.name ?? "";
	const numbers = [...new Set([...CAPACITIES.map(Number), capacity || 1])].sort((a, b) => a - b);
	return (
		<section class="me" aria-label="You">
			<Menu label={`${initials(name)}: ${name}, ${status}. Your menu`} up face={<Avatar name={name} status={status} />}>
				<div class="me-head">
					<b dir="auto">{name}</b>
					<span class="soft">{you?.role === "owner" ? "Owner" : "Agent"}</span>
				</div>
				<div class="segmented" role="group" aria-label="Do you take conversations?">
					{(["available", "away"] as const).map((each) => (
						<button key={each} type="button" aria-pressed={status === each} onClick={() => void desk.presence(each, capacity || 1)}>
							<i class={`dot ${each}`} />{each === "available" ? "Available" : "Away"}
						</button>
					))}
				</div>
				<Select
					label="Chats at once" value={String(capacity || 1)} options={numbers.map((n) => [String(n), String(n)] as const)}
					onChange={(value) => void desk.presence(status, Number(value))}
				/>
				<Select
					label="Colours" value={theme} options={[["auto", "As the system"], ["light", "Light"], ["dark", "Dark"]] as const}
					onChange={(value) => {
						setTheme(value);
						keepLikings({ theme: value });
						applyTheme(value);
					}}
				/>
				<hr />
				<MenuItem icon="bell" onClick={onAlerts}>Alerts</MenuItem>
				<MenuItem icon="keyboard" onClick={onHelp} keys="?">Keyboard</MenuItem>
				<MenuItem icon="lock" onClick={() => setChanging(true)}>Change password</MenuItem>
				<MenuItem icon="leave" onClick={onSignOut}>Sign out</MenuItem>
			</Menu>
			{isChanging && <PasswordDialog onClose={() => setChanging(false)} />}
		</section>
	);
}
