/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is a file what was frozen? What can be told from the file alone is: that nothing in it was changed since
 * somebody with its key signed it, and that its definitions are those the figures were counted by. Whose key it is,
 * that the log was as it says, and that it gives these figures, only a node with that log tells.
 */
#include "app/change.h"
#include "app/report.h"
#include "app/setting.h"
#include "crypto/crypto.h"
#include "crypto/digest.h"
#include "crypto/sign.h"
#include "fhir/part.h"
#include "fhir/value.h"
#include "view/indicator_define.h"

enum { SIGNATURE, DEFINITIONS, KEY, LOG, FIGURES };

struct verifying {
    struct app *app;
    struct arena *a;
    const struct json *document, *composition, *log;
    struct report_check *checks;
};

const struct json *report_extension(const struct json *element, const char *url)
{
    struct json_each it = json_each(json_get(element, "extension"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "url"), url))
            return it.value;
    }
    return NULL;
}

struct str report_part(const struct json *of, const char *name)
{
    return fhir_part_value(report_extension(of, name));
}

const struct json *report_composition(const struct json *document)
{
    const struct json *first = json_at(json_get(document, "entry"), 0);
    const struct json *found = json_get(first, "resource");

    return str_is(json_get_text(document, "type"), "document") &&
                   str_is(json_get_text(found, "resourceType"), "Composition")
               ? found
               : NULL;
}

static void set(
    struct verifying *v, int which, enum report_state state, const char *text)
{
    v->checks[which].state = state;
    v->checks[which].sentence = text;
}

/* ---- the file alone ---- */

static int check_signature(struct verifying *v, struct err *err)
{
    struct str key = report_part(v->log, "key");
    struct str data = json_get_text(json_get(v->document, "signature"), "data");
    uint8_t public_key[CRYPTO_SIGN_PUBLIC_BYTES];
    uint8_t signature[CRYPTO_SIGN_BYTES];
    size_t len = 0;
    struct buf text;
    int r = 0;

    if (key.len != 2 * sizeof(public_key) ||
        !hex_decode(key.p, public_key, sizeof(public_key)) || !data.p ||
        !base64_decode(data, signature, sizeof(signature), &len) ||
        len != sizeof(signature)) {
        set(v, SIGNATURE, REPORT_FAILS, "There is no signature that can be read.");
        return 0;
    }
    buf_init(&text, LIMIT_RECORD_BYTES);
    r = report_signed_text(v->a, v->document, &text, err);
    if (r == 0)
        r = buf_error(&text, "The report", err);
    if (r == 0 &&
        crypto_sign_verifies(public_key, (struct str){text.data, text.len}, signature))
        set(v, SIGNATURE, REPORT_HOLDS, "Nothing was changed since it was signed.");
    else if (r == 0)
        set(v, SIGNATURE, REPORT_FAILS,
            "It was changed after it was signed, or signed with another key.");
    buf_done(&text);
    return r;
}

/* The Measure in the file with the id ${id}; NULL: none. */
static const struct json *measure_of(const struct verifying *v, struct str id)
{
    struct json_each it = json_each(json_get(v->document, "entry"));

    while (json_next(&it)) {
        const struct json *resource = json_get(it.value, "resource");

        if (str_is(json_get_text(resource, "resourceType"), "Measure") &&
            str_eq(json_get_text(resource, "id"), id))
            return resource;
    }
    return NULL;
}

/* Has ${measure} the digest ${said}? */
static int has_digest(struct verifying *v, const struct json *measure, struct str said,
    bool *ret, struct err *err)
{
    uint8_t digest[CRYPTO_DIGEST_BYTES];
    char text[2 * CRYPTO_DIGEST_BYTES + 1];
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    r = json_write_canonical(v->a, &b, measure, err);
    if (r == 0)
        r = buf_error(&b, "A definition", err);
    if (r == 0) {
        crypto_digest_once(digest, b.data, b.len);
        hex_encode(digest, sizeof(digest), text);
        *ret = str_is(said, text);
    }
    buf_done(&b);
    return r;
}

static int check_definitions(struct verifying *v, struct err *err)
{
    struct json_each it = json_each(json_get(v->composition, "section"));
    int r = 0;

    set(v, DEFINITIONS, REPORT_HOLDS,
        "Each figure comes with the definition that it was counted by.");
    while (r == 0 && json_next(&it)) {
        const struct json *figure = report_extension(it.value, REPORT_FIGURE_URL);
        const struct json *measure = measure_of(v, report_part(figure, "asked"));
        struct str said = report_part(it.value, REPORT_DEFINITION_URL);
        bool same = false;

        if (!said.p && !report_part(figure, "value").p)
            continue; /* it had none, and no figure */
        if (measure && said.p)
            r = has_digest(v, measure, said, &same, err);
        if (r == 0 && !same)
            set(v, DEFINITIONS, REPORT_FAILS,
                "A figure does not have the definition that it was counted by.");
    }
    return r;
}

/* ---- against the log ---- */

static int check_key(struct verifying *v, struct err *err)
{
    struct str key = report_part(v->log, "key");
    struct crypto_sign_keys keys;
    char own[2 * CRYPTO_SIGN_PUBLIC_BYTES + 1];
    bool has = false;
    int r = 0;

    crypto_sign_keys(v->app->seal_key, REPORT_KEY_USE, &keys);
    hex_encode(keys.public_key, sizeof(keys.public_key), own);
    if (!str_is(key, own) && key.len == sizeof(own) - 1)
        r = setting_has(v->app, v->a, REPORT_KEYS, key, &has, err);
    if (r == 0 && (has || str_is(key, own)))
        set(v, KEY, REPORT_HOLDS, "The key is this node's.");
    else if (r == 0)
        set(v, KEY, REPORT_FAILS, "This node never signed with this key.");
    return r;
}

static int check_log(
    struct verifying *v, struct store_reader *snapshot, struct err *err)
{
    struct str said = report_part(v->log, "hash");
    uint8_t hash[STORE_HASH_BYTES];
    char text[2 * STORE_HASH_BYTES + 1];
    int64_t position = 0;
    int r = E_NOT_FOUND;

    if (text_int(report_part(v->log, "position"), 1, INT64_MAX, &position))
        r = store_hash(snapshot, position, hash, err);
    if (r < 0 && r != E_NOT_FOUND)
        return r;
    if (r == 0)
        hex_encode(hash, sizeof(hash), text);
    if (r == 0 && str_is(said, text))
        set(v, LOG, REPORT_HOLDS, "The log at that position is the one that it names.");
    else
        set(v, LOG, REPORT_FAILS, "The log of this node is another one.");
    return 0;
}

/* The question of a section, as known then. */
static struct figure_question question_of(
    const struct verifying *v, const struct json *figure)
{
    struct str position = report_part(v->log, "position");
    struct str behind = report_part(figure, "value");
    const char *known =
        arena_printf(v->a, "position:%.*s", (int)position.len, position.p);

    str_cut(&behind, '.');
    return (struct figure_question){.indicator = report_part(figure, "asked"),
        .stratum = report_part(figure, "stratum"),
        .from = report_part(figure, "from"),
        .until = report_part(figure, "until"),
        .base_from = report_part(figure, "base-from"),
        .base_until = report_part(figure, "base-until"),
        .places = behind.p ? (int)behind.len : 0,
        .known = str_of(known)};
}

/* Is what the records say now, as known then, what ${figure} says? */
static bool is_same(const struct json *figure, const struct figure_computed *now)
{
    struct str value = report_part(figure, "value");
    struct str most = report_part(figure, "at-most");
    struct str unit = report_part(figure, "unit");
    double low = 0, high = 0;

    if (now->why != FIGURE_TOLD || !fhir_number(value, &low))
        return false;
    high = low;
    if (most.p && !fhir_number(most, &high))
        return false;
    return now->low >= low && now->high <= high &&
           (!unit.p || str_eq(unit, now->unit)); /* masked ones once had none */
}

/* Does this program count ${section}'s figure as it was counted then, and of all records? */
static int may_compare(
    struct verifying *v, const struct json *section, bool *ret, struct err *err)
{
    const struct json *figure = report_extension(section, REPORT_FIGURE_URL);
    const struct indicator_defines *all = NULL;
    const struct indicator_define *d = NULL;
    int r = indicator_defines(&all, err);

    *ret = false;
    if (r == 0)
        d = indicator_find(all, report_part(figure, "asked"));
    if (!d || str_is(report_part(figure, "why"), "partly-told"))
        return r;
    return has_digest(
        v, d->measure, report_part(section, REPORT_DEFINITION_URL), ret, err);
}

/* Compute ${figure} again. ${*ret}: it is the same. */
static int check_figure(struct verifying *v, struct store_reader *snapshot,
    const struct json *figure, bool *ret, struct err *err)
{
    struct app_call call = change_by_node(v->app, v->a);
    struct figure_computed now = {.why = FIGURE_NOTHING};
    struct figure_question q = question_of(v, figure);
    int r = figure_ask(&call, snapshot, &q, &now, err);

    *ret = r == 0 && is_same(figure, &now);
    return r;
}

static int check_figures(
    struct verifying *v, struct store_reader *snapshot, struct err *err)
{
    struct json_each it = json_each(json_get(v->composition, "section"));
    struct str other = {NULL, 0};
    const char *text = NULL;
    size_t same = 0, left = 0;
    int r = 0;

    while (r == 0 && !other.p && json_next(&it)) {
        const struct json *figure = report_extension(it.value, REPORT_FIGURE_URL);
        bool comparable = false, equal = false;

        if (!report_part(figure, "value").p)
            continue;
        r = may_compare(v, it.value, &comparable, err);
        if (r == 0 && comparable)
            r = check_figure(v, snapshot, figure, &equal, err);
        if (r == 0 && comparable && !equal)
            other = report_part(figure, "asked");
        same += equal;
        left += !comparable;
    }
    if (r < 0)
        return r;
    text = other.p ? arena_printf(v->a,
                         "The log as known then gives another figure of %.*s.",
                         (int)other.len, other.p)
                   : arena_printf(v->a,
                         "Computed again as known then, %zu figures are the same; %zu "
                         "cannot be: their definition is another one by now, or they "
                         "are of a part of the records.",
                         same, left);
    set(v, FIGURES,
        other.p                 ? REPORT_FAILS
        : same == 0 && left > 0 ? REPORT_NOT_CHECKED
                                : REPORT_HOLDS,
        text);
    return text ? 0 : err_nomem(err);
}

static int check_against_log(struct verifying *v, struct err *err)
{
    struct store_reader *snapshot = NULL;
    int r = store_read_begin(v->app->store, &snapshot, err);

    if (r < 0)
        return r;
    r = check_key(v, err);
    if (r == 0)
        r = check_log(v, snapshot, err);
    if (r == 0 && v->checks[LOG].state == REPORT_HOLDS)
        r = check_figures(v, snapshot, err);
    store_read_end(snapshot);
    return r;
}

int report_verify(struct app *app, struct arena *a, struct str text,
    struct report_check ret[REPORT_CHECKS], struct err *err)
{
    static const char *const names[REPORT_CHECKS] = {
        "signature", "definitions", "key", "log", "figures"};
    struct verifying v = {.app = app, .a = a, .checks = ret};
    int r = crypto_init(err);

    if (r == 0)
        r = json_read(a, text, LIMIT_RECORD_BYTES, &v.document, err);

    if (r < 0)
        return r;
    v.composition = report_composition(v.document);
    v.log = report_extension(v.composition, REPORT_LOG_URL);
    if (!v.log)
        return err_set(
            err, E_INVALID, NULL, "This file is no frozen report: it names no log.");
    for (int i = 0; i < REPORT_CHECKS; i++)
        ret[i] = (struct report_check){
            names[i], REPORT_NOT_CHECKED, "A node with its log is needed for this."};
    r = check_signature(&v, err);
    if (r == 0)
        r = check_definitions(&v, err);
    if (r == 0 && app)
        r = check_against_log(&v, err);
    return r;
}
