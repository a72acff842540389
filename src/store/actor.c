/* SPDX-License-Identifier: Apache-2.0 */
/* Who wrote: names by number, as readers meet them. The writer gives the numbers
 * (load.c); what is here was committed. */
#include <stdio.h>

#include "store/driver.h"
#include "store/internal.h"

int actors_init(struct store *s)
{
    s->actors.names = NULL;
    s->actors.count = 0;
    return pthread_rwlock_init(&s->actors.lock, NULL) == 0 ? 0 : E_NOMEM;
}

void actors_done(struct store *s)
{
    for (unsigned i = 0; i < s->actors.count; i++)
        base_free(s->actors.names[i]);
    base_free(s->actors.names);
    pthread_rwlock_destroy(&s->actors.lock);
}

/* The name if it was met, else NULL; it lives as long as the store. */
static const char *actor_met(struct store *s, unsigned number)
{
    const char *name = NULL;

    pthread_rwlock_rdlock(&s->actors.lock);
    if (number < s->actors.count)
        name = s->actors.names[number];
    pthread_rwlock_unlock(&s->actors.lock);
    return name;
}

static int actor_keep(struct store *s, unsigned number, char *name, struct err *err)
{
    int r = 0;

    pthread_rwlock_wrlock(&s->actors.lock);
    if (number >= s->actors.count) {
        unsigned count = 2 * number + 16;
        char **names = base_realloc(s->actors.names, count * sizeof(*names));
        if (names) {
            memset(
                names + s->actors.count, 0, (count - s->actors.count) * sizeof(*names));
            s->actors.names = names;
            s->actors.count = count;
        } else {
            r = err_nomem(err);
        }
    }
    if (r == 0 && !s->actors.names[number]) {
        s->actors.names[number] = name;
        name = NULL;
    }
    pthread_rwlock_unlock(&s->actors.lock);
    base_free(name);
    return r;
}

int actor_name(struct store *s, struct driver_conn *conn, unsigned number,
    struct str *ret, struct err *err)
{
    const char *met = number ? actor_met(s, number) : "";
    char name[32];
    struct str value = {0};
    char *copy = NULL;
    int r = 0;

    if (!met) {
        snprintf(name, sizeof(name), "actor/%010u", number);
        r = s->driver->value_get(conn, DRIVER_OWN, name, &value, err);
        if (r == E_NOT_FOUND)
            return err_set(err, E_CORRUPT, NULL, "There is no actor %u.", number);
        if (r < 0)
            return r;
        copy = base_malloc(value.len + 1);
        if (!copy)
            return err_nomem(err);
        memcpy(copy, value.p, value.len);
        copy[value.len] = '\0';
        r = actor_keep(s, number, copy, err);
        if (r < 0)
            return r;
        met = actor_met(s, number);
    }
    *ret = str_of(met);
    return 0;
}
