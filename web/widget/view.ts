// SPDX-License-Identifier: Apache-2.0
/* The panel: what is where, and what each control does. It shows the state and calls actions; it decides nothing. */
import { fill, h, icon, iconButton, setText } from "./dom";
import { type LogActions, newLog, queueText } from "./log";
import { contactSheet, type Contact, dataSheet, type Survey, surveySheet } from "./sheets";
import { isClosed, type State } from "./state";
import { dated } from "./transcript";
import * as t from "./texts/en";

export interface Actions extends LogActions {
	close(): void;
	write(text: string): void;
	input(text: string): void;
	person(): void;
	contact(contact: Contact): void;
	survey(survey: Survey): void;
	skipSurvey(): void;
	end(): void;
	copy(): void;
	save(): void;
	download(): void;
	erase(): void;
	mute(): void;
	isMuted(): boolean;
}

export interface View {
	element: HTMLElement;
	render(state: State): void;
	/* Where writing begins, or the panel itself where a keyboard would pop up over what is to be read. */
	focus(): void;
	/* Escape: closes the innermost thing that is open; false when that is the panel. */
	stepBack(): boolean;
	contact(): void;
	/* Puts it before what is being written. */
	draft(text: string): void;
	/* Nothing of what is being written stays. */
	wipe(): void;
	/* The server has what the form `name` said: it can go. */
	done(name: string): void;
	toEnd(): void;
}

const ROWS_MAX = 5;

export function newView(actions: Actions, lang: string): View {
	const log = newLog(actions, lang);
	let state: State;
	let form: HTMLElement | null = null;
	let formName = "";
	let back = "";

	/* ---- The bar on top, with its menu ---- */
	const face = h("div.face", { "aria-hidden": "true" });
	const title = h("h2");
	const role = h("p");
	const menu = h("div.menu", { id: "menu", hidden: true });
	const more = iconButton("more", t.more, () => toggleMenu());
	more.ariaExpanded = "false";
	more.setAttribute("aria-controls", "menu");
	const bar = h("div.bar", { role: "status", dir: "auto" });
	const spoken = h("div.hush", { role: "status" });

	function menuItem(label: string, act: () => void): HTMLElement {
		return h("button", { click: () => {
			toggleMenu();
			act();
		} }, label);
	}

	function toggleMenu(): void {
		menu.hidden = !menu.hidden;
		more.ariaExpanded = `${!menu.hidden}`;
		if (menu.hidden) return more.focus();
		const hasLines = state.lines.length > 0;
		menu.replaceChildren(h("div",
			hasLines && menuItem(t.copy, actions.copy),
			hasLines && menuItem(t.save, actions.save),
			menuItem(actions.isMuted() ? t.unmute : t.mute, actions.mute),
			hasLines && menuItem(t.email, contact),
			menuItem(t.data, data),
			hasLines && !isClosed(state) && menuItem(state.owner === "bot" ? t.over : t.end, actions.end),
		));
		menu.querySelector("button")!.focus();
	}
	menu.addEventListener("focusout", (event) => {
		if (menu.hidden || menu.contains(event.relatedTarget as Node) || event.relatedTarget === more) return;
		menu.hidden = true;
		more.ariaExpanded = "false";
	});

	/* ---- Writing ---- */
	const text = h("textarea", { rows: "1", "aria-label": t.write, placeholder: t.write, dir: "auto", enterkeyhint: "send", autocomplete: "off" });
	const send = h("button.round send", { type: "submit", "aria-label": t.send, title: t.send, "aria-disabled": "true" }, icon("send"));
	const person = h("button.person", { click: actions.person }, icon("person"), t.person);
	const askEmail = h("button.person", { click: contact }, t.email);
	const side = h("span", { dir: "auto" });
	const foot = h("div.foot", person, side, askEmail);
	const write = h("form.write", { submit: (event) => {
		event.preventDefault();
		submit();
	} }, h("div.field", text, send), foot);

	function submit(): void {
		const said = text.value.trim();
		if (!said || tooMany() > 0) return text.focus();
		text.value = "";
		changed();
		actions.write(said);
		text.focus();
	}

	/* Characters as the server counts them, not UTF-16 units. */
	function tooMany(): number {
		return text.value.length > state.limit ? [...text.value.trim()].length - state.limit : 0;
	}

	function changed(): void {
		text.rows = 1;
		while (text.rows < ROWS_MAX && text.scrollHeight > text.clientHeight + 2) text.rows++;
		send.ariaDisabled = `${!text.value.trim() || tooMany() > 0}`;
		actions.input(text.value);
		renderFoot();
	}
	text.addEventListener("input", changed);
	text.addEventListener("keydown", (event) => {
		if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
		event.preventDefault();
		submit();
	});

	/* ---- Forms ---- */
	/* The focus goes along only if it was here: a form that comes by itself does not take it from the shop's page. */
	function show(name: string, made: HTMLElement | null): void {
		const isHere = element.matches(":focus-within");
		form?.remove();
		form = made;
		formName = name;
		write.hidden = !!made;
		if (made) element.append(made);
		if (isHere) (made?.querySelector("h2") ?? text).focus();
		log.toEnd();
	}
	function hide(): void {
		if (formName === "survey") actions.skipSurvey();
		show("", null);
	}
	function contact(): void {
		show("contact", contactSheet(state, actions.contact, hide));
	}
	function data(): void {
		show("data", dataSheet(state, lang, { download: actions.download, erase() {
			show("", null);
			actions.erase();
		} }, hide));
	}

	const element = h("section.panel", { role: "dialog", tabindex: "-1" },
		h("div.head", face, h("div.who", title, role), more, iconButton("close", t.close, actions.close)),
		menu, bar, log.element, log.button, spoken, write);

	/* ---- Showing ---- */
	function renderHead(): void {
		const isAgent = state.owner === "agent" && state.agent;
		setText(title, isAgent ? state.agent : state.shop);
		setText(role, isAgent ? state.shop : `${state.bot} · ${t.assistant}`);
		face.replaceChildren(isAgent ? state.agent.slice(0, 1) : icon("bell"));
		element.ariaLabel = fill(t.title, state.shop || state.bot);
	}

	function renderBar(): void {
		const isCut = state.link === "offline";
		bar.classList.toggle("alarm", isCut || (!!state.notice && !state.isGood));
		setText(bar, isCut ? t.offline : state.notice || (state.owner === "queue" ? queueText(state) : ""));
		/* That the line is cut is seen and heard; that it is back is seen, so it is said too, until something else is. */
		if (isCut) back = t.online;
		else if (state.typing) back = "";
		setText(spoken, state.typing ? fill(t.typing, state.typing) : isCut ? "" : back);
	}

	function renderFoot(): void {
		const over = tooMany();
		const withAgent = state.owner === "agent";
		person.hidden = withAgent;
		askEmail.hidden = state.owner !== "queue";
		side.className = over > 0 ? "alarm" : withAgent ? "live" : "";
		setText(side, over > 0 ? fill(t.tooLong, over) : withAgent ? fill(t.withAgent, state.agent) : hours());
	}

	/* When nobody is there: when somebody will be, in the visitor's own time. With the date: it may be after holidays. */
	function hours(): string {
		if (!state.opensAt || state.owner === "queue") return "";
		return fill(t.closed, dated(lang, state.opensAt, "full"));
	}

	function focus(): void {
		(form ? form.querySelector("h2")! : matchMedia("(pointer:coarse)").matches ? element : text).focus();
	}

	return {
		element,
		render(next) {
			const isHere = element.matches(":focus-within");
			state = next;
			renderHead();
			renderBar();
			log.render(state);
			renderFoot();
			/* Not over what is being written; when that is sent, the chat goes on and there is nothing to ask. */
			if (state.survey === "asked" && !form && !text.value) show("survey", surveySheet(state.questions, actions.survey, hide));
			else if (state.survey !== "asked" && formName === "survey") show("", null);
			/* A button that was pressed and is gone leaves the focus to the chat, not to the page. */
			if (isHere && !element.matches(":focus-within")) focus();
		},
		focus,
		stepBack() {
			if (!menu.hidden) toggleMenu();
			else if (form) hide();
			else return false;
			return true;
		},
		contact,
		draft(kept) {
			text.value = kept + text.value;
			changed();
		},
		wipe() {
			show("", null);
			text.value = "";
			changed();
		},
		done(name) {
			if (name === formName) show("", null);
		},
		toEnd: log.toEnd,
	};
}
