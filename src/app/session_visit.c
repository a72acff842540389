/* SPDX-License-Identifier: Apache-2.0 */
/* Whom a cookie is for, and the tokens of a person. */
#include "app/app_internal.h"
#include "app/code_rule.h"
#include "app/person.h"
#include "app/session.h"
#include "app/visit.h"
#include "crypto/crypto.h"

#define TOKEN_PREFIX "token/"

/* ---- posts of a visit ---- */

/* The only post of somebody who is no Practitioner. */
static int own_post(struct arena *a, const struct visit *visit, struct app_caller *ret)
{
    struct app_post *post = arena_alloc(a, sizeof(*post));

    if (!post)
        return E_NOMEM;
    *post = (struct app_post){.role = visit->role, .organization = visit->organization};
    ret->posts = post;
    ret->post_count = 1;
    return 0;
}

/* Leave out the posts whose role needs a code, where none was given. */
static void without_code(
    const struct app *app, struct arena *a, struct app_caller *caller)
{
    struct app_post *kept = arena_array(a, caller->post_count + 1, sizeof(*kept));
    size_t count = 0;

    for (size_t i = 0; kept && i < caller->post_count; i++) {
        if (!code_rule_asks(app, caller->posts[i].role))
            kept[count++] = caller->posts[i];
    }
    caller->posts = kept;
    caller->post_count = count;
}

static int caller_of(struct app *app, struct arena *a, const struct visit *visit,
    utc_ms now, struct app_caller *ret, struct err *err)
{
    struct app_caller caller = {.account = visit->account,
        .name = visit->name,
        .practitioner = visit->practitioner,
        .address = ret->address};
    struct person_posts posts = {0};
    int r = 0;

    if (visit->practitioner.p)
        r = person_posts(app->persons, a, visit->practitioner, now, &posts, err);
    else if (own_post(a, visit, &caller) < 0)
        r = err_nomem(err);
    if (r < 0)
        return r;
    if (visit->practitioner.p) {
        caller.posts = posts.list;
        caller.post_count = posts.count;
    }
    if (visit->level != VISIT_CODE)
        without_code(app, a, &caller);
    if (caller.post_count > 0) {
        caller.role = caller.posts[0].role;
        caller.organization = caller.posts[0].organization;
    }
    *ret = caller;
    return 0;
}

int session_visit_check(struct app *app, struct arena *a,
    const struct session_visit *visit, utc_ms now, struct app_caller *ret,
    struct err *err)
{
    char token[VISIT_TOKEN_CHARS + 1];
    struct visit found = {0};
    int r = visit_find(app, a, visit->secret, now, &found, err);

    if (r < 0)
        return r;
    if (found.level < VISIT_PASSWORD)
        return err_set(err, E_UNAUTHORISED, "session",
            "Signing in is not complete: the one-time code is missing.");
    if (visit->writes &&
        (!visit_token(visit->secret, token) || visit->token.len != VISIT_TOKEN_CHARS ||
            !crypto_same(token, visit->token.p, VISIT_TOKEN_CHARS)))
        return err_set(err, E_FORBIDDEN, "X-Belay-Page",
            "This change did not come from a page of this server. Load the page "
            "again.");
    return caller_of(app, a, &found, now, ret, err);
}

int session_visit_look(struct app *app, struct arena *a, struct str secret, utc_ms now,
    struct app_caller *ret, struct err *err)
{
    struct visit found = {0};
    int r = visit_look(app, a, secret, now, &found, err);

    if (r == 0 && found.level < VISIT_PASSWORD)
        r = err_set(err, E_UNAUTHORISED, "session", "Signing in is not complete.");
    return r < 0 ? r : caller_of(app, a, &found, now, ret, err);
}

/* ---- tokens of a person ---- */

struct token_walk {
    struct arena *a;
    struct str practitioner;
    int (*visit)(
        void *arg, struct str id, const struct session_grant *grant, struct err *err);
    void *arg;
};

static int token_one(void *arg, const char *name, struct str value, struct err *err)
{
    struct token_walk *walk = arg;
    const struct json *json = NULL;
    struct session_grant grant = {0};
    int64_t expires = 0;
    int r = json_read_trusted(walk->a, value, &json, err);

    if (r < 0)
        return r;
    grant.name = json_get_text(json, "name");
    grant.role = json_get_text(json, "role");
    grant.practitioner = json_get_text(json, "practitioner");
    grant.organization = json_get_text(json, "organization");
    if (text_int(json_text(json_get(json, "expires")), 0, INT64_MAX, &expires))
        grant.expires = expires;
    if (!walk->practitioner.p || !str_eq(grant.practitioner, walk->practitioner) ||
        grant.expires <= time_now())
        return 0;
    return walk->visit(walk->arg, str_of(name + sizeof(TOKEN_PREFIX) - 1), &grant, err);
}

int session_token_each(struct app *app, struct arena *a, struct str practitioner,
    int (*visit)(
        void *arg, struct str id, const struct session_grant *grant, struct err *err),
    void *arg, struct err *err)
{
    struct token_walk walk = {a, practitioner, visit, arg};

    return store_setting_each(app->store, a, TOKEN_PREFIX, token_one, &walk, err);
}

struct token_ending {
    struct str id;
    bool found;
};

static int token_is(
    void *arg, struct str id, const struct session_grant *grant, struct err *err)
{
    struct token_ending *ending = arg;

    (void)grant;
    (void)err;
    ending->found |= str_eq(id, ending->id);
    return 0;
}

int session_token_end(
    struct app *app, struct str practitioner, struct str id, struct err *err)
{
    struct arena *a = arena_new();
    struct token_ending ending = {.id = id};
    const char *name = NULL;
    int r = a ? session_token_each(app, a, practitioner, token_is, &ending, err)
              : err_nomem(err);

    if (r == 0 && !ending.found)
        r = err_set(err, E_NOT_FOUND, "token", "There is no such token.");
    if (r == 0) {
        name = arena_printf(a, TOKEN_PREFIX "%.*s", (int)id.len, id.p);
        r = name ? store_setting_put(app->store, name, (struct str){NULL, 0}, err)
                 : err_nomem(err);
    }
    if (r == 0)
        r = session_token_changed(app, err);
    arena_free(a);
    return r;
}
