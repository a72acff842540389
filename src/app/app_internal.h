/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the app room share.
 *
 *   call.c          a call from start to finish: who may, what it asks, who does it
 *   rest_parse.c    path, query and headers become a struct rest
 *   record.c        the form a record is stored in, and back
 *   summary.c       _summary and _elements
 *   outcome.c       errors as OperationOutcome
 *   page.c          links and sealed cursors
 *   read.c search.c history.c everything.c capability.c validate.c     readers
 *   write.c conditional.c patch.c                                      single writers
 *   bundle*.c rewrite.c                                                many at once
 *   jobs.c          threads for long work
 *   sign_in*.c account*.c password.c attempts.c    who comes in
 *   sign_on*.c                                    with an account elsewhere
 *   visit.c session*.c person.c                   who is in, and what they are
 *   indicator*.c    figures computed from events
 *   figure*.c report*.c   figures that were published, beside those, and reports
 *   caseload*.c     how many cases, for those who see no patient
 *   vitals*.c       what was measured of a patient, and what it means
 *   network*.c route*.c   who can do what where, and the way to them
 *   worklist*.c     which cases, for those who have to do with them
 *   procedure*.c    operations that were done, what became of them, ratings
 *   equipment*.c keeper.c   equipment from order to first patient, faults, who may
 *   map*.c          what hospitals can do, and why: the capability map
 *   logbook*.c      who did what how well, and what is missing for a sign-off
 *   timer.c         what the node does when a clock has run out
 *   access*.c scope.c                             what they may read and write
 *   oauth*.c client*.c                            programs, and tokens for them
 *   setting.c                                     settings that come in many
 *   case*.c         a case from asking to closing, step by step
 *   beside*.c mdt*.c plan*.c    what is done beside its steps: meetings, rehabilitation
 *   review*.c       the weekly review of a closed case
 *   handover*.c     what is handed over when a post ends
 *   watch*.c        patients under shared watch, and alerts
 *   change.c seek.c several records written, and found, by this program itself
 *   emergency*.c                                  breaking the glass, and its review
 *   audit*.c        who read and changed what
 *   choice.c notify*.c    what somebody chose, and telling them that a case waits
 */
#ifndef APP_APP_INTERNAL_H
#define APP_APP_INTERNAL_H

#include <stdatomic.h>

#include "base/limits.h"
#include "base/thread.h"

#include "app/access.h"
#include "app/app.h"
#include "crypto/seal.h"
#include "view/search.h"

struct attempts;
struct case_doing;
struct case_step;
struct beside;
struct beside_step;
struct client_tokens;
struct persons;
struct sessions;
struct sign_on;
struct visits;
struct jobs;
struct timer;
struct audit;
struct emergencies;
struct gaps;
struct networks;
struct catalogue;
struct procedure_rules;
struct answer_times;
struct audit_who;
struct notify;
struct watches;

struct app {
    struct store *store;
    struct arena *arena; /* filled by app_open, only read afterwards */
    struct jobs *jobs;
    struct sessions *sessions;
    bool read_only;
    bool may_open;
    atomic_bool synthetic; /* synthetic_is() */
    atomic_bool open;      /* app_ask() */
    struct visits *visits;
    struct persons *persons;
    atomic_uint codes_asked;             /* code_rule_asks() */
    struct reader_memory *memory;        /* NULL: opened for reading only */
    struct emergencies *emergencies;     /* what is open in an emergency */
    struct procedure_rules *rules;       /* by which procedures are judged */
    struct gaps *gaps;                   /* NULL: read only */
    struct networks *networks;           /* who can do what where */
    struct indicator_memory *indicators; /* facts of figures */
    struct kept_memory *independence;    /* and of apprenticeships */
    struct kept_memory *told;            /* what funnels tell */
    struct kept_memory *pulses;          /* and of what pairings do */
    struct map_days *map_days;           /* and at which level it was */
    const struct catalogue *catalogue;   /* its own; NULL: the built-in one */
    struct str catalogue_text;           /* of its own, as it was taken over */
    struct quality *quality;             /* which records are worth a second look */
    struct answer_times *answers;        /* how soon departments answer */
    struct attempts *attempts;
    struct client_tokens *clients;
    struct sign_on *sign_on;
    struct timer *timer;         /* NULL: nobody looks at clocks here */
    struct watches *watches;     /* NULL: nobody looks at them here */
    _Atomic(utc_ms) review_next; /* nothing is drawn before; 0: not known */
    _Atomic(utc_ms)
        handover_next;  /* ended posts are not looked at before; 0: not known */
    unsigned task_type; /* number of Task */
    pthread_mutex_t accounts_lock;   /* one change of an account's secrets at a time */
    pthread_mutex_t hashing;         /* one password at a time: each takes 64 MiB */
    atomic_uint hashing_queue;       /* how many wait for it or have it */
    struct audit *audit;             /* NULL: opened for reading only */
    atomic_bool no_addresses;        /* search_bases.none */
    _Atomic(struct notify *) notify; /* NULL: not served, so nobody is told */
    uint8_t seal_key[CRYPTO_SEAL_KEY_BYTES];
    uint8_t old_key[CRYPTO_SEAL_KEY_BYTES]; /* while it is being changed */
    bool has_old_key;
    struct str base[2];       /* by enum app_space */
    struct str capability[2]; /* by enum app_space: CapabilityStatement */
    utc_ms opened;
    pthread_mutex_t listener_lock; /* guards the two below; held while it is called */
    void (*listener)(const struct store_event *e, void *arg);
    void *listener_arg;
};

/* Let what readers share follow the log from here on. */
void app_follow(struct app *app);

/* ---- what a request asks (rest_parse.c) ---- */

enum rest_kind {
    REST_READ,
    REST_VREAD,
    REST_CREATE,
    REST_UPDATE,
    REST_PATCH,
    REST_DELETE,
    REST_HISTORY,
    REST_SEARCH,
    REST_BUNDLE,
    REST_METADATA,
    REST_VALIDATE,
    REST_EVERYTHING,
    REST_ACCESSES,
    REST_CASELOAD,
    REST_INDICATOR,
    REST_VITALS,
    REST_ROUTE,
    REST_WORKLIST,
    REST_LOGBOOK,    /* $logbook, $waiting */
    REST_PROCEDURE,  /* $record, $import, $follow-up, $rate, $respond */
    REST_MAP,        /* $capability-map, $capability */
    REST_CATALOGUE,  /* CodeSystem/$catalogue */
    REST_QUALITY,    /* Organization/$quality */
    REST_APPRENTICE, /* $propose, $agree, $extend, $stop */
    REST_LINEAGE,    /* $lineage, $independence */
    REST_ENROLMENT,  /* $plan, $enrol, $accept ... $used */
    REST_LEARNING,   /* $learning, $figures */
    REST_EQUIPMENT,  /* Device/$equipment (GET), $order, $step, $fault, $repaired */
    REST_TEAM,       /* $roster */
    REST_FIGURES,    /* PublishedFigure/$compare, $report */
    REST_REPORT,     /* Report/$freeze, Report/ID/$file (GET) */
    REST_PULSE,      /* OrganizationAffiliation/$pulse, $waiting */
    REST_FITNESS,    /* PractitionerRole/ID/$fitness, $waiting (GET) */
    REST_PULSE_SAY,  /* OrganizationAffiliation/ID/$answer, $goals */
    REST_BREAK_GLASS,
    REST_REVIEW,
    REST_CASE_REVIEW,
    REST_CASE_REVIEWS,
    REST_HANDOVER,      /* PractitionerRole/ID/$handover, Handover/$waiting */
    REST_HANDOVER_SAY,  /* $name-successor, $acknowledge */
    REST_SIGN_OFF,      /* $propose, $sign, $refuse, $withdraw, $acknowledge */
    REST_SIGN_OFF_LOOK, /* $waiting, $conditions */
    REST_RULE_CHANGE,   /* ProcedureRule/$change */
    REST_RULES,         /* ProcedureRule/$rules */
    REST_CASE,
    REST_AUDIT_READ,   /* of the trail's own AuditEvents */
    REST_AUDIT_SEARCH, /* the same */
    REST_AUDIT_CHAIN,
};

enum rest_return {
    REST_RETURN_UNSAID,
    REST_RETURN_MINIMAL,
    REST_RETURN_REPRESENTATION,
    REST_RETURN_OUTCOME,
};

/* How much of a record is wanted. */
struct rest_view {
    enum search_summary summary;
    const struct str *elements;
    size_t element_count;
};

struct rest {
    enum rest_kind kind;
    const struct fhir_type *type; /* NULL: system level */
    struct str id;                /* p NULL: type level or conditional */
    struct str vid;
    const struct fhir_type *compartment;
    struct str compartment_id;
    struct search_pair *pairs; /* the query without the parameters told below */
    size_t pair_count;
    struct str page; /* _page: sealed cursor */
    struct rest_view view;
    bool pretty;
    bool lenient;
    enum rest_return prefer;
    const struct case_step *step;     /* of REST_CASE */
    const struct beside_step *beside; /* the same: one of both */
    const char *word;                 /* the last of the path, where there is one */
    int status; /* of a refusal, where the error's own status would not do; else 0 */
};

/* A last word of a path: behind a type, behind an instance, of which type (NULL: of any). */
struct rest_word {
    const char *word;
    bool of_types;
    bool of_instances;
    const char *type;
    enum rest_kind kind;
};

/* The line for ${word} behind ${rest}'s type or an instance of it; NULL: none (rest_words.c). */
const struct rest_word *rest_word_find(const struct rest *rest, struct str word);

/* Take ${call}'s path, query and Prefer apart. Nothing is allocated for a request
 * without a query. On error ${ret->status} may say the HTTP status. */
int rest_parse(struct app_call *call, struct rest *ret, struct err *err);

/* Take the query text ${query} apart into pairs appended to ${pairs}. */
int rest_query_parse(struct arena *a, struct str query, struct search_pair **pairs,
    size_t *count, struct err *err);

/* The version id in an entity tag (W/"x", "x", x); "*" stays. */
struct str rest_etag(struct str tag);

/* True when ${header}, a list of entity tags or "*", names ${vid}. */
bool rest_etag_matches(struct str header, const char *vid);

/* ---- scopes of programs (access_scope.c); others are let through ---- */

/* Do the scopes of ${a}'s caller give what ${rest} asks for? E_FORBIDDEN with a sentence that
 * tells of types alone. Where the caller may not read the type, ${rest->prefer} becomes
 * minimal. */
int access_scope_check(
    struct access *a, struct rest *rest, bool if_none_exist, struct err *err);

/* ${prefer}, or minimal where the caller may not read all of ${type}. */
enum rest_return access_scope_prefer(
    const struct access *a, const struct fhir_type *type, enum rest_return prefer);

/* ---- calls (call.c) ---- */

/* What a call that cannot be answered at once holds; lives in the call's arena. */
struct app_job {
    struct app_call *call;
    struct rest rest;
    int (*run)(struct app_call *call, const struct rest *rest, struct err *err);
    /* after the writer: answer the call, or go again (APP_WAITING) */
    int (*finish)(struct app_call *call, const struct rest *rest, struct err *err);
    struct writing *writing;
    struct case_doing *doing;
    struct beside *beside;
};

/* Make the answer of ${call} an empty one, at the begin of each kind of call: a call may be
 * used again. */
void call_begin(struct app_call *call);

/* Do ${run} on a job thread; APP_WAITING, or what ${run} gave when it was done here
 * because the call is part of another. ${run} must not return APP_WAITING. */
int call_pool(struct app_call *call, const struct rest *rest,
    int (*run)(struct app_call *, const struct rest *, struct err *), struct err *err);

/* The same on threads of ${jobs}; ${call} is part of no other. */
int call_pool_of(struct app_call *call, struct jobs *jobs, const struct rest *rest,
    int (*run)(struct app_call *, const struct rest *, struct err *), struct err *err);

/* A snapshot for ${call}: its own of now, or the one that it is part of. */
int call_read_begin(struct app_call *call, struct store_reader **ret, struct err *err);
void call_read_end(struct app_call *call, struct store_reader *reader);

/* Refuse to be a part of a Bundle: ${operation}, for the sentence, is a decision of its own.
 * E_UNSUPPORTED. */
int call_alone(const struct app_call *call, const char *operation, struct err *err);

/* Give ${tx}, whose writes and guard are set, to the writer as ${call}'s: APP_WAITING or an
 * error. The call is woken when it is done. */
int call_submit(struct app_call *call, struct store_transaction *tx, struct err *err);

/* The job of ${call}, made on first use; NULL: no memory. */
struct app_job *call_job(struct app_call *call, const struct rest *rest);

/* When what ${call} asks for happens. */
static inline utc_ms call_now(const struct app_call *call)
{
    return call->at ? call->at : time_now();
}

/* Who is told to the store as the writer. */
struct str call_actor(const struct app_call *call);

/* ---- answers (outcome.c) ---- */

/* As app_fail, with another status. 0 keeps the status of the code. */
void call_fail(struct app_call *call, int status, const struct err *err,
    const struct fhir_issues *issues);

/* Append an OperationOutcome for ${err} and ${issues} (either may be NULL). */
void outcome_write(
    struct buf *b, const struct err *err, const struct fhir_issues *issues);

/* Append an OperationOutcome with one piece of information. */
void outcome_write_note(struct buf *b, const char *text);

/* The FHIR issue type of an error code. */
const char *outcome_code(int code);

/* ---- records (record.c) ---- */

/* Where a text stands that may name a record. */
enum rewrite_kind {
    REWRITE_REFERENCE, /* Reference.reference */
    REWRITE_URI,       /* an element of a kind of URI */
    REWRITE_LINK,      /* a link of a narrative */
};

/* What rewriting of references needs (rewrite.c). */
struct rewrite {
    /* ${text} was met. 1: ${ret} stands instead; 0: it stays; negative: give up. */
    int (*resolve)(struct rewrite *rw, struct str text, enum rewrite_kind kind,
        struct str *ret, struct err *err);
    void *arg;
};

/* Where a write is prepared. */
struct record_room {
    struct app *app;
    struct arena *kept; /* what the store's writer needs */
    struct arena
        *scratch; /* the stored form, w->body, and what is made on the way: may be
                              emptied afterwards, if w->body is then forgotten. May be
                              the same */
};

/* Fill ${w}, which has type, id and operation, with the stored form of ${resource}, which is
 * valid, and do what the store can do ahead. ${rw} may be NULL. */
int record_prepare(const struct record_room *room, struct store_write *w,
    const struct json *resource, struct rewrite *rw, struct err *err);

/* ${w} is written if what is there is still ${before}; NULL, rid 0 or deleted: nothing is.
 * Else its result is E_CONFLICT. */
void record_expect(struct store_write *w, const struct store_record *before);

/* Append ${rec} as a client reads it. Hot: no parsing. */
void record_write(struct buf *b, const struct store_record *rec);

/* The same, cut down to ${view}. */
int record_write_view(struct arena *a, struct buf *b, const struct store_record *rec,
    const struct rest_view *view, struct err *err);

/* The record as a client reads it, as JSON. */
int record_json(struct arena *a, const struct store_record *rec,
    const struct json **ret, struct err *err);

/* ${w} after it was written, as a record. */
struct store_record record_of_write(const struct store_write *w);

/* Etag, Last-Modified (and Location, where ${location}) of ${call} for ${rec}. */
void record_headers(
    struct app_call *call, const struct store_record *rec, bool location);

/* Append the member ${name} of a value of type ${type} with the strings that ${rw} replaces. */
int rewrite_member(struct buf *b, const struct fhir_type *type, struct str name,
    const struct json *value, struct rewrite *rw, struct err *err);

/* ---- summaries (summary.c) ---- */

static inline bool rest_view_whole(const struct rest_view *v)
{
    return v->element_count == 0 &&
           (v->summary == SEARCH_SUMMARY_FALSE || v->summary == SEARCH_SUMMARY_COUNT);
}

/* Append ${resource} cut down to ${view}, marked SUBSETTED. */
void summary_write(struct buf *b, const struct json *resource,
    const struct fhir_type *type, const struct rest_view *view);

/* ---- pages (page.c) ---- */

/* A cursor for the request ${identity} (anything that must be the same on the next page)
 * as text for _page, in ${a}. */
int page_seal(struct app *app, struct arena *a, uint64_t identity, struct str payload,
    struct str *ret, struct err *err);
int page_open(struct app *app, struct arena *a, uint64_t identity, struct str sealed,
    struct str *ret, struct err *err);

/* What identifies a request beside its page. */
uint64_t page_identity(
    const struct rest *rest, const struct search_pair *pairs, size_t count);

/* A link of a Bundle: base/path?pairs&_page=page. */
struct page_link {
    struct str base;
    const struct rest *rest;
    const char *tail; /* behind type and id: "_history", "$everything" or NULL */
    const struct search_pair *pairs;
    size_t pair_count;
};
void page_link_write(struct json_out *o, const struct page_link *link,
    const char *relation, struct str page);

/* Begin a Bundle of ${type} with an id of its own; json_close(o, '}') ends it. */
void bundle_open(struct json_out *o, const char *type);

/* The addresses under which ${app} is known: what the client calls it, ${base} (either
 * space's; may be empty), and what it calls itself. In ${a}. */
struct search_bases app_bases(struct arena *a, struct app *app, struct str base);

/* A string without its ends' white space. */
struct str text_trim(struct str s);

/* ---- interactions: each answers the call and returns 0, or APP_WAITING, or an error
 * that call.c makes the answer of ---- */

int rest_read(struct app_call *call, const struct rest *rest, struct err *err);
int rest_vread(struct app_call *call, const struct rest *rest, struct err *err);
int rest_search(struct app_call *call, const struct rest *rest, struct err *err);
int rest_history(struct app_call *call, const struct rest *rest, struct err *err);
int rest_metadata(struct app_call *call, const struct rest *rest, struct err *err);
int rest_validate(struct app_call *call, const struct rest *rest, struct err *err);
int rest_everything(struct app_call *call, const struct rest *rest, struct err *err);
int rest_create(struct app_call *call, const struct rest *rest, struct err *err);
int rest_update(struct app_call *call, const struct rest *rest, struct err *err);
int rest_patch(struct app_call *call, const struct rest *rest, struct err *err);
int rest_delete(struct app_call *call, const struct rest *rest, struct err *err);
int rest_bundle(struct app_call *call, const struct rest *rest, struct err *err);
int rest_break_glass(struct app_call *call, const struct rest *rest, struct err *err);
int rest_review(struct app_call *call, const struct rest *rest, struct err *err);
int rest_case_review(struct app_call *call, const struct rest *rest, struct err *err);
int rest_case_reviews(struct app_call *call, const struct rest *rest, struct err *err);
int rest_pulse(struct app_call *call, const struct rest *rest, struct err *err);
int rest_figures(struct app_call *call, const struct rest *rest, struct err *err);
int rest_report(struct app_call *call, const struct rest *rest, struct err *err);
int rest_fitness(struct app_call *call, const struct rest *rest, struct err *err);
int rest_pulse_say(struct app_call *call, const struct rest *rest, struct err *err);
int rest_handover(struct app_call *call, const struct rest *rest, struct err *err);
int rest_handover_say(struct app_call *call, const struct rest *rest, struct err *err);
int rest_rules(struct app_call *call, const struct rest *rest, struct err *err);
int rest_sign_off(struct app_call *call, const struct rest *rest, struct err *err);
int rest_sign_off_look(struct app_call *call, const struct rest *rest, struct err *err);
int rest_case(struct app_call *call, const struct rest *rest, struct err *err);
int rest_beside(struct app_call *call, const struct rest *rest, struct err *err);
int rest_accesses(struct app_call *call, const struct rest *rest, struct err *err);
int rest_route(struct app_call *call, const struct rest *rest, struct err *err);
int rest_indicator(struct app_call *call, const struct rest *rest, struct err *err);
int rest_caseload(struct app_call *call, const struct rest *rest, struct err *err);
int rest_vitals(struct app_call *call, const struct rest *rest, struct err *err);
int rest_worklist(struct app_call *call, const struct rest *rest, struct err *err);
int rest_logbook(struct app_call *call, const struct rest *rest, struct err *err);
int rest_equipment(struct app_call *call, const struct rest *rest, struct err *err);
int rest_roster(struct app_call *call, const struct rest *rest, struct err *err);
int rest_map(struct app_call *call, const struct rest *rest, struct err *err);
int rest_catalogue(struct app_call *call, const struct rest *rest, struct err *err);
int rest_quality(struct app_call *call, const struct rest *rest, struct err *err);
int rest_procedure(struct app_call *call, const struct rest *rest, struct err *err);
int rest_apprentice(struct app_call *call, const struct rest *rest, struct err *err);
int rest_lineage(struct app_call *call, const struct rest *rest, struct err *err);
int rest_enrolment(struct app_call *call, const struct rest *rest, struct err *err);
int rest_learning(struct app_call *call, const struct rest *rest, struct err *err);
int rest_audit_read(struct app_call *call, const struct rest *rest, struct err *err);
int rest_audit_search(struct app_call *call, const struct rest *rest, struct err *err);
int rest_audit_chain(struct app_call *call, const struct rest *rest, struct err *err);

/* ---- conditions (conditional.c) ---- */

/* A search that decides what a write does, and what it gave. */
struct condition {
    const struct fhir_type *type;
    struct str text; /* the query */
    struct search_query *query;
    size_t count;  /* 0, 1, 2 = several */
    store_rid rid; /* of the only match */
    struct str id;
};

struct condition_request {
    const struct fhir_type *type;
    struct search_bases bases;
    const struct search_filter *filter; /* NULL: all may be seen */
    struct str text;                    /* the query, or p NULL and: */
    const struct search_pair *pairs;
    size_t pair_count;
    const char *path; /* of errors; NULL: the parameter's own */
};

/* Check and plan a condition. E_INVALID: no criterion, or one that is not understood. */
int condition_parse(struct arena *a, const struct condition_request *rq,
    struct condition *ret, struct err *err);

/* Look on a snapshot: fills count, rid, id. */
int condition_look(
    struct store_reader *r, struct arena *a, struct condition *c, struct err *err);

/* Does it still give the same? E_CONFLICT: no. */
int condition_hold(struct store_reader *r, struct arena *a, const struct condition *c,
    struct err *err);

/* E_MULTIPLE with a sentence when several match. */
int condition_single(const struct condition *c, const char *path, struct err *err);

/* ---- bodies (body.c) ---- */

/* The request's body as JSON; E_INVALID, E_UNSUPPORTED. */
int body_read(struct app_call *call, const struct json **ret, struct err *err);

/* Check that ${resource} may be stored as ${type}; problems go to ${issues}. E_TOO_LARGE: figures would not count all of
 * it. */
int body_check(struct arena *a, const struct json *resource,
    const struct fhir_type *type, struct fhir_issues *issues, struct err *err);

/* Make ${b} a record in ${a} that may be stored as ${type}. E_INVALID says the first that is
 * wrong with it. */
int body_made(struct arena *a, const struct buf *b, const struct fhir_type *type,
    const struct json **ret, struct err *err);

/* The request's body, which must be Parameters; ${operation} is for the sentence. */
int body_parameters(struct app_call *call, const char *operation,
    const struct json **ret, struct err *err);

/* The parameter ${name} of Parameters, or the part of a parameter; NULL: it is not there. */
const struct json *body_parameter(const struct json *body, const char *name);
const struct json *body_part(const struct json *parameter, const char *name);

/* Patch ${current} by the call's body (patch.c). */
struct patch_request {
    const struct json *patch;
    bool json_patch; /* else FHIRPath Patch */
    const struct fhir_type *type;
    struct str id;
};
int patch_apply(struct arena *a, const struct patch_request *rq,
    const struct json *current, struct fhir_issues *issues, const struct json **ret,
    struct err *err);

/* ---- jobs (jobs.c) ---- */

struct jobs_item {
    void (*run)(void *arg);
    void *arg;
    bool heavy; /* needs much memory: one of these at a time */
    struct jobs_item *next;
};

int jobs_new(unsigned threads, struct jobs **ret, struct err *err);
/* Do what is queued, then end the threads. NULL is fine. */
void jobs_free(struct jobs *j);
/* Queue ${item}, which lives until it runs. E_BUSY: LIMIT_QUEUE_JOBS wait already. */
int jobs_push(struct jobs *j, struct jobs_item *item, struct err *err);

/* ---- the audit trail (audit.c) ---- */

int audit_new(struct app *app, struct err *err);
/* Write what is left, and end. */
void audit_free(struct app *app);

/* Every record that goes into an answer passes here. */
int call_saw(struct app_call *call, const struct store_record *rec, struct err *err);

/* The answer is complete: note what was seen. E_FULL: it must not be sent. */
int call_audit(struct app_call *call, struct err *err);

/* Who calls, for store_transaction.who; NULL: no memory. */
const struct audit_who *call_who(const struct app_call *call);

/* ---- sessions (session.c) ---- */

int sessions_new(struct app *app, struct sessions **ret, struct err *err);
void sessions_free(struct sessions *s);

/* ---- capability (capability.c) ---- */

/* The CapabilityStatement of ${space} as JSON, in ${a}. */
int capability_build(struct arena *a, enum app_space space, struct str base,
    struct str *ret, struct err *err);

#endif
