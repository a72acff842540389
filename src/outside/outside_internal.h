/* SPDX-License-Identifier: Apache-2.0 */
/* What the files that use libcurl share. */
#ifndef OUTSIDE_INTERNAL_H
#define OUTSIDE_INTERNAL_H

#include <curl/curl.h>

#include "base/buf.h"
#include "base/time.h"

/* Is libcurl there? The first call starts it. */
bool outside_ready(void);

/* An end to waiting, no proxy, no redirect, TLS that is checked; ${ca_file} NULL: whom the
 * system trusts. */
void outside_set_limits(CURL *curl, utc_ms given, const char *ca_file);

#endif
