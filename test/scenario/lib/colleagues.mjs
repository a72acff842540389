// SPDX-License-Identifier: Apache-2.0
// People of a scenario: Practitioners with posts, each with a token that names them.
import { must } from './node.mjs';
import { Failure, equal, status } from './scenario.mjs';

const ROLES = 'https://belay.health/CodeSystem/role';

/** Somebody with a token of their own. */
export class Colleague {
  constructor(node, id, token) {
    Object.assign(this, { node, id, token });
  }

  headers(more = {}) { return { Authorization: `Bearer ${this.token}`, ...more }; }

  ask(method, path, body, headers = {}) {
    return this.node.ask(method, path, body, this.headers(headers));
  }

  get(path) { return this.ask('GET', path); }
  post(path, body) { return this.ask('POST', path, body); }
  put(path, body) { return this.ask('PUT', path, body); }

  /** May they read it? What is not theirs is not there. */
  async sees(path) {
    const answer = await this.get(path);
    if (![200, 404].includes(answer.status)) throw new Failure(`${path}: ${answer.status} ${answer.text.slice(0, 300)}`);
    return answer.status === 200;
  }

  async ids(path) {
    const { json } = status(await this.get(path), 200);
    return (json.entry ?? []).map(({ resource }) => resource.id).sort();
  }
}

/** The events that ${who} hears, who has headers(), until stop(). */
export async function listen(node, who) {
  const stop = new AbortController();
  const response = await fetch(`${node.url}/events`, {
    headers: who.headers({ Accept: 'text/event-stream' }), signal: stop.signal,
  });
  equal(response.status, 200, 'status of the stream');
  const stream = { told: [], stop: () => stop.abort() };
  (async () => {
    let rest = '';
    try {
      for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
        const blocks = (rest + part).split('\n\n');
        rest = blocks.pop();
        for (const block of blocks) {
          const data = /^data: (.*)$/m.exec(block);
          if (data) stream.told.push(JSON.parse(data[1]));
        }
      }
    } catch { /* ended */ }
  })();
  return stream;
}

/** A new person with a post at ${unit}, an id of an Organization. */
export async function colleague(node, id, role, unit) {
  status(await node.put(`/fhir/Practitioner/${id}`, { resourceType: 'Practitioner', id, active: true, name: [{ text: id }] }), 201);
  status(await node.put(`/fhir/PractitionerRole/role-${id}`, {
    resourceType: 'PractitionerRole', id: `role-${id}`, active: true, practitioner: { reference: `Practitioner/${id}` },
    organization: { reference: `Organization/${unit}` }, code: [{ coding: [{ system: ROLES, code: role }] }],
  }), 201);
  return person(node, id, role);
}

/** Somebody who is there. */
export function person(node, id, role) {
  return new Colleague(node, id, must('token', node.folder, id, '--role', role, '--practitioner', id).trim());
}
