// SPDX-License-Identifier: Apache-2.0
// Whether a media query holds, now and when it turns.
import { useEffect, useState } from 'preact/hooks';

export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => window.matchMedia(query).matches);
  useEffect(() => {
    const media = window.matchMedia(query);
    const turn = () => setHolds(media.matches);
    turn();
    media.addEventListener('change', turn);
    return () => media.removeEventListener('change', turn);
  }, [query]);
  return holds;
}
