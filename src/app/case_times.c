/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is promised to a case when it is sent: what the pairing of the two sides agreed on, else the
 * usual times. A pairing of the department itself counts before one of its hospital; where
 * two stand side by side, or several departments are asked, the shortest promise is the one.
 */
#include "app/case_internal.h"
#include "view/reader_pair.h"

struct looking {
    enum case_urgency urgency;
    size_t distance; /* of what was found */
    bool found;
    struct case_times times;
};

static bool is_shorter(const struct case_times *a, const struct case_times *b)
{
    return a->answer_seconds != b->answer_seconds
               ? a->answer_seconds < b->answer_seconds
               : a->allocate_seconds < b->allocate_seconds;
}

/* One that says nothing that can be read, written before it was looked at, is as if it said nothing. */
static int take(
    void *arg, const struct json *affiliation, size_t distance, struct err *err)
{
    struct looking *l = arg;
    struct case_agreed agreed;
    const struct case_times *times = &agreed.rules.by[l->urgency];

    (void)err;
    if (case_agreed_read(affiliation, &agreed, NULL) < 0 || !agreed.is_said[l->urgency])
        return 0;
    if (l->found && (distance > l->distance || !is_shorter(times, &l->times)))
        return 0;
    l->found = true;
    l->distance = distance;
    l->times = *times;
    return 0;
}

int case_times_find(struct case_doing *d, struct case_times *ret, struct err *err)
{
    enum case_urgency urgency = case_urgency_of(json_get_text(d->request, "priority"));
    struct case_times shortest = case_rules_usual.by[urgency];
    int r = 0;

    for (size_t i = 0; r == 0 && d->hospital.p && i < d->unit_count; i++) {
        struct looking l = {.urgency = urgency, .times = case_rules_usual.by[urgency]};

        r = reader_pairings(d->reader, d->units[i], d->hospital, take, &l, err);
        if (i == 0 || is_shorter(&l.times, &shortest))
            shortest = l.times;
    }
    if (r == 0)
        *ret = shortest;
    return r;
}
