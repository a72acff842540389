// SPDX-License-Identifier: Apache-2.0
// What somebody says of an operation, on its way: kept on this device first, sent at once where
// there is a link, later where there is none (../outbox.ts).
import { t } from '../lib/i18n';
import { enqueue, send, sendUnkept, withdraw } from '../outbox';
import { ownerNow } from '../session';
import { CallError } from './client';
import type { OneCall, Outgoing } from './outgoing';
import { presentInstant } from '../lib/time';

export interface Said {
  /** A random one; the node is told it too. */
  id: string;
  /** For the list on this device: of whom or of what, and what it is. */
  who: string;
  what: string;
  call: OneCall;
  /** As it was typed. */
  draft: unknown;
}

function itemOf({ id, who, what, call, draft }: Said): Outgoing {
  return {
    id, owner: ownerNow(), at: presentInstant(), who, question: what, urgency: '', state: 'waiting', sentence: '', tried: false, lease: 0, identifier: '', emergency: null,
    call, bundle: { resourceType: 'Bundle', type: 'transaction' }, files: [], request: '', draft,
  };
}

/** True: the node has it. False: it waits on this device. Throws with the node's sentence where it is refused. */
export async function say(said: Said): Promise<boolean> {
  const item = itemOf(said);
  const isKept = await enqueue(item).then(() => true, () => false);
  const outcome = isKept ? await send(item.id) : await sendUnkept(item);
  if (outcome.kind !== 'refused') return outcome.kind === 'there';
  await withdraw(item.id).catch(() => undefined);
  throw new CallError('refused', t('error.refused', { detail: outcome.sentence }));
}
