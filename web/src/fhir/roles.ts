// SPDX-License-Identifier: Apache-2.0
// What somebody is at a place, what each gives the right to, and who may give it. The node
// decides (docs/adr/0010-who-may-read.md, src/app/administration.h); this tells people.
import { t, type TextKey } from '../lib/i18n';
import { session } from '../session';

export const ROLE = 'https://belay.health/CodeSystem/role';

interface Role {
  label: TextKey;
  right: TextKey;
  /** Who gives it: heads in their department, the hospital's administration, or the programme's. */
  given: 'department' | 'hospital' | 'programme';
}

const ROLES: Record<string, Role> = {
  clinician: { label: 'role.clinician', right: 'right.clinician', given: 'department' },
  nurse: { label: 'role.nurse', right: 'right.nurse', given: 'department' },
  technician: { label: 'role.technician', right: 'right.technician', given: 'department' },
  therapist: { label: 'role.therapist', right: 'right.therapist', given: 'department' },
  expert: { label: 'role.expert', right: 'right.expert', given: 'department' },
  apprentice: { label: 'role.apprentice', right: 'right.apprentice', given: 'department' },
  interpreter: { label: 'role.interpreter', right: 'right.interpreter', given: 'department' },
  'head-of-department': { label: 'role.head-of-department', right: 'right.head-of-department', given: 'hospital' },
  director: { label: 'role.director', right: 'right.director', given: 'hospital' },
  'international-desk': { label: 'role.international-desk', right: 'right.international-desk', given: 'hospital' },
  'quality-officer': { label: 'role.quality-officer', right: 'right.quality-officer', given: 'hospital' },
  administrator: { label: 'role.administrator', right: 'right.administrator', given: 'hospital' },
  coordinator: { label: 'role.coordinator', right: 'right.coordinator', given: 'programme' },
  auditor: { label: 'role.auditor', right: 'right.auditor', given: 'programme' },
};

export function roleName(code: string | null | undefined): string {
  const role = code ? ROLES[code] : undefined;
  return role ? t(role.label) : code ?? t('role.none');
}

export function rightOf(code: string): string {
  const role = ROLES[code];
  return role ? t(role.right) : t('right.none');
}

/** The roles that whoever is signed in may give. */
export function rolesToGive(): string[] {
  const posts = session.value?.posts ?? [];
  const above = posts.filter((post) => post.role === 'administrator' || post.role === 'director');
  const all = above.some((post) => !post.organization);
  return Object.entries(ROLES).flatMap(([code, role]) => {
    if (role.given === 'programme') return all ? [code] : [];
    return role.given === 'department' || above.length > 0 ? [code] : [];
  });
}
