// SPDX-License-Identifier: Apache-2.0
import { texts } from "./texts/en";
console.log(texts);
