/* SPDX-License-Identifier: Apache-2.0 */
/*
 * EmergencyAccess/ID/$review: the word of a head of department or a quality officer of the
 * hospital, and never of who took the decision. There is one review, and it stays.
 */
#include "app/app_internal.h"
#include "app/emergency_internal.h"
#include "fhir/value.h"

struct review {
    struct str verdict;
    struct str word;
};

/* Does a post of ${caller} review ${record}? */
static bool reviews(const struct app_caller *caller, const struct json *record)
{
    struct str hospital = json_get_text(json_get(record, "organization"), "reference");

    for (size_t i = 0; i < caller->post_count; i++) {
        const struct app_post *post = &caller->posts[i];
        bool here = post->organization.p && str_eq(post->organization, hospital);

        if (here && str_is(post->role, "quality-officer"))
            return true;
        if (here && str_is(post->role, "head-of-department") &&
            (!post->department.p ||
                fhir_reference_in(json_get(record, "department"), post->department)))
            return true;
    }
    return false;
}

static int check(
    const struct app_call *call, const struct json *record, struct err *err)
{
    struct str who = json_get_text(json_get(record, "practitioner"), "reference");

    if (str_eq(who, call->caller.practitioner))
        return err_set(err, E_FORBIDDEN, NULL,
            "Nobody reviews their own decision: another head of department or quality "
            "officer of the hospital does.");
    if (!reviews(&call->caller, record))
        return err_set(err, E_FORBIDDEN, NULL,
            "It is reviewed by the head of the department or a quality officer of the "
            "hospital that did it.");
    if (str_is(json_get_text(record, "status"), "reviewed"))
        return err_set(err, E_CONFLICT, NULL, "This has been reviewed already.");
    return 0;
}

static void put_review(
    struct json_out *o, const struct app_call *call, const struct review *review)
{
    char iso[TIME_ISO_MAX];

    time_iso(time_now(), iso);
    json_name(o, "review");
    json_open(o, '{');
    json_name(o, "reviewer");
    json_open(o, '{');
    json_member(o, "reference", call->caller.practitioner);
    json_close(o, '}');
    json_member(o, "time", str_of(iso));
    json_member(o, "verdict", review->verdict);
    json_member(o, "word", review->word);
    json_close(o, '}');
}

/* ${record} with the review. */
static void put_record(struct buf *b, const struct app_call *call,
    const struct json *record, const struct review *review)
{
    struct json_out o = json_out(b);
    struct json_each it = json_each(record);

    json_open(&o, '{');
    while (json_next(&it)) {
        if (str_is(it.name, "status") || str_is(it.name, "meta"))
            continue;
        json_write_text(b, it.name);
        buf_addc(b, ':');
        json_write(b, it.value);
        buf_addc(b, ',');
    }
    json_member(&o, "status", STR("reviewed"));
    put_review(&o, call, review);
    json_close(&o, '}');
}

/* What the call says; the record as it is, if it is for this caller, into ${ret}. */
static int look(struct app_call *call, const struct rest *rest,
    struct store_record *ret, const struct json **ret_json, struct err *err)
{
    struct store_reader *reader = NULL;
    bool allowed = false;
    int r = call_read_begin(call, &reader, err);

    if (r == 0)
        r = store_get(reader, call->arena, rest->type->number, rest->id, ret, err);
    if (r == 0)
        r = access_allows(call->access_, ret->rid, &allowed, err);
    if (r == E_NOT_FOUND || (r == 0 && (!allowed || ret->body.len == 0))) {
        access_missing(call->access_, rest->type->number, r == 0);
        r = access_no_such(rest->type, rest->id, false, err);
    }
    call_read_end(call, reader);
    return r == 0 ? json_read_trusted(call->arena, ret->body, ret_json, err) : r;
}

static int decide(
    struct app_call *call, const struct rest *rest, struct writing *w, struct err *err)
{
    const struct json *body = w->resource;
    const struct json *record = NULL;
    struct store_record rec = {0};
    struct review review = {{NULL, 0}};
    struct buf b;
    int r = emergency_text(body, "word", "what the review finds", &review.word, err);

    review.verdict = json_get_text(body_parameter(body, "verdict"), "valueCode");
    if (r == 0 && !review.verdict.p)
        r = err_set(err, E_INVALID, "verdict",
            "Say the verdict: a valueCode justified, unclear or unjustified.");
    if (r == 0)
        r = look(call, rest, &rec, &record, err);
    if (r == 0)
        r = check(call, record, err);
    if (r < 0)
        return r;
    call->why_ = review.word;
    w->write.expect = STORE_EXPECT_VID;
    w->write.expect_soft = true;
    memcpy(w->write.expect_vid, rec.vid, sizeof(rec.vid));
    buf_init(&b, LIMIT_RECORD_BYTES);
    put_record(&b, call, record, &review);
    r = emergency_take(call, w, &b, err);
    buf_done(&b);
    w->resource = body; /* again, after a lost race */
    return r < 0 ? r : WRITING_READY;
}

int rest_review(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct writing *w = NULL;
    int r =
        call->access_ && !call->caller.client.p
            ? writing_start(call, rest, &w, err)
            : err_set(err, E_FORBIDDEN, NULL, "A person reviews it, and no program.");

    if (r == 0)
        r = call_alone(call, "$review", err);
    if (r == 0)
        r = body_parameters(call, "$review", &w->resource, err);
    if (r < 0 || !w)
        return r;
    w->decide = decide;
    w->answer = writing_answer_made;
    w->write = (struct store_write){
        .type = rest->type, .id = rest->id, .operation = STORE_UPDATE};
    return writing_go(call, err);
}
