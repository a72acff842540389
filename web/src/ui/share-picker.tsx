// SPDX-License-Identifier: Apache-2.0
// Choosing what of a patient's record goes with a case. What is proposed stands open, the
// rest behind "More records"; a sentence says who will see how much.
import type { Asked } from '../fhir/share';
import { SHARE_KINDS, recordsOf, type ShareItem, type ShareKind } from '../fhir/share-rule';
import { dateIn } from '../lib/dates';
import { language, t, type TextKey } from '../lib/i18n';

export const SHARE_KIND_WORDS: Record<ShareKind, TextKey> = {
  allergy: 'share.allergies',
  condition: 'share.conditions',
  medicine: 'share.medicines',
  vital: 'share.vitals',
  laboratory: 'share.laboratory',
  report: 'share.reports',
};

/** The day, as long ago things are dated. */
export function dayOf(at: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '';
  return dateIn(language.value, date, { dateStyle: 'medium' });
}

export function ShareLine({ item }: { item: Pick<ShareItem, 'title' | 'detail' | 'at'> }) {
  return (
    <span class="share-line-text">
      <span class="share-title">{item.title}</span>
      {item.detail && <span class="share-detail">{item.detail}</span>}
      {item.at && <time class="share-day" dateTime={item.at}>{dayOf(item.at)}</time>}
    </span>
  );
}

interface ListProps {
  id: string;
  items: ShareItem[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

function Group({ id, kind, items, chosen, onChange }: ListProps & { kind: ShareKind }) {
  const flip = (key: string, on: boolean) => onChange(on ? [...chosen, key] : chosen.filter((one) => one !== key));
  if (items.length === 0) return null;
  return (
    <fieldset class="share-group">
      <legend>{t(SHARE_KIND_WORDS[kind])}</legend>
      {items.map((item) => (
        <label key={item.key} class="share-line">
          <input
            type="checkbox"
            name={`${id}-${item.key}`}
            checked={chosen.includes(item.key)}
            onChange={(event) => flip(item.key, event.currentTarget.checked)}
          />
          <ShareLine item={item} />
          {item.records.length > 1 && <span class="hint">{t('share.with-results', { n: item.records.length - 1 })}</span>}
        </label>
      ))}
    </fieldset>
  );
}

function Groups({ items, ...rest }: ListProps) {
  return <>{SHARE_KINDS.map((kind) => <Group key={kind} kind={kind} items={items.filter((item) => item.kind === kind)} {...rest} />)}</>;
}

type Sentences = readonly [none: TextKey, one: TextKey, several: TextKey];
const AT_HOSPITAL: Sentences = ['share.who-none', 'share.who-one', 'share.who'];
const UNIT_ALONE: Sentences = ['share.unit-none', 'share.unit-one', 'share.unit'];

/** In words: who will see what, and until when. */
export function ShareSentence({ asked, count }: { asked: Asked | null; count: number }) {
  if (!asked) return <p class="share-sentence" role="status">{t('share.nobody')}</p>;
  const key = (asked.hospital ? AT_HOSPITAL : UNIT_ALONE)[Math.min(count, 2)] ?? 'share.who';
  return <p class="share-sentence" role="status">{t(key, { department: asked.department, hospital: asked.hospital, n: count })}</p>;
}

interface PickerProps extends ListProps {
  asked: Asked | null;
}

export function SharePicker({ id, items, chosen, onChange, asked }: PickerProps) {
  const proposed = items.filter((item) => item.chosen);
  const others = items.filter((item) => !item.chosen);
  const picked = others.filter((item) => chosen.includes(item.key)).length;
  return (
    <div class="share-picker" id={id}>
      <ShareSentence asked={asked} count={recordsOf(items, chosen).length} />
      {items.length === 0 && <p class="hint">{t('share.nothing')}</p>}
      <Groups id={id} items={proposed} chosen={chosen} onChange={onChange} />
      {others.length > 0 && (
        <details class="share-more" open={proposed.length === 0 || picked > 0}>
          <summary>{t('share.more', { n: others.length })}</summary>
          <Groups id={id} items={others} chosen={chosen} onChange={onChange} />
        </details>
      )}
      {chosen.length > 0 && <button type="button" class="link" onClick={() => onChange([])}>{t('share.none')}</button>}
    </div>
  );
}
