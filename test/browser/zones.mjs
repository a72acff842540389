// SPDX-License-Identifier: Apache-2.0
// Two clocks: an expert in China sees a case of Almaty with the reader's time and, beside it,
// the patient's, in the list, on the case and in the full time; who sits in the same zone as
// the patient sees one.
import { DESK, PHONE, accessible, fits, person, picture } from './lib/browser.mjs';
import { check, none, reads, step } from './lib/report.mjs';

const CASE = 'demo-case-11'; // asked by Almaty of Urumqi
const THERE = /at the patient's (?:(?:\d+ \w+|\w+ \d+),? (?:at )?)?\d\d:\d\d \(UTC\+5\)/;

async function store(node) {
  const records = [
    { resourceType: 'Practitioner', id: 'zone-expert', active: true, name: [{ text: 'Expert of Two Clocks' }] },
    {
      resourceType: 'PractitionerRole', id: 'zone-expert', active: true, practitioner: { reference: 'Practitioner/zone-expert' },
      organization: { reference: 'Organization/demo-urumqi-liver-surgery' }, code: [{ coding: [{ system: 'https://belay.health/CodeSystem/role', code: 'expert' }] }],
    },
  ];
  const answer = await fetch(`${node.address}/fhir`, {
    method: 'POST', headers: { Authorization: `Bearer ${node.token('Loader of experts', 'program')}`, 'Content-Type': 'application/fhir+json' },
    body: JSON.stringify({
      resourceType: 'Bundle', type: 'transaction',
      entry: records.map((resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } })),
    }),
  });
  check(answer.ok, `storing: ${answer.status}`);
}

async function enter({ page }, node) {
  await page.goto(`${node.address}/#/token`);
  await page.getByLabel('Token').fill(node.token('Expert', 'expert', '--practitioner', 'zone-expert'));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
}

async function twoClocks(reader, node, where) {
  const { page } = reader;
  await step(`zones: ${where}: a clock that runs is told in both zones in the list`, async () => {
    const row = page.locator(`a[href="#/case/${CASE}"]`);
    await row.waitFor();
    await row.locator('.clock .time-there').waitFor();
    await reads(row.locator('.clock'), THERE);
    check(/UTC\+5/.test(await row.locator('.clock').getAttribute('title')), 'the full time names one zone');
    await picture(page, `${where}-zones-list`, false);
    await fits(page);
    await accessible(page);
  });
  await step(`zones: ${where}: on the case, beside every time and at its head`, async () => {
    await page.goto(`${node.address}/#/case/${CASE}`);
    await page.locator('.patient-head .time-there').waitFor();
    await reads(page.locator('.patient-head .time-there'), THERE, 'the head does not tell the time there');
    const entry = page.locator('.timeline .time-toggle').first();
    await reads(entry, THERE);
    await entry.click();
    await reads(entry, (text) => /GMT\+8|CST|China/.test(text) && THERE.test(text), 'the full time is not told in both');
    await picture(page, `${where}-zones-case`);
    await fits(page);
    await accessible(page);
  });
}

export async function zones(node, browser) {
  const desk = await person(browser, node.address, DESK);
  const phone = await person(browser, node.address, PHONE);
  const there = await person(browser, node.address, DESK, { timezoneId: 'Asia/Tashkent' });
  await step('zones: an expert signs in, here and in the patient\'s zone', async () => {
    await store(node);
    for (const reader of [desk, phone, there]) await enter(reader, node);
  });
  await twoClocks(desk, node, 'desk');
  await twoClocks(phone, node, 'phone');
  await step('zones: who has the patient\'s clock sees it once', async () => {
    const { page } = there;
    await page.goto(`${node.address}/#/case/${CASE}`);
    await page.locator('.timeline .time-toggle').first().waitFor();
    await none(page.locator('.time-there'), 'times are told twice'); // and stays so:
    await page.waitForTimeout(800);
    await none(page.locator('.time-there'), 'times are told twice');
  });
  await step('zones: no script error, no breach of the content policy', async () => {
    const all = [...desk.complaints, ...phone.complaints, ...there.complaints];
    check(all.length === 0, all.join('\n'));
  });
  for (const reader of [desk, phone, there]) await reader.context.close();
}
