// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { Node, must, run } from './lib/node.mjs';
import { check, equal, scenario, status } from './lib/scenario.mjs';

const node = new Node();
const ref = (reference) => ({ reference });
const put = (resource) => node.put(`/fhir/${resource.resourceType}/${resource.id}`, resource);
const file = (name) => join(node.folder, '..', name);
const MONTHS = Array.from({ length: 24 }, (_, at) => `${2020 + Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`);
const HEAD = ['kind', 'hospital', 'department', 'place', 'month', 'value'];
/** Surgery has 100 outpatients a month and from 2021 on 130, 10 inpatients and 2 operations. */
const ROWS = [
  ...MONTHS.flatMap((month, at) => [['outpatients', 'North', 'Surgery', '', month, at < 12 ? 100 : 130], ['inpatients', 'North', 'Surgery', '', month, 10], ['surgeries', 'north', 'surgery', '', month, 2]]),
  ['life-expectancy', '', '', 'Region', '2021', 72.19],
  ['population', '', '', 'Region', '2021', 50000],
];
const csv = (rows) => [HEAD, ...rows].map((row) => row.join(',')).join('\n');

/** A ZIP archive of ${parts}, as spreadsheets make them. */
function zip(parts) {
  const pieces = [];
  const directory = [];
  let at = 0;
  for (const [name, text] of parts) {
    const packed = deflateRawSync(Buffer.from(text));
    const head = Buffer.alloc(30);
    head.write('PK\x03\x04', 'latin1');
    head.writeUInt16LE(8, 8);
    head.writeUInt32LE(packed.length, 18);
    head.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.write('PK\x01\x02', 'latin1');
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    pieces.push(head, Buffer.from(name), packed);
    directory.push(entry, Buffer.from(name));
    at += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...pieces, ...directory, end]);
}

/** Texts shared, months as days in a style that shows a year and a month, as a spreadsheet keeps what is typed as 2021-03. */
function xlsx(rows) {
  const texts = [...new Set([...HEAD, ...rows.flat().filter((one) => typeof one === 'string' && one && !/^\d{4}-/.test(one))])];
  const cell = (value, row, column) => {
    const at = `r="${'ABCDEF'[column]}${row}"`;
    if (value === '') return '';
    if (/^\d{4}-\d{2}$/.test(value)) return `<c ${at} s="1"><v>${Date.parse(`${value}-01`) / 86_400_000 + 25569}</v></c>`;
    return typeof value === 'number' ? `<c ${at}><v>${value}</v></c>` : `<c ${at} t="s"><v>${texts.indexOf(value)}</v></c>`;
  };
  const line = (row, at) => `<row r="${at + 1}">${row.map((value, column) => cell(value, at + 1, column)).join('')}</row>`;
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  return zip([
    ['xl/workbook.xml', `${head}<workbook xmlns:r="r"><workbookPr/><sheets><sheet name="Hidden" sheetId="1" state="hidden" r:id="rId1"/><sheet name="Volumes" sheetId="2" r:id="rId2"/></sheets></workbook>`],
    ['xl/_rels/workbook.xml.rels', `${head}<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>`],
    ['xl/sharedStrings.xml', `${head}<sst>${texts.map((one) => `<si><t>${one.slice(0, 2)}</t><r><t>${one.slice(2).replaceAll('&', '&amp;')}</t></r><rPh sb="0"><t>x</t></rPh></si>`).join('')}</sst>`],
    ['xl/styles.xml', `${head}<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>`],
    ['xl/worksheets/sheet1.xml', `${head}<worksheet><sheetData/></worksheet>`],
    ['xl/worksheets/sheet2.xml', `${head}<worksheet><sheetData>${[HEAD, ...rows].map(line).join('')}</sheetData></worksheet>`],
  ]);
}

async function figure(id, period) {
  const answer = status(await node.get(`/fhir/Measure/${id}/$evaluate-measure?periodStart=${period}&periodEnd=${period}`), 200).json;
  return answer.group[0].measureScore?.value ?? answer.group[0].population[0].count;
}

async function versions() {
  const found = status(await node.get('/fhir/MeasureReport?_count=1000&_elements=id'), 200).json;
  return (found.entry ?? []).map(({ resource }) => `${resource.id}/${resource.meta.versionId}`).sort().join(' ');
}

async function stopped(action) {
  await node.stop();
  const answer = action();
  await node.start();
  return answer;
}

const importing = (path, ...more) => run('volumes', 'import', node.folder, path, ...more);
let before = '';

await scenario('A hospital gives its volumes as a file: what cannot be taken is named, the rest waits until somebody says go, and the figures follow.', [
  ['a hospital with a department that is assisted since 2021', async () => {
    await node.init().start();
    for (const [id, name, within] of [['north', 'North', ''], ['surgery', 'Surgery', 'north'], ['twin', 'Twin', '']]) {
      status(await put({ resourceType: 'Organization', id, name, ...(within ? { partOf: ref(`Organization/${within}`) } : {}) }), 201);
    }
    status(await put({ resourceType: 'Location', id: 'region', name: 'Region' }), 201);
    status(await put({
      resourceType: 'OrganizationAffiliation', id: 'pair', active: true, organization: ref('Organization/surgery'), participatingOrganization: ref('Organization/twin'), period: { start: '2021-01-01' },
      code: [{ coding: [{ system: 'https://belay.health/CodeSystem/affiliation', code: 'department-pair' }] }],
    }), 201);
  }],
  ['a broken line is named with its column, and nothing is written before go, though the node is served', async () => {
    writeFileSync(file('broken.csv'), csv([...ROWS, ['outpatients', 'North', 'Eyes', '', '2021-13', 'many'], ['outpatients', 'North', 'Surgery', '', '2020-01', 7]]));
    const { status: code, stdout, stderr } = importing(file('broken.csv'));
    equal(code, 1);
    const line = ROWS.length + 2;
    check(stderr.includes(`broken.csv:${line}: department: 'Eyes': Nothing here has this name.`), stderr);
    check(stderr.includes(`broken.csv:${line}: month: '2021-13': This is no month.`), stderr);
    check(stderr.includes(`broken.csv:${line}: value: 'many': This is no number.`), stderr);
    check(stderr.includes(`broken.csv:${line + 1}: month: '2020-01': The same stands in a line above.`), stderr);
    check(stdout.includes(`${ROWS.length} figures would be written down, 0 of them instead of others; 0 are there already; 2 lines are left out`), stdout);
    check(stdout.includes('Nothing was written: say --go.'), stdout);
    equal(await versions(), '');
  }],
  ['while the node is served, go is refused', async () => {
    check(importing(file('broken.csv'), '--go').status !== 0, 'it was taken');
    equal(await versions(), '');
  }],
  ['go writes the others down, and shows the baseline that stands fixed', async () => {
    const { status: code, stdout } = await stopped(() => importing(file('broken.csv'), '--go'));
    equal(code, 1, 'a line was left out');
    check(stdout.includes(`${ROWS.length} figures were written down`), stdout);
    // twelve months of 100; the limits of a count of 1,200
    check(stdout.includes('Baseline of outpatients, Surgery: 1200 in 2020 (95 %: 1133 to 1270), fixed: assistance began 2021-01-01'), stdout);
    check(stdout.includes('Baseline of surgeries, Surgery: 24 in 2020'), stdout);
    equal(await figure('outpatients', '2020'), 1200);
    equal(await figure('outpatients', '2021'), 1560);
    equal(await figure('inpatients', '2021'), 120);
    equal(await figure('surgeries', '2021'), 24);
    equal(await figure('life-expectancy', '2021'), 72.19);
    equal(await figure('population', '2021'), 50000);
  }],
  ['the same again changes nothing, be it CSV or XLSX', async () => {
    before = await versions();
    writeFileSync(file('right.csv'), `\ufeff${csv(ROWS).replaceAll(',', ';')}`);
    writeFileSync(file('right.xlsx'), xlsx(ROWS));
    for (const name of ['right.csv', 'right.xlsx']) {
      const { status: code, stdout, stderr } = await stopped(() => importing(file(name), '--go'));
      equal(code, 0, stderr);
      check(stdout.includes(`0 figures were written down, 0 of them instead of others; ${ROWS.length} were there already; 0 lines are left out`), stdout);
    }
    equal(await versions(), before);
  }],
  ['inhabitants are told by sex and by language beside all of them, and a line that is neither is named', async () => {
    const head = 'kind,place,month,sex,language,hospital,value';
    writeFileSync(file('parts.csv'), [head, 'population,Region,2021,female,,,24000', 'population,Region,2021,male,,,26000', 'population,Region,2021,,bo,,45000', 'population,Region,2021,woman,,,1', 'population,Region,2021,,Tibetan,,1', 'population,Region,2021,male,bo,,1', 'outpatients,,2021-01,male,,North,1'].join('\n'));
    const { status: code, stdout, stderr } = await stopped(() => importing(file('parts.csv'), '--go'));
    equal(code, 1, 'lines were left out');
    check(stdout.includes('3 figures were written down, 0 of them instead of others; 0 were there already; 4 lines are left out'), stdout);
    for (const line of ["5: sex: 'woman': This is no sex", "6: language: 'Tibetan': This is no language", "7: language: 'bo': A line is of one sex or of one language", "8: sex: 'male': Inhabitants alone"]) check(stderr.includes(`parts.csv:${line}`), stderr);
    equal(await figure('population', '2021'), 50000);
    const told = status(await node.get('/fhir/Measure/population/$evaluate-measure?periodStart=2021&periodEnd=2021&stratifier=sex'), 200).json.group[0].stratifier[0].stratum;
    equal(told.map((one) => `${one.value.text} ${one.measureScore.value}`).join(), 'female 24000,male 26000');
    check((await stopped(() => importing(file('parts.csv')))).stdout.includes('0 figures would be written down, 0 of them instead of others; 3 are there already'), 'they are written again');
  }],
  ['a month is corrected by a file, the figure follows and the baseline tells it', async () => {
    writeFileSync(file('correct.xlsx'), xlsx([['outpatients', 'North', 'Surgery', '', '2020-12', 110], ['outpatients', 'North', 'Surgery', '', '2021-12', 130]]));
    check(importing(file('correct.xlsx')).stdout.includes('Line 2: outpatients 2020-12 of Surgery: 110 instead of 100'), 'what it was is not told');
    const stdout = await stopped(() => must('volumes', 'import', node.folder, file('correct.xlsx'), '--go'));
    check(stdout.includes('1 figures were written down, 1 of them instead of others; 1 were there already'), stdout);
    check(stdout.includes('Baseline of outpatients, Surgery: 1210 in 2020'), stdout);
    equal(await figure('outpatients', '2020'), 1210);
    equal(await figure('outpatients', '2021'), 1560);
  }],
  ['over HTTP the same month is corrected under the same id, and once more changes nothing', async () => {
    const held = status(await node.get('/fhir/MeasureReport/outpatients-2020-12-surgery'), 200).json;
    held.group[0].population[0].count = 100;
    delete held.meta;
    status(await put(held), 200);
    equal(await figure('outpatients', '2020'), 1200);
    before = await versions();
    status(await put(held), 200);
    equal(await versions(), before);
    status(await node.post('/fhir/MeasureReport', held), 400);
  }],
  ['what is no table is refused with a sentence', async () => {
    writeFileSync(file('cut.xlsx'), xlsx(ROWS).subarray(0, 2000));
    writeFileSync(file('other.csv'), 'kind,hospital\noutpatients,North\n');
    writeFileSync(file('latin.csv'), Buffer.from('kind,month,value\nd\xe9j\xe0,2021-01,1\n', 'latin1'));
    for (const [name, told] of [['cut.xlsx', 'no whole ZIP archive'], ['other.csv', 'The column month is missing'], ['latin.csv', 'neither an XLSX file nor a CSV file in UTF-8']]) {
      const { status: code, stderr } = importing(file(name));
      equal(code, 1, stderr);
      check(stderr.includes(told), stderr);
    }
  }],
], () => node.remove());
