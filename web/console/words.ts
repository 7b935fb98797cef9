// SPDX-License-Identifier: Apache-2.0
/* What the machine's words are called before people. */
import type { DecisionDetails, Summary } from "../shared/wire";

export const REASONS: Record<string, string> = {
	asked: "Asked for a person",
	intent: "A topic for people",
	unsure: "Bot was unsure",
	repeated: "Asked again",
	upset: "Upset",
	complex: "More than a FAQ",
	segment: "Routed to you",
};
export const REASON_SENTENCES: Record<string, string> = {
	asked: "The visitor asked for a person.",
	intent: "This topic always goes to a person.",
	unsure: "The bot did not understand and handed over rather than guess.",
	repeated: "The visitor asked the same thing again after the bot's answer.",
	upset: "The visitor sounds upset.",
	complex: "The question is long, or several questions at once.",
	segment: "A rule in shop.ini sends this kind of visitor to a person.",
};
export const ACTIONS: Record<string, string> = {
	answer: "Answered",
	clarify: "Asked which was meant",
	miss: "Said that it did not understand",
	handover: "Handed over to a person",
	quiet: "Stayed quiet",
};

export function reasonWord(reason: string | undefined): string {
	return reason ? REASONS[reason] ?? reason : "";
}

export type Face = "calm" | "uneasy" | "upset" | "angry";
export interface Mood { face: Face; word: string; isBad: boolean }

/* The running mood, 0 to 1. Above one half a good shop assistant would have come over by now. */
export function moodOf(running: number): Mood {
	if (running >= 0.75) return { face: "angry", word: "Angry", isBad: true };
	if (running >= 0.5) return { face: "upset", word: "Upset", isBad: true };
	if (running >= 0.25) return { face: "uneasy", word: "Uneasy", isBad: false };
	return { face: "calm", word: "Calm", isBad: false };
}

/* The words of a single message: -1 to 1 as a person would rate it. */
export function toneWord(score: number): string {
	if (score <= -0.5) return "very negative";
	if (score <= -0.15) return "negative";
	if (score < 0.15) return "neutral";
	return score < 0.5 ? "positive" : "very positive";
}

/* "delivery-time" is nearer to people as "delivery time". */
export function intentWord(intent: string): string {
	return intent.replace(/[-_]/g, " ");
}

/* A word from outside within a line of ours, where no element can hold it: whatever direction it has, or asks for, ends
 * with it. */
export function isolated(text: string): string {
	return `\u2068${text}\u2069`;
}

export function visitorName(summary: Summary): string {
	return summary.visitor.name || summary.visitor.email || `Visitor ${summary.id}`;
}

/* What the server says begins small and has no full stop. */
export function sentence(text: string): string {
	return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}

export function percent(share: number): string {
	return `${Math.round(share * 100)} %`;
}

/* "4:07" while it runs, so that one sees it run; hours in words. */
export function clock(ms: number): string {
	const seconds = Math.max(0, Math.floor(ms / 1000));
	const minutes = Math.floor(seconds / 60);
	if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
	return `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
}

export function ago(ms: number): string {
	const minutes = Math.floor(ms / 60000);
	if (minutes < 1) return "now";
	if (minutes < 60) return `${minutes} min`;
	const hours = Math.floor(minutes / 60);
	return hours < 24 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

/* How long something takes, for the numbers page. */
export function duration(seconds: number): string {
	if (seconds < 60) return `${Math.round(seconds)} s`;
	const minutes = Math.floor(seconds / 60);
	if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
	return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/* A time that somebody set: "2 minutes". */
export function span(seconds: number): string {
	const [amount, unit] = seconds >= 3600 && seconds % 3600 === 0 ? [seconds / 3600, "hour"]
		: seconds >= 60 && seconds % 60 === 0 ? [seconds / 60, "minute"] : [seconds, "second"];
	return `${amount} ${unit}${amount === 1 ? "" : "s"}`;
}

const timeFormat = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const dayFormat = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const whenFormat = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

export function timeOfDay(at: number): string {
	return timeFormat.format(at);
}

export function dayWord(at: number, now: number): string {
	const days = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86400000);
	return days === 0 ? "Today" : days === 1 ? "Yesterday" : dayFormat.format(at);
}

export function when(at: number): string {
	return whenFormat.format(at);
}

let languageNames: Intl.DisplayNames | undefined;
export function languageName(tag: string): string {
	try {
		languageNames ??= new Intl.DisplayNames(["en"], { type: "language" });
		return languageNames.of(tag) ?? tag;
	} catch {
		return tag;
	}
}

/* Why the bot did that, in one sentence for somebody who knows nothing of classifiers. */
export function decisionSentence(decision: DecisionDetails): string {
	const sure = percent(decision.confidence);
	const need = percent(decision.threshold);
	const topic = decision.intent ?? decision.candidates[0]?.intent;
	switch (decision.action) {
	case "answer": return !topic ? `It was ${sure} sure. It answers from ${need} on.` : `It was ${sure} sure that this is about “${intentWord(topic)}”. It answers from ${need} on.`;
	case "clarify": return `It was only ${sure} sure, and answers from ${need} on. So it offered the nearest topics.`;
	case "miss": return topic
		? `Its best guess was “${intentWord(topic)}” with ${sure}. It answers from ${need} on, so it said that it did not understand.`
		: "Nothing in the files came near. It said so rather than guess.";
	case "handover": return REASON_SENTENCES[decision.reason ?? ""] ?? "It handed over to a person.";
	case "quiet": return "A person has the conversation, so the bot said nothing.";
	}
}
