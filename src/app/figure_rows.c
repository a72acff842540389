/* SPDX-License-Identifier: Apache-2.0 */
/* The published figures that stand, as far as the caller may read them. */
#include <stdlib.h>

#include "app/figure.h"

static int take_row(struct app_call *call, const struct seek *seek, store_rid rid,
    struct figure_rows *ret, struct err *err)
{
    struct figure_row *row = &ret->list[ret->count];
    struct store_record rec = {0};
    struct err why = {0};
    bool allowed = true;
    int r = access_allows_live(call->access_, rid, &allowed, err);

    if (r == 0 && allowed)
        r = seek_rid(seek, rid, &rec, &row->json, err);
    if (r < 0 || !allowed || !row->json)
        return r;
    row->id = rec.id;
    r = call_saw(call, &rec, err);
    if (r < 0)
        return r;
    if (figure_read(row->json, rec.id, &row->claim, &why) < 0) {
        const char *text = arena_printf(call->arena, "%s", why.text);

        if (!text)
            return err_nomem(err);
        row->problem = str_of(text);
    }
    ret->count++;
    return 0;
}

static int by_measure_and_time(const void *one, const void *other)
{
    const struct figure_row *a = one, *b = other;
    int r = str_cmp(a->claim.measure, b->claim.measure);

    if (r == 0)
        r = (a->claim.until > b->claim.until) - (a->claim.until < b->claim.until);
    return r ? r : str_cmp(a->id, b->id);
}

int figure_rows(struct app_call *call, const struct seek *seek, struct str measure,
    struct figure_rows *ret, struct err *err)
{
    struct search_pair pairs[] = {{STR("status"), STR("active")},
        {STR("_count"), STR("1000")}, {STR("_total"), STR("none")},
        {STR("measure"), measure}};
    struct seek_list found = {NULL, 0};
    int r = 0;

    if (call->access_)
        r = access_make(call->access_, err);
    if (r == 0)
        r = seek_all(seek,
            &(struct seek_for){
                "PublishedFigure", pairs, measure.p ? 4 : 3, LIMIT_FIGURES},
            &found, err);
    if (r < 0)
        return r;
    ret->count = 0;
    ret->list = arena_array(call->arena, found.count + 1, sizeof(*ret->list));
    if (!ret->list)
        return err_nomem(err);
    for (size_t i = 0; r == 0 && i < found.count; i++)
        r = take_row(call, seek, found.rids[i], ret, err);
    qsort(ret->list, ret->count, sizeof(*ret->list), by_measure_and_time);
    return r;
}
