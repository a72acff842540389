/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every line of the table of who may read what, through the ways that test_access.c does not take line
 * by line: includes in both directions, chains and _has, histories of the type and the system,
 * $everything, events, batches and transactions, what the pages call, and export. What the table allows
 * must come out by each of them where the way itself is open, and what it refuses by none.
 */
#include "access_table.h"
#include "app/access.h"
#include "store/store.h"

#define NEAR_MOST 8
#define PEOPLE_MOST 60

/* A record that ${record} of the table is linked with. */
struct near {
    const char *name;
    const char
        *param; /* of ${record}, that leads to it; NULL: the link goes the other way */
};

struct place {
    const char *record;
    struct near near[NEAR_MOST];
    size_t count;
};

static struct place places[LINES_MOST];
static size_t place_count;
static const char *people[PEOPLE_MOST];
static size_t people_count;
static size_t taken[2]; /* ways that were open, and lines they were asked for */

/* ---- names ---- */

static const char *type_of(const char *record)
{
    return arena_strndup(arena, record, (size_t)(strchr(record, '/') - record));
}

static const char *id_of(const char *record)
{
    return strchr(record, '/') + 1;
}

/* Is ${record} among the entries of ${s}? */
static bool holds(struct said *s, const char *record)
{
    struct json_each it = json_each(json_get(s->json, "entry"));

    while (json_next(&it)) {
        const struct json *resource = json_get(it.value, "resource");
        struct str id = json_get_text(resource, "id");

        if (id.p && str_is(json_get_text(resource, "resourceType"), type_of(record)) &&
            str_is(id, id_of(record)))
            return true;
    }
    return false;
}

/* What ${person} is told by ${path} holds ${record}, or it does not. */
static void expect(const char *person, const char *path, const char *record, bool in)
{
    struct said *s = said_status(get_as(person, path), 200);

    if (holds(s, record) != in)
        fail_msg("%s %s %s by %s", person, in ? "misses" : "gets", record, path);
    taken[0] += in;
    taken[1]++;
    said_free(s);
}

static void expect_total(const char *person, const char *path, bool one)
{
    struct said *s = said_status(get_as(person, path), 200);

    if (!str_is(str_of(said_text(s, "total")), one ? "1" : "0"))
        fail_msg("%s is told %s by %s", person, said_text(s, "total"), path);
    taken[0] += one;
    taken[1]++;
    said_free(s);
}

static bool sees(const char *person, const char *record)
{
    struct said *s = get_as(person, record);
    bool seen = s->status == 200;

    said_free(s);
    return seen;
}

/* ---- how records are linked: asked by a program that sees all ---- */

static const char *param_between(const char *record, const char *near)
{
    const struct fhir_type *type = fhir_resource_named(str_of(type_of(record)));
    size_t count = 0;
    const struct fhir_param *params = fhir_params_of(type->number, &count);

    for (size_t i = 0; i < count; i++) {
        struct said *s = NULL;
        bool linked = false;

        if (params[i].kind != FHIR_SEARCH_REFERENCE)
            continue;
        s = get_as(NULL, arena_printf(arena, "%s?_id=%s&%s=%s&_total=accurate",
                             type_of(record), id_of(record), params[i].code, near));
        linked = s->status == 200 && str_is(str_of(said_text(s, "total")), "1");
        said_free(s);
        if (linked)
            return params[i].code;
    }
    return NULL;
}

static void find_near(struct place *place)
{
    struct said *s = said_status(
        get_as(NULL, arena_printf(arena, "%s?_id=%s&_include=*&_revinclude=*",
                         type_of(place->record), id_of(place->record))),
        200);
    struct json_each it = json_each(json_get(s->json, "entry"));

    while (json_next(&it) && place->count < NEAR_MOST) {
        const struct json *resource = json_get(it.value, "resource");
        struct str type = json_get_text(resource, "resourceType");
        struct str id = json_get_text(resource, "id");
        const char *name =
            arena_printf(arena, "%.*s/%.*s", (int)type.len, type.p, (int)id.len, id.p);

        if (strcmp(name, place->record) == 0 ||
            space_of(type) != space_of(str_of(place->record)))
            continue;
        place->near[place->count++] =
            (struct near){name, param_between(place->record, name)};
    }
    said_free(s);
}

static int open_places(void **state)
{
    open_with_table(state);
    for (size_t i = 0; i < line_count; i++) {
        size_t at = 0;

        while (at < place_count && !str_is(lines[i].record, places[at].record))
            at++;
        if (at == place_count) {
            places[place_count] = (struct place){.record = text_of(lines[i].record)};
            find_near(&places[place_count++]);
        }
        at = 0;
        while (at < people_count && !str_is(lines[i].person, people[at]))
            at++;
        if (at == people_count && people_count < PEOPLE_MOST)
            people[people_count++] = text_of(lines[i].person);
    }
    assert_true(people_count > 20 && people_count < PEOPLE_MOST);
    return 0;
}

static const struct place *place_of(struct str record)
{
    size_t at = 0;

    while (!str_is(record, places[at].record))
        at++;
    return &places[at];
}

/* ---- line by line ---- */

static void by_include_chain_and_has(void **state)
{
    (void)state;
    for (size_t i = 0; i < line_count; i++) {
        const char *person = text_of(lines[i].person);
        const struct place *place = place_of(lines[i].record);
        const char *type = type_of(place->record);
        const char *id = id_of(place->record);

        for (size_t k = 0; k < place->count; k++) {
            const struct near *near = &place->near[k];
            bool both = lines[i].yes && sees(person, near->name);
            const char *there = type_of(near->name);
            const char *that = id_of(near->name);

            expect(person,
                arena_printf(arena, "%s?_id=%s&_include=*&_revinclude=*", there, that),
                place->record, both);
            if (!near->param)
                continue;
            expect_total(person,
                arena_printf(arena, "%s?_id=%s&_has:%s:%s:_id=%s&_total=accurate",
                    there, that, type, near->param, id),
                both);
            expect_total(person,
                arena_printf(arena, "%s?_id=%s&%s:%s._id=%s&_total=accurate", type, id,
                    near->param, there, that),
                both);
        }
    }
    printf("includes, chains, _has: %zu asked, %zu of them open\n", taken[1], taken[0]);
    assert_true(taken[1] > 2000 && taken[0] > 300);
}

/* What one answer about many records says of each line of ${person} that ${concerns} it. */
static void each_line_in(const char *person, const char *path, const char *type)
{
    struct said *s = said_status(get_as(person, path), 200);

    assert_true(said_count(s, "entry") < 1000);
    for (size_t i = 0; i < line_count; i++) {
        const char *record = text_of(lines[i].record);

        if (!str_is(lines[i].person, person) ||
            (type ? strcmp(type_of(record), type) != 0
                  : space_of(lines[i].record) != APP_FHIR))
            continue;
        if (holds(s, record) != lines[i].yes)
            fail_msg("%s %s %s by %s", person, lines[i].yes ? "misses" : "gets", record,
                path);
    }
    said_free(s);
}

static void by_history(void **state)
{
    (void)state;
    for (size_t p = 0; p < people_count; p++)
        each_line_in(people[p], "_history?_count=1000", NULL);
    for (size_t i = 0; i < line_count; i++) {
        const char *type = type_of(text_of(lines[i].record));
        bool first = true;

        for (size_t k = 0; k < i && first; k++)
            first = !str_eq(lines[k].person, lines[i].person) ||
                    strcmp(type_of(text_of(lines[k].record)), type) != 0;
        if (!first)
            continue;
        each_line_in(text_of(lines[i].person),
            arena_printf(arena, "%s/_history?_count=1000", type), type);
        each_line_in(text_of(lines[i].person),
            arena_printf(arena, "%s?_count=1000", type), type);
    }
}

/* Does ${record} belong to ${patient}, rather than being named by something that does? */
static bool belongs(const char *patient, const char *record)
{
    struct said *s = get_as(NULL, arena_printf(arena, "%s/%s?_id=%s&_total=accurate",
                                      patient, type_of(record), id_of(record)));
    bool in = s->status == 200 && str_is(str_of(said_text(s, "total")), "1");

    said_free(s);
    return in;
}

/* All that a program is told of a patient, and each person of the same. What is named by records that a
 * person does not see does not come along. */
static void by_everything(void **state)
{
    size_t members = 0;
    struct said *patients = said_status(get_as(NULL, "Patient?_count=1000"), 200);
    struct json_each it = json_each(json_get(patients->json, "entry"));

    (void)state;
    while (json_next(&it)) {
        struct str id = json_get_text(json_get(it.value, "resource"), "id");
        const char *patient = arena_printf(arena, "Patient/%.*s", (int)id.len, id.p);
        const char *path = arena_printf(arena, "%s/$everything", patient);
        struct said *all = said_status(get_as(NULL, path), 200);

        for (size_t i = 0; i < line_count; i++) {
            const char *person = text_of(lines[i].person);
            const char *record = text_of(lines[i].record);
            struct said *s = NULL;

            if (!holds(all, record))
                continue;
            s = get_as(person, path);
            assert_int_equal(s->status, sees(person, patient) ? 200 : 404);
            if (s->status == 200 && holds(s, record) != lines[i].yes &&
                (!lines[i].yes || belongs(patient, record)))
                fail_msg("%s %s %s by %s", person, lines[i].yes ? "misses" : "gets",
                    record, path);
            members += s->status == 200;
            said_free(s);
        }
        said_free(all);
    }
    said_free(patients);
    assert_true(members > 100);
}

static void by_events(void **state)
{
    struct store_reader *reader = NULL;

    (void)state;
    assert_int_equal(store_read_begin(app_store(node.app), &reader, NULL), 0);
    for (size_t i = 0; i < line_count; i++) {
        const char *record = text_of(lines[i].record);
        const struct fhir_type *type = fhir_resource_named(str_of(type_of(record)));
        struct app_caller caller = {.practitioner = str_of(arena_printf(arena,
                                        "Practitioner/%s", text_of(lines[i].person)))};
        struct access_change change = {
            .type = type->number, .id = str_of(id_of(record))};
        enum access_hearing ret = ACCESS_HEARS_NOTHING;
        struct store_record rec = {0};

        caller.name = str_of(text_of(lines[i].person));
        assert_int_equal(
            store_get(reader, arena, type->number, change.id, &rec, NULL), 0);
        change.seq = rec.seq;
        assert_int_equal(access_hears(node.app, &caller, &change, 1, &ret, NULL), 0);
        if ((ret == ACCESS_HEARS) != lines[i].yes)
            fail_msg("%s %s of %s", text_of(lines[i].person),
                lines[i].yes ? "does not hear" : "hears", record);
    }
    store_read_end(reader);
}

static void by_batch_and_transaction(void **state)
{
    static const char *const kinds[] = {"batch", "transaction"};

    (void)state;
    for (size_t i = 0; i < 2 * line_count; i++) {
        const struct line *line = &lines[i / 2];
        const char *record = text_of(line->record);
        struct ask a = {.method = APP_POST,
            .path = "",
            .body = arena_printf(arena,
                "{\"resourceType\":\"Bundle\",\"type\":\"%s\",\"entry\":[{\"request\":{"
                "\"method\":\"GET\",\"url\":\"%s\"}}]}",
                kinds[i % 2], record)};
        struct said *s = NULL;

        if (space_of(line->record) != APP_FHIR)
            continue;
        s = as(text_of(line->person), a);
        if (line->yes) {
            said_status(s, 200);
            assert_true(
                str_starts(str_of(said_text(s, "entry.0.response.status")), "200"));
        } else if (s->status == 200) {
            assert_true(
                str_starts(str_of(said_text(s, "entry.0.response.status")), "404"));
        } else {
            assert_int_equal(s->status, 404);
        }
        said_free(s);
    }
}

/* The status of ${person} writing ${body} (NULL: what changes it a little, or nothing) to ${record}. */
static int writes(
    const char *person, enum app_method method, const char *record, const char *body)
{
    struct ask a = {.method = method, .path = record, .body = body};
    struct said *s = NULL;
    int status = 0;

    if (method == APP_PATCH) {
        a.body = "[{\"op\":\"add\",\"path\":\"/language\",\"value\":\"en\"}]";
        a.format = APP_JSON_PATCH;
    }
    s = as(person, a);
    status = s->status;
    said_free(s);
    return status;
}

/* What is not seen is not written: it is not there, or, where nobody writes records of the type so, that is
 * said of any id. */
static void by_writing(void **state)
{
    static const enum app_method methods[] = {APP_PUT, APP_PATCH, APP_DELETE};
    size_t absent = 0;
    size_t refused = 0;

    (void)state;
    for (size_t i = 0; i < line_count; i++) {
        const char *person = text_of(lines[i].person);
        const char *record = text_of(lines[i].record);
        struct said *now = said_status(get_as(NULL, record), 200);
        const char *body =
            arena_strndup(arena, now->call.answer.data, now->call.answer.len);

        said_free(now);
        for (size_t k = 0; !lines[i].yes && k < 3; k++) {
            int status = writes(person, methods[k], record, body);

            absent += status == 404;
            refused += status == 403;
            if (status != 404 &&
                (status != 403 || space_of(lines[i].record) == APP_FHIR))
                fail_msg("%s gets %d by writing %s (%zu)", person, status, record, k);
            if (status == 403 && methods[k] != APP_PUT)
                assert_int_equal(
                    writes(person, methods[k],
                        arena_printf(arena, "%s/none", type_of(record)), NULL),
                    403);
        }
    }
    printf("writing: %zu absent, %zu refused\n", absent, refused);
    assert_true(absent > 700);
}

/* What the pages call of a patient or a case, what waits for whom, and export, which there is none of. */
static void by_what_pages_call(void **state)
{
    static const char *const exports[] = {
        "$export", "Patient/$export", "Group/any/$export"};
    size_t asked = 0;

    (void)state;
    for (size_t i = 0; i < line_count; i++) {
        const char *person = text_of(lines[i].person);
        const char *record = text_of(lines[i].record);
        struct said *s = NULL;

        if (strcmp(type_of(record), "Patient") != 0 &&
            strcmp(type_of(record), "ServiceRequest") != 0)
            continue;
        s = get_as(person, arena_printf(arena, "%s/$vitals", record));
        if ((s->status != 404) != lines[i].yes)
            fail_msg("%s gets %d by %s/$vitals", person, s->status, record);
        said_free(s);
        asked++;
    }
    assert_true(asked > 50);
    for (size_t p = 0; p < people_count; p++) {
        struct said *s = get_as(people[p], "Task/$worklist");

        for (size_t i = 0; s->status == 200 && i < line_count; i++) {
            if (str_is(lines[i].person, people[p]) && !lines[i].yes &&
                holds(s, text_of(lines[i].record)))
                fail_msg(
                    "%s gets %s by the worklist", people[p], text_of(lines[i].record));
        }
        said_free(s);
        for (size_t i = 0; i < sizeof(exports) / sizeof(exports[0]); i++) {
            s = get_as(people[p], exports[i]);
            assert_true(s->status >= 400 && s->status < 500);
            said_free(s);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_include_chain_and_has),
        cmocka_unit_test(by_history),
        cmocka_unit_test(by_everything),
        cmocka_unit_test(by_events),
        cmocka_unit_test(by_batch_and_transaction),
        cmocka_unit_test(by_what_pages_call),
        cmocka_unit_test(by_writing),
    };

    return cmocka_run_group_tests(tests, open_places, close_network);
}
