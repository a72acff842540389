// SPDX-License-Identifier: Apache-2.0
// What is found by the letters in a field, a moment after the last of them.
import { useEffect, useState } from 'preact/hooks';

const PAUSE = 200;
const LEAST = 2;

export function useFound<T>(text: string, find: (text: string) => Promise<T[]>): T[] {
  const [found, setFound] = useState<T[]>([]);
  useEffect(() => {
    let latest = true;
    if (text.trim().length < LEAST) {
      setFound([]);
      return undefined;
    }
    const timer = window.setTimeout(() => {
      find(text.trim()).then((list) => { if (latest) setFound(list); }, () => { if (latest) setFound([]); });
    }, PAUSE);
    return () => {
      latest = false;
      clearTimeout(timer);
    };
  }, [text]);
  return found;
}
