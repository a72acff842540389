/* SPDX-License-Identifier: Apache-2.0 */
/* A reader made from posts, and the rules. */
#include "view/reader_internal.h"

/* ---- making ---- */

int reader_new(struct store_reader *r, struct arena *a, const struct reader_who *who,
    struct reader **ret, struct err *err)
{
    struct reader *rd = arena_alloc(a, sizeof(*rd));
    int e = 0;

    if (!rd)
        return err_nomem(err);
    e = search_run_init(&rd->run, r, a, NULL, err);
    rd->t = reader_terms();
    rd->now = who->now;
    rd->run.bases = who->bases;
    rd->memory = who->memory;
    rd->position = -1;
    if (e == 0 && rd->memory)
        e = store_position(r, &rd->position, err);
    if (e == 0)
        e = reader_fill(rd, who);
    if (e < 0)
        reader_free(rd);
    else
        *ret = rd;
    return e;
}

void reader_free(struct reader *rd)
{
    if (!rd)
        return;
    search_run_done(&rd->run);
    reader_kept_release(rd->rights);
    reader_kept_release(rd->circle);
    for (size_t i = 0; i < sizeof(rd->lists) / sizeof(rd->lists[0]); i++)
        reader_kept_release(rd->lists[i]);
    reader_kept_release(rd->order);
}

/* ---- clinical ---- */

int reader_patient_hospital(struct reader *rd, store_rid patient, store_rid *ret)
{
    struct reader_set units = {0};
    int r = 0;

    *ret = 0;
    if (patient == rd->said) {
        *ret = rd->said_hospital;
        return 0;
    }
    if (reader_known_hospital(rd, patient, ret) ||
        reader_memo_get(&rd->patients, (uint64_t)patient, ret, NULL))
        return 0;
    r = reader_targets(rd, patient, rd->t->patient_org, &units);
    if (r == 0 && units.count == 1)
        r = reader_hospital(rd, units.list[0], ret);
    if (r == 0)
        r = reader_memo_put(rd, &rd->patients, (uint64_t)patient, *ret, 0);
    if (r == 0)
        reader_note_hospital(rd, patient, *ret);
    return r;
}

int reader_add_patients(struct reader *rd, store_rid rid,
    const struct reader_refs *refs, struct reader_set *ret)
{
    int r = 0;

    if (store_rid_type(rid) == rd->t->patient)
        return reader_set_add(rd, ret, rid);
    for (size_t i = 0; r == 0 && i < refs->count; i++) {
        if (store_rid_type(refs->list[i].target) == rd->t->patient)
            r = reader_set_add(rd, ret, refs->list[i].target);
    }
    return r;
}

store_rid reader_grant_record(const struct reader *rd, store_rid patient)
{
    for (size_t i = 0; i < rd->granted.count; i++) {
        if (rd->granted.list[i] == patient)
            return rd->grant_records[i];
    }
    return 0;
}

/* Those of ${patients} that neither the hospital nor a grant opens, into ${ret_left}. */
static int by_patients(struct reader *rd, const struct reader_set *patients,
    struct reader_set *ret_left, struct reader_verdict *ret)
{
    struct reader_verdict all = {.allowed = true, .reason = READER_BY_HOSPITAL};
    store_rid hospital = 0;
    int r = 0;

    for (size_t i = 0; r == 0 && i < patients->count; i++) {
        r = reader_patient_hospital(rd, patients->list[i], &hospital);
        if (r == 0 && hospital && reader_set_has(&rd->hospitals, hospital))
            continue;
        if (reader_set_has(&rd->granted, patients->list[i]))
            all = (struct reader_verdict){.allowed = true,
                .reason = READER_BY_BREAK_GLASS,
                .by = reader_grant_record(rd, patients->list[i])};
        else if (r == 0)
            r = reader_set_add(rd, ret_left, patients->list[i]);
    }
    if (r == 0 && ret_left->count == 0 && !patients->full)
        *ret = all;
    return r;
}

static int judge(struct reader *rd, store_rid rid, const struct reader_refs *refs,
    int depth, struct reader_verdict *ret);

/* A record further on, by the rules of the patient's hospital alone: what points to a
 * record that a case shares is not shared by that. */
static int follow(
    struct reader *rd, store_rid rid, int depth, struct reader_verdict *ret)
{
    struct reader_refs refs;
    int r = 0;

    if (depth >= LIMIT_READER_FOLLOW)
        return 0;
    r = reader_refs_of(rd, rid, &refs);
    if (r == 0)
        r = judge(rd, rid, &refs, depth + 1, ret); /* NOLINT(misc-no-recursion) */
    return r;
}

/* All clinical records that ${refs} names must be allowed. ${*ret_any}: there are some. */
static int by_records(struct reader *rd, const struct reader_refs *refs, int depth,
    bool *ret_any, struct reader_verdict *ret)
{
    struct reader_verdict all = {.allowed = true, .reason = READER_BY_HOSPITAL};
    int r = 0;

    for (size_t i = 0; r == 0 && all.allowed && i < refs->count; i++) {
        store_rid target = refs->list[i].target;
        struct reader_verdict one = {0};

        if (store_rid_type(target) == 0 ||
            reader_class_of(store_rid_type(target), NULL) != READER_CLINICAL)
            continue;
        *ret_any = true;
        r = i < LIMIT_READER_FOLLOWED ? follow(rd, target, depth, &one) : 0;
        if (one.reason == READER_BY_BREAK_GLASS)
            all = one;
        else if (one.reason != READER_BY_HOSPITAL)
            all.allowed = false;
    }
    if (r == 0 && *ret_any && all.allowed)
        *ret = all;
    return r;
}

/* All hospitals that ${refs} names must be this person's, and there must be one. */
static int by_hospitals(
    struct reader *rd, const struct reader_refs *refs, struct reader_verdict *ret)
{
    struct reader_set found = {0};
    bool all = true;
    int r = 0;

    for (size_t i = 0; r == 0 && i < refs->count; i++)
        r = reader_add_hospital(rd, refs->list[i].target, &found);
    for (size_t i = 0; i < found.count; i++)
        all = all && reader_set_has(&rd->hospitals, found.list[i]);
    if (r == 0 && all && found.count && !found.full)
        *ret = (struct reader_verdict){.allowed = true, .reason = READER_BY_HOSPITAL};
    return r;
}

/* The documents whose attachment ${binary} is, however they write its address. */
static int add_documents(struct reader *rd, store_rid binary, struct reader_set *ret)
{
    const struct fhir_param *param = rd->t->attachment;
    struct str id = {NULL, 0};
    int r = 0;

    rd->run.look_rid = 0;
    arena_reset(rd->run.scratch);
    r = store_name(rd->run.r, rd->run.scratch, binary, &id, rd->run.err);
    for (size_t i = 0; r == 0 && i <= rd->run.bases.count; i++) {
        struct str base = i ? rd->run.bases.list[i - 1] : (struct str){NULL, 0};
        uint8_t key[SEARCH_KEY_MAX];
        struct search_leaf leaf;
        uint64_t n = 0;
        char *url = arena_printf(rd->run.scratch, "%.*s%sBinary/%.*s", (int)base.len,
            base.p ? base.p : "", i ? "/" : "", (int)id.len, id.p);

        if (!url)
            return err_nomem(rd->run.err);
        search_leaf_init(&leaf, SEARCH_URI, key,
            search_uri_key(key, param->slots[0], str_of(url)), false);
        for (n = 0; r == 0; n++) {
            r = search_leaf_next(&rd->run, &leaf, n, &n);
            if (r < 0 || n == SEARCH_END)
                break;
            r = reader_set_add(rd, ret, search_rid(rd->t->document, n));
        }
    }
    return r;
}

/*
 * A Binary says nothing about whose it is but by its securityContext; without one it is
 * of the documents that name it, and all of them must be allowed: whoever could write a
 * document of his own that names it would else have opened it.
 */
static int by_documents(struct reader *rd, store_rid binary, struct reader_verdict *ret)
{
    struct reader_verdict all = {.allowed = true};
    struct reader_set found = {0};
    const struct json *content = NULL;
    struct str context = {NULL, 0};
    store_rid of = 0;
    int r = reader_content(rd, binary, &content);

    context = json_get_text(json_get(content, "securityContext"), "reference");
    if (r == 0 && context.p) {
        r = reader_find(rd, context, &of);
        if (r == 0)
            r = reader_set_add(rd, &found, of);
    } else if (r == 0) {
        r = add_documents(rd, binary, &found);
    }
    for (size_t i = 0; r == 0 && all.allowed && i < found.count; i++) {
        all = (struct reader_verdict){.allowed = false};
        if (store_rid_type(found.list[i]) != rd->t->binary)
            r = reader_allows(rd, found.list[i], &all, rd->run.err);
    }
    if (r == 0 && found.count && !found.full)
        *ret = all;
    return r;
}

static int by_case(struct reader *rd, store_rid rid, const struct reader_refs *refs,
    const struct reader_set *patients, struct reader_verdict *ret)
{
    store_rid request = 0;
    int r = reader_find_case(rd, rid, refs, patients, &request);

    if (r == 0 && request)
        *ret = (struct reader_verdict){
            .allowed = true, .reason = READER_BY_CASE, .by = request};
    return r;
}

static int clinical(struct reader *rd, store_rid rid, const struct reader_refs *refs,
    int depth, struct reader_verdict *ret)
{
    struct reader_set patients = {0};
    struct reader_set left = {0};
    bool any = false;
    int r = 0;

    if (refs->stranger)
        return 0;
    r = reader_add_patients(rd, rid, refs, &patients);
    if (r == 0 && patients.count) {
        r = by_patients(rd, &patients, &left, ret);
    } else if (r == 0 && (rd->hospitals.count || rd->granted.count)) {
        r = by_records(rd, refs, depth, &any, ret);
        if (r == 0 && !any)
            r = by_hospitals(rd, refs, ret);
    }
    if (r == 0 && !ret->allowed && !patients.full && depth == 0)
        r = by_case(rd, rid, refs, &left, ret);
    return r;
}

/* ---- programme ---- */

/* Does a record of the programme class tell of a patient after all? */
static bool is_clinical(const struct reader *rd, const struct reader_refs *refs)
{
    bool found = refs->stranger;

    (void)rd;
    for (size_t i = 0; !found && i < refs->count; i++) {
        unsigned type = store_rid_type(refs->list[i].target);

        found = type != 0 && reader_class_of(type, NULL) == READER_CLINICAL;
    }
    return found;
}

static int programme(
    struct reader *rd, const struct reader_refs *refs, struct reader_verdict *ret)
{
    struct reader_set found = {0};
    bool allowed = rd->everywhere;
    int r = allowed ? 0 : reader_know_sides(rd);

    for (size_t i = 0; r == 0 && !allowed && i < refs->count; i++)
        r = reader_add_hospital(rd, refs->list[i].target, &found);
    for (size_t i = 0; i < found.count; i++)
        allowed = allowed || reader_set_has(&rd->sides, found.list[i]);
    if (r == 0 && allowed)
        *ret = (struct reader_verdict){.allowed = true, .reason = READER_BY_PROGRAMME};
    return r;
}

/* ---- all rules ---- */

static int judge(struct reader *rd, store_rid rid, const struct reader_refs *refs,
    int depth, struct reader_verdict *ret)
{
    unsigned type = store_rid_type(rid);

    switch (reader_class_of(type, NULL)) {
    case READER_DIRECTORY:
        *ret = (struct reader_verdict){.allowed = true, .reason = READER_BY_DIRECTORY};
        return 0;
    case READER_AUDIT:
        if (rd->auditor)
            *ret =
                (struct reader_verdict){.allowed = true, .reason = READER_BY_AUDITOR};
        return 0;
    case READER_LEARNING:
        return reader_learning(rd, rid, refs, ret);
    case READER_EMERGENCY:
        return reader_emergency(rd, refs, ret);
    case READER_REVIEW:
        return 0;
    case READER_PROGRAMME:
        if (!is_clinical(rd, refs))
            return programme(rd, refs, ret);
        break;
    case READER_CLINICAL:
        break;
    }
    if (reader_is_rating(rd, type, refs))
        return reader_learning(rd, rid, refs, ret);
    if (type == rd->t->binary)
        return depth == 0 ? by_documents(rd, rid, ret) : 0;
    return clinical(rd, rid, refs, depth, ret); /* NOLINT(misc-no-recursion) */
}

/* What the memory does not decide. Not within current(): its references are 0.8 KB
 * on the stack, which the compiler fills with zeros before anything else. */
static __attribute__((noinline)) int current_in_full(
    struct reader *rd, store_rid rid, struct reader_verdict *ret)
{
    struct reader_refs refs;
    int64_t reason = 0;
    int r = 0;

    if (reader_memo_get(&rd->records, (uint64_t)rid, &reason, &ret->by)) {
        ret->reason = (enum reader_reason)reason;
        ret->allowed = reason != READER_NOBODY;
        return 0;
    }
    r = reader_refs_of(rd, rid, &refs);
    if (r == 0)
        r = judge(rd, rid, &refs, 0, ret);
    if (r == 0)
        r = reader_memo_put(rd, &rd->records, (uint64_t)rid, ret->reason, ret->by);
    return r;
}

static int current(struct reader *rd, store_rid rid, struct reader_verdict *ret)
{
    bool decided = reader_class_of(store_rid_type(rid), NULL) == READER_DIRECTORY;
    int r = 0;

    if (decided)
        *ret = (struct reader_verdict){.allowed = true, .reason = READER_BY_DIRECTORY};
    else if (rd->memory)
        r = reader_by_fact(rd, rid, &decided, ret);
    return r < 0 || decided ? r : current_in_full(rd, rid, ret);
}

int reader_allows(
    struct reader *rd, store_rid rid, struct reader_verdict *ret, struct err *err)
{
    struct reader_verdict verdict = {0};
    struct err *before = rd->run.err;
    int r = 0;

    rd->run.err = err;
    r = current(rd, rid, &verdict);
    rd->run.err = before;
    if (r == 0)
        *ret = verdict;
    return r;
}

void reader_expect(struct reader *rd, const struct str *ids, size_t count)
{
    rd->made = ids;
    rd->made_count = count;
}

void reader_expect_consents(
    struct reader *rd, const struct json *const *consents, size_t count)
{
    rd->expected = consents;
    rd->expected_count = count;
}

/* What is judged tells itself of which hospital a patient is: of a Patient what it says,
 * of any other record that those made with it are this reader's. */
static int say_patient(struct reader *rd, store_rid rid, const struct reader_refs *refs)
{
    struct reader_set units = {0};
    bool patient = store_rid_type(rid) == rd->t->patient;
    int r = 0;

    rd->said = patient ? rid : store_rid_first(rd->t->patient);
    rd->said_hospital = !patient && rd->hospitals.count ? rd->hospitals.list[0] : 0;
    for (size_t i = 0; patient && r == 0 && i < refs->count; i++) {
        if (reader_slot_in(refs->list[i].slot, rd->t->patient_org))
            r = reader_set_add(rd, &units, refs->list[i].target);
    }
    if (r == 0 && units.count == 1)
        r = reader_hospital(rd, units.list[0], &rd->said_hospital);
    return r;
}

int reader_treats(struct reader *rd, const struct json *resource, unsigned type,
    bool *ret, struct err *err)
{
    store_rid rid = store_rid_first(type);
    struct reader_set patients = {0};
    struct reader_set left = {0};
    struct reader_verdict verdict = {0};
    struct reader_refs refs = {.count = 0};
    int r = 0;

    rd->run.err = err;
    r = reader_refs_of_json(rd, type, resource, &refs);
    if (r == 0)
        r = say_patient(rd, rid, &refs);
    if (r == 0)
        r = reader_add_patients(rd, rid, &refs, &patients);
    if (r == 0 && patients.count && !refs.stranger)
        r = by_patients(rd, &patients, &left, &verdict);
    rd->said = 0;
    if (r == 0)
        *ret = verdict.allowed && verdict.reason == READER_BY_HOSPITAL;
    return r;
}

int reader_knows_patients(struct reader *rd, const struct json *resource, unsigned type,
    bool *ret, struct err *err)
{
    store_rid rid = store_rid_first(type);
    struct reader_set patients = {0};
    struct reader_set left = {0};
    struct reader_verdict verdict = {0};
    struct reader_refs refs = {.count = 0};
    bool all = false;
    int r = 0;

    rd->run.err = err;
    r = reader_refs_of_json(rd, type, resource, &refs);
    if (r == 0)
        r = say_patient(rd, rid, &refs);
    if (r == 0)
        r = reader_add_patients(rd, rid, &refs, &patients);
    if (r == 0)
        r = by_patients(rd, &patients, &left, &verdict);
    rd->said = 0;
    all = !refs.stranger && !patients.full;
    for (size_t i = 0; r == 0 && all && i < left.count; i++) {
        verdict = (struct reader_verdict){.allowed = false};
        r = current(rd, left.list[i], &verdict);
        all = verdict.allowed;
    }
    if (r == 0)
        *ret = all;
    return r;
}

int reader_crosses(struct reader *rd, unsigned type, const struct json *resource,
    store_rid *ret_to, struct err *err)
{
    bool request = type == rd->t->request;
    const struct fhir_param *to =
        request ? rd->t->request_performer : rd->t->task_owner;
    const struct fhir_param *of =
        request ? rd->t->request_subject : rd->t->task_patient;
    struct reader_set units = {0};
    struct reader_refs refs = {.count = 0};
    store_rid patient = 0;
    bool may = true;
    int r = 0;

    *ret_to = 0;
    if (!reader_asks(resource))
        return 0;
    rd->run.err = err;
    r = reader_refs_of_json(rd, type, resource, &refs);
    if (r == 0)
        r = say_patient(rd, store_rid_first(type), &refs);
    rd->said_subject =
        json_get_text(json_get(resource, request ? "subject" : "for"), "reference");
    for (size_t i = 0; r == 0 && i < refs.count; i++) {
        if (reader_slot_in(refs.list[i].slot, to))
            r = reader_add_asked_units(rd, refs.list[i].target, false, &units);
        else if (reader_slot_in(refs.list[i].slot, of) &&
                 store_rid_type(refs.list[i].target) == rd->t->patient)
            patient = refs.list[i].target;
    }
    for (size_t i = 0; r == 0 && patient && may && i < units.count; i++) {
        r = reader_may_go(rd, patient, units.list[i], &may);
        if (!may)
            *ret_to = units.list[i];
    }
    rd->said = 0;
    rd->said_subject = (struct str){NULL, 0};
    return r;
}

int reader_allows_version(struct reader *rd, store_rid rid, const struct json *resource,
    struct reader_verdict *ret, struct err *err)
{
    struct reader_verdict verdict = {0};
    struct reader_verdict today = {0};
    struct reader_refs refs;
    bool live = false;
    int r = 0;

    rd->run.err = err;
    r = reader_refs_of_json(rd, store_rid_type(rid), resource, &refs);
    if (r == 0)
        r = say_patient(rd, rid, &refs);
    if (r == 0)
        r = judge(rd, rid, &refs, 0, &verdict);
    rd->said = 0;
    if (r == 0 && verdict.allowed)
        r = store_live(rd->run.r, rid, &live, err);
    if (r == 0 && live)
        r = current(rd, rid, &today);
    if (r == 0)
        *ret = live ? today : verdict;
    return r;
}

static int filter_allows(void *arg, store_rid rid, bool *ret, struct err *err)
{
    struct reader_verdict verdict = {0};
    int r = reader_allows(arg, rid, &verdict, err);

    *ret = verdict.allowed;
    return r;
}

struct search_filter reader_filter(struct reader *rd)
{
    return (struct search_filter){.arg = rd,
        .allows = filter_allows,
        .few = reader_few,
        .shortlist = reader_shortlist,
        .ever = reader_ever,
        .learned = reader_learned};
}

struct reader_places reader_places(const struct reader *rd)
{
    return (struct reader_places){.hospitals = rd->hospitals.list,
        .hospital_count = rd->hospitals.count,
        .units = rd->departments.list,
        .unit_count = rd->departments.count,
        .person = rd->person};
}
