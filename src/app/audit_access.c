/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patient/ID/$accesses: who had to do with a patient's record, as a list that can be handed
 * to the patient: Parameters with one "access" an entry (when, who, role, hospital,
 * kind, types, records, why), the newest first. Addresses of machines are not in it.
 *
 * Auditors ask about anybody; quality officers, directors, administrators and heads of
 * department about patients of their own hospital, and hear of no others. They see no
 * Patient records, so Patient/$accesses?identifier=... finds one by number; "patient" says
 * which.
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
    struct str id;
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

/* The list of one patient, however it was asked for and with whatever _count. */
static uint64_t identity(const struct listing *l)
{
    return (uint64_t)l->walk.subject << 8 | (uint64_t)l->rest->kind;
}

/* The address of the next page. */
static int next_write(struct listing *l, struct err *err)
{
    struct str page = {0};
    char *url = NULL;
    int r = page_seal(l->call->app, l->call->arena, identity(l),
        (struct str){(const char *)&l->walk.below, sizeof(l->walk.below)}, &page, err);

    if (r < 0)
        return r;
    url = arena_printf(l->call->arena,
        "%.*s/Patient/%.*s/$accesses?_count=%zu&_page=%.*s", (int)l->call->base.len,
        l->call->base.p, (int)l->id.len, l->id.p, l->count, (int)page.len, page.p);
    if (!url)
        return err_nomem(err);
    part_write(&l->out, "next", "valueUrl", str_of(url));
    return 0;
}

/* Which patient was found by number. */
static int patient_write(struct listing *l, struct err *err)
{
    char *reference = NULL;

    if (l->rest->id.p)
        return 0;
    reference = arena_printf(l->call->arena, "Patient/%.*s", (int)l->id.len, l->id.p);
    if (!reference)
        return err_nomem(err);
    part_write(&l->out, "patient", "valueUri", str_of(reference));
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
    r = patient_write(l, err);
    r = r < 0 ? r : 1;
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

/* ---- which patient ---- */

/* Does ${caller} hold a post at ${hospital} that may ask for the list? */
static bool asks_at(const struct app_caller *caller, struct str hospital)
{
    static const char *const roles[] = {
        "quality-officer", "administrator", "head-of-department", "director"};

    for (size_t i = 0; i < caller->post_count; i++) {
        const struct app_post *post = &caller->posts[i];

        if (post->organization.p && !str_eq(post->organization, hospital))
            continue;
        for (size_t k = 0; k < sizeof(roles) / sizeof(roles[0]); k++) {
            if (str_is(post->role, roles[k]))
                return true;
        }
    }
    return false;
}

/* Is the patient of ${rec} one whose list the caller may make? By the unit that the record
 * belongs to and all above it. */
static bool is_for(struct listing *l, const struct store_record *rec)
{
    const unsigned type = fhir_resource_named(STR("Organization"))->number;
    const struct json *json = NULL;
    struct store_record at = *rec;
    const char *member = "managingOrganization";

    if (audit_may(&l->call->caller, false))
        return true;
    for (int level = 0; level < LIMIT_READER_UNITS; level++) {
        struct str unit = {NULL, 0};
        struct str id = {NULL, 0};

        if (at.body.len == 0 ||
            json_read_trusted(l->call->arena, at.body, &json, NULL) < 0)
            return false;
        unit = json_get_text(json_get(json, member), "reference");
        if (asks_at(&l->call->caller, unit))
            return true;
        id = unit;
        if (!str_is(str_cut(&id, '/'), "Organization") ||
            store_get(l->walk.reader, l->call->arena, type, id, &at, NULL) < 0)
            return false;
        member = "partOf";
    }
    return false;
}

/* The patients with ${identifier}: the one the caller may ask about. Others are passed over
 * as if they were not there. */
static int find(
    struct listing *l, struct str identifier, struct store_record *ret, struct err *err)
{
    const struct search_pair pairs[] = {
        {STR("identifier"), identifier}, {STR("_count"), STR("100")}};
    struct search_request rq = {.type = l->rest->type->number,
        .pairs = pairs,
        .pair_count = 2,
        .now = time_now()};
    struct fhir_issues issues = {0};
    struct search_query *query = NULL;
    struct search_page page = {0};
    size_t found = 0;
    int r = search_parse(l->call->arena, &rq, &issues, &query, err);

    if (r == 0)
        r = search_run(l->walk.reader, l->call->arena, query, &page, err);
    for (size_t i = 0; r == 0 && i < page.count; i++) {
        struct store_record rec = {0};

        r = store_get_rid(
            l->walk.reader, l->call->arena, page.hits[i].rid, true, &rec, err);
        if (r < 0 || !is_for(l, &rec))
            continue;
        *ret = rec;
        found++;
    }
    if (r == 0 && found != 1)
        r = err_set(err, E_NOT_FOUND, "identifier",
            found == 0 ? "No patient of yours to ask about has this identifier."
                       : "Several patients have this identifier: ask by the id of the "
                         "record.");
    return r;
}

static int take_pairs(struct listing *l, struct str *identifier, struct err *err)
{
    const struct rest *rest = l->rest;
    int64_t n = 0;

    for (size_t i = 0; i < rest->pair_count; i++) {
        if (!rest->id.p && str_is(rest->pairs[i].name, "identifier")) {
            *identifier = rest->pairs[i].value;
            continue;
        }
        if (!str_is(rest->pairs[i].name, "_count") ||
            !text_int(rest->pairs[i].value, 1, LIMIT_PAGE, &n))
            return err_set(err, E_INVALID, rest->pairs[i].name.p,
                "$accesses knows _count, a number from 1 to %d, and, where no id is "
                "given, identifier.",
                LIMIT_PAGE);
        l->count = (size_t)n;
    }
    if (!rest->id.p && identifier->len == 0)
        return err_set(err, E_INVALID, "identifier",
            "Say whose list it is: Patient/ID/$accesses, or identifier.");
    return 0;
}

static int begin(struct listing *l, struct err *err)
{
    const struct rest *rest = l->rest;
    struct store_record rec = {0};
    struct str identifier = {NULL, 0};
    struct str payload = {0};
    int r = take_pairs(l, &identifier, err);

    if (r == 0 && identifier.len > 0) {
        r = find(l, identifier, &rec, err);
    } else if (r == 0) {
        r = store_get(
            l->walk.reader, l->call->arena, rest->type->number, rest->id, &rec, err);
        /* one of another hospital is as one that is not there */
        if (r == E_NOT_FOUND || (r == 0 && !is_for(l, &rec)))
            return access_no_such(rest->type, rest->id, false, err);
    }
    l->walk.subject = rec.rid;
    l->seq = rec.seq;
    l->id = rec.id;
    if (r < 0 || !rest->page.p)
        return r;
    r = page_open(l->call->app, l->call->arena, identity(l), rest->page, &payload, err);
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
            "The list of accesses is made by auditors, and for patients of their own "
            "hospital by quality officers, heads of department, directors and "
            "administrators.");
    return call_pool(call, rest, list, err);
}
