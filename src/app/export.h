/* SPDX-License-Identifier: Apache-2.0 */
/* All records as they are, for a copy in the hands of whoever runs the node. */
#ifndef APP_EXPORT_H
#define APP_EXPORT_H

#include "app/app.h"

/*
 * Call ${line} with each record that exists, as a client reads it, type by type in the
 * order of their making, out of one snapshot. ${type} NULL: all types. Ends at the first
 * negative return of ${line}, and returns it. Any thread.
 */
int app_export(struct app *app, const struct fhir_type *type,
    int (*line)(void *arg, struct str record, struct err *err), void *arg,
    struct err *err);

#endif
