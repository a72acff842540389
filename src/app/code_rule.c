/* SPDX-License-Identifier: Apache-2.0 */
/* The roles a code is asked of, as one bit each, so that a request looks at one word. */
#include "app/code_rule.h"

#include "app/app_internal.h"
#include "app/person.h"

#define SETTING "codes-asked"
#define EVERYBODY "everybody"

static int bit_of(struct str role, unsigned *ret, struct err *err)
{
    for (size_t i = 0; i < PERSON_ROLES; i++) {
        if (str_is(role, person_role_at(i)) || str_is(role, EVERYBODY))
            *ret |= 1u << i;
    }
    return *ret ? 0
                : err_set(err, E_INVALID, "role", "'%.*s' is no role.", (int)role.len,
                      role.p ? role.p : "");
}

int code_rule_set(
    struct app *app, const struct str *roles, size_t count, struct err *err)
{
    struct buf b;
    unsigned all = 0;
    int r = 0;

    buf_init(&b, LIMIT_SETTING_BYTES);
    for (size_t i = 0; r == 0 && i < count; i++) {
        unsigned bits = 0;

        r = bit_of(roles[i], &bits, err);
        all |= bits;
    }
    for (size_t i = 0; i < PERSON_ROLES; i++) {
        if (all >> i & 1)
            buf_addf(&b, "%s%s", b.len > 0 ? " " : "", person_role_at(i));
    }
    if (r == 0)
        r = buf_error(&b, "The list of roles", err);
    if (r == 0)
        r = store_setting_put(
            app->store, SETTING, (struct str){b.len > 0 ? b.data : NULL, b.len}, err);
    if (r == 0)
        atomic_store(&app->codes_asked, all);
    buf_done(&b);
    return r;
}

int code_rule_load(struct app *app, struct err *err)
{
    struct arena *a = arena_new();
    struct str rest = {NULL, 0};
    unsigned all = 0;
    int r = a ? store_setting_get(app->store, a, SETTING, &rest, err) : err_nomem(err);

    if (r == E_NOT_FOUND)
        r = 0;
    while (r == 0 && rest.len > 0)
        (void)bit_of(str_cut(&rest, ' '), &all, NULL);
    if (r == 0)
        atomic_store(&app->codes_asked, all);
    arena_free(a);
    return r;
}

bool code_rule_asks(const struct app *app, struct str role)
{
    unsigned all = atomic_load_explicit(&app->codes_asked, memory_order_relaxed);

    for (size_t i = 0; all != 0 && i < PERSON_ROLES; i++) {
        if ((all >> i & 1) && str_is(role, person_role_at(i)))
            return true;
    }
    return person_role_needs_code(role);
}

int code_rule_each(const struct app *app,
    int (*visit)(void *arg, struct str role, struct err *err), void *arg,
    struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < PERSON_ROLES; i++) {
        if (code_rule_asks(app, str_of(person_role_at(i))))
            r = visit(arg, str_of(person_role_at(i)), err);
    }
    return r;
}
