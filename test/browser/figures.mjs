// SPDX-License-Identifier: Apache-2.0
// Figures computed from records: a coordinator sees each with its definition, for a year and for ten,
// and opens the records that make it up.
import { DESK, PHONE, person, whole } from './lib/browser.mjs';
import { check, step } from './lib/report.mjs';

const BELAY = 'https://belay.health';
const role = (code) => [{ coding: [{ system: `${BELAY}/CodeSystem/role`, code }] }];
const year = new Date().getUTCFullYear() - 1;

async function store(node) {
  const team = [{ url: `${BELAY}/StructureDefinition/posting-team`, valueReference: { reference: 'Organization/fg-team' } }];
  const posting = (id, who, from) => ({
    resourceType: 'PractitionerRole', id, active: true, code: role('expert'), period: { start: `${from}-02-01`, end: `${from}-11-30` }, extension: team,
    practitioner: { reference: `Practitioner/${who}`, display: who }, organization: { reference: 'Organization/fg-host' },
  });
  const all = [
    { resourceType: 'Organization', id: 'fg-host', name: 'Figure Hospital' }, { resourceType: 'Organization', id: 'fg-body', name: 'Sending Hospital' },
    { resourceType: 'Organization', id: 'fg-team', name: 'Team', partOf: { reference: 'Organization/fg-body' } },
    { resourceType: 'Practitioner', id: 'fg-commission', name: [{ text: 'Figure Commission' }] }, { resourceType: 'Practitioner', id: 'fg-one', name: [{ text: 'Figure One' }] },
    { resourceType: 'PractitionerRole', id: 'fg-post', practitioner: { reference: 'Practitioner/fg-commission' }, code: role('coordinator') },
    posting('fg-a', 'fg-one', year - 7), posting('fg-b', 'fg-one', year - 8),
  ];
  const answer = await fetch(`${node.address}/fhir`, {
    method: 'POST', headers: { Authorization: `Bearer ${node.token('Loader of figures', 'program')}`, 'Content-Type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry: all.map((resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } })) }),
  });
  check(answer.ok, `storing: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
}

async function enter({ page }, node) {
  await page.goto(`${node.address}/#/token`);
  await page.getByLabel('Token').fill(node.token('Figure Commission', 'program', '--practitioner', 'Practitioner/fg-commission'));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Numbers', level: 1 }).waitFor();
}

export async function figures(node, browser) {
  const desk = await person(browser, node.address, DESK);
  const { page } = desk;
  const card = page.getByRole('article', { name: 'Experts deployed' });
  await step('figures: a coordinator sees what the records come to, and what is counted', async () => {
    await store(node);
    await enter(desk, node);
    await page.getByRole('link', { name: 'Figures' }).first().click();
    await page.getByRole('heading', { name: 'Figures', level: 1 }).waitFor();
    await page.getByLabel('Year').selectOption(String(year - 7));
    await card.locator('strong', { hasText: /^1$/ }).waitFor();
    await card.getByText('What is counted').click();
    await card.getByText(/each once, however many postings/).waitFor();
  });
  await step('figures: the records behind one are a press away, for ten years too', async () => {
    await page.getByLabel('Year').selectOption('all');
    await card.getByRole('button', { name: 'Show the records' }).click();
    await card.getByRole('link', { name: 'its record' }).first().waitFor();
    check(await card.getByRole('link', { name: 'Figure One' }).count() === 2, 'two postings of one person are expected');
    await page.locator('.skeleton').first().waitFor({ state: 'detached' });
    await whole(page, 'desk-figures');
  });
  await step('figures: a record says in words what it says, leads on, and is shown as it is kept', async () => {
    await card.getByRole('link', { name: 'its record' }).first().click();
    await page.getByRole('heading', { name: 'Record', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'Figure Hospital' }).waitFor();
    await page.getByText(/^Written /).first().waitFor();
    await page.getByText('As it is kept (FHIR)').click();
    await page.getByText('"resourceType": "PractitionerRole"').waitFor();
    await whole(page, 'desk-record');
    await page.getByRole('link', { name: 'Sending Hospital' }).or(page.getByRole('link', { name: 'Team' })).first().click();
    await page.getByText('Organization/fg-team', { exact: true }).waitFor();
    await page.goBack();
  });
  await step('figures: on a phone', async () => {
    const phone = await person(browser, node.address, PHONE);
    await enter(phone, node);
    await phone.page.goto(`${node.address}/#/figures?period=${year - 7}`);
    await phone.page.getByRole('article', { name: 'Experts deployed' }).locator('strong', { hasText: /^1$/ }).waitFor();
    await whole(phone.page, 'phone-figures');
    await phone.page.goto(`${node.address}/#/record/${encodeURIComponent('PractitionerRole/fg-a')}`);
    await phone.page.getByRole('link', { name: 'Figure Hospital' }).waitFor();
    await whole(phone.page, 'phone-record');
    check(phone.complaints.length === 0, phone.complaints.join('\n'));
    await phone.context.close();
  });
  check(desk.complaints.length === 0, desk.complaints.join('\n'));
  await desk.context.close();
}
