// SPDX-License-Identifier: Apache-2.0
// A node that was given another catalogue: its illnesses are found in the pages by name, in both
// languages, and by code; those of the built-in one are not there any more; and what was fetched
// is there without a link.
import { DESK, accessible, fits, person, picture } from './lib/browser.mjs';
import { check, reads, step } from './lib/report.mjs';

const HERE = 'What does the patient have or need?';
const ON_THE_MAP = 'Who can …';

/** The catalogue of the node with two illnesses alone, which the built-in one has not. */
function small(text) {
  const rest = text.split('\n').filter((line) => !/^(catalogue|illness)\t/.test(line));
  return [
    'catalogue\tplateau-1',
    ...rest.filter(Boolean),
    'procedure\tyak-rescue\tRescue from a yak\t\t\thands\t',
    'illness\tW54\tBite of a mastiff\t藏獒咬伤\tgeneral-surgery\tminor\twound-suture\tDog bite',
    'illness\tW55.3\tThrown by a yak\t\tgeneral-surgery\tmoderate\twound-suture\t',
    '',
  ].join('\n');
}

async function enter({ page }, node) {
  await page.goto(`${node.address}/#/token`);
  await page.getByLabel('Token').fill(node.token('Reader of catalogues', 'clinician', '--practitioner', 'demo-pema-yangchen'));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
}

const found = (page, name) => page.getByRole('radio', { name });

async function nothing(page, label, text) {
  await page.getByLabel(label).fill(text);
  await page.getByText('Nothing with these letters.').waitFor();
  check(await page.locator('.illness-picker [role="radio"], .illness-picker input[type="radio"]').count() === 0, `${text} is still offered`);
}

async function inFind({ page }, node) {
  await page.goto(`${node.address}/#/find`);
  await page.getByLabel(HERE).fill('mastif');
  await found(page, /^Bite of a mastiff 藏獒咬伤 · W54$/).waitFor();
  await page.getByLabel(HERE).fill('w55');
  await found(page, /^Thrown by a yak W55\.3$/).check();
  await page.locator('.find-answer').waitFor();
  await nothing(page, HERE, 'gallst');
  await nothing(page, HERE, 'K80');
  await fits(page);
  await accessible(page);
  await picture(page, 'desk-own-catalogue');
}

async function inAsk({ page }, node) {
  await page.goto(`${node.address}/#/ask`);
  const whom = page.getByRole('region', { name: 'Whom to ask' });
  await whom.getByRole('button', { name: 'Look up who can help' }).click();
  await whom.getByLabel(HERE).fill('W54');
  await found(whom, /^Bite of a mastiff/).waitFor();
  await whom.getByLabel(HERE).fill('dog bi');
  await found(whom, /^Bite of a mastiff/).check();
  await nothing(whom, HERE, 'appendicitis');
}

async function onTheMap({ page }, node) {
  await page.goto(`${node.address}/#/map`);
  await page.getByLabel(ON_THE_MAP).fill('yak');
  await found(page, /^Thrown by a yak/).check();
  await reads(page.locator('main'), (text) => /Thrown by a yak/.test(text), 'the map does not name it');
  await nothing(page, ON_THE_MAP, 'gallst');
}

export async function ownCatalogue(node, browser) {
  const someone = await person(browser, node.address, DESK);
  await step('catalogue: the built-in one, until another is taken over and the node is started again', async () => {
    await enter(someone, node);
    await someone.page.goto(`${node.address}/#/find`);
    await someone.page.getByLabel(HERE).fill('gallst');
    await found(someone.page, /· K80$/).waitFor();
    await nothing(someone.page, HERE, 'mastif');
    node.catalogue('import', small(node.catalogue('export')));
    await node.stop();
    await node.start();
    await someone.page.reload();
  });
  await step('catalogue: in Find, its illness by name and by code, and no title of before', () => inFind(someone, node));
  await step('catalogue: in Ask', () => inAsk(someone, node));
  await step('catalogue: on the map', () => onTheMap(someone, node));
  await step('catalogue: its procedures can be logged, too', async () => {
    await someone.page.goto(`${node.address}/#/operation`);
    await someone.page.getByRole('option', { name: 'Rescue from a yak' }).waitFor({ state: 'attached' });
  });
  await step('catalogue: what was fetched is kept for work without a link', async () => {
    const { page } = someone;
    await page.goto(`${node.address}/#/`);
    await page.reload();
    await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
    await page.route('**/CodeSystem/$catalogue', (request) => request.abort());
    await page.goto(`${node.address}/#/find`);
    await page.getByLabel(HERE).fill('mastif');
    await found(page, /^Bite of a mastiff/).waitFor();
    await page.unroute('**/CodeSystem/$catalogue');
  });
  await step('catalogue: and the built-in one again', async () => {
    node.catalogue('use');
    await node.stop();
    await node.start();
    await someone.page.reload();
    await someone.page.getByLabel(HERE).fill('gallst');
    await found(someone.page, /· K80$/).waitFor();
  });
  const complaints = someone.complaints.filter((line) => !/ERR_FAILED .*\$catalogue/.test(line)); // the broken link
  check(complaints.length === 0, complaints.join('\n'));
  await someone.context.close();
}
