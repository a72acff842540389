// SPDX-License-Identifier: Apache-2.0
// The roster as bars over time: a line for each team and each posting, by department. Nobody
// there is red and says so; leave is hatched. The same stands beside it as a table and a list, so
// this picture is for eyes alone.
import { addDays, dayOf, overlap, type Posting, type Roster, type Stretch, type Team } from '../fhir/team';
import { dateIn } from '../lib/dates';
import { language, t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { daysWords, stretchWords, teamWords } from './roster-words';

interface Scale {
  from: number;
  width: number;
}

const CHARTED = 6; // colours of teams
const LETTER = 1; // percent of the line that a letter takes: a bar with no room for its word has it as its title alone

function percent(scale: Scale, one: Stretch): { start: number; size: number } | null {
  const from = Math.max(one.from ? Date.parse(one.from) : -Infinity, scale.from);
  const until = Math.min(one.until ? Date.parse(one.until) : Infinity, scale.from + scale.width);
  if (until <= from) return null;
  return { start: (100 * (from - scale.from)) / scale.width, size: (100 * (until - from)) / scale.width };
}

function place(scale: Scale, one: Stretch): { insetInlineStart: string; inlineSize: string } | null {
  const found = percent(scale, one);
  return found && { insetInlineStart: `${found.start}%`, inlineSize: `${found.size}%` };
}

/** ${named}: its name stands at the begin of its line, and what lies on the bar would cut it. */
function Bar({ scale, one, kind, text, href, named }: { scale: Scale; one: Stretch; kind: string; text: string; href?: string; named?: boolean }) {
  const style = place(scale, one);
  if (!style) return null;
  const title = `${text}: ${stretchWords(one)}`;
  const word = named || (percent(scale, one)?.size ?? 0) < LETTER * text.length ? '' : text;
  return href
    ? <a class={`roster-bar ${kind}`} style={style} href={href} tabIndex={-1} title={title}>{word}</a>
    : <span class={`roster-bar ${kind}`} style={style} title={title}>{word}</span>;
}

function monthsOf(scale: Scale): string[] {
  const first = new Date(scale.from);
  const found: string[] = [];
  for (let at = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), 1)); at.getTime() < scale.from + scale.width; at.setUTCMonth(at.getUTCMonth() + 1)) found.push(at.toISOString().slice(0, 10));
  return found;
}

function Axis({ scale }: { scale: Scale }) {
  return (
    <div class="roster-line roster-axis">
      <span class="roster-name" />
      <span class="roster-track">
        {monthsOf(scale).map((day) => {
          const next = dayOf(new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 1)).toISOString());
          const style = place(scale, { from: day, until: next });
          return style && <span key={day} class="roster-month" style={style}>{dateIn(language.value, new Date(day), { month: 'short', year: day.slice(5, 7) === '01' ? 'numeric' : undefined, timeZone: 'UTC' })}</span>;
        })}
      </span>
    </div>
  );
}

function TeamLines({ roster, scale, colour }: { roster: Roster; scale: Scale; colour: (team: string) => string }) {
  const shown = roster.teams.filter((team) => team.term && place(scale, team.term));
  const overlaps = shown.flatMap((team, at) => shown.slice(at + 1).filter((other) => other.host.reference === team.host.reference).map((other) => overlap(team.term, other.term)));
  return (
    <>
      {shown.map((team) => (
        <div key={team.name.reference} class="roster-line">
          <span class="roster-name">{teamWords(team)}</span>
          <span class="roster-track">
            <Bar scale={scale} one={team.term as Stretch} kind={`roster-team ${colour(team.name.reference)}`} named text={teamWords(team)} href={hrefTo('teams', team.name.reference.replace('Organization/', ''))} />
            {overlaps.map((one, at) => one && overlap(one, team.term) && <Bar key={at} scale={scale} one={one} kind="roster-overlap" text={t('team.overlap', { days: daysWords(one) })} />)}
          </span>
        </div>
      ))}
    </>
  );
}

function PostingLine({ posting, scale, kind }: { posting: Posting; scale: Scale; kind: string }) {
  return (
    <div class="roster-line">
      <span class="roster-name">{posting.person.name}</span>
      <span class="roster-track">
        <Bar scale={scale} one={posting} kind={`roster-posting ${kind}`} named text={posting.person.name} href={hrefTo('posting', posting.id)} />
        {posting.fresh && <Bar scale={scale} one={posting.fresh} kind="roster-fresh" text={t('arrival.short')} />}
        {posting.away.map((one, at) => <Bar key={at} scale={scale} one={one} kind="roster-away" text={t('team.leave')} />)}
      </span>
    </div>
  );
}

export function RosterChart({ roster }: { roster: Roster }) {
  const scale = { from: Date.parse(roster.from), width: Date.parse(addDays(roster.until, 1)) - Date.parse(roster.from) };
  const order = roster.teams.map((team: Team) => team.name.reference);
  const colour = (team: string) => (order.includes(team) ? `roster-colour-${order.indexOf(team) % CHARTED}` : 'roster-colour-none');
  const units = roster.units.filter((unit) => unit.gaps.length > 0 || roster.postings.some((one) => one.department.reference === unit.name.reference));
  const today = place(scale, { from: roster.now, until: new Date(Date.parse(roster.now) + scale.width / 400).toISOString() });
  return (
    <div class="roster-chart" aria-hidden="true">
      <Axis scale={scale} />
      <TeamLines roster={roster} scale={scale} colour={colour} />
      {units.map((unit) => (
        <div key={unit.name.reference} class="roster-unit">
          <div class="roster-line roster-unit-head">
            <span class="roster-name"><strong>{unit.name.name}</strong></span>
            <span class="roster-track">{unit.gaps.map((gap, at) => <Bar key={at} scale={scale} one={gap} kind="roster-gap" text={t('team.nobody')} />)}</span>
          </div>
          {roster.postings.filter((one) => one.department.reference === unit.name.reference).map((one) => <PostingLine key={one.id} posting={one} scale={scale} kind={colour(one.team.reference)} />)}
        </div>
      ))}
      {today && <div class="roster-line roster-now"><span class="roster-name" /><span class="roster-track"><span class="roster-today" style={today} /></span></div>}
    </div>
  );
}
