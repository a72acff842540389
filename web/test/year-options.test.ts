// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { yearOptions } from '../src/lib/year-options';

const years = (first: number, last: number, asked?: number) => yearOptions(first, last, asked).map(({ value }) => value).join(' ');

test('years are offered newest first', () => {
  assert.equal(years(2022, 2025), '2025 2024 2023 2022');
  assert.equal(years(2022, 2025, 2023), '2025 2024 2023 2022');
});

test('a year that is asked for is offered wherever it lies', () => {
  assert.equal(years(2024, 2025, 2021), '2025 2024 2021');
  assert.equal(years(2024, 2025, 2027), '2027 2025 2024');
});

test('where the years begin after the last, that one is offered', () => {
  assert.equal(years(2026, 2025), '2025');
});
