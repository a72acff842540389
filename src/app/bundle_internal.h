/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Batches and transactions.
 *
 *   bundle.c               what a Bundle asks, entry by entry
 *   bundle_take.c          a Bundle's text cut into entries
 *   bundle_batch.c         each entry a call of its own
 *   transaction_read.c     entries taken apart and checked
 *   transaction.c          from entries to one store_transaction
 *   transaction_refer.c    references between entries, conditional references
 *   transaction_answer.c   the response
 */
#ifndef APP_BUNDLE_INTERNAL_H
#define APP_BUNDLE_INTERNAL_H

#include "base/id.h"

#include "app/app_internal.h"
#include "app/text_map.h"

/* One entry: what it asks, and (in a transaction) what was decided. */
struct bundle_entry {
    size_t index;
    enum app_method method;
    struct str path;  /* decoded, relative to the base */
    struct str query; /* p NULL: none */
    struct str full_url;
    struct str if_match;
    struct str if_none_match;
    struct str if_none_exist;
    struct str if_modified_since;
    const struct json
        *resource;       /* a patch for a patch; NULL: none. In a transaction only
                                    while the entry is read (transaction_resource) */
    struct str given_id; /* the resource's; p NULL: none */
    bool json_patch;

    struct rest rest;
    struct condition *condition;
    struct str id;                /* of the record it is about; p NULL: of none */
    struct str target;            /* "Type/id" */
    struct store_record existing; /* what If-None-Exist found */
    bool found;                   /* existing is set */
    size_t write;                 /* in transaction.writes; SIZE_MAX: none */
};

/* A Bundle taken apart: what it says of itself is read, its entries are not yet. */
struct bundle_parts {
    const struct json *head; /* perhaps without its entries */
    struct str text;         /* all of it; p NULL: there is none */
    const struct str *items;
    size_t count;
};

/* Take the Bundle ${text} (at most ${max} bytes) apart. It need not be a Bundle: head says
 * so then. E_INVALID: no JSON, as far as was looked; E_TOO_LARGE. ${text} is not copied. */
int bundle_take(struct arena *a, struct str text, size_t max, struct bundle_parts *ret,
    struct err *err);

/* The same of one that was read. */
int bundle_take_json(struct arena *a, const struct json *bundle,
    struct bundle_parts *ret, struct err *err);

/* What ${entry}, the item ${index} of a Bundle's entries, asks. ${base} is taken off
 * addresses that begin with it. E_INVALID with the path Bundle.entry[i]... */
int bundle_entry_read(struct arena *a, const struct json *entry, size_t index,
    struct str base, struct bundle_entry *ret, struct err *err);

/* Put the entry's request into ${call}. */
void bundle_entry_call(const struct bundle_entry *entry, struct app_call *call);

/* Order of work: DELETE, POST, PUT and PATCH, GET. */
#define BUNDLE_PHASES 4
unsigned bundle_phase(enum app_method method);

/* Does it change a record? Else it only asks, whatever its method. ${e->rest} is known. */
bool bundle_writes(const struct bundle_entry *e);

/* Set the path of ${err} to Bundle.entry[index] and ${tail}; returns err's code. */
int bundle_err(struct err *err, size_t index, const char *tail, int code,
    const char *fmt, ...) __attribute__((format(printf, 5, 6)));
void bundle_err_place(struct err *err, size_t index, const char *tail);

/* "201 Created" and the like. */
const char *bundle_status(int status);

/* Append the entry of a response that tells what became of ${call}, a request of its
 * own. */
void bundle_write_call(struct json_out *o, const struct app_call *call);

/* Do the batch ${bundle} for ${call}; on a job thread. */
int batch_run(struct app_call *call, const struct rest *rest, const struct json *bundle,
    struct err *err);

/* ---- transactions ---- */

/* A conditional reference that was met, and what it came to. */
struct transaction_reference {
    struct condition condition;
    struct str target;
};

struct transaction {
    /* given */
    struct app *app;
    struct arena *arena;
    enum app_space space;
    bool any_space; /* types of both spaces */
    struct str base;
    struct str actor;
    const struct audit_who *who; /* for the audit trail; NULL: the actor */
    struct access *access;       /* of who calls; NULL: not limited */
    struct bundle_parts parts;
    bool bodies; /* keep what is stored for the answer */

    /* by transaction_read */
    struct bundle_entry *entries;
    size_t count;
    struct text_map urls;      /* fullUrl -> entry */
    struct text_map relatives; /* "Type/id" at the end of a POST's fullUrl -> entry */

    /* by transaction_plan */
    struct arena *scratch;       /* for one entry at a time */
    struct arena *look;          /* for another one meanwhile */
    struct store_reader *reader; /* while planning; for its GETs also afterwards */
    struct text_map named;       /* "Type/id" -> entry */
    struct text_map asked;       /* "Type?query" -> reference */
    struct transaction_reference *references;
    size_t reference_count;
    size_t reference_cap;
    struct store_write *writes;
    size_t *write_entries;
    size_t write_count;
    struct str *made; /* ids of the patients it makes */
    size_t made_count;
    size_t current;  /* entry being rewritten */
    bool reads;      /* it has GETs */
    bool unresolved; /* failed because a conditional reference matched nothing */
    struct store_transaction tx;
};

/* Take the entries apart and check them: each request, each resource. All problems go
 * to ${issues}; E_INVALID when there is one. Once. */
int transaction_read(
    struct transaction *t, struct fhir_issues *issues, struct err *err);

/* Decide on a snapshot what is written, and prepare it: fills t->tx but for done(). May
 * be repeated after a lost race. */
int transaction_plan(
    struct transaction *t, struct fhir_issues *issues, struct err *err);

/* True when t->tx failed because of a lost race that another plan may win. */
bool transaction_raced(const struct transaction *t);

/* The error of the failed t->tx, with the entry's path. */
int transaction_error(const struct transaction *t, struct err *err);

/* Make ${text} a copy in t->arena. */
int transaction_keep(struct transaction *t, struct str *text, struct err *err);

/* Issues from ${from} on, of the resource of entry ${index}, name their place in the
 * Bundle: Patient.name[0] becomes Bundle.entry[3].resource.name[0]. */
int transaction_place(struct transaction *t, struct fhir_issues *issues, size_t from,
    size_t index, struct err *err);

/* Read the resource (or patch) of ${e} into ${a}. While reading or planning. */
int transaction_resource(const struct transaction *t, struct arena *a,
    const struct bundle_entry *e, const struct json **ret, struct err *err);

/* For record_prepare: replaces references by what the entries became. rw->arg is the
 * transaction. */
int transaction_resolve(struct rewrite *rw, struct str text, enum rewrite_kind kind,
    struct str *ret, struct err *err);

/* Do the transaction ${parts} for ${call}; on a job thread. */
int transaction_run(struct app_call *call, const struct rest *rest,
    const struct bundle_parts *parts, struct err *err);

/* Does it write several posts (PractitionerRole)? Then who is there beside whom is not known yet. */
bool transaction_writes_posts(const struct transaction *t);

#endif
