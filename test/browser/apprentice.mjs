// SPDX-License-Identifier: Apache-2.0
// Apprenticeships: proposed on a phone, agreed to by master and head; the lineage as a picture
// that the keyboard reaches, and as a list.
import { DESK, PHONE, accessible, fits, person, picture } from './lib/browser.mjs';
import { check, eventually, step } from './lib/report.mjs';

const DEPARTMENT = 'Organization/demo-nagqu-emergency';

async function enter({ page }, node, who, hash, heading) {
  await page.goto(`${node.address}/#/token`);
  await page.getByLabel('Token').fill(node.token(`${who} apprentice`, 'clinician', '--practitioner', `Practitioner/${who}`));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  await page.goto(`${node.address}/${hash}`);
  await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
}

async function look(page, name) {
  await fits(page);
  await accessible(page);
  await picture(page, name);
}

/** The demonstration's department has nobody who heads it. */
async function makeHead(node) {
  const put = (resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } });
  const answer = await fetch(`${node.address}/fhir`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/fhir+json', Authorization: `Bearer ${node.token('apprentice operator', 'program')}` },
    body: JSON.stringify({
      resourceType: 'Bundle', type: 'transaction', entry: [
        put({ resourceType: 'Practitioner', id: 'emergency-head', name: [{ text: 'Jigme Rabten' }] }),
        put({
          resourceType: 'PractitionerRole', id: 'emergency-head', active: true, practitioner: { reference: 'Practitioner/emergency-head' }, organization: { reference: DEPARTMENT },
          code: [{ coding: [{ system: 'https://belay.health/CodeSystem/role', code: 'head-of-department' }] }],
        }),
      ],
    }),
  });
  check(answer.ok, `making a head: ${answer.status}`);
}

const card = (page, state) => page.locator('.apprentice-card').filter({ hasText: 'Pema Yangchen learns from Zhang Jing' }).filter({ hasText: state });

async function proposes({ page }) {
  await step('apprentice: an apprenticeship is proposed on a phone', async () => {
    await card(page, 'Under way').waitFor();
    await look(page, 'phone-apprenticeships');
    await page.getByRole('link', { name: 'Propose an apprenticeship' }).click();
    await page.getByRole('heading', { name: 'Propose an apprenticeship', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Propose an apprenticeship' }).click();
    await page.getByText('This is needed before it can be sent.').waitFor(); // nothing was chosen
    await page.getByText('I learn', { exact: true }).click();
    const partner = page.getByLabel('The department that teaches');
    await partner.locator('option', { hasText: 'Emergency and critical care' }).first().waitFor({ state: 'attached' });
    await partner.selectOption({ label: await partner.locator('option', { hasText: 'Emergency and critical care' }).first().innerText() });
    const master = page.getByLabel('Master', { exact: true });
    await master.locator('option', { hasText: 'Zhang Jing' }).waitFor({ state: 'attached' });
    await master.selectOption({ label: 'Zhang Jing' });
    await page.getByLabel('Procedure').selectOption('appendectomy');
    await page.getByLabel('To which level').selectOption('4');
    await page.getByRole('button', { name: 'Add this procedure' }).click();
    await page.getByText('Appendectomy: to “supervised only”').waitFor();
    await page.getByLabel('First day').fill(new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10)); // by every clock
    await page.getByLabel('Last day').fill(new Date(Date.now() + 200 * 86_400_000).toISOString().slice(0, 10));
    await look(page, 'phone-apprenticeship-propose');
    await page.getByRole('button', { name: 'Propose an apprenticeship' }).click();
    await card(page, 'Proposed').waitFor();
    await look(page, 'phone-apprenticeship-proposed');
  });
}

async function agrees({ page }, who, last) {
  await step(`apprentice: the ${who} agrees`, async () => {
    await page.getByRole('heading', { name: /Waiting for your word/ }).waitFor();
    await look(page, `desk-apprenticeships-${who}`);
    await card(page, 'Proposed').getByRole('button', { name: 'Agree', exact: true }).click();
    await page.getByRole('heading', { name: /Waiting for your word/ }).waitFor({ state: 'detached' });
    await card(page, 'Appendectomy').filter({ hasText: last ? 'Under way' : 'Proposed' }).waitFor();
  });
}

async function ends({ page }) {
  await step('apprentice: it is ended with a reason', async () => {
    const one = card(page, 'Appendectomy');
    await one.getByRole('button', { name: 'End it' }).click();
    await one.getByLabel('Why').fill('She moves to another hospital.');
    await one.getByRole('button', { name: 'End it' }).click();
    await card(page, 'Stopped').getByText('She moves to another hospital.').waitFor();
  });
}

async function follows({ page }, name) {
  await step(`apprentice: a lineage is a picture and a list (${name})`, async () => {
    await page.goto(`${new URL(page.url()).origin}/#/apprenticeships`);
    await page.getByRole('link', { name: 'My lineage' }).click();
    await page.getByRole('heading', { name: 'My lineage', level: 1 }).waitFor();
    const boxes = page.locator('svg.lineage a');
    await boxes.nth(1).waitFor(); // not one person alone
    await page.getByRole('heading', { name: /Who taught|Whom .* taught/ }).first().waitFor();
    await look(page, `${name}-lineage`);
  });
}

async function keyboard({ page }) {
  await step('apprentice: the picture is walked with the keyboard', async () => {
    await page.locator('svg.lineage a').first().focus();
    await page.keyboard.press('Tab');
    let label = '';
    await eventually(async () => {
      label = await page.evaluate(() => document.activeElement?.querySelector('title')?.textContent ?? '');
      return /Pema Yangchen/.test(label);
    }, () => `the second of the picture is ${label}`);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Lineage of Pema Yangchen', level: 1 }).waitFor();
  });
}

export async function apprentices(node, browser) {
  const phone = await person(browser, node.address, PHONE);
  const desk = await person(browser, node.address, DESK);
  const head = await person(browser, node.address, DESK);
  await makeHead(node);
  await enter(phone, node, 'demo-pema-yangchen', '#/apprenticeships', 'Apprenticeships');
  await proposes(phone);
  await enter(desk, node, 'demo-zhang-jing', '#/apprenticeships', 'Apprenticeships');
  await agrees(desk, 'master', false);
  await enter(head, node, 'emergency-head', '#/apprenticeships', 'Apprenticeships');
  await agrees(head, 'head', true);
  await follows(phone, 'phone');
  await follows(desk, 'desk');
  await keyboard(desk);
  await ends(head);
  for (const { complaints, context } of [phone, desk, head]) {
    check(complaints.length === 0, complaints.join('\n'));
    await context.close();
  }
}
