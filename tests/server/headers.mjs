// SPDX-License-Identifier: Apache-2.0
/* The headers that protect, which every answer has. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { root } from "./server.mjs";

/* The headers that protect, in their one form. */
export function assertProtected(headers, remark, { target = "/api/", isTls = false } = {}) {
	const policy = headers["content-security-policy"] ?? "";
	assert.match(policy, /default-src 'none'/, remark);
	assert.match(policy, target.startsWith("/console/") || target.startsWith("/api/") ? /frame-ancestors 'none'/ : /frame-ancestors '(none|self)'/, remark);
	assert.doesNotMatch(policy, /unsafe|\*|http:|https:/, remark);
	assert.equal(headers["x-content-type-options"], "nosniff", remark);
	assert.match(headers["referrer-policy"] ?? "", target.startsWith("/api/") ? /^no-referrer$/ : /^(no-referrer|strict-origin-when-cross-origin)$/, remark);
	assert.equal(headers["strict-transport-security"] !== undefined, isTls, remark);
	if (headers["access-control-allow-origin"] !== undefined) assert.match(target, /^\/widget/, remark);
	else assert.equal(headers["cross-origin-resource-policy"], "same-origin", remark);
	assert.equal(headers["access-control-allow-credentials"], undefined, remark);
	assert.equal(headers["x-powered-by"] ?? headers.server, undefined, remark);
	if (target.startsWith("/api/")) assert.equal(headers["cache-control"], "no-store", remark);
}

/* The headers of an answer to a handshake. */
export function headersOf(head) {
	return Object.fromEntries(head.split("\r\n").slice(1).map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]));
}

/* Every status that the program's sources give. */
export function statusesOf(isMeant) {
	const found = new Set(), folder = path.join(root, "engine/server");
	for (const name of fs.readdirSync(folder).filter((each) => each.endsWith(".c") && isMeant(each)))
		for (const match of fs.readFileSync(path.join(folder, name), "utf8").matchAll(/answer_\w+\(request, (\d{3})\b|->status = (?:is_\w+ \? )?(\d{3})|[{"] ?(\d{3})(?:,| [A-Z])/g))
			found.add(Number(match[1] ?? match[2] ?? match[3]));
	return found;
}
