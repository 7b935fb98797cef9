// SPDX-License-Identifier: Apache-2.0
/* An agent cannot miss a visitor who waits: the title and the icon count them, a tone comes back as long as somebody
 * waits (in one tab only, whichever has the focus), and the system notifies. */
import { likings } from "./keep";

export type Permission = "granted" | "denied" | "default" | "missing";

const RING_EVERY_MS = 8000;
const ICON_MAX = 9;
/* Two soft bells, a fourth apart (A5, D6): heard in a shop, not hated after a day. */
const NOTES = [[880, 0], [1174.66, 0.16]] as const;
const NOTE_S = 0.5;
const LOUDNESS = 0.22;

let audio: AudioContext | null = null;
let ringer: ReturnType<typeof setInterval> | undefined;
let waiting = 0;
let isAvailable = false;
let isLeader = false;
let asksForLead = false;
const watchers = new Set<() => void>();

/* Called when a browser starts or stops allowing sound. */
export function onSoundChange(watcher: () => void): () => void {
	watchers.add(watcher);
	return () => watchers.delete(watcher);
}

export function soundIsAllowed(): boolean {
	return audio?.state === "running";
}

/* Browsers allow sound only after a touch; the first one anywhere on the page is taken. */
export function listenForTouch(): void {
	const unlock = (): void => {
		audio ??= new AudioContext();
		audio.onstatechange = () => {
			for (const watcher of watchers) watcher();
			lead();
		};
		if (audio.state !== "running") void audio.resume();
		lead();
	};
	/* When the touch ends: before that browsers do not count a finger's, and what goes because of it (the banner that asks for
	 * it) would go from under it. */
	for (const name of ["pointerup", "keydown"]) addEventListener(name, unlock, { capture: true, passive: true });
}

export function ring(): boolean {
	if (!audio || audio.state !== "running") return false;
	const start = audio.currentTime + 0.02;
	for (const [pitch, after] of NOTES) {
		const bell = audio.createOscillator();
		const gain = audio.createGain();
		bell.type = "sine";
		bell.frequency.value = pitch;
		gain.gain.setValueAtTime(0, start + after);
		gain.gain.linearRampToValueAtTime(LOUDNESS, start + after + 0.015);
		gain.gain.exponentialRampToValueAtTime(0.001, start + after + NOTE_S);
		bell.connect(gain).connect(audio.destination);
		bell.start(start + after);
		bell.stop(start + after + NOTE_S);
	}
	return true;
}

/* Of all tabs that may make a sound one holds the lock, and rings. Without locks (plain HTTP) each rings. */
function lead(): void {
	if (!soundIsAllowed() || asksForLead) return;
	asksForLead = true;
	if (!("locks" in navigator)) {
		isLeader = true;
		return;
	}
	void navigator.locks.request("shopbell.console.ring", () => {
		isLeader = true;
		return new Promise<never>(() => undefined);
	});
}

function keepRinging(): void {
	const wanted = waiting > 0 && isAvailable;
	if (!wanted) {
		clearInterval(ringer);
		ringer = undefined;
	} else if (!ringer) {
		const once = (): void => {
			if (isLeader && likings().sound) ring();
		};
		once();
		ringer = setInterval(once, RING_EVERY_MS);
	}
}

function showCount(count: number, shop: string): void {
	document.title = `${count ? `(${count}) waiting` : "Console"} · ${shop || "Shopbell"}`;
	const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
	const name = count === 0 ? "icon" : count <= ICON_MAX ? `icon-${count}` : "icon-more";
	const address = `/console/${name}.svg`;
	if (icon && icon.getAttribute("href") !== address) icon.setAttribute("href", address);
}

/* `count` visitors wait; `available`: this agent takes them. */
export function setWaiting(count: number, available: boolean, shop: string): void {
	waiting = count;
	isAvailable = available;
	showCount(count, shop);
	keepRinging();
}

export function notifyPermission(): Permission {
	return "Notification" in window && window.isSecureContext ? Notification.permission : "missing";
}

export async function askToNotify(): Promise<Permission> {
	if (notifyPermission() === "default") await Notification.requestPermission();
	return notifyPermission();
}

/* `tag`: a later one with the same tag takes its place. */
export function notify(title: string, body: string, tag: string, onClick: () => void): boolean {
	if (notifyPermission() !== "granted" || !likings().notify) return false;
	try {
		const shown = new Notification(title, { body, tag, icon: "/console/icon.svg" });
		shown.onclick = () => {
			window.focus();
			onClick();
			shown.close();
		};
		return true;
	} catch {
		return false; /* a phone's browser has the name but wants a service worker */
	}
}
