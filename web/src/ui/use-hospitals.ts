// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';
import { resourcesOf, search } from '../fhir/client';
import { isType, referenceTo } from '../fhir/codes';
import type { Organization } from '../fhir/types';

export interface HospitalName {
  reference: string;
  name: string;
}

/** All hospitals, by name: a network has a few hundred at most. Empty until they are there. */
export function useHospitals(): HospitalName[] {
  const [hospitals, setHospitals] = useState<HospitalName[]>([]);
  useEffect(() => {
    let stale = false;
    search('Organization', { 'partof:missing': 'true', type: 'prov', _sort: 'name', _count: '1000', _elements: 'name' }).then((bundle) => {
      if (!stale) setHospitals(resourcesOf(bundle).filter((one) => isType<Organization>(one, 'Organization')).map((one) => ({ reference: referenceTo(one), name: one.name ?? '' })));
    }, () => undefined); // without the list one has one's own hospital
    return () => { stale = true; };
  }, []);
  return hospitals;
}
