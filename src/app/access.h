/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asking who may read, for the length of one call. People are asked about: callers who
 * signed in with an account, and tokens that name a practitioner; and programs that asked
 * for their token (app/client.h), of which what their scopes leave is asked first. A token
 * of neither was made by the operator, and reads all.
 *
 * The rules are view/reader.h's. A reader is made when the first record is asked about
 * and ends with the snapshot it was made for. All functions take NULL for an access that
 * is not limited. One thread at a time, as the call is.
 */
#ifndef APP_ACCESS_H
#define APP_ACCESS_H

#include "app/app.h"
#include "view/reader.h"

struct access;

/* By which rule a record was open to its reader: goes to the trail. */
struct access_why {
    uint8_t
        reason; /* enum reader_reason; READER_NOBODY: it was not asked, or nobody was */
    store_rid by; /* struct reader_verdict */
};

/* Is ${caller} somebody who must be asked about? */
bool access_limited(const struct app_caller *caller);

/* The access of ${call}'s caller, in its arena; ${*ret} NULL: not limited. Fills the posts
 * of a caller whose token names a practitioner. */
int access_new(struct app_call *call, struct access **ret, struct err *err);

/* From here to access_end() questions are about ${snapshot}. */
void access_begin(struct access *a, struct store_reader *snapshot);
void access_end(struct access *a);

/* May the current version of ${rid} be read? A deleted record as its last content. */
int access_allows(struct access *a, store_rid rid, bool *ret, struct err *err);

/* The same of a record that is known to live. */
int access_allows_live(struct access *a, store_rid rid, bool *ret, struct err *err);

/* May ${rec}, any version of a record, be read? One that deletes as the one before it. */
int access_allows_record(
    struct access *a, const struct store_record *rec, bool *ret, struct err *err);

/* May ${write} be done (access_write.c)? Else E_NOT_FOUND, where the record is not to be
 * seen, or E_FORBIDDEN with a sentence. ${ret_vid} (may be NULL) gets the version that was
 * looked at, "" of a new record: one that is there by then was made meanwhile. Where scopes
 * alone decide nothing is looked at, and it stays as it was: ACCESS_NOT_LOOKED. */
#define ACCESS_NOT_LOOKED "?"
struct access_write {
    const struct fhir_type *type;
    struct str id;               /* p NULL: a new record */
    const struct json *resource; /* NULL: it is deleted */
    bool by_operation; /* it is what an operation writes, who checked its own rules */
};
int access_check_write(struct access *a, const struct access_write *write,
    char ret_vid[STORE_VID_CHARS + 1], struct err *err);

/* What is to be refused whoever writes it, also where nobody is asked for a right: a volume that is not under its own id (E_INVALID), a
 * Measure under that of an indicator (E_CONFLICT). */
int access_check_form(const struct access_write *write, struct err *err);

/* Why ${rid} was open: what was answered last, or where a snapshot is there what is found
 * among what the reader remembers. Never fails: what is not known is not told. */
struct access_why access_why(struct access *a, store_rid rid);

/* ${ids}, which live as long as the access: patients that are made by the same
 * transaction, each of which was checked. */
void access_expect(struct access *a, const struct str *ids, size_t count);

/* ${makes}(${arg}, "Type/ID"): is it a record that the same transaction makes, under an id of
 * ours? Such a one may be named. NULL: there is none. */
void access_makes(
    struct access *a, bool (*makes)(void *arg, struct str reference), void *arg);

/* Does the same transaction write several posts? */
void access_together(struct access *a, bool together);

/* ${body}, which lives as long as the call: a Consent that is written by the same
 * transaction, and was checked. access_expect() forgets them. E_TOO_LARGE. */
int access_expect_consent(struct access *a, struct str body, struct err *err);

/* The filter of searches; NULL: all may be seen. Good while the call is, to be used
 * between access_begin() and access_end(). */
const struct search_filter *access_filter(struct access *a);

/* How the answer to a question about one record begins. ${hidden}: it is there, but not for
 * this caller, which goes to the audit trail as a refusal with the status 404. Else the same
 * work is done as for one that may not be read. */
void access_missing(struct access *a, unsigned type, bool hidden);

/* Wait until the end of the step of LIMIT_REFUSAL_NS that the call is in; not for who sees all. For
 * answers that may lack what is hidden; no snapshot is to be held meanwhile. */
void access_wait(const struct access *a);

/* E_NOT_FOUND, in the same words whether ${type}/${id} is not there or not for this
 * caller. ${version}: a version of it was asked for. */
int access_no_such(
    const struct fhir_type *type, struct str id, bool version, struct err *err);

/* The name of the change ${seq} for callers who do not hear of all: numbers would tell how
 * many others there were between two. ${*ret}: what it names; false: none of ours. */
#define ACCESS_EVENT_ID_MAX 48
int access_event_id(struct app *app, int64_t seq, char out[ACCESS_EVENT_ID_MAX]);
bool access_event_seq(struct app *app, struct str id, int64_t *ret);

/* What may ${caller} hear of ${count} changes? ${ret}: one answer each. Of a case that was sent to
 * them and is theirs no more, that something is gone: neither what nor why. */
enum access_hearing { ACCESS_HEARS_NOTHING, ACCESS_HEARS, ACCESS_HEARS_GONE };
struct access_change {
    unsigned type;
    struct str id;
    int64_t seq;
};
int access_hears(struct app *app, struct app_caller *caller,
    const struct access_change *changes, size_t count, enum access_hearing *ret,
    struct err *err);

#endif
