// SPDX-License-Identifier: Apache-2.0
// A year in the pages, as the coordinator sees it: a gap is opened and filled, the map changes, the pairing has its
// operations, the roster shows who goes and when nobody is there, and the handover what has nobody yet.
import { wholeOnBoth } from './lib/browser.mjs';
import { none, reads, step } from './lib/report.mjs';

const GAPS = '#/gaps?hospital=Organization/yr-valley';

const gap = (page) => page.locator('.equip-card').filter({ hasText: 'Closed chest drainage' });
const here = (page) => page.locator('main tr, main li').filter({ hasText: 'Poplar Valley Hospital' }).first();

/** Who can treat a collapsed lung, on the map. */
async function whoCan({ page, opens }) {
  await opens('#/map', 'Capability map');
  await page.getByLabel('Who can …').fill('pneumoth');
  await page.getByRole('radio', { name: /· J93$/ }).check();
  await page.getByRole('heading', { name: /hospitals? can, or list/ }).waitFor();
}

export async function openGap(coordinator) {
  const { page, opens } = coordinator;
  await step('year: the coordinator opens a gap: nobody local drains a chest here', async () => {
    await opens(GAPS, 'Technique gaps');
    await page.getByRole('button', { name: 'Open a gap' }).click();
    await page.getByLabel('What it shall be able to do').fill('chest drain');
    await page.getByRole('radio', { name: /Closed chest drainage/ }).check();
    await page.getByRole('button', { name: 'Open it' }).click();
    await gap(page).waitFor();
    await none(gap(page).getByText('Filled: demonstrated'), 'it is filled before anybody did anything');
    await wholeOnBoth(page, 'year-gap-open');
  });
  await step('year: on the map it is done by the visiting expert alone', async () => {
    await whoCan(coordinator);
    await reads(here(page), 'With a visiting expert only');
    await reads(here(page), 'Neither listed nor demonstrated');
  });
}

async function whatGrew(coordinator) {
  const { page, opens } = coordinator;
  await step('year: on the map the hospital is independent, and stays so without the experts', async () => {
    await whoCan(coordinator);
    await reads(here(page), 'Local, independent');
    await page.getByLabel('Without the experts').check();
    await reads(here(page), 'Local, independent');
    await wholeOnBoth(page, 'year-map');
  });
  await step('year: the gap is filled, by operations and nobody\'s word', async () => {
    await opens(GAPS, 'Technique gaps');
    await gap(page).getByText('Filled: demonstrated').waitFor();
    await reads(gap(page), /\d+ successful cases of 3 that fill it/);
    await wholeOnBoth(page, 'year-gap-filled');
  });
}

async function whoIsThere({ page, opens }) {
  await step('year: the pairing of the two departments stands with what they did together', async () => {
    await opens('#/pairings', 'Pairings');
    await page.getByText(/Bridge City Hospital, Thoracic surgery helps Poplar Valley Hospital, Surgery/).first().waitFor();
    await page.getByText(/Operations together/).first().waitFor();
    await wholeOnBoth(page, 'year-pairings');
  });
  await step('year: the roster shows the master, his leave, and that nobody is there meanwhile', async () => {
    await opens('#/roster', 'Roster');
    await page.getByRole('link', { name: 'Wei Anran' }).first().waitFor();
    await page.getByText(/Nobody is posted in Surgery/).first().waitFor();
    await wholeOnBoth(page, 'year-roster');
  });
}

async function whatIsLeft({ page, opens }) {
  await step('year: the master\'s term ends: what has nobody yet is counted, the apprentice among it', async () => {
    await opens('#/handover', 'Handover');
    const term = page.locator('.handover-card').filter({ hasText: 'Wei Anran' });
    await term.getByText(/\d+ without anybody/).waitFor();
    await term.getByText('By kind').click();
    await wholeOnBoth(page, 'year-handover');
    await term.getByRole('link', { name: 'Open the list' }).click();
    await page.getByRole('heading', { name: 'Handover of Wei Anran', level: 1 }).waitFor();
    await wholeOnBoth(page, 'year-handover-pack');
  });
}

export async function whatTheYearLeft(coordinator) {
  await whatGrew(coordinator);
  await whoIsThere(coordinator);
  await whatIsLeft(coordinator);
}
