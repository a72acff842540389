// SPDX-License-Identifier: Apache-2.0
// The beds of the hospitals where I hold a post: the very ones that routing counts.
import { session } from '../session';
import { resourcesOf, search, setMember } from './client';
import { BED_STATE, BED_TRANSFER, PLACE_KIND, codeIn, isType, localReference, referenceTo } from './codes';
import type { Location, Organization } from './types';

/** HL7's codes of what a bed is now (v2-0116), in the order in which they are offered. */
export const BED_CODES = ['U', 'O', 'C', 'H'] as const;
export type BedCode = (typeof BED_CODES)[number];
const DISPLAYS: Record<BedCode, string> = { U: 'Unoccupied', O: 'Occupied', C: 'Closed', H: 'Housekeeping' };

/** Who says which bed is free; the node decides. */
const KEEPERS = ['nurse', 'head-of-department', 'coordinator'];
const MOST = '500';

export interface Bed {
  record: Location;
  reference: string;
  name: string;
  /** U, O, C, H; "" where it says something else. */
  code: BedCode | '';
  /** Kept for somebody who is not there yet: nobody may say otherwise. */
  promised: boolean;
}

export interface Ward {
  hospital: string;
  name: string;
  beds: Bed[];
  /** I may say which of them are free. */
  mine: boolean;
}

function bedOf(record: Location): Bed {
  const parts = record.extension?.find((one) => one.url === BED_TRANSFER)?.extension;
  const status = record.operationalStatus;
  return {
    record,
    reference: referenceTo(record),
    name: record.name ?? record.id ?? '',
    code: status?.system === BED_STATE ? BED_CODES.find((code) => code === status.code) ?? '' : '',
    promised: parts?.some((one) => one.url === 'promised' && one.valueBoolean) ?? false,
  };
}

function isBed(record: Location): boolean {
  return codeIn(record.physicalType, PLACE_KIND) === 'bd' && (record.status ?? 'active') === 'active';
}

export function isFree(bed: Bed): boolean {
  return bed.code === 'U';
}

function myHospitals(): string[] {
  return [...new Set((session.value?.posts ?? []).flatMap((post) => post.organization ?? []))];
}

function keeps(hospital: string): boolean {
  return (session.value?.posts ?? []).some((post) => post.organization === hospital && KEEPERS.includes(post.role));
}

async function wardOf(hospital: string): Promise<Ward> {
  const [own, units, names] = await Promise.all([
    search('Location', { organization: hospital, _count: MOST }),
    search('Location', { 'organization.partof': hospital, _count: MOST }),
    search('Organization', { _id: hospital.replace('Organization/', '') }),
  ]);
  const beds = [...resourcesOf(own), ...resourcesOf(units)].filter((one) => isType<Location>(one, 'Location')).filter(isBed).map(bedOf);
  const organization = resourcesOf(names).find((one) => isType<Organization>(one, 'Organization')) as Organization | undefined;
  return {
    hospital,
    name: organization?.name ?? localReference(hospital),
    beds: beds.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true })),
    mine: keeps(hospital),
  };
}

/** Those of each hospital where I hold a post; one without beds has none to show. */
export function loadWards(): Promise<Ward[]> {
  return Promise.all(myHospitals().map(wardOf));
}

/** Say what the bed is now, if nobody else said something since it was read. */
export function setBed(bed: Bed, code: BedCode): Promise<Location> {
  return setMember(bed.record, 'operationalStatus', { system: BED_STATE, code, display: DISPLAYS[code] });
}
