/* SPDX-License-Identifier: Apache-2.0 */
/*
 * POST Report/$freeze: the rows as they are now become a signed document, kept as a Report that nobody changes.
 *
 *   title         needed
 *   text          what the reader is to know
 *   from, until   of this time; missing: as in PublishedFigure/$report
 *   row           only these, in this order: indicator, title, text; none: all rows of the template
 *   code          a one-time code, of whoever signed in with an account
 */
#include "base/id.h"

#include "app/change.h"
#include "app/person.h"
#include "app/publication.h"
#include "app/reach.h"
#include "app/report.h"
#include "app/setting.h"
#include "app/sign_in.h"
#include "crypto/crypto.h"
#include "crypto/sign.h"
#include "fhir/part.h"
#include "fhir/put.h"

struct freezing {
    struct app_call *call;
    const struct json *body;
    struct report_head head;
    struct report_ask ask;
    int64_t position;
    char id[ID_UUID_CHARS + 1];
};

static int authorise(struct freezing *f, struct err *err)
{
    struct app_call *call = f->call;
    int r = call_alone(call, "$freeze", err);

    if (r == 0 && access_limited(&call->caller) &&
        !person_holds(&call->caller, "coordinator"))
        r = err_set(err, E_FORBIDDEN, NULL,
            "Reports are frozen by coordinators and by the programme.");
    if (r == 0)
        r = body_parameters(call, "$freeze", &f->body, err);
    if (r == 0 && call->caller.account.p)
        r = sign_in_second_factor(
            call, json_get_text(body_parameter(f->body, "code"), "valueString"), err);
    return r;
}

static int take_row(struct freezing *f, const struct json *parameter, struct err *err)
{
    struct report_row *row = &f->ask.rows[f->ask.row_count];

    row->indicator = json_get_text(body_part(parameter, "indicator"), "valueCode");
    row->title = json_get_text(body_part(parameter, "title"), "valueString");
    row->note = json_get_text(body_part(parameter, "text"), "valueString");
    if (!row->indicator.p)
        return err_set(err, E_INVALID, "row",
            "A row names its indicator: the part indicator, a valueCode.");
    f->ask.row_count++;
    return 0;
}

static int take(struct freezing *f, struct err *err)
{
    const struct json *list = json_get(f->body, "parameter");
    struct json_each it = json_each(list);
    struct report_row *rows =
        arena_array(f->call->arena, json_count(list) + 1, sizeof(*rows));
    int r = rows ? 0 : err_nomem(err);

    f->ask.rows = rows;
    while (r == 0 && json_next(&it)) {
        if (str_is(json_get_text(it.value, "name"), "row"))
            r = take_row(f, it.value, err);
    }
    if (f->ask.row_count == 0)
        f->ask.rows = NULL;
    f->head.title = json_get_text(body_parameter(f->body, "title"), "valueString");
    f->head.text = json_get_text(body_parameter(f->body, "text"), "valueString");
    f->ask.from = json_get_text(body_parameter(f->body, "from"), "valueDate");
    f->ask.until = json_get_text(body_parameter(f->body, "until"), "valueDate");
    f->head.from = f->ask.from;
    f->head.until = f->ask.until;
    if (r == 0 && f->head.title.len == 0)
        r = err_set(err, E_INVALID, "title", "A report has a title.");
    return r == 0 ? report_check_time(f->ask.from, f->ask.until, err) : r;
}

/* So that a report can be told to be ours after the node's key was changed. */
static int keep_key(struct freezing *f, struct err *err)
{
    struct crypto_sign_keys keys;
    char text[2 * CRYPTO_SIGN_PUBLIC_BYTES + 1];
    char now[TIME_ISO_MAX];

    crypto_sign_keys(f->call->app->seal_key, REPORT_KEY_USE, &keys);
    hex_encode(keys.public_key, sizeof(keys.public_key), text);
    crypto_wipe(&keys, sizeof(keys));
    time_iso(f->head.now, now);
    return setting_put(f->call->app, REPORT_KEYS, str_of(text), str_of(now), err);
}

static void put_record(struct freezing *f, struct buf *b, struct str document)
{
    struct json_out o = json_out(b);
    char number[24];

    snprintf(number, sizeof(number), "%lld", (long long)f->position);
    json_open(&o, '{');
    json_member(&o, "resourceType", STR("Report"));
    json_member(&o, "id", f->head.id);
    json_member(&o, "title", f->head.title);
    fhir_put_time(&o, "frozen", f->head.now);
    if (f->head.author.p)
        fhir_put_reference(&o, "by", f->head.author);
    if (f->ask.from.p) {
        json_name(&o, "period");
        json_open(&o, '{');
        json_member(&o, "start", f->ask.from);
        json_member(&o, "end", f->ask.until);
        json_close(&o, '}');
    }
    json_member(&o, "position", str_of(number));
    json_member(&o, "document", document);
    json_close(&o, '}');
}

static int write_report(struct freezing *f, struct str document, struct err *err)
{
    struct change change = {.call = f->call};
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    put_record(f, &b, document);
    r = change_put(
        &change, fhir_resource_named(STR("Report")), f->head.id, NULL, &b, err);
    buf_done(&b);
    return r == 0 ? change_commit(&change, err) : r;
}

static int freeze(struct freezing *f, struct buf *document, struct err *err)
{
    struct app_call *call = f->call;
    struct json_out o = json_out(&call->answer);
    int r = call_read_begin(call, &f->head.seek.snapshot, err);

    id_uuid7(f->head.now, f->id);
    f->head.id = str_of(f->id);
    f->head.seek.app = call->app;
    f->head.seek.a = call->arena;
    if (r == 0)
        r = report_document(call, &f->head, &f->ask, document, &f->position, err);
    call_read_end(call, f->head.seek.snapshot);
    if (r == 0)
        r = keep_key(f, err);
    if (r == 0)
        r = write_report(f, (struct str){document->data, document->len}, err);
    if (r < 0)
        return r;
    call->status = 201;
    fhir_parameters_open(&o);
    fhir_part_put(&o, "id", "valueId", f->head.id);
    fhir_parameters_close(&o);
    return 0;
}

static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct freezing f = {.call = call};
    struct buf document;
    int r = authorise(&f, err);

    (void)rest;
    f.head.now = call_now(call);
    f.head.author = call->caller.practitioner;
    buf_init(&document, REPORT_DOCUMENT_BYTES);
    if (r == 0)
        r = take(&f, err);
    if (r == 0)
        r = freeze(&f, &document, err);
    buf_done(&document);
    return r;
}

int rest_report(struct app_call *call, const struct rest *rest, struct err *err)
{
    if (strcmp(rest->word, "$freeze") == 0)
        return call_pool(call, rest, run, err);
    if (strcmp(rest->word, "$public") == 0)
        return publication_tell(call, rest, err);
    if (strcmp(rest->word, "$file") == 0)
        return report_file(call, rest, err);
    return call_pool(call, rest, publication_write, err);
}
