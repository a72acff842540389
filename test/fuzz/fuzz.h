/* SPDX-License-Identifier: Apache-2.0 */
/* What a fuzz target gives, and how it says that something does not hold. */
#ifndef TEST_FUZZ_H
#define TEST_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Feed ${size} bytes to the target; 0. Ends the program when an invariant is broken. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Both the fuzzer and the replay see an abort as a find. */
#define fuzz_must(condition)                                                           \
    do {                                                                               \
        if (!(condition)) {                                                            \
            fprintf(                                                                   \
                stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                                   \
        }                                                                              \
    } while (0)

#endif
