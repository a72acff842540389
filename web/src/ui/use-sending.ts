// SPDX-License-Identifier: Apache-2.0
// Sending a form once at a time: what it lacks, that it is on its way, why it failed.
import { useEffect, useRef, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';

export interface Sending {
  busy: boolean;
  failure: string;
  /** The id of the field that lacks something; "" where none does. */
  lacks: string;
  send: (lacks: string, run: () => Promise<unknown>) => Promise<void>;
}

export function useSending(): Sending {
  const [state, setState] = useState({ busy: false, failure: '', lacks: '' });
  const sending = useRef(false);
  const alive = useRef(true);
  useEffect(() => () => { alive.current = false; }, []);
  const send = async (lacks: string, run: () => Promise<unknown>) => {
    if (sending.current) return;
    setState({ busy: !lacks, failure: '', lacks });
    if (lacks) {
      document.getElementById(lacks)?.focus();
      return;
    }
    sending.current = true;
    const failure = await run().then(() => '', sentence);
    sending.current = false;
    if (alive.current) setState({ busy: false, failure, lacks: '' });
  };
  return { ...state, send };
}
