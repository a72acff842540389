/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changes as they happen, as server-sent events. One ring holds the newest events as
 * text; every client has its own place in it. A client that falls behind by a whole ring
 * is told to read again and its stream ends: a slow client costs no memory and holds
 * up nobody.
 *
 *     writer's thread          keeper's thread              worker's thread
 *     event into the ring ───► resumes waiting clients ───► copies what is new, or
 *                              beats every 15 s             suspends the connection
 *
 * The lock of struct http_events guards the ring and all clients. It is taken before
 * MHD's own.
 */
#include <stdio.h>
#include <time.h>

#include "base/time.h"

#include "app/access.h"
#include "app/session.h"
#include "http/http_internal.h"

#define BEAT_SECONDS 15
#define ID_LINE_MAX 64      /* "id: ", a name of an event, a new line */
#define JUDGED 32           /* events asked about with one reader */
#define GATHER_NS 10000000L /* events within 10 ms wake the clients once */

struct event_text {
    int64_t seq;
    unsigned type;
    size_t id_len;
    char id[LIMIT_ID_CHARS];
    char hidden
        [ACCESS_EVENT_ID_MAX]; /* the name of seq for those who do not hear of all */
    size_t len;
    char text[LIMIT_EVENT_BYTES];
};

struct http_client {
    struct http_client *next;
    struct http_client *previous;
    struct http_events *events;
    struct MHD_Connection *connection;
    uint64_t at;                     /* number of the next event for it */
    bool limited;                    /* not for all events: */
    uint64_t judged_from;            /* it is known of those from here */
    uint64_t judged_to;              /* up to here, exclusive, */
    enum access_hearing may[JUDGED]; /* what it may hear of each */
    bool suspended;
    bool beat_due;
    bool ending; /* nothing follows what is in text */
    size_t sent; /* of text */
    size_t len;
    char text[LIMIT_EVENT_BYTES];
    char token[SESSION_TOKEN_MAX]; /* or */
    char cookie[SESSION_TOKEN_MAX];
};

struct http_events {
    struct http_server *server;
    pthread_mutex_t lock;
    pthread_cond_t news;
    uint64_t next;  /* number of the next event; the ring holds those before it */
    uint64_t woken; /* all clients waiting for events below this were resumed */
    struct event_text ring[LIMIT_EVENT_BACKLOG];
    struct http_client *clients;
    unsigned count;
    bool ending;
    uint64_t beat_at; /* monotonic ns */
};

static const char *const operation_names[] = {
    [STORE_CREATE] = "create",
    [STORE_UPDATE] = "update",
    [STORE_DELETE] = "delete",
};

/* The writer's thread. */
static void events_add(const struct store_event *e, void *arg)
{
    struct http_events *events = arg;
    const struct fhir_type *type = fhir_type_numbered(e->type);
    char updated[TIME_ISO_MAX];
    struct event_text *slot = NULL;
    int len;

    if (!type)
        return;
    time_iso(e->updated, updated);
    pthread_mutex_lock(&events->lock);
    slot = &events->ring[events->next % LIMIT_EVENT_BACKLOG];
    len = snprintf(slot->text, sizeof(slot->text) - ID_LINE_MAX,
        "event: change\ndata: {\"type\":\"%s\",\"id\":\"%.*s\","
        "\"versionId\":\"%s\",\"lastUpdated\":\"%s\",\"operation\":\"%s\"}\n\n",
        type->name, (int)e->id.len, e->id.p, e->vid, updated,
        operation_names[e->operation]);
    slot->seq = e->seq;
    slot->type = e->type;
    slot->id_len = e->id.len < sizeof(slot->id) ? e->id.len : 0;
    memcpy(slot->id, e->id.p, slot->id_len);
    slot->len =
        len > 0 && (size_t)len < sizeof(slot->text) - ID_LINE_MAX ? (size_t)len : 0;
    if (access_event_id(events->server->app, e->seq, slot->hidden) < 0)
        slot->hidden[0] = '\0'; /* without memory: an event that cannot be resumed at */
    events->next++;
    if (events->clients)
        pthread_cond_signal(&events->news);
    pthread_mutex_unlock(&events->lock);
}

int http_events_new(
    struct http_server *server, struct http_events **ret, struct err *err)
{
    struct http_events *events = base_malloc(sizeof(*events));
    pthread_condattr_t clock;

    if (!events)
        return err_nomem(err);
    memset(events, 0, sizeof(*events));
    events->server = server;
    pthread_mutex_init(&events->lock, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&events->news, &clock);
    pthread_condattr_destroy(&clock);
    app_listen(server->app, events_add, events);
    *ret = events;
    return 0;
}

void http_events_free(struct http_events *events)
{
    if (!events)
        return;
    app_listen(events->server->app, NULL, NULL);
    pthread_cond_destroy(&events->news);
    pthread_mutex_destroy(&events->lock);
    base_free(events);
}

/* ---- the keeper's side ---- */

/* Lock held. */
static void client_wake(struct http_client *client)
{
    if (client->suspended) {
        client->suspended = false;
        MHD_resume_connection(client->connection);
    }
}

static void wake_all(struct http_events *events)
{
    for (struct http_client *c = events->clients; c; c = c->next)
        client_wake(c);
    events->woken = events->next;
}

/* Lock held. A token that has ended since ends its stream. */
static void beat_all(struct http_events *events)
{
    utc_ms now = time_now();

    for (struct http_client *c = events->clients; c; c = c->next) {
        struct app_caller caller;

        c->beat_due = true;
        c->ending |= c->token[0] ? session_token_check(events->server->app,
                                       str_of(c->token), now, &caller, NULL) < 0
                                 : !session_visit_lives(
                                       events->server->app, str_of(c->cookie), now);
    }
    wake_all(events);
}

void http_events_tend(struct http_events *events)
{
    struct timespec until;
    uint64_t now;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += 1;
    pthread_mutex_lock(&events->lock);
    while (events->woken == events->next || !events->clients) {
        if (events->ending ||
            pthread_cond_timedwait(&events->news, &events->lock, &until) != 0)
            break;
    }
    now = time_monotonic_ns();
    if (now >= events->beat_at) {
        events->beat_at = now + BEAT_SECONDS * 1000000000ull;
        beat_all(events);
    } else if (events->clients && events->woken != events->next) {
        wake_all(events);
        pthread_mutex_unlock(&events->lock);
        nanosleep(&(struct timespec){.tv_nsec = GATHER_NS}, NULL);
        return;
    }
    pthread_mutex_unlock(&events->lock);
}

void http_events_end(struct http_events *events)
{
    pthread_mutex_lock(&events->lock);
    events->ending = true;
    wake_all(events);
    pthread_cond_signal(&events->news);
    pthread_mutex_unlock(&events->lock);
}

/* ---- a worker's side ---- */

static void client_say(struct http_client *client, const char *text, size_t len)
{
    memcpy(client->text, text, len);
    client->len = len;
    client->sent = 0;
}

/* Who listens, as of now. */
static int client_caller(struct http_client *client, struct arena *a,
    struct app_caller *ret, struct err *err)
{
    struct app *app = client->events->server->app;

    return client->token[0]
               ? session_token_check(app, str_of(client->token), time_now(), ret, err)
               : session_visit_look(
                     app, a, str_of(client->cookie), time_now(), ret, err);
}

/* The events from client->at on that the ring holds, at most JUDGED, into ${ret}. */
static size_t client_pending(
    struct http_client *client, struct arena *a, struct access_change *ret)
{
    struct http_events *events = client->events;
    size_t count = 0;

    pthread_mutex_lock(&events->lock);
    client->judged_from = client->judged_to = client->at;
    while (count < JUDGED && client->at + count < events->next &&
           events->next - client->at <= LIMIT_EVENT_BACKLOG) {
        const struct event_text *e =
            &events->ring[(client->at + count) % LIMIT_EVENT_BACKLOG];
        const char *id = arena_strndup(a, e->id, e->id_len);

        if (!id)
            break;
        ret[count++] = (struct access_change){e->type, {id, e->id_len}, e->seq};
    }
    pthread_mutex_unlock(&events->lock);
    return count;
}

/* Find out which of the next events this client may hear of. Without the lock: the writer
 * must not wait for it. Where that fails the stream ends. */
static void client_judge(struct http_client *client)
{
    struct arena *a = arena_new();
    struct access_change changes[JUDGED];
    struct app_caller caller = {0};
    struct err err = {0};
    size_t count = 0;
    int r = a ? 0 : E_NOMEM;

    if (r == 0 && client->at >= client->judged_to)
        count = client_pending(client, a, changes);
    if (count > 0)
        r = client_caller(client, a, &caller, &err);
    if (r == 0 && count > 0)
        r = access_hears(
            client->events->server->app, &caller, changes, count, client->may, &err);
    pthread_mutex_lock(&client->events->lock);
    if (r < 0)
        client->ending = true;
    else if (count > 0)
        client->judged_to = client->judged_from + count;
    pthread_mutex_unlock(&client->events->lock);
    arena_free(a);
}

/* Lock held. Is the event client->at one that may be told now? Passes over those that are
 * for others. */
static bool client_hears(struct http_client *client)
{
    if (!client->limited)
        return client->at < client->events->next;
    while (client->at < client->judged_to &&
           client->may[client->at - client->judged_from] == ACCESS_HEARS_NOTHING)
        client->at++;
    return client->at < client->judged_to;
}

/* Lock held. Is there an event that was not asked about yet? */
static bool client_must_judge(const struct http_client *client)
{
    return client->limited && !client->ending && client->at >= client->judged_to &&
           client->at < client->events->next;
}

/* Lock held. The event with the name that is for this client; of what is gone no more than
 * that. */
static void client_say_event(struct http_client *client, const struct event_text *e)
{
    static const char gone[] = "event: gone\ndata: {\"gone\":true}\n\n";
    bool is_gone = client->limited &&
                   client->may[client->at - client->judged_from] == ACCESS_HEARS_GONE;
    size_t len = is_gone ? sizeof(gone) - 1 : e->len;
    int n = 0;

    if (client->limited && e->hidden[0])
        n = snprintf(client->text, ID_LINE_MAX, "id: %s\n", e->hidden);
    else if (!client->limited)
        n = snprintf(client->text, ID_LINE_MAX, "id: %lld\n", (long long)e->seq);
    client->len = n > 0 ? (size_t)n : 0;
    memcpy(client->text + client->len, is_gone ? gone : e->text, len);
    client->len += len;
    client->sent = 0;
}

/* Lock held. Put the next thing to send in client->text; false: there is nothing. */
static bool client_next(struct http_client *client)
{
    static const char behind[] = "event: reread\ndata: {\"reread\":true}\n\n";
    static const char beat[] = ": beat\n\n";
    struct http_events *events = client->events;

    if (client->ending)
        return false;
    if (events->next - client->at > LIMIT_EVENT_BACKLOG) {
        client_say(client, behind, sizeof(behind) - 1);
        client->ending = true;
        return true;
    }
    if (client_hears(client)) {
        client_say_event(client, &events->ring[client->at % LIMIT_EVENT_BACKLOG]);
        client->at++;
        client->beat_due = false;
        return true;
    }
    if (client->beat_due) {
        client_say(client, beat, sizeof(beat) - 1);
        client->beat_due = false;
        return true;
    }
    return false;
}

/* MHD asks for up to ${max} bytes more. */
static ssize_t client_read(void *cls, uint64_t position, char *out, size_t max)
{
    struct http_client *client = cls;
    struct http_events *events = client->events;
    size_t n = 0;
    ssize_t r;

    (void)position;
    pthread_mutex_lock(&events->lock);
    while (n < max) {
        size_t part = client->len - client->sent;

        if (part == 0 && client_must_judge(client)) {
            pthread_mutex_unlock(&events->lock);
            client_judge(client);
            pthread_mutex_lock(&events->lock);
        }
        if (part == 0) {
            if (!client_next(client) && !client_must_judge(client))
                break;
            continue;
        }
        if (part > max - n)
            part = max - n;
        memcpy(out + n, client->text + client->sent, part);
        client->sent += part;
        n += part;
    }
    r = (ssize_t)n;
    if (n == 0 && (client->ending || events->ending)) {
        r = MHD_CONTENT_READER_END_OF_STREAM;
    } else if (n == 0) {
        client->suspended = true;
        MHD_suspend_connection(client->connection);
    }
    pthread_mutex_unlock(&events->lock);
    return r;
}

static void client_free(void *cls)
{
    struct http_client *client = cls;
    struct http_events *events = client->events;

    pthread_mutex_lock(&events->lock);
    if (client->previous)
        client->previous->next = client->next;
    else
        events->clients = client->next;
    if (client->next)
        client->next->previous = client->previous;
    events->count--;
    pthread_mutex_unlock(&events->lock);
    base_free(client);
}

/* Lock held. Where a client that saw everything up to ${seen} goes on; an event that is
 * no longer in the ring counts as behind. */
static uint64_t place_after(const struct http_events *events, int64_t seen)
{
    uint64_t first =
        events->next > LIMIT_EVENT_BACKLOG ? events->next - LIMIT_EVENT_BACKLOG : 0;
    uint64_t at = events->next;

    while (at > first && events->ring[(at - 1) % LIMIT_EVENT_BACKLOG].seq > seen)
        at--;
    return at;
}

static void keep(char out[SESSION_TOKEN_MAX], struct str secret)
{
    if (secret.len > 0 && secret.len < SESSION_TOKEN_MAX)
        memcpy(out, secret.p, secret.len);
}

static struct http_client *client_new(struct http_request *rq)
{
    struct http_events *events = rq->server->events;
    struct http_client *client = base_malloc(sizeof(*client));
    struct str token = http_bearer(rq->head.authorization);
    static const char hello[] = "retry: 1000\n\n";
    struct str last = rq->head.last_event_id;
    int64_t seen = 0;
    bool knows = false;

    if (!client)
        return NULL;
    memset(client, 0, sizeof(*client));
    client->events = events;
    client->connection = rq->connection;
    client->limited = access_limited(&rq->call.caller);
    if (last.p)
        knows = client->limited ? access_event_seq(rq->server->app, last, &seen)
                                : text_int(last, 0, INT64_MAX, &seen);
    keep(client->token, token);
    keep(client->cookie, rq->call.cookie);
    client_say(client, hello, sizeof(hello) - 1); /* so that the headers go at once */
    pthread_mutex_lock(&events->lock);
    client->at = events->next;
    if (knows)
        client->at = place_after(events, seen);
    client->next = events->clients;
    if (events->clients)
        events->clients->previous = client;
    events->clients = client;
    events->count++;
    pthread_mutex_unlock(&events->lock);
    return client;
}

enum MHD_Result http_events_open(struct http_request *rq)
{
    struct http_events *events = rq->server->events;
    struct http_client *client = NULL;
    struct MHD_Response *response = NULL;
    struct err err = {0};
    unsigned count;

    pthread_mutex_lock(&events->lock);
    count = events->count;
    pthread_mutex_unlock(&events->lock);
    if (count >= LIMIT_EVENT_CLIENTS || atomic_load(&rq->server->stopping)) {
        err_set(
            &err, E_BUSY, NULL, "Too many event streams are open; try again later.");
        return http_reply_error(rq, &err);
    }
    client = client_new(rq);
    if (!client) {
        err_nomem(&err);
        return http_reply_error(rq, &err);
    }
    response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, 4096, client_read, client, client_free);
    if (!response) {
        client_free(client);
        return MHD_NO;
    }
    MHD_add_response_header(response, "Content-Type", "text/event-stream");
    MHD_add_response_header(response, "Cache-Control", "no-store");
    if (rq->link)
        atomic_store(&rq->link->deadline, 0); /* it may stay as long as it likes */
    return http_reply_queue(rq, 200, response);
}
