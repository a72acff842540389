/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The apprenticeships that were agreed to, one entry for each procedure that they aim at, and who learns what by them. What the records say of
 * them now is kept between questions (docs/adr/0115-apprenticeships-and-funnels-kept.md): no quarter is in it, so that each question counts anew from
 * the same facts. Where that is more than LIMIT_INDEPENDENCE, only what is asked about is gathered, and not kept.
 */
#include "app/apprentice_internal.h"
#include "app/independence_internal.h"
#include "app/sign_off_internal.h"
#include "fhir/value.h"

#define WALK 256

/* What the facts follow from; of the person only that they are named. */
static const char *const types[] = {
    "Apprenticeship", "SignOff", "PractitionerRole", "Procedure", "Organization"};
#define TYPES (sizeof(types) / sizeof(types[0]))

/* In an arena of its own. */
struct holder {
    struct kept_value value; /* the first member */
    struct arena *arena;
    struct independence_facts facts;
};

struct gathering {
    struct independence_figures *in;
    struct str code;     /* only this procedure; p NULL: all */
    utc_ms before;       /* only what begins before */
    struct text_map map; /* "Practitioner/ID code": a place among the learners */
    struct independence_facts facts;
    size_t learner_cap, stay_cap;
};

/* ---- who learns what ---- */

/* Room for one more in ${list} of ${count} entries. */
static void *grow(
    struct gathering *g, void *list, size_t size, size_t count, size_t *cap)
{
    size_t old = *cap;

    if (count < old)
        return list;
    *cap = old ? old * 2 : 64;
    return arena_grow(g->in->call->arena, list, old * size, *cap * size);
}

static int add_learner(
    struct gathering *g, const struct independence_learner *l, struct err *err)
{
    struct independence_facts *facts = &g->facts;

    if (facts->learner_count == LIMIT_INDEPENDENCE)
        return err_set(err, E_TOO_LARGE, NULL,
            "More than %d people learn a procedure: ask of one procedure.",
            LIMIT_INDEPENDENCE);
    facts->learners = grow(g, facts->learners, sizeof(*facts->learners),
        facts->learner_count, &g->learner_cap);
    if (!facts->learners)
        return err_nomem(err);
    facts->learners[facts->learner_count++] = *l;
    return 0;
}

/* The apprenticeship ${s} of ${l}, who perhaps is known already. */
static int add(struct gathering *g, const struct independence_learner *l,
    struct independence_stay *s, struct err *err)
{
    struct arena *a = g->in->call->arena;
    struct independence_facts *facts = &g->facts;
    const char *key = arena_printf(
        a, "%.*s %.*s", (int)l->person.len, l->person.p, (int)l->code.len, l->code.p);
    int r =
        key ? text_map_put(a, &g->map, str_of(key), facts->learner_count, &s->learner)
            : E_NOMEM;

    if (r < 0)
        return err_nomem(err);
    if (r == 1) {
        s->learner = facts->learner_count;
        if (add_learner(g, l, err) < 0)
            return err->code;
    }
    if (l->from < facts->learners[s->learner].from)
        facts->learners[s->learner].from = l->from;
    facts->stays =
        grow(g, facts->stays, sizeof(*facts->stays), facts->stay_count, &g->stay_cap);
    if (!facts->stays)
        return err_nomem(err);
    facts->stays[facts->stay_count++] = *s;
    return 0;
}

static struct str unit_of(
    struct gathering *g, const struct json *record, const char *member)
{
    return sign_off_named(&g->in->seek,
        json_get_text(json_get(record, member), "reference"), "Organization");
}

static struct str procedure_in(const struct json *goal)
{
    struct json_each it = json_each(json_get(json_get(goal, "procedure"), "coding"));

    while (json_next(&it)) {
        struct str code = json_get_text(it.value, "code");

        if (code.p)
            return code;
    }
    return (struct str){NULL, 0};
}

static int add_apprenticeship(
    struct gathering *g, const struct json *record, struct err *err)
{
    struct json_each goal = json_each(json_get(record, "goal"));
    struct independence_learner l = {.person = {NULL, 0}};
    struct independence_stay s = {.learner = 0};
    struct str learning = unit_of(g, record, "learningDepartment");
    int r = 0;

    if (!apprentice_was_agreed(record) ||
        !json_get_text(json_get(record, "period"), "start").p ||
        !fhir_period_range(json_get(record, "period"), &s.from, &s.until) ||
        s.from >= g->before)
        return 0;
    l.from = s.from;
    l.person = sign_off_named(&g->in->seek,
        json_get_text(json_get(record, "apprentice"), "reference"), "Practitioner");
    s.department = unit_of(g, record, "teachingDepartment");
    if (!s.department.p)
        s.department = learning; /* of one hospital's own */
    if (!l.person.p || !s.department.p)
        return 0;
    r = reader_hospital_of(g->in->reader, s.department, &s.hospitals[0], err);
    if (r == 0 && learning.p)
        r = reader_hospital_of(g->in->reader, learning, &s.hospitals[1], err);
    while (r == 0 && json_next(&goal)) {
        l.code = procedure_in(goal.value);
        if (l.code.p && (!g->code.p || str_eq(l.code, g->code)))
            r = add(g, &l, &s, err);
    }
    return r;
}

static int gather(struct gathering *g, struct err *err)
{
    struct seek *seek = &g->in->seek;
    unsigned type = fhir_resource_named(STR("Apprenticeship"))->number;
    store_rid list[WALK];
    store_rid after = 0;
    size_t n = WALK;
    int r = 0;

    while (r == 0 && n == WALK) {
        r = store_rids(seek->snapshot, type, after, list, WALK, &n, err);
        for (size_t i = 0; r == 0 && i < n; i++) {
            const struct json *json = NULL;

            after = list[i];
            r = seek_rid(seek, list[i], NULL, &json, err);
            if (r == 0 && json)
                r = add_apprenticeship(g, json, err);
        }
    }
    return r == 0 ? independence_cases(g->in, &g->facts, err) : r;
}

/* ---- what is kept ---- */

static void done(struct kept_value *v)
{
    arena_free(((struct holder *)v)->arena);
}

static bool copy_text(struct arena *a, struct str *text)
{
    text->p = arena_strndup(a, text->p, text->len);
    return text->p != NULL;
}

static bool copy_learner(struct arena *a, struct independence_learner *l)
{
    const utc_ms *from = l->cases;

    l->person = (struct str){NULL, 0};
    l->cases = arena_array(a, l->case_count + 1, sizeof(*l->cases));
    if (l->cases && l->case_count > 0)
        memcpy(l->cases, from, l->case_count * sizeof(*from));
    return l->cases && copy_text(a, &l->code);
}

/* False: no memory. */
static bool copy(struct arena *a, const struct independence_facts *from,
    struct independence_facts *ret)
{
    bool good = false;

    *ret = *from;
    ret->learners = arena_array(a, from->learner_count + 1, sizeof(*ret->learners));
    ret->stays = arena_array(a, from->stay_count + 1, sizeof(*ret->stays));
    good = ret->learners && ret->stays;
    for (size_t i = 0; good && i < from->learner_count; i++) {
        ret->learners[i] = from->learners[i];
        good = copy_learner(a, &ret->learners[i]);
    }
    for (size_t i = 0; good && i < from->stay_count; i++) {
        ret->stays[i] = from->stays[i];
        good = copy_text(a, &ret->stays[i].department);
    }
    return good;
}

/* Where there is no memory for it nothing is kept. */
static void keep(struct independence_figures *in, int64_t position)
{
    struct arena *a = position >= 0 ? arena_new() : NULL;
    struct holder *h = a ? arena_alloc(a, sizeof(*h)) : NULL;

    if (!h || !copy(a, &in->facts, &h->facts)) {
        arena_free(a);
        return;
    }
    h->arena = a;
    h->value.position = position;
    h->value.bytes = arena_used(a);
    h->value.done = done;
    h->value.type_count = TYPES;
    for (size_t i = 0; i < TYPES; i++)
        h->value.types[i] = fhir_resource_named(str_of(types[i]))->number;
    kept_put(in->call->app->independence, 0, &h->value);
}

int independence_facts(struct independence_figures *in, struct err *err)
{
    struct gathering all = {.in = in, .before = UTC_MS_MAX};
    struct gathering asked = {.in = in, .code = in->code, .before = in->quarter.until};
    struct err first = {.code = E_OK};
    int64_t position = -1;
    int r = 0;

    if (store_position(in->seek.snapshot, &position, NULL) < 0)
        position = -1;
    in->held = kept_get(in->call->app->independence, 0, position);
    if (in->held) {
        in->facts = ((const struct holder *)in->held)->facts;
        return 0;
    }
    r = gather(&all, &first);
    in->facts = all.facts;
    if (r == 0)
        keep(in, position);
    if (r == E_TOO_LARGE) {
        r = gather(&asked, err);
        in->facts = asked.facts;
    } else if (r < 0) {
        *err = first;
    }
    return r;
}
