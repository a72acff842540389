/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a person has that somebody must go on with: found by what the records say themselves,
 * and by handovers in which the person took something over.
 */
#include "app/case.h"
#include "app/handover_internal.h"
#include "app/logbook_internal.h"

/* ---- one record ---- */

/* An operation may wait for a rating and for its outcome: these are two things. */
static bool is_there(
    const struct handover_items *items, enum handover_kind kind, store_rid rid)
{
    for (size_t i = 0; i < items->count; i++) {
        if (items->list[i].rid == rid &&
            (items->list[i].kind == HANDOVER_RATING) == (kind == HANDOVER_RATING))
            return true;
    }
    return false;
}

static bool is_transfer(const struct json *request)
{
    struct json_each it = json_each(json_get(request, "category"));

    while (json_next(&it)) {
        struct json_each coding = json_each(json_get(it.value, "coding"));

        while (json_next(&coding)) {
            if (str_is(json_get_text(coding.value, "system"), CASE_KIND_SYSTEM) &&
                str_is(json_get_text(coding.value, "code"), "transfer"))
                return true;
        }
    }
    return false;
}

/* What only the request of a case says: what is asked, and that it is a transfer. */
static int read_request(
    const struct seek *s, struct handover_item *item, struct err *err)
{
    const struct json *request = NULL;
    int r = seek_reference(s, item->about, "ServiceRequest", &request, err);

    item->title = json_get_text(json_at(json_get(request, "reasonCode"), 0), "text");
    if (r == 0 && is_transfer(request)) {
        item->kind = HANDOVER_TRANSFER;
        item->weight = handover_rules[HANDOVER_TRANSFER].weight;
    }
    return r;
}

/* What the course of an enrolment is called. */
static int read_course(
    const struct seek *s, struct handover_item *item, struct err *err)
{
    const struct json *course = NULL;
    int r =
        seek_reference(s, json_get_text(json_get(item->json, "course"), "reference"),
            "Course", &course, err);

    item->title = json_get_text(course, "title");
    return r;
}

static int push(const struct seek *s, const struct handover_item *item,
    struct handover_items *items, struct err *err)
{
    if (items->count == items->cap) {
        size_t cap = items->cap ? items->cap * 2 : 32;
        struct handover_item *list = arena_grow(
            s->a, items->list, items->count * sizeof(*list), cap * sizeof(*list));

        if (!list)
            return err_nomem(err);
        items->list = list;
        items->cap = cap;
    }
    items->list[items->count++] = *item;
    return 0;
}

static int add_open(const struct seek *s, enum handover_kind kind, store_rid rid,
    utc_ms now, struct handover_items *ret, struct err *err)
{
    struct handover_item item = {.rid = rid};
    struct store_record rec = {0};
    const struct json *json = NULL;
    const char *reference = NULL;
    int r = 0;

    if (is_there(ret, kind, rid) || ret->count == LIMIT_HANDOVER_ITEMS)
        return 0;
    r = seek_rid(s, rid, &rec, &json, err);
    if (r < 0 || !handover_is_open(kind, json, now, &item))
        return r;
    reference = arena_printf(s->a, "%s/%.*s",
        fhir_type_numbered(store_rid_type(rid))->name, (int)rec.id.len, rec.id.p);
    if (!reference)
        return err_nomem(err);
    item.reference = str_of(reference);
    if (kind == HANDOVER_CASE || kind == HANDOVER_TRANSFER)
        r = read_request(s, &item, err);
    if (kind == HANDOVER_PLACEMENT)
        r = read_course(s, &item, err);
    return r == 0 ? push(s, &item, ret, err) : r;
}

/* The same of "Type/ID". */
static int add_reference(const struct seek *s, enum handover_kind kind,
    struct str reference, utc_ms now, struct handover_items *ret, struct err *err)
{
    struct fhir_reference ref = {.form = FHIR_REF_NONE};
    store_rid rid = 0;
    int r = 0;

    if (reference.p)
        ref = fhir_reference_parse(reference, s->app->base[APP_FHIR]);
    if (ref.form != FHIR_REF_LOCAL)
        return 0;
    r = store_find(s->snapshot, ref.type, ref.id, &rid, err);
    if (r == E_NOT_FOUND)
        return 0;
    return r == 0 ? add_open(s, kind, rid, now, ret, err) : r;
}

/* ---- found by a search ---- */

#define OPEN_TASKS STR("requested,received,accepted,ready,in-progress,on-hold,draft")

struct looking {
    const struct seek *s;
    struct str who;
    utc_ms now;
    struct handover_items *items;
};

struct asking {
    enum handover_kind kind;
    const char *type;
    const char *param; /* that names the person */
    const char *other; /* NULL: nothing else is asked */
    struct str value;
};

static const struct asking askings[] = {
    {HANDOVER_CASE, "Task", "owner", "code", {"answer-case", 11}},
    {HANDOVER_CASE, "Task", "requester", "code", {"answer-case", 11}},
    {HANDOVER_WATCH, "CarePlan", "author", "status", {"active", 6}},
    {HANDOVER_PLAN, "CarePlan", "author", "status", {"active", 6}},
    {HANDOVER_MEETING, "Appointment", "actor", "status",
        {"proposed,pending,booked", 23}},
    {HANDOVER_PROMISE, "Appointment", "actor", "status",
        {"proposed,pending,booked", 23}},
    {HANDOVER_APPRENTICE, "Apprenticeship", "master", NULL, {NULL, 0}},
    {HANDOVER_PLACEMENT, "Enrolment", "supervisor", "status",
        {"planned,accepted,attending", 26}},
    {HANDOVER_GAP, "Task", "owner", "code", {"technique-gap", 13}},
    {HANDOVER_EQUIPMENT, "Task", "owner", "code",
        {"equipment-step,equipment-fault", 30}},
    {HANDOVER_FUNDING, "Funding", "by", "status", {"committed", 9}},
};

static int ask(const struct looking *l, const struct asking *asking, struct err *err)
{
    struct search_pair pairs[5] = {
        {str_of(asking->param), l->who},
        {STR("_count"), STR("200")},
        {STR("_total"), STR("none")},
    };
    struct seek_for what = {asking->type, pairs, 3, LIMIT_HANDOVER_ITEMS};
    struct seek_list found = {NULL, 0};
    int r = 0;

    if (asking->other)
        pairs[what.pair_count++] =
            (struct search_pair){str_of(asking->other), asking->value};
    if (str_is(str_of(asking->type), "Task"))
        pairs[what.pair_count++] = (struct search_pair){STR("status"), OPEN_TASKS};
    r = seek_all(l->s, &what, &found, err);
    for (size_t i = 0; r == 0 && i < found.count; i++)
        r = add_open(l->s, asking->kind, found.rids[i], l->now, l->items, err);
    return r;
}

/* The goals with a date of the plans that were found. */
static int add_goals(const struct looking *l, struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < l->items->count; i++) {
        struct json_each it = json_each(json_get(l->items->list[i].json, "goal"));

        while (r == 0 && l->items->list[i].kind == HANDOVER_PLAN && json_next(&it)) {
            size_t before = l->items->count;

            r = add_reference(l->s, HANDOVER_PROMISE,
                json_get_text(it.value, "reference"), l->now, l->items, err);
            if (l->items->count > before && l->items->list[before].due == 0)
                l->items->count = before; /* without a date nothing was promised */
        }
    }
    return r;
}

/* ---- reviews ---- */

static int add_reviews(const struct looking *l, struct err *err)
{
    const struct search_pair pairs[] = {{STR("reviewer"), l->who},
        {STR("status"), STR("waiting")}, {STR("_total"), STR("none")}};
    struct seek_list found = {NULL, 0};
    int r = seek_all(l->s,
        &(struct seek_for){"CaseReview", pairs, 3, LIMIT_HANDOVER_ITEMS}, &found, err);

    for (size_t i = 0; r == 0 && i < found.count; i++) {
        const struct json *review = NULL;
        struct json_each it;
        bool given = false;

        r = seek_rid(l->s, found.rids[i], NULL, &review, err);
        it = json_each(json_get(review, "rating"));
        while (json_next(&it))
            given =
                given ||
                (json_get(it.value, "time") &&
                    str_eq(json_get_text(json_get(it.value, "reviewer"), "reference"),
                        l->who));
        if (r == 0 && !given)
            r = add_open(l->s, HANDOVER_REVIEW, found.rids[i], l->now, l->items, err);
    }
    return r;
}

/* ---- operations ---- */

static int is_rated(const struct looking *l, store_rid me,
    const struct logbook_part *part, store_rid procedure, bool *ret, struct err *err)
{
    struct logbook_request rq = {
        .person = part->who, .procedure = procedure, .most = LIMIT_PROCEDURE_PARTS};
    struct logbook_ratings ratings = {.count = 0};
    int r = logbook_ratings(l->s->snapshot, l->s->a, &rq, &ratings, err);

    *ret = false;
    for (size_t i = 0; r == 0 && i < ratings.count; i++)
        *ret = *ret || ratings.list[i].assessor == me;
    return r;
}

/* An operation of an apprentice under the person, without the person's word. */
static int add_rating(const struct looking *l, struct reader *reader, store_rid me,
    const struct logbook_case *c, struct err *err)
{
    int r = 0;

    if (c->function != FUNCTION_SUPERVISOR && c->function != FUNCTION_OPERATOR)
        return 0;
    for (size_t i = 0; r == 0 && i < c->part_count; i++) {
        const struct logbook_part *part = &c->parts[i];
        bool apprentice = false;
        bool rated = true;

        if (part->who == me || part->function == FUNCTION_OBSERVER ||
            part->function == FUNCTION_SUPERVISOR ||
            (c->function == FUNCTION_OPERATOR && part->function == FUNCTION_OPERATOR))
            continue;
        r = reader_is_apprentice(reader, part->who, &apprentice, err);
        if (r == 0 && apprentice)
            r = is_rated(l, me, part, c->procedure, &rated, err);
        if (r == 0 && !rated)
            r = add_open(l->s, HANDOVER_RATING, c->procedure, l->now, l->items, err);
    }
    return r;
}

static int add_operations(
    const struct looking *l, struct reader *reader, store_rid person, struct err *err)
{
    struct logbook_request rq = {.person = person,
        .since = l->now - LIMIT_HANDOVER_OPERATION_DAYS * HANDOVER_DAY_MS,
        .most = LIMIT_LOGBOOK_CASES};
    struct logbook_cases cases = {.count = 0};
    int r = logbook_cases(l->s->snapshot, l->s->a, &rq, &cases, err);

    for (size_t i = 0; r == 0 && i < cases.count; i++) {
        const struct logbook_case *c = &cases.list[i];

        if (c->function == FUNCTION_OPERATOR)
            r = add_open(l->s, HANDOVER_FOLLOW_UP, c->procedure, l->now, l->items, err);
        if (r == 0 && c->when >= l->now - LIMIT_RATE_DAYS * HANDOVER_DAY_MS)
            r = add_rating(l, reader, rq.person, c, err);
    }
    return r;
}

/* As nobody with a post: it is asked who is there, not what may be seen. */
static int find_operations(const struct looking *l, struct err *err)
{
    struct reader_who who = {.practitioner = l->who,
        .bases = app_bases(l->s->a, l->s->app, l->s->app->base[APP_FHIR]),
        .now = l->now};
    struct reader *reader = NULL;
    store_rid person = 0;
    struct str id = seek_id(l->s, l->who, "Practitioner");
    int r =
        id.p ? store_find(l->s->snapshot,
                   fhir_resource_named(STR("Practitioner"))->number, id, &person, err)
             : E_NOT_FOUND;

    if (r < 0)
        return r == E_NOT_FOUND ? 0 : r;
    r = reader_new(l->s->snapshot, l->s->a, &who, &reader, err);
    if (r == 0)
        r = add_operations(l, reader, person, err);
    reader_free(reader);
    return r;
}

/* ---- what was taken over ---- */

static int add_taken(
    const struct looking *l, const struct json *handover, struct err *err)
{
    struct json_each it = json_each(json_get(handover, "item"));
    int r = 0;

    while (r == 0 && json_next(&it)) {
        enum handover_kind kind = handover_kind_of(json_get_text(it.value, "kind"));
        bool taken =
            json_get(it.value, "acknowledgedOn") || json_get(it.value, "fellOn");

        if (taken && kind < HANDOVER_KINDS && !handover_rules[kind].own &&
            str_eq(json_get_text(json_get(it.value, "successor"), "reference"), l->who))
            r = add_reference(l->s, kind,
                json_get_text(json_get(it.value, "reference"), "reference"), l->now,
                l->items, err);
    }
    return r;
}

static int find_taken(const struct looking *l, struct err *err)
{
    const struct search_pair pairs[] = {
        {STR("successor"), l->who}, {STR("_total"), STR("none")}};
    struct seek_list found = {NULL, 0};
    int r = seek_all(l->s,
        &(struct seek_for){"Handover", pairs, 2, LIMIT_HANDOVER_ITEMS}, &found, err);

    for (size_t i = 0; r == 0 && i < found.count; i++) {
        const struct json *handover = NULL;

        r = seek_rid(l->s, found.rids[i], NULL, &handover, err);
        if (r == 0)
            r = add_taken(l, handover, err);
    }
    return r;
}

/* ---- all ---- */

static int find_contacts(const struct looking *l, struct str unit, struct err *err)
{
    static const struct asking sides[] = {
        {HANDOVER_CONTACT, "OrganizationAffiliation", "participating-organization",
            NULL, {NULL, 0}},
        {HANDOVER_CONTACT, "OrganizationAffiliation", "primary-organization", NULL,
            {NULL, 0}},
    };
    struct looking of_unit = *l;
    int r = 0;

    of_unit.who = unit;
    for (size_t i = 0; r == 0 && unit.p && i < 2; i++)
        r = ask(&of_unit, &sides[i], err);
    return r;
}

int handover_find(const struct seek *s, struct str who, struct str department,
    utc_ms now, struct handover_items *ret, struct err *err)
{
    struct looking l = {s, who, now, ret};
    int r = 0;

    for (size_t i = 0; r == 0 && i < sizeof(askings) / sizeof(askings[0]); i++)
        r = ask(&l, &askings[i], err);
    if (r == 0)
        r = add_goals(&l, err);
    if (r == 0)
        r = find_operations(&l, err);
    if (r == 0)
        r = find_taken(&l, err);
    if (r == 0)
        r = add_reviews(&l, err);
    return r == 0 ? find_contacts(&l, department, err) : r;
}
