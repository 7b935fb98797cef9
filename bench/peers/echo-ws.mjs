// SPDX-License-Identifier: Apache-2.0
// A bare echo on npm's `ws`, as its documentation shows it; compression off, as everywhere in this comparison.
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, backlog: 4096, perMessageDeflate: false });
server.on('connection', (socket) => {
  socket.on('error', () => {});
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
});
server.on('listening', () => console.log(`listening ${server.address().port}`));
