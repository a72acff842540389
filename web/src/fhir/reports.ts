// SPDX-License-Identifier: Apache-2.0
// Frozen reports: signed documents that the node keeps (docs/REPORTS.md).
import { operation, programmeRead, programmeSearch, readFile, resourcesOf } from './client';
import { readParts, type Part } from './parts';
import { toldIn, type Told } from './published';
import type { Resource } from './types';

const FIGURE = 'https://belay.health/StructureDefinition/report-figure';
const LOG = 'https://belay.health/StructureDefinition/report-log';

export interface Kept {
  id: string;
  title: string;
  frozen: string;
}

/** A figure of a frozen report, as it was told then. */
export interface FrozenFigure {
  title: string;
  /** What whoever froze it wrote beside it. */
  note: string;
  wording: string;
  /** Of a share: how many of how many, and its interval in percent; "": it is none. */
  met: string;
  of: string;
  low: string;
  high: string;
  told: Told;
}

export interface Frozen {
  title: string;
  /** What the reader is to know. */
  text: string;
  frozen: string;
  position: string;
  figures: FrozenFigure[];
}

export interface Wish {
  title: string;
  text: string;
  from: string;
  until: string;
  code: string;
}

export type Format = 'document' | 'csv' | 'xlsx' | 'adx';

interface Extension { url: string; extension?: Extension[]; [value: `value${string}`]: unknown }
interface Section { title?: string; text?: { div?: string }; extension?: Extension[] }
interface Composition extends Resource { title?: string; text?: { div?: string }; date?: string; extension?: Extension[]; section?: Section[] }

const partsIn = (of: { extension?: Extension[] } | undefined, url: string) => {
  const found = of?.extension?.find((one) => one.url === url)?.extension ?? [];
  return readParts(found.map(({ url: name, extension: _parts, ...value }) => ({ name, ...value }) as Part));
};

/** What stands below the title in a narrative of the node, which is a paragraph each. */
function noteIn(of: { title?: string; text?: { div?: string } } | undefined): string {
  const [title, ...rest] = [...new DOMParser().parseFromString(of?.text?.div ?? '', 'text/html').querySelectorAll('p')].map((one) => one.textContent ?? '');
  return title === of?.title ? rest.join('\n') : '';
}

export async function loadReports(): Promise<Kept[]> {
  const found = await programmeSearch('Report', { _sort: '-frozen', _count: '200', _elements: 'title,frozen' });
  return resourcesOf(found).map((one) => one as Resource & { title?: string; frozen?: string }).map((one) => ({ id: one.id ?? '', title: one.title ?? '', frozen: one.frozen ?? '' }));
}

export async function loadReport(id: string): Promise<Frozen> {
  const document = await programmeRead<{ entry?: { resource: Composition }[] }>(`Report/${id}/$file`);
  const composition = document.entry?.[0]?.resource;
  return {
    title: composition?.title ?? '', text: noteIn(composition), frozen: composition?.date ?? '', position: partsIn(composition, LOG).text('position'),
    figures: (composition?.section ?? []).map((section) => {
      const parts = partsIn(section, FIGURE);
      return {
        title: section.title ?? '', note: noteIn(section), wording: parts.text('wording'), met: parts.text('met'), of: parts.text('of'), low: parts.text('low'), high: parts.text('high'), told: toldIn(parts),
      };
    }),
  };
}

/** The id of the report that was made. */
export async function freeze({ title, text, from, until, code }: Wish): Promise<string> {
  const answer = await operation<{ parameter?: Part[] }>('/Report/$freeze', {
    title: { valueString: title }, ...(text ? { text: { valueString: text } } : {}), ...(from ? { from: { valueDate: from } } : {}), ...(until ? { until: { valueDate: until } } : {}),
    ...(code ? { code: { valueString: code } } : {}),
  }, '/programme');
  return readParts(answer.parameter ?? []).text('id');
}

export function reportFile(id: string, format: Format, unit = ''): Promise<Blob> {
  return readFile(`Report/${id}/$file?format=${format}${unit && `&orgUnit=${encodeURIComponent(unit)}`}`);
}
