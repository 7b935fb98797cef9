// SPDX-License-Identifier: Apache-2.0
// Shopbell and its peers in one interleaved run. Use, from the top of the repository:
//
//     node bench/peers/server.mjs [rounds=5] [seconds=3] [idle=10000] [rate=2000] [data=../shared/data] [out=FILE]
//
// A round starts every server anew, in an order that moves on by one each round. Then each thing is asked of one server
// right after the other, while the others wait and cost nothing, so that whatever else the machine did at that time hurts
// both sides of a ratio; what a server does is measured by build/bench/client and read from its own /proc entry. Ratios
// are taken within a round and then their median over the rounds.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { progress, readOptions } from './options.mjs';
import { median, table } from './rows.mjs';
import { Server, writeShop } from './servers.mjs';

const options = readOptions({ rounds: 5, seconds: 3, idle: 10000, rate: 2000, data: '../shared/data', out: '' });
const train = `${options.data}/intents/shop27/train-10.tsv`;
const asked = `${options.data}/intents/shop27/train.tsv`;
const shop = 'build/bench/compared-shop';
const shopbell = process.env.SHOPBELL ?? 'build/shopbell';

// ---- The servers, and what each is asked to do ----

// The measures of a round, in their order. Idle connections come first, on a fresh process.
const MEASURES = ['idle', 'echo', 'echo at rate', 'refusal', 'warm', 'answers', 'answers at rate', 'http warm', 'http', 'http at rate'];

// What a server can be asked: arguments of the client by measure.
const echoes = (dialect) => ({
  idle: { dialect, idle: options.idle },
  echo: { dialect },
  'echo at rate': { dialect, rate: options.rate },
});
const SERVERS = {
  'bare libwebsockets': { start: () => Server.start('build/bench/echo_lws', []), measures: echoes('echo') },
  'node ws': { start: () => Server.start('node', ['bench/peers/echo-ws.mjs']), measures: echoes('echo') },
  'socket.io': { start: () => Server.start('node', ['bench/peers/echo-socketio.mjs']), measures: echoes('socketio') },
  'node bot': {
    start: () => Server.start('node', ['bench/peers/bot.mjs', train]),
    measures: {
      warm: { dialect: 'bot', texts: asked, seconds: 2 },
      answers: { dialect: 'bot', texts: asked },
      'answers at rate': { dialect: 'bot', texts: asked, rate: options.rate },
      'http warm': { dialect: 'ask', texts: asked, seconds: 2 },
      http: { dialect: 'ask', texts: asked },
      'http at rate': { dialect: 'ask', texts: asked, rate: options.rate },
    },
  },
  shopbell: {
    start: () => {
      writeShop(shop, train);
      return Server.start(shopbell, ['serve', '--intents', `${shop}/intents`, '--data', `${shop}/data`, '--listen', '127.0.0.1:0']);
    },
    measures: {
      ...echoes('shopbell-echo'),
      refusal: { dialect: 'shopbell-refusal' },
      answers: { dialect: 'shopbell', texts: asked },
      'answers at rate': { dialect: 'shopbell', texts: asked, rate: options.rate },
      http: { dialect: 'ask', texts: asked },
      'http at rate': { dialect: 'ask', texts: asked, rate: options.rate },
    },
  },
};

// figures[server][measure] = one object a round
const figures = {};
const troubles = [];

function measure(name, server, what, wanted) {
  const settings = { seconds: options.seconds, ...wanted, port: server.port, pid: server.pid };
  const run = spawnSync('build/bench/client', Object.entries(settings).map(([key, value]) => `${key}=${value}`), { encoding: 'utf8' });
  let figure = {};
  try {
    figure = JSON.parse(run.stdout);
  } catch {
    /* said below */
  }
  if (run.status !== 0)
    troubles.push(`${name}, ${what}: ${run.stderr.trim() || run.signal || `${figure.unanswered} unanswered`}`);
  ((figures[name] ??= {})[what] ??= []).push(figure);
}

const OFFERED = 10000;
function measureStore() {
  const run = spawnSync('build/bench/store', [String(options.seconds)], { encoding: 'utf8' });
  const rows = run.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  const of = (mode, offered) => rows.find((row) => row.mode === mode && row.offered === offered) ?? {};
  const keep = (name, figure) => ((figures.store ??= {})[name] ??= []).push(figure);
  for (const mode of ['single', 'group', 'group+wait']) keep(mode, of(mode, OFFERED));
  for (const mode of ['single', 'group']) keep(`${mode} unbounded`, of(mode, 0));
}

async function round(number) {
  const names = Object.keys(SERVERS);
  const order = names.map((_, i) => names[(i + number) % names.length]);
  const running = {};
  for (const name of order) running[name] = await SERVERS[name].start();
  for (const what of MEASURES) {
    progress(`round ${number + 1} of ${options.rounds}: ${what}`);
    for (const name of order)
      if (SERVERS[name].measures[what]) measure(name, running[name], what, SERVERS[name].measures[what]);
  }
  for (const name of order) await running[name].stop();
  progress(`round ${number + 1} of ${options.rounds}: durable writes`);
  measureStore();
}

// ---- What came out ----

const values = (name, what, field) => (figures[name]?.[what] ?? []).map((figure) => figure[field]);
const middle = (name, what, field) => median(values(name, what, field));
const ratio = (top, below) => {
  const over = values(...below);
  return median(values(...top).map((value, i) => value / over[i]));
};
const count = (value) => (Number.isFinite(value) ? Math.round(value).toLocaleString('en') : '-');

function serverTable() {
  const rows = Object.keys(SERVERS).map((name) => [
    name,
    count(middle(name, 'echo', 'per_cpu_s')),
    count(middle(name, 'idle', 'per_cpu_s')),
    count(middle(name, 'echo at rate', 'p50_us')),
    count(middle(name, 'idle', 'idle_bytes')),
    count(middle(name, 'idle', 'setup_per_cpu_s')),
    count(middle(name, 'idle', 'greeted_per_cpu_s')),
    count(middle(name, 'answers', 'per_cpu_s')),
    count(middle(name, 'http', 'per_cpu_s')),
    count(middle(name, 'answers at rate', 'p50_us')),
    count(middle(name, 'http at rate', 'p50_us')),
  ]);
  const head = ['', 'echo', `with ${options.idle} idle`, 'p50 us', 'bytes idle', 'set-up', 'greeted', 'answers', 'by HTTP', 'p50 us', 'HTTP p50 us'];
  return table(head, rows);
}

// On a disk that flushes so quickly that one transaction each does more than a tenth of what is offered, ten times that is
// not offered at all: then what counts is that all of it was written, and the ratio without a bound.
function isOutOfReach() {
  return middle('store', 'single', 'turns_s') * 10 > OFFERED && middle('store', 'group', 'turns_s') > OFFERED * 0.98;
}

function storeText() {
  const of = (what, field) => count(middle('store', what, field));
  return [
    `Durable turns: of ${count(OFFERED)} a second that were offered ${of('group', 'turns_s')} were written in groups and ${of('single', 'turns_s')} in a`,
    `transaction each; as many as go, ${of('group unbounded', 'turns_s')} (500 waiting at any time) and ${of('single unbounded', 'turns_s')}. A turn takes`,
    `${of('group', 'cpu_us')} us of processor time in groups and ${of('single', 'cpu_us')} by itself.`,
    ...(isOutOfReach() ? ['Ten times one transaction each is more than was offered here, all of which was written.'] : []),
  ];
}

// name, value, target; `most`: the target is an upper bound.
function promises() {
  const own = 'shopbell';
  const cpu = 'per_cpu_s';
  const p50 = (what) => ratio([own, what, 'p50_us'], ['node bot', what, 'p50_us']);
  return [
    ['echo / bare libwebsockets', ratio([own, 'echo', cpu], ['bare libwebsockets', 'echo', cpu]), 0.8],
    ['echo / node ws', ratio([own, 'echo', cpu], ['node ws', 'echo', cpu]), 2],
    ['a refused frame / node ws echo', ratio([own, 'refusal', cpu], ['node ws', 'echo', cpu]), null],
    ['echo / socket.io', ratio([own, 'echo', cpu], ['socket.io', 'echo', cpu]), 4],
    ['answers without history / node bot, both by HTTP', ratio([own, 'http', cpu], ['node bot', 'http', cpu]), 10],
    ['answers without history by HTTP / node bot by WebSocket', ratio([own, 'http', cpu], ['node bot', 'answers', cpu]), null],
    ['answers with durable history / node bot without', ratio([own, 'answers', cpu], ['node bot', 'answers', cpu]), 5],
    [`p50 at ${options.rate}/s without history / node bot, both by HTTP`, p50('http at rate'), 0.2, 'most'],
    [`p50 at ${options.rate}/s on the disk / node bot without history`, p50('answers at rate'), null, 'most'],
    [`p50 of the echo at ${options.rate}/s / node bot's answer`, ratio([own, 'echo at rate', 'p50_us'], ['node bot', 'answers at rate', 'p50_us']), 0.2, 'most'],
    [`p50 of the echo at ${options.rate}/s / bare libwebsockets`, ratio([own, 'echo at rate', 'p50_us'], ['bare libwebsockets', 'echo at rate', 'p50_us']), 1.5, 'most'],
    [`bytes an idle connection of ${options.idle}`, middle(own, 'idle', 'idle_bytes'), 2500, 'most'],
    ['bytes an idle connection / node ws', ratio([own, 'idle', 'idle_bytes'], ['node ws', 'idle', 'idle_bytes']), 0.4, 'most'],
    ['bytes an idle connection / socket.io', ratio([own, 'idle', 'idle_bytes'], ['socket.io', 'idle', 'idle_bytes']), 0.16, 'most'],
    ['bytes an idle connection / bare libwebsockets', ratio([own, 'idle', 'idle_bytes'], ['bare libwebsockets', 'idle', 'idle_bytes']), 1.3, 'most'],
    ['set-up / bare libwebsockets', ratio([own, 'idle', 'setup_per_cpu_s'], ['bare libwebsockets', 'idle', 'setup_per_cpu_s']), 0.7],
    ['set-up / node ws', ratio([own, 'idle', 'setup_per_cpu_s'], ['node ws', 'idle', 'setup_per_cpu_s']), 3],
    ['set-up with hello and welcome / node ws without', ratio([own, 'idle', 'greeted_per_cpu_s'], ['node ws', 'idle', 'setup_per_cpu_s']), null],
    [`echo beside ${options.idle} idle / echo`, ratio([own, 'idle', cpu], [own, 'echo', cpu]), 0.7],
    ['durable turns at 10,000/s: grouped / one transaction each', ratio(['store', 'group', 'turns_s'], ['store', 'single', 'turns_s']), isOutOfReach() ? null : 10],
    ['durable turns, as many as go: grouped / one transaction each', ratio(['store', 'group unbounded', 'turns_s'], ['store', 'single unbounded', 'turns_s']), 10],
    ['processor time of a turn: one transaction each / grouped at 10,000/s', ratio(['store', 'single', 'cpu_us'], ['store', 'group', 'cpu_us']), null],
  ];
}

function promiseTable() {
  const shown = (value) => (!Number.isFinite(value) ? '-' : value >= 100 ? count(value) : value.toPrecision(3));
  const rows = promises().map(([name, value, target, bound]) => {
    if (target === null) return [name, shown(value), '', ''];
    const isMet = bound === 'most' ? value <= target : value >= target;
    return [name, shown(value), `${bound === 'most' ? '<=' : '>='} ${target}`, isMet ? 'met' : 'NOT MET'];
  });
  return table(['median of the rounds', 'measured', 'target', ''], rows);
}

mkdirSync('build/bench', { recursive: true });
for (let i = 0; i < options.rounds; i++) await round(i);
progress('');
const text = [
  `${options.rounds} rounds of ${options.seconds} s, ${cpus().length} cores (${cpus()[0].model.trim()}), node ${process.version}`,
  '',
  'Per second of the server\'s processor time, but for p50 (microseconds) and bytes; 64 connections ask, one question',
  'each at a time. Shopbell\'s answers are on the disk before they are sent; the node bot keeps nothing.',
  '',
  serverTable(),
  '',
  promiseTable(),
  '',
  ...storeText(),
  ...(troubles.length ? ['', 'Not everything went well:', ...new Set(troubles)] : []),
].join('\n');
console.log(text);
if (options.out) writeFileSync(options.out, `${text}\n`);
writeFileSync('build/bench/server-peers.json', JSON.stringify({ options, figures, troubles }, null, 1));
process.exit(troubles.length ? 1 : 0);
