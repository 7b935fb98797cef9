// SPDX-License-Identifier: Apache-2.0
/* How a conversation is scrolled: which of its rows are in the page (sight.ts), and that the line one reads stays where it is
 * while they change. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { around, earlier, grown, later, latest, type Sight } from "./sight";

/* So near to the end counts as being there. */
const NEAR_END_PX = 80;
/* The window moves when what is drawn beyond the edge gets shorter than this: some screens, so that no edge is seen. */
const AHEAD_PX = 1200;

interface Scroll {
	box: { current: HTMLDivElement | null };
	sight: Sight;
	isAtEnd: boolean;
	toEnd: () => void;
	/* Its place among all rows. */
	toRow: (at: number) => void;
	showEarlier: () => void;
}

/* A row in sight, and how far below the upper edge it stood. */
interface Anchor { row: Element; top: number }

function rowsIn(box: HTMLElement): Element[] {
	return [...box.querySelectorAll(".log-rows > :not(.log-top)")];
}

/* Puts the row at the upper edge; the very first with what stands above it. */
function bring(box: HTMLElement, at: number, isFirst: boolean): void {
	const row = rowsIn(box)[at];
	if (isFirst) box.scrollTop = 0;
	else if (row) box.scrollTop += row.getBoundingClientRect().top - box.getBoundingClientRect().top;
}

function anchorIn(box: HTMLElement): Anchor | null {
	const edge = box.getBoundingClientRect().top;
	const row = rowsIn(box).find((each) => each.getBoundingClientRect().bottom > edge);
	return row ? { row, top: row.getBoundingClientRect().top } : null;
}

/* Stays at the end while one is there, and where one reads otherwise, while the window of rows moves along. `isReady`: the
 * rows are there. */
export function useScroll(rows: number, pending: number, isReady: boolean): Scroll {
	const box = useRef<HTMLDivElement>(null);
	const [isAtEnd, setAtEnd] = useState(true);
	const [drawn, redraw] = useState(0);
	/* The row that is to stand at the upper edge, once it is drawn. */
	const wanted = useRef<number | null>(null);
	const atEnd = useRef(true);
	const anchor = useRef<Anchor | null>(null);
	const held = useRef<Sight | null>(null);
	if (isReady) held.current = held.current ? grown(held.current, rows, atEnd.current) : latest(rows);
	const sight = held.current ?? latest(rows);
	const now = useRef({ sight, rows });
	now.current = { sight, rows };
	const move = (to: Sight): void => {
		const { from, to: end } = now.current.sight;
		if (to.from === from && to.to === end) return;
		anchor.current = box.current && !atEnd.current ? anchorIn(box.current) : null;
		held.current = to;
		redraw((n) => n + 1);
	};
	const toEnd = (): void => {
		atEnd.current = true;
		setAtEnd(true);
		move(latest(now.current.rows));
		if (box.current) box.current.scrollTop = box.current.scrollHeight;
	};
	useLayoutEffect(() => {
		const element = box.current;
		if (!element) return;
		const look = (): void => {
			const { sight: at, rows: count } = now.current;
			const above = element.scrollTop;
			const below = element.scrollHeight - above - element.clientHeight;
			atEnd.current = below < NEAR_END_PX && at.to === Infinity;
			setAtEnd(atEnd.current);
			if (above < AHEAD_PX && at.from > 0) move(earlier(at, count));
			else if (below < AHEAD_PX && at.to !== Infinity) move(later(at, count));
		};
		element.addEventListener("scroll", look, { passive: true });
		/* The keyboard of a phone, or a growing composer, takes room: the end stays in sight. */
		const observer = new ResizeObserver(() => {
			if (atEnd.current) element.scrollTop = element.scrollHeight;
		});
		observer.observe(element);
		if (element.firstElementChild) observer.observe(element.firstElementChild);
		return () => {
			element.removeEventListener("scroll", look);
			observer.disconnect();
		};
	}, []);
	useLayoutEffect(() => {
		const element = box.current;
		if (!element) return;
		const { current: kept } = anchor;
		const { current: row } = wanted;
		anchor.current = wanted.current = null;
		if (row !== null) bring(element, row - sight.from, row === 0);
		else if (atEnd.current) element.scrollTop = element.scrollHeight;
		else if (kept?.row.isConnected) element.scrollTop += kept.row.getBoundingClientRect().top - kept.top;
	}, [rows, sight.from, sight.to, isReady, drawn]);
	/* Whoever says something wants to see it. */
	const before = useRef(pending);
	useLayoutEffect(() => {
		if (pending > before.current) toEnd();
		before.current = pending;
	}, [pending]);
	const toRow = (at: number): void => {
		atEnd.current = false;
		setAtEnd(false);
		wanted.current = at;
		held.current = around(at, rows);
		redraw((n) => n + 1);
	};
	const showEarlier = (): void => {
		const to = earlier(sight, rows);
		move(to);
		/* The button goes with the last of them. */
		if (to.from === 0) box.current?.focus();
	};
	return { box, sight, isAtEnd, toEnd, toRow, showEarlier };
}
