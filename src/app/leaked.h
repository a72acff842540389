/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Passwords that were leaked somewhere: a file the operator got from a service that collects
 * them and put on this machine. A line each, of 40 hexadecimal digits (SHA-1) and, if it has more,
 * a colon and a count; sorted. It is looked into by halves, some forty reads for 40 GB, and
 * never copied. The setting "leaked-passwords" holds its path.
 */
#ifndef APP_LEAKED_H
#define APP_LEAKED_H

#include "app/app.h"

/* Use the file ${path} from now on; p NULL: none. It is looked at first: E_INVALID, it is not such a
 * list or not sorted (some thousand lines of it are compared); what opening fails with. */
int leaked_set(struct app *app, struct str path, struct err *err);

/* Its path in ${a}; p NULL: none is set. */
int leaked_path(struct app *app, struct arena *a, struct str *ret, struct err *err);

/* E_INVALID, "password-leaked": ${password}, normalised, is in the list. What opening or reading fails
 * with: where a list is set and cannot be asked, no password is taken. 0 where none is set. */
int leaked_check(struct app *app, struct str password, struct err *err);

/* ---- the file alone ---- */

/* Is ${password} in the list ${path}? E_CORRUPT: it is no such list there. Pure but for the file. */
int leaked_find(const char *path, struct str password, bool *ret, struct err *err);

#endif
