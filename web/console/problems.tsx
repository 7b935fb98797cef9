// SPDX-License-Identifier: Apache-2.0
/* A problem of the owner's files, with its place. */
import type { JSX } from "preact";
import type { Problem } from "../shared/wire";
import { Icon } from "./icons";

/* The caret stands under the column; tabs of the source stay tabs, so that it stands right in any font. */
function caret({ source, column }: Problem): string {
	return column < 1 ? "" : `${[...source].slice(0, column - 1).map((sign) => (sign === "\t" ? "\t" : " ")).join("")}^`;
}

export function ProblemView({ problem }: { problem: Problem }): JSX.Element {
	return (
		<li class={`problem-card ${problem.severity}`}>
			<p>
				<Icon name={problem.severity === "error" ? "warn" : "info"} />
				<span><code>{problem.file}:{problem.line}:{problem.column}</code> <b>{problem.severity}:</b> {problem.what}</span>
			</p>
			{problem.source && <pre tabIndex={0} aria-label="The line of the file">{problem.source}{"\n"}<i>{caret(problem)}</i></pre>}
			{problem.hint && <p class="hint">{problem.hint}</p>}
		</li>
	);
}
