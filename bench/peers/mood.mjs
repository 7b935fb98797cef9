// SPDX-License-Identifier: Apache-2.0
// Mood on the same rows: Shopbell, and two analysers from npm. Use, from the top of the repository:
//
//     node bench/peers/mood.mjs [rounds=3] [data=../shared/data] [out=FILE]
//
// The two know polarity only: "upset" is a score at or below a line. Three lines are tried for each: the one of its
// documentation; the loosest that raises no more false alarms than the rates allowed to Shopbell (1 % of plain shop
// questions, 5 % of banking questions); and the loosest that raises no more than Shopbell did here. Lines are chosen on
// the counted rows themselves, in favour of the two. Time: each row alone, the best of `rounds`, the median over rows.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import Sentiment from 'sentiment';
import vader from 'vader-sentiment';
import { progress, readOptions } from './options.mjs';
import { median, readRows, table } from './rows.mjs';

const options = readOptions({ rounds: 3, data: '../shared/data', out: '' });
const SWEARING = /^(fuck|fucking|shit|damn|goddamn|thisgoddamn|bloody|freaking|crap|hell|fucken|fuckin|goddam)$/i;
const isPlain = ([text, intent]) => intent !== 'complaint' && !text.split(' ').some((word) => SWEARING.test(word));

const read = (name) => {
  const rows = readRows(`${options.data}/${name}.tsv`);
  if (rows) return rows;
  console.error(`${name} is not there`);
  process.exit(2);
};
const data = {
  shop: read('intents/shop27/train').filter(isPlain),
  bank: read('intents/banking77/train'),
  airline: read('sentiment/airline-dev'),
  probe: read('sentiment/support-probe-dev'),
  tweets: read('sentiment/tweets-dev'),
  amazon: read('sentiment/amazon-dev'),
};

const sentiment = new Sentiment();
const PEERS = [
  { name: 'vader-sentiment 1.1.3', score: (text) => vader.SentimentIntensityAnalyzer.polarity_scores(text).compound, line: -0.05 },
  { name: 'sentiment 5.0.2', score: (text) => sentiment.analyze(text).comparative, line: -Number.EPSILON },
];

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

const rated = (scores, set) => pearson(scores[set], data[set].map(([, rating]) => Number(rating))).toFixed(3);
const each = (measure) => Object.fromEntries(Object.entries(data).map(([set, rows]) => [set, rows.map(([text]) => measure(text))]));

// One line of the table from what is upset, the scores, and the time.
function line(name, upset, scores, microseconds) {
  const count = (set, holds = () => true) => upset[set].filter((is, i) => is && holds(data[set][i])).length;
  const isNegative = ([, label]) => label === 'negative';
  const found = count('airline', isNegative);
  const percent = (part, whole) => ((part * 100) / (whole || 1)).toFixed(1);
  return [
    name,
    `${count('shop')} of ${data.shop.length}`,
    `${count('bank')} of ${data.bank.length}`,
    percent(found, data.airline.filter(isNegative).length),
    percent(found, count('airline')),
    `${count('probe', isNegative)} of ${data.probe.filter(isNegative).length}`,
    `${count('probe', (row) => !isNegative(row))} of ${data.probe.filter((row) => !isNegative(row)).length}`,
    rated(scores, 'tweets'),
    rated(scores, 'amazon'),
    microseconds,
  ];
}

function ownLine() {
  progress('shopbell');
  const sets = Object.keys(data);
  const input = sets.flatMap((set) => data[set].map(([text]) => text)).join('\n');
  const run = spawnSync(process.env.SHOPBELL ?? 'build/shopbell', ['mood', '--json'], { input: `${input}\n`, encoding: 'utf8', maxBuffer: 1 << 28 });
  const moods = run.stdout.split('\n').filter(Boolean).map((text) => JSON.parse(text));
  const [upset, scores] = [{}, {}];
  for (const set of sets) {
    const part = moods.splice(0, data[set].length);
    upset[set] = part.map((mood) => mood.upset);
    scores[set] = part.map((mood) => mood.score);
  }
  const bench = spawnSync('build/bench/mood', [options.data], { encoding: 'utf8' }).stdout;
  const time = bench.match(/airline-dev.*\n.*median ([\d.]+) us/)?.[1] ?? '';
  return { upset, cells: line('Shopbell, as shipped', upset, scores, time) };
}

function timeOf(score) {
  const best = data.airline.map(() => Infinity);
  for (let i = 0; i < options.rounds; i++)
    data.airline.forEach(([text], at) => {
      const began = process.hrtime.bigint();
      score(text);
      best[at] = Math.min(best[at], Number(process.hrtime.bigint() - began) / 1e3);
    });
  return median(best).toFixed(2);
}

function peerLines({ name, score, line: documented }, allowed) {
  progress(name);
  const scores = each(score);
  const time = timeOf(score);
  const alarms = (set, at) => scores[set].filter((value) => value <= at).length;
  const lines = [...new Set(Object.values(scores).flat())].filter((value) => value < 0).sort((a, b) => b - a);
  const loosest = ({ shop, bank }) => lines.find((at) => alarms('shop', at) <= shop && alarms('bank', at) <= bank) ?? -Infinity;
  const tried = [
    ['as documented', documented],
    ['at the rates allowed', loosest({ shop: data.shop.length * 0.01, bank: data.bank.length * 0.05 })],
    ['at Shopbell\'s false alarms', loosest(allowed)],
  ];
  return tried.map(([how, at]) => {
    const upset = Object.fromEntries(Object.entries(scores).map(([set, values]) => [set, values.map((value) => value <= at)]));
    return line(`${name}, ${how}`, upset, scores, time);
  });
}

const own = ownLine();
const allowed = { shop: own.upset.shop.filter(Boolean).length, bank: own.upset.bank.filter(Boolean).length };
const head = ['', 'alarms, shop', 'alarms, bank', 'recall', 'precision', 'angry found', 'calm alarmed', 'r tweets', 'r amazon', 'us'];
const text = [
  'False alarms: plain questions taken for upset. Recall, precision (percent), us: angry airline customers. Angry, calm: the probe.',
  '',
  table(head, [own.cells, ...PEERS.flatMap((peer) => peerLines(peer, allowed))]),
].join('\n');
progress('');
console.log(text);
if (options.out) writeFileSync(options.out, `${text}\n`);
