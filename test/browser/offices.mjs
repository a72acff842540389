// SPDX-License-Identifier: Apache-2.0
// Offices: people and posts by an administrator and a head of department, who has seen a
// patient, the audit trail by an auditor; and a plain doctor, who reaches none of it.
import { DESK, PHONE, address as addressHas, person, picture, whole } from './lib/browser.mjs';
import { check, eventually, exactly, field, none, step } from './lib/report.mjs';
import { codeOf } from './people.mjs';

const GOOD = 'four yaks cross the pass';
const HOSPITAL = "Nagqu People's Hospital";
const OFFICES = ['people', 'person/new', 'audit', 'audit/trail-1', 'seen', 'seen/demo-patient-01'];

async function heading({ page }, name) {
  await page.getByRole('heading', { name, level: 1 }).waitFor();
}

async function withPassword({ page }, address, { name, password }) {
  await page.goto(address);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
}

/** Open a link: a password, and a phone where ${codes} are asked. */
async function byLink({ page }, address, link, codes) {
  await page.goto(address + link);
  await page.getByLabel('Password').fill(GOOD);
  await page.keyboard.press('Enter');
  if (!codes) return;
  await page.getByRole('img', { name: 'QR code for the authenticator' }).waitFor();
  const secret = (await page.locator('.secret').innerText()).replaceAll(' ', '');
  await page.getByLabel('Code', { exact: true }).fill(codeOf(secret));
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'I have kept them' }).click();
}

async function rail({ page }, expected) {
  let labels = [];
  await eventually(async () => {
    labels = await page.locator('.rail a:visible').allInnerTexts();
    return labels.map((one) => one.trim().split('\n')[0]).join() === expected.join(); // without the count of what waits
  }, () => `the rail has ${labels.join()}`);
}

async function linkShown({ page }) {
  await page.getByRole('img', { name: 'QR code of the link' }).waitFor();
  return new URL(await page.locator('.secret').innerText()).hash.replace(/^/, '/');
}

async function asAdministrator(node, admin, link) {
  const { page } = admin;
  let given = '';
  await step('offices: an administrator begins with the people of her hospital', async () => {
    await byLink(admin, node.address, link, true);
    await heading(admin, 'People and posts');
    await page.getByRole('link', { name: /Pema Yangchen/ }).waitFor();
    await none(page.getByText('Zhang Jing'), 'somebody of another hospital is in the list');
    await rail(admin, ['People', 'Seen by', 'Data quality', 'Hospital']);
    await whole(admin.page, 'desk-people');
  });
  await step('offices: the list is found by name, and the address keeps it', async () => {
    await page.keyboard.press('/');
    await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT');
    await page.keyboard.type('yang pema');
    await addressHas(page, 'text=yang+pema');
    await page.reload();
    await page.getByRole('link', { name: /Pema Yangchen/ }).waitFor();
    await exactly(1, page.locator('.person-row'));
    await page.goto(`${node.address}/#/people`);
  });
  await step('offices: what is missing is said; what follows from a post is plain', async () => {
    await page.getByRole('link', { name: 'Add a person' }).click();
    await heading(admin, 'Add a person');
    await page.getByRole('button', { name: 'Add and make the link' }).click();
    await page.getByText("Write the person's name.").waitFor();
    await none(page.getByLabel('As', { exact: true }).locator('option', { hasText: 'Auditor' }), 'an auditor can be named');
    await page.getByLabel('As', { exact: true }).selectOption({ label: 'Head of department' });
    await page.getByText('gives posts of care and learning in the department').waitFor();
    await whole(admin.page, 'desk-person-new-wrong');
  });
  await step('offices: she adds a head of department, whose link is shown once', async () => {
    await page.getByLabel('Name', { exact: true }).fill('Choden Lhamo');
    await page.getByLabel('Where', { exact: true }).selectOption({ label: `Emergency, ${HOSPITAL}` });
    await page.getByRole('button', { name: 'Add and make the link' }).click();
    given = await linkShown(admin);
    await whole(admin.page, 'desk-invitation');
    await page.getByRole('button', { name: 'It is handed over' }).click();
    await heading(admin, 'Choden Lhamo');
    await page.getByText('Has not signed in yet').waitFor();
    await none(page.locator('.secret'), 'the link is still shown');
    await whole(admin.page, 'desk-person');
  });
  return given;
}

async function asHead(node, head, link, browser) {
  const { page } = head;
  await step('offices: the head comes in by the link, on a phone, and begins with the cases', async () => {
    await byLink(head, node.address, link, false);
    await heading(head, 'Today');
    await rail(head, ['Today', 'Cases', 'Ask', 'Find', 'More']);
    await page.getByRole('link', { name: 'More', exact: true }).click();
    await page.getByRole('link', { name: 'People' }).click();
    await heading(head, 'People and posts');
    await page.getByRole('link', { name: /Pema Yangchen/ }).waitFor();
    await none(page.getByText('Tashi Norbu'), 'somebody of another department is in the list');
    await whole(head.page, 'phone-people');
  });
  await step('offices: by keyboard the head adds a nurse until the end of the year', async () => {
    await page.getByRole('link', { name: 'Add a person' }).focus();
    await page.keyboard.press('Enter');
    await heading(head, 'Add a person');
    await page.getByLabel('Name', { exact: true }).focus();
    await page.keyboard.type('Yangkyi');
    for (let i = 0; i < 2; i++) await page.keyboard.press('Tab');
    await page.keyboard.type('Nurse');
    await field(page.getByLabel('Where', { exact: true }), 'Organization/demo-nagqu-emergency', 'her only department is not chosen');
    await none(page.getByLabel('As', { exact: true }).locator('option', { hasText: 'Director' }), 'a head can name a director');
    await page.getByLabel('Last day').fill('2099-12-31');
    await page.getByRole('button', { name: 'Add and make the link' }).focus();
    await page.keyboard.press('Enter');
    const nurse = await person(browser, node.address, PHONE);
    await byLink(nurse, node.address, await linkShown(head), false);
    await heading(nurse, 'Today');
    head.nurse = nurse;
  });
  await step('offices: the post is ended now, and the nurse may do nothing more', async () => {
    await page.getByRole('button', { name: 'It is handed over' }).click();
    await heading(head, 'Yangkyi');
    await page.getByText(/until .*2099/).waitFor();
    await page.getByRole('button', { name: /^End …/ }).click();
    await page.getByText('When does the post of Nurse end for Yangkyi?').waitFor();
    await page.getByText('Now', { exact: true }).click();
    await whole(head.page, 'phone-end-post');
    await page.getByRole('button', { name: 'End the post' }).click();
    await page.getByText('Ended', { exact: true }).waitFor();
    await head.nurse.page.reload();
    await head.nurse.page.getByText('You hold no post today').waitFor();
    await whole(head.nurse.page, 'phone-no-post');
  });
  await step('offices: another post is given, and the account is disabled', async () => {
    await page.getByLabel('As', { exact: true }).selectOption({ label: 'Interpreter' });
    await page.getByRole('button', { name: 'Give a post' }).click();
    await page.getByText('Yangkyi now holds the post of Interpreter.').waitFor();
    await page.getByRole('button', { name: 'Disable the account' }).click();
    await page.getByText('Yangkyi is signed out everywhere at once').waitFor();
    await whole(head.page, 'phone-disable');
    await page.getByRole('button', { name: 'Disable the account' }).click();
    await page.getByRole('button', { name: 'Enable the account' }).waitFor();
    await head.nurse.page.reload();
    await heading(head.nurse, 'Sign in');
    await head.nurse.context.close();
  });
  await step('offices: a head has no hand in her own posts', async () => {
    await page.goto(`${node.address}/#/people`);
    await page.getByRole('link', { name: /Choden Lhamo/ }).click();
    await page.getByText('This is you.').waitFor();
    await none(page.getByRole('button', { name: /End …|Give/ }), 'she can');
  });
}

async function whoHasSeen(node, head, admin) {
  await step('offices: from the case to who has seen the patient, and on paper', async () => {
    const { page } = head;
    await page.goto(`${node.address}/#/case/demo-case-01`);
    await page.getByRole('link', { name: 'Who has seen this patient' }).click();
    await heading(head, 'Who has seen this patient');
    await page.getByText('Wang Jun').waitFor();
    await page.getByRole('row', { name: /Pema Yangchen/ }).first().waitFor();
    await whole(head.page, 'phone-seen');
  });
  await step('offices: by number, for one who sees no records', async () => {
    const { page } = admin;
    await page.getByRole('link', { name: 'Seen by' }).click();
    await page.getByLabel('Patient number').fill('no such number');
    await page.keyboard.press('Enter');
    await page.locator('.problem').waitFor();
    admin.complaints.splice(0, admin.complaints.length, ...admin.complaints.filter((one) => !one.includes('status of 404'))); // asked for
    await page.getByLabel('Patient number').fill('NQ-40817');
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /Pema Yangchen/ }).first().waitFor();
    await none(page.getByText('Wang Jun'), 'an administrator is told the name');
    await whole(admin.page, 'desk-seen');
    await page.emulateMedia({ media: 'print' });
    await page.locator('.rail').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Print' }).waitFor({ state: 'hidden' });
    await page.getByText('Patient number NQ-40817').waitFor(); // whose list it is
    await picture(page, 'paper-seen');
    await page.emulateMedia({ media: null });
  });
}

async function asAuditor(node, auditor, account) {
  const { page } = auditor;
  await step('offices: an auditor begins with the trail, and finds who did what', async () => {
    await withPassword(auditor, node.address, account);
    await heading(auditor, 'Audit trail');
    await rail(auditor, ['Audit', 'Seen by', 'Hospital']);
    await page.getByRole('row').nth(1).waitFor();
    await whole(auditor.page, 'desk-audit');
    await page.getByLabel('Person').fill('Choden');
    await page.getByLabel('What was done').selectOption({ label: 'Accounts' });
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('row', { name: /Disabled an account.*Yangkyi/ }).waitFor();
    await addressHas(page, 'person=Choden');
    await addressHas(page, 'action=account');
    await page.reload();
    await page.getByRole('row', { name: /Disabled an account.*Yangkyi/ }).waitFor();
    await exactly(3, page.getByRole('row')); // two entries and the heading
    await whole(auditor.page, 'desk-audit-found');
  });
  await step('offices: one entry, and from there all about the patient', async () => {
    await page.goto(`${node.address}/#/audit?patient=demo-patient-01&action=read`);
    await page.getByRole('row', { name: /Pema Yangchen/ }).first().getByRole('link').click();
    await heading(auditor, /^Entry \d+$/);
    await page.getByText('Patient/demo-patient-01').first().waitFor();
    await none(page.getByText('Wang Jun'), 'an auditor is told the name');
    await whole(auditor.page, 'desk-audit-entry');
    await page.getByRole('link', { name: 'Who has seen this patient' }).first().click();
    await page.getByRole('row', { name: /Pema Yangchen/ }).first().waitFor();
  });
  await step('offices: the chain is whole', async () => {
    await page.goto(`${node.address}/#/audit?until=2020-01-01`);
    await page.getByText('No entry fits.').waitFor();
    await page.getByRole('button', { name: 'Check now' }).click();
    await page.getByText(/Whole, from the first entry to entry \d+/).waitFor();
    await whole(auditor.page, 'desk-audit-chain');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${node.address}/#/audit`);
    await page.getByRole('row').nth(1).waitFor();
    await whole(auditor.page, 'phone-audit');
  });
  await step('offices: in Chinese', async () => {
    await page.locator('.account summary').click();
    await page.getByRole('combobox').first().selectOption('zh');
    await heading(auditor, '审计记录');
    await page.keyboard.press('Escape');
    await whole(auditor.page, 'phone-audit-zh');
    await page.locator('.account summary').click();
    await page.getByRole('combobox').first().selectOption('en'); // it goes with the account, and others sign in with it
    await heading(auditor, 'Audit trail');
  });
}

async function asDoctor(node, doctor, account) {
  const { page } = doctor;
  await step('offices: a plain doctor reaches none of it by address', async () => {
    await withPassword(doctor, node.address, account);
    await heading(doctor, 'Today');
    await rail(doctor, ['Today', 'Cases', 'Ask', 'Find', 'Transfers', 'MDT', 'Learning', 'Phrases', 'Hospital']);
    for (const address of OFFICES) {
      await page.goto(`${node.address}/#/${address}`);
      await page.getByText('This page is for other posts').waitFor();
    }
    await whole(doctor.page, 'desk-closed');
    await page.goto(`${node.address}/#/case/demo-case-01`);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await none(page.getByRole('link', { name: 'Who has seen this patient' }), 'the link is shown');
    await page.goto(`${node.address}/#/no-such-page`);
    await page.getByText('There is no page with this address.').waitFor();
  });
  await step('offices: nor by what the pages ask of the node', async () => {
    const statuses = await page.evaluate(async () => {
      const token = (await (await fetch('/session')).json()).page;
      const ask = async (method, path, body) => (await fetch(path, {
        method, body: body && JSON.stringify(body),
        headers: { 'X-Belay-Page': token, ...(body ? { 'Content-Type': path.startsWith('/session') ? 'application/json' : 'application/fhir+json' } : {}) },
      })).status;
      const post = {
        resourceType: 'PractitionerRole', practitioner: { reference: 'Practitioner/demo-pema-yangchen' }, organization: { reference: 'Organization/demo-nagqu' },
        code: [{ coding: [{ system: 'https://belay.health/CodeSystem/role', code: 'administrator' }] }],
      };
      return Promise.all([
        ask('GET', '/session/accounts'), ask('POST', '/session/accounts', { name: 'x', practitioner: 'Practitioner/demo-zhang-jing' }),
        ask('POST', '/session/accounts/reset', { name: 'Tenzin Sangmo' }), ask('POST', '/session/accounts/off', { name: 'Tenzin Sangmo' }),
        ask('POST', '/fhir/PractitionerRole', post), ask('GET', '/fhir/AuditEvent'), ask('GET', '/fhir/AuditEvent/trail-1'),
        ask('GET', '/fhir/AuditEvent/$chain'), ask('GET', '/fhir/Patient/demo-patient-01/$accesses'), ask('GET', '/fhir/Patient/$accesses?identifier=NQ-40817'),
      ]);
    });
    check(statuses.every((status) => status === 403), statuses.join());
    doctor.complaints.splice(0, doctor.complaints.length, ...doctor.complaints.filter((one) => !one.includes('status of 403'))); // they were asked for
  });
  await step('offices: a token in my name is listed, and ended', async () => {
    const token = node.token('Ward screen', 'clinician', '--practitioner', 'demo-pema-yangchen');
    const asked = async () => (await fetch(`${node.address}/session`, { headers: { Authorization: `Bearer ${token}` } })).status;
    check(await asked() === 200, 'the token does not work');
    await page.goto(`${node.address}/#/account`);
    const line = page.locator('.visits li', { hasText: 'Ward screen' });
    await line.getByText('until').waitFor();
    await line.getByRole('button', { name: 'End' }).click();
    await line.waitFor({ state: 'detached' });
    await eventually(async () => await asked() === 401, 'the token still works');
  });
}

/** ${node}: serves the demonstration; ${accounts}: by role, { name, password or link }. */
export async function offices(node, browser, accounts) {
  const admin = await person(browser, node.address, DESK);
  const head = await person(browser, node.address, PHONE);
  const auditor = await person(browser, node.address, DESK);
  const doctor = await person(browser, node.address, DESK);
  const link = await asAdministrator(node, admin, accounts.administrator.password);
  await asHead(node, head, link, browser);
  await asDoctor(node, doctor, accounts.clinician);
  await whoHasSeen(node, head, admin);
  await asAuditor(node, auditor, accounts.auditor);
  await step('offices: no script error', async () => {
    const all = [admin, head, auditor, doctor].flatMap((someone) => someone.complaints);
    check(all.length === 0, all.join('\n'));
  });
  for (const someone of [admin, head, auditor, doctor]) await someone.context.close();
}
