// SPDX-License-Identifier: Apache-2.0
// What a developer would put together instead: express, ws and nlp.js. It keeps no history. Use: bot.mjs TRAIN.tsv
import express from 'express';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { trained } from './nlp.mjs';
import { readRows } from './rows.mjs';

const rows = readRows(process.argv[2]);
const nlp = await trained(rows, (intent) => `The answer to ${intent}.`);

async function reply(text) {
  const { intent, score, answer } = await nlp.process('en', text);
  return { type: 'reply', intent, score, text: answer || 'Sorry, I did not understand that.' };
}

const app = express();
app.disable('x-powered-by');
app.post('/api/v1/ask', express.json(), async (request, response) => response.json(await reply(request.body.text)));
const http = createServer(app);
const sockets = new WebSocketServer({ server: http, path: '/ws', perMessageDeflate: false });
sockets.on('connection', (socket) => {
  socket.on('error', () => {});
  socket.on('message', async (data) => socket.send(JSON.stringify(await reply(JSON.parse(data).text))));
});
http.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => console.log(`listening ${http.address().port}`));
