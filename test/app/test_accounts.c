/* SPDX-License-Identifier: Apache-2.0 */
/* Whose account somebody may look after, as a table; and what looking after does. */
#include "browser.h"

struct person_row {
    const char *id;
    const char *posts; /* "role unit [end]", with commas between; "": none */
};

/* hill-surgery and hill-medicine are parts of hill; lake is another hospital */
static const struct person_row staff[] = {
    {"head", "head-of-department hill-surgery"},
    {"director", "director hill"},
    {"far", "director lake"},
    {"nurse", "nurse hill-surgery"},
    {"doctor", "clinician hill-medicine"},
    {"both", "clinician hill-surgery,clinician lake"},
    {"auditor", "auditor hill"},
    {"quality", "quality-officer hill"},
    {"left", "clinician hill-surgery 2020-01-01"},
    {"moved", "clinician hill-surgery 2020-01-01,clinician lake"},
    {"coming", "clinician hill-surgery,clinician lake 2099-01-01"},
    {"none", ""},
};

static const struct {
    const char *who;
    const char *may;     /* look after these */
    const char *may_not; /* and not these */
} rules[] = {
    {"head", "nurse left",
        "head director far doctor both auditor quality moved coming "
        "none"},
    {"director", "head nurse doctor quality left",
        "director far both auditor moved coming none"},
    {"far", "moved",
        "head director nurse doctor both auditor quality left coming none"},
    {"top", "head director far nurse doctor both auditor quality left moved coming",
        "none"},
    {"nurse", "",
        "head director far nurse doctor both auditor quality left moved none"},
};

static void put(const char *path, const char *body)
{
    struct said *s =
        node_ask(&node, (struct ask){.method = APP_PUT, .path = path, .body = body});

    assert_int_equal(s->status / 100, 2);
    said_free(s);
}

static void put_unit(struct arena *a, const char *id, const char *above)
{
    put(arena_printf(a, "Organization/%s", id),
        arena_printf(a,
            "{\"resourceType\":\"Organization\",\"id\":\"%s\",\"name\":\"%s\""
            "%s%s%s}",
            id, id, above ? ",\"partOf\":{\"reference\":\"Organization/" : "",
            above ? above : "", above ? "\"}" : ""));
}

static void put_person(struct arena *a, const struct person_row *p)
{
    struct str posts = str_of(p->posts);
    int n = 0;

    put(arena_printf(a, "Practitioner/%s", p->id),
        arena_printf(a,
            "{\"resourceType\":\"Practitioner\",\"id\":\"%s\",\"name\":[{"
            "\"text\":\"Somebody\"}]}",
            p->id));
    while (posts.len > 0) {
        struct str unit = str_cut(&posts, ',');
        struct str role = str_cut(&unit, ' ');
        struct str end = unit;
        struct str place = str_cut(&end, ' ');

        n++;
        put(arena_printf(a, "PractitionerRole/%s-%d", p->id, n),
            arena_printf(a,
                "{\"resourceType\":\"PractitionerRole\",\"id\":\"%s-%d\","
                "\"practitioner\":{\"reference\":\"Practitioner/%s\"},"
                "\"organization\":{\"reference\":\"Organization/%.*s\"},"
                "\"code\":[{\"coding\":[{\"system\":"
                "\"https://belay.health/CodeSystem/"
                "role\",\"code\":\"%.*s\"}]}]%s%.*s%s}",
                p->id, n, p->id, (int)place.len, place.p, (int)role.len, role.p,
                end.len > 0 ? ",\"period\":{\"end\":\"" : "", (int)end.len,
                end.p ? end.p : "", end.len > 0 ? "\"}" : ""));
    }
    if (strcmp(p->id, "none") != 0)
        add(p->id, arena_printf(a, "Practitioner/%s", p->id), NULL, NULL, NULL);
}

static int open_staff(void **state)
{
    struct arena *a = arena_new();

    open_node(state);
    put_unit(a, "hill", NULL);
    put_unit(a, "hill-surgery", "hill");
    put_unit(a, "hill-medicine", "hill");
    put_unit(a, "lake", NULL);
    for (size_t i = 0; i < sizeof(staff) / sizeof(staff[0]); i++)
        put_person(a, &staff[i]);
    arena_free(a);
    return 0;
}

/* Sign in as ${name}, whose account gets a password for it. */
static void sign_in_as(struct browser *b, const char *name)
{
    char ticket[ACCOUNT_TICKET_MAX] = "";
    char secret[40];

    if (strcmp(name, "top") == 0) {
        add("top", NULL, "administrator", NULL, ticket);
        enrol(b, ticket, secret, NULL);
        return;
    }
    assert_int_equal(account_reset(node.app, str_of(name), STR(GOOD), ticket, NULL), 0);
    assert_int_equal(sign_in(b, name, GOOD), 200);
}

static int act(struct browser *b, const char *what, const char *name)
{
    char path[64];
    char body[200];

    snprintf(path, sizeof(path), "accounts/%s", what);
    snprintf(body, sizeof(body), "{\"name\":\"%s\"}", name);
    return go(b, APP_POST, path, body, NULL);
}

static int make(struct browser *b, const char *name, const char *practitioner)
{
    char body[200];

    snprintf(body, sizeof(body),
        "{\"name\":\"%s\",\"practitioner\":\"Practitioner/%s\"}", name, practitioner);
    return go(b, APP_POST, "accounts", body, NULL);
}

static bool lists(struct browser *b, const char *name)
{
    struct said *s = ask(b, APP_GET, "accounts", NULL);
    bool found = false;

    for (size_t i = 0; i < said_count(s, "accounts"); i++) {
        char path[40];

        snprintf(path, sizeof(path), "accounts.%zu.name", i);
        found |= strcmp(said_text(s, path), name) == 0;
    }
    said_free(s);
    return found;
}

static void check_row(struct browser *b, const char *who, const char *name, bool may)
{
    bool nobodys = strcmp(who, "nurse") == 0;
    int refusal = nobodys ? 403 : 404;
    int on = act(b, "on", name);

    if (on != (may ? 204 : refusal))
        fail_msg("%s, account of %s: %d", who, name, on);
    if (lists(b, name) != may)
        fail_msg("%s, account of %s in the list", who, name);
    if (!may) {
        assert_int_equal(act(b, "off", name), refusal);
        assert_int_equal(act(b, "reset", name), refusal);
        assert_int_equal(make(b, "another", name), 403);
    } else {
        assert_int_equal(make(b, "another", name), 409); /* there is one already */
    }
}

static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        struct browser b = {0};
        const char *const sides[] = {rules[i].may, rules[i].may_not};

        sign_in_as(&b, rules[i].who);
        for (size_t side = 0; side < 2; side++) {
            struct str left = str_of(sides[side]);

            while (left.len > 0) {
                struct str one = str_cut(&left, ' ');
                char name[40];

                snprintf(name, sizeof(name), "%.*s", (int)one.len, one.p);
                check_row(&b, rules[i].who, name, side == 0);
            }
        }
    }
}

static void test_a_new_account_begins_with_a_link(void **state)
{
    struct browser head = {0};
    struct browser fresh = {0};
    struct said *s = NULL;
    struct arena *a = arena_new();
    char body[300];

    (void)state;
    sign_in_as(&head, "head");
    put_person(a, &(struct person_row){"none", "apprentice hill-surgery"});
    arena_free(a);
    assert_int_equal(make(&head, "Head", "none"), 409); /* the name is taken */
    s = said_status(ask(&head, APP_POST, "accounts",
                        "{\"name\":\"New\",\"practitioner\":\"Practitioner/none\"}"),
        200);
    snprintf(body, sizeof(body), "{\"ticket\":\"%s\",\"password\":\"%s\"}",
        said_text(s, "ticket"), GOOD);
    said_free(s);
    assert_int_equal(sign_in(&fresh, "New", GOOD), 401); /* no password yet */
    assert_int_equal(go(&fresh, APP_POST, "", body, NULL), 200);
    assert_int_equal(who(&fresh), 200);
    assert_int_equal(go(&fresh, APP_POST, "", body, NULL), 401); /* once */
    /* a new link takes password and sessions away */
    assert_int_equal(act(&head, "reset", "New"), 200);
    assert_int_equal(who(&fresh), 401);
    assert_int_equal(sign_in(&fresh, "New", GOOD), 401);
}

static void test_disabling_ends_sessions(void **state)
{
    struct browser head = {0};
    struct browser nurse = {0};

    (void)state;
    sign_in_as(&head, "head");
    sign_in_as(&nurse, "nurse");
    assert_int_equal(who(&nurse), 200);
    assert_int_equal(act(&head, "off", "nurse"), 204);
    assert_int_equal(who(&nurse), 401);
    assert_int_equal(sign_in(&nurse, "nurse", GOOD), 401);
    assert_int_equal(act(&head, "on", "nurse"), 204);
    assert_int_equal(sign_in(&nurse, "nurse", GOOD), 200);
}

static void test_the_page_token_is_asked(void **state)
{
    struct browser head = {0};

    (void)state;
    sign_in_as(&head, "head");
    head.page[0] = '\0';
    assert_int_equal(act(&head, "off", "nurse"), 403);
    assert_int_equal(go(&head, APP_GET, "accounts", NULL, NULL), 200);
    head.cookie[0] = '\0';
    assert_int_equal(go(&head, APP_GET, "accounts", NULL, NULL), 401);
}

static struct said *as_auditor(const char *path)
{
    struct said *s = calloc(1, sizeof(*s));
    struct app_call *call = &s->call;

    assert_non_null(s);
    *call = (struct app_call){.app = node.app,
        .arena = arena_new(),
        .query = str_of(path),
        .caller = {.name = STR("Ms Revi"), .role = STR("auditor")}};
    call->path = str_cut(&call->query, '?');
    app_run(call);
    s->status = call->status;
    assert_int_equal(
        json_read(call->arena, (struct str){call->answer.data, call->answer.len},
            LIMIT_RESPONSE_BYTES, &s->json, NULL),
        0);
    return s;
}

/* What was done is in the trail, with whose account it was. */
static void test_told(void **state)
{
    struct browser head = {0};
    struct said *s = NULL;

    (void)state;
    sign_in_as(&head, "head");
    assert_int_equal(act(&head, "off", "nurse"), 204);
    assert_int_equal(act(&head, "on", "director"), 404);
    s = said_status(as_auditor("AuditEvent?type=110137"), 200);
    assert_int_equal(said_count(s, "entry"), 1);
    assert_string_equal(said_text(s, "entry.0.resource.subtype.0.code"), "disabled");
    assert_string_equal(said_text(s, "entry.0.resource.entity.0.name"), "nurse");
    assert_string_equal(
        said_text(s, "entry.0.resource.agent.0.who.reference"), "Practitioner/head");
    assert_int_equal(said_count(s, "entry.0.resource.agent.0.purposeOfUse"), 0);
    said_free(s);
}

#define STAFF(name) cmocka_unit_test_setup_teardown(test_##name, open_staff, close_node)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAFF(table),
        STAFF(a_new_account_begins_with_a_link),
        STAFF(disabling_ends_sessions),
        STAFF(the_page_token_is_asked),
        STAFF(told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
