// SPDX-License-Identifier: Apache-2.0
// What stands on the page of the programme below its figures: what became possible when, by one question for all years.
import { DESK, person } from './lib/browser.mjs';
import { check, eventually } from './lib/report.mjs';
import { readFileSync } from 'node:fs';

const BELAY = 'https://belay.health';
const last = new Date().getUTCFullYear() - 1;
const coded = (system, code) => ({ coding: [{ system: `${BELAY}/CodeSystem/${system}`, code }] });
const refer = (reference) => ({ reference });
export const chart = (page, name) => page.locator(`#chart-${name}`);

/** The lines of a chart's table as [name, number]. */
export const linesOf = (frame) => frame.locator('.chart-table tbody tr, .unseen tbody tr').evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent.trim())));

export async function saved(page, press) {
  const waits = page.waitForEvent('download');
  await press();
  return readFileSync(await (await waits).path());
}

/** A page that was on another place of the same address would only go on: it is read anew. */
async function afresh(page, address) {
  await page.goto('about:blank');
  await page.goto(address);
}

function operation(id, hospital, code, day) {
  const own = (name) => `${BELAY}/StructureDefinition/${name}`;
  return {
    resourceType: 'Procedure', id, status: 'completed', subject: { display: 'Somebody' }, code: coded('procedure', code), performedDateTime: day,
    performer: [{ function: coded('operation-function', 'operator'), actor: refer('Practitioner/pm-local') }],
    extension: [
      { url: own('operation-department'), valueReference: refer(hospital) },
      { url: own('operation-follow-up'), extension: [{ url: 'at', valueCode: 'day-30' }, { url: 'result', valueCode: 'well' }] },
    ],
  };
}

export async function put(node, records, space = 'fhir') {
  const answer = await fetch(`${node.address}/${space}`, {
    method: 'POST', headers: { Authorization: `Bearer ${node.token('Loader of the programme', 'program')}`, 'Content-Type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry: records.map((resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } })) }),
  });
  check(answer.ok, `storing: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
}

/** Epilepsy care alone is what some moderate and serious illnesses of the catalogue need: three that went well are demonstrated. */
async function store(node) {
  const town = (id, hospital, latitude, longitude) => ({ resourceType: 'Location', id, status: 'active', name: id, position: { latitude, longitude }, managingOrganization: refer(hospital) });
  await put(node, [
    { resourceType: 'Organization', id: 'pm-second', name: 'Second Hospital' },
    town('Near', 'Organization/pg-host', 29.6, 91.1), town('Far', 'Organization/pm-second', 32.5, 80.1),
    ...['pg-host', 'pm-second'].map((id) => ({
      resourceType: 'OrganizationAffiliation', id: `pm-pair-${id}`, active: true, organization: refer(`Organization/${id}`), participatingOrganization: refer('Organization/pg-body'),
      code: [coded('affiliation', 'hospital-pair')], period: { start: `${last - 15}-01-01` },
    })),
    { resourceType: 'Practitioner', id: 'pm-local', active: true, name: [{ text: 'Local Physician' }], qualification: [{ code: coded('procedure', 'epilepsy-care'), period: { start: `${last}-01-01` } }] },
    { resourceType: 'PractitionerRole', id: 'pm-local', active: true, practitioner: refer('Practitioner/pm-local'), organization: refer('Organization/pg-host'), code: [coded('role', 'clinician')], period: { start: `${last - 5}-01-01` } },
    operation('pm-first', 'Organization/pm-second', 'appendectomy', `${last - 1}-05-01`),
    ...[3, 4, 5].map((month) => operation(`pm-${month}`, 'Organization/pg-host', 'epilepsy-care', `${last}-0${month}-01`)),
  ]);
}

const slider = (frame) => frame.getByRole('slider');
const lineOf = async (frame, name) => (await linesOf(frame)).find(([first]) => first === name) ?? [];

/** The years of the slider are one question; a hospital that is chosen is one more. */
export async function whatBecamePossible({ page }, node) {
  await store(node);
  await page.goto('about:blank'); // what was on the page asks no more
  const asked = [];
  page.on('request', (request) => { if (request.url().includes('Measure/')) asked.push(request.url()); });
  await page.goto(`${node.address}/#/programme`);
  const frame = chart(page, 'possible');
  await frame.getByText(`What hospitals could treat at the end of ${last}`).first().waitFor();
  const cells = () => asked.filter((url) => url.includes('yearly=true'));
  check(cells().length === 1, `all years are one question: ${asked.join(' ')}`);
  const [, serious, moderate, minor, all, own, fresh] = await lineOf(frame, 'Programme Hospital');
  check(Number(moderate) > 0 && Number(serious) + Number(moderate) + Number(minor) === Number(all) && own === '100%' && fresh === '1', `in ${last}: ${await lineOf(frame, 'Programme Hospital')}`);
  check((await frame.locator('.possible-map text').allTextContents()).includes(`${all} +1`), 'the drawing says what the table says');
  await slider(frame).focus();
  await page.keyboard.press('ArrowLeft');
  await frame.getByText(`What hospitals could treat at the end of ${last - 1}`).first().waitFor();
  check((await lineOf(frame, 'Second Hospital')).join() === 'Second Hospital,0,0,0,0,–,1', `in ${last - 1}: ${await lineOf(frame, 'Second Hospital')}`);
  await frame.getByRole('link', { name: /^Near/ }).focus();
  await page.keyboard.press('Enter');
  await frame.getByText('No technique was new there in this year.').waitFor();
  await slider(frame).press('ArrowRight');
  await frame.getByRole('listitem').filter({ hasText: /epilepsy/i }).first().waitFor();
  check(cells().length === 2, `a step of the slider asks nothing: ${cells().join(' ')}`);
  const svg = String(await saved(page, () => frame.getByRole('button', { name: /as SVG$/ }).click()));
  check(!svg.includes('var(') && svg.includes('possible-disc'), `the picture in a file is ${svg.slice(0, 200)}`);
  await frame.getByRole('button', { name: 'Show the records' }).click();
  await page.locator('.chart-rows').getByText('more that you may not open').waitFor(); // the operation is in the logbook of who did it
  await frame.getByRole('button', { name: 'Play the years' }).click();
  await frame.getByText(`What hospitals could treat at the end of ${last + 1}, so far`).first().waitFor();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await frame.getByRole('button', { name: 'Next year' }).click(); // round to the first
  await eventually(async () => (await slider(frame).inputValue()) === String(last - 1), 'who wants less movement goes year by year');
  await page.emulateMedia({ reducedMotion: 'no-preference' });
}

const DAY = 86_400_000;
const day = (n) => new Date(Date.now() - 400 * DAY + n * DAY).toISOString().slice(0, 10);

/** Six learn a procedure; two are signed off, after 50 and 80 days: told as 60 and 90. */
async function storeApprentices(node) {
  const ids = Array.from({ length: 6 }, (_, at) => `pa-${at}`);
  await put(node, [
    ...[...ids, 'pa-head'].map((id) => ({ resourceType: 'Practitioner', id, active: true, name: [{ text: id }] })),
    { resourceType: 'PractitionerRole', id: 'pa-head', active: true, practitioner: refer('Practitioner/pa-head'), organization: refer('Organization/pg-body'), code: [coded('role', 'head-of-department')], period: { start: `${last - 5}-01-01` } },
  ]);
  const head = { Authorization: `Bearer ${node.token('Loader of the programme', 'program')}`, 'Content-Type': 'application/fhir+json' };
  const write = async (body) => {
    const answer = await fetch(`${node.address}/programme/${body.resourceType}/${body.id}`, { method: 'PUT', headers: head, body: JSON.stringify(body) });
    check(answer.ok, `${body.resourceType}/${body.id}: ${answer.status}`);
  };
  for (const id of ids) {
    await write({
      resourceType: 'Apprenticeship', id, status: 'active', apprentice: refer(`Practitioner/${id}`), master: refer('Practitioner/pm-local'), period: { start: day(0) },
      learningDepartment: refer('Organization/pg-host'), teachingDepartment: refer('Organization/pg-body'), goal: [{ procedure: coded('procedure', 'hernia-repair'), targetLevel: 5 }],
    });
  }
  for (const [at, after] of [50, 80].entries()) {
    const when = `${day(after)}T00:00:00Z`;
    await write({
      resourceType: 'SignOff', id: `pa-${at}`, status: 'signed', person: refer(`Practitioner/pa-${at}`), procedure: coded('procedure', 'hernia-repair'), organization: refer('Organization/pg-host'),
      department: refer('Organization/pg-host'), proposed: { who: refer('Practitioner/pm-local'), when }, listed: when, rules: '1', condition: [{ name: 'volume', answer: 'met' }], signed: when,
    });
  }
}

/** Of six the first is independent at 60 days: 1 of 6; the second at 90: 5/6 of 4/5 are left. */
export async function untilIndependent({ page }, node) {
  await storeApprentices(node);
  await afresh(page, `${node.address}/#/programme`);
  const frame = chart(page, 'until-alone');
  await frame.locator('.chart-box svg').waitFor();
  const lines = (await linesOf(frame)).map((line) => line.slice(0, 3).join());
  check(lines.join(' ') === '2,6,17% 3,5,33%', `the steps are ${lines}`);
  const drawn = await frame.locator('.chart-box svg text').allTextContents();
  check(drawn.some((text) => text === '6') && drawn.some((text) => text === '100%'), `below the axis stands how many are counted: ${drawn}`);
  await frame.getByText(/What it is made of: 1 group/).click();
  await frame.getByText(/Sending Hospital: 6 people/).waitFor();
  await frame.getByLabel('Which procedure').selectOption('hernia-repair');
  await frame.getByText(/1 department that teaches it/).waitFor();
  check((await linesOf(frame))[0]?.slice(1, 3).join() === '6,17%', 'the department alone says the same');
  await whoseApprentices(page, node);
}

/** The group leads to its apprenticeships: to none for who may read none, to all for the head of who teaches. */
async function whoseApprentices(page, node) {
  const frame = chart(page, 'until-alone');
  await frame.getByRole('button', { name: /Sending Hospital$/ }).click();
  await frame.getByText(/^You may read none of them/).waitFor();
  check(await frame.locator('.computed-rows > li').count() === 0, 'who may read none is shown one');
  const head = await person(page.context().browser(), node.address, DESK);
  const own = head.page;
  await own.goto(`${node.address}/#/token`);
  await own.getByLabel('Token').fill(node.token('Head who teaches', 'program', '--practitioner', 'Practitioner/pa-head'));
  await own.getByRole('button', { name: 'Sign in' }).click();
  await own.getByRole('heading', { level: 1 }).first().waitFor();
  await own.goto(`${node.address}/#/programme`);
  const card = chart(own, 'until-alone');
  await card.locator('.chart-box svg').scrollIntoViewIfNeeded();
  const middle = await card.locator('.chart-box svg path[stroke-width="2.5"]').first().evaluate((line) => {
    const { x, y } = line.getPointAtLength(line.getTotalLength() / 2).matrixTransform(line.getScreenCTM());
    return { x, y };
  });
  await own.mouse.click(middle.x, middle.y); // all together: which groups they are
  await card.getByRole('button', { name: /Sending Hospital$/ }).click();
  await card.locator('.computed-rows a[href*="pa-0"][href*="record"]').waitFor();
  check(await card.locator('.computed-rows > li').count() === 6, 'six learn it');
  check(/apprentices=hernia-repair/.test(decodeURIComponent(own.url())), `the address says what is open: ${own.url()}`);
  check(head.complaints.length === 0, head.complaints.join('\n'));
  await head.context.close();
}

const euro = 'EUR';
const step = (id, code, ordered, done) => ({
  resourceType: 'Task', id: `mc-${id}-${code}`, status: 'completed', intent: 'order', focus: refer(`Device/mc-${id}`), authoredOn: `${ordered}T00:00:00Z`, executionPeriod: { end: done },
  code: { coding: [...coded('work', 'equipment-step').coding, ...coded('equipment-step', code).coding] },
});

/** Two devices: one with a first patient, used in six operations, one that arrived; and money in two currencies that no other part has. */
async function storeMoney(node) {
  const device = (id) => ({ resourceType: 'Device', id: `mc-${id}`, status: 'active', type: coded('device', 'ultrasound'), owner: refer('Organization/pg-host') });
  const atWork = [{ url: `${BELAY}/StructureDefinition/in-service`, valuePeriod: { start: `${last}-02-10T00:00:00Z` } }];
  await put(node, [
    { ...device('one'), extension: atWork }, device('two'), ...['arrived', 'first-patient'].map((code) => step('one', code, `${last}-01-01`, `${last}-02-10`)), step('two', 'arrived', `${last}-01-01`, `${last}-03-01`),
    ...[1, 2, 3, 4, 5, 6].map((at) => ({ ...operation(`mc-use-${at}`, 'Organization/pg-host', 'appendectomy', `${last}-06-0${at}`), usedReference: [refer('Device/mc-one')] })),
  ]);
  const funding = (id, currency, payments) => ({
    resourceType: 'Funding', id: `mc-${id}`, status: 'committed', title: id, recipient: refer('Organization/pg-host'), funder: refer('Organization/pg-body'), committedOn: `${last}-01-01`,
    amount: { value: 9000, currency }, by: refer('Practitioner/pg-commission'), payment: payments.map(([use, amount]) => ({ on: `${last}-02-01`, amount, use, by: refer('Practitioner/pg-commission') })),
  });
  await put(node, [funding('euro', euro, [['equipment', 1500], ['training', 2000], ['equipment', 500], ['building', 1000]]), funding('yen', 'JPY', [['people', 700]])], 'programme');
}

async function arrivedOf(page) {
  const frame = chart(page, 'money');
  await frame.locator('figcaption').or(page.getByText('No money is written down here.')).waitFor();
  return Number((await linesOf(frame)).find(([name]) => name === 'Arrived')?.[1] ?? '0');
}

/** What was paid is told by use in its own currency, and what became of it: drawn as in the table, down to the payments. */
export async function moneyToCare({ page }, node) {
  const before = await arrivedOf(page); // other parts have devices too
  await storeMoney(node);
  await afresh(page, `${node.address}/#/programme?currency=${euro}`);
  const frame = chart(page, 'money');
  check(await arrivedOf(page) === before + 2, `two devices more arrived than ${before}`);
  const lines = await linesOf(frame);
  check(lines.slice(0, 4).map((line) => line.slice(0, 2).join()).join(' ') === `Training,2,000 ${euro} Building,1,000 ${euro} Equipment,2,000 ${euro} Paid in all,5,000 ${euro}`, `the uses are ${JSON.stringify(lines)}`);
  const drawn = (await frame.locator('svg a').allTextContents()).map((text) => text.replace(/\s+/g, ' ').trim());
  check(drawn[0] === `Training 2,000 ${euro} · 40%` && drawn.includes(`Building 1,000 ${euro} · 20%`), `drawn is ${drawn}`);
  const wide = await frame.locator('.money-bar').evaluateAll((bars) => bars.map((bar) => Number(bar.getAttribute('width'))));
  check(wide.length === 3 && wide[0] === wide[2] && wide[1] * 2 === wide[0], `bars are as long as their sums: ${wide}`);
  for (const name of ['Arrived', 'First patient']) {
    const [, many, half] = lines.find(([word]) => word === name) ?? [];
    check(drawn.includes(`${name} ${many} half within ${half}`), `${name}, ${many}, ${half} is not drawn: ${drawn}`);
  }
  const csv = String(await saved(page, () => frame.getByRole('button', { name: /as CSV$/ }).click()));
  check(csv.includes('Building,1000,,Money spent\r\n'), `the file is ${csv}`);
  const svg = String(await saved(page, () => frame.getByRole('button', { name: /as SVG$/ }).click()));
  check(!svg.includes('var(') && svg.includes('money-bar'), `the picture in a file is ${svg.slice(0, 200)}`);
  await frame.getByRole('link', { name: /^Training/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /^Records behind: Money spent/ }).waitFor();
  await page.locator('.computed-rows a[href*="mc-euro"]').first().waitFor();
  check(await page.locator('.computed-rows > li').count() === 4, 'four payments are behind it');
  await frame.getByLabel('Currency').selectOption('JPY');
  await eventually(async () => (await linesOf(frame))[0]?.slice(0, 2).join() === 'People,700 JPY', 'another currency is told by itself');
}

/** What devices yield is made of operations and of devices: each figure leads to its own records. */
export async function partsOfAYield({ page }, node) {
  await afresh(page, `${node.address}/#/programme?of=equipment-yield&in=${last}&only=${encodeURIComponent('kind|ultrasound')}`); // of a kind that no other part has
  const rows = page.locator('.chart-rows').filter({ has: page.locator('#programme-rows') });
  const parts = rows.getByRole('group', { name: 'Records of' }).getByRole('button');
  await rows.getByText('6 more that you may not open').waitFor(); // operations are in the logbook of who did them
  check(await parts.evaluateAll((all) => all.map((one) => one.getAttribute('aria-pressed')).join()) === 'true,false', 'the operations come first');
  await parts.last().focus();
  await page.keyboard.press('Enter');
  await rows.locator('.computed-rows a[href*="mc-one"]').waitFor();
  check(await rows.locator('.computed-rows > li').count() === 1, 'of two devices one was put to work');
  check(await parts.evaluateAll((all) => all.map((one) => one.getAttribute('aria-pressed')).join()) === 'false,true', 'which records stand there is said');
  await parts.first().click();
  await rows.getByText('6 more that you may not open').waitFor();
}

export const REACHED = last - 4; // a year of which no other part has a case

/** Nearby is the hospital of its prefecture, Faraway lies two degrees away. Of 20,000 and 5,000 there are 8,000 and 2,000 women. */
async function storeReached(node) {
  const jurisdiction = { physicalType: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/location-physical-type', code: 'jdn' }] } };
  const strata = `${BELAY}/CodeSystem/indicator-stratum`;
  const home = (id, district, longitude) => [
    { resourceType: 'Organization', id, name: district, address: [{ district }] },
    { resourceType: 'Location', id, status: 'active', name: district, position: { latitude: 0, longitude }, managingOrganization: refer(`Organization/${id}`), partOf: refer('Location/eq-area') },
  ];
  const people = (of, count, part) => ({
    resourceType: 'MeasureReport', id: `population-${REACHED}${part ? `.sex-${part}.` : '-'}${of}`, status: 'complete', type: 'summary', measure: `${BELAY}/Measure/context-population`,
    period: { start: String(REACHED), end: String(REACHED) }, subject: refer(`Location/${of}`),
    group: [part
      ? { stratifier: [{ code: [{ coding: [{ system: strata, code: 'sex' }] }], stratum: [{ value: { coding: [{ system: 'http://hl7.org/fhir/administrative-gender', code: part }] }, population: [{ count }] }] }] }
      : { population: [{ count }] }],
  });
  const cases = (of, gender, many) => Array.from({ length: many }, (_, at) => ({
    resourceType: 'Task', id: `${of}-${gender}-${at}`, status: 'completed', intent: 'order', code: coded('task', 'answer-case'), for: refer(`Patient/eq-${gender}`),
    extension: [
      { url: `${BELAY}/StructureDefinition/case-sides`, extension: [{ url: 'asking', valueReference: refer(`Organization/${of}`) }] },
      { url: `${BELAY}/StructureDefinition/case-milestones`, extension: [{ url: 'sent', valueInstant: `${REACHED}-05-01T08:00:00Z` }] },
    ],
  }));
  await put(node, [
    { resourceType: 'Location', id: 'eq-region', status: 'active', name: 'Region', ...jurisdiction },
    { resourceType: 'Location', id: 'eq-area', status: 'active', name: 'Around Nearby', ...jurisdiction, partOf: refer('Location/eq-region'), managingOrganization: refer('Organization/eq-near') },
    ...home('eq-near', 'Nearby', 0), ...home('eq-far', 'Faraway', 2),
    ...['female', 'male'].map((gender) => ({ resourceType: 'Patient', id: `eq-${gender}`, gender, communication: [{ language: { coding: [{ system: 'urn:ietf:bcp:47', code: 'bo' }] } }] })),
    people('eq-near', 20000), people('eq-far', 5000), people('eq-near', 8000, 'female'), people('eq-near', 12000, 'male'), people('eq-far', 2000, 'female'), people('eq-far', 3000, 'male'),
    ...cases('eq-near', 'female', 6), ...cases('eq-near', 'male', 12), ...cases('eq-far', 'female', 9),
  ]);
}

/** Cases for each 1,000, by hand: 18 of 20,000 and 9 of 5,000; of women 15 of 10,000, of men 12 of 15,000. Nobody wrote down who speaks what. */
export async function whomHelpReaches({ page }, node) {
  await storeReached(node);
  await afresh(page, `${node.address}/#/programme?reach-year=${REACHED}`);
  const frame = chart(page, 'equity');
  const lines = async () => (await linesOf(frame)).map((line) => line.slice(0, 4).join(' '));
  const by = async (axis, wanted) => {
    await frame.getByLabel('Groups by').selectOption(axis);
    let told = '';
    await eventually(async () => { told = (await lines()).join('; ').replace(/^bo /, 'Tibetan '); /* not every browser knows what it is called */ return told === wanted.join('; '); }, () => `by ${axis} it is ${told}`);
  };
  await frame.locator('figcaption').waitFor();
  const all = 'All together 1.08 27 25,000';
  await by('county', ['Faraway 1.8 9 5,000', 'Nearby 0.9 18 20,000', all]);
  await by('remoteness', ['Under 50 km 0.9 18 20,000', '200 to 400 km 1.8 9 5,000', all]);
  await by('sex', ['female 1.5 15 10,000', 'male 0.8 12 15,000', all]);
  check((await frame.locator('figcaption p').textContent()).includes('Most for each 1,000: female, 1.5. Fewest: male, 0.8.'), 'the sentence is another');
  await frame.getByLabel('Groups by').focus();
  await by('language', ['Tibetan – 27 –', all]);
  check((await frame.locator('figcaption p').textContent()).includes('Of some places nobody wrote down how many people there belong to this group'), 'why there is no number is not said');
  await by('remoteness', ['Under 50 km 0.9 18 20,000', '200 to 400 km 1.8 9 5,000', all]);
  await frame.getByRole('button', { name: 'Table', exact: true }).click();
  await frame.getByRole('button', { name: '9', exact: true }).click();
  await page.getByRole('heading', { name: /^Records behind: Cases for each 1,000/ }).waitFor();
}

/** Pairs in which nothing was done stand in the picture, empty, and lead to their page. */
export async function pulseOfPairs({ page }) {
  const frame = chart(page, 'pulse');
  await frame.getByText(/ fell quiet, in \d+ nothing was ever done together/).waitFor();
  const lines = await linesOf(frame);
  check(lines.filter(([pair]) => pair.includes('Second Hospital')).length === 1, `the pairs are ${JSON.stringify(lines)}`);
  const more = frame.getByRole('button', { name: /^Show all/ });
  if (lines.length > 15) await more.click();
  check(await frame.locator('.pulse-drawing a').count() === lines.length, `${await frame.locator('.pulse-drawing a').count()} of ${lines.length} pairs are drawn`);
  await frame.getByRole('link', { name: /Second Hospital/ }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/#\/pairings\/pm-pair-pm-second/);
}
