/* SPDX-License-Identifier: Apache-2.0 */
/* An entry of the trail as FHIR R4 AuditEvent. */
#include <stdio.h>
#include <string.h>

#include "app/audit_read_internal.h"

#define REST_TYPE "http://terminology.hl7.org/CodeSystem/audit-event-type"
#define REST_SUBTYPE "http://hl7.org/fhir/restful-interaction"
#define DICOM "http://dicom.nema.org/resources/ontology/DCM"
#define READ_REASON "https://belay.health/CodeSystem/read-reason"
#define REST REST_TYPE, "rest", "RESTful Operation", REST_SUBTYPE
#define ACCOUNT                                                                        \
    DICOM, "110137", "User Security Attributes Changed",                               \
        "https://belay.health/CodeSystem/account-change"

const struct audit_words *audit_words(enum audit_kind kind)
{
    static const struct audit_words words[] = {
        [AUDIT_READ] = {REST, "read", "R", "read"},
        [AUDIT_VREAD] = {REST, "vread", "R", "read an earlier version"},
        [AUDIT_SEARCH] = {REST, "search", "E", "found by a search"},
        [AUDIT_HISTORY] = {REST, "history", "R", "read the history"},
        [AUDIT_EVERYTHING] = {REST, "operation", "R", "read the whole record"},
        [AUDIT_EXPORT] = {DICOM, "110106", "Export", NULL, NULL, "R", "copied out"},
        [AUDIT_CREATE] = {REST, "create", "C", "wrote"},
        [AUDIT_UPDATE] = {REST, "update", "U", "changed"},
        [AUDIT_DELETE] = {REST, "delete", "D", "deleted"},
        [AUDIT_LOOK] = {DICOM, "110101", "Audit Log Used", NULL, NULL, "R",
            "looked who had access"},
        [AUDIT_SIGN_IN] = {DICOM, "110114", "User Authentication", DICOM, "110122", "E",
            "signed in"},
        [AUDIT_SIGN_OUT] = {DICOM, "110114", "User Authentication", DICOM, "110123",
            "E", "signed out"},
        [AUDIT_SIGN_IN_FAILED] = {DICOM, "110114", "User Authentication", DICOM,
            "110122", "E", "could not sign in"},
        [AUDIT_REFUSED] = {DICOM, "110113", "Security Alert", NULL, NULL, "E",
            "was refused"},
        [AUDIT_ACCOUNT_MADE] = {ACCOUNT, "made", "C", "made an account"},
        [AUDIT_ACCOUNT_OFF] = {ACCOUNT, "disabled", "U", "disabled an account"},
        [AUDIT_ACCOUNT_ON] = {ACCOUNT, "enabled", "U", "enabled an account"},
        [AUDIT_ACCOUNT_RESET] = {ACCOUNT, "reset", "U", "gave an account a new link"},
    };
    static const struct audit_words unknown = {
        REST_TYPE, "object", "Object", NULL, NULL, "E", "did something"};

    return kind <= AUDIT_KIND_MAX && words[kind].type ? &words[kind] : &unknown;
}

const char *audit_outcome(const struct audit_entry *e)
{
    if (e->kind == AUDIT_REFUSED)
        return e->status == 401 ? "4" : "8";
    return e->kind == AUDIT_SIGN_IN_FAILED ? "4" : "0";
}

static void coding_write(
    struct json_out *o, const char *system, const char *code, const char *display)
{
    json_open(o, '{');
    json_name(o, "system");
    json_put_str(o, system);
    json_name(o, "code");
    json_put_str(o, code);
    if (display) {
        json_name(o, "display");
        json_put_str(o, display);
    }
    json_close(o, '}');
}

static void reference_write(
    struct json_out *o, const char *name, struct str reference, struct str display)
{
    json_name(o, name);
    json_open(o, '{');
    if (reference.len > 0)
        json_member(o, "reference", reference);
    if (display.len > 0)
        json_member(o, "display", display);
    json_close(o, '}');
}

static void texts_write(struct json_out *o, const char *name, struct str text)
{
    if (text.len == 0)
        return;
    json_name(o, name);
    json_open(o, '[');
    json_open(o, '{');
    json_member(o, "text", text);
    json_close(o, '}');
    json_close(o, ']');
}

/* Why a record was read: the code of the rule. The record by which it held is an entity. */
static void reason_write(struct json_out *o, struct str why)
{
    struct str word = str_cut(&why, ' ');

    if (word.len == 0)
        return;
    json_name(o, "purposeOfUse");
    json_open(o, '[');
    json_open(o, '{');
    json_name(o, "coding");
    json_open(o, '[');
    json_open(o, '{');
    json_member(o, "system", STR(READ_REASON));
    json_member(o, "code", word);
    json_close(o, '}');
    json_close(o, ']');
    json_close(o, '}');
    json_close(o, ']');
}

static bool is_read(enum audit_kind kind)
{
    return kind < AUDIT_CREATE;
}

/* What is told beside who it was. */
enum told {
    TOLD_GIVEN, /* the reason that was given */
    TOLD_RULE,  /* by which rule it was open */
    TOLD_NOT,
};

static void agents_write(struct json_out *o, const struct audit_who *w, enum told told)
{
    static const struct str nobody = {"unknown", 7};

    json_name(o, "agent");
    json_open(o, '[');
    json_open(o, '{');
    texts_write(o, "role", w->role);
    reference_write(o, "who", w->practitioner,
        w->name.len > 0 || w->practitioner.len > 0 ? w->name : nobody);
    if (w->name.len > 0)
        json_member(o, "name", w->name);
    json_name(o, "requestor");
    json_put_bool(o, true);
    if (w->address.len > 0) {
        json_name(o, "network");
        json_open(o, '{');
        json_member(o, "address", w->address);
        json_member(o, "type", STR("2"));
        json_close(o, '}');
    }
    if (told == TOLD_RULE)
        reason_write(o, w->why);
    else if (told == TOLD_GIVEN)
        texts_write(o, "purposeOfUse", w->why);
    json_close(o, '}');
    if (w->organization.len > 0) {
        json_open(o, '{');
        reference_write(o, "who", w->organization, (struct str){NULL, 0});
        json_name(o, "requestor");
        json_put_bool(o, false);
        json_close(o, '}');
    }
    json_close(o, ']');
}

static void entity_write(struct json_out *o, const char *type, const char *what,
    const char *role, const char *role_display)
{
    json_open(o, '{');
    reference_write(o, "what", str_of(what), (struct str){NULL, 0});
    json_name(o, "type");
    coding_write(o, "http://hl7.org/fhir/resource-types", type, NULL);
    json_name(o, "role");
    coding_write(
        o, "http://terminology.hl7.org/CodeSystem/object-role", role, role_display);
    json_close(o, '}');
}

static bool is_of_account(const struct audit_entry *e)
{
    return e->kind >= AUDIT_ACCOUNT_MADE && e->kind <= AUDIT_ACCOUNT_RESET;
}

/* The account that something was done to. */
static void account_write(struct json_out *o, struct str name)
{
    json_name(o, "entity");
    json_open(o, '[');
    json_open(o, '{');
    json_name(o, "type");
    coding_write(o, "http://terminology.hl7.org/CodeSystem/audit-entity-type", "2",
        "System Object");
    json_name(o, "role");
    coding_write(o, "http://terminology.hl7.org/CodeSystem/object-role", "11",
        "Security User Entity");
    json_member(o, "name", name);
    json_close(o, '}');
    json_close(o, ']');
}

/* The patient of a run of items. */
static int patient_write(
    struct json_out *o, struct audit_walk *w, store_rid patient, struct err *err)
{
    struct str id = {0};
    const char *what = NULL;
    int r = store_name(w->reader, w->arena, patient, &id, err);

    if (r < 0)
        return r == E_NOT_FOUND ? 0 : r;
    what = arena_printf(w->arena, "Patient/%.*s", (int)id.len, id.p);
    if (!what)
        return err_nomem(err);
    entity_write(o, "Patient", what, "1", "Patient");
    return 0;
}

static int version_write(
    struct json_out *o, struct audit_walk *w, int64_t seq, struct err *err)
{
    struct store_record rec = {0};
    const struct fhir_type *type = NULL;
    const char *what = NULL;
    int r = store_get_seq(w->reader, w->arena, seq, false, &rec, err);

    type = r == 0 ? fhir_type_numbered(rec.type) : NULL;
    if (r < 0 || !type)
        return r == E_NOT_FOUND ? 0 : r;
    what = arena_printf(w->arena, "%s/%.*s/_history/%s", type->name, (int)rec.id.len,
        rec.id.p, rec.vid);
    if (!what)
        return err_nomem(err);
    entity_write(o, type->name, what, "4", "Domain Resource");
    return 0;
}

/* The case, or the emergency, by which it was open. */
static void ground_write(struct json_out *o, struct arena *a, struct str why)
{
    struct str type = why;
    const char *what = NULL;

    str_cut(&type, ' ');
    what = type.p ? arena_strndup(a, type.p, type.len) : NULL;
    type = str_cut(&type, '/');
    if (what && fhir_resource_named(type))
        entity_write(
            o, fhir_resource_named(type)->name, what, "13", "Security Resource");
}

static int entities_write(struct json_out *o, struct audit_walk *w,
    const struct audit_found *found, struct err *err)
{
    const struct audit_entry *e = found->entry;
    store_rid last = 0;
    int r = 0;

    if (e->item_count == 0)
        return 0;
    json_name(o, "entity");
    json_open(o, '[');
    for (size_t i = 0; r == 0 && i < e->item_count; i++) {
        if (e->items[i].patient != last && e->items[i].patient != 0)
            r = patient_write(o, w, e->items[i].patient, err);
        last = e->items[i].patient;
        if (r == 0)
            r = version_write(o, w, e->items[i].seq, err);
    }
    if (is_read(e->kind))
        ground_write(o, w->arena, found->who->why);
    json_close(o, ']');
    return r;
}

int audit_event_write(struct json_out *o, struct audit_walk *w,
    const struct audit_found *found, struct err *err)
{
    const struct audit_entry *e = found->entry;
    const struct audit_words *words = audit_words(e->kind);
    char text[96];
    int r = 0;

    json_open(o, '{');
    json_name(o, "resourceType");
    json_put_str(o, "AuditEvent");
    json_name(o, "id");
    snprintf(text, sizeof(text), AUDIT_ID_PREFIX "%lld", (long long)found->number);
    json_put_str(o, text);
    json_name(o, "type");
    coding_write(o, words->system, words->type, words->type_display);
    if (words->subtype) {
        json_name(o, "subtype");
        json_open(o, '[');
        coding_write(o, words->subsystem, words->subtype, NULL);
        json_close(o, ']');
    }
    json_name(o, "action");
    json_put_str(o, words->action);
    json_name(o, "recorded");
    time_iso(e->time, text);
    json_put_str(o, text);
    json_name(o, "outcome");
    json_put_str(o, audit_outcome(e));
    if (e->status != 0 || e->times > 1) {
        json_name(o, "outcomeDesc");
        snprintf(text, sizeof(text), "%u, %llu times", e->status,
            (unsigned long long)e->times);
        json_put_str(o, text);
    }
    agents_write(o, found->who,
        is_of_account(e)   ? TOLD_NOT
        : is_read(e->kind) ? TOLD_RULE
                           : TOLD_GIVEN);
    json_name(o, "source");
    json_open(o, '{');
    reference_write(o, "observer", (struct str){NULL, 0}, STR("Belay"));
    json_close(o, '}');
    if (is_of_account(e))
        account_write(o, found->who->why);
    r = entities_write(o, w, found, err);
    json_close(o, '}');
    return r;
}
