/* SPDX-License-Identifier: Apache-2.0 */
/* Choices of a person, kept as one setting. */
#include "app/choice.h"

#include <stdio.h>

#include "app/app_internal.h"
#include "app/setting.h"
#include "outside/mail.h"
#include "outside/post.h"

#define SETTING "choice/"
#define DAY_MINUTES (24 * 60LL)
#define OFFSET_MOST (14 * 60LL)

static const char *const kinds[CHOICE_KINDS] = {
    [CHOICE_SENT] = "sent",
    [CHOICE_ASKED] = "asked",
    [CHOICE_INFORMED] = "informed",
    [CHOICE_ANSWERED] = "answered",
    [CHOICE_ESCALATED] = "escalated",
    [CHOICE_OUTCOME] = "outcome",
    [CHOICE_ALERT] = "alert",
    [CHOICE_SIGN_OFF] = "sign-off",
    [CHOICE_TRY] = "try",
};

static const char *const forms[CHOICE_FORMS] = {
    [CHOICE_FORM_BELAY] = "belay",
    [CHOICE_FORM_TEXT] = "text",
    [CHOICE_FORM_MSGTYPE] = "msgtype",
};

const char *choice_kind_word(enum choice_kind kind)
{
    return kinds[kind];
}

enum choice_kind choice_kind_of(struct str word)
{
    for (enum choice_kind kind = CHOICE_SENT; kind < CHOICE_KINDS; kind++) {
        if (str_is(word, kinds[kind]))
            return kind;
    }
    return CHOICE_KINDS;
}

struct str choice_key(struct arena *a, const struct app_caller *caller)
{
    if (caller->practitioner.p)
        return caller->practitioner;
    return str_of(
        arena_printf(a, "account/%.*s", (int)caller->account.len, caller->account.p));
}

/* ---- quiet hours ---- */

utc_ms choice_quiet_until(const struct choice *c, utc_ms now)
{
    const utc_ms minute = 60 * 1000LL;
    utc_ms at = (now / minute + c->quiet_offset) % DAY_MINUTES;
    utc_ms length = (c->quiet_until - c->quiet_from + DAY_MINUTES) % DAY_MINUTES;
    utc_ms since = (at - c->quiet_from + DAY_MINUTES) % DAY_MINUTES;

    if (!c->quiet || since >= length)
        return now;
    return now - now % minute + (length - since) * minute;
}

/* ---- taking them from a page, and giving them to it ---- */

/* "HH:MM" */
static bool clock_read(struct str text, int *ret)
{
    int64_t hour = 0;
    int64_t minute = 0;

    if (text.len != 5 || text.p[2] != ':' ||
        !text_int((struct str){text.p, 2}, 0, 23, &hour) ||
        !text_int((struct str){text.p + 3, 2}, 0, 59, &minute))
        return false;
    *ret = (int)(hour * 60 + minute);
    return true;
}

static int read_quiet(const struct json *json, struct choice *c, struct err *err)
{
    int64_t offset = 0;

    c->quiet = json_is_object(json);
    if (!c->quiet)
        return 0;
    if (!clock_read(json_get_text(json, "from"), &c->quiet_from) ||
        !clock_read(json_get_text(json, "until"), &c->quiet_until) ||
        !text_int(
            json_text(json_get(json, "offset")), -OFFSET_MOST, OFFSET_MOST, &offset))
        return err_set(err, E_INVALID, "quiet",
            "Quiet hours have from and until as HH:MM, and offset in minutes.");
    c->quiet_offset = (int)offset;
    return 0;
}

int choice_form_of(struct str word, enum choice_form *ret, struct err *err)
{
    enum choice_form form = CHOICE_FORM_BELAY;

    while (word.p && form < CHOICE_FORMS && !str_is(word, forms[form]))
        form++;
    if (form == CHOICE_FORMS)
        return err_set(err, E_INVALID, "hook.form", "There is no such form.");
    *ret = form;
    return 0;
}

static int read_hook(const struct json *json, struct choice *c, struct err *err)
{
    struct str form = json_get_text(json, "form");
    struct str secret = json_get_text(json, "secret");
    struct str url = json_get_text(json, "url");

    if (!json_is_object(json) || !url.p) {
        c->hook_url = c->hook_secret = (struct str){NULL, 0};
        return 0;
    }
    if (!c->hook_url.p || !str_eq(url, c->hook_url))
        c->hook_secret = (struct str){NULL, 0}; /* it was for the other address */
    c->hook_url = url;
    if (secret.p)
        c->hook_secret = secret;
    return choice_form_of(form, &c->hook_form, err);
}

static int read_off(const struct json *json, struct choice *c, struct err *err)
{
    struct json_each it = json_each(json);

    c->off = 0;
    while (json_next(&it)) {
        enum choice_kind kind = choice_kind_of(json_text(it.value));

        if (kind >= CHOICE_TRY)
            return err_set(err, E_INVALID, "off", "There is no such message.");
        c->off |= 1u << kind;
    }
    return 0;
}

/* The text of member ${name}; null and "" take it away. */
static void read_text(const struct json *body, const char *name, struct str *text)
{
    const struct json *json = json_get(body, name);

    if (json)
        *text = json_text(json).len > 0 ? json_text(json) : (struct str){NULL, 0};
}

int choice_read(const struct json *body, struct choice *c, struct err *err)
{
    int r = 0;

    read_text(body, "language", &c->language);
    read_text(body, "email", &c->email);
    if (json_get(body, "hook"))
        r = read_hook(json_get(body, "hook"), c, err);
    if (r == 0 && json_get(body, "quiet"))
        r = read_quiet(json_get(body, "quiet"), c, err);
    if (r == 0 && json_get(body, "off"))
        r = read_off(json_get(body, "off"), c, err);
    return r;
}

static void put_clock(struct json_out *o, const char *name, int minutes)
{
    char text[16];

    snprintf(text, sizeof(text), "%02d:%02d", minutes / 60 % 24, minutes % 60);
    json_member(o, name, str_of(text));
}

static void put_hook(struct json_out *o, const struct choice *c, struct str locked)
{
    json_name(o, "hook");
    json_open(o, '{');
    json_member(o, "url", c->hook_url);
    json_member(o, "form", str_of(forms[c->hook_form]));
    if (locked.p) {
        json_member(o, "secret", locked);
    } else {
        json_name(o, "hasSecret");
        json_put_bool(o, c->hook_secret.p != NULL);
    }
    json_close(o, '}');
}

static void put_members(struct json_out *o, const struct choice *c, struct str locked)
{
    json_member(o, "language", c->language);
    json_member(o, "email", c->email);
    if (c->hook_url.p)
        put_hook(o, c, locked);
    if (c->quiet) {
        json_name(o, "quiet");
        json_open(o, '{');
        put_clock(o, "from", c->quiet_from);
        put_clock(o, "until", c->quiet_until);
        json_name(o, "offset");
        json_put_int(o, c->quiet_offset);
        json_close(o, '}');
    }
    json_name(o, "off");
    json_open(o, '[');
    for (enum choice_kind kind = CHOICE_SENT; kind < CHOICE_TRY; kind++) {
        if (c->off & 1u << kind)
            json_put_str(o, kinds[kind]);
    }
    json_close(o, ']');
}

void choice_write(struct json_out *o, const struct choice *c)
{
    put_members(o, c, (struct str){NULL, 0});
}

/* ---- keeping them ---- */

int choice_load(struct app *app, struct arena *a, struct str key, struct choice *ret,
    struct err *err)
{
    const struct json *json = NULL;
    struct choice c = {.language = {NULL, 0}};
    struct str value = {NULL, 0};
    int r = setting_get(app, a, SETTING, key, &value, err);

    if (r == 0)
        r = json_read_trusted(a, value, &json, err);
    if (r == 0)
        r = choice_read(json, &c, err);
    if (r == 0 && c.hook_secret.p)
        r = setting_unlock(app, a, SETTING_SECRET_HOOK, key, &c.hook_secret, err);
    if (r < 0 && r != E_NOT_FOUND)
        return r;
    *ret = c;
    return 0;
}

static int check(const struct choice *c, bool hook_private, struct err *err)
{
    char url[LIMIT_NAME_BYTES + 1];

    if (c->language.len > 16)
        return err_set(err, E_INVALID, "language", "There is no such language.");
    if (c->email.p && outside_mail_check_address(c->email, "email", err) < 0)
        return E_INVALID;
    if (c->hook_secret.len > CHOICE_SECRET_MAX)
        return err_set(err, E_INVALID, "hook.secret",
            "The secret has %d bytes at most.", CHOICE_SECRET_MAX);
    if (!c->hook_url.p)
        return 0;
    if (c->hook_url.len >= sizeof(url))
        return err_set(err, E_INVALID, "hook.url", "The address is too long.");
    snprintf(url, sizeof(url), "%.*s", (int)c->hook_url.len, c->hook_url.p);
    return outside_post_check(url, hook_private, "hook.url", err);
}

int choice_save(struct app *app, struct str key, const struct choice *c,
    bool hook_private, struct err *err)
{
    struct buf value;
    struct buf locked;
    struct json_out o = json_out(&value);
    int r = check(c, hook_private, err);

    buf_init(&value, LIMIT_SETTING_BYTES);
    buf_init(&locked, LIMIT_SETTING_BYTES);
    if (r == 0 && c->hook_secret.p)
        r = setting_lock(app, SETTING_SECRET_HOOK, key, c->hook_secret, &locked, err);
    if (r == 0) {
        json_open(&o, '{');
        put_members(&o, c, (struct str){locked.data, locked.len});
        json_close(&o, '}');
        r = buf_error(&value, "choices", err);
    }
    if (r == 0)
        r = setting_put(app, SETTING, key, (struct str){value.data, value.len}, err);
    buf_done(&locked);
    buf_done(&value);
    return r;
}
