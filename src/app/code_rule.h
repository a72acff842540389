/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Of whom a one-time code is asked. Of administrators and coordinators always
 * (person_role_needs_code()); of other roles where the operator says so:
 *
 *   setting       value
 *   codes-asked   roles, one space between them
 *
 * What the operator says holds at a running server within a second, and for whoever is signed
 * in already: posts of such a role are shut in a visit without a code, and one's own account is open,
 * to set codes up.
 */
#ifndef APP_CODE_RULE_H
#define APP_CODE_RULE_H

#include "app/app.h"

/* Ask a code of who holds one of ${roles}, and of the roles it is always asked of; "everybody"
 * stands for all roles. E_INVALID: no such role. */
int code_rule_set(
    struct app *app, const struct str *roles, size_t count, struct err *err);

/* Take up what is set; once a second is enough. */
int code_rule_load(struct app *app, struct err *err);

/* Is a code asked of who holds ${role}? Any thread; hot. */
bool code_rule_asks(const struct app *app, struct str role);

/* ${visit} gets each role a code is asked of. */
int code_rule_each(const struct app *app,
    int (*visit)(void *arg, struct str role, struct err *err), void *arg,
    struct err *err);

#endif
