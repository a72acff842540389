// SPDX-License-Identifier: Apache-2.0
// How long until independent: nine learn a procedure from one department, a head looks at the
// curve and at its table; of a department with one apprentice nothing is told.
import { DESK, PHONE, person, whole } from './lib/browser.mjs';
import { check, step } from './lib/report.mjs';

const BELAY = 'https://belay.health/CodeSystem';
const DAY = 86_400_000;
const BEGUN = Date.now() - 300 * DAY; // before the last quarter that has ended, with room for its cases
const day = (n) => new Date(BEGUN + n * DAY).toISOString().slice(0, 10);
const concept = (system, code) => ({ coding: [{ system: `${BELAY}/${system}`, code }] });
const refer = (reference) => ({ reference });

async function put(node, token, space, body) {
  const answer = await fetch(`${node.address}/${space}/${body.resourceType}/${body.id}`, {
    method: 'PUT', body: JSON.stringify(body), headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/fhir+json' },
  });
  check(answer.ok, `${body.resourceType}/${body.id}: ${answer.status} ${answer.ok ? '' : await answer.text()}`);
}

function operation(id, at) {
  return {
    resourceType: 'Procedure', id: `${id}-${at}`, status: 'completed', code: concept('procedure', 'hernia-repair'), subject: { display: 'No patient is named' },
    performedDateTime: day(at), performer: [{ function: concept('operation-function', 'operator'), actor: refer(`Practitioner/${id}`) }],
  };
}

/** Somebody who learns in the department iv-learns from ${teaching}; ${signed}: after so many of ${cases}, 0 not. */
async function learner(node, token, id, { teaching, cases, signed }) {
  const at = { organization: refer('Organization/iv-learns'), active: true };
  const records = [
    { resourceType: 'Practitioner', id, active: true, name: [{ text: id }] },
    { resourceType: 'PractitionerRole', id, practitioner: refer(`Practitioner/${id}`), code: [concept('role', 'clinician')], ...at },
    ...Array.from({ length: cases }, (_, n) => operation(id, n)),
  ];
  const bundle = { resourceType: 'Bundle', type: 'transaction', entry: records.map((resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } })) };
  const answer = await fetch(`${node.address}/fhir`, { method: 'POST', body: JSON.stringify(bundle), headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/fhir+json' } });
  check(answer.ok, `${id}: ${answer.status}`);
  await put(node, token, 'programme', {
    resourceType: 'Apprenticeship', id, status: 'active', apprentice: refer(`Practitioner/${id}`), master: refer('Practitioner/iv-head'), period: { start: day(0) },
    learningDepartment: refer('Organization/iv-learns'), teachingDepartment: refer(`Organization/${teaching}`), goal: [{ procedure: concept('procedure', 'hernia-repair'), targetLevel: 5 }],
  });
  if (!signed) return;
  const when = `${day(signed - 1)}T12:00:00Z`;
  await put(node, token, 'programme', {
    resourceType: 'SignOff', id, status: 'signed', person: refer(`Practitioner/${id}`), procedure: concept('procedure', 'hernia-repair'), organization: refer('Organization/iv-county'),
    department: refer('Organization/iv-learns'), proposed: { who: refer('Practitioner/iv-head'), when }, listed: when, rules: '1', condition: [{ name: 'volume', answer: 'met' }], signed: when,
  });
}

async function prepare(node, token) {
  const unit = (id, name, partOf) => ({ resourceType: 'Organization', id, name, active: true, ...(partOf ? { partOf: refer(`Organization/${partOf}`) } : { address: [{ country: 'CN' }] }) });
  for (const one of [unit('iv-county', 'Valley Hospital'), unit('iv-learns', 'Surgery, Valley Hospital', 'iv-county'), unit('iv-city', 'Plain Hospital'), unit('iv-teaches', 'Surgery, Plain Hospital', 'iv-city'), unit('iv-small', 'Emergency, Plain Hospital', 'iv-city')]) {
    await put(node, token, 'fhir', one);
  }
  await put(node, token, 'fhir', { resourceType: 'Practitioner', id: 'iv-head', active: true, name: [{ text: 'Dolkar Lhamo' }] });
  await put(node, token, 'fhir', { resourceType: 'PractitionerRole', id: 'iv-head', active: true, practitioner: refer('Practitioner/iv-head'), organization: refer('Organization/iv-learns'), code: [concept('role', 'head-of-department')] });
  const nine = [[8, 8], [10, 10], [10, 10], [14, 14], [14, 14], [16, 0], [16, 0], [16, 0], [16, 0]];
  for (const [at, [cases, signed]] of nine.entries()) await learner(node, token, `iv-${at}`, { teaching: 'iv-teaches', cases, signed });
  await learner(node, token, 'iv-alone', { teaching: 'iv-small', cases: 3, signed: 0 });
}

async function enter({ page }, node) {
  await page.goto(`${node.address}/#/token`);
  await page.getByLabel('Token').fill(node.token('head of independence', 'clinician', '--practitioner', 'iv-head'));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
}

export async function independence(node, browser) {
  const desk = await person(browser, node.address, DESK);
  await step('independence: a head sees after how many cases, on how many it rests, and the rule', async () => {
    const { page } = desk;
    await prepare(node, node.token('Operator independence', 'program'));
    await enter(desk, node);
    await page.getByRole('link', { name: 'Learning' }).first().click();
    await page.getByRole('link', { name: 'Independence' }).click();
    await page.getByRole('heading', { name: 'How long until independent', level: 1 }).waitFor();
    const card = page.getByRole('article', { name: /Surgery, Plain Hospital/ });
    await card.getByText('Half were independent after 15 cases.').waitFor();
    await card.getByText('9 people.').waitFor();
    await card.getByRole('img', { name: /not independent yet/ }).waitFor();
    await page.getByText('The rule in words').click();
    await whole(page, 'desk-independence');
    await card.getByRole('button', { name: 'Table' }).click();
    check(await card.getByRole('row').count() === 3, 'two steps are expected, and a head');
    await card.getByRole('cell', { name: '67%' }).waitFor();
  });
  await step('independence: of fewer than five nothing is told', async () => {
    const card = desk.page.getByRole('article', { name: /Emergency, Plain Hospital/ });
    await card.getByText('Fewer than five people: nothing more is told.').waitFor();
    check(!/\d/.test(await card.innerText()), await card.innerText());
  });
  await step('independence: on a phone, by days', async () => {
    const phone = await person(browser, node.address, PHONE);
    await enter(phone, node);
    await phone.page.goto(`${node.address}/#/independence?clock=days`);
    await phone.page.getByText('Half were independent after 30 days.').waitFor();
    await whole(phone.page, 'phone-independence');
    check(phone.complaints.length === 0, phone.complaints.join('\n'));
    await phone.context.close();
  });
  check(desk.complaints.length === 0, desk.complaints.join('\n'));
  await desk.context.close();
}
