/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Never two open ways to move one patient. A step that opens a way (a transfer is sent,
 * accepted, begun) asks for another transfer of the patient that is not over: on the snapshot,
 * to say which, and by the writer inside its transaction, where nobody comes between.
 */
#include "app/access_internal.h"
#include "app/case_internal.h"
#include "view/case_task.h"

/* Where the patient may yet be moved. */
static const enum case_state moving[] = {CASE_SENT, CASE_ALLOCATED,
    CASE_INFORMATION_ASKED, CASE_BED_ACCEPTED, CASE_ON_THE_WAY, CASE_ARRIVED};
#define QUESTION_BYTES 160 /* of the other one's, in a sentence */
#define MOVING (sizeof(moving) / sizeof(moving[0]))

bool case_is_of(const struct json *request, const char *kind)
{
    struct json_each it = json_each(json_get(request, "category"));

    while (json_next(&it)) {
        struct json_each coding = json_each(json_get(it.value, "coding"));

        while (json_next(&coding)) {
            if (str_is(json_get_text(coding.value, "system"), CASE_KIND_SYSTEM) &&
                str_is(json_get_text(coding.value, "code"), kind))
                return true;
        }
    }
    return false;
}

static bool opens_way(const struct case_doing *d)
{
    enum case_does does = d->step->does;

    return (does == CASE_DOES_SEND || does == CASE_DOES_PROMISE ||
               does == CASE_DOES_DEPART) &&
           case_is_of(d->request, "transfer");
}

/* The Tasks of the patient's open transfers. */
static int make_query(struct case_doing *d, struct err *err)
{
    struct arena *a = d->call->arena;
    struct str subject = json_get_text(json_get(d->request, "subject"), "reference");
    struct search_pair pairs[] = {{.name = STR("patient"), .value = subject},
        {.name = STR("business-status")},
        {STR("focus:ServiceRequest.category"), STR(CASE_KIND_SYSTEM "|transfer")}};
    struct search_request rq = {.type = case_type("Task")->number,
        .pairs = pairs,
        .pair_count = sizeof(pairs) / sizeof(pairs[0]),
        .bases = app_bases(a, d->call->app, d->call->app->base[APP_FHIR]),
        .now = d->now};
    struct fhir_issues issues = {0};
    const char *states = "";

    for (size_t i = 0; states && i < MOVING; i++)
        states = arena_printf(a, "%s%s" CASE_STATE_SYSTEM "|%s", states, i ? "," : "",
            case_state_code(moving[i]));
    if (!states)
        return err_nomem(err);
    pairs[1].value = str_of(states);
    return search_parse(a, &rq, &issues, &d->ways, err);
}

/* The Task of another one; 0: there is none. */
static int look(
    struct store_reader *r, const struct case_doing *d, store_rid *ret, struct err *err)
{
    store_rid rids[2] = {0};
    size_t count = 0;
    int e = search_match_few(r, d->call->arena, d->ways, rids, &count, err);

    *ret = 0;
    for (size_t i = 0; e == 0 && i < count; i++) {
        if (rids[i] != d->task_record.rid)
            *ret = rids[i];
    }
    return e;
}

int case_ways_hold(struct store_reader *r, const struct case_doing *d, struct err *err)
{
    store_rid other = 0;
    int e = d->ways ? look(r, d, &other, err) : 0;

    if (e < 0 || !other)
        return e;
    return err_set(err, E_CONFLICT, NULL,
        "Another transfer of this patient was begun at this moment.");
}

/* ---- in words ---- */

static int refuse_shown(
    struct case_doing *d, const struct store_record *rec, struct err *err)
{
    const struct json *task = NULL;
    struct str name = {NULL, 0};
    int r = json_read_trusted(d->call->arena, rec->body, &task, err);

    if (r < 0)
        return r;
    name = case_text_cut(json_get_text(task, "description"), QUESTION_BYTES);
    return err_set(err, E_CONFLICT, NULL,
        "This patient has another transfer that is open: \"%.*s\" "
        "(ServiceRequest/%.*s), "
        "which is %s since %.*s. Withdraw or end one of the two first. Nothing was "
        "changed.",
        (int)(name.p ? name.len : 0), name.p ? name.p : "",
        (int)json_get_text(task, "id").len, json_get_text(task, "id").p,
        case_state_code(case_state_of(task)),
        (int)json_get_text(task, "lastModified").len,
        json_get_text(task, "lastModified").p ? json_get_text(task, "lastModified").p
                                              : "");
}

int case_ways_check(struct case_doing *d, struct err *err)
{
    struct store_record rec = {0};
    store_rid other = 0;
    bool shown = true;
    int r = 0;

    d->ways = NULL;
    if (!opens_way(d))
        return 0;
    r = make_query(d, err);
    if (r == 0)
        r = look(d->snapshot, d, &other, err);
    if (r < 0 || !other)
        return r;
    if (d->call->access_)
        r = access_allows(d->call->access_, other, &shown, err);
    if (r == 0 && shown) {
        r = store_get_rid(d->snapshot, d->call->arena, other, true, &rec, err);
        return r < 0 ? r : refuse_shown(d, &rec, err);
    }
    return r < 0 ? r
                 : err_set(err, E_CONFLICT, NULL,
                       "This patient has another transfer that is open, which is not "
                       "shown to you: the hospital that asks ends one of the two "
                       "first. Nothing was changed.");
}
