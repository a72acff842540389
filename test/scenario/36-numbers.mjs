// SPDX-License-Identifier: Apache-2.0
import { Node, must } from './lib/node.mjs';
import { check, equal, scenario, status, withinOneDay } from './lib/scenario.mjs';

const node = new Node();
const tokens = {};
const OPERATION = '/fhir/ServiceRequest/$caseload';
const ROLE = 'https://belay.health/CodeSystem/role';
const KIND = 'https://belay.health/CodeSystem/case-kind';

/** The quarter before this one: its name and a day in each of its months. */
function lastQuarter(now = new Date()) {
  const first = new Date(Date.UTC(now.getUTCFullYear(), Math.floor(now.getUTCMonth() / 3) * 3 - 3, 1));
  const year = first.getUTCFullYear();
  const month = first.getUTCMonth();
  return {
    name: `${year}-Q${month / 3 + 1}`,
    days: [0, 1, 2].map((n) => new Date(Date.UTC(year, month + n, 11, 4)).toISOString()),
  };
}

await withinOneDay();
const quarter = lastQuarter();
let made = 0;

function entry(resource) {
  return { resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } };
}

/** ${count} cases of ${hospital}'s patient, with what ${more} says. */
function cases(hospital, count, more) {
  return Array.from({ length: count }, () => {
    const id = `case-${made}`;
    const request = {
      resourceType: 'ServiceRequest', id, status: 'active', intent: 'order', category: [{ coding: [{ system: KIND, code: 'advice' }] }],
      subject: { reference: `Patient/of-${hospital}` }, authoredOn: quarter.days[made % 3], ...more,
    };
    made++;
    const task = { resourceType: 'Task', id, status: 'requested', intent: 'order', focus: { reference: `ServiceRequest/${id}` } };
    return [entry(request), entry(task)];
  }).flat();
}

function hospital(id, departments) {
  const units = departments.map((name) => entry({ resourceType: 'Organization', id: `${id}-${name}`, name, partOf: { reference: `Organization/${id}` } }));
  return [
    entry({ resourceType: 'Organization', id, name: `Hospital ${id}` }), ...units,
    entry({ resourceType: 'Patient', id: `of-${id}`, managingOrganization: { reference: `Organization/${id}` } }),
  ];
}

function person(id, role, unit) {
  return [
    entry({ resourceType: 'Practitioner', id }),
    entry({
      resourceType: 'PractitionerRole', id, active: true, practitioner: { reference: `Practitioner/${id}` },
      ...(unit ? { organization: { reference: `Organization/${unit}` } } : {}), code: [{ coding: [{ system: ROLE, code: role }] }],
    }),
  ];
}

async function put(entries) {
  status(await node.post('/fhir', { resourceType: 'Bundle', type: 'transaction', entry: entries }), 200);
}

function as(who, path, method = 'GET') {
  return node.ask(method, path, undefined, { Authorization: `Bearer ${tokens[who]}` });
}

const countOf = ({ population: [one] }) => one.count ?? (one._count.extension[0].valueCode === 'masked' ? '*' : '?');
const codeOf = (value) => value.coding[0].code.replace('Organization/', '');

/** What ${who} is told: { all, by: { code: count }, cells: { "row column": count } }. */
async function told(who, by = '') {
  const { json } = status(await as(who, `${OPERATION}?period=${quarter.name}${by && `&by=${by}`}`), 200);
  const found = { all: countOf(json.group[0]), by: {}, cells: {} };
  for (const { stratum } of json.group[0].stratifier ?? []) {
    for (const one of stratum) {
      if (one.component) found.cells[one.component.map(({ value }) => codeOf(value)).join(' ')] = countOf(one);
      else found.by[codeOf(one.value)] = countOf(one);
    }
  }
  return found;
}

/** The least and the greatest value that sums leave each hidden cell of a table of two axes. */
function bounds({ all, by, cells }) {
  const range = new Map();
  const sums = new Map([['all', []]]);
  for (const [name, count] of Object.entries(cells)) {
    range.set(name, count === '*' ? [0, all] : [count, count]);
    for (const axis of name.split(' ')) sums.set(axis, [...(sums.get(axis) ?? []), name]);
    sums.get('all').push(name);
  }
  const totals = new Map([...Object.entries(by), ['all', all]].filter(([, count]) => count !== '*'));
  for (let changed = true; changed;) {
    changed = false;
    for (const [axis, total] of totals) {
      for (const name of sums.get(axis) ?? []) {
        const others = sums.get(axis).filter((other) => other !== name).map((other) => range.get(other));
        const low = Math.max(range.get(name)[0], total - others.reduce((sum, [, high]) => sum + high, 0));
        const high = Math.min(range.get(name)[1], total - others.reduce((sum, [least]) => sum + least, 0));
        if (low > range.get(name)[0] || high < range.get(name)[1]) {
          range.set(name, [low, high]);
          changed = true;
        }
      }
    }
  }
  return range;
}

const TRUTH = { big: { stat: 9, urgent: 6, routine: 20 }, mid: { stat: 6, urgent: 7, routine: 8 }, low: { stat: 3, urgent: 6 }, far: { routine: 2 } };

await scenario('A coordinator gets numbers, small ones hidden for good, and never a patient.', [
  ['a programme with a quarter behind it', async () => {
    node.init();
    await node.start();
    await put([
      ...hospital('big', ['a', 'b', 'c']), ...hospital('mid', ['a', 'b']), ...hospital('low', ['a']), ...hospital('far', []),
      ...person('commission', 'coordinator'), ...person('local', 'coordinator', 'mid'), ...person('director', 'director', 'big'),
      ...person('doctor', 'clinician', 'big'), ...person('auditor', 'auditor', 'big'),
    ]);
    for (const [name, counts] of Object.entries(TRUTH)) {
      for (const [priority, count] of Object.entries(counts)) {
        await put(cases(name, count, { priority, performer: [{ reference: `Organization/big-${priority[0] === 's' ? 'a' : 'b'}` }] }));
      }
    }
    for (const who of ['commission', 'local', 'director', 'doctor', 'auditor']) {
      tokens[who] = must('token', node.folder, who, '--role', 'program', '--practitioner', `Practitioner/${who}`).trim();
    }
  }],
  ['no small count is shown, and none follows from sums', async () => {
    let hidden = 0;
    for (const by of ['hospital', 'department', 'kind', 'urgency', 'status', 'month']) {
      const { by: line } = await told('commission', by);
      check(Object.values(line).every((count) => count === '*' || count === 0 || count >= 5), JSON.stringify(line));
      if (by === 'hospital') continue;
      const table = await told('commission', `hospital,${by}`);
      check(Object.keys(table.cells).length > 0, `no table by ${by}`);
      for (const [name, [low, high]] of bounds(table)) {
        if (table.cells[name] !== '*') continue;
        hidden++;
        const [row, column] = name.split(' ');
        const small = by === 'urgency' && (TRUTH[row][column] ?? 0) < 5;
        check(small ? low <= 1 && high >= 4 : high - low >= 3, `${by}: ${name} is between ${low} and ${high}`);
      }
    }
    check(hidden > 20, `${hidden} cells were hidden`);
  }],
  ['what is shown is true', async () => {
    const { all, by, cells } = await told('commission', 'hospital,urgency');
    equal(all, made);
    equal([by.big, by.mid, by.low, by.far], [35, 21, '*', '*']);
    equal([by.stat, by.urgent, by.routine], [18, 19, 30]);
    equal([cells['big stat'], cells['big urgent'], cells['big routine']], [9, 6, 20]);
  }],
  ['everybody is told of the same tables', async () => {
    const whole = await told('commission', 'hospital,urgency');
    const own = await told('director', 'hospital,urgency');
    equal(own.cells, Object.fromEntries(Object.entries(whole.cells).filter(([name]) => name.startsWith('big '))));
    equal((await told('director')).all, 35);
    equal((await told('local', 'hospital')).by, { mid: 21 });
  }],
  ['an answer or a withdrawal after the quarter changes nothing', async () => {
    const before = await told('commission', 'hospital,status');
    for (let n = 0; n < 7; n++) {
      const { json } = status(await node.get(`/fhir/Task/case-${n}`), 200);
      status(await node.put(`/fhir/Task/case-${n}`, { ...json, status: 'completed' }), 200);
      const request = status(await node.get(`/fhir/ServiceRequest/case-${n}`), 200).json;
      status(await node.put(`/fhir/ServiceRequest/case-${n}`, { ...request, status: 'completed' }), 200);
    }
    equal(await told('commission', 'hospital,status'), before);
  }],
  ['nothing else can be asked', async () => {
    const now = new Date();
    const running = `${now.getUTCFullYear()}-Q${Math.floor(now.getUTCMonth() / 3) + 1}`;
    const refused = [
      '', `period=${running}`, `period=${quarter.days[0].slice(0, 7)}`, `period=${quarter.name}&by=kind,urgency`,
      `period=${quarter.name}&by=hospital,kind,urgency`, `period=${quarter.name}&subject=Patient/of-far`, `period=${quarter.name}&by=patient`,
      `period=${quarter.name}&_filter=priority%20eq%20stat`, `period=${quarter.name}&period=${quarter.name}`,
    ];
    for (const query of refused) equal((await as('commission', `${OPERATION}?${query}`)).status, 400, query);
    for (const who of ['doctor', 'auditor']) equal((await as(who, `${OPERATION}?period=${quarter.name}`)).status, 403, who);
  }],
  ['searches and their totals tell a coordinator of no case', async () => {
    for (const who of ['commission', 'local', 'director']) {
      for (const path of ['ServiceRequest?_summary=count', 'ServiceRequest?_total=accurate&_count=0', 'Patient?_total=estimate', 'Task?_summary=count',
        'Patient?_has:ServiceRequest:subject:priority=stat&_summary=count', 'Organization?_id=far&_revinclude=Patient:organization&_revinclude:iterate=*']) {
        const { json } = status(await as(who, `/fhir/${path}`), 200);
        if (path.startsWith('Organization')) check(!json.entry.some(({ resource }) => resource.resourceType === 'Patient'), `${who}: ${path}`);
        else equal(json.total, 0, `${who}: ${path}`);
      }
      equal((await as(who, '/fhir/ServiceRequest/case-0')).status, 404);
    }
  }],
  ['the operation is told of, and its answer is a MeasureReport as FHIR has it', async () => {
    const { json } = status(await node.get('/fhir/metadata'), 200);
    const { operation } = json.rest[0].resource.find(({ type }) => type === 'ServiceRequest');
    check(operation.some(({ name }) => name === 'caseload'), JSON.stringify(operation));
    const report = status(await as('commission', `${OPERATION}?period=${quarter.name}&by=hospital,month`), 200);
    const outcome = status(await node.post('/fhir/MeasureReport/$validate', report.json), 200).json;
    check(!outcome.issue.some(({ severity }) => severity === 'error'), JSON.stringify(outcome));
  }],
], async () => { await node.remove(); });
