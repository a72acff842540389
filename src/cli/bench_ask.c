/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Questions whose answers are in the node: observations are picked at random, and what
 * is asked is about their patient, code and date. All requests are written beforehand, so
 * that the client has little to do while it measures.
 */
#include <stdio.h>

#include "base/limits.h"

#include "cli/bench.h"

#define ASKED 2000 /* different requests */
#define TOKENS_ORED 100
#define TRIES (50 * ASKED)

struct bench_ask {
    enum bench_kind kind;
    const char *token;
    const char *whose; /* bench_asker.patient */
    struct arena *arena;
    struct str requests[ASKED];
    size_t count;
    uint64_t random;
};

/* What an observation and its patient say. */
struct subject {
    struct str observation; /* id */
    struct str body;        /* without id and meta */
    struct str patient;     /* id */
    struct str system;
    struct str code;
    struct str day; /* YYYY-MM-DD */
    struct str birth_date;
};

static uint64_t next_random(struct bench_ask *ask)
{
    ask->random = ask->random * 6364136223846793005u + 1442695040888963407u;
    return ask->random >> 16;
}

void bench_ask_next(void *arg, struct buf *out)
{
    struct bench_ask *ask = arg;
    struct str request = ask->requests[next_random(ask) % ask->count];

    buf_add(out, request.p, request.len);
}

void bench_ask_free(struct bench_ask *ask)
{
    if (!ask)
        return;
    arena_free(ask->arena);
    base_free(ask);
}

/* ---- what there is to ask about ---- */

/* The resource without what a server gives it; p NULL: no memory. */
static struct str new_body(struct arena *a, const struct json *resource)
{
    struct json_each it = json_each(resource);
    struct buf b;
    struct json_out o = json_out(&b);
    char *copy = NULL;
    size_t len = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    json_open(&o, '{');
    while (json_next(&it)) {
        if (str_is(it.name, "id") || str_is(it.name, "meta"))
            continue;
        json_name(&o, arena_strndup(a, it.name.p, it.name.len));
        json_put_value(&o, it.value);
    }
    json_close(&o, '}');
    len = b.len;
    if (!b.error)
        copy = arena_strndup(a, b.data, b.len);
    buf_done(&b);
    return (struct str){copy, len};
}

static bool subject_read(struct bench_ask *ask, struct store_reader *reader,
    const struct store_record *record, struct subject *ret)
{
    struct arena *a = ask->arena;
    const struct json *resource = NULL;
    const struct json *coding = NULL;
    const struct json *patient = NULL;
    struct store_record who = {0};
    struct str reference;
    struct str time;

    if (record->body.len == 0 ||
        json_read_trusted(a, record->body, &resource, NULL) < 0)
        return false;
    coding = json_at(json_get(json_get(resource, "code"), "coding"), 0);
    reference = json_get_text(json_get(resource, "subject"), "reference");
    time = json_get_text(resource, "effectiveDateTime");
    if (!coding || time.len < 10 || !str_starts(reference, "Patient/"))
        return false;
    *ret = (struct subject){.observation = record->id,
        .body = new_body(a, resource),
        .patient = {reference.p + 8, reference.len - 8},
        .system = json_get_text(coding, "system"),
        .code = json_get_text(coding, "code"),
        .day = {time.p, 10}};
    if (store_get(reader, a, fhir_type_named(STR("Patient"))->number, ret->patient,
            &who, NULL) < 0 ||
        json_read_trusted(a, who.body, &patient, NULL) < 0)
        return false;
    if (ask->whose &&
        !str_is(json_get_text(json_get(patient, "managingOrganization"), "reference"),
            ask->whose))
        return false;
    ret->birth_date = json_get_text(patient, "birthDate");
    return ret->body.p && ret->system.p && ret->code.p && ret->birth_date.p;
}

/* Observations picked at random; ASKED at most. */
static int subjects_find(struct bench_ask *ask, struct app *app,
    struct subject *subjects, size_t *ret_count, struct err *err)
{
    unsigned type = fhir_type_named(STR("Observation"))->number;
    struct store_reader *reader = NULL;
    int64_t live = 0;
    size_t count = 0;
    int r = store_read_begin(app_store(app), &reader, err);

    if (r == 0)
        r = store_count(reader, type, &live, err);
    for (int i = 0; r == 0 && live > 0 && i < TRIES && count < ASKED; i++) {
        uint64_t number = 1 + next_random(ask) % (uint64_t)live;
        struct store_record record = {0};

        if (store_get_rid(reader, ask->arena, store_rid_first(type) + (store_rid)number,
                true, &record, NULL) == 0 &&
            subject_read(ask, reader, &record, &subjects[count]))
            count++;
    }
    store_read_end(reader);
    if (r == 0 && count == 0)
        return err_set(err, E_NOT_FOUND, NULL,
            "The node holds no patients with observations; fill it with "
            "'belay bench make'.");
    if (r == 0)
        *ret_count = count;
    return r;
}

/* ---- the requests ---- */

static void add_value(struct buf *b, struct str value)
{
    percent_encode(b, value);
}

/* 100 codes, this one first; where there are not as many, made-up ones follow. */
static void add_codes(struct bench_ask *ask, struct buf *b, const struct subject *all,
    size_t count, size_t at)
{
    add_value(b, all[at].code);
    for (int i = 1; i < TOKENS_ORED; i++) {
        buf_addc(b, ',');
        if (i % 2)
            add_value(b, all[next_random(ask) % count].code);
        else
            buf_addf(b, "none-%d", i);
    }
}

static const char *const types[] = {
    "Observation", "Condition", "Encounter", "Procedure"};
#define TYPES (sizeof(types) / sizeof(types[0]))

static const char *const case_queries[] = {"/fhir/Observation?_count=20",
    "/fhir/Patient?_count=20&birthdate=ge1950", "/fhir/ServiceRequest?status=active",
    "/fhir/Observation?_count=20&code=8867-4&_sort=-date"};
#define CASE_QUERIES (sizeof(case_queries) / sizeof(case_queries[0]))

static void add_target(struct bench_ask *ask, struct buf *b, const struct subject *all,
    size_t count, size_t at)
{
    const struct subject *s = &all[at];

    switch (ask->kind) {
    case BENCH_CONSTANT:
        buf_addc(b, '/');
        return;
    case BENCH_CREATE:
        buf_adds(b, "/fhir/Observation");
        return;
    case BENCH_READ:
        buf_adds(b, "/fhir/Observation/");
        buf_add(b, s->observation.p, s->observation.len);
        return;
    case BENCH_SEARCH:
        buf_adds(b, "/fhir/Observation?_count=20&patient=");
        add_value(b, s->patient);
        buf_addf(b, "&date=ge%.4s-01-01&code=", s->day.p);
        add_value(b, s->system);
        buf_adds(b, "%7C");
        add_value(b, s->code);
        return;
    case BENCH_CHAIN:
        buf_adds(b, "/fhir/Observation?_count=20&patient.birthdate=");
        add_value(b, s->birth_date);
        buf_adds(b, "&code=");
        add_value(b, s->code);
        return;
    case BENCH_HAS:
        buf_adds(b, "/fhir/Patient?_count=20&_has:Observation:patient:code=");
        add_value(b, s->code);
        buf_adds(b, "&birthdate=ge");
        add_value(b, s->birth_date);
        return;
    case BENCH_TOKENS:
        buf_adds(b, "/fhir/Observation?_count=20&code=");
        add_codes(ask, b, all, count, at);
        return;
    case BENCH_TYPE:
        buf_addf(b, "/fhir/%s?_count=20", types[at % TYPES]);
        return;
    case BENCH_NEWEST:
        buf_adds(b, "/fhir/Observation?_count=20&_sort=-date");
        return;
    case BENCH_INCLUDE:
        buf_adds(b, "/fhir/Observation?_count=20&_include=Observation:subject&_include="
                    "Observation:encounter&patient=");
        add_value(b, s->patient);
        buf_adds(b, "&code=");
        add_value(b, s->code);
        return;
    case BENCH_CASES:
        buf_adds(b, case_queries[at % CASE_QUERIES]);
        return;
    }
}

static void add_request(struct bench_ask *ask, struct buf *b, const struct subject *all,
    size_t count, size_t at)
{
    buf_adds(b, ask->kind == BENCH_CREATE ? "POST " : "GET ");
    add_target(ask, b, all, count, at);
    buf_addf(
        b, " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n", ask->token);
    if (ask->kind == BENCH_CREATE) {
        buf_addf(b,
            "Content-Type: application/fhir+json\r\nContent-Length: %zu\r\n\r\n",
            all[at].body.len);
        buf_add(b, all[at].body.p, all[at].body.len);
    } else {
        buf_adds(b, "\r\n");
    }
}

static int requests_write(
    struct bench_ask *ask, const struct subject *all, size_t count, struct err *err)
{
    struct buf b;
    int r = 0;

    buf_init(&b, (size_t)4 << 20);
    for (size_t i = 0; r == 0 && i < count; i++) {
        char *copy = NULL;

        buf_clear(&b);
        add_request(ask, &b, all, count, i);
        r = buf_error(&b, "The request", err);
        if (r == 0)
            copy = arena_strndup(ask->arena, b.data, b.len);
        if (r == 0 && !copy)
            r = err_nomem(err);
        ask->requests[ask->count++] = (struct str){copy, b.len};
    }
    buf_done(&b);
    return r;
}

int bench_ask_new(struct app *app, enum bench_kind kind,
    const struct bench_asker *asker, struct bench_ask **ret, struct err *err)
{
    struct bench_ask *ask = base_malloc(sizeof(*ask));
    struct subject *subjects = NULL;
    size_t count = 1;
    int r = 0;

    if (!ask)
        return err_nomem(err);
    memset(ask, 0, sizeof(*ask));
    ask->random = 20250131;
    ask->kind = kind;
    ask->token = asker->token;
    ask->whose = asker->patient;
    ask->arena = arena_new();
    if (ask->arena)
        subjects = arena_array(ask->arena, ASKED, sizeof(*subjects));
    if (!subjects) {
        bench_ask_free(ask);
        return err_nomem(err);
    }
    if (kind != BENCH_CONSTANT)
        r = subjects_find(ask, app, subjects, &count, err);
    if (r == 0)
        r = requests_write(ask, subjects, count, err);
    if (r == 0)
        *ret = ask;
    else
        bench_ask_free(ask);
    return r;
}
