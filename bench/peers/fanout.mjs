// SPDX-License-Identifier: Apache-2.0
// One thing told to everybody: an agent goes away and comes back, and each time all visitors on the pages hear of it. Beside
// it the echo of the same server in the same round. Use, from the top of the repository:
//
//     node bench/peers/fanout.mjs [rounds=5] [seconds=3] [receivers=1000] [data=../shared/data] [out=FILE]
//
// Counted is what arrived, by the server's processor time.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import WebSocket from 'ws';
import { progress, readOptions } from './options.mjs';
import { median, table } from './rows.mjs';
import { Server, writeShop } from './servers.mjs';

const options = readOptions({ rounds: 5, seconds: 3, receivers: 1000, data: '../shared/data', out: '' });
const shop = 'build/bench/fanout-shop';
const shopbell = process.env.SHOPBELL ?? 'build/shopbell';
const TICKS_A_SECOND = 100; // of /proc, on every Linux
const LEAST_RATIO = 0.8;
const password = 'a password for the bench';

function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}

async function open(url, hello, headers = {}) {
  const socket = new WebSocket(url, { headers, perMessageDeflate: false });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.send(JSON.stringify(hello));
  await new Promise((resolve) => socket.once('message', resolve));
  return socket;
}

async function signIn(port) {
  const origin = `http://127.0.0.1:${port}`;
  const answer = await fetch(`${origin}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'anna', password }),
  });
  if (!answer.ok) throw new Error(`sign-in: ${answer.status}`);
  const cookie = answer.headers.get('set-cookie').split(';')[0];
  return open(`ws://127.0.0.1:${port}/ws/agent`, { type: 'hello' }, { cookie, origin });
}

// Deliveries by second of processor time: the next change is made when all have heard of the one before.
async function fanOut(server) {
  const agent = await signIn(server.port);
  let heard = 0;
  let wanted = 0;
  let done = () => {};
  for (let i = 0; i < options.receivers; i++) {
    const socket = await open(`ws://127.0.0.1:${server.port}/ws/visitor`, { type: 'hello' });
    socket.on('message', (data) => {
      if (data.includes('"presence"') && ++heard === wanted) done();
    });
  }
  const change = (status) =>
    new Promise((resolve) => {
      wanted = heard + options.receivers;
      done = resolve;
      agent.send(JSON.stringify({ type: 'presence', status }));
    });
  await change('away');
  await change('available');
  const [cpu, before, until] = [cpuSeconds(server.pid), heard, Date.now() + options.seconds * 1000];
  while (Date.now() < until) {
    await change('away');
    await change('available');
  }
  return (heard - before) / (cpuSeconds(server.pid) - cpu);
}

function echo(server) {
  const wanted = { dialect: 'shopbell-echo', seconds: options.seconds, port: server.port, pid: server.pid };
  const run = spawnSync('build/bench/client', Object.entries(wanted).map(([key, value]) => `${key}=${value}`), { encoding: 'utf8' });
  return JSON.parse(run.stdout).per_cpu_s;
}

async function round() {
  writeShop(shop, `${options.data}/intents/shop27/train-10.tsv`);
  const folders = ['--data', `${shop}/data`];
  const server = await Server.start(shopbell, ['serve', '--intents', `${shop}/intents`, ...folders, '--listen', '127.0.0.1:0']);
  spawnSync(shopbell, ['agent', 'add', 'anna', '--password-stdin', ...folders], { input: `${password}\n` });
  const figure = { echo: echo(server), told: await fanOut(server) };
  await server.stop();
  return figure;
}

const figures = [];
for (let number = 0; number < options.rounds; number++) {
  progress(`round ${number + 1} of ${options.rounds}`);
  figures.push(await round());
}
const count = (value) => Math.round(value).toLocaleString('en');
const ratio = median(figures.map(({ told, echo }) => told / echo));
const text =
  `${options.rounds} rounds of ${options.seconds} s, ${options.receivers} visitors who hear that an agent comes and goes; by second of the\n` +
  `server's processor time\n\n` +
  table(
    ['', 'median of the rounds'],
    [
      ['heard', count(median(figures.map(({ told }) => told)))],
      ['echo', count(median(figures.map(({ echo }) => echo)))],
      ['heard / echo', ratio.toFixed(2)],
      ['target', `>= ${LEAST_RATIO}${ratio >= LEAST_RATIO ? ' met' : ' NOT MET'}`],
    ],
  );
progress('');
console.log(text);
if (options.out) writeFileSync(options.out, `${text}\n`);
process.exit(0);
