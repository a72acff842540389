// SPDX-License-Identifier: Apache-2.0
// Technique gaps: what a hospital shall be able to do and cannot yet. Where one stands follows from records;
// people say what is wanted, by when, and who answers for it.
import { useEffect, useState } from 'preact/hooks';
import { namesOf } from '../fhir/catalogue';
import { sentence } from '../fhir/client';
import { loadGaps, openGap, planGap, type Gap, type GapPlan, type Gaps, type GapState } from '../fhir/gaps';
import { newUuid } from '../lib/ids';
import { language, t, type TextKey } from '../lib/i18n';
import { useLatest } from '../lib/latest';
import { route, setQuery } from '../lib/router';
import { shortDate } from '../lib/time';
import { holdsOne } from '../navigation';
import { myPlace } from '../session';
import { End, OwnerField, useOwners } from '../ui/equipment-forms';
import { SelectField, TextField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { IllnessPicker } from '../ui/illness-picker';
import { Failure, Notice, Skeleton } from '../ui/notice';
import { useCatalogue } from '../ui/use-catalogue';
import { useHospitals } from '../ui/use-hospitals';
import { useSending } from '../ui/use-sending';

const LEADS = ['head-of-department', 'director', 'coordinator'] as const;
const WORDS: Record<GapState, TextKey> = {
  opened: 'gaps.opened', planned: 'gaps.planned', equipped: 'gaps.equipped', 'first-case': 'gaps.first-case', lapsed: 'gaps.lapsed', filled: 'gaps.filled',
};

function OpenForm({ hospital, done, leave }: { hospital: string; done: () => void; leave: () => void }) {
  const [id] = useState(newUuid);
  const [token, setToken] = useState('');
  const [unit, setUnit] = useState(hospital);
  const [plan, setPlan] = useState<GapPlan>({ owner: '', planned: '', word: '' });
  const { units, owners } = useOwners(hospital);
  const sending = useSending();
  const send = () => sending.send(token ? '' : 'gap-thing', () => openGap(id, unit, token, plan).then(done));
  return (
    <form class="step-form" noValidate aria-label={t('gaps.open')} onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <IllnessPicker id="gap-thing" label={t('gaps.thing')} value={token} onChange={setToken} />
      {sending.lacks && <p class="problem" role="alert">{t('gaps.thing-missing')}</p>}
      <SelectField id="gap-unit" label={t('equip.unit')} value={unit} onChange={setUnit} options={units.map((one) => ({ value: one.reference, label: one.name }))} />
      <TextField id="gap-planned" label={t('gaps.planned-for')} optional={t('equip.optional')} hint={t('equip.promises-hint')} value={plan.planned} onChange={(planned) => setPlan({ ...plan, planned })} input={{ type: 'date' }} />
      <OwnerField id="gap-owner" value={plan.owner} owners={owners} onChange={(owner) => setPlan({ ...plan, owner })} />
      <TextField id="gap-word" label={t('equip.why')} optional={t('equip.optional')} value={plan.word} onChange={(word) => setPlan({ ...plan, word })} />
      {sending.failure && <Notice kind="problem"><p>{sending.failure}</p></Notice>}
      <End busy={sending.busy} label={t('gaps.open-send')} leave={leave} />
    </form>
  );
}

function PlanForm({ gap, done, leave }: { gap: Gap; done: () => void; leave: () => void }) {
  const [plan, setPlan] = useState<GapPlan>({ owner: gap.owner.reference, planned: '', word: '' });
  const { owners } = useOwners(gap.hospital.reference);
  const sending = useSending();
  const id = `plan-${gap.id}`;
  return (
    <form class="step-form" noValidate aria-label={t('gaps.plan')} onSubmit={(event) => { event.preventDefault(); void sending.send('', () => planGap(gap.id, plan).then(done)); }}>
      {!gap.planned && <TextField id={`${id}-day`} label={t('gaps.planned-for')} optional={t('equip.optional')} hint={t('equip.promises-hint')} value={plan.planned} onChange={(planned) => setPlan({ ...plan, planned })} input={{ type: 'date' }} />}
      <OwnerField id={`${id}-owner`} value={plan.owner} owners={owners} onChange={(owner) => setPlan({ ...plan, owner })} />
      <TextField id={`${id}-word`} label={t('equip.why')} optional={t('equip.optional')} value={plan.word} onChange={(word) => setPlan({ ...plan, word })} />
      {sending.failure && <Notice kind="problem"><p>{sending.failure}</p></Notice>}
      <End busy={sending.busy} label={t('equip.save')} leave={leave} />
    </form>
  );
}

function History({ gap }: { gap: Gap }) {
  if (!gap.firstCase) return null;
  return (
    <p>
      {t('gaps.first-on', { day: shortDate(gap.firstCase) })}
      {gap.firstInRegion && ` ${t('gaps.first-in-region')}`}
      <span class="hint"> {t('gaps.scope', { n: gap.regionOperations, hospitals: gap.regionHospitals })}</span>
    </p>
  );
}

function GapCard({ gap, again }: { gap: Gap; again: () => void }) {
  const [open, setOpen] = useState(false);
  const catalogue = useCatalogue();
  const thing = catalogue?.thingOf(gap.thing.token);
  const name = thing ? namesOf(thing, language.value)[0] : gap.thing.name;
  return (
    <li class="equip-card">
      <h2>{name}</h2>
      <p class="equip-where">
        <span class={`equip-state${gap.state === 'lapsed' ? ' equip-state-stopped' : ''}`}>{gap.state === 'filled' && <Icon name="answered" size={16} />}{t(WORDS[gap.state])}</span>
        <span>{[gap.hospital.name, gap.unit.name === gap.hospital.name ? '' : gap.unit.name].filter(Boolean).join(', ')}</span>
        <span>{t('gaps.open-for', { n: gap.daysOpen })}</span>
      </p>
      <p class="equip-glance">
        {gap.planned && <span>{t('equip.due', { day: shortDate(gap.planned) })}</span>}
        {gap.daysLate > 0 && <span class="mark">{t('equip.days-late', { n: gap.daysLate })}</span>}
        <span>{gap.owner.name ? t('equip.owner-is', { name: gap.owner.name }) : t('equip.owner-none')}</span>
      </p>
      <p>{t(gap.equipped ? 'gaps.has-equipment' : 'gaps.lacks-equipment')}</p>
      <History gap={gap} />
      <p class="hint">{t('gaps.cases', { n: gap.cases, needed: gap.casesNeeded })}</p>
      {gap.word && <p>{gap.word}</p>}
      {gap.mayLead && !open && <div><button type="button" class="button" onClick={() => setOpen(true)} aria-label={t('gaps.plan-of', { name })}>{t('gaps.plan')}</button></div>}
      {open && <PlanForm gap={gap} done={() => { setOpen(false); again(); }} leave={() => setOpen(false)} />}
    </li>
  );
}

export function GapsPage() {
  const hospital = route.value.query.get('hospital') ?? '';
  const [list, setList] = useState<Gaps | null>(null);
  const [problem, setProblem] = useState('');
  const [opens, setOpens] = useState(false);
  const hospitals = useHospitals();
  const latest = useLatest();
  const load = () => latest(loadGaps(hospital)).then((found) => { setList(found); setProblem(''); }, (error: unknown) => setProblem(sentence(error)));
  useEffect(() => { void load(); }, [hospital]);
  const mayOpen = holdsOne(LEADS);
  const where = hospital || (myPlace().organization ?? '');
  return (
    <div class="page page-wide page-equipment">
      <Heading text={t('gaps.title')} />
      <p class="hint">{t('gaps.lead')}</p>
      <SelectField
        id="gaps-hospital" label={t('equip.hospital')} value={hospital} onChange={(chosen) => setQuery({ hospital: chosen })}
        options={[{ value: '', label: t('equip.all') }, ...hospitals.map((one) => ({ value: one.reference, label: one.name }))]}
      />
      {mayOpen && where && !opens && <div><button type="button" class="button button-main" onClick={() => setOpens(true)}>{t('gaps.open')}</button></div>}
      {mayOpen && !where && <p class="hint">{t('gaps.open-where')}</p>}
      {opens && <OpenForm key={where} hospital={where} done={() => { setOpens(false); void load(); }} leave={() => setOpens(false)} />}
      {problem && <Failure text={problem} retry={() => void load()} />}
      {!list && !problem && <Skeleton rows={4} />}
      {list?.more && <p class="hint">{t('gaps.more', { n: list.list.length })}</p>}
      {list?.list.length === 0 && <p class="empty">{t('gaps.none')}</p>}
      <ul class="equip-list">{list?.list.map((gap) => <GapCard key={gap.id} gap={gap} again={() => void load()} />)}</ul>
    </div>
  );
}
