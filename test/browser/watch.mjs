// SPDX-License-Identifier: Apache-2.0
// A patient under shared watch: put under watch on a phone, measured, the alert seen on a desk at the
// other side, and said to be seen in one tap.
import { randomUUID } from 'node:crypto';
import { DESK, PHONE, enterByInvitation, person, whole } from './lib/browser.mjs';
import { check, step } from './lib/report.mjs';

const BELAY = 'https://belay.health';
const PEOPLE = { nurse: ['Yangkyi Dolma', 'nurse', 'wt-home-medicine'], expert: ['Gu Ning', 'expert', 'wt-city-heart'] };
const UNITS = [['wt-home', 'Stone Bridge Hospital'], ['wt-home-medicine', 'Medicine', 'wt-home'], ['wt-city', 'Lakeside Hospital'], ['wt-city-heart', 'Cardiology', 'wt-city']];
const id = randomUUID();
const guided = randomUUID();
const enter = ({ page }, node, key) => enterByInvitation(page, node, PEOPLE[key][0], `Practitioner/wt-${key}`);

function as(node, token) {
  return async (method, path, body) => {
    const answer = await fetch(`${node.address}/fhir/${path}`, {
      method, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/fhir+json' }, ...(body ? { body: JSON.stringify(body) } : {}),
    });
    check(answer.ok, `${method} ${path}: ${answer.status} ${(await answer.clone().text()).slice(0, 300)}`);
    return answer;
  };
}

async function prepare(node) {
  const operator = as(node, node.token('Loader of watches', 'program'));
  for (const [unit, name, partOf] of UNITS) {
    await operator('PUT', `Organization/${unit}`, {
      resourceType: 'Organization', id: unit, name, address: [{ country: 'CN' }], ...(partOf ? { partOf: { reference: `Organization/${partOf}` } } : {}),
    });
  }
  for (const [key, [name, role, unit]] of Object.entries(PEOPLE)) {
    await operator('PUT', `Practitioner/wt-${key}`, { resourceType: 'Practitioner', id: `wt-${key}`, active: true, name: [{ text: name }] });
    await operator('PUT', `PractitionerRole/wt-${key}`, {
      resourceType: 'PractitionerRole', id: `wt-${key}`, active: true, practitioner: { reference: `Practitioner/wt-${key}` },
      organization: { reference: `Organization/${unit}` }, code: [{ coding: [{ system: `${BELAY}/CodeSystem/role`, code: role }] }],
    });
  }
  await operator('PUT', 'Patient/wt-patient', {
    resourceType: 'Patient', id: 'wt-patient', name: [{ family: 'Tseten', given: ['Norbu'] }], gender: 'male', birthDate: '1958-03-03', managingOrganization: { reference: 'Organization/wt-home' },
  });
  const nurse = as(node, node.token('Yangkyi', 'nurse', '--practitioner', 'wt-nurse'));
  await nurse('PUT', `ServiceRequest/${id}`, {
    resourceType: 'ServiceRequest', id, status: 'draft', intent: 'order', priority: 'urgent', subject: { reference: 'Patient/wt-patient' },
    category: [{ coding: [{ system: `${BELAY}/CodeSystem/case-kind`, code: 'advice' }] }], performer: [{ reference: 'Organization/wt-city-heart' }],
    reasonCode: [{ text: 'Breathless since the morning: keep him here?' }],
  });
  await nurse('POST', `ServiceRequest/${id}/$send`, { resourceType: 'Parameters' });
  await nurse('PUT', `ServiceRequest/${guided}`, {
    resourceType: 'ServiceRequest', id: guided, status: 'draft', intent: 'order', priority: 'urgent', subject: { reference: 'Patient/wt-patient' },
    category: [{ coding: [{ system: `${BELAY}/CodeSystem/case-kind`, code: 'guided-procedure' }] }], performer: [{ reference: 'Organization/wt-city-heart' }],
    reasonCode: [{ text: 'Fluid around the heart: will you guide me to drain it?' }],
  });
  await nurse('POST', `ServiceRequest/${guided}/$send`, { resourceType: 'Parameters' });
  const expert = as(node, node.token('Gu', 'expert', '--practitioner', 'wt-expert'));
  await expert('POST', `ServiceRequest/${guided}/$accept`, { resourceType: 'Parameters' });
  return nurse;
}

/** A set of vital signs with no points but for the breaths. */
async function measure(nurse, breaths, minutes) {
  const at = new Date(Date.now() + minutes * 60_000).toISOString();
  for (const [loinc, value, unit] of [['9279-1', breaths, '/min'], ['2708-6', 98, '%'], ['3151-8', 0, 'L/min'], ['8480-6', 130, 'mm[Hg]'], ['8867-4', 70, '/min'], ['8310-5', 37, 'Cel']]) {
    await nurse('POST', 'Observation', {
      resourceType: 'Observation', status: 'final', subject: { reference: 'Patient/wt-patient' }, basedOn: [{ reference: `ServiceRequest/${id}` }], effectiveDateTime: at,
      code: { coding: [{ system: 'http://loinc.org', code: loinc }] }, valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code: unit },
    });
  }
}

export async function watching(node, browser) {
  const nurse = await prepare(node);
  const phone = await person(browser, node.address, PHONE);
  const desk = await person(browser, node.address, DESK);
  await step('watch: a nurse puts the patient under watch on her phone', async () => {
    await enter(phone, node, 'nurse');
    await phone.page.goto(`${node.address}/#/case/${id}`);
    await phone.page.getByRole('button', { name: 'Watch together' }).click();
    await phone.page.getByLabel('every 30 min').check();
    await whole(phone.page, 'phone-watch-form');
    await phone.page.getByRole('button', { name: 'Begin the watch' }).click();
    await phone.page.getByText(/Under watch until/).waitFor();
    await whole(phone.page, 'phone-watch');
  });
  await step('watch: the score rises, and the expert sees it on Today at once', async () => {
    await enter(desk, node, 'expert');
    await desk.page.getByRole('heading', { name: /^Under watch/ }).waitFor();
    await measure(nurse, 16, 0);
    await measure(nurse, 22, 30);
    await desk.page.getByText('NEWS2 rose from 0 to 2').waitFor();
    await whole(desk.page, 'desk-watch-today');
    await desk.page.getByRole('button', { name: 'I have seen it' }).click();
    await desk.page.getByText('NEWS2 rose from 0 to 2').waitFor({ state: 'detached' });
  });
  await step('watch: the nurse sees who has seen it, and says so for her side', async () => {
    const { page } = phone;
    await page.getByText('Seen by those who were asked, by Gu Ning').waitFor();
    await page.getByRole('button', { name: 'I have seen it' }).click();
    await page.getByText('Seen where the patient is, by Yangkyi Dolma').waitFor();
    await whole(phone.page, 'phone-watch-seen');
    await page.setViewportSize({ width: 1280, height: 800 });
    await whole(phone.page, 'desk-watch-seen');
    await page.getByRole('button', { name: 'End the watch' }).click();
    await page.getByRole('button', { name: 'Watch together' }).waitFor();
  });
  await step('guided: a time is agreed on the desk, with who guides and who performs it', async () => {
    const { page } = desk;
    await page.goto(`${node.address}/#/case/${guided}`);
    await page.getByRole('button', { name: 'Agree a time' }).click();
    await page.getByLabel('What shall be done', { exact: true }).fill('Pericardial drain under ultrasound');
    await whole(desk.page, 'desk-guided-form');
    await page.getByRole('button', { name: 'Keep this time' }).click();
    await page.getByText('Gu Ning guides').waitFor();
    await page.getByText('Yangkyi Dolma performs it').waitFor();
  });
  await step('guided: a step is said, and in the end what was done is recorded on the phone', async () => {
    const { page } = phone;
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${node.address}/#/case/${guided}`);
    await page.getByText('Gu Ning guides').waitFor();
    await page.getByLabel('What is done now, or what to do next').fill('Needle is in, 200 ml of clear fluid');
    await page.getByRole('button', { name: 'Send this step' }).click();
    await page.getByText('Yangkyi Dolma on the procedure').waitFor();
    await page.getByRole('button', { name: 'Record what was done' }).click();
    await page.getByLabel('What was done', { exact: true }).fill('Pericardial drain under ultrasound, 450 ml');
    const local = (at) => new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
    await page.locator('#guided-start').fill(local(Date.now() - 3600_000));
    await page.locator('#guided-end').fill(local(Date.now() - 60_000));
    await page.locator('#guided-code').selectOption({ index: 1 });
    await whole(phone.page, 'phone-guided-record');
    await page.getByRole('button', { name: 'Record it' }).click();
    await page.getByText('Pericardial drain under ultrasound, 450 ml').waitFor();
    await whole(phone.page, 'phone-guided-done');
  });
  await step('watch: no script error', async () => {
    const all = [phone, desk].flatMap((someone) => someone.complaints);
    check(all.length === 0, all.join('\n'));
  });
}
