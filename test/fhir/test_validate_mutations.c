/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Valid resources, changed in one place each: a member renamed, dropped or of another
 * JSON kind. The validator must refuse the change and name the place; dropping is
 * refused exactly where the tables say the element is required.
 */
#include "base/limits.h"

#include "fhir/validate.h"
#include "json/tree.h"
#include "unit.h"

static const char *const SAMPLES[] = {
    "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"meta\":{\"tag\":[{\"system\":\"urn:"
    "t\","
    "\"code\":\"x\"}]},\"text\":{\"status\":\"generated\",\"div\":\"<div>A</div>\"},"
    "\"identifier\":[{\"use\":\"official\",\"system\":\"urn:s\",\"value\":\"1\","
    "\"period\":{\"start\":\"2020\"}}],\"active\":true,\"name\":[{\"family\":\"A\","
    "\"given\":[\"B\",\"C\"]}],\"telecom\":[{\"system\":\"phone\",\"value\":\"1\","
    "\"rank\":1}],\"gender\":\"female\",\"birthDate\":\"1970-01-31\","
    "\"deceasedBoolean\":false,\"contact\":[{\"name\":{\"text\":\"D\"}}],"
    "\"communication\":[{\"language\":{\"text\":\"bo\"},\"preferred\":true}],"
    "\"link\":[{\"other\":{\"reference\":\"Patient/2\"},\"type\":\"seealso\"}]}",

    "{\"resourceType\":\"Observation\",\"status\":\"final\",\"category\":[{\"text\":"
    "\"c\"}],\"code\":{\"coding\":[{\"system\":\"http://"
    "loinc.org\",\"code\":\"85354-9\","
    "\"display\":\"d\"}]},\"subject\":{\"reference\":\"Patient/1\"},"
    "\"effectiveDateTime\":\"2026-01-31T12:00:00+08:00\",\"issued\":"
    "\"2026-01-31T12:00:00Z\",\"component\":[{\"code\":{\"text\":\"s\"},"
    "\"valueQuantity\":{\"value\":120.50,\"unit\":\"mmHg\",\"comparator\":\"<\"},"
    "\"referenceRange\":[{\"low\":{\"value\":1}}]}]}",

    "{\"resourceType\":\"MedicationRequest\",\"status\":\"active\",\"intent\":"
    "\"order\","
    "\"medicationReference\":{\"reference\":\"Medication/1\"},\"subject\":{"
    "\"reference\":\"Patient/1\"},\"dosageInstruction\":[{\"sequence\":1,\"timing\":{"
    "\"repeat\":{\"frequency\":1,\"period\":1.0,\"periodUnit\":\"d\",\"timeOfDay\":["
    "\"08:00:00\"]}},\"asNeededBoolean\":false}]}",

    "{\"resourceType\":\"Apprenticeship\",\"status\":\"active\",\"apprentice\":{"
    "\"reference\":\"Practitioner/1\"},\"master\":{\"reference\":\"Practitioner/2\"},"
    "\"period\":{\"start\":\"2026-01\"},\"goal\":[{\"procedure\":{\"text\":\"x\"},"
    "\"targetLevel\":4}],\"agreement\":[{\"party\":{\"reference\":\"Organization/1\"},"
    "\"role\":\"learning-department\",\"agreedOn\":\"2026\"}],\"note\":[{\"text\":"
    "\"n\"}]}",
};

enum change { RENAME, DROP, RETYPE, CHANGES };

/* One place: a member of an object in the resource. */
struct target {
    const struct json *resource;
    const char *pointer[32]; /* names; NULL with index[i] for an array's item */
    size_t index[32];
    size_t depth;
    const struct fhir_type *owner; /* the type whose member it is */
    unsigned *changed;
};

static struct json_node *parent_node(struct json_tree *tree, const struct target *t)
{
    struct json_node *node = json_tree_root(tree);
    for (size_t i = 0; i + 1 < t->depth; i++) {
        node = t->pointer[i] ? json_node_get(node, str_of(t->pointer[i]))
                             : json_node_at(node, t->index[i]);
        assert_non_null(node);
    }
    return node;
}

/* The path as the validator writes it. */
static void write_path(const struct target *t, const char *root, char *out, size_t cap)
{
    size_t len = (size_t)snprintf(out, cap, "%s", root);
    for (size_t i = 0; i < t->depth; i++) {
        len += t->pointer[i]
                   ? (size_t)snprintf(out + len, cap - len, ".%s", t->pointer[i])
                   : (size_t)snprintf(out + len, cap - len, "[%zu]", t->index[i]);
    }
}

static void apply(struct json_tree *tree, const struct target *t, enum change change)
{
    struct json_node *parent = parent_node(tree, t);
    struct str name = str_of(t->pointer[t->depth - 1]);
    struct json_node *value = json_node_get(parent, name);
    struct json_node *other = NULL;
    char renamed[80];

    if (change == RENAME) {
        snprintf(renamed, sizeof(renamed), "%sx", name.p);
        assert_true(
            json_node_set(tree, parent, str_of(renamed), json_node_clone(tree, value)));
    }
    if (change != RETYPE) {
        assert_true(json_node_remove(parent, name));
        return;
    }
    /* an array becomes one value, everything else an array of arrays */
    if (json_node_kind(value) == JSON_ARRAY) {
        other = json_node_bool(tree, true);
    } else {
        other = json_node_array(tree);
        assert_true(json_node_insert(other, 0, json_node_array(tree)));
    }
    assert_true(json_node_set(tree, parent, name, other));
}

/* What the tables say of dropping: an object left empty is refused as well. */
static bool may_drop(const struct target *t, const struct json *object)
{
    const struct fhir_element *e =
        fhir_element_named(t->owner, str_of(t->pointer[t->depth - 1]));
    assert_non_null(e);
    return e->min == 0 && json_count(object) > 1;
}

static void change_one(
    const struct target *t, const struct json *object, enum change change)
{
    struct arena *a = arena_new();
    struct json_tree *tree = NULL;
    const struct json *changed = NULL;
    const struct fhir_type *type = NULL;
    struct fhir_issues issues = {0};
    struct err err = {0};
    char path[512];
    bool named = false;
    int r;

    assert_int_equal(json_tree_copy(a, t->resource, &tree, &err), 0);
    apply(tree, t, change);
    assert_int_equal(json_node_freeze(a, json_tree_root(tree), &changed, &err), 0);
    r = fhir_validate(a, changed, NULL, &issues, &type, &err);
    write_path(t, type->name, path, sizeof(path));
    if (change == DROP && may_drop(t, object)) {
        if (r != 0)
            fail_msg("dropping %s: %s: %s", path, err.path, err.text);
    } else {
        if (r != E_INVALID)
            fail_msg("change %d of %s was not refused", (int)change, path);
        /* the place itself, what it was renamed to, or the object left empty */
        for (size_t i = 0; i < issues.count; i++) {
            size_t len = strlen(issues.list[i].path);
            named = named || strncmp(issues.list[i].path, path, strlen(path)) == 0 ||
                    (len > 5 && strncmp(issues.list[i].path, path, len) == 0);
        }
        if (!named)
            fail_msg("change %d of %s is told at %s", (int)change, path, err.path);
    }
    ++*t->changed;
    arena_free(a);
}

static void walk(struct target *t, const struct json *object);

static void descend(
    struct target *t, const struct json *value, const struct fhir_type *type)
{
    struct json_each it = json_each(value);
    const struct fhir_type *owner = t->owner;

    if (type->kind != FHIR_COMPLEX && type->kind != FHIR_BACKBONE)
        return;
    t->owner = type;
    if (json_is_array(value)) {
        while (json_next(&it)) {
            t->pointer[t->depth] = NULL;
            t->index[t->depth] = it.index;
            t->depth++;
            walk(t, it.value);
            t->depth--;
        }
    } else {
        walk(t, value);
    }
    t->owner = owner;
}

static void walk(struct target *t, const struct json *object)
{
    struct json_each it = json_each(object);
    while (json_next(&it)) {
        const struct fhir_element *element = NULL;
        if (str_is(it.name, "resourceType"))
            continue;
        element = fhir_element_named(t->owner, it.name);
        assert_non_null(element);
        t->pointer[t->depth++] = element->name;
        for (int change = 0; change < CHANGES; change++)
            change_one(t, object, (enum change)change);
        descend(t, it.value, &fhir_types[element->type]);
        t->depth--;
    }
}

static void every_change_is_refused_where_it_is(void **state)
{
    unsigned changed = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(SAMPLES) / sizeof(SAMPLES[0]); i++) {
        struct arena *a = arena_new();
        struct fhir_issues issues = {0};
        struct err err = {0};
        struct target t = {.changed = &changed};
        const struct fhir_type *type = NULL;

        assert_int_equal(
            json_read(a, str_of(SAMPLES[i]), LIMIT_RECORD_BYTES, &t.resource, &err), 0);
        if (fhir_validate(a, t.resource, NULL, &issues, &type, &err) < 0)
            fail_msg("sample %zu: %s: %s", i, err.path, err.text);
        t.owner = type;
        walk(&t, t.resource);
        arena_free(a);
    }
    printf("%u changes\n", changed);
    assert_true(changed > 250);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_change_is_refused_where_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
