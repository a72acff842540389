// SPDX-License-Identifier: Apache-2.0
// The pack of a post that ends: one open thing a card, and who takes each over. Whom it cannot
// be given to the node says at once.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { loadPack, nameSuccessor, type Count, type Item, type Pack, type Term } from '../fhir/handover';
import { loadLogbook, procedureName } from '../fhir/logbook';
import type { Invited } from '../fhir/mdt';
import { roleName } from '../fhir/roles';
import { refreshHandovers } from '../handover-store';
import { language, t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { fullTime, presentInstant, shortDate } from '../lib/time';
import { holdsOne } from '../navigation';
import { session } from '../session';
import { Heading } from './heading';
import { Icon } from './icon';
import { InvitePicker } from './invite-picker';
import { itemLink, itemTitle, KIND_WORDS } from './handover-words';
import { VERDICT_WORDS } from './logbook-words';
import { Failure, Notice, Skeleton } from './notice';

/** Where the curves of somebody who learns stand. */
function Curves({ person }: { person: string }) {
  const [lines, setLines] = useState<{ code: string; verdict: string }[]>([]);
  useEffect(() => {
    loadLogbook(person.split('/')[1] ?? '').then((book) => {
      setLines(book.lines.map((line) => ({ code: line.code, verdict: line.curve ? t(VERDICT_WORDS[line.curve.verdict]) : '' })));
    }, () => setLines([]));
  }, [person]);
  if (lines.length === 0) return null;
  return <ul class="handover-curves">{lines.map((one) => <li key={one.code}>{procedureName(one.code, language.value)}{one.verdict && `: ${one.verdict}`}</li>)}</ul>;
}

/** What the item is: its kind, its words, whose it is, when it is due; and of who learns the curves, for those who teach them already. */
export function ItemHead({ item, curves = false }: { item: Item; curves?: boolean }) {
  const link = itemLink(item);
  const title = itemTitle(item);
  return (
    <>
      <p class="handover-kind">{t(KIND_WORDS[item.kind])}{item.due && <span class="byline"> · {t('log.due', { day: shortDate(item.due) })}</span>}</p>
      <h3>{link ? <a href={link}>{title || t('handover.open')}</a> : title || t(KIND_WORDS[item.kind])}</h3>
      {item.patient.name && <p>{item.patient.name}</p>}
      {curves && item.kind === 'apprentice' && item.about.reference && <Curves person={item.about.reference} />}
    </>
  );
}

export function standing(item: Item): string {
  if (item.stays) return t('handover.stays');
  if (item.own) return t('handover.own');
  if (item.successor.name && !item.inPost) return t('handover.gone', { name: item.successor.name });
  if (item.acknowledged) return t('handover.taken', { name: item.successor.name, date: shortDate(item.acknowledged) });
  if (item.fell) return t('handover.fell', { name: item.successor.name });
  if (item.successor.name) return t('handover.named', { name: item.successor.name });
  return item.declined ? t('handover.declined') : t('handover.nobody');
}

export function isSettled(item: Item): boolean {
  return item.stays || (item.inPost && item.acknowledged !== '');
}

interface CardProps {
  item: Item;
  chosen: Invited | undefined;
  name: (record: string) => Promise<void>;
}

function Card({ item, chosen, name }: CardProps) {
  const [state, setState] = useState({ busy: false, failure: '' });
  const give = async () => {
    setState({ busy: true, failure: '' });
    try {
      await name(item.record);
      setState({ busy: false, failure: '' });
    } catch (error) {
      setState({ busy: false, failure: sentence(error) });
    }
  };
  const may = chosen && !item.own && !item.stays && !(item.acknowledged && item.inPost) && item.successor.reference !== chosen.reference;
  return (
    <li class={`handover-card${isSettled(item) ? ' handover-settled' : ''}`}>
      <ItemHead item={item} curves />
      <p class="handover-standing"><Icon name={isSettled(item) ? 'answered' : 'waiting'} size={16} /> {standing(item)}</p>
      {state.failure && <Notice kind="problem"><p>{state.failure}</p></Notice>}
      {may && <button type="button" class="button no-print" disabled={state.busy} onClick={() => void give()}>{t('handover.give', { name: chosen.name })}</button>}
    </li>
  );
}

/** The role, where, and until when. */
export function TermLine({ term }: { term: Term }) {
  const day = term.end ? shortDate(new Date(Date.parse(term.end) - 1).toISOString()) : '';
  return <p class="byline">{[roleName(term.role), term.department.name, day && t(term.ended ? 'handover.ended-on' : 'handover.ends-on', { date: day })].filter(Boolean).join(' · ')}</p>;
}

/** On paper: who printed it, and when. What is open is as it was found then. */
export function PrintedBy() {
  const at = fullTime(presentInstant());
  return <p class="print-head">{t('handover.printed')} {[session.value?.name, at].filter(Boolean).join(', ')}</p>;
}

export function Counts({ counts }: { counts: Count[] }) {
  return (
    <table class="handover-counts">
      <thead><tr><th scope="col">{t('handover.what')}</th><th scope="col">{t('handover.all')}</th><th scope="col">{t('handover.taken-over')}</th><th scope="col">{t('handover.orphans')}</th></tr></thead>
      <tbody>
        {counts.map((one) => (
          <tr key={one.kind}>
            <th scope="row">{t(KIND_WORDS[one.kind])}</th><td>{one.all}</td><td>{one.acknowledged}</td>
            <td>{one.orphans > 0 ? <strong>{one.orphans}</strong> : 0}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Figures({ pack }: { pack: Pack }) {
  return (
    <section class="handover-figures" aria-label={t('handover.figures')}>
      <p>{pack.index === null ? t('handover.nothing') : t('handover.index', { percent: pack.index })}</p>
      {pack.orphans > 0 && <p class="problem"><Icon name="alert" size={16} /> {t('handover.orphans-count', { count: pack.orphans })}</p>}
      <p class="byline">{pack.overlapDays === null ? t('handover.no-overlap') : t('handover.overlap', { days: pack.overlapDays })}</p>
      <details class="why"><summary>{t('handover.by-kind')}</summary><Counts counts={pack.counts} /><p class="hint">{t('handover.weights')}</p></details>
    </section>
  );
}

interface NamingProps {
  pack: Pack;
  chosen: Invited[];
  choose: (chosen: Invited[]) => void;
  nameAll: () => Promise<void>;
}

function Naming({ pack, chosen, choose, nameAll }: NamingProps) {
  const [state, setState] = useState({ busy: false, failure: '' });
  const give = async () => {
    setState({ busy: true, failure: '' });
    try {
      await nameAll();
      setState({ busy: false, failure: '' });
    } catch (error) {
      setState({ busy: false, failure: sentence(error) });
    }
  };
  const who = chosen[0];
  return (
    <section class="panel no-print" aria-labelledby="handover-naming">
      <h2 id="handover-naming">{t('handover.who')}</h2>
      <InvitePicker id="handover-successor" label={t('handover.successor')} hint={t('handover.successor-hint')} problem={undefined} peopleOnly chosen={chosen} onChange={(list) => choose(list.slice(-1))} />
      {state.failure && <Notice kind="problem"><p>{state.failure}</p></Notice>}
      {who && pack.orphans > 0 && <button type="button" class="button button-main" disabled={state.busy} onClick={() => void give()}>{t('handover.give-all', { name: who.name, count: pack.orphans })}</button>}
    </section>
  );
}

export function HandoverPack({ post }: { post: string }) {
  const [pack, setPack] = useState<Pack | null>(null);
  const [problem, setProblem] = useState('');
  const [told, setTold] = useState('');
  const [chosen, setChosen] = useState<Invited[]>([]);
  const load = async () => {
    try {
      setPack(await loadPack(post));
      setProblem('');
    } catch (error) {
      setProblem(sentence(error));
    }
  };
  useEffect(() => { void load(); }, [post]);
  const name = async (record: string) => {
    const who = chosen[0];
    if (!who) return;
    const said = await nameSuccessor(post, who.reference, record);
    setTold(said.cannot > 0 ? t('handover.cannot', { done: said.done, cannot: said.cannot, name: who.name }) : t('handover.done', { done: said.done, name: who.name }));
    await load();
    void refreshHandovers().catch(() => undefined);
  };
  return (
    <div class="page page-form page-lists">
      <p class="no-print"><a href={hrefTo('handover')}><Icon name="back" size={16} /> {t('handover.title')}</a></p>
      <Heading text={pack ? t('handover.of', { name: pack.person.name }) : t('handover.title')} />
      {problem && <Failure text={problem} retry={() => void load()} />}
      {!pack && !problem && <Skeleton />}
      {pack && (
        <>
          <PrintedBy />
          <TermLine term={pack} />
          <Figures pack={pack} />
          <Naming pack={pack} chosen={chosen} choose={setChosen} nameAll={() => name('')} />
          {told && <Notice kind="info"><p>{told}</p></Notice>}
          {pack.items.length === 0 && <p class="empty">{holdsOne(['coordinator', 'director']) ? t('handover.not-shown') : t('handover.empty')}</p>}
          <ul class="handover-list">{pack.items.map((item) => <Card key={`${item.kind} ${item.record}`} item={item} chosen={chosen[0]} name={name} />)}</ul>
          {pack.items.length > 0 && <button type="button" class="button no-print" onClick={() => window.print()}><Icon name="print" />{t('action.print')}</button>}
        </>
      )}
    </div>
  );
}
