// SPDX-License-Identifier: Apache-2.0
// The years that a choice offers. Pure.

/** From ${last} back to ${first}, and ${asked} wherever it lies: what an address asks for is never told under another year. */
export function yearOptions(first: number, last: number, asked = last): { value: string; label: string }[] {
  const years = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => last - at);
  if (!years.includes(asked)) years.push(asked);
  return years.sort((one, other) => other - one).map(String).map((year) => ({ value: year, label: year }));
}
