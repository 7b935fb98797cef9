// SPDX-License-Identifier: Apache-2.0
// The same measures as bench/mood.c for two analysers from npm, on the same rows. Use:
//     npm ci --prefix bench/peers && node bench/peers/mood.mjs DATA_FOLDER
// Each is measured twice: as its documentation says, and at the loosest line that raises no more false alarms than we
// allow ourselves (1 % of the plain shop questions, 5 % of the banking questions).
import { existsSync, readFileSync } from 'node:fs';
import Sentiment from 'sentiment';
import vader from 'vader-sentiment';

const folder = process.argv[2];
if (!folder) {
  console.error('usage: node mood.mjs DATA_FOLDER');
  process.exit(2);
}
const sentiment = new Sentiment();
const peers = [
  {
    name: 'vader-sentiment 1.1.3',
    read: (text) => vader.SentimentIntensityAnalyzer.polarity_scores(text).compound,
    line: -0.05,
  },
  { name: 'sentiment 5.0.2', read: (text) => sentiment.analyze(text).comparative, line: -1e-9 },
];
const SWEARING = /^(fuck|fucking|shit|damn|goddamn|thisgoddamn|bloody|freaking|crap|hell|fucken|fuckin|goddam)$/i;

function rows(name) {
  const path = `${folder}/${name}`;
  if (!existsSync(path)) {
    console.log(`${name}: not there`);
    process.exit(0);
  }
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.includes('\t'))
    .map((line) => line.split('\t'));
}

const plain = ([text, intent]) => intent !== 'complaint' && !text.split(' ').some((word) => SWEARING.test(word));
const shop = rows('intents/shop27/train.tsv').filter(plain);
const bank = rows('intents/banking77/train.tsv');
const airline = rows('sentiment/airline-dev.tsv');
const rated = ['sentiment/tweets-dev.tsv', 'sentiment/amazon-dev.tsv'].map((name) => [name, rows(name)]);

const share = (scores, line) => scores.filter((score) => score <= line).length / scores.length;

function pearson(xs, ys) {
  const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
  const [mx, my] = [mean(xs), mean(ys)];
  let [xy, xx, yy] = [0, 0, 0];
  xs.forEach((x, i) => {
    xy += (x - mx) * (ys[i] - my);
    xx += (x - mx) ** 2;
    yy += (ys[i] - my) ** 2;
  });
  return xy / Math.sqrt(xx * yy);
}

function report(name, how, line, scores) {
  const flagged = airline.filter((_, i) => scores.airline[i] <= line);
  const found = flagged.filter(([, label]) => label === 'negative').length;
  const negatives = airline.filter(([, label]) => label === 'negative').length;
  console.log(
    `${name}, ${how}: false alarms shop ${share(scores.shop, line).toFixed(4)}, bank ${share(scores.bank, line).toFixed(4)}; ` +
      `airline recall ${(found / negatives).toFixed(4)}, precision ${(found / (flagged.length || 1)).toFixed(4)}`,
  );
}

for (const { name, read, line } of peers) {
  const start = process.hrtime.bigint();
  const scores = { airline: airline.map(([text]) => read(text)) };
  const microseconds = Number(process.hrtime.bigint() - start) / 1e3 / airline.length;
  scores.shop = shop.map(([text]) => read(text));
  scores.bank = bank.map(([text]) => read(text));
  report(name, 'as documented', line, scores);
  const lines = [...new Set(scores.airline)].sort((a, b) => b - a);
  const loosest = lines.find((value) => share(scores.shop, value) <= 0.01 && share(scores.bank, value) <= 0.05);
  if (loosest !== undefined) report(name, `at our false alarms (line ${loosest})`, loosest, scores);
  for (const [file, list] of rated) {
    const r = pearson(list.map(([text]) => read(text)), list.map(([, rating]) => Number(rating)));
    console.log(`${name}: ${file} Pearson r ${r.toFixed(4)}`);
  }
  console.log(`${name}: ${microseconds.toFixed(1)} us a message on average (airline rows, first pass)`);
}
