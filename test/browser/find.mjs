// SPDX-License-Identifier: Apache-2.0
// Find who can: a doctor looks up an illness, sees who can treat it, nearest first, why, and
// where; on a desk and on a phone, in English and Chinese.
import { DESK, PHONE, accessible, address as addressHas, fits, person, picture } from './lib/browser.mjs';
import { check, eventually, reads, step } from './lib/report.mjs';

const ASKED = '#/find?code=http%3A%2F%2Fhl7.org%2Ffhir%2Fsid%2Ficd-10-cm%7CK80';

async function enter({ page }, node, hash) {
  await page.goto(`${node.address}/#/token`);
  await page.getByLabel('Token').fill(node.token('Finder', 'clinician', '--practitioner', 'demo-pema-yangchen'));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  await page.goto(`${node.address}/${hash}`);
  await page.getByRole('heading', { name: 'Find who can', level: 1 }).waitFor();
}

const options = (page) => page.locator('.route-option');

async function atDesk(doctor) {
  const { page } = doctor;
  await step('find: an illness is found by a few letters, and everything can be done by keyboard', async () => {
    await page.getByText('Choose an illness or a procedure, and you see').waitFor();
    await page.getByLabel('What does the patient have or need?').fill('gallst');
    await page.getByRole('radio', { name: /· K80$/ }).focus();
    await page.keyboard.press('Space');
    await options(page).first().waitFor();
    await addressHas(page, 'K80');
  });
  await step('find: the nearest that is safe stands first, what is not safe says why', async () => {
    await reads(options(page), (first) => /In the region/.test(first) && /Lhasa/.test(first) && /Safe/.test(first) && /860 m lower/.test(first), 'another stands first');
    await reads(page.locator('.route-option-unsafe'), 'Equipment that is needed is out of service');
    await options(page).first().getByText(/good results/).waitFor(); // what was shown, apart from what is allowed
    await options(page).first().getByText('Why here').click();
    await options(page).first().getByText(/Free beds: \d/).waitFor();
    await page.getByRole('img', { name: /Where the options lie/ }).waitFor();
    await picture(page, 'desk-find');
    await fits(page);
    await accessible(page);
  });
  await step('find: another state of the patient changes the answer, and the address holds it', async () => {
    await page.getByLabel('may not travel').check();
    await page.getByText('The patient may not travel.').first().waitFor();
    await addressHas(page, 'travel=no');
    await page.reload();
    await page.getByText('The patient may not travel.').first().waitFor();
    await eventually(() => page.getByLabel('may not travel').isChecked(), 'the flag is lost');
    await page.getByLabel('may not travel').uncheck();
    await page.getByLabel('Where is the patient?').selectOption({ label: 'Medog County People\'s Hospital' });
    await page.getByRole('heading', { name: /From Medog County/ }).waitFor();
  });
  await step('find: the same in Chinese, and an illness by its Chinese name', async () => {
    await page.locator('.account summary').click();
    await page.getByLabel('Language').selectOption('zh'); // it goes with the account
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: '谁能治', level: 1 }).waitFor();
    await page.getByLabel('患者患什么病或需要什么治疗？').fill('阑尾');
    await page.getByRole('radio', { name: /急性阑尾炎/ }).check();
    await options(page).first().waitFor();
    await picture(page, 'desk-find-zh');
    await page.locator('.account summary').click();
    await page.getByLabel('语言').selectOption('en');
    await page.keyboard.press('Escape');
  });
}

async function onPhone(doctor) {
  const { page } = doctor;
  await step('find: it fits a phone', async () => {
    await options(page).first().waitFor();
    await picture(page, 'phone-find');
    await fits(page);
    await accessible(page);
  });
}

export async function finding(browser, node) {
  const desk = await person(browser, node.address, DESK);
  await enter(desk, node, '#/find');
  await atDesk(desk);
  const phone = await person(browser, node.address, PHONE);
  await enter(phone, node, ASKED);
  await onPhone(phone);
  for (const { complaints, context } of [desk, phone]) {
    check(complaints.length === 0, complaints.join('\n'));
    await context.close();
  }
}
