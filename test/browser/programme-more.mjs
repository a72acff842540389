// SPDX-License-Identifier: Apache-2.0
// What stands on the page of the programme below its figures: what became possible when, by one question for all years.
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
  const asked = [];
  page.on('request', (request) => { if (request.url().includes('Measure/')) asked.push(request.url()); });
  await store(node);
  await page.goto(`${node.address}/#/programme`);
  await page.reload();
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
  await page.locator('.chart-rows').getByText('more that you may not read').waitFor(); // the operation is in the logbook of who did it
  await frame.getByRole('button', { name: 'Play the years' }).click();
  await frame.getByText(`What hospitals could treat at the end of ${last + 1}, so far`).first().waitFor();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await frame.getByRole('button', { name: 'Next year' }).click(); // round to the first
  await eventually(async () => (await slider(frame).inputValue()) === String(last - 1), 'who wants less movement goes year by year');
  await page.emulateMedia({ reducedMotion: 'no-preference' });
}
