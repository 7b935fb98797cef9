// SPDX-License-Identifier: Apache-2.0
/* A page of the demonstration shop, for web/build.mjs: its title, description and content in page.template, in each language
 * that the chat speaks. A text without a row in texts.mjs stops the build, and so does a row that no page uses. */
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { LANGUAGES, SAME, TEXTS } from "./texts.mjs";

const NAMES = { en: "English", de: "Deutsch", fr: "Français", es: "Español" };
/* Where the links to the other languages go. */
const PLACE = "{languages}";
const rows = new Map(TEXTS.map((row) => [row[0], row]));
const used = new Set();

function isSame(text) {
	return SAME.includes(text) || text === PLACE || !/\p{L}{2}/u.test(text.replace(/^\d+ cm$/, ""));
}

/* `column`: of a row; blanks around it stay. */
function translated(text, column) {
	const bare = text.trim().replace(/\s+/g, " ");
	if (isSame(bare)) return text;
	const row = rows.get(bare);
	if (!row?.[column]) throw new Error(`web/demo/texts.mjs has no ${LANGUAGES[column - 1]} for "${bare}"`);
	used.add(bare);
	return text.replace(text.trim(), () => row[column]);
}

/* What is read or read out: texts between tags, and some attributes; links lead to the page in the same language. */
function inLanguage(html, lang) {
	const column = LANGUAGES.indexOf(lang) + 1;
	return html.split(/(<[^>]+>)/).map((part) => part.startsWith("<")
		? part.replace(/( alt| aria-label|name="description" content)="([^"]+)"/g, (_, name, text) => `${name}="${translated(text, column)}"`)
			.replace(/href="\/(demo\/(?=[a-z]+["#]))?(?=["#]|[a-z]+["#])/, `href="/demo/${lang}/`)
		: translated(part, column)).join("");
}

/* The same page in the other languages, each under its own name. */
function switches(page, current) {
	return Object.entries(NAMES).map(([lang, name]) => `<a href="${addressOf(page, lang)}" lang="${lang}" hreflang="${lang}"` +
		`${lang === current ? ' aria-current="true"' : ""}>${name}</a>`).join("\n");
}

function addressOf(page, lang) {
	const name = page === "index" ? "" : page;
	if (lang === "en") return name ? `/demo/${name}` : "/";
	return `/demo/${lang}/${name}`;
}

/* [file below demo/, its HTML] for every language. */
export function demoPages(file, text) {
	const template = readFileSync(join(dirname(file), "page.template"), "utf8");
	const page = basename(file, ".html");
	const [, head, main] = /^<!--.*?-->\n(.*?)(<main.*)$/s.exec(text);
	const link = `href="/demo/${page}"`;
	const english = template.replace(/<!-- SPDX.*?-->\n/, "").replace(link, `${link} aria-current="page"`)
		.replace("{head}", () => head).replace("{main}", () => main);
	return Object.keys(NAMES).map((lang) => [
		lang === "en" ? `${page}.html` : `${lang}/${page}.html`,
		(lang === "en" ? english : inLanguage(english, lang)).replace("{lang}", lang).replace(PLACE, switches(page, lang)),
	]);
}

export function checkTextsUsed() {
	const idle = TEXTS.map(([text]) => text).filter((text) => !used.has(text));
	if (idle.length) throw new Error(`web/demo/texts.mjs: no page says "${idle[0]}"`);
	if (rows.size < TEXTS.length) throw new Error("web/demo/texts.mjs: a text stands there twice");
}
