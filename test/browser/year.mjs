// SPDX-License-Identifier: Apache-2.0
// A year in the pages: a master proposes an apprenticeship, apprentice and head agree; operations are logged on
// a phone, rated in three taps and asked after, until the curve decides; who signs is in year-signed.mjs, what the
// coordinator sees in year-hospital.mjs.
//
// The node's clock is the real one. The days behind are entered as users enter them: the days of an apprenticeship
// and of an operation are fields of their forms, and what is due after thirty days is due at once.
import { DESK, PHONE, allSent, person, wholeOnBoth } from './lib/browser.mjs';
import { check, eventually, exactly, none, reads, step } from './lib/report.mjs';
import { codeOf } from './people.mjs';
import { PEOPLE, PROCEDURE, day, theNetwork, theWeeksBetween } from './year-network.mjs';
import { openGap, whatTheYearLeft } from './year-hospital.mjs';
import { nearestBefore, signed } from './year-signed.mjs';

const GOOD = 'nine carts of wet barley';
const FIRST = [84, 79]; // days ago, of the operations that the pages log
const BETWEEN = Array.from({ length: 26 }, (_, at) => 77 - Math.floor(at * 1.7)); // and of those that follow

/** ${key} comes in by a link, with a password and one-time codes. */
async function enters(browser, node, key, shape) {
  const someone = await person(browser, node.address, shape);
  const { page } = someone;
  const link = /\/#\/enrol\/\S+/.exec(node.user('add', PEOPLE[key].name, '--practitioner', `Practitioner/yr-${key}`))[0];
  await page.goto(node.address + link);
  await page.getByLabel('Password').fill(GOOD);
  await page.keyboard.press('Enter');
  const secret = (await page.locator('.secret').innerText()).replaceAll(' ', '');
  await page.getByLabel('Code', { exact: true }).fill(codeOf(secret));
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await page.locator('nav').first().waitFor();
  return { ...someone, secret, key, opens: (hash, heading) => opens(page, node, hash, heading) };
}

async function opens(page, node, hash, heading) {
  await page.goto(`${node.address}/${hash}`);
  await page.reload(); // what others did meanwhile is read
  await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
}

const card = (page, state) => page.locator('.apprentice-card').filter({ hasText: 'Pasang Dolkar learns from Wei Anran' }).filter({ hasText: state });

async function proposes({ page, opens: open }) {
  await step('year: the master proposes an apprenticeship', async () => {
    await open('#/apprenticeships', 'Apprenticeships');
    await page.getByRole('link', { name: 'Propose an apprenticeship' }).click();
    await page.getByRole('heading', { name: 'Propose an apprenticeship', level: 1 }).waitFor();
    await page.getByText('I teach', { exact: true }).click();
    const partner = page.getByLabel('The department that learns');
    await partner.locator('option', { hasText: 'Surgery, Poplar Valley Hospital' }).waitFor({ state: 'attached' });
    await none(partner.locator('option', { hasText: 'Bridge City to Poplar Valley' }), 'a team is offered as a department');
    await partner.selectOption({ label: 'Surgery, Poplar Valley Hospital' });
    const apprentice = page.getByLabel('Apprentice', { exact: true });
    await apprentice.locator('option', { hasText: 'Pasang Dolkar' }).waitFor({ state: 'attached' });
    await apprentice.selectOption({ label: 'Pasang Dolkar' });
    await page.getByLabel('Procedure').selectOption(PROCEDURE);
    await page.getByLabel('To which level').selectOption('5');
    await page.getByRole('button', { name: 'Add this procedure' }).click();
    await page.getByLabel('First day').fill(day(-330));
    await page.getByLabel('Last day').fill(day(20));
    await wholeOnBoth(page, 'year-propose');
    await page.getByRole('button', { name: 'Propose an apprenticeship' }).click();
    await card(page, 'Proposed').waitFor();
  });
}

async function agrees({ page, opens: open, key }, state) {
  await step(`year: the ${key} agrees`, async () => {
    await open('#/apprenticeships', 'Apprenticeships');
    await page.getByRole('heading', { name: /Waiting for your word/ }).waitFor();
    await card(page, 'Proposed').getByRole('button', { name: 'Agree', exact: true }).click();
    await card(page, state).waitFor();
    await wholeOnBoth(page, `year-agreed-${key}`);
  });
}

async function logs({ page, opens: open }) {
  await step('year: operations of past weeks are logged on the phone, each on its day', async () => {
    for (const ago of FIRST) {
      await open('#/operation', 'Log an operation');
      await page.getByLabel('Procedure').selectOption(PROCEDURE);
      await page.getByLabel('Day', { exact: true }).fill(day(-ago));
      await page.getByRole('group', { name: 'My part' }).getByLabel('Operated').check();
      await page.getByLabel('With', { exact: true }).selectOption({ label: 'Wei Anran' });
      await page.getByRole('button', { name: 'Put it in the logbook' }).click();
      await page.waitForURL(/#\/(logbook|outgoing)/); // on a busy machine it may be kept first, and sent by itself
      await allSent(page);
    }
    await open('#/logbook', 'My logbook');
    await exactly(FIRST.length, page.locator('.log-rows > li'));
  });
}

async function rates({ page, opens: open }) {
  await step('year: the master rates each in three taps', async () => {
    await open('#/rate', 'Rate');
    const waiting = page.locator('.log-rows > li');
    await exactly(FIRST.length, waiting);
    await wholeOnBoth(page, 'year-rate');
    let answers = () => undefined; // the first is slow to arrive: who goes on meanwhile keeps the next form
    const held = new Promise((resolve) => { answers = resolve; });
    await page.route(/\$rate$/, async (route) => { await held; await route.continue(); }, { times: 1 });
    for (let left = FIRST.length; left > 0; left--) {
      await waiting.first().getByRole('button', { name: /Rate/ }).click();
      await page.getByText('3 Passive help: I followed').click();
      if (left < FIRST.length) {
        answers();
        await page.getByText('Your rating of Pasang Dolkar is').waitFor();
      }
      await page.getByText('Intermediate', { exact: true }).click();
      await page.getByText('As most are', { exact: true }).click();
      await page.getByRole('button', { name: 'Give Pasang Dolkar this rating' }).click();
      await exactly(left - 1, waiting);
    }
    await allSent(page);
  });
}

async function asksAfter({ page, opens: open }) {
  await step('year: what became of them is asked at discharge and after thirty days', async () => {
    await open('#/aftercare', 'How it went');
    const due = page.locator('.log-rows > li');
    await exactly(FIRST.length, due);
    for (let left = 2 * FIRST.length; left > 0; left--) {
      const question = await due.first().getByRole('button').innerText();
      await due.first().getByRole('button').click();
      await page.getByText('Well', { exact: true }).click();
      await page.getByRole('button', { name: 'Keep the outcome' }).click();
      await eventually(async () => await page.locator('.log-rows form').count() === 0, `"${question}" is not kept`);
    }
    await page.getByText('Nothing is due.', { exact: false }).waitFor();
  });
}

async function curve({ page, opens: open }, name, verdict, more) {
  await open('#/logbook', 'My logbook');
  const one = page.getByRole('article').filter({ hasText: 'Closed chest drainage' });
  await one.getByText(verdict, { exact: true }).waitFor();
  await reads(one, more);
  await none(one.locator('.log-arrived'), 'it is shown as arrived');
  await wholeOnBoth(page, name);
}

/** In a network of its own: one procedure that nobody local can do. */
export async function aYear(node, browser) {
  await theNetwork(node);
  node.rules('codes', 'everybody');
  const apprentice = await enters(browser, node, 'apprentice', PHONE);
  const master = await enters(browser, node, 'master', DESK);
  const head = await enters(browser, node, 'head', DESK);
  const coordinator = await enters(browser, node, 'coordinator', DESK);
  await openGap(coordinator);
  await nearestBefore(head);
  await proposes(master);
  await agrees(apprentice, 'Proposed');
  await agrees(head, 'Under way');
  await logs(apprentice);
  await rates(master);
  await asksAfter(apprentice);
  await step('year: after two operations the curve cannot decide, and says how many more it takes', () => curve(apprentice, 'year-undecidable', 'Undecidable at this volume.', /About \d+ more cases would be needed; to be expected in three months: 2\./));
  await theWeeksBetween(node, BETWEEN);
  await step('year: after the weeks between it is on the way', () => curve(apprentice, 'year-on-the-way', 'On the way.', /About \d+ more cases, if they are done adequately/));
  const quality = await enters(browser, node, 'quality', PHONE);
  await signed(apprentice, { master, head, 'quality office': quality });
  await whatTheYearLeft(coordinator);
  await step('year: no script error, no breach of the content policy, no request elsewhere', async () => {
    const all = [apprentice, master, head, coordinator, quality].flatMap((someone) => someone.complaints);
    check(all.length === 0, all.join('\n'));
  });
}
