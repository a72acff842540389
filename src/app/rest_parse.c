/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From path, query and headers to what is asked:
 *
 *   [base]                 POST a Bundle, GET ?query          all types
 *   [base]/metadata        GET
 *   [base]/_history        GET
 *   [base]/_search         POST
 *   [base]/T               GET, POST; PUT, PATCH, DELETE with a query
 *   [base]/T/_search|_history|$validate|$caseload|$route|$worklist
 *   [base]/T/id            GET, PUT, PATCH, DELETE
 *   [base]/T/id/_history   GET, and /vid
 *   [base]/T/id/U          GET  compartment; U may be "*"
 *   [base]/T/id/$everything|$validate|$route
 *   [base]/Patient/id/$accesses|$break-glass, [base]/ServiceRequest/id/$break-glass, [base]/EmergencyAccess/id/$review
 *   [base]/Procedure/$record|$import|$waiting, [base]/Procedure/id/$follow-up|$rate|$respond, [base]/Practitioner/id/$logbook
 *   [base]/Apprenticeship/$propose, [base]/Apprenticeship/id/$agree|$extend|$stop, [base]/Practitioner/id/$lineage
 *   [base]/Course/$plan|$figures|$taught, [base]/Course/id/$plan|$cancel|$enrol, [base]/Enrolment/$learning, [base]/Enrolment/id/$accept|$refuse|$attend|$leave|$complete|$used|$supervise|$seen
 *   [base]/Device/$equipment|$order, [base]/Device/id/$step|$fault|$repaired
 *   [base]/Organization/id/$roster, [base]/PractitionerRole/$waiting, [base]/PractitionerRole/id/$fitness
 *   [base]/CodeSystem/$catalogue, [base]/Organization/$quality, [base]/Organization/id/$quality
 *   [base]/Organization/$capability-map, [base]/Organization/id/$capability
 *   [base]/ProcedureRule/$rules|$change
 *   [base]/SignOff/$propose|$waiting, [base]/SignOff/id/$sign|$refuse|$withdraw|$acknowledge|$conditions
 *   [base]/Task/$gaps|$gap, [base]/Task/id/$gap, [base]/Funding/$money|$commit, [base]/Funding/id/$pay|$close|$cancel
 *   [base]/PublishedFigure/$compare
 *   [base]/ServiceRequest/id/$send and the other steps of a case (case_steps.c)
 */
#include <string.h>

#include "base/id.h"

#include "app/app_internal.h"
#include "app/beside_internal.h"

#define SEGMENTS 5

struct path {
    struct str seg[SEGMENTS];
    size_t count;
};

struct str text_trim(struct str s)
{
    while (s.len > 0 && (s.p[0] == ' ' || s.p[0] == '\t')) {
        s.p++;
        s.len--;
    }
    while (s.len > 0 && (s.p[s.len - 1] == ' ' || s.p[s.len - 1] == '\t'))
        s.len--;
    return s;
}

/* ---- the path ---- */

static int refuse_method(
    struct rest *rest, const struct app_call *call, struct err *err)
{
    rest->status = 405;
    return err_set(err, E_UNSUPPORTED, NULL,
        "This method cannot be used on /%.*s. See the CapabilityStatement at metadata "
        "for "
        "what is offered.",
        (int)(call->path.len > 200 ? 200 : call->path.len), call->path.p);
}

static int refuse_path(const struct app_call *call, struct err *err)
{
    return err_set(err, E_NOT_FOUND, NULL,
        "There is nothing at /%.*s. A path is Type, Type/id, Type/id/_history/version "
        "or "
        "an operation named in the CapabilityStatement.",
        (int)(call->path.len > 200 ? 200 : call->path.len), call->path.p);
}

static bool is_get(const struct app_call *call)
{
    return call->method == APP_GET || call->method == APP_HEAD;
}

static int find_type(const struct app_call *call, struct str name,
    const struct fhir_type **ret, struct err *err)
{
    const struct fhir_type *type = fhir_resource_named(name);

    if (!type) {
        return err_set(err, E_NOT_FOUND, NULL,
            "%.*s is not a resource type of FHIR R4 or of this server. Names of types "
            "begin with a capital letter, as in Patient.",
            (int)(name.len > 80 ? 80 : name.len), name.p);
    }
    if (type->own != (call->space == APP_PROGRAMME)) {
        return err_set(err, E_NOT_FOUND, NULL, "%s is not served here but under %s/%s.",
            type->name, type->own ? "/programme" : "/fhir", type->name);
    }
    *ret = type;
    return 0;
}

/* Of what stands under REST_EQUIPMENT. */
static bool is_list(const char *word)
{
    return strcmp(word, "$equipment") == 0 || strcmp(word, "$gaps") == 0 ||
           strcmp(word, "$money") == 0 || strcmp(word, "$file") == 0 ||
           strcmp(word, "$public") == 0;
}

static int use(const struct app_call *call, struct rest *rest, enum rest_kind kind,
    struct err *err)
{
    bool get = is_get(call);
    bool post = call->method == APP_POST;
    bool fits = true;

    rest->kind = kind;
    switch (kind) {
    case REST_VALIDATE:
    case REST_EVERYTHING:
    case REST_SEARCH:
    case REST_AUDIT_SEARCH:
    case REST_AUDIT_CHAIN:
    case REST_ROUTE:
    case REST_CASE_REVIEW:
        fits = get || post;
        break;
    case REST_BUNDLE:
    case REST_CREATE:
    case REST_BREAK_GLASS:
    case REST_REVIEW:
    case REST_CASE:
    case REST_PROCEDURE:
    case REST_APPRENTICE:
    case REST_ENROLMENT:
    case REST_HANDOVER_SAY:
    case REST_PULSE_SAY:
    case REST_RULE_CHANGE:
    case REST_SIGN_OFF:
        fits = post;
        break;
    case REST_READ:
    case REST_VREAD:
    case REST_HISTORY:
    case REST_METADATA:
    case REST_ACCESSES:
    case REST_CASELOAD:
    case REST_WORKLIST:
    case REST_CASE_REVIEWS:
    case REST_HANDOVER:
    case REST_RULES:
    case REST_SIGN_OFF_LOOK:
    case REST_LOGBOOK:
    case REST_LINEAGE:
    case REST_LEARNING:
    case REST_TEAM:
    case REST_PULSE:
    case REST_FIGURES:
    case REST_MAP:
    case REST_CATALOGUE:
    case REST_QUALITY:
    case REST_INDICATOR:
    case REST_AUDIT_READ:
        fits = get;
        break;
    case REST_FITNESS: /* of one it is decided, of all it is asked */
    case REST_VITALS:  /* of nobody who is here: what is posted is tried out */
        fits = (kind == REST_VITALS) == (rest->id.p != NULL) ? get : post;
        break;
    case REST_EQUIPMENT:
    case REST_REPORT:
        fits = is_list(rest->word) ? get : post;
        break;
    case REST_UPDATE:
    case REST_PATCH:
    case REST_DELETE:
        break;
    }
    return fits ? 0 : refuse_method(rest, call, err);
}

static int parse_system(const struct app_call *call, const struct path *p,
    struct rest *rest, struct err *err)
{
    struct str first = p->seg[0];

    if (first.len == 0)
        return use(call, rest, is_get(call) ? REST_SEARCH : REST_BUNDLE, err);
    if (p->count > 1)
        return refuse_path(call, err);
    if (str_is(first, "metadata"))
        return use(call, rest, REST_METADATA, err);
    if (str_is(first, "_history"))
        return use(call, rest, REST_HISTORY, err);
    if (str_is(first, "_search"))
        return use(call, rest, REST_SEARCH, err);
    return refuse_path(call, err);
}

/* What the method asks of a type or, with ${rest->id}, of a record. */
static int use_method(const struct app_call *call, struct rest *rest, struct err *err)
{
    switch (call->method) {
    case APP_GET:
    case APP_HEAD:
        return use(call, rest, rest->id.p ? REST_READ : REST_SEARCH, err);
    case APP_POST:
        break;
    case APP_PUT:
        return use(call, rest, REST_UPDATE, err);
    case APP_PATCH:
        return use(call, rest, REST_PATCH, err);
    case APP_DELETE:
        return use(call, rest, REST_DELETE, err);
    }
    return rest->id.p ? refuse_method(rest, call, err)
                      : use(call, rest, REST_CREATE, err);
}

static int parse_instance(
    const struct app_call *call, struct str id, struct rest *rest, struct err *err)
{
    rest->id = id;
    if (!id_valid(id)) {
        return err_set(err, E_INVALID, NULL,
            "%.*s is not an id: ids have 1 to 64 of the characters A-Z, a-z, 0-9, - "
            "and .",
            (int)(id.len > 80 ? 80 : id.len), id.p);
    }
    return use_method(call, rest, err);
}

static int parse_compartment(const struct app_call *call, const struct path *p,
    struct rest *rest, struct err *err)
{
    rest->compartment = rest->type;
    rest->compartment_id = rest->id;
    rest->type = NULL;
    rest->id = (struct str){NULL, 0};
    if (p->count == 4 && !str_is(p->seg[3], "_search"))
        return refuse_path(call, err);
    if (!str_is(p->seg[2], "*") && !str_is(p->seg[2], "_search")) {
        rest->type = fhir_resource_named(p->seg[2]);
        if (!rest->type)
            return refuse_path(call, err);
    }
    return use(call, rest, REST_SEARCH, err);
}

static int use_word(const struct app_call *call, struct rest *rest,
    const struct rest_word *word, struct err *err)
{
    rest->word = word->word;
    return use(call, rest, word->kind, err);
}

static int parse_below_instance(const struct app_call *call, const struct path *p,
    struct rest *rest, struct err *err)
{
    const struct rest_word *word = NULL;

    rest->id = p->seg[1];
    if (!id_valid(rest->id))
        return refuse_path(call, err);
    if (str_is(p->seg[2], "_history") && p->count == 4) {
        rest->vid = p->seg[3];
        return use(call, rest, REST_VREAD, err);
    }
    word = p->count == 3 ? rest_word_find(rest, p->seg[2]) : NULL;
    if (word)
        return use_word(call, rest, word, err);
    if (p->count == 3 && strcmp(rest->type->name, "ServiceRequest") == 0) {
        rest->step = case_step_named(p->seg[2], call->node_);
        rest->beside = beside_step_named(p->seg[2]);
    }
    if (rest->step || rest->beside)
        return use(call, rest, REST_CASE, err);
    if (p->count <= 4 && p->seg[2].len > 0 && p->seg[2].p[0] != '$')
        return parse_compartment(call, p, rest, err);
    return refuse_path(call, err);
}

static int parse_path(const struct app_call *call, struct rest *rest, struct err *err)
{
    const struct rest_word *word = NULL;
    struct path p = {0};
    struct str left = call->path;
    int r = 0;

    while (left.len > 0 && left.p[left.len - 1] == '/')
        left.len--;
    do {
        if (p.count == SEGMENTS)
            return refuse_path(call, err);
        p.seg[p.count++] = str_cut(&left, '/');
    } while (left.p);
    if (p.seg[0].len == 0 || p.seg[0].p[0] == '_' || p.seg[0].p[0] == '$' ||
        str_is(p.seg[0], "metadata"))
        return parse_system(call, &p, rest, err);
    r = find_type(call, p.seg[0], &rest->type, err);
    if (r < 0)
        return r;
    if (p.count == 1)
        return use_method(call, rest, err);
    if (p.count > 2)
        return parse_below_instance(call, &p, rest, err);
    word = rest_word_find(rest, p.seg[1]);
    if (word)
        return use_word(call, rest, word, err);
    if (p.seg[1].len > 0 && p.seg[1].p[0] == '$')
        return refuse_path(call, err);
    return parse_instance(call, p.seg[1], rest, err);
}

/* ---- the query ---- */

static bool format_is_json(struct str value)
{
    struct str kind = text_trim(str_cut(&value, ';'));

    return str_is(kind, "json") || str_is(kind, "application/json") ||
           str_is(kind, "application/fhir+json") ||
           str_is(kind, "application/fhir json") || str_is(kind, "text/json");
}

static int take_format(
    struct app_call *call, struct rest *rest, struct str value, struct err *err)
{
    call->raw = false;
    if (format_is_json(value))
        return 0;
    rest->status = 406;
    return err_set(err, E_UNSUPPORTED, "_format",
        "This server speaks JSON only: _format may be json, application/json or "
        "application/fhir+json, not %.*s.",
        (int)(value.len > 60 ? 60 : value.len), value.p);
}

static int take_summary(struct rest *rest, struct str value, struct err *err)
{
    static const struct {
        const char *name;
        enum search_summary value;
    } names[] = {{"true", SEARCH_SUMMARY_TRUE}, {"false", SEARCH_SUMMARY_FALSE},
        {"text", SEARCH_SUMMARY_TEXT}, {"data", SEARCH_SUMMARY_DATA},
        {"count", SEARCH_SUMMARY_COUNT}};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (str_is(value, names[i].name)) {
            rest->view.summary = names[i].value;
            return 0;
        }
    }
    return err_set(err, E_INVALID, "_summary",
        "_summary must be true, false, text, data or count.");
}

static int take_elements(
    struct arena *a, struct rest *rest, struct str value, struct err *err)
{
    struct str *list = NULL;
    size_t n = 1;

    for (size_t i = 0; i < value.len; i++)
        n += value.p[i] == ',';
    list = arena_array(a, rest->view.element_count + n, sizeof(*list));
    if (!list)
        return err_nomem(err);
    if (rest->view.element_count > 0)
        memcpy(list, rest->view.elements, rest->view.element_count * sizeof(*list));
    n = rest->view.element_count;
    while (value.p) {
        struct str one = text_trim(str_cut(&value, ','));

        if (one.len > 0)
            list[n++] = one;
    }
    rest->view.elements = list;
    rest->view.element_count = n;
    return 0;
}

/* Parameters that mean the same everywhere are taken out; a search checks _summary and
 * _elements itself, so they stay in its pairs too. */
static int take_common(struct app_call *call, struct rest *rest, struct err *err)
{
    bool searching = rest->kind == REST_SEARCH;
    size_t kept = 0;
    int r = 0;

    for (size_t i = 0; i < rest->pair_count && r == 0; i++) {
        struct search_pair pair = rest->pairs[i];
        bool keep = false;

        if (str_is(pair.name, "_format"))
            r = take_format(call, rest, pair.value, err);
        else if (str_is(pair.name, "_pretty"))
            rest->pretty = str_is(pair.value, "true");
        else if (str_is(pair.name, "_page"))
            rest->page = pair.value;
        else if (str_is(pair.name, "_summary") && !searching)
            r = take_summary(rest, pair.value, err);
        else if (str_is(pair.name, "_elements") && !searching)
            r = take_elements(call->arena, rest, pair.value, err);
        else
            keep = true;
        if (keep)
            rest->pairs[kept++] = pair;
    }
    rest->pair_count = kept;
    return r;
}

static void take_prefer(struct rest *rest, struct str prefer)
{
    while (prefer.p) {
        struct str part = str_cut(&prefer, ',');

        while (part.p) {
            struct str one = text_trim(str_cut(&part, ';'));

            if (str_is(one, "return=minimal"))
                rest->prefer = REST_RETURN_MINIMAL;
            else if (str_is(one, "return=representation"))
                rest->prefer = REST_RETURN_REPRESENTATION;
            else if (str_is(one, "return=OperationOutcome"))
                rest->prefer = REST_RETURN_OUTCOME;
            else if (str_is(one, "handling=lenient"))
                rest->lenient = true;
        }
    }
}

/* A parameter nobody reads is a mistake of the client: better told than ignored. */
static int refuse_unused(const struct rest *rest, struct err *err)
{
    bool reads = rest->kind == REST_READ || rest->kind == REST_VREAD ||
                 rest->kind == REST_BUNDLE || rest->kind == REST_CREATE ||
                 ((rest->kind == REST_UPDATE || rest->kind == REST_PATCH ||
                      rest->kind == REST_DELETE) &&
                     rest->id.p);

    if (!reads || rest->lenient || rest->pair_count == 0)
        return 0;
    return err_set(err, E_INVALID, rest->pairs[0].name.p,
        "The parameter %.*s has no meaning for this request.",
        (int)(rest->pairs[0].name.len > 60 ? 60 : rest->pairs[0].name.len),
        rest->pairs[0].name.p);
}

/* A search for AuditEvents and ids that begin so go to the audit trail, which nobody
 * writes. AuditEvents of other systems are records like others, and read by their id. */
static int turn_to_trail(
    const struct app_call *call, struct rest *rest, struct err *err)
{
    bool ours = str_starts(rest->id, "trail-");

    if (!rest->type || strcmp(rest->type->name, "AuditEvent") != 0)
        return 0;
    if (rest->kind == REST_SEARCH)
        rest->kind = REST_AUDIT_SEARCH;
    else if (ours && rest->kind == REST_READ)
        rest->kind = REST_AUDIT_READ;
    else if (ours && (rest->kind == REST_UPDATE || rest->kind == REST_PATCH ||
                         rest->kind == REST_DELETE))
        return refuse_method(rest, call, err);
    return 0;
}

int rest_parse(struct app_call *call, struct rest *ret, struct err *err)
{
    int r = 0;

    *ret = (struct rest){0};
    if (call->prefer.len > 0)
        take_prefer(ret, call->prefer);
    r = parse_path(call, ret, err);
    if (r < 0)
        return r;
    r = turn_to_trail(call, ret, err);
    if (r < 0)
        return r;
    if (call->query.len > 0)
        r = rest_query_parse(
            call->arena, call->query, &ret->pairs, &ret->pair_count, err);
    if (r == 0 && (ret->kind == REST_SEARCH || ret->kind == REST_AUDIT_SEARCH) &&
        call->method == APP_POST && call->body.len > 0 &&
        call->body_format != APP_FORM) {
        ret->status = 415;
        return err_set(err, E_UNSUPPORTED, NULL,
            "The body of a _search must be application/x-www-form-urlencoded.");
    }
    if (r == 0 && (ret->kind == REST_SEARCH || ret->kind == REST_AUDIT_SEARCH) &&
        call->method == APP_POST)
        r = rest_query_parse(
            call->arena, call->body, &ret->pairs, &ret->pair_count, err);
    if (r == 0 && ret->pair_count > 0)
        r = take_common(call, ret, err);
    if (r == 0)
        r = refuse_unused(ret, err);
    if (r < 0)
        return r;
    call->pretty_ = ret->pretty;
    return 0;
}
