// SPDX-License-Identifier: Apache-2.0
// The browser: Debian's chromium, a person at a desk or with a phone, pictures of what
// they see, and the checks that hold on every page.
import { chromium } from 'playwright-core';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { eventually } from './report.mjs';
import { slowBrowser, slowDown, slowSettings } from './slow.mjs';

const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
export const PATIENCE = Number(process.env.PATIENCE ?? 60_000); // what comes is waited for no longer than it takes; this is for a slow machine under load
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const DESK = { viewport: { width: 1280, height: 800 } };
export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

export async function launch() {
  return slowBrowser(await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: FLAGS,
    timeout: 120_000,
    ...await slowSettings(),
  }));
}

/** A browser with the profile ${folder}, which outlives it: what it keeps is there the next time. */
export async function launchKept(folder, shape) {
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: FLAGS, ...shape, locale: 'en-GB', timezoneId: 'Asia/Shanghai',
    timeout: 120_000, ...await slowSettings(),
  });
  context.setDefaultTimeout(PATIENCE);
  await slowDown(context);
  return { context, page: context.pages()[0] ?? await context.newPage() };
}

/**
 * A person with a browser of their own. What goes wrong inside it is collected in complaints.
 * shuts(id) is said before a record is closed to them: what their page had asked of it by
 * then may be refused with 404, as it should be, and is no complaint any more.
 * turnsToAnother() closes the page and opens an empty one in its place: somebody.page.
 */
export async function person(browser, address, shape, settings = {}) {
  const context = await browser.newContext({ ...shape, locale: 'en-GB', timezoneId: 'Asia/Shanghai', ...settings });
  context.setDefaultTimeout(PATIENCE);
  const complaints = [];
  const shut = new Set();
  const wasShut = (message) => /status of 404/.test(message.text()) && [...shut].some((id) => message.location().url.includes(`/${id}`));
  const open = async () => {
    const page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(`script error: ${error.message}`));
    page.on('console', (message) => {
      // the browser itself logs a refused sign-in and a node that is away; both are part of the test
      const expected = /status of 40[01]|ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_NETWORK_CHANGED|status of 412/;
      if (message.type() === 'error' && !expected.test(message.text()) && !wasShut(message)) complaints.push(`console: ${message.text()} (${message.location().url})`);
    });
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(address) && !url.startsWith('blob:') && !url.startsWith('data:')) complaints.push(`left the node: ${url}`);
    });
    return page;
  };
  const someone = { context, page: await open(), complaints, shuts: (id) => shut.add(id) };
  someone.turnsToAnother = async () => {
    await someone.page.close();
    someone.page = await open();
  };
  return someone;
}

/**
 * Whether ${page} still draws. A headless Chromium now and then stops giving a page any frames, for good and through every
 * reload; whoever waits for something to stand still then waits for ever. Another page of the same context draws.
 */
export function draws(page) {
  return page.evaluate(() => new Promise((said) => {
    requestAnimationFrame(() => said(true));
    setTimeout(() => said(false), 5000);
  }));
}

export async function signIn(page, address, token) {
  await page.goto(`${address}/#/token`);
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
}

/** Somebody whom the operator invites: the link, a password, and they are in. */
export async function enterByInvitation(page, node, name, practitioner) {
  const link = /\/#\/enrol\/\S+/.exec(node.user('add', name, '--practitioner', practitioner))[0];
  await page.goto(node.address + link);
  await page.getByLabel('Password').fill('four yaks cross the pass');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor(); // who does not listen yet does not hear
}

/** Somebody with an account: name and password. */
export async function enterByName(page, address, account) {
  await page.goto(address);
  await page.getByLabel('Name').fill(account.name);
  await page.getByLabel('Password').fill(account.password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor(); // who does not listen yet does not hear
}

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** No fault that axe-core can see, WCAG 2.2 A and AA; or none against the rules ${only}. */
export async function accessible(page, only = null) {
  await page.evaluate(AXE);
  let faults = [];
  await eventually(async () => { // a page that is drawn anew while it is looked at may show what it never is
    faults = await page.evaluate(async (runOnly) => {
      const result = await window.axe.run(document, { runOnly });
      return result.violations.map((fault) => `${fault.id}: ${fault.nodes.map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`).join('; ')}`);
    }, only ?? TAGS);
    return faults.length === 0;
  }, () => faults.join('\n'), 5000);
}

/** What was looked at in the light can be read in the dark: nothing but its colours is another there. */
export function readable(page) {
  return accessible(page, { type: 'rule', values: ['color-contrast'] });
}

/** Nothing reaches beyond the width of the screen. */
export async function fits(page) {
  const screen = page.viewportSize().width; // not innerWidth, which grows with the content on a phone
  let content = 0;
  await eventually(async () => { // a screen that was turned is laid out a moment later
    content = await page.evaluate(() => document.documentElement.scrollWidth);
    return content <= screen;
  }, () => `the page is ${content} px wide on a screen of ${screen} px`, 5000);
}

/** All that stands in ${store} of this device, as one text. */
function kept(page, store) {
  return page.evaluate(async (name) => {
    const database = await new Promise((resolve, reject) => {
      const request = indexedDB.open('belay');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    try {
      const all = database.transaction(name).objectStore(name).getAll();
      return await new Promise((resolve) => { all.onsuccess = () => resolve(JSON.stringify(all.result)); });
    } finally {
      database.close();
    }
  }, store);
}

/** Until ${text} is among the drafts that this device keeps. */
export function keeps(page, text) {
  return eventually(async () => (await kept(page, 'drafts')).includes(text), `"${text}" is not kept on this device`);
}

/** Until nothing is on its way from this device: who reloads before that may have to wait until its lease has run out. */
export function allSent(page) {
  return eventually(async () => await kept(page, 'outgoing') === '[]', 'not everything was sent from this device');
}

/** Until the address is as ${pattern}. */
export function address(page, pattern) {
  return eventually(() => (pattern instanceof RegExp ? pattern.test(page.url()) : page.url().includes(pattern)), () => `the address is ${page.url()}, without ${pattern}`);
}

/** Everybody who is still here goes: pages that nobody looks at would read again at every change. */
export async function allLeave(browser) {
  for (const context of browser.contexts()) await context.close();
}

/** Until ${locator} has the focus. */
export function focused(locator, sentence) {
  return eventually(() => locator.evaluate((one) => one === document.activeElement), sentence);
}

const shots = process.env.SHOTS ?? '';

/** What the person sees, from the top; the whole length of the page too where ${long}. */
export async function picture(page, name, long = true) {
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  const where = await page.evaluate(() => window.scrollY);
  await page.evaluate(() => window.scrollTo(0, 0));
  const shot = (file, fullPage) => page.screenshot({ path: join(shots, `${file}.png`), fullPage, animations: 'disabled' });
  await shot(name, false);
  if (long) await shot(`${name}-long`, true);
  await page.evaluate((y) => window.scrollTo(0, y), where);
}

/** A page as it is to be: a picture of it, within the width of the screen, without faults. */
export async function whole(page, name, long = true) {
  await page.evaluate(() => window.scrollTo(0, 0)); // so that nothing lies half behind the bar
  await picture(page, name, long);
  await fits(page);
  await accessible(page);
}

/** The same on a phone's width and on a desk's, each as it is to be; afterwards the page has its own width again. */
export async function wholeOnBoth(page, name) {
  const own = page.viewportSize();
  for (const [shape, { viewport }] of [['phone', PHONE], ['desk', DESK]]) {
    await page.setViewportSize(viewport);
    await whole(page, `${shape}-${name}`);
  }
  await page.setViewportSize(own);
}

/** The JSON that ${request} carries, packed or plain. */
export function carried(request) {
  const bytes = request.postDataBuffer();
  return JSON.parse(request.headers()['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes);
}
