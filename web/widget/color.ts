// SPDX-License-Identifier: Apache-2.0
/* Colours that can be read, whatever the owner chose: the formulas of WCAG 2.2 (relative luminance, contrast ratio). */

export type Rgb = number[];

export function luminance(color: Rgb): number {
	const [r = 0, g = 0, b = 0] = color.map((value) => {
		const share = value / 255;
		return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(one: Rgb, other: Rgb): number {
	const a = luminance(one) + 0.05;
	const b = luminance(other) + 0.05;
	return a > b ? a / b : b / a;
}

/* Black or white, whichever is read better on `ground`: never less than 4.58 to 1. */
export function textOn(ground: Rgb): Rgb {
	const end = contrast(ground, [0, 0, 0]) > contrast(ground, [255, 255, 255]) ? 0 : 255;
	return [end, end, end];
}

/* `color`, mixed with as little black (on a light ground) or white (on a dark one) as gives `ratio` on `ground`. */
export function readable(color: Rgb, ground: Rgb, ratio: number): Rgb {
	const [end = 0] = textOn(ground);
	let mixed = color;
	for (let share = 0; share <= 1 && contrast(mixed, ground) < ratio; share += 0.05) {
		mixed = color.map((value) => Math.round(value + (end - value) * share));
	}
	return mixed;
}
