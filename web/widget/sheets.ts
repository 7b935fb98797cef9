// SPDX-License-Identifier: Apache-2.0
/* The forms that stand in for the message field for a moment: an e-mail address to be answered at, grades for the
 * chat, and what is stored about the visitor. Each is an element; `done` puts the message field back. */
import { draw, fill, h } from "./dom";
import type { State } from "./state";
import { dated } from "./transcript";
import * as t from "./texts/en";

function sheet(title: string, submit: (form: HTMLFormElement) => void, ...children: (Node | false)[]): HTMLFormElement {
	const form = h("form.sheet", {
		novalidate: true,
		dir: "auto",
		"aria-label": title,
		submit: (event) => {
			event.preventDefault();
			submit(form);
		},
	}, h("h2", { tabindex: "-1" }, title), ...children);
	return form;
}

function deeds(cancel: string, done: () => void): HTMLElement {
	return h("div.deeds",
		h("button.deed", { type: "submit" }, t.send),
		h("button.deed quiet", { click: done }, cancel));
}

export interface Contact { email: string; name?: string }

export function contactSheet(state: State, send: (contact: Contact) => void, done: () => void): HTMLElement {
	const wrong = h("p.alarm", { role: "alert" });
	const email = h("input.text", { type: "email", name: "email", autocomplete: "email", required: true, maxlength: "254", pattern: ".+@.+\\..+" });
	const name = h("input.text", { name: "name", autocomplete: "name", maxlength: "100", dir: "auto" });
	const tick = h("input", { type: "checkbox", name: "consent", required: true });
	return sheet(t.email, (form) => {
		const bad = form.querySelector<HTMLElement>(":invalid");
		for (const field of [email, tick]) field.ariaInvalid = `${field === bad}`;
		wrong.textContent = bad === email ? t.emailBad : bad ? t.consentMissing : "";
		if (bad) bad.focus();
		else send({ email: email.value, name: name.value.trim() || undefined });
	},
		h("label", t.emailField, email),
		h("label", t.name, name),
		h("label.tick", tick, h("span", state.consent || t.agree)),
		wrong,
		deeds(t.back, done));
}

export type Survey = Record<string, string | number>;

/* What can be asked: from, to, and the question. */
const SCALES: Record<string, [from: number, to: number, question: string]> = {
	csat: [1, 5, t.survey],
	ces: [1, 7, t.ces],
	nps: [0, 10, t.nps],
};

function scale(name: string): HTMLElement | false {
	const [from, to, question] = SCALES[name] ?? [0, -1];
	/* Five faces, from a frown to a smile: only the mouth differs. */
	const grade = (i: number): (Node | string)[] => name === "csat"
		? [draw(`M12 21.5a9.5 9.5 0 1 0 0-19 9.5 9.5 0 0 0 0 19zM9 9.5v.6M15 9.5v.6M8 ${17 - i * 0.75}q4 ${i * 2.5 - 5} 8 0`), t.grades.split("|")[i]!]
		: [`${from + i}`];
	return !!question && h("fieldset", h(`legend.${name === "csat" ? "hush" : ""}`, question), h("div.grades", ...Array.from({ length: to - from + 1 }, (_, i) =>
		h("label", h("input", { type: "radio", name, value: `${from + i}` }), ...grade(i)))));
}

export function surveySheet(questions: readonly string[], send: (survey: Survey) => void, done: () => void): HTMLElement {
	return sheet(t.survey, (form) => {
		const given: Survey = {};
		for (const [name, value] of new FormData(form)) {
			const text = String(value).trim();
			if (text) given[name] = name in SCALES ? Number(text) : text;
		}
		if (Object.keys(given).length) send(given);
		else done();
	},
		...questions.map(scale),
		h("label", t.comment, h("textarea.text", { name: "comment", rows: "2", maxlength: "2000", dir: "auto" })),
		deeds(t.skip, done));
}

export function dataSheet(state: State, lang: string, deed: { download(): void; erase(): void }, done: () => void): HTMLElement {
	const first = state.lines.find((line) => line.seq);
	const erase = h("button.deed quiet danger", { click: (event) => {
		/* The second press means it, but not that of a double click. */
		if (erase.textContent !== t.eraseSure) erase.textContent = t.eraseSure;
		else if ((event as MouseEvent).detail < 2) deed.erase();
	} }, t.erase);
	return sheet(t.data, done,
		...(first ? [t.dataHere, fill(t.dataThere, state.lines.length, dated(lang, first.at))] : [t.dataNone]).map((text) => h("p", text)),
		h("div.deeds",
			!!first && h("button.deed", { click: deed.download }, t.exportAll),
			!!first && erase,
			h("button.deed quiet", { click: done }, t.back)));
}
