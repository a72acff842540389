// SPDX-License-Identifier: Apache-2.0
// Who is told: a real mail server and a receiver of webhooks, each on a free port here.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Skip } from './scenario.mjs';

/** smtp-server with TLS by ${certificate}, sign-in by ${user} and ${password}. */
export class MailServer {
  letters = [];
  refuse = null; // { code, text } for whoever letters are to

  async start({ certificate, key }, user, password) {
    const { SMTPServer } = await import('smtp-server').catch((error) => { throw new Skip(`there is no smtp-server here (${error.code})`); });
    this.server = new SMTPServer({
      cert: readFileSync(certificate), key: readFileSync(key), authMethods: ['PLAIN', 'LOGIN'],
      onAuth: (auth, session, done) => (auth.username === user && auth.password === password && session.secure
        ? done(null, { user }) : done(new Error('wrong'))),
      onRcptTo: (address, session, done) => done(this.refuse ? Object.assign(new Error(this.refuse.text), { responseCode: this.refuse.code }) : null),
      onData: (stream, session, done) => {
        let text = '';
        stream.on('data', (data) => { text += data; });
        stream.on('end', () => {
          this.letters.push({ from: session.envelope.mailFrom.address, to: session.envelope.rcptTo.map((one) => one.address), secure: session.secure, text });
          done();
        });
      },
    });
    this.server.on('error', () => undefined); // a client that goes away
    await new Promise((resolve) => { this.server.listen(0, '127.0.0.1', resolve); });
    this.port = this.server.server.address().port;
  }

  /** The text of a letter, decoded. */
  static body({ text }) { return Buffer.from(text.slice(text.indexOf('\r\n\r\n')), 'base64').toString('utf8'); }

  static subject({ text }) {
    const header = /^Subject: ((?:.*\r\n )*.*)\r\n/m.exec(text)[1];
    return [...header.matchAll(/=\?utf-8\?B\?([^?]*)\?=/g)].map((word) => Buffer.from(word[1], 'base64').toString('utf8')).join('');
  }

  async stop() { await new Promise((resolve) => { if (this.server) this.server.close(resolve); else resolve(); }); }
}

export class HookReceiver {
  calls = [];
  answers = []; // statuses for the next calls; then 200

  async start() {
    this.server = createServer((rq, answer) => {
      let text = '';
      rq.on('data', (data) => { text += data; });
      rq.on('end', () => {
        const status = this.answers.shift() ?? 200;
        this.calls.push({ path: rq.url, headers: rq.headers, text, status });
        answer.writeHead(status).end('thank you');
      });
    });
    await new Promise((resolve) => { this.server.listen(0, '127.0.0.1', resolve); });
    this.url = `http://127.0.0.1:${this.server.address().port}`;
  }

  at(path) { return this.calls.filter((call) => call.path === path); }

  stop() { this.server?.close(); }
}
