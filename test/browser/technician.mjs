// SPDX-License-Identifier: Apache-2.0
// A technician, who operates nothing and is sent no cases: the logbook in words that fit, what is no
// operation first in the list, and the pages of the rest of the hospital out of sight.
import { PHONE, accessible, fits, person, picture } from './lib/browser.mjs';
import { check, none, step } from './lib/report.mjs';

const ROLE = 'https://belay.health/CodeSystem/role';

async function call(node, token, method, path, body) {
  const answer = await fetch(`${node.address}/fhir/${path}`, { method, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/fhir+json' }, ...(body ? { body: JSON.stringify(body) } : {}) });
  check(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.json();
}

/** One of the department of pema-yangchen. */
async function posted(node) {
  const program = node.token('Operator technician', 'program');
  const posts = await call(node, program, 'GET', 'PractitionerRole?practitioner=Practitioner/demo-pema-yangchen');
  const { organization } = posts.entry.map((entry) => entry.resource).find((post) => post.code[0].coding[0].code === 'clinician');
  await call(node, program, 'PUT', 'Practitioner/lb-technician', { resourceType: 'Practitioner', id: 'lb-technician', active: true, name: [{ text: 'Jamyang Lhundup' }] });
  await call(node, program, 'PUT', 'PractitionerRole/lb-technician', {
    resourceType: 'PractitionerRole', id: 'lb-technician', active: true, practitioner: { reference: 'Practitioner/lb-technician' }, organization, code: [{ coding: [{ system: ROLE, code: 'technician' }] }],
  });
}

async function look(page, name) {
  await fits(page);
  await accessible(page);
  await picture(page, name);
}

export async function technician(node, browser) {
  const phone = await person(browser, node.address, PHONE);
  const { page } = phone;
  await step('technician: begins with the logbook, and no page of cases is offered', async () => {
    await posted(node);
    await page.goto(`${node.address}/#/token`);
    await page.getByLabel('Token').fill(node.token('Jamyang technician', 'technician', '--practitioner', 'lb-technician'));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'My logbook', level: 1 }).waitFor();
    await page.getByText('Begin with “Log what was done”').waitFor();
    await none(page.locator('main').getByText(/operation/i), 'the empty logbook speaks of operations');
    await none(page.getByRole('link', { name: /^Cases/ }), 'cases are offered');
    await none(page.getByRole('link', { name: /^Ask/ }), 'asking is offered');
  });
  await step('technician: an examination is logged like an operation, in words that fit', async () => {
    await page.getByRole('link', { name: 'Log what was done' }).click();
    await page.getByRole('heading', { name: 'Log what was done', level: 1 }).waitFor();
    const groups = await page.getByLabel('Procedure').locator('optgroup').evaluateAll((all) => all.map((one) => one.label));
    check(groups.join(' | ') === 'Examinations, treatment and care | Operations and interventions', groups.join(' | '));
    await page.getByLabel('Procedure').selectOption('echocardiography');
    const part = page.getByRole('group', { name: 'My part' });
    await none(part.getByText('Operated'), 'who examines is said to operate');
    await part.getByText('Did it').click();
    await page.getByLabel('With', { exact: true }).selectOption({ label: 'Pema Yangchen' });
    await look(page, 'phone-technician-log');
    await page.getByRole('button', { name: 'Put it in the logbook' }).click();
    await page.getByRole('article').filter({ hasText: 'Echocardiography' }).getByText('Did it 1').waitFor();
    await page.locator('.log-rows > li').filter({ hasText: 'Pema Yangchen (Supervised)' }).waitFor();
    await look(page, 'phone-technician-logbook');
  });
  check(phone.complaints.length === 0, phone.complaints.join('\n'));
  await phone.context.close();
}
