/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose account somebody may look after: make it, disable it, give it a new link. Whoever
 * can give an account a new link can sign in as the person, so it takes as much as giving
 * that person each of their posts would (app/reach.h).
 *
 * Somebody with posts in two hospitals is looked after by whoever administers both. Nobody
 * looks after their own account here.
 */
#ifndef APP_ADMINISTRATION_H
#define APP_ADMINISTRATION_H

#include "app/app.h"

struct administration {
    const struct app_caller *caller;
    struct store_reader *snapshot;
    struct arena *arena;
};

enum administration_whose {
    ADMINISTRATION_OTHERS, /* somebody else's, in whole or in part; or the caller's own */
    ADMINISTRATION_NOBODY, /* who never held a post */
    ADMINISTRATION_OURS,
};

/* Whose is ${practitioner} ("Practitioner/ID")? By all posts that hold at ${now} or later;
 * where there is none, by any that has ended. */
int administration_whose(const struct administration *a, struct str practitioner,
    utc_ms now, enum administration_whose *ret, struct err *err);

#endif
