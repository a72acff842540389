// SPDX-License-Identifier: Apache-2.0
// Without a link: the pages open, a question is written and kept, the browser is closed and
// opened again, and when the link is back the case is there, once. An answer that is lost
// on the way makes no second case. Whoever signs in next finds nothing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PHONE, keeps, launchKept, picture, whole } from './lib/browser.mjs';
import { lossyLink } from './lib/lossy.mjs';
import { check, eventually, none, step } from './lib/report.mjs';

const QUESTION = 'No link since morning: can this wait?';
const LOST = 'The answer to this one is lost: twice?';
const TAKEN = 'Sent, and taken before I hear of it?';
const BEGUN = 'Changed while it is being sent?';
const AGAIN = 120_000; // the pages try every 20 s by themselves

async function byName(page, account) {
  await page.getByLabel('Name').fill(account.name);
  await page.getByLabel('Password').fill(account.password);
  await page.keyboard.press('Enter');
  await page.getByText('Live', { exact: true }).waitFor();
}

/** Cases with ${question}, as the operator's program finds them. */
async function casesOf(node, question) {
  const answer = await fetch(`${node.address}/fhir/ServiceRequest?_count=200&_sort=-_lastUpdated`, { headers: { Authorization: `Bearer ${node.token('Reader', 'program')}` } });
  const bundle = await answer.json();
  return (bundle.entry ?? []).map((entry) => entry.resource).filter((request) => request.reasonCode?.[0]?.text === question);
}

async function write(page, name, question, identifier = '') {
  await page.getByLabel('Name or identifier').fill(name);
  await page.getByRole('option', { name: /Register/ }).click();
  await page.getByRole('radio', { name: 'female', exact: true }).check();
  await page.getByLabel('Age', { exact: true }).fill('52');
  if (identifier) await page.getByLabel('Identifier').fill(identifier);
  await page.getByLabel('What do you need to know?').fill(question);
  await page.getByRole('radio', { name: /Urgent/ }).check();
}

/** What this device keeps, and what its worker has put away. */
function keptIn(page) {
  return page.evaluate(async () => {
    const database = await new Promise((resolve, reject) => {
      const request = indexedDB.open('belay');
      request.onsuccess = () => resolve(request.result);
      request.onerror = reject;
    });
    const shelf = (name) => new Promise((resolve) => {
      const request = database.transaction(name).objectStore(name).getAll();
      request.onsuccess = () => resolve(request.result.filter((record) => record.id !== 'here').length);
    });
    const kept = { drafts: await shelf('drafts'), outgoing: await shelf('outgoing') };
    database.close();
    const addresses = [];
    for (const name of await caches.keys()) {
      for (const request of await (await caches.open(name)).keys()) addresses.push(new URL(request.url).pathname);
    }
    return { ...kept, addresses };
  });
}

async function keptOverNight(node, profile, accounts) {
  let browser = await launchKept(profile, PHONE);
  await step('offline: a doctor signs in, and the pages are kept on the phone', async () => {
    await browser.page.goto(node.address);
    await byName(browser.page, accounts.clinician);
    await browser.page.evaluate(() => navigator.serviceWorker.ready);
    await eventually(async () => (await keptIn(browser.page)).addresses.includes('/'), 'the pages are not kept');
    await eventually(() => browser.page.evaluate(() => localStorage.getItem('belay.twin') !== null), 'whom it goes to is not remembered');
    const ahead = async () => (await keptIn(browser.page)).addresses.filter((name) => /^\/assets\/phrases-\w{8}\.js$/.test(name)).length >= 2; // the page, and its texts
    await eventually(ahead, 'what is loaded when needed is not fetched ahead');
  });
  await step('offline: a page that was never opened opens without a link, with its texts', async () => {
    await browser.context.setOffline(true);
    await browser.page.goto(`${node.address}/#/phrases`);
    await browser.page.getByRole('heading', { name: 'Phrase cards', level: 1 }).waitFor();
    await browser.context.setOffline(false);
  });
  await step('offline: without a link the pages open, and what is typed is kept to the last letter', async () => {
    await browser.context.setOffline(true);
    await browser.page.goto(`${node.address}/#/ask`);
    await browser.page.reload();
    await browser.page.getByRole('heading', { name: 'Ask for advice' }).waitFor();
    await browser.page.getByRole('heading', { name: 'Vital signs' }).waitFor();
    await write(browser.page, 'Offline Dolma', QUESTION);
    await keeps(browser.page, QUESTION);
    await keeps(browser.page, '"urgent"'); // chosen last
    await browser.context.close();
  });
  await step('offline: the browser is closed and opened; the draft is there; sent without a link it waits', async () => {
    browser = await launchKept(profile, PHONE);
    await browser.context.setOffline(true);
    await browser.page.goto(`${node.address}/#/ask`);
    await browser.page.getByRole('link', { name: 'Continue' }).click();
    await eventually(async () => (await browser.page.getByLabel('What do you need to know?').inputValue()) === QUESTION, 'the question is gone');
    await browser.page.getByRole('button', { name: 'Send as urgent' }).click(); // what is chosen is kept, too
    await browser.page.getByText('It is sent when the link is back.').waitFor();
    await browser.page.getByRole('link', { name: '1 waiting to be sent' }).waitFor();
    await whole(browser.page, 'phone-outgoing');
    check((await casesOf(node, QUESTION)).length === 0, 'it was sent without a link');
    await browser.context.close();
  });
  await step('offline: closed and opened once more, the link comes back, and the case is there once', async () => {
    browser = await launchKept(profile, PHONE);
    await browser.context.setOffline(true);
    await browser.page.goto(`${node.address}/#/outgoing`);
    await browser.page.getByText('Offline Dolma').waitFor();
    await browser.context.setOffline(false);
    // the session ended with the browser: what waits goes when its owner signs in again
    await browser.page.getByText('has a question on this device that is not sent yet').waitFor({ timeout: AGAIN });
    await byName(browser.page, accounts.clinician);
    await eventually(async () => (await casesOf(node, QUESTION)).length > 0, 'the case never arrived');
    await browser.page.goto(`${node.address}/#/outgoing`);
    await browser.page.getByText('Nothing waits on this device').waitFor({ timeout: AGAIN });
    await new Promise((resolve) => setTimeout(resolve, 1500)); // whoever else would send it
    check((await casesOf(node, QUESTION)).length === 1, 'the case is there more than once');
    await whole(browser.page, 'phone-outgoing-empty');
  });
  return browser;
}

async function lostAnswer(node, { page }) {
  let losing = true;
  let tries = 0; // of the page, and of the browser by itself
  const link = await lossyLink(node.address, ({ method, url }) => method === 'POST' && url === '/fhir' && ++tries > 0 && losing);
  await step('offline: the node takes the case, its answer is lost, and the second try makes no second case', async () => {
    await page.goto(`${link.address}/#/ask`); // signed in already: a cookie knows no port
    await page.getByText('Live', { exact: true }).waitFor();
    await write(page, 'Lost Answer', LOST);
    await page.getByRole('button', { name: 'Send as urgent' }).click();
    await page.getByText('It is sent when the link is back.').waitFor();
    await eventually(async () => tries > 0 && (await casesOf(node, LOST)).length === 1, () => `${tries} tries, and not one case: the test tests nothing`);
    const before = tries;
    losing = false;
    await none(page.getByRole('button', { name: 'Change it' }), 'what may have arrived can be changed');
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.getByText('Nothing waits on this device').waitFor({ timeout: AGAIN });
    check(tries > before && (await casesOf(node, LOST)).length === 1, `${tries} tries made ${(await casesOf(node, LOST)).length} cases`);
  });
  link.close();
}

/** The answer to sending is lost, and somebody takes the case before it is tried again. */
async function takenMeanwhile(node, { page }) {
  let losing = true;
  let tries = 0;
  const link = await lossyLink(node.address, ({ method, url }) => method === 'POST' && url.endsWith('/$send') && ++tries > 0 && losing);
  await step('offline: a case that was taken before its sender heard that it was sent is there, once', async () => {
    await page.goto(`${link.address}/#/ask`);
    await page.getByText('Live', { exact: true }).waitFor();
    await write(page, 'Taken Meanwhile', TAKEN);
    await page.getByRole('button', { name: 'Send as urgent' }).click();
    await page.getByText('It is sent when the link is back.').waitFor();
    let one = null;
    await eventually(async () => { [one] = await casesOf(node, TAKEN); return one?.status === 'active'; }, () => `${tries} tries, and the case is ${one?.status}: the test tests nothing`);
    const accepted = await fetch(`${node.address}/fhir/ServiceRequest/${one.id}/$accept`, { method: 'POST', headers: { Authorization: `Bearer ${node.token('Reader', 'program')}` } });
    check(accepted.ok, `accepting: ${accepted.status}`);
    losing = false;
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.getByText('Nothing waits on this device').waitFor({ timeout: AGAIN });
    check((await casesOf(node, TAKEN)).length === 1, 'it was opened twice');
  });
  link.close();
}

/** The button was drawn before the page began to send: pressed then, it must not make a second question. */
async function begunMeanwhile(node, { page, context }) {
  let held = 0;
  let letGo = () => {};
  const until = new Promise((resolve) => { letGo = resolve; });
  const link = await lossyLink(node.address, () => false, ({ url }) => (url.startsWith('/fhir/Patient?identifier=BM-77&_count=2') && ++held > 0 ? until : null));
  await step('offline: what is being sent cannot be changed into a second question', async () => {
    await page.goto(`${link.address}/#/ask`);
    await page.getByText('Live', { exact: true }).waitFor();
    await write(page, 'Begun Meanwhile', BEGUN, 'BM-77');
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Send as urgent' }).click();
    await page.getByText('It is sent when the link is back.').waitFor();
    const change = page.getByRole('button', { name: 'Change it' });
    await change.waitFor();
    await context.setOffline(false);
    await eventually(() => held > 0, 'the page does not begin to send');
    if (await change.count() > 0) await change.click({ timeout: 2000 }).catch(() => undefined); // gone by itself is well too
    await new Promise((resolve) => setTimeout(resolve, 500));
    await eventually(async () => { const kept = await keptIn(page); return kept.drafts === 0 && kept.outgoing === 1; }, async () => JSON.stringify(await keptIn(page)));
    letGo();
    await page.getByText('Nothing waits on this device').waitFor({ timeout: AGAIN });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    check((await casesOf(node, BEGUN)).length === 1, `${(await casesOf(node, BEGUN)).length} cases`);
  });
  link.close();
}

async function nothingLeft(node, { page, context }, accounts) {
  await step('offline: no record is kept by the worker', async () => {
    const { addresses } = await keptIn(page);
    check(addresses.every((path) => path === '/' || path.startsWith('/assets/')), addresses.join(' '));
    check(addresses.some((path) => path.startsWith('/assets/')), 'the worker keeps nothing');
  });
  await step('offline: who signs out is told what stays; whoever signs in next finds nothing', async () => {
    await page.goto(`${node.address}/#/ask`);
    await page.getByText('Live', { exact: true }).waitFor();
    await context.setOffline(true);
    await write(page, 'Left Behind', 'A question that is left behind');
    await page.getByRole('button', { name: 'Send as urgent' }).click();
    await page.getByText('It is sent when the link is back.').waitFor();
    await page.goto(`${node.address}/#/ask`);
    await page.getByLabel('What do you need to know?').fill('A draft');
    await eventually(async () => (await keptIn(page)).drafts > 0, 'no draft is kept');
    await page.locator('.account > summary').click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('has a question on this device that is not sent yet').waitFor();
    await picture(page, 'phone-sign-in-left');
    await context.setOffline(false);
    await page.reload();
    await page.getByLabel('Password').waitFor(); // signed out without a link is signed out
    await byName(page, accounts.expert);
    await eventually(async () => {
      const kept = await keptIn(page);
      return kept.drafts === 0 && kept.outgoing === 0;
    }, 'something of who was here before is left');
    check((await casesOf(node, 'A question that is left behind')).length === 0, 'it was sent in another\'s name');
  });
}

/** ${node}: serves the demonstration; ${accounts}: by role. */
export async function offline(node, accounts) {
  const profile = mkdtempSync(join(tmpdir(), 'belay-profile-'));
  try {
    const browser = await keptOverNight(node, profile, accounts);
    await lostAnswer(node, browser);
    await takenMeanwhile(node, browser);
    await begunMeanwhile(node, browser);
    await nothingLeft(node, browser, accounts);
    await browser.context.close();
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
}
