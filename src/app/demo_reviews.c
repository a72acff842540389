/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reviews of the demonstration: the node draws what it would have drawn, and those whose week
 * is more than two weeks ago are rated, each by who was drawn, with marks that follow from the
 * review. What waits is what was drawn lately.
 */
#include "app/change.h"
#include "app/demo_internal.h"
#include "app/review.h"
#include "app/seek.h"
#include "fhir/value.h"

#define RATED_AFTER_MS ((utc_ms)14 * 24 * 60 * 60 * 1000)

struct rating {
    struct str task; /* "Task/ID" */
    struct str reviewer;
    unsigned number; /* of all of them */
};

static int rate(
    struct app *app, struct arena *a, const struct rating *rating, struct err *err)
{
    static const char *const words[] = {"", "Asked with all that was needed.",
        "The outcome should have been told earlier.", "A clear answer, and quick."};
    unsigned n = rating->number;
    struct app_call call = {.app = app,
        .arena = a,
        .method = APP_POST,
        .caller = {.name = STR("demonstration"),
            .role = STR("program"),
            .practitioner = rating->reviewer}};
    const char *path =
        arena_printf(a, "%.*s/$review", (int)rating->task.len, rating->task.p);
    const char *word = *words[n % 4] ? arena_printf(a,
                                           ",{\"name\":\"process-word\","
                                           "\"valueString\":\"%s\"}",
                                           words[n % 4])
                                     : "";
    const char *body = arena_printf(a,
        "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"process\","
        "\"valueInteger\":%u},{\"name\":\"value\",\"valueInteger\":%u},{\"name\":"
        "\"difficulty\",\"valueInteger\":%u}%s]}",
        2 + n * 7 % 4, 3 + n % 3, 1 + n * 5 % 4, word ? word : "");
    int r = path && body ? 0 : err_nomem(err);

    if (r < 0)
        return r;
    call.path = str_of(path);
    call.body = str_of(body);
    app_run(&call);
    if (call.status != 200)
        r = demo_refused(&call, err);
    app_call_done(&call);
    return r;
}

/* Who has no rating in ${review} yet, if it is an old one, into ${ret}. */
static size_t open_ratings(
    const struct json *review, utc_ms now, struct rating *ret, size_t most)
{
    struct json_each it = json_each(json_get(review, "rating"));
    utc_ms end = 0;
    utc_ms ignored = 0;
    size_t count = 0;

    if (!fhir_date_range(
            json_get_text(json_get(review, "period"), "end"), &end, &ignored) ||
        end > now - RATED_AFTER_MS)
        return 0;
    while (count < most && json_next(&it)) {
        if (json_get(it.value, "time"))
            continue;
        ret[count++] = (struct rating){
            .task = json_get_text(json_get(it.value, "task"), "reference"),
            .reviewer = json_get_text(json_get(it.value, "reviewer"), "reference")};
    }
    return count;
}

static int rate_all(struct app *app, const struct seek *s, utc_ms now, struct err *err)
{
    const struct search_pair pairs[] = {{STR("status"), STR("waiting")},
        {STR("_sort"), STR("period,_id")}, {STR("_count"), STR("500")}};
    struct seek_list found = {NULL, 0};
    unsigned number = 0;
    int r = seek_all(s, &(struct seek_for){"CaseReview", pairs, 3, 5000}, &found, err);

    for (size_t i = 0; r == 0 && i < found.count; i++) {
        struct rating ratings[2];
        const struct json *review = NULL;
        size_t count = 0;

        r = seek_rid(s, found.rids[i], NULL, &review, err);
        if (r == 0)
            count = open_ratings(review, now, ratings, 2);
        for (size_t at = 0; r == 0 && at < count; at++) {
            ratings[at].number = number++;
            r = rate(app, s->a, &ratings[at], err);
        }
    }
    return r;
}

int demo_load_reviews(struct app *app, utc_ms now, struct err *err)
{
    struct arena *a = arena_new();
    struct store_reader *snapshot = NULL;
    struct seek s = {.app = app, .a = a};
    int r = a ? review_run(app, NULL, now, NULL, err) : err_nomem(err);

    if (r == 0)
        r = store_read_begin(app->store, &snapshot, err);
    s.snapshot = snapshot;
    if (r == 0)
        r = rate_all(app, &s, now, err);
    if (snapshot)
        store_read_end(snapshot);
    arena_free(a);
    return r;
}
