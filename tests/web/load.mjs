// SPDX-License-Identifier: Apache-2.0
/* The pages' TypeScript modules, for tests under Node: `await load("console/state.ts")`. */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const web = fileURLToPath(new URL("../../web/", import.meta.url));
const { build } = createRequire(web)("esbuild");

/* What the module web/PATH exports, bundled with all that it imports. */
export async function load(path) {
	const { outputFiles } = await build({
		entryPoints: [web + path],
		bundle: true,
		write: false,
		format: "esm",
		platform: "neutral",
		mainFields: ["module", "main"],
		jsx: "automatic",
		jsxImportSource: "preact",
		logLevel: "error",
	});
	return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}
