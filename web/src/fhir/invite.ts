// SPDX-License-Identifier: Apache-2.0
// Departments and people of the network, by a few letters: whom one may invite.
import { resourcesOf, search } from './client';
import { isType, localReference, referenceTo } from './codes';
import type { Invited } from './mdt';
import { stateOfPost } from './people';
import { nameOf } from './patient';
import { ROLE } from './roles';
import type { Organization, Patient, Practitioner, PractitionerRole } from './types';

const MOST = 6;
/** Who is given cases: docs/adr/0010-who-may-read.md. */
const OF_CASES = ['clinician', 'nurse', 'therapist', 'expert', 'head-of-department'];

const quoted = (text: string) => text.replace(/["\\]/g, ' ');

async function departments(text: string): Promise<Invited[]> {
  const bundle = await search('Organization', { _filter: `name co "${quoted(text)}" or partof.name co "${quoted(text)}"`, _include: 'Organization:partof', _count: '40' });
  const all = resourcesOf(bundle).filter((one) => isType<Organization>(one, 'Organization'));
  const named = new Map(all.map((one) => [referenceTo(one), one.name ?? '']));
  return all.filter((one) => one.partOf).slice(0, MOST).map((one) => ({
    reference: referenceTo(one),
    name: [one.name, named.get(localReference(one.partOf?.reference))].filter(Boolean).join(', '),
  }));
}

function holdsCases(post: PractitionerRole): boolean {
  const roles = (post.code ?? []).flatMap((code) => code.coding ?? []).filter((coding) => coding.system === ROLE).map((coding) => coding.code ?? '');
  return stateOfPost(post) === 'now' && roles.some((role) => OF_CASES.includes(role));
}

async function people(text: string): Promise<Invited[]> {
  const bundle = await search('Practitioner', { 'name:contains': text, _revinclude: 'PractitionerRole:practitioner', _count: '20' });
  const all = resourcesOf(bundle);
  const posts = all.filter((one) => isType<PractitionerRole>(one, 'PractitionerRole')).filter(holdsCases);
  return all.filter((one) => isType<Practitioner>(one, 'Practitioner')).flatMap((one) => {
    const post = posts.find((role) => localReference(role.practitioner?.reference) === referenceTo(one));
    if (!post) return [];
    const name = nameOf(one as unknown as Patient);
    return [{ reference: referenceTo(one), name: post.organization?.display ? `${name}, ${post.organization.display}` : name }];
  }).slice(0, MOST);
}

/** Departments, then people, whose name has ${text} in it. */
export async function whomToInvite(text: string): Promise<Invited[]> {
  const [units, persons] = await Promise.all([departments(text), people(text)]);
  return [...units, ...persons];
}

