/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET Task/$reviews: what the caller is asked to rate; and what came of the reviews of the
 * caller's cases, for heads of either department and quality officers of either hospital,
 * without who said it. Ratings are told when both are there.
 */
#include <stdlib.h>
#include <string.h>

#include "app/person.h"
#include "app/review_internal.h"
#include "fhir/part.h"
#include "fhir/value.h"

struct listing {
    struct app_call *call;
    struct seek seek;
    struct json_out o;
};

/* ---- what waits for the caller ---- */

static struct str kind_of(struct listing *l, const struct json *review, struct err *err)
{
    struct str text = json_get_text(json_get(review, "request"), "reference");
    const struct json *request = NULL;
    const struct json *coding = NULL;

    if (seek_reference(&l->seek, text, "ServiceRequest", &request, err) < 0)
        return (struct str){NULL, 0};
    coding = json_at(json_get(json_at(json_get(request, "category"), 0), "coding"), 0);
    return json_get_text(coding, "code");
}

static void put_mine(struct listing *l, const struct json *review,
    const struct json *rating, struct err *err)
{
    struct str task = json_get_text(json_get(rating, "task"), "reference");

    fhir_parts_open(&l->o, "review");
    fhir_part_put(&l->o, "task", "valueString", seek_id(&l->seek, task, "Task"));
    fhir_part_put(&l->o, "kind", "valueCode", kind_of(l, review, err));
    fhir_part_put(&l->o, "due", "valueDateTime", json_get_text(review, "due"));
    fhir_part_put(&l->o, "given", "valueDateTime", json_get_text(rating, "time"));
    fhir_parts_close(&l->o);
}

static int list_mine(struct listing *l, struct err *err)
{
    const struct search_pair pairs[] = {
        {STR("reviewer"), l->call->caller.practitioner},
        {STR("_sort"), STR("-period")},
        {STR("_count"), STR("100")},
        {STR("_total"), STR("none")},
    };
    struct seek_list found = {NULL, 0};
    int r = seek_all(&l->seek,
        &(struct seek_for){
            "CaseReview", pairs, sizeof(pairs) / sizeof(pairs[0]), LIMIT_REVIEW_LIST},
        &found, err);

    for (size_t i = 0; r == 0 && i < found.count; i++) {
        const struct json *review = NULL;
        struct json_each it;

        r = seek_rid(&l->seek, found.rids[i], NULL, &review, err);
        it = json_each(json_get(review, "rating"));
        while (r == 0 && json_next(&it)) {
            if (str_eq(json_get_text(json_get(it.value, "reviewer"), "reference"),
                    l->call->caller.practitioner))
                put_mine(l, review, it.value, err);
        }
    }
    return r;
}

/* ---- results ---- */

static bool is_at(const struct json *review, const char *side, struct str hospital)
{
    return hospital.p &&
           str_eq(json_get_text(json_get(review, side), "reference"), hospital);
}

/* Does a post of the caller let them see what came of ${review}? */
static bool sees(const struct app_caller *caller, const struct json *review)
{
    for (size_t i = 0; i < caller->post_count; i++) {
        const struct app_post *post = &caller->posts[i];
        bool here = is_at(review, "asking", post->organization) ||
                    is_at(review, "asked", post->organization);

        if (here && str_is(post->role, "quality-officer"))
            return true;
        if (str_is(post->role, "head-of-department") &&
            ((here && !post->department.p) ||
                fhir_reference_in(
                    json_get(review, "askingDepartment"), post->department) ||
                fhir_reference_in(
                    json_get(review, "askedDepartment"), post->department)))
            return true;
    }
    return false;
}

static void put_rating(struct listing *l, const struct json *rating)
{
    fhir_parts_open(&l->o, "rating");
    for (size_t i = 0; i < REVIEW_MARKS; i++) {
        int64_t mark = 0;

        if (text_int(json_text(json_get(rating, review_marks[i])), 1, 5, &mark))
            fhir_part_put_int(&l->o, review_marks[i], mark);
        fhir_part_put(&l->o, review_words[i], "valueString",
            json_get_text(rating, review_word_members[i]));
    }
    fhir_parts_close(&l->o);
}

static int64_t mark_of(const struct json *rating, size_t which)
{
    int64_t mark = 0;

    return text_int(json_text(json_get(rating, review_marks[which])), 1, 5, &mark)
               ? mark
               : 0;
}

/* The two ratings in an order that tells nothing of who was asked first: by the marks. */
static void put_ratings(struct listing *l, const struct json *review)
{
    const struct json *one = json_at(json_get(review, "rating"), 0);
    const struct json *other = json_at(json_get(review, "rating"), 1);
    int64_t order = 0;

    for (size_t i = 0; order == 0 && i < REVIEW_MARKS; i++)
        order = mark_of(one, i) - mark_of(other, i);
    put_rating(l, order <= 0 ? one : other);
    put_rating(l, order <= 0 ? other : one);
    for (size_t i = 0; i < REVIEW_MARKS; i++) {
        if (llabs(mark_of(one, i) - mark_of(other, i)) >= REVIEW_APART)
            fhir_part_put(&l->o, "disagreement", "valueCode", str_of(review_marks[i]));
    }
}

static int put_hospital(
    struct listing *l, const struct json *review, const char *side, struct err *err)
{
    const struct json *hospital = NULL;
    int r = seek_reference(&l->seek, json_get_text(json_get(review, side), "reference"),
        "Organization", &hospital, err);

    fhir_part_put(&l->o, side, "valueString", json_get_text(hospital, "name"));
    return r;
}

/* The case itself, where the caller may open it anyway. */
static int put_case(struct listing *l, const struct json *review, struct err *err)
{
    struct str id = seek_id(&l->seek,
        json_get_text(json_get(review, "request"), "reference"), "ServiceRequest");
    struct store_record rec = {0};
    const struct json *request = NULL;
    bool allowed = false;
    int r = id.p ? seek_record(&l->seek, "ServiceRequest", id, &rec, &request, err) : 0;

    if (r == 0 && request)
        r = access_allows(l->call->access_, rec.rid, &allowed, err);
    if (r == 0 && allowed)
        fhir_part_put(&l->o, "case", "valueString", id);
    return r;
}

static void put_draw(struct listing *l, const struct json *review)
{
    const struct json *draw = json_get(review, "draw");

    fhir_part_put_int(
        &l->o, "candidates", (long long)json_count(json_get(draw, "candidate")));
    fhir_part_put(&l->o, "seed", "valueString", json_get_text(draw, "seed"));
}

static int put_result(struct listing *l, const struct json *review, struct err *err)
{
    struct str week = json_get_text(json_get(review, "period"), "start");
    bool done = str_is(json_get_text(review, "status"), "done");
    int r = 0;

    fhir_parts_open(&l->o, "result");
    fhir_part_put(&l->o, "week", "valueDate",
        (struct str){week.p, week.len > 10 ? 10 : week.len});
    fhir_part_put(&l->o, "status", "valueCode", json_get_text(review, "status"));
    fhir_part_put(&l->o, "due", "valueDateTime", json_get_text(review, "due"));
    fhir_part_put(&l->o, "kind", "valueCode", kind_of(l, review, err));
    r = put_hospital(l, review, "asking", err);
    if (r == 0)
        r = put_hospital(l, review, "asked", err);
    if (r == 0)
        r = put_case(l, review, err);
    if (done)
        put_ratings(l, review);
    put_draw(l, review);
    fhir_parts_close(&l->o);
    return r;
}

/* The hospitals of posts that may see results, as a value of a search. */
static int hospitals_of(struct listing *l, struct str *ret, struct err *err)
{
    const struct app_caller *caller = &l->call->caller;
    const char *text = NULL;

    for (size_t i = 0; i < caller->post_count; i++) {
        const struct app_post *post = &caller->posts[i];

        if (!post->organization.p || (!str_is(post->role, "quality-officer") &&
                                         !str_is(post->role, "head-of-department")))
            continue;
        text = arena_printf(l->seek.a, "%s%s%.*s", text ? text : "", text ? "," : "",
            (int)post->organization.len, post->organization.p);
        if (!text)
            return err_nomem(err);
    }
    *ret = text ? str_of(text) : (struct str){NULL, 0};
    return 0;
}

static int list_results(struct listing *l, struct err *err)
{
    struct search_pair pairs[] = {
        {STR("organization"), {NULL, 0}},
        {STR("_sort"), STR("-period")},
        {STR("_count"), STR("100")},
        {STR("_total"), STR("none")},
    };
    struct seek_list found = {NULL, 0};
    int r = hospitals_of(l, &pairs[0].value, err);

    if (r < 0 || !pairs[0].value.p)
        return r;
    r = seek_all(&l->seek,
        &(struct seek_for){
            "CaseReview", pairs, sizeof(pairs) / sizeof(pairs[0]), LIMIT_REVIEW_LIST},
        &found, err);
    for (size_t i = 0; r == 0 && i < found.count; i++) {
        const struct json *review = NULL;

        r = seek_rid(&l->seek, found.rids[i], NULL, &review, err);
        if (r == 0 && review && sees(&l->call->caller, review))
            r = put_result(l, review, err);
    }
    return r;
}

/* ---- the way ---- */

static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct listing l = {.call = call, .o = json_out(&call->answer)};
    struct store_reader *snapshot = NULL;
    int r = call_read_begin(call, &snapshot, err);

    (void)rest;
    l.seek = (struct seek){call->app, snapshot, call->arena};
    fhir_parameters_open(&l.o);
    if (r == 0)
        r = list_mine(&l, err);
    if (r == 0)
        r = list_results(&l, err);
    fhir_parameters_close(&l.o);
    call_read_end(call, snapshot);
    return r;
}

int rest_case_reviews(struct app_call *call, const struct rest *rest, struct err *err)
{
    if (!call->caller.practitioner.p || call->caller.client.p)
        return err_set(
            err, E_FORBIDDEN, NULL, "Reviews are for people, each for themselves.");
    return call_pool(call, rest, run, err);
}
