// SPDX-License-Identifier: Apache-2.0
/* Nothing of this is built: it lets the compiler check that every language says everything. */
import * as de from "./de";
import * as en from "./en";
import * as es from "./es";
import * as fr from "./fr";

type Texts = { [name in keyof typeof en]: string };
export const all: Record<string, Texts> = { de, en, es, fr };
