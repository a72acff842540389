// SPDX-License-Identifier: Apache-2.0
// One hospital as the directory knows it: departments and who is there, who helps whom,
// beds, what can be done. One's own first, any other by its address. Nothing of patients.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { localReference } from '../fhir/codes';
import { loadHospital, type Colleague, type Department, type HospitalFacts, type Named, type Pair } from '../fhir/hospital';
import { roleName } from '../fhir/roles';
import { unitName } from '../fhir/unit-names';
import { loadPairings } from '../fhir/pulse';
import { loadWork } from '../fhir/worklist';
import { clockOfHospital } from '../fhir/zones';
import { numberIn } from '../lib/dates';
import { language, t, type TextKey } from '../lib/i18n';
import { goTo, hrefTo } from '../lib/router';
import { now, shortDate } from '../lib/time';
import { timeThere, zoneName } from '../lib/zone';
import { mayOpen } from '../navigation';
import { hospitalInView, keepHospital } from '../place';
import { myPlace, session } from '../session';
import { SelectField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { HospitalGrowth } from '../ui/hospital-growth';
import { MapCard } from '../ui/map-hospital';
import { Failure, Notice, Skeleton } from '../ui/notice';
import { QuietPairings } from '../ui/pulse-quiet';
import { useHospitals } from '../ui/use-hospitals';
import { useLive } from '../ui/use-live';

const KINDS: Record<string, TextKey> = {
  'hospital-pair': 'hospital.hospital-pair',
  'department-pair': 'hospital.department-pair',
  'team-at-host': 'hospital.team-at-host',
  'telemedicine-link': 'hospital.telemedicine-link',
  'education-link': 'hospital.education-link',
};

function wordOf(one: Named): string {
  return language.value === 'zh' ? one.zh : one.en;
}

function Person({ person }: { person: Colleague }) {
  return (
    <li>
      <span class="hospital-person">{person.name}</span>
      <span class="hint">
        {roleName(person.role)}{person.until && `, ${t('post.until', { date: shortDate(person.until) })}`}
      </span>
      {person.onDuty !== null && (
        <span class={person.onDuty ? 'duty duty-on' : 'duty'}>
          <Icon name={person.onDuty ? 'answered' : 'waiting'} size={16} />{t(person.onDuty ? 'hospital.on-duty' : 'hospital.off-duty')}
        </span>
      )}
    </li>
  );
}

function DepartmentPart({ one }: { one: Department }) {
  return (
    <details class="hospital-department" open={one.people.some((person) => person.onDuty)}>
      <summary><strong>{one.name}</strong> <span class="hint">{t('hospital.people', { n: one.people.length })}</span></summary>
      {one.people.length > 0 ? <ul>{one.people.map((person, at) => <Person key={at} person={person} />)}</ul> : <p class="hint">{t('hospital.nobody')}</p>}
    </details>
  );
}

function Pairs({ id, title, pairs, empty }: { id: string; title: string; pairs: Pair[]; empty: string }) {
  const name = (reference: string, display: string | undefined) => unitName(reference) || display || reference;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {pairs.length === 0 && <p class="hint">{empty}</p>}
      <ul class="hospital-pairs">
        {pairs.map((pair, at) => {
          const theirs = localReference(pair.theirs.reference);
          return (
            <li key={at}>
              <a href={hrefTo('hospital', theirs.replace('Organization/', ''))}>{name(theirs, pair.theirs.display)}</a>
              <span class="hint">
                {[KINDS[pair.kind] ? t(KINDS[pair.kind] as TextKey) : pair.kind, name(localReference(pair.ours.reference), pair.ours.display), pair.since && t('post.since', { date: shortDate(pair.since) })].filter(Boolean).join(' · ')}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

const OF_PAIRINGS: ReadonlySet<string> = new Set(['OrganizationAffiliation', 'PractitionerRole', 'ServiceRequest', 'Procedure']);

/** The alarm of those of its pairings that I may see. */
function QuietHere({ hospital }: { hospital: string }) {
  const { value } = useLive(OF_PAIRINGS, () => loadPairings(hospital), hospital);
  return <QuietPairings id="hospital-quiet" pairings={value ?? []} hospital={hospital} />;
}

function Able({ facts }: { facts: HospitalFacts }) {
  return (
    <section aria-labelledby="hospital-able">
      <h2 id="hospital-able">{t('hospital.able')}</h2>
      <p class="hint">{t('hospital.able-hint')}</p>
      {facts.abilities.length === 0 && <p class="hint">{t('hospital.able-none')}</p>}
      <ul class="hospital-able">
        {facts.abilities.map((one) => <li key={one.code}>{wordOf(one)} <span class="hint">{t('hospital.people', { n: one.people })}</span></li>)}
      </ul>
      {facts.equipment.length > 0 && (
        <>
          <h3>{t('hospital.equipment')}</h3>
          <ul class="hospital-able">
            {facts.equipment.map((one) => (
              <li key={one.code}>{wordOf(one)} {!one.working && <span class="mark"><Icon name="alert" size={16} />{t('hospital.out-of-service')}</span>}</li>
            ))}
          </ul>
        </>
      )}
      {mayOpen('find') && <p><a href={hrefTo('find', '', { hospital: facts.reference })}>{t('hospital.find')}</a></p>}
    </section>
  );
}

/** How many cases are under way, for those who see them: asked by us, and asked of us. */
function OpenCases() {
  const [counts, setCounts] = useState<{ asking: number; asked: number } | null>(null);
  useEffect(() => {
    let stale = false;
    const count = async (side: string) => (await loadWork({ show: 'open', side, count: 1 })).total ?? 0;
    Promise.all([count('asking'), count('asked')]).then(([asking, asked]) => { if (!stale) setCounts({ asking, asked }); }, () => undefined);
    return () => { stale = true; };
  }, []);
  if (!counts) return null;
  return (
    <>
      <div><dt>{t('hospital.out')}</dt><dd><a href={hrefTo('cases', '', { side: 'asking' })}>{t('hospital.cases', { n: counts.asking })}</a></dd></div>
      <div><dt>{t('hospital.in')}</dt><dd><a href={hrefTo('cases', '', { side: 'asked' })}>{t('hospital.cases', { n: counts.asked })}</a></dd></div>
    </>
  );
}

function Facts({ facts }: { facts: HospitalFacts }) {
  const ahead = clockOfHospital(facts.reference);
  const isMine = myPlace().organization === facts.reference && Boolean(session.value?.practitioner);
  const altitude = facts.altitude === null ? '' : t('patient.metres', { n: numberIn(language.value, Math.round(facts.altitude)) });
  return (
    <dl class="hospital-facts">
      {(facts.place || altitude) && <div><dt>{t('hospital.place')}</dt><dd>{[facts.place, altitude].filter(Boolean).join(', ')}</dd></div>}
      {ahead !== null && <div><dt>{t('hospital.time')}</dt><dd>{timeThere(new Date(now.value).toISOString(), ahead)} ({zoneName(ahead)})</dd></div>}
      <div><dt>{t('hospital.beds')}</dt><dd>{facts.beds ? t('hospital.beds-of', { n: facts.beds.free, all: facts.beds.all }) : t('hospital.beds-unknown')}</dd></div>
      {isMine && mayOpen('cases') && <OpenCases />}
    </dl>
  );
}

function Chooser({ reference }: { reference: string }) {
  const hospitals = useHospitals();
  if (hospitals.length === 0) return null;
  return (
    <SelectField
      id="hospital-other" label={t('hospital.other')} value={reference} onChange={(chosen) => goTo('hospital', chosen.replace('Organization/', ''))}
      options={[...(hospitals.some((one) => one.reference === reference) ? [] : [{ value: reference, label: t('hospital.choose') }]), ...hospitals.map((one) => ({ value: one.reference, label: one.name }))]}
    />
  );
}

export function HospitalPage({ id }: { id: string }) {
  const wanted = id ? `Organization/${id}` : hospitalInView();
  useEffect(() => { if (id) keepHospital(wanted); }, [wanted]);
  const [loaded, setLoaded] = useState<{ facts: HospitalFacts | null; problem: string; missing: boolean }>({ facts: null, problem: '', missing: false });
  const load = () => {
    if (!wanted) return;
    setLoaded({ facts: null, problem: '', missing: false });
    loadHospital(wanted).then(
      (facts) => setLoaded({ facts, problem: '', missing: facts === null }),
      (error: unknown) => setLoaded({ facts: null, problem: sentence(error), missing: false }),
    );
  };
  useEffect(load, [wanted]);
  const { facts, problem, missing } = loaded;
  return (
    <div class="page page-hospital">
      <Heading text={facts?.name ?? t('hospital.title')} />
      <Chooser reference={facts?.reference ?? wanted} />
      {problem && <Failure text={problem} retry={load} />}
      {(missing || !wanted) && <Notice kind="info"><p>{t(wanted ? 'hospital.missing' : 'hospital.none-mine')}</p></Notice>}
      {wanted && !facts && !problem && !missing && <Skeleton rows={6} />}
      {facts && (
        <>
          <Facts facts={facts} />
          {mayOpen('pairings') && <QuietHere hospital={facts.reference} />}
          <section aria-labelledby="hospital-departments">
            <h2 id="hospital-departments">{t('hospital.departments')}</h2>
            {facts.departments.length === 0 && <p class="hint">{t('hospital.no-departments')}</p>}
            {facts.departments.map((one) => <DepartmentPart key={one.reference} one={one} />)}
            {mayOpen('people') && facts.reference === myPlace().organization && <p><a href={hrefTo('people')}>{t('people.title')}</a></p>}
          </section>
          <Pairs id="hospital-helped" title={t('hospital.helped-by')} pairs={facts.helpedBy} empty={t('hospital.helped-by-none')} />
          <Pairs id="hospital-helps" title={t('hospital.helps')} pairs={facts.helps} empty={t('hospital.helps-none')} />
          {mayOpen('pairings') && <p><a href={hrefTo('pairings', '', { hospital: facts.reference })}>{t('pulse.title')}</a></p>}
          <Able facts={facts} />
          <HospitalGrowth hospital={facts.reference} />
          <MapCard reference={facts.reference} />
        </>
      )}
    </div>
  );
}
