/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of facts share: what a record says, and the form of rows. */
#ifndef VIEW_INDICATOR_INTERNAL_H
#define VIEW_INDICATOR_INTERNAL_H

#include "view/indicator.h"
#include "view/search_rows.h"

enum indicator_tag { INDICATOR_TAG_NONE, INDICATOR_TAG_RID, INDICATOR_TAG_TEXT };

#define INDICATOR_TEXT_MAX 160   /* bytes of a value that are kept */
#define INDICATOR_PARTS_MAX 1000 /* facts of one record for one indicator */
#define INDICATOR_PAUSES_MAX 256 /* Periods that cut one fact */
#define INDICATOR_MOMENT(ms) ((uint64_t)(ms) ^ 1ull << 63)
#define INDICATOR_FROM_AT 9 /* in the key, behind indicator and things */
#define INDICATOR_KEY_LEAST (INDICATOR_FROM_AT + 8 + 1 + INDICATOR_PART_BYTES + 8)
#define INDICATOR_PART_BYTES 2
#define INDICATOR_N(rid) ((uint64_t)(rid) & ((1ull << STORE_RID_BITS) - 1))
#define INDICATOR_KEY_MAX (1 + 8 + 8 + SEARCH_NUMBER_BYTES + INDICATOR_PART_BYTES + 8)
#define INDICATOR_VALUE_MAX                                                            \
    (1 + 8 + 1 + INDICATOR_ROW_VALUES * (2 + INDICATOR_TEXT_MAX))

/* A fact that a version says. */
struct indicator_said {
    uint8_t indicator;
    uint8_t value_count;
    uint16_t part;   /* of the record */
    uint64_t things; /* of a first: the hash of what it is of; else 0 */
    utc_ms from, until;
    struct str values[INDICATOR_ROW_VALUES];
};

/* What prepare() makes. */
struct indicator_prepared {
    size_t count;
    size_t cap;
    struct indicator_said *list;
};

/* A record being looked at. */
struct indicator_look {
    struct arena *scratch;
    struct arena *arena; /* of what is kept */
    const struct json *record;
    const struct fhir_path_item *part; /* what a fact is of; NULL: the record */
    const struct json *rate; /* the fact is told changed at it; NULL: as it is */
    const struct indicator_define *cut_short; /* not all that it counts was looked at */
    struct indicator_prepared *made;
    struct err *err;
};

extern unsigned indicator_first_table;

/* Make ${l}'s facts of its record, of ${type}; ${l} has the arena, the record and the error. E_NOMEM. */
int indicator_look_at(struct indicator_look *l, const struct indicator_defines *all,
    const struct fhir_type *type);

/* The values of a fact of ${d}, in their order; how many. */
size_t indicator_value_count(const struct indicator_define *d);

/* Is ${d} a share of days, whose numerator are Periods? */
static inline bool indicator_is_share_of_days(const struct indicator_define *d)
{
    return d->scoring == INDICATOR_PROPORTION && d->count == INDICATOR_DAYS;
}

/* What ${v} is here; p NULL: nothing. */
int indicator_value_text(
    struct indicator_look *l, const struct indicator_value *v, struct str *ret);

/* Room for one more, all 0; it counts once l->made->count is raised. NULL: no memory. */
struct indicator_said *indicator_said_new(struct indicator_look *l);

/* The first (${begin}) or last moment of ${v}; UTC_MS_MIN or SPAN_OPEN: not said. */
int indicator_moment(
    struct indicator_look *l, const struct indicator_value *v, bool begin, utc_ms *ret);

/* The fact that was added last becomes one for each time between its pauses, ... */
int indicator_cut(struct indicator_look *l, const struct indicator_define *d);

/* ... or, of a share of days, one for each time that is met and one for each that is not. Where nobody says
 * when it begins, it begins with what is met first; of what never is, there is none. */
int indicator_cut_met(struct indicator_look *l, const struct indicator_define *d);

#endif
