// SPDX-License-Identifier: Apache-2.0
// What a page reads from the node, and reads again when records of some types have changed. Of
// two answers that overtake each other the later question's counts.
import { useEffect, useRef, useState } from 'preact/hooks';
import { onChangesOf } from '../events';
import { sentence } from '../fhir/client';

export interface Live<T> {
  value: T | undefined; // undefined: not read yet
  problem: string; // why it could not be read the last time
  reload: () => Promise<void>;
}

export function useLive<T>(types: ReadonlySet<string>, load: () => Promise<T>, key = ''): Live<T> {
  const [loaded, setLoaded] = useState<{ value: T | undefined; problem: string }>({ value: undefined, problem: '' });
  const latest = useRef(0);
  const reload = async () => {
    const mine = ++latest.current;
    try {
      const value = await load();
      if (mine === latest.current) setLoaded({ value, problem: '' });
    } catch (error) {
      if (mine === latest.current) setLoaded((before) => ({ ...before, problem: sentence(error) }));
    }
  };
  useEffect(() => {
    void reload();
    const stop = onChangesOf(types, () => void reload());
    return () => {
      stop();
      latest.current++;
    };
  }, [key]);
  return { ...loaded, reload };
}
