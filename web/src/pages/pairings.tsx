// SPDX-License-Identifier: Apache-2.0
// Pairings with their pulse: those that have gone quiet first. Behind an id, one of them with all
// its months and its goals.
import { loadPairing, loadPairings, waitingSide, type Pairing } from '../fhir/pulse';
import { t } from '../lib/i18n';
import { hrefTo, route } from '../lib/router';
import type { PageProps } from '../navigation';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { Failure, Skeleton } from '../ui/notice';
import { PulseCard } from '../ui/pulse-card';
import { PulseForm } from '../ui/pulse-form';
import { helpedWord, helpingWord } from '../ui/pulse-words';
import { useLive } from '../ui/use-live';

const FEW = 4; // of more than these the list tells the last month alone
const TYPES: ReadonlySet<string> = new Set(['OrganizationAffiliation', 'PractitionerRole', 'ServiceRequest', 'Procedure']);

function OnePairing({ id }: { id: string }) {
  const { value, problem, reload } = useLive(TYPES, () => loadPairing(id), id);
  return (
    <div class="page page-form page-pairings">
      <a class="back" href={hrefTo('pairings')}><Icon name="back" />{t('pulse.title')}</a>
      <Heading text={t('pulse.one')} />
      {problem && <Failure text={problem} retry={() => void reload()} />}
      {!value && !problem && <Skeleton />}
      {value && <ul class="handover-list"><PulseCard pairing={value} months={value.months.length} onDone={() => void reload()} /></ul>}
      {value?.maySet && <PulseForm pairing={value} onDone={() => void reload()} />}
    </div>
  );
}

/** Pairings on paper alone. */
function Silent({ pairings }: { pairings: readonly Pairing[] }) {
  return (
    <section class="handover-card" aria-labelledby="pulse-silent">
      <h2 id="pulse-silent">{t('pulse.silent', { count: pairings.length })}</h2>
      <ul class="pulse-goals">
        {pairings.map((one) => <li key={one.id}><a href={hrefTo('pairings', one.id)}>{t('pulse.helps', { helping: helpingWord(one), helped: helpedWord(one) })}</a></li>)}
      </ul>
    </section>
  );
}

function AllPairings() {
  const hospital = route.value.query.get('hospital') ?? '';
  const { value, problem, reload } = useLive(TYPES, () => loadPairings(hospital), hospital);
  const all = value ?? [];
  const quiet = all.filter((one) => one.quiet?.is);
  const silent = quiet.filter((one) => !one.quiet?.since && !waitingSide(one)); // nothing was ever done: a line is enough
  const shown = [...quiet.filter((one) => !silent.includes(one)), ...all.filter((one) => !one.quiet?.is)];
  return (
    <div class="page page-form page-pairings">
      <Heading text={t('pulse.title')} />
      <p class="hint">{t('pulse.lead')}</p>
      {problem && <Failure text={problem} retry={() => void reload()} />}
      {!value && !problem && <Skeleton />}
      {value && all.length === 0 && <p class="empty">{t('pulse.none')}</p>}
      {quiet.length > 0 && <p class="problem"><Icon name="alert" size={16} /> {t('pulse.quiet-count', { count: quiet.length })}</p>}
      {shown.length > FEW && shown.some((one) => !one.exact) && <p class="hint">{t('pulse.steps')}</p>}
      <ul class="handover-list">{shown.map((one) => <PulseCard key={one.id} pairing={one} months={shown.length > FEW ? 0 : 3} link onDone={() => void reload()} />)}</ul>
      {silent.length > 0 && <Silent pairings={silent} />}
    </div>
  );
}

export function PairingsPage({ id }: PageProps) {
  return id ? <OnePairing key={id} id={id} /> : <AllPairings />;
}
