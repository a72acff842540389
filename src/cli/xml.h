/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tags of an XML part of an office file, one after another, with the text before each: libxml2's reader with what such a
 * part needs. What is declared in it is not followed, so nothing is fetched and nothing grows. Names are told without
 * their prefix. For one thread.
 */
#ifndef CLI_XML_H
#define CLI_XML_H

#include "base/buf.h"
#include "base/text.h"

struct _xmlTextReader; /* libxml2 */

struct xml {
    struct _xmlTextReader *reader;
    struct buf text; /* between the tag before and this one, without escapes */
    struct str name; /* of the tag */
    bool ends;       /* </name> */
    bool empty;      /* <name/> */
    int error; /* 0; E_NOMEM; E_TOO_LARGE: a text; E_INVALID: no XML, or it breaks off */
};

/* Read ${part}, which must stay until xml_close. What fails stands in error, and there is no tag. */
void xml_open(struct xml *x, struct str part);
void xml_close(struct xml *x);

/* Go to the next tag; false at the end, or after an error. */
bool xml_next(struct xml *x);

/* Is ${x} at the beginning of ${name}? */
bool xml_begins(const struct xml *x, const char *name);
bool xml_ends(const struct xml *x, const char *name);

/* The attribute ${name} of the tag, until another or the next tag is asked for; p NULL: none. */
struct str xml_attribute(const struct xml *x, const char *name);

#endif
