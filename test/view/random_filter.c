/* SPDX-License-Identifier: Apache-2.0 */
#include "random_filter.h"

#include "random_words.h"
#include "unit.h"

static void put_word(char *out, size_t size)
{
    snprintf(out, size, "%s", one_of(words));
    out[utf8_cut(str_of(out), 4 + (size_t)pick(20)).len] = '\0';
    while (out[strlen(out) - 1] == ' ')
        out[strlen(out) - 1] = '\0';
}

static void put_date(char *out, size_t size)
{
    snprintf(out, size, "%s", one_of(dates));
}

static void put_number(char *out, size_t size)
{
    snprintf(out, size, "%s", one_of(numbers));
}

static void put_quantity(char *out, size_t size)
{
    snprintf(out, size, "%s|urn:u|%s", one_of(numbers), one_of(units));
}

static void put_code(char *out, size_t size)
{
    snprintf(out, size, "%s%s", maybe() ? "urn:s|" : "", one_of(codes));
}

static void put_gender(char *out, size_t size)
{
    snprintf(out, size, "%s", maybe() ? "male" : "female");
}

static void put_status(char *out, size_t size)
{
    snprintf(out, size, "%s", maybe() ? "final" : "amended");
}

static void put_reference(char *out, size_t size)
{
    static const char *const forms[] = {"Patient/", "Location/", "Organization/", "",
        "http://here.example/fhir/Organization/"};

    snprintf(out, size, "%s%lld", one_of(forms), (long long)pick(IDS));
}

static void put_id(char *out, size_t size)
{
    snprintf(out, size, "%lld", (long long)pick(IDS));
}

static void put_truth(char *out, size_t size)
{
    snprintf(out, size, "%s", maybe() ? "true" : "false");
}

/* A condition, and the parameter that asks the same. */
static const struct atom {
    const char *type;
    const char *path;
    const char *operator_; /* NULL: any with a prefix of that name */
    const char *parameter; /* NULL: the path */
    void (*value)(char *, size_t);
} atoms[] = {
    {"Patient", "birthdate", NULL, NULL, put_date},
    {"Patient", "_lastUpdated", NULL, NULL, put_date},
    {"Patient", "name", "sw", NULL, put_word},
    {"Patient", "given", "co", "given:contains", put_word},
    {"Patient", "gender", "eq", NULL, put_gender},
    {"Patient", "gender", "ne", NULL, put_gender},
    {"Patient", "identifier", "eq", NULL, put_code},
    {"Patient", "_tag", "eq", NULL, put_code},
    {"Patient", "organization", "re", NULL, put_reference},
    {"Patient", "organization", "pr", NULL, put_truth},
    {"Patient", "name", "pr", NULL, put_truth},
    {"Patient", "_id", "eq", NULL, put_id},
    {"Patient", "_id", "ne", "_id:not", put_id},
    {"Patient", "organization.name", "sw", NULL, put_word},
    {"Patient", "organization.partof", "pr", NULL, put_truth},
    {"Patient", "_content", "co", NULL, put_word},
    {"Observation", "date", NULL, NULL, put_date},
    {"Observation", "value-quantity", NULL, NULL, put_number},
    {"Observation", "component-value-quantity", NULL, NULL, put_quantity},
    {"Observation", "code", "eq", NULL, put_code},
    {"Observation", "combo-code", "eq", NULL, put_code},
    {"Observation", "status", "eq", NULL, put_status},
    {"Observation", "status", "ne", NULL, put_status},
    {"Observation", "date", "pr", NULL, put_truth},
    {"Observation", "value-string", "sw", NULL, put_word},
    {"Observation", "subject", "re", NULL, put_reference},
    {"Observation", "subject:Patient", "eq", NULL, put_id},
    {"Observation", "subject:Patient.gender", "eq", NULL, put_gender},
    {"Observation", "subject.name", "sw", NULL, put_word},
    {"Observation", "patient.organization.name", "sw", NULL, put_word},
    {"Organization", "name", "sw", NULL, put_word},
    {"Organization", "partof", "re", NULL, put_reference},
    {"Organization", "partof", "pr", NULL, put_truth},
    {"Organization", "_id", "eq", NULL, put_id},
    {"Organization", "partof.name", "sw", NULL, put_word},
    {"Location", "name", "co", "name:contains", put_word},
    {"Location", "partof", "re", NULL, put_reference},
    {"Location", "partof", "ss", "partof:below", put_id},
    {"Location", "_tag", "eq", NULL, put_code},
};

/* A reference that may have brackets behind it. */
static const struct {
    const char *type, *path, *to;
} bridges[] = {
    {"Patient", "organization", "Organization"},
    {"Organization", "partof", "Organization"},
    {"Observation", "subject:Patient", "Patient"},
    {"Observation", "subject:Location", "Location"},
    {"Location", "partof", "Location"},
};

static const char *const types[] = {
    "Patient", "Patient", "Observation", "Observation", "Organization", "Location"};

const char *random_filter_type(void)
{
    return one_of(types);
}

uint64_t filter_ids(struct search_node *n, const char *query)
{
    uint64_t found = 0;
    char *copy = strdup(node_pages(n, query, 0, false)), *rest = copy, *word;

    while ((word = strtok_r(rest, " ", &rest)))
        found |= 1ull << strtoul(word, NULL, 10);
    free(copy);
    return found;
}

static uint64_t ask(
    struct search_node *n, const char *type, const char *parameter, const char *value)
{
    struct buf b;
    uint64_t found;

    buf_init(&b, 1u << 16);
    buf_addf(&b, "%s?%s=", type, parameter);
    percent_encode(&b, str_of(value));
    found = filter_ids(n, buf_cstr(&b));
    buf_done(&b);
    return found;
}

/* The same question as an ordinary parameter. */
static uint64_t ask_atom(struct search_node *n, const struct atom *atom,
    const char *operator_, const char *value)
{
    const char *parameter = atom->parameter ? atom->parameter : atom->path;
    char other[300];
    bool inverse = false;

    snprintf(other, sizeof(other), "%s%s", atom->operator_ ? "" : operator_, value);
    if (strcmp(operator_, "pr") == 0) {
        snprintf(other, sizeof(other), "%s:missing", parameter);
        return ask(n, atom->type, other, strcmp(value, "true") ? "true" : "false");
    }
    /* of what has one value at most: there is one, and not that */
    inverse = atom->operator_ && strcmp(operator_, "ne") == 0 && !atom->parameter;
    if (inverse) {
        char missing[80];
        snprintf(missing, sizeof(missing), "%s:missing", parameter);
        return ask(n, atom->type, missing, "false") &
               ~ask(n, atom->type, parameter, other);
    }
    return ask(n, atom->type, parameter, other);
}

static uint64_t random_atom(struct search_node *n, struct buf *b, const char *type)
{
    static const char *const prefixes[] = {
        "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"};
    const struct atom *atom;
    const char *operator_;
    char value[256];

    do
        atom = &one_of(atoms);
    while (strcmp(atom->type, type) != 0);
    operator_ = atom->operator_ ? atom->operator_ : one_of(prefixes);
    atom->value(value, sizeof(value));
    buf_addf(b, "%s %s ", atom->path, operator_);
    if (strpbrk(value, " )]") || maybe())
        buf_addf(b, "\"%s\"", value); /* no value has a quote */
    else
        buf_adds(b, value);
    return ask_atom(n, atom, operator_, value);
}

/* "organization[...] pr true": who refers to one of those. */
static uint64_t random_bridge(
    struct search_node *n, struct buf *b, const char *type, unsigned depth)
{
    size_t i = 0, at;
    uint64_t far, found = 0;
    const char *colon;
    char parameter[80], id[8];
    bool present = maybe();

    do
        at = (size_t)pick(sizeof(bridges) / sizeof(bridges[0]));
    while (strcmp(bridges[at].type, type) != 0);
    buf_addf(b, "%s[", bridges[at].path);
    far = random_filter(n, b, bridges[at].to, depth - 1);
    buf_addf(b, "] pr %s", present ? "true" : "false");
    colon = strchr(bridges[at].path, ':');
    snprintf(parameter, sizeof(parameter), "%.*s:%s",
        (int)(colon ? colon - bridges[at].path : (long)strlen(bridges[at].path)),
        bridges[at].path, bridges[at].to);
    for (i = 0; i < IDS; i++) {
        if (!(far >> i & 1))
            continue;
        snprintf(id, sizeof(id), "%zu", i);
        found |= ask(n, type, parameter, id);
    }
    return present ? found : filter_ids(n, type) & ~found;
}

static uint64_t random_part(
    struct search_node *n, struct buf *b, const char *type, unsigned depth)
{
    uint64_t found;

    if (depth == 0 || pick(3) == 0)
        return random_atom(n, b, type);
    if (pick(4) == 0)
        return random_bridge(n, b, type, depth);
    if (maybe()) {
        buf_addc(b, '(');
        found = random_filter(n, b, type, depth - 1);
    } else {
        buf_adds(b, maybe() ? "not(" : "not (");
        found = filter_ids(n, type) & ~random_filter(n, b, type, depth - 1);
    }
    buf_addc(b, ')');
    return found;
}

uint64_t random_filter(
    struct search_node *n, struct buf *b, const char *type, unsigned depth)
{
    uint64_t found = random_part(n, b, type, depth), part;
    int64_t more = pick(4);
    bool both;

    while (more-- > 0) {
        both = maybe();
        buf_adds(b, both ? " and " : " or ");
        part = random_part(n, b, type, depth);
        found = both ? found & part : found | part;
    }
    return found;
}
