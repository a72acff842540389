/* SPDX-License-Identifier: Apache-2.0 */
/* A thing of the catalogue in what is answered. Any thread. */
#ifndef APP_CATALOGUE_PUT_H
#define APP_CATALOGUE_PUT_H

#include <stdint.h>

#include "json/json.h"

/* A part ${name} with the Coding of ${thing}, an illness or a procedure; it must be one. */
void catalogue_put_thing(struct json_out *o, const char *name, uint32_t thing);

#endif
