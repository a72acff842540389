/* SPDX-License-Identifier: Apache-2.0 */
/* FHIRPath Patch in two parts: what an operation asks (path_patch.c), and the JSON Patch
 * operations that do it (path_patch_json.c). */
#ifndef FHIR_PATH_PATCH_INTERNAL_H
#define FHIR_PATH_PATCH_INTERNAL_H

#include "fhir/path_internal.h"
#include "json/patch.h"

/* JSON Patch operations that one FHIRPath operation may need: a list and its companion,
 * or one after another up the tree while it deletes what becomes empty. */
#define PATH_PATCH_OPS 8

struct path_patch {
    struct arena *scratch;  /* emptied after the next operation */
    const struct json *now; /* the record as it is before this operation */
    struct json_patch_op ops[PATH_PATCH_OPS];
    size_t count;
    size_t at; /* number of the operation */
    struct err *err;
};

/* One operation as its parts say; texts with p NULL and values NULL: not given. */
struct path_operation {
    struct str type;
    struct str path;
    struct str name;
    const struct json *value; /* the whole part named "value" */
    const struct fhir_path *parsed;
    size_t index, source, destination;
    bool has_index, has_source, has_destination;
};

/* ${code} with the sentence "Operation n of the patch: ..." */
int path_patch_fail(const struct path_patch *p, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The value at a pointer of names that need no escapes; NULL if there is none. */
const struct json *path_patch_get(const struct json *j, struct str pointer);

/* ${pointer} without its last name. */
struct str path_patch_parent(struct str pointer);

/* Take the last member off a chain: "Patient.contact" is "Patient" and "contact". */
int path_patch_split(const struct path_patch *p, const struct fhir_path *path,
    const struct fhir_path **ret_before, struct str *ret_name);

/* The JSON of the part ${part}, for an element of type ${type}: its value[x], or an
 * object of its own parts. */
int path_patch_value(const struct path_patch *p, const struct json *part, uint16_t type,
    const struct json **ret);

/* Each adds JSON Patch operations to ${p}. */
int path_patch_add_element(struct path_patch *p, const struct fhir_path_item *parent,
    struct str name, const struct json *part);
int path_patch_replace(
    struct path_patch *p, const struct fhir_path_item *place, const struct json *part);
int path_patch_delete(struct path_patch *p, struct str pointer);
int path_patch_list_insert(
    struct path_patch *p, struct str list, size_t index, const struct json *value);
int path_patch_list_move(struct path_patch *p, struct str list, size_t from, size_t to);

#endif
