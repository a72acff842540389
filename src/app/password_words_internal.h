/* SPDX-License-Identifier: Apache-2.0 */
/* What tools/passwords.mjs makes of data/passwords when the program is built. */
#ifndef APP_PASSWORD_WORDS_INTERNAL_H
#define APP_PASSWORD_WORDS_INTERNAL_H

#include <stddef.h>

extern const char *const password_words[]; /* the longest first */
extern const size_t password_word_count;

#endif
