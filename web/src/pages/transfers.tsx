// SPDX-License-Identifier: Apache-2.0
// Who is being moved now, to us and from us, and which beds of ours are free. What is said
// here of a bed is what everybody's search for a place counts.
import { useState } from 'preact/hooks';
import { BED_CODES, isFree, loadWards, setBed, type Bed, type BedCode, type Ward } from '../fhir/beds';
import { sentence } from '../fhir/client';
import { loadTransfers, type Transfer } from '../fhir/transfers';
import { t, type TextKey } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { dayAndTime } from '../lib/time';
import { holdsOne } from '../navigation';
import { nameOf } from '../fhir/patient';
import { StateChip, UrgencyChip } from '../ui/chips';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { Failure, Notice, Skeleton } from '../ui/notice';
import { PatientLine } from '../ui/patient-line';
import { TimeAgo } from '../ui/time-ago';
import { useLive } from '../ui/use-live';

const TYPES = new Set(['Task', 'Location', 'ServiceRequest']);
const WORDS: Record<BedCode, TextKey> = { U: 'bed.free', O: 'bed.occupied', C: 'bed.closed', H: 'bed.cleaned' };

async function loadAll(): Promise<{ transfers: Transfer[]; wards: Ward[] }> {
  const [transfers, wards] = await Promise.all([loadTransfers(), loadWards()]);
  return { transfers, wards };
}

function TransferRow({ item }: { item: Transfer }) {
  return (
    <li>
      <a class={`transfer-row row-${item.urgency}`} href={hrefTo('case', item.id)}>
        <span class="transfer-who">
          <PatientLine patient={item.patient} />
          <span class="transfer-way"><span>{item.from}</span><Icon name="next" size={16} /><span>{item.to}</span></span>
          <span class="hint">{item.question}</span>
        </span>
        <span class="transfer-where">
          <span class="transfer-state"><StateChip state={item.state} /> <TimeAgo at={item.since} /></span>
          <span class="transfer-bed"><Icon name="bed" size={16} />{item.bed || t('transfers.no-bed')}</span>
          {item.state === 'on-the-way' && item.expected && <span>{t('transfers.expected', { time: dayAndTime(item.expected) })}</span>}
        </span>
        <UrgencyChip urgency={item.urgency} />
      </a>
    </li>
  );
}

function Direction({ id, title, none, items }: { id: string; title: string; none: string; items: Transfer[] }) {
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title} <span class="count">{items.length}</span></h2>
      {items.length === 0 ? <p class="hint">{none}</p> : <ul class="case-list">{items.map((item) => <TransferRow key={item.id} item={item} />)}</ul>}
    </section>
  );
}

interface BedLineProps {
  bed: Bed;
  /** Who has it, as far as I may know. */
  transfer: Transfer | undefined;
  mine: boolean;
  again: () => Promise<void>;
}

function whatOf(bed: Bed, transfer: Transfer | undefined): string {
  const who = transfer ? nameOf(transfer.patient) : '';
  if (bed.promised) return who ? t('bed.kept-for', { name: who }) : t('bed.kept');
  if (bed.code === 'O' && transfer?.state === 'arrived') return t('bed.occupied-by', { name: who });
  return bed.code ? t(WORDS[bed.code]) : t('bed.unknown');
}

function BedLine({ bed, transfer, mine, again }: BedLineProps) {
  const [state, setState] = useState({ busy: false, failure: '' });
  const say = async (code: BedCode) => {
    setState({ busy: true, failure: '' });
    const failure = await setBed(bed, code).then(() => '', sentence);
    await again();
    setState({ busy: false, failure });
  };
  const look = bed.promised ? 'kept' : bed.code === 'U' ? 'free' : bed.code === 'O' ? 'taken' : 'off';
  return (
    <li class={`bed bed-${look}`}>
      <span class="bed-name"><Icon name="bed" size={18} />{bed.name}</span>
      <span class="bed-what">{whatOf(bed, transfer)}</span>
      {mine && !bed.promised && (
        <span class="bed-say" role="group" aria-label={t('bed.say', { bed: bed.name })}>
          {BED_CODES.filter((code) => code !== bed.code).map((code) => (
            <button key={code} type="button" class="button button-small" disabled={state.busy} onClick={() => void say(code)}>{t(WORDS[code])}</button>
          ))}
        </span>
      )}
      {state.failure && <Notice kind="problem"><p>{state.failure}</p></Notice>}
    </li>
  );
}

function WardBeds({ ward, transfers, again }: { ward: Ward; transfers: Transfer[]; again: () => Promise<void> }) {
  const id = `beds-${ward.hospital.replace('/', '-')}`;
  const free = ward.beds.filter(isFree).length;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{t('transfers.beds', { hospital: ward.name })} {ward.beds.length > 0 && <span class="count">{t('transfers.free', { n: free, all: ward.beds.length })}</span>}</h2>
      {ward.beds.length === 0 && <p class="hint">{t('transfers.no-beds')}</p>}
      {ward.mine && ward.beds.length > 0 && <p class="hint">{t('transfers.say')}</p>}
      <ul class="beds">
        {ward.beds.map((bed) => (
          <BedLine key={bed.reference} bed={bed} mine={ward.mine} again={again} transfer={transfers.find((one) => one.bedReference === bed.reference && one.state !== 'back-home')} />
        ))}
      </ul>
    </section>
  );
}

export function TransfersPage() {
  const { value, problem, reload: again } = useLive(TYPES, loadAll);
  const { transfers, wards } = value ?? { transfers: null, wards: [] };
  const seesPatients = holdsOne(['clinician', 'nurse', 'therapist', 'expert', 'head-of-department']);
  return (
    <div class="page page-transfers">
      <Heading text={t('transfers.title')} />
      {problem && <Failure text={problem} retry={() => void again()} />}
      {!transfers && !problem && <Skeleton rows={4} />}
      {transfers && seesPatients && (
        <div class="transfers">
          <Direction id="coming" title={t('transfers.coming')} none={t('transfers.none-coming')} items={transfers.filter((one) => one.coming)} />
          <Direction id="leaving" title={t('transfers.leaving')} none={t('transfers.none-leaving')} items={transfers.filter((one) => !one.coming)} />
        </div>
      )}
      {transfers && !seesPatients && wards.length === 0 && <p class="hint">{t('transfers.no-beds')}</p>}
      {transfers && wards.map((ward) => <WardBeds key={ward.hospital} ward={ward} transfers={transfers} again={again} />)}
    </div>
  );
}
