/* SPDX-License-Identifier: Apache-2.0 */
/* Small settings of the node. */
#include "store/driver.h"
#include "store/internal.h"
#include "store/writer.h"

struct setting_put {
    const char *name;
    struct str value;
};

static int put_run(struct writer *w, void *arg, struct err *err)
{
    const struct setting_put *p = arg;

    return w->store->driver->value_put(
        w->conn, DRIVER_SETTINGS, p->name, p->value, err);
}

int store_setting_put(
    struct store *s, const char *name, struct str value, struct err *err)
{
    struct setting_put put = {name, value};
    struct writer_job job = {.run = put_run, .arg = &put, .transaction = true};
    struct store_reader *r = NULL;
    int code = 0;

    if (value.len > LIMIT_SETTING_BYTES || strlen(name) > LIMIT_NAME_BYTES)
        return err_set(
            err, E_TOO_LARGE, NULL, "The setting \"%.80s\" is too large.", name);
    if (!s->read_only)
        return writer_run(s, &job, err);
    code = reader_take(s, true, true, &r, err);
    if (code < 0)
        return code;
    /* a snapshot cannot become a transaction that writes */
    s->driver->read_end(r->conn);
    r->open = false;
    code = s->driver->value_put_now(r->conn, DRIVER_SETTINGS, name, value, err);
    store_read_end(r);
    return code;
}

int store_setting_get(struct store *s, struct arena *a, const char *name,
    struct str *ret, struct err *err)
{
    struct store_reader *r = NULL;
    struct str value = {0};
    char *copy = NULL;
    int code = reader_take(s, true, true, &r, err);

    if (code < 0)
        return code;
    code = s->driver->value_get(r->conn, DRIVER_SETTINGS, name, &value, err);
    if (code == 0) {
        copy = arena_strndup(a, value.p, value.len);
        if (copy)
            *ret = (struct str){copy, value.len};
        else
            code = err_nomem(err);
    }
    store_read_end(r);
    return code;
}

struct setting_each {
    struct arena *a;
    int (*visit)(void *arg, const char *name, struct str value, struct err *err);
    void *arg;
};

static int each_visit(void *arg, const char *name, struct str value, struct err *err)
{
    struct setting_each *each = arg;
    char *name_copy = arena_strndup(each->a, name, strlen(name));
    char *value_copy = arena_strndup(each->a, value.p, value.len);

    if (!name_copy || !value_copy)
        return err_nomem(err);
    return each->visit(each->arg, name_copy, (struct str){value_copy, value.len}, err);
}

int store_setting_each(struct store *s, struct arena *a, const char *prefix,
    int (*visit)(void *arg, const char *name, struct str value, struct err *err),
    void *arg, struct err *err)
{
    struct setting_each each = {a, visit, arg};
    struct store_reader *r = NULL;
    int code = reader_take(s, true, true, &r, err);

    if (code < 0)
        return code;
    code =
        s->driver->value_scan(r->conn, DRIVER_SETTINGS, prefix, each_visit, &each, err);
    store_read_end(r);
    return code;
}
