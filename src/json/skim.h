/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A large JSON object taken apart without reading it: the items of one of its arrays
 * become slices of the text, to be read one at a time by whoever needs them. A document
 * read whole costs three times its text in memory; its items one by one cost one item.
 */
#ifndef JSON_SKIM_H
#define JSON_SKIM_H

#include "json/json.h"

struct json_skim {
    struct str rest;   /* the object with that array empty, still to be read */
    struct str *items; /* texts of the items, still to be read: they may be no JSON */
    size_t count;
};

/*
 * Find the items of the array that is member ${name} of the object ${text}. Brackets and
 * strings are told apart, nothing else is checked: when ${rest} and each item is JSON, so
 * is ${text}. Slices point into ${text}, ${rest} is in ${a}. 1: found; 0: it is no object
 * with such an array, or it is broken (json_read says how). E_TOO_LARGE: more than
 * ${most} items. E_NOMEM. Pure; any thread.
 */
int json_skim(struct arena *a, struct str text, const char *name, size_t most,
    struct json_skim *ret, struct err *err);

#endif
