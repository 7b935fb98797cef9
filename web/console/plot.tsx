// SPDX-License-Identifier: Apache-2.0
/* Messages by hour of the day, drawn by uPlot in the colours of the page; the same as a table for those who do not see it. */
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import uPlot from "uplot";
import { useDark } from "./theme";

const HEIGHT_PX = 220;

/* Counts of hours since `from`, as the server has them, put under the hours of the clock. */
export function byClock(from: number, counts: readonly number[]): number[] {
	const hours = new Array<number>(24).fill(0);
	/* A bucket counts for the hour in which its middle lies. */
	const first = new Date(from + 30 * 60 * 1000).getHours();
	counts.forEach((count, i) => {
		const hour = (first + i) % 24;
		hours[hour] = (hours[hour] ?? 0) + count;
	});
	return hours;
}

function colour(name: string): string {
	return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function options(width: number): uPlot.Options {
	const axis = { stroke: colour("--text-2"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false }, font: "12px system-ui, sans-serif" };
	const bars = uPlot.paths.bars?.({ size: [0.7, 28], radius: 0.2 });
	return {
		width,
		height: HEIGHT_PX,
		legend: { show: false },
		cursor: { show: false },
		scales: { x: { time: false, range: [-0.6, 23.6] }, y: { range: (_plot, _low, high) => [0, Math.max(4, Math.ceil(high * 1.1))] } },
		axes: [
			{ ...axis, grid: { show: false }, size: 28, values: (_plot, hours) => hours.map((hour) => `${hour}:00`), incrs: [3, 6], space: 44 },
			{ ...axis, size: 36, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000] },
		],
		series: [{}, { label: "Messages", fill: colour("--accent"), stroke: colour("--accent"), width: 0, points: { show: false }, ...(bars ? { paths: bars } : {}) }],
	};
}

export function HoursPlot({ from, counts }: { from: number; counts: readonly number[] }): JSX.Element {
	const box = useRef<HTMLDivElement>(null);
	const hours = useMemo(() => byClock(from, counts), [from, counts]);
	const isDark = useDark();
	useEffect(() => {
		const element = box.current;
		if (!element) return;
		const plot = new uPlot(options(element.clientWidth), [hours.map((_, hour) => hour), hours], element);
		const observer = new ResizeObserver(() => {
			if (element.clientWidth !== plot.width) plot.setSize({ width: element.clientWidth, height: HEIGHT_PX });
		});
		observer.observe(element);
		return () => {
			observer.disconnect();
			plot.destroy();
		};
	}, [hours, isDark]);
	return (
		<>
			<div ref={box} class="plot" aria-hidden="true" />
			<table class="hidden">
				<caption>Messages by hour</caption>
				<thead><tr><th scope="col">Hour</th><th scope="col">Messages</th></tr></thead>
				<tbody>{hours.map((count, hour) => <tr key={hour}><th scope="row">{hour}:00</th><td>{count}</td></tr>)}</tbody>
			</table>
		</>
	);
}
