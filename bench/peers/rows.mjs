// SPDX-License-Identifier: Apache-2.0
// What the comparisons share: rows of data files, medians, the columns of a table.
import { existsSync, readFileSync } from 'node:fs';

// [text, label, ...] a line; null when there is no such file.
export function readRows(path) {
  if (!existsSync(path)) return null;
  return readFileSync(path, 'utf8')
    .split(/\r?\n/)
    .filter((line) => line.includes('\t'))
    .map((line) => line.split('\t'));
}

export function median(values) {
  const sorted = values.filter((value) => Number.isFinite(value)).sort((a, b) => a - b);
  if (!sorted.length) return NaN;
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// Rows of texts under a head, each column as wide as it must be; the first stands left, the others right.
export function table(head, rows) {
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => String(row[i] ?? '').length)));
  const line = (cells) =>
    cells.map((cell, i) => (i ? String(cell ?? '').padStart(widths[i]) : String(cell).padEnd(widths[i]))).join('  ').trimEnd();
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}

// The chance that a score of the first list lies above one of the second, ties counted half.
export function auroc(inside, outside) {
  if (!outside.length) return NaN;
  const all = [...inside.map((s) => [s, 1]), ...outside.map((s) => [s, 0])].sort((a, b) => a[0] - b[0]);
  let sum = 0;
  for (let i = 0; i < all.length; ) {
    let j = i;
    while (j < all.length && all[j][0] === all[i][0]) j++;
    for (let k = i; k < j; k++) if (all[k][1]) sum += (i + j + 1) / 2;
    i = j;
  }
  return (sum - (inside.length * (inside.length + 1)) / 2) / (inside.length * outside.length);
}
