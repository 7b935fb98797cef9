// SPDX-License-Identifier: Apache-2.0
/* Builds every page into build/web/, keeps the promised sizes, and writes build/web/assets.S: all files, raw and
 * gzipped, with the table `struct asset shopbell_assets[]` that engine/server reads. Run from anywhere:
 * node web/build.mjs [--visitor DIR]   (--visitor: widget and demo shop alone, into DIR)
 * It needs web/node_modules (npm ci) and nothing else. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { minify } from "terser";
import { checkTextsUsed, demoPages } from "./demo/pages.mjs";

const web = dirname(fileURLToPath(import.meta.url));
const top = resolve(web, "..");
const isVisitorOnly = process.argv[2] === "--visitor";
const target = isVisitorOnly ? resolve(process.argv[3]) : join(top, "build/web");
/* Everything is made beside the target and put in its place at the end: a failed build leaves the last good one. */
const out = `${target}.${process.pid}`;
/* Languages of the widget; English is panel.js, the others panel.LANG.js, each whole, so that it stays one request. */
const LANGUAGES = ["en", "de", "fr", "es"];
const BUDGETS = [
	{ what: "widget.js (before the first touch)", files: () => ["/widget.js"], limit: 3 * 1024 },
	...LANGUAGES.map((lang) => ({
		what: `widget.js + panel, ${lang}`, files: () => ["/widget.js", panelPath(lang)], limit: 15 * 1024,
	})),
];
const TYPES = {
	".html": "text/html; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".svg": "image/svg+xml",
	".png": "image/png",
	".ico": "image/x-icon",
	".json": "application/json",
	".txt": "text/plain; charset=utf-8",
	".webmanifest": "application/manifest+json",
};
const CONFIG_TOKEN = '"__SHOPBELL_CONFIG__"';

function panelPath(lang) {
	return `/widget/panel${lang === "en" ? "" : `.${lang}`}.js`;
}

/* A style sheet that a script imports is its text, without blanks. */
const cssAsText = {
	name: "css-as-text",
	setup(builder) {
		builder.onLoad({ filter: /\.css$/ }, async ({ path }) => {
			const { code } = await transform(readFileSync(path, "utf8"), { loader: "css", minify: true, charset: "utf8" });
			return { contents: code.trim().replace(/(--[\w-]+): /g, "$1:"), loader: "text" };
		});
	},
};

/* The panel imports ./texts/en; for another language that name means its file. */
const inLanguage = (lang) => ({
	name: "texts",
	setup(builder) {
		builder.onResolve({ filter: /\/texts\/en$/ }, ({ resolveDir }) => ({ path: join(resolveDir, `texts/${lang}.ts`) }));
	},
});

/* Names of properties that only the panel's own code knows (no browser, no server, nothing stored, not the loader):
 * they get short ones, 280 bytes of gzip less. Only what was measured to help stands here, and nothing that is the name of
 * a frame or one of its fields. */
const OWN_NAMES = /^(meta|link|notice|isFailed|canRate|isAwaiting|agentRead|opensAt|skipSurvey|tellPage|stepBack|on(Data|Link|News|Done|Change|Refused)|toEnd|signature|renew|probe|lines|unsent|element|history|isGood|change|render|dispatch|retry|input|choose|say|deed|questions|button|rate|forget|rest|done|stop|hello|limit|isAll|wipe)$/;

function checkOwnNames() {
	const wire = readFileSync(join(web, "shared/wire.ts"), "utf8");
	for (const [, name] of wire.matchAll(/(\w+)\??:/g)) if (OWN_NAMES.test(name)) throw new Error(`"${name}" is on the wire and cannot be shortened`);
}

const common = {
	bundle: true,
	minify: true,
	format: "iife",
	charset: "utf8",
	target: ["es2022", "safari16.4"],
	legalComments: "none",
	logLevel: "warning",
};

function write(path, contents) {
	const file = join(out, path);
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, contents);
}

/* The widget goes through a second minifier: 4 % less (500 bytes of 16,000, measured with terser 5 on esbuild 0.28's
 * output), which is what the promise of 15 kB needs. */
async function bundle(entry, path, plugins) {
	const { outputFiles } = await build({ ...common, entryPoints: [join(web, entry)], write: false, plugins, mangleProps: OWN_NAMES });
	const { code } = await minify(outputFiles[0].text, { module: true, compress: { passes: 5, pure_getters: true, reduce_funcs: false, unsafe: true, unsafe_arrows: true, unsafe_methods: true, unsafe_comps: true, sequences: false, lhs_constants: false }, ecma: 2020 });
	write(path, code);
}

function filesIn(folder) {
	return readdirSync(folder)
		.sort()
		.flatMap((name) => {
			const path = join(folder, name);
			return statSync(path).isDirectory() ? filesIn(path) : [path];
		});
}

/* The demonstration shop: files that go out as they are, but for blanks in style sheets; pages in every language. */
async function copy(from, to) {
	for (const file of filesIn(join(web, from))) {
		const type = extname(file);
		if (!(type in TYPES) || type === ".js" || type === ".json") continue;
		const text = readFileSync(file);
		const path = join(to, relative(join(web, from), file));
		if (type === ".css") write(path, (await transform(text.toString(), { loader: "css", minify: true })).code);
		else if (type === ".html") for (const [name, html] of demoPages(file, text.toString())) write(join(to, name), html);
		else write(path, text);
	}
	checkTextsUsed();
}

async function buildPages() {
	checkOwnNames();
	await bundle("widget/loader.ts", "widget.js", [cssAsText]);
	for (const lang of LANGUAGES) await bundle("widget/panel.ts", panelPath(lang).slice(1), [cssAsText, inLanguage(lang)]);
	await copy("demo", "demo");
	if (!isVisitorOnly && existsSync(join(web, "console/main.tsx"))) await buildConsole();
}

/* The icon of the tab with a red count on it: a file for each, since a strict CSP allows no drawn data. */
function icons() {
	const icon = readFileSync(join(web, "console/icon.svg"), "utf8");
	write("console/icon.svg", icon.trim());
	for (const count of [1, 2, 3, 4, 5, 6, 7, 8, 9, "more"]) {
		const label = count === "more" ? "9+" : count;
		const badge = `<circle cx="22" cy="22" r="10" fill="#c5221f"/><text x="22" y="27" fill="#fff" font-family="sans-serif" ` +
			`font-size="${count === "more" ? 12 : 15}" font-weight="700" text-anchor="middle">${label}</text>`;
		write(`console/icon-${count}.svg`, icon.trim().replace("</svg>", `${badge}</svg>`));
	}
}

async function buildConsole() {
	await build({
		...common,
		entryPoints: [join(web, "console/main.tsx")],
		outfile: join(out, "console/app.js"),
		jsx: "automatic",
		jsxImportSource: "preact",
	});
	write("console/index.html", readFileSync(join(web, "console/index.html")));
	icons();
}

/* Where a built file is served: an index.html at its folder, the demo's one at "/", other pages without ".html". */
function urlOf(file) {
	const path = `/${relative(out, file)}`;
	if (path === "/demo/index.html") return "/";
	return path.endsWith("/index.html") ? path.slice(0, -"index.html".length) : path.replace(/\.html$/, "");
}

/* With more memory zlib makes larger blocks, which is not always shorter: a panel is a script with style sheets behind it. */
function packed(raw) {
	const tried = [6, 7, 8, 9].map((memLevel) => gzipSync(raw, { level: 9, memLevel }));
	return tried.reduce((best, one) => one.length < best.length ? one : best);
}

function assets() {
	return filesIn(out).map((file) => {
		const raw = readFileSync(file);
		return {
			file,
			path: urlOf(file),
			type: TYPES[extname(file)],
			etag: `\\"${createHash("sha256").update(raw).digest("hex").slice(0, 16)}\\"`,
			raw,
			gzip: packed(raw),
		};
	});
}

/* ELF assembly for x86-64 and aarch64. The table holds addresses, so it lies where the loader may still write when the
 * program is position independent, and is read-only after that. */
function assembly(list) {
	const lines = [
		"/* Made by web/build.mjs: const struct asset shopbell_assets[], const uint64_t shopbell_asset_count. */",
		".section .rodata",
	];
	list.forEach((asset, i) => {
		const packed = join("gzip", `${i}.gz`);
		write(packed, asset.gzip);
		const raw = relative(top, join(target, relative(out, asset.file)));
		lines.push(`.Lpath${i}: .asciz "${asset.path}"`, `.Ltype${i}: .asciz "${asset.type}"`, `.Letag${i}: .asciz "${asset.etag}"`);
		lines.push(`.Lraw${i}: .incbin "${raw}"`, `.Lgzip${i}: .incbin "${relative(top, join(target, packed))}"`);
	});
	lines.push(".balign 8", ".globl shopbell_asset_count", ".type shopbell_asset_count, %object");
	lines.push("shopbell_asset_count: .quad " + list.length, ".size shopbell_asset_count, 8");
	lines.push('.section .data.rel.ro,"aw",%progbits', ".balign 8");
	lines.push(".globl shopbell_assets", ".type shopbell_assets, %object", "shopbell_assets:");
	list.forEach((asset, i) => {
		lines.push(`.quad .Lpath${i}, .Ltype${i}, .Letag${i}, .Lraw${i}, ${asset.raw.length}, .Lgzip${i}, ${asset.gzip.length}`);
	});
	lines.push(".size shopbell_assets, . - shopbell_assets", '.section .note.GNU-stack,"",%progbits', "");
	return lines.join("\n");
}

function checkBudgets(list) {
	const gzipped = new Map(list.map((asset) => [asset.path, asset.gzip.length]));
	let broken = 0;
	for (const { what, files, limit } of BUDGETS) {
		const size = files().reduce((sum, path) => sum + (gzipped.get(path) ?? Infinity), 0);
		console.log(`  ${what}: ${size} of ${limit} bytes gzip${size > limit ? "  OVER THE BUDGET" : ""}`);
		broken += size > limit;
	}
	return broken;
}

function check(list) {
	for (const { path, raw, gzip } of list) console.log(`${String(raw.length).padStart(8)} ${String(gzip.length).padStart(8)}  ${path}`);
	const loader = list.find(({ path }) => path === "/widget.js").raw.toString();
	if (loader.split(CONFIG_TOKEN).length !== 2) throw new Error(`widget.js must hold ${CONFIG_TOKEN} exactly once`);
	if (checkBudgets(list)) throw new Error("the pages are larger than promised");
}

try {
	await buildPages();
	const list = assets();
	check(list);
	write("assets.list", list.map(({ path, type, raw, gzip }) => `${path}\t${type}\t${raw.length}\t${gzip.length}\n`).join(""));
	write("assets.S", assembly(list));
	rmSync(target, { recursive: true, force: true });
	renameSync(out, target);
} catch (error) {
	console.error(`web/build.mjs: ${error.message}`);
	process.exitCode = 1;
} finally {
	rmSync(out, { recursive: true, force: true });
}
