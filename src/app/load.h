/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loading much at once: records, Bundles, NDJSON. Workers read, check and prepare; the
 * store's writer goes behind them, in the order of the input:
 *
 *   caller: cuts the input into units ─► workers: prepare ─► in turn ─► writer
 *
 * What becomes of what:
 *   transaction Bundle       carried out, all or nothing
 *   batch Bundle             carried out, each entry for itself
 *   collection, searchset    each record stored
 *   document, message        stored as the one Bundle it is
 *   history                  refused
 *   any other resource       stored; NDJSON: one a line
 * A record with an id is stored under it (created or updated), else it gets one. Types
 * of both spaces are taken.
 */
#ifndef APP_LOAD_H
#define APP_LOAD_H

#include "app/app.h"

struct app_load;

/* A part of the input that could not be loaded. */
struct app_load_error {
    const char *file;
    int64_t entry;    /* of a Bundle, or line of NDJSON, from 1; 0: the whole file */
    const char *path; /* in the record; "" if nowhere */
    const char *text; /* one sentence */
    int code;         /* enum err_code */
};

struct app_load_options {
    bool strict; /* the first fault ends it and nothing is stored: all is kept in memory
                         and written in one transaction at the end, at most
                         LIMIT_STRICT_RECORDS. A transaction Bundle whose conditions are
                         about a type that another file brings is refused then */
    bool bulk;   /* index afterwards by sorting; no other writer meanwhile */
    unsigned threads; /* workers; 0: one a processor */
    struct str actor; /* who loads, for the log of versions */
    /* Told each fault, one at a time, from any thread; after strict's first none. */
    void (*error)(void *arg, const struct app_load_error *e);
    void *arg;
};

struct app_load_result {
    int64_t bytes; /* read */
    int64_t created;
    int64_t updated;
    int64_t unchanged; /* identical to what was there */
    int64_t deleted;
    int64_t failed; /* records and transactions refused; each may have several faults */
};

/* Begin. With bulk: E_BUSY while others write. The load is for one caller's thread. */
int app_load_new(struct app *app, const struct app_load_options *options,
    struct app_load **ret, struct err *err);

/* Bytes of one file or other source; unpacker_read() fits. */
struct app_load_source {
    const char *name; /* for errors; copied */
    long (*read)(void *arg, void *out, size_t cap, struct err *err);
    void *arg;
};

/*
 * Load all of ${source}: JSON (one value, at most LIMIT_IMPORT_FILE) or NDJSON (told by a
 * second value, lines at most LIMIT_IMPORT_LINE). Faults of the content are told to
 * error() and the rest goes on; the return is negative only when the load cannot go on:
 * the source cannot be read, the store fails, or strict met a fault (E_INVALID). Waits
 * while too much is under way.
 */
int app_load_stream(
    struct app_load *l, const struct app_load_source *source, struct err *err);

/* The same from memory. */
int app_load_text(
    struct app_load *l, const char *name, struct str text, struct err *err);

/*
 * Let all that follows be written at ${at}; 0: at the moment it is. It stands in the log as
 * if it had come then, so that what was known when can be asked for; only a node that holds
 * nothing later takes it so (store_transaction.at). Not with strict.
 */
void app_load_at(struct app_load *l, utc_ms at);

/* How far it is. Any thread. */
void app_load_progress(struct app_load *l, struct app_load_result *ret);

/*
 * Wait until everything is on the disk (strict: store it now, if there was no fault;
 * bulk: build the indexes) and free ${l}, whatever is returned. ${ret} is always set.
 * E_INVALID: strict, and there was a fault; else what broke the load. Faults told
 * otherwise do not make it fail. NULL ${l} is fine.
 */
int app_load_end(struct app_load *l, struct app_load_result *ret, struct err *err);

#endif
