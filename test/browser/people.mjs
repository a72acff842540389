// SPDX-License-Identifier: Apache-2.0
// Signing in with a password and a one-time code: by link, with a QR code, the codes worked
// out here; sessions seen and ended.
import { createHmac } from 'node:crypto';
import { DESK, PATIENCE, PHONE, focused, whole } from './lib/browser.mjs';
import { check, eventually, exactly, none, step } from './lib/report.mjs';

const GOOD = 'four yaks cross the pass';
const BEGINNING = 'People and posts'; // where an administrator begins

/** RFC 6238, written out again, so that the node's own is checked by another. */
export function codeOf(secret, time = Date.now()) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => Number.parseInt(b, 2)));
  const count = Buffer.alloc(8);
  count.writeBigUInt64BE(BigInt(Math.floor(time / 30_000)));
  const hash = createHmac('sha1', key).update(count).digest();
  return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

export async function byPassword(node, { page, context }) {
  const { address } = node;
  let secret = '';
  let recovery = '';
  await step('a link, a password, a phone: an administrator is let in', async () => {
    const link = /\/#\/enrol\/\S+/.exec(node.user('add', 'Tenzin', '--role', 'administrator'))[0];
    await page.goto(address + link);
    await page.getByRole('heading', { name: 'Choose a password' }).waitFor();
    await page.getByLabel('Password').fill('password1');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('little else than common words').waitFor();
    await whole(page, 'phone-enrol-weak');
    await page.getByLabel('Password').fill(GOOD);
    await page.keyboard.press('Enter');
    await page.getByRole('img', { name: 'QR code for the authenticator' }).waitFor();
    await page.locator('svg.qr path[d^="M4 4h1"]').waitFor({ state: 'attached' }); // the corner of every code is dark
    await whole(page, 'phone-enrol-qr');
    secret = (await page.locator('.secret').innerText()).replaceAll(' ', '');
    await page.getByLabel('Code', { exact: true }).fill('000000');
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('This code is not right').waitFor();
    await page.getByLabel('Code', { exact: true }).fill(codeOf(secret));
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
    await whole(page, 'phone-recovery');
    await exactly(10, page.locator('.recovery code'));
    recovery = await page.locator('.recovery code').first().innerText();
    await page.getByRole('button', { name: 'I have kept them' }).click();
    await page.getByRole('heading', { name: BEGINNING, level: 1 }).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
  });
  await step('no script can read what the browser holds', async () => {
    check(await page.evaluate(() => document.cookie) === '', 'the cookie is open to scripts');
    const cookie = (await context.cookies()).find((one) => one.name === 'belay');
    check(cookie?.httpOnly && cookie.sameSite === 'Strict', 'the cookie is not HttpOnly and SameSite=Strict');
  });
  await step('a reload stays signed in; signing out ends it', async () => {
    await page.reload();
    await page.getByRole('heading', { name: BEGINNING, level: 1 }).waitFor();
    await page.locator('.account summary').click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await whole(page, 'phone-sign-in');
  });
  await step('name, password and a code by keyboard alone', async () => {
    await focused(page.getByLabel('Name'), 'the field has not the focus');
    await page.keyboard.type('tenzin');
    await page.keyboard.press('Tab');
    await page.keyboard.type('not it');
    await page.keyboard.press('Enter');
    await page.getByText('The name or the password is not right.').waitFor();
    await page.getByLabel('Password').focus();
    await page.keyboard.type(GOOD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'One-time code' }).waitFor();
    await whole(page, 'phone-code');
    await focused(page.getByLabel('Code', { exact: true }), 'the field of the code has not the focus');
    await page.keyboard.type(codeOf(secret, Date.now() + 30_000)); // the next one: this one may be used
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: BEGINNING, level: 1 }).waitFor();
  });
  await step('my account shows where I am signed in, and ends another browser', async () => {
    const other = await context.browser().newContext({ locale: 'en-GB' });
    other.setDefaultTimeout(PATIENCE);
    const there = await other.newPage();
    await there.goto(address);
    await there.getByLabel('Name').fill('Tenzin');
    await there.getByLabel('Password').fill(GOOD);
    await there.keyboard.press('Enter');
    await there.getByLabel('Code', { exact: true }).fill(recovery);
    await there.keyboard.press('Enter');
    await there.getByRole('heading', { name: BEGINNING, level: 1 }).waitFor();
    await page.locator('.account summary').click();
    await page.getByRole('link', { name: 'My account' }).click();
    await page.getByRole('heading', { name: 'My account' }).waitFor();
    await page.getByRole('button', { name: 'End', exact: true }).first().waitFor();
    await whole(page, 'phone-account');
    // a node that was started anew does not know when the password was given last
    await node.stop();
    await node.start();
    await page.getByRole('button', { name: 'End', exact: true }).first().click();
    await page.getByRole('form', { name: 'Is it still you?' }).waitFor();
    await focused(page.locator('#proof'), 'the field that is asked for has no focus');
    await page.keyboard.type('not it');
    await page.keyboard.press('Enter');
    await page.getByText('The name or the password is not right.').waitFor();
    await whole(page, 'phone-proof');
    await page.setViewportSize(DESK.viewport);
    await whole(page, 'desk-proof');
    await page.setViewportSize(PHONE.viewport);
    await there.reload();
    await there.getByRole('heading', { name: BEGINNING, level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Leave it' }).click();
    await none(page.getByRole('form', { name: 'Is it still you?' }), 'it still asks');
    await page.getByRole('button', { name: 'End', exact: true }).first().click();
    await page.getByRole('button', { name: 'Give a code instead' }).click();
    await page.getByRole('button', { name: 'Give the password instead' }).click();
    await page.getByLabel('Your password').fill(GOOD);
    await page.getByRole('button', { name: 'Confirm and end' }).click();
    await page.getByRole('button', { name: 'End', exact: true }).waitFor({ state: 'detached' });
    await there.reload();
    await there.getByRole('heading', { name: 'Sign in' }).waitFor();
    await other.close();
  });
  await step('codes are asked of a role from now on: who is in without one is led to set them up', async () => {
    const link = /\/#\/enrol\/\S+/.exec(node.user('add', 'Norbu', '--role', 'auditor'))[0];
    const later = await context.browser().newContext({ ...PHONE, locale: 'en-GB' });
    later.setDefaultTimeout(PATIENCE);
    const there = await later.newPage();
    await there.goto(address + link);
    await there.getByLabel('Password').fill(GOOD);
    await there.keyboard.press('Enter');
    await there.locator('.account summary').waitFor();
    node.rules('codes', 'auditor');
    await eventually(async () => { // the rule holds within a second
      await there.reload();
      await there.getByRole('heading', { level: 1 }).waitFor();
      return there.getByText('One-time codes are asked of you now').waitFor({ timeout: 3000 }).then(() => true, () => false);
    }, 'codes are not asked');
    await whole(there, 'phone-codes-asked');
    await there.getByRole('button', { name: 'Set up a phone' }).click();
    await there.getByLabel('Password').fill(GOOD);
    await there.keyboard.press('Enter');
    const given = (await there.locator('.secret').innerText()).replaceAll(' ', '');
    await there.getByLabel('Code', { exact: true }).fill(codeOf(given));
    await there.keyboard.press('Enter');
    await there.getByRole('button', { name: 'I have kept them' }).click();
    await there.getByRole('heading', { level: 1 }).waitFor();
    await none(there.getByText('One-time codes are asked of you now'), 'it is still asked');
    await later.close();
  });
}
