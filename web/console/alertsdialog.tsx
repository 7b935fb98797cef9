// SPDX-License-Identifier: Apache-2.0
/* "Test my alerts": every way by which a waiting visitor is announced, tried out, with what stands in its way. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { askToNotify, notify, notifyPermission, ring, setWaiting } from "./alerts";
import { useDesk, useSound } from "./hooks";
import { Icon } from "./icons";
import { keepLikings, likings } from "./keep";
import { countOf } from "./lists";
import { Button, Dialog } from "./parts";

const NOTIFY_WORDS = {
	granted: "Allowed on this device.",
	default: "Not asked yet.",
	denied: "Blocked. Allow notifications for this address in the browser's settings.",
	missing: "Not possible here: browsers allow it only over HTTPS or on this machine.",
};

function Line({ fine, title, children }: { fine: boolean; title: string; children: string }): JSX.Element {
	return (
		<li class={fine ? "fine" : "not-fine"}>
			<Icon name={fine ? "check" : "warn"} />
			<div><b>{title}</b><span>{children}</span></div>
		</li>
	);
}

export function AlertsDialog({ onClose }: { onClose: () => void }): JSX.Element {
	const desk = useDesk();
	const [permission, setPermission] = useState(notifyPermission());
	const isHeard = useSound();
	const [isTested, setTested] = useState(false);
	const [mine, setMine] = useState(likings());
	const change = (name: "sound" | "notify", isOn: boolean): void => {
		keepLikings({ [name]: isOn });
		setMine(likings());
	};
	const restore = (): void => setWaiting(countOf(desk.state, "waiting"), desk.state.status === "available", desk.state.shop);
	const test = async (): Promise<void> => {
		ring();
		setWaiting(Math.max(1, countOf(desk.state, "waiting")), false, desk.state.shop);
		setTested(true);
		/* Last, since the browser may ask first, for as long as it likes. */
		setPermission(await askToNotify());
		notify("A visitor is waiting", "This is a test of your alerts.", "test", () => undefined);
	};
	return (
		<Dialog title="Alerts" onClose={() => {
			restore();
			onClose();
		}}>
			<p class="soft">While somebody waits, a tone comes back every few seconds, the tab counts them, and the system notifies you.</p>
			<ul class="checks">
				<Line fine={mine.sound && isHeard} title="Sound">
					{!mine.sound ? "Turned off below." : isHeard ? "Allowed in this tab." : "The browser allows it after your first touch of this page."}
				</Line>
				<Line fine={mine.notify && permission === "granted"} title="Notifications">
					{!mine.notify ? "Turned off below." : NOTIFY_WORDS[permission]}
				</Line>
				<Line fine title="Title and icon of the tab">They count who waits, always.</Line>
			</ul>
			<label class="switch">
				<input type="checkbox" checked={mine.sound} onChange={(event) => change("sound", event.currentTarget.checked)} />
				<span>Sound</span>
			</label>
			<label class="switch">
				<input type="checkbox" checked={mine.notify} onChange={(event) => change("notify", event.currentTarget.checked)} />
				<span>Notifications</span>
			</label>
			<footer>
				<p role="status">{isTested ? "That is how it sounds. The tab counts, too." : ""}</p>
				<Button kind="primary" icon="bell" onClick={() => void test()}>Test my alerts</Button>
			</footer>
		</Dialog>
	);
}
