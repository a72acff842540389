/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET Practitioner/ID/$lineage: who taught this person, who taught those, and whom they taught
 * in turn. A tie of the lineage is an Apprenticeship that was agreed to. It is told to who may
 * read the record, with what was to be learnt; and to who takes part in the programme at the
 * hospital of either department: who, where and when, and that it runs or has ended, but
 * neither what was to be learnt nor how it ended. Nothing is told of any other, not even that
 * there is one, and nobody is followed through it.
 */
#include "app/apprentice_internal.h"
#include "app/logbook_internal.h"
#include "fhir/part.h"

struct tie {
    store_rid rid;
    struct str master, apprentice; /* ids */
    const struct json *record;
    bool whole; /* the caller may read the record */
};

struct lineage {
    struct seek seek;
    struct app_call *call;
    struct tie *ties;
    size_t tie_count;
    bool more; /* it goes on beyond the limits */
    utc_ms now;
};

/* People that one direction leads to. */
struct walk {
    const char *from, *to; /* members of an Apprenticeship */
    struct str people[LIMIT_LINEAGE_PEOPLE];
    size_t count;
};

/* ---- what may be told ---- */

static int on_a_side(
    struct lineage *l, const struct json *record, bool *ret, struct err *err)
{
    static const char *const members[] = {"learningDepartment", "teachingDepartment"};
    struct access *access = l->call->access_;
    int r = 0;

    *ret = false;
    if (!access->reader)
        r = access_make(access, err);
    for (size_t i = 0; r == 0 && !*ret && i < 2; i++) {
        struct str unit = json_get_text(json_get(record, members[i]), "reference");

        if (unit.p)
            r = reader_is_side(access->reader, unit, ret, err);
    }
    return r;
}

static int may_tell(struct lineage *l, struct tie *tie, bool *ret, struct err *err)
{
    struct access *access = l->call->access_;
    int r = access_allows_live(access, tie->rid, &tie->whole, err);

    *ret = tie->whole;
    if (r < 0 || tie->whole)
        return r;
    *ret = false;
    /* a program has no post: it is told what its scopes name */
    return access->whole || l->call->caller.client.p
               ? 0
               : on_a_side(l, tie->record, ret, err);
}

/* ---- the walk ---- */

static bool has_tie(const struct lineage *l, store_rid rid)
{
    for (size_t i = 0; i < l->tie_count; i++) {
        if (l->ties[i].rid == rid)
            return true;
    }
    return false;
}

static bool has_person(const struct walk *w, struct str id)
{
    for (size_t i = 0; i < w->count; i++) {
        if (str_eq(w->people[i], id))
            return true;
    }
    return false;
}

static struct str id_in(
    const struct lineage *l, const struct json *record, const char *member)
{
    struct str text = json_get_text(json_get(record, member), "reference");

    return text.p ? seek_id(&l->seek, text, "Practitioner") : (struct str){NULL, 0};
}

static int take(struct lineage *l, struct walk *w, store_rid rid, struct err *err)
{
    struct tie tie = {.rid = rid};
    struct str next = {NULL, 0};
    bool told = false;
    int r = seek_rid(&l->seek, rid, NULL, &tie.record, err);

    if (r < 0 || !tie.record || !apprentice_was_agreed(tie.record))
        return r;
    tie.master = id_in(l, tie.record, "master");
    tie.apprentice = id_in(l, tie.record, "apprentice");
    if (!tie.master.p || !tie.apprentice.p)
        return 0;
    r = may_tell(l, &tie, &told, err);
    if (r < 0 || !told)
        return r;
    next = id_in(l, tie.record, w->to);
    if (!has_person(w, next)) {
        if (w->count == LIMIT_LINEAGE_PEOPLE) {
            l->more = true;
            return 0;
        }
        w->people[w->count++] = next;
    }
    if (has_tie(l, rid))
        return 0;
    if (l->tie_count == LIMIT_LINEAGE_TIES) {
        l->more = true;
        return 0;
    }
    l->ties[l->tie_count++] = tie;
    return 0;
}

static int step_from(
    struct lineage *l, struct walk *w, struct str person, struct err *err)
{
    const char *name =
        arena_printf(l->seek.a, "Practitioner/%.*s", (int)person.len, person.p);
    const struct search_pair pairs[] = {{str_of(w->from), str_of(name)}};
    struct seek_list found = {NULL, 0};
    int r =
        name ? seek_all(&l->seek,
                   &(struct seek_for){"Apprenticeship", pairs, 1, LIMIT_LINEAGE_PEOPLE},
                   &found, err)
             : err_nomem(err);

    for (size_t i = 0; r == 0 && i < found.count; i++)
        r = take(l, w, found.rids[i], err);
    return r;
}

static int walk(struct lineage *l, struct str person, const char *from, const char *to,
    struct err *err)
{
    struct walk *w = arena_array(l->seek.a, 1, sizeof(*w));
    size_t at = 0;
    int r = w ? 0 : err_nomem(err);

    if (r < 0)
        return r;
    *w = (struct walk){.from = from, .to = to, .people = {person}, .count = 1};
    for (int step = 0; r == 0 && step < LIMIT_LINEAGE_STEPS; step++) {
        size_t end = w->count;

        for (; r == 0 && at < end; at++)
            r = step_from(l, w, w->people[at], err);
    }
    l->more = l->more || at < w->count;
    return r;
}

/* ---- the answer ---- */

static void put_day(struct json_out *o, const char *name, struct str text)
{
    const size_t day = sizeof("2026-01-01") - 1;

    if (text.len > day)
        text.len = day;
    if (text.len)
        fhir_part_put(o, name, "valueDateTime", text);
}

static bool runs(const struct lineage *l, const struct tie *tie)
{
    struct str end = json_get_text(json_get(tie->record, "period"), "end");
    utc_ms from = 0;
    utc_ms until = UTC_MS_MAX;

    (void)fhir_date_range(end, &from, &until);
    return str_is(json_get_text(tie->record, "status"), "active") && l->now < until;
}

static void put_reference(struct json_out *o, const struct lineage *l, const char *name,
    const char *type, struct str reference)
{
    struct str id = reference.p ? seek_id(&l->seek, reference, type) : reference;
    const char *text = NULL;

    if (!id.p)
        return;
    text = arena_printf(l->seek.a, "%s/%.*s", type, (int)id.len, id.p);
    fhir_part_put_reference(
        o, name, str_of(text), procedure_name(l->call, l->seek.snapshot, str_of(text)));
}

static void put_goals(struct json_out *o, const struct tie *tie)
{
    struct json_each goal = json_each(json_get(tie->record, "goal"));

    while (json_next(&goal)) {
        const struct json *coding =
            json_at(json_get(json_get(goal.value, "procedure"), "coding"), 0);

        fhir_part_put(o, "procedure", "valueCode", json_get_text(coding, "code"));
    }
}

static int put_tie(
    struct json_out *o, struct lineage *l, const struct tie *tie, struct err *err)
{
    const struct json *period = json_get(tie->record, "period");
    struct str id = {NULL, 0};
    int r = store_name(l->seek.snapshot, l->seek.a, tie->rid, &id, err);

    if (r < 0)
        return r;
    fhir_parts_open(o, "tie");
    put_reference(o, l, "master", "Practitioner",
        json_get_text(json_get(tie->record, "master"), "reference"));
    put_reference(o, l, "apprentice", "Practitioner",
        json_get_text(json_get(tie->record, "apprentice"), "reference"));
    put_reference(o, l, "learning-department", "Organization",
        json_get_text(json_get(tie->record, "learningDepartment"), "reference"));
    put_reference(o, l, "teaching-department", "Organization",
        json_get_text(json_get(tie->record, "teachingDepartment"), "reference"));
    put_day(o, "from", json_get_text(period, "start"));
    put_day(o, "until", json_get_text(period, "end"));
    fhir_part_put(
        o, "state", "valueCode", runs(l, tie) ? STR("under-way") : STR("ended"));
    if (tie->whole) {
        fhir_part_put(o, "id", "valueId", id);
        put_goals(o, tie);
    }
    fhir_parts_close(o);
    return 0;
}

static int write_answer(struct lineage *l, struct str person, struct err *err)
{
    struct json_out o = json_out(&l->call->answer);
    int r = 0;

    fhir_parameters_open(&o);
    put_reference(&o, l, "person", "Practitioner", person);
    for (size_t i = 0; r == 0 && i < l->tie_count; i++)
        r = put_tie(&o, l, &l->ties[i], err);
    if (l->more) {
        fhir_part_open(&o, "more");
        json_name(&o, "valueBoolean");
        json_put_bool(&o, true);
        json_close(&o, '}');
    }
    fhir_parameters_close(&o);
    return r;
}

/* ---- the way ---- */

static int answer(struct lineage *l, const struct rest *rest, struct err *err)
{
    const char *person =
        arena_printf(l->seek.a, "Practitioner/%.*s", (int)rest->id.len, rest->id.p);
    struct store_record rec = {0};
    store_rid rid = 0;
    bool live = false;
    int r = store_find(l->seek.snapshot, rest->type->number, rest->id, &rid, err);

    if (r == 0)
        r = store_live(l->seek.snapshot, rid, &live, err);
    if (r == E_NOT_FOUND || (r == 0 && !live))
        return access_no_such(rest->type, rest->id, false, err);
    if (r == 0)
        r = store_get_rid(l->seek.snapshot, l->seek.a, rid, true, &rec, err);
    if (r == 0)
        r = call_saw(l->call, &rec, err);
    l->ties = arena_array(l->seek.a, LIMIT_LINEAGE_TIES, sizeof(*l->ties));
    if (r == 0 && (!person || !l->ties))
        r = err_nomem(err);
    if (r == 0)
        r = walk(l, rest->id, "apprentice", "master", err);
    if (r == 0)
        r = walk(l, rest->id, "master", "apprentice", err);
    return r < 0 ? r : write_answer(l, str_of(person), err);
}

int rest_lineage(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct lineage l = {.call = call, .now = time_now()};
    int r = 0;

    if (strcmp(rest->word, "$independence") == 0)
        return rest_independence(call, rest, err);
    if (rest->pair_count > 0)
        return err_set(
            err, E_INVALID, rest->pairs[0].name.p, "$lineage takes no parameters.");
    l.seek = (struct seek){call->app, NULL, call->arena};
    r = call_read_begin(call, &l.seek.snapshot, err);
    if (r == 0)
        r = answer(&l, rest, err);
    call_read_end(call, l.seek.snapshot);
    if (call->access_)
        access_wait(call->access_);
    return r;
}
