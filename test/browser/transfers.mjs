// SPDX-License-Identifier: Apache-2.0
// A patient is moved and comes home: a doctor with a phone in the county, a head of department at
// a desk in the city, beds between them, and each sees at once what the other says.
import { randomUUID } from 'node:crypto';
import { DESK, PHONE, person, signIn, whole } from './lib/browser.mjs';
import { startNode } from './lib/node.mjs';
import { check, eventually, none, step } from './lib/report.mjs';

const BELAY = 'https://belay.health/CodeSystem';
const NAME = 'Pema Lhamo';
const REQUEST = randomUUID();
const SECOND = randomUUID();

const unit = (id, name, partOf) => ({
  resourceType: 'Organization', id, name, ...(partOf ? { partOf: { reference: `Organization/${partOf}` } } : { address: [{ country: 'CN' }] }),
});

const somebody = (id, name, role, department) => [
  { resourceType: 'Practitioner', id, active: true, name: [{ text: name }] },
  {
    resourceType: 'PractitionerRole', id: `post-${id}`, active: true, practitioner: { reference: `Practitioner/${id}`, display: name },
    organization: { reference: `Organization/${department}` }, code: [{ coding: [{ system: `${BELAY}/role`, code: role }] }],
  },
];

const bed = (number, code, department) => ({
  resourceType: 'Location', id: `bed-${number}`, status: 'active', name: `Bed ${number}`,
  physicalType: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/location-physical-type', code: 'bd' }] },
  operationalStatus: { system: 'http://terminology.hl7.org/CodeSystem/v2-0116', code }, managingOrganization: { reference: `Organization/${department}` },
});

const draft = (id, question) => ({
  resourceType: 'ServiceRequest', id, status: 'draft', intent: 'order', priority: 'urgent', subject: { reference: 'Patient/pema' },
  category: [{ coding: [{ system: `${BELAY}/case-kind`, code: 'transfer' }] }], performer: [{ reference: 'Organization/city-surgery' }],
  reasonCode: [{ text: question }], note: [{ text: 'Fell from a roof. Pelvis unstable, pressure holds with fluids. No surgeon here for a week.' }],
});

async function ask(node, token, method, path, body) {
  const answer = await fetch(`${node.address}/fhir${path}`, {
    method, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/fhir+json' }, ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: answer.status, json: await answer.json() };
}

async function prepare(node) {
  const records = [
    unit('county', 'County Hospital'), unit('county-medicine', 'Medicine', 'county'), unit('city', 'City Hospital'), unit('city-surgery', 'Surgery', 'city'),
    ...somebody('karma', 'Dr Karma Tsering', 'clinician', 'county-medicine'), ...somebody('meiduo', 'Dr Meiduo Lin', 'head-of-department', 'city-surgery'),
    ...somebody('yang', 'Yang Min', 'coordinator', 'city'),
    { resourceType: 'Patient', id: 'pema', name: [{ text: NAME }], gender: 'female', birthDate: '1985-04-02', managingOrganization: { reference: 'Organization/county' } },
    bed(1, 'U', 'city-surgery'), bed(2, 'O', 'city-surgery'), bed(3, 'U', 'city'), bed(4, 'C', 'city'),
  ];
  const entry = records.map((resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } }));
  const { status } = await ask(node, node.token('Operator', 'program'), 'POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
  check(status === 200, `storing the hospitals: ${status}`);
}

async function send(node, token, id, question) {
  const { status } = await ask(node, token, 'PUT', `/ServiceRequest/${id}`, draft(id, question));
  check(status === 201, `the draft: ${status}`);
  return ask(node, token, 'POST', `/ServiceRequest/${id}/$send`);
}

const bedLine = (page, name) => page.locator('.bed', { hasText: name });
const choose = (page, field, answer) => page.getByRole('group', { name: field }).getByText(answer, { exact: true }).click();

async function beds(desk, node) {
  await step('transfers: a head of department says which beds are free', async () => {
    await desk.page.getByRole('link', { name: 'Transfers' }).click();
    await desk.page.getByRole('heading', { name: 'Beds of City Hospital 2 of 4 free' }).waitFor();
    await bedLine(desk.page, 'Bed 2').getByRole('button', { name: 'Free' }).click();
    await desk.page.getByRole('heading', { name: 'Beds of City Hospital 3 of 4 free' }).waitFor();
    await bedLine(desk.page, 'Bed 2').getByRole('button', { name: 'Closed' }).click();
    await desk.page.getByRole('heading', { name: 'Beds of City Hospital 2 of 4 free' }).waitFor();
    await eventually(async () => {
      const { json } = await ask(node, node.token('Reader', 'program'), 'GET', '/Location/bed-2');
      return json.operationalStatus.code === 'C';
    }, 'the bed is not closed');
  });
}

async function accepted(desk, phone, node, token) {
  await step('transfers: who is sent to us is there at once', async () => {
    const { status } = await send(node, token, REQUEST, 'Unstable pelvis: can you take her today?');
    check(status === 200, `sending: ${status}`);
    await desk.page.getByRole('heading', { name: 'To us 1' }).waitFor();
    await whole(desk.page, 'desk-transfers');
    await phone.page.goto(`${node.address}/#/case/${REQUEST}`);
    await phone.page.getByRole('heading', { name: 'Unstable pelvis' }).waitFor();
  });
  await step('transfers: a free bed is kept, and the other side sees it at once', async () => {
    await desk.page.locator('.transfer-row').click();
    await desk.page.getByRole('button', { name: 'Keep the bed' }).click();
    await desk.page.locator('.problem').first().waitFor(); // which bed?
    await whole(desk.page, 'desk-transfer-accept');
    await choose(desk.page, 'Which bed is kept for the patient?', 'Bed 1');
    await none(desk.page.getByText('Bed 2', { exact: true }), 'a bed is offered that is not free');
    await desk.page.getByLabel('What to send along').fill('The pictures, and two units of her group.');
    await desk.page.getByRole('button', { name: 'Keep the bed' }).click();
    await phone.page.getByRole('heading', { name: 'Dr Meiduo Lin keeps a bed' }).waitFor();
    await phone.page.getByText('The pictures, and two units of her group.').first().waitFor();
  });
  await step('transfers: a second way for the same patient is refused, and the first is named', async () => {
    const { status, json } = await send(node, token, SECOND, 'Somewhere else?');
    check(status === 409 && json.issue[0].diagnostics.includes(REQUEST), `${status}: ${json.issue?.[0].diagnostics}`);
  });
}

async function onTheWay(desk, phone, node) {
  await step('transfers: the phone says that they left, with whom, and when to expect them', async () => {
    await choose(phone.page, 'How do they travel?', 'Ambulance');
    await choose(phone.page, 'Who goes along?', 'A nurse');
    const tonight = new Date(Date.now() + 5 * 3_600_000);
    const local = new Date(tonight.getTime() - tonight.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
    await phone.page.getByLabel('When are they expected there?').fill(local);
    await whole(phone.page, 'phone-transfer-depart');
    await phone.page.getByRole('button', { name: 'Say that they left' }).click();
    await desk.page.getByRole('heading', { name: 'Dr Karma Tsering: the patient has left' }).waitFor();
    await desk.page.getByRole('link', { name: 'Transfers' }).click();
    await desk.page.getByText('Kept for Pema Lhamo').waitFor();
    await desk.page.locator('.transfer-row', { hasText: 'On the way' }).getByText('expected').waitFor();
    await none(bedLine(desk.page, 'Bed 1').getByRole('button'), 'a bed that is kept can be given away');
    await whole(desk.page, 'desk-transfers-way');
    await phone.page.goto(`${node.address}/#/transfers`);
    await phone.page.getByRole('heading', { name: 'From us 1' }).waitFor();
    await whole(phone.page, 'phone-transfers');
  });
}

async function thereAndBack(desk, phone, node) {
  await step('transfers: the patient has come, and goes home with a note', async () => {
    await desk.page.locator('.transfer-row').click();
    await desk.page.getByLabel('Into which bed?').selectOption({ label: 'Bed 3' });
    await desk.page.getByRole('button', { name: 'Say that they came' }).click();
    await desk.page.getByRole('button', { name: 'Send the note' }).waitFor();
    await choose(desk.page, 'How is the patient?', 'Died');
    await none(desk.page.getByLabel('What to do at home'), 'of who died it is asked what to do at home');
    await choose(desk.page, 'How is the patient?', 'Better');
    await desk.page.getByLabel('What was done').fill('Plate over the symphysis on the second day.');
    await desk.page.getByRole('button', { name: 'Send the note' }).click();
    await desk.page.locator('.problem').first().waitFor();
    await desk.page.getByLabel('What to do at home').fill('No weight on the left for six weeks. Dressings every third day.');
    await desk.page.getByLabel('Medicines').fill('Enoxaparin 40 mg once a day for four weeks.');
    await desk.page.getByLabel('When and where to be seen again').fill('In six weeks in the county, with a picture, sent here.');
    await whole(desk.page, 'desk-transfer-return');
    await desk.page.getByRole('button', { name: 'Send the note' }).click();
    await desk.page.getByRole('heading', { name: 'Dr Meiduo Lin wrote the note back home' }).waitFor();
    await phone.page.goto(`${node.address}/#/case/${REQUEST}`);
    await phone.page.getByRole('heading', { name: 'Dr Meiduo Lin wrote the note back home' }).waitFor();
    await phone.page.getByText('Enoxaparin 40 mg once a day for four weeks.').first().waitFor();
    await whole(phone.page, 'phone-transfer-note');
  });
  await step('transfers: home says what became of her; the beds are free again', async () => {
    for (const [field, answer] of [['Did the answer help?', 'Yes'], ['Did it change', 'Yes'], ['Was a transfer avoided?', 'No'], ['How is the patient?', 'Better']]) {
      await choose(phone.page, new RegExp(field.replace('?', '\\?')), answer);
    }
    await desk.page.getByRole('link', { name: 'Transfers' }).click(); // a case that is closed is closed to whom it was sent, too
    await desk.page.getByRole('heading', { name: 'To us 1' }).waitFor();
    await phone.page.getByRole('button', { name: 'Send the outcome' }).click();
    await phone.page.getByRole('button', { name: 'Close the case' }).click();
    await desk.page.getByRole('heading', { name: 'To us 0' }).waitFor();
    await desk.page.getByRole('heading', { name: 'Beds of City Hospital 2 of 4 free' }).waitFor();
  });
}

async function coordinator(browser, node) {
  const office = await person(browser, node.address, PHONE);
  await step('transfers: a coordinator of the hospital sees its beds, and no patient', async () => {
    await office.page.goto(`${node.address}/#/token`);
    await office.page.getByLabel('Token').fill(node.token('Yang Min', 'coordinator', '--practitioner', 'yang'));
    await office.page.getByRole('button', { name: 'Sign in' }).click();
    await office.page.getByText('Live', { exact: true }).waitFor();
    await office.page.goto(`${node.address}/#/transfers`);
    await office.page.getByRole('heading', { name: 'Beds of City Hospital 2 of 4 free' }).waitFor();
    await none(office.page.getByRole('heading', { name: 'To us' }), 'patients are spoken of');
    await bedLine(office.page, 'Bed 4').getByRole('button', { name: 'Free' }).click();
    await office.page.getByRole('heading', { name: 'Beds of City Hospital 3 of 4 free' }).waitFor();
    await whole(office.page, 'phone-transfers-coordinator');
  });
  return office;
}

export async function transfers(browser, belay) {
  const node = await startNode(belay);
  try {
    await node.start();
    await prepare(node);
    const token = node.token('Dr Karma Tsering', 'clinician', '--practitioner', 'karma');
    const phone = await person(browser, node.address, PHONE);
    const desk = await person(browser, node.address, DESK);
    await signIn(phone.page, node.address, token);
    await signIn(desk.page, node.address, node.token('Dr Meiduo Lin', 'head-of-department', '--practitioner', 'meiduo'));
    await beds(desk, node);
    await accepted(desk, phone, node, token);
    await onTheWay(desk, phone, node);
    await thereAndBack(desk, phone, node);
    const office = await coordinator(browser, node);
    await step('transfers: no script error, no breach of the content policy, no request elsewhere', async () => {
      const all = [phone, desk, office].flatMap((someone) => someone.complaints).filter((one) => !one.includes('409'));
      check(all.length === 0, all.join('\n'));
    });
  } finally {
    await node.remove();
  }
}
