/* SPDX-License-Identifier: Apache-2.0 */
/* My choices: language, and how I am told that a case waits. An administrator also learns here
 * whether messages could not be handed over. */
#include "app/choice.h"
#include "app/notify.h"
#include "app/person.h"
#include "app/sign_in_internal.h"

static struct str my_key(const struct sign_in *s)
{
    return choice_key(s->call->arena, &s->call->caller);
}

void sign_in_put_language(struct sign_in *s, struct json_out *o)
{
    struct choice choice = {.off = 0};
    struct str key = {NULL, 0};

    if (!s->call->caller.practitioner.p && !s->call->caller.account.p)
        return; /* a token that names nobody */
    key = my_key(s);
    /* a page in the wrong language is better than none */
    if (key.p && choice_load(s->call->app, s->call->arena, key, &choice, NULL) == 0)
        json_member(o, "language", choice.language);
}

static void put_failures(struct json_out *o, const struct notify_status *status)
{
    json_name(o, "failed");
    json_open(o, '{');
    json_name(o, "count");
    json_put_int(o, status->failed);
    json_member(o, "at", status->failed_at);
    json_member(o, "by", status->failed_by);
    json_member(o, "why", status->failed_why);
    json_close(o, '}');
}

int sign_in_choices(struct sign_in *s, struct err *err)
{
    struct app_call *call = s->call;
    struct json_out o = sign_in_answer(s);
    struct notify_status status = {0};
    struct notify_mail mail = {.server = {NULL, 0}};
    struct choice choice = {.off = 0};
    struct str key = my_key(s);
    bool administers = person_holds(&call->caller, "administrator");
    int r =
        key.p ? choice_load(call->app, call->arena, key, &choice, err) : err_nomem(err);

    if (r == 0)
        r = notify_mail_load(call->app, call->arena, &mail, err);
    if (r == 0 && administers)
        r = notify_status(call->app, call->arena, &status, err);
    if (r < 0)
        return r;
    json_open(&o, '{');
    choice_write(&o, &choice);
    json_name(&o, "mail");
    json_put_bool(&o, mail.server.p != NULL);
    if (administers)
        put_failures(&o, &status);
    json_close(&o, '}');
    return 0;
}

int sign_in_choose(struct sign_in *s, struct err *err)
{
    struct app_call *call = s->call;
    struct notify_mail mail = {.server = {NULL, 0}};
    struct choice choice = {.off = 0};
    struct str key = my_key(s);
    int r =
        key.p ? choice_load(call->app, call->arena, key, &choice, err) : err_nomem(err);

    if (r == 0)
        r = choice_read(s->body, &choice, err);
    if (r == 0)
        r = notify_mail_load(call->app, call->arena, &mail, err);
    if (r == 0)
        r = choice_save(call->app, key, &choice, mail.hook_private, err);
    return r < 0 ? r : sign_in_choices(s, err);
}

int sign_in_choices_try(struct sign_in *s, struct err *err)
{
    struct str key = my_key(s);
    unsigned ways = 0;
    struct json_out o;
    int r = key.p ? notify_try(s->call->app, key, &ways, err) : err_nomem(err);

    if (r < 0)
        return r;
    o = sign_in_answer(s);
    json_open(&o, '{');
    json_name(&o, "ways");
    json_put_int(&o, ways);
    json_close(&o, '}');
    return 0;
}
