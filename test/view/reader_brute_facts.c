/* SPDX-License-Identifier: Apache-2.0 */
#include <strings.h>

#include "reader_brute.h"
#include "unit.h"

/* ---- references ---- */

struct str brute_local(struct str text)
{
    static const char *const bases[] = {
        "http://here.example/fhir/", "https://also.example:8443/x/fhir/"};

    for (size_t i = 0; text.p && i < 2; i++) {
        if (str_starts(text, bases[i]))
            return (struct str){text.p + strlen(bases[i]), text.len - strlen(bases[i])};
    }
    return text;
}

void brute_add_name(struct names *n, struct str text)
{
    text = brute_local(text);
    for (size_t i = 0; i < n->count; i++) {
        if (str_eq(n->list[i], text))
            return;
    }
    assert_true(n->count < REFS);
    n->list[n->count++] = text;
}

static int visit(struct str text, const struct json *node, void *arg)
{
    (void)node;
    if (!str_starts(text, "#"))
        brute_add_name(arg, text);
    return 0;
}

/* All references of a record. */
struct names brute_all_of(const struct json *record)
{
    struct names n = {.count = 0};

    fhir_references(record, visit, &n);
    return n;
}

/* The references in the member ${name}: one, or a list of them. */
struct names brute_member(const struct json *record, const char *name)
{
    const struct json *value = json_get(record, name);
    struct str one = json_get_text(value, "reference");
    struct json_each it = json_each(value);
    struct names n = {.count = 0};

    if (one.p)
        brute_add_name(&n, one);
    while (!one.p && json_next(&it)) {
        struct str text = json_get_text(it.value, "reference");

        if (text.p)
            brute_add_name(&n, text);
    }
    return n;
}

bool brute_names_has(const struct names *n, struct str name)
{
    for (size_t i = 0; i < n->count; i++) {
        if (str_eq(n->list[i], name))
            return true;
    }
    return false;
}

struct str brute_first(struct names n)
{
    return n.count ? n.list[0] : (struct str){NULL, 0};
}

bool brute_type_is(const struct json *record, const char *type)
{
    return str_is(json_get_text(record, "resourceType"), type);
}

struct str brute_name_of(struct judge *j, const struct json *record)
{
    return str_of(world_name(j->w, record));
}

enum reader_class brute_class_of_name(struct str name)
{
    const struct fhir_type *type = fhir_resource_named(str_cut(&name, '/'));

    return type && name.p ? reader_class_of(type->number, NULL) : READER_DIRECTORY;
}

/* ---- places and people ---- */

/* The hospital of a unit; p NULL: none. */
struct str brute_hospital(struct judge *j, struct str unit)
{
    for (int i = 0; unit.p && i <= 8; i++) {
        struct str above = brute_first(brute_member(world_find(j->w, unit), "partOf"));

        if (!str_starts(unit, "Organization/"))
            break;
        if (!above.p)
            return unit;
        unit = above;
    }
    return (struct str){NULL, 0};
}

bool brute_role_in(struct str role, const char *list)
{
    struct str rest = str_of(list);

    while (rest.p) {
        if (str_eq(str_cut(&rest, ' '), role))
            return true;
    }
    return false;
}

/* A hospital of a post with one of ${roles}? */
bool brute_works_at(struct judge *j, struct str place, const char *roles)
{
    for (size_t i = 0; place.p && i < j->who->post_count; i++) {
        if (brute_role_in(j->who->posts[i].role, roles) &&
            str_eq(brute_hospital(j, j->who->posts[i].unit), place))
            return true;
    }
    return false;
}

/* Is ${unit} the unit of a post with one of ${roles}, or a part of the hospital that
 * unit is in? */
bool brute_is_unit_of(struct judge *j, const struct reader_post *post, struct str unit)
{
    struct str place = brute_hospital(j, post->unit);
    struct str at = post->unit;

    if (!place.p)
        return false;
    for (int i = 0; at.p && i < 10; i++) {
        if (str_eq(at, unit))
            return !str_eq(at, place) || str_eq(post->unit, place);
        at = brute_first(brute_member(world_find(j->w, at), "partOf"));
    }
    return false;
}

bool brute_is_me(struct judge *j, struct str name)
{
    return j->who->post_count && j->who->practitioner.p &&
           str_eq(name, j->who->practitioner);
}

bool brute_heads(struct judge *j, struct str unit)
{
    for (size_t i = 0; i < j->who->post_count; i++) {
        if (str_is(j->who->posts[i].role, "head-of-department") &&
            brute_hospital(j, unit).p && str_eq(j->who->posts[i].unit, unit))
            return true;
    }
    return false;
}

/* ---- countries and consents ---- */

struct str brute_country(struct judge *j, struct str place)
{
    struct str found = {NULL, 0};
    struct json_each it;

    if (!place.p)
        return found;
    it = json_each(json_get(world_find(j->w, place), "address"));
    while (!found.len && json_next(&it))
        found = json_get_text(it.value, "country");
    for (size_t i = 0; !found.len && i < j->w->count; i++) {
        const struct json *l = j->w->records[i];

        if (l && brute_type_is(l, "Location") &&
            str_eq(brute_first(brute_member(l, "managingOrganization")), place))
            found = json_get_text(json_get(l, "address"), "country");
    }
    return found;
}

bool brute_holds(const struct json *period)
{
    utc_ms lo = 0, hi = 0;
    struct str start = json_get_text(period, "start");
    struct str end = json_get_text(period, "end");

    if (start.p && (!fhir_date_range(start, &lo, &hi) || lo > NODE_NOW))
        return false;
    return !end.p || (fhir_date_range(end, &lo, &hi) && NODE_NOW < hi);
}

static bool covers(
    struct judge *j, const struct json *provision, const struct reader_post *post)
{
    struct str place = brute_hospital(j, post->unit);
    struct str land = brute_country(j, place);
    struct json_each it = json_each(json_get(provision, "actor"));

    while (json_next(&it)) {
        struct str who =
            brute_local(json_get_text(json_get(it.value, "reference"), "reference"));

        if (who.p && (str_eq(who, place) || brute_is_unit_of(j, post, who)))
            return true;
    }
    it = json_each(json_get(provision, "extension"));
    while (land.len && json_next(&it)) {
        struct str code = json_get_text(it.value, "valueCode");

        if (code.len == land.len && strncasecmp(code.p, land.p, code.len) == 0)
            return true;
    }
    return false;
}

static void provision(struct judge *j, const struct json *p, bool root,
    const struct reader_post *post, bool *yes, bool *no)
{
    struct str type = json_get_text(p, "type");
    struct json_each it = json_each(json_get(p, "provision"));

    if (!p || !brute_holds(json_get(p, "period")))
        return;
    if (covers(j, p, post)) {
        *no |= str_is(type, "deny");
        *yes |= str_is(type, "permit") || (root && !type.p);
    }
    while (json_next(&it))
        provision(j, it.value, false, post, yes, no);
}

/* Sent in an emergency that holds. */
static bool sent(struct judge *j, struct str patient, const struct reader_post *post)
{
    for (size_t i = 0; i < j->w->count; i++) {
        const struct json *e = j->w->records[i];
        struct str to;

        if (!e || !brute_type_is(e, "EmergencyAccess") ||
            !str_is(json_get_text(e, "kind"), "send") ||
            !str_eq(brute_first(brute_member(e, "patient")), patient) ||
            !brute_holds(json_get(e, "period")))
            continue;
        to = brute_first(brute_member(e, "recipient"));
        if (to.p && (str_eq(to, brute_hospital(j, post->unit)) ||
                        brute_is_unit_of(j, post, to)))
            return true;
    }
    return false;
}

bool brute_consented(
    struct judge *j, struct str patient, const struct reader_post *post)
{
    bool yes = false, no = false;
    size_t count = 0;

    for (size_t i = 0; i < j->w->count; i++) {
        const struct json *c = j->w->records[i];
        struct str scope;

        if (!c || !brute_type_is(c, "Consent") ||
            !str_eq(brute_first(brute_member(c, "patient")), patient))
            continue;
        count++;
        scope =
            json_get_text(json_at(json_get(json_get(c, "scope"), "coding"), 0), "code");
        if (str_is(json_get_text(c, "status"), "active") &&
            (str_is(scope, "patient-privacy") || str_is(scope, "treatment")))
            provision(j, json_get(c, "provision"), true, post, &yes, &no);
    }
    return (yes || sent(j, patient, post)) && !no && count <= 64;
}
