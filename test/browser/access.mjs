// SPDX-License-Identifier: Apache-2.0
// The demonstration as its people see it: the doctor's hospital, the cases sent to the
// expert's department, and nothing else; a case asked and taken between the two.
import { DESK, PHONE, person } from './lib/browser.mjs';
import { check, none, step } from './lib/report.mjs';
import { byKeyboard } from './around.mjs';

const THEIRS = 'Lung oedema on his third day'; // Nagqu's emergency department asked Dalian's
const SURGEONS = 'Appendicitis for 14 hours'; // Nagqu's surgeons asked Dalian's surgeons
const ELSEWHERE = 'Broken wrist'; // Damxung asked Beijing
const NEW_CASE = {
  name: 'Tsering Yudron', age: '40', urgency: 'urgent', steps: 1, send: 'Send as urgent',
  question: 'Frostbite of both feet, second day: iloprost, or wait?', story: 'Walked in from the pass, feet white to the ankles.',
};

async function byName({ page }, address, account) {
  await page.goto(address);
  await page.getByLabel('Name').fill(account.name);
  await page.getByLabel('Password').fill(account.password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
}

async function lists({ page }, shown, hidden) {
  for (const text of shown) await page.getByText(text).first().waitFor();
  for (const text of hidden) await none(page.getByText(text), `${text} is in the list`);
}

/** ${node}: serves the demonstration; ${accounts}: by role, { name, password }. */
export async function whoSeesWhat(node, browser, accounts) {
  const doctor = await person(browser, node.address, PHONE);
  const expert = await person(browser, node.address, DESK);
  await step('access: the doctor sees her hospital, the expert what was sent to his department', async () => {
    await byName(doctor, node.address, accounts.clinician);
    await byName(expert, node.address, accounts.expert);
    await lists(doctor, [THEIRS, SURGEONS], [ELSEWHERE]);
    await lists(expert, [THEIRS], [SURGEONS, ELSEWHERE]);
  });
  await step("access: the address of another's case says kindly that it is not there", async () => {
    await expert.page.goto(`${node.address}/#/case/demo-case-02`);
    await expert.page.getByText('There is no such case, or it is not shared with you.').waitFor();
    await expert.page.goto(`${node.address}/#/cases`);
  });
  await byKeyboard(doctor, [NEW_CASE]);
  await step('access: her new case reaches the twin department, and the doctor sees it taken', async () => {
    await expert.page.getByRole('link', { name: new RegExp(NEW_CASE.name) }).click();
    await expert.page.getByRole('heading', { name: NEW_CASE.question }).waitFor();
    await expert.page.getByRole('button', { name: 'I will answer it' }).click();
    await doctor.page.getByText('Zhang Jing is looking at it').waitFor();
  });
  await step('access: no script error', async () => {
    const all = [doctor, expert].flatMap((someone) => someone.complaints);
    check(all.length === 0, all.join('\n'));
  });
  await doctor.context.close();
  await expert.context.close();
}
