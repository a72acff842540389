/* SPDX-License-Identifier: Apache-2.0 */
/* Who is told: a person, or those who hold a post of care in a unit, and the unit's hook. */
#include "app/notify_internal.h"
#include "app/person.h"

/* Who answers cases; and who coordinates, once a case has climbed so far. */
static bool answers(struct str role, bool escalated)
{
    return str_is(role, "expert") || str_is(role, "clinician") ||
           str_is(role, "head-of-department") ||
           (escalated && str_is(role, "coordinator"));
}

struct gathering {
    struct app *app;
    struct store_reader *reader; /* held while people are gathered */
    struct arena *a;
    struct notify_people *people;
    struct str but; /* who made the step knows of it */
    bool escalated;
    utc_ms now;
};

static int add(struct gathering *g, struct str key, struct err *err)
{
    struct notify_people *p = g->people;

    if (!key.p || str_eq(key, g->but) || p->count >= LIMIT_NOTIFY_PEOPLE)
        return 0;
    for (size_t i = 0; i < p->count; i++) {
        if (str_eq(p->keys[i], key))
            return 0;
    }
    key.p = arena_strndup(g->a, key.p, key.len);
    if (!key.p)
        return err_nomem(err);
    p->keys[p->count++] = key;
    return 0;
}

/* ${practitioner}, if a post of theirs at ${unit} answers cases now. */
static int add_holder(
    struct gathering *g, struct str practitioner, struct str unit, struct err *err)
{
    struct person_posts posts = {0};
    bool holds = false;
    int r =
        person_posts_in(&(struct person_ask){g->app->persons, g->reader, g->a, g->now},
            practitioner, &posts, err);

    for (size_t i = 0; r == 0 && i < posts.count; i++)
        holds |= answers(posts.list[i].role, g->escalated) &&
                 (str_eq(posts.list[i].department, unit) ||
                     str_eq(posts.list[i].organization, unit));
    return r == 0 && holds ? add(g, practitioner, err) : r;
}

static int add_role(struct gathering *g, struct store_reader *reader, store_rid rid,
    struct str unit, struct err *err)
{
    const struct json *json = NULL;
    struct store_record rec = {0};
    struct str who = {NULL, 0};
    int r = store_get_rid(reader, g->a, rid, true, &rec, err);

    if (r == 0)
        r = json_read_trusted(g->a, rec.body, &json, err);
    who = json_get_text(json_get(json, "practitioner"), "reference");
    return r == 0 && who.p ? add_holder(g, who, unit, err) : r;
}

static int add_unit(
    struct gathering *g, struct store_reader *reader, struct str unit, struct err *err)
{
    char most[16];
    struct search_pair pairs[] = {
        {STR("organization"), unit},
        {STR("active"), STR("true")},
        {STR("_count"), {NULL, 0}},
        {STR("_total"), STR("none")},
    };
    struct search_request rq = {
        .type = fhir_resource_named(STR("PractitionerRole"))->number,
        .pairs = pairs,
        .pair_count = sizeof(pairs) / sizeof(pairs[0]),
        .now = g->now};
    struct search_query *query = NULL;
    struct fhir_issues issues = {0};
    struct search_page page = {0};
    int r = add(g, unit, err);

    snprintf(most, sizeof(most), "%u", LIMIT_NOTIFY_PEOPLE);
    pairs[2].value = str_of(most);
    if (r == 0)
        r = search_parse(g->a, &rq, &issues, &query, err);
    if (r == 0)
        r = search_run(reader, g->a, query, &page, err);
    for (size_t i = 0; r == 0 && i < page.count; i++)
        r = add_role(g, reader, page.hits[i].rid, unit, err);
    return r;
}

static int add_any(
    struct gathering *g, struct store_reader *reader, struct str who, struct err *err)
{
    if (who.p && str_starts(who, "Organization/"))
        return add_unit(g, reader, who, err);
    if (who.p && str_starts(who, "Practitioner/"))
        return add(g, who, err);
    return 0;
}

/* The side whose word comes next. */
static int gather(struct gathering *g, struct store_reader *reader,
    const struct notify_event *event, const struct case_task *task, struct err *err)
{
    int r = 0;

    if (event->kind == CHOICE_ASKED || event->kind == CHOICE_ANSWERED)
        return add_any(g, reader, task->requester, err);
    if (event->kind == CHOICE_ALERT) { /* both sides */
        r = add_any(g, reader, task->requester, err);
        return r == 0 ? add_any(g, reader, task->owner, err) : r;
    }
    g->but = task->requester;
    r = add_any(g, reader, task->owner, err);
    for (size_t i = 0; r == 0 && event->broadcast && i < task->asked_count; i++)
        r = add_any(g, reader, task->asked[i], err);
    return r;
}

int notify_people(struct app *app, struct arena *a, const struct notify_event *event,
    const struct case_task *task, struct notify_people *ret, struct err *err)
{
    struct notify_people people = {
        .keys = arena_array(a, LIMIT_NOTIFY_PEOPLE, sizeof(*people.keys))};
    struct gathering g = {.app = app,
        .a = a,
        .people = &people,
        .escalated = event->kind == CHOICE_ESCALATED,
        .now = time_now()};
    struct store_reader *reader = NULL;
    int r = people.keys ? store_read_begin(app->store, &reader, err) : err_nomem(err);

    g.reader = reader;
    if (r == 0)
        r = gather(&g, reader, event, task, err);
    if (reader)
        store_read_end(reader);
    if (r == 0)
        *ret = people;
    return r;
}
