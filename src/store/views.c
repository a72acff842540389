/* SPDX-License-Identifier: Apache-2.0 */
/* Which views a node has: their tables, their digests, and which must be filled again.
 * The node keeps "view/NAME" with the digest, empty while the view is not filled. */
#include "store/views.h"

#include <stdio.h>

int views_register(struct store *s, const struct store_view *const *views, size_t count,
    struct err *err)
{
    if (count > STORE_VIEWS_MAX)
        return err_set(err, E_BUG, NULL, "There are too many views.");
    for (size_t i = 0; i < count; i++) {
        const struct store_view *v = views[i];
        s->views[i] = v;
        *v->first_table = s->table_count;
        if (s->table_count + v->table_count > STORE_TABLES_MAX)
            return err_set(err, E_BUG, NULL, "There are too many tables.");
        for (unsigned k = 0; k < v->table_count; k++) {
            s->tables[s->table_count++] = (struct store_table){.name = v->tables[k],
                .view = (unsigned)i,
                .keys_only = v->keys_only >> k & 1};
        }
    }
    s->view_count = (unsigned)count;
    return 0;
}

static int view_digest(struct store *s, struct driver_conn *conn, unsigned view,
    bool *ret_filled, struct err *err)
{
    char name[128];
    struct str digest = {0};
    int r = 0;

    snprintf(name, sizeof(name), "view/%s", s->views[view]->name);
    r = s->driver->value_get(conn, DRIVER_OWN, name, &digest, err);
    if (r < 0 && r != E_NOT_FOUND)
        return r;
    *ret_filled = r == 0 && str_is(digest, s->views[view]->digest);
    return 0;
}

int views_set_filled(struct store *s, struct driver_conn *conn, uint32_t mask,
    bool filled, struct err *err)
{
    char name[128];
    int r = 0;

    for (unsigned i = 0; i < s->view_count && r == 0; i++) {
        if (!(mask >> i & 1))
            continue;
        snprintf(name, sizeof(name), "view/%s", s->views[i]->name);
        r = s->driver->value_put(conn, DRIVER_OWN, name,
            filled ? str_of(s->views[i]->digest) : STR(""), err);
    }
    return r;
}

int views_open(
    struct store *s, struct driver_conn *conn, uint32_t *ret_stale, struct err *err)
{
    char name[128];
    bool filled = false;
    int r = 0;

    *ret_stale = 0;
    for (unsigned i = 0; i < s->table_count && r == 0; i++) {
        snprintf(name, sizeof(name), "view_%s", s->tables[i].name);
        r = s->driver->table_open(conn, i, name, s->tables[i].keys_only, err);
    }
    for (unsigned i = 0; i < s->view_count && r == 0; i++) {
        r = view_digest(s, conn, i, &filled, err);
        if (r == 0 && !filled)
            *ret_stale |= 1u << i;
    }
    return r;
}

struct disown {
    const struct store *s;
    struct arena *a;
    char *names[2 * STORE_VIEWS_MAX];
    unsigned count;
};

static int disown_visit(void *arg, const char *name, struct str value, struct err *err)
{
    struct disown *d = arg;

    if (value.len == 0 || d->count == 2 * STORE_VIEWS_MAX)
        return 0;
    for (unsigned i = 0; i < d->s->view_count; i++) {
        if (strcmp(name + strlen("view/"), d->s->views[i]->name) == 0)
            return 0;
    }
    d->names[d->count] = arena_strndup(d->a, name, strlen(name));
    if (!d->names[d->count])
        return err_nomem(err);
    d->count++;
    return 0;
}

int views_disown(struct writer *w, struct err *err)
{
    struct store *s = w->store;
    struct disown d = {.s = s, .a = w->scratch};
    int r = s->driver->value_scan(w->conn, DRIVER_OWN, "view/", disown_visit, &d, err);

    for (unsigned i = 0; i < d.count && r == 0; i++)
        r = s->driver->value_put(w->conn, DRIVER_OWN, d.names[i], STR(""), err);
    arena_reset(w->scratch);
    return r;
}
