/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The use cases. The only way a record is written. Every use case does the same four
 * things: authorise, read, decide, write.
 *
 * A call comes in as a struct app_call: filled by http (or by cli, in process), run by
 * app_start(), answered in its own fields. A call that only reads is answered at once.
 * One that writes is handed to the store's writer or to a job thread; then app_start()
 * returns APP_WAITING and ${wake} is called, on another thread, when app_finish() may
 * be called to make the answer.
 */
#ifndef APP_APP_H
#define APP_APP_H

#include "base/arena.h"
#include "base/buf.h"

#include "fhir/validate.h"
#include "json/json.h"
#include "store/store.h"

struct app;
struct scopes;

struct app_options {
    const char *path; /* the node's folder */
    bool create;      /* belay init */
    bool read_only;   /* beside a running server */
    bool memory;      /* a store in memory: tests */
    bool bulk;   /* into a node that holds nothing: nothing is safe before app_close */
    bool clocks; /* do what the node does when a clock of a case runs out */
    bool may_open;        /* app_ask() works: for the server of `belay bench` alone */
    const char *key_file; /* where a new node's key is put; NULL: in its database */
    const struct store_fill_watch *fill_watch; /* store.h; NULL: nobody looks */
    const char *base_url; /* "http://127.0.0.1:8080"; /fhir and /programme follow */
};

/* Open a node: store, views, keys. Errors as store_open. */
int app_open(const struct app_options *options, struct app **ret, struct err *err);
void app_close(struct app *app);
struct store *app_store(struct app *app);

/*
 * For `belay bench --open`, to measure what asking costs: with ${asks} false nobody is
 * asked about and no read goes into the trail, until it is called with true. E_FORBIDDEN:
 * ${app} was not opened with may_open. http_server_start() serves such a node on loopback
 * only. Any thread; requests under way go on as they began.
 */
int app_ask(struct app *app, bool asks, struct err *err);
bool app_may_open(const struct app *app);

/* ---- who calls (app/session.h has tokens) ---- */

/* What somebody is at a place, now (app/person.h). */
struct app_post {
    struct str role;         /* a code of https://belay.health/CodeSystem/role */
    struct str organization; /* the hospital: "Organization/ID"; p NULL: everywhere */
    struct str department;   /* the unit of it; p NULL: the hospital itself */
    utc_ms until;            /* 0: no end is known */
};

struct app_caller {
    struct str name;         /* as given to `belay token` */
    struct str role;         /* clinician, expert, administrator, program ... */
    struct str practitioner; /* "Practitioner/ID" or p NULL */
    struct str organization; /* "Organization/ID" or p NULL */
    struct str address;      /* where from, as http tells it; p NULL: this program */
    struct str account;      /* signed in with a password: whose account; else p NULL */
    struct str client;       /* a program that asked for its token (app/client.h) */
    const struct scopes *scopes;  /* what that token is for; NULL: no such program */
    const struct app_post *posts; /* valid now; role and organization are the first's */
    size_t post_count;
};

/* ---- a call ---- */

/* A version of a record that was put into an answer. */
struct app_seen {
    store_rid rid;
    int64_t seq;
    store_rid by; /* struct access_why */
    uint8_t reason;
};

enum app_method { APP_GET, APP_HEAD, APP_POST, APP_PUT, APP_PATCH, APP_DELETE };

enum app_space { APP_FHIR, APP_PROGRAMME }; /* /fhir or /programme */

/* Media types a body or an answer may have. */
enum app_format { APP_JSON, APP_JSON_PATCH, APP_FORM, APP_NDJSON, APP_RAW };

#define APP_WAITING 1

struct app_call {
    /* the request; slices live as long as the call */
    struct app *app;
    struct arena *arena; /* the request's */
    struct app_caller caller;
    enum app_method method;
    enum app_space space;
    struct str path;  /* behind /fhir/, percent-decoded: "Patient/1/_history" */
    struct str query; /* as sent, still encoded; p NULL: none */
    struct str body;
    enum app_format body_format;
    struct str if_match; /* header values; p NULL: not sent */
    struct str if_none_match;
    struct str if_none_exist;
    struct str if_modified_since;
    struct str prefer;
    struct str
        base; /* "http://host/fhir" as the client sees it; goes into answers as it
                        is, so only characters of a URL */
    struct str body_type;  /* Content-Type of an APP_RAW body: it becomes a Binary */
    struct str request_id; /* for the log; p NULL: none */
    struct str cookie;     /* secret of a visit, as the browser sent it; p NULL: none */
    struct str way;        /* the cookie of a sign-on under way; p NULL: none */
    struct str page_token; /* what a page sends with a change; p NULL: none */
    struct str agent;      /* User-Agent */
    struct str authorization; /* of a program that asks for a token; p NULL: not sent */
    utc_ms
        at; /* of callers in this program alone: when a step of a case happens; 0: now */
    bool raw; /* Accept wants no FHIR JSON: a Binary is answered as its bytes */
    void (*wake)(struct app_call *call);
    void *owner; /* the one who made the call */

    /* the answer */
    int status;            /* HTTP status */
    struct buf answer;     /* JSON; empty for 204 and 304 */
    char etag[32];         /* W/"..." or "" */
    char location[512];    /* or "" */
    utc_ms last_modified;  /* 0: none */
    struct str media_type; /* p NULL: application/fhir+json */
    char new_cookie[64];   /* another secret for the browser; "-": none any more */
    char new_way[224];     /* another cookie of that kind; "-": none any more */
    utc_ms retry_after;    /* of a 429; 0: not told */
    bool may_be_kept; /* by browsers, which ask with the ETag before they show it */
    bool lacks_scope; /* a 403 that a token with more scopes would not get */

    /* private */
    struct app_job *job_;
    const struct json *resource_; /* the body, where it was read already */
    struct app_seen *seen_;       /* clinical records in the answer, for the trail */
    size_t seen_count_;
    size_t seen_cap_;
    int kind_;              /* enum rest_kind */
    bool node_;             /* the node itself (app/case.h) */
    bool inner_;            /* part of a batch: long work is done here and now */
    struct str why_;        /* the reason given, for the trail; p NULL: none */
    struct access *access_; /* what may be read; NULL: all */
    struct store_reader
        *reader_; /* what it sees; NULL: what is committed when it looks */
    bool pretty_;
    void *sign_in_; /* a request under /session */
};

/* Is ${path} of ${space} asked by anybody, without a name? It tells nothing but what was approved for the public. */
bool app_is_public(enum app_space space, struct str path);

/* What ${outcome}, an OperationOutcome, says: its first sentence; p NULL: it is none. */
struct str app_sentence(const struct json *outcome);

/* Run ${call}: 0 when it is answered (an error too: status and an OperationOutcome), or
 * APP_WAITING. Any thread; a call is for one thread at a time. */
int app_start(struct app_call *call);

/* After wake(): complete the answer. May return APP_WAITING again. */
int app_finish(struct app_call *call);

/* app_start and app_finish with waiting in between: for cli and tests. */
void app_run(struct app_call *call);
/* The same, begun by ${start} (app/sign_in.h). */
void app_run_with(struct app_call *call, int (*start)(struct app_call *));

/* Free what the call holds besides its arena. */
void app_call_done(struct app_call *call);

/* Make the answer of ${call} an OperationOutcome for ${err} (and ${issues}, may be NULL). */
void app_fail(
    struct app_call *call, const struct err *err, const struct fhir_issues *issues);

/* ---- events ---- */

/* ${fn} is called for each committed change, on the writer's thread; it must not block.
 * One listener: another ${fn} takes its place; NULL ends it, and once this has returned
 * the old one is not running any more. Not from within ${fn}. */
void app_listen(
    struct app *app, void (*fn)(const struct store_event *e, void *arg), void *arg);

#endif
