/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Learning: an Apprenticeship, an Enrolment, a SignOff, and a rating (an Observation whose
 * focus is a Practitioner). They are about a colleague, so the hospital's clinicians do not
 * read them.
 */
#include "view/reader_internal.h"

bool reader_is_rating(
    const struct reader *rd, unsigned type, const struct reader_refs *refs)
{
    for (size_t i = 0; type == rd->t->observation && i < refs->count; i++) {
        if (reader_slot_in(refs->list[i].slot, rd->t->focus) &&
            store_rid_type(refs->list[i].target) == rd->t->practitioner)
            return true;
    }
    return false;
}

static void allow(struct reader_verdict *v, enum reader_reason reason)
{
    *v = (struct reader_verdict){.allowed = true, .reason = reason};
}

static bool names(const struct reader_refs *refs, const struct fhir_param *param,
    const struct reader_set *who)
{
    for (size_t i = 0; i < refs->count; i++) {
        if (reader_slot_in(refs->list[i].slot, param) &&
            reader_set_has(who, refs->list[i].target))
            return true;
    }
    return false;
}

/* Is it this person that ${refs} names by ${param}? */
static bool names_me(const struct reader *rd, const struct reader_refs *refs,
    const struct fhir_param *param)
{
    store_rid person = rd->person;
    struct reader_set me = {.list = &person, .count = person != 0};

    return names(refs, param, &me);
}

static void apprenticeship(
    const struct reader *rd, const struct reader_refs *refs, struct reader_verdict *ret)
{
    if (names_me(rd, refs, rd->t->apprentice))
        allow(ret, READER_BY_SELF);
    else if (names_me(rd, refs, rd->t->master))
        allow(ret, READER_BY_MASTER);
    else if (names(refs, rd->t->department, &rd->heads))
        allow(ret, READER_BY_HEAD);
}

/* Was ${rid}, an Apprenticeship, ever agreed to? What was only proposed opens nothing that was
 * said of somebody: else anybody could propose themselves into it. */
static int was_agreed(struct reader *rd, store_rid rid, bool *ret)
{
    const struct json *json = NULL;
    int r = reader_content(rd, rid, &json);
    struct str status = json_get_text(json, "status");

    *ret = r == 0 && json && !str_is(status, "planned") && !str_is(status, "declined");
    return r;
}

static void enrolment(
    const struct reader *rd, const struct reader_refs *refs, struct reader_verdict *ret)
{
    if (names_me(rd, refs, rd->t->enrolled))
        allow(ret, READER_BY_SELF);
    else if (names_me(rd, refs, rd->t->enrolled_under))
        allow(ret, READER_BY_MASTER);
    else if (names(refs, rd->t->enrolled_at, &rd->heads))
        allow(ret, READER_BY_HEAD);
}

/* By what ties this person to ${apprentice}. */
static int by_apprentice(
    struct reader *rd, store_rid apprentice, struct reader_verdict *ret)
{
    struct reader_set found = {0};
    int r = reader_sources(rd, rd->t->apprentice, apprentice, LIMIT_READER_SET, &found);

    for (size_t i = 0; r == 0 && !ret->allowed && i < found.count; i++) {
        struct reader_verdict by = {.allowed = false};
        struct reader_refs refs;
        bool agreed = false;

        r = reader_refs_of(rd, found.list[i], &refs);
        if (r == 0)
            apprenticeship(rd, &refs, &by);
        if (r == 0 && by.allowed)
            r = was_agreed(rd, found.list[i], &agreed);
        if (r == 0 && agreed)
            *ret = by;
    }
    return r;
}

static int rating(
    struct reader *rd, const struct reader_refs *refs, struct reader_verdict *ret)
{
    int r = 0;

    if (names_me(rd, refs, rd->t->focus))
        allow(ret, READER_BY_SELF);
    else if (names_me(rd, refs, rd->t->rater))
        allow(ret, READER_BY_RATER);
    for (size_t i = 0; r == 0 && !ret->allowed && i < refs->count; i++) {
        if (reader_slot_in(refs->list[i].slot, rd->t->focus) &&
            store_rid_type(refs->list[i].target) == rd->t->practitioner)
            r = by_apprentice(rd, refs->list[i].target, ret);
    }
    return r;
}

/* Who signs and who answers for the hospital; else whoever follows the person's learning. */
static int sign_off(
    struct reader *rd, const struct reader_refs *refs, struct reader_verdict *ret)
{
    int r = 0;

    if (names_me(rd, refs, rd->t->signed_person))
        allow(ret, READER_BY_SELF);
    else if (names(refs, rd->t->signed_department, &rd->heads))
        allow(ret, READER_BY_HEAD);
    else if (names(refs, rd->t->signed_hospital, &rd->quality))
        allow(ret, READER_BY_QUALITY);
    else if (names(refs, rd->t->signed_hospital, &rd->directed))
        allow(ret, READER_BY_DIRECTOR);
    for (size_t i = 0; r == 0 && !ret->allowed && i < refs->count; i++) {
        if (reader_slot_in(refs->list[i].slot, rd->t->signed_person))
            r = by_apprentice(rd, refs->list[i].target, ret);
    }
    return r;
}

int reader_learning(struct reader *rd, store_rid rid, const struct reader_refs *refs,
    struct reader_verdict *ret)
{
    if (rd->person == 0)
        return 0;
    if (store_rid_type(rid) == rd->t->observation)
        return rating(rd, refs, ret);
    if (store_rid_type(rid) == rd->t->sign_off)
        return sign_off(rd, refs, ret);
    if (store_rid_type(rid) == rd->t->enrolment)
        enrolment(rd, refs, ret);
    else
        apprenticeship(rd, refs, ret);
    return 0;
}

int reader_learner(struct reader *rd, struct str practitioner,
    struct reader_verdict *ret, struct err *err)
{
    struct reader_verdict verdict = {.allowed = false};
    store_rid who = 0;
    int r = 0;

    rd->run.err = err;
    r = reader_find(rd, practitioner, &who);
    if (r == 0 && who && rd->person == who)
        allow(&verdict, READER_BY_SELF);
    else if (r == 0 && who && rd->person)
        r = by_apprentice(rd, who, &verdict);
    if (r == 0)
        *ret = verdict;
    return r;
}

int reader_is_apprentice(
    struct reader *rd, store_rid practitioner, bool *ret, struct err *err)
{
    struct reader_set found = {0};
    int r = 0;

    rd->run.err = err;
    r = reader_sources(rd, rd->t->apprentice, practitioner, 1, &found);
    *ret = found.count > 0;
    return r;
}

/* Is ${rid}, an Apprenticeship, under way? */
static int is_active(struct reader *rd, store_rid rid, bool *ret)
{
    const struct json *json = NULL;
    int r = reader_content(rd, rid, &json);

    *ret = r == 0 && str_is(json_get_text(json, "status"), "active") &&
           reader_period_holds(rd, json_get(json, "period"));
    return r;
}

int reader_teaches(
    struct reader *rd, store_rid practitioner, bool *ret, struct err *err)
{
    struct reader_set found = {0};
    bool teaches = false;
    int r = 0;

    rd->run.err = err;
    r = reader_sources(rd, rd->t->apprentice, practitioner, LIMIT_READER_SET, &found);
    for (size_t i = 0; r == 0 && !teaches && i < found.count; i++) {
        struct reader_refs refs;

        r = reader_refs_of(rd, found.list[i], &refs);
        if (r == 0 && names_me(rd, &refs, rd->t->master))
            r = is_active(rd, found.list[i], &teaches);
    }
    if (r == 0)
        *ret = teaches;
    return r;
}

int reader_is_side(struct reader *rd, struct str unit, bool *ret, struct err *err)
{
    store_rid hospital = 0;
    int r = unit.p ? reader_hospital_of(rd, unit, &hospital, err) : 0;

    if (r == 0)
        *ret = rd->everywhere || (hospital && reader_set_has(&rd->homes, hospital));
    return r;
}

int reader_rating_of(struct reader *rd, const struct json *resource, unsigned type,
    struct reader_rating *ret, struct err *err)
{
    struct reader_refs refs = {.count = 0};
    int r = 0;

    *ret = (struct reader_rating){.is_rating = false};
    if (type != rd->t->observation)
        return 0;
    rd->run.err = err;
    r = reader_refs_of_json(rd, type, resource, &refs);
    if (r == 0 && reader_is_rating(rd, type, &refs))
        *ret = (struct reader_rating){
            .is_rating = true, .mine = names_me(rd, &refs, rd->t->rater)};
    return r;
}
