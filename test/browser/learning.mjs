// SPDX-License-Identifier: Apache-2.0
// Courses: a placement is planned at a desk and somebody put down, who agrees on a phone; the
// result in a tap; after return the logbook tells of the procedure, and Today asks about the rest.
import { DESK, PHONE, accessible, fits, person, picture } from './lib/browser.mjs';
import { check, exactly, none, step } from './lib/report.mjs';

const DAY = 86_400_000;
const TITLE = 'Four weeks of emergency surgery';

function daysAgo(count) {
  return new Date(Date.now() - count * DAY).toISOString().slice(0, 10);
}

async function enter({ page }, node, who) {
  await page.goto(`${node.address}/#/token`);
  await page.getByLabel('Token').fill(node.token(`${who} learning`, 'clinician', '--practitioner', `demo-${who}`));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
}

async function look(page, name) {
  await fits(page);
  await accessible(page);
  await picture(page, name);
}

async function pickPerson(page, label, letters, name) {
  await page.getByLabel(label).fill(letters);
  await page.getByRole('button', { name, exact: true }).click();
}

async function plans({ page }, address) {
  await step('learning: a placement is planned with its aims', async () => {
    await page.goto(`${address}/#/courses`);
    await page.getByRole('heading', { name: 'Courses', level: 1 }).waitFor();
    await page.getByText(/No course is planned/).waitFor();
    await page.getByRole('link', { name: 'Plan a course' }).click();
    await page.getByRole('button', { name: 'Plan it' }).click();
    await page.getByText('This is needed before it can be sent.').waitFor(); // nothing was chosen
    await page.getByText('Placement at the twin hospital', { exact: true }).click();
    await page.getByLabel('What is it called?').fill(TITLE);
    await page.getByLabel('Together with').fill('Nagqu');
    await page.getByText(/^Emergency, Nagqu/).click();
    await page.getByLabel('From').fill(daysAgo(150));
    await page.getByLabel('Until').fill(daysAgo(100));
    await pickPerson(page, 'Who teaches', 'Zhang', 'Zhang Jing');
    await page.getByLabel('Aim 1').selectOption('chest-drainage');
    await page.getByRole('button', { name: 'Another aim' }).click();
    await page.getByLabel('What shall be learnt').fill('Runs the morning round of the emergency room');
    await look(page, 'desk-course-plan');
    await page.getByRole('button', { name: 'Plan it' }).click();
    await page.getByRole('heading', { name: TITLE, level: 1 }).waitFor();
  });
  await step('learning: somebody is put down', async () => {
    await pickPerson(page, 'Who takes part?', 'Pema Y', 'Pema Yangchen');
    await page.getByRole('button', { name: 'Put down Pema Yangchen' }).click();
    await page.getByText('Pema Yangchen is put down.').waitFor();
    await page.getByRole('article', { name: 'Pema Yangchen' }).getByText('Not agreed yet').waitFor();
    await look(page, 'desk-course');
  });
}

async function agrees({ page }, address) {
  await step('learning: Today asks the person, who agrees on a phone', async () => {
    await page.goto(`${address}/#/today`);
    await page.getByRole('link', { name: new RegExp(TITLE) }).click();
    await page.getByRole('heading', { name: 'My learning', level: 1 }).waitFor();
    const card = page.getByRole('article', { name: TITLE });
    await card.getByRole('button', { name: 'Agree' }).click();
    await card.getByText('Agreed', { exact: true }).waitFor();
    await none(card.getByRole('button', { name: 'Passed' }), 'the person can pass themselves');
    await look(page, 'phone-learning');
  });
}

async function completes({ page }, address) {
  await step('learning: the result in a tap', async () => {
    await page.goto(`${address}/#/today`);
    await page.getByRole('link', { name: /Is over: say what came of it/ }).click();
    const card = page.getByRole('article', { name: 'Pema Yangchen' });
    await card.getByLabel('A word on the result').fill('Careful hands.');
    await card.getByRole('button', { name: 'Passed', exact: true }).click();
    await card.getByText(/Passed, says Zhang Jing/).waitFor();
    await card.getByText(/as operator: [1-9]/).first().waitFor(); // the logbook tells
    await look(page, 'desk-learning');
  });
}

async function answers({ page }, address) {
  await step('learning: three months after return it is asked what the logbook cannot tell', async () => {
    await page.goto(`${address}/#/today`);
    await page.reload();
    await page.getByText('3 months after return: is it used?').waitFor();
    await page.getByRole('heading', { name: /^Waits for me/ }).waitFor();
    const parts = await page.locator('.today-part > h2').allInnerTexts();
    const at = (name) => parts.findIndex((one) => one.startsWith(name));
    check(at('Courses and placements') > at('Waits for me'), `courses stand above cases: ${parts.join(' | ')}`);
    await look(page, 'phone-today-learning');
    await page.getByRole('link', { name: new RegExp(TITLE) }).click();
    const card = page.getByRole('article', { name: TITLE });
    await card.getByText('Closed chest drainage').waitFor();
    await exactly(1, card.getByRole('button', { name: 'It is used' })); // a procedure is not asked about
    await card.getByRole('button', { name: 'It is used' }).click();
    await card.getByText(/Pema Yangchen on .*: used/).waitFor();
    await look(page, 'phone-learning-used');
    await page.goto(`${address}/#/courses`);
    await page.getByText('What is over').click();
    await page.getByRole('link', { name: new RegExp(TITLE) }).waitFor();
    await look(page, 'phone-courses');
  });
}

async function counts(person) {
  await step('learning: a coordinator sees how many, and nobody', async () => {
    const { page } = person;
    await page.getByRole('heading', { name: 'How many were trained' }).waitFor();
    await page.getByRole('columnheader', { name: 'Person-courses' }).waitFor();
    await page.getByRole('rowheader', { name: 'All of these' }).waitFor();
    check(!(await page.locator('main, body').first().innerText()).includes('Pema Yangchen'), 'a coordinator sees a person');
    await look(page, 'desk-learning-figures');
  });
}

export async function learning(node, browser) {
  const phone = await person(browser, node.address, PHONE);
  const desk = await person(browser, node.address, DESK);
  await enter(desk, node, 'zhang-jing');
  await plans(desk, node.address);
  await enter(phone, node, 'pema-yangchen');
  await agrees(phone, node.address);
  await completes(desk, node.address);
  await answers(phone, node.address);
  const office = await person(browser, node.address, DESK);
  await office.page.goto(`${node.address}/#/token`);
  await office.page.getByLabel('Token').fill(node.token('yang-min learning', 'coordinator', '--practitioner', 'demo-yang-min'));
  await office.page.getByRole('button', { name: 'Sign in' }).click();
  await office.page.getByRole('link', { name: 'Learning' }).click();
  await office.page.getByLabel('Pages: Learning').getByRole('link', { name: 'Courses' }).click();
  await counts(office);
  for (const { complaints, context } of [phone, desk, office]) {
    check(complaints.length === 0, complaints.join('\n'));
    await context.close();
  }
}
