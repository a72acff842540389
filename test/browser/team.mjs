// SPDX-License-Identifier: Apache-2.0
// A coordinator makes a team and posts people without having been told how; the roster shows who
// is where, and tells what is wrong; the same on a phone as a list.
import { DESK, PHONE, accessible, fits, person, picture } from './lib/browser.mjs';
import { check, step } from './lib/report.mjs';

const ROLE = 'https://belay.health/CodeSystem/role';
const day = (ahead) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);

async function store(node) {
  const put = (resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } });
  const entry = [
    put({ resourceType: 'Practitioner', id: 'team-office', name: [{ text: 'Office of teams' }] }),
    put({
      resourceType: 'PractitionerRole', id: 'team-office', active: true, practitioner: { reference: 'Practitioner/team-office' },
      code: [{ coding: [{ system: ROLE, code: 'coordinator' }] }],
    }),
    put({ resourceType: 'Practitioner', id: 'team-lin', name: [{ text: 'Lin Guang' }] }),
    put({ resourceType: 'Practitioner', id: 'team-tao', name: [{ text: 'Tao Yue' }] }),
  ];
  const answer = await fetch(`${node.address}/fhir`, {
    method: 'POST', headers: { Authorization: `Bearer ${node.token('Loader of teams', 'program')}`, 'Content-Type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }),
  });
  check(answer.ok, `storing: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
}

async function enter({ page }, node, heading, ...token) {
  await page.goto(`${node.address}/#/token`);
  await page.getByLabel('Token').fill(node.token(...token));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
}

async function choose(page, label, text) {
  await page.getByRole('textbox', { name: label, exact: true }).fill(text);
  await page.getByRole('button', { name: text }).click();
}

async function post(page, name, from, until) {
  await page.getByRole('link', { name: 'Post somebody' }).click();
  await page.getByRole('heading', { name: 'Post somebody', level: 1 }).waitFor();
  await choose(page, 'Who', name);
  await page.getByLabel('Department', { exact: true }).selectOption({ label: 'Medicine' });
  await page.getByLabel('First day').fill(from);
  await page.getByLabel('Last day').fill(until);
  await page.getByRole('button', { name: 'Post somebody' }).click();
  await page.getByRole('link', { name }).first().waitFor();
}

async function make(page) {
  await step('teams: a coordinator makes a team with its term', async () => {
    await page.getByRole('link', { name: 'Hospital' }).first().click();
    await page.getByRole('link', { name: 'Teams' }).click();
    await page.getByLabel('Hospital', { exact: true }).selectOption({ label: "Nagqu People's Hospital" });
    await page.getByText('No team is at this hospital').waitFor();
    await page.getByRole('link', { name: 'New team' }).click();
    await page.getByRole('button', { name: 'Make the team' }).click();
    await page.getByText('Give the team a name.').waitFor(); // what lacks is said where it lacks
    await page.getByLabel('Name of the team').fill('Dalian to Nagqu');
    await page.getByLabel('Batch').fill('8');
    await page.getByLabel('Sent by').selectOption({ label: 'Dalian General Hospital' });
    await page.getByLabel('First day').fill(day(-20));
    await page.getByLabel('Last day').fill(day(100));
    await choose(page, 'Leader', 'Lin Guang');
    await accessible(page);
    await page.getByRole('button', { name: 'Make the team' }).click();
    await page.getByRole('heading', { name: 'Dalian to Nagqu', level: 1 }).waitFor();
    await page.getByText('Nobody is posted yet.').waitFor();
  });
  await step('teams: two are posted, one of them too long: told', async () => {
    await post(page, 'Lin Guang', day(-20), day(40));
    await post(page, 'Tao Yue', day(60), day(120));
    await page.getByText(/Tao Yue is posted outside the term/).first().waitFor();
    await picture(page, 'desk-team');
    await fits(page);
    await accessible(page);
  });
}

async function look(page) {
  await step('roster: who is where, nobody in red, what is wrong in words', async () => {
    await page.getByLabel('Pages: Hospital').getByRole('link', { name: 'Roster' }).click();
    await page.getByLabel('Hospital', { exact: true }).selectOption({ label: "Nagqu People's Hospital" });
    await page.getByText(/Nobody is posted in Medicine/).first().waitFor();
    await page.locator('.roster-gap').first().waitFor({ state: 'attached' });
    await page.locator('.roster-posting').nth(1).waitFor({ state: 'attached' }); // both
    await picture(page, 'desk-roster');
    await fits(page);
    await accessible(page);
    await page.getByRole('button', { name: 'Show as a table' }).click();
    const table = page.getByRole('table', { name: 'Postings, by department' });
    await table.getByRole('row').nth(3).waitFor();
    await picture(page, 'desk-roster-table');
  });
  await step('roster: leave without a replacement is a gap until somebody is in that place', async () => {
    await page.getByRole('table').getByRole('link', { name: 'Lin Guang' }).click();
    const leave = page.getByRole('region', { name: 'Leave' });
    await leave.getByLabel('First day').fill(day(5));
    await leave.getByLabel('Last day').fill(day(11));
    await leave.getByRole('button', { name: 'Enter the leave' }).click();
    await page.getByText(/On leave/).waitFor();
    const arrival = page.getByRole('region', { name: 'Arrival' });
    await arrival.getByLabel('Arrived on').fill(day(-1));
    const kinds = await arrival.getByLabel('What was looked at').locator('option').allTextContents();
    check(kinds.slice(1).join() === 'Licence,Privileges at the host', `what may be entered for somebody: ${kinds.join()}`);
    await arrival.getByLabel('What was looked at').selectOption({ label: 'Licence' });
    await arrival.getByRole('button', { name: 'Enter the arrival' }).click();
    await page.getByText('Say what it came to.').waitFor();
    await arrival.getByLabel('What it came to').selectOption({ label: 'in order' });
    await choose(page, 'Who decided it', 'Pema Yangchen');
    await arrival.getByRole('button', { name: 'Enter the arrival' }).click();
    await page.getByText(/Licence: in order, by Pema Yangchen/).waitFor();
    await page.getByText('Fit for the altitude: not looked at yet').waitFor();
    check(await page.getByRole('button', { name: 'Decide with my name' }).count() === 0, 'a coordinator decides on fitness for the altitude');
    await page.getByText(/First days at/).waitFor();
    await picture(page, 'desk-posting');
    await accessible(page);
    await page.goBack();
    await page.getByRole('heading', { name: 'Roster', level: 1 }).waitFor();
    await page.getByText(/Nobody is posted in Medicine/).nth(1).waitFor();
  });
}

/** A head of the helped side of the first pairing whose sides the demonstration has. */
async function storeHead(node) {
  const headers = { Authorization: `Bearer ${node.token('Loader of teams', 'program')}`, 'Content-Type': 'application/fhir+json' };
  const bundle = await (await fetch(`${node.address}/fhir/OrganizationAffiliation?_count=50&_sort=_id`, { headers })).json();
  const pairings = (bundle.entry ?? []).map((one) => one.resource).filter((one) => one.code?.[0]?.coding?.[0]?.code !== 'team-at-host');
  check(pairings.length > 0, 'the demonstration has no pairing');
  const resources = [
    { resourceType: 'Practitioner', id: 'team-head', name: [{ text: 'Head of the pair' }] },
    {
      resourceType: 'PractitionerRole', id: 'team-head', active: true, practitioner: { reference: 'Practitioner/team-head' },
      organization: { reference: pairings[0].organization.reference }, code: [{ coding: [{ system: ROLE, code: 'head-of-department' }] }],
    },
  ];
  for (const one of resources) {
    const answer = await fetch(`${node.address}/fhir/${one.resourceType}/${one.id}`, { method: 'PUT', headers, body: JSON.stringify(one) });
    check(answer.ok, `storing ${one.id}: ${answer.status}`);
  }
  return pairings[0].id;
}

async function pulse(node, desk, phone) {
  const id = await storeHead(node);
  await step('pairings: a coordinator sees the pulse, and sets a goal and what is assisted in', async () => {
    await desk.page.getByRole('link', { name: 'Pairings' }).first().click();
    await desk.page.getByRole('heading', { name: 'Pairings', level: 1 }).waitFor();
    await desk.page.locator('.pulse-card').first().waitFor();
    await picture(desk.page, 'desk-pairings');
    await fits(desk.page);
    await accessible(desk.page);
    await desk.page.goto(`${node.address}/#/pairings/${id}`);
    await desk.page.getByRole('button', { name: 'Add a goal' }).click();
    await desk.page.getByLabel('How many').fill('0');
    await desk.page.getByRole('button', { name: 'Save' }).click();
    await desk.page.getByText(/A goal says kind/).waitFor(); // none of nothing
    await desk.page.getByLabel('How many').fill('3');
    await desk.page.getByRole('button', { name: 'Add what is assisted in' }).click();
    await desk.page.getByLabel('In words').fill('Care of burns');
    await desk.page.getByRole('button', { name: 'Save' }).click();
    await desk.page.getByText('Cases: 3 a month').waitFor();
    await desk.page.getByText('Assisted in: Care of burns').waitFor();
    await picture(desk.page, 'desk-pairing');
    await accessible(desk.page);
  });
  await step('pairings: on a phone a head answers the question of the month in two taps', async () => {
    await enter(phone, node, 'Today', 'Head of the pair', 'head-of-department', '--practitioner', 'Practitioner/team-head');
    const asked = phone.page.getByRole('region', { name: /How did the work together go/ });
    await asked.getByText('Well', { exact: true }).first().waitFor();
    await picture(phone.page, 'phone-pulse');
    const before = await asked.locator('.pulse-question').count();
    await asked.getByText('Well', { exact: true }).first().click();
    await asked.getByRole('button', { name: 'Send to both sides' }).first().click();
    if (before > 1) await asked.locator('.pulse-question').nth(before - 1).waitFor({ state: 'detached' });
    else await asked.waitFor({ state: 'detached' });
    await phone.page.goto(`${node.address}/#/pairings/${id}`);
    await phone.page.getByText(/The helped side: Well/).waitFor();
    await phone.page.getByText('The helping side: not answered yet').waitFor();
    await picture(phone.page, 'phone-pairing');
    await fits(phone.page);
  });
}

/** ${node}: serves the demonstration. */
export async function teams(node, browser) {
  await store(node);
  const desk = await person(browser, node.address, DESK);
  const phone = await person(browser, node.address, PHONE);
  await enter(desk, node, 'Numbers', 'Office of teams', 'coordinator', '--practitioner', 'Practitioner/team-office');
  await make(desk.page);
  await look(desk.page);
  await step('roster: on a phone as a list, for somebody of the hospital', async () => {
    await enter(phone, node, 'Today', 'Pema Yangchen', 'clinician', '--practitioner', 'Practitioner/demo-pema-yangchen');
    await phone.page.goto(`${node.address}/#/roster`);
    await phone.page.getByRole('link', { name: 'Lin Guang' }).waitFor();
    await picture(phone.page, 'phone-roster');
    await fits(phone.page);
    await accessible(phone.page);
  });
  await step('posting: whether somebody is fit for the altitude is decided by a doctor who is signed in', async () => {
    const { page } = phone;
    await page.goto(`${node.address}/#/`);
    const waiting = page.getByRole('region', { name: /Fit for the altitude: your word is awaited/ });
    await waiting.getByRole('link', { name: /Lin Guang · .*No doctor has decided it yet/ }).waitFor();
    await fits(page);
    await picture(page, 'phone-fitness-waits');
    await waiting.getByRole('link', { name: /Lin Guang/ }).click();
    const own = page.getByRole('region', { name: 'Fit for the altitude: your decision as a doctor' });
    await own.getByRole('button', { name: 'Decide with my name' }).click();
    await own.getByText('Say what it came to.').waitFor();
    await own.getByText('in order with conditions', { exact: true }).click();
    await picture(page, 'phone-fitness');
    await own.getByRole('button', { name: 'Decide with my name' }).click();
    await page.getByText(/Fit for the altitude: in order with conditions, by Pema Yangchen/).waitFor();
    await fits(page);
    await accessible(page);
  });
  const head = await person(browser, node.address, PHONE);
  await pulse(node, desk, head);
  await step('teams: no script error', async () => {
    const all = [desk, phone, head].flatMap((someone) => someone.complaints);
    check(all.length === 0, all.join('\n'));
  });
  await desk.context.close();
  await phone.context.close();
  await head.context.close();
}
