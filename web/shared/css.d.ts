// SPDX-License-Identifier: Apache-2.0
/* A style sheet that is imported is its text, made small by the build. */
declare module "*.css" {
	const text: string;
	export default text;
}
