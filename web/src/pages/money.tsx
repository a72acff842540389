// SPDX-License-Identifier: Apache-2.0
// Money of hospitals on both sides of a pairing: who committed what, what it bought, what is left.
import { useEffect, useState } from 'preact/hooks';
import { kindName, loadEquipment } from '../fhir/equipment';
import { loadCourses } from '../fhir/learning';
import type { Named } from '../fhir/parts';
import { language, t } from '../lib/i18n';
import { route, setQuery } from '../lib/router';
import { myPlace } from '../session';
import { SelectField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { MoneyPart } from '../ui/money-part';
import { useHospitals } from '../ui/use-hospitals';

/** What can have been bought: equipment that I may keep, and courses. */
async function loadThings(hospital: string): Promise<Named[]> {
  const [equipment, courses] = await Promise.all([loadEquipment(hospital), loadCourses()]);
  return [
    ...equipment.filter((one) => one.mayKeep).map((one) => ({ reference: `Device/${one.id}`, name: one.name || kindName(one.kind, language.value) })),
    ...courses.map((one) => ({ reference: `Course/${one.id}`, name: one.title })),
  ];
}

export function MoneyPage() {
  const hospital = route.value.query.get('hospital') ?? '';
  const [things, setThings] = useState<Named[]>([]);
  const hospitals = useHospitals();
  useEffect(() => { loadThings(hospital).then(setThings, () => setThings([])); }, [hospital]);
  return (
    <div class="page page-wide page-equipment">
      <Heading text={t('money.title')} />
      <p class="hint">{t('money.lead')}</p>
      <SelectField
        id="money-hospital" label={t('equip.hospital')} value={hospital} onChange={(chosen) => setQuery({ hospital: chosen })}
        options={[{ value: '', label: t('equip.all') }, ...hospitals.map((one) => ({ value: one.reference, label: one.name }))]}
      />
      <MoneyPart hospital={hospital} where={hospital || (myPlace().organization ?? '')} things={things} />
    </div>
  );
}
