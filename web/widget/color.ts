// SPDX-License-Identifier: Apache-2.0
/* Colours that can be read, whatever the owner chose: the formulas of WCAG 2.2 (relative luminance, contrast ratio). */
import type { Rgb } from "./host";

export function luminance([r, g, b]: Rgb): number {
	const linear = (value: number): number => {
		const share = value / 255;
		return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	};
	return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

export function contrast(one: Rgb, other: Rgb): number {
	const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
	return (high + 0.05) / (low + 0.05);
}

/* Black or white, whichever is read better on `ground`: never less than 4.58 to 1. */
export function textOn(ground: Rgb): Rgb {
	return contrast(ground, [255, 255, 255]) >= contrast(ground, [0, 0, 0]) ? [255, 255, 255] : [0, 0, 0];
}

/* `color`, mixed with as little black (on a light ground) or white (on a dark one) as gives `ratio` on `ground`. */
export function readable(color: Rgb, ground: Rgb, ratio: number): Rgb {
	const end = textOn(ground);
	for (let share = 0; share < 1; share += 0.05) {
		const mixed = color.map((value, i) => Math.round(value + (end[i]! - value) * share)) as Rgb;
		if (contrast(mixed, ground) >= ratio) return mixed;
	}
	return end;
}

export function css([r, g, b]: Rgb): string {
	return `rgb(${r},${g},${b})`;
}
