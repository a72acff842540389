// SPDX-License-Identifier: Apache-2.0
// The quality of data: a head of department sees what is worth a second look in the hospital, and which
// records, with who can mend each; a coordinator sees the counts alone; once it is mended it is gone.
import { DESK, PHONE, accessible, fits, person, picture } from './lib/browser.mjs';
import { check, step } from './lib/report.mjs';

const BELAY = 'https://belay.health';
const role = (code) => [{ coding: [{ system: `${BELAY}/CodeSystem/role`, code }] }];
const HOME = { reference: 'Organization/ql-home' };

async function store(node, all) {
  const answer = await fetch(`${node.address}/fhir`, {
    method: 'POST', headers: { Authorization: `Bearer ${node.token('Loader of faults', 'program')}`, 'Content-Type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry: all.map((resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } })) }),
  });
  check(answer.ok, `storing: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
}

const patient = (id, born) => ({ resourceType: 'Patient', id, name: [{ text: 'Rinchen Wangdu' }], birthDate: born, managingOrganization: HOME });
const somebody = (id, name, code, at) => [
  { resourceType: 'Practitioner', id, name: [{ text: name }] },
  { resourceType: 'PractitionerRole', id, active: true, practitioner: { reference: `Practitioner/${id}`, display: name }, code: role(code), ...(at ? { organization: at } : {}) },
];

async function faults(node) {
  await store(node, [
    { resourceType: 'Organization', id: 'ql-home', name: 'Quality Hospital', address: [{ country: 'CN' }] },
    ...somebody('ql-head', 'Quality Head', 'head-of-department', HOME), ...somebody('ql-nurse', 'Quality Nurse', 'nurse', HOME), ...somebody('ql-office', 'Quality Office', 'coordinator'),
    patient('ql-one', '1970-02-03'), patient('ql-two', '1970-02-03'),
    {
      resourceType: 'Observation', id: 'ql-pulse', status: 'final', code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] }, subject: { reference: 'Patient/ql-one', display: 'Rinchen Wangdu' },
      effectiveDateTime: new Date(Date.now() - 3_600_000).toISOString(), performer: [{ reference: 'Practitioner/ql-nurse' }], valueQuantity: { value: 7200, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
    },
  ]);
}

async function enter({ page }, node, name, id) {
  await page.goto(`${node.address}/#/token`);
  await page.getByLabel('Token').fill(node.token(name, 'program', '--practitioner', `Practitioner/${id}`));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('main h1').waitFor();
  await page.goto(`${node.address}/#/quality`);
  await page.getByRole('heading', { name: 'Data quality', level: 1 }).waitFor();
}

const hospital = (page) => page.getByRole('article', { name: 'Quality Hospital' });

export async function dataQuality(node, browser) {
  await faults(node);
  const head = await person(browser, node.address, PHONE);
  const office = await person(browser, node.address, DESK);
  await step('quality: a head sees which records, and who can mend each', async () => {
    const { page } = head;
    await enter(head, node, 'Quality Head', 'ql-head');
    await hospital(page).getByRole('button', { name: 'Impossible value 1' }).click();
    await hospital(page).getByRole('link', { name: 'Measurement · Rinchen Wangdu' }).waitFor();
    await hospital(page).getByText('Can be mended by: Quality Nurse').waitFor();
    await hospital(page).getByRole('button', { name: 'Twice the same 1' }).click();
    await hospital(page).getByRole('link', { name: 'Patient · Rinchen Wangdu' }).waitFor();
    await hospital(page).getByRole('link', { name: 'The other record' }).waitFor();
    await fits(page);
    await accessible(page);
    await picture(page, 'phone-quality');
    await hospital(page).getByRole('link', { name: 'Patient · Rinchen Wangdu' }).click();
    await page.locator('pre', { hasText: '"ql-two"' }).waitFor({ state: 'attached' });
  });
  await step('quality: a coordinator sees counts, and no patient', async () => {
    const { page } = office;
    await enter(office, node, 'Quality Office', 'ql-office');
    await hospital(page).getByRole('button', { name: 'Twice the same 1 to 4' }).click();
    await hospital(page).getByText('Which they are is seen by those who may read').waitFor();
    check(await page.getByText('Rinchen Wangdu').count() === 0, 'a coordinator is told the name of a patient');
    await fits(page);
    await accessible(page);
    await picture(page, 'desk-quality');
  });
  await step('quality: what is mended is gone', async () => {
    const { page } = head;
    await store(node, [patient('ql-two', '1971-02-03')]);
    await page.goto(`${node.address}/#/quality`);
    await hospital(page).getByRole('button', { name: 'Impossible value 1' }).waitFor();
    check(await hospital(page).getByRole('button', { name: /Twice the same/ }).count() === 0, 'what is mended is still told');
  });
  for (const { complaints, context } of [head, office]) {
    check(complaints.length === 0, complaints.join('\n'));
    await context.close();
  }
}
