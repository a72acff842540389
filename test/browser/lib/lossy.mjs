// SPDX-License-Identifier: Apache-2.0
// A link that loses answers: it carries everything to the node and back, and where it is
// told to, cuts the line after the node has answered and before anybody hears it.
import { createServer, request } from 'node:http';

/** ${loses}: says of each request whether its answer is lost; ${holds}: what it waits for on the way, if anything. */
export function lossyLink(target, loses, holds = () => null) {
  const { hostname, port } = new URL(target);
  const server = createServer(async (incoming, outgoing) => {
    const lost = loses(incoming);
    await holds(incoming);
    const onward = request({ hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers }, (answer) => {
      if (lost) {
        answer.resume();
        answer.on('end', () => outgoing.socket.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({ address: `http://127.0.0.1:${server.address().port}`, close: () => { server.closeAllConnections(); server.close(); } });
    });
  });
}
