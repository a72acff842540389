// SPDX-License-Identifier: Apache-2.0
// The capability map: a coordinator sees who can do what, goes down to what proves one cell,
// back in time, and sees what is left without the experts; at a desk and on a phone.
import { DESK, PHONE, accessible, fits, person, picture } from './lib/browser.mjs';
import { check, reads, step } from './lib/report.mjs';

async function enter({ page }, node) {
  await page.goto(`${node.address}/#/token`);
  await page.getByLabel('Token').fill(node.token('Mapper', 'coordinator', '--practitioner', 'demo-yang-min'));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.goto(`${node.address}/#/map`);
  await page.getByRole('heading', { name: 'Capability map', level: 1 }).waitFor();
}

const cell = (page, name) => page.getByRole('link', { name });

/** The day before the visiting surgeon's posting began, as the record tells it. */
async function beforeTheExpert(node) {
  const answer = await fetch(`${node.address}/fhir/PractitionerRole/demo-zhou-heng`, { headers: { Authorization: `Bearer ${node.token('Reader', 'coordinator')}` } });
  const began = Date.parse((await answer.json()).period.start);
  check(began < Date.now(), 'the surgeon has not come yet');
  return new Date(began - 24 * 3600 * 1000).toISOString().slice(0, 10);
}

async function atDesk(coordinator, node) {
  const { page } = coordinator;
  await step('map: hospitals down, specialties across, a number in each cell', async () => {
    await cell(page, /Nagqu People's Hospital, All specialties: \d+ of \d+ illnesses treated alone, \d+ more with help/).waitFor();
    await picture(page, 'desk-map');
    await fits(page);
    await accessible(page);
  });
  await step('map: one hospital: what is lost if they leave, and whom it hangs on', async () => {
    await page.getByRole('rowheader', { name: 'Nagqu People\'s Hospital' }).getByRole('link').click();
    await page.getByRole('heading', { name: 'What is lost if they leave' }).waitFor();
    await reads(page.locator('.map-dependence'), (facts) => /Dependence index\s+\d+\s?%/.test(facts) && /Zhou Heng/.test(facts), 'the facts are not there');
    await picture(page, 'desk-map-hospital');
    await accessible(page);
  });
  await step('map: an illness is explained down to people, devices, twins and operations', async () => {
    await page.getByRole('rowheader', { name: 'General surgery' }).getByRole('link').click();
    await page.getByRole('link', { name: /^Acute appendicitis K35$/ }).click();
    await page.getByRole('heading', { name: /Acute appendicitis: Nagqu/ }).waitFor();
    const proof = await reads(page.locator('.map-proof'), (text) => /Appendectomy/.test(text) && /Zhou Heng · visiting expert/.test(text) && /5 or more/.test(text), 'it is not proved');
    check(!/Tashi Norbu/.test(proof), 'who learns is told to a coordinator');
    await picture(page, 'desk-map-proof');
    await accessible(page);
  });
  await step('map: without the experts it cannot be done; and the address holds it', async () => {
    await page.getByLabel('Without the experts').check();
    await page.locator('.map-answer').getByText('Not here').waitFor();
    await page.reload();
    await page.locator('.map-answer').getByText('Not here').waitFor();
    await page.getByLabel('Without the experts').uncheck();
    await page.locator('.map-answer').getByText('Local, under supervision').waitFor();
    await page.getByLabel('Or on a day').fill(await beforeTheExpert(node));
    await page.locator('.map-answer').getByText('Not here').waitFor();
  });
}

async function onPhone(coordinator) {
  const { page } = coordinator;
  await step('map: who can, on a phone', async () => {
    await page.getByLabel('Who can …').fill('appendi');
    await page.getByRole('radio', { name: /· K35$/ }).check();
    await page.getByRole('heading', { name: /hospitals can, or list it/ }).waitFor();
    await page.getByText('Local, independent').first().waitFor();
    await picture(page, 'phone-map-who');
    await fits(page);
    await accessible(page);
  });
}

export async function mapping(browser, node) {
  const desk = await person(browser, node.address, DESK);
  await enter(desk, node);
  await atDesk(desk, node);
  const phone = await person(browser, node.address, PHONE);
  await enter(phone, node);
  await onPhone(phone);
  for (const one of [desk, phone]) {
    check(one.complaints.length === 0, one.complaints.join('\n'));
    await one.context.close();
  }
}
