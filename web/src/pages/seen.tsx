// SPDX-License-Identifier: Apache-2.0
// Who has seen this patient: a list that can be read out, printed and handed over.
import { useEffect, useState } from 'preact/hooks';
import { read, sentence } from '../fhir/client';
import { identifierOf, nameOf } from '../fhir/patient';
import { roleName } from '../fhir/roles';
import { accessesByNumber, accessesOf, kindWords, moreAccesses, whatWords, type Access } from '../fhir/trail';
import type { Patient } from '../fhir/types';
import { t } from '../lib/i18n';
import { goTo, hrefTo, route } from '../lib/router';
import { dayAndTime, fullTime, presentInstant } from '../lib/time';
import { holdsOne, type PageProps } from '../navigation';
import { session } from '../session';
import { TextField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { Failure, Skeleton } from '../ui/notice';
import { PatientFacts } from '../ui/patient-line';

/** Who sees the record itself, and so its name, at the head of the list. */
const READS_PATIENTS = ['clinician', 'nurse', 'technician', 'therapist', 'head-of-department'];

function AskForm() {
  const [number, setNumber] = useState('');
  const [problem, setProblem] = useState('');
  const submit = async (event: Event) => {
    event.preventDefault();
    setProblem(number.trim() ? '' : t('seen.number-missing'));
    if (!number.trim()) return;
    try {
      const { patient } = await accessesByNumber(number.trim());
      goTo('seen', patient.replace('Patient/', ''), { number: number.trim() });
    } catch (error) {
      setProblem(sentence(error));
    }
  };
  return (
    <div class="page page-form">
      <Heading text={t('seen.title')} />
      <p class="lead">{t('seen.lead')}</p>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <TextField id="seen-number" label={t('seen.number')} hint={t('seen.number-hint')} problem={problem || undefined} value={number} onChange={setNumber} input={{ autocomplete: 'off', spellcheck: false }} />
        <div class="form-end"><button type="submit" class="button button-main">{t('seen.show')}</button></div>
      </form>
    </div>
  );
}

function AccessTable({ list }: { list: Access[] }) {
  return (
    <table class="list-table">
      <caption class="unseen">{t('seen.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('seen.when')}</th>
          <th scope="col">{t('seen.who')}</th>
          <th scope="col">{t('seen.what')}</th>
          <th scope="col">{t('seen.why')}</th>
        </tr>
      </thead>
      <tbody>
        {list.map((one, at) => (
          <tr key={at}>
            <td data-label={t('seen.when')}><time dateTime={one.when}>{dayAndTime(one.when)}</time></td>
            <td data-label={t('seen.who')}>
              <strong>{one.who}</strong>
              <span class="hint">{[one.role && roleName(one.role), one.hospital].filter(Boolean).join(', ')}</span>
            </td>
            <td data-label={t('seen.what')}>
              {whatWords(one.what)}
              <span class="hint">{[kindWords(one.kinds), one.records > 1 ? t('seen.records', { n: one.records }) : ''].filter(Boolean).join(' · ')}</span>
            </td>
            <td data-label={t('seen.why')}>{one.why || '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface Loaded {
  list: Access[] | null;
  next: string;
  patient: Patient | null;
  problem: string;
}

async function load(id: string): Promise<Loaded> {
  const patient = holdsOne(READS_PATIENTS) ? await read<Patient>(`Patient/${id}`).catch(() => null) : null;
  const { list, next } = await accessesOf(id);
  return { list, next, patient, problem: '' };
}

function SeenList({ id }: { id: string }) {
  const [loaded, setLoaded] = useState<Loaded>({ list: null, next: '', patient: null, problem: '' });
  const fail = (error: unknown) => setLoaded((before) => ({ ...before, problem: sentence(error) }));
  const refresh = () => load(id).then(setLoaded, fail);
  useEffect(() => void refresh(), [id]);
  const older = () => moreAccesses(loaded.next).then(({ list, next }) => setLoaded((before) => ({ ...before, list: [...(before.list ?? []), ...list], next })), fail);
  const number = route.value.query.get('number') ?? identifierOf(loaded.patient ?? { resourceType: 'Patient' });
  const people = new Set((loaded.list ?? []).map((one) => one.who)).size;
  return (
    <div class="page page-wide">
      <a class="back" href={hrefTo('seen')}><Icon name="back" />{t('seen.another')}</a>
      <div class="page-head">
        <Heading text={t('seen.title')} />
        <button type="button" class="button" onClick={() => window.print()} disabled={!loaded.list}><Icon name="print" />{t('action.print')}</button>
      </div>
      <p class="seen-whom">
        {loaded.patient && <><strong class="patient-name">{nameOf(loaded.patient)}</strong> <PatientFacts patient={loaded.patient} /> </>}
        {number ? <span>{t('seen.record-number', { number })}</span> : <span class="hint">{t('seen.record-id', { id })}</span>}
      </p>
      {loaded.problem && <Failure text={loaded.problem} retry={() => void refresh()} />}
      {!loaded.list && !loaded.problem && <Skeleton />}
      {loaded.list && loaded.list.length === 0 && <p class="empty">{t('seen.none')}</p>}
      {loaded.list && loaded.list.length > 0 && (
        <>
          <p>{loaded.next ? t('seen.newest', { n: loaded.list.length }) : t('seen.all', { n: loaded.list.length, people })}</p>
          <AccessTable list={loaded.list} />
          {loaded.next && <button type="button" class="button" onClick={() => void older()}>{t('seen.older')}</button>}
          <p class="hint">{t('seen.about')}</p>
          <p class="hint">{t('seen.made', { date: fullTime(presentInstant()), name: session.value?.name ?? '' })}</p>
        </>
      )}
    </div>
  );
}

export function SeenPage({ id }: PageProps) {
  return id ? <SeenList id={id} /> : <AskForm />;
}
