// SPDX-License-Identifier: Apache-2.0
// The page of numbers: a coordinator and a director see counts of the quarter before, with
// small ones as dots, and find no patient.
import { DESK, PHONE, accessible, fits, person, picture } from './lib/browser.mjs';
import { check, eventually, none, step } from './lib/report.mjs';

const ROLE = 'https://belay.health/CodeSystem/role';
const KIND = 'https://belay.health/CodeSystem/case-kind';
// cases of each hospital by urgency; Gerze's two are small, and so are Medog's emergencies
const CASES = {
  nagqu: { stat: 14, urgent: 22, routine: 31 },
  lhasa: { stat: 9, urgent: 12, routine: 40 },
  gyantse: { stat: 6, urgent: 8, routine: 11 },
  damxung: { urgent: 5, routine: 6 },
  medog: { stat: 3, routine: 5 },
  gerze: { routine: 2 },
};

/** The middle of a month of the quarter before this one. */
function day(of) {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), Math.floor(now.getUTCMonth() / 3) * 3 - 3 + of, 15, 4)).toISOString();
}

function entries() {
  const put = (resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } });
  const list = [
    put({ resourceType: 'Practitioner', id: 'numbers-commission', name: [{ text: 'Commission' }] }),
    put({
      resourceType: 'PractitionerRole', id: 'numbers-commission', active: true, practitioner: { reference: 'Practitioner/numbers-commission' },
      code: [{ coding: [{ system: ROLE, code: 'coordinator' }] }],
    }),
  ];
  let made = 0;
  for (const [place, counts] of Object.entries(CASES)) {
    const patient = { resourceType: 'Patient', id: `numbers-${place}`, name: [{ text: `Nobody of ${place}` }], managingOrganization: { reference: `Organization/demo-${place}` } };
    list.push(put(patient));
    for (const [priority, count] of Object.entries(counts)) {
      for (let n = 0; n < count; n++, made++) {
        const focus = { reference: `ServiceRequest/numbers-${made}` };
        list.push(put({
          resourceType: 'ServiceRequest', id: `numbers-${made}`, status: 'active', intent: 'order', priority, category: [{ coding: [{ system: KIND, code: 'advice' }] }],
          subject: { reference: `Patient/numbers-${place}` }, performer: [{ reference: `Organization/demo-${n % 3 ? 'beijing' : 'shanghai'}` }], authoredOn: day(made % 3),
        }));
        list.push(put({ resourceType: 'Task', id: `numbers-${made}`, status: n % 4 ? 'completed' : 'requested', intent: 'order', focus }));
      }
    }
  }
  return list;
}

async function store(node) {
  const answer = await fetch(`${node.address}/fhir`, {
    method: 'POST', headers: { Authorization: `Bearer ${node.token('Loader of numbers', 'program')}`, 'Content-Type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry: entries() }),
  });
  check(answer.ok, `storing: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
}

async function enter({ page }, node, ...token) {
  await page.goto(`${node.address}/#/token`);
  await page.getByLabel('Token').fill(node.token(...token));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Numbers', level: 1 }).waitFor();
}

/** Until the cells of the row that begins with ${name}, in the table called ${caption}, are as ${fits} wants them. */
async function row(page, caption, name, fits) {
  const found = page.getByRole('table', { name: caption, exact: true }).getByRole('row', { name: new RegExp(`^${name}`) });
  let cells = [];
  await eventually(async () => {
    cells = (await found.first().innerText()).split(/\s*\t\s*|\n/).map((text) => text.trim()).filter(Boolean);
    return fits(cells);
  }, () => cells.join('|'));
}

async function atDesk(coordinator) {
  const { page } = coordinator;
  await step('numbers: the coordinator begins with counts by hospital; small ones are dots', async () => {
    await page.getByRole('table', { name: 'Hospital' }).waitFor();
    await row(page, 'Hospital', 'Nagqu', (cells) => cells[1] === '67');
    await row(page, 'Hospital', 'Gerze', (cells) => cells[1] === '•');
    await row(page, 'Hospital', 'All', (cells) => cells[1] === '174');
    await picture(page, 'desk-numbers');
    await accessible(page);
    await fits(page);
  });
  await step('numbers: by urgency too, and the page says why some are hidden', async () => {
    await page.getByRole('link', { name: 'Urgency' }).click();
    await page.getByRole('table', { name: 'Hospital and Urgency' }).waitFor();
    await row(page, 'Hospital and Urgency', 'Nagqu', (cells) => cells.slice(1).join() === '14,22,31,67');
    await row(page, 'Hospital and Urgency', 'Medog', (cells) => cells.slice(1).join(' ').replaceAll('hidden', '').replace(/\s+/g, ' ').trim() === '• • • 8');
    await page.getByText('Why numbers are hidden').click();
    await page.getByText('somebody who knows the town').waitFor();
    await picture(page, 'desk-numbers-urgency');
    await accessible(page);
    await page.setViewportSize(PHONE.viewport);
    await picture(page, 'phone-numbers-all');
    await fits(page);
    await page.setViewportSize(DESK.viewport);
  });
  await step('numbers: the address opens the same again; every axis can be opened; on paper', async () => {
    await page.reload();
    await page.getByRole('table', { name: 'Hospital and Urgency' }).waitFor();
    for (const name of ['Where it stood', 'Month', 'Department asked', 'Kind']) {
      await page.getByRole('link', { name, exact: true }).click();
      await page.getByRole('table', { name, exact: true }).waitFor();
      await accessible(page);
    }
    await page.getByRole('link', { name: 'Month' }).click();
    await page.getByRole('table', { name: 'Hospital and Month' }).waitFor();
    await page.emulateMedia({ media: 'print' });
    await picture(page, 'paper-numbers');
    await page.emulateMedia({ media: 'screen' });
  });
  await step('numbers: no page of cases opens to the coordinator, and no patient is named', async () => {
    await none(page.getByRole('link', { name: 'Cases', exact: true }), 'the rail has cases');
    check(!(await page.content()).includes('Nobody of'), 'a patient is named');
    const seen = await page.evaluate(async () => {
      const token = sessionStorage.getItem('belay.token');
      const headers = { Authorization: `Bearer ${token}` };
      const total = async (path) => (await (await fetch(`/fhir/${path}`, { headers })).json()).total;
      return [await total('Patient?_summary=count'), await total('ServiceRequest?_summary=count'), (await fetch('/fhir/ServiceRequest/numbers-0', { headers })).status];
    });
    check(seen.join() === '0,0,404', seen.join());
  });
}

/** ${node}: serves the demonstration. */
export async function numbers(node, browser) {
  const coordinator = await person(browser, node.address, DESK);
  const chief = await person(browser, node.address, PHONE);
  await step('numbers: a quarter of cases; the coordinator of all programmes signs in', async () => {
    await store(node);
    await enter(coordinator, node, 'Commission', 'coordinator', '--practitioner', 'Practitioner/numbers-commission');
  });
  await atDesk(coordinator);
  await step('numbers: phone: a coordinator of one hospital sees its programme', async () => {
    await enter(chief, node, 'Yang Min', 'coordinator', '--practitioner', 'Practitioner/demo-yang-min');
    const { page } = chief;
    await page.getByRole('link', { name: 'Urgency' }).click();
    await page.getByRole('table', { name: 'Urgency', exact: true }).waitFor();
    await row(page, 'Urgency', 'Routine', (cells) => cells[1] === '40');
    await picture(page, 'phone-numbers');
    await fits(page);
    await accessible(page);
  });
  await step('numbers: no script error', async () => {
    const all = [coordinator, chief].flatMap((someone) => someone.complaints).filter((line) => !/status of 404/.test(line));
    check(all.length === 0, all.join('\n'));
  });
  await coordinator.context.close();
  await chief.context.close();
}
