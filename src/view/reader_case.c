/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases: which are open to this person, and which of them share a record. A case is a
 * ServiceRequest that asks for something now (an order, active or on hold) of one of this
 * person's departments, or of the person by name. Across a border it is open only while
 * the patient's consent is.
 */
#include "view/reader_internal.h"

static int add_if_mine(struct reader *rd, store_rid unit, struct reader_set *ret)
{
    return reader_set_has(&rd->departments, unit) ? reader_set_add(rd, ret, unit) : 0;
}

/* The departments of this person that ${asked}, whom a case was sent to, stands for. */
static int add_asked(
    struct reader *rd, store_rid asked, bool in_team, struct reader_set *ret)
{
    const struct reader_terms *t = rd->t;
    unsigned type = store_rid_type(asked);
    const struct fhir_param *by = type == t->practitioner_role ? t->role_org
                                  : type == t->service         ? t->service_org
                                                               : NULL;
    struct reader_set found = {0};
    int r = 0;

    if (type == t->organization)
        return add_if_mine(rd, asked, ret);
    if (type == t->practitioner && asked == rd->person) {
        for (size_t i = 0; r == 0 && i < rd->departments.count; i++)
            r = reader_set_add(rd, ret, rd->departments.list[i]);
        return r;
    }
    if (by)
        r = reader_targets(rd, asked, by, &found);
    for (size_t i = 0; r == 0 && i < found.count; i++)
        r = add_if_mine(rd, found.list[i], ret);
    if (r < 0 || in_team || type != t->care_team)
        return r;
    r = reader_targets(rd, asked, t->team_member, &found);
    for (size_t i = 0; r == 0 && i < found.count; i++)
        r = add_asked(rd, found.list[i], true, ret); /* NOLINT(misc-no-recursion) */
    return r;
}

int reader_add_asked_units(
    struct reader *rd, store_rid asked, bool in_team, struct reader_set *ret)
{
    const struct reader_terms *t = rd->t;
    unsigned type = store_rid_type(asked);
    const struct fhir_param *by = type == t->practitioner_role ? t->role_org
                                  : type == t->service         ? t->service_org
                                                               : NULL;
    struct reader_set found = {0};
    int r = 0;

    if (type == t->organization)
        return reader_set_add(rd, ret, asked);
    if (by)
        return reader_targets(rd, asked, by, ret);
    if (type == t->practitioner)
        r = reader_sources(rd, t->role_person, asked, LIMIT_READER_SET, &found);
    else if (type == t->care_team && !in_team)
        r = reader_targets(rd, asked, t->team_member, &found);
    for (size_t i = 0; r == 0 && i < found.count; i++)
        r = reader_add_asked_units(/* NOLINT(misc-no-recursion) */
            rd, found.list[i], true, ret);
    return r;
}

static int any_code(struct reader *rd, store_rid request,
    const struct fhir_param *param, const char *const *codes, bool *ret)
{
    int r = 0;

    *ret = false;
    for (; r == 0 && !*ret && *codes; codes++)
        r = reader_has_code(rd, request, param, *codes, ret);
    return r;
}

static const char *const states[] = {"active", "on-hold", NULL};
static const char *const task_states[] = {
    "requested", "received", "accepted", "ready", "in-progress", "on-hold", NULL};
static const char *const intents[] = {
    "order", "original-order", "instance-order", "filler-order", "reflex-order", NULL};

static bool is_one_of(struct str code, const char *const *codes)
{
    while (*codes && !str_is(code, *codes))
        codes++;
    return *codes != NULL;
}

bool reader_asks(const struct json *resource)
{
    bool task = str_is(json_get_text(resource, "resourceType"), "Task");

    return is_one_of(json_get_text(resource, "status"), task ? task_states : states) &&
           is_one_of(json_get_text(resource, "intent"), intents);
}

int reader_request_open(struct reader *rd, store_rid request, bool *ret)
{
    int r = any_code(rd, request, rd->t->request_status, states, ret);

    return r < 0 || !*ret ? r
                          : any_code(rd, request, rd->t->request_intent, intents, ret);
}

int reader_may_go(struct reader *rd, store_rid patient, store_rid department, bool *ret)
{
    store_rid home = 0;
    store_rid there = 0;
    int64_t here_country = 0;
    int64_t there_country = 0;
    int r = reader_patient_hospital(rd, patient, &home);

    if (r == 0)
        r = reader_hospital(rd, department, &there);
    if (r == 0)
        r = reader_country(rd, home, &here_country);
    if (r == 0)
        r = reader_country(rd, there, &there_country);
    *ret = (home && home == there) || (here_country && here_country == there_country);
    if (r < 0 || *ret)
        return r;
    return reader_consented(rd, patient, department, there, ret);
}

/* ---- what a request says itself, remembered for everybody ---- */

enum request_kind { REQUEST_OPEN = 1, REQUEST_SHUT };
enum performer_kind { PERFORMER_UNIT = 1, PERFORMER_OTHER };

static reader_fact look(struct reader *rd, enum reader_plane plane, store_rid request)
{
    return rd->memory ? reader_memory_look(rd->memory, rd->position, plane, request)
                      : 0;
}

static void note(
    struct reader *rd, enum reader_plane plane, store_rid request, reader_fact fact)
{
    if (rd->memory && !rd->run.addressed)
        reader_memory_note(rd->memory, rd->position, plane, request, fact);
}

/* Whom it was sent to. */
static int add_performers(struct reader *rd, store_rid request, struct reader_set *ret)
{
    reader_fact fact = look(rd, READER_OF_PERFORMER, request);
    bool unit = false;
    int r = 0;

    if (reader_fact_kind(fact) == PERFORMER_UNIT)
        return reader_set_add(
            rd, ret, search_rid(rd->t->organization, reader_fact_number(fact)));
    r = reader_targets(rd, request, rd->t->request_performer, ret);
    unit = r == 0 && ret->count == 1 &&
           store_rid_type(ret->list[0]) == rd->t->organization;
    if (r == 0 && !fact)
        note(rd, READER_OF_PERFORMER, request,
            READER_FACT(
                unit ? PERFORMER_UNIT : PERFORMER_OTHER, unit ? ret->list[0] : 0));
    return r;
}

int reader_is_asked(struct reader *rd, store_rid request, bool *ret, struct err *err)
{
    struct reader_set asked = {0};
    struct reader_set mine = {0};
    int r = 0;

    rd->run.err = err;
    r = add_performers(rd, request, &asked);
    for (size_t i = 0; r == 0 && i < asked.count; i++)
        r = add_asked(rd, asked.list[i], false, &mine);
    if (r == 0)
        *ret = mine.count > 0;
    return r;
}

/* The patient it is about, if it is under way and about one; else 0. */
static int find_patient(struct reader *rd, store_rid request, store_rid *ret)
{
    reader_fact fact = look(rd, READER_OF_CASE, request);
    struct reader_set subject = {0};
    bool open = false;
    int r = 0;

    *ret = reader_fact_kind(fact) == REQUEST_OPEN
               ? search_rid(rd->t->patient, reader_fact_number(fact))
               : 0;
    if (fact)
        return 0;
    r = reader_request_open(rd, request, &open);
    if (r == 0 && open)
        r = reader_targets(rd, request, rd->t->request_subject, &subject);
    if (r == 0 && subject.count == 1 &&
        store_rid_type(subject.list[0]) == rd->t->patient)
        *ret = subject.list[0];
    if (r == 0)
        note(rd, READER_OF_CASE, request,
            READER_FACT(*ret ? REQUEST_OPEN : REQUEST_SHUT, *ret));
    return r;
}

/* As case_patient, without memory of the person's own. */
static int work_out(struct reader *rd, store_rid request, store_rid *ret)
{
    struct reader_set asked = {0};
    struct reader_set mine = {0};
    store_rid patient = 0;
    bool open = false;
    int r = add_performers(rd, request, &asked);

    for (size_t i = 0; r == 0 && i < asked.count; i++)
        r = add_asked(rd, asked.list[i], false, &mine);
    if (r == 0 && mine.count)
        r = find_patient(rd, request, &patient);
    for (size_t i = 0; r == 0 && patient && !open && i < mine.count; i++)
        r = reader_may_go(rd, patient, mine.list[i], &open);
    if (r == 0 && open)
        *ret = patient;
    return r;
}

/* The patient of ${request} if it is a case that is open to this person; else 0. */
static int case_patient(struct reader *rd, store_rid request, store_rid *ret)
{
    int r = 0;

    *ret = 0;
    if (rd->departments.count == 0 || store_rid_type(request) != rd->t->request ||
        reader_memo_get(&rd->cases, (uint64_t)request, ret, NULL))
        return 0;
    r = work_out(rd, request, ret);
    if (r == 0)
        r = reader_memo_put(rd, &rd->cases, (uint64_t)request, *ret, 0);
    return r;
}

/* Does ${refs}, a record of ${type}, name ${ref} as its case? */
static bool names_case(
    const struct reader *rd, unsigned type, const struct reader_ref *ref)
{
    if (store_rid_type(ref->target) != rd->t->request)
        return false;
    for (size_t i = 0; i < rd->t->link_count; i++) {
        if (rd->t->links[i].type == type &&
            reader_slot_in(ref->slot, rd->t->links[i].param))
            return true;
    }
    return false;
}

bool reader_names_case(
    const struct reader *rd, unsigned type, const struct reader_refs *refs)
{
    for (size_t i = 0; i < refs->count; i++) {
        if (names_case(rd, type, &refs->list[i]))
            return true;
    }
    return false;
}

/* ${*ret} becomes ${request} if it is open and about all of ${patients}. */
static int try_case(struct reader *rd, store_rid request,
    const struct reader_set *patients, store_rid *ret)
{
    store_rid patient = 0;
    int r = case_patient(rd, request, &patient);

    if (r < 0 || patient == 0)
        return r;
    for (size_t i = 0; i < patients->count; i++) {
        if (patients->list[i] != patient)
            return 0;
    }
    *ret = request;
    return 0;
}

/* The cases that refer to ${rid} by ${param}. */
static int try_sources(struct reader *rd, const struct fhir_param *param, store_rid rid,
    const struct reader_set *patients, store_rid *ret)
{
    struct reader_set cases = {0};
    int r = reader_sources(rd, param, rid, LIMIT_READER_SET, &cases);

    for (size_t i = 0; r == 0 && *ret == 0 && i < cases.count; i++)
        r = try_case(rd, cases.list[i], patients, ret);
    return r;
}

int reader_find_case(struct reader *rd, store_rid rid, const struct reader_refs *refs,
    const struct reader_set *patients, store_rid *ret)
{
    unsigned type = store_rid_type(rid);
    int r = 0;

    *ret = 0;
    if (rd->departments.count == 0)
        return 0;
    if (type == rd->t->request)
        r = try_case(rd, rid, patients, ret);
    for (size_t i = 0; r == 0 && *ret == 0 && i < refs->count; i++) {
        if (names_case(rd, type, &refs->list[i]))
            r = try_case(rd, refs->list[i].target, patients, ret);
    }
    if (r == 0 && *ret == 0 && type == rd->t->patient)
        r = try_sources(rd, rd->t->request_subject, rid, patients, ret);
    if (r == 0 && *ret == 0)
        r = try_sources(rd, rd->t->request_shared, rid, patients, ret);
    if (r == 0 && *ret == 0 && type == rd->t->care_team)
        r = try_sources(rd, rd->t->request_performer, rid, patients, ret);
    return r;
}
