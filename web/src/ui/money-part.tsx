// SPDX-License-Identifier: Apache-2.0
// Money of hospitals: what was committed, what was paid for what, what is left. Sums are the node's.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { USES, commit, endFunding, isAmount, loadMoney, newCommitment, newPayment, pay, type Commitment, type Funding, type FundingStatus, type NewPayment, type Payment, type Use } from '../fhir/gaps';
import type { Named } from '../fhir/parts';
import { amountIn } from '../lib/dates';
import { language, t, type TextKey } from '../lib/i18n';
import { useLatest } from '../lib/latest';
import { shortDate } from '../lib/time';
import { End } from './equipment-forms';
import { SelectField, TextField } from './fields';
import { USE_WORDS } from './money-words';
import { Failure, Notice, Skeleton } from './notice';
import { useSending } from './use-sending';

const STATUS_WORDS: Record<FundingStatus, TextKey> = { committed: 'money.committed', closed: 'money.closed', cancelled: 'money.cancelled' };

const DECIMAL = { inputMode: 'decimal', autoComplete: 'off' } as const;

function CommitForm({ hospital, done, leave }: { hospital: string; done: () => void; leave: () => void }) {
  const [draft, setDraft] = useState<Commitment>(() => newCommitment(hospital));
  const sending = useSending();
  const change = (part: Partial<Commitment>) => setDraft({ ...draft, ...part });
  const lacks = () => (!draft.title.trim() ? 'money-title' : !isAmount(draft.amount) ? 'money-amount' : draft.rate && (!Number(draft.rate) || !draft.rateOn || !draft.rateSource.trim()) ? 'money-rate' : '');
  const problem = (id: string, key: TextKey) => (sending.lacks === id ? t(key) : undefined);
  return (
    <form class="step-form" noValidate aria-label={t('money.commit')} onSubmit={(event) => { event.preventDefault(); void sending.send(lacks(), () => commit(draft).then(done)); }}>
      <TextField id="money-title" label={t('money.for')} problem={problem('money-title', 'money.for-missing')} value={draft.title} onChange={(title) => change({ title })} />
      <div class="pair">
        <TextField id="money-amount" label={t('money.amount')} problem={problem('money-amount', 'money.amount-wrong')} value={draft.amount} onChange={(amount) => change({ amount })} input={DECIMAL} />
        <TextField id="money-currency" label={t('money.currency')} value={draft.currency} onChange={(currency) => change({ currency })} input={{ maxLength: 3 }} />
      </div>
      <div class="pair">
        <TextField id="money-funder" label={t('money.funder')} optional={t('equip.optional')} value={draft.funder} onChange={(funder) => change({ funder })} />
        <TextField id="money-on" label={t('money.on')} optional={t('money.today')} value={draft.on} onChange={(on) => change({ on })} input={{ type: 'date' }} />
      </div>
      <div class="pair">
        <TextField id="money-rate" label={t('money.rate')} optional={t('equip.optional')} hint={t('money.rate-hint')} problem={problem('money-rate', 'money.rate-wrong')} value={draft.rate} onChange={(rate) => change({ rate })} input={DECIMAL} />
        <TextField id="money-other" label={t('money.other')} value={draft.other} onChange={(other) => change({ other })} input={{ maxLength: 3 }} />
        <TextField id="money-rate-on" label={t('money.rate-day')} value={draft.rateOn} onChange={(rateOn) => change({ rateOn })} input={{ type: 'date' }} />
      </div>
      {draft.rate && <TextField id="money-source" label={t('money.rate-source')} value={draft.rateSource} onChange={(rateSource) => change({ rateSource })} />}
      {sending.failure && <Notice kind="problem"><p>{sending.failure}</p></Notice>}
      <End busy={sending.busy} label={t('money.commit-send')} leave={leave} />
    </form>
  );
}

function PayForm({ one, things, done, leave }: { one: Funding; things: Named[]; done: () => void; leave: () => void }) {
  const [draft, setDraft] = useState<NewPayment>(newPayment);
  const sending = useSending();
  const change = (part: Partial<NewPayment>) => setDraft({ ...draft, ...part });
  const id = `pay-${one.id}`;
  const lacks = () => (!isAmount(draft.amount) ? `${id}-amount` : !draft.use ? `${id}-use` : '');
  return (
    <form class="step-form" noValidate aria-label={t('money.pay')} onSubmit={(event) => { event.preventDefault(); void sending.send(lacks(), () => pay(one.id, draft).then(done)); }}>
      <div class="pair">
        <TextField id={`${id}-amount`} label={t('money.amount-in', { currency: one.currency })} problem={sending.lacks === `${id}-amount` ? t('money.amount-wrong') : undefined} value={draft.amount} onChange={(amount) => change({ amount })} input={DECIMAL} />
        <SelectField id={`${id}-use`} label={t('money.use')} problem={sending.lacks === `${id}-use` ? t('money.use-missing') : undefined} value={draft.use} onChange={(use) => change({ use: use as Use })} options={[{ value: '', label: t('equip.choose') }, ...USES.map((use) => ({ value: use, label: t(USE_WORDS[use]) }))]} />
      </div>
      <div class="pair">
        <SelectField id={`${id}-bought`} label={t('money.bought')} value={draft.bought} onChange={(bought) => change({ bought })} options={[{ value: '', label: t('money.bought-none') }, ...things.map((each) => ({ value: each.reference, label: each.name }))]} />
        <TextField id={`${id}-on`} label={t('money.on')} optional={t('money.today')} value={draft.on} onChange={(on) => change({ on })} input={{ type: 'date' }} />
      </div>
      <TextField id={`${id}-word`} label={t('equip.why')} optional={t('equip.optional')} value={draft.word} onChange={(word) => change({ word })} />
      {sending.failure && <Notice kind="problem"><p>{sending.failure}</p></Notice>}
      <End busy={sending.busy} label={t('money.pay-send')} leave={leave} />
    </form>
  );
}

const inWords = (amount: string) => amountIn(language.value, amount);

function PaymentLine({ one, currency }: { one: Payment; currency: string }) {
  return (
    <li class="equip-step">
      <div class="equip-step-head">
        <span class="equip-step-name">{inWords(one.amount)} {currency}</span>
        <span>{t(USE_WORDS[one.use])}</span>
        <span>{shortDate(one.on)}</span>
        {one.bought.reference && <span>{one.bought.name}</span>}
        <span class="hint">{one.by.name}</span>
      </div>
      {one.word && <p class="hint">{one.word}</p>}
    </li>
  );
}

function EndForm({ one, done, leave }: { one: Funding; done: () => void; leave: () => void }) {
  const [reason, setReason] = useState('');
  const sending = useSending();
  const id = `end-${one.id}`;
  const how = one.payments.length > 0 ? 'close' : 'cancel';
  return (
    <form class="step-form" noValidate aria-label={t(how === 'close' ? 'money.close' : 'money.cancel')} onSubmit={(event) => { event.preventDefault(); void sending.send(reason.trim() ? '' : id, () => endFunding(one.id, how, reason).then(done)); }}>
      <p class="hint">{t(how === 'close' ? 'money.close-hint' : 'money.cancel-hint')}</p>
      <TextField id={id} label={t('money.end-why')} problem={sending.lacks ? t('money.end-why-missing') : undefined} value={reason} onChange={setReason} />
      {sending.failure && <Notice kind="problem"><p>{sending.failure}</p></Notice>}
      <End busy={sending.busy} label={t(how === 'close' ? 'money.close-send' : 'money.cancel-send')} leave={leave} />
    </form>
  );
}

function Ended({ one }: { one: Funding }) {
  if (one.status === 'committed') return null;
  return (
    <p class="equip-where">
      <span class="equip-state">{t(STATUS_WORDS[one.status])}</span> <span>{shortDate(one.endedOn)}</span> <span>{one.endedWhy}</span> <span class="hint">{one.endedBy}</span>
    </p>
  );
}

function FundingCard({ one, things, again }: { one: Funding; things: Named[]; again: () => void }) {
  const [open, setOpen] = useState<'' | 'pay' | 'end'>('');
  const leave = () => setOpen('');
  const done = () => { leave(); again(); };
  const may = one.mayLead && one.status === 'committed' && !open;
  return (
    <li class="equip-card">
      <h2>{one.title}</h2>
      <Ended one={one} />
      <p class="equip-where"><span>{one.recipient.name}</span>{one.funder && <span>{t('money.by', { name: one.funder })}</span>}<span>{shortDate(one.on)}</span></p>
      <dl class="money-sums">
        <div><dt>{t('money.committed')}</dt><dd>{inWords(one.committed)} {one.currency}</dd></div>
        <div><dt>{t('money.paid')}</dt><dd>{inWords(one.paid)} {one.currency}</dd></div>
        <div><dt>{t('money.left')}</dt><dd>{inWords(one.left)} {one.currency}</dd></div>
      </dl>
      {one.inOther && <p class="hint">{t('money.in-other', { amount: inWords(one.inOther), currency: one.other, rate: one.rate, day: shortDate(one.rateOn) })}{one.rateSource && ` (${one.rateSource})`}</p>}
      {one.used.length > 0 && <p class="hint">{t('money.used', { sums: one.used.map((each) => `${t(USE_WORDS[each.use])} ${inWords(each.amount)}`).join(' · ') })}</p>}
      {one.payments.length > 0 && <ul class="equip-steps">{one.payments.map((payment, at) => <PaymentLine key={at} one={payment} currency={one.currency} />)}</ul>}
      {may && (
        <div class="form-end">
          <button type="button" class="button" onClick={() => setOpen('pay')} aria-label={t('money.pay-of', { name: one.title })}>{t('money.pay')}</button>
          <button type="button" class="button" onClick={() => setOpen('end')} aria-label={`${t(one.payments.length > 0 ? 'money.close' : 'money.cancel')}: ${one.title}`}>{t(one.payments.length > 0 ? 'money.close' : 'money.cancel')}</button>
        </div>
      )}
      {open === 'pay' && <PayForm one={one} things={things} done={done} leave={leave} />}
      {open === 'end' && <EndForm one={one} done={done} leave={leave} />}
    </li>
  );
}

/** ${where}: for which hospital money may be written down; "" where that is not said. ${things}: what can have been bought. */
export function MoneyPart({ hospital, where, things }: { hospital: string; where: string; things: Named[] }) {
  const [list, setList] = useState<Funding[] | null>(null);
  const [problem, setProblem] = useState('');
  const [commits, setCommits] = useState(false);
  const latest = useLatest();
  const load = () => latest(loadMoney(hospital)).then((found) => { setList(found); setProblem(''); }, (error: unknown) => setProblem(sentence(error)));
  useEffect(() => { void load(); }, [hospital]);
  return (
    <section class="page-equipment" aria-label={t('money.title')}>
      {where && !commits && <div><button type="button" class="button button-main" onClick={() => setCommits(true)}>{t('money.commit')}</button></div>}
      {commits && <CommitForm key={where} hospital={where} done={() => { setCommits(false); void load(); }} leave={() => setCommits(false)} />}
      {problem && <Failure text={problem} retry={() => void load()} />}
      {!list && !problem && <Skeleton rows={2} />}
      {list?.length === 0 && <p class="empty">{t('money.none')}</p>}
      <ul class="equip-list">{list?.map((one) => <FundingCard key={one.id} one={one} things={things} again={() => void load()} />)}</ul>
    </section>
  );
}
