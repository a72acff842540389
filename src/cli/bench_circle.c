/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hospitals around the patients of a benchmark's node, so that there is something to ask:
 * its patients are dealt out to four hospitals in turn; a clinician of the first, whose
 * department has open cases of the second's patients; and an expert in the fourth with
 * many open cases of patients made for that. Written once: a second run finds it there.
 */
#include <stdio.h>

#include "app/load.h"
#include "cli/bench.h"

#define HOSPITALS 4
#define SHARED 5 /* observations that a case of the clinician's shares */
#define PATIENTS_MOST 100000
#define TEXT_MAX ((size_t)1 << 30)

struct circle {
    struct app *app;
    struct store_reader *reader;
    struct arena *arena;
    struct buf text; /* NDJSON */
};

static void put_unit(struct buf *b, int hospital)
{
    buf_addf(b,
        "{\"resourceType\":\"Organization\",\"id\":\"bench-hospital-%d\","
        "\"name\":\"Hospital %d\",\"address\":[{\"country\":\"CN\"}]}\n"
        "{\"resourceType\":\"Organization\",\"id\":\"bench-department-%d\","
        "\"name\":\"Department\",\"partOf\":{\"reference\":\"Organization/"
        "bench-hospital-%d\"}}\n",
        hospital, hospital, hospital, hospital);
}

static void put_person(struct buf *b, const char *role, int hospital)
{
    buf_addf(b,
        "{\"resourceType\":\"Practitioner\",\"id\":\"bench-%s\",\"active\":true}\n"
        "{\"resourceType\":\"PractitionerRole\",\"id\":\"bench-%s\",\"active\":true,"
        "\"practitioner\":{\"reference\":\"Practitioner/bench-%s\"},"
        "\"organization\":{\"reference\":\"Organization/bench-department-%d\"},"
        "\"code\":[{\"coding\":[{\"system\":\"https://belay.health/CodeSystem/role\","
        "\"code\":\"%s\"}]}]}\n",
        role, role, role, hospital, role);
}

/* A case of ${patient} that is sent to the department of ${hospital}, up to what it
 * shares. */
static void begin_case(
    struct buf *b, const char *id, int number, struct str patient, int hospital)
{
    buf_addf(b,
        "{\"resourceType\":\"ServiceRequest\",\"id\":\"bench-%s-%d\","
        "\"status\":\"active\",\"intent\":\"order\","
        "\"subject\":{\"reference\":\"Patient/%.*s\"},"
        "\"performer\":[{\"reference\":\"Organization/bench-department-%d\"}]",
        id, number, (int)patient.len, patient.p, hospital);
}

/* ---- patients of the node ---- */

/* The record with a hospital of its own. */
static int put_patient(
    struct circle *c, const struct store_record *rec, int hospital, struct err *err)
{
    struct json_out out = json_out(&c->text);
    struct json_out *o = &out;
    const struct json *json = NULL;
    struct json_each it;
    int r = json_read_trusted(c->arena, rec->body, &json, err);

    it = json_each(json);
    json_open(o, '{');
    while (r == 0 && json_next(&it)) {
        if (str_is(it.name, "managingOrganization") || str_is(it.name, "meta"))
            continue;
        json_name(o, arena_strndup(c->arena, it.name.p, it.name.len));
        json_put_value(o, it.value);
    }
    json_name(o, "managingOrganization");
    json_open(o, '{');
    json_name(o, "reference");
    json_put_str(o, arena_printf(c->arena, "Organization/bench-hospital-%d", hospital));
    json_close(o, '}');
    json_close(o, '}');
    buf_addc(&c->text, '\n');
    return r;
}

/* What the case shares: some observations of the patient. */
static int put_shared(struct circle *c, struct str patient, struct err *err)
{
    struct app_call call = {.app = c->app,
        .arena = c->arena,
        .caller = {.name = STR("bench"), .role = STR("program")},
        .path = STR("Observation")};
    const struct json *bundle = NULL;
    struct json_each it;
    const char *between = ",\"supportingInfo\":[";
    int r = 0;

    call.query = str_of(arena_printf(c->arena, "_count=%d&subject=Patient/%.*s", SHARED,
        (int)patient.len, patient.p));
    app_run(&call);
    r = json_read_trusted(
        c->arena, (struct str){call.answer.data, call.answer.len}, &bundle, err);
    it = json_each(json_get(bundle, "entry"));
    while (r == 0 && json_next(&it)) {
        struct str id = json_get_text(json_get(it.value, "resource"), "id");

        buf_addf(&c->text, "%s{\"reference\":\"Observation/%.*s\"}", between,
            (int)id.len, id.p);
        between = ",";
    }
    if (between[1] == 0)
        buf_addc(&c->text, ']');
    app_call_done(&call);
    return r;
}

static int put_patients(struct circle *c, struct err *err)
{
    unsigned type = fhir_type_named(STR("Patient"))->number;
    store_rid *rids = base_malloc(PATIENTS_MOST * sizeof(*rids));
    struct store_record rec = {0};
    size_t count = 0;
    int cases = 0;
    int r = rids ? store_rids(c->reader, type, 0, rids, PATIENTS_MOST, &count, err)
                 : err_nomem(err);

    for (size_t i = 0; r == 0 && i < count; i++) {
        arena_reset(c->arena);
        r = store_get_rid(c->reader, c->arena, rids[i], true, &rec, err);
        if (r == 0)
            r = put_patient(c, &rec, 1 + (int)(i % HOSPITALS), err);
    }
    while (r == 0 && count >= HOSPITALS && cases < BENCH_CASES_CLINICIAN) {
        size_t of_second = 1 + HOSPITALS * ((size_t)cases % (count / HOSPITALS));

        arena_reset(c->arena);
        r = store_get_rid(c->reader, c->arena, rids[of_second], false, &rec, err);
        if (r == 0)
            begin_case(&c->text, "case", cases++, rec.id, 1);
        if (r == 0)
            r = put_shared(c, rec.id, err);
        buf_adds(&c->text, "}\n");
    }
    base_free(rids);
    return r;
}

/* ---- the expert's ---- */

static void put_expert_case(struct buf *b, int i)
{
    char patient[32];

    snprintf(patient, sizeof(patient), "bench-%d", i);
    buf_addf(b,
        "{\"resourceType\":\"Patient\",\"id\":\"%s\",\"birthDate\":\"19%02d-03-0%d\","
        "\"managingOrganization\":{\"reference\":\"Organization/bench-hospital-3\"}}\n",
        patient, i % 100, 1 + i % 9);
    for (int k = 0; k < 3; k++)
        buf_addf(b,
            "{\"resourceType\":\"Observation\",\"id\":\"bench-%d-%d\",\"status\":"
            "\"final\",\"effectiveDateTime\":\"20%02d-03-1%d\",\"subject\":{"
            "\"reference\":\"Patient/%s\"},\"code\":{\"coding\":[{\"system\":"
            "\"http://loinc.org\",\"code\":\"8867-4\"}]},\"valueQuantity\":{\"value\":"
            "%d,\"unit\":\"/min\",\"system\":\"http://unitsofmeasure.org\",\"code\":"
            "\"/min\"}}\n",
            i, k, 5 + i % 20, k, patient, 60 + i % 50);
    begin_case(b, "expert", i, str_of(patient), 4);
    buf_addf(b,
        ",\"supportingInfo\":[{\"reference\":\"Observation/bench-%d-0\"},{"
        "\"reference\":\"Observation/bench-%d-1\"}]}\n",
        i, i);
}

/* ---- all of it ---- */

static int write_text(struct circle *c, struct err *err)
{
    buf_init(&c->text, TEXT_MAX);
    for (int i = 1; i <= HOSPITALS; i++)
        put_unit(&c->text, i);
    put_person(&c->text, "clinician", 1);
    put_person(&c->text, "expert", 4);
    for (int i = 0; i < BENCH_CASES_EXPERT; i++)
        put_expert_case(&c->text, i);
    return put_patients(c, err);
}

static bool is_there(struct circle *c)
{
    struct store_record rec = {0};
    char id[32];

    snprintf(id, sizeof(id), "bench-expert-%d", BENCH_CASES_EXPERT - 1);
    return store_get(c->reader, c->arena,
               fhir_type_named(STR("ServiceRequest"))->number, str_of(id), &rec,
               NULL) == 0;
}

static void tell(void *arg, const struct app_load_error *e)
{
    (void)arg;
    fprintf(
        stderr, "circle: line %lld: %s: %s\n", (long long)e->entry, e->path, e->text);
}

static int load(struct app *app, struct str text, struct err *err)
{
    struct app_load_options how = {.actor = STR("belay bench"), .error = tell};
    struct app_load_result result = {0};
    struct app_load *load = NULL;
    struct err end = {0};
    int ended = 0;
    int r = app_load_new(app, &how, &load, err);

    if (r < 0)
        return r;
    r = app_load_text(load, "circle", text, err);
    ended = app_load_end(load, &result, &end);
    if (r == 0 && ended < 0) {
        *err = end;
        r = ended;
    }
    if (r == 0 && result.failed > 0)
        r = err_set(err, E_BUG, NULL, "%lld of the benchmark's records were refused.",
            (long long)result.failed);
    return r;
}

int bench_circle(const char *node, struct err *err)
{
    struct app_options options = {.path = node};
    struct circle c = {.arena = arena_new()};
    bool there = false;
    int r = c.arena ? app_open(&options, &c.app, err) : err_nomem(err);

    if (r == 0)
        r = store_read_begin(app_store(c.app), &c.reader, err);
    if (r == 0)
        there = is_there(&c);
    if (r == 0 && !there)
        r = write_text(&c, err);
    if (c.reader)
        store_read_end(c.reader);
    if (r == 0 && !there)
        r = buf_error(&c.text, "The benchmark's network", err);
    if (r == 0 && !there)
        r = load(c.app, (struct str){c.text.data, c.text.len}, err);
    buf_done(&c.text);
    arena_free(c.arena);
    app_close(c.app);
    return r;
}
