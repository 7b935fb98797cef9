// SPDX-License-Identifier: Apache-2.0
/* Our own drawings, on a field of 24 by 24, in the colour of the text. They are never the only name of a thing. */
import type { JSX } from "preact";
import type { Face } from "./words";

const PATHS = {
	inbox: "M4 5.5h16a1 1 0 0 1 1 1v9.5a1 1 0 0 1-1 1h-8.5L7 20.5V17H4a1 1 0 0 1-1-1V6.5a1 1 0 0 1 1-1z",
	book: "M12 6.5C10 5 7 4.5 4 5v13.5c3-.5 6 0 8 1.5 2-1.5 5-2 8-1.5V5c-3-.5-6 0-8 1.5zm0 0V20",
	chart: "M4 20h16M7 16v-5M12 16V5M17 16V9",
	people: "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 19.5c.4-3.5 3-5.5 6.5-5.5s6.1 2 6.5 5.5M15.5 4.8a3.5 3.5 0 0 1 0 6.4M18 14.4c2 .8 3.2 2.6 3.5 5.1",
	gear: "M12 15.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM12 2.8v2.7M12 18.5v2.7M2.8 12h2.7M18.5 12h2.7M5.5 5.5l1.9 1.9M16.6 16.6l1.9 1.9M5.5 18.5l1.9-1.9M16.6 7.4l1.9-1.9",
	bell: "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15L6 16.5zM10 20.5h4",
	bellOff: "M6 16.5V11c0-1 .2-1.9.6-2.7M9 5.8A6 6 0 0 1 18 11v3M4.5 18H18M10 20.5h4M4 3.5l16 17",
	send: "M4 12 20.5 4.5 15 20l-3.5-6.5L4 12zM11.5 13.5 20.5 4.5",
	pen: "M4.5 19.5l1-4L16 5a2.1 2.1 0 0 1 3 3L8.5 18.5l-4 1zM14 7l3 3",
	back: "M14.5 5.5 8 12l6.5 6.5",
	next: "M9.5 5.5 16 12l-6.5 6.5",
	down: "M5.5 9.5 12 16l6.5-6.5",
	cross: "M6 6l12 12M18 6 6 18",
	check: "M4.5 12.5l5 5L19.5 7",
	checks: "M2.5 12.5l4.5 4.5 9-10M11.5 16l1 1 9-10",
	clock: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 7.5V12l3 2",
	warn: "M12 4 2.8 19.5h18.4L12 4zM12 10v4.5M12 17v.2",
	bolt: "M13 3 5 13.5h6L10.5 21 19 10.5h-6L13 3z",
	saved: "M6.5 4h11v16.5L12 16.5l-5.5 4V4z",
	transfer: "M4 8.5h14M14.5 5l3.5 3.5L14.5 12M20 15.5H6M9.5 12 6 15.5 9.5 19",
	bot: "M5.5 9h13a1.5 1.5 0 0 1 1.5 1.5v7a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5v-7A1.5 1.5 0 0 1 5.5 9zM12 9V5.5M12 5.5a1 1 0 1 0 0-2 1 1 0 0 0 0 2zM9 13v2M15 13v2",
	person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.5-4 3.5-6 7.5-6s7 2 7.5 6",
	more: "M4.7 12a.8.8 0 1 0 1.6 0 .8.8 0 0 0-1.6 0zM11.2 12a.8.8 0 1 0 1.6 0 .8.8 0 0 0-1.6 0zM17.7 12a.8.8 0 1 0 1.6 0 .8.8 0 0 0-1.6 0z",
	ring: "M12 17.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11z",
	search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 20.5 20.5",
	info: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 11v5.5M12 7.5v.2",
	sinking: "M4 7l6 6 3-3 7 7M20 11.5V17h-5.5",
	rising: "M4 17l6-6 3 3 7-7M20 12.5V7h-5.5",
	mail: "M4 5.5h16a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1zM3.5 7l8.5 6.5L20.5 7",
	undo: "M8.5 5 4.5 9l4 4M4.5 9h9.5a5.5 5.5 0 0 1 0 11H9",
	plus: "M12 5v14M5 12h14",
	trash: "M5 7h14M9.5 7V4.5h5V7M7 7l.8 12.5h8.4L17 7M10.5 10.5v5.5M13.5 10.5v5.5",
	keyboard: "M3.5 6.5h17a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-17a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1zM6.5 10v.01M10 10v.01M13.5 10v.01M17 10v.01M8 14h8",
	up: "M8 20.5H5v-9h3zm0-9 3.5-8c1.4 0 2.3 1 2 2.5L13 9.5h5a2 2 0 0 1 2 2.4l-1.2 6.8a2 2 0 0 1-2 1.8H8",
	thumbDown: "M16 3.5h3v9h-3zm0 9-3.5 8c-1.4 0-2.3-1-2-2.5l.5-3.5H6a2 2 0 0 1-2-2.4l1.2-6.8a2 2 0 0 1 2-1.8H16",
	teach: "M12 5 2.5 9.5 12 14l9.5-4.5L12 5zM6.5 11.5V16c1.5 1.5 3.5 2.2 5.5 2.2s4-.7 5.5-2.2v-4.5M21.5 9.5V15",
	tag: "M4 4.5h7.5l8 8a1.4 1.4 0 0 1 0 2l-5.5 5.5a1.4 1.4 0 0 1-2 0l-8-8V4.5zM8 8.5v.01",
	lock: "M6.5 10.5h11a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1zM8.5 10.5V7.5a3.5 3.5 0 0 1 7 0v3",
	sieve: "M4 6.5h16M7 12h10M10 17.5h4",
	leave: "M14 4.5H6a1 1 0 0 0-1 1v13a1 1 0 0 0 1 1h8M10.5 12H20M16.5 8.5 20 12l-3.5 3.5",
	shield: "M12 3.5 5 6v5.5c0 4.5 3 7.5 7 9 4-1.5 7-4.5 7-9V6l-7-2.5zM9 12l2.2 2.2L15.5 10",
	globe: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM3.5 12h17M12 3.5c2.5 2.5 3.5 5.3 3.5 8.5s-1 6-3.5 8.5c-2.5-2.5-3.5-5.3-3.5-8.5s1-6 3.5-8.5z",
	page: "M6.5 3.5h7.5l4 4v13h-11.5zM13.5 3.5V8h4.5M9.5 12.5h5M9.5 16h5",
	sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
	refresh: "M19.5 8.5A8 8 0 0 0 5 8M4.5 4v4.5H9M4.5 15.5A8 8 0 0 0 19 16M19.5 20v-4.5H15",
	house: "M4 11.5 12 4.5l8 7M6 10v9.5h12V10M10 19.5v-5h4v5",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, small }: { name: IconName; small?: boolean }): JSX.Element {
	return (
		<svg class={small ? "icon small" : "icon"} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
			<path d={PATHS[name]} />
		</svg>
	);
}

const MOUTHS: Record<Face, string> = {
	calm: "M8.5 14.2c1 1.2 2.2 1.8 3.5 1.8s2.5-.6 3.5-1.8",
	uneasy: "M8.5 15.3h7",
	upset: "M8.5 16.2c1-1.2 2.2-1.8 3.5-1.8s2.5.6 3.5 1.8",
	angry: "M8.5 16.5c1-1.3 2.2-1.9 3.5-1.9s2.5.6 3.5 1.9M7.5 7.8l2.7 1.2M16.5 7.8l-2.7 1.2",
};

export function FaceIcon({ face }: { face: Face }): JSX.Element {
	return (
		<svg class={`face ${face}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
			<circle cx="12" cy="12" r="9" />
			<path d={`M9 10.5v.4M15 10.5v.4${MOUTHS[face]}`} />
		</svg>
	);
}

export function Logo(): JSX.Element {
	return (
		<svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
			<rect width="32" height="32" rx="9" />
			<path d="M9.5 20.5v-5.7a6.5 6.5 0 0 1 13 0v5.7l1.8 1.8H7.7zM14 24.8h4" />
		</svg>
	);
}
