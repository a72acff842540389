/* SPDX-License-Identifier: Apache-2.0 */
/* What the ways of reading the trail share. */
#ifndef APP_AUDIT_READ_INTERNAL_H
#define APP_AUDIT_READ_INTERNAL_H

#include "app/app_internal.h"
#include "app/audit_code.h"

#define AUDIT_ID_PREFIX "trail-"

/* An entry as it is read: its number, and where it stands. */
struct audit_found {
    int64_t number;
    const struct audit_who *who;
    const struct audit_entry *entry;
};

/*
 * Walks the trail from the newest entry to older ones, over blocks that may hold what is
 * looked for.
 */
struct audit_walk {
    struct store_reader *reader;
    struct arena *arena;
    store_rid subject; /* only blocks about it; 0: all */
    int64_t below;     /* entries with lower numbers; a page's cursor */
    utc_ms from;       /* no entry that is older is wanted */
    size_t looked;     /* blocks so far */
    struct store_block block;
    struct audit_batch batch;
    size_t left; /* entries of the batch that were not given yet */
    int64_t list[64];
    size_t list_count;
    size_t list_at;
};

/* The next entry: 1; 0 at the end. E_TOO_LARGE: LIMIT_TRAIL_SCAN blocks were looked at;
 * go on later from ${w->below}. */
int audit_walk_next(struct audit_walk *w, struct audit_found *ret, struct err *err);

/* Where a walk for entries before ${until} may begin: w->below. */
int audit_walk_until(struct audit_walk *w, utc_ms until, struct err *err);

/* True when ${caller} may read the trail; ${list}: only what was done with one patient. */
bool audit_may(const struct app_caller *caller, bool list);

/* How AuditEvent names an entry of ${kind}. */
struct audit_words {
    const char *system; /* of type */
    const char *type;
    const char *type_display;
    const char *subsystem; /* of subtype; NULL: none */
    const char *subtype;
    const char *action;
    const char *plain; /* for a patient */
};
const struct audit_words *audit_words(enum audit_kind kind);

/* "0", "4" or "8". */
const char *audit_outcome(const struct audit_entry *e);

/* Append ${found} as an AuditEvent. */
int audit_event_write(struct json_out *o, struct audit_walk *w,
    const struct audit_found *found, struct err *err);

/* Tell of a look at the trail; ${patient} (0: of nobody) with its version ${seq}. */
int audit_look(struct app_call *call, store_rid patient, int64_t seq, struct err *err);

#endif
