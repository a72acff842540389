/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server's parts as they see each other. A request lives from the moment its first
 * line was read to the moment its answer has gone, and stays on one worker thread; while
 * app works for it elsewhere the connection is suspended and only ${wait} is touched.
 *
 *     uri ──► HEAD ──► BODY ──► app_start ──► answered ──► completed
 *              │                    │  ▲
 *              └ refused at once    └──┘ WAITING, woken, app_finish
 */
#ifndef HTTP_INTERNAL_H
#define HTTP_INTERNAL_H

#include <stdatomic.h>

#include <microhttpd.h>

#include "base/limits.h"
#include "base/thread.h"

#include "http/assets.h"
#include "http/header.h"
#include "http/peer.h"
#include "http/rate.h"
#include "http/server.h"

/* ---- connections (door.c, link.c): who comes in, and who is too slow ---- */

/* An open connection. It lives at its socket's number in the door's table: a number is
 * free again only when the connection has gone. */
struct http_link {
    atomic_llong deadline; /* shut down when still open then; 0: none */
    int socket;
    bool open;
    unsigned worker;
    struct http_peer peer; /* the other end of the connection */
    unsigned counter;      /* of peer, in the server's rates */
    bool proxy;            /* its word about the client is believed */
    bool spared;           /* on this machine, and not counted */
    char apart[80]; /* neighbours belong to different threads, and so do their lines of
                       the processor's cache */
};

struct http_worker {
    struct MHD_Daemon *daemon;
    unsigned links; /* guarded by the door's lock */
};

struct http_door {
    int listener;
    int bell;      /* eventfd: there is room again, or it is time to go */
    unsigned most; /* connections; who comes beyond them waits in the system's queue */
    bool (*admit)(void *cls, struct http_link *link);
    void (*gone)(void *cls, struct http_link *link);
    void *cls;
    struct http_worker *workers;
    unsigned count;
    unsigned turn;
    pthread_mutex_t
        lock; /* guards links but for their deadlines, and what follows; it is
                             taken before no other */
    struct http_link *links;
    size_t size;  /* of links */
    size_t known; /* the first of them, that have been used */
    unsigned open;
    bool waiting; /* for somebody to leave */
    atomic_bool shutting;
    pthread_t thread;
    bool keeping;
};

struct http_door_options {
    int listener;     /* taken over, also on failure */
    unsigned threads; /* workers; 0: one a processor */
    unsigned most;    /* connections */
    /* Start one worker: a daemon with HTTP_WORKER_FLAGS, room for 2 * LIMIT_CONNECTIONS,
     * and http_door_notify told of connections with ${door}; NULL: it cannot be had. */
    struct MHD_Daemon *(*worker)(void *cls, struct http_door *door);
    /* Let this one in, whose socket and peer are known? Fills the rest. And: it has left.
     * Both with the door's lock held; NULL: everybody, and nobody asks. */
    bool (*admit)(void *cls, struct http_link *link);
    void (*gone)(void *cls, struct http_link *link);
    void *cls;
};

#define HTTP_WORKER_FLAGS                                                              \
    ((unsigned)MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET |              \
        MHD_USE_ITC | MHD_USE_TURBO)

/* Let in whoever connects from now on. E_IO, E_NOMEM. */
int http_door_open(
    const struct http_door_options *options, struct http_door **ret, struct err *err);
/* Let nobody in any more and close the listening socket; who is inside stays. */
void http_door_shut(struct http_door *door);
/* Shut it, end all connections and the workers. No connection may be suspended. NULL is
 * fine. */
void http_door_free(struct http_door *door);
/* MHD tells of connections that come and go; cls is the door, *context becomes a link. */
void http_door_notify(void *cls, struct MHD_Connection *connection, void **context,
    enum MHD_ConnectionNotificationCode code);
/* End the connections that are past their deadline. Called once a second. */
void http_door_sweep(struct http_door *door, utc_ms now);

/* The server's admit and gone: so many of one address. */
bool http_link_admit(void *cls, struct http_link *link);
void http_link_gone(void *cls, struct http_link *link);
/* A request may take until ${since} plus the fixed and the proportional time. */
void http_link_allow(struct http_link *link, utc_ms since, size_t bytes);

/* ---- requests ---- */

enum http_stage {
    HTTP_STAGE_HEAD,
    HTTP_STAGE_BODY,
    HTTP_STAGE_WAITING,
    HTTP_STAGE_ANSWERED
};

/* Who came first: the thread that suspends or the one that wakes. */
enum http_wait { HTTP_WAIT_NONE, HTTP_WAIT_SUSPENDED, HTTP_WAIT_WOKEN };

enum http_route {
    HTTP_ROUTE_NONE,
    HTTP_ROUTE_FHIR,
    HTTP_ROUTE_PROGRAMME,
    HTTP_ROUTE_SESSION,
    HTTP_ROUTE_OAUTH,
    HTTP_ROUTE_EVENTS,
    HTTP_ROUTE_HEALTH,
    HTTP_ROUTE_ASSET,
};

/* Header values of a request; p NULL where not sent. They live as long as it. */
struct http_head {
    struct str accept;
    struct str accept_encoding;
    struct str authorization;
    struct str content_encoding;
    struct str content_length;
    struct str content_type;
    struct str cookie;
    struct str fetch_site;
    struct str forwarded;
    struct str forwarded_for;
    struct str forwarded_host;
    struct str forwarded_proto;
    struct str host;
    struct str if_match;
    struct str if_modified_since;
    struct str if_none_exist;
    struct str if_none_match;
    struct str last_event_id;
    struct str origin;
    struct str page_token;
    struct str prefer;
    struct str request_id;
    struct str transfer_encoding;
    struct str user_agent;
    const char *repeated; /* a header that must come once and did not; else NULL */
    unsigned lines;
    bool malformed; /* a line of which proxies make different things */
};

#define HTTP_REQUEST_ID_MAX 65

struct http_request {
    struct http_request *next; /* in the pool */
    struct http_server *server;
    struct MHD_Connection *connection;
    struct http_link *link;
    enum http_stage stage;
    atomic_int wait; /* enum http_wait */
    struct buf uri;  /* path and query as sent */
    struct str path; /* of uri */
    struct str query;
    struct http_head head;
    struct http_peer client; /* who asked, as far as we know */
    struct http_peer
        spelt; /* whose address client_text is; kept from request to request */
    char client_text[HTTP_PEER_TEXT_MAX];
    struct str host;      /* where they asked */
    bool secure;          /* and whether they came encrypted */
    unsigned refusal;     /* a status that the error's code does not tell; else 0 */
    unsigned retry_after; /* seconds, with a refusal */
    enum http_route route;
    const struct http_asset *asset;
    const char *allow;  /* for a 405 */
    const char *policy; /* Content-Security-Policy of the answer */
    char id[HTTP_REQUEST_ID_MAX];
    utc_ms begun;
    enum http_coding body_coding;
    struct buf body;
    size_t body_counted; /* of body, counted in server->bodies */
    size_t body_dropped; /* bytes thrown away behind the limit */
    struct buf packed;   /* compressed answer */
    struct buf answer;   /* memory handed to call.answer and back */
    struct arena *arena;
    struct app_call call;
};

/* ---- the server ---- */

struct http_events;

struct http_server {
    struct app *app;
    struct http_door *door;
    int listener; /* until the door has it; -1 then */
    unsigned short port;
    const char *public_url;
    const char *tls_certificate; /* NULL: plain HTTP */
    const char *tls_key;
    atomic_bool stopping;
    atomic_uint active;     /* requests between their first line and their end */
    atomic_size_t bodies;   /* bytes of bodies held */
    atomic_ullong sequence; /* for request ids */
    uint64_t instance;      /* random: other ids after a restart */
    struct http_proxies proxies;
    enum http_proxy_header proxy_header;
    struct http_rates rates;
    unsigned address_connections; /* 0: no limit; so the next two */
    unsigned address_rate;
    unsigned person_rate;
    bool limit_loopback;
    atomic_llong refusal_logged; /* seconds */
    struct http_events *events;
    pthread_mutex_t pool_lock; /* guards pool and pooled */
    struct http_request *pool;
    unsigned pooled;
    pthread_t keeper; /* sweeps connections, beats event streams */
    bool keeping;
};

/* server.c: a socket that listens on a numeric address, and its port. */
int http_listen(struct str host, unsigned short port, int *ret, struct err *err);
unsigned short http_bound_port(int socket);

/* request.c: MHD's callbacks; cls is the server. */
void *http_request_uri(void *cls, const char *uri, struct MHD_Connection *connection);
enum MHD_Result http_request_handle(void *cls, struct MHD_Connection *connection,
    const char *url, const char *method, const char *version, const char *upload,
    size_t *upload_size, void **context);
void http_request_completed(void *cls, struct MHD_Connection *connection,
    void **context, enum MHD_RequestTerminationCode code);

/* pool.c: NULL when memory is out. */
struct http_request *http_request_take(struct http_server *server);
void http_request_give(struct http_request *rq);
void http_request_free(struct http_request *rq);

/* guard.c */
/* The head says one thing only: 0, or an error to refuse it with. ${version} of HTTP. */
int http_guard_head(struct http_request *rq, const char *version, struct err *err);
/* Fills client, host and secure. */
void http_guard_client(struct http_request *rq);
/* Count the request: 0, or E_TOO_OFTEN with rq->retry_after set. */
int http_guard_address(struct http_request *rq, struct err *err);
int http_guard_person(struct http_request *rq, struct err *err);

/* body.c */
/* Look at what the headers say of the body: 0, or an error to refuse it with. */
int http_body_begin(struct http_request *rq, bool *ret_expected, struct err *err);
/* Take in some of it. Past a limit it is dropped and http_body_end() tells; false: even
 * dropping has gone on too long. */
bool http_body_add(struct http_request *rq, const char *data, size_t size);
/* All is here: unpack it. */
int http_body_end(struct http_request *rq, struct err *err);
void http_body_drop(struct http_request *rq);

/* route.c: fills route, asset and allow from method and path. */
void http_route_find(struct http_request *rq, const char *method);
/* True for the path of a Binary or of all of them. */
bool http_route_is_binary(const struct http_request *rq);
/* True for what anybody asks without a name (app_is_public). */
bool http_route_is_public(const struct http_request *rq);
/* Who calls: fills call.caller. E_UNAUTHORISED. */
int http_route_caller(struct http_request *rq, struct err *err);
/* The call's fields from the request's. E_INVALID: a path that cannot be decoded. */
int http_route_call(struct http_request *rq, struct err *err);

/* Answers that are no page: nothing in them is run or shown within another page. */
#define HTTP_DATA_POLICY                                                               \
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
/* What people stored is never run as a page of ours either. */
#define HTTP_STORED_POLICY HTTP_DATA_POLICY "; sandbox"
/* What a page of ours may use of the device. A photograph comes through the browser's own
 * file dialogue, which needs no permission. */
#define HTTP_PAGE_PERMISSIONS                                                          \
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), "                   \
    "encrypted-media=(), fullscreen=(self), geolocation=(), gyroscope=(), "            \
    "magnetometer=(), microphone=(self), midi=(), payment=(), "                        \
    "picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), "       \
    "usb=(), xr-spatial-tracking=()"

/* session.c: browsers with a visit */
#define HTTP_COOKIE_MAX 320
/* Cookie, page token and browser into the call. E_FORBIDDEN: a change that a page of
 * another site began. */
int http_session_take(struct http_request *rq, struct err *err);
/* The same, and who calls by it. */
int http_session_caller(struct http_request *rq, struct err *err);
/* Is the body of a request under /session of a size to be read? E_TOO_LARGE. */
int http_session_body(const struct http_request *rq, struct err *err);
/* The value of Set-Cookie that the answer needs; its length, 0: none. */
size_t http_session_cookie(const struct http_request *rq, char out[HTTP_COOKIE_MAX]);
/* The same for the cookie of a sign-on under way. */
size_t http_session_way(const struct http_request *rq, char out[HTTP_COOKIE_MAX]);

/* reply.c: queue an answer; what MHD said. */
enum MHD_Result http_reply_call(struct http_request *rq);
enum MHD_Result http_reply_error(struct http_request *rq, const struct err *err);
enum MHD_Result http_reply_asset(struct http_request *rq);
enum MHD_Result http_reply_health(struct http_request *rq);
/* ${response} with the headers that every answer has; takes it over. */
enum MHD_Result http_reply_queue(
    struct http_request *rq, unsigned status, struct MHD_Response *response);

/* events.c */
int http_events_new(
    struct http_server *server, struct http_events **ret, struct err *err);
/* All streams have ended by then. NULL is fine. */
void http_events_free(struct http_events *events);
/* Sleep until there is something to do or a second is over, then wake and beat. */
void http_events_tend(struct http_events *events);
/* Make all streams end. */
void http_events_end(struct http_events *events);
/* Answer with a stream. */
enum MHD_Result http_events_open(struct http_request *rq);

#endif
