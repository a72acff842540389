/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who signs where the hospital is small: its head is the person, or the only master, or has
 * signed already, or there is none; no quality officer; and whom a pairing lets stand in.
 */
#include "sign_off.h"

/* ---- the hospital as it is ---- */

static void put_post(
    const char *id, const char *person, const char *role, const char *unit, int status)
{
    write_as(NULL, APP_PUT, arena_printf(arena, "PractitionerRole/%s", id),
        arena_printf(arena,
            "{\"resourceType\":\"PractitionerRole\",\"id\":\"%s\",\"active\":true,"
            "\"practitioner\":{\"reference\":\"Practitioner/%s\"},\"code\":[{"
            "\"coding\":[{\"system\":\"https://belay.health/CodeSystem/role\","
            "\"code\":\"%s\"}]}]%s%s%s}",
            id, person, role, unit ? ",\"organization\":{\"reference\":\"" : "",
            unit ? unit : "", unit ? "\"}" : ""),
        status);
}

static void put_officer(const char *person, const char *unit)
{
    write_as(NULL, APP_PUT, arena_printf(arena, "Practitioner/%s", person),
        arena_printf(arena,
            "{\"resourceType\":\"Practitioner\",\"id\":\"%s\",\"name\":[{\"text\":\"%"
            "s\"}]}",
            person, person),
        201);
    put_post(
        arena_printf(arena, "role-%s", person), person, "quality-officer", unit, 201);
}

static int open_small(void **state)
{
    open_signing(state);
    put_officer("officer-twin", "Organization/twin");
    put_officer("officer-abroad", "Organization/abroad");
    put_officer("officer-all", NULL);
    return 0;
}

static void put_pair(
    const char *id, const char *code, const char *one, const char *other)
{
    write_as(NULL, APP_PUT, arena_printf(arena, "OrganizationAffiliation/%s", id),
        arena_printf(arena,
            "{\"resourceType\":\"OrganizationAffiliation\",\"id\":\"%s\","
            "\"active\":true,\"code\":[{\"coding\":[{\"system\":\"https://belay.health/"
            "CodeSystem/affiliation\",\"code\":\"%s\"}]}],\"organization\":{"
            "\"reference\":\"Organization/%s\"},\"participatingOrganization\":{"
            "\"reference\":\"Organization/%s\"}}",
            id, code, one, other),
        201);
}

static void put_master(const char *id, const char *master, int status)
{
    static const char *const aims = AIMS;
    const char *cut = strstr(aims, "tashi-chen");
    const char *at = strstr(aims, "Practitioner/chen");

    write_as(NULL, APP_PUT, arena_printf(arena, "Apprenticeship/%s", id),
        arena_printf(arena, "%.*s%s%.*sPractitioner/%s%s", (int)(cut - aims), aims, id,
            (int)(at - cut - (int)strlen("tashi-chen")), cut + strlen("tashi-chen"),
            master, at + strlen("Practitioner/chen")),
        status);
}

static void no_head(void)
{
    write_as(NULL, APP_DELETE, "PractitionerRole/role-head-county", NULL, 204);
}

static void no_quality(void)
{
    write_as(NULL, APP_DELETE, "PractitionerRole/role-quality", NULL, 204);
}

static void neither(void)
{
    no_head();
    no_quality();
}

static void head_is_person(void)
{
    put_post("role-head-county", "tashi", "head-of-department",
        "Organization/county-surgery", 200);
}

static void head_is_master(void)
{
    put_master("tashi-chen", "head-county", 200);
}

static void head_is_one_master(void)
{
    put_master("tashi-head", "head-county", 201);
}

static void second_head(void)
{
    head_is_master();
    put_post(
        "role-nima", "nima", "head-of-department", "Organization/county-surgery", 200);
}

static void head_is_quality(void)
{
    no_quality();
    put_post("role-both", "head-county", "quality-officer", "Organization/county", 201);
}

static void quality_is_person(void)
{
    put_post("role-quality", "tashi", "quality-officer", "Organization/county", 200);
}

static void quality_of_department(void)
{
    put_post("role-quality", "quality", "quality-officer",
        "Organization/county-surgery", 200);
}

static void twin_head_is_master(void)
{
    no_head();
    put_master("tashi-chen", "head-twin", 200);
}

static void pairing_over(void)
{
    neither();
    write_as(NULL, APP_DELETE, "OrganizationAffiliation/pair", NULL, 204);
}

static void term_of_a_team(void)
{
    pairing_over();
    put_pair("pair", "team-at-host", "twin", "county");
}

static void departments_paired(void)
{
    pairing_over();
    put_pair("pair", "department-pair", "twin-medicine", "county-surgery");
}

static void paired_from_here(void)
{
    pairing_over();
    put_pair("pair", "department-pair", "county-surgery", "twin-medicine");
}

static void other_department_paired(void)
{
    pairing_over();
    write_as(NULL, APP_PUT, "Organization/county-medicine",
        "{\"resourceType\":\"Organization\",\"id\":\"county-medicine\",\"partOf\":{"
        "\"reference\":\"Organization/county\"}}",
        201);
    put_pair("pair", "department-pair", "twin-surgery", "county-medicine");
}

/* ---- who may ---- */

/* The roles of ${person} on ${id}, "-": they are told that it is not there. */
static const char *roles_of(const char *person, const char *id)
{
    struct said *s = get_as(person, arena_printf(arena, "SignOff/%s/$conditions", id));
    struct json_each it = json_each(json_get(s->json, "parameter"));
    const char *roles = s->status == 200 ? "" : "-";

    assert_true(s->status == 200 || s->status == 404);
    while (json_next(&it)) {
        struct str role = json_get_text(it.value, "valueCode");

        if (str_is(json_get_text(it.value, "name"), "role"))
            roles = arena_printf(
                arena, "%s%s%.*s", roles, *roles ? " " : "", (int)role.len, role.p);
    }
    said_free(s);
    return roles;
}

#define HEAD "head-of-department"
#define QUALITY "quality-office"

static void test_who_stands_in(void **state)
{
    static const struct {
        const char *name;
        void (*prepare)(void);
        const char *signs; /* who signs before; NULL: nobody */
        const char *head, *quality, *head_twin, *head_medicine;
        const char *quality_twin, *quality_all;
    } rows[] = {
        {"as it should be", NULL, NULL, HEAD, QUALITY, "", "-", "-", "-"},
        {"no head", no_head, NULL, "-", QUALITY, HEAD, "-", "-", "-"},
        {"no quality officer", no_quality, NULL, HEAD, "-", "", "-", QUALITY, QUALITY},
        {"neither", neither, NULL, "-", "-", HEAD, "-", QUALITY, QUALITY},
        {"the head is the person", head_is_person, NULL, "-", QUALITY, HEAD, "-", "-",
            "-"},
        {"the head is the only master", head_is_master, NULL, "master " HEAD, QUALITY,
            HEAD, "-", "-", "-"},
        {"the head is one of two masters", head_is_one_master, NULL, "master " HEAD,
            QUALITY, "", "-", "-", "-"},
        {"and has signed as master", head_is_one_master, "head-county", "", QUALITY,
            HEAD, "-", "-", "-"},
        {"a second head", second_head, NULL, "master " HEAD, QUALITY, "", "-", "-",
            "-"},
        {"the head is the quality officer", head_is_quality, NULL, HEAD " " QUALITY,
            "-", "", "-", QUALITY, QUALITY},
        {"the quality officer is the person", quality_is_person, NULL, HEAD, "-", "",
            "-", QUALITY, QUALITY},
        {"a quality officer of a department", quality_of_department, NULL, HEAD,
            QUALITY, "", "-", "-", "-"},
        {"the twin's head is the only master", twin_head_is_master, NULL, "-", QUALITY,
            "master", "-", "-", "-"},
        {"no pairing", pairing_over, NULL, "-", "-", "", "-", "-", QUALITY},
        {"a team's term is none", term_of_a_team, NULL, "-", "-", "", "-", "-",
            QUALITY},
        {"the department is paired", departments_paired, NULL, "-", "-", "", HEAD,
            QUALITY, QUALITY},
        {"from the other end", paired_from_here, NULL, "-", "-", "", HEAD, QUALITY,
            QUALITY},
        {"another department is paired", other_department_paired, NULL, "-", "-", "",
            "-", "-", QUALITY},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *const expected[][2] = {{"head-county", rows[i].head},
            {"quality", rows[i].quality}, {"head-twin", rows[i].head_twin},
            {"head-medicine", rows[i].head_medicine},
            {"officer-twin", rows[i].quality_twin},
            {"officer-all", rows[i].quality_all}, {"officer-abroad", "-"},
            {"tashi", ""}};
        const char *id = NULL;

        if (i > 0)
            open_small(state);
        if (rows[i].prepare)
            rows[i].prepare();
        id = propose("tashi");
        if (rows[i].signs)
            sign(rows[i].signs, id);
        for (size_t k = 0; k < sizeof(expected) / sizeof(expected[0]); k++) {
            const char *found = roles_of(expected[k][0], id);

            if (strcmp(found, expected[k][1]) != 0)
                fail_msg("%s: %s may act as '%s', not as '%s'", rows[i].name,
                    expected[k][0], found, expected[k][1]);
        }
        if (i + 1 < sizeof(rows) / sizeof(rows[0]))
            close_network(state);
    }
}

/* ---- what is kept and told ---- */

/* The person is the head, and there is no quality officer: three sign all the same. */
static void test_kept(void **state)
{
    const char *id = NULL;
    struct said *s = NULL;
    const struct json *place = NULL;

    (void)state;
    head_is_person();
    no_quality();
    id = propose("tashi");
    sign("chen", id);
    refused_in("officer-abroad", of(id, "sign"), signature("Seen"), 404);
    refused_in("head-twin", "SignOff/$propose", APPENDECTOMY, 403); /* asks for none */
    s = said_in("head-twin", of(id, "sign"), signature("Seen"), 200);
    assert_string_equal(said_text(s, "signature.1.role"), HEAD);
    assert_string_equal(said_text(s, "signature.1.inPlaceOf.organization.reference"),
        "Organization/county-surgery");
    assert_string_equal(said_text(s, "signature.1.inPlaceOf.from.reference"),
        "Organization/twin-surgery");
    assert_string_equal(said_text(s, "signature.1.inPlaceOf.holder.0.who.reference"),
        "Practitioner/tashi");
    assert_string_equal(
        said_text(s, "signature.1.inPlaceOf.holder.0.why"), "is-the-person");
    said_free(s);
    s = said_in("officer-all", of(id, "sign"), signature("Seen"), 200);
    assert_string_equal(said_text(s, "status"), "signed");
    assert_string_equal(
        said_text(s, "signature.0.inPlaceOf.organization.reference"), "");
    assert_string_equal(said_text(s, "signature.2.inPlaceOf.organization.reference"),
        "Organization/county");
    assert_string_equal(said_text(s, "signature.2.inPlaceOf.from.reference"), "");
    assert_int_equal(said_count(s, "signature.2.inPlaceOf.holder"), 0); /* nobody */
    said_free(s);
    assert_string_equal(qualified(), "2028-01-01");
    s = said_status(
        get_as("tashi", arena_printf(arena, "SignOff/%s/$conditions", id)), 200);
    place = parts_of(
        parts_of(json_get(s->json, "parameter"), "signature", 1), "in-place-of", 0);
    assert_string_equal(part(parts_of(place, "holder", 0), "why"), "is-the-person");
    said_free(s);
    /* what was signed can be ended by them, too: the person cannot */
    s = said_in("officer-twin", of(id, "withdraw"), signature("Leaks"), 200);
    assert_string_equal(
        said_text(s, "withdrawn.inPlaceOf.from.reference"), "Organization/twin");
    said_free(s);
}

/* An own head who is there again signs, and nobody in their place. */
static void test_own_again(void **state)
{
    const char *id = NULL;

    (void)state;
    no_head();
    id = propose("tashi");
    assert_string_equal(roles_of("head-twin", id), HEAD);
    put_post(
        "role-nima", "nima", "head-of-department", "Organization/county-surgery", 200);
    refused_in("head-twin", of(id, "sign"), signature("Seen"), 403);
    sign("nima", id);
}

static size_t listed_for(const char *person, struct said **ret)
{
    struct said *s = said_status(get_as(person, "SignOff/$waiting"), 200);
    size_t count = 0;

    while (parts_of(json_get(s->json, "parameter"), "sign-off", (int)count))
        count++;
    *ret = s;
    return count;
}

/* Those who may now are told, and nobody else. */
static void test_told(void **state)
{
    static const char *const told[] = {"head-twin", "officer-twin", "officer-all"};
    static const char *const not_told[] = {"head-medicine", "officer-abroad"};
    struct said *s = NULL;

    (void)state;
    propose("tashi");
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(listed_for(told[i], &s), 0);
        said_free(s);
    }
    neither();
    for (size_t i = 0; i < 3; i++) {
        const struct json *one = NULL;

        assert_int_equal(listed_for(told[i], &s), 1);
        one = first_part(s, "sign-off");
        assert_string_equal(part(one, "role"), i == 0 ? HEAD : QUALITY);
        assert_string_equal(
            part(parts_of(one, "stand-in", 0), "role"), i == 0 ? HEAD : QUALITY);
        said_free(s);
    }
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(listed_for(not_told[i], &s), 0);
        said_free(s);
    }
}

#define CASE(name)                                                                     \
    cmocka_unit_test_setup_teardown(test_##name, open_small, close_network)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(who_stands_in),
        CASE(kept),
        CASE(own_again),
        CASE(told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
