/* SPDX-License-Identifier: Apache-2.0 */
/* What a file of volumes is judged by, and writing it down: calls, as anybody makes them. */
#include <stdlib.h>

#include "app/volume.h"
#include "app/volume_file_internal.h"
#include "fhir/part.h"
#include "fhir/value.h"

struct asking {
    struct app *app;
    struct arena *arena;
};

static struct app_call call_of(
    const struct asking *ask, enum app_method method, const char *path)
{
    return (struct app_call){.app = ask->app,
        .arena = ask->arena,
        .caller = {.name = STR("belay volumes"), .role = STR("program")},
        .method = method,
        .space = APP_FHIR,
        .path = str_of(path)};
}

/* Run ${call} and free it; its answer into ${ret}. */
static int answer_of(struct app_call *call, const struct json **ret, struct err *err)
{
    int r = 0;

    app_run(call);
    r = json_read(call->arena, (struct str){call->answer.data, call->answer.len},
        LIMIT_RESPONSE_BYTES, ret, err);
    if (r == 0 && call->status != 200) {
        struct str told = app_sentence(*ret);

        r = err_set(err, call->status < 500 ? E_INVALID : E_IO, NULL, "%.*s",
            (int)told.len, told.p ? told.p : "");
    }
    app_call_done(call);
    return r;
}

/* ---- all of a search ---- */

/* The query of the next page; p NULL: this is the last. */
static struct str next_of(const struct json *bundle)
{
    struct json_each it = json_each(json_get(bundle, "link"));

    while (json_next(&it)) {
        struct str url = json_get_text(it.value, "url");

        if (!str_is(json_get_text(it.value, "relation"), "next"))
            continue;
        (void)str_cut(&url, '?');
        return url;
    }
    return (struct str){NULL, 0};
}

struct record {
    const struct json *json;
};

struct found {
    struct record *list;
    size_t count;
};

static int take_page(const struct asking *ask, const struct json *bundle,
    struct found *ret, struct err *err)
{
    const struct json *entries = json_get(bundle, "entry");
    size_t more = json_count(entries);
    struct json_each it = json_each(entries);

    ret->list = arena_grow(ask->arena, ret->list, ret->count * sizeof(*ret->list),
        (ret->count + more + 1) * sizeof(*ret->list));
    if (!ret->list)
        return err_nomem(err);
    while (json_next(&it))
        ret->list[ret->count++] = (struct record){json_get(it.value, "resource")};
    return 0;
}

static int search_all(const struct asking *ask, const char *type, const char *query,
    struct found *ret, struct err *err)
{
    struct str page = str_of(query);
    int r = 0;

    while (r == 0 && page.p) {
        struct app_call call = call_of(ask, APP_GET, type);
        const struct json *bundle = NULL;

        call.query = page;
        r = answer_of(&call, &bundle, err);
        if (r == 0)
            r = take_page(ask, bundle, ret, err);
        page = next_of(bundle);
    }
    return r;
}

/* ---- what is known ---- */

struct str volume_folded(struct arena *a, struct str text)
{
    struct str folded = {NULL, 0};
    struct buf b;

    buf_init(&b, 4 * text.len + 64);
    fhir_fold(&b, text);
    if (!b.error && b.len > 0)
        folded.p = arena_strndup(a, b.data, b.len);
    folded.len = folded.p ? b.len : 0;
    buf_done(&b);
    return folded;
}

static int read_units(const struct asking *ask, const char *type,
    struct volume_units *ret, struct err *err)
{
    struct found found = {.count = 0};
    int r = search_all(ask, type, "_elements=name,partOf&_count=1000", &found, err);

    if (r < 0)
        return r;
    ret->list = arena_array(ask->arena, found.count + 1, sizeof(*ret->list));
    if (!ret->list)
        return err_nomem(err);
    for (size_t i = 0; i < found.count; i++) {
        struct str name = json_get_text(found.list[i].json, "name");
        struct str within =
            json_get_text(json_get(found.list[i].json, "partOf"), "reference");

        (void)str_cut(&within, '/');
        ret->list[ret->count++] =
            (struct volume_unit){json_get_text(found.list[i].json, "id"), name, within,
                volume_folded(ask->arena, name)};
    }
    return 0;
}

static int by_id(const void *one, const void *other)
{
    return str_cmp(((const struct volume_written *)one)->id,
        ((const struct volume_written *)other)->id);
}

static struct str count_of(const struct json *group)
{
    return json_text(json_get(json_at(json_get(group, "population"), 0), "count"));
}

/* Of all, of a part of them, or a score. */
static struct str value_of(const struct json *report)
{
    const struct json *group = json_at(json_get(report, "group"), 0);
    const struct json *stratifier = json_at(json_get(group, "stratifier"), 0);
    struct str count =
        count_of(stratifier ? json_at(json_get(stratifier, "stratum"), 0) : group);

    return count.p ? count
                   : json_text(json_get(json_get(group, "measureScore"), "value"));
}

static int read_written(
    const struct asking *ask, struct volume_known *ret, struct err *err)
{
    struct found found = {.count = 0};
    int r = 0;

    for (size_t i = 0; r == 0 && i < volume_kind_count; i++) {
        const char *query = arena_printf(ask->arena,
            "measure=" VOLUME_MEASURE "%s&status=complete&_elements=group&_count=1000",
            volume_kinds[i].measure);

        r = query ? search_all(ask, "MeasureReport", query, &found, err)
                  : err_nomem(err);
    }
    if (r < 0)
        return r;
    ret->written = arena_array(ask->arena, found.count + 1, sizeof(*ret->written));
    if (!ret->written)
        return err_nomem(err);
    for (size_t i = 0; i < found.count; i++)
        ret->written[ret->written_count++] = (struct volume_written){
            json_get_text(found.list[i].json, "id"), value_of(found.list[i].json)};
    qsort(ret->written, ret->written_count, sizeof(*ret->written), by_id);
    return 0;
}

int volume_known_read(
    struct app *app, struct arena *a, struct volume_known *ret, struct err *err)
{
    const struct asking ask = {app, a};
    int r = read_units(&ask, "Organization", &ret->organizations, err);

    if (r == 0)
        r = read_units(&ask, "Location", &ret->locations, err);
    return r == 0 ? read_written(&ask, ret, err) : r;
}

/* ---- writing ---- */

static const struct volume_kind *kind_named(const char *name)
{
    for (size_t i = 0; i + 1 < volume_kind_count; i++) {
        if (strcmp(volume_kinds[i].name, name) == 0)
            return &volume_kinds[i];
    }
    return &volume_kinds[volume_kind_count - 1];
}

/* "2021-03" of the id "outpatients-2021-03-x"; a year of a place. */
static struct str time_of(const struct volume_line *line)
{
    return (struct str){
        line->id + strlen(line->kind) + 1, kind_named(line->kind)->place ? 4 : 7};
}

/* Where the codes of ${part} are from. */
static const char *system_of(const char *part)
{
    size_t i = 0;

    while (i + 1 < VOLUME_PARTS && strcmp(volume_part_names[i], part) != 0)
        i++;
    return volume_part_systems[i];
}

static void put_group(struct buf *b, const struct volume_line *line)
{
    static const char count[] =
        "\"population\":[{\"code\":{\"coding\":[{\"system\":\"http://"
        "terminology.hl7.org/CodeSystem/measure-population\",\"code\":\"initial-"
        "population\"}]},\"count\":";

    if (kind_named(line->kind)->score)
        buf_addf(
            b, "{\"measureScore\":{\"value\":%.6g,\"unit\":\"year\"}}", line->value);
    else if (line->part[0] == '\0')
        buf_addf(b, "{%s%.0f}]}", count, line->value);
    else
        buf_addf(b,
            "{\"stratifier\":[{\"code\":[{\"coding\":[{\"system\":\"%s\",\"code\":"
            "\"%s\"}]}],\"stratum\":[{\"value\":{\"coding\":[{\"system\":\"%s\","
            "\"code\":\"%.*s\"}]},%s%.0f}]}]}]}",
            VOLUME_STRATUM_SYSTEM, line->part, system_of(line->part),
            (int)line->code.len, line->code.p, count, line->value);
}

/* An entry of the transaction; ids and references need no escape. */
static void put_entry(struct buf *b, const struct volume_line *line)
{
    const struct volume_kind *kind = kind_named(line->kind);
    struct str time = time_of(line);

    buf_addf(b,
        "{\"request\":{\"method\":\"PUT\",\"url\":\"MeasureReport/%s\"},\"resource\":{"
        "\"resourceType\":\"MeasureReport\",\"id\":\"%s\",\"status\":\"complete\","
        "\"type\":\"summary\",\"measure\":\"" VOLUME_MEASURE "%s\",\"period\":{"
        "\"start\":\"%.*s\",\"end\":\"%.*s\"},\"%s\":{\"reference\":\"%.*s\"},"
        "\"group\":[",
        line->id, line->id, kind->measure, (int)time.len, time.p, (int)time.len, time.p,
        kind->place ? "subject" : "reporter", (int)line->of.len, line->of.p);
    put_group(b, line);
    buf_adds(b, "]}}");
}

int volume_file_write(struct app *app, struct arena *a, const struct volume_line *lines,
    size_t count, struct err *err)
{
    const struct asking ask = {app, a};
    struct app_call call = call_of(&ask, APP_POST, "");
    const struct json *answer = NULL;
    struct buf body;
    size_t put = 0;
    int r = 0;

    buf_init(&body, LIMIT_BODY_BYTES);
    buf_adds(
        &body, "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[");
    for (size_t i = 0; i < count; i++) {
        if (lines[i].state != VOLUME_NEW && lines[i].state != VOLUME_CORRECTS)
            continue;
        if (put++ > 0)
            buf_addc(&body, ',');
        put_entry(&body, &lines[i]);
    }
    buf_adds(&body, "]}");
    r = buf_error(&body, "What is to be written down", err);
    call.body = (struct str){body.data, body.len};
    if (r == 0 && put > 0)
        r = answer_of(&call, &answer, err);
    buf_done(&body);
    return r;
}

/* ---- the baseline ---- */

static struct str part_text(const struct json *parts, const char *name)
{
    return fhir_part_value(fhir_part_find(parts, name));
}

int volume_file_baseline(struct app *app, struct arena *a,
    const struct volume_line *line, struct volume_baseline *ret, struct err *err)
{
    const struct asking ask = {app, a};
    const char *path = arena_printf(a, "Measure/%s/$effect", line->kind);
    const char *query = arena_printf(a, "unit=%.*s", (int)line->of.len, line->of.p);
    struct app_call call = call_of(&ask, APP_GET, path);
    struct volume_baseline found = {.year = 0};
    const struct json *answer = NULL;
    const struct json *told = NULL, *baseline = NULL;
    int r = path && query ? 0 : err_nomem(err);

    if (r < 0)
        return r;
    call.query = str_of(query);
    r = answer_of(&call, &answer, err);
    if (r < 0)
        return r;
    told = json_get(answer, "parameter");
    found.began = part_text(told, "began");
    baseline = json_get(fhir_part_find(told, "baseline"), "part");
    (void)text_int(part_text(baseline, "year"), 0, 9999, &found.year);
    (void)fhir_number(part_text(baseline, "value"), &found.value);
    (void)fhir_number(part_text(baseline, "low"), &found.low);
    (void)fhir_number(part_text(baseline, "high"), &found.high);
    *ret = found;
    return 0;
}
