// SPDX-License-Identifier: Apache-2.0
// A bare echo on socket.io over its WebSocket transport.
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer();
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false });
io.on('connection', (socket) => socket.on('m', (message) => socket.emit('m', message)));
http.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => console.log(`listening ${http.address().port}`));
