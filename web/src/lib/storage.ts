// SPDX-License-Identifier: Apache-2.0
// The browser's storage, which may be full, forbidden or broken: a page must go on
// without it, so every call answers instead of throwing.

export interface Shelf {
  get(key: string): string | null;
  /** False when the browser would not keep it. */
  set(key: string, value: string): boolean;
  remove(key: string): void;
  /** Removes whatever begins so. */
  forget(prefix: string): void;
}

function shelf(open: () => Storage): Shelf {
  return {
    get(key) {
      try {
        return open().getItem(key);
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        open().setItem(key, value);
        return true;
      } catch {
        return false;
      }
    },
    remove(key) {
      try {
        open().removeItem(key);
      } catch {
        // nothing to remove from a shelf that cannot be opened
      }
    },
    forget(prefix) {
      try {
        Object.keys(open()).filter((key) => key.startsWith(prefix)).forEach((key) => open().removeItem(key));
      } catch {
        // as above
      }
    },
  };
}

/** Kept until removed: drafts, language, habits. */
export const kept = shelf(() => window.localStorage);
/** Gone when the tab closes: the token. */
export const forThisTab = shelf(() => window.sessionStorage);
