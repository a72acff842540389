// SPDX-License-Identifier: Apache-2.0
// The page of a hospital: departments and who is on duty, who helps whom, beds, what can be
// done; one's own first, any other by its address, and nothing of a patient.
import { DESK, PHONE, accessible, address as addressHas, enterByName, fits, person, picture } from './lib/browser.mjs';
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
  await step('hospital: no script error, no breach of the content policy', async () => {
    const all = [...desk.complaints, ...phone.complaints];
    check(all.length === 0, all.join('\n'));
  });
  await desk.context.close();
  await phone.context.close();
}
