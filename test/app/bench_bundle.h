/* SPDX-License-Identifier: Apache-2.0 */
/* The node of a measurement, and many records for it, ${BENCH_CHUNK} in a transaction. */
#ifndef TEST_APP_BENCH_BUNDLE_H
#define TEST_APP_BENCH_BUNDLE_H

#include <stdarg.h>
#include <stdio.h>

#include "node.h"

#define BENCH_CHUNK 1000

static struct node node;
static struct buf bundle; /* made by who measures, with room for a chunk */
static int entries;

/* Write down what has come together. */
static inline void send(void)
{
    if (!entries)
        return;
    buf_adds(&bundle, "]}");
    said_free(said_status(POST(&node, "", buf_cstr(&bundle)), 200));
    buf_clear(&bundle);
    entries = 0;
}

static inline void put_members(
    const char *type, const char *id, const char *rest, va_list ap)
{
    buf_addf(&bundle,
        "%s{\"request\":{\"method\":\"PUT\",\"url\":\"%s/%s\"},\"resource\":{"
        "\"resourceType\":\"%s\",\"id\":\"%s\"",
        entries ? ","
                : "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[",
        type, id, type, id);
    buf_addv(&bundle, rest, ap);
    buf_adds(&bundle, "}}");
    if (++entries == BENCH_CHUNK)
        send();
}

/* The record ${id} of ${type} with the members ${rest}, which begin with a comma. */
__attribute__((format(printf, 3, 4))) static inline void put_named(
    const char *type, const char *id, const char *rest, ...)
{
    va_list ap;

    va_start(ap, rest);
    put_members(type, id, rest, ap);
    va_end(ap);
}

/* The same with a letter and a number for an id. */
__attribute__((format(printf, 4, 5))) static inline void put(
    const char *type, char letter, int number, const char *rest, ...)
{
    char id[16];
    va_list ap;

    snprintf(id, sizeof(id), "%c%d", letter, number);
    va_start(ap, rest);
    put_members(type, id, rest, ap);
    va_end(ap);
}

#endif
