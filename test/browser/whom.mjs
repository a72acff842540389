// SPDX-License-Identifier: Apache-2.0
// Whom to ask: a doctor says what it is about, sees who can help, nearest first and how soon
// they answer, whether it can be done here, takes one of them or any other department, and
// the case goes there.
import { DESK, PHONE, accessible, enterByName, fits, person, picture } from './lib/browser.mjs';
import { check, exactly, none, reads, step } from './lib/report.mjs';

const MINUTE = 60_000;
const TWIN = 'demo-dalian-general-surgery';
const CLOCK = 'https://belay.health/StructureDefinition/case-clock';

async function operate(node, path, resources) {
  const entry = (resources ?? []).map((resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } }));
  const answer = await fetch(`${node.address}/fhir${path}`, {
    method: resources ? 'POST' : 'GET', headers: { Authorization: `Bearer ${node.token('Loader of answers', 'program')}`, 'Content-Type': 'application/fhir+json' },
    ...(resources ? { body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }) } : {}),
  });
  check(answer.ok, `the operator: ${answer.status} ${(await answer.clone().text()).slice(0, 300)}`);
  return answer.json();
}

/** Six urgent cases that the twin has answered, after 10 to 60 minutes. */
async function putAnswers(node) {
  await operate(node, '', Array.from({ length: 6 }, (_, at) => {
    const sent = new Date(Date.now() - (at + 2) * 86_400_000);
    const after = (minutes) => new Date(sent.getTime() + minutes * MINUTE).toISOString();
    const clock = { sent: after(0), 'allocate-by': after(30), 'answer-by': after(240), allocated: after(5), answered: after(10 * (at + 1)) };
    const numbers = { 'paused-seconds': 0, level: 0, 'allocate-seconds': 1800, 'answer-seconds': 14400 };
    const extension = [
      ...Object.entries(clock).map(([url, valueInstant]) => ({ url, valueInstant })), ...Object.entries(numbers).map(([url, valueInteger]) => ({ url, valueInteger })),
    ];
    const common = { id: `whom-${at}`, intent: 'order', priority: 'urgent', authoredOn: sent.toISOString() };
    return [
      { resourceType: 'ServiceRequest', ...common, status: 'completed', subject: { reference: 'Patient/demo-patient-12' }, performer: [{ reference: `Organization/${TWIN}` }] },
      {
        resourceType: 'Task', ...common, status: 'completed', code: { coding: [{ system: 'https://belay.health/CodeSystem/task', code: 'answer-case' }] },
        focus: { reference: `ServiceRequest/whom-${at}` }, extension: [{ url: CLOCK, extension }],
      },
    ];
  }).flat());
}

const part = (page) => page.getByRole('region', { name: 'Whom to ask' });

/** A question about ${name}, up to whom it goes to. */
async function begin(page, node, name) {
  await page.goto(`${node.address}/#/ask`);
  await page.getByLabel('Name or identifier').fill(name);
  await page.getByRole('option', { name: /Register/ }).click();
  await page.getByRole('radio', { name: 'female', exact: true }).check();
  await page.getByLabel('Age', { exact: true }).fill('31');
  await page.getByLabel('What do you need to know?').fill('Pain in the right lower belly since last night: operate here?');
  await part(page).getByRole('button', { name: 'Look up who can help' }).click();
  await part(page).getByLabel('What does the patient have or need?').fill('acute appendic');
  await part(page).getByRole('radio', { name: /Acute appendicitis/ }).first().check();
}

/** The performer of the case that the page shows. */
async function askedOf(page, node) {
  await page.getByText('Sent. The experts').waitFor();
  const id = new URL(page.url()).hash.replace(/^#\/case\//, '').replace(/\?.*/, '');
  return operate(node, `/ServiceRequest/${id}`);
}

async function byPhone(doctor, node) {
  const { page } = doctor;
  await step('whom: it is said where the question goes, and what is wanted before options are shown', async () => {
    await begin(page, node, 'Dekyi of Nyima');
    await part(page).getByText(/The question goes to .*Dalian/).waitFor();
    await part(page).getByText('Choose the patient and the urgency above').waitFor();
    await none(page.locator('.route-option'), 'options are shown without an urgency');
  });
  await step('whom: the options stand nearest first, with reasons and how soon they answer', async () => {
    await page.getByRole('radio', { name: /Urgent/ }).check();
    await part(page).getByText('By the records it can be done here').waitFor();
    const options = part(page).locator('.route-option');
    await exactly(3, options);
    await reads(options, /Nagqu/);
    await options.getByText(/good results/).first().waitFor();
    await part(page).getByText('First answer after 30 min, nine of ten within 1 h (6 answers in 90 days)').first().waitFor();
    await part(page).getByRole('button', { name: /^Show all/ }).click();
    await options.nth(3).waitFor(); // more than those
    await picture(page, 'phone-whom');
    await fits(page);
    await accessible(page);
  });
  await step('whom: an option is taken, who will see the record changes with it, and the case goes there', async () => {
    await part(page).locator('.route-option').filter({ hasText: 'Lhasa' }).first().getByRole('button').click();
    await part(page).getByText('The question goes to General surgery, Lhasa People\'s Hospital.').waitFor();
    await picture(page, 'phone-whom-chosen', false);
    await page.getByRole('button', { name: 'Send as urgent' }).click();
    const request = await askedOf(page, node);
    check(request.performer[0].reference === 'Organization/demo-lhasa-general-surgery', `it went to ${JSON.stringify(request.performer)}`);
    check(request.reasonCode[1].coding[0].code.startsWith('K35'), 'what it is about is lost');
    check(request.reasonCode[0].text.startsWith('Pain in the right'), 'the question is another');
  });
}

async function atDesk(doctor, node) {
  const { page } = doctor;
  await step('whom: any other department can be chosen, and the usual one again', async () => {
    await begin(page, node, 'Yudron of Seni');
    await page.getByRole('radio', { name: /Routine/ }).check();
    await part(page).locator('.route-option').first().waitFor();
    await part(page).getByText('Choose from all departments').click();
    await part(page).getByLabel('Department', { exact: true }).fill('Guangzhou');
    await part(page).getByRole('radio', { name: /Obstetrics, Guangzhou/ }).check();
    await part(page).getByText(/The question goes to Obstetrics, Guangzhou/).waitFor();
    await picture(page, 'desk-whom');
    await fits(page);
    await accessible(page);
    await part(page).getByRole('button', { name: 'Back to the usual department' }).click();
    await part(page).getByText(/The question goes to .*Dalian/).waitFor();
  });
  await step('whom: who chose nothing asks the department that stands by theirs', async () => {
    await page.getByRole('button', { name: 'Send the question' }).click();
    const request = await askedOf(page, node);
    check(/^Organization\/demo-dalian/.test(request.performer[0].reference), `it went to ${JSON.stringify(request.performer)}`);
  });
}

export async function choosing(node, browser, accounts) {
  const phone = await person(browser, node.address, PHONE);
  const desk = await person(browser, node.address, DESK);
  await step('whom: a doctor signs in', async () => {
    await putAnswers(node);
    await enterByName(phone.page, node.address, accounts.clinician);
    await enterByName(desk.page, node.address, accounts.clinician);
  });
  await byPhone(phone, node);
  await atDesk(desk, node);
  await step('whom: no script error, no breach of the content policy', async () => {
    const all = [...desk.complaints, ...phone.complaints];
    check(all.length === 0, all.join('\n'));
  });
  await desk.context.close();
  await phone.context.close();
}
