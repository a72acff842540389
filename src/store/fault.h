/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Faults on purpose, for tests: the n-th statement step, or the n-th write, sync or
 * truncation of a file, fails once. While off, each costs one relaxed load.
 * Not for use while several threads write.
 */
#ifndef STORE_FAULT_H
#define STORE_FAULT_H

#include <stdbool.h>

/* The ${n}-th step of a statement from now on (1: the next) fails with E_IO; 0 turns it
 * off. Returns how many were counted since the last call. */
unsigned long store_fail_step(unsigned long n);

/* The same for writing to files: of the database once store_fail_files was called before
 * it was opened, and of blobs. ${full}: with "no space left" instead of an I/O error. */
unsigned long store_fail_write(unsigned long n, bool full);

/* Databases opened from now on go through the failing file layer. */
void store_fail_files(bool on);

/* Asked by the store: shall this step fail now? */
bool fault_step_due(void);

/* 0, or the errno that this write shall fail with. */
int fault_write_due(void);

/* True after store_fail_files(true). */
bool fault_files(void);

#endif
