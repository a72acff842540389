/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patient/ID/$accesses: who had to do with a patient's record, as a list that can be handed
 * to the patient: Parameters with one "access" an entry (when, who, role, hospital,
 * kind, types, records, why), the newest first. Addresses of machines are not in it.
 */
#include <stdio.h>
#include <string.h>

#include "app/audit_read_internal.h"

struct listing {
    struct app_call *call;
    const struct rest *rest;
    struct audit_walk walk;
    size_t count;
    int64_t seq; /* of the patient's current version */
    struct json_out out;
};

static void part_write(
    struct json_out *o, const char *name, const char *value_name, struct str value)
{
    if (value.len == 0)
        return;
    json_open(o, '{');
    json_name(o, "name");
    json_put_str(o, name);
    json_member(o, value_name, value);
    json_close(o, '}');
}

/* The name of a hospital ("Organization/ID"), or the reference where it has none. */
static int hospital_name(
    struct listing *l, struct str reference, struct str *ret, struct err *err)
{
    const struct fhir_type *type = fhir_type_named(STR("Organization"));
    struct store_record rec = {0};
    const struct json *json = NULL;
    struct str id = reference;
    struct str name = {0};
    int r = 0;

    *ret = reference;
    str_cut(&id, '/');
    if (!id.p)
        return 0;
    r = store_get(l->walk.reader, l->call->arena, type->number, id, &rec, err);
    if (r == E_NOT_FOUND || (r == 0 && rec.body.len == 0))
        return 0;
    if (r == 0)
        r = json_read_trusted(l->call->arena, rec.body, &json, err);
    if (r == 0)
        name = json_get_text(json, "name");
    if (name.len > 0)
        *ret = name;
    return r;
}

/* "Condition, Observation" and how many versions of the patient's. */
static int types_of(struct listing *l, const struct audit_entry *e, struct buf *types,
    size_t *ret_count, struct err *err)
{
    bool seen[FHIR_TYPE_NUMBER_MAX + 1] = {false};
    size_t count = 0;

    for (size_t i = 0; i < e->item_count; i++) {
        struct store_record rec = {0};
        int r = 0;

        if (e->items[i].patient != l->walk.subject)
            continue;
        r = store_get_seq(
            l->walk.reader, l->call->arena, e->items[i].seq, false, &rec, err);
        if (r < 0 && r != E_NOT_FOUND)
            return r;
        count++;
        if (r == 0 && rec.type <= FHIR_TYPE_NUMBER_MAX)
            seen[rec.type] = true;
    }
    for (unsigned n = 0; n <= FHIR_TYPE_NUMBER_MAX; n++) {
        const struct fhir_type *type = seen[n] ? fhir_type_numbered(n) : NULL;

        if (type)
            buf_addf(types, "%s%s", types->len > 0 ? ", " : "", type->name);
    }
    *ret_count = count;
    return 0;
}

static int access_write(
    struct listing *l, const struct audit_found *found, struct err *err)
{
    const struct audit_who *who = found->who;
    struct json_out *o = &l->out;
    struct str hospital = {0};
    struct buf types;
    size_t records = 0;
    char iso[TIME_ISO_MAX];
    int r = hospital_name(l, who->organization, &hospital, err);

    buf_init(&types, LIMIT_RECORD_BYTES);
    if (r == 0)
        r = types_of(l, found->entry, &types, &records, err);
    if (r == 0)
        r = buf_error(&types, "The list", err);
    if (r == 0) {
        time_iso(found->entry->time, iso);
        json_open(o, '{');
        json_name(o, "name");
        json_put_str(o, "access");
        json_name(o, "part");
        json_open(o, '[');
        part_write(o, "when", "valueInstant", str_of(iso));
        part_write(
            o, "who", "valueString", who->name.len > 0 ? who->name : who->practitioner);
        part_write(o, "role", "valueString", who->role);
        part_write(o, "hospital", "valueString", hospital);
        part_write(
            o, "kind", "valueString", str_of(audit_words(found->entry->kind)->plain));
        part_write(o, "types", "valueString", (struct str){types.data, types.len});
        json_open(o, '{');
        json_name(o, "name");
        json_put_str(o, "records");
        json_name(o, "valueInteger");
        json_put_int(o, (long long)records);
        json_close(o, '}');
        part_write(o, "why", "valueString", who->why);
        json_close(o, ']');
        json_close(o, '}');
    }
    buf_done(&types);
    return r;
}

/* The address of the next page. */
static int next_write(struct listing *l, struct err *err)
{
    const struct rest *rest = l->rest;
    struct str page = {0};
    char *url = NULL;
    int r = page_seal(l->call->app, l->call->arena,
        page_identity(rest, rest->pairs, rest->pair_count),
        (struct str){(const char *)&l->walk.below, sizeof(l->walk.below)}, &page, err);

    if (r < 0)
        return r;
    url = arena_printf(l->call->arena,
        "%.*s/Patient/%.*s/$accesses?_count=%zu&_page=%.*s", (int)l->call->base.len,
        l->call->base.p, (int)rest->id.len, rest->id.p, l->count, (int)page.len,
        page.p);
    if (!url)
        return err_nomem(err);
    part_write(&l->out, "next", "valueUrl", str_of(url));
    return 0;
}

static int list_write(struct listing *l, struct err *err)
{
    struct json_out *o = &l->out;
    struct audit_found found = {0};
    size_t written = 0;
    bool more = false;
    int r = 1;

    json_open(o, '{');
    json_name(o, "resourceType");
    json_put_str(o, "Parameters");
    json_name(o, "parameter");
    json_open(o, '[');
    while (r == 1 && !more) {
        bool about = false;

        r = audit_walk_next(&l->walk, &found, err);
        for (size_t i = 0; r == 1 && !about && i < found.entry->item_count; i++)
            about = found.entry->items[i].patient == l->walk.subject;
        if (!about)
            continue;
        if (written == l->count) {
            l->walk.below = found.number + 1;
            more = true;
            break;
        }
        written++;
        r = access_write(l, &found, err);
        r = r < 0 ? r : 1;
    }
    if (r == E_TOO_LARGE)
        more = true;
    if ((r >= 0 || r == E_TOO_LARGE) && more)
        r = next_write(l, err);
    json_close(o, ']');
    json_close(o, '}');
    return r < 0 ? r : 0;
}

static int begin(struct listing *l, struct err *err)
{
    const struct rest *rest = l->rest;
    struct store_record rec = {0};
    struct str payload = {0};
    int64_t n = 0;
    int r = 0;

    for (size_t i = 0; i < rest->pair_count; i++) {
        if (!str_is(rest->pairs[i].name, "_count") ||
            !text_int(rest->pairs[i].value, 1, LIMIT_PAGE, &n))
            return err_set(err, E_INVALID, rest->pairs[i].name.p,
                "$accesses knows _count, a number from 1 to %d, alone.", LIMIT_PAGE);
        l->count = (size_t)n;
    }
    r = store_get(
        l->walk.reader, l->call->arena, rest->type->number, rest->id, &rec, err);
    if (r == E_NOT_FOUND)
        return err_set(err, E_NOT_FOUND, NULL, "There is no %s with the id %.*s.",
            rest->type->name, (int)rest->id.len, rest->id.p);
    l->walk.subject = rec.rid;
    l->seq = rec.seq;
    if (r < 0 || !rest->page.p)
        return r;
    r = page_open(l->call->app, l->call->arena,
        page_identity(rest, rest->pairs, rest->pair_count), rest->page, &payload, err);
    if (r == 0 && payload.len != sizeof(l->walk.below))
        r = err_set(err, E_INVALID, "_page", "This _page is not one of $accesses.");
    if (r == 0)
        memcpy(&l->walk.below, payload.p, payload.len);
    return r;
}

static int list(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct listing l = {.call = call,
        .rest = rest,
        .walk = {.arena = call->arena, .below = INT64_MAX, .from = UTC_MS_MIN},
        .count = LIMIT_PAGE,
        .out = json_out(&call->answer)};
    int r = 0;

    /* what cannot be written now does not hide what is there */
    (void)audit_flush(call->app, NULL);
    r = store_trail_begin(call->app->store, &l.walk.reader, err);
    if (r == 0)
        r = begin(&l, err);
    if (r == 0)
        r = list_write(&l, err);
    if (l.walk.reader)
        store_read_end(l.walk.reader);
    return r < 0 ? r : audit_look(call, l.walk.subject, l.seq, err);
}

int rest_accesses(struct app_call *call, const struct rest *rest, struct err *err)
{
    if (strcmp(rest->type->name, "Patient") != 0)
        return err_set(err, E_NOT_FOUND, NULL,
            "$accesses is offered for Patient, not %s.", rest->type->name);
    if (!audit_may(&call->caller, true))
        return err_set(err, E_FORBIDDEN, NULL,
            "The list of accesses is made by auditors, quality officers, heads of "
            "department and administrators.");
    return call_pool(call, rest, list, err);
}
