// SPDX-License-Identifier: Apache-2.0
// A year in the pages: before it the router sends a patient far away while the master is on leave; three sign,
// each with a code; from then on it names the hospital at home.
import { wholeOnBoth } from './lib/browser.mjs';
import { reads, step } from './lib/report.mjs';
import { codeOf } from './people.mjs';

const ASKED = '#/find?code=http%3A%2F%2Fhl7.org%2Ffhir%2Fsid%2Ficd-10-cm%7CJ93';
const TITLE = 'Pasang Dolkar: Closed chest drainage';

async function finds({ page, opens }) {
  await opens(ASKED, 'Find who can');
  await page.getByRole('group', { name: 'How soon?' }).getByText('Urgent', { exact: true }).click();
  return page.locator('.route-option');
}

export async function nearestBefore(head) {
  await step('year: while the master is on leave, the nearest that is safe lies hours away', async () => {
    const options = await finds(head);
    await reads(options, (first) => /Turquoise Regional Hospital/.test(first) && /Safe/.test(first), 'another stands first');
    await reads(head.page.locator('.route-option-unsafe'), /Nobody on duty in time: Wei Anran/);
    await wholeOnBoth(head.page, 'year-find-before');
  });
}

async function asks({ page, opens }) {
  await step('year: the apprentice asks for the sign-off on the phone', async () => {
    await opens('#/sign-offs', 'Sign-offs');
    await page.getByRole('button', { name: 'Ask for the sign-off of Pasang Dolkar' }).click();
    await page.getByText(/The sign-off in .* is asked for/).waitFor();
    await wholeOnBoth(page, 'year-sign-off-asked');
  });
}

async function signs({ page, opens, secret }, who) {
  await step(`year: the ${who} reads what is met and what is not, and signs with a code`, async () => {
    await opens('#/sign-offs', 'Sign-offs');
    await page.getByRole('link', { name: 'Read and sign' }).click();
    await page.getByRole('heading', { name: TITLE, level: 1 }).waitFor();
    const conditions = page.locator('.log-conditions');
    await conditions.locator('.log-met', { hasText: '28 of 10 cases' }).waitFor();
    await conditions.locator('.log-not-met', { hasText: 'by 1 of 2 different assessors' }).waitFor();
    await conditions.locator('.log-not-known', { hasText: 'Equipment, anaesthesia and team' }).waitFor();
    await wholeOnBoth(page, `year-sign-off-${who.replace(' ', '-')}`);
    await page.getByLabel('Why').fill('One master was here this year; drains are there, and two nurses who know them.');
    await page.getByLabel('Code', { exact: true }).fill(codeOf(secret, Date.now() + 30_000)); // this one may have set it up
    await page.getByRole('button', { name: 'Sign', exact: true }).click();
    await page.getByText('Your signature is given.').waitFor();
  });
}

export async function signed(apprentice, signers) {
  await asks(apprentice);
  for (const [who, signer] of Object.entries(signers)) await signs(signer, who);
  await step('year: with the third signature it counts', async () => {
    await apprentice.opens('#/sign-offs', 'Sign-offs');
    await apprentice.page.getByRole('heading', { name: /Counts now/ }).waitFor();
    await wholeOnBoth(apprentice.page, 'year-sign-off-counts');
  });
  await step('year: from that moment the router names the hospital at home, master or no master', async () => {
    const options = await finds(signers.head);
    await reads(options, (first) => /The team here/.test(first) && /Poplar Valley Hospital/.test(first) && /Safe/.test(first), 'another stands first');
    await options.first().getByText('Why here').click();
    await options.first().getByText('Would be done by Pasang Dolkar.').waitFor();
    await wholeOnBoth(signers.head.page, 'year-find-after');
  });
}
