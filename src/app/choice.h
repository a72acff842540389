/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What somebody chose for themselves: the language of the pages, and how they are told that
 * a case waits. A department has a webhook of the same kind. Settings of the node and no
 * records: they say nothing about a patient, go to no other node, and hold a secret.
 *
 *   setting       value
 *   choice/KEY    {"language","email","hook":{"url","form","secret"},
 *                  "quiet":{"from","until","offset"},"off":["answered",...]}
 *
 * KEY is "Practitioner/ID", "Organization/ID", or "account/NAME" of who is neither. A hook's
 * secret is locked away under a key that follows from the node's, bound to KEY.
 */
#ifndef APP_CHOICE_H
#define APP_CHOICE_H

#include "app/app.h"

#define CHOICE_SECRET_MAX 128

/* What somebody can be told. */
enum choice_kind {
    CHOICE_SENT,      /* a case was sent to me or my unit */
    CHOICE_ASKED,     /* my case needs more information */
    CHOICE_INFORMED,  /* the information I asked for is there */
    CHOICE_ANSWERED,  /* my case was answered */
    CHOICE_ESCALATED, /* a case waited too long elsewhere and comes to me */
    CHOICE_OUTCOME,   /* what became of a patient I advised on */
    CHOICE_ALERT,     /* a patient under shared watch */
    CHOICE_SIGN_OFF,  /* results after a sign-off that I answer for */
    CHOICE_TRY,       /* a test that I asked for; cannot be turned off */
    CHOICE_KINDS
};

/* The form of a hook's body, as the tools that hospitals use want it. */
enum choice_form {
    CHOICE_FORM_BELAY,   /* every field */
    CHOICE_FORM_TEXT,    /* {"text"}: Mattermost, Slack, Rocket.Chat */
    CHOICE_FORM_MSGTYPE, /* {"msgtype":"text","text":{"content"}}: WeCom, DingTalk */
    CHOICE_FORMS
};

struct choice {
    struct str language; /* p NULL: never chosen */
    struct str email;    /* p NULL: no mail */
    struct str hook_url; /* p NULL: no hook */
    struct str hook_secret;
    enum choice_form hook_form;
    bool quiet;       /* no messages but emergencies between the two */
    int quiet_from;   /* minutes of the day where the person is */
    int quiet_until;  /* before quiet_from: on the next day */
    int quiet_offset; /* minutes that place is ahead of UTC */
    unsigned off;     /* bit i: kind i is not told */
};

/* Those of ${key}, all in ${a}; who never chose has none of it. */
int choice_load(struct app *app, struct arena *a, struct str key, struct choice *ret,
    struct err *err);

/* Keep them. E_INVALID: a field; ${hook_private} lets a hook lead anywhere. */
int choice_save(struct app *app, struct str key, const struct choice *choice,
    bool hook_private, struct err *err);

/* Whose choices ${caller}'s are: a key in ${a}; p NULL: no memory. */
struct str choice_key(struct arena *a, const struct app_caller *caller);

/* Take the members of ${body} that are there into ${choice}; null takes one away. E_INVALID. */
int choice_read(const struct json *body, struct choice *choice, struct err *err);

/* Append them as members of an open object, without the secret itself. */
void choice_write(struct json_out *o, const struct choice *choice);

const char *choice_kind_word(enum choice_kind kind);
/* CHOICE_KINDS: there is none such. */
enum choice_kind choice_kind_of(struct str word);

/* The form called ${word}; p NULL: belay. E_INVALID. */
int choice_form_of(struct str word, enum choice_form *ret, struct err *err);

/* When a message of ${now} may go: ${now}, or the end of the quiet hours. Pure. */
utc_ms choice_quiet_until(const struct choice *choice, utc_ms now);

#endif
