// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Node, must } from './lib/node.mjs';
import { DOMParser } from './lib/xml.mjs';
import { Skip, check, equal, scenario, status } from './lib/scenario.mjs';

const ESBUILD = new URL('../../web/node_modules/esbuild/lib/main.js', import.meta.url);
const PAGES = new URL('../../web/src/', import.meta.url).pathname;
const ROLE = 'https://belay.health/CodeSystem/role';
const node = new Node();
const folder = mkdtempSync(join(tmpdir(), 'belay-older-'));
const tokens = {};
let pages = {};

/** The pages' own reader of files, and what it does with them, without a page around it. */
async function loadPages() {
  const esbuild = await import(ESBUILD).catch(() => null);
  if (!esbuild) throw new Skip('the tools of the pages are not here');
  const outfile = join(folder, 'pages.mjs');
  await esbuild.build({
    stdin: { contents: "export * from './fhir/import'; export { xlsxOf } from './lib/xlsx';", resolveDir: PAGES, loader: 'ts' },
    outfile, bundle: true, platform: 'node', format: 'esm', loader: { '.tsv': 'text' }, logLevel: 'error',
    banner: { js: 'const setInterval = () => 0; // the clock of the pages would keep the scenario from ending' },
  });
  return import(outfile);
}

function entry(resource) {
  return { resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } };
}

function person(id, role, at) {
  return [
    entry({ resourceType: 'Practitioner', id, name: [{ text: id }] }),
    entry({
      resourceType: 'PractitionerRole', id, active: true, practitioner: { reference: `Practitioner/${id}` },
      organization: { reference: `Organization/${at}` }, code: [{ coding: [{ system: ROLE, code: role }] }],
    }),
  ];
}

/** As a page of ${who}: what it asks for goes to the node. */
async function asPage(who, run) {
  const real = globalThis.fetch;
  globalThis.fetch = (path, how) => real(`${node.url}${path}`, { ...how, headers: { ...how.headers, Authorization: `Bearer ${tokens[who]}` } });
  try {
    return await run();
  } finally {
    globalThis.fetch = real;
  }
}

/** Choose a file, as on the page: the columns are found, the rest is as ${choices} say. */
async function opened(name, bytes, more = {}) {
  const source = await pages.readTableFile(new File([bytes], name));
  const table = pages.tableOf(name, source.sheets[0].rows);
  const choices = { ...pages.firstChoices(table), ...more };
  return { table, choices, run: (who, dry, whose = '') => asPage(who, () => pages.importLines(table, pages.judge(table, choices), choices.columns, { person: whose, dry })) };
}

async function logbook(who = 'learner') {
  return (await node.ask('GET', '/fhir/Practitioner/learner/$logbook?_count=200', undefined, { Authorization: `Bearer ${tokens[who]}` })).json;
}

const cases = (book) => (book?.parameter ?? []).filter((one) => one.name === 'case').map((one) => Object.fromEntries(one.part.map((part) => [part.name, part.valueDate ?? part.valueCode ?? part.valueBoolean ?? part.valueId])));
const told = ({ bad }) => bad.map((one) => `${one.line.line} ${one.field} ${one.problem}`);

const CSV = `My logbook of the years before;;;;;
;;;;;
Date;Operation;Role;Consultant;Outcome;Case no
2021-05-04;Appendectomy;surgeon;"Dr Old; retired";well;11
2021-05-05;Hernia repair;1st assistant;;;12
;Appendectomy;surgeon;;;13
2021-05-07;Magic;surgeon;;;14
2091-05-08;Appendectomy;surgeon;;;15
2021-13-09;Appendectomy;surgeon;;;16
2021-05-10;Appendectomy;somebody;;;17
2021-05-04;Appendectomy;surgeon;;;11
1912-05-12;Appendectomy;surgeon;;;18
`;

/** A workbook as other programs write it: shared texts, days as numbers with a format, a prefix before each name. */
function workbook() {
  const x = (name, text, attributes = '') => `<x:${name}${attributes}>${text}</x:${name}>`;
  const main = ' xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
  const texts = ['Date', 'Operation', 'Role', 'Caesarean section', 'surgeon', 'Wound &amp; magic'].map((text) => x('si', x('t', text))).join('');
  const text = (at, n) => x('c', x('v', n), ` r="${at}" t="s"`);
  const day = (at, n) => x('c', x('v', n), ` r="${at}" s="1"`);
  const row = (at, cells) => x('row', cells, ` r="${at}"`);
  const parts = {
    'xl/workbook.xml': x('workbook', x('sheets', x('sheet', '', ' name="Book" sheetId="1" r:id="a"')), main),
    'xl/_rels/workbook.xml.rels': '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Target="worksheets/one.xml"/></Relationships>',
    'xl/sharedStrings.xml': x('sst', texts, main),
    'xl/styles.xml': x('styleSheet', x('cellXfs', x('xf', '', ' numFmtId="0"') + x('xf', '', ' numFmtId="14"')), main),
    'xl/worksheets/one.xml': x('worksheet', x('sheetData',
      row(2, text('A2', 0) + text('B2', 1) + text('C2', 2))
      + row(3, day('A3', 44_684) + text('B3', 3) + text('C3', 4))
      + row(5, day('A5', 44_685.5) + text('B5', 5) + text('C5', 4))
      + row(6, text('A6', 4) + text('B6', 3) + text('C6', 4))), main),
  };
  const path = join(folder, 'book.xlsx');
  const script = 'import json,sys,zipfile\nwith zipfile.ZipFile(sys.argv[1],"w",zipfile.ZIP_DEFLATED) as z:\n  for n,t in json.load(sys.stdin).items(): z.writestr(n,t)';
  execFileSync('python3', ['-c', script, path], { input: JSON.stringify(parts) });
  return readFileSync(path);
}

await scenario('An older logbook comes in from CSV and XLSX: each line that cannot be taken is named with its column, and nothing is written before somebody says so.', [
  ['somebody who learns, their head and a colleague have posts', async () => {
    globalThis.DOMParser = DOMParser;
    pages = await loadPages();
    node.init();
    await node.start();
    const unit = (id, partOf) => entry({ resourceType: 'Organization', id, ...(partOf ? { partOf: { reference: `Organization/${partOf}` } } : { address: [{ country: 'CN' }] }) });
    status(await node.post('/fhir', {
      resourceType: 'Bundle', type: 'transaction', entry: [
        unit('county'), unit('county-surgery', 'county'), entry({ resourceType: 'Location', id: 'county-site', managingOrganization: { reference: 'Organization/county' } }),
        ...person('learner', 'clinician', 'county-surgery'), ...person('colleague', 'clinician', 'county-surgery'), ...person('head', 'head-of-department', 'county-surgery'),
      ],
    }), 200);
    for (const one of ['learner', 'colleague', 'head']) tokens[one] = must('token', node.folder, one, '--role', 'program', '--practitioner', `Practitioner/${one}`).trim();
  }],
  ['a dry run of a CSV names each bad line with its column, and writes nothing', async () => {
    const book = await opened('before.csv', CSV);
    equal(book.table.lines.length, 9);
    const dry = await book.run('learner', true);
    equal([dry.taken, told(dry)], [2, ['6 day needed', '7 procedure unknown', '8 day future', '9 day no-date', '10 part unknown', '11 number twice', '12 day too-early']]);
    equal(cases(await logbook()), []);
  }],
  ['nothing stands there either after the node was stopped and started', async () => {
    await node.stop();
    await node.start();
    equal(cases(await logbook()), []);
  }],
  ['said to go, the good lines are taken, marked, and no other', async () => {
    const mended = await opened('before.csv', CSV.replace('Magic', 'Cholecystectomy').replace('2021-05-04;Appendectomy;surgeon;;;11', '2021-05-11;Appendectomy;surgeon;;;19'));
    const dry = await mended.run('learner', true);
    equal([dry.taken, told(dry)], [4, ['6 day needed', '8 day future', '9 day no-date', '10 part unknown', '12 day too-early']]);
    const taken = await mended.run('learner', false);
    equal([taken.taken, told(taken)], [4, told(dry)]);
    const rows = cases(await logbook());
    equal(rows.map((one) => `${one.day} ${one.code} ${one.function}`), ['2021-05-11 appendectomy operator', '2021-05-07 cholecystectomy operator', '2021-05-05 hernia-repair assistant', '2021-05-04 appendectomy operator']);
    check(rows.every((one) => one.imported === true), 'one is not marked');
  }],
  ['the same file again writes nothing twice', async () => {
    const again = await (await opened('copy.csv', `\ufeff${CSV.replaceAll('\n', '\r\n').replace('2021-05-04;Appendectomy;surgeon;;;11', '2021-05-11;Appendectomy;surgeon;;;19')}`)).run('learner', false);
    equal([again.taken, again.there], [0, 3]);
    equal(cases(await logbook()).length, 4);
  }],
  ['an XLSX: days that are numbers, lines that are left out; what is wrong is named by the row of the sheet', async () => {
    const sheet = await opened('book.xlsx', workbook());
    const dry = await sheet.run('learner', true);
    equal([dry.taken, told(dry)], [1, ['5 procedure unknown', '6 day no-date']]);
    equal(cases(await logbook()).length, 4);
    const taken = await sheet.run('learner', false);
    equal([taken.taken, cases(await logbook())[0].day], [1, '2022-05-03']);
  }],
  ['a file of our own making comes in again; one that is none is refused before anything is asked', async () => {
    const own = await opened('own.xlsx', pages.xlsxOf([['Date', 'Operation', 'Role'], ['2020-02-29', 'Gastroscopy', 'surgeon']], 'Logbook'));
    equal((await own.run('learner', true)).taken, 1);
    for (const [bytes, kind] of [['PK\u0003\u0004 and nothing behind it', 'broken'], [new Uint8Array([0xd0, 0xcf, 0x11, 0xe0]), 'old']]) {
      const problem = await pages.readTableFile(new File([bytes], 'no.xlsx')).then(() => 'none', (error) => error.kind);
      equal(problem, kind);
    }
  }],
  ['a colleague imports for nobody else, and the node names lines and columns itself', async () => {
    const other = await opened('before.csv', CSV);
    const refused = await other.run('colleague', true, 'Practitioner/learner').then(() => '', (error) => error.message);
    check(refused !== '', 'a colleague imports for another');
    const line = (parts) => ({ name: 'row', part: parts });
    const answer = await node.ask('POST', '/fhir/Procedure/$import', JSON.stringify({
      resourceType: 'Parameters', parameter: [
        { name: 'dry-run', valueBoolean: true },
        line([{ name: 'line', valueInteger: 7 }, { name: 'performed', valueDate: '2021-05-07' }, { name: 'code', valueCode: 'magic' }, { name: 'as', valueCode: 'operator' }]),
        line([{ name: 'line', valueInteger: 8 }, { name: 'performed', valueDate: '2091-05-08' }, { name: 'code', valueCode: 'appendectomy' }, { name: 'as', valueCode: 'operator' }]),
      ],
    }), { Authorization: `Bearer ${tokens.learner}`, 'Content-Type': 'application/fhir+json' });
    status(answer, 200);
    const rows = answer.json.parameter.filter((one) => one.name === 'row').map((one) => Object.fromEntries(one.part.map((part) => [part.name, part.valueInteger ?? part.valueCode ?? part.valueString])));
    equal(rows.map((one) => [one.line, one.state, one.column, one.problem]), [[7, 'refused', 'code', 'unknown'], [8, 'refused', 'performed', 'future']]);
    check(rows.every((one) => one.text.length > 20), 'a line is refused without a sentence');
  }],
], async () => {
  await node.remove();
  rmSync(folder, { recursive: true, force: true });
});
