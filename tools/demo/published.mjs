// SPDX-License-Identifier: Apache-2.0
// Published figures of data/published-figures.csv, the file that the page imports too: records of the programme.
import { readFileSync } from 'node:fs';
import { idOf, put } from './common.mjs';

/** The cells of a line of CSV, some of them in quotes. */
function cellsOf(line) {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => (quoted === undefined ? plain : quoted.replaceAll('""', '"')));
}

const period = (start, end) => ({ ...(start ? { start } : {}), ...(end ? { end } : {}) });

/** Which question of ours asks for the same, where its words do not say it. */
function asked(said) {
  if (!said.asked) return {};
  return {
    asked: {
      measure: said.asked, ...(said['asked-stratum'] ? { stratum: said['asked-stratum'] } : {}),
      ...(said['asked-until'] ? { period: period(said['asked-from'], said['asked-until']) } : {}), ...(said['base-until'] ? { base: period(said['base-from'], said['base-until']) } : {}),
    },
  };
}

function recordOf(said, at) {
  const one = (name, key = name) => (said[key] ? { [name]: said[key] } : {});
  const number = (name) => (said[name] ? { [name]: Number(said[name]) } : {});
  return {
    resourceType: 'PublishedFigure', id: idOf('published', String(at + 1)), status: 'active', ...one('measure'), ...one('wording'), ...one('source'), ...one('url'),
    ...one('publishedOn', 'published'), ...one('scope'), ...(said.from || said.until ? { period: period(said.from, said.until) } : {}), ...one('counting'), ...one('bound'), ...number('value'),
    ...asked(said), ...one('unit'), ...one('trend'), ...number('before'), ...(said.other ? { other: { value: Number(said.other), currency: said['other-unit'] } } : {}),
  };
}

export function publishedEntries(file) {
  const [head, ...rows] = readFileSync(file, 'utf8').trim().split('\n').map(cellsOf);
  return rows.map((cells, at) => {
    if (cells.length !== head.length) throw new Error(`${file}: line ${at + 2} has ${cells.length} cells, not ${head.length}`);
    return put(recordOf(Object.fromEntries(head.map((name, column) => [name, cells[column]])), at));
  });
}
