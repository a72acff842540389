// SPDX-License-Identifier: Apache-2.0
// Published figures: a coordinator writes two down that cannot both be true, corrects one, takes one back,
// and imports a file, of which the answer is lost once; somebody else reads them by the address.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DESK, PHONE, person, wholeOnBoth } from './lib/browser.mjs';
import { check, eventually, exactly, none, reads, step } from './lib/report.mjs';

const ROLE = 'https://belay.health/CodeSystem/role';
const OURS = join(dirname(fileURLToPath(import.meta.url)), '../../data/published-figures.csv');
const PEOPLE = { coordinator: 'coordinator', nurse: 'nurse' };

async function prepare(node) {
  const put = (resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } });
  const of = (role) => [
    put({ resourceType: 'Practitioner', id: `pf-${role}`, active: true, name: [{ text: `Published ${role}` }] }),
    put({
      resourceType: 'PractitionerRole', id: `pf-${role}`, active: true, practitioner: { reference: `Practitioner/pf-${role}` }, code: [{ coding: [{ system: ROLE, code: role }] }],
      ...(role === 'nurse' ? { organization: { reference: 'Organization/pf-home' } } : {}),
    }),
  ];
  const home = put({ resourceType: 'Organization', id: 'pf-home', name: 'Barley Valley Hospital', address: [{ country: 'CN' }] });
  const answer = await fetch(`${node.address}/fhir`, {
    method: 'POST', headers: { Authorization: `Bearer ${node.token('Loader of figures', 'program')}`, 'Content-Type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry: [home, ...Object.keys(PEOPLE).flatMap(of)] }),
  });
  check(answer.ok, `storing: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
}

async function enter({ page }, node, role) {
  await page.goto(`${node.address}/#/token`);
  await page.getByLabel('Token').fill(node.token(`Published ${role}`, role, '--practitioner', `pf-${role}`));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
}

/** What the node holds, each with its version. */
async function held(node) {
  const answer = await fetch(`${node.address}/programme/PublishedFigure?_count=1000`, { headers: { Authorization: `Bearer ${node.token('Reader of figures', 'program')}` } });
  return ((await answer.json()).entry ?? []).map((one) => one.resource);
}

async function write(page, { bound, value, until }) {
  await page.getByRole('button', { name: 'Write a figure down' }).click();
  const form = page.getByRole('form', { name: 'Write a figure down' });
  await form.getByLabel('What it is a figure of').selectOption('local-staff-trained');
  await form.getByLabel('What was said').fill(`${value} were trained until ${until}`);
  await form.getByLabel('How exact it is').selectOption(bound);
  await form.getByLabel('Figure', { exact: true }).fill(value);
  await form.getByLabel('Counted in').fill('persons');
  await form.getByLabel('Time until').fill(until);
  await form.getByLabel('Who published it, and where').fill('Yearly report');
  await form.getByLabel('Published on').fill(until);
  return form;
}

async function byForm(page, node) {
  await step('published: a coordinator finds the page in the menu; what a form lacks is said where it lacks', async () => {
    await page.getByRole('link', { name: 'Hospital' }).first().click();
    await page.getByRole('link', { name: 'Published figures' }).click();
    await page.getByRole('heading', { name: 'Published figures', level: 1 }).waitFor();
    await page.getByText('No published figure is written down yet.').waitFor();
    const form = await write(page, { bound: 'about', value: '4,000', until: '2020' });
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByText('A total has no start. Say from when it counts, such as 2015.').waitFor();
    check((await held(node)).length === 0, 'what lacks something was written');
    await wholeOnBoth(page, 'published-form');
    await form.getByLabel('Time from').fill('2015');
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'about 4,000 persons' }).waitFor();
    await page.getByText('Nothing in them contradicts.').waitFor();
  });
  await step('published: what the records say stands beside it, with the records behind it', async () => {
    const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'about 4,000 persons' }) });
    await reads(card, 'The records say 0 persons, 2015 to 2020.');
    await reads(card, 'This is 3,600 less than was published.'); // from the least that "about" allows
    await card.getByRole('button', { name: 'Show the records' }).click();
    await card.getByText('No record is behind it: the figure is nothing.').waitFor();
    await card.getByRole('button', { name: 'Hide the records' }).click();
  });
  await step('published: what cannot both be true is said at both figures', async () => {
    const form = await write(page, { bound: 'exact', value: '2400', until: '2022' });
    await form.getByLabel('Time from').fill('2015');
    await form.getByRole('button', { name: 'Save' }).click();
    const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: '2,400 persons' }) });
    await reads(card, 'Says fewer than Yearly report, 2020 (about 4,000 persons) although it covers a longer time.');
    await reads(page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'about 4,000 persons' }) }), 'Says more than Yearly report, 2022 (2,400 persons) although it covers a shorter time.');
    await page.getByText('1 contradiction').waitFor();
    await wholeOnBoth(page, 'published');
    await page.getByRole('button', { name: 'As a table' }).click();
    await page.getByRole('cell', { name: /although it covers a longer time/ }).waitFor();
    await wholeOnBoth(page, 'published-table');
    await page.getByRole('button', { name: 'As a table' }).click();
  });
  await step('published: one is corrected, one taken back and stands again', async () => {
    await page.getByRole('button', { name: 'Correct: 2,400 persons' }).click();
    const form = page.getByRole('form', { name: 'Correct' });
    await form.getByLabel('How exact it is').selectOption('over');
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Nothing in them contradicts.').waitFor();
    await page.getByRole('button', { name: 'Taken back: about 4,000 persons' }).click();
    await page.getByRole('button', { name: 'Yes, it was taken back' }).click();
    await page.getByText('1 figure was taken back').click();
    await exactly(1, page.getByRole('button', { name: /^Correct:/ }));
    check((await held(node)).map((one) => `${one.status} ${one.value}`).sort().join() === 'active 2400,withdrawn 4000', JSON.stringify(await held(node)));
    await page.getByRole('button', { name: 'It stands again: about 4,000 persons' }).click();
    await exactly(2, page.getByRole('button', { name: /^Correct:/ }));
  });
}

async function byFile(page, node, folder) {
  const choose = (file) => page.locator('#published-file').setInputFiles(file);
  const ours = readFileSync(OURS, 'utf8');
  const count = ours.trim().split('\n').length - 1;
  await step('published: each broken line of a file is named with its column, and nothing is written', async () => {
    await page.getByRole('link', { name: 'Import published figures' }).click();
    await page.getByRole('heading', { name: 'Import published figures', level: 1 }).waitFor();
    const broken = join(folder, 'broken.csv');
    writeFileSync(broken, ours.replace(',exact,203,', ',roughly,many,'));
    await choose(broken);
    await page.getByText(`${count - 1} lines would be taken`).waitFor();
    const rows = page.locator('.import-bad > li');
    await exactly(2, rows);
    await reads(rows.nth(0), /Line 2\s+bound[\s\S]+roughly[\s\S]+This word means nothing here\.[\s\S]+Write exact, over, nearly or about\./);
    await reads(rows.nth(1), /Line 2\s+value[\s\S]+many[\s\S]+This is no number\.[\s\S]+Write digits alone/);
    await wholeOnBoth(page, 'published-import');
    writeFileSync(broken, 'measure,wording\nfunding,much\n');
    await choose(broken);
    await page.getByText('These columns are missing: source, counting, bound, value, unit. Nothing can be taken.').waitFor();
    check((await held(node)).length === 2, 'something was written');
  });
  await step('published: an answer that is lost makes nothing twice, nor does the same file again', async () => {
    await choose(OURS);
    const go = page.getByRole('button', { name: `Go: write ${count} figures down` });
    await page.route('**/programme', async (route) => { await route.fetch(); await route.abort('connectionreset'); }, { times: 1 });
    await go.click();
    await page.getByRole('alert').waitFor();
    await eventually(async () => (await held(node)).length === count + 2, 'the node has not taken them');
    const versions = async () => (await held(node)).map((one) => `${one.id}/${one.meta.versionId}`).sort().join('\n');
    const before = await versions();
    await go.click();
    await page.getByText('They are written down.').waitFor();
    check(await versions() === before, `${before}\nbecame\n${await versions()}`);
    await choose(OURS);
    await page.getByText(`${count} lines were taken before`).waitFor();
    await eventually(() => page.getByRole('button', { name: /^Go: write 0/ }).isDisabled(), 'it can be taken again');
  });
  await step('published: the whole list, and the same columns as a file', async () => {
    await page.getByRole('link', { name: 'Published figures' }).first().click();
    await page.getByRole('heading', { name: 'Life expectancy', level: 2 }).waitFor();
    await page.getByRole('heading', { name: '72.19 years' }).waitFor();
    await page.getByText('3 pairs of figures look like contradictions; their scopes differ').waitFor(); // about 4,000 and over 2,400, of the file and of the form; techniques
    const first = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'over 30 techniques' }) });
    await reads(first, /Looks like a contradiction: over 1,000 techniques, [^(]+2020 \(A publication about the programme, 2020\)\. But their scopes differ: here first in the region at one hospital; there nothing said\./);
    await wholeOnBoth(page, 'published-all');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV' }).click()]);
    const saved = join(folder, 'saved.csv');
    await download.saveAs(saved);
    const text = readFileSync(saved, 'utf8');
    check(text.startsWith(`\ufeff${ours.split('\n')[0]},`) && text.includes('134850000,USD'), text.slice(0, 300));
    await page.getByRole('link', { name: 'Import published figures' }).click();
    await choose(saved);
    await page.getByText(`${count + 2} lines were taken before`).waitFor(); // what was saved is what is there
  });
}

export async function published(node, browser) {
  const folder = mkdtempSync(join(tmpdir(), 'belay-published-'));
  try {
    await prepare(node);
    const desk = await person(browser, node.address, DESK);
    await enter(desk, node, 'coordinator');
    await byForm(desk.page, node);
    await byFile(desk.page, node, folder);
    const phone = await person(browser, node.address, PHONE);
    await step('published: a nurse reads them by the address, without a form, and finds them in no menu', async () => {
      await enter(phone, node, 'nurse');
      await none(phone.page.getByRole('link', { name: 'Published figures' }), 'it is in the menu');
      await phone.page.goto(`${node.address}/#/published`);
      await phone.page.getByRole('heading', { name: '203 hospitals' }).waitFor();
      await phone.page.getByText('It cannot be computed from records: the figure may not be told to you.').first().waitFor();
      await none(phone.page.getByText(/^The records say/), 'a nurse is told figures of the programme');
      await none(phone.page.getByRole('button', { name: 'Write a figure down' }), 'a nurse can write');
      await none(phone.page.getByRole('button', { name: /^Correct:/ }), 'a nurse can correct');
    });
    const complaints = [...desk.complaints, ...phone.complaints].filter((one) => !/ERR_CONNECTION_RESET/.test(one));
    check(complaints.length === 0, complaints.join('\n'));
    await desk.context.close();
    await phone.context.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
}
