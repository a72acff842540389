// SPDX-License-Identifier: Apache-2.0
// Reviews: a case closed last week is drawn when the node comes back; an expert far away rates it on a
// phone without seeing a name, another on a desk; the head of the department sees what they said.
import { randomUUID } from 'node:crypto';
import { DESK, PHONE, enterByInvitation, person, whole } from './lib/browser.mjs';
import { check, eventually, exactly, reads, step } from './lib/report.mjs';

const BELAY = 'https://belay.health';
const PEOPLE = {
  asker: ['Yudron Tsomo', 'clinician', 'rv-home-medicine'], head: ['Ngodup Wangyal', 'head-of-department', 'rv-home-medicine'],
  answers: ['Qiu Hai', 'expert', 'rv-city-surgery'], one: ['Fang Lan', 'expert', 'rv-far'], two: ['Bai Ge', 'head-of-department', 'rv-farther'],
};
const UNITS = [['rv-home', 'Snow Lotus Hospital'], ['rv-home-medicine', 'Medicine', 'rv-home'], ['rv-city', 'Harbour Hospital'], ['rv-city-surgery', 'Surgery', 'rv-city'],
  ['rv-far', 'Plains Hospital'], ['rv-farther', 'River Hospital']];
const HIDDEN = ['Snow Lotus', 'Harbour', 'Yudron', 'Qiu Hai', 'Lhakpa', 'Drolma'];
const id = randomUUID();
const enter = ({ page }, node, key) => enterByInvitation(page, node, PEOPLE[key][0], `Practitioner/rv-${key}`);

function asker(node, token) {
  return async (method, path, body) => {
    const answer = await fetch(`${node.address}/fhir/${path}`, {
      method, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/fhir+json' }, ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    check(answer.ok, `${method} ${path}: ${answer.status} ${text.slice(0, 300)}`);
    return JSON.parse(text || 'null');
  };
}

const body = (values) => ({ resourceType: 'Parameters', parameter: Object.entries(values).map(([name, value]) => ({ name, ...value })) });
const text = (value) => ({ valueString: value });
const code = (value) => ({ valueCode: value });

async function closedLastWeek(node) {
  const operator = asker(node, node.token('Loader of reviews', 'program'));
  for (const [unit, name, partOf] of UNITS) {
    await operator('PUT', `Organization/${unit}`, {
      resourceType: 'Organization', id: unit, name, address: [{ country: 'CN' }], ...(partOf ? { partOf: { reference: `Organization/${partOf}` } } : {}),
    });
  }
  for (const [key, [name, role, unit]] of Object.entries(PEOPLE)) {
    await operator('PUT', `Practitioner/rv-${key}`, { resourceType: 'Practitioner', id: `rv-${key}`, active: true, name: [{ text: name }] });
    await operator('PUT', `PractitionerRole/rv-${key}`, {
      resourceType: 'PractitionerRole', id: `rv-${key}`, active: true, practitioner: { reference: `Practitioner/rv-${key}` },
      organization: { reference: `Organization/${unit}` }, code: [{ coding: [{ system: `${BELAY}/CodeSystem/role`, code: role }] }],
    });
  }
  await operator('PUT', 'Patient/rv-patient', {
    resourceType: 'Patient', id: 'rv-patient', name: [{ family: 'Drolma', given: ['Lhakpa'] }], gender: 'female', birthDate: '1971-03-03',
    managingOrganization: { reference: 'Organization/rv-home' },
  });
  const home = asker(node, node.token('Yudron', 'clinician', '--practitioner', 'rv-asker'));
  const city = asker(node, node.token('Qiu', 'expert', '--practitioner', 'rv-answers'));
  const stepOf = (as, name, values = {}) => as('POST', `ServiceRequest/${id}/$${name}`, body(values));
  await home('PUT', `ServiceRequest/${id}`, {
    resourceType: 'ServiceRequest', id, status: 'draft', intent: 'order', priority: 'urgent', subject: { reference: 'Patient/rv-patient' },
    category: [{ coding: [{ system: `${BELAY}/CodeSystem/case-kind`, code: 'advice' }] }], performer: [{ reference: 'Organization/rv-city-surgery' }],
    reasonCode: [{ text: 'Pain in the right lower belly for two days: operate here or send?' }],
    note: [{ text: 'Lhakpa Drolma, 37.9 degrees, tender with guarding. Ultrasound: appendix 11 mm.' }],
  });
  await stepOf(home, 'send');
  await stepOf(city, 'accept');
  await stepOf(home, 'message', { text: text('White cells 15,200. The road is closed until tomorrow.') });
  await stepOf(city, 'answer', {
    assessment: text('Acute appendicitis, no sign of an abscess.'), advice: text('Open appendectomy there tonight; metronidazole and ceftriaxone now.'), urgency: code('urgent'), 'can-be-done-here': code('yes'),
  });
  await stepOf(home, 'outcome', { helpful: code('yes'), 'plan-changed': { valueBoolean: true }, 'transfer-avoided': { valueBoolean: true }, patient: code('better') });
  await stepOf(home, 'close');
  const task = await operator('GET', `Task/${id}`);
  task.lastModified = new Date(Date.now() - 7 * 24 * 3600_000).toISOString();
  await operator('PUT', `Task/${id}`, task);
}

/** Who of ${keys} was drawn: in the whole demonstration others may have been. */
async function drawn(node, keys) {
  const found = [];
  for (const key of keys) {
    const as = asker(node, node.token(`Drawn ${key}`, 'expert', '--practitioner', `rv-${key}`));
    const list = await as('GET', 'Task/$reviews');
    if ((list.parameter ?? []).some((one) => one.name === 'review')) found.push(key);
  }
  return found;
}

async function rates(someone, node, key, marks, name) {
  const { page } = someone;
  await step(`reviews: ${key} finds the case, and no name in it`, async () => {
    await enter(someone, node, key);
    await page.goto(`${node.address}/#/reviews`);
    await page.getByRole('heading', { name: 'Reviews of closed cases', level: 1 }).waitFor();
    await whole(someone.page, `${name}-reviews`);
    await page.getByRole('link', { name: 'Read and rate' }).click();
    await page.getByText('operate here or send?').waitFor();
    const all = await reads(page.locator('main'), '[...]', 'the name in the story is not replaced');
    for (const hidden of HIDDEN) check(!all.includes(hidden), `${hidden} is told`);
    await whole(someone.page, `${name}-review-case`);
  });
  await step(`reviews: ${key} gives three ratings by taps, or is told what lacks`, async () => {
    await page.getByRole('button', { name: 'Give this rating' }).click();
    await exactly(3, page.getByText('Tap one of the five.'));
    for (const [mark, value] of Object.entries(marks)) await page.locator(`#mark-${mark} input[value="${value}"]`).check();
    await page.locator('#word-process').fill('Asked with all that was needed');
    await page.getByRole('button', { name: 'Give this rating' }).click();
    await page.getByText('You have rated this case.').waitFor();
    await whole(someone.page, `${name}-review-given`);
  });
}

export async function reviews(node, browser) {
  await step('reviews: a case that was closed last week is drawn when the node comes back', async () => {
    await closedLastWeek(node);
    await node.stop();
    await node.start();
    let asked = [];
    await eventually(async () => { asked = await drawn(node, ['one', 'two']); return asked.length === 2; }, () => `drawn: ${asked.join(', ')}`);
  });
  const phone = await person(browser, node.address, PHONE);
  const desk = await person(browser, node.address, DESK);
  const head = await person(browser, node.address, DESK);
  await rates(phone, node, 'one', { process: 5, value: 5, difficulty: 2 }, 'phone');
  await rates(desk, node, 'two', { process: 3, value: 4, difficulty: 2 }, 'desk');
  await step('reviews: the head of the department sees both ratings, a disagreement marked, and not who', async () => {
    await enter(head, node, 'head');
    await head.page.goto(`${node.address}/#/reviews`);
    await head.page.getByRole('heading', { name: 'What came of your cases' }).waitFor();
    await head.page.getByText('Far apart').waitFor();
    const all = await head.page.locator('main').innerText();
    for (const name of ['Fang Lan', 'Bai Ge', 'Plains', 'River']) check(!all.includes(name), `${name} is told`);
    await whole(head.page, 'desk-review-results');
    await head.page.setViewportSize({ width: 390, height: 844 });
    await whole(head.page, 'phone-review-results');
  });
  await step('reviews: no script error', async () => {
    const all = [phone, desk, head].flatMap((someone) => someone.complaints);
    check(all.length === 0, all.join('\n'));
  });
}
