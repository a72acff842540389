// SPDX-License-Identifier: Apache-2.0
// The logbook: an apprentice logs an operation on a phone, the master rates it in three
// taps, the apprentice answers; what became of operations; curve, ladder and conditions on both
// sizes, a table for who listens to the page.
import { DESK, PHONE, accessible, fits, person, picture } from './lib/browser.mjs';
import { check, eventually, none, reads, step } from './lib/report.mjs';
import { logbookWithoutLink } from './logbook-offline.mjs';
import { olderLogbook } from './older-logbook.mjs';
import { dictating } from './dictating.mjs';
import { technician } from './technician.mjs';

async function enter({ page }, node, who, hash, heading) {
  await page.goto(`${node.address}/#/token`);
  await page.getByLabel('Token').fill(node.token(`${who} logbook`, 'clinician', '--practitioner', `demo-${who}`));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  await page.goto(`${node.address}/${hash}`);
  await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
}

async function look(page, name) {
  await fits(page);
  await accessible(page);
  await picture(page, name);
}

async function logs({ page }, node) {
  await step('logbook: a curve that cannot decide says so, and how many more it takes', async () => {
    const card = page.getByRole('article').filter({ hasText: 'Undecidable at this volume.' });
    await card.waitFor();
    await reads(card, /About \d+ more cases would be needed/);
    await none(card.locator('.log-arrived'), 'undecidable is shown as arrived');
    await card.getByRole('img', { name: /The score after each of/ }).waitFor();
    await look(page, 'phone-logbook');
    await card.getByRole('button', { name: 'Table' }).click();
    await card.getByRole('row').nth(5).waitFor();
    await card.getByText('The rule in words').click();
    await card.getByText(/a failure rate of 15% is inadequate, 5% is adequate/).waitFor();
    await look(page, 'phone-logbook-table');
  });
  await step('logbook: an operation is logged on a phone', async () => {
    await page.getByRole('link', { name: 'Log an operation' }).click();
    await page.getByRole('heading', { name: 'Log an operation', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Put it in the logbook' }).click();
    await page.getByText('This is needed before it can be sent.').waitFor(); // nothing was chosen
    await page.getByLabel('Procedure').selectOption('chest-drainage');
    await page.getByRole('group', { name: 'My part' }).getByLabel('Operated').check();
    await page.getByLabel('With', { exact: true }).selectOption({ label: 'Zhang Jing' });
    await page.getByText('Who did which step').click();
    await page.getByRole('group', { name: 'Placing the drain' }).getByText('I', { exact: true }).click();
    await page.getByRole('group', { name: 'Opening the pleura' }).getByText('Zhang Jing').click();
    await countTaps(page);
    await page.getByText('Devices used').tap();
    await page.getByRole('group', { name: 'Of my department' }).getByText('Suction pump').tap();
    check((await page.evaluate(() => window.taps)) === 2, 'a device is more than two taps');
    await page.getByText('Devices used: Suction pump').waitFor();
    await none(page.getByLabel('Pacemaker of a patient'), 'a device of a patient is offered');
    await look(page, 'phone-operation');
    await page.getByRole('button', { name: 'Put it in the logbook' }).click();
    await page.getByRole('heading', { name: 'My logbook', level: 1 }).waitFor();
    await page.getByRole('article').filter({ hasText: 'Operated 15' }).waitFor(); // once, though a step stands there too
    const { entry } = await call(node, node.token('Operator logbook device', 'program'), 'GET', 'Procedure?code=chest-drainage&_sort=-_lastUpdated&_count=1');
    check(JSON.stringify(entry[0].resource.usedReference) === '[{"reference":"Device/lb-suction"}]', `the operation names ${JSON.stringify(entry[0].resource.usedReference)}`);
    await page.locator('.log-rows > li').first().getByText('Placing the drain (Operated)').waitFor();
  });
}

/** A pump of the department of pema-yangchen, and what stands in a patient. */
async function devices(node) {
  const program = node.token('Operator logbook devices', 'program');
  const posts = await call(node, program, 'GET', 'PractitionerRole?practitioner=Practitioner/demo-pema-yangchen');
  const { organization } = posts.entry.map((entry) => entry.resource).find((post) => post.code[0].coding[0].code === 'clinician');
  const device = (id, name, more) => call(node, program, 'PUT', `Device/${id}`, { resourceType: 'Device', id, status: 'active', deviceName: [{ name, type: 'user-friendly-name' }], owner: organization, ...more });
  await device('lb-suction', 'Suction pump', {});
  await aPatient(node);
  await device('lb-pacemaker', 'Pacemaker of a patient', { patient: { reference: 'Patient/lb-patient' } });
}

/** A patient of the hospital of pema-yangchen. */
async function aPatient(node) {
  const program = node.token('Operator logbook patient', 'program');
  const posts = await call(node, program, 'GET', 'PractitionerRole?practitioner=Practitioner/demo-pema-yangchen');
  const { organization } = posts.entry.map((entry) => entry.resource).find((post) => post.code[0].coding[0].code === 'clinician');
  const unit = await call(node, program, 'GET', organization.reference);
  await call(node, program, 'PUT', 'Patient/lb-patient', { resourceType: 'Patient', id: 'lb-patient', name: [{ text: 'Xirab Norzom' }], gender: 'female', managingOrganization: unit.partOf ?? organization });
}

/** How long a thumb takes, as test/browser/ask.mjs counts it: a second to find and tap, a quarter for a letter. */
const byThumb = ({ taps, keys }) => taps * 1.1 + keys * 0.25;

async function logsQuickly({ page }, node) {
  await step('logbook: logging an operation takes few taps', async () => {
    const begun = Date.now();
    await countTaps(page);
    await page.getByRole('link', { name: 'Log an operation' }).tap();
    await page.getByRole('heading', { name: 'Log an operation', level: 1 }).waitFor();
    await page.getByLabel('Procedure').tap();
    await page.getByLabel('Procedure').selectOption('chest-drainage');
    await page.getByRole('group', { name: 'My part' }).getByText('Operated').tap();
    await page.getByRole('button', { name: 'Put it in the logbook' }).tap();
    await page.getByRole('heading', { name: 'My logbook', level: 1 }).waitFor();
    const taps = (await page.evaluate(() => window.taps)) + 1; // and one in the list of the telephone, which is no page's
    console.log(`       logging an operation: ${taps} taps, ${((Date.now() - begun) / 1000).toFixed(1)} s without a thought`);
    check(taps <= 5, `${taps} taps`);
  });
  await step('logbook: with the master, a step and the patient it takes less than 30 s by thumb', async () => {
    const letters = 'xira';
    await countTaps(page);
    await page.getByRole('link', { name: 'Log an operation' }).tap();
    await page.getByLabel('Procedure').tap();
    await page.getByLabel('Procedure').selectOption('caesarean');
    await page.getByRole('group', { name: 'My part' }).getByText('Operated').tap();
    await page.getByLabel('With', { exact: true }).tap();
    await page.getByLabel('With', { exact: true }).selectOption({ label: 'Zhang Jing' });
    await page.getByText('Who did which step').tap();
    await page.locator('.log-steps').getByText('I', { exact: true }).first().tap();
    await page.getByLabel('Name or identifier').tap();
    await page.getByLabel('Name or identifier').fill(letters);
    await page.getByRole('option', { name: /Xirab Norzom/ }).tap();
    await page.getByRole('button', { name: 'Put it in the logbook' }).tap();
    await page.getByRole('heading', { name: 'My logbook', level: 1 }).waitFor();
    await page.locator('.log-rows > li').filter({ hasText: 'Caesarean' }).filter({ hasText: 'Zhang Jing (Supervised)' }).first().waitFor();
    const count = { taps: (await page.evaluate(() => window.taps)) + 2, keys: letters.length }; // two lists of the telephone
    console.log(`       with everything: ${count.taps} taps, ${count.keys} letters, a thumb about ${byThumb(count).toFixed(0)} s`);
    check(count.taps <= 11, `${count.taps} taps`);
    check(byThumb(count) < 30, `about ${byThumb(count).toFixed(0)} s by thumb`);
  });
}

async function follows({ page }) {
  await step('logbook: what became of an operation is said in one tap', async () => {
    await page.getByRole('link', { name: /How it went/ }).click();
    await page.getByRole('heading', { name: 'How it went', level: 1 }).waitFor();
    const first = page.locator('.log-rows > li').first();
    await first.waitFor();
    await first.getByRole('button').click();
    await page.getByText('Well', { exact: true }).click();
    await look(page, 'phone-aftercare');
    await page.getByRole('button', { name: 'Keep the outcome' }).click();
    await page.locator('.log-rows form').waitFor({ state: 'detached' });
  });
}

/** Taps on the page from here on, as the browser counts them. */
async function countTaps(page) {
  await page.evaluate(() => {
    const counts = window.taps !== undefined; // a page counts each once, however often it is asked to begin anew
    window.taps = 0;
    if (counts) return;
    document.addEventListener('pointerdown', () => { window.taps++; }, true); // a click is passed on by labels: it would count twice
  });
}

/** What the page does with what it sends, in order: it takes it for itself, it asks the browser to wake the worker. */
function watchSending(page) {
  return page.evaluate(() => {
    window.sending = [];
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (record, ...rest) {
      if (this.name === 'outgoing' && record.lease > Date.now()) window.sending.push('taken');
      return put.call(this, record, ...rest);
    };
    const workers = navigator.serviceWorker;
    const find = workers.getRegistration.bind(workers);
    workers.getRegistration = (...of) => { window.sending.push('wakes'); return find(...of); };
  });
}

async function rates({ page }) {
  await step('logbook: a master rates in three taps', async () => {
    const waiting = page.locator('.log-rows > li');
    await waiting.first().waitFor();
    await page.getByRole('link', { name: /Logbook \d+ / }).first().waitFor(); // counted beside the page's name
    const before = await waiting.count();
    await waiting.first().getByRole('button', { name: /Rate/ }).click();
    await countTaps(page);
    await page.getByRole('group', { name: 'How much help did it take?' }).getByText('4 Supervision only').click();
    await page.getByText('Practice-ready', { exact: true }).click();
    await page.getByText('As most are', { exact: true }).click();
    const taps = await page.evaluate(() => window.taps);
    check(taps === 3, `${taps} taps`);
    const send = page.getByRole('button', { name: /Give .* this rating/ });
    await eventually(() => send.isEnabled(), 'three taps are not enough');
    await page.getByLabel('A word').fill('Well placed.');
    await none(page.getByRole('button', { name: 'Dictate' }), 'dictating is offered where the browser cannot');
    await page.getByText('Rate single steps').click(); // those of the apprentice, and no other
    await none(page.getByRole('group', { name: 'Opening the pleura' }), 'a step of the master is to be rated');
    await page.getByRole('group', { name: 'Placing the drain' }).getByText('3 Passive help: I followed').click();
    await look(page, 'desk-rate');
    await watchSending(page);
    await send.click();
    await page.getByText(/Your rating of .* is kept/).waitFor();
    await page.waitForFunction((n) => document.querySelectorAll('.log-rows > li').length === n - 1, before);
    const sending = await page.evaluate(() => window.sending);
    check(sending[0] === 'taken' && sending.includes('wakes'), `the worker was woken before the page had taken it: ${sending}`);
  });
  await step('logbook: by O-SCORE too, and the scale is remembered', async () => {
    const first = page.locator('.log-rows > li').first();
    if (await first.count() === 0) return;
    await first.getByRole('button', { name: /Rate/ }).click();
    await page.getByLabel('Scale').selectOption('o-score');
    await page.getByText('is to be checked against the published scale').waitFor();
    await page.getByRole('group', { name: 'How much help did it take?' }).getByText('5 I need not have been there').click();
    await page.getByText('Exceptional', { exact: true }).click();
    await page.getByText('Harder than most', { exact: true }).click();
    await look(page, 'desk-rate-o-score');
    await page.getByRole('button', { name: /Give .* this rating/ }).click();
    await page.getByText(/Your rating of .* is kept/).waitFor();
    await eventually(() => page.evaluate(() => localStorage.getItem('belay.scale') === 'o-score'), 'the scale is forgotten');
  });
  await step('logbook: the master opens the logbook of who learns, and sees no patient', async () => {
    await page.goto(`${new URL(page.url()).origin}/#/logbook`);
    await page.getByRole('link', { name: 'Pema Yangchen' }).click();
    await page.getByRole('heading', { name: 'Logbook of Pema Yangchen', level: 1 }).waitFor();
    await page.getByRole('article').first().waitFor();
    await look(page, 'desk-logbook');
  });
}

async function answers({ page }) {
  await step('logbook: the apprentice sees the rating and answers with a word', async () => {
    await page.goto(`${new URL(page.url()).origin}/#/today`);
    const card = page.getByRole('link', { name: /New ratings of what I did [1-9]/ });
    await card.waitFor();
    await look(page, 'phone-today-rated');
    await page.setViewportSize(DESK.viewport); // where the rail has room for it
    await page.getByRole('link', { name: /(Logbook|Learning) \d+ / }).first().waitFor(); // counted beside the page's name
    await page.setViewportSize(PHONE.viewport);
    await card.click();
    const row = page.locator('.log-rows > li').filter({ hasText: 'Zwisch 4' }).first();
    await row.getByText('Placing the drain: with passive help (3)').waitFor();
    await row.getByText('New', { exact: true }).waitFor(); // marked while the page is open
    await row.getByRole('button', { name: 'What was said' }).click();
    await row.getByText('Well placed.').waitFor();
    await row.getByLabel(/Your answer to/).fill('Thank you for the patience.');
    await row.getByRole('button', { name: 'Answer' }).click();
    await row.getByText('Thank you for the patience.').waitFor();
    await look(page, 'phone-logbook-answer');
    await page.goto(`${new URL(page.url()).origin}/#/today`);
    const told = page.waitForResponse((answer) => answer.url().includes('Procedure/$waiting'));
    await page.reload();
    await (await told).finished();
    await page.getByRole('heading', { name: /^Waits for me/ }).waitFor();
    await none(card, 'what was read is told again');
    await page.goto(`${new URL(page.url()).origin}/#/logbook`);
    await row.getByRole('button', { name: 'What was said' }).waitFor();
    await none(row.getByText('New', { exact: true }), 'what was read is marked again');
  });
}

async function arrives({ page }) {
  await step('logbook: a curve that has arrived says at which case, and what is still not met', async () => {
    const card = page.getByRole('article').filter({ hasText: 'Appendectomy' });
    await card.getByText('Arrived.').waitFor();
    await reads(card, /rose above the limit at case \d+/);
    await card.locator('.log-not-met').first().waitFor(); // not every condition is met
    await look(page, 'desk-logbook-arrived');
  });
}

async function call(node, token, method, path, body) {
  const answer = await fetch(`${node.address}/fhir/${path}`, { method, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/fhir+json' }, body: JSON.stringify(body) });
  check(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.json();
}

/** A head of the department of pema-yangchen, and an operation there after which something serious happened. */
async function somethingSerious(node) {
  const program = node.token('Operator logbook', 'program');
  const mine = node.token('pema serious', 'clinician', '--practitioner', 'demo-pema-yangchen');
  const posts = await call(node, program, 'GET', 'PractitionerRole?practitioner=Practitioner/demo-pema-yangchen');
  const { organization } = posts.entry.map((entry) => entry.resource).find((post) => post.code[0].coding[0].code === 'clinician');
  await call(node, program, 'PUT', 'Practitioner/lb-head', { resourceType: 'Practitioner', id: 'lb-head', active: true, name: [{ text: 'Ngawang Choedrak' }] });
  await call(node, program, 'PUT', 'PractitionerRole/lb-head', {
    resourceType: 'PractitionerRole', id: 'lb-head', active: true, practitioner: { reference: 'Practitioner/lb-head' }, organization,
    code: [{ coding: [{ system: 'https://belay.health/CodeSystem/role', code: 'head-of-department' }] }],
  });
  const parameters = (parameter) => ({ resourceType: 'Parameters', parameter });
  const me = { reference: 'Practitioner/demo-pema-yangchen' };
  const done = await call(node, mine, 'POST', 'Procedure/$record', parameters([{ name: 'code', valueCode: 'laparotomy' }, { name: 'part', part: [{ name: 'who', valueReference: me }, { name: 'as', valueCode: 'operator' }] }]));
  await call(node, mine, 'POST', `Procedure/${done.id}/$follow-up`, parameters([{ name: 'at', valueCode: 'discharge' }, { name: 'result', valueCode: 'serious' }, { name: 'text', valueString: 'Opened again for bleeding.' }]));
}

async function reviews(node, browser) {
  const head = await person(browser, node.address, PHONE);
  const { page } = head;
  await step('logbook: something serious is a card on Today, and a head who had no part in it reviews it', async () => {
    await somethingSerious(node);
    await page.goto(`${node.address}/#/token`);
    await page.getByLabel('Token').fill(node.token('head logbook', 'clinician', '--practitioner', 'lb-head'));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
    await page.getByRole('link', { name: /Something serious to review 1/ }).waitFor();
    await look(page, 'phone-today-operations');
    await page.getByRole('link', { name: /Something serious to review 1/ }).click();
    await page.getByRole('heading', { name: 'Something serious', level: 1 }).waitFor();
    await page.getByText('Opened again for bleeding.').waitFor();
    await page.getByRole('button', { name: 'Review it' }).click();
    await page.getByLabel('What was found?').fill('A clip had slipped; two are set now.');
    await look(page, 'phone-serious');
    await page.getByRole('button', { name: 'Keep the review' }).click();
    await page.getByText('The review is kept.').waitFor();
    await page.getByText('Nothing waits for your review.').waitFor();
  });
  check(head.complaints.length === 0, head.complaints.join('\n'));
  await head.context.close();
}

export async function logbook(node, browser) {
  const phone = await person(browser, node.address, PHONE);
  const desk = await person(browser, node.address, DESK);
  const other = await person(browser, node.address, DESK);
  await devices(node);
  await enter(phone, node, 'pema-yangchen', '#/logbook', 'My logbook');
  await logs(phone, node);
  await logsQuickly(phone, node);
  await follows(phone);
  await enter(desk, node, 'zhang-jing', '#/rate', 'Rate');
  await rates(desk);
  await answers(phone);
  await enter(other, node, 'tashi-norbu', '#/logbook', 'My logbook');
  await arrives(other);
  await reviews(node, browser);
  await technician(node, browser);
  await phone.page.goto(`${node.address}/#/logbook`);
  await olderLogbook(phone);
  await logbookWithoutLink(node, browser);
  await dictating(node, browser);
  for (const { complaints, context } of [phone, desk, other]) {
    check(complaints.length === 0, complaints.join('\n'));
    await context.close();
  }
}
