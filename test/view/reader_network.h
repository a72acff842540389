/* SPDX-License-Identifier: Apache-2.0 */
/* Random networks: hospitals, people with posts, patients, cases, consents and records of
 * all kinds that refer to each other as it comes. */
#ifndef TEST_VIEW_READER_NETWORK_H
#define TEST_VIEW_READER_NETWORK_H

#include "reader_world.h"

#define NETWORK_PEOPLE 6 /* Practitioner/0 ... */
#define NETWORK_EACH 10  /* records of each type */

/* Put a network into ${w}; ${b} is for use meanwhile. */
void network_put(struct world *w, struct buf *b);

/* Put one record of it as it might as well have been, or take one out. */
void network_change(struct world *w, struct buf *b);

/* The id of one of its units. */
const char *network_unit(void);

#endif
