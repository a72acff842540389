/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A message becomes a letter or a POST and is handed over.
 *
 *   POST URL
 *   X-Belay-Time: 1767225600                   seconds
 *   X-Belay-Signature: sha256=HEX              HMAC-SHA256(secret, TIME "." BODY)
 */
#include <stdio.h>

#include "app/notify_internal.h"
#include "crypto/signature.h"
#include "outside/mail.h"
#include "outside/post.h"

#define LETTER_MAX 8192u
#define LINE_BYTES 57 /* of a letter's text; 76 characters as base64 */

static const char *link_of(
    const struct notify *n, struct arena *a, const struct notify_item *item)
{
    if (item->kind == CHOICE_SIGN_OFF) /* its id follows from who it is of */
        return arena_printf(a, "%s/#/sign-offs", n->base);
    if (!item->request[0])
        return arena_printf(a, "%s/", n->base);
    return arena_printf(a, "%s/#/case/%s", n->base, item->request);
}

/* "Emergency. A case waits for you." */
static const char *sentence_of(struct arena *a, const struct notify_words *w)
{
    if (!w->urgency[0])
        return w->text;
    return arena_printf(a, "[%s] %s", w->urgency, w->text);
}

/* ---- a letter ---- */

/* base64 with its padding and its own two signs. */
static void add_base64(struct buf *b, const void *data, size_t len)
{
    size_t before = b->len;

    base64url_encode(b, data, len);
    for (size_t i = before; !b->error && i < b->len; i++) {
        if (b->data[i] == '-')
            b->data[i] = '+';
        else if (b->data[i] == '_')
            b->data[i] = '/';
    }
    while (!b->error && (b->len - before) % 4 != 0)
        buf_addc(b, '=');
}

/* A header's text in words that each hold whole characters (RFC 2047). */
static void add_words(struct buf *b, const char *text)
{
    struct str rest = str_of(text);

    while (rest.len > 0) {
        struct str word = utf8_cut(rest, 42);

        buf_adds(b, "=?utf-8?B?");
        add_base64(b, word.p, word.len);
        buf_adds(b, "?=");
        rest.p += word.len;
        rest.len -= word.len;
        if (rest.len > 0)
            buf_adds(b, "\r\n ");
    }
}

static void add_text(struct buf *b, const char *text)
{
    size_t len = strlen(text);

    for (size_t at = 0; at < len; at += LINE_BYTES) {
        add_base64(b, text + at, len - at < LINE_BYTES ? len - at : LINE_BYTES);
        buf_adds(b, "\r\n");
    }
}

static void write_letter(struct buf *b, const struct notify_item *item,
    const struct notify_mail *mail, const struct choice *choice, utc_ms now)
{
    const char *domain = memchr(mail->from.p, '@', mail->from.len);
    char date[TIME_ISO_MAX];

    time_http(now, date);
    buf_addf(b, "From: Belay <%s>\r\nTo: <%.*s>\r\n", mail->from.p,
        (int)choice->email.len, choice->email.p);
    buf_addf(b, "Date: %.25s +0000\r\nMessage-ID: <%s.%lld%s>\r\n", date, item->id,
        (long long)item->made, domain ? domain : "@belay");
    buf_adds(b, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                "Content-Transfer-Encoding: base64\r\n"
                "Auto-Submitted: auto-generated\r\n");
    if (item->urgency == CASE_EMERGENCY && item->kind != CHOICE_TRY)
        buf_adds(b, "Importance: high\r\n");
}

static int send_mail(const struct notify_sending *s, struct err *err)
{
    const struct choice *choice = s->choice;
    struct arena *a = s->arena;
    struct notify_words w =
        notify_words(choice->language, s->item->kind, s->item->urgency);
    const char *sentence = sentence_of(a, &w);
    const char *link = link_of(s->notify, a, s->item);
    const char *text = sentence && link ? arena_printf(a, "%s\n\n%s %s\n\n--\n%s\n",
                                              sentence, w.open, link, w.foot)
                                        : NULL;
    struct outside_mail letter = {.server = s->mail->server.p,
        .user = s->mail->user.p,
        .password = s->mail->password.p,
        .ca_file = s->mail->ca_file.p,
        .from = s->mail->from.p,
        .to = arena_strndup(a, choice->email.p, choice->email.len),
        .patience = LIMIT_NOTIFY_SECONDS * 1000};
    struct buf b;
    int r = text && letter.to ? 0 : err_nomem(err);

    buf_init(&b, LETTER_MAX);
    if (r == 0) {
        write_letter(&b, s->item, s->mail, choice, s->now);
        buf_adds(&b, "Subject: ");
        add_words(&b, w.subject);
        buf_adds(&b, "\r\n\r\n");
        add_text(&b, text);
        r = buf_error(&b, "a letter", err);
    }
    letter.letter = (struct str){b.data, b.len};
    if (r == 0)
        r = outside_mail(&letter, err);
    buf_done(&b);
    return r;
}

/* ---- a hook ---- */

static void write_body(struct buf *b, struct arena *a, const struct notify_item *item,
    const struct choice *choice, const char *link)
{
    struct notify_words w = notify_words(choice->language, item->kind, item->urgency);
    const char *sentence = sentence_of(a, &w);
    const char *text = arena_printf(a, "%s %s %s", sentence, w.open, link);
    struct json_out o = json_out(b);

    json_open(&o, '{');
    switch (choice->hook_form) {
    case CHOICE_FORM_MSGTYPE:
        json_member(&o, "msgtype", STR("text"));
        json_name(&o, "text");
        json_open(&o, '{');
        json_member(&o, "content", str_of(text));
        json_close(&o, '}');
        break;
    case CHOICE_FORM_TEXT:
        json_member(&o, "text", str_of(text));
        break;
    case CHOICE_FORM_BELAY:
    case CHOICE_FORMS:
    default:
        json_member(&o, "id", str_of(item->id));
        json_member(&o, "kind", str_of(choice_kind_word(item->kind)));
        json_member(&o, "urgency", str_of(case_task_urgency_word(item->urgency)));
        json_member(&o, "text", str_of(sentence));
        json_member(&o, "link", str_of(link));
        break;
    }
    json_close(&o, '}');
}

/* The header that proves who sent it; "" without a secret. */
static int sign(struct arena *a, struct str secret, const char *time, struct str body,
    const char **ret, struct err *err)
{
    uint8_t mac[CRYPTO_MAC_BYTES];
    char hex[2 * CRYPTO_MAC_BYTES + 1];
    const char *text = arena_printf(a, "%s.%.*s", time, (int)body.len, body.p);
    int r = text ? crypto_mac(secret, str_of(text), mac, err) : err_nomem(err);

    if (r < 0)
        return r;
    hex_encode(mac, sizeof(mac), hex);
    *ret = arena_printf(a, "X-Belay-Signature: sha256=%s", hex);
    return *ret ? 0 : err_nomem(err);
}

/* Later is better where the other side says so or is broken; never where it says no. */
static int judge(int status, struct err *err)
{
    if (status >= 200 && status < 300)
        return 0;
    return err_set(err,
        status < 500 && status != 408 && status != 425 && status != 429 ? E_INVALID
                                                                        : E_IO,
        NULL, "The webhook answered with status %d.", status);
}

static int send_hook(const struct notify_sending *s, struct err *err)
{
    const struct choice *choice = s->choice;
    struct arena *a = s->arena;
    const char *link = link_of(s->notify, a, s->item);
    const char *time = arena_printf(a, "%lld", (long long)(s->now / 1000));
    struct outside_post post = {
        .url = arena_strndup(a, choice->hook_url.p, choice->hook_url.len),
        .anywhere = s->mail->hook_private,
        .patience = LIMIT_NOTIFY_SECONDS * 1000};
    struct buf b;
    int status = 0;
    int r = link && time && post.url ? 0 : err_nomem(err);

    buf_init(&b, LETTER_MAX);
    if (r == 0) {
        write_body(&b, a, s->item, choice, link);
        r = buf_error(&b, "a message", err);
    }
    post.body = (struct str){b.data, b.len};
    if (r == 0)
        post.headers[0] = arena_printf(a, "X-Belay-Time: %s", time);
    if (r == 0 && choice->hook_secret.p)
        r = sign(a, choice->hook_secret, time, post.body, &post.headers[1], err);
    if (r == 0)
        r = outside_post(&post, &status, err);
    buf_done(&b);
    return r < 0 ? r : judge(status, err);
}

int notify_send(const struct notify_sending *s, struct err *err)
{
    return s->item->way == NOTIFY_MAIL ? send_mail(s, err) : send_hook(s, err);
}
