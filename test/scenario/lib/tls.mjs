// SPDX-License-Identifier: Apache-2.0
// Certificates of our own, and a client that trusts nothing else.
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { Skip } from './scenario.mjs';

/** A new certificate for 127.0.0.1 with its key in ${folder}; leaves the scenario where
 *  there is no openssl to make it. */
export function makeCertificate(folder, name, days = 30) {
  const certificate = join(folder, `${name}.pem`);
  const key = join(folder, `${name}.key`);
  const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
    '-keyout', key, '-out', certificate, '-days', String(days), '-subj', `/CN=${name}`,
    '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'], { encoding: 'utf8' });
  if (made.error) throw new Skip('there is no openssl to make a certificate');
  if (made.status !== 0) throw new Error(`openssl: ${made.stderr}`);
  chmodSync(key, 0o600);
  return { certificate, key };
}

/** One request; the whole answer, or its beginning as long as it is open with
 *  ${options.stream}. */
export function ask(port, ca, path, { method = 'GET', headers = {}, body, agent, stream = false, onSocket } = {}) {
  return new Promise((resolve, reject) => {
    const sent = request({
      host: '127.0.0.1', port, path, method, headers, agent, ca: readFileSync(ca),
    }, (answer) => {
      const found = { status: answer.statusCode, headers: answer.headers, text: '', ended: false, stop: () => sent.destroy() };
      answer.setEncoding('utf8');
      answer.on('data', (data) => { found.text += data; });
      answer.on('error', () => { found.ended = true; });
      answer.on('end', () => {
        found.ended = true;
        if (!stream) resolve(found);
      });
      if (stream) resolve(found);
    });
    sent.on('error', reject);
    if (onSocket) sent.on('socket', onSocket);
    sent.end(body);
  });
}

/** Shake hands with these options: { protocol, cipher, subject } or { error }. */
export function shakeHands(port, ca, options = {}) {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, ca: readFileSync(ca), ...options }, () => {
      // with TLS 1.3 a refusal may come after what the client takes for the end
      resolve({
        protocol: socket.getProtocol(), cipher: socket.getCipher().name, subject: socket.getPeerCertificate().subject?.CN, socket,
      });
    });
    socket.on('error', (error) => resolve({ error: error.code ?? error.message }));
  });
}
