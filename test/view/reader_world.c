/* SPDX-License-Identifier: Apache-2.0 */
#include "reader_world.h"

#include "base/limits.h"

#include "unit.h"

#define check(r, err)                                                                  \
    do {                                                                               \
        if ((r) < 0)                                                                   \
            fail_msg("%s: %s", (err)->path, (err)->text);                              \
    } while (0)

void world_open(struct world *w, enum store_kind kind)
{
    memset(w, 0, sizeof(*w));
    w->arena = arena_new();
    w->now = NODE_NOW;
    node_open(&w->node, kind);
}

void world_close(struct world *w)
{
    node_close(&w->node);
    arena_free(w->arena);
}

const char *world_name(struct world *w, const struct json *record)
{
    struct str type = json_get_text(record, "resourceType");
    struct str id = json_get_text(record, "id");

    return arena_printf(
        w->arena, "%.*s/%.*s", (int)type.len, type.p, (int)id.len, id.p);
}

static bool is_named(const struct json *record, struct str name)
{
    struct str type = str_cut(&name, '/');

    return str_eq(json_get_text(record, "resourceType"), type) &&
           str_eq(json_get_text(record, "id"), name);
}

const struct json *world_find(const struct world *w, struct str name)
{
    for (size_t i = 0; name.p && i < w->count; i++) {
        if (w->records[i] && is_named(w->records[i], name))
            return w->records[i];
    }
    return NULL;
}

void world_put(struct world *w, const char *text)
{
    struct str json = node_json(w->arena, text);
    const struct json *record = NULL;
    struct err err = {0};

    if (json_read(w->arena, json, LIMIT_RECORD_BYTES, &record, &err) < 0)
        fail_msg("%s: %s", err.text, text);
    node_put_json(&w->node, json);
    for (size_t i = 0; i < w->count; i++) {
        if (is_named(w->records[i], str_of(world_name(w, record)))) {
            w->records[i] = record;
            return;
        }
    }
    assert_true(w->count < WORLD_MOST);
    w->records[w->count++] = record;
}

store_rid world_rid(struct world *w, const char *name)
{
    struct str id = str_of(name);
    struct str type = str_cut(&id, '/');
    store_rid rid = 0;
    struct err err = {0};

    if (store_find(node_reader(&w->node), fhir_resource_named(type)->number, id, &rid,
            &err) < 0)
        fail_msg("%s: %s", name, err.text);
    return rid;
}

/* ---- people ---- */

static bool holds(const struct json *period, utc_ms now)
{
    utc_ms lo = UTC_MS_MIN, hi = UTC_MS_MAX, ignored = 0;
    struct str start = json_get_text(period, "start");
    struct str end = json_get_text(period, "end");

    if (start.p && !fhir_date_range(start, &lo, &ignored))
        return false;
    if (end.p && !fhir_date_range(end, &ignored, &hi))
        return false;
    return lo <= now && now < hi;
}

static struct str ref_of(const struct json *record, const char *name)
{
    return json_get_text(json_get(record, name), "reference");
}

struct reader_who world_who(
    struct world *w, const char *practitioner, const char *grant, utc_ms until)
{
    struct reader_post *posts = arena_array(w->arena, 16, sizeof(*posts));
    struct reader_grant *grants = arena_array(w->arena, 1, sizeof(*grants));
    struct reader_who who = {.practitioner = str_of(practitioner),
        .posts = posts,
        .grants = grants,
        .now = w->now,
        .bases = node_request(&w->node, "Patient").bases};

    for (size_t i = 0; i < w->count; i++) {
        const struct json *role = w->records[i];

        if (!role || !str_is(json_get_text(role, "resourceType"), "PractitionerRole") ||
            !str_is(ref_of(role, "practitioner"), practitioner) ||
            json_kind(json_get(role, "active")) == JSON_FALSE ||
            !holds(json_get(role, "period"), w->now))
            continue;
        assert_true(who.post_count < 16);
        posts[who.post_count++] = (struct reader_post){
            json_get_text(
                json_at(json_get(json_at(json_get(role, "code"), 0), "coding"), 0),
                "code"),
            ref_of(role, "organization")};
    }
    if (grant) {
        grants[0] = (struct reader_grant){str_of(grant), until};
        who.grant_count = 1;
    }
    return who;
}
