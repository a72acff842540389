// SPDX-License-Identifier: Apache-2.0
// People who sign in as people do: with a password, and a one-time code where it is asked.
import { createHmac } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { must } from './node.mjs';
import { equal, status } from './scenario.mjs';

export const PASSWORD = 'four yaks cross the pass';
const ROLES = 'https://belay.health/CodeSystem/role';

/** The one-time code of ${secret} (base32) at ${time}: RFC 6238, written out again here. */
export function codeOf(secret, time = Date.now()) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => Number.parseInt(b, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(time / 30_000)));
  const hash = createHmac('sha1', key).update(step).digest();
  return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** One person's browser. */
export class Person {
  cookie = '';
  page = '';

  constructor(node, name = '') {
    this.node = node;
    this.name = name;
  }

  headers(more = {}) {
    return {
      ...(this.cookie ? { Cookie: `belay=${this.cookie}` } : {}), ...(this.page ? { 'X-Belay-Page': this.page } : {}), ...more,
    };
  }

  /** ${body}: an object, or a text that goes as it is. */
  async ask(method, path, body, more = {}) {
    const type = path.startsWith('/session') ? 'application/json' : 'application/fhir+json';
    const answer = await fetch(this.node.url + path, {
      method, body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
      headers: this.headers({ ...(body === undefined ? {} : { 'Content-Type': type }), ...more }),
    });
    const text = await answer.text();
    const set = answer.headers.get('set-cookie');
    const json = text && /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : undefined;
    if (set !== null) {
      this.cookie = /^[^=]*=([^;]*)/.exec(set)[1];
      this.page = json?.page ?? this.page;
    }
    return { status: answer.status, json, text, headers: answer.headers };
  }

  get(path, more) { return this.ask('GET', path, undefined, more); }
  post(path, body, more) { return this.ask('POST', path, body, more); }
  put(path, body, more) { return this.ask('PUT', path, body, more); }
  patch(path, body, more) { return this.ask('PATCH', path, body, more); }
  delete(path, more) { return this.ask('DELETE', path, undefined, more); }

  /** The same as a transaction or batch of entries. */
  bundle(type, entry) { return this.post('/fhir', { resourceType: 'Bundle', type, entry }); }

  /** "Type/id" of all entries, sorted. */
  async found(path) {
    const { json } = status(await this.get(path), 200);
    return (json.entry ?? []).map(({ resource }) => `${resource.resourceType}/${resource.id}`).sort();
  }

  async total(path) { return status(await this.get(path), 200).json.total; }

  async signIn(name, password) {
    this.name = name;
    status(await this.post('/session', { name, password }), 200);
    return this;
  }

  /** Use a link: choose a password, and enrol a second factor where one is asked. */
  async enrol(ticket) {
    const { json } = status(await this.post('/session', { ticket, password: PASSWORD }), 200);
    if (json.next !== 'enrolment') return this;
    const { secret } = (await this.post('/session/enrolment', {})).json;
    this.recovery = status(await this.put('/session/enrolment', { code: codeOf(secret) }), 200).json.recovery;
    return this;
  }
}

/** The people of `belay demo --accounts`, signed in, by role. */
export async function demoPeople(node) {
  const people = {};
  for (const line of must('demo', node.folder, '--accounts', '--small').trim().split('\n')) {
    const [, role, name, secret] = /^(\S+)\s+(.*?)\s+(\S+)$/.exec(line);
    const person = new Person(node, name);
    people[role] = secret.startsWith('/#/enrol/')
      ? await person.enrol(secret.slice('/#/enrol/'.length)) : await person.signIn(name, secret);
  }
  return people;
}

/** An account for Practitioner/${id}, by the command, and its owner signed in. */
export async function account(node, id, name) {
  const { status: code, stdout, stderr } = spawnSync(process.env.BELAY, ['user', 'add', node.folder, name, '--practitioner', id], { encoding: 'utf8' });
  equal([code, stderr], [0, ''], `belay user add ${name}`);
  return new Person(node, name).enrol(/\/#\/enrol\/(\S+)/.exec(stdout)[1]);
}

/** A new Practitioner with one post, made by the operator, and signed in. ${unit}: an
 *  Organization's id, or undefined: everywhere. */
export async function newPerson(node, { id, role, unit, period }) {
  status(await node.put(`/fhir/Practitioner/${id}`, { resourceType: 'Practitioner', id, active: true, name: [{ text: id }] }), 201);
  status(await node.put(`/fhir/PractitionerRole/${id}`, {
    resourceType: 'PractitionerRole', id, active: true, practitioner: { reference: `Practitioner/${id}` },
    ...(unit ? { organization: { reference: `Organization/${unit}` } } : {}), ...(period ? { period } : {}),
    code: [{ coding: [{ system: ROLES, code: role }] }],
  }), 201);
  return account(node, id, id);
}
