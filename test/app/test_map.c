/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The capability map over random histories of a small network: kept step by step it is what
 * reading all records anew gives; ending something raises nothing; two logs merged in either
 * order give one map; and it says of each hospital what routing says of it.
 */
#include <stdlib.h>
#include <string.h>

#include "app/app_internal.h"
#include "app/catalogue.h"
#include "app/network.h"
#include "app/network_map.h"
#include "node.h"

#define NOON 1788148800000LL /* 2026-08-31 04:00 UTC */
#define DAY_MS (24LL * 3600 * 1000)
#define ROUNDS 6
#define STEPS 25
#define MOST_CHANGES 600

static struct arena *a;

/* ---- a history ---- */

struct change {
    const char *path;
    const char *body;
    enum app_space space;
};

struct history {
    struct change list[MOST_CHANGES];
    size_t count;
};

static const char *const hospitals[] = {"county", "pref", "city", "sea"};
static const char *const things[] = {"appendectomy", "spinal-anaesthesia",
    "phototherapy", "cholecystectomy", "K35", "P59"};
static const char *const devices[] = {
    "operating-theatre", "patient-monitor", "phototherapy-lamp", "laparoscope"};

static int any(unsigned *seed, int low, int high)
{
    return low + rand_r(seed) % (high - low + 1);
}

/* A day near ${NOON}; before it, where ${past}. */
static const char *any_day(unsigned *seed, bool past)
{
    char iso[TIME_ISO_MAX];

    time_iso(NOON + any(seed, -900, past ? -1 : 300) * DAY_MS, iso);
    return arena_strndup(a, iso, 10);
}

static const char *any_period(unsigned *seed)
{
    const char *start = any_day(seed, true);

    if (any(seed, 0, 2))
        return arena_printf(a, "{\"start\":\"%s\"}", start);
    return arena_printf(
        a, "{\"start\":\"%s\",\"end\":\"%s\"}", start, any_day(seed, false));
}

static void add(
    struct history *h, enum app_space space, const char *path, const char *body)
{
    assert_true(h->count < MOST_CHANGES);
    h->list[h->count++] = (struct change){path, body, space};
}

#define ADD(h, path, ...) add((h), APP_FHIR, (path), arena_printf(a, __VA_ARGS__))

static const char *coding_of(const char *thing)
{
    return arena_printf(a, "{\"coding\":[{\"system\":\"%s\",\"code\":\"%s\"}]}",
        thing[0] < 'a' ? CATALOGUE_ILLNESS_SYSTEM : CATALOGUE_PROCEDURE_SYSTEM, thing);
}

static void add_places(struct history *h)
{
    for (size_t i = 0; i < 4; i++) {
        ADD(h, arena_printf(a, "Organization/%s", hospitals[i]),
            "{\"resourceType\":\"Organization\",\"id\":\"%s\"}", hospitals[i]);
        ADD(h, arena_printf(a, "Organization/%s-unit", hospitals[i]),
            "{\"resourceType\":\"Organization\",\"id\":\"%s-unit\",\"partOf\":{"
            "\"reference\":\"Organization/%s\"}}",
            hospitals[i], hospitals[i]);
    }
}

static void add_person(struct history *h, unsigned *seed, const char *prefix)
{
    const char *id = arena_printf(a, "%sp%d", prefix, any(seed, 1, 6));
    const char *list = "";

    for (int i = any(seed, 0, 5); i > 0; i--)
        list = arena_printf(a, "%s%s{\"code\":%s,\"period\":%s}", list,
            list[0] ? "," : "", coding_of(things[any(seed, 0, 5)]), any_period(seed));
    ADD(h, arena_printf(a, "Practitioner/%s", id),
        "{\"resourceType\":\"Practitioner\",\"id\":\"%s\",\"active\":true%s%s%s}", id,
        list[0] ? ",\"qualification\":[" : "", list, list[0] ? "]" : "");
}

static void add_post(struct history *h, unsigned *seed, const char *prefix)
{
    const char *id = arena_printf(a, "%sr%d", prefix, any(seed, 1, 14));
    static const char *const roles[] = {"clinician", "expert", "nurse"};

    ADD(h, arena_printf(a, "PractitionerRole/%s", id),
        "{\"resourceType\":\"PractitionerRole\",\"id\":\"%s\",\"active\":true,"
        "\"practitioner\":{\"reference\":\"Practitioner/%sp%d\"},\"organization\":{"
        "\"reference\":\"Organization/%s-unit\"},\"code\":[{\"coding\":[{\"system\":"
        "\"https://belay.health/CodeSystem/role\",\"code\":\"%s\"}]}],\"period\":%s}",
        id, prefix, any(seed, 1, 6), hospitals[any(seed, 0, 3)], roles[any(seed, 0, 2)],
        any_period(seed));
}

static void add_device(struct history *h, unsigned *seed, const char *prefix)
{
    const char *id = arena_printf(a, "%sd%d", prefix, any(seed, 1, 24));

    ADD(h, arena_printf(a, "Device/%s", id),
        "{\"resourceType\":\"Device\",\"id\":\"%s\",\"status\":\"%s\",\"type\":{"
        "\"coding\":[{\"system\":\"" CATALOGUE_DEVICE_SYSTEM
        "\",\"code\":\"%s\"}]},\"owner\":{\"reference\":\"Organization/%s\"}}",
        id, any(seed, 0, 4) ? "active" : "inactive", devices[any(seed, 0, 3)],
        hospitals[any(seed, 0, 3)]);
}

static void add_link(struct history *h, unsigned *seed, const char *prefix)
{
    int helped = any(seed, 0, 2);
    const char *id = arena_printf(a, "%sl%d", prefix, any(seed, 1, 3));

    ADD(h, arena_printf(a, "OrganizationAffiliation/%s", id),
        "{\"resourceType\":\"OrganizationAffiliation\",\"id\":\"%s\",\"active\":true,"
        "\"organization\":{\"reference\":\"Organization/%s\"},"
        "\"participatingOrganization\":{\"reference\":\"Organization/%s\"},\"code\":[{"
        "\"coding\":[{\"system\":\"https://belay.health/CodeSystem/affiliation\","
        "\"code\":\"hospital-pair\"}]}],\"period\":%s}",
        id, hospitals[helped], hospitals[any(seed, helped + 1, 3)], any_period(seed));
}

static void add_learning(struct history *h, unsigned *seed, const char *prefix)
{
    const char *id = arena_printf(a, "%sa%d", prefix, any(seed, 1, 4));

    add(h, APP_PROGRAMME, arena_printf(a, "Apprenticeship/%s", id),
        arena_printf(a,
            "{\"resourceType\":\"Apprenticeship\",\"id\":\"%s\",\"status\":\"active\","
            "\"apprentice\":{\"reference\":\"Practitioner/%sp%d\"},\"master\":{"
            "\"reference\":\"Practitioner/%sp%d\"},\"period\":%s,\"goal\":[{"
            "\"procedure\":%s}]}",
            id, prefix, any(seed, 1, 6), prefix, any(seed, 1, 6), any_period(seed),
            coding_of(things[any(seed, 0, 3)])));
}

static void add_operation(struct history *h, unsigned *seed, const char *prefix)
{
    static const char *const results[] = {"well", "serious", "unknown"};
    const char *id = arena_printf(a, "%so%d", prefix, any(seed, 1, 40));
    const char *look = "";

    if (any(seed, 0, 3))
        look = arena_printf(a,
            ",{\"url\":\"https://belay.health/StructureDefinition/operation-follow-up\""
            ",\"extension\":[{\"url\":\"at\",\"valueCode\":\"day-30\"},{\"url\":"
            "\"result\",\"valueCode\":\"%s\"}]}",
            results[any(seed, 0, 8) ? 0 : any(seed, 1, 2)]);
    ADD(h, arena_printf(a, "Procedure/%s", id),
        "{\"resourceType\":\"Procedure\",\"id\":\"%s\",\"status\":\"completed\","
        "\"subject\":{\"display\":\"Somebody\"},\"code\":%s,\"performedDateTime\":"
        "\"%s\",\"performer\":[{\"function\":{\"coding\":[{\"system\":\"https://"
        "belay.health/CodeSystem/operation-function\",\"code\":\"operator\"}]},"
        "\"actor\":{\"reference\":\"Practitioner/%sp%d\"}}],\"extension\":[{\"url\":"
        "\"https://belay.health/StructureDefinition/operation-department\","
        "\"valueReference\":{\"reference\":\"Organization/%s-unit\"}}%s]}",
        id, coding_of(things[any(seed, 0, 3)]), any_day(seed, true), prefix,
        any(seed, 1, 6), hospitals[any(seed, 0, 3)], look);
}

static void add_service(struct history *h, unsigned *seed, const char *prefix)
{
    const char *id = arena_printf(a, "%ss%d", prefix, any(seed, 1, 4));

    ADD(h, arena_printf(a, "HealthcareService/%s", id),
        "{\"resourceType\":\"HealthcareService\",\"id\":\"%s\",\"providedBy\":{"
        "\"reference\":\"Organization/%s\"},\"type\":[%s]}",
        id, hospitals[any(seed, 0, 3)], coding_of(things[any(seed, 0, 5)]));
}

/* ${count} changes of records whose ids begin with ${prefix}. */
static void add_changes(
    struct history *h, unsigned *seed, const char *prefix, int count)
{
    static void (*const adders[])(struct history *, unsigned *, const char *) = {
        add_person, add_person, add_post, add_post, add_device, add_link, add_learning,
        add_operation, add_operation, add_operation, add_service};

    for (int i = 0; i < count; i++)
        adders[any(seed, 0, 10)](h, seed, prefix);
}

static void apply(struct node *n, const struct change *c)
{
    struct said *s = node_ask(
        n, (struct ask){
               .method = APP_PUT, .space = c->space, .path = c->path, .body = c->body});

    if (s->status != 200)
        said_status(s, 201);
    said_free(s);
}

static void apply_all(struct node *n, const struct history *h)
{
    for (size_t i = 0; i < h->count; i++)
        apply(n, &h->list[i]);
}

/* ---- maps ---- */

#define HOSPITALS 4

struct map {
    struct capability_answer *of[HOSPITALS];
    const char **by[HOSPITALS]; /* names: numbers of people are the network's own */
};

static struct map map_of(struct networks *networks, int64_t at, bool without)
{
    struct network_map_asked asked = {.at = at, .without_experts = without};
    const struct network *n = NULL;
    struct arena *scratch = arena_new();
    uint32_t count = catalogue_things();
    struct map m = {.of = {NULL}};
    struct err err = {0};

    assert_int_equal(networks_take(networks, &n, &err), 0);
    assert_int_equal(network_hospital_count(n), HOSPITALS);
    for (uint32_t i = 0; i < HOSPITALS; i++) {
        m.of[i] = arena_array(a, count, sizeof(*m.of[i]));
        m.by[i] = arena_array(a, count, sizeof(*m.by[i]));
        assert_int_equal(network_capabilities(n, scratch, &asked, i, m.of[i]), 0);
        for (uint32_t k = 0; k < count; k++) {
            struct capability_answer *one = &m.of[i][k];
            struct network_name who = {.reference = {NULL, 0}};

            if (one->by != CAPABILITY_NOBODY)
                who = network_person_name(n, one->by);
            m.by[i][k] = who.reference.p
                             ? arena_strndup(a, who.reference.p, who.reference.len)
                             : "";
            one->by = 0;
        }
    }
    network_release(n);
    arena_free(scratch);
    return m;
}

/* Is there anything in it at all? */
static int able(const struct map *m)
{
    int sum = 0;

    for (size_t i = 0; i < HOSPITALS; i++) {
        for (uint32_t k = 0; k < catalogue_things(); k++)
            sum += m->of[i][k].level > CAPABILITY_NONE;
    }
    return sum;
}

static void same(const struct map *one, const struct map *other)
{
    for (size_t i = 0; i < HOSPITALS; i++) {
        for (uint32_t k = 0; k < catalogue_things(); k++) {
            const struct capability_answer *x = &one->of[i][k], *y = &other->of[i][k];

            if (x->level != y->level || x->since != y->since || x->until != y->until ||
                x->carriers != y->carriers || x->cases != y->cases ||
                x->sustained_cases != y->sustained_cases || x->lasts != y->lasts ||
                x->listed != y->listed || x->demonstrated != y->demonstrated ||
                x->sustained != y->sustained || x->missing != y->missing ||
                strcmp(one->by[i][k], other->by[i][k]) != 0)
                fail_msg("%s at hospital %zu: %s by %s, and %s by %s",
                    catalogue_thing(k)->code, i, capability_level_name(x->level),
                    one->by[i][k], capability_level_name(y->level), other->by[i][k]);
        }
    }
}

static struct map read_anew(struct node *n, int64_t at)
{
    struct networks *fresh = networks_new(n->app);
    struct map m = map_of(fresh, at, false);

    networks_free(fresh);
    return m;
}

/* ---- the tests ---- */

static int begin(void **state)
{
    (void)state;
    a = arena_new();
    time_hold(NOON);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(a);
    time_hold(0);
    return 0;
}

static void step_by_step_is_anew(void **state)
{
    int seen = 0;

    (void)state;
    for (unsigned round = 1; round <= ROUNDS; round++) {
        static struct history h;
        unsigned seed = round;
        struct node node;

        node_open(&node, true);
        h.count = 0;
        add_places(&h);
        add_changes(&h, &seed, "", STEPS * 4);
        for (size_t i = 0; i < h.count; i++) {
            struct map kept, anew;

            apply(&node, &h.list[i]);
            if (i % 20 == 0 && i > 8) /* a deletion among them */
                said_free(DELETE(&node, h.list[i - 7].path));
            if (i < 8 || any(&seed, 0, 5))
                continue;
            kept =
                map_of(node.app->networks, NOON - any(&seed, 0, 500) * DAY_MS, false);
            (void)kept;
            kept = map_of(node.app->networks, NOON, false);
            anew = read_anew(&node, NOON);
            same(&kept, &anew);
            seen += able(&kept) > 0;
        }
        node_close(&node);
    }
    assert_true(seen > ROUNDS);
}

static void either_order_gives_one_map(void **state)
{
    int seen = 0;

    (void)state;
    for (unsigned round = 1; round <= ROUNDS; round++) {
        static struct history places, left, right;
        unsigned seed = round + 100;
        struct node one, other;
        struct map x, y;

        places.count = left.count = right.count = 0;
        add_places(&places);
        add_changes(&left, &seed, "x", 120);
        add_changes(&right, &seed, "y", 120);
        node_open(&one, true);
        node_open(&other, true);
        apply_all(&one, &places);
        apply_all(&one, &left);
        apply_all(&one, &right);
        apply_all(&other, &right);
        apply_all(&other, &places);
        apply_all(&other, &left);
        x = map_of(one.app->networks, NOON, false);
        y = map_of(other.app->networks, NOON, false);
        same(&x, &y);
        seen += able(&x) > 0;
        node_close(&one);
        node_close(&other);
    }
    assert_true(seen > 0);
}

/* The record at ${path} with its period ended, or put out of service. */
static struct change ended(const struct change *c)
{
    struct change made = {.path = c->path, .space = c->space};
    const char *start = strstr(c->body, "\"period\":{");
    const char *off = strstr(c->body, "\"status\":\"active\"");

    if (strncmp(c->path, "Device/", 7) == 0 && off)
        made.body = arena_printf(a, "%.*s\"status\":\"inactive\"%s",
            (int)(off - c->body), c->body, off + strlen("\"status\":\"active\""));
    else if (start && (strncmp(c->path, "PractitionerRole/", 17) == 0 ||
                          strncmp(c->path, "Practitioner/", 13) == 0 ||
                          strncmp(c->path, "OrganizationAffiliation/", 24) == 0))
        made.body = arena_printf(a,
            "%.*s\"period\":{\"start\":\"2000-01-01\",\"end\":\"2026-08-30\"}%s",
            (int)(start - c->body), c->body, strchr(start, '}') + 1);
    return made;
}

/* The last word of each path is what the record is. */
static bool is_last(const struct history *h, size_t at)
{
    for (size_t i = at + 1; i < h->count; i++) {
        if (strcmp(h->list[i].path, h->list[at].path) == 0)
            return false;
    }
    return true;
}

static void none_is_higher(const struct map *before, const struct map *after)
{
    for (size_t i = 0; i < HOSPITALS; i++) {
        for (uint32_t k = 0; k < catalogue_things(); k++) {
            const struct capability_answer *x = &before->of[i][k],
                                           *y = &after->of[i][k];

            if (y->level > x->level || (y->demonstrated && !x->demonstrated) ||
                (y->sustained && !x->sustained))
                fail_msg("%s at hospital %zu rose from %s to %s",
                    catalogue_thing(k)->code, i, capability_level_name(x->level),
                    capability_level_name(y->level));
        }
    }
}

static void ending_raises_nothing(void **state)
{
    int fell = 0;

    (void)state;
    for (unsigned round = 1; round <= ROUNDS; round++) {
        static struct history h;
        unsigned seed = round + 1000;
        struct map before, after;
        struct node node;

        node_open(&node, true);
        h.count = 0;
        add_places(&h);
        add_changes(&h, &seed, "", 200);
        apply_all(&node, &h);
        before = map_of(node.app->networks, NOON, false);
        for (size_t i = 0; i < h.count; i++) {
            struct change c = ended(&h.list[i]);

            if (!c.body || !is_last(&h, i))
                continue;
            apply(&node, &c);
            after = map_of(node.app->networks, NOON, false);
            none_is_higher(&before, &after);
            fell += able(&after) < able(&before);
            before = after;
        }
        node_close(&node);
    }
    assert_true(fell > ROUNDS);
}

static void without_experts_is_what_local_people_do(void **state)
{
    (void)state;
    for (unsigned round = 1; round <= ROUNDS; round++) {
        static struct history h;
        unsigned seed = round + 2000;
        struct map with, without;
        struct node node;

        node_open(&node, true);
        h.count = 0;
        add_places(&h);
        add_changes(&h, &seed, "", 200);
        apply_all(&node, &h);
        with = map_of(node.app->networks, NOON, false);
        without = map_of(node.app->networks, NOON, true);
        none_is_higher(&with, &without);
        for (size_t i = 0; i < HOSPITALS; i++) {
            for (uint32_t k = 0; k < catalogue_things(); k++) {
                enum capability_level level = with.of[i][k].level;

                assert_int_equal(without.of[i][k].level,
                    level >= CAPABILITY_INDEPENDENT ? level : CAPABILITY_NONE);
            }
        }
        node_close(&node);
    }
}

/* ---- the router ---- */

static enum capability_level level_of(const struct network_option *o)
{
    if (o->routed.kind == ROUTING_TEAM_HERE)
        return CAPABILITY_INDEPENDENT;
    if (o->routed.kind == ROUTING_EXPERT_HERE)
        return CAPABILITY_WITH_EXPERT;
    return o->routed.kind == ROUTING_GUIDED_HERE ? CAPABILITY_BY_ADVICE
                                                 : CAPABILITY_NONE;
}

static bool is_off(const struct network_option *o)
{
    for (size_t i = 0; i < o->routed.reason_count; i++) {
        enum routing_reason_code code = o->routed.reasons[i].code;

        if (code == ROUTING_EQUIPMENT_OFF || code == ROUTING_LAPSED ||
            code == ROUTING_EXPERT_AWAY)
            return true;
    }
    return false;
}

static enum capability_level routed(
    const struct network *n, uint32_t hospital, uint32_t thing)
{
    struct network_question q = {.things = &thing,
        .thing_count = 1,
        .asked = {.hospital = hospital, .now = NOON, .limit_minutes = 100000}};
    enum capability_level best = CAPABILITY_NONE;
    struct network_answer answer;
    struct err err = {0};

    assert_int_equal(network_route(n, a, &q, &routing_rules_default, &answer, &err), 0);
    for (size_t i = 0; i < answer.count; i++) {
        const struct network_option *o = &answer.options[i];

        if (o->routed.hospital == hospital && !is_off(o) && level_of(o) > best)
            best = level_of(o);
    }
    return best;
}

static void routing_says_the_same(void **state)
{
    int compared = 0;

    (void)state;
    for (unsigned round = 1; round <= ROUNDS; round++) {
        static struct history h;
        const struct network *n = NULL;
        unsigned seed = round + 3000;
        struct map m;
        struct node node;
        struct err err = {0};

        node_open(&node, true);
        h.count = 0;
        add_places(&h);
        add_changes(&h, &seed, "", 580);
        apply_all(&node, &h);
        m = map_of(node.app->networks, NOON, false);
        assert_int_equal(networks_take(node.app->networks, &n, &err), 0);
        for (uint32_t i = 0; i < HOSPITALS; i++) {
            for (size_t k = 0; k < 6; k++) {
                enum capability_level said = CAPABILITY_NONE, map = CAPABILITY_NONE;
                uint32_t thing = 0;

                assert_true(
                    catalogue_find((struct str){NULL, 0}, str_of(things[k]), &thing));
                said = routed(n, i, thing);
                map = m.of[i][thing].level;
                if (map == CAPABILITY_TEACHES)
                    map = CAPABILITY_INDEPENDENT; /* routing has one word for both */
                if (map == CAPABILITY_SUPERVISED)
                    assert_true(said > CAPABILITY_NONE && said < CAPABILITY_TEACHES);
                else if (said != map)
                    fail_msg("round %u, %s at hospital %u: routing %s, map %s", round,
                        things[k], i, capability_level_name(said),
                        capability_level_name(map));
                compared += map > CAPABILITY_NONE;
            }
        }
        network_release(n);
        node_close(&node);
    }
    assert_true(compared > 2 * ROUNDS);
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        EACH(step_by_step_is_anew),
        EACH(either_order_gives_one_map),
        EACH(ending_raises_nothing),
        EACH(without_experts_is_what_local_people_do),
        EACH(routing_says_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
