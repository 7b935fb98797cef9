// SPDX-License-Identifier: Apache-2.0
// Right answers on the same rows: Shopbell, nlp.js, SQLite's full-text search, nearest examples by TF-IDF. Use, from the
// top of the repository:
//
//     node bench/peers/quality.mjs [rounds=9] [full=0] [data=../shared/data] [only=SET] [out=FILE]
//
// Accuracy: the first candidate is right, sure or not. Answered, right, refused: at the threshold that each product has
// by itself (the searches have none). AUROC: how well confidence tells the test rows from the out-of-scope rows. Times
// are medians of one query in process, once all questions have been asked and nlp.js is compiled. What else the machine
// does changes from second to second: so the two are asked in turns, each round the same few hundred questions within
// about a second, the first to ask being the other one each time; the ratio is taken within a round, and the median of
// the rounds is told with the least and the largest.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trained } from './nlp.mjs';
import { progress, readOptions } from './options.mjs';
import { auroc, median, readRows, table } from './rows.mjs';

const options = readOptions({ rounds: 9, full: 0, data: '../shared/data', only: '', out: '' });
const shopbell = process.env.SHOPBELL ?? 'build/shopbell';
const SETS = [
  { name: 'clinc150', test: 'valid', oos: 'oos-valid' },
  { name: 'banking77', test: 'test' },
  { name: 'shop27', test: 'valid' },
];
const TURN_QUESTIONS = 400; // of a round
const SIZES = options.full ? ['', '-10', '-5'] : ['-10', '-5'];

function run(program, args) {
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
  return stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

// nlp.js puts an intent called None first where it is not sure: that is its refusal. What it would have said counts for
// its accuracy all the same.
async function asked(nlp, rows) {
  const times = [];
  const answers = [];
  for (const [text] of rows) {
    const began = process.hrtime.bigint();
    const result = await nlp.process('en', text);
    times.push(Number(process.hrtime.bigint() - began) / 1e3);
    const first = result.classifications?.find(({ intent }) => intent !== 'None');
    answers.push({ intent: first?.intent, score: first?.score ?? 0, isAnswered: result.intent !== 'None' });
  }
  return { answers, time: median(times) };
}

const share = (list, holds) => list.filter(holds).length / list.length;

async function measureNlp(nlp, test, oos) {
  const { answers, time } = await asked(nlp, test);
  const strangers = (await asked(nlp, oos)).answers;
  const isRight = (answer) => answer.intent === test[answers.indexOf(answer)][1];
  const given = answers.filter((answer) => answer.isAnswered);
  return {
    accuracy: share(answers, isRight),
    auroc: auroc(answers.map(({ score }) => score), strangers.map(({ score }) => score)),
    coverage: given.length / answers.length,
    precision: share(given, isRight),
    oos_refused: share(strangers, (answer) => !answer.isAnswered),
    query_us_p50: time,
  };
}

const percent = (value) => (Number.isFinite(value) ? (value * 100).toFixed(1) : '');
const number = (value, digits = 1) => (Number.isFinite(value) ? value.toFixed(digits) : '');
const HEAD = ['', 'accuracy', 'AUROC', 'answered', 'of these right', 'strangers refused', 'us a query', 'learns in s'];
const cells = (name, found) => [
  name,
  percent(found.accuracy),
  percent(found.auroc ?? NaN),
  percent(found.coverage),
  percent(found.precision),
  percent(found.oos_tested === 0 ? NaN : found.oos_refused),
  number(found.query_us_p50),
  number(found.train_ms / 1000, 2),
];

// Microseconds of a query of both, round by round; `askOwn` is given a file of questions.
async function askInTurns(title, test, nlp, askOwn) {
  const folder = mkdtempSync(join(tmpdir(), 'shopbell-quality-'));
  const file = join(folder, 'questions.tsv');
  const turns = [];
  try {
    for (let round = 0; round < options.rounds; round++) {
      progress(`${title}: round ${round + 1} of ${options.rounds}`);
      const from = (round * TURN_QUESTIONS) % Math.max(1, test.length - TURN_QUESTIONS + 1);
      const questions = test.slice(from, from + TURN_QUESTIONS);
      writeFileSync(file, questions.map((row) => `${row.join('\t')}\n`).join(''));
      const turn = {};
      if (round % 2) turn.own = askOwn(file);
      turn.theirs = (await asked(nlp, questions)).time;
      turn.own ??= askOwn(file);
      turns.push(turn);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return turns;
}

async function compare(set, size) {
  const file = (name) => `${options.data}/intents/${set.name}/${name}.tsv`;
  const [trainFile, testFile] = [file(`train${size}`), file(set.test)];
  const [train, test] = [readRows(trainFile), readRows(testFile)];
  const oos = (set.oos && readRows(file(set.oos))) || [];
  const oosFile = oos.length ? file(set.oos) : null;
  const title = `${set.name}, ${size ? `${size.slice(1)} examples an intent` : 'all examples'}`;
  progress(`${title}: nlp.js learns`);
  const began = process.cpuUsage();
  const nlp = await trained(train);
  const { user, system } = process.cpuUsage(began);
  const evaluation = (questions) => ['eval', '--train', trainFile, '--test', questions, '--json'];
  const whole = run(shopbell, [...evaluation(testFile), ...(oosFile ? ['--oos', oosFile] : [])])[0];
  const theirs = await measureNlp(nlp, test, oos);
  const turns = await askInTurns(title, test, nlp, (questions) => run(shopbell, evaluation(questions))[0].query_us_p50);
  const timed = (found, times) => ({ ...found, query_us_p50: median(times) });
  const others = run('build/bench/nearest', [trainFile, testFile, ...(oosFile ? [oosFile] : [])]);
  const named = run(shopbell, ['eval', '--train', trainFile, '--test', testFile, '--json', '--names', ...(oosFile ? ['--oos', oosFile] : [])])[0];
  const ratios = turns.map(({ theirs, own }) => theirs / own);
  const rows = [
    cells('Shopbell', timed(whole, turns.map(({ own }) => own))),
    ...(size ? [cells('Shopbell, the intent\'s name as one example more', named)] : []),
    cells('nlp.js', { ...timed(theirs, turns.map((turn) => turn.theirs)), train_ms: (user + system) / 1000 }),
    ...others.map((found) => cells(found.method, found)),
  ];
  const head = [`${title} (${test.length} questions)`, ...HEAD.slice(1)];
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)].map((ratio) => number(ratio));
  return `${table(head, rows)}\nA query is ${number(median(ratios))} times faster than nlp.js's (${least} to ${most} in ${ratios.length} rounds; target: 10 times).`;
}

const parts = [];
for (const size of SIZES)
  for (const set of SETS.filter(({ name }) => !options.only || name === options.only)) parts.push(await compare(set, size));
progress('');
const text = parts.join('\n\n');
console.log(text);
if (options.out) writeFileSync(options.out, `${text}\n`);
process.exit(0); // nlp.js leaves timers behind
