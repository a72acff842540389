// SPDX-License-Identifier: Apache-2.0
// Every page lives: the whole demonstration as each of its people sees it. Whoever `belay demo --accounts` names signs
// in and opens every item of the menu: it has content where the demonstration tells of it, is no wider than
// a phone or a desk, and says nothing to the console. axe looks at each page once, at who is told something there.
import { DESK, PHONE, accessible, draws, fits, person, picture } from './lib/browser.mjs';
import { check, eventually, step } from './lib/report.mjs';
import { codeOf } from './people.mjs';

const GOOD = 'nine carts of wet barley';

const LEARN = ['Pema Yangchen', 'Zhang Jing', 'Tashi Norbu', 'Norbu Gyaltsen', 'Sangye Lhundup', 'He Chengwu'];
const NAGQU = [...LEARN, 'Sonam Yangkyi', 'Dondrub Tashi', 'Kunga Metok', 'Bai Wanqing']; // grows, and who helps it
const GROWING = [...NAGQU, 'Rinzin Dolma']; // Xigaze grows too
const ANSWER_FOR = ['Dondrub Tashi', 'Kunga Metok', 'Feng Yaqin'];

/** By what one knows that a page has content, and for whom the demonstration tells of it: for everybody, unless names follow. */
const CONTENT = {
  today: ['.case-list > li, .today-part li, .today-part a'], cases: ['.case-list > li', (name) => name !== 'He Chengwu'], // nobody asks him from afar: he is there
  ask: ['form textarea'], numbers: ['tbody tr'], figures: ['.log-line'], programme: ['.chart svg'], quality: ['.log-line, .empty'], find: ['input'], phrases: ['button'], map: ['tbody tr'],
  audit: ['tbody tr'], seen: ['input'], people: ['.person-row'], equipment: ['.equip-card'], pairings: ['.pulse-card, .handover-card'], published: ['.equip-card'], reports: ['.page button'], volumes: ['.log-curve', () => false], // it has no months
  hospital: ['.hospital-department', (name) => name !== 'Feng Yaqin'], // who coordinates all of them chooses one
  transfers: ['.transfer-row', (name) => ['Pema Yangchen', 'Sonam Yangkyi', 'Dondrub Tashi'].includes(name)],
  mdt: ['.case-list > li', (name) => name === 'Liu Bin'],
  emergencies: ['.glass-card', (name) => name === 'Bai Wanqing'], reviews: ['.review-card', (name) => name === 'Bai Wanqing'],
  logbook: ['.log-lines > *', (name) => LEARN.includes(name)], apprenticeships: ['.apprentice-card', (name) => [...LEARN, 'Dondrub Tashi'].includes(name)],
  'sign-offs': ['.sign-card', (name) => ['Tashi Norbu', 'Norbu Gyaltsen', 'Dondrub Tashi', 'Kunga Metok', 'Bai Wanqing'].includes(name)],
  courses: ['.learn-row', (name) => NAGQU.includes(name)], independence: ['article', (name) => [...ANSWER_FOR, 'Bai Wanqing'].includes(name)],
  gaps: ['.equip-card', (name) => [...NAGQU, 'Feng Yaqin'].includes(name)], money: ['.equip-card', (name) => ANSWER_FOR.includes(name)],
  teams: ['.team', (name) => GROWING.includes(name)], roster: ['.roster-list li', (name) => GROWING.includes(name)],
  handover: ['.handover-card', (name) => [...ANSWER_FOR, 'He Chengwu'].includes(name)],
};

async function enters(browser, node, { name, password, link }) {
  const someone = await person(browser, node.address, PHONE);
  const { page } = someone;
  if (password) {
    await page.goto(node.address);
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('Password').fill(password);
    await page.keyboard.press('Enter');
  } else {
    await page.goto(node.address + link);
    await page.getByLabel('Password').fill(GOOD);
    await page.keyboard.press('Enter');
    const secret = (await page.locator('.secret').innerText()).replaceAll(' ', '');
    await page.getByLabel('Code', { exact: true }).fill(codeOf(secret));
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'I have kept them' }).click();
  }
  await page.locator('nav').first().waitFor();
  return someone;
}

/** The names of the pages in the menu, as a phone lists them. */
async function menu(page, node) {
  await page.goto(`${node.address}/#/more`);
  await page.locator('.more-list a').first().waitFor();
  return page.locator('.more-list a').evaluateAll((all) => all.map((link) => link.getAttribute('href').replace('#/', '')));
}

async function looksAt({ page }, node, item, name, seen) {
  check(CONTENT[item], 'nobody says what is to be seen there');
  const [content, promised = () => true] = CONTENT[item];
  await page.goto(`${node.address}/#/more`);
  await page.locator(`.more-list a[href="#/${item}"]`).click();
  await page.locator('main h1').waitFor();
  if (promised(name)) await page.locator('main').locator(content).first().waitFor();
  await eventually(async () => await page.locator('.skeleton').count() === 0, 'it goes on loading');
  const looks = promised(name) && !seen.has(item); // once is enough: an address is the same page for all
  if (looks) seen.add(item);
  for (const [shape, { viewport }] of [['phone', PHONE], ['desk', DESK]]) {
    await page.setViewportSize(viewport);
    await fits(page);
    if (looks) await accessible(page);
    await picture(page, `${shape}-${name.replaceAll(' ', '-').toLowerCase()}-${item}`);
  }
  await page.setViewportSize(PHONE.viewport);
}

/** What is wrong with ${item}, "" if nothing. A page that the browser gives no frames any more says nothing about Belay: it is looked at on another. */
async function faultOf(someone, node, item, name, seen) {
  const fault = (error) => `${item}: ${error.message.slice(0, 300)}`;
  try {
    await looksAt(someone, node, item, name, seen);
    return '';
  } catch (error) {
    if (await draws(someone.page)) return fault(error);
    console.log(`       ${item}: the browser draws this page no more; looked at on another one`);
    await someone.turnsToAnother();
    return looksAt(someone, node, item, name, seen).then(() => '', fault);
  }
}

async function looksAround(browser, node, who, seen) {
  const someone = await enters(browser, node, who);
  const items = await menu(someone.page, node);
  const faults = [];
  for (const item of items) faults.push(await faultOf(someone, node, item, who.name, seen));
  check(faults.every((fault) => !fault) && someone.complaints.length === 0, [...faults.filter(Boolean), ...someone.complaints].join('\n'));
  await someone.context.close();
}

export async function everyPage(node, browser) {
  const seen = new Set();
  for (const who of node.everybody()) {
    await step(`every page lives: ${who.name}, ${who.role}`, () => looksAround(browser, node, who, seen));
  }
}
