// SPDX-License-Identifier: Apache-2.0
// The browser: Debian's chromium, a person at a desk or with a phone, pictures of what
// they see, and the checks that hold on every page.
import { chromium } from 'playwright-core';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { check } from './report.mjs';

const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
const PATIENCE = Number(process.env.PATIENCE ?? 30_000);
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const DESK = { viewport: { width: 1280, height: 800 } };
export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: FLAGS,
  });
}

/** A browser with the profile ${folder}, which outlives it: what it keeps is there the next time. */
export async function launchKept(folder, shape) {
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: FLAGS, ...shape, locale: 'en-GB', timezoneId: 'Asia/Shanghai',
  });
  context.setDefaultTimeout(PATIENCE);
  return { context, page: context.pages()[0] ?? await context.newPage() };
}

/** A person with a browser of their own. What goes wrong inside it is collected in complaints. */
export async function person(browser, address, shape, settings = {}) {
  const context = await browser.newContext({ ...shape, locale: 'en-GB', timezoneId: 'Asia/Shanghai', ...settings });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`script error: ${error.message}`));
  page.on('console', (message) => {
    // the browser itself logs a refused sign-in and a node that is away; both are part of the test
    const expected = /status of 40[01]|ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|status of 412/;
    if (message.type() === 'error' && !expected.test(message.text())) complaints.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(address) && !url.startsWith('blob:') && !url.startsWith('data:')) complaints.push(`left the node: ${url}`);
  });
  return { context, page, complaints };
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
}

/** Somebody with an account: name and password. */
export async function enterByName(page, address, account) {
  await page.goto(address);
  await page.getByLabel('Name').fill(account.name);
  await page.getByLabel('Password').fill(account.password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
}

/** No fault that axe-core can see, WCAG 2.2 A and AA. */
export async function accessible(page) {
  await page.evaluate(AXE);
  const faults = await page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const result = await window.axe.run(document, { runOnly: tags });
    return result.violations.map((fault) => `${fault.id}: ${fault.nodes.map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`).join('; ')}`);
  });
  check(faults.length === 0, faults.join('\n'));
}

/** Nothing reaches beyond the width of the screen. */
export async function fits(page) {
  const content = await page.evaluate(() => document.documentElement.scrollWidth);
  const screen = page.viewportSize().width; // not innerWidth, which grows with the content on a phone
  check(content <= screen, `the page is ${content} px wide on a screen of ${screen} px`);
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

/** The JSON that ${request} carries, packed or plain. */
export function carried(request) {
  const bytes = request.postDataBuffer();
  return JSON.parse(request.headers()['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes);
}
