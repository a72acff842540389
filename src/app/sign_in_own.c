/* SPDX-License-Identifier: Apache-2.0 */
/* My visits and tokens: seen, ended, signed out of. */
#include "app/session.h"
#include "app/sign_in_internal.h"
#include "fhir/put.h"

/* Leave the browser nothing to come back with. */
static int gone(struct sign_in *s)
{
    s->call->status = 204;
    return 0;
}

int sign_in_out(struct sign_in *s, struct err *err)
{
    int r = visit_end(s->call->app, s->visit.account, str_of(s->visit.id), err);

    if (r < 0 && r != E_NOT_FOUND)
        return r;
    /* being out does not depend on its being told */
    (void)sign_in_tell(s, AUDIT_SIGN_OUT, NULL);
    memcpy(s->call->new_cookie, "-", 2);
    return gone(s);
}

static int put_token(
    void *arg, struct str id, const struct session_grant *grant, struct err *err)
{
    struct json_out *o = arg;

    (void)err;
    json_open(o, '{');
    json_member(o, "id", id);
    json_member(o, "name", grant->name);
    json_member(o, "role", grant->role);
    fhir_put_time(o, "until", grant->expires);
    json_close(o, '}');
    return 0;
}

static void put_visit(struct json_out *o, const struct visit *v, bool mine)
{
    json_open(o, '{');
    json_member(o, "id", str_of(v->id));
    json_member(o, "address", v->address);
    json_member(o, "agent", v->agent);
    fhir_put_time(o, "begun", v->begun);
    fhir_put_time(o, "seen", v->seen);
    json_name(o, "here");
    json_put_bool(o, mine);
    json_close(o, '}');
}

int sign_in_list(struct sign_in *s, struct err *err)
{
    struct app_call *call = s->call;
    struct json_out o = sign_in_answer(s);
    struct visit_list mine = {0};
    int r = visits_list(call->app, call->arena, s->visit.account, s->now, &mine, err);

    if (r < 0)
        return r;
    json_open(&o, '{');
    json_name(&o, "visits");
    json_open(&o, '[');
    for (size_t i = 0; i < mine.count; i++)
        put_visit(&o, &mine.list[i], str_is(str_of(mine.list[i].id), s->visit.id));
    json_close(&o, ']');
    json_name(&o, "tokens");
    json_open(&o, '[');
    r = session_token_each(
        call->app, call->arena, s->account.practitioner, put_token, &o, err);
    json_close(&o, ']');
    sign_in_put_proofs(s, &o);
    json_close(&o, '}');
    return r;
}

/* One of my tokens; told to the trail with whose it was. */
static int end_token(struct sign_in *s, struct str id, struct err *err)
{
    struct app_call *call = s->call;
    int r = session_token_end(call->app, s->account.practitioner, id, err);

    return r < 0 ? r
                 : audit_account(call->app, &call->caller, AUDIT_ACCOUNT_OFF,
                       STR("token of my own"), err);
}

int sign_in_end(struct sign_in *s, struct err *err)
{
    struct app_call *call = s->call;
    struct str id = call->path;
    int r = 0;

    str_cut(&id, '/');
    if (str_is(id, s->visit.id))
        return sign_in_out(s, err);
    r = sign_in_proved(s, err);
    if (r < 0)
        return r;
    r = visit_end(call->app, s->visit.account, id, err);
    if (r == 0)
        (void)sign_in_tell(s, AUDIT_SIGN_OUT, NULL); /* as one's own */
    else if (r == E_NOT_FOUND)
        r = end_token(s, id, err);
    return r < 0 ? r : gone(s);
}
