/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET Report/$public: what is public, and every act by which it came to be so, the latest first. Anybody asks it, signed in or
 * not, so it reads nothing but Publications, and of those never who did it.
 */
#include <inttypes.h>

#include "base/hash.h"

#include "app/publication.h"
#include "fhir/part.h"

/* ${names} of ${record} as parts, each under its own name. */
static void put_texts(
    struct json_out *o, const struct json *record, const char *const *names)
{
    for (size_t i = 0; names[i]; i++)
        fhir_part_put(o, names[i], "valueString", json_get_text(record, names[i]));
}

/* ---- what is public ---- */

static void put_report(struct json_out *o, const struct publication *p)
{
    static const char *const head[] = {
        "report", "title", "at", "role", "reason", "frozen", "position", "hash", NULL};
    static const char *const members[] = {"indicator", "title", "definition", "version",
        "digest", "stratum", "from", "until", "baseFrom", "baseUntil", "rule", "value",
        "atMost", "unit", "kind", "met", "of", "low", "high", NULL};
    struct json_each it = json_each(json_get(p->json, "figure"));

    fhir_parts_open(o, "report");
    put_texts(o, p->json, head);
    while (json_next(&it)) {
        fhir_parts_open(o, "figure");
        put_texts(o, it.value, members);
        fhir_parts_close(o);
    }
    fhir_parts_close(o);
}

/* ---- the log ---- */

static void put_change(
    struct json_out *o, const struct json *was, const struct json *is)
{
    static const char *const question[] = {"indicator", "title", "stratum", "from",
        "until", "baseUntil", "rule", "unit", "kind", NULL};

    fhir_parts_open(o, "change");
    put_texts(o, is ? is : was, question);
    fhir_part_put(o, "was", "valueString", json_get_text(was, "value"));
    fhir_part_put(o, "was-at-most", "valueString", json_get_text(was, "atMost"));
    fhir_part_put(o, "is", "valueString", json_get_text(is, "value"));
    fhir_part_put(o, "is-at-most", "valueString", json_get_text(is, "atMost"));
    fhir_parts_close(o);
}

/* What ${p} changed in what ${before} had made public; of the two only ${p} may have no figures. */
static void put_changes(
    struct json_out *o, const struct publication *before, const struct publication *p)
{
    struct json_each it = json_each(json_get(before->json, "figure"));

    while (json_next(&it)) {
        const struct json *is = publication_same(p, it.value);

        if (!is || !publication_says_same(it.value, is))
            put_change(o, it.value, is);
    }
    it = json_each(json_get(p->json, "figure"));
    while (json_next(&it)) {
        if (!publication_same(before, it.value))
            put_change(o, NULL, it.value);
    }
}

static void put_act(struct json_out *o, const struct publications *all, size_t at)
{
    static const char *const head[] = {
        "act", "at", "report", "title", "replaces", "role", "reason", NULL};
    const struct publication *p = &all->list[at];
    const struct publication *before = NULL;

    if (str_is(p->act, "withdraw"))
        before = publication_in_force(all, p->report, at);
    else if (p->replaces.p)
        before = publication_in_force(all, p->replaces, at);
    fhir_parts_open(o, "act");
    put_texts(o, p->json, head);
    if (before)
        put_changes(o, before, p);
    fhir_parts_close(o);
}

/* ---- the call ---- */

static int tell(struct app_call *call, const struct publications *all, struct err *err)
{
    struct json_out o = json_out(&call->answer);
    char tag[17];
    int r = 0;

    fhir_parameters_open(&o);
    for (size_t i = all->count; i-- > 0;) {
        const struct publication *p = &all->list[i];

        if (publication_in_force(all, p->report, all->count) == p)
            put_report(&o, p);
    }
    for (size_t i = all->count; i-- > 0;)
        put_act(&o, all, i);
    fhir_parameters_close(&o);
    r = buf_error(&call->answer, "What the public is told", err);
    if (r < 0)
        return r;
    snprintf(tag, sizeof(tag), "%016" PRIx64,
        hash64(call->answer.data, call->answer.len, 0));
    snprintf(call->etag, sizeof(call->etag), "W/\"%s\"", tag);
    if (call->if_none_match.p && rest_etag_matches(call->if_none_match, tag)) {
        call->status = 304;
        buf_clear(&call->answer);
    }
    return 0;
}

static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct seek seek = {call->app, NULL, call->arena};
    struct publications all = {NULL, 0};
    int r = 0;

    if (rest->pair_count > 0)
        return err_set(err, E_INVALID, rest->pairs[0].name.p,
            "What is public is told as a whole: $public takes no parameters.");
    r = call_read_begin(call, &seek.snapshot, err);
    if (r == 0)
        r = publications_load(&seek, &all, err);
    if (r == 0)
        r = tell(call, &all, err);
    call_read_end(call, seek.snapshot);
    call->may_be_kept = true;
    return r;
}

int publication_tell(struct app_call *call, const struct rest *rest, struct err *err)
{
    return call_pool(call, rest, run, err);
}
