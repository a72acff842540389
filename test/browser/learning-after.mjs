// SPDX-License-Identifier: Apache-2.0
// After return: Today asks the person and the head of their department at 3, 6 and 12 months;
// who answers late, or not, is seen. And how many were trained: persons beside person-courses.
import { DESK, PHONE } from './lib/browser.mjs';
import { AT_HOME, PEMA, ZHANG, asker, code, day, daysAgo, enters, look, newHead, parameters, text, who } from './lib/learn.mjs';
import { check, none, step } from './lib/report.mjs';

const AWAY = 'Organization/demo-dalian-emergency-and-critical-care';
const HEAD = 'la-head';
/** Months after return, and a return that lies so long back. */
const MOMENTS = [[3, 100], [6, 200], [12, 400]];
const titleOf = (month) => `Placement of ${month} months ago`;

/** Three placements of the same person, back for 3, 6 and 12 months. */
async function prepare(node) {
  const zhang = asker(node, 'zhang after', ZHANG);
  const pema = asker(node, 'pema after', PEMA);
  await newHead(asker(node, 'Operator after'), HEAD, 'Tsering Yudon', AT_HOME);
  for (const [month, ago] of MOMENTS) {
    const course = await zhang('POST', 'programme/Course/$plan', parameters(
      code('kind', 'placement'), text('title', titleOf(month)), who('organiser', AWAY), who('organiser', AT_HOME), day('start', daysAgo(ago + 20)), day('end', daysAgo(ago)), who('teacher', ZHANG),
      { name: 'aim', part: [text('text', 'Leads the team at a resuscitation')] },
    ));
    const enrolled = await zhang('POST', `programme/Course/${course.id}/$enrol`, parameters(who('person', PEMA)));
    await pema('POST', `programme/Enrolment/${enrolled.id}/$accept`, parameters());
    await zhang('POST', `programme/Enrolment/${enrolled.id}/$complete`, parameters({ name: 'passed', valueBoolean: true }));
  }
}

async function areAsked(page, name, picture) {
  await step(`learning: Today asks ${name} at 3, 6 and 12 months after return`, async () => {
    for (const [month] of MOMENTS) {
      await page.getByRole('link', { name: new RegExp(`${titleOf(month)}.*${month} months after return: is it used\\?`) }).waitFor();
    }
    await look(page, picture);
  });
}

async function answer(page, article, month, button) {
  const card = page.getByRole('article', { name: article }).filter({ hasText: `${month} months after return: is it used?` }).first();
  await card.getByRole('group', { name: `${month} months after return: is it used?` }).getByRole('button', { name: button }).click();
}

async function personAnswers({ page }) {
  await areAsked(page, 'the person', 'phone-today-three-moments');
  await step('learning: the person answers each of the three, and one late', async () => {
    await page.getByRole('link', { name: new RegExp(titleOf(12)) }).click();
    await page.getByRole('heading', { name: 'My learning', level: 1 }).waitFor();
    await page.getByText('Courses: ').first().waitFor();
    for (const [month] of MOMENTS) {
      await answer(page, titleOf(month), month, 'It is used');
      await page.getByRole('article', { name: titleOf(month) }).getByText(/Pema Yangchen on .*: used$/).waitFor();
    }
    const card = page.getByRole('article', { name: titleOf(12) });
    await card.getByText('No answer yet from the person who learnt it.').nth(1).waitFor(); // at 3 and at 6 months
    await card.getByRole('button', { name: 'Answer for 3 months, late' }).click();
    await look(page, 'phone-learning-late');
    await answer(page, titleOf(12), 3, 'It is not used');
    await card.getByText(/Pema Yangchen on .*: not used \(late\)/).waitFor();
    await card.getByText('No answer yet from the head of their department.').nth(2).waitFor();
    await look(page, 'phone-learning-three-moments');
  });
}

async function headAnswers({ page }, address) {
  await areAsked(page, 'the head', 'desk-today-three-moments');
  await step('learning: the head answers each of the three', async () => {
    await page.getByRole('link', { name: new RegExp(titleOf(3)) }).click();
    await page.getByRole('heading', { name: 'My learning', level: 1 }).waitFor();
    await page.getByText(/Persons: 1 · Person-courses: [3-9]/).waitFor(); // one person, however many courses
    for (const [month] of MOMENTS) {
      await answer(page, 'Pema Yangchen', month, month === 12 ? 'It is not used' : 'It is used');
      await page.getByText(new RegExp(`Tsering Yudon on .*: ${month === 12 ? 'not ' : ''}used$`)).nth(MOMENTS.findIndex(([n]) => n === month) % 2).waitFor();
    }
    await page.getByText('answers differ').first().waitFor();
    for (const [month] of MOMENTS) await page.getByRole('article', { name: 'Pema Yangchen' }).getByRole('link', { name: titleOf(month) }).waitFor(); // whose card is of which course
    await look(page, 'desk-learning-three-moments');
    await page.goto(`${address}/#/today`);
    await Promise.all([page.waitForResponse((one) => decodeURIComponent(one.url()).includes('$learning?scope=waiting') && one.ok()), page.reload()]);
    await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
    await none(page.getByText('12 months after return: is it used?'), 'the head is asked again');
  });
}

// ---- figures ----

/** The eighth quarter before this one, in which nothing else happened: { name, day }. */
function oldQuarter() {
  const now = new Date();
  const at = now.getUTCFullYear() * 4 + Math.floor(now.getUTCMonth() / 3) - 8;
  const name = `${Math.floor(at / 4)}-Q${at % 4 + 1}`;
  return { name, day: `${Math.floor(at / 4)}-${String(at % 4 * 3 + 2).padStart(2, '0')}-10` };
}

/** One person in three courses, three persons in one course, and ${more} more persons in one. */
async function train(node, more) {
  const program = asker(node, 'Operator trains');
  const quarter = oldQuarter();
  const kinds = { a: 'placement', b: 'placement', c: 'placement', d: 'workshop' };
  for (const [id, kind] of Object.entries(kinds)) {
    await program('PUT', `programme/Course/la-${id}`, {
      resourceType: 'Course', id: `la-${id}`, status: 'held', kind, title: `Course ${id}`, organiser: [{ reference: 'Organization/demo-beijing-orthopaedics' }], period: { start: quarter.day, end: quarter.day },
    });
  }
  const taken = [['one', 'a'], ['one', 'b'], ['one', 'c'], ['first', 'd'], ['second', 'd'], ['third', 'd'], ...Array.from({ length: more }, (_, n) => [`more-${n}`, 'a'])];
  for (const [person, course] of taken) {
    await program('PUT', `fhir/Practitioner/la-${person}`, { resourceType: 'Practitioner', id: `la-${person}`, name: [{ text: `Learner ${person}` }] });
    await program('PUT', `programme/Enrolment/la-${person}-${course}`, {
      resourceType: 'Enrolment', id: `la-${person}-${course}`, status: 'completed', course: { reference: `Course/la-${course}` }, person: { reference: `Practitioner/la-${person}` },
      learningDepartment: { reference: 'Organization/demo-lhasa-orthopaedics' }, teachingDepartment: { reference: 'Organization/demo-beijing-orthopaedics' },
      period: { start: quarter.day, end: quarter.day }, result: { passed: true, by: { reference: ZHANG }, on: quarter.day },
    });
  }
  return quarter.name;
}

const cellsOf = async (row) => (await row.getByRole('cell').allInnerTexts()).map((one) => one.trim());

async function counts(node, browser) {
  const office = await enters(node, browser, DESK, 'demo-yang-min', 'coordinator');
  const { page } = office;
  await step('learning: few persons are hidden; one in three courses and three in one are told as persons and person-courses', async () => {
    const quarter = await train(node, 0);
    await page.getByRole('link', { name: 'Learning' }).click();
    await page.getByLabel('Pages: Learning').getByRole('link', { name: 'Courses' }).click();
    await page.getByRole('heading', { name: 'How many were trained' }).waitFor();
    await page.getByLabel('Quarter').selectOption(quarter);
    await page.getByText('Nothing to show for this quarter').waitFor(); // four persons: too few to tell
    const main = await page.locator('#learn-figures').locator('xpath=..').innerText();
    check(!/\b(4|6)\b/.test(main.replace(/\d{4}-Q\d/g, '').split('What each hospital')[0].split('Quarter')[1] ?? ''), 'a small count is told');
    await train(node, 5);
    await page.reload();
    await page.getByLabel('Quarter').selectOption(quarter);
    const table = page.getByRole('table', { name: 'How many were trained' });
    const row = table.getByRole('row', { name: /Lhasa/ });
    await row.getByRole('cell', { name: '9', exact: true }).waitFor();
    check((await cellsOf(row)).slice(0, 3).join(' ') === '9 11 6', `persons, person-courses, persons sent: ${await cellsOf(row)}`);
    for (const name of ['Persons', 'Person-courses', 'Persons sent to study', 'Persons looked at after return', 'Persons who use it']) await table.getByRole('columnheader', { name, exact: true }).waitFor();
    const taught = page.getByRole('table', { name: 'What each hospital taught' }).getByRole('row', { name: /Beijing/ });
    check((await cellsOf(taught)).join(' ') === '9 11 – – –', `taught: ${await cellsOf(taught)}`);
    await page.getByRole('row', { name: /By kind/ }).getByText('•').first().waitFor(); // three in a workshop are few
    await look(page, 'desk-learning-taught');
    await page.setViewportSize(PHONE.viewport);
    await look(page, 'phone-learning-taught');
  });
  return office;
}

export async function learningAfter(node, browser) {
  await prepare(node);
  const phone = await enters(node, browser, PHONE, PEMA);
  const desk = await enters(node, browser, DESK, HEAD);
  await personAnswers(phone);
  await desk.page.reload();
  await headAnswers(desk, node.address);
  const office = await counts(node, browser);
  for (const { complaints, context } of [phone, desk, office]) {
    check(complaints.length === 0, complaints.join('\n'));
    await context.close();
  }
}
