/* SPDX-License-Identifier: Apache-2.0 */
/* References, contained resources, and required bindings. */
#include "fhir/validate_internal.h"
#include "fhir/value.h"

/* ---- contained resources ---- */

/* The place of the contained resource ${id}; -1 if there is none. */
static long contained_index(const struct check_scope *scope, struct str id)
{
    struct json_each it = json_each(scope->contained);
    while (json_next(&it)) {
        if (str_eq(json_get_text(it.value, "id"), id))
            return (long)it.index;
    }
    return -1;
}

static void mark(struct check_scope *scope, long index)
{
    if (index >= 0 && index < WATCHED_CONTAINED)
        scope->referred[index / 64] |= UINT64_C(1) << (index % 64);
}

/* Where `#id` leads: contained[n], -1 the container, -2 nowhere. */
static long local_target(struct check *c, struct str id)
{
    long index;
    if (id.len == 0) {
        mark(
            c->scope, c->scope->inside); /* it speaks of its container: that is a use */
        return -1;
    }
    index = contained_index(c->scope, id);
    mark(c->scope, index);
    return index >= 0 ? index : -2;
}

bool check_mark_contained(struct check *c, struct str text)
{
    if (text.len == 0 || text.p[0] != '#')
        return false;
    return local_target(c, (struct str){text.p + 1, text.len - 1}) >= -1;
}

static void check_contained_id(struct check *c, const struct json *resource,
    size_t index, const struct place *place)
{
    const struct check_scope *scope = c->scope;
    struct str id = json_get_text(resource, "id");

    if (id.len == 0) {
        check_problem(c, place, "invariant",
            "A contained resource must have an id, so that it can be referred to.");
        return;
    }
    if (contained_index(scope, id) != (long)index) {
        check_problem(c, place, "invariant",
            "Two contained resources have the id \"%.*s\".", SHOWN(id));
        return;
    }
    if (index < WATCHED_CONTAINED && !(scope->referred[index / 64] >> (index % 64) & 1))
        check_problem(c, place, "invariant",
            "Nothing refers to the contained resource \"#%.*s\".", SHOWN(id));
}

void check_contained(struct check *c, const struct place *place)
{
    struct place list = {place, STR("contained"), -1};
    struct json_each it = json_each(c->scope->contained);

    while (json_next(&it)) {
        struct place item = list;
        item.index = (long)it.index;
        if (json_is_object(it.value))
            check_contained_id(c, it.value, it.index, &item);
    }
}

/* ---- references ---- */

static bool allowed(const uint16_t *targets, unsigned number)
{
    if (targets[0] == 0)
        return true;
    for (unsigned i = 1; i <= targets[0]; i++) {
        if (targets[i] == number)
            return true;
    }
    return false;
}

/* "Patient, Group or Device" for a message. */
static const char *list_targets(const uint16_t *targets, char *out, size_t cap)
{
    size_t len = 0;
    out[0] = '\0';
    for (unsigned i = 1; i <= targets[0] && len < cap; i++) {
        const char *join = i == 1 ? "" : i == targets[0] ? " or " : ", ";
        int n = snprintf(
            out + len, cap - len, "%s%s", join, fhir_type_numbered(targets[i])->name);
        len += n > 0 ? (size_t)n : 0;
    }
    return out;
}

static void wrong_target(struct check *c, const uint16_t *targets, struct str name,
    const struct place *place)
{
    char list[384];
    check_problem(c, place, "value", "The reference must be to %s, not to %.*s.",
        list_targets(targets, list, sizeof(list)), SHOWN(name));
}

/* The type a `#id` leads to must be allowed as any other. */
static void check_local(
    struct check *c, const uint16_t *targets, struct str id, const struct place *place)
{
    long index = local_target(c, id);
    const struct fhir_type *type;
    struct str name;

    if (index == -2) {
        check_problem(c, place, "invariant",
            "There is no contained resource with the id \"%.*s\".", SHOWN(id));
        return;
    }
    if (index < 0)
        return;
    name = json_get_text(json_at(c->scope->contained, (size_t)index), "resourceType");
    type = fhir_resource_named(name);
    if (type && !allowed(targets, type->number))
        wrong_target(c, targets, name, place);
}

/* Reference.type must say the same as the reference itself. */
static void check_type_said(struct check *c, const uint16_t *targets, struct str said,
    unsigned number, const struct place *place)
{
    const struct fhir_type *type = fhir_resource_named(said);
    struct place at = {place, STR("type"), -1};

    if (!type) /* an absolute URI of a logical model, or nonsense of no harm */
        return;
    if (number > 0 && type->number != number)
        check_problem(c, &at, "value", "The type says %s, the reference is to %s.",
            type->name, fhir_type_numbered(number)->name);
    else if (!allowed(targets, type->number))
        wrong_target(c, targets, said, &at);
}

void check_reference(struct check *c, const struct fhir_element *element,
    const struct json *value, const struct place *place)
{
    const uint16_t *targets = fhir_target_lists[element->targets];
    struct str text = json_get_text(value, "reference");
    struct str said = json_get_text(value, "type");
    struct fhir_reference ref = fhir_reference_parse(text, (struct str){0});
    struct place at = {place, STR("reference"), -1};

    switch (ref.form) {
    case FHIR_REF_LOCAL:
    case FHIR_REF_SEARCH:
        if (!allowed(targets, ref.type))
            wrong_target(c, targets, str_of(fhir_type_numbered(ref.type)->name), &at);
        break;
    case FHIR_REF_CONTAINED:
        check_local(c, targets, ref.id, &at);
        break;
    case FHIR_REF_BAD:
        check_problem(c, &at, "value",
            "\"%.*s\" is not a reference: write Type/id, #id or an absolute URL.",
            SHOWN(text));
        break;
    case FHIR_REF_NONE:
    case FHIR_REF_URN:
    case FHIR_REF_ABSOLUTE:
        break;
    }
    if (said.p)
        check_type_said(c, targets, said, ref.type, place);
}

/* ---- required bindings ---- */

static bool coding_in(const struct fhir_value_set *set, const struct json *coding)
{
    struct str code = json_get_text(coding, "code");
    return code.p && fhir_value_set_has(set, json_get_text(coding, "system"), code);
}

static void not_in_set(struct check *c, const struct fhir_value_set *set,
    struct str code, const struct place *place)
{
    check_problem(c, place, "code-invalid", "\"%.*s\" is not a code of %s.",
        SHOWN(code), set->url);
}

/* One of the codings must be of the set. A concept of extensions only says why there is
 * no code, which is allowed. */
static void check_concept(struct check *c, const struct fhir_value_set *set,
    const struct json *value, const struct place *place)
{
    const struct json *codings = json_get(value, "coding");
    struct json_each it = json_each(codings);
    struct place at = {place, STR("coding"), -1};

    if (!json_is_array(codings)) {
        if (json_get(value, "text"))
            check_problem(
                c, place, "code-invalid", "A code of %s is required.", set->url);
        return;
    }
    while (json_next(&it)) {
        if (coding_in(set, it.value))
            return;
    }
    if (json_count(codings) > 0)
        not_in_set(c, set, json_get_text(json_at(codings, 0), "code"), &at);
}

void check_binding(struct check *c, const struct fhir_element *element,
    const struct json *value, const struct place *place)
{
    const struct fhir_value_set *set = &fhir_value_sets[element->binding];
    const struct fhir_type *type = &fhir_types[element->type];
    struct str code;

    if (!set->complete)
        return;
    if (type->kind == FHIR_PRIMITIVE) {
        code = json_text(value);
        if (code.p && !fhir_value_set_has(set, (struct str){0}, code))
            not_in_set(c, set, code, place);
    } else if (type_is(type, "CodeableConcept")) {
        check_concept(c, set, value, place);
    } else if (type_is(type, "Coding")) {
        code = json_get_text(value, "code");
        if (code.p && !coding_in(set, value))
            not_in_set(c, set, code, place);
    }
}
