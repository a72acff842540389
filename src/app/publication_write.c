/* SPDX-License-Identifier: Apache-2.0 */
/*
 * POST Report/ID/$publish and $withdraw: by a coordinator who did not freeze it, with a reason that the public reads.
 *
 *   reason     needed
 *   replaces   of $publish: the id of the report that is public and wrong
 *   try        of $publish: true: nothing is written, and told what would be public
 *   code       a one-time code, of whoever signed in with an account
 *
 * A figure that is public is never said anew with another value, unless the report that said it is named as replaced.
 */
#include "base/id.h"
#include "base/thread.h"

#include "app/change.h"
#include "app/person.h"
#include "app/publication.h"
#include "app/reach.h"
#include "app/sign_in.h"
#include "fhir/part.h"
#include "fhir/put.h"

#define ROLE "coordinator"

struct publishing {
    struct app_call *call;
    struct seek seek;
    const struct json *body, *record, *document;
    struct str id, reason, replaces;
    bool withdraws, tries;
    struct publications all;
    const struct json *act; /* as it will be written */
    const char **whys;      /* a section of the document each: why it is not told */
};

/* One act is decided and written before the next is looked at. */
static pthread_mutex_t acts_lock = PTHREAD_MUTEX_INITIALIZER;

/* ---- may it be done ---- */

static int authorise(struct publishing *p, struct err *err)
{
    struct app_call *call = p->call;
    const char *word = p->withdraws ? "$withdraw" : "$publish";
    int r = call_alone(call, word, err);

    if (r == 0 && (!call->caller.practitioner.p || !person_holds(&call->caller, ROLE)))
        r = err_set(err, E_FORBIDDEN, NULL,
            "What the public is told is decided by a coordinator, in person.");
    if (r == 0)
        r = body_parameters(call, word, &p->body, err);
    if (r < 0)
        return r;
    p->reason = json_get_text(body_parameter(p->body, "reason"), "valueString");
    p->replaces = json_get_text(body_parameter(p->body, "replaces"), "valueString");
    p->tries = !p->withdraws && json_kind(json_get(body_parameter(p->body, "try"),
                                    "valueBoolean")) == JSON_TRUE;
    if (p->reason.len == 0 && !p->tries)
        return err_set(err, E_INVALID, "reason",
            "Say why: the public reads the reason beside the figures.");
    if (call->caller.account.p && !p->tries)
        r = sign_in_second_factor(
            call, json_get_text(body_parameter(p->body, "code"), "valueString"), err);
    return r;
}

static int find(struct publishing *p, struct err *err)
{
    struct store_record stored = {0};
    bool allowed = false;
    int r = seek_record(&p->seek, "Report", p->id, &stored, &p->record, err);

    if (r == 0 && p->record)
        r = access_allows_live(p->call->access_, stored.rid, &allowed, err);
    if (r == 0 && !allowed)
        return err_set(err, E_NOT_FOUND, NULL, "There is no such Report.");
    if (r == 0)
        r = json_read_trusted(
            p->call->arena, json_get_text(p->record, "document"), &p->document, err);
    if (r == 0)
        r = publications_load(&p->seek, &p->all, err);
    if (r == 0 && !p->withdraws && p->all.count >= PUBLICATIONS)
        r = err_set(err, E_TOO_LARGE, NULL,
            "This node has told the public something %zu times, which is as often as "
            "it "
            "can lay out: nothing more is published; what is public can be withdrawn.",
            p->all.count);
    if (r == 0 && !p->withdraws)
        r = publication_decide(p->call->arena, &p->all, p->document, &p->whys, err);
    return r;
}

/* Two pairs of eyes: whoever froze it does not approve it. Anybody who may withdraws. */
static int check_author(const struct publishing *p, struct err *err)
{
    struct str by = json_get_text(json_get(p->record, "by"), "reference");

    if (by.p && str_eq(by, p->call->caller.practitioner))
        return err_set(err, E_FORBIDDEN, NULL,
            "Somebody else approves it: you froze this report yourself.");
    return 0;
}

static const struct publication *in_force(const struct publishing *p, struct str report)
{
    return publication_in_force(&p->all, report, p->all.count);
}

/* Is a figure of the act public with another value, by a report that is not replaced? */
static int check_values(const struct publishing *p, struct err *err)
{
    for (size_t i = 0; i < p->all.count; i++) {
        const struct publication *other = &p->all.list[i];
        struct json_each it = json_each(json_get(p->act, "figure"));

        if (in_force(p, other->report) != other ||
            (p->replaces.p && str_eq(p->replaces, other->report)))
            continue;
        while (json_next(&it)) {
            const struct json *said = publication_same(other, it.value);
            struct str title = json_get_text(it.value, "title");
            struct str report = json_get_text(other->json, "title");

            if (said && !publication_says_same(said, it.value))
                return err_set(err, E_CONFLICT, "replaces",
                    "\"%.*s\" is public with another value, by the report \"%.*s\": "
                    "name that one as replaced, or withdraw it first.",
                    (int)title.len, title.p ? title.p : "", (int)report.len,
                    report.p ? report.p : "");
        }
    }
    return 0;
}

static int check_state(const struct publishing *p, struct err *err)
{
    if (p->withdraws)
        return in_force(p, p->id)
                   ? 0
                   : err_set(err, E_CONFLICT, NULL, "This report is not public.");
    if (in_force(p, p->id))
        return err_set(err, E_CONFLICT, NULL, "This report is public already.");
    if (p->replaces.p && !in_force(p, p->replaces))
        return err_set(
            err, E_CONFLICT, "replaces", "The report to be replaced is not public.");
    if (!p->tries && json_count(json_get(p->act, "figure")) == 0)
        return err_set(err, E_CONFLICT, NULL,
            "No figure of this report may be told to everybody: see try.");
    return check_values(p, err);
}

/* ---- the act ---- */

static void put_act(struct publishing *p, struct json_out *o, struct str id, utc_ms now)
{
    const struct json *log =
        report_extension(report_composition(p->document), REPORT_LOG_URL);
    const char *act = p->withdraws ? "withdraw" : p->replaces.p ? "correct" : "publish";

    json_open(o, '{');
    json_member(o, "resourceType", STR("Publication"));
    json_member(o, "id", id);
    json_member(o, "act", str_of(act));
    json_member(o, "report", p->id);
    json_member(o, "title", json_get_text(p->record, "title"));
    if (!p->withdraws && p->replaces.p)
        json_member(o, "replaces", p->replaces);
    fhir_put_time(o, "at", now);
    fhir_put_reference(o, "by", p->call->caller.practitioner);
    json_member(o, "role", STR(ROLE));
    json_member(o, "reason", p->reason.len > 0 ? p->reason : STR("Tried"));
    json_member(o, "frozen", json_get_text(p->record, "frozen"));
    json_member(o, "position", json_get_text(p->record, "position"));
    json_member(o, "hash", report_part(log, "hash"));
    if (!p->withdraws) {
        json_name(o, "figure");
        json_open(o, '[');
        publication_put_figures(o, p->document, p->whys);
        json_close(o, ']');
    }
    json_close(o, '}');
}

static int write_act(
    struct publishing *p, struct buf *b, struct str id, struct err *err)
{
    struct change change = {.call = p->call};
    int r =
        change_put(&change, fhir_resource_named(STR("Publication")), id, NULL, b, err);

    return r == 0 ? change_commit(&change, err) : r;
}

/* ---- the answer ---- */

static void tell(struct publishing *p, struct str id)
{
    struct json_out o = json_out(&p->call->answer);
    struct json_each it =
        json_each(json_get(report_composition(p->document), "section"));

    fhir_parameters_open(&o);
    if (!p->tries)
        fhir_part_put(&o, "id", "valueId", id);
    while (!p->withdraws && json_next(&it)) {
        const struct json *figure = report_extension(it.value, REPORT_FIGURE_URL);
        const char *withheld = p->whys[it.index];

        fhir_parts_open(&o, "figure");
        fhir_part_put(&o, "indicator", "valueCode", report_part(figure, "indicator"));
        fhir_part_put(&o, "title", "valueString", json_get_text(it.value, "title"));
        fhir_part_put(&o, "value", "valueString", report_part(figure, "value"));
        fhir_part_put(&o, "at-most", "valueString", report_part(figure, "at-most"));
        fhir_part_put(&o, "unit", "valueString", report_part(figure, "unit"));
        fhir_part_put(&o, "from", "valueString", report_part(figure, "from"));
        fhir_part_put(&o, "until", "valueString", report_part(figure, "until"));
        if (withheld)
            fhir_part_put_code(&o, "left-out", withheld);
        fhir_parts_close(&o);
    }
    fhir_parameters_close(&o);
}

/* Decide and write, while nobody else does. */
static int act(struct publishing *p, struct err *err)
{
    utc_ms now = call_now(p->call);
    char id[ID_UUID_CHARS + 1];
    struct json_out o;
    struct buf b;
    int r = find(p, err);

    id_uuid7(now, id);
    buf_init(&b, LIMIT_RECORD_BYTES);
    o = json_out(&b);
    if (r == 0 && !p->withdraws)
        r = check_author(p, err);
    if (r == 0) {
        put_act(p, &o, str_of(id), now);
        r = buf_error(&b, "What the public is told", err);
    }
    if (r == 0)
        r = json_read_trusted(
            p->call->arena, (struct str){b.data, b.len}, &p->act, err);
    if (r == 0)
        r = check_state(p, err);
    if (r == 0 && !p->tries)
        r = write_act(p, &b, str_of(id), err);
    if (r == 0)
        tell(p, str_of(id));
    buf_done(&b);
    return r;
}

int publication_write(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct publishing p = {.call = call, .id = rest->id};
    int r = 0;

    p.withdraws = strcmp(rest->word, "$withdraw") == 0;
    r = authorise(&p, err);
    if (r < 0)
        return r;
    pthread_mutex_lock(&acts_lock);
    r = call_read_begin(call, &p.seek.snapshot, err);
    p.seek.app = call->app;
    p.seek.a = call->arena;
    if (r == 0)
        r = act(&p, err);
    call_read_end(call, p.seek.snapshot);
    pthread_mutex_unlock(&acts_lock);
    if (r == 0 && !p.tries)
        call->status = 201;
    return r;
}
