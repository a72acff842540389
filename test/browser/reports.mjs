// SPDX-License-Identifier: Apache-2.0
// Reports: a coordinator freezes one, reads it, sees the records behind a figure, and saves it; the file is what was frozen.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DESK, person, wholeOnBoth } from './lib/browser.mjs';
import { check, eventually, reads, step } from './lib/report.mjs';

const ROLE = 'https://belay.health/CodeSystem/role';

async function prepare(node) {
  const put = (resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } });
  const answer = await fetch(`${node.address}/fhir`, {
    method: 'POST', headers: { Authorization: `Bearer ${node.token('Loader of reports', 'program')}`, 'Content-Type': 'application/fhir+json' },
    body: JSON.stringify({
      resourceType: 'Bundle', type: 'transaction', entry: [
        put({ resourceType: 'Practitioner', id: 'rp-coordinator', active: true, name: [{ text: 'Reports coordinator' }] }),
        put({ resourceType: 'PractitionerRole', id: 'rp-coordinator', active: true, practitioner: { reference: 'Practitioner/rp-coordinator' }, code: [{ coding: [{ system: ROLE, code: 'coordinator' }] }] }),
        put({ resourceType: 'Practitioner', id: 'rp-second', active: true, name: [{ text: 'Second coordinator' }] }),
        put({ resourceType: 'PractitionerRole', id: 'rp-second', active: true, practitioner: { reference: 'Practitioner/rp-second' }, code: [{ coding: [{ system: ROLE, code: 'coordinator' }] }] }),
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
      await form.getByLabel(/What the reader/).fill('One team went home late.\nRead <b>twice</b>.');
      await form.getByLabel('Time from').fill('2020');
      await form.getByLabel('Time until').fill('2020');
      await form.getByRole('button', { name: 'Freeze and sign' }).click();
      await page.getByRole('heading', { name: 'The year 2020', level: 1 }).waitFor();
      await reads(page.locator('.report-text'), /One team went home late\.\s+Read <b>twice<\/b>\./);
    });
    await step('reports: each figure says what it is, and leads to its records', async () => {
      const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Experts deployed, in teams, per period' }) });
      await reads(card, /The records say \d+ \w+, [^.]*2020/); // of the time that was published, where something was
      await card.getByRole('button', { name: 'Show the records' }).click();
      await card.getByRole('button', { name: 'Hide the records' }).click();
      await wholeOnBoth(page, 'reports-one');
    });
    await step('reports: on paper stand title, time and figures, whole, and nothing to press', async () => {
      const onPaper = async (reader, shows) => {
        await reader.emulateMedia({ media: 'print', colorScheme: 'dark' });
        for (const selector of ['button', 'form', 'summary', 'select']) {
          await eventually(() => reader.locator(selector).evaluateAll((all) => all.every((one) => !one.checkVisibility())), `${selector} is printed`);
        }
        await eventually(() => reader.evaluate(() => getComputedStyle(document.body).backgroundColor === 'rgb(255, 255, 255)'), 'the paper is dark');
        for (const selector of shows) check(await reader.locator(selector).first().isVisible(), `${selector} is not printed`);
        const cards = await reader.locator('.equip-card').evaluateAll((all) => all.map((one) => [getComputedStyle(one).breakInside, getComputedStyle(one.parentElement).display].join()));
        check(cards.length > 0 && cards.every((one) => one === 'avoid,block'), `cards are cut: ${cards[0]}`);
        check((await reader.pdf({ format: 'A4', preferCSSPageSize: true })).length > 10_000, 'there is no PDF');
        await reader.emulateMedia({ media: 'screen', colorScheme: 'light' });
      };
      await onPaper(page, ['h1', '.report-text', 'text=/^Frozen on .* 20[0-9][0-9].* of the log/', '.equip-card h2']);
      const one = page.url();
      await page.goto(`${node.address}/#/reports`);
      await page.getByRole('link', { name: 'The year 2020' }).waitFor();
      await onPaper(page, ['h1', '.equip-card h2']);
      await page.goto(one);
      await page.getByRole('heading', { name: 'The year 2020', level: 1 }).waitFor();
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
    await step('reports: another coordinator lets everybody read it, and everybody does without signing in', async () => {
      const { page: theirs, context: held, complaints } = await person(browser, node.address, DESK);
      await theirs.goto(`${node.address}/#/token`);
      await theirs.getByLabel('Token').fill(node.token('Second coordinator', 'coordinator', '--practitioner', 'rp-second'));
      await theirs.getByRole('button', { name: 'Sign in' }).click();
      await theirs.getByText('Live', { exact: true }).waitFor();
      await theirs.goto(page.url());
      await theirs.getByRole('button', { name: 'Approve for the public' }).click();
      const form = theirs.getByRole('form', { name: 'Approve for the public' });
      await reads(form, /Told to everybody: .*Experts deployed/);
      await wholeOnBoth(theirs, 'reports-approve');
      await form.getByRole('button', { name: 'Approve for the public' }).click();
      check(await form.getByLabel('Why (the public reads this)').evaluate((one) => one === document.activeElement), 'a reason is not asked for');
      await form.getByLabel('Why (the public reads this)').fill('The year is over');
      await form.getByRole('button', { name: 'Approve for the public' }).click();
      await theirs.getByText(/Everybody may read this since/).waitFor();
      const visitor = await person(browser, node.address, DESK);
      await visitor.page.goto(`${node.address}/`);
      await visitor.page.getByRole('link', { name: 'Figures for everybody' }).click();
      await visitor.page.getByRole('heading', { name: 'Figures for everybody', level: 1 }).waitFor();
      await reads(visitor.page.getByRole('region', { name: 'The year 2020' }), /Approved on .* The year is over/);
      await reads(visitor.page.getByRole('region', { name: 'Log of corrections' }), /“The year 2020” was approved\./);
      await wholeOnBoth(visitor.page, 'public');
      check(visitor.complaints.length === 0, visitor.complaints.join('\n'));
      await visitor.context.close();
      await theirs.getByRole('button', { name: 'Withdraw from the public' }).click();
      const back = theirs.getByRole('form', { name: 'Withdraw from the public' });
      await back.getByLabel('Why (the public reads this)').fill('It was only tried');
      await back.getByRole('button', { name: 'Withdraw from the public' }).click();
      await theirs.getByRole('button', { name: 'Approve for the public' }).waitFor();
      check(complaints.length === 0, complaints.join('\n'));
      await held.close();
    });
    check(desk.complaints.length === 0, desk.complaints.join('\n'));
    await desk.context.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
}
