// SPDX-License-Identifier: Apache-2.0
// The journey: a clinician with a phone asks, an expert at a desk sees it at once and
// answers, the clinician sees the answer at once.
import { keeps, picture, whole } from './lib/browser.mjs';
import { drawPhoto } from './lib/photo.mjs';
import { check, eventually, field, reads, step } from './lib/report.mjs';

export const QUESTION = 'Chest tightness since noon, ST elevation? Transfer tonight or treat here?';
const STORY = 'Farmer, smokes. Pain began at noon while carrying, now 6 of 10, sweating. Aspirin 300 mg given at 14:10.\n\nWe have heparin and alteplase, no catheter laboratory. The pass closes at 20:00.';
const ASSESSMENT = 'Anterior STEMI until proven otherwise.';
const ADVICE = 'Now: clopidogrel 300 mg, alteplase by weight if no contraindication, then heparin. Oxygen to 92 %.\nTransfer after lysis, with a defibrillator. Send an ECG at 60 and 90 minutes.';

async function register(page, patient) {
  await page.getByLabel('Name or identifier').fill(patient.name);
  await page.getByRole('option', { name: /Register/ }).click();
  await page.getByRole('radio', { name: patient.sex, exact: true }).check();
  await page.getByLabel('Age', { exact: true }).fill(patient.age);
  await page.getByLabel('Identifier').fill(patient.identifier);
  await page.getByLabel('Place').fill(patient.place);
  await page.getByLabel('Altitude').fill(patient.altitude);
}

async function fillVitals(page) {
  await page.getByLabel('Respiratory rate').fill('24');
  await page.getByLabel('SpO₂').fill('84');
  await page.getByLabel('Pulse').fill('112');
  await page.getByLabel('Systolic pressure').fill('96');
  await page.getByLabel('Diastolic pressure').fill('58');
  await page.getByRole('radio', { name: 'Oxygen', exact: true }).check();
  await page.getByRole('textbox', { name: 'Oxygen' }).fill('3');
  await page.getByRole('radio', { name: 'Alert', exact: true }).check();
}

export async function askByPhone(clinician, shared) {
  const { page } = clinician;
  await step('phone: the empty list says what will be here', async () => {
    await page.getByText('Nothing waits for you now.').waitFor();
    await whole(page, 'phone-today-empty');
  });
  await step('phone: an incomplete question is not sent, and the page says why', async () => {
    await page.getByRole('link', { name: 'Ask', exact: true }).click();
    await page.getByRole('heading', { name: 'Ask for advice' }).waitFor();
    await page.getByRole('button', { name: 'Send the question' }).click();
    await page.getByRole('link', { name: 'Find the patient, or register a new one.' }).waitFor();
    await whole(page, 'phone-ask-problems');
  });
  await step('phone: a slip in a vital sign is pointed out', async () => {
    await page.getByLabel('Temperature').fill('98.6');
    await page.getByText('98.6 looks like °F. In °C that is 37.0.').waitFor();
    await page.getByLabel('Temperature').fill('37,0');
  });
  await step('phone: what was typed survives a reload', async () => {
    await register(page, { name: 'Tashi Dorje', sex: 'male', age: '58', identifier: 'DX-2041', place: 'Damxung', altitude: '4300' });
    await page.getByLabel('What do you need to know?').fill(QUESTION);
    await page.getByLabel('The story so far').fill(STORY);
    await page.getByRole('radio', { name: /Emergency/ }).check();
    await fillVitals(page);
    const photo = await drawPhoto(page, 2400, 2000);
    await page.getByLabel('Add a photograph or file').setInputFiles({ name: 'chest.png', mimeType: 'image/png', buffer: photo });
    await page.getByAltText('Photograph: chest.jpg').waitFor();
    await keeps(page, 'chest.jpg'); // typed last
    await page.reload();
    await field(page.getByLabel('What do you need to know?'), QUESTION, 'the question is gone');
    await field(page.getByLabel('Pulse'), '112', 'the pulse is gone');
    await field(page.getByLabel('Name', { exact: true }), 'Tashi Dorje', 'the name is gone');
    await page.getByAltText('Photograph: chest.jpg').waitFor();
    await whole(page, 'phone-ask-filled');
  });
  await step('phone: the question is sent, and the case stands', async () => {
    const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/fhir/Binary'));
    await page.getByRole('button', { name: 'Send as an emergency' }).click();
    const type = (await sent).headers()['content-type'];
    const size = Number((await (await sent).allHeaders())['content-length']);
    check(type === 'image/jpeg' && size > 10_000 && size < 900_000, `the photograph was sent as ${type} of ${size} bytes`);
    await page.getByRole('heading', { name: 'Tashi Dorje', level: 1 }).waitFor();
    await page.getByText('Sent. The experts').waitFor();
    await page.getByAltText('Photograph: chest.jpg').first().waitFor();
    shared.caseAddress = page.url().replace(/\?.*/, '');
    await whole(page, 'phone-case-asked');
  });
  await step('phone: the list of vital signs marks what is out of range', async () => {
    const row = page.getByRole('row', { name: /SpO₂/ });
    await reads(row, 'low', 'the saturation is not marked');
    await reads(row, '4,300 m', 'the altitude is not named beside a low saturation');
  });
}

export async function answerAtDesk(expert, clinician) {
  const { page } = expert;
  await step('desk: the new case stands first in the list, without a reload', async () => {
    const row = page.getByRole('link', { name: /Tashi Dorje/ });
    await row.waitFor();
    await reads(row, 'Emergency');
    await whole(page, 'desk-today');
    await row.click();
  });
  await step('desk: the case shows patient, question, vital signs and photograph', async () => {
    await page.getByRole('heading', { name: QUESTION }).waitFor();
    await page.getByText('about 58 y').waitFor();
    await page.getByText('Damxung 4,300 m').waitFor();
    await page.getByAltText('Photograph: chest.jpg').first().waitFor();
    await whole(page, 'desk-case-open');
  });
  await step('desk: the photograph opens large and closes again', async () => {
    await page.getByRole('button', { name: 'Show chest.jpg large' }).click();
    await page.getByRole('dialog').waitFor();
    await picture(page, 'desk-photo', false);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });
  await step('the asker sees at once that the expert looks at it', async () => {
    await page.getByRole('button', { name: 'I will answer it' }).click();
    await clinician.page.getByText('Dr Meiduo Lin is looking at it').waitFor();
  });
  await step('a question back reaches the asker at once, and the reply the expert', async () => {
    await page.getByRole('radio', { name: 'Ask back' }).check();
    await page.getByLabel('What must you know before you can answer?').fill('Any bleeding or surgery in the last three months?');
    await page.getByRole('button', { name: 'Send the question back' }).click();
    await clinician.page.getByRole('heading', { name: 'Dr Meiduo Lin asks' }).waitFor();
    await whole(clinician.page, 'phone-case-question-back');
    await clinician.page.getByRole('button', { name: 'Reply', exact: true }).click();
    await clinician.page.getByLabel('What was asked').fill('None. Blood pressure 96/58, no stroke.');
    await clinician.page.getByRole('button', { name: 'Send the reply' }).click();
    await page.getByText('None. Blood pressure 96/58, no stroke.').waitFor();
  });
  await step('the answer reaches the asker at once', async () => {
    await page.getByLabel('Your assessment').fill(ASSESSMENT);
    await page.getByRole('button', { name: 'Send the answer' }).click();
    await page.getByText('This is needed before it can be sent.').waitFor();
    await page.getByLabel('What shall be done now, and what to watch for').fill(ADVICE);
    await eventually(() => page.getByRole('radio', { name: 'Emergency' }).isChecked(), 'the urgency as it was asked does not stand there to be confirmed');
    await page.getByRole('radio', { name: 'With our help' }).check();
    await whole(page, 'desk-case-answering');
    await page.getByRole('button', { name: 'Send the answer' }).click();
    await clinician.page.getByRole('heading', { name: 'Answer from Dr Meiduo Lin' }).waitFor();
    await clinician.page.getByText('Anterior STEMI until proven otherwise.').first().waitFor();
    await whole(clinician.page, 'phone-case-answered');
    await page.getByRole('heading', { name: /Answer from/ }).waitFor();
    await page.getByRole('heading', { name: 'Add to the case' }).waitFor();
    await whole(page, 'desk-case-answered');
  });
}

/** Who asked says what became of the patient, and closes the case; the expert hears of it. */
export async function whatBecame(expert, clinician, caseAddress) {
  await step('the outcome is four taps, and the expert hears it at once', async () => {
    await expert.page.goto(caseAddress);
    await expert.page.getByRole('heading', { name: /Answer from/ }).waitFor();
    const { page } = clinician;
    await page.goto(caseAddress);
    await page.getByRole('radio', { name: 'What became of the patient' }).check();
    await page.getByRole('button', { name: 'Send the outcome' }).click();
    await page.getByText('This is needed before it can be sent.').waitFor();
    await page.getByRole('group', { name: 'Did the answer help?' }).getByRole('radio', { name: 'Yes' }).check();
    await page.getByRole('group', { name: 'Did it change what was done?' }).getByRole('radio', { name: 'Yes' }).check();
    await page.getByRole('group', { name: 'Was a transfer avoided?' }).getByRole('radio', { name: 'No' }).check();
    await page.getByRole('group', { name: 'How is the patient?' }).getByRole('radio', { name: 'Better' }).check();
    await whole(page, 'phone-case-outcome');
    await page.getByRole('button', { name: 'Send the outcome' }).click();
    await page.getByRole('button', { name: 'Close the case' }).waitFor();
    await expert.page.getByText('Outcome known').first().waitFor();
    await whole(expert.page, 'desk-case-outcome');
  });
  await step('the case is closed; it stays to be read at home, and is shut for who was asked', async () => {
    expert.shuts(caseAddress.split('/').at(-1));
    await clinician.page.getByRole('button', { name: 'Close the case' }).click();
    await clinician.page.getByText('This case has ended.').waitFor();
    await expert.page.reload();
    await expert.page.getByText('There is no such case, or it is not shared with you.').waitFor();
  });
}
