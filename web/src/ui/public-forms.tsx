// SPDX-License-Identifier: Apache-2.0
// What a coordinator decides of a frozen report: everybody may read it, or no longer. What would be left out is said before.
import { useEffect, useState } from 'preact/hooks';
import { loadPublic, publish, tryPublish, withdraw, type Decision, type Preview, type PublicReport } from '../fhir/public';
import { t } from '../lib/i18n';
import { useLatest } from '../lib/latest';
import { hrefTo } from '../lib/router';
import { shortDate } from '../lib/time';
import { End } from './equipment-forms';
import { SelectField, TextArea, TextField } from './fields';
import { Notice } from './notice';
import { useSending } from './use-sending';

const NOTHING: Decision = { reason: '', replaces: '', code: '' };

interface Props {
  id: string;
  /** What is public now, to be named as replaced. */
  others: readonly PublicReport[];
  isPublic: boolean;
  leave: () => void;
  done: () => void;
}

function Form({ id, others, isPublic, leave, done }: Props) {
  const [wish, setWish] = useState(NOTHING);
  const [preview, setPreview] = useState<Preview | null>(null);
  const sending = useSending();
  const change = (part: Partial<Decision>) => setWish({ ...wish, ...part });
  const send = () => void sending.send(wish.reason.trim() ? '' : 'public-reason', () => (isPublic ? withdraw : publish)(id, wish).then(done));
  useEffect(() => {
    if (!isPublic) void tryPublish(id).then(setPreview, () => undefined); // why it cannot be is told when it is sent
  }, [id, isPublic]);
  const label = t(isPublic ? 'reports.withdraw' : 'reports.publish');
  return (
    <form class="step-form" noValidate aria-label={label} onSubmit={(event) => { event.preventDefault(); send(); }}>
      {!isPublic && <p class="hint">{t('reports.publish-why')}</p>}
      {preview && preview.told.length > 0 && <p>{t('reports.public-told', { what: preview.told.join('; ') })}</p>}
      {preview && preview.leftOut.length > 0 && <p>{t('reports.public-left', { what: preview.leftOut.join('; ') })}</p>}
      {preview && preview.differences.length > 0 && <p>{t('reports.public-difference', { what: preview.differences.join('; ') })}</p>}
      <TextArea id="public-reason" label={t('reports.reason')} rows={2} value={wish.reason} onChange={(reason) => change({ reason })} />
      {!isPublic && others.length > 0 && (
        <SelectField id="public-replaces" label={t('reports.replaces')} value={wish.replaces} onChange={(replaces) => change({ replaces })} options={[{ value: '', label: t('reports.replaces-none') }, ...others.map((one) => ({ value: one.id, label: one.title }))]} />
      )}
      <TextField id="public-code" label={t('code.label')} hint={t('reports.code-hint')} value={wish.code} onChange={(code) => change({ code })} input={{ autocomplete: 'one-time-code', inputMode: 'numeric', spellcheck: false }} />
      {sending.failure && <Notice kind="problem"><p>{sending.failure}</p></Notice>}
      <End busy={sending.busy} label={label} leave={leave} />
    </form>
  );
}

export function ForThePublic({ id }: { id: string }) {
  const [reports, setReports] = useState<readonly PublicReport[] | null>(null);
  const [asks, setAsks] = useState(false);
  const latest = useLatest();
  const load = () => latest(loadPublic()).then((value) => setReports(value.reports), () => setReports(null));
  useEffect(() => { void load(); }, [id]);
  if (!reports) return null; // without a link nothing can be decided
  const own = reports.find((one) => one.id === id);
  return (
    <div class="no-print">
      {own && <p>{t('reports.is-public', { time: shortDate(own.at) })} <a href={hrefTo('public')}>{t('reports.see-public')}</a></p>}
      {!asks && <p><button type="button" class="button button-small" onClick={() => setAsks(true)}>{t(own ? 'reports.withdraw' : 'reports.publish')}</button></p>}
      {asks && <Form id={id} others={reports.filter((one) => one !== own)} isPublic={!!own} leave={() => setAsks(false)} done={() => { setAsks(false); void load(); }} />}
    </div>
  );
}
