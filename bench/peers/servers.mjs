// SPDX-License-Identifier: Apache-2.0
// Starts the servers that are compared, each on a free port of its own, and stops them again.
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { readRows } from './rows.mjs';

const STOP_MS = 5000;
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

// The shop of the comparison: each intent of the rows is a topic with its examples as wordings, as an owner would write
// them. Limits stand where one machine may act as ten thousand visitors.
export function writeShop(folder, rowsPath) {
  const examples = new Map();
  const seen = new Set();
  for (const [text, intent] of readRows(rowsPath)) {
    const wording = text.trim().replace(/^[-+*#>\s]+/, '');
    if (seen.has(wording.toLowerCase())) continue;
    seen.add(wording.toLowerCase());
    examples.set(intent, [...(examples.get(intent) ?? []), wording]);
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(`${folder}/intents`, { recursive: true });
  writeFileSync(
    `${folder}/intents/shop.ini`,
    '[shop]\nname = Compared\ngreeting = Hello, I am a bot.\n\n' +
      '[limits]\nmessages per minute = 10000\nconnections per address = 100000\n',
  );
  const topics = [...examples].map(
    ([intent, wordings]) =>
      `## ${intent.replaceAll('_', ' ')} {#${intent.replaceAll('_', '-')}}\n` +
      `${wordings.map((wording) => `- ${wording}\n`).join('')}\nThe answer to ${intent.replaceAll('_', ' ')}.\n`,
  );
  writeFileSync(`${folder}/intents/topics.md`, topics.join('\n'));
}

export class Server {
  static async start(command, args) {
    const server = new Server();
    server.child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(server.child);
    server.ended = new Promise((resolve) => server.child.on('exit', resolve));
    let said = '';
    let complaints = '';
    server.child.stderr.on('data', (data) => (complaints = (complaints + data).slice(-2000)));
    server.port = await new Promise((resolve, reject) => {
      server.child.stdout.on('data', (data) => {
        said += data;
        const port = said.match(/listening (?:on http:\/\/[\d.]+:)?(\d+)\n/);
        if (port) resolve(Number(port[1]));
      });
      server.ended.then(() => reject(new Error(`${command} ${args.join(' ')} does not start: ${complaints}`)));
      server.child.on('error', reject);
    });
    return server;
  }

  get pid() {
    return this.child.pid;
  }

  async stop() {
    this.child.kill('SIGTERM');
    const patience = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
    await this.ended;
    clearTimeout(patience);
    running.delete(this.child);
  }
}
