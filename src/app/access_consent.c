/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What leaves the country. A case, or a task of one, is not written where it would be sent
 * to a unit of another country (or of one that is not known) without a Consent that holds
 * now: the same question that reading asks, so that nobody is told to look at what stays
 * shut. And a Consent that a person writes says all that it must.
 */
#include <string.h>

#include "app/access_internal.h"
#include "app/app_internal.h"

/* ---- borders ---- */

/* The name of an Organization, "" where it has none. */
static const char *unit_name(struct access *a, store_rid unit)
{
    struct store_record rec = {0};
    const struct json *json = NULL;
    struct str name = {NULL, 0};

    if (store_get_rid(a->snapshot, a->arena, unit, true, &rec, NULL) == 0 &&
        rec.body.len > 0 && json_read_trusted(a->arena, rec.body, &json, NULL) == 0)
        name = json_get_text(json, "name");
    return name.p ? arena_strndup(a->arena, name.p, name.len) : NULL;
}

static bool is_sending(const char *type)
{
    return strcmp(type, "ServiceRequest") == 0 || strcmp(type, "Task") == 0;
}

/* Is ${write} about who gets it, or what they get? */
static bool sends(const struct access_write *write, const struct json *before)
{
    static const char *const members[] = {"subject", "for", "performer", "owner",
        "supportingInfo", "status", "intent", "focus"};

    if (!write->resource || !is_sending(write->type->name))
        return false;
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (!before || !access_same(before, write->resource, str_of(members[i])))
            return true;
    }
    return false;
}

static int check_border(struct access *a, const struct access_write *write,
    const struct json *before, struct err *err)
{
    const char *name = NULL;
    store_rid to = 0;
    int r = 0;

    if (!sends(write, before))
        return 0;
    r = reader_crosses(a->reader, write->type->number, write->resource, &to, err);
    if (r < 0 || to == 0)
        return r;
    name = unit_name(a, to);
    return err_set(err, E_FORBIDDEN, NULL,
        "This would leave the country: %s is not known to be in the country of the "
        "patient's hospital. What is missing is a Consent of the patient that is "
        "active, "
        "has the scope patient-privacy or treatment, and permits that department, its "
        "hospital or its country now. In an emergency use Patient/ID/$break-glass with "
        "the recipient.",
        name && *name ? name : "where it is sent");
}

/* ---- consents ---- */

static bool has_extension(
    const struct json *consent, const char *url, const char *value)
{
    struct json_each it = json_each(json_get(consent, "extension"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "url"), url) &&
            json_get_text(it.value, value).len > 0)
            return true;
    }
    return false;
}

static bool has_recipient(const struct json *provision)
{
    struct json_each it = json_each(json_get(provision, "extension"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "url"),
                "https://belay.health/StructureDefinition/consent-country"))
            return true;
    }
    return json_count(json_get(provision, "actor")) > 0;
}

/* The first thing that ${consent} does not say; NULL: it says all. */
static const char *missing(const struct json *consent)
{
    const struct json *provision = json_get(consent, "provision");

    if (!has_recipient(provision))
        return "who may see it: provision.actor, or the extension consent-country";
    if (json_count(json_get(provision, "purpose")) == 0)
        return "what for: provision.purpose";
    if (!json_get_text(json_get(provision, "period"), "end").p)
        return "until when: provision.period.end";
    if (!has_extension(consent,
            "https://belay.health/StructureDefinition/consent-explained-in",
            "valueCode"))
        return "in which language it was explained: the extension consent-explained-in";
    return NULL;
}

static bool permits(const struct json *consent)
{
    struct str type = json_get_text(json_get(consent, "provision"), "type");

    return str_is(json_get_text(consent, "status"), "active") &&
           (!type.p || str_is(type, "permit")) && json_get(consent, "provision");
}

static int check_consent(const struct access_write *write, struct err *err)
{
    const char *what = NULL;

    if (strcmp(write->type->name, "Consent") != 0 || !write->resource ||
        !permits(write->resource))
        return 0;
    what = missing(write->resource);
    return what ? err_set(err, E_INVALID, "Consent",
                      "A consent that is in force must also say %s.", what)
                : 0;
}

int access_check_consent(struct access *a, const struct access_write *write,
    const struct json *before, struct err *err)
{
    int r = check_consent(write, err);

    return r == 0 ? check_border(a, write, before, err) : r;
}

/* ---- consents of the same transaction ---- */

int access_expect_consent(struct access *a, struct str body, struct err *err)
{
    const struct json **list = NULL;
    size_t n = 0;
    int r = 0;

    if (!a)
        return 0;
    n = a->consent_count;
    if (n == LIMIT_READER_CONSENTS)
        return err_set(err, E_TOO_LARGE, NULL,
            "A transaction may hold at most %d Consents.", LIMIT_READER_CONSENTS);
    list = arena_grow(a->call->arena, a->consents, n * sizeof(const struct json *),
        (n + 1) * sizeof(const struct json *));
    if (!list)
        return err_nomem(err);
    r = json_read_trusted(a->call->arena, body, &list[n], err);
    if (r < 0)
        return r;
    a->consents = list;
    a->consent_count = n + 1;
    if (a->reader)
        reader_expect_consents(a->reader, a->consents, a->consent_count);
    return 0;
}
