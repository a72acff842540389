/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record that says more facts at once than the view takes of one is refused where it is written, so that no figure is
 * too low in silence. What another node accepted is kept all the same; the log of the program says so.
 */
#include "view/indicator_internal.h"

/* Has ${value} more than ${*left} items in all its lists? What is left of them into ${left}. */
static bool has_more(const struct json *value, size_t *left)
{
    struct json_each it = json_each(value);

    while (json_next(&it)) {
        if (json_kind(value) == JSON_ARRAY && (*left)-- == 0)
            return true;
        if ((json_kind(it.value) == JSON_ARRAY || json_kind(it.value) == JSON_OBJECT) &&
            has_more(it.value, left))
            return true;
    }
    return false;
}

int indicator_check(struct arena *a, const struct fhir_type *type,
    const struct json *resource, struct err *err)
{
    const struct indicator_defines *all = NULL;
    struct indicator_look l = {.arena = a, .record = resource, .err = err};
    size_t left = INDICATOR_PAUSES_MAX; /* the lowest of the limits */
    int r = 0;

    if (!has_more(resource, &left))
        return 0;
    r = indicator_defines(&all, err);
    if (r == 0)
        r = indicator_look_at(&l, all, type);
    if (r < 0 || !l.cut_short)
        return r;
    return err_set(err, E_TOO_LARGE, NULL,
        "This record says more at once than figures count: of the figure %.*s at most "
        "%d "
        "facts, and %d times that cut one. Write a second record for the rest.",
        (int)l.cut_short->id.len, l.cut_short->id.p, INDICATOR_PARTS_MAX / 2,
        INDICATOR_PAUSES_MAX);
}
