/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tags of an XML text, one after another, with the text before each: enough for the parts of an office file. What is
 * declared in it is not followed, so nothing is fetched and nothing grows. Names are told without their prefix. Pure.
 */
#ifndef CLI_XML_H
#define CLI_XML_H

#include "base/text.h"

struct xml {
    struct str rest;
    struct str text; /* before the tag, as it is written */
    struct str name; /* of the tag */
    struct str inside;
    bool ends;  /* </name> */
    bool empty; /* <name/> */
};

/* Go to the next tag; false at the end, or where the text breaks off. */
bool xml_next(struct xml *x);

/* Is ${x} at the beginning of ${name}? */
bool xml_begins(const struct xml *x, const char *name);
bool xml_ends(const struct xml *x, const char *name);

/* The attribute ${name} of the tag, as it is written; p NULL: none. */
struct str xml_attribute(const struct xml *x, const char *name);

/* Append ${text} to ${b} with what stands for a character in its place. */
void xml_unescape(struct buf *b, struct str text);

#endif
