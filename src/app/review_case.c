/* SPDX-License-Identifier: Apache-2.0 */
/* The records of one case, gathered for its review. Nobody is asked: who may see what comes of
 * it is decided by whoever shows it. */
#include <string.h>

#include "app/case.h"
#include "app/review_internal.h"

/* ---- lists ---- */

bool review_strings_have(const struct review_strings *s, struct str one)
{
    for (size_t i = 0; i < s->count; i++) {
        if (str_eq(s->list[i], one))
            return true;
    }
    return false;
}

int review_strings_add(
    struct arena *a, struct review_strings *s, struct str one, struct err *err)
{
    struct str *longer = NULL;
    size_t cap = s->cap ? s->cap * 2 : 16;

    if (!one.p || one.len == 0 || review_strings_have(s, one))
        return 0;
    if (s->count == s->cap) {
        longer =
            arena_grow(a, s->list, s->cap * sizeof(*longer), cap * sizeof(*longer));
        if (!longer)
            return err_nomem(err);
        s->list = longer;
        s->cap = cap;
    }
    s->list[s->count++] = one;
    return 0;
}

/* ---- the records ---- */

static struct str opinion_of(const struct json *task)
{
    struct json_each it = json_each(json_get(task, "output"));
    struct str found = {NULL, 0};

    while (json_next(&it)) {
        const struct json *coding =
            json_at(json_get(json_get(it.value, "type"), "coding"), 0);

        if (str_is(json_get_text(coding, "code"), "opinion"))
            found = json_get_text(json_get(it.value, "valueReference"), "reference");
    }
    return found;
}

static int gather_words(const struct seek *s, struct review_case *c, struct err *err)
{
    const char *about =
        arena_printf(s->a, "ServiceRequest/%.*s", (int)c->id.len, c->id.p);
    const struct search_pair pairs[] = {
        {STR("based-on"), str_of(about)}, {STR("_sort"), STR("sent")}};
    const struct json **list =
        arena_array(s->a, LIMIT_REVIEW_MESSAGES, sizeof(const struct json *));
    struct seek_list found = {NULL, 0};
    int r = about && list ? 0 : err_nomem(err);

    if (r == 0)
        r = seek_all(s,
            &(struct seek_for){"Communication", pairs, 2, LIMIT_REVIEW_MESSAGES},
            &found, err);
    for (size_t i = 0; r == 0 && i < found.count; i++) {
        r = seek_rid(s, found.rids[i], NULL, &list[c->word_count], err);
        if (r == 0 && list[c->word_count])
            c->word_count++;
    }
    c->words = list;
    return r;
}

/* What the case lists beside its question. Documents and pictures are not shown: who is on
 * them nobody here can tell. */
static int gather_facts(const struct seek *s, struct review_case *c, struct err *err)
{
    static const char *const shown[] = {"Observation", "Condition",
        "AllergyIntolerance", "MedicationStatement", "Procedure"};
    const struct json *info = json_get(c->request, "supportingInfo");
    struct json_each it = json_each(info);
    const struct json **list =
        arena_array(s->a, json_count(info) + 1, sizeof(const struct json *));
    int r = list ? 0 : err_nomem(err);

    while (r == 0 && json_next(&it)) {
        struct str reference = json_get_text(it.value, "reference");
        const struct json *one = NULL;

        for (size_t i = 0; r == 0 && !one && i < sizeof(shown) / sizeof(shown[0]); i++)
            r = seek_reference(s, reference, shown[i], &one, err);
        if (one)
            list[c->fact_count++] = one;
        else
            c->files++;
    }
    c->facts = list;
    return r;
}

int review_case_gather(const struct seek *s, struct str id, struct review_case *ret,
    bool *ret_there, struct err *err)
{
    struct review_case c = {.id = id};
    int r = seek_record(s, "ServiceRequest", id, NULL, &c.request, err);

    if (r == 0)
        r = seek_record(s, "Task", id, NULL, &c.task, err);
    *ret_there = r == 0 && c.request && c.task && case_task_read(c.task, &c.read);
    if (r < 0 || !*ret_there)
        return r;
    r = seek_reference(s, json_get_text(json_get(c.request, "subject"), "reference"),
        "Patient", &c.patient, err);
    if (r == 0)
        r = seek_reference(
            s, opinion_of(c.task), "ClinicalImpression", &c.opinion, err);
    if (r == 0)
        r = gather_words(s, &c, err);
    if (r == 0)
        r = gather_facts(s, &c, err);
    if (r == 0)
        *ret = c;
    return r;
}

/* ---- who is named ---- */

/* A post stands for who holds it. */
static int add_holder(const struct seek *s, struct str reference,
    struct review_strings *ret, struct err *err)
{
    const struct json *post = NULL;
    int r = seek_reference(s, reference, "PractitionerRole", &post, err);

    return r < 0 ? r
                 : review_strings_add(s->a, ret,
                       json_get_text(json_get(post, "practitioner"), "reference"), err);
}

static int add_people(const struct seek *s, const struct json *record,
    struct review_strings *ret, struct err *err)
{
    struct json_each it = json_each(record);
    int r = 0;

    while (r == 0 && json_next(&it)) {
        struct str text = json_text(it.value);

        if (str_is(it.name, "reference") && str_starts(text, "Practitioner/"))
            r = review_strings_add(s->a, ret, text, err);
        else if (str_is(it.name, "reference") && str_starts(text, "PractitionerRole/"))
            r = add_holder(s, text, ret, err);
        else if (json_is_object(it.value) || json_is_array(it.value))
            r = add_people(s, it.value, ret, err); /* NOLINT(misc-no-recursion) */
    }
    return r;
}

int review_case_people(const struct seek *s, const struct review_case *c,
    struct review_strings *ret, struct err *err)
{
    const struct json *const records[] = {c->request, c->task, c->patient, c->opinion};
    int r = 0;

    for (size_t i = 0; r == 0 && i < sizeof(records) / sizeof(records[0]); i++)
        r = add_people(s, records[i], ret, err);
    for (size_t i = 0; r == 0 && i < c->word_count; i++)
        r = add_people(s, c->words[i], ret, err);
    for (size_t i = 0; r == 0 && i < c->fact_count; i++)
        r = add_people(s, c->facts[i], ret, err);
    return r;
}

int review_hospital(
    const struct seek *s, struct str unit, struct str *ret, struct err *err)
{
    int r = 0;

    for (int depth = 0; r == 0 && depth < LIMIT_REVIEW_DEPTH; depth++) {
        const struct json *organization = NULL;
        struct str above = {NULL, 0};

        r = seek_reference(s, unit, "Organization", &organization, err);
        above = json_get_text(json_get(organization, "partOf"), "reference");
        if (r == 0 && !above.p)
            break;
        if (r == 0)
            unit = above;
    }
    if (r == 0)
        *ret = unit;
    return r;
}
