// SPDX-License-Identifier: Apache-2.0
// Of what is asked anew before its answer has come, only the newest question's answer counts:
// two answers may overtake each other on the way, and the older must not be drawn over the newer.
import { useEffect, useRef } from 'preact/hooks';

/** Wraps a question: what it gives settles only while none was asked after it and the page is there. Never await it where something must follow. */
export function useLatest(): <T>(asked: Promise<T>) => Promise<T> {
  const count = useRef(0);
  useEffect(() => () => { count.current++; }, []);
  return (asked) => {
    const mine = ++count.current;
    return new Promise((resolve, reject) => {
      asked.then((value) => { if (mine === count.current) resolve(value); }, (error: unknown) => { if (mine === count.current) reject(error); });
    });
  };
}
