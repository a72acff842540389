// SPDX-License-Identifier: Apache-2.0
// Reports of the programme's figures: a coordinator freezes one, opens it, saves it, prints it. What is frozen stays
// as it was told then; the records behind each figure are one press away, as they are now.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { freeze, loadReport, loadReports, reportFile, type Format, type Frozen, type Wish } from '../fhir/reports';
import { t } from '../lib/i18n';
import { useLatest } from '../lib/latest';
import { goTo, hrefTo } from '../lib/router';
import { XLSX_TYPE, saveFile } from '../lib/table-file';
import { dayAndTime } from '../lib/time';
import type { PageProps } from '../navigation';
import { End } from '../ui/equipment-forms';
import { TextArea, TextField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { Failure, Notice, Skeleton } from '../ui/notice';
import { ForThePublic } from '../ui/public-forms';
import { useLive } from '../ui/use-live';
import { useSending } from '../ui/use-sending';
import { Verdict, shareSays, stratumSays } from '../ui/verdict';

const TYPES: ReadonlySet<string> = new Set(['Report']);
const NOTHING: Wish = { title: '', text: '', from: '', until: '', code: '' };
const ENDINGS: Record<Format, [string, string]> = { document: ['json', 'application/fhir+json'], csv: ['csv', 'text/csv;charset=utf-8'], xlsx: ['xlsx', XLSX_TYPE], adx: ['xml', 'application/adx+xml'] };

function FreezeForm({ leave }: { leave: () => void }) {
  const [wish, setWish] = useState(NOTHING);
  const sending = useSending();
  const field = (name: keyof Wish) => ({ id: `report-${name}`, value: wish[name], onChange: (value: string) => setWish({ ...wish, [name]: value }) });
  const send = () => void sending.send(wish.title.trim() ? '' : 'report-title', () => freeze(wish).then((id) => goTo('reports', id)));
  return (
    <form class="step-form" noValidate aria-label={t('reports.freeze')} onSubmit={(event) => { event.preventDefault(); send(); }}>
      <p class="hint">{t('reports.freeze-why')}</p>
      <TextField {...field('title')} label={t('reports.name')} />
      <TextArea {...field('text')} label={t('reports.text')} optional={t('form.optional')} rows={2} />
      <div class="pair">
        <TextField {...field('from')} label={t('published.from')} optional={t('form.optional')} hint={t('reports.time-hint')} />
        <TextField {...field('until')} label={t('published.until')} optional={t('form.optional')} />
      </div>
      <TextField {...field('code')} label={t('code.label')} hint={t('reports.code-hint')} input={{ autocomplete: 'one-time-code', inputMode: 'numeric', spellcheck: false }} />
      {sending.failure && <Notice kind="problem"><p>{sending.failure}</p></Notice>}
      <End busy={sending.busy} label={t('reports.go')} leave={leave} />
    </form>
  );
}

function List() {
  const { value, problem, reload } = useLive(TYPES, loadReports);
  const [makes, setMakes] = useState(false);
  return (
    <div class="page page-wide page-equipment page-report">
      <Heading text={t('reports.title')} />
      <p class="hint">{t('reports.lead')}</p>
      {!makes && <p class="form-end"><button type="button" class="button button-main" onClick={() => setMakes(true)}>{t('reports.freeze')}</button></p>}
      {makes && <FreezeForm leave={() => setMakes(false)} />}
      {problem && <Failure text={problem} retry={() => void reload()} />}
      {!value && !problem && <Skeleton rows={3} />}
      {value?.length === 0 && <p class="empty">{t('reports.none')}</p>}
      {value && value.length > 0 && (
        <ul class="equip-list">
          {value.map((one) => <li key={one.id} class="equip-card"><h2><a href={hrefTo('reports', one.id)}>{one.title}</a></h2><p class="hint">{t('reports.frozen-on', { time: dayAndTime(one.frozen) })}</p></li>)}
        </ul>
      )}
    </div>
  );
}

function Save({ id }: { id: string }) {
  const [unit, setUnit] = useState('');
  const [problem, setProblem] = useState('');
  const save = (format: Format) => void reportFile(id, format, format === 'adx' ? unit.trim() : '').then((bytes) => {
    setProblem('');
    saveFile(`report.${ENDINGS[format][0]}`, ENDINGS[format][1], bytes);
  }, (error: unknown) => setProblem(sentence(error)));
  return (
    <details class="no-print">
      <summary>{t('reports.save')}</summary>
      <p class="hint">{t('reports.save-why')}</p>
      <p class="save-cases">
        <button type="button" class="button-quiet" onClick={() => save('document')}>{t('reports.document')}</button>
        <button type="button" class="button-quiet" onClick={() => save('csv')}>CSV</button>
        <button type="button" class="button-quiet" onClick={() => save('xlsx')}>XLSX</button>
        <button type="button" class="button-quiet" onClick={() => window.print()}>{t('reports.print')}</button>
      </p>
      <TextField id="report-unit" label={t('reports.unit')} hint={t('reports.unit-hint')} value={unit} onChange={setUnit} />
      <p class="save-cases"><button type="button" class="button-quiet" onClick={() => save('adx')}>ADX</button></p>
      {problem && <Notice kind="problem"><p>{problem}</p></Notice>}
    </details>
  );
}

function One({ id }: { id: string }) {
  const [state, setState] = useState<{ report: Frozen | null; problem: string }>({ report: null, problem: '' });
  const latest = useLatest();
  const load = () => latest(loadReport(id)).then((report) => setState({ report, problem: '' }), (error: unknown) => setState({ report: null, problem: sentence(error) }));
  useEffect(() => { void load(); }, [id]);
  const { report, problem } = state;
  if (problem) return <div class="page page-wide"><Heading text={t('reports.title')} /><Failure text={problem} retry={() => void load()} /></div>;
  if (!report) return <div class="page page-wide"><Heading text={t('reports.title')} /><Skeleton rows={4} /></div>;
  return (
    <div class="page page-wide page-equipment page-report">
      <Heading text={report.title} />
      <p class="hint">{t('reports.frozen-as', { time: dayAndTime(report.frozen), n: report.position })}</p>
      {report.text && <p class="report-text">{report.text}</p>}
      <Save id={id} />
      <ForThePublic id={id} />
      <ul class="equip-list">
        {report.figures.map((one, at) => (
          <li key={at} class="equip-card">
            <h2 lang="en">{one.title}</h2>
            {one.note && <p>{one.note}</p>}
            {one.told.stratum && <p>{stratumSays(one.told.stratum)}</p>}
            {one.wording && <p><q>{one.wording}</q></p>}
            {one.met && <p>{shareSays(one)}</p>}
            <Verdict told={one.told} />
          </li>
        ))}
      </ul>
    </div>
  );
}

export function ReportsPage({ id }: PageProps) {
  return id ? <One id={id} /> : <List />;
}
