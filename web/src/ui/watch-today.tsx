// SPDX-License-Identifier: Apache-2.0
// Patients under watch, on the page Today: alerts that my side has not seen stand first.
import { useEffect, useState } from 'preact/hooks';
import { onChange } from '../events';
import type { Side } from '../fhir/case-step';
import { nameOf } from '../fhir/patient';
import { watching, type Alert, type Watch, type Watching } from '../fhir/watch';
import type { WorkItem } from '../fhir/worklist';
import { t } from '../lib/i18n';
import { useLatest } from '../lib/latest';
import { hrefTo } from '../lib/router';
import { dayAndTime } from '../lib/time';
import { Icon } from './icon';
import { AlertView, waitsFor } from './watch-alert';
import { everyWords } from './watch-panel';

interface Row {
  request: string;
  name: string;
  watch: Watch | null;
  alerts: Alert[];
}

function rowsOf(found: Watching, items: WorkItem[]): Row[] {
  const sidesOf = (request: string): Side[] => items.filter((item) => item.id === request).map((item) => item.side);
  const waiting = found.alerts.filter((alert) => waitsFor(alert, sidesOf(alert.request)));
  const requests = new Set([...waiting.map((alert) => alert.request), ...found.watches.map((watch) => watch.request)]);
  return [...requests].map((request) => {
    const watch = found.watches.find((one) => one.request === request) ?? null;
    const item = items.find((one) => one.id === request);
    const patient = item?.patient ?? found.patients.get(watch?.patient ?? '');
    return { request, name: patient ? nameOf(patient) : '', watch, alerts: waiting.filter((alert) => alert.request === request) };
  });
}

function OneRow({ row, load }: { row: Row; load: () => void }) {
  return (
    <li class="watch-row">
      <p>
        <a href={hrefTo('case', row.request)}><Icon name="watch" size={18} /> <strong>{row.name}</strong></a>
        {row.watch && <span class="byline"> {t('watch.until', { time: dayAndTime(row.watch.until) })} {everyWords(row.watch.every)}</span>}
      </p>
      {row.alerts.map((alert) => <AlertView key={alert.id} alert={alert} waits onDone={load} />)}
    </li>
  );
}

export function WatchToday({ items }: { items: WorkItem[] }) {
  const [found, setFound] = useState<Watching | null>(null);
  const latest = useLatest();
  const load = () => {
    latest(watching()).then(setFound, () => undefined);
  };
  useEffect(() => {
    load();
    return onChange((change) => {
      if (!change || change.type === 'CarePlan' || change.type === 'Communication') load();
    });
  }, []);
  const rows = found ? rowsOf(found, items) : [];
  if (rows.length === 0) return null;
  return (
    <section class="today-part" aria-labelledby="today-watch">
      <h2 id="today-watch">{t('watch.today')} <span class="count">{rows.length}</span></h2>
      <ul class="watch-list">{rows.map((row) => <OneRow key={row.request} row={row} load={load} />)}</ul>
    </section>
  );
}
