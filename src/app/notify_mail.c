/* SPDX-License-Identifier: Apache-2.0 */
/* What the operator set: the mail server, and how far webhooks may lead. */
#include "app/notify_internal.h"
#include "app/setting.h"
#include "outside/mail.h"

#define SETTING "mail"

int notify_mail_load(
    struct app *app, struct arena *a, struct notify_mail *ret, struct err *err)
{
    struct notify_mail mail = {.server = {NULL, 0}};
    const struct json *json = NULL;
    struct str value = {NULL, 0};
    int r = store_setting_get(app->store, a, SETTING, &value, err);

    if (r == 0)
        r = json_read_trusted(a, value, &json, err);
    if (r == 0) {
        mail.server = json_get_text(json, "server");
        mail.user = json_get_text(json, "user");
        mail.from = json_get_text(json, "from");
        mail.ca_file = json_get_text(json, "caFile");
        mail.hook_private = json_kind(json_get(json, "hookPrivate")) == JSON_TRUE;
        mail.password = json_get_text(json, "password");
    }
    if (r == 0 && mail.password.p)
        r = setting_unlock(
            app, a, SETTING_SECRET_MAIL, mail.server, &mail.password, err);
    if (r < 0 && r != E_NOT_FOUND)
        return r;
    *ret = mail;
    return 0;
}

static int check(const struct notify_mail *mail, struct err *err)
{
    int r = 0;

    if (!mail->server.p)
        return 0;
    r = outside_mail_check_server(mail->server.p, "server", err);
    if (r == 0)
        r = outside_mail_check_address(mail->from, "from", err);
    if (r == 0 && mail->user.p && !mail->password.p)
        r = err_set(err, E_INVALID, "user", "Whoever signs in needs a secret too.");
    return r;
}

int notify_mail_save(struct app *app, const struct notify_mail *mail, struct err *err)
{
    struct buf value;
    struct buf locked;
    struct json_out o = json_out(&value);
    int r = check(mail, err);

    buf_init(&value, LIMIT_SETTING_BYTES);
    buf_init(&locked, LIMIT_SETTING_BYTES);
    if (r == 0 && mail->server.p && mail->password.p)
        r = setting_lock(
            app, SETTING_SECRET_MAIL, mail->server, mail->password, &locked, err);
    if (r == 0) {
        json_open(&o, '{');
        json_member(&o, "server", mail->server);
        json_member(&o, "user", mail->user);
        json_member(&o, "password", (struct str){locked.data, locked.len});
        json_member(&o, "from", mail->from);
        json_member(&o, "caFile", mail->ca_file);
        json_name(&o, "hookPrivate");
        json_put_bool(&o, mail->hook_private);
        json_close(&o, '}');
        r = buf_error(&value, "the settings of mail", err);
    }
    if (r == 0)
        r = store_setting_put(
            app->store, SETTING, (struct str){value.data, value.len}, err);
    buf_done(&locked);
    buf_done(&value);
    return r;
}
