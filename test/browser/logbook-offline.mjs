// SPDX-License-Identifier: Apache-2.0
// The logbook without a link: an operation is logged and one is rated, each kept on the device;
// the node takes each, its answer is lost, and the second try makes nothing twice.
import { DESK, PHONE, fits, person, picture } from './lib/browser.mjs';
import { lossyLink } from './lib/lossy.mjs';
import { check, eventually, step } from './lib/report.mjs';

const PATIENCE = 120_000; // the pages try every 20 s by themselves

async function enter(page, address, node, who) {
  await page.goto(`${address}/#/token`);
  await page.getByLabel('Token').fill(node.token(`${who} without a link`, 'clinician', '--practitioner', `demo-${who}`));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
}

async function fhir(node, who, path) {
  const token = node.token(`${who} looks`, 'clinician', '--practitioner', `demo-${who}`);
  const answer = await fetch(`${node.address}/fhir/${path}`, { headers: { Authorization: `Bearer ${token}` } });
  check(answer.ok, `${path}: ${answer.status}`);
  return answer.json();
}

const valueOf = (parts, name) => {
  const part = parts.find((one) => one.name === name) ?? {};
  return part[Object.keys(part).find((key) => key.startsWith('value'))];
};

/** How many operations of ${code} stand in the logbook, and the rows. */
async function rowsOf(node, code) {
  const { parameter } = await fhir(node, 'pema-yangchen', `Practitioner/demo-pema-yangchen/$logbook?procedure=${code}&_count=100`);
  return parameter.filter((one) => one.name === 'case').map((one) => one.part);
}

/** A link whose answers to ${operation} are lost as long as losing is true. */
async function losing(node, operation) {
  const state = { losing: true, tries: 0 };
  const link = await lossyLink(node.address, ({ method, url }) => method === 'POST' && url.endsWith(operation) && ++state.tries > 0 && state.losing);
  return Object.assign(state, { address: link.address, close: () => link.close() });
}

/** The link comes back, the answer is lost on it, and it is tried again. */
async function sentOnce({ page, context }, link, kept) {
  await page.getByRole('link', { name: '1 waiting to be sent' }).first().waitFor();
  check(link.tries === 0, 'it was sent without a link');
  await context.setOffline(false);
  await eventually(() => link.tries > 0, 'it is not sent when the link is back');
  await eventually(async () => (await kept()) === 1, 'the node has not taken it: the test tests nothing');
  const before = link.tries;
  link.losing = false;
  await page.getByRole('button', { name: 'Try now' }).click({ timeout: 10_000 }).catch(() => undefined); // it may have gone by itself meanwhile
  await page.getByText('Nothing waits on this device').waitFor({ timeout: PATIENCE });
  check(link.tries > before, 'there was no second try: the test tests nothing');
}

async function logsWithout(node, one) {
  const link = await losing(node, '/Procedure/$record');
  await step('logbook without a link: an operation is kept, sent later, and stands there once', async () => {
    const { page, context } = one;
    const before = (await rowsOf(node, 'wound-suture')).length;
    await enter(page, link.address, node, 'pema-yangchen');
    await page.goto(`${link.address}/#/operation`);
    await page.getByLabel('With', { exact: true }).getByText('Zhang Jing').waitFor({ state: 'attached' });
    await context.setOffline(true);
    await page.getByLabel('Procedure').selectOption('wound-suture');
    await page.getByRole('group', { name: 'My part' }).getByLabel('Operated').check();
    await page.getByLabel('With', { exact: true }).selectOption({ label: 'Zhang Jing' });
    await page.getByText('Devices used').click();
    await page.getByLabel('Suction pump').check();
    await page.getByRole('button', { name: 'Put it in the logbook' }).click();
    await page.getByText('It is sent when the link is back.').waitFor();
    await fits(page);
    await picture(page, 'phone-logbook-waits');
    await sentOnce(one, link, async () => (await rowsOf(node, 'wound-suture')).length - before);
    check((await rowsOf(node, 'wound-suture')).length === before + 1, 'it stands there twice');
    const { entry } = await fhir(node, 'pema-yangchen', 'Procedure?code=wound-suture&_sort=-_lastUpdated&_count=1');
    check(entry[0].resource.usedReference?.[0]?.reference === 'Device/lb-suction', 'the device was lost on the way');
  });
  link.close();
}

async function ratesWithout(node, one) {
  const link = await losing(node, '/$rate');
  const ratings = async () => (await rowsOf(node, 'wound-suture')).flatMap((row) => row.filter((part) => part.name === 'rating').map((part) => part.part));
  await step('logbook without a link: a rating is kept, sent later, and is one version of one record', async () => {
    const { page, context } = one;
    const before = (await ratings()).length;
    await enter(page, link.address, node, 'zhang-jing');
    await page.goto(`${link.address}/#/rate`);
    const row = page.locator('.log-rows > li').filter({ hasText: 'Cleaning and stitching a wound' });
    await row.waitFor();
    await context.setOffline(true);
    await row.getByRole('button', { name: /Rate/ }).click();
    await page.getByText('4 Supervision only').click();
    await page.getByText('Practice-ready', { exact: true }).click();
    await page.getByText('As most are', { exact: true }).click();
    await page.getByRole('button', { name: /Give .* this rating/ }).click();
    await page.getByText(/is on this device, and is sent when the link is back/).waitFor();
    await row.waitFor({ state: 'detached' }); // said is said, though the node does not know
    await fits(page);
    await picture(page, 'desk-rate-waits');
    await page.getByRole('link', { name: '1 waiting to be sent' }).first().click();
    await sentOnce(one, link, async () => (await ratings()).length - before);
    const { reference } = valueOf((await ratings())[0], 'observation');
    check((await fhir(node, 'pema-yangchen', `${reference}/_history`)).entry.length === 1, 'the second try wrote a second version');
  });
  link.close();
}

export async function logbookWithoutLink(node, browser) {
  const phone = await person(browser, node.address, PHONE);
  const desk = await person(browser, node.address, DESK);
  await logsWithout(node, phone);
  await ratesWithout(node, desk);
  await phone.context.close();
  await desk.context.close();
}
