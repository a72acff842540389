/* SPDX-License-Identifier: Apache-2.0 */
/* What the rules for writing ask about records that are named, not read. */
#include "view/reader_internal.h"

int reader_allows_reference(struct reader *rd, struct str reference,
    struct reader_verdict *ret, struct err *err)
{
    store_rid rid = 0;
    int r = 0;

    *ret = (struct reader_verdict){.allowed = false};
    rd->run.err = err;
    r = reader_find(rd, reference, &rid);
    return r == 0 && rid ? reader_allows(rd, rid, ret, err) : r;
}

int reader_keeps_beds(struct reader *rd, struct str unit, bool *ret, struct err *err)
{
    store_rid hospital = 0;
    int r = unit.p ? reader_hospital_of(rd, unit, &hospital, err) : 0;

    if (r == 0)
        *ret = hospital && reader_set_has(&rd->beds, hospital);
    return r;
}

/* The Organizations of ${posts}, each once. */
static int units(
    struct reader *rd, const struct reader_set *posts, struct reader_set *ret)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < posts->count; i++)
        r = reader_targets(rd, posts->list[i], rd->t->role_org, ret);
    return r;
}

int reader_name_unit(struct reader *rd, store_rid unit, struct str *ret)
{
    struct str id = {NULL, 0};
    const char *text = NULL;
    int r = store_name(rd->run.r, rd->run.a, unit, &id, rd->run.err);

    if (r < 0)
        return r;
    text = arena_printf(rd->run.a, "Organization/%.*s", (int)id.len, id.p);
    if (!text)
        return err_nomem(rd->run.err);
    *ret = str_of(text);
    return 0;
}

int reader_units_of(struct reader *rd, struct str practitioner, struct str *ret,
    size_t most, size_t *ret_count, struct err *err)
{
    struct reader_set posts = {0};
    struct reader_set found = {0};
    store_rid person = 0;
    int r = 0;

    rd->run.err = err;
    *ret_count = 0;
    r = reader_find(rd, practitioner, &person);
    if (r == 0 && person)
        r = reader_sources(rd, rd->t->role_person, person, LIMIT_READER_SET, &posts);
    if (r == 0)
        r = units(rd, &posts, &found);
    for (size_t i = 0; r == 0 && i < found.count && i < most; i++) {
        if (store_rid_type(found.list[i]) != rd->t->organization)
            continue;
        r = reader_name_unit(rd, found.list[i], &ret[*ret_count]);
        *ret_count += r == 0;
    }
    if (r == 0 && (posts.full || found.full || found.count > most))
        *ret_count = most + 1;
    return r;
}

int reader_units_asked(struct reader *rd, const struct json *request, struct str *ret,
    size_t most, size_t *ret_count, struct err *err)
{
    struct json_each it = json_each(json_get(request, "performer"));
    struct reader_set found = {0};
    int r = 0;

    rd->run.err = err;
    *ret_count = 0;
    while (r == 0 && json_next(&it)) {
        store_rid asked = 0;

        r = reader_find(rd, json_get_text(it.value, "reference"), &asked);
        if (r == 0 && asked)
            r = reader_add_asked_units(rd, asked, false, &found);
    }
    for (size_t i = 0; r == 0 && i < found.count && *ret_count < most; i++) {
        bool live = false;

        r = store_live(rd->run.r, found.list[i], &live, err);
        if (r < 0 || !live || store_rid_type(found.list[i]) != rd->t->organization)
            continue;
        r = reader_name_unit(rd, found.list[i], &ret[*ret_count]);
        *ret_count += r == 0;
    }
    return r;
}
