/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was known of the capability map when the log ended at a position is what was told there: over
 * random histories in which records are changed, entered late, entered in error and deleted, the
 * map and its figures are written down at some positions, and asked for again when all has come.
 */
#include "app/app_internal.h"
#include "app/network_internal.h"
#include "maps.h"
#include "store/foreign.h"

#define ROUNDS 4
#define CHANGES 420
#define HOUR_MS (3600 * 1000LL)

/* What was told when the log ended at a position. */
struct told {
    int64_t position;
    utc_ms at; /* which moment the map was of */
    struct map map;
    const char *query;
    const char *figures[3];
};

static const char *const measures[] = {"moderate-illnesses-listed-locally",
    "serious-illnesses-treatable-in-region", "self-sufficiency"};

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

/* ---- what is told ---- */

/* The groups of the figure, as they are written. */
static const char *figure(
    struct node *n, const char *id, const char *query, const char *known)
{
    struct said *s = said_status(
        GET(n, arena_printf(a, "Measure/%s/$evaluate-measure?%s&stratifier=hospital%s",
                   id, query, known)),
        200);
    struct json_out o;
    struct buf b;
    const char *text = NULL;

    buf_init(&b, 1 << 20);
    o = json_out(&b);
    json_put_value(&o, json_get(s->json, "group"));
    text = arena_strndup(a, buf_cstr(&b), b.len);
    buf_done(&b);
    said_free(s);
    return text;
}

/* A month near the day of the history, or the year, which is not over. */
static const char *any_query(unsigned *seed)
{
    char iso[TIME_ISO_MAX];

    if (any(seed, 0, 3) == 0)
        return "periodStart=2024&periodEnd=2026";
    time_iso(NOON + any(seed, -800, 0) * DAY_MS, iso);
    return arena_printf(a, "periodStart=%.7s&periodEnd=%.7s", iso, iso);
}

static struct told tell(struct node *n, unsigned *seed)
{
    struct told t = {.position = node_position(n),
        .at = NOON + any(seed, -400, 60) * DAY_MS,
        .query = any_query(seed)};

    t.map = map_of(n->app->networks, t.at, false);
    for (int i = 0; i < 3; i++)
        t.figures[i] = figure(n, measures[i], t.query, "");
    return t;
}

static struct map map_known(struct networks *networks, int64_t position, int64_t at)
{
    const struct network *n = NULL;
    struct err err = {0};
    struct map m;

    assert_int_equal(networks_take_known(networks, position, &n, &err), 0);
    m = map_in(n, at, false);
    network_release(n);
    return m;
}

/* ${networks} says of then what was told; the figures too. */
static void is_as_told(struct node *n, struct networks *networks, const struct told *t)
{
    struct map m = map_known(networks, t->position, t->at);
    const char *known =
        arena_printf(a, "&knownAt=position:%lld", (long long)t->position);

    same(&t->map, &m);
    for (int i = 0; i < 3; i++)
        assert_string_equal(t->figures[i], figure(n, measures[i], t->query, known));
    /* again, of what is kept now */
    assert_string_equal(t->figures[2], figure(n, measures[2], t->query, known));
}

/* ---- a history ---- */

/* Said of an operation, that it never was. */
static void enter_in_error(struct node *n, const struct change *c)
{
    const char *was = strstr(c->body, "\"status\":\"completed\"");
    struct change made = {.path = c->path, .space = c->space};

    if (!was)
        return;
    made.body = arena_printf(a, "%.*s\"status\":\"entered-in-error\"%s",
        (int)(was - c->body), c->body, was + strlen("\"status\":\"completed\""));
    apply(n, &made);
}

/* A change of each hour; deletions and errors among them. */
static void step(struct node *n, const struct history *h, size_t at, unsigned *seed)
{
    time_hold(NOON + (int64_t)at * HOUR_MS);
    apply(n, &h->list[at]);
    if (at > 20 && any(seed, 0, 8) == 0)
        said_free(node_ask(n, (struct ask){.method = APP_DELETE,
                                  .space = h->list[at - 7].space,
                                  .path = h->list[at - 7].path}));
    if (at > 20 && any(seed, 0, 4) == 0)
        enter_in_error(n, &h->list[at - (size_t)any(seed, 0, 10)]);
}

static void as_known_is_as_told(void **state)
{
    int seen = 0, moved = 0, figured = 0;

    (void)state;
    for (unsigned round = 1; round <= ROUNDS; round++) {
        static struct history h;
        static struct told told[CHANGES];
        unsigned seed = round + 500;
        size_t count = 0;
        struct networks *fresh = NULL;
        struct map last;
        struct node node;

        node_open(&node, true);
        h.count = 0;
        add_places(&h);
        add_changes(&h, &seed, "", CHANGES - 8);
        for (size_t i = 0; i < h.count; i++) {
            step(&node, &h, i, &seed);
            if (any(&seed, 0, 39) == 0) /* as the node does by itself */
                assert_int_equal(networks_read_past(node.app->networks, NULL), 0);
            if (i < 60 || any(&seed, 0, 19))
                continue;
            told[count++] = tell(&node, &seed);
            /* what was read so far goes on from there, in this node */
            is_as_told(&node, node.app->networks,
                &told[(size_t)any(&seed, 0, (int)count - 1)]);
        }
        fresh = networks_new(node.app); /* that reads all at once */
        for (size_t i = 0; i < count; i++) {
            const struct told *t = &told[(i * 7) % count];

            is_as_told(&node, any(&seed, 0, 1) ? fresh : node.app->networks, t);
            last = map_of(node.app->networks, t->at, false);
            seen += able(&t->map) > 0;
            moved += able(&t->map) != able(&last);
            for (int k = 0; k < 3; k++)
                figured += strcmp(t->figures[k],
                               figure(&node, measures[k], t->query, "")) != 0;
        }
        networks_free(fresh);
        node_close(&node);
    }
    assert_true(seen > 3 * ROUNDS);
    assert_true(moved > 3 * ROUNDS); /* what is known now is another */
    assert_true(figured > 3 * ROUNDS);
}

/* ---- what is kept ---- */

/* A hospital with somebody who is signed off, and no lamp yet. */
static void put_signed(struct node *n)
{
    static struct history h;
    const char *coded = coding_of("phototherapy");

    h.count = 0;
    add_places(&h);
    ADD(&h, "Practitioner/p",
        "{\"resourceType\":\"Practitioner\",\"id\":\"p\",\"active\":true,"
        "\"qualification\":[{\"code\":%s,\"period\":{\"start\":\"2020-01-01\"}}]}",
        coded);
    ADD(&h, "PractitionerRole/p",
        "{\"resourceType\":\"PractitionerRole\",\"id\":\"p\",\"active\":true,"
        "\"practitioner\":{\"reference\":\"Practitioner/p\"},\"organization\":{"
        "\"reference\":\"Organization/county-unit\"},\"code\":[{\"coding\":[{"
        "\"system\":\"https://belay.health/CodeSystem/"
        "role\",\"code\":\"clinician\"}]}],"
        "\"period\":{\"start\":\"2020-01-01\"}}");
    apply_all(n, &h);
}

#define CURRENT (-1)

/* At the county hospital; ${position} CURRENT: as known now. */
static enum capability_level level_known(
    struct networks *networks, int64_t position, const char *code)
{
    const struct network *n = NULL;
    struct network_map_asked asked = {.at = NOON};
    struct capability_answer answer = {.level = CAPABILITY_NONE};
    struct arena *scratch = arena_new();
    uint32_t thing = 0, hospital = 0;
    struct err err = {0};

    assert_int_equal(position == CURRENT
                         ? networks_take(networks, &n, &err)
                         : networks_take_known(networks, position, &n, &err),
        0);
    assert_true(catalogue_find((struct str){NULL, 0}, str_of(code), &thing));
    if (network_hospital(n, STR("Organization/county"), &hospital))
        assert_int_equal(
            network_capability(n, scratch, &asked, hospital, thing, &answer), 0);
    network_release(n);
    arena_free(scratch);
    return answer.level;
}

/* What an erased version said is known of no time any more. */
static void what_is_erased_was_never_known(void **state)
{
    static struct history h;
    unsigned practitioner = fhir_resource_named(STR("Practitioner"))->number;
    int64_t position = 0;
    struct store_reader *r = NULL;
    struct store_record record;
    struct node node;
    struct err err = {0};

    (void)state;
    node_open(&node, true);
    put_signed(&node);
    h.count = 0;
    ADD(&h, "Device/d",
        "{\"resourceType\":\"Device\",\"id\":\"d\",\"status\":\"active\",\"type\":{"
        "\"coding\":[{\"system\":\"" CATALOGUE_DEVICE_SYSTEM
        "\",\"code\":\"phototherapy-lamp\"}]},\"owner\":{\"reference\":"
        "\"Organization/county\"}}");
    apply_all(&node, &h);
    position = node_position(&node);
    assert_int_equal(store_read_begin(node.app->store, &r, &err), 0);
    assert_int_equal(store_get(r, a, practitioner, STR("p"), &record, &err), 0);
    store_read_end(r);
    said_free(said_status(DELETE(&node, "Practitioner/p"), 204));
    assert_int_equal(level_known(node.app->networks, position, "phototherapy"),
        CAPABILITY_INDEPENDENT);
    assert_int_equal(
        level_known(node.app->networks, node_position(&node), "phototherapy"),
        CAPABILITY_NONE);
    assert_int_equal(
        level_known(node.app->networks, 0, "phototherapy"), CAPABILITY_NONE);
    assert_int_equal(
        store_erase(node.app->store, practitioner, STR("p"), str_of(record.vid), &err),
        0);
    assert_int_equal(
        level_known(node.app->networks, position, "phototherapy"), CAPABILITY_NONE);
    node_close(&node);
}

/* ---- several nodes ---- */

/* Give the version ${seq} of ${from} to ${to}, as it is. */
static void give(struct node *from, struct node *to, int64_t seq)
{
    struct store_reader *r = NULL;
    struct store_foreign f;
    struct store_record record;
    struct store_write w = {.foreign_ = &f};
    struct store_transaction t = {.writes = &w, .count = 1};
    struct err err = {0};

    assert_int_equal(store_read_begin(from->app->store, &r, &err), 0);
    assert_int_equal(store_foreign_get(r, a, seq, &f, &record, &err), 0);
    store_read_end(r);
    w.type = &fhir_types[fhir_type_of_number[record.type]];
    w.id = record.id;
    w.operation = record.operation;
    w.body = record.body;
    if (record.body.len > 0)
        assert_int_equal(json_read_trusted(a, record.body, &w.resource, &err), 0);
    assert_int_equal(store_prepare(to->app->store, a, &w, &err), 0);
    t.actor = record.actor;
    assert_int_equal(store_commit(to->app->store, &t, &err), 0);
}

static void sign_off(struct node *n, const char *thing)
{
    static struct history h;

    h.count = 0;
    ADD(&h, "Practitioner/p",
        "{\"resourceType\":\"Practitioner\",\"id\":\"p\",\"active\":true,"
        "\"qualification\":[{\"code\":%s,\"period\":{\"start\":\"2020-01-01\"}}]}",
        coding_of(thing));
    apply_all(n, &h);
}

/* Both sides change one record at once: of two heads the younger counts, whichever came last. */
static void of_two_heads_one_was_known(void **state)
{
    static const char *const codes[] = {"epilepsy-care", "psychiatric-care"};
    enum capability_level told[2][8];
    int64_t positions[8];
    size_t count = 0;
    int64_t given = 0;
    struct node here, there;

    (void)state;
    node_open(&here, true);
    node_open(&there, true);
    put_signed(&there);
    for (given = 1; given <= node_position(&there); given++)
        give(&there, &here, given);
    time_hold(NOON + HOUR_MS);
    sign_off(&there, "epilepsy-care"); /* the older of the two */
    time_hold(NOON + 2 * HOUR_MS);
    for (int step = 0; step < 4; step++) {
        if (step == 1)
            sign_off(&here, "psychiatric-care");
        if (step == 2)
            give(&there, &here, given);
        if (step == 3)
            said_free(said_status(DELETE(&here, "Practitioner/p"), 204));
        positions[count] = node_position(&here);
        for (int k = 0; k < 2; k++)
            told[k][count] = level_known(here.app->networks, CURRENT, codes[k]);
        count++;
    }
    for (size_t i = 0; i < count; i++) {
        for (int k = 0; k < 2; k++)
            assert_int_equal(
                told[k][i], level_known(here.app->networks, positions[i], codes[k]));
    }
    assert_int_equal(told[0][2], CAPABILITY_NONE);
    assert_int_equal(told[1][0], CAPABILITY_NONE);
    assert_int_equal(told[1][1], CAPABILITY_INDEPENDENT);
    assert_int_equal(
        told[1][2], CAPABILITY_INDEPENDENT); /* the older came and went by */
    node_close(&here);
    node_close(&there);
}

/* Each allocation fails once: whoever asks next is told all of it. */
static void without_memory_nothing_is_lost(void **state)
{
    static struct history h;
    unsigned seed = 99;
    unsigned long k = 0;
    bool through = false;
    int64_t position = 0;
    struct networks *kept = NULL;
    struct map before, after;
    struct node node;

    (void)state;
    node_open(&node, true);
    h.count = 0;
    add_places(&h);
    add_changes(&h, &seed, "", 60);
    apply_all(&node, &h);
    position = node_position(&node);
    before = map_of(node.app->networks, NOON, false);
    kept = networks_new(node.app);
    while (!through) {
        const struct network *n = NULL;
        struct err err = {0};
        unsigned long counted = 0;
        int r = 0;

        if (k % 40 == 0) { /* anew, or going on from what was read */
            networks_free(kept);
            kept = networks_new(node.app);
        }
        h.count = 0;
        add_changes(&h, &seed, "", 1);
        apply_all(&node, &h);
        base_fail_alloc(++k);
        r = networks_take_known(
            kept, k % 2 ? position : node_position(&node), &n, &err);
        counted = base_fail_alloc(0);
        through = r == 0 && counted < k;
        if (r == 0)
            network_release(n);
        else
            assert_int_equal(r, E_NOMEM);
        if (k % 10 == 0) {
            after = map_known(kept, position, NOON);
            same(&before, &after);
        }
    }
    assert_true(k > 10);
    networks_free(kept);
    node_close(&node);
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        EACH(as_known_is_as_told),
        EACH(what_is_erased_was_never_known),
        EACH(of_two_heads_one_was_known),
        EACH(without_memory_nothing_is_lost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
