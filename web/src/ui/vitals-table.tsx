// SPDX-License-Identifier: Apache-2.0
// Vital signs as a table: what is out of range is marked by a sign and a word.
import { ADULT, vitalLines, type MarkContext, type VitalLine } from '../fhir/vitals';
import type { Observation } from '../fhir/types';
import { t, type TextKey } from '../lib/i18n';
import { Icon } from './icon';
import { TimeToggle } from './time-ago';

const MARK_WORDS: Record<NonNullable<VitalLine['mark']>, TextKey> = {
  low: 'vitals.low',
  high: 'vitals.high',
  other: 'vitals.not-alert',
};

function Mark({ mark }: { mark: VitalLine['mark'] }) {
  if (!mark) return null;
  return (
    <span class="mark">
      <Icon name={mark === 'low' ? 'arrow-down' : mark === 'high' ? 'arrow-up' : 'alert'} size={16} />
      {t(MARK_WORDS[mark])}
    </span>
  );
}

export function VitalsTable({ observations, context }: { observations: Observation[]; context: MarkContext }) {
  const lines = vitalLines(observations, context);
  if (lines.length === 0) return <p class="hint">{t('vitals.none')}</p>;
  return (
    <>
      <table class="vitals">
        <caption class="unseen">{t('vitals.title')}</caption>
        <tbody>
          {lines.map((line) => (
            <tr key={line.id} class={line.mark ? 'marked' : undefined}>
              <th scope="row" title={line.code}>{line.label}</th>
              <td>
                <span class="number">{line.value}</span> <span class="unit">{line.unit}</span>
                <Mark mark={line.mark} />
                {line.note && <p class="hint">{line.note}</p>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="hint">
        {t('vitals.measured')} <TimeToggle at={lines[0]?.at ?? ''} />
      </p>
      {context.years !== null && context.years < ADULT && <p class="hint">{t('vitals.no-child-ranges')}</p>}
    </>
  );
}
