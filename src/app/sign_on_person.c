/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From claims to an account. Who has been here is known by issuer and subject alone: names
 * and addresses of a provider change and are given to somebody else. A Practitioner is
 * found by an identifier if the operator named a claim for it, or made.
 */
#include "app/sign_on_internal.h"

#define NAME_CHARS_MAX 64 /* bytes of a provider's name for somebody */
#define NAMES_TRIED 20

/* ---- claims ---- */

static struct str text_of(const struct sign_on_claims *c, struct str name)
{
    struct str text = sign_on_claim_text(c->token, name);

    return text.p ? text : sign_on_claim_text(c->more, name);
}

bool sign_on_has(const struct sign_on_claims *c, struct str name, struct str value)
{
    return sign_on_claim_has(c->token, name, value) ||
           sign_on_claim_has(c->more, name, value);
}

static bool any_role(const struct sign_on_person *p)
{
    for (size_t i = 0; i < p->provider->rule_count; i++) {
        const struct sign_on_rule *rule = &p->provider->rules[i];

        if (sign_on_has(&p->claims, rule->claim, rule->value))
            return true;
    }
    return false;
}

/* The log names the subject: who keeps the node needs it to link an account. */
static int nobody(struct sign_on_person *p, const char *why, struct err *err)
{
    struct str subject = p->link.subject;

    p->why = why;
    return err_set(err, E_FORBIDDEN, "subject", "Nobody signs on as \"%.*s\" now (%s).",
        (int)subject.len, subject.p, why);
}

/* ---- records ---- */

int sign_on_record(struct sign_on_person *p, enum app_method method, struct str path,
    struct str body, const struct json **ret, struct err *err)
{
    struct app_call call = {.app = p->app,
        .arena = p->arena,
        .caller = {.role = STR("program")},
        .method = method,
        .query = path,
        .body = body,
        .prefer = STR("return=representation")};
    const char *name = arena_printf(
        p->arena, "sign-on %.*s", (int)p->provider->name.len, p->provider->name.p);
    int r = 0;

    if (!name)
        return err_nomem(err);
    call.caller.name = str_of(name);
    call.path = str_cut(&call.query, '?');
    app_run(&call);
    r = json_read(p->arena, (struct str){call.answer.data, call.answer.len},
        LIMIT_RESPONSE_BYTES, ret, err);
    if (call.status == 404)
        r = E_NOT_FOUND;
    else if (call.status == 410)
        r = E_GONE;
    else if (r == 0 && call.status != 200 && call.status != 201)
        r = err_set(err, E_IO, NULL, "A record could not be written (%d): %.200s",
            call.status, buf_cstr(&call.answer));
    app_call_done(&call);
    return r;
}

/* ---- a Practitioner ---- */

/* A value in a search: what means something there is told by a backslash. */
static void search_value(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char pair[2] = {'\\', s.p[i]};
        bool special = strchr("\\,$|", s.p[i]) != NULL;

        percent_encode(b, (struct str){special ? pair : pair + 1, special ? 2 : 1});
    }
}

/* The one with the identifier; ${ret} stays where there is none. E_FORBIDDEN: several. */
static int find_practitioner(
    struct sign_on_person *p, struct str number, struct str *ret, struct err *err)
{
    const struct json *bundle = NULL;
    const struct json *entry = NULL;
    const char *found = NULL;
    struct buf path;
    int r = 0;

    buf_init(&path, LIMIT_URL_BYTES);
    buf_adds(&path, "Practitioner?_count=2&identifier=");
    search_value(&path, p->provider->staff_system);
    buf_adds(&path, "%7C");
    search_value(&path, number);
    r = buf_error(&path, "The search", err);
    if (r == 0)
        r = sign_on_record(p, APP_GET, (struct str){path.data, path.len},
            (struct str){NULL, 0}, &bundle, err);
    if (r == 0)
        entry = json_get(bundle, "entry");
    if (r == 0 && json_count(entry) > 1)
        r = nobody(p, "unknown", err);
    if (r == 0 && json_count(entry) == 1) {
        struct str id = json_get_text(json_get(json_at(entry, 0), "resource"), "id");

        found = arena_printf(p->arena, "Practitioner/%.*s", (int)id.len, id.p);
        r = found ? 0 : err_nomem(err);
        *ret = str_of(found);
    }
    buf_done(&path);
    return r;
}

/* What to call them: for people first, then whatever there is. */
static struct str display_name(const struct sign_on_person *p)
{
    static const char *const claims[] = {"name", "preferred_username", "email", "sub"};
    struct str name = {NULL, 0};

    for (size_t i = 0; i < sizeof(claims) / sizeof(claims[0]) && !name.p; i++)
        name = text_of(&p->claims, str_of(claims[i]));
    return utf8_cut(name, (size_t)4 * NAME_CHARS_MAX);
}

static int make_practitioner(
    struct sign_on_person *p, struct str number, struct str *ret, struct err *err)
{
    const struct json *made = NULL;
    const char *reference = NULL;
    struct str id = {NULL, 0};
    struct json_out o;
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_SETTING_BYTES);
    o = json_out(&b);
    json_open(&o, '{');
    json_member(&o, "resourceType", STR("Practitioner"));
    if (number.p) {
        json_name(&o, "identifier");
        json_open(&o, '[');
        json_open(&o, '{');
        json_member(&o, "system", p->provider->staff_system);
        json_member(&o, "value", number);
        json_close(&o, '}');
        json_close(&o, ']');
    }
    json_name(&o, "active");
    json_put_bool(&o, true);
    json_name(&o, "name");
    json_open(&o, '[');
    json_open(&o, '{');
    json_member(&o, "text", display_name(p));
    json_close(&o, '}');
    json_close(&o, ']');
    json_close(&o, '}');
    r = buf_error(&b, "The Practitioner", err);
    if (r == 0)
        r = sign_on_record(
            p, APP_POST, STR("Practitioner"), (struct str){b.data, b.len}, &made, err);
    buf_done(&b);
    if (r < 0)
        return r;
    id = json_get_text(made, "id");
    reference = arena_printf(p->arena, "Practitioner/%.*s", (int)id.len, id.p);
    *ret = str_of(reference);
    return reference ? 0 : err_nomem(err);
}

static int practitioner(struct sign_on_person *p, struct str *ret, struct err *err)
{
    struct str number = p->provider->staff_claim.p
                            ? text_of(&p->claims, p->provider->staff_claim)
                            : (struct str){NULL, 0};
    int r = 0;

    if (p->provider->staff_claim.p && !number.p)
        return nobody(p, "unknown", err);
    if (number.p)
        r = find_practitioner(p, number, ret, err);
    return r < 0 || ret->p ? r : make_practitioner(p, number, ret, err);
}

/* ---- an account ---- */

/* "NAME/their name", and with a number behind where that is taken. */
static int make_account(struct sign_on_person *p, struct str whose, struct err *err)
{
    struct str claim = p->provider->user_claim;
    struct str user = text_of(&p->claims, claim.p ? claim : STR("preferred_username"));
    char ticket[ACCOUNT_TICKET_MAX];
    int r = E_CONFLICT;

    if (!user.p)
        user = text_of(&p->claims, STR("sub"));
    user = utf8_cut(user, NAME_CHARS_MAX);
    for (int i = 1; r == E_CONFLICT && i <= NAMES_TRIED; i++) {
        const char *name = arena_printf(p->arena, i == 1 ? "%.*s/%.*s" : "%.*s/%.*s %d",
            (int)p->provider->name.len, p->provider->name.p, (int)user.len, user.p, i);
        struct account_new n = {
            .name = str_of(name), .practitioner = whose, .provider = p->provider->name};

        if (!name)
            return err_nomem(err);
        r = account_add(p->app, &n, ticket, err);
        if (r == 0)
            r = account_key(p->arena, n.name, &p->link.account, err);
    }
    return r;
}

/* First sign-in. */
static int make_person(struct sign_on_person *p, struct err *err)
{
    struct str whose = {NULL, 0};
    size_t count = 0;
    int r = 0;

    if (!p->provider->makes)
        return nobody(p, "unknown", err);
    if (!any_role(p))
        return nobody(p, "no-role", err);
    r = practitioner(p, &whose, err);
    if (r == 0)
        r = make_account(p, whose, err);
    if (r == 0)
        r = sign_on_link_save(p->app, &p->link, err);
    return r == 0 ? sign_on_posts(p, whose, &count, err) : r;
}

/* Somebody known: what the claims give now. */
static int renew_person(
    struct sign_on_person *p, const struct account *account, struct err *err)
{
    size_t count = 0;
    int r = 0;

    if (!account->practitioner.p || p->provider->rule_count == 0)
        return 0; /* what they may do is decided here, not there */
    r = sign_on_posts(p, account->practitioner, &count, err);
    if (r == 0 && count == 0 && account->provider.p)
        r = nobody(p, "no-role", err);
    return r;
}

static int person(struct sign_on_person *p, struct account *ret, struct err *err)
{
    int r = sign_on_link_load(p->app, p->arena, &p->link, err);

    if (r == 0 && p->link.account.p) {
        r = account_load(p->app, p->arena, p->link.account, ret, err);
        if (r == E_NOT_FOUND)
            return nobody(p, "unknown", err);
        if (r == 0 && ret->off)
            return nobody(p, "closed", err);
        return r == 0 ? renew_person(p, ret, err) : r;
    }
    if (r == 0)
        r = make_person(p, err);
    return r == 0 ? account_load(p->app, p->arena, p->link.account, ret, err) : r;
}

int sign_on_person(struct sign_on_person *p, struct account *ret, struct err *err)
{
    int r = 0;

    p->link = (struct sign_on_link_row){.provider = p->provider->name,
        .issuer = p->provider->issuer,
        .subject = text_of(&p->claims, STR("sub"))};
    pthread_mutex_lock(&p->app->sign_on->people);
    r = person(p, ret, err);
    pthread_mutex_unlock(&p->app->sign_on->people);
    return r;
}
