// SPDX-License-Identifier: Apache-2.0
// Meetings about a case, and a plan of rehabilitation: an expert calls a meeting, somebody of
// another hospital is invited by name and says yes, minutes, who agrees, the decision in the
// answer; then a plan, a session, a goal. On a desk and on a phone.
import { randomUUID } from 'node:crypto';
import { DESK, PHONE, address as addressHas, person, picture, signIn, whole } from './lib/browser.mjs';
import { check, eventually, exactly, step } from './lib/report.mjs';

const BELAY = 'https://belay.health/CodeSystem';
const PEOPLE = { asker: ['Pema Yangchen', 'pema-yangchen'], expert: ['Zhang Jing', 'zhang-jing'], guest: ['Liu Bin', 'liu-bin'] };

async function call(node, token, method, path, body) {
  const answer = await fetch(`${node.address}/fhir/${path}`, {
    method, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/fhir+json' }, ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  check(answer.ok, `${method} ${path}: ${answer.status} ${text.slice(0, 300)}`);
  return text ? JSON.parse(text) : null;
}

const operation = (node, token, id, name, parameter = []) => call(node, token, 'POST', `ServiceRequest/${id}/$${name}`, { resourceType: 'Parameters', ...(parameter.length ? { parameter } : {}) });

/** A case of the asker's hospital that the expert has taken. */
async function openCase(node, tokens) {
  const id = randomUUID();
  await call(node, tokens.asker, 'PUT', `ServiceRequest/${id}`, {
    resourceType: 'ServiceRequest', id, status: 'draft', intent: 'order', priority: 'routine',
    category: [{ coding: [{ system: `${BELAY}/case-kind`, code: 'mdt' }] }], subject: { reference: 'Patient/demo-patient-12' },
    reasonCode: [{ text: 'Ten weeks after the infarction: which load may he bear, and who follows him?' }],
    performer: [{ reference: 'Organization/demo-dalian-emergency-and-critical-care' }],
  });
  await operation(node, tokens.asker, id, 'send');
  await operation(node, tokens.expert, id, 'accept');
  return id;
}

/** Tomorrow, and in a quarter of an hour from now, as the clocks of the browsers have it. */
const TOMORROW = new Date(Date.now() + 86_400_000).toLocaleDateString('sv', { timeZone: 'Asia/Shanghai' });

async function calls({ page }, node, id) {
  await step('mdt: an expert calls a meeting on the page of the case', async () => {
    await page.goto(`${node.address}/#/case/${id}`);
    await page.getByText('Call a meeting', { exact: true }).click();
    await page.getByRole('button', { name: 'Call the meeting' }).click();
    await page.getByText('This is needed before it can be sent.').waitFor();
    await page.getByLabel('What is it about?').fill('Load, and who follows him');
    await page.getByLabel('Day').fill(TOMORROW);
    await page.getByLabel('From').fill('15:30');
    await page.getByLabel('How long').selectOption('45');
    await page.getByLabel('Who is invited?').fill('Liu');
    await page.getByRole('button', { name: /Liu Bin/ }).click();
    await page.getByLabel('Who is invited?').fill('Rehab');
    await page.getByRole('button', { name: /Rehabilitation/ }).first().click();
    await page.getByLabel('Who is invited?').fill('Pema Yang');
    await page.getByRole('button', { name: /Pema Yangchen/ }).click();
    await whole(page, 'desk-mdt-call');
    await page.getByRole('button', { name: 'Call the meeting' }).click();
    await page.getByRole('heading', { name: 'Who takes part' }).waitFor();
    await page.getByText('2 answers missing').waitFor();
    await whole(page, 'desk-meeting-called');
  });
  await addressHas(page, /meeting\/[^?]+/);
  return /meeting\/([^?]+)/.exec(page.url())[1];
}

async function answers(guest, asker, node, meeting) {
  await step('mdt: who is invited by name finds it under Today, on a phone, and says yes', async () => {
    const { page } = guest;
    await page.goto(`${node.address}/#/today`);
    const row = page.getByRole('link', { name: /Load, and who follows him/ });
    await row.getByText('Will you come?').waitFor();
    await picture(page, 'phone-today-meetings');
    await row.click();
    await page.getByLabel('A word with it').fill('From the clinic, by phone');
    await page.getByRole('button', { name: 'I will come' }).click();
    await page.getByText('From the clinic, by phone').waitFor();
    await page.getByRole('heading', { name: 'Change your answer' }).waitFor();
    await whole(page, 'phone-meeting');
    await page.getByRole('link', { name: 'To the case' }).click();
    await page.getByRole('heading', { name: /Ten weeks after the infarction/ }).waitFor();
  });
  await step('mdt: a time to take along says nothing of the patient', async () => {
    const { page } = asker;
    await page.goto(`${node.address}/#/meeting/${meeting}`);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: /calendar/ }).click()]);
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    check(/DTSTART:\d{8}T073000Z/.test(text) && /DTEND:\d{8}T081500Z/.test(text), text);
    check(!/infarction|Load/.test(text) && text.includes(meeting), text);
  });
}

/** The node's clock is not turned: the meeting that is held began a moment ago. */
async function heldMeeting(node, tokens, id) {
  const meeting = randomUUID();
  const at = (minutes) => new Date(Date.now() + minutes * 60_000).toISOString();
  await operation(node, tokens.expert, id, 'call-mdt', [
    { name: 'id', valueId: meeting }, { name: 'subject', valueString: 'Afterload, and the way home' },
    { name: 'start', valueInstant: at(-10) }, { name: 'end', valueInstant: at(20) },
    { name: 'person', valueReference: { reference: 'Practitioner/demo-liu-bin' } }, { name: 'person', valueReference: { reference: 'Practitioner/demo-pema-yangchen' } },
  ]);
  for (const who of ['guest', 'asker']) await operation(node, tokens[who], id, 'mdt-reply', [{ name: 'meeting', valueId: meeting }, { name: 'answer', valueCode: 'accepted' }]);
  return meeting;
}

async function minutes(expert, asker, guest, node, held) {
  await step('mdt: who called it writes the minutes: what was said, what was decided, who was there', async () => {
    const { page } = expert;
    await page.goto(`${node.address}/#/mdt`);
    await page.getByRole('link', { name: /Afterload/ }).getByText('Write the minutes').waitFor();
    await whole(page, 'desk-mdt');
    await page.getByRole('link', { name: /Afterload/ }).click();
    await page.getByLabel('What was said').fill('Echo and walking test seen by all. No failure, ejection fraction 52 %.');
    await page.getByLabel('Decision 1').fill('Walk every day, stairs from the third week.');
    await page.getByRole('button', { name: 'Another decision' }).click();
    await page.getByLabel('Decision 2').fill('Nagqu follows him, with a call each month.');
    await eventually(() => page.getByLabel('Liu Bin').isChecked(), 'who said yes is not ticked');
    await whole(page, 'desk-minutes-form');
    await page.getByRole('button', { name: 'Send the minutes' }).click();
    await page.getByRole('heading', { name: 'Minutes', exact: true }).waitFor();
  });
  await step('mdt: each who takes part agrees or does not, and a second word replaces the first', async () => {
    const { page } = guest;
    await page.goto(`${node.address}/#/today`);
    await page.getByRole('link', { name: /Afterload/ }).getByText('Do you agree?').waitFor();
    await page.getByRole('link', { name: /Afterload/ }).click();
    await page.getByLabel('A word on decision 2').fill('Two calls in the first month');
    await page.getByRole('button', { name: 'I do not agree' }).nth(1).click();
    await page.getByText('Liu Bin does not agree').waitFor();
    await page.getByRole('button', { name: 'I agree' }).first().click();
    await page.getByText('Liu Bin agrees').waitFor();
    await page.getByRole('button', { name: 'Change my word' }).nth(1).click();
    await page.getByRole('button', { name: 'I agree' }).first().click();
    await page.getByText('Liu Bin does not agree').waitFor({ state: 'detached' });
    await exactly(2, page.getByText('Liu Bin agrees'));
    await whole(page, 'phone-decisions');
  });
  await step('mdt: on paper it is the protocol', async () => {
    const { page } = asker;
    await page.goto(`${node.address}/#/meeting/${held}`);
    await page.getByRole('heading', { name: 'Decisions' }).waitFor();
    await page.emulateMedia({ media: 'print' });
    await picture(page, 'paper-meeting');
    await eventually(async () => !await page.getByRole('button', { name: 'I agree' }).first().isVisible(), 'buttons are printed');
    await page.emulateMedia({ media: 'screen' });
  });
  await step('mdt: the decision is taken over into the answer', async () => {
    const { page } = expert;
    await page.goto(`${node.address}/#/meeting/${held}`);
    await page.getByRole('link', { name: 'Take over into the answer' }).click();
    await page.getByLabel('Your assessment').waitFor();
    // a case that was open before is shown as it was, and read again
    await eventually(async () => /ejection fraction/.test(await page.getByLabel('Your assessment').inputValue()), 'the assessment is empty');
    await eventually(async () => /2\. Nagqu follows him/.test(await page.getByLabel(/What shall be done now/).inputValue()), 'the advice is empty');
    await whole(page, 'desk-case-with-meetings');
  });
}

async function rehabilitation(expert, asker, node, id) {
  await step('plan: the expert plans goals and sessions', async () => {
    const { page } = expert;
    await page.goto(`${node.address}/#/case/${id}`);
    await page.getByText('Plan rehabilitation', { exact: true }).click();
    await page.getByLabel('What the plan is').fill('Heart after infarction: build up slowly, stop at chest pain or a pulse above 120.');
    await page.getByLabel('Goal 1').fill('Walks to the well and back without a rest');
    await page.getByLabel('Until').fill(TOMORROW);
    await page.getByLabel('What is done (1)').fill('Walk on the level for 20 minutes');
    await page.getByRole('button', { name: 'Another kind of session' }).click();
    await page.getByLabel('What is done (2)').fill('Stairs, one floor');
    await page.getByLabel('Times').nth(1).fill('2');
    await whole(page, 'desk-plan-form');
    await page.getByRole('button', { name: 'Send the plan' }).click();
    await page.getByRole('heading', { name: 'Rehabilitation' }).waitFor();
    await page.getByText('0 of 18 done').waitFor();
  });
  await step('plan: the hospital that asked reports a session on a phone, and judges a goal', async () => {
    const { page } = asker;
    await page.goto(`${node.address}/#/case/${id}`);
    await page.getByText('Report a session', { exact: true }).click();
    await page.getByRole('group', { name: 'Did it take place?' }).getByText('Yes', { exact: true }).click();
    await page.getByLabel('How did it go?').fill('18 minutes, pulse 104 at the end');
    await whole(page, 'phone-session-form');
    await page.getByRole('button', { name: 'Send the report' }).click();
    await page.getByText('1 of 18 done').waitFor();
    await page.getByRole('button', { name: 'What became of it?' }).click();
    await page.getByRole('button', { name: 'Reached in part' }).click();
    await page.locator('.goal .state').getByText('Reached in part').waitFor();
    await whole(page, 'phone-plan');
  });
  await step('plan: the expert sees it at once', async () => {
    const { page } = expert;
    await page.getByText('1 of 18 done').waitFor();
    await page.getByText('18 minutes, pulse 104 at the end').waitFor();
    await page.getByText('Make a new plan').waitFor();
    await whole(page, 'desk-plan');
  });
}

export async function meeting(node, browser) {
  const tokens = Object.fromEntries(Object.entries(PEOPLE).map(([part, [name, id]]) => [part, node.token(name, part === 'asker' ? 'clinician' : 'expert', '--practitioner', `demo-${id}`)]));
  const asker = await person(browser, node.address, PHONE);
  const expert = await person(browser, node.address, DESK);
  const guest = await person(browser, node.address, PHONE);
  let id = '';
  await step('mdt: three people sign in', async () => {
    id = await openCase(node, tokens);
    await signIn(asker.page, node.address, tokens.asker);
    await signIn(expert.page, node.address, tokens.expert);
    await signIn(guest.page, node.address, tokens.guest);
  });
  const called = await calls(expert, node, id);
  await answers(guest, asker, node, called);
  const held = await heldMeeting(node, tokens, id);
  await minutes(expert, asker, guest, node, held);
  await rehabilitation(expert, asker, node, id);
  await step('mdt: no script error, no request elsewhere', async () => {
    const all = [asker, expert, guest].flatMap((someone) => someone.complaints);
    check(all.length === 0, all.join('\n'));
  });
}
