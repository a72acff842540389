// SPDX-License-Identifier: Apache-2.0
// What is on its way, on this device's shelf: who sends it, one at a time, and who takes it back.
// The pages and the service worker use the same, so that neither sends what the other has, nor
// what somebody has taken back meanwhile.
import { alter, get, remove, take } from '../lib/local-store';
import { LEASE, StepError, isWhole, type Outgoing } from './outgoing';

const isLeased = (item: Outgoing) => item.lease > Date.now();

/** Nobody else may send it meanwhile; null where somebody does, it is not there any more, or what it needs is not. */
export async function lease(id: string): Promise<Outgoing | null> {
  const before = (await get<Outgoing>('outgoing', id))?.call?.after;
  if (before && (await get('outgoing', before))) return null;
  return alter<Outgoing>('outgoing', id, (item) => (isLeased(item) || item.state === 'refused' ? null : { ...item, lease: Date.now() + LEASE }));
}

/** How far ${item} has come. What was taken back meanwhile does not come again, and goes no further. */
export async function keepLeased(item: Outgoing): Promise<void> {
  if (isWhole(item)) {
    await remove('outgoing', item.id);
    return;
  }
  const kept = await alter<Outgoing>('outgoing', item.id, () => ({ ...item, lease: Date.now() + LEASE }));
  if (!kept && item.state !== 'there') throw new StepError('later');
}

/** Others may send it on; ${part} of it is changed. */
export function release(id: string, part: Partial<Outgoing>): Promise<Outgoing | null> {
  return alter<Outgoing>('outgoing', id, (item) => ({ ...item, ...part, lease: 0 }));
}

/** Nothing of it can have arrived, and nobody is sending it. */
export function isFree(item: Outgoing): boolean {
  return !isLeased(item) && (item.state === 'refused' || (item.state === 'waiting' && !item.tried));
}

/** Nobody is sending it, and it is not there yet. */
export function isIdle(item: Outgoing): boolean {
  return !isLeased(item) && item.state !== 'there';
}

/** Take ${id} off the shelf if ${may} still holds; null: it does not, and nothing was changed. */
export function takeBack(id: string, may: (item: Outgoing) => boolean): Promise<Outgoing | null> {
  return take<Outgoing>('outgoing', id, may);
}
