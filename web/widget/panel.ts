// SPDX-License-Identifier: Apache-2.0
/* /widget/panel.js: everything that is needed once somebody wants to chat. The loader calls `boot`. */
import { download, h, iconButton } from "./dom";
import { type Host, type Panel, SMALL } from "./host";
import forms from "./forms.css";
import log from "./log.css";
import panel from "./panel.css";
import { newSession } from "./session";
import small from "./small.css";
import { isLive } from "./state";
import { ring } from "./sound";
import * as t from "./texts/en";
import { transcript } from "./transcript";
import { type Actions, newView } from "./view";

const URL_MAX = 2000; /* as the server keeps it */
const RIGHT_TO_LEFT = /^(ar|fa|he|ur|yi)/;

function boot(host: Host): Panel {
	const { frame } = host;
	/* The space that the phone's keyboard leaves; its own sheet, because style attributes fall to a strict CSP. */
	const space = new CSSStyleSheet();
	host.root.adoptedStyleSheets.push(space);
	/* The page's own direction counts too; it is inherited. */
	if (RIGHT_TO_LEFT.test(host.lang)) frame.dir = "rtl";
	/* Dates as the visitor writes them, where that is a variety of the language shown. */
	const lang = navigator.languages.find((one) => one.startsWith(frame.lang)) ?? frame.lang;
	let isOpen = false;
	let isHistoryOurs = false;
	let drawn = 0;

	const session = newSession({
		host,
		onChange() {
			/* Once a picture: a long history comes in thousands of frames. A hidden tab waits until it is looked at. */
			drawn ||= requestAnimationFrame(() => {
				drawn = 0;
				view.render(session.state());
				if (isOpen) session.seen();
			});
		},
		onNews(event) {
			host.tell("message", { from: event.from, text: event.text });
			if ((!isOpen || document.hidden) && event.from !== "system" && !session.kept().isMuted) ring(event.seq);
		},
		/* Some shops keep all they know behind the #; the server cuts it there, too, but a frame has its limit. */
		page: () => ({ url: `${host.page?.url ?? location.href}`.slice(0, URL_MAX), title: `${host.page?.title ?? document.title}` }),
		onRefused: (text) => view.draft(text),
		onDone(of, events) {
			if (events) download("chat.json", "application/json", JSON.stringify(events, null, "\t"));
			if (of === "forget") view.wipe();
			if (of === "survey") actions.skipSurvey();
			view.done(of);
			const text = { survey: t.thanks, erase: t.erased }[of];
			if (text) tell(true, text);
		},
	});

	const actions: Actions = {
		close,
		write: (text) => session.say("message", text),
		input(text) {
			if (text) session.typing();
			session.change({ draft: text });
		},
		person: () => session.say("person", t.person),
		choose(id, label) {
			if (id === "email") view.contact();
			else session.say(id === "person" ? id : "choose", label, id);
		},
		retry: session.retry,
		rate: (seq, helpful) => tell(session.deed({ type: "rate", seq, helpful })),
		contact: (contact) => tell(session.deed({ type: "contact", consent: true, ...contact })),
		survey: (survey) => tell(session.deed({ type: "survey", ...survey })),
		skipSurvey: () => session.dispatch({ type: "set", change: { survey: "done" } }),
		end: () => tell(session.deed({ type: "close" })),
		/* A page over plain HTTP has no clipboard. */
		async copy() {
			try {
				await navigator.clipboard.writeText(transcript(session.state(), lang));
				tell(true, t.copied);
			} catch {
				actions.save();
			}
		},
		save: () => download("chat.txt", "text/plain", transcript(session.state(), lang)),
		download: () => tell(session.send({ type: "export" })),
		erase: () => tell(session.deed({ type: "erase" })),
		mute: () => session.change({ isMuted: !session.kept().isMuted }),
		isMuted: () => !!session.kept().isMuted,
	};
	const view = newView(actions, lang);
	view.element.hidden = true;
	frame.prepend(view.element);

	function tell(isSent: boolean, text = ""): void {
		session.dispatch({ type: "set", change: { notice: isSent ? text : t.offline, isGood: isSent } });
	}

	/* The launcher shows what it will do. */
	const drawing = host.launcher.querySelector("path")!;
	const bell = drawing.getAttribute("d")!;

	/* On a phone the panel is all there is: the page behind it is out of reach, the back button closes it, and it keeps
	 * clear of the keyboard. */
	function cover(isCovering: boolean): void {
		const isWhole = isCovering && matchMedia(SMALL).matches;
		view.element.ariaModal = `${isWhole}`;
		document.body.inert = isWhole;
	}

	const visual = window.visualViewport!;
	function fit(): void {
		if (!isOpen) return;
		space.replaceSync(`:host{--tall:${Math.round(visual.height)}px;--top:${Math.round(visual.offsetTop)}px}`);
		cover(true);
	}
	visual.addEventListener("resize", fit);
	visual.addEventListener("scroll", fit);

	function open(isByItself?: boolean): void {
		if (isOpen) return view.focus();
		isOpen = true;
		frame.querySelector(".nudge")?.remove();
		view.element.hidden = false;
		frame.classList.add("open");
		host.launcher.ariaExpanded = "true";
		drawing.setAttribute("d", "M6 9.5l6 6 6-6");
		fit();
		if (matchMedia(SMALL).matches && !history.state?.shopbell) {
			history.pushState({ ...history.state, shopbell: true }, "");
			isHistoryOurs = true;
		}
		session.change({ isOpen: true });
		session.start();
		session.seen();
		view.toEnd();
		if (!isByItself) view.focus();
		host.tell("open");
	}

	function close(): void {
		if (!isOpen) return;
		/* The shop may close it while somebody does something else. */
		const isHere = view.element.matches(":focus-within");
		isOpen = false;
		view.element.hidden = true;
		frame.classList.remove("open");
		host.launcher.ariaExpanded = "false";
		drawing.setAttribute("d", bell);
		cover(false);
		if (isHistoryOurs && history.state?.shopbell) history.back();
		isHistoryOurs = false;
		session.change({ isOpen: false });
		session.rest();
		if (isHere) host.launcher.focus();
		host.tell("close");
	}

	addEventListener("popstate", () => {
		if (isHistoryOurs && !history.state?.shopbell) {
			isHistoryOurs = false;
			close();
		}
	});
	view.element.addEventListener("keydown", (event) => {
		if (event.key !== "Escape" || event.defaultPrevented) return;
		event.stopPropagation();
		if (!view.stepBack()) close();
	});
	view.render(session.state());
	if (session.kept().draft) view.draft(session.kept().draft!);
	if (session.kept().unread || isLive(session.state()) || session.kept().live) session.start();
	return {
		open,
		close,
		isOpen: () => isOpen,
		identify: session.renew,
		page: session.tellPage,
		reset() {
			close();
			session.forget();
		},
		nudge(text) {
			if (isOpen || session.state().lines.length) return;
			const bubble = h("div.nudge", { role: "status" },
				h("button", { click: host.open }, text),
				iconButton("close", t.skip, () => bubble.remove()));
			frame.append(bubble);
		},
	};
}

/* The style sheets stand at the end of the file, where they do not part code from code like it: 90 bytes less of gzip. */
window.shopbell?.panel?.(boot, panel + log + forms + small);
