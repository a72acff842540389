/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long somebody who has given wrong passwords must wait, so that guessing is slow and
 * nobody can keep another person out for long:
 *
 *   pair      wrong tries for one account from one address. The fifth is followed by a
 *             wait of 1 s, then 2, 4 ... at most LIMIT_TRIES_PAIR_SECONDS.
 *   account   wrong tries for one account from anywhere. From the twentieth on addresses
 *             that have never signed in to it wait, LIMIT_TRIES_ACCOUNT_SECONDS at most;
 *             the owner's own address does not.
 *   code      wrong codes behind the right password, from anywhere: who tries them has the
 *             password already, so this may be as long as the first.
 *
 * Kept in memory alone and bounded: where all places of a key are taken, the one that
 * was quiet longest goes. A name nobody has is counted as any other. Any thread.
 */
#ifndef APP_ATTEMPTS_H
#define APP_ATTEMPTS_H

#include "base/text.h"
#include "base/time.h"

struct attempts;

enum attempt_kind { ATTEMPT_PASSWORD, ATTEMPT_CODE };

struct attempt {
    enum attempt_kind kind;
    struct str account; /* as it is compared: account_key() */
    struct str address; /* the network a request came from; p NULL: unknown */
};

/* NULL: no memory. */
struct attempts *attempts_new(void);
void attempts_free(struct attempts *t);

/* 0: go on, and the try counts as wrong until attempts_right() is told; else how many
 * milliseconds to wait, and nothing is counted. */
utc_ms attempts_begin(struct attempts *t, const struct attempt *try, utc_ms now);

/* It was right: the pair's wrong tries are forgotten and the address is known. */
void attempts_right(struct attempts *t, const struct attempt *try, utc_ms now);

#endif
