/* SPDX-License-Identifier: Apache-2.0 */
/* What the files about tokens for programs share: a request taken apart. */
#ifndef APP_OAUTH_INTERNAL_H
#define APP_OAUTH_INTERNAL_H

#include "app/client_internal.h"
#include "app/oauth.h"

/* A request under way; lives in the call's arena. */
struct oauth {
    struct app_call *call;
    const struct oauth_operation *operation;
    struct search_pair *fields; /* of the form */
    size_t field_count;
    const char *problem; /* one of RFC 6749's words, once there is one */
    utc_ms now;
    struct client client; /* who asks, once that is sure */
};

/* Say that the request fails with ${problem}, in ${sentence}; returns ${code}. */
int oauth_refuse(const char *problem, struct oauth *o, int code, const char *sentence,
    struct err *err);

/* A field of the form; p NULL: not sent. */
struct str oauth_field(const struct oauth *o, const char *name);

/* Find out who asks, into ${o->client} (oauth_client.c). */
int oauth_authenticate(struct oauth *o, struct err *err);

/* Whom ${assertion} says it is about, before any of it is believed; p NULL: nobody. */
struct str oauth_assertion_name(struct arena *a, struct str assertion);

/* Is ${assertion} one of ${client} (NULL: there is no such program), for us and not used
 * before? Then it is used now. E_UNAUTHORISED, and what the store fails with. */
int oauth_assertion_check(struct oauth *o, const struct client *client,
    struct str assertion, struct err *err);

#endif
