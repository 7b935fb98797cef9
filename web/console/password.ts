// SPDX-License-Identifier: Apache-2.0
/* What a new password must be. Length is what counts; the server has the last word. */
export const PASSWORD_MIN = 8;

export interface Rule { rule: string; isKept: boolean }

export function rulesOf(name: string, password: string, again?: string): Rule[] {
	const plain = name.trim().toLowerCase();
	const rules = [
		{ rule: `At least ${PASSWORD_MIN} characters`, isKept: [...password].length >= PASSWORD_MIN },
		{ rule: "Not your name", isKept: password !== "" && (!plain || password.toLowerCase() !== plain) },
	];
	if (again !== undefined) rules.push({ rule: "Typed the same twice", isKept: password !== "" && password === again });
	return rules;
}
