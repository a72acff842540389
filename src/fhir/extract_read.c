/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One JSON value into search values: which fields of each FHIR data type a search of
 * each kind looks at (R4, Search, "Search Parameter Types").
 */
#include <math.h>

#include "fhir/extract_internal.h"

#define NO_TEXT ((struct str){NULL, 0})

/* ---- which reader ---- */

struct reader_rule {
    enum fhir_search_kind kind;
    const char *type; /* NULL: any primitive */
    enum fhir_reader reader;
};

static const struct reader_rule RULES[] = {
    {FHIR_SEARCH_TOKEN, "Coding", READ_TOKEN_CODING},
    {FHIR_SEARCH_TOKEN, "CodeableConcept", READ_TOKEN_CONCEPT},
    {FHIR_SEARCH_TOKEN, "Identifier", READ_TOKEN_IDENTIFIER},
    {FHIR_SEARCH_TOKEN, "ContactPoint", READ_TOKEN_CONTACT},
    {FHIR_SEARCH_TOKEN, NULL, READ_TOKEN_TEXT},
    {FHIR_SEARCH_DATE, "Period", READ_DATE_PERIOD},
    {FHIR_SEARCH_DATE, "Timing", READ_DATE_TIMING},
    {FHIR_SEARCH_DATE, NULL, READ_DATE_TEXT},
    {FHIR_SEARCH_STRING, "HumanName", READ_STRING_NAME},
    {FHIR_SEARCH_STRING, "Address", READ_STRING_ADDRESS},
    {FHIR_SEARCH_STRING, "CodeableConcept", READ_STRING_CONCEPT},
    {FHIR_SEARCH_STRING, "Annotation", READ_STRING_ANNOTATION},
    {FHIR_SEARCH_STRING, NULL, READ_STRING_TEXT},
    {FHIR_SEARCH_NUMBER, "Range", READ_NUMBER_RANGE},
    {FHIR_SEARCH_NUMBER, NULL, READ_NUMBER},
    {FHIR_SEARCH_QUANTITY, "Quantity", READ_QUANTITY},
    {FHIR_SEARCH_QUANTITY, "SimpleQuantity", READ_QUANTITY},
    {FHIR_SEARCH_QUANTITY, "MoneyQuantity", READ_QUANTITY},
    {FHIR_SEARCH_QUANTITY, "Age", READ_QUANTITY},
    {FHIR_SEARCH_QUANTITY, "Count", READ_QUANTITY},
    {FHIR_SEARCH_QUANTITY, "Distance", READ_QUANTITY},
    {FHIR_SEARCH_QUANTITY, "Duration", READ_QUANTITY},
    {FHIR_SEARCH_QUANTITY, "Money", READ_QUANTITY_MONEY},
    {FHIR_SEARCH_QUANTITY, "Range", READ_QUANTITY_RANGE},
    {FHIR_SEARCH_URI, NULL, READ_URI},
    {FHIR_SEARCH_REFERENCE, "Reference", READ_REFERENCE},
    {FHIR_SEARCH_REFERENCE, "Resource", READ_REFERENCE_RESOURCE},
    {FHIR_SEARCH_REFERENCE, NULL, READ_REFERENCE_URI},
};

enum fhir_reader fhir_reader_of(
    const struct fhir_slot *slot, const struct fhir_way *way)
{
    const struct fhir_type *type = &fhir_types[way->type];
    if (slot->special == FHIR_SLOT_POSITION)
        return READ_POSITION;
    for (size_t i = 0; i < sizeof(RULES) / sizeof(RULES[0]); i++) {
        const struct reader_rule *rule = &RULES[i];
        if (rule->kind != slot->kind)
            continue;
        if (rule->type ? strcmp(rule->type, type->name) == 0
                       : type->kind == FHIR_PRIMITIVE)
            return rule->reader;
    }
    return READ_NOTHING;
}

/* ---- the list ---- */

/* A new value of the extraction's slot, zeroed; NULL when memory is out. */
static struct fhir_value *add(struct fhir_extraction *x)
{
    struct fhir_values *values = x->values;
    struct fhir_value *v = NULL;
    if (values->count == values->cap_) {
        size_t cap = values->cap_ ? values->cap_ * 2 : 32;
        void *grown = arena_grow(
            x->arena, values->list, values->cap_ * sizeof(*v), cap * sizeof(*v));
        if (!grown) {
            x->no_memory = true;
            return NULL;
        }
        values->list = grown;
        values->cap_ = cap;
    }
    v = &values->list[values->count++];
    *v = (struct fhir_value){.slot = x->slot, .kind = fhir_slots[x->slot].kind};
    return v;
}

/* ---- token ---- */

static void add_token(
    struct fhir_extraction *x, struct str system, struct str code, struct str text)
{
    struct fhir_value *v = NULL;
    if (!system.p && !code.p && !text.p)
        return;
    v = add(x);
    if (!v)
        return;
    v->u.token.system = system;
    v->u.token.code = code;
    v->u.token.text = text;
    v->u.token.text_only = !system.p && !code.p;
}

static void read_token_text(struct fhir_extraction *x, const struct json *j)
{
    switch (json_kind(j)) {
    case JSON_TRUE:
        add_token(x, NO_TEXT, STR("true"), NO_TEXT);
        break;
    case JSON_FALSE:
        add_token(x, NO_TEXT, STR("false"), NO_TEXT);
        break;
    case JSON_STRING:
    case JSON_NUMBER:
        add_token(x, NO_TEXT, json_text(j), NO_TEXT);
        break;
    case JSON_NULL:
    case JSON_ARRAY:
    case JSON_OBJECT:
        break;
    }
}

void fhir_read_deceased(struct fhir_extraction *x, bool deceased)
{
    add_token(x, NO_TEXT, deceased ? STR("true") : STR("false"), NO_TEXT);
}

/* ${text} stands in where the coding has no display. Returns true when one of the two
 * was taken and equals ${text}. */
static bool read_coding(
    struct fhir_extraction *x, const struct json *j, struct str text)
{
    struct str display = json_get_text(j, "display");
    if (!display.p)
        display = text;
    add_token(x, json_get_text(j, "system"), json_get_text(j, "code"), display);
    return text.p && str_eq(display, text);
}

static void read_concept(struct fhir_extraction *x, const struct json *j)
{
    struct str text = json_get_text(j, "text");
    struct json_each it = json_each(json_get(j, "coding"));
    bool told = false;
    while (json_next(&it))
        told |= read_coding(x, it.value, text);
    if (text.p && !told)
        add_token(x, NO_TEXT, NO_TEXT, text);
}

/* One value for each coding of the type, so that :of-type finds any of them. */
static void read_identifier(struct fhir_extraction *x, const struct json *j)
{
    struct str system = json_get_text(j, "system");
    struct str code = json_get_text(j, "value");
    const struct json *type = json_get(j, "type");
    struct json_each it = json_each(json_get(type, "coding"));
    struct str text = json_get_text(type, "text");
    if (!json_next(&it)) {
        add_token(x, system, code, text);
        return;
    }
    do {
        size_t before = x->values->count;
        struct str display = json_get_text(it.value, "display");
        add_token(x, system, code, text.p ? text : display);
        if (x->values->count > before) {
            struct fhir_value *v = &x->values->list[before];
            v->u.token.type_system = json_get_text(it.value, "system");
            v->u.token.type_code = json_get_text(it.value, "code");
        }
    } while (json_next(&it));
}

/* ---- date ---- */

static void add_date(struct fhir_extraction *x, utc_ms lo, utc_ms hi)
{
    struct fhir_value *v = NULL;
    if (lo >= hi)
        return;
    v = add(x);
    if (!v)
        return;
    v->u.date.lo = lo;
    v->u.date.hi = hi;
}

static void read_date(struct fhir_extraction *x, const struct json *j)
{
    utc_ms lo, hi;
    if (fhir_date_range(json_text(j), &lo, &hi))
        add_date(x, lo, hi);
}

/* The span of a Period. False: no Period with an end that can be read. */
static bool period_span(const struct json *j, utc_ms *ret_lo, utc_ms *ret_hi)
{
    if (!json_get_text(j, "start").p && !json_get_text(j, "end").p)
        return false;
    return fhir_period_range(j, ret_lo, ret_hi);
}

static void read_period(struct fhir_extraction *x, const struct json *j)
{
    utc_ms lo, hi;
    if (period_span(j, &lo, &hi))
        add_date(x, lo, hi);
}

/* R4: of a schedule only the outer limits count. */
static void read_timing(struct fhir_extraction *x, const struct json *j)
{
    struct json_each it = json_each(json_get(j, "event"));
    utc_ms lo = UTC_MS_MAX, hi = UTC_MS_MIN;
    utc_ms from, to;
    while (json_next(&it)) {
        if (!fhir_date_range(json_text(it.value), &from, &to))
            continue;
        lo = from < lo ? from : lo;
        hi = to > hi ? to : hi;
    }
    if (period_span(json_get(json_get(j, "repeat"), "boundsPeriod"), &from, &to)) {
        lo = from < lo ? from : lo;
        hi = to > hi ? to : hi;
    }
    add_date(x, lo, hi);
}

/* ---- string and uri ---- */

static void read_string(struct fhir_extraction *x, const struct json *j)
{
    struct fhir_value *v = NULL;
    if (!json_is_string(j))
        return;
    v = add(x);
    if (v)
        v->u.string = json_text(j);
}

static void read_uri(struct fhir_extraction *x, const struct json *j)
{
    struct fhir_value *v = NULL;
    if (!json_is_string(j))
        return;
    v = add(x);
    if (v)
        v->u.uri = json_text(j);
}

/* The members of ${j} that are in ${names}, each a string or a list of strings. */
static void read_parts(
    struct fhir_extraction *x, const struct json *j, const char *const *names)
{
    for (; *names; names++) {
        const struct json *part = json_get(j, *names);
        struct json_each it = json_each(part);
        if (json_is_string(part))
            read_string(x, part);
        while (json_next(&it))
            read_string(x, it.value);
    }
}

static void read_string_concept(struct fhir_extraction *x, const struct json *j)
{
    struct json_each it = json_each(json_get(j, "coding"));
    read_string(x, json_get(j, "text"));
    while (json_next(&it))
        read_string(x, json_get(it.value, "display"));
}

/* ---- number and quantity ---- */

static void add_number(struct fhir_extraction *x, double lo, double hi)
{
    struct fhir_value *v = add(x);
    if (!v)
        return;
    v->u.number.lo = lo;
    v->u.number.hi = hi;
}

static bool number_of(const struct json *j, double *ret)
{
    return json_kind(j) == JSON_NUMBER && fhir_number(json_text(j), ret);
}

static void read_number(struct fhir_extraction *x, const struct json *j)
{
    double value;
    if (number_of(j, &value))
        add_number(x, value, value);
}

static void set_unit(struct fhir_extraction *x, const struct json *quantity)
{
    struct fhir_value *v = &x->values->list[x->values->count - 1];
    v->u.number.system = json_get_text(quantity, "system");
    v->u.number.code = json_get_text(quantity, "code");
    v->u.number.unit = json_get_text(quantity, "unit");
}

/* "<5" says: some number below; so the value is the whole span. */
static void read_quantity(struct fhir_extraction *x, const struct json *j)
{
    struct str comparator = json_get_text(j, "comparator");
    double value, lo, hi;
    if (!number_of(json_get(j, "value"), &value))
        return;
    lo = comparator.len > 0 && comparator.p[0] == '<' ? -HUGE_VAL : value;
    hi = comparator.len > 0 && comparator.p[0] == '>' ? HUGE_VAL : value;
    add_number(x, lo, hi);
    if (!x->no_memory)
        set_unit(x, j);
}

static void read_money(struct fhir_extraction *x, const struct json *j)
{
    struct str currency = json_get_text(j, "currency");
    struct fhir_value *v = NULL;
    double value;
    if (!number_of(json_get(j, "value"), &value))
        return;
    add_number(x, value, value);
    if (x->no_memory || !currency.p)
        return;
    v = &x->values->list[x->values->count - 1];
    v->u.number.system = STR("urn:iso:std:iso:4217");
    v->u.number.code = currency;
}

static void read_range(struct fhir_extraction *x, const struct json *j)
{
    const struct json *low = json_get(j, "low");
    const struct json *high = json_get(j, "high");
    double lo = -HUGE_VAL, hi = HUGE_VAL;
    bool has_low = number_of(json_get(low, "value"), &lo);
    bool has_high = number_of(json_get(high, "value"), &hi);
    if ((!has_low && !has_high) || lo > hi)
        return;
    add_number(x, lo, hi);
    if (!x->no_memory)
        set_unit(x, has_low ? low : high);
}

/* ---- reference ---- */

static struct fhir_value *add_reference(
    struct fhir_extraction *x, const struct fhir_reference *ref)
{
    struct fhir_value *v = add(x);
    if (v)
        v->u.reference.ref = *ref;
    return v;
}

static void read_reference(struct fhir_extraction *x, const struct json *j)
{
    struct fhir_reference ref =
        fhir_reference_parse(json_get_text(j, "reference"), x->base);
    const struct json *identifier = json_get(j, "identifier");
    struct fhir_value *v = NULL;
    if (ref.form == FHIR_REF_BAD)
        ref = (struct fhir_reference){.form = FHIR_REF_NONE};
    if (ref.form == FHIR_REF_NONE && !json_get(identifier, "value") &&
        !json_get(identifier, "system"))
        return;
    v = add_reference(x, &ref);
    if (!v)
        return;
    v->u.reference.identifier_system = json_get_text(identifier, "system");
    v->u.reference.identifier_value = json_get_text(identifier, "value");
}

/* canonical, uri, url: the version behind '|' is apart. */
static void read_reference_uri(struct fhir_extraction *x, const struct json *j)
{
    struct str version = json_text(j);
    struct str url = str_cut(&version, '|');
    struct fhir_reference ref;
    struct fhir_value *v = NULL;
    if (!json_is_string(j))
        return;
    ref = fhir_reference_parse(url, x->base);
    if (ref.form == FHIR_REF_BAD || ref.form == FHIR_REF_NONE)
        return;
    v = add_reference(x, &ref);
    if (v)
        v->u.reference.canonical_version = version;
}

/* A resource that stands in this one (a Bundle's first entry): as if it were referred
 * to by its type and id. */
static void read_reference_resource(struct fhir_extraction *x, const struct json *j)
{
    struct str type = json_get_text(j, "resourceType");
    struct str id = json_get_text(j, "id");
    struct fhir_reference ref;
    char *text = NULL;
    if (!type.p || !id.p)
        return;
    text =
        arena_printf(x->arena, "%.*s/%.*s", (int)type.len, type.p, (int)id.len, id.p);
    if (!text) {
        x->no_memory = true;
        return;
    }
    ref = fhir_reference_parse(str_of(text), x->base);
    if (ref.form == FHIR_REF_LOCAL)
        add_reference(x, &ref);
}

/* ---- position ---- */

static void read_position(struct fhir_extraction *x, const struct json *j)
{
    double latitude, longitude;
    struct fhir_value *v = NULL;
    if (!number_of(json_get(j, "latitude"), &latitude) ||
        !number_of(json_get(j, "longitude"), &longitude))
        return;
    v = add(x);
    if (!v)
        return;
    v->u.position.latitude = latitude;
    v->u.position.longitude = longitude;
}

/* ---- all of them ---- */

static void read_string_kind(
    struct fhir_extraction *x, enum fhir_reader reader, const struct json *j)
{
    static const char *const name_parts[] = {
        "text", "family", "given", "prefix", "suffix", NULL};
    static const char *const address_parts[] = {
        "text", "line", "city", "district", "state", "postalCode", "country", NULL};
    static const char *const annotation_parts[] = {"text", NULL};
    if (reader == READ_STRING_NAME)
        read_parts(x, j, name_parts);
    else if (reader == READ_STRING_ADDRESS)
        read_parts(x, j, address_parts);
    else if (reader == READ_STRING_ANNOTATION)
        read_parts(x, j, annotation_parts);
    else if (reader == READ_STRING_CONCEPT)
        read_string_concept(x, j);
    else
        read_string(x, j);
}

void fhir_read_value(
    struct fhir_extraction *x, enum fhir_reader reader, const struct json *j)
{
    static void (*const readers[])(struct fhir_extraction *, const struct json *) = {
        [READ_TOKEN_TEXT] = read_token_text,
        [READ_TOKEN_CONCEPT] = read_concept,
        [READ_TOKEN_IDENTIFIER] = read_identifier,
        [READ_DATE_TEXT] = read_date,
        [READ_DATE_PERIOD] = read_period,
        [READ_DATE_TIMING] = read_timing,
        [READ_NUMBER] = read_number,
        [READ_NUMBER_RANGE] = read_range,
        [READ_QUANTITY] = read_quantity,
        [READ_QUANTITY_MONEY] = read_money,
        [READ_QUANTITY_RANGE] = read_range,
        [READ_URI] = read_uri,
        [READ_REFERENCE] = read_reference,
        [READ_REFERENCE_URI] = read_reference_uri,
        [READ_REFERENCE_RESOURCE] = read_reference_resource,
        [READ_POSITION] = read_position,
    };
    if (x->no_memory || reader == READ_NOTHING)
        return;
    if (reader == READ_TOKEN_CODING)
        read_coding(x, j, NO_TEXT);
    else if (reader == READ_TOKEN_CONTACT)
        add_token(x, NO_TEXT, json_get_text(j, "value"), NO_TEXT);
    else if (reader >= READ_STRING_TEXT && reader <= READ_STRING_ANNOTATION)
        read_string_kind(x, reader, j);
    else
        readers[reader](x, j);
}
