// SPDX-License-Identifier: Apache-2.0
// The page of a hospital: departments and who is on duty, who helps whom, beds, what can be
// done; one's own first, any other by its address, and nothing of a patient.
import { DESK, PHONE, accessible, address as addressHas, enterByName, fits, person, picture, signIn } from './lib/browser.mjs';
import { check, none, step } from './lib/report.mjs';

async function own({ page }, node, shape) {
  await step(`hospital: ${shape}: one's own stands first, with what is known of it`, async () => {
    await page.goto(`${node.address}/#/hospital`);
    await page.getByRole('heading', { name: 'Nagqu People\'s Hospital', level: 1 }).waitFor();
    await page.getByText('Nagqu, 4,510 m').waitFor();
    await page.getByText(/^\d+ of \d+$|^Not told$/).first().waitFor();
    await page.getByText(/^\d+ cases?$/).first().waitFor();
    await page.getByText('On duty now').first().waitFor();
    await page.getByRole('heading', { name: 'What can be done here' }).waitFor();
    await picture(page, `${shape}-hospital`);
    await fits(page);
    await accessible(page);
  });
}

const BELAY = 'https://belay.health';
const ref = (id) => ({ reference: id });

/** A pairing at Nagqu whose last case is ${days} days old; as the operator. */
async function pairingOf(node, id, days) {
  const at = new Date(Date.now() - days * 86_400_000).toISOString();
  const put = (resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } });
  const coded = (system, code) => [{ coding: [{ system: `${BELAY}/CodeSystem/${system}`, code }] }];
  const entry = [
    put({ resourceType: 'Organization', id: `${id}-there`, name: `Renal unit ${id}`, partOf: ref('Organization/demo-dalian') }),
    put({
      resourceType: 'OrganizationAffiliation', id, active: true, organization: ref('Organization/demo-nagqu'), participatingOrganization: ref(`Organization/${id}-there`),
      code: coded('affiliation', 'department-pair'), period: { start: '2025-01-01' },
    }),
    put({
      resourceType: 'ServiceRequest', id: `${id}-case`, status: 'completed', intent: 'order', category: coded('case-kind', 'consult'), subject: ref(`Patient/${id}`),
      authoredOn: at, performer: [ref(`Organization/${id}-there`)],
    }),
    put({ resourceType: 'Patient', id, managingOrganization: ref('Organization/demo-nagqu') }),
  ];
  const answer = await fetch(`${node.address}/fhir`, {
    method: 'POST', headers: { Authorization: `Bearer ${node.token('Loader of pairings', 'program')}`, 'Content-Type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }),
  });
  check(answer.ok, `storing ${id}: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
}

/** Somebody who heads a department of Nagqu. */
async function headOfNagqu(node) {
  const headers = { Authorization: `Bearer ${node.token('Loader of pairings', 'program')}`, 'Content-Type': 'application/fhir+json' };
  const records = [
    { resourceType: 'Practitioner', id: 'quiet-head', name: [{ text: 'Head at Nagqu' }] },
    {
      resourceType: 'PractitionerRole', id: 'quiet-head', active: true, practitioner: ref('Practitioner/quiet-head'), organization: ref('Organization/demo-nagqu'),
      code: [{ coding: [{ system: `${BELAY}/CodeSystem/role`, code: 'head-of-department' }] }],
    },
  ];
  for (const one of records) {
    const answer = await fetch(`${node.address}/fhir/${one.resourceType}/${one.id}`, { method: 'PUT', headers, body: JSON.stringify(one) });
    check(answer.ok, `storing ${one.id}: ${answer.status}`);
  }
  return node.token('Head at Nagqu', 'head-of-department', '--practitioner', 'Practitioner/quiet-head');
}

async function quiet(node, { page }, head) {
  await pairingOf(node, 'pair-quiet', 60);
  await pairingOf(node, 'pair-lively', 3);
  await step('hospital: a pairing that has gone quiet is an alarm on its page, one that has not is none', async () => {
    await page.goto(`${node.address}/#/hospital`);
    const alarm = page.getByRole('region', { name: 'Pairings that have gone quiet' });
    await alarm.getByRole('link', { name: /Dalian.*, Renal unit pair-quiet helps Nagqu/ }).waitFor();
    await alarm.getByText(/nothing together since .*; 45 days is the most/).first().waitFor();
    await none(alarm.getByText(/pair-lively/), 'a pairing with a case three days ago raises an alarm');
    await picture(page, 'desk-hospital-quiet');
    await accessible(page);
    await alarm.getByRole('link', { name: /Renal unit pair-quiet/ }).click();
    await page.getByRole('heading', { name: 'One pairing', level: 1 }).waitFor();
  });
  await step('hospital: a head is told on Today', async () => {
    await signIn(head.page, node.address, await headOfNagqu(node));
    const alarm = head.page.getByRole('region', { name: 'Pairings that have gone quiet' });
    await alarm.getByRole('link', { name: /Dalian.*, Renal unit pair-quiet helps Nagqu/ }).waitFor();
    await none(alarm.getByText(/pair-lively/), 'a pairing with a case three days ago is told as quiet');
    await picture(head.page, 'phone-today-quiet');
    await fits(head.page);
    await accessible(head.page);
  });
}

async function others({ page }, node) {
  await step('hospital: who helps is one click away, and helps back in its own list', async () => {
    const helped = page.getByRole('region', { name: 'Who helps here' });
    await helped.getByRole('link', { name: /Dalian/ }).first().click();
    await page.getByRole('heading', { name: 'Dalian General Hospital', level: 1 }).waitFor();
    await page.getByRole('region', { name: 'Whom it helps' }).getByRole('link', { name: /Nagqu/ }).first().waitFor();
    await none(page.getByText(/^\d+ cases?$/), 'another hospital\'s cases are counted');
    await accessible(page);
  });
  await step('hospital: any hospital by its address or from the list, a department\'s address too', async () => {
    await page.getByLabel('Hospital of the directory').selectOption({ label: 'Medog County People\'s Hospital' });
    await page.getByRole('heading', { name: /Medog County/, level: 1 }).waitFor();
    await addressHas(page, /#\/hospital\/demo-medog$/);
    await page.goto(`${node.address}/#/hospital/demo-lhasa-general-surgery`);
    await page.getByRole('heading', { name: 'Lhasa People\'s Hospital', level: 1 }).waitFor();
    await page.goto(`${node.address}/#/hospital/nowhere`);
    await page.getByText('The directory has no such hospital.').waitFor();
  });
  await step('hospital: it is linked from the finder and from a case', async () => {
    await page.goto(`${node.address}/#/case/demo-case-12`);
    await page.getByRole('link', { name: 'Nagqu People\'s Hospital' }).click();
    await page.getByRole('heading', { name: 'Nagqu People\'s Hospital', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'Find who can, from here' }).click();
    await page.getByRole('heading', { name: 'Find who can', level: 1 }).waitFor();
    await addressHas(page, 'demo-nagqu');
  });
}

export async function hospitals(node, browser, accounts) {
  const desk = await person(browser, node.address, DESK);
  const phone = await person(browser, node.address, PHONE);
  const patients = [];
  for (const { page } of [desk, phone]) page.on('request', (request) => { if (/\/fhir\/(Patient|ServiceRequest|Observation)/.test(request.url()) && page.url().includes('#/hospital')) patients.push(request.url()); });
  await step('hospital: a doctor signs in', async () => {
    await enterByName(desk.page, node.address, accounts.clinician);
    await enterByName(phone.page, node.address, accounts.clinician);
  });
  await own(desk, node, 'desk');
  await own(phone, node, 'phone');
  await step('hospital: nothing of a patient is asked for', async () => check(patients.length === 0, patients.join('\n')));
  await others(desk, node);
  const head = await person(browser, node.address, PHONE);
  await quiet(node, desk, head);
  await step('hospital: no script error, no breach of the content policy', async () => {
    const all = [...desk.complaints, ...phone.complaints, ...head.complaints];
    check(all.length === 0, all.join('\n'));
  });
  await desk.context.close();
  await phone.context.close();
  await head.context.close();
}
