/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walk: every member of every object against the tables. It runs before every write,
 * so a valid resource costs no allocation and no look beyond its own members: what is
 * required is counted, not searched; a path is written only when something is wrong.
 */
#include "fhir/validate.h"

#include "fhir/validate_internal.h"

/* What an object has shown so far. */
struct object_state {
    unsigned satisfied; /* required elements met; a choice group once */
    uint64_t choices;   /* bit n: choice group n was met */
};

static void check_object(struct check *c, const struct fhir_type *type,
    const struct json *object, const struct place *place);
static void check_resource(struct check *c, const struct json *resource, bool contained,
    const struct place *place);

/* ---- values ---- */

/* An extension says a value or holds extensions (ext-1). */
static void check_extension(
    struct check *c, const struct json *value, const struct place *place)
{
    bool nested = json_get(value, "extension") != NULL;
    bool says = false;
    struct json_each it = json_each(value);

    while (json_next(&it)) {
        says = says || str_starts(it.name, "value") || str_starts(it.name, "_value");
    }
    if (nested == says)
        check_problem(c, place, "invariant", "%s",
            nested ? "An extension has a value or extensions, not both."
                   : "An extension must have a value or extensions.");
}

static void check_complex(struct check *c, const struct fhir_element *element,
    const struct json *value, const struct place *place)
{
    const struct fhir_type *type = &fhir_types[element->type];

    if (!json_is_object(value)) {
        check_problem(c, place, "structure", "A value of type %s is an object in JSON.",
            type->name);
        return;
    }
    check_object(c, type, value, place);
    if (element->binding)
        check_binding(c, element, value, place);
    if (type_is(type, "Reference"))
        check_reference(c, element, value, place);
    else if (type_is(type, "Extension"))
        check_extension(c, value, place);
}

static void check_value(struct check *c, const struct fhir_element *element,
    const struct json *value, const struct place *place)
{
    const struct fhir_type *type = &fhir_types[element->type];

    switch (type->kind) {
    case FHIR_PRIMITIVE:
        check_primitive(c, type, value, place);
        if (element->binding)
            check_binding(c, element, value, place);
        if (type->primitive >= FHIR_URI && type->primitive <= FHIR_CANONICAL)
            check_mark_contained(c, json_text(value));
        break;
    case FHIR_COMPLEX:
    case FHIR_BACKBONE:
        check_complex(c, element, value, place);
        break;
    case FHIR_RESOURCE:
    case FHIR_ABSTRACT:
        check_resource(c, value, strcmp(element->name, "contained") == 0, place);
        break;
    }
}

/* ---- `name` and `_name` ---- */

/* The member `_name` of an object; NULL if absent. */
static const struct json *companion_of(const struct json *object, struct str name)
{
    struct json_each it = json_each(object);
    while (json_next(&it)) {
        if (it.name.len == name.len + 1 && it.name.p[0] == '_' &&
            memcmp(it.name.p + 1, name.p, name.len) == 0)
            return it.value;
    }
    return NULL;
}

static bool is_null(const struct json *value)
{
    return json_kind(value) == JSON_NULL;
}

/* A null in an array of primitives stands for a value that has only extensions. */
static void check_null_item(struct check *c, const struct fhir_element *element,
    const struct json *object, const struct place *place)
{
    const struct json *companion = NULL;

    if (fhir_types[element->type].kind == FHIR_PRIMITIVE)
        companion =
            companion_of(object, (struct str){element->name, element->name_len});
    if (!json_is_object(json_at(companion, (size_t)place->index)))
        check_problem(c, place, "structure",
            "null is allowed only where _%s has extensions at the same index.",
            element->name);
}

static void check_items(struct check *c, const struct fhir_element *element,
    const struct json *object, const struct json *array, const struct place *place)
{
    struct json_each it = json_each(array);
    struct place item = *place;

    if (json_count(array) == 0)
        check_problem(c, place, "structure",
            "An array must not be empty; leave the element out.");
    if (element->max != FHIR_MANY && json_count(array) > element->max)
        check_problem(c, place, "structure", "There may be at most %u.", element->max);
    while (json_next(&it)) {
        item.index = (long)it.index;
        if (is_null(it.value))
            check_null_item(c, element, object, &item);
        else
            check_value(c, element, it.value, &item);
    }
}

/* `_name`: id and extensions of the primitive `name`. */
static void check_companion_value(
    struct check *c, const struct json *value, const struct place *place)
{
    if (!json_is_object(value))
        check_problem(c, place, "structure",
            "An element with _ before its name is an object with id or extension.");
    else
        check_object(c, &fhir_types[0], value, place);
}

static void check_companion_items(struct check *c, const struct json *values,
    const struct json *array, const struct place *place)
{
    struct json_each it = json_each(array);
    struct place item = *place;

    if (json_count(array) == 0)
        check_problem(c, place, "structure",
            "An array must not be empty; leave the element out.");
    if (values && json_count(values) != json_count(array))
        check_problem(c, place, "structure",
            "The array must be as long as that of the values: fill both with null.");
    while (json_next(&it)) {
        item.index = (long)it.index;
        if (!is_null(it.value))
            check_companion_value(c, it.value, &item);
        else if (!values)
            check_problem(c, &item, "structure",
                "null is allowed only where there is a value at the same index.");
    }
}

static void check_companion(struct check *c, const struct fhir_element *element,
    const struct json *object, const struct json *value, const struct place *place)
{
    const struct json *values =
        json_getn(object, (struct str){element->name, element->name_len});

    if (element->max == 1) {
        check_companion_value(c, value, place);
    } else if (!json_is_array(value)) {
        check_problem(
            c, place, "structure", "The element is an array, as %s is.", element->name);
    } else {
        check_companion_items(c, values, value, place);
    }
}

/* ---- members ---- */

/* Count ${element} among the required, and see that its choice is made once. */
static void note_presence(struct check *c, const struct fhir_element *element,
    struct object_state *state, const struct place *place)
{
    if (element->choice) {
        uint64_t bit = UINT64_C(1) << element->choice;
        if (state->choices & bit) {
            check_problem(c, place, "structure",
                "Only one of its types may be given; leave %s or the other out.",
                element->name);
            return;
        }
        state->choices |= bit;
    }
    if (element->min > 0)
        state->satisfied++;
}

/* A member that is no element by its name: perhaps a companion. */
static void check_other_member(struct check *c, const struct fhir_type *type,
    const struct json *object, struct object_state *state, const struct place *place,
    const struct json *value)
{
    struct str name = place->name;
    const struct fhir_element *element = NULL;

    if (name.len > 1 && name.p[0] == '_') {
        name = (struct str){name.p + 1, name.len - 1};
        element = fhir_element_named(type, name);
    }
    if (!element || fhir_types[element->type].kind != FHIR_PRIMITIVE) {
        check_unknown(c, type, place->name, place);
        return;
    }
    if (!json_getn(object, name)) /* else it is noted there */
        note_presence(c, element, state, place);
    check_companion(c, element, object, value, place);
}

static void check_member(struct check *c, const struct fhir_element *element,
    const struct json *object, const struct json *value, const struct place *place)
{
    bool array = json_is_array(value);

    if (array && element->max != 1) {
        check_items(c, element, object, value, place);
    } else if (array) {
        check_problem(c, place, "structure", "%s is a single value, not an array.",
            element->name);
    } else if (element->max != 1) {
        check_problem(c, place, "structure",
            "%s may be repeated, so it is an array even for one value.", element->name);
    } else if (is_null(value)) {
        check_problem(
            c, place, "structure", "null is no value; leave the element out.");
    } else {
        check_value(c, element, value, place);
    }
}

/* ---- what is missing ---- */

static bool is_present(const struct json *object, const struct fhir_element *element)
{
    struct str name = {element->name, element->name_len};
    return json_getn(object, name) || companion_of(object, name);
}

/* How much of a choice element's name all its group share: "value". */
static size_t choice_base(const struct fhir_type *type, const struct fhir_element *e)
{
    size_t base = e->name_len;
    for (size_t i = type->first; i < (size_t)type->first + type->count; i++) {
        const struct fhir_element *other = &fhir_elements[i];
        size_t same = 0;
        if (other->choice != e->choice)
            continue;
        while (same < base && other->name[same] == e->name[same])
            same++;
        base = same;
    }
    /* valueBoolean and valueBase64Binary share a letter of the type's name too */
    while (base > 0 && base < e->name_len && e->name[base - 1] >= 'A' &&
           e->name[base - 1] <= 'Z')
        base--;
    return base;
}

static void tell_missing(struct check *c, const struct fhir_type *type,
    const struct fhir_element *element, const struct place *place)
{
    struct place at = {place, {element->name, element->name_len}, -1};

    if (!element->choice) {
        check_problem(c, &at, "required", "%s requires %s.", type->name, element->name);
        return;
    }
    at.name.len = choice_base(type, element);
    check_problem(c, &at, "required", "%s requires %.*s with a type, such as %s.",
        type->name, (int)at.name.len, element->name, element->name);
}

/* The count was short: find which. */
static void check_missing(struct check *c, const struct fhir_type *type,
    const struct json *object, const struct object_state *state,
    const struct place *place)
{
    uint64_t told = state->choices;

    for (size_t i = type->first; i < (size_t)type->first + type->count; i++) {
        const struct fhir_element *element = &fhir_elements[i];
        if (element->min == 0)
            continue;
        if (element->choice) {
            if (told >> element->choice & 1)
                continue;
            told |= UINT64_C(1) << element->choice;
        } else if (is_present(object, element)) {
            continue;
        }
        tell_missing(c, type, element, place);
    }
}

/* ---- objects and resources ---- */

static void check_object(struct check *c, const struct fhir_type *type,
    const struct json *object, const struct place *place)
{
    struct object_state state = {0};
    struct json_each it = json_each(object);
    struct place member = {place, {0}, -1};
    bool resource = type->kind == FHIR_RESOURCE;

    if (json_count(object) == 0)
        check_problem(c, place, "structure",
            "An object must not be empty; leave the element out.");
    while (json_next(&it) && !c->failed) {
        const struct fhir_element *element = fhir_element_named(type, it.name);
        member.name = it.name;
        if (element) {
            note_presence(c, element, &state, &member);
            check_member(c, element, object, it.value, &member);
        } else if (!resource || !str_is(it.name, "resourceType")) {
            check_other_member(c, type, object, &state, &member, it.value);
        }
    }
    if (state.satisfied < type->required)
        check_missing(c, type, object, &state, place);
}

/* The type of a resource by its resourceType; NULL after saying what is wrong. */
static const struct fhir_type *type_of_resource(
    struct check *c, const struct json *resource, const struct place *place)
{
    struct place at = {place, STR("resourceType"), -1};
    const struct fhir_type *type;
    struct str name;

    if (!json_is_object(resource)) {
        check_problem(c, place, "structure", "A resource is an object in JSON.");
        return NULL;
    }
    name = json_get_text(resource, "resourceType");
    if (!name.p) {
        check_problem(
            c, &at, "structure", "A resource must say its type in resourceType.");
        return NULL;
    }
    type = fhir_resource_named(name);
    if (!type)
        check_problem(
            c, &at, "structure", "There is no resource type \"%.*s\".", SHOWN(name));
    return type;
}

/* A resource that is nobody's contained one, with its own `#id`s. */
static void check_container(struct check *c, const struct fhir_type *type,
    const struct json *resource, const struct place *place)
{
    struct check_scope scope = {
        .contained = json_get(resource, "contained"), .inside = -1};
    struct check_scope *outer = c->scope;

    c->scope = &scope;
    check_object(c, type, resource, place);
    if (scope.contained && !c->failed)
        check_contained(c, place);
    c->scope = outer;
}

static void check_resource(struct check *c, const struct json *resource, bool contained,
    const struct place *place)
{
    const struct fhir_type *type = type_of_resource(c, resource, place);

    if (!type)
        return;
    if (!contained) {
        check_container(c, type, resource, place);
        return;
    }
    if (c->scope->inside >= 0) {
        check_problem(
            c, place, "invariant", "A contained resource must not contain others.");
        return;
    }
    c->scope->inside = place->index;
    check_object(c, type, resource, place);
    c->scope->inside = -1;
}

int fhir_validate(struct arena *a, const struct json *resource,
    const struct fhir_type *type, struct fhir_issues *issues,
    const struct fhir_type **ret_type, struct err *err)
{
    struct check c = {.arena = a, .issues = issues, .err = err};
    struct place root = {NULL, type ? str_of(type->name) : STR("Resource"), -1};
    const struct fhir_type *found = type_of_resource(&c, resource, &root);

    if (found) {
        root.name = str_of(found->name);
        if (type && found != type)
            check_problem(&c, &(struct place){&root, STR("resourceType"), -1},
                "structure", "The resource must be a %s, it is a %s.", type->name,
                found->name);
        check_container(&c, found, resource, &root);
        if (ret_type)
            *ret_type = found;
    }
    if (c.failed)
        return c.failed;
    return c.errors > 0 ? E_INVALID : 0;
}
