// SPDX-License-Identifier: Apache-2.0
/* How the visitor sounded, message by message: a line over and under the middle, with the upset ones marked by a shape
 * of their own. Its words are there for those who do not see it. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { EventFrame } from "../shared/wire";
import { moodPoints, type MoodPoint } from "./rows";
import { isolated, toneWord } from "./words";

const WIDTH = 220;
const HEIGHT = 30;
const PAD = 5;
const POINTS_MAX = 40;
/* Frustration from here on is marked. */
const MARK_FROM = 0.5;

function describe(points: MoodPoint[]): string {
	const first = points[0]!;
	const last = points.at(-1)!;
	const worst = points.reduce((low, point) => (point.score < low.score ? point : low), first);
	const course = points.length === 1 ? `Mood of the one message: ${toneWord(first.score)}.`
		: `Mood over ${points.length} messages: began ${toneWord(first.score)}, now ${toneWord(last.score)}.`;
	return worst.score < -0.15 ? `${course} Lowest at “${isolated(worst.text.slice(0, 80))}”.` : course;
}

export function MoodLine({ events, episode }: { events: readonly EventFrame[]; episode: number }): JSX.Element | null {
	const points = useMemo(() => moodPoints(events, episode).slice(-POINTS_MAX), [events, episode]);
	if (!points.length) return null;
	const x = (i: number): number => points.length === 1 ? WIDTH / 2 : PAD + (i * (WIDTH - 2 * PAD)) / (points.length - 1);
	const y = (score: number): number => HEIGHT / 2 - Math.max(-1, Math.min(1, score)) * (HEIGHT / 2 - PAD);
	return (
		<svg class="mood-line" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={describe(points)}>
			<path class="middle" d={`M0 ${HEIGHT / 2}H${WIDTH}`} />
			<polyline points={points.map((point, i) => `${x(i).toFixed(1)},${y(point.score).toFixed(1)}`).join(" ")} />
			{points.map((point, i) => {
				const [cx, cy] = [x(i), y(point.score)];
				const title = <title>{`“${isolated(point.text.slice(0, 80))}” – ${toneWord(point.score)}`}</title>;
				return point.frustration >= MARK_FROM
					? <path key={point.seq} class="mark" d={`M${cx} ${cy - 4.5}l4.5 4.5-4.5 4.5-4.5-4.5z`}>{title}</path>
					: <circle key={point.seq} cx={cx} cy={cy} r="2.4">{title}</circle>;
			})}
		</svg>
	);
}
