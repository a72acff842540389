// SPDX-License-Identifier: Apache-2.0
// Handover: an expert whose term ends names on a phone who takes over, is refused whom the record is not
// shown to, and gives the rest in one tap; the next takes over or says no; the coordinator sees how
// many have nobody, and no patient; who leads the team sees the whole of it as one, and prints it.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { DESK, PHONE, person, picture, signIn, whole } from './lib/browser.mjs';
import { check, eventually, step } from './lib/report.mjs';

const BELAY = 'https://belay.health';
const DAY = 24 * 3600_000;
const day = (days) => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);
const UNITS = [['ho-home', 'Juniper Hospital'], ['ho-home-surgery', 'Surgery', 'ho-home'], ['ho-city', 'Estuary Hospital'], ['ho-city-surgery', 'Surgery', 'ho-city'],
  ['ho-city-eyes', 'Eyes', 'ho-city']];
const PEOPLE = {
  asker: ['Dechen Wangmo', 'clinician', 'ho-home-surgery'], learner: ['Tsewang Norbu', 'apprentice', 'ho-home-surgery'],
  leaves: ['Gao Feng', 'expert', 'ho-city-surgery', { start: day(-300), end: day(20) }], next: ['Ma Ling', 'expert', 'ho-city-surgery', { start: day(-5) }],
  eyes: ['Hu Die', 'expert', 'ho-city-eyes'], leader: ['Qin Hong', 'expert', 'ho-city-surgery', { start: day(-300), end: day(20) }], office: ['Sun Yi', 'coordinator', ''],
};
const TEAM = ['ho-team', 'Batch nine']; // led by Qin Hong, of the surgeons whose term ends
const CASES = [['Pain in the right lower belly: operate here or send?', 'urgent'], ['A lump in the neck: what next?', 'routine']];

function asker(node, token) {
  return async (method, path, body, space = 'fhir') => {
    const answer = await fetch(`${node.address}/${space}/${path}`, {
      method, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/fhir+json' }, ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    check(answer.ok, `${method} ${path}: ${answer.status} ${text.slice(0, 300)}`);
    return JSON.parse(text || 'null');
  };
}

const tokenOf = (node, key) => node.token(PEOPLE[key][0], PEOPLE[key][1], '--practitioner', `ho-${key}`);

async function aTermThatEnds(node) {
  const operator = asker(node, node.token('Loader of terms', 'program'));
  for (const [unit, name, partOf] of UNITS) {
    await operator('PUT', `Organization/${unit}`, { resourceType: 'Organization', id: unit, name, ...(partOf ? { partOf: { reference: `Organization/${partOf}` } } : { address: [{ country: 'CN' }] }) });
  }
  await operator('PUT', `Organization/${TEAM[0]}`, {
    resourceType: 'Organization', id: TEAM[0], name: TEAM[1], partOf: { reference: 'Organization/ho-city' }, type: [{ coding: [{ system: `${BELAY}/CodeSystem/organization-kind`, code: 'team' }] }],
    extension: [{ url: `${BELAY}/StructureDefinition/team-leader`, valueReference: { reference: 'Practitioner/ho-leader' } }],
  });
  for (const [key, [name, role, unit, period]] of Object.entries(PEOPLE)) {
    await operator('PUT', `Practitioner/ho-${key}`, { resourceType: 'Practitioner', id: `ho-${key}`, active: true, name: [{ text: name }] });
    await operator('PUT', `PractitionerRole/ho-${key}`, {
      resourceType: 'PractitionerRole', id: `ho-${key}`, active: true, practitioner: { reference: `Practitioner/ho-${key}` }, ...(period ? { period } : {}),
      ...(period?.end ? { extension: [{ url: `${BELAY}/StructureDefinition/posting-team`, valueReference: { reference: `Organization/${TEAM[0]}` } }] } : {}),
      ...(unit ? { organization: { reference: `Organization/${unit}` } } : {}), code: [{ coding: [{ system: `${BELAY}/CodeSystem/role`, code: role }] }],
    });
  }
  await operator('PUT', 'Patient/ho-patient', {
    resourceType: 'Patient', id: 'ho-patient', name: [{ family: 'Choden', given: ['Sonam'] }], gender: 'female', birthDate: '1971-03-03', managingOrganization: { reference: 'Organization/ho-home' },
  });
  await operator('PUT', 'Apprenticeship/ho-learns', {
    resourceType: 'Apprenticeship', id: 'ho-learns', status: 'active', apprentice: { reference: 'Practitioner/ho-learner' }, master: { reference: 'Practitioner/ho-leaves' },
    learningDepartment: { reference: 'Organization/ho-home-surgery' }, teachingDepartment: { reference: 'Organization/ho-city-surgery' },
  }, 'programme');
  const home = asker(node, tokenOf(node, 'asker'));
  const city = asker(node, tokenOf(node, 'leaves'));
  const nothing = { resourceType: 'Parameters' };
  for (const [question, priority] of CASES) {
    const id = randomUUID();
    await home('PUT', `ServiceRequest/${id}`, {
      resourceType: 'ServiceRequest', id, status: 'draft', intent: 'order', priority, subject: { reference: 'Patient/ho-patient' }, reasonCode: [{ text: question }],
      category: [{ coding: [{ system: `${BELAY}/CodeSystem/case-kind`, code: 'advice' }] }], performer: [{ reference: 'Organization/ho-city-surgery' }],
    });
    await home('POST', `ServiceRequest/${id}/$send`, nothing);
    await city('POST', `ServiceRequest/${id}/$accept`, nothing);
  }
}

async function choose(page, name) {
  await page.getByLabel('Successor').fill(name.slice(0, 3));
  await page.getByRole('list', { name: 'Found' }).getByRole('button', { name }).click();
}

async function leaves({ page }) {
  const card = (text) => page.locator('.handover-card').filter({ hasText: text });
  await step('handover: today says that the term ends, and how much has nobody', async () => {
    await page.getByRole('link', { name: /Your post ends on .*without anybody: 3/ }).click();
    await page.getByRole('heading', { name: 'Handover of Gao Feng', level: 1 }).waitFor();
    await card('Pain in the right lower belly').waitFor();
    await card('Tsewang Norbu').waitFor();
    await whole(page, 'phone-handover-pack');
  });
  await step('handover: whom the record is not shown to cannot be named, and it is said at once', async () => {
    await choose(page, 'Hu Die');
    await card('A lump in the neck').getByRole('button', { name: 'Name Hu Die' }).click();
    await card('A lump in the neck').getByText(/not shown to them/).waitFor();
  });
  await step('handover: one is named for one thing, then for all that has nobody', async () => {
    await choose(page, 'Ma Ling');
    await card('A lump in the neck').getByRole('button', { name: 'Name Ma Ling' }).click();
    await card('A lump in the neck').getByText('Ma Ling was named and has not answered').waitFor();
    await page.getByRole('button', { name: 'Name Ma Ling for all 2 without anybody' }).click();
    await page.getByText('Ma Ling was named for 2.').waitFor();
    await whole(page, 'phone-handover-named');
  });
}

async function takesOver({ page }, node) {
  await step('handover: the next takes over by a tap a card, or says no', async () => {
    await page.goto(`${node.address}/#/handover`);
    const waits = page.locator('section[aria-labelledby=handover-take] .handover-card');
    await waits.nth(2).waitFor();
    await whole(page, 'phone-handover-take');
    await waits.filter({ hasText: 'A lump in the neck' }).getByRole('button', { name: 'Take it over' }).click();
    await waits.nth(2).waitFor({ state: 'detached' });
    await waits.filter({ hasText: 'Tsewang Norbu' }).getByRole('button', { name: 'I cannot' }).click();
    await waits.nth(1).waitFor({ state: 'detached' });
    await page.getByText('Taken over by you: 1').waitFor();
  });
}

async function counts({ page }, node) {
  await step('handover: the coordinator sees index and orphans of the term, and no patient', async () => {
    await page.goto(`${node.address}/#/token`);
    await page.getByLabel('Token').fill(tokenOf(node, 'office'));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'Hospital' }).first().click();
    await page.getByRole('link', { name: /^Handover/ }).click();
    const card = page.locator('.handover-card').filter({ hasText: 'Gao Feng' });
    await card.getByText('33 % handed over, by weight').waitFor(); // a case of three things of 5
    await card.getByText('1 without anybody').waitFor();
    await card.getByText('Apprentices without a master on the next day: 1').waitFor();
    await card.getByText('By kind').click();
    await whole(page, 'desk-handover-terms');
    await card.getByRole('link', { name: 'Open the list' }).click();
    await page.getByRole('heading', { name: 'Handover of Gao Feng', level: 1 }).waitFor();
    const all = await page.locator('main').innerText();
    for (const hidden of ['Choden', 'lump', 'belly']) check(!all.includes(hidden), `${hidden} is told`);
    await whole(page, 'desk-handover-pack');
    await page.getByRole('link', { name: 'Handover', exact: true }).first().click();
    await page.getByRole('link', { name: 'The whole team Batch nine' }).click();
    await page.getByText('1 of 3 taken over · 33 % handed over, by weight').waitFor();
    await page.locator('.handover-posting').filter({ hasText: 'Gao Feng' }).getByText('Not shown one by one: 3').waitFor();
    const team = await page.locator('main').innerText();
    for (const hidden of ['Choden', 'lump', 'belly']) check(!team.includes(hidden), `${hidden} is told`);
    await whole(page, 'desk-handover-team');
  });
}

/** What is seen of the page on paper, kept where pictures go. */
async function onPaper(page, name) {
  const screen = page.viewportSize();
  await page.setViewportSize({ width: 680, height: 960 }); // A4 between its margins
  await page.emulateMedia({ media: 'print' });
  for (const gone of ['.rail', '.top', '.no-print', 'main .button']) {
    await eventually(() => page.locator(gone).evaluateAll((all) => all.every((one) => !one.checkVisibility())), `${gone} is printed`);
  }
  check(await page.locator('.print-head').isVisible(), 'who printed it is not said');
  const wide = await page.locator('main *').evaluateAll((all) => all.filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth).map((one) => `${one.tagName}.${one.className}`));
  check(wide.length === 0, `wider than the paper: ${wide.join(', ')}`);
  await picture(page, name);
  const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true });
  check(pdf.length > 5000, `the PDF has ${pdf.length} bytes`);
  if (process.env.SHOTS) {
    if (!existsSync(process.env.SHOTS)) mkdirSync(process.env.SHOTS, { recursive: true });
    writeFileSync(join(process.env.SHOTS, `${name}.pdf`), pdf);
  }
  await page.emulateMedia({ media: 'screen' });
  await page.setViewportSize(screen);
}

async function leads({ page }, node) {
  await step('handover: who leads the team sees all of it as one, each thing with who goes on with it', async () => {
    await page.goto(`${node.address}/#/handover`);
    await page.getByText('Posts: 1').waitFor(); // beside their own
    await whole(page, 'phone-handover-leader');
    await page.getByRole('link', { name: 'The whole team Batch nine' }).click();
    await page.getByRole('heading', { name: 'Handover of the team Batch nine', level: 1 }).waitFor();
    await page.getByText('1 of 3 taken over · 33 % handed over, by weight').waitFor();
    const post = page.locator('.handover-posting').filter({ hasText: 'Gao Feng' });
    await post.getByText('Ma Ling has taken it over').waitFor();
    await post.getByText('1 without anybody').waitFor();
    await page.locator('.handover-posting').filter({ hasText: 'Qin Hong' }).getByText('Nothing to hand over').waitFor();
    await whole(page, 'phone-handover-team');
  });
  await step('handover: the team on paper: who printed it, each thing, and nothing to press', async () => {
    await onPaper(page, 'print-handover-team');
    await page.locator('.handover-posting').filter({ hasText: 'Gao Feng' }).getByRole('link', { name: 'Open the list' }).click();
    await page.getByRole('heading', { name: 'Handover of Gao Feng', level: 1 }).waitFor();
    await page.locator('.handover-card').filter({ hasText: 'A lump in the neck' }).waitFor();
    await onPaper(page, 'print-handover-pack');
  });
}

export async function handover(node, browser) {
  await step('handover: an expert with two cases and an apprentice goes in three weeks', () => aTermThatEnds(node));
  const phone = await person(browser, node.address, PHONE);
  const next = await person(browser, node.address, PHONE);
  const leader = await person(browser, node.address, PHONE);
  const desk = await person(browser, node.address, DESK);
  await signIn(phone.page, node.address, tokenOf(node, 'leaves'));
  await leaves(phone);
  await signIn(next.page, node.address, tokenOf(node, 'next'));
  await takesOver(next, node);
  await signIn(leader.page, node.address, tokenOf(node, 'leader'));
  await leads(leader, node);
  await counts(desk, node);
  await step('handover: no script error', async () => {
    const all = [phone, next, leader, desk].flatMap((someone) => someone.complaints);
    check(all.length === 0, all.join('\n'));
  });
}
