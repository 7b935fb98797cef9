// SPDX-License-Identifier: Apache-2.0
/* How views see the state, the time and the address. */
import { createContext } from "preact";
import { useContext, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { onSoundChange, soundIsAllowed } from "./alerts";
import type { Desk } from "./desk";
import { hashOf, readRoute, type Route } from "./route";
import type { State } from "./state";

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
	const desk = useContext(DeskContext);
	if (!desk) throw new Error("no desk");
	return desk;
}

/* What `select` gives; drawn again only when that is another value. */
export function useDeskState<T>(select: (state: State) => T): T {
	const desk = useDesk();
	const [, redraw] = useState(0);
	const value = select(desk.state);
	const latest = useRef({ select, value });
	latest.current = { select, value };
	useLayoutEffect(() => {
		const look = (): void => {
			if (!Object.is(latest.current.select(desk.state), latest.current.value)) redraw((n) => n + 1);
		};
		look();
		return desk.subscribe(look);
	}, [desk]);
	return value;
}

/* The time, told again every `every` ms. */
export function useNow(every: number): number {
	const [now, setNow] = useState(Date.now);
	useEffect(() => {
		const timer = setInterval(() => setNow(Date.now()), every);
		return () => clearInterval(timer);
	}, [every]);
	return now;
}

/* Whether the browser lets this page be heard: looked at again once the page is told of changes, for it may have changed
 * between the two. */
export function useSound(): boolean {
	const [isAllowed, setAllowed] = useState(soundIsAllowed);
	useEffect(() => {
		const look = (): void => setAllowed(soundIsAllowed());
		look();
		return onSoundChange(look);
	}, []);
	return isAllowed;
}

export function useRoute(): Route {
	const [route, setRoute] = useState(() => readRoute(location.hash));
	useEffect(() => {
		const look = (): void => setRoute(readRoute(location.hash));
		addEventListener("hashchange", look);
		return () => removeEventListener("hashchange", look);
	}, []);
	return route;
}

/* `replace`: the back button does not come here again. */
export function go(route: Route, replace = false): void {
	const hash = hashOf(route);
	if (hash === location.hash) return;
	if (replace) location.replace(hash);
	else location.hash = hash;
}

export function useMedia(query: string): boolean {
	const [matches, setMatches] = useState(() => matchMedia(query).matches);
	useEffect(() => {
		const media = matchMedia(query);
		const look = (): void => setMatches(media.matches);
		look();
		media.addEventListener("change", look);
		return () => media.removeEventListener("change", look);
	}, [query]);
	return matches;
}
