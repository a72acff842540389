// SPDX-License-Identifier: Apache-2.0
// What a hospital is on its way to, in short: its gaps and its equipment, with what is late or stopped first.
// Nothing while it is on its way.
import { useEffect, useState } from 'preact/hooks';
import { lateOf, loadEquipment, type Equipment } from '../fhir/equipment';
import { loadGaps, type Gap } from '../fhir/gaps';
import { t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { mayOpen } from '../navigation';
import { Icon } from './icon';

interface Growth { gaps: Gap[]; equipment: Equipment[] }

function Line({ href, text, late }: { href: string; text: string; late: string[] }) {
  return (
    <li>
      <a href={href}>{text}</a>
      {late.map((words) => <span key={words} class="mark"><Icon name="alert" size={16} />{words}</span>)}
    </li>
  );
}

export function HospitalGrowth({ hospital }: { hospital: string }) {
  const [growth, setGrowth] = useState<Growth | null>(null);
  useEffect(() => {
    let stale = false;
    setGrowth(null);
    Promise.all([mayOpen('gaps') ? loadGaps(hospital).then((found) => found.list) : [], mayOpen('equipment') ? loadEquipment(hospital) : []])
      .then(([gaps, equipment]) => { if (!stale) setGrowth({ gaps, equipment }); }, () => undefined);
    return () => { stale = true; };
  }, [hospital]);
  if (!growth || growth.gaps.length + growth.equipment.length === 0) return null;
  const filled = growth.gaps.filter((one) => one.state === 'filled').length;
  const lateGaps = growth.gaps.filter((one) => one.state === 'lapsed' || one.daysLate > 0).length;
  const stopped = growth.equipment.filter((one) => one.state === 'stopped').length;
  const coming = growth.equipment.filter((one) => one.state === 'coming').length;
  const late = growth.equipment.filter((one) => lateOf(one)).length;
  return (
    <section aria-labelledby="hospital-growth">
      <h2 id="hospital-growth">{t('hospital.growth')}</h2>
      <ul class="hospital-growth">
        {growth.gaps.length > 0 && (
          <Line href={hrefTo('gaps', '', { hospital })} text={t('hospital.gaps', { n: growth.gaps.length - filled, filled })} late={lateGaps > 0 ? [t('hospital.gaps-late', { n: lateGaps })] : []} />
        )}
        {growth.equipment.length > 0 && (
          <Line
            href={hrefTo('equipment', '', { hospital })} text={t('hospital.devices', { n: growth.equipment.length, coming })}
            late={[stopped > 0 ? t('hospital.devices-stopped', { n: stopped }) : '', late > 0 ? t('hospital.devices-late', { n: late }) : ''].filter(Boolean)}
          />
        )}
      </ul>
    </section>
  );
}
