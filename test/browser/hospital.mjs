// SPDX-License-Identifier: Apache-2.0
// Signing in with the account of the hospital's own sign-on: a real provider, the button,
// the way there and back, and what a person reads where it does not lead in.
import { Provider } from '../scenario/lib/provider.mjs';
import { DESK, PHONE, person, whole } from './lib/browser.mjs';
import { check, skip, step } from './lib/report.mjs';

async function leave({ page, context }, address) {
  await context.clearCookies();
  await page.goto('about:blank'); // nothing that is asked in the old name comes in between
  await page.goto(`${address}/#/`);
  await page.getByRole('button', { name: 'Sign in with Hill Hospital' }).click();
}

export async function byHospital(node, browser) {
  const { address } = node;
  const provider = new Provider();
  const desk = await person(browser, address, DESK);
  const phone = await person(browser, address, PHONE, { locale: 'zh-CN' });
  const secret = 'a secret of the client';
  try {
    await provider.start([{
      client_id: 'hill', client_secret: secret, redirect_uris: [`${address}/session/back/hill`], response_types: ['code'],
      grant_types: ['authorization_code'], scope: 'openid profile',
    }]);
  } catch (error) {
    skip('signing in with a hospital\'s own account', error.message);
    return;
  }
  await step('a hospital with a sign-on of its own', async () => {
    provider.people = {
      one: { name: 'Pema Yangchen', preferred_username: 'pema', groups: ['doctors'] },
      two: { name: 'Nobody', preferred_username: 'nobody', groups: [] },
      three: { name: 'Chief', preferred_username: 'chief', groups: ['admins'] },
    };
    node.signOn('add', 'hill', '--issuer', provider.issuer, '--client-id', 'hill', '--secret-file', node.secretFile(secret), '--title', 'Hill Hospital',
      '--organization', 'Organization/hill', '--make', '--role', 'groups=doctors:clinician', '--role', 'groups=admins:administrator');
  });
  await step('its button leads there and back, and in', async () => {
    await desk.page.goto(address);
    await desk.page.getByRole('button', { name: 'Sign in with Hill Hospital' }).waitFor();
    await whole(desk.page, 'desk-sign-on', false);
    provider.who = 'one';
    await leave(desk, address);
    await desk.page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
    await desk.page.getByText('Live', { exact: true }).waitFor();
    const cookies = await desk.context.cookies(address);
    const visit = cookies.find((one) => one.name === 'belay');
    check(visit?.httpOnly && visit.sameSite === 'Strict', 'the cookie is not HttpOnly and SameSite=Strict');
    check(!cookies.some((one) => one.name === 'belay-way'), 'the cookie of the way is still there');
  });
  await step('who has no role there reads why, in words', async () => {
    provider.who = 'two';
    await leave(desk, address);
    await desk.page.getByText('Your hospital gives you no role here').waitFor();
    await whole(desk.page, 'desk-sign-on-no-role', false);
    provider.deny = true;
    await leave(desk, address);
    await desk.page.getByText('did not let you through').waitFor();
    provider.deny = false;
  });
  await step('an administrator is led to codes', async () => {
    provider.who = 'three';
    await leave(desk, address);
    await desk.page.getByRole('img', { name: 'QR code for the authenticator' }).waitFor();
    await whole(desk.page, 'desk-sign-on-codes', false);
  });
  await step('in Chinese, with a phone', async () => {
    await phone.page.goto(address);
    await phone.page.getByRole('button', { name: '使用Hill Hospital登录' }).waitFor();
    await whole(phone.page, 'phone-sign-on-chinese', false);
    await phone.page.goto(`${address}/#/sign-on/expired`);
    await phone.page.getByText('请重新开始').waitFor();
    await whole(phone.page, 'phone-sign-on-expired', false);
  });
  await step('nothing else was asked but the provider', async () => {
    const all = [desk, phone].flatMap((one) => one.complaints).filter((one) => !one.startsWith(`left the node: ${provider.issuer}`));
    check(all.length === 0, all.join('\n'));
    await provider.stop();
    node.signOn('remove', 'hill');
  });
}
