// SPDX-License-Identifier: Apache-2.0
/* The forms that stand in for the message field for a moment: an e-mail address to be answered at, a grade for the
 * chat, and what is stored about the visitor. Each is an element; `done` puts the message field back. */
import { draw, fill, h } from "./dom";
import type { State } from "./state";
import { dated } from "./transcript";
import * as t from "./texts/en";

function sheet(title: string, submit: (form: HTMLFormElement) => void, ...children: (Node | false)[]): HTMLFormElement {
	const form = h("form.sheet", {
		novalidate: true,
		"aria-label": title,
		submit: (event) => {
			event.preventDefault();
			submit(form);
		},
	}, h("h2", { tabindex: "-1" }, title), ...children);
	return form;
}

function deeds(submit: string, cancel: string, done: () => void): HTMLElement {
	return h("div.deeds",
		h("button.deed", { type: "submit" }, submit || t.submit),
		h("button.deed quiet", { click: done }, cancel));
}

function value(form: HTMLFormElement, name: string): string {
	return String(new FormData(form).get(name) ?? "").trim();
}

export interface Contact { email: string; name?: string }

export function contactSheet(state: State, send: (contact: Contact) => void, done: () => void): HTMLElement {
	const wrong = h("p.alarm", { role: "alert" });
	const email = h("input.text", { type: "email", name: "email", autocomplete: "email", required: true, maxlength: "254" });
	const tick = h("input", { type: "checkbox", name: "consent", required: true });
	return sheet(t.email, (form) => {
		const bad = !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email.value.trim()) ? email : !tick.checked ? tick : null;
		email.setAttribute("aria-invalid", String(bad === email));
		tick.setAttribute("aria-invalid", String(bad === tick));
		wrong.textContent = bad === email ? t.emailBad : bad ? t.consentMissing : "";
		bad?.focus();
		if (!bad) send({ email: email.value.trim(), name: value(form, "name") || undefined });
	},
		h("label", t.emailField, email),
		h("label", t.name, h("input.text", { name: "name", autocomplete: "name", maxlength: "100" })),
		h("label.tick", tick, h("span", state.consent || t.agree)),
		wrong,
		deeds(t.submit, t.back, done));
}

export interface Survey { csat?: number; comment?: string }

/* Five faces, from a frown to a smile: only the mouth differs. */
const MOUTHS = ["M8 17c2-3.2 6-3.2 8 0", "M8.5 16.5c1.6-1.8 5.4-1.8 7 0", "M8.5 15.5h7", "M8.5 14.8c1.6 1.8 5.4 1.8 7 0", "M7.5 14c2 3.8 7 3.8 9 0z"];

export function surveySheet(send: (survey: Survey) => void, done: () => void): HTMLElement {
	const comment = h("textarea.text", { name: "comment", rows: "2", maxlength: "2000" });
	return sheet(t.survey, (form) => {
		const csat = Number(value(form, "csat")) || undefined;
		const text = comment.value.trim() || undefined;
		if (csat || text) send({ csat, comment: text });
		else done();
	},
		h("fieldset.grades", { "aria-label": t.survey }, ...t.grades.split("|").map((label, i) =>
			h("label", h("input", { type: "radio", name: "csat", value: String(i + 1) }), draw(`M12 21.5a9.5 9.5 0 1 0 0-19 9.5 9.5 0 0 0 0 19zM9 9.5v.6M15 9.5v.6${MOUTHS[i]}`), label))),
		h("label", t.comment, comment),
		deeds(t.submit, t.skip, done));
}

export function dataSheet(state: State, lang: string, deed: { download(): void; erase(): void }, done: () => void): HTMLElement {
	const first = state.lines.find((line) => line.seq);
	const erase = h("button.deed danger", { click: () => {
		/* The second press means it. */
		if (erase.textContent === t.eraseSure) deed.erase();
		else erase.textContent = t.eraseSure;
	} }, t.erase);
	return sheet(t.data, done,
		...(first ? [t.dataHere, fill(t.dataThere, state.lines.length, dated(lang, first.at))] : [t.dataNone]).map((text) => h("p", text)),
		h("div.deeds",
			!!first && h("button.deed", { click: deed.download }, t.exportAll),
			!!first && erase,
			h("button.deed quiet", { click: done }, t.back)));
}
