/* SPDX-License-Identifier: Apache-2.0 */
/* The charts after sign-offs, all of them, as the node itself looks at them. */
#include "app/sign_off_alarm.h"

#include "app/network_internal.h"
#include "app/person.h"
#include "app/sign_off_internal.h"

#define POSTS_MOST 10000 /* of heads and quality officers, in the whole network */

/* The node's own look: no caller's, and nothing of it is answered to anybody. */
struct looking {
    struct app_call call;
    struct signing g; /* memory of it is step's */
    struct arena *step;
};

static void look_end(struct looking *l)
{
    if (!l)
        return;
    if (l->g.seek.snapshot)
        store_read_end(l->g.seek.snapshot);
    network_release(l->g.network);
    arena_free(l->step);
    base_free(l);
}

/* ${charts}: with the network. Ended by look_end() whatever it gives. */
static int look_begin(
    struct app *app, bool charts, struct looking **ret, struct err *err)
{
    struct looking *l = base_malloc(sizeof(*l));
    int r = 0;

    *ret = l;
    if (!l)
        return err_nomem(err);
    memset(l, 0, sizeof(*l));
    l->step = arena_new();
    if (!l->step)
        return err_nomem(err);
    l->call = change_by_node(app, l->step);
    l->g.call = &l->call;
    l->g.now = time_now();
    l->g.seek = (struct seek){app, NULL, l->step};
    if (charts) /* before the snapshot: it reads by one of its own */
        r = networks_take(app->networks, &l->g.network, err);
    return r == 0 ? store_read_begin(app->store, &l->g.seek.snapshot, err) : r;
}

/* Into ${l->g.s}; its json is NULL where there is none. */
static int load(struct looking *l, struct str id, struct err *err)
{
    store_rid rid = 0;
    int r = store_find(
        l->g.seek.snapshot, fhir_resource_named(STR("SignOff"))->number, id, &rid, err);

    l->g.s = (struct sign_off){.json = NULL};
    if (r == E_NOT_FOUND)
        return 0;
    return r == 0 ? sign_off_load(&l->g.seek, rid, &l->g.s, err) : r;
}

static int chart_of(
    struct looking *l, struct str id, struct sign_off_chart *ret, struct err *err)
{
    int r = load(l, id, err);

    *ret = (struct sign_off_chart){.count = 0};
    return r == 0 && l->g.s.json ? sign_off_chart(&l->g, &l->g.s, ret, err) : r;
}

/* ---- which there are ---- */

static struct str copied(struct arena *a, struct str text)
{
    return (struct str){arena_strndup(a, text.p, text.len), text.len};
}

static int add(struct sign_off_alarms *list, struct arena *a, struct str id,
    const struct sign_off_chart *chart, struct err *err)
{
    struct sign_off_alarm one = {.id = copied(a, id),
        .cases = arena_array(a, chart->open_count, sizeof(*one.cases)),
        .count = chart->open_count};
    struct sign_off_alarm *more = arena_grow(
        a, list->list, list->count * sizeof(*more), (list->count + 1) * sizeof(*more));

    if (!one.id.p || !one.cases || !more)
        return err_nomem(err);
    for (size_t i = 0; i < one.count; i++) {
        one.cases[i] = copied(a, chart->open[i]);
        if (!one.cases[i].p)
            return err_nomem(err);
    }
    list->list = more;
    list->list[list->count++] = one;
    return 0;
}

/* Is there a SignOff at all? Where there is none no network is put together for it. */
static int any_sign_off(struct app *app, bool *ret, struct err *err)
{
    struct store_reader *reader = NULL;
    int64_t count = 0;
    int r = store_read_begin(app->store, &reader, err);

    if (r == 0)
        r = store_count(
            reader, fhir_resource_named(STR("SignOff"))->number, &count, err);
    if (reader)
        store_read_end(reader);
    *ret = count > 0;
    return r;
}

int sign_off_alarms(
    struct app *app, struct arena *a, struct sign_off_alarms *ret, struct err *err)
{
    struct sign_off_alarms found = {NULL, 0};
    struct looking *l = NULL;
    const struct network *n = NULL;
    bool any = false;
    int r = any_sign_off(app, &any, err);

    *ret = found;
    if (r < 0 || !any)
        return r;
    r = look_begin(app, true, &l, err);
    n = r == 0 ? l->g.network : NULL;
    for (size_t i = 0; r == 0 && i < n->signing_count; i++) {
        struct sign_off_chart chart;

        if (i > 0 && str_eq(n->signings[i].id, n->signings[i - 1].id))
            continue;
        arena_reset(l->step);
        r = chart_of(l, n->signings[i].id, &chart, err);
        if (r == 0 && chart.open_count > 0)
            r = add(&found, a, n->signings[i].id, &chart, err);
    }
    look_end(l);
    if (r == 0)
        *ret = found;
    return r;
}

int sign_off_alarm_stands(
    struct app *app, struct str id, struct str procedure, bool *ret, struct err *err)
{
    struct sign_off_chart chart = {.count = 0};
    struct looking *l = NULL;
    bool stands = false;
    int r = look_begin(app, true, &l, err);

    if (r == 0)
        r = chart_of(l, id, &chart, err);
    for (size_t i = 0; r == 0 && i < chart.open_count; i++)
        stands = stands || str_eq(chart.open[i], procedure);
    look_end(l);
    if (r == 0)
        *ret = stands;
    return r;
}

/* ---- who is told ---- */

static bool has(const struct sign_off_lookers *lookers, struct str who)
{
    for (size_t i = 0; i < lookers->count; i++) {
        if (str_eq(lookers->list[i], who))
            return true;
    }
    return false;
}

/* Who holds ${post} (a PractitionerRole), if they are told. */
static int add_looker(struct looking *l, struct arena *a, const struct json *post,
    struct sign_off_lookers *ret, struct err *err)
{
    struct str who = sign_off_named(&l->g.seek,
        json_get_text(json_get(post, "practitioner"), "reference"), "Practitioner");
    struct app_caller *caller = &l->call.caller;
    const struct person_ask ask = {
        l->call.app->persons, l->g.seek.snapshot, l->g.seek.a, l->g.now};
    struct person_posts posts = {NULL, 0};
    unsigned roles = 0;
    int r = 0;

    if (!who.p || has(ret, who))
        return 0;
    r = person_posts_in(&ask, who, &posts, err);
    *caller = (struct app_caller){
        .practitioner = who, .posts = posts.list, .post_count = posts.count};
    if (r < 0 || !(person_holds(caller, "head-of-department") ||
                     person_holds(caller, "quality-officer")))
        return r;
    r = sign_off_roles(&l->g, &l->g.s, &roles, err);
    if (r < 0 || !roles)
        return r;
    ret->list[ret->count] = copied(a, who);
    return ret->list[ret->count++].p ? 0 : err_nomem(err);
}

static int find_lookers(
    struct looking *l, struct arena *a, struct sign_off_lookers *ret, struct err *err)
{
    const struct search_pair pairs[] = {
        {STR("role"), STR(PERSON_ROLE_SYSTEM "|head-of-department," PERSON_ROLE_SYSTEM
                                             "|quality-officer")},
        {STR("active"), STR("true")}, {STR("_count"), STR("500")},
        {STR("_total"), STR("none")}};
    const struct seek_for what = {"PractitionerRole", pairs, 4, POSTS_MOST};
    struct seek_list found = {NULL, 0};
    int r = seek_all(&l->g.seek, &what, &found, err);

    ret->list = r == 0 ? arena_array(a, found.count + 1, sizeof(*ret->list)) : NULL;
    l->g.seek.a = arena_new(); /* of one post at a time */
    if (r == 0 && (!ret->list || !l->g.seek.a))
        r = err_nomem(err);
    for (size_t i = 0; r == 0 && i < found.count && ret->count < LIMIT_NOTIFY_PEOPLE;
         i++) {
        const struct json *post = NULL;

        arena_reset(l->g.seek.a);
        r = seek_rid(&l->g.seek, found.rids[i], NULL, &post, err);
        if (r == 0 && post)
            r = add_looker(l, a, post, ret, err);
    }
    arena_free(l->g.seek.a);
    return r;
}

int sign_off_lookers(struct app *app, struct arena *a, struct str id,
    struct sign_off_lookers *ret, struct err *err)
{
    struct sign_off_lookers found = {NULL, 0};
    struct looking *l = NULL;
    int r = look_begin(app, false, &l, err);

    if (r == 0)
        r = load(l, id, err);
    if (r == 0 && l->g.s.json)
        r = find_lookers(l, a, &found, err);
    look_end(l);
    if (r == 0)
        *ret = found;
    return r;
}
