/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The catalogue that a node was given in the place of the one that was built in. Each version
 * that was ever taken over is kept, and its name never comes to mean anything else:
 *
 *   setting             value
 *   catalogue-used      the version that counts; none: the built-in one
 *   catalogue/VERSION   its text (app/catalogue_read.h)
 *
 * A process reads it when it opens the node, and not again: numbers of things are all over its
 * memory. So a node that is served uses another one from its next start.
 */
#ifndef APP_CATALOGUE_NODE_H
#define APP_CATALOGUE_NODE_H

#include "app/app.h"
#include "app/catalogue_read.h"

/* Use ${app}'s, if it has one. What cannot be read any more (by a Belay that asks more of a text) is
 * told in the log, and the built-in one is used: a node must start. */
int catalogue_node_load(struct app *app, struct err *err);

/* ${app} is closed: its own is used no more. */
void catalogue_node_leave(struct app *app);

/* Take ${text} over. ${ret}, in ${a}, is what it says. E_INVALID: it has ${faults}, or its version is the
 * name of another text; nothing was taken over. */
int catalogue_node_import(struct app *app, struct arena *a, struct str text,
    struct catalogue *ret, struct catalogue_faults *faults, struct err *err);

/* Use ${version} again, or with p NULL the built-in one. E_NOT_FOUND: it is not kept here. */
int catalogue_node_choose(struct app *app, struct str version, struct err *err);

/* The version that counts at the next start, in ${a}; p NULL: the built-in one. */
int catalogue_node_used(
    struct app *app, struct arena *a, struct str *ret, struct err *err);

/* The text of it, in ${a}. */
int catalogue_node_text(
    struct app *app, struct arena *a, struct str *ret, struct err *err);

/* All versions that are kept, in ${a}. */
int catalogue_node_versions(struct app *app, struct arena *a, struct str **ret,
    size_t *ret_count, struct err *err);

#endif
