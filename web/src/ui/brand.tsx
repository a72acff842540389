// SPDX-License-Identifier: Apache-2.0
/** The mark: a rope taken through a hook and held. */
export function Brand({ size = 28 }: { size?: number }) {
  return (
    <svg class="brand-mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M11 25V9.5a4.5 4.5 0 0 1 9 0V20a2.700 2.700 0 0 1-5.400 0v-7.500" />
    </svg>
  );
}
