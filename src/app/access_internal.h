/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of access share. */
#ifndef APP_ACCESS_INTERNAL_H
#define APP_ACCESS_INTERNAL_H

#include "app/access.h"
#include "app/scope.h"

struct access {
    struct app_call *call;
    uint64_t begun;                /* monotonic ns */
    struct store_reader *snapshot; /* NULL: none now */
    struct arena *arena; /* of the reader: the call's for its first snapshot, which for
                            most calls is the only one; then a new one for each */
    bool lent;           /* the call's has served */
    struct reader *reader;    /* NULL: nothing was asked yet */
    struct search_filter own; /* the reader's */
    struct search_filter filter;
    store_rid asked; /* the record asked about last, and why it was open; 0: none */
    struct access_why why;
    const struct str *made; /* access_expect() */
    size_t made_count;
    bool
        whole; /* a program bound to no hospital: what its scopes name, and no reader */
    enum scope_verb looks;         /* for single records; 0: SCOPE_READ */
    struct search_query **queries; /* by scope; NULL: not planned yet */
    bool (*makes)(void *arg, struct str reference); /* access_makes(); or NULL */
    void *makes_arg;
    bool together;                /* access_together() */
    const struct json **consents; /* access_expect_consent() */
    size_t consent_count;
};

/* May ${write} leave the country, and does a Consent say all it must? ${before}: the version
 * that is changed, or NULL (access_consent.c). */
int access_check_consent(struct access *a, const struct access_write *write,
    const struct json *before, struct err *err);

/* Make the reader, if there is none yet. */
int access_make(struct access *a, struct err *err);

/* ---- scopes of programs (access_scope.c); who has none is let through ---- */

/* Do the scopes give ${verb} for ${rid}? */
int access_scope_allows(
    struct access *a, store_rid rid, enum scope_verb verb, bool *ret, struct err *err);

/* The same for any version of a record, to be shown. */
int access_scope_allows_record(
    struct access *a, const struct store_record *rec, bool *ret, struct err *err);

/* Can nothing of ${type} be found by a search? */
bool access_scope_none(const struct access *a, unsigned type);

/* As access_check_write(), by scopes alone. */
int access_scope_check_write(struct access *a, const struct access_write *write,
    char ret_vid[STORE_VID_CHARS + 1], struct err *err);
/* May the record of ${rec} be read, whatever the scopes say, and why? */
int access_judge(struct access *a, const struct store_record *rec,
    struct reader_verdict *ret, struct err *err);

/* What is there before a write. */
struct access_before {
    const struct json *json;   /* NULL: nothing, or deleted */
    struct str actor;          /* of that version */
    enum reader_reason reason; /* why the caller sees it */
};

/* Is ${reference} a new record of the same transaction? */
static inline bool access_is_made(const struct access *a, struct str reference)
{
    return a->makes && a->makes(a->makes_arg, reference);
}

/* Is the member ${name} the same in both, or in neither? */
static inline bool access_same(
    const struct json *one, const struct json *other, struct str name)
{
    const struct json *a = json_getn(one, name);
    const struct json *b = json_getn(other, name);

    return (!a && !b) || (a && b && json_equal(a, b));
}

/* Are all members of ${one} and ${other} the same but ${but} and meta (access_write.c)? */
bool access_same_but(
    const struct json *one, const struct json *other, const char *const *but);

/* ---- the directory (access_directory.c) ---- */

bool access_is_directory(const char *type);
int access_check_directory(struct access *a, const struct access_write *write,
    const struct access_before *before, struct err *err);

/* Does ${after}, a post, say of being fit for the height what ${before} said, of the same
 * person? Else E_FORBIDDEN: $fitness alone writes it (fitness.c). */
int access_check_fitness(
    const struct json *before, const struct json *after, struct err *err);

/* Is ${write} of a team, its term or a posting of it, and by who runs or coordinates them
 * (access_team.c)? */
bool access_plans_team(
    struct access *a, const struct access_write *write, const struct json *before);

/* Is ${me}, "Practitioner/ID", in ${reference}, with or without address or version? */
bool access_is_named(struct str reference, struct str me);

/* Does a post administer ${unit} ("Organization/ID"; p NULL: not known) or what it is part
 * of? */
bool access_administers(struct access *a, struct str unit);

/* Is ${write} no more than the word that a bed is free, occupied or closed, by somebody who
 * may say so? E_CONFLICT: it is kept for a transfer (access_bed.c). */
int access_check_bed(struct access *a, const struct access_write *write,
    const struct json *before, bool *ret_may, struct err *err);

/* ---- what the operations of a case alone write (access_case.c) ---- */

int access_check_case(struct access *a, const struct access_write *write,
    const struct access_before *before, struct err *err);

/* ---- cases that are taken away (case_left.c) ---- */

/* Was ${request}, a ServiceRequest, open to ${reader} as one who is asked, and did the version ${seq} (0: the current one)
 * end that? */
struct case_left_ask {
    struct store_reader *snapshot;
    struct reader *reader;
    struct arena *arena;
    store_rid request;
    int64_t seq;
};
int case_left(const struct case_left_ask *ask, bool *ret, struct err *err);

/* ---- records that open others by naming them (access_share.c) ---- */

int access_check_shared(struct access *a, const struct access_write *write,
    const struct access_before *before, struct err *err);

#endif
