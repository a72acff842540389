/* SPDX-License-Identifier: Apache-2.0 */
/* The acts by which reports became public, and which of them hold. */
#include "app/publication.h"

#include <stdlib.h>

static int by_time(const void *one, const void *other)
{
    const struct publication *a = one, *b = other;
    int r = str_cmp(json_get_text(a->json, "at"), json_get_text(b->json, "at"));

    return r ? r : str_cmp(a->id, b->id); /* ids of one node follow its clock */
}

int publications_load(
    const struct seek *seek, struct publications *ret, struct err *err)
{
    const struct search_pair pairs[] = {
        {STR("_count"), STR("1000")}, {STR("_total"), STR("none")}};
    struct seek_list found = {NULL, 0};
    int r = seek_all(seek,
        &(struct seek_for){"Publication", pairs, 2, 2 * PUBLICATIONS + 1}, &found, err);

    if (r == 0 && found.count > 2 * PUBLICATIONS)
        r = err_set(err, E_TOO_LARGE, NULL,
            "More was said to the public than this node can lay out.");
    if (r < 0)
        return r;
    ret->count = 0;
    ret->list = arena_array(seek->a, found.count + 1, sizeof(*ret->list));
    if (!ret->list)
        return err_nomem(err);
    for (size_t i = 0; r == 0 && i < found.count; i++) {
        struct publication *p = &ret->list[ret->count];
        struct store_record record = {0};

        r = seek_rid(seek, found.rids[i], &record, &p->json, err);
        if (r < 0 || !p->json)
            continue;
        p->id = record.id;
        p->act = json_get_text(p->json, "act");
        p->report = json_get_text(p->json, "report");
        p->replaces = json_get_text(p->json, "replaces");
        ret->count++;
    }
    qsort(ret->list, ret->count, sizeof(*ret->list), by_time);
    return r;
}

const struct publication *publication_in_force(
    const struct publications *all, struct str report, size_t before)
{
    for (size_t i = before; i-- > 0;) {
        const struct publication *p = &all->list[i];

        if (str_eq(p->report, report))
            return str_is(p->act, "withdraw") ? NULL : p;
        if (p->replaces.p && str_eq(p->replaces, report))
            return NULL;
    }
    return NULL;
}

/* Do both have the same in each of ${names}? */
static bool are_alike(
    const struct json *one, const struct json *other, const char *const *names)
{
    for (size_t i = 0; names[i]; i++) {
        if (!str_eq(json_get_text(one, names[i]), json_get_text(other, names[i])))
            return false;
    }
    return true;
}

bool publication_is_same(const struct json *one, const struct json *other)
{
    static const char *const question[] = {
        "indicator", "stratum", "from", "until", "baseFrom", "baseUntil", NULL};

    return are_alike(one, other, question);
}

bool publication_says_same(const struct json *one, const struct json *other)
{
    static const char *const answer[] = {"value", "atMost", "met", "of", NULL};

    return are_alike(one, other, answer);
}

const struct json *publication_same(
    const struct publication *act, const struct json *figure)
{
    struct json_each it = json_each(json_get(act->json, "figure"));

    while (json_next(&it)) {
        if (publication_is_same(it.value, figure))
            return it.value;
    }
    return NULL;
}
