/* SPDX-License-Identifier: Apache-2.0 */
/* Which operations and ratings a condition was read from. */
#include "app/sign_off_internal.h"

#define DAY_MS ((utc_ms)24 * 3600 * 1000)

struct gathering {
    struct signing *g;
    struct sign_off_evidence *ret;
    size_t rated; /* cases with a rating so far */
};

static int add(struct gathering *e, const char *type, store_rid rid, struct err *err)
{
    struct str id = {NULL, 0};
    const char *text = NULL;
    int r = 0;

    if (e->ret->count == SIGN_OFF_EVIDENCE)
        return 0;
    r = store_name(e->g->seek.snapshot, e->g->call->arena, rid, &id, err);
    if (r < 0)
        return r;
    text = arena_printf(e->g->call->arena, "%s/%.*s", type, (int)id.len, id.p);
    if (!text)
        return err_nomem(err);
    e->ret->list[e->ret->count++] = str_of(text);
    return 0;
}

static bool is_recent(const struct gathering *e, const struct logbook_case *c)
{
    utc_ms window = e->g->line->rule->sign_off.recent_days * DAY_MS;

    return c->when <= e->g->now && e->g->now - c->when <= window;
}

static int look_at(struct gathering *e, enum sign_off_condition condition,
    const struct logbook_case *c, struct err *err)
{
    const struct logbook_answer *l = &e->g->logbook;
    const struct logbook_rating *rating = logbook_rating_of(l, c);
    bool counts = condition == SIGN_OFF_VOLUME;

    if (condition == SIGN_OFF_RATINGS) {
        bool among = rating && (int)e->rated++ < e->g->line->rule->sign_off.ratings;

        return among ? add(e, "Observation", rating->observation, err) : 0;
    }
    if (condition == SIGN_OFF_NO_EVENT)
        counts = procedure_serious(c->results, c->reviewed);
    if (condition == SIGN_OFF_RECENCY)
        counts = is_recent(e, c);
    return counts ? add(e, "Procedure", c->procedure, err) : 0;
}

int sign_off_evidence(struct signing *g, enum sign_off_condition condition,
    struct sign_off_evidence *ret, struct err *err)
{
    struct gathering e = {.g = g, .ret = ret};
    int r = 0;

    ret->count = 0;
    for (size_t i = g->line->row_count; r == 0 && i > 0; i--) /* the newest first */
        r = look_at(&e, condition, &g->logbook.cases.list[g->line->rows[i - 1]], err);
    return r;
}
