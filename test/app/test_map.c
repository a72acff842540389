/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The capability map over random histories of a small network: kept step by step it is what
 * reading all records anew gives; ending something raises nothing; two logs merged in any
 * order give one map; and it says of each hospital what routing says of it.
 */
#include "app/app_internal.h"
#include "app/network_internal.h"
#include "maps.h"

#define ROUNDS 6
#define STEPS 25

/* Does the network lean on the one of before: were only carriers of some hospitals made? */
static int leans(struct node *n)
{
    const struct network *network = NULL;
    struct err err = {0};
    int leaning = 0;

    assert_int_equal(networks_take(n->app->networks, &network, &err), 0);
    leaning = network->whole != NULL;
    network_release(network);
    return leaning;
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
    int seen = 0, leaning = 0, whole = 0;

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
            int step = 0;

            apply(&node, &h.list[i]);
            if (i % 20 == 0 && i > 8) /* a deletion among them */
                said_free(DELETE(&node, h.list[i - 7].path));
            if (i < 8)
                continue;
            step = leans(&node); /* each change by itself */
            if (any(&seed, 0, 5))
                continue;
            kept =
                map_of(node.app->networks, NOON - any(&seed, 0, 500) * DAY_MS, false);
            (void)kept;
            kept = map_of(node.app->networks, NOON, false);
            anew = read_anew(&node, NOON);
            same(&kept, &anew);
            seen += able(&kept) > 0;
            leaning += step;
            whole += !step;
        }
        node_close(&node);
    }
    assert_true(seen > ROUNDS);
    assert_true(leaning > ROUNDS); /* both ways were compared */
    assert_true(whole > ROUNDS);
}

/* A network that somebody holds stays what it was, whatever was signed and ended since. */
static void what_is_held_stays(void **state)
{
    static struct history h;
    unsigned seed = 77;
    const struct network *held = NULL;
    struct network_map_asked asked = {.at = NOON};
    struct capability_answer before, after;
    struct arena *scratch = arena_new();
    struct node node;
    struct err err = {0};
    uint32_t thing = 0;

    (void)state;
    node_open(&node, true);
    h.count = 0;
    add_places(&h);
    add_changes(&h, &seed, "", 300);
    apply_all(&node, &h);
    assert_true(catalogue_find((struct str){NULL, 0}, STR("phototherapy"), &thing));
    assert_int_equal(networks_take(node.app->networks, &held, &err), 0);
    assert_int_equal(network_capability(held, scratch, &asked, 0, thing, &before), 0);
    for (int i = 0; i < 30; i++) {
        h.count = 0;
        add_person(&h, &seed, "");
        apply_all(&node, &h);
        (void)leans(&node);
    }
    assert_int_equal(network_capability(held, scratch, &asked, 0, thing, &after), 0);
    assert_int_equal(before.level, after.level);
    assert_int_equal(before.since, after.since);
    assert_int_equal(before.carriers, after.carriers);
    network_release(held);
    arena_free(scratch);
    node_close(&node);
}

/* The ${k}-th allocation fails while the network is renewed; true: it was not reached. */
static bool take_failing(struct node *n, unsigned long k)
{
    const struct network *network = NULL;
    struct err err = {0};
    unsigned long counted = 0;
    int r = 0;

    base_fail_alloc(k);
    r = networks_take(n->app->networks, &network, &err);
    counted = base_fail_alloc(0);
    if (r == 0)
        network_release(network);
    else
        assert_int_equal(r, E_NOMEM);
    return counted < k;
}

/* Each allocation fails once while a sign-off is taken up: whoever asks next has all of it. */
static void without_memory_nothing_is_lost(void **state)
{
    static struct history h;
    unsigned seed = 4711;
    unsigned long k = 0;
    bool through = false;
    struct node node;

    (void)state;
    node_open(&node, true);
    h.count = 0;
    add_places(&h);
    add_changes(&h, &seed, "", 200);
    apply_all(&node, &h);
    (void)leans(&node);
    while (!through) {
        struct map kept, anew;

        h.count = 0;
        add_person(&h, &seed, "");
        apply_all(&node, &h);
        through = take_failing(&node, ++k);
        if (k % 5 != 0)
            continue;
        kept = map_of(node.app->networks, NOON, false);
        anew = read_anew(&node, NOON);
        same(&kept, &anew);
    }
    assert_true(k > 10);
    node_close(&node);
}

/* Both logs as they come, one change of either; the map is asked for now and then, so that it
 * is kept step by step on one node and read at once on another. */
static void apply_mixed(struct node *n, const struct history *left,
    const struct history *right, unsigned *seed)
{
    size_t l = 0, r = 0;

    while (l < left->count || r < right->count) {
        bool first = l < left->count && (r == right->count || any(seed, 0, 1));

        apply(n, first ? &left->list[l++] : &right->list[r++]);
        if (any(seed, 0, 9) == 0)
            (void)leans(n);
    }
}

/* Both sides write of the same hospitals, each of its own people and operations there. */
static void any_order_gives_one_map(void **state)
{
    int seen = 0;

    (void)state;
    for (unsigned round = 1; round <= ROUNDS; round++) {
        static struct history places, left, right;
        unsigned seed = round + 100;
        struct node one, other, mixed;
        struct map x, y, z;

        places.count = left.count = right.count = 0;
        add_places(&places);
        add_changes(&left, &seed, "x", 120);
        add_changes(&right, &seed, "y", 120);
        node_open(&one, true);
        node_open(&other, true);
        node_open(&mixed, true);
        apply_all(&one, &places);
        apply_all(&one, &left);
        apply_all(&one, &right);
        apply_all(&other, &right);
        apply_all(&other, &places);
        apply_all(&other, &left);
        apply_all(&mixed, &places);
        apply_mixed(&mixed, &left, &right, &seed);
        x = map_of(one.app->networks, NOON, false);
        y = map_of(other.app->networks, NOON, false);
        z = map_of(mixed.app->networks, NOON, false);
        same(&x, &y);
        same(&x, &z);
        seen += able(&x) > 0;
        node_close(&one);
        node_close(&other);
        node_close(&mixed);
    }
    assert_int_equal(seen, ROUNDS);
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

static bool has_reason(const struct network_option *o, enum routing_reason_code code)
{
    for (size_t i = 0; i < o->routed.reason_count; i++) {
        if (o->routed.reasons[i].code == code)
            return true;
    }
    return false;
}

/* Listed, demonstrated and sustained are told apart, each as the map has it. */
static void same_proof(
    const struct network_option *o, const struct capability_answer *map, int *seen)
{
    bool told = o->routed.kind != ROUTING_GUIDED_HERE;

    assert_int_equal(o->listed, map->listed);
    assert_int_equal(o->demonstrated, map->demonstrated);
    assert_int_equal(o->sustained, map->sustained);
    assert_int_equal(has_reason(o, ROUTING_SUSTAINED), told && map->sustained);
    assert_int_equal(has_reason(o, ROUTING_DEMONSTRATED),
        told && map->demonstrated && !map->sustained);
    assert_int_equal(
        has_reason(o, ROUTING_NOT_DEMONSTRATED), told && !map->demonstrated);
    assert_int_equal(has_reason(o, ROUTING_LISTED), told && map->listed);
    seen[map->sustained ? 2 : map->demonstrated] += told;
}

static enum capability_level routed(const struct network *n, uint32_t hospital,
    uint32_t thing, const struct map *m, int *seen)
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
        uint32_t there = 0;

        assert_true(network_hospital(n, o->hospital.reference, &there));
        same_proof(o, &m->of[there][thing], seen);
        if (o->routed.hospital == hospital && !is_off(o) && level_of(o) > best)
            best = level_of(o);
    }
    return best;
}

/* Somebody at ${hospital} who did phototherapy three times lately, and stays or leaves soon. */
static void add_shown(struct history *h, const char *hospital, const char *post)
{
    const char *coded = coding_of("phototherapy");

    ADD(h, arena_printf(a, "Practitioner/shown-%s", hospital),
        "{\"resourceType\":\"Practitioner\",\"id\":\"shown-%s\",\"active\":true,"
        "\"qualification\":[{\"code\":%s,\"period\":{\"start\":\"2020-01-01\"}}]}",
        hospital, coded);
    ADD(h, arena_printf(a, "PractitionerRole/shown-%s", hospital),
        "{\"resourceType\":\"PractitionerRole\",\"id\":\"shown-%s\",\"active\":true,"
        "\"practitioner\":{\"reference\":\"Practitioner/shown-%s\"},\"organization\":{"
        "\"reference\":\"Organization/%s-unit\"},\"code\":[{\"coding\":[{\"system\":"
        "\"https://belay.health/CodeSystem/role\",\"code\":\"clinician\"}]}],"
        "\"period\":%s}",
        hospital, hospital, hospital, post);
    ADD(h, arena_printf(a, "Device/shown-%s", hospital),
        "{\"resourceType\":\"Device\",\"id\":\"shown-%s\",\"status\":\"active\","
        "\"type\":{\"coding\":[{\"system\":\"" CATALOGUE_DEVICE_SYSTEM
        "\",\"code\":\"phototherapy-lamp\"}]},\"owner\":{\"reference\":"
        "\"Organization/%s\"}}",
        hospital, hospital);
    for (int i = 1; i <= 3; i++)
        ADD(h, arena_printf(a, "Procedure/shown-%s-%d", hospital, i),
            "{\"resourceType\":\"Procedure\",\"id\":\"shown-%s-%d\",\"status\":"
            "\"completed\",\"subject\":{\"display\":\"Somebody\"},\"code\":%s,"
            "\"performedDateTime\":\"2026-06-0%d\",\"performer\":[{\"function\":{"
            "\"coding\":[{\"system\":\"https://belay.health/CodeSystem/"
            "operation-function\",\"code\":\"operator\"}]},\"actor\":{\"reference\":"
            "\"Practitioner/shown-%s\"}}],\"extension\":[{\"url\":\"https://"
            "belay.health/StructureDefinition/operation-department\","
            "\"valueReference\":{\"reference\":\"Organization/%s-unit\"}},{\"url\":"
            "\"https://belay.health/StructureDefinition/operation-follow-up\","
            "\"extension\":[{\"url\":\"at\",\"valueCode\":\"day-30\"},{\"url\":"
            "\"result\",\"valueCode\":\"well\"}]}]}",
            hospital, i, coded, i, hospital, hospital);
}

static void routing_says_the_same(void **state)
{
    int compared = 0;
    int seen[3] = {0, 0, 0}; /* of each proof */

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
        add_changes(&h, &seed, "", 570);
        add_shown(&h, "pref", "{\"start\":\"2026-01-01\"}");
        add_shown(&h, "city", "{\"start\":\"2026-01-01\",\"end\":\"2026-09-30\"}");
        apply_all(&node, &h);
        m = map_of(node.app->networks, NOON, false);
        assert_int_equal(networks_take(node.app->networks, &n, &err), 0);
        for (uint32_t i = 0; i < HOSPITALS; i++) {
            for (size_t k = 0; k < 6; k++) {
                enum capability_level said = CAPABILITY_NONE, map = CAPABILITY_NONE;
                uint32_t thing = 0;

                assert_true(
                    catalogue_find((struct str){NULL, 0}, str_of(things[k]), &thing));
                said = routed(n, i, thing, &m, seen);
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
    assert_true(seen[0] > 0 && seen[1] > 0 && seen[2] > 0);
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        EACH(step_by_step_is_anew),
        EACH(what_is_held_stays),
        EACH(without_memory_nothing_is_lost),
        EACH(any_order_gives_one_map),
        EACH(ending_raises_nothing),
        EACH(without_experts_is_what_local_people_do),
        EACH(routing_says_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
