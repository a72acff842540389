// SPDX-License-Identifier: Apache-2.0
// What of a patient's record goes with a case: the doctor chooses, a sentence says who will
// see it, the expert sees that and nothing else; and it can be changed afterwards.
import { DESK, PHONE, accessible, carried, fits, keeps, person, picture } from './lib/browser.mjs';
import { drawPhoto } from './lib/photo.mjs';
import { check, eventually, none, step } from './lib/report.mjs';

const DAY = 86_400_000;
const QUESTION = 'Fever on the fourth day after the operation: open again?';

const before = (days) => new Date(Date.now() - days * DAY).toISOString();
const coded = (text, system, code) => ({ text, coding: [{ system, code }] });
const category = (code) => [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code }] }];
const subject = { reference: 'Patient/share-patient' };
const status = (code) => ({ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code }] });

/** A patient of Nagqu with a record. */
function records() {
  const measured = (id, kind, text, code, days, value, unit) => ({
    resourceType: 'Observation', id, status: 'final', category: category(kind), code: coded(text, 'http://loinc.org', code), subject,
    effectiveDateTime: before(days), valueQuantity: { value, unit },
  });
  return [
    { resourceType: 'Patient', id: 'share-patient', name: [{ text: 'Jampa Lodro' }], gender: 'male', birthDate: '1975-03-02', managingOrganization: { reference: 'Organization/demo-nagqu' } },
    {
      resourceType: 'AllergyIntolerance', id: 'share-allergy', patient: subject, code: { text: 'Penicillin' },
      clinicalStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' }] },
      reaction: [{ manifestation: [{ text: 'Swelling of the face' }] }],
    },
    { resourceType: 'Condition', id: 'share-diabetes', subject, code: { text: 'Diabetes, type 2' }, clinicalStatus: status('active'), recordedDate: '2019-05-01' },
    { resourceType: 'Condition', id: 'share-hepatitis', subject, code: { text: 'Hepatitis B, chronic' }, clinicalStatus: status('active'), recordedDate: '2015-05-01' },
    { resourceType: 'Condition', id: 'share-fracture', subject, code: { text: 'Fracture of the wrist' }, clinicalStatus: status('resolved'), recordedDate: '2011-05-01' },
    { resourceType: 'MedicationRequest', id: 'share-metformin', status: 'active', intent: 'order', subject, medicationCodeableConcept: { text: 'Metformin 500 mg' }, authoredOn: before(300), dosageInstruction: [{ text: 'twice a day' }] },
    measured('share-crp', 'laboratory', 'C-reactive protein', '1988-5', 1, 184, 'mg/L'),
    measured('share-temperature', 'vital-signs', 'Body temperature', '8310-5', 0.2, 39.1, '°C'),
    measured('share-hiv', 'laboratory', 'HIV 1+2 antibody', '7918-6', 200, 0.1, 'index'),
    {
      resourceType: 'DiagnosticReport', id: 'share-ct', status: 'final', code: { text: 'CT of the abdomen' }, subject, effectiveDateTime: before(2),
      conclusion: 'Fluid beside the stump, 4 cm', result: [{ reference: 'Observation/share-volume' }, { reference: 'Observation/share-not-there' }],
    },
    measured('share-volume', 'imaging', 'Volume of the collection', '1-1', 2, 60, 'mL'),
  ];
}

/** As the operator's program: put ${resources}, or with none read ${path}. */
async function operate(node, resources, path = '') {
  const entry = resources.map((resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } }));
  const answer = await fetch(`${node.address}/fhir${path && `/${path}`}`, {
    method: path ? 'GET' : 'POST', headers: { Authorization: `Bearer ${node.token('Loader', 'program')}`, 'Content-Type': 'application/fhir+json' },
    ...(path ? {} : { body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }) }),
  });
  check(answer.ok, `the operator: ${answer.status}`);
  return answer.json();
}

async function byName({ page }, address, account) {
  await page.goto(address);
  await page.getByLabel('Name').fill(account.name);
  await page.getByLabel('Password').fill(account.password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
}

/** The status of a record as the page's own session is answered. */
function asked({ page }, path) {
  return page.evaluate(async (at) => (await fetch(`/fhir/${at}`)).status, path);
}

/** Until the page's own session is answered with ${wanted}: a moment after what opens or shuts it. */
function answers(someone, path, wanted, sentence = path) {
  return eventually(async () => await asked(someone, path) === wanted, sentence);
}

const box = (page, name) => page.getByRole('checkbox', { name });
const ticked = (page, name, sentence = `${name} is not chosen`) => eventually(() => box(page, name).isChecked(), sentence);
const empty = (page, name, sentence) => eventually(async () => !await box(page, name).isChecked(), sentence);

/** Walks to ${target} by Tab and presses Space. */
async function spaceOn(page, target) {
  await target.waitFor();
  for (let at = 0; at < 80; at++) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      await page.keyboard.press('Space');
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error('Tab does not reach it');
}

async function choose(doctor) {
  const { page } = doctor;
  await step('share: the record is proposed by kind and age, and a sentence says who will see it', async () => {
    await page.getByRole('link', { name: 'Ask', exact: true }).first().click();
    await page.getByLabel('Name or identifier').fill('Jampa');
    await page.getByRole('option', { name: /Jampa Lodro/ }).click();
    await page.getByText('Emergency and critical care at Dalian General Hospital will see').waitFor();
    for (const name of [/Penicillin/, /Diabetes/, /Hepatitis/, /Metformin/, /C-reactive/, /Body temperature/, /CT of the abdomen/]) {
      await ticked(page, name);
    }
    await page.getByText('8 records of the patient').waitFor(); // the report goes with its measurement
    await picture(page, 'phone-share');
    await fits(page);
    await accessible(page);
  });
  await step('share: by keyboard one is taken out and an older one added', async () => {
    await page.getByLabel('What do you need to know?').focus();
    await spaceOn(page, box(page, /Hepatitis/));
    await empty(page, /Hepatitis/, 'Hepatitis is still chosen');
    await spaceOn(page, page.locator('summary', { hasText: 'More records of this patient (2)' }));
    await spaceOn(page, box(page, /wrist/));
    await ticked(page, /wrist/, 'the fracture is not chosen');
    await empty(page, /HIV/, 'an old test is chosen by itself');
    await page.getByText('8 records of the patient').waitFor();
  });
  await step('share: the choice is kept with the draft, without a link too', async () => {
    await page.getByLabel('What do you need to know?').fill(QUESTION);
    await page.getByRole('radio', { name: /Urgent/ }).check();
    await keeps(page, QUESTION);
    await keeps(page, '"urgent"');
    await page.reload();
    await box(page, /wrist/).waitFor();
    await page.getByText('8 records of the patient').waitFor();
    await ticked(page, /wrist/, 'the choice is gone');
    await empty(page, /Hepatitis/, 'the choice is gone');
    await doctor.context.setOffline(true);
    await box(page, /Metformin/).uncheck();
    await page.getByText('7 records of the patient').waitFor();
    await doctor.context.setOffline(false);
    await accessible(page);
  });
  await step('share: the case lists what was chosen', async () => {
    const photo = await drawPhoto(page, 640, 480);
    await page.getByLabel('Add a photograph or file').setInputFiles({ name: 'wound.png', mimeType: 'image/png', buffer: photo });
    await page.getByAltText(/^Photograph: wound/).waitFor();
    const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/fhir'));
    await page.getByRole('button', { name: 'Send as urgent' }).click();
    const request = carried(await sent).entry.map((entry) => entry.resource).find((resource) => resource.resourceType === 'ServiceRequest');
    const listed = request.supportingInfo.map((one) => one.reference).filter((one) => !one.startsWith('urn:')).sort();
    check(listed.join() === ['AllergyIntolerance/share-allergy', 'Condition/share-diabetes', 'Condition/share-fracture', 'DiagnosticReport/share-ct',
      'Observation/share-crp', 'Observation/share-temperature', 'Observation/share-volume'].join(), listed.join());
    await page.getByRole('heading', { name: 'Shared of the record' }).waitFor();
    await page.getByText('Penicillin').waitFor();
    await picture(page, 'phone-case-shared');
    await fits(page);
    await accessible(page);
  });
}

async function seen(doctor, expert) {
  const { page } = expert;
  await step('share: the expert sees what was picked, and nothing that was not', async () => {
    await page.getByRole('link', { name: /Jampa Lodro/ }).click();
    await page.getByRole('heading', { name: QUESTION }).waitFor();
    for (const text of ['Penicillin', 'Swelling of the face', 'Diabetes, type 2', 'Fracture of the wrist', '184 mg/L', 'Fluid beside the stump, 4 cm']) {
      await page.getByText(text).first().waitFor();
    }
    for (const text of ['Hepatitis', 'Metformin', 'HIV']) await none(page.getByText(text), `${text} is on the page`);
    for (const path of ['Condition/share-diabetes', 'Observation/share-volume', 'Patient/share-patient']) await answers(expert, path, 200);
    for (const path of ['Condition/share-hepatitis', 'MedicationRequest/share-metformin', 'Observation/share-hiv']) {
      await answers(expert, path, 404, `${path} opens to the expert`);
    }
    await none(page.getByRole('button', { name: 'Change what is shared' }), 'the expert may change what is shared');
    await picture(page, 'desk-case-shared');
    await accessible(page);
  });
  await step('share: the asker changes it later, and the expert sees that at once', async () => {
    await doctor.page.getByRole('button', { name: 'Change what is shared' }).click();
    await ticked(doctor.page, /Penicillin/, 'what is shared is not chosen');
    await box(doctor.page, /wrist/).uncheck();
    await doctor.page.locator('summary', { hasText: 'More records' }).evaluate((summary) => { summary.parentElement.open = true; });
    await box(doctor.page, /Metformin/).check();
    await picture(doctor.page, 'phone-share-change');
    await fits(doctor.page);
    await accessible(doctor.page);
    await doctor.page.getByRole('button', { name: 'Share just these' }).click();
    await page.getByText('Metformin 500 mg').waitFor();
    await page.getByText('Fracture of the wrist').waitFor({ state: 'detached' });
    await answers(expert, 'Condition/share-fracture', 404, 'the fracture still opens to the expert');
    await answers(expert, 'MedicationRequest/share-metformin', 200, 'metformin does not open');
  });
}

/** A photograph of a case that is closed goes with the next one, bytes and all. */
async function again(node, doctor, expert) {
  const { page } = doctor;
  await step('share: a photograph of an earlier case that is closed can go with the next', async () => {
    const id = /case\/([^?]+)/.exec(page.url())[1];
    const request = await operate(node, [], `ServiceRequest/${id}`);
    await operate(node, [{ ...request, status: 'completed' }]);
    await answers(expert, `ServiceRequest/${id}`, 404, 'the closed case is open');
    await page.goto(`${node.address}/#/ask`);
    await page.getByLabel('Name or identifier').fill('Jampa');
    await page.getByRole('option', { name: /Jampa Lodro/ }).click();
    await ticked(page, /wound/, 'the photograph is not proposed');
    await page.getByRole('button', { name: 'Share none of these' }).click();
    await page.getByText('nothing else of the patient, until the case is closed').waitFor();
    await box(page, /wound/).check();
    await page.getByText('one record of the patient').waitFor();
    await page.getByLabel('What do you need to know?').fill('Is the wound better?');
    await page.getByRole('radio', { name: /Routine/ }).check();
    await page.getByRole('button', { name: 'Send the question' }).click();
    await page.getByRole('heading', { name: 'Shared of the record' }).waitFor();
    await expert.page.goto(`${node.address}/#/cases`);
    await expert.page.getByRole('link', { name: /Is the wound better/ }).click();
    await expert.page.getByAltText(/^Photograph: wound/).first().waitFor();
    await answers(expert, 'AllergyIntolerance/share-allergy', 404, 'what the closed case shared is still open');
    await picture(expert.page, 'desk-case-photo-again');
  });
}

/** ${node}: serves the demonstration; ${accounts}: by role, { name, password }. */
export async function sharing(node, browser, accounts) {
  const doctor = await person(browser, node.address, PHONE);
  const expert = await person(browser, node.address, DESK);
  await step('share: a patient with a record; both sign in', async () => {
    await operate(node, records());
    await byName(doctor, node.address, accounts.clinician);
    await byName(expert, node.address, accounts.expert);
  });
  await choose(doctor);
  await seen(doctor, expert);
  await again(node, doctor, expert);
  await step('share: no script error', async () => {
    const expected = /status of 404|ERR_INTERNET_DISCONNECTED/; // asked for on purpose
    const all = [doctor, expert].flatMap((someone) => someone.complaints).filter((line) => !expected.test(line));
    check(all.length === 0, all.join('\n'));
  });
  await doctor.context.close();
  await expert.context.close();
}
