// SPDX-License-Identifier: Apache-2.0
// Within <PatientZone hospital="Organization/7"> every time is told in the reader's zone and,
// where the clocks of that hospital show another, in its zone too.
import { createContext, type ComponentChildren } from 'preact';
import { useContext } from 'preact/hooks';
import { clockOfHospital } from '../fhir/zones';
import { now } from '../lib/time';
import { beside } from '../lib/zone';

const Hospital = createContext('');

export function PatientZone({ hospital, children }: { hospital: string; children: ComponentChildren }) {
  return <Hospital.Provider value={hospital}>{children}</Hospital.Provider>;
}

/** What the clocks of the patient's hospital show at ${at}; "" where it is what the reader's show. */
export function useBeside(at: string): string {
  return beside(at, clockOfHospital(useContext(Hospital)));
}

/** The time there now. */
export function NowThere() {
  const text = useBeside(new Date(now.value).toISOString());
  return text ? <span class="time-there">{text}</span> : null;
}
