// SPDX-License-Identifier: Apache-2.0
// Equipment: a head of department orders at a desk, a nurse reports a fault on a phone, and the coordinator
// sees what is late and who sees to it.
import { DESK, PHONE, person, whole } from './lib/browser.mjs';
import { check, none, step } from './lib/report.mjs';

const BELAY = 'https://belay.health';
const HOME = ['eq-home', 'Juniper Valley Hospital'];
const WARD = ['eq-home-surgery', 'Surgery'];
const PEOPLE = {
  head: ['Tenzin Rabgye', 'head-of-department', 'eq-home-surgery'], nurse: ['Lhamo Dekyi', 'nurse', 'eq-home'], twin: ['Zhou Ning', 'head-of-department', 'eq-city'],
};
const DAY = 24 * 3600_000;
const day = (ago) => new Date(Date.now() - ago * DAY).toISOString().slice(0, 10);

async function network(node) {
  const token = node.token('Loader of equipment', 'program');
  const put = async (type, id, members) => {
    const answer = await fetch(`${node.address}/fhir/${type}/${id}`, {
      method: 'PUT', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/fhir+json' }, body: JSON.stringify({ resourceType: type, id, ...members }),
    });
    check(answer.ok, `${type}/${id}: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
  };
  const type = [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/organization-type', code: 'prov' }] }];
  await put('Organization', HOME[0], { name: HOME[1], type, address: [{ country: 'CN' }] });
  await put('Organization', WARD[0], { name: WARD[1], partOf: { reference: 'Organization/eq-home' } });
  await put('Organization', 'eq-city', { name: 'Pagoda City Hospital', type, address: [{ country: 'CN' }] });
  await put('OrganizationAffiliation', 'eq-pair', {
    active: true, organization: { reference: 'Organization/eq-home' }, participatingOrganization: { reference: 'Organization/eq-city' },
    code: [{ coding: [{ system: `${BELAY}/CodeSystem/affiliation`, code: 'hospital-pair' }] }],
  });
  for (const [key, [name, role, unit]] of Object.entries(PEOPLE)) {
    await put('Practitioner', `eq-${key}`, {
      active: true, name: [{ text: name }],
      ...(key === 'head' ? { qualification: [{ code: { coding: [{ system: `${BELAY}/CodeSystem/procedure`, code: 'cholecystectomy' }] }, period: { start: '2020-01-01' } }] } : {}),
    });
    await put('PractitionerRole', `eq-${key}`, {
      active: true, practitioner: { reference: `Practitioner/eq-${key}`, display: name }, organization: { reference: `Organization/${unit}` }, period: { start: '2020-01-01' },
      code: [{ coding: [{ system: `${BELAY}/CodeSystem/role`, code: role }] }],
    });
  }
}

/** A course on the device, held by the ward: something that money buys. */
async function aCourse(node) {
  const token = node.token(PEOPLE.head[0], PEOPLE.head[1], '--practitioner', 'eq-head');
  const answer = await fetch(`${node.address}/programme/Course/$plan`, {
    method: 'POST', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/fhir+json' }, body: JSON.stringify({
      resourceType: 'Parameters', parameter: [{ name: 'kind', valueCode: 'workshop' }, { name: 'status', valueCode: 'held' }, { name: 'title', valueString: 'Laparoscopy in a week' },
        { name: 'start', valueDate: day(20) }, { name: 'end', valueDate: day(14) }, { name: 'organiser', valueReference: { reference: 'Organization/eq-home-surgery' } }],
    }),
  });
  check(answer.status === 201, `Course/$plan: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
}

/** Write a payment of ${amount} for ${use} down, which bought ${bought}. */
async function pays(page, amount, use, bought) {
  await page.getByRole('button', { name: /^Write down a payment/ }).click();
  const form = page.getByRole('form', { name: 'Write down a payment' });
  await form.getByLabel('Amount in CNY').fill(amount);
  await form.getByLabel('What it was used for').selectOption(use);
  await form.getByLabel('What it bought').selectOption({ label: bought });
  await form.getByRole('button', { name: 'Write the payment down' }).click();
  await form.waitFor({ state: 'detached' });
}

async function enter({ page }, node, key) {
  const link = /\/#\/enrol\/\S+/.exec(node.user('add', PEOPLE[key][0], '--practitioner', `Practitioner/eq-${key}`))[0];
  await page.goto(node.address + link);
  await page.getByLabel('Password').fill('four yaks cross the pass');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  await page.goto(`${node.address}/#/equipment`);
  await page.getByRole('heading', { name: 'Equipment', level: 1 }).waitFor();
}

/** Say that ${name} is done, ${ago} days ago; and what else ${more} says in the form. */
async function done(page, name, ago, more = async () => {}) {
  await page.getByRole('button', { name: `Say how it stands: ${name}` }).click();
  const form = page.getByRole('form', { name: `Say how it stands: ${name}` });
  await form.getByLabel('Done on').fill(day(ago));
  await more(form);
  await form.getByRole('button', { name: 'Save' }).click();
  await form.waitFor({ state: 'detached' });
}

export async function equipment(node, browser) {
  await network(node);
  const head = await person(browser, node.address, DESK);
  const nurse = await person(browser, node.address, PHONE);
  const twin = await person(browser, node.address, DESK);
  const { page } = head;
  await step('equipment: a head of department orders with days that are promised', async () => {
    await enter(head, node, 'head');
    await page.getByText('No equipment is recorded here yet').waitFor();
    await page.getByRole('button', { name: 'Order equipment' }).click();
    await page.getByRole('button', { name: 'Order it' }).click();
    await page.getByText('Choose what it is.').waitFor();
    await page.getByLabel('What kind of device').selectOption('laparoscope');
    await page.getByLabel('What people call it').fill('Tower two');
    await page.getByLabel('Ordered on').fill(day(60));
    await page.getByLabel('Who answers for it').selectOption('Practitioner/eq-head');
    await page.getByLabel('Arrived').fill(day(12));
    await page.getByLabel('Installed').fill(day(-10));
    await page.getByLabel('People trained').fill(day(5));
    await whole(page, 'desk-equipment-order');
    await page.getByRole('button', { name: 'Order it' }).click();
    await page.getByText(/Arrived: 1[23] days late/).waitFor();
    await page.getByText('Answers for it: Tenzin Rabgye').waitFor();
    await whole(page, 'desk-equipment-late');
  });
  await step('equipment: step by step into service', async () => {
    await page.getByText('Steps 1 of 5').click();
    await done(page, 'Arrived', 9);
    await page.getByText('3 days late').waitFor();
    await done(page, 'Installed', 6);
    await done(page, 'People trained', 6, async (form) => form.getByRole('checkbox', { name: 'Lhamo Dekyi' }).check());
    await page.getByText('Trained: Lhamo Dekyi').waitFor();
    await done(page, 'In service', 5);
    await page.locator('.equip-state').getByText('In service').waitFor();
    await whole(page, 'desk-equipment-in-service');
  });
  await step('equipment: a nurse reports a fault on a phone, and what needs it is off', async () => {
    await enter(nurse, node, 'nurse');
    await nurse.page.getByRole('button', { name: /^Report a fault/ }).click();
    await nurse.page.getByLabel('What is wrong').fill('No light from the fibre');
    await nurse.page.getByLabel('It cannot be used').check();
    await whole(nurse.page, 'phone-equipment-fault');
    await nurse.page.getByRole('button', { name: 'Report it' }).click();
    await nurse.page.getByText(/Off for (1 day|2 days)/).waitFor();
    await nurse.page.getByText(/Off because of it: .*gallbladder|Off because of it: .*cholecystectomy/i).waitFor();
    await none(nurse.page.getByRole('button', { name: 'Order equipment' }), 'a nurse is offered to order');
    await whole(nurse.page, 'phone-equipment-off');
  });
  await step('equipment: the other side sees it and changes nothing', async () => {
    await enter(twin, node, 'twin');
    await twin.page.getByText(/Off for (1 day|2 days)/).waitFor();
    await none(twin.page.getByRole('button', { name: /^Report a fault/ }), 'the other side is offered to report');
  });
  await step('equipment: it is repaired, and on again', async () => {
    await nurse.page.getByText(/^Steps/).click();
    await nurse.page.getByRole('button', { name: 'It is repaired' }).click();
    await nurse.page.getByLabel('What was done').fill('Another fibre');
    await nurse.page.getByRole('button', { name: 'It works again' }).click();
    await nurse.page.locator('.equip-state').getByText('In service').waitFor();
    await nurse.page.getByText(/^usable/).waitFor();
    await whole(nurse.page, 'phone-equipment-repaired');
  });
  await step('equipment: a gap is opened, with a day and somebody who answers for it', async () => {
    await page.goto(`${node.address}/#/gaps`);
    await page.getByText('No gap is open.').waitFor();
    await page.getByRole('button', { name: 'Open a gap' }).click();
    await page.getByLabel('What it shall be able to do').fill('cholecyst');
    await page.locator('#gap-thing-found input').first().check();
    await page.getByLabel('First case promised for').fill(day(4));
    await page.getByLabel('Who answers for it').selectOption('Practitioner/eq-head');
    await whole(page, 'desk-gap-open');
    await page.getByRole('button', { name: 'Open it' }).click();
    await page.getByText(/[45] days late/).waitFor();
    await page.getByText('Equipment that it needs is not in service.').waitFor(); // there is no theatre
    await nurse.page.goto(`${node.address}/#/equipment`);
    await nurse.page.locator('.siblings').getByRole('link', { name: 'Gaps' }).click(); // one tap
    await nurse.page.getByText('Answers for it: Tenzin Rabgye').waitFor();
    await none(nurse.page.getByRole('button', { name: 'Open a gap' }), 'a nurse is offered to open a gap');
    await whole(nurse.page, 'phone-gaps');
  });
  await step('equipment: money is committed at a dated rate, and paid for what it bought', async () => {
    await aCourse(node);
    await page.goto(`${node.address}/#/equipment`);
    await page.getByRole('link', { name: 'Money', exact: true }).click(); // a tab of the group
    await page.getByRole('heading', { name: 'Money', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Write down a commitment' }).click();
    await page.getByLabel('What it is for').fill('Laparoscopy for the county');
    await page.getByLabel('Amount').fill('850000.10');
    await page.getByLabel('Rate: one is worth').fill('0.140');
    await page.getByLabel('Day of the rate').fill(day(70));
    await page.getByLabel('Who says so').fill('Bank of the county');
    await whole(page, 'desk-money-commit');
    await page.getByRole('button', { name: 'Write it down' }).click();
    await page.getByText('850,000.10 CNY').first().waitFor();
    await page.getByText(/119,000.01 USD.*Bank of the county/).waitFor();
    await pays(page, '846000.00', 'equipment', 'Tower two');
    await pays(page, '4000.00', 'training', 'Laparoscopy in a week');
    await page.getByText('0.10 CNY', { exact: true }).waitFor();
    await page.getByText('Paid by use: Equipment 846,000.00 · Training 4,000.00').waitFor();
    await page.locator('.equip-step').filter({ hasText: '4,000.00 CNY' }).getByText('Laparoscopy in a week').waitFor();
    await whole(page, 'desk-money-paid');
    await page.setViewportSize({ width: 390, height: 844 });
    await whole(page, 'phone-money-paid');
  });
  await step('equipment: a commitment is closed, with a reason', async () => {
    await page.getByRole('button', { name: 'Close it: Laparoscopy for the county' }).click();
    await page.getByRole('button', { name: 'Close this commitment' }).click();
    await page.getByText('Say why.').waitFor();
    await page.getByLabel('Why', { exact: true }).fill('The tower is bought');
    await page.getByRole('button', { name: 'Close this commitment' }).click();
    await page.getByText('Closed', { exact: true }).waitFor();
    check(await page.getByRole('button', { name: /^Write down a payment/ }).count() === 0, 'a closed commitment takes payments');
    await whole(page, 'phone-money-closed');
  });
  await step('equipment: no script error', async () => {
    const all = [head, nurse, twin].flatMap((someone) => someone.complaints);
    check(all.length === 0, all.join('\n'));
  });
}
