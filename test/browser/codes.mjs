// SPDX-License-Identifier: Apache-2.0
// Codes are asked of everybody: a local doctor, an expert, a coordinator and an auditor of the
// demonstration set one up, sign in with it, and each sees what they should and no more: on the page,
// by address, and by what a page could ask of the node.
import { DESK, PHONE, accessible, fits, person, picture } from './lib/browser.mjs';
import { check, none, step } from './lib/report.mjs';
import { codeOf } from './people.mjs';

const GOOD = 'nine carts of wet barley';
const THEIRS = 'Lung oedema on his third day'; // Nagqu's emergency department asked Dalian's
const SURGEONS = 'Appendicitis for 14 hours'; // Nagqu's surgeons asked Dalian's surgeons
const ELSEWHERE = 'Broken wrist'; // Damxung asked Beijing

/** The last whole quarter, "2026-Q3". */
function lastQuarter() {
  const now = new Date();
  const quarter = Math.floor(now.getUTCMonth() / 3); // of those that are over this year
  return quarter === 0 ? `${now.getUTCFullYear() - 1}-Q4` : `${now.getUTCFullYear()}-Q${quarter}`;
}

// what the node says to each: 01 was sent to the expert's department, 02 to another, 04 is of another hospital
const ASKED = ['/fhir/ServiceRequest/demo-case-01', '/fhir/ServiceRequest/demo-case-02', '/fhir/ServiceRequest/demo-case-04', '/fhir/AuditEvent?_count=1',
  `/fhir/ServiceRequest/$caseload?period=${lastQuarter()}&by=hospital`, '/session/accounts'];
const FOUR = [
  { role: 'clinician', screen: PHONE, begins: 'Today', shown: [THEIRS, SURGEONS], hidden: [ELSEWHERE], says: [200, 200, 404, 403, 403, 403], cases: true },
  { role: 'expert', screen: DESK, begins: 'Today', shown: [THEIRS], hidden: [SURGEONS, ELSEWHERE], says: [200, 404, 404, 403, 403, 403], cases: true },
  { role: 'coordinator', screen: DESK, begins: 'Numbers', shown: [], hidden: [THEIRS, SURGEONS, ELSEWHERE], says: [404, 404, 404, 403, 200, 403], cases: false },
  { role: 'auditor', screen: DESK, begins: 'Audit trail', shown: [], hidden: [THEIRS, SURGEONS, ELSEWHERE], says: [404, 404, 404, 200, 403, 403], cases: false },
];

/** By a link: a password, a phone; then out again. The secret of the codes. */
async function setUp(page, node, name, begins) {
  const link = /\/#\/enrol\/\S+/.exec(node.user('reset', name))[0];
  await page.goto(node.address + link);
  await page.getByLabel('Password').fill(GOOD);
  await page.keyboard.press('Enter');
  const secret = (await page.locator('.secret').innerText()).replaceAll(' ', '');
  await page.getByLabel('Code', { exact: true }).fill(codeOf(secret));
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByRole('heading', { name: begins, level: 1 }).waitFor();
  await page.locator('.account summary').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  return secret;
}

async function signIn(page, address, name, secret, begins) {
  await page.goto(address);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(GOOD);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'One-time code' }).waitFor();
  check(await page.evaluate(() => fetch('/fhir/Patient').then((answer) => answer.status)) === 401, 'the password alone opens records');
  await page.getByLabel('Code', { exact: true }).fill(codeOf(secret, Date.now() + 30_000)); // the next: this one set it up
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: begins, level: 1 }).waitFor();
}

/** The statuses of what a page could ask, and how many patients it gets. */
function asks(page) {
  return page.evaluate(async (paths) => {
    const statuses = [];
    for (const path of paths) statuses.push((await fetch(path)).status);
    const patients = await fetch('/fhir/Patient?_count=200').then((answer) => answer.json());
    return { statuses, patients: (patients.entry ?? []).length };
  }, ASKED);
}

async function looksAround(someone, { begins, shown, hidden, says, cases, role }, address) {
  const { page } = someone;
  for (const text of shown) await page.getByText(text).first().waitFor();
  for (const text of hidden) await none(page.getByText(text), `${role}: "${text}" is on "${begins}"`);
  await picture(page, `codes-${role}`, false);
  await fits(page);
  await accessible(page);
  const { statuses, patients } = await asks(page);
  check(statuses.join() === says.join(), `${role}: ${ASKED.map((path, at) => `${path} ${statuses[at]}`).join(', ')}`);
  check((patients > 0) === cases, `${role} gets ${patients} patients`);
  await page.goto(`${address}/#/case/demo-case-04`);
  await page.locator('#content h1').waitFor();
  const word = cases ? 'There is no such case, or it is not shared with you.' : 'This page is for other posts';
  await page.getByText(word).waitFor();
  await none(page.getByText(ELSEWHERE), `${role}: a case of another hospital opens by its address`);
}

/** ${node}: serves the demonstration; after this its people sign in with codes. */
export async function fourWithCodes(node, browser, accounts) {
  node.rules('codes', 'everybody');
  // whoever opens a link or signs in is asked at once
  for (const who of FOUR) {
    await step(`codes: ${who.role}: signs in with a one-time code, and sees what is theirs and no more`, async () => {
      const someone = await person(browser, node.address, who.screen);
      const { name } = accounts[who.role];
      const secret = await setUp(someone.page, node, name, who.begins);
      await signIn(someone.page, node.address, name, secret, who.begins);
      await looksAround(someone, who, node.address);
      const wrong = someone.complaints.filter((text) => !/status of 40[134]/.test(text)); // what was asked on purpose
      check(wrong.length === 0, wrong.join('\n'));
      await someone.context.close();
    });
  }
  node.rules('codes', '--least');
}
