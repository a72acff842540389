/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which passwords are taken, after NIST SP 800-63B: length is what counts, and not to be
 * what guessers try first. No rule of what characters must be in it, no expiry.
 */
#ifndef APP_PASSWORD_H
#define APP_PASSWORD_H

#include "base/buf.h"
#include "base/text.h"

/* Append the one spelling of ${typed} (NFKC) to ${ret}: what is hashed. E_INVALID
 * ("password-form": not UTF-8; "password-long": over LIMIT_PASSWORD_BYTES). */
int password_normal(struct str typed, struct buf *ret, struct err *err);

struct password_rules {
    bool alone;              /* no code is asked beside it */
    const struct str *names; /* of its owner: account and person */
    size_t name_count;
};

/*
 * May the normalised ${password} be chosen? E_INVALID with the rule that is broken as
 * path: "password-short", "password-long", "password-common" (little else than common
 * words, one character again and again, a row of the keyboard or alphabet),
 * "password-own" (little else than the owner's names). Pure.
 */
int password_check(
    struct str password, const struct password_rules *rules, struct err *err);

#endif
