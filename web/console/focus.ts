// SPDX-License-Identifier: Apache-2.0
/* The focus is never lost: when what had it goes (a button that has done its work, a conversation that somebody else
 * claims, a dialog whose opener is gone), what stands in its place takes it. */

interface Held {
	element: HTMLElement;
	/* Around it, from the inside out, as long as they are there. */
	around: readonly HTMLElement[];
	/* Of a card in the list: whose it is, and its place. */
	card: { conversation: string; place: string } | null;
}

function hold(element: HTMLElement): Held {
	const around: HTMLElement[] = [];
	for (let each = element.parentElement; each; each = each.parentElement) around.push(each);
	const { conversation } = element.dataset;
	const place = element.closest("li")?.getAttribute("aria-posinset");
	return { element, around, card: conversation && place ? { conversation, place } : null };
}

function cardInPlace({ card }: Held): HTMLElement | null {
	if (!card) return null;
	const find = (selector: string): HTMLElement | null => document.querySelector<HTMLElement>(selector);
	const at = (place: number): HTMLElement | null => find(`[aria-posinset="${place}"] > .card`);
	/* Itself, where it is now; or whatever took its place; or the one before, when it was the last. */
	return find(`[data-conversation="${card.conversation}"]`) ?? at(Number(card.place)) ?? at(Number(card.place) - 1);
}

/* The parts of the page that can take it, by what they hold; the composer's field before the conversation. */
const HEIRS: readonly [around: string, heir: string][] = [
	[".composer", "#reply"], [".thread", "#thread"], ["#details", "#details"], ["#list", "#list"], ["*", "main"],
];

function heirOf(held: Held): HTMLElement | null {
	const card = cardInPlace(held);
	if (card) return card;
	for (const [around, heir] of HEIRS) {
		const found = held.around.some((each) => each.matches(around)) ? document.querySelector<HTMLElement>(heir) : null;
		if (found) return found;
	}
	return null;
}

function give(to: HTMLElement): boolean {
	if (to.tabIndex < 0 && !to.hasAttribute("tabindex")) to.tabIndex = -1;
	to.focus({ preventScroll: true });
	return document.activeElement === to;
}

/* Watches over `root` until the function that is returned is called. */
export function keepFocus(root: HTMLElement): () => void {
	let held: Held | null = null;
	const take = (event: FocusEvent): void => {
		held = event.target instanceof HTMLElement ? hold(event.target) : null;
	};
	/* Who points at nothing wants nothing to have it. */
	const drop = (): void => {
		held = null;
	};
	const look = (): void => {
		if (!held || document.activeElement !== document.body) return;
		if (held.element.isConnected && give(held.element)) return;
		const heir = heirOf(held);
		if (heir) give(heir);
	};
	root.addEventListener("focusin", take);
	addEventListener("pointerdown", drop, { capture: true });
	const observer = new MutationObserver(look);
	observer.observe(root, { childList: true, subtree: true });
	return () => {
		observer.disconnect();
		root.removeEventListener("focusin", take);
		removeEventListener("pointerdown", drop, { capture: true });
	};
}
