// SPDX-License-Identifier: Apache-2.0
// A story on its way: steps in the order of their times (src/app/demo_stories.c reads it).
import { idOf, refer } from './common.mjs';

const A_DAY = 24 * 60;

export const who = (name, id) => ({ name, valueReference: refer('Practitioner', idOf(id)) });
export const unit = (name, at) => ({ name, valueReference: refer('Organization', idOf(...at.split('/'))) });
export const code = (name, valueCode) => ({ name, valueCode });
export const text = (name, valueString) => ({ name, valueString });
export const date = (name, valueDate) => ({ name, valueDate });
export const given = (...list) => list.filter(Boolean);

export class Story {
  constructor(records) {
    this.records = records;
    this.stands = [];
    this.words = [];
    this.steps = [];
  }

  /** Somebody does ${path} with ${parameter} on the day ${on} (-3: three days ago), so many ${minutes} after it began. */
  step(on, minutes, by, path, parameter, as) {
    const ago = -on * A_DAY - minutes;
    if (ago < 0) throw new Error(`${path} by ${by} would be done in the future`);
    this.steps.push({ ago, path, by: `Practitioner/${idOf(by)}`, parameter, as });
  }

  /** ${path} must answer with these members. */
  stand(path, has) {
    this.stands.push({ path, has });
  }

  /** What the steps write, to be taken away before they are done again. */
  word(...paths) {
    this.words.push(...paths);
  }

  content() {
    const inOrder = [...this.steps].sort((a, b) => b.ago - a.ago);
    const calls = inOrder.map(({ ago, path, by, parameter, as }) => ({
      path, by, at: `@minutes-${ago}`, ...(as ? { as } : {}), body: { resourceType: 'Parameters', parameter },
    }));
    return { stands: this.stands, words: this.words, records: this.records, calls };
  }
}
