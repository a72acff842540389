/* SPDX-License-Identifier: Apache-2.0 */
/* The node's own key, in its database or in a file, and its change. */
#include "app/node_key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"

#include "app/app_internal.h"
#include "app/setting.h"
#include "crypto/crypto.h"
#include "crypto/secret.h"
#include "store/trail.h"

#define SETTING "seal-key"
#define SETTING_NEXT "seal-key-next"
#define IN_FILE "file:"
#define CREDENTIALS "$CREDENTIALS_DIRECTORY/"
#define KEY_BYTES ((size_t)CRYPTO_SEAL_KEY_BYTES)
#define HEX_CHARS (2 * KEY_BYTES)

/* ---- a key in a file ---- */

static const char *path_of(struct arena *a, struct str named)
{
    struct str tail = named;
    const char *credentials = NULL;

    if (!str_starts(named, CREDENTIALS))
        return arena_strndup(a, named.p, named.len);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): nobody changes the environment */
    credentials = getenv("CREDENTIALS_DIRECTORY");
    tail.p += sizeof(CREDENTIALS) - 1;
    tail.len -= sizeof(CREDENTIALS) - 1;
    return arena_printf(
        a, "%s/%.*s", credentials ? credentials : "/nowhere", (int)tail.len, tail.p);
}

static int file_read(const char *path, uint8_t key[KEY_BYTES], struct err *err)
{
    char text[HEX_CHARS + 2];
    struct stat st;
    ssize_t n = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    int r = 0;

    if (fd < 0)
        return err_sys(err, errno, path, "Cannot read the node's key");
    if (fstat(fd, &st) < 0 || (st.st_mode & (S_IRWXO | S_IWGRP)) != 0) {
        close(fd);
        return err_set(err, E_FORBIDDEN, path,
            "Others may read or change the node's key: say 'chmod 600', and change it "
            "if anybody may have read it (belay key).");
    }
    n = read(fd, text, sizeof(text));
    if (n < 0)
        r = err_sys(err, errno, path, "Cannot read the node's key");
    else if ((size_t)n < HEX_CHARS ||
             ((size_t)n > HEX_CHARS && text[HEX_CHARS] != '\n') ||
             !hex_decode(text, key, KEY_BYTES))
        r = err_set(err, E_CORRUPT, path, "This file does not hold the key of a node.");
    close(fd);
    crypto_wipe(text, sizeof(text));
    return r;
}

/* The folder too, or a power cut takes the file away again. */
static int folder_sync(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *folder = slash == path ? "/"
                         : slash       ? arena_strndup(a, path, (size_t)(slash - path))
                                       : ".";
    int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    int r = fd >= 0 && fsync(fd) == 0 ? 0 : E_IO;

    if (fd >= 0)
        close(fd);
    return r;
}

static int file_write(
    struct arena *a, const char *path, const uint8_t key[KEY_BYTES], struct err *err)
{
    char text[HEX_CHARS + 2];
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0600);
    int r = 0;

    if (fd < 0 && errno == EEXIST)
        return err_set(
            err, E_CONFLICT, path, "This file is there; name a new one for the key.");
    if (fd < 0)
        return err_sys(err, errno, path, "Cannot make the file for the node's key");
    hex_encode(key, KEY_BYTES, text);
    text[HEX_CHARS] = '\n';
    if (write(fd, text, HEX_CHARS + 1) != (ssize_t)HEX_CHARS + 1 || fsync(fd) < 0 ||
        folder_sync(a, path) < 0)
        r = err_sys(err, errno, path, "Cannot write the node's key");
    close(fd);
    if (r < 0)
        unlink(path);
    crypto_wipe(text, sizeof(text));
    return r;
}

/* ---- settings ---- */

/* The file that ${value} names; p NULL: it is the key itself, which its length tells. */
static struct str file_of(struct str value)
{
    if (!value.p || value.len == KEY_BYTES || !str_starts(value, IN_FILE))
        return (struct str){NULL, 0};
    value.p += sizeof(IN_FILE) - 1;
    value.len -= sizeof(IN_FILE) - 1;
    while (value.len > 0 && value.p[value.len - 1] == '\n')
        value.len--;
    return value;
}

/* The key, or the one in the file that ${value} names. */
static int value_read(
    struct arena *a, struct str value, uint8_t key[KEY_BYTES], struct err *err)
{
    struct str named = {NULL, 0};
    const char *path = NULL;

    if (value.len == KEY_BYTES) {
        memcpy(key, value.p, KEY_BYTES);
        return 0;
    }
    named = file_of(value);
    if (!named.p)
        return err_set(err, E_CORRUPT, NULL, "The node's key is damaged.");
    path = path_of(a, named);
    return path ? file_read(path, key, err) : err_nomem(err);
}

/* What the setting of ${key} in ${file} (NULL: the database) says; the file is made. */
static int value_make(struct arena *a, const char *file, const uint8_t key[KEY_BYTES],
    struct str *ret, struct err *err)
{
    char *text = NULL;
    const char *path = NULL;
    int r = 0;

    if (!file) {
        *ret = (struct str){(const char *)key, KEY_BYTES};
        return 0;
    }
    path = path_of(a, str_of(file));
    text = arena_printf(a, IN_FILE "%s", file);
    if (text && strlen(text) == KEY_BYTES) /* this length means the key itself */
        text = arena_printf(a, IN_FILE "%s\n", file);
    if (!path || !text)
        return err_nomem(err);
    r = file_write(a, path, key, err);
    if (r == 0)
        *ret = str_of(text);
    return r;
}

static int get(struct app *app, struct arena *a, const char *name, struct str *ret,
    struct err *err)
{
    int r = store_setting_get(app->store, a, name, ret, err);

    if (r == E_NOT_FOUND)
        *ret = (struct str){NULL, 0};
    return r == E_NOT_FOUND ? 0 : r;
}

/* ---- sealing anew ---- */

struct resealing {
    struct app *app;
    struct arena *a;
    enum setting_secret kind;
    struct resealed {
        const char *name;
        struct str value;
    } * list;
    size_t count;
};

static struct str secret_in(
    const struct setting_secret_place *place, const struct json *json)
{
    return json_get_text(
        place->parent ? json_get(json, place->parent) : json, place->member);
}

/* ${old} with the text ${locked} in it, which is there once, become ${now}. */
static int exchange(struct arena *a, struct str old, struct str locked, struct str now,
    struct str *ret, struct err *err)
{
    const char *at = memmem(old.p, old.len, locked.p, locked.len);
    char *out = arena_alloc(a, old.len - locked.len + now.len + 1);
    size_t before = at ? (size_t)(at - old.p) : 0;

    if (!out)
        return err_nomem(err);
    if (!at)
        return err_set(err, E_CORRUPT, NULL, "A secret of a setting is damaged.");
    memcpy(out, old.p, before);
    memcpy(out + before, now.p, now.len);
    memcpy(out + before + now.len, at + locked.len, old.len - before - locked.len);
    *ret = (struct str){out, old.len - locked.len + now.len};
    return 0;
}

static int reseal_value(struct resealing *s, struct str label, struct str locked,
    struct str old, struct str *ret, struct err *err)
{
    struct buf open;
    struct buf sealed;
    int r = 0;

    buf_init(&open, CRYPTO_VAULT_MAX);
    buf_init(&sealed, LIMIT_SETTING_BYTES);
    r = setting_open(s->app, s->kind, label, locked, &open, err);
    if (r == 0)
        r = setting_lock(s->app, s->kind, label,
            (struct str){open.data ? open.data : "", open.len}, &sealed, err);
    if (r == 0)
        r = exchange(
            s->a, old, locked, (struct str){sealed.data, sealed.len}, ret, err);
    if (open.data)
        crypto_wipe(open.data, open.len);
    buf_done(&open);
    buf_done(&sealed);
    return r;
}

static int reseal_one(void *arg, const char *name, struct str value, struct err *err)
{
    struct resealing *s = arg;
    const struct setting_secret_place *place = setting_secret_place(s->kind);
    struct str label = str_of(name + strlen(place->prefix));
    struct resealed *more = NULL;
    const struct json *json = NULL;
    struct str locked = {NULL, 0};
    struct str now = {NULL, 0};
    int r = 0;

    if (place->label && label.len > 0)
        return 0; /* another setting, whose name goes on */
    r = json_read_trusted(s->a, value, &json, err);
    if (r == 0)
        locked = secret_in(place, json);
    if (r < 0 || !locked.p)
        return r;
    if (place->label)
        label = json_get_text(json, place->label);
    r = reseal_value(s, label, locked, value, &now, err);
    if (r < 0)
        return r;
    more = arena_grow(
        s->a, s->list, s->count * sizeof(*more), (s->count + 1) * sizeof(*more));
    name = arena_strndup(s->a, name, strlen(name));
    if (!more || !name)
        return err_nomem(err);
    s->list = more;
    s->list[s->count++] = (struct resealed){name, now};
    return 0;
}

/* Every secret, opened with either key, sealed with the new one. */
static int reseal_all(struct app *app, struct arena *a, size_t *ret, struct err *err)
{
    int r = 0;

    *ret = 0;
    for (int kind = 0; r == 0 && kind < SETTING_SECRETS; kind++) {
        struct resealing s = {.app = app, .a = a, .kind = (enum setting_secret)kind};

        r = store_setting_each(
            app->store, a, setting_secret_place(s.kind)->prefix, reseal_one, &s, err);
        for (size_t i = 0; r == 0 && i < s.count; i++)
            r = store_setting_put(app->store, s.list[i].name, s.list[i].value, err);
        *ret += s.count;
    }
    return r;
}

/* Steps 2 to 4: app->seal_key is the new one, which ${value} names. */
static int change_finish(struct app *app, struct arena *a, struct str value,
    size_t *ret_sealed, struct err *err)
{
    int r = reseal_all(app, a, ret_sealed, err);

    if (r == 0)
        r = store_setting_put(app->store, SETTING, value, err);
    if (r == 0)
        r = store_setting_put(app->store, SETTING_NEXT, (struct str){NULL, 0}, err);
    if (r == 0) {
        app->has_old_key = false;
        crypto_wipe(app->old_key, sizeof(app->old_key));
    }
    return r;
}

/* ---- taking it up ---- */

static int make_first(
    struct app *app, struct arena *a, const char *file, struct err *err)
{
    struct str value = {NULL, 0};
    int r = 0;

    crypto_seal_key(app->seal_key);
    if (app->read_only)
        return 0;
    r = value_make(a, file, app->seal_key, &value, err);
    return r == 0 ? store_setting_put(app->store, SETTING, value, err) : r;
}

/* A change was begun: both keys open, and who may write finishes it. */
static int go_on(struct app *app, struct arena *a, struct str next, struct err *err)
{
    size_t sealed = 0;
    int r = 0;

    memcpy(app->old_key, app->seal_key, KEY_BYTES);
    app->has_old_key = true;
    r = value_read(a, next, app->seal_key, err);
    if (r == 0 && !app->read_only)
        r = change_finish(app, a, next, &sealed, err);
    return r;
}

int node_key_load(struct app *app, const char *file, struct err *err)
{
    struct arena *a = arena_new();
    struct str value = {NULL, 0};
    struct str next = {NULL, 0};
    int r = a ? get(app, a, SETTING, &value, err) : err_nomem(err);

    if (r == 0 && !value.p) {
        r = make_first(app, a, file, err);
    } else if (r == 0) {
        r = value_read(a, value, app->seal_key, err);
        if (r == 0)
            r = get(app, a, SETTING_NEXT, &next, err);
        if (r == 0 && next.p)
            r = go_on(app, a, next, err);
    }
    arena_free(a);
    return r;
}

int node_key_change(struct app *app, struct arena *a, const char *file,
    struct node_key_changed *ret, struct err *err)
{
    uint8_t key[KEY_BYTES];
    struct str value = {NULL, 0};
    struct str old = {NULL, 0};
    size_t sealed = 0;
    int r = get(app, a, SETTING, &old, err);

    crypto_seal_key(key);
    if (r == 0)
        r = value_make(a, file, key, &value, err);
    if (r == 0)
        r = store_setting_put(app->store, SETTING_NEXT, value, err);
    if (r == 0) {
        memcpy(app->old_key, app->seal_key, KEY_BYTES);
        memcpy(app->seal_key, key, KEY_BYTES);
        app->has_old_key = true;
        r = change_finish(app, a, value, &sealed, err);
    }
    if (r == 0)
        r = store_trail_rekey(app->store, err);
    crypto_wipe(key, sizeof(key));
    if (r < 0)
        return r;
    *ret = (struct node_key_changed){.sealed = sealed};
    ret->old_file = file_of(old);
    return 0;
}
