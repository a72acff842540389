/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_VOLUME_FILE_INTERNAL_H
#define APP_VOLUME_FILE_INTERNAL_H

#include "app/volume_file.h"

/* An Organization or a Location. */
struct volume_unit {
    struct str id, name;
    struct str within; /* the id of what it is part of; p NULL: nothing */
    struct str folded; /* its name, to compare with */
};

struct volume_units {
    struct volume_unit *list;
    size_t count;
};

struct volume_written {
    struct str id;
    struct str value;
};

struct volume_known {
    struct volume_units organizations;
    struct volume_units locations;
    struct volume_written *written; /* by id */
    size_t written_count;
};

/* ${text} as names are compared, in ${a}; p NULL: no memory, or nothing is left of it. */
struct str volume_folded(struct arena *a, struct str text);

/* What the node holds. */
int volume_known_read(
    struct app *app, struct arena *a, struct volume_known *ret, struct err *err);

#endif
