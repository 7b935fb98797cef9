// SPDX-License-Identifier: Apache-2.0
// Makes valence.tsv out of the word list inside the npm package vader-sentiment, once; the result is committed, so that
// a build needs neither Node nor a network. Use:
//     npm pack vader-sentiment@1.1.3 && tar xzf vader-sentiment-1.1.3.tgz
//     node make-valence.mjs package/vader_lexicon.txt > valence.tsv
// What is kept of a line: the word in lower case and the mean rating. The deviation and the ten single ratings are not
// used. Where a list holds a word in two cases the first one stands.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const pinned = 'ffb6117bfccf798a34e91d72f50604329946e6fd763668092618d5c5b340a298';

const [file] = process.argv.slice(2);
if (!file) {
  console.error('usage: node make-valence.mjs vader_lexicon.txt > valence.tsv');
  process.exit(2);
}
const bytes = readFileSync(file);
const found = createHash('sha256').update(bytes).digest('hex');
if (found !== pinned) {
  console.error(`${file}: not the word list of vader-sentiment 1.1.3 (SHA-256 is ${found})`);
  process.exit(1);
}
const words = new Map();
for (const line of bytes.toString('utf8').split(/\r?\n/)) {
  const [word, mean] = line.split('\t');
  if (mean === undefined || word.includes(' ')) continue;
  const folded = word.toLowerCase();
  if (!words.has(folded)) words.set(folded, Number(mean));
}
// Order of bytes: the same file on every machine.
const rows = [...words].map(([word, mean]) => Buffer.from(`${word}\t${mean}\n`));
process.stdout.write(Buffer.concat(rows.sort(Buffer.compare)));
