// SPDX-License-Identifier: Apache-2.0
// Reports: a coordinator freezes one, reads it, sees the records behind a figure, and saves it; the file is what was frozen.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DESK, person, wholeOnBoth } from './lib/browser.mjs';
import { check, reads, step } from './lib/report.mjs';

const ROLE = 'https://belay.health/CodeSystem/role';

async function prepare(node) {
  const put = (resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } });
  const answer = await fetch(`${node.address}/fhir`, {
    method: 'POST', headers: { Authorization: `Bearer ${node.token('Loader of reports', 'program')}`, 'Content-Type': 'application/fhir+json' },
    body: JSON.stringify({
      resourceType: 'Bundle', type: 'transaction', entry: [
        put({ resourceType: 'Practitioner', id: 'rp-coordinator', active: true, name: [{ text: 'Reports coordinator' }] }),
        put({ resourceType: 'PractitionerRole', id: 'rp-coordinator', active: true, practitioner: { reference: 'Practitioner/rp-coordinator' }, code: [{ coding: [{ system: ROLE, code: 'coordinator' }] }] }),
      ],
    }),
  });
  check(answer.ok, `storing: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
}

export async function reports(node, browser) {
  const folder = mkdtempSync(join(tmpdir(), 'belay-reports-'));
  try {
    await prepare(node);
    const desk = await person(browser, node.address, DESK);
    const { page } = desk;
    await step('reports: a coordinator freezes one', async () => {
      await page.goto(`${node.address}/#/token`);
      await page.getByLabel('Token').fill(node.token('Reports coordinator', 'coordinator', '--practitioner', 'rp-coordinator'));
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('Live', { exact: true }).waitFor();
      await page.goto(`${node.address}/#/reports`);
      await page.getByRole('heading', { name: 'Reports', level: 1 }).waitFor();
      await page.getByRole('button', { name: 'Freeze a report' }).click();
      const form = page.getByRole('form', { name: 'Freeze a report' });
      await wholeOnBoth(page, 'reports-form');
      await form.getByLabel('What it is called').fill('The year 2020');
      await form.getByLabel('Time from').fill('2020');
      await form.getByLabel('Time until').fill('2020');
      await form.getByRole('button', { name: 'Freeze and sign' }).click();
      await page.getByRole('heading', { name: 'The year 2020', level: 1 }).waitFor();
    });
    await step('reports: each figure says what it is, and leads to its records', async () => {
      const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Experts deployed, in teams, per period' }) });
      await reads(card, /The records say \d+ \w+, [^.]*2020/); // of the time that was published, where something was
      await card.getByRole('button', { name: 'Show the records' }).click();
      await card.getByRole('button', { name: 'Hide the records' }).click();
      await wholeOnBoth(page, 'reports-one');
    });
    await step('reports: what is saved is what was signed', async () => {
      await page.getByText('Save or print').click();
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Signed document' }).click()]);
      const saved = join(folder, 'report.json');
      await download.saveAs(saved);
      const bundle = JSON.parse(readFileSync(saved, 'utf8'));
      check(bundle.type === 'document' && bundle.signature.data.length === 88 && bundle.entry[0].resource.title === 'The year 2020', JSON.stringify(bundle).slice(0, 300));
      await page.getByLabel('For DHIS2: as which unit it knows us').fill('ou1');
      const [adx] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'ADX' }).click()]);
      const file = join(folder, 'report.xml');
      await adx.saveAs(file);
      check(readFileSync(file, 'utf8').includes('orgUnit="ou1" period="2020-01-01/P1Y"'), readFileSync(file, 'utf8').slice(0, 300));
    });
    check(desk.complaints.length === 0, desk.complaints.join('\n'));
    await desk.context.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
}
