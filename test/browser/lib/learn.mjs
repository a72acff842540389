// SPDX-License-Identifier: Apache-2.0
// What the parts about courses share: who is asked over HTTP, who enters, days.
import { accessible, fits, person, picture } from './browser.mjs';
import { check } from './report.mjs';

const DAY = 86_400_000;
export const AT_HOME = 'Organization/demo-nagqu-emergency';
export const PEMA = 'Practitioner/demo-pema-yangchen';
export const ZHANG = 'Practitioner/demo-zhang-jing';

export function daysAgo(count) {
  return new Date(Date.now() - count * DAY).toISOString().slice(0, 10);
}

/** Asks ${node} with a token of ${who}; of a program where that is no Practitioner. */
export function asker(node, name, who) {
  const token = who ? node.token(name, 'clinician', '--practitioner', who.replace('Practitioner/', '')) : node.token(name, 'program');
  return async (method, path, body) => {
    const answer = await fetch(`${node.address}/${path}`, {
      method, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/fhir+json' }, body: body ? JSON.stringify(body) : undefined,
    });
    const json = await answer.json();
    check(answer.ok, `${method} ${path}: ${answer.status} ${JSON.stringify(json)}`);
    return json;
  };
}

export const parameters = (...parameter) => ({ resourceType: 'Parameters', ...(parameter.length > 0 ? { parameter } : {}) });
export const who = (name, reference) => ({ name, valueReference: { reference } });
export const text = (name, value) => ({ name, valueString: value });
export const day = (name, value) => ({ name, valueDate: value });
export const code = (name, value) => ({ name, valueCode: value });

/** A new head of the department at ${unit}. */
export async function newHead(program, id, name, unit) {
  await program('PUT', `fhir/Practitioner/${id}`, { resourceType: 'Practitioner', id, active: true, name: [{ text: name }] });
  await program('PUT', `fhir/PractitionerRole/${id}`, {
    resourceType: 'PractitionerRole', id, active: true, practitioner: { reference: `Practitioner/${id}` }, organization: { reference: unit },
    code: [{ coding: [{ system: 'https://belay.health/CodeSystem/role', code: 'head-of-department' }] }],
  });
}

/** ${who} at a screen of ${shape}, on the page Today. */
export async function enters(node, browser, shape, who, role = 'clinician') {
  const found = await person(browser, node.address, shape);
  const { page } = found;
  await page.goto(`${node.address}/#/token`);
  await page.getByLabel('Token').fill(node.token(`${who} ${shape.viewport.width} ${Math.random()}`, role, '--practitioner', who.replace('Practitioner/', '')));
  await page.getByRole('button', { name: 'Sign in' }).click();
  return found;
}

export async function look(page, name) {
  await fits(page);
  await accessible(page);
  await picture(page, name);
}
