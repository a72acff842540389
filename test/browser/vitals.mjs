// SPDX-License-Identifier: Apache-2.0
// Vital signs of a case over time: a doctor at 4,300 m measures, sees NEWS2 and beside it
// what the altitude means before saving, and the lines afterwards; the expert sees the same.
// Of a child the page says why there is no score.
import { readFileSync } from 'node:fs';
import { DESK, PHONE, address as addressHas, enterByInvitation, person, picture, whole } from './lib/browser.mjs';
import { check, exactly, none, reads, step } from './lib/report.mjs';

const ROLE = 'https://belay.health/CodeSystem/role';
const PEOPLE = {
  doctor: ['Ren Qing', 'clinician', 'demo-damxung'],
  expert: ['Luo Sang', 'clinician', 'demo-beijing'],
};
const CASE = 'demo-case-13'; // a stroke, asked by Damxung
const CHILD = 'demo-case-05';

async function send(node, entry) {
  const answer = await fetch(`${node.address}/fhir`, {
    method: 'POST', headers: { Authorization: `Bearer ${node.token('Loader of vital signs', 'program')}`, 'Content-Type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }),
  });
  check(answer.ok, `storing: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
}

function put(resource) {
  return { resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } };
}

function quantity(code, value, unit) {
  return { code: { coding: [{ system: 'http://loinc.org', code }] }, valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code: unit } };
}

/** Eight sets, an hour apart, of somebody who gets better. */
function sets(patient) {
  return Array.from({ length: 8 }, (_, n) => {
    const at = new Date(Date.now() - (8 - n) * 3_600_000).toISOString();
    const common = {
      resourceType: 'Observation', status: 'final', subject: { reference: patient }, basedOn: [{ reference: `ServiceRequest/${CASE}` }], effectiveDateTime: at,
    };
    const signs = [
      quantity('9279-1', 28 - n, '/min'), quantity('2708-6', 78 + n, '%'), quantity('3151-8', 0, 'L/min'), quantity('8867-4', 124 - 4 * n, '/min'),
      quantity('8310-5', 38.6 - n / 5, 'Cel'),
      { code: { coding: [{ system: 'http://loinc.org', code: '85354-9' }] }, component: [quantity('8480-6', 168 - 5 * n, 'mm[Hg]'), quantity('8462-4', 102 - 3 * n, 'mm[Hg]')] },
      {
        code: { coding: [{ system: 'http://loinc.org', code: '80288-4' }] },
        valueCodeableConcept: { coding: [{ system: 'https://belay.health/CodeSystem/consciousness', code: n < 2 ? 'voice' : 'alert' }] },
      },
    ];
    return signs.map((sign, at) => put({ ...common, id: `trend-${n}-${at}`, ...sign }));
  }).flat();
}

async function store(node) {
  const token = node.token('Reader of vital signs', 'program');
  const answer = await fetch(`${node.address}/fhir/ServiceRequest/${CASE}`, { headers: { Authorization: `Bearer ${token}` } });
  const { subject } = await answer.json();
  const people = Object.entries(PEOPLE).flatMap(([id, [name, role, unit]]) => [
    put({ resourceType: 'Practitioner', id: `vitals-${id}`, active: true, name: [{ text: name }] }),
    put({
      resourceType: 'PractitionerRole', id: `vitals-${id}`, active: true, practitioner: { reference: `Practitioner/vitals-${id}` },
      organization: { reference: `Organization/${unit}` }, code: [{ coding: [{ system: ROLE, code: role }] }],
    }),
  ]);
  await send(node, [...people, ...sets(subject.reference)]);
}

/** Sign in by the link of a new account. */

const enter = ({ page }, node, id) => enterByInvitation(page, node, PEOPLE[id][0], `Practitioner/vitals-${id}`);

const total = (page) => page.locator('.score-total strong').first();

async function measures(doctor, node) {
  const { page } = doctor;
  await step('vitals: the newest set with its score, the altitude apart from it', async () => {
    await enter(doctor, node, 'doctor');
    await page.goto(`${node.address}/#/case/${CASE}`);
    await page.getByRole('heading', { name: 'NEWS2' }).waitFor();
    await page.getByText('context, not validated').first().waitFor();
    await page.getByText(/^Expected SpO₂/).first().waitFor();
    await whole(doctor.page, 'phone-vitals');
  });
  await step('vitals: why opens the points of each sign', async () => {
    await page.getByText('Why', { exact: true }).click();
    await page.getByRole('row', { name: 'SpO₂ 3' }).waitFor();
  });
  await step('vitals: typed values are scored by the node before they are saved', async () => {
    await page.getByRole('button', { name: 'Add measurements' }).click();
    await page.getByLabel('Respiratory rate').fill('30');
    await page.getByLabel('SpO₂').fill('71');
    await page.getByText('With these values:').waitFor();
    await reads(page.locator('.trial .score-total strong'), (score) => score === '6', 'not 3 for breathing and 3 for saturation');
    await page.getByText(/below what is expected/).first().waitFor();
    await whole(doctor.page, 'phone-vitals-form');
  });
  await step('vitals: saved, it is the newest', async () => {
    await page.getByRole('button', { name: 'Save to the case' }).click();
    await page.getByRole('button', { name: 'Save to the case' }).waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.querySelector('.vitals')?.textContent.includes('71'));
    await reads(total(page), (score) => score === '6');
  });
}

async function trends(expert, node) {
  const { page } = expert;
  await step('vitals: the expert sees the same, and the lines over time', async () => {
    await enter(expert, node, 'expert');
    await page.goto(`${node.address}/#/case/${CASE}`);
    await page.getByText('worse than before').waitFor();
    await none(page.getByRole('button', { name: 'Add measurements' }), 'who is not at the bed is asked to measure');
    check(!await page.evaluate(() => performance.getEntriesByType('resource').some(({ name }) => name.includes('vitals-trend'))), 'charts are loaded before they are needed');
    await page.getByRole('button', { name: /^Over time/ }).click();
    await page.locator('.trend-box svg').first().waitFor();
    await exactly(6, page.locator('.trend-chart'));
    await page.getByText('Shaded: expected at this altitude').waitFor();
    await whole(expert.page, 'desk-vitals-trend');
  });
  await step('vitals: what is open stands in the address', async () => {
    await addressHas(page, /trend=1$/);
  });
  await step('vitals: the same numbers as a table on one key, and as a file', async () => {
    await page.keyboard.press('t');
    await page.getByRole('region', { name: 'Vital signs over time' }).waitFor();
    await whole(expert.page, 'desk-vitals-table');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV' }).click()]);
    const lines = readFileSync(await download.path(), 'utf8').trim().split('\r\n');
    check(lines.length > 9 && lines[0].startsWith('time,saturation (%)'), lines.join('\n'));
    check(lines.at(-1).includes(',71,30,'), lines.at(-1));
    await page.keyboard.press('t');
  });
  await step('vitals: a chart is saved as SVG', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: /^Save the chart as SVG: Is the pulse/ }).click()]);
    const text = readFileSync(await download.path(), 'utf8');
    check(text.startsWith('<svg') && text.includes('/min'), text.slice(0, 200));
  });
  await step('vitals: in the dark and on paper', async () => {
    const light = await page.locator('.trend-box svg').first().innerHTML();
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForFunction((before) => (document.querySelector('.trend-box svg')?.innerHTML ?? before) !== before, light);
    await picture(page, 'desk-vitals-dark');
    await page.emulateMedia({ colorScheme: 'light', media: 'print' });
    await picture(page, 'paper-vitals');
    await page.emulateMedia({ colorScheme: null, media: null });
  });
}

async function ofAChild(expert, node) {
  const { page } = expert;
  await step('vitals: of a child it says why there is no score', async () => {
    await page.goto(`${node.address}/#/case/${CHILD}`);
    await page.getByText(/^No NEWS2: it is not for children under 16/).first().waitFor();
    await whole(expert.page, 'desk-vitals-child');
  });
  await step('vitals: in Chinese', async () => {
    await page.evaluate(() => localStorage.setItem('belay.language', 'zh'));
    await page.goto(`${node.address}/#/case/${CASE}`);
    await page.reload();
    await page.getByText('背景信息，未经验证').first().waitFor();
    await picture(page, 'desk-vitals-zh');
    await page.evaluate(() => localStorage.removeItem('belay.language'));
  });
}

/** ${node} has the demonstration. */
export async function vitals(node, browser) {
  await store(node);
  const doctor = await person(browser, node.address, PHONE);
  const expert = await person(browser, node.address, DESK);
  await measures(doctor, node);
  await trends(expert, node);
  await ofAChild(expert, node);
  await step('vitals: no script error, no breach of the content policy, no request elsewhere', async () => {
    const all = [doctor, expert].flatMap((someone) => someone.complaints);
    check(all.length === 0, all.join('\n'));
  });
  await doctor.context.close();
  await expert.context.close();
}
