/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A frozen report: a FHIR document (Bundle of type document) that needs nothing beside it.
 *
 *   Composition     title, who, when; the position of the log and the hash of its version there, the public key; a
 *                   section each figure: its words, the question, value, what was published, the verdict
 *   MeasureReport   of each figure that could be told
 *   Measure         the definition of each, as it counted, and its digest in the section
 *   signature       Ed25519 over the one spelling (json_write_canonical) of all but the signature
 */
#include "app/report.h"
#include "crypto/crypto.h"
#include "crypto/digest.h"
#include "crypto/sign.h"
#include "fhir/part.h"
#include "fhir/put.h"
#include "view/indicator_define.h"

#define HASH_CHARS (2 * STORE_HASH_BYTES)
#define KEY_CHARS (2 * CRYPTO_SIGN_PUBLIC_BYTES)
#define DIGEST_CHARS (2 * CRYPTO_DIGEST_BYTES)
#define FORMAT "application/fhir+json"
#define SIGNED_FORMAT "application/x-ed25519"

struct line {
    struct str title, note;
    const struct json *figure; /* Parameters: what is said of it */
    const struct json *report; /* NULL: none */
    const struct indicator_define *define;
};

struct writing_report {
    struct app_call *call;
    const struct report_head *head;
    const struct indicator_defines *defines;
    struct json_out o;
    struct line *lines;
    size_t count, room;
    int64_t position;
    char hash[HASH_CHARS + 1], key[KEY_CHARS + 1];
    struct crypto_sign_keys keys;
};

/* ---- what is told, row by row ---- */

/* Everything that a row says, as Parameters in the arena. */
static int say(struct writing_report *w, const struct report_row *row,
    const struct figure_told *told, const struct json **ret, struct err *err)
{
    struct json_out o;
    struct buf b;
    int r = 0;

    buf_init(&b, REPORT_DOCUMENT_BYTES);
    o = json_out(&b);
    fhir_parameters_open(&o);
    fhir_part_put(&o, "indicator", "valueCode", row->indicator);
    report_put_published(&o, row);
    figure_put(&o, told);
    fhir_parameters_close(&o);
    r = buf_error(&b, "A figure of the report", err);
    if (r == 0)
        r = json_read_trusted(w->call->arena, (struct str){b.data, b.len}, ret, err);
    buf_done(&b);
    return r;
}

static int take(void *arg, const struct report_row *row, const struct figure_told *told,
    struct err *err)
{
    struct writing_report *w = arg;
    struct line *line = NULL;

    if (w->count == w->room) {
        size_t room = w->room ? w->room * 2 : 64;
        struct line *grown = arena_grow(
            w->call->arena, w->lines, w->room * sizeof(*grown), room * sizeof(*grown));

        if (!grown)
            return err_nomem(err);
        w->lines = grown;
        w->room = room;
    }
    line = &w->lines[w->count++];
    *line = (struct line){.title = row->title,
        .note = row->note,
        .report = told->computed.report,
        .define = indicator_find(w->defines, told->question.indicator)};
    return say(w, row, told, &line->figure, err);
}

/* ---- the document ---- */

static void open_named(struct json_out *o, const char *name, char bracket)
{
    json_name(o, name);
    json_open(o, bracket);
}

static void put_extension(
    struct json_out *o, const char *url, const char *kind, struct str value)
{
    json_open(o, '{');
    json_member(o, "url", str_of(url));
    json_member(o, kind, value);
    json_close(o, '}');
}

/* The parts of ${figure} as extensions. */
static void put_parts(struct json_out *o, const struct json *figure)
{
    struct json_each it = json_each(json_get(figure, "parameter"));

    while (json_next(&it)) {
        struct json_each member = json_each(it.value);

        json_open(o, '{');
        while (json_next(&member)) {
            const char *name = str_is(member.name, "name") ? "url" : member.name.p;

            json_name(o, name);
            json_put_value(o, member.value);
        }
        json_close(o, '}');
    }
}

int report_signed_text(
    struct arena *a, const struct json *document, struct buf *out, struct err *err)
{
    static const char *const but[] = {"signature", NULL};
    const struct json *rest = NULL;
    struct json_out o;
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    o = json_out(&b);
    json_open(&o, '{');
    fhir_put_but(&o, document, but);
    json_close(&o, '}');
    r = buf_error(&b, "The report", err);
    if (r == 0)
        r = json_read_trusted(a, (struct str){b.data, b.len}, &rest, err);
    buf_done(&b);
    return r == 0 ? json_write_canonical(a, out, rest, err) : r;
}

static int put_digest(
    struct writing_report *w, const struct indicator_define *d, struct err *err)
{
    uint8_t digest[CRYPTO_DIGEST_BYTES];
    char text[DIGEST_CHARS + 1];
    struct buf b;
    int r = 0;

    buf_init(&b, REPORT_DOCUMENT_BYTES);
    r = json_write_canonical(w->call->arena, &b, d->measure, err);
    if (r == 0)
        r = buf_error(&b, "A definition", err);
    if (r == 0) {
        crypto_digest_once(digest, b.data, b.len);
        hex_encode(digest, sizeof(digest), text);
        put_extension(&w->o, REPORT_DEFINITION_URL, "valueString", str_of(text));
    }
    buf_done(&b);
    return r;
}

static void add_xml(struct buf *b, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.p[i];

        if (c == '&')
            buf_adds(b, "&amp;");
        else if (c == '<')
            buf_adds(b, "&lt;");
        else if (c == '>')
            buf_adds(b, "&gt;");
        else
            buf_addc(b, c);
    }
}

static int put_narrative(
    struct writing_report *w, const struct str *texts, size_t count, struct err *err)
{
    struct buf b;
    int r = 0;

    buf_init(&b, REPORT_DOCUMENT_BYTES);
    buf_adds(&b, "<div xmlns=\"http://www.w3.org/1999/xhtml\">");
    for (size_t i = 0; i < count; i++) {
        if (texts[i].len == 0)
            continue;
        buf_adds(&b, "<p>");
        add_xml(&b, texts[i]);
        buf_adds(&b, "</p>");
    }
    buf_adds(&b, "</div>");
    r = buf_error(&b, "A text of the report", err);
    if (r == 0) {
        open_named(&w->o, "text", '{');
        json_member(&w->o, "status", STR("generated"));
        json_member(&w->o, "div", (struct str){b.data, b.len});
        json_close(&w->o, '}');
    }
    buf_done(&b);
    return r;
}

static struct str url_of(struct writing_report *w, const char *type, size_t number)
{
    return str_of(
        arena_printf(w->call->arena, "https://belay.health/report/%.*s/%s/%zu",
            (int)w->head->id.len, w->head->id.p, type, number));
}

static int put_section(struct writing_report *w, size_t at, struct err *err)
{
    const struct line *line = &w->lines[at];
    struct json_out *o = &w->o;
    struct str texts[] = {line->title, line->note};
    int r = 0;

    json_open(o, '{');
    open_named(o, "extension", '[');
    json_open(o, '{');
    json_member(o, "url", STR(REPORT_FIGURE_URL));
    open_named(o, "extension", '[');
    put_parts(o, line->figure);
    json_close(o, ']');
    json_close(o, '}');
    if (line->define)
        r = put_digest(w, line->define, err);
    json_close(o, ']');
    json_member(o, "title", line->title);
    if (r == 0)
        r = put_narrative(w, texts, 2, err);
    if (line->report) {
        open_named(o, "entry", '[');
        json_open(o, '{');
        json_member(o, "reference", url_of(w, "MeasureReport", at));
        json_close(o, '}');
        json_close(o, ']');
    }
    json_close(o, '}');
    return r;
}

static void put_log(struct writing_report *w)
{
    char number[24];

    snprintf(number, sizeof(number), "%lld", (long long)w->position);
    open_named(&w->o, "extension", '[');
    json_open(&w->o, '{');
    json_member(&w->o, "url", STR(REPORT_LOG_URL));
    open_named(&w->o, "extension", '[');
    put_extension(&w->o, "position", "valueString", str_of(number));
    put_extension(&w->o, "hash", "valueString", str_of(w->hash));
    if (!w->head->draft)
        put_extension(&w->o, "key", "valueString", str_of(w->key));
    json_close(&w->o, ']');
    json_close(&w->o, '}');
    json_close(&w->o, ']');
}

/* Of which time all of it is, where one was asked for. */
static void put_period(struct writing_report *w)
{
    if (!w->head->from.p)
        return;
    open_named(&w->o, "event", '[');
    json_open(&w->o, '{');
    open_named(&w->o, "period", '{');
    json_member(&w->o, "start", w->head->from);
    json_member(&w->o, "end", w->head->until);
    json_close(&w->o, '}');
    json_close(&w->o, '}');
    json_close(&w->o, ']');
}

static int put_composition(struct writing_report *w, struct err *err)
{
    const struct report_head *head = w->head;
    struct json_out *o = &w->o;
    char now[TIME_ISO_MAX];
    struct str texts[] = {head->title, head->text};
    int r = 0;

    time_iso(head->now, now);
    json_open(o, '{');
    json_member(o, "resourceType", STR("Composition"));
    json_member(o, "id", head->id);
    r = put_narrative(w, texts, 2, err);
    put_log(w);
    json_member(o, "status", head->draft ? STR("preliminary") : STR("final"));
    open_named(o, "type", '{');
    json_member(o, "text", STR("Report of a programme's figures"));
    json_close(o, '}');
    json_member(o, "date", str_of(now));
    open_named(o, "author", '[');
    json_open(o, '{');
    if (head->author.p)
        json_member(o, "reference", head->author);
    else
        json_member(o, "display", STR("A program of this node"));
    json_close(o, '}');
    json_close(o, ']');
    json_member(o, "title", head->title);
    put_period(w);
    open_named(o, "section", '[');
    for (size_t i = 0; r == 0 && i < w->count; i++)
        r = put_section(w, i, err);
    json_close(o, ']');
    json_close(o, '}');
    return r;
}

static void open_entry(struct writing_report *w, struct str url)
{
    json_open(&w->o, '{');
    json_member(&w->o, "fullUrl", url);
    json_name(&w->o, "resource");
}

/* Each definition once. */
static bool is_first(const struct writing_report *w, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (w->lines[i].define == w->lines[at].define)
            return false;
    }
    return w->lines[at].define != NULL;
}

static int put_entries(struct writing_report *w, struct err *err)
{
    int r = 0;

    open_named(&w->o, "entry", '[');
    open_entry(w, url_of(w, "Composition", 0));
    r = put_composition(w, err);
    json_close(&w->o, '}');
    for (size_t i = 0; i < w->count; i++) {
        if (!w->lines[i].report)
            continue;
        open_entry(w, url_of(w, "MeasureReport", i));
        json_put_value(&w->o, w->lines[i].report);
        json_close(&w->o, '}');
    }
    for (size_t i = 0; i < w->count; i++) {
        if (!is_first(w, i))
            continue;
        open_entry(w, w->lines[i].define->url);
        json_put_value(&w->o, w->lines[i].define->measure);
        json_close(&w->o, '}');
    }
    json_close(&w->o, ']');
    return r;
}

static void put_head(struct writing_report *w, const char *now)
{
    json_member(&w->o, "resourceType", STR("Bundle"));
    open_named(&w->o, "identifier", '{');
    json_member(&w->o, "system", STR("https://belay.health/report"));
    json_member(&w->o, "value", w->head->id);
    json_close(&w->o, '}');
    json_member(&w->o, "type", STR("document"));
    json_member(&w->o, "timestamp", str_of(now));
}

static int put_signature(
    struct writing_report *w, const char *now, struct str signed_, struct err *err)
{
    uint8_t signature[CRYPTO_SIGN_BYTES];
    struct json_out *o = &w->o;
    struct buf text;
    int r = 0;

    crypto_sign_text(&w->keys, signed_, signature);
    buf_init(&text, 4 * sizeof(signature));
    base64url_encode(&text, signature, sizeof(signature));
    for (size_t i = 0; i < text.len; i++) /* base64Binary has the other alphabet */
    {
        if (text.data[i] == '-')
            text.data[i] = '+';
        else if (text.data[i] == '_')
            text.data[i] = '/';
    }
    buf_adds(&text, "==");
    r = buf_error(&text, "The signature", err);
    open_named(o, "signature", '{');
    open_named(o, "type", '[');
    json_open(o, '{');
    json_member(o, "system", STR("urn:iso-astm:E1762-95:2013"));
    json_member(o, "code", STR("1.2.840.10065.1.12.1.14"));
    json_close(o, '}');
    json_close(o, ']');
    json_member(o, "when", str_of(now));
    open_named(o, "who", '{');
    json_member(o, "display", STR("The node"));
    json_close(o, '}');
    json_member(o, "targetFormat", STR(FORMAT));
    json_member(o, "sigFormat", STR(SIGNED_FORMAT));
    json_member(o, "data", (struct str){text.data, text.len});
    json_close(o, '}');
    buf_done(&text);
    return r;
}

/* All but the signature. */
static int write_unsigned(struct writing_report *w, struct buf *out, struct err *err)
{
    char now[TIME_ISO_MAX];
    int r = 0;

    time_iso(w->head->now, now);
    w->o = json_out(out);
    json_open(&w->o, '{');
    put_head(w, now);
    r = put_entries(w, err);
    json_close(&w->o, '}');
    return r == 0 ? buf_error(out, "The report", err) : r;
}

/* ${body} with the signature; it is read again, since what is signed is its one spelling. */
static int sign(
    struct writing_report *w, struct str body, struct buf *out, struct err *err)
{
    const struct json *unsigned_ = NULL;
    char now[TIME_ISO_MAX];
    struct buf text;
    int r = json_read_trusted(w->call->arena, body, &unsigned_, err);

    time_iso(w->head->now, now);
    buf_init(&text, LIMIT_RECORD_BYTES);
    if (r == 0)
        r = report_signed_text(w->call->arena, unsigned_, &text, err);
    if (r == 0)
        r = buf_error(&text, "The report", err);
    if (r == 0) {
        w->o = json_out(out);
        json_open(&w->o, '{');
        fhir_put_but(&w->o, unsigned_, (const char *const[]){NULL});
        r = put_signature(w, now, (struct str){text.data, text.len}, err);
        json_close(&w->o, '}');
    }
    if (r == 0)
        r = buf_error(out, "The report", err);
    buf_done(&text);
    return r;
}

static int write_signed(struct writing_report *w, struct buf *out, struct err *err)
{
    struct buf body;
    int r = 0;

    crypto_sign_keys(w->call->app->seal_key, REPORT_KEY_USE, &w->keys);
    hex_encode(w->keys.public_key, sizeof(w->keys.public_key), w->key);
    buf_init(&body, REPORT_DOCUMENT_BYTES);
    r = write_unsigned(w, &body, err);
    if (r == 0)
        r = sign(w, (struct str){body.data, body.len}, out, err);
    buf_done(&body);
    crypto_wipe(&w->keys, sizeof(w->keys));
    return r;
}

static int find_log(struct writing_report *w, struct err *err)
{
    uint8_t hash[STORE_HASH_BYTES] = {0};
    struct store_reader *snapshot = w->head->seek.snapshot;
    int r = store_seq(snapshot, &w->position, err);

    if (r == 0)
        r = store_hash(snapshot, w->position, hash, err);
    hex_encode(hash, sizeof(hash), w->hash);
    return r;
}

int report_document(struct app_call *call, const struct report_head *head,
    const struct report_ask *ask, struct buf *out, int64_t *ret_position,
    struct err *err)
{
    struct writing_report w = {.call = call, .head = head};
    int r = indicator_defines(&w.defines, err);

    if (r == 0)
        r = find_log(&w, err);
    if (r < 0)
        return r;
    r = report_rows(call, &head->seek, ask, &(struct report_taker){take, &w}, err);
    if (r < 0)
        return r;
    r = head->draft ? write_unsigned(&w, out, err) : write_signed(&w, out, err);
    if (r == 0)
        *ret_position = w.position;
    return r;
}
