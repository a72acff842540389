// SPDX-License-Identifier: Apache-2.0
// Parameters that an operation answers with, read by name.
import { localReference } from './codes';
import type { Reference } from './types';

export interface Part {
  name: string;
  part?: Part[];
  [value: `value${string}`]: unknown;
}

export interface Named {
  reference: string;
  name: string;
}

function namedOf(reference: Reference | undefined): Named {
  const local = localReference(reference?.reference);
  return { reference: local, name: reference?.display ?? local };
}

function valueOf(part: Part | undefined): unknown {
  const key = part && Object.keys(part).find((one) => one.startsWith('value'));
  return key ? part[key as `value${string}`] : undefined;
}

/** The values of ${parts}: "", 0 or false where there is none. */
export function readParts(parts: Part[]) {
  const first = (name: string) => valueOf(parts.find((one) => one.name === name));
  return {
    text: (name: string) => String(first(name) ?? ''),
    texts: (name: string) => parts.filter((one) => one.name === name).map((one) => String(valueOf(one) ?? '')),
    number: (name: string) => Number(first(name) ?? 0),
    truth: (name: string) => first(name) === true,
    has: (name: string) => first(name) !== undefined,
    who: (name: string) => namedOf(first(name) as Reference | undefined),
    whos: (name: string) => parts.filter((one) => one.name === name).map((one) => namedOf(valueOf(one) as Reference | undefined)),
    all: (name: string) => parts.filter((one) => one.name === name).map((one) => readParts(one.part ?? [])),
  };
}

export type Parts = ReturnType<typeof readParts>;
