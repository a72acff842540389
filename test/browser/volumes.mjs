// SPDX-License-Identifier: Apache-2.0
// Volumes: a file with broken lines is named by line and column and nothing is written; an answer that is lost makes nothing
// twice; the page shows the baseline, what changed with assistance and beside whom, and what that does not show.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DESK, person, wholeOnBoth } from './lib/browser.mjs';
import { check, eventually, exactly, reads, step } from './lib/report.mjs';

const MONTHS = Array.from({ length: 36 }, (_, at) => `${2020 + Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`);
/** Surgery has 100 a month and from 2021 on, assisted, 130; medicine 200 and 210. */
const LINES = MONTHS.flatMap((month, at) => [`outpatients,Snow Lake Hospital,Snow Surgery,,${month},${at < 12 ? 100 : 130}`, `outpatients,Snow Lake Hospital,Snow Medicine,,${month},${at < 12 ? 200 : 210}`]);
const HEAD = 'kind,hospital,department,place,month,value';

async function prepare(node) {
  const put = (resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } });
  const unit = (id, name, within) => put({ resourceType: 'Organization', id, name, ...(within ? { partOf: { reference: `Organization/${within}` } } : {}) });
  const answer = await fetch(`${node.address}/fhir`, {
    method: 'POST', headers: { Authorization: `Bearer ${node.token('Loader of volumes', 'program')}`, 'Content-Type': 'application/fhir+json' },
    body: JSON.stringify({
      resourceType: 'Bundle', type: 'transaction', entry: [
        unit('vo-home', 'Snow Lake Hospital'), unit('vo-surgery', 'Snow Surgery', 'vo-home'), unit('vo-medicine', 'Snow Medicine', 'vo-home'), unit('vo-twin', 'Snow Twin'),
        put({
          resourceType: 'OrganizationAffiliation', id: 'vo-pair', active: true, organization: { reference: 'Organization/vo-surgery' }, participatingOrganization: { reference: 'Organization/vo-twin' },
          code: [{ coding: [{ system: 'https://belay.health/CodeSystem/affiliation', code: 'department-pair' }] }], period: { start: '2021-01-01' },
        }),
        put({ resourceType: 'Practitioner', id: 'vo-director', active: true, name: [{ text: 'Volumes director' }] }),
        put({
          resourceType: 'PractitionerRole', id: 'vo-director', active: true, practitioner: { reference: 'Practitioner/vo-director' }, organization: { reference: 'Organization/vo-home' },
          code: [{ coding: [{ system: 'https://belay.health/CodeSystem/role', code: 'director' }] }],
        }),
      ],
    }),
  });
  check(answer.ok, `storing: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
}

/** What the node holds, each with its version. */
async function held(node) {
  const answer = await fetch(`${node.address}/fhir/MeasureReport?measure=https://belay.health/Measure/volume-outpatients&_count=1000`, { headers: { Authorization: `Bearer ${node.token('Reader of volumes', 'program')}` } });
  return ((await answer.json()).entry ?? []).map((one) => `${one.resource.id}/${one.resource.meta.versionId}`).sort();
}

async function byFile(page, node, folder) {
  const file = join(folder, 'volumes.csv');
  const choose = async (lines) => {
    writeFileSync(file, [HEAD, ...lines].join('\n'));
    await page.locator('#volumes-file').setInputFiles(file);
  };
  await step('volumes: each broken line is named with its column, the others are held back until somebody says go', async () => {
    await page.goto(`${node.address}/#/volumes`);
    await page.getByText('No months are written down yet.').waitFor();
    await page.getByRole('link', { name: 'Import volumes' }).click();
    await page.getByRole('heading', { name: 'Import volumes', level: 1 }).waitFor();
    await choose([...LINES.slice(0, 2), 'outpatients,Snow Lake Hospital,Snow Eyes,,2020-13,many']);
    await page.getByText('2 lines would be taken').waitFor();
    const rows = page.locator('.import-bad > li');
    await exactly(3, rows);
    await reads(rows.nth(0), /Line 4\s+department[\s\S]+Snow Eyes[\s\S]+Nothing here has this name\./);
    await reads(rows.nth(1), /Line 4\s+month[\s\S]+2020-13[\s\S]+This is no month\./);
    await reads(rows.nth(2), /Line 4\s+value[\s\S]+many[\s\S]+This is no number\./);
    await wholeOnBoth(page, 'volumes-import');
    check((await held(node)).length === 0, 'something was written');
  });
  await step('volumes: an answer that is lost makes nothing twice, nor does the same file again', async () => {
    await choose(LINES);
    const go = page.getByRole('button', { name: `Go: write ${LINES.length} figures down` });
    await page.route('**/fhir', async (route) => { await route.fetch(); await route.abort('connectionreset'); }, { times: 1 });
    await go.click();
    await page.getByRole('alert').waitFor();
    await eventually(async () => (await held(node)).length === LINES.length, 'the node has not taken them');
    const before = (await held(node)).join();
    await go.click();
    await page.getByText('They are written down.').waitFor();
    check((await held(node)).join() === before, 'something was written twice');
    await choose(LINES);
    await page.getByText(`${LINES.length} lines were taken before`).waitFor();
  });
}

async function effect(page, node) {
  await step('volumes: the baseline stands fixed, with what changed with assistance and what that does not show', async () => {
    await page.goto(`${node.address}/#/volumes`);
    await page.getByLabel('Department or hospital').selectOption({ label: 'Snow Surgery' });
    const card = page.getByRole('article', { name: 'Snow Surgery, Snow Lake Hospital' });
    await reads(card, /Baseline 2020: 1,200 \(95 %: 1,133 to 1,270\)/);
    await reads(card, /2022: 1,560, which is \+30\s?% against the baseline\. That is growth and no effect\./);
    await reads(card, /The last month lies \+30 from where the line before would have gone \(95 %: \+30 to \+30\)/);
    await reads(card, /It grew by \+25\s?% more of its own mean than 1 that was not assisted/);
    await reads(card, /This does not show that assistance made the change\./);
    await card.locator('.trend-box svg').waitFor();
    await wholeOnBoth(page, 'volumes');
    await page.getByLabel('Department or hospital').selectOption({ label: 'Snow Medicine' });
    await reads(page.getByRole('article', { name: 'Snow Medicine, Snow Lake Hospital' }), /no pairing says when it began/);
  });
}

export async function volumes(node, browser) {
  const folder = mkdtempSync(join(tmpdir(), 'belay-volumes-'));
  try {
    await prepare(node);
    const desk = await person(browser, node.address, DESK);
    await desk.page.goto(`${node.address}/#/token`);
    await desk.page.getByLabel('Token').fill(node.token('Volumes director', 'director', '--practitioner', 'vo-director'));
    await desk.page.getByRole('button', { name: 'Sign in' }).click();
    await desk.page.getByRole('heading', { level: 1 }).waitFor();
    await byFile(desk.page, node, folder);
    await effect(desk.page, node);
    await desk.context?.close?.();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
