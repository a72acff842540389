/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET AuditEvent and AuditEvent/trail-N, for auditors. Newest first; parameters: patient,
 * agent, agent-name, agent-role, address, date, entity, type, subtype, action, outcome.
 */
#include <stdlib.h>
#include <string.h>

#include "app/audit_read_internal.h"
#include "fhir/value.h"

#define ENTITY_VERSIONS 1000 /* of a record that is asked for, the newest */

/* What is asked for. */
struct asking {
    struct app_call *call;
    const struct rest *rest;
    struct audit_walk walk;
    struct search_pair text[16]; /* parameters compared as text */
    size_t text_count;
    size_t count;
    utc_ms until;
    bool nobody;       /* names a record there is not */
    int64_t *versions; /* of the entity, ascending; NULL: not asked for */
    size_t version_count;
    struct json_out out;
};

/* ---- parameters ---- */

/* "Type/id" at the end of ${value}; a bare id is of ${type}. */
static int record_named(struct asking *q, struct str value, const char *type,
    store_rid *ret, struct err *err)
{
    const struct fhir_type *t = fhir_type_named(str_of(type));
    struct str id = value;

    for (size_t i = value.len; i-- > 0;) {
        if (value.p[i] != '/')
            continue;
        id = (struct str){value.p + i + 1, value.len - i - 1};
        value.len = i;
        while (i > 0 && value.p[i - 1] != '/')
            i--;
        t = fhir_resource_named((struct str){value.p + i, value.len - i});
        break;
    }
    if (!t || t->number == 0)
        return err_set(err, E_INVALID, "entity",
            "A record is named by type and id, as in Observation/1.");
    return store_find(q->walk.reader, t->number, id, ret, err);
}

static int take_patient(struct asking *q, struct str value, struct err *err)
{
    int r = record_named(q, value, "Patient", &q->walk.subject, err);

    if (r == E_NOT_FOUND)
        q->nobody = true;
    return r == E_NOT_FOUND ? 0 : r;
}

static int seq_order(const void *x, const void *y)
{
    const int64_t *a = x;
    const int64_t *b = y;

    return *a < *b ? -1 : *a > *b;
}

static int take_entity(struct asking *q, struct str value, struct err *err)
{
    struct store_history h = {.limit = ENTITY_VERSIONS};
    struct store_record *list = NULL;
    size_t count = 0;
    int r = record_named(q, value, "", &h.rid, err);

    if (r == E_NOT_FOUND) {
        q->nobody = true;
        return 0;
    }
    if (r == 0)
        r = store_history(q->walk.reader, q->call->arena, &h, &list, &count, err);
    if (r < 0)
        return r;
    q->versions = arena_array(q->call->arena, count + 1, sizeof(*q->versions));
    if (!q->versions)
        return err_nomem(err);
    for (size_t i = 0; i < count; i++)
        q->versions[i] = list[i].seq;
    q->version_count = count;
    if (count > 1)
        qsort(q->versions, count, sizeof(*q->versions), seq_order);
    return 0;
}

static int take_date(struct asking *q, struct str value, struct err *err)
{
    struct str bare = value;
    utc_ms lo = 0;
    utc_ms hi = 0;
    bool prefixed = value.len > 2 && value.p[0] >= 'a' && value.p[0] <= 'z';

    if (prefixed)
        bare = (struct str){value.p + 2, value.len - 2};
    if (!fhir_date_range(bare, &lo, &hi))
        return err_set(err, E_INVALID, "date", "This is no date as FHIR writes it.");
    if (!prefixed || str_starts(value, "eq")) {
        q->walk.from = lo;
        q->until = hi;
    } else if (str_starts(value, "ge")) {
        q->walk.from = lo;
    } else if (str_starts(value, "gt") || str_starts(value, "sa")) {
        q->walk.from = hi;
    } else if (str_starts(value, "le")) {
        q->until = hi;
    } else if (str_starts(value, "lt") || str_starts(value, "eb")) {
        q->until = lo;
    } else {
        return err_set(err, E_INVALID, "date",
            "A date may begin with eq, ge, gt, le, lt, sa or eb here.");
    }
    return 0;
}

static int take_pair(struct asking *q, const struct search_pair *pair, struct err *err)
{
    static const char *const texts[] = {"agent", "agent-name", "agent-role", "address",
        "type", "subtype", "action", "outcome"};
    int64_t n = 0;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (!str_is(pair->name, texts[i]))
            continue;
        if (q->text_count == sizeof(q->text) / sizeof(q->text[0]))
            return err_set(err, E_TOO_LARGE, NULL, "That is too many parameters.");
        q->text[q->text_count++] = *pair;
        return 0;
    }
    if (str_is(pair->name, "patient"))
        return take_patient(q, pair->value, err);
    if (str_is(pair->name, "entity"))
        return take_entity(q, pair->value, err);
    if (str_is(pair->name, "date"))
        return take_date(q, pair->value, err);
    if (str_is(pair->name, "_sort") && str_is(pair->value, "-date"))
        return 0;
    if (str_is(pair->name, "_count")) {
        if (!text_int(pair->value, 0, INT64_MAX, &n))
            return err_set(
                err, E_INVALID, "_count", "_count must be a whole number from 0 on.");
        q->count = n > LIMIT_PAGE ? LIMIT_PAGE : (size_t)n;
        return 0;
    }
    if (q->rest->lenient)
        return 0;
    return err_set(err, E_INVALID, pair->name.p,
        "%.*s is not offered for AuditEvent here: it knows patient, agent, agent-name, "
        "agent-role, address, date, entity, type, subtype, action, outcome, _count and "
        "_sort=-date.",
        (int)(pair->name.len > 60 ? 60 : pair->name.len), pair->name.p);
}

/* ---- comparing ---- */

/* "code" or "system|code". */
static bool token_fits(struct str value, const char *system, const char *code)
{
    for (size_t i = 0; i < value.len; i++) {
        if (value.p[i] != '|')
            continue;
        if (!system || !str_is((struct str){value.p, i}, system))
            return false;
        value = (struct str){value.p + i + 1, value.len - i - 1};
        break;
    }
    return code && str_is(value, code);
}

/* ${value} itself, or behind a slash at the end of ${text}. */
static bool reference_fits(struct str value, struct str text)
{
    if (value.len == 0 || text.len < value.len)
        return false;
    return str_eq(value, (struct str){text.p + text.len - value.len, value.len}) &&
           (text.len == value.len || text.p[text.len - value.len - 1] == '/');
}

static bool name_fits(struct str value, struct str text)
{
    return value.len > 0 && text.len >= value.len &&
           strncasecmp(value.p, text.p, value.len) == 0;
}

static bool value_fits(
    struct str name, struct str value, const struct audit_found *found)
{
    const struct audit_words *words = audit_words(found->entry->kind);
    const struct audit_who *who = found->who;

    if (str_is(name, "agent"))
        return reference_fits(value, who->practitioner) ||
               reference_fits(value, who->organization);
    if (str_is(name, "agent-name"))
        return name_fits(value, who->name);
    if (str_is(name, "agent-role"))
        return str_eq(value, who->role);
    if (str_is(name, "address"))
        return str_eq(value, who->address);
    if (str_is(name, "type"))
        return token_fits(value, words->system, words->type);
    if (str_is(name, "subtype"))
        return token_fits(value, words->subsystem, words->subtype);
    if (str_is(name, "action"))
        return token_fits(
            value, "http://hl7.org/fhir/audit-event-action", words->action);
    return token_fits(
        value, "http://hl7.org/fhir/audit-event-outcome", audit_outcome(found->entry));
}

static bool pair_fits(const struct search_pair *pair, const struct audit_found *found)
{
    struct str left = pair->value;

    while (left.p) {
        if (value_fits(pair->name, str_cut(&left, ','), found))
            return true;
    }
    return false;
}

static bool items_fit(const struct asking *q, const struct audit_entry *e)
{
    bool about = q->walk.subject == 0;
    bool version = !q->versions;

    for (size_t i = 0; i < e->item_count && !(about && version); i++) {
        about = about || e->items[i].patient == q->walk.subject;
        version = version || bsearch(&e->items[i].seq, q->versions, q->version_count,
                                 sizeof(*q->versions), seq_order) != NULL;
    }
    return about && version;
}

static bool fits(const struct asking *q, const struct audit_found *found)
{
    if (found->entry->time < q->walk.from || found->entry->time >= q->until ||
        !items_fit(q, found->entry))
        return false;
    for (size_t i = 0; i < q->text_count; i++) {
        if (!pair_fits(&q->text[i], found))
            return false;
    }
    return true;
}

/* ---- the answer ---- */

static int entry_write(
    struct asking *q, const struct audit_found *found, struct err *err)
{
    struct json_out *o = &q->out;
    int r = 0;

    json_open(o, '{');
    json_name(o, "fullUrl");
    buf_addf(o->buf, "\"%.*s/AuditEvent/" AUDIT_ID_PREFIX "%lld\"",
        (int)q->call->base.len, q->call->base.p, (long long)found->number);
    o->comma = true;
    json_name(o, "resource");
    r = audit_event_write(o, &q->walk, found, err);
    json_name(o, "search");
    json_put_raw(o, STR("{\"mode\":\"match\"}"));
    json_close(o, '}');
    return r;
}

/* 1: there may be more below walk.below. */
static int entries_write(struct asking *q, struct err *err)
{
    struct audit_found found = {0};
    size_t written = 0;
    int r = q->nobody ? 0 : 1;
    bool more = false;

    json_name(&q->out, "entry");
    json_open(&q->out, '[');
    while (r == 1 && !more) {
        r = audit_walk_next(&q->walk, &found, err);
        if (r != 1 || !fits(q, &found))
            continue;
        if (written == q->count) {
            q->walk.below = found.number + 1;
            more = true;
            break;
        }
        written++;
        r = entry_write(q, &found, err);
        r = r < 0 ? r : 1;
    }
    json_close(&q->out, ']');
    if (r == E_TOO_LARGE)
        return 1;
    return r < 0 ? r : more;
}

static uint64_t identity(const struct asking *q)
{
    return page_identity(q->rest, q->rest->pairs, q->rest->pair_count);
}

static int links_write(struct asking *q, bool more, struct err *err)
{
    struct page_link link = {.base = q->call->base,
        .rest = q->rest,
        .pairs = q->rest->pairs,
        .pair_count = q->rest->pair_count};
    struct str page = {0};
    int r = 0;

    json_name(&q->out, "link");
    json_open(&q->out, '[');
    page_link_write(&q->out, &link, "self", q->rest->page);
    if (more)
        r = page_seal(q->call->app, q->call->arena, identity(q),
            (struct str){(const char *)&q->walk.below, sizeof(q->walk.below)}, &page,
            err);
    if (more && r == 0)
        page_link_write(&q->out, &link, "next", page);
    json_close(&q->out, ']');
    return r;
}

static int ask(struct asking *q, struct err *err)
{
    const struct rest *rest = q->rest;
    struct str payload = {0};
    int r = 0;

    if (rest->compartment)
        r = strcmp(rest->compartment->name, "Patient") == 0
                ? take_patient(q, rest->compartment_id, err)
                : err_set(err, E_NOT_FOUND, NULL,
                      "The trail is kept by patient, not by other compartments.");
    for (size_t i = 0; r == 0 && i < rest->pair_count; i++)
        r = take_pair(q, &rest->pairs[i], err);
    if (r == 0 && q->until < UTC_MS_MAX)
        r = audit_walk_until(&q->walk, q->until, err);
    if (r < 0 || !rest->page.p)
        return r;
    r = page_open(q->call->app, q->call->arena, identity(q), rest->page, &payload, err);
    if (r == 0 && payload.len != sizeof(q->walk.below))
        r = err_set(err, E_INVALID, "_page", "This _page is not one of the trail.");
    if (r == 0)
        memcpy(&q->walk.below, payload.p, payload.len);
    return r;
}

static int search(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct asking q = {.call = call,
        .rest = rest,
        .walk = {.arena = call->arena, .below = INT64_MAX, .from = UTC_MS_MIN},
        .until = UTC_MS_MAX,
        .count = LIMIT_PAGE_DEFAULT,
        .out = json_out(&call->answer)};
    int r = 0;

    /* what cannot be written now does not keep anybody from what is there */
    (void)audit_flush(call->app, NULL);
    r = store_trail_begin(call->app->store, &q.walk.reader, err);
    if (r == 0)
        r = ask(&q, err);
    if (r == 0) {
        bundle_open(&q.out, "searchset");
        r = entries_write(&q, err);
        if (r >= 0)
            r = links_write(&q, r == 1, err);
        json_close(&q.out, '}');
    }
    if (q.walk.reader)
        store_read_end(q.walk.reader);
    return r < 0 ? r : audit_look(call, q.walk.subject, 0, err);
}

static int refuse(struct err *err)
{
    return err_set(err, E_FORBIDDEN, NULL,
        "The audit trail is for auditors. Your role does not open it.");
}

int rest_audit_search(struct app_call *call, const struct rest *rest, struct err *err)
{
    if (!audit_may(&call->caller, false))
        return refuse(err);
    return call_pool(call, rest, search, err);
}

int rest_audit_read(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct audit_walk w = {.arena = call->arena, .from = UTC_MS_MIN};
    struct json_out out = json_out(&call->answer);
    struct audit_found found = {0};
    struct str digits = {
        rest->id.p + strlen(AUDIT_ID_PREFIX), rest->id.len - strlen(AUDIT_ID_PREFIX)};
    int64_t number = 0;
    int r = 0;

    if (!audit_may(&call->caller, false))
        return refuse(err);
    if (text_int(digits, 1, INT64_MAX - 1, &number)) {
        w.below = number + 1;
        r = store_trail_begin(call->app->store, &w.reader, err);
        if (r == 0)
            r = audit_walk_next(&w, &found, err);
    }
    if (r >= 0 && found.number != number)
        r = 0;
    if (r == 1)
        r = audit_event_write(&out, &w, &found, err);
    else if (r == 0)
        r = err_set(err, E_NOT_FOUND, NULL, "There is no AuditEvent with the id %.*s.",
            (int)rest->id.len, rest->id.p);
    if (w.reader)
        store_read_end(w.reader);
    return r < 0 ? r : audit_look(call, 0, 0, err);
}
