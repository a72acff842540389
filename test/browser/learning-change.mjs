// SPDX-License-Identifier: Apache-2.0
// A course after people are put down: it is moved, somebody else looks after a person, it is
// cancelled with a reason; whoever is enrolled is told on Today.
import { DESK, PHONE } from './lib/browser.mjs';
import { AT_HOME, PEMA, ZHANG, asker, code, day, daysAgo, enters, look, parameters, text, who } from './lib/learn.mjs';
import { check, none, step } from './lib/report.mjs';

const TITLE = 'A day of ultrasound';

async function prepare(node) {
  const zhang = asker(node, 'zhang changes', ZHANG);
  const course = await zhang('POST', 'programme/Course/$plan', parameters(
    code('kind', 'placement'), text('title', TITLE), text('place', 'Skills room'), who('organiser', 'Organization/demo-dalian-emergency-and-critical-care'), who('organiser', AT_HOME),
    day('start', daysAgo(-20)), day('end', daysAgo(-21)), who('teacher', ZHANG), { name: 'aim', part: [text('text', 'Sees free fluid in the belly')] },
  ));
  await zhang('POST', `programme/Course/${course.id}/$enrol`, parameters(who('person', PEMA)));
}

async function open(page, address) {
  await page.goto(`${address}/#/courses`);
  await page.getByRole('link', { name: new RegExp(TITLE) }).click();
  await page.getByRole('heading', { name: TITLE, level: 1 }).waitFor();
}

async function moves({ page }, address) {
  await step('learning: a planned course is changed: its title, days, place and aims', async () => {
    await open(page, address);
    await page.getByRole('link', { name: 'Change this course' }).click();
    await page.getByRole('heading', { name: 'Change this course', level: 1 }).waitFor();
    await page.getByLabel('What is it called?').fill('');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('This is needed before it can be sent.').waitFor();
    await page.getByLabel('What is it called?').fill(`${TITLE}, anew`);
    await page.getByLabel('From').fill(daysAgo(-30));
    await page.getByLabel('Until').fill(daysAgo(-31));
    await page.getByLabel(/^Where \(/).fill('Lecture hall 2');
    await page.getByRole('button', { name: 'Another aim' }).click();
    await page.getByLabel('What shall be learnt').last().fill('Measures the lower caval vein');
    await look(page, 'desk-course-change');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: `${TITLE}, anew`, level: 1 }).waitFor();
    await page.getByText('Measures the lower caval vein').waitFor();
    await page.getByText(/Lecture hall 2/).first().waitFor();
  });
  await step('learning: somebody else looks after a person', async () => {
    const card = page.getByRole('article', { name: 'Pema Yangchen' });
    await card.getByText('Looked after by Zhang Jing').waitFor();
    await card.getByRole('button', { name: 'Change who looks after Pema Yangchen' }).click();
    await card.getByLabel('Who looks after this person?').fill('Li We');
    await card.getByRole('button', { name: 'Li Wei', exact: true }).click();
    await look(page, 'desk-course-supervisor');
    await card.getByRole('button', { name: 'Save who looks after Pema Yangchen' }).click();
    await card.getByText('Looked after by Zhang Jing, Li Wei').waitFor();
  });
}

async function isTold({ page }, address) {
  await step('learning: Today tells who is enrolled that it was moved, until they have seen it', async () => {
    await page.goto(`${address}/#/today`);
    await page.reload();
    await page.getByText(/Was moved\. It is now: .*Lecture hall 2/).waitFor();
    await look(page, 'phone-today-moved');
    await page.getByRole('link', { name: new RegExp(TITLE) }).click();
    const card = page.getByRole('article', { name: `${TITLE}, anew` });
    await card.getByText(/Was moved by Zhang Jing/).waitFor();
    await none(card.getByRole('button', { name: /Change who looks after/ }), 'the person can choose who judges them');
    await card.getByRole('button', { name: 'Agree' }).click();
    await card.getByText('Agreed', { exact: true }).waitFor();
    await look(page, 'phone-learning-moved');
    await card.getByRole('button', { name: 'I have seen it' }).click();
    await card.getByText(/Was moved by/).waitFor({ state: 'detached' });
  });
}

async function cancels({ page }, address) {
  await step('learning: it is cancelled, with a reason', async () => {
    await open(page, address);
    await page.getByText('Cancel this course').click();
    await page.getByRole('button', { name: 'It does not take place' }).click();
    await page.getByText('This is needed before it can be sent.').waitFor();
    await page.getByLabel('Why does it not take place?').fill('The probe is broken.');
    await look(page, 'desk-course-cancel');
    await page.getByRole('button', { name: 'It does not take place' }).click();
    await page.getByText(/Does not take place, says Zhang Jing on .* “The probe is broken\.”/).first().waitFor();
    await none(page.getByRole('link', { name: 'Change this course' }), 'what is cancelled can be changed');
    await look(page, 'desk-course-cancelled');
  });
}

async function readsWhy({ page }, address) {
  await step('learning: Today tells who is enrolled that it does not take place, and why', async () => {
    await page.goto(`${address}/#/today`);
    await page.reload();
    await page.getByText('Does not take place: The probe is broken.').waitFor();
    await look(page, 'phone-today-cancelled');
    await page.getByRole('link', { name: new RegExp(TITLE) }).click();
    const card = page.getByRole('article', { name: `${TITLE}, anew` });
    await card.getByRole('button', { name: 'I have seen it' }).click();
    await card.getByText('Cancelled', { exact: true }).waitFor();
    await look(page, 'phone-learning-cancelled');
    await page.goto(`${address}/#/today`);
    await page.reload();
    await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
    await none(page.getByText('Does not take place: The probe is broken.'), 'it is told again');
  });
}

export async function learningChanges(node, browser) {
  await prepare(node);
  const desk = await enters(node, browser, DESK, ZHANG);
  const phone = await enters(node, browser, PHONE, PEMA);
  await desk.page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  await phone.page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  await moves(desk, node.address);
  await isTold(phone, node.address);
  await cancels(desk, node.address);
  await readsWhy(phone, node.address);
  for (const { complaints, context } of [phone, desk]) {
    check(complaints.length === 0, complaints.join('\n'));
    await context.close();
  }
}
