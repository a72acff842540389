// SPDX-License-Identifier: Apache-2.0
// Bare connections, for what a well-behaved client never does.
import { connect } from 'node:net';

/** An open connection whose received text grows in .text; never throws. */
export function open(port) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const link = { socket, text: '', closed: false };
    socket.on('data', (data) => { link.text += data.toString('latin1'); });
    socket.on('close', () => { link.closed = true; });
    socket.on('error', () => { link.closed = true; reject(new Error('no connection')); });
    socket.on('connect', () => resolve(link));
  });
}

/** Send ${chunks} as fast as they are taken; stops when the other end closes. */
export async function pour(link, chunks) {
  for (const chunk of chunks) {
    if (link.closed) return;
    if (!link.socket.write(chunk)) {
      await new Promise((resolve) => {
        const done = () => {
          link.socket.off('drain', done);
          link.socket.off('close', done);
          resolve();
        };
        link.socket.on('drain', done);
        link.socket.on('close', done);
      });
    }
  }
}

/** The status in what was received, 0 if none has come. */
export function statusOf(link) {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(link.text)?.[1] ?? 0);
}

/** Say ${text} from the address ${from}; all that is answered until the other end closes.
 *  Where it stays open ${enough} says of the text so far that it is all that was expected, and
 *  a moment more is listened. How long an answer takes decides nothing. */
export function talk(port, text, from = '127.0.0.1', enough = () => false) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from });
    const said = { text: '', closed: false };
    let late;
    const end = () => {
      clearTimeout(late);
      socket.destroy();
      resolve(said);
    };
    const wait = () => {
      clearTimeout(late);
      late = setTimeout(end, enough(said.text) ? 300 : 30_000);
    };
    socket.on('connect', () => { socket.write(text); wait(); });
    socket.on('data', (data) => { said.text += data.toString('latin1'); wait(); });
    for (const event of ['close', 'error', 'end']) {
      socket.on(event, () => { said.closed = true; end(); });
    }
  });
}
