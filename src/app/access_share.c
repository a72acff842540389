/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records that open others by naming them. Whoever names one must have it to give:
 *
 *   what a case lists       by the rules of the hospital or the directory, so that nobody
 *                           hands on what was only shown to them
 *   a document's Binary     seen already, or put there by the same person
 *   a rating                by who rates, of patients that person may see; that of an
 *                           operation by Procedure/ID/$rate alone
 *
 * What is hidden and what is not there are refused in the same words. What one transaction
 * makes together is not asked about.
 */
#include <string.h>

#include "app/access_internal.h"
#include "app/app_internal.h"
#include "view/procedure.h"

/* Does the list ${references} hold a Reference to ${text}? */
static bool has_reference(const struct json *references, struct str text)
{
    struct json_each it = json_each(references);

    while (json_next(&it)) {
        if (str_eq(json_get_text(it.value, "reference"), text))
            return true;
    }
    return false;
}

/* ---- what a case lists ---- */

static int check_listed(struct access *a, const struct json *before,
    const struct json *after, struct err *err)
{
    struct json_each it = json_each(json_get(after, "supportingInfo"));
    int r = 0;

    while (r == 0 && json_next(&it)) {
        struct str text = json_get_text(it.value, "reference");
        struct reader_verdict v = {.allowed = false};

        if (!text.p || text.p[0] == '#' || access_is_made(a, text) ||
            has_reference(json_get(before, "supportingInfo"), text))
            continue;
        r = reader_allows_reference(a->reader, text, &v, err);
        if (r == 0 && v.reason != READER_BY_HOSPITAL &&
            v.reason != READER_BY_DIRECTORY && v.reason != READER_BY_PROGRAMME)
            r = err_set(err, E_FORBIDDEN, "ServiceRequest.supportingInfo",
                "%.*s is not a record that you can share.",
                (int)(text.len > 200 ? 200 : text.len), text.p);
    }
    return r;
}

/* ---- documents ---- */

/* "Binary/ID" at the end of ${url}, whatever server is named before it; p NULL: none. */
static struct str binary_of(struct str url)
{
    const char kind[] = "Binary/";
    size_t at = url.len;

    while (at > 0 && url.p[at - 1] != '/')
        at--;
    if (at < sizeof(kind) - 1 || memcmp(url.p + at - (sizeof(kind) - 1), kind, 7) != 0)
        return (struct str){NULL, 0};
    at -= sizeof(kind) - 1;
    return (struct str){url.p + at, url.len - at};
}

static bool names_binary(const struct json *document, struct str name)
{
    struct json_each it = json_each(json_get(document, "content"));

    while (json_next(&it)) {
        struct str url = json_get_text(json_get(it.value, "attachment"), "url");
        struct str other = binary_of(url);

        if (other.p && str_eq(other, name))
            return true;
    }
    return false;
}

/* Did the caller write ${binary}, "Binary/ID", last? */
static bool is_my_binary(struct access *a, struct str binary)
{
    unsigned type = fhir_resource_named(STR("Binary"))->number;
    struct store_record rec = {0};
    struct str id = binary;

    str_cut(&id, '/');
    return store_get(a->snapshot, a->arena, type, id, &rec, NULL) == 0 &&
           rec.operation != STORE_DELETE && str_eq(rec.actor, call_actor(a->call));
}

static int check_document(struct access *a, const struct json *before,
    const struct json *after, struct err *err)
{
    struct json_each it = json_each(json_get(after, "content"));
    int r = 0;

    while (r == 0 && json_next(&it)) {
        struct str url = json_get_text(json_get(it.value, "attachment"), "url");
        struct str name = binary_of(url);
        struct reader_verdict v = {.allowed = false};

        if (!name.p || access_is_made(a, name) || names_binary(before, name))
            continue;
        r = reader_allows_reference(a->reader, name, &v, err);
        if (r == 0 && !v.allowed && !is_my_binary(a, name))
            r = err_set(err, E_FORBIDDEN, "DocumentReference.content",
                "%.*s is neither open to you nor yours.",
                (int)(name.len > 200 ? 200 : name.len), name.p);
    }
    return r;
}

/* ---- learning ---- */

/* Would it stand in a logbook? */
static bool is_of_operation(const struct json *rating)
{
    struct json_each it = json_each(json_get(json_get(rating, "code"), "coding"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "system"), RATING_SYSTEM) &&
            str_is(json_get_text(it.value, "code"), RATING_CODE))
            return true;
    }
    return false;
}

static int check_rating(struct access *a, const struct access_write *write,
    const struct json *before, struct err *err)
{
    const struct json *versions[] = {before, write->resource};
    bool knows = true;
    int r = 0;

    for (size_t i = 0; r == 0 && i < 2; i++) {
        struct reader_rating rating = {.is_rating = false};

        if (is_of_operation(versions[i]))
            return err_set(err, E_FORBIDDEN, NULL,
                "What somebody did in an operation is rated by Procedure/ID/$rate, and "
                "not written otherwise.");
        if (versions[i])
            r = reader_rating_of(
                a->reader, versions[i], write->type->number, &rating, err);
        if (r == 0 && rating.is_rating && !rating.mine)
            return err_set(err, E_FORBIDDEN, NULL,
                "A rating is written by who gives it: name yourself as performer.");
        if (r == 0 && rating.is_rating && i == 1)
            r = reader_knows_patients(
                a->reader, versions[i], write->type->number, &knows, err);
    }
    if (r == 0 && !knows)
        r = err_set(err, E_FORBIDDEN, NULL,
            "This rating names a patient that you may not see.");
    return r;
}

int access_check_shared(struct access *a, const struct access_write *write,
    const struct access_before *before, struct err *err)
{
    const char *type = write->type->name;

    if (strcmp(type, "ServiceRequest") == 0)
        return check_listed(a, before->json, write->resource, err);
    if (strcmp(type, "DocumentReference") == 0)
        return check_document(a, before->json, write->resource, err);
    if (strcmp(type, "Observation") == 0)
        return check_rating(a, write, before->json, err);
    return 0;
}
