/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The network as it was known at a position of the log (docs/adr/0108-the-map-as-known-then.md).
 * Facts of every version of its records are kept with the position from which each was what is
 * said; those of a position are put together as those of today are. The last networks that
 * were asked for are kept.
 *
 * Invariants:
 *   1 facts of all versions up to a position are there, or none are
 *   2 nothing is kept of a body that was erased, once its erasure is through
 */
#ifndef APP_NETWORK_PAST_H
#define APP_NETWORK_PAST_H

#include "app/network.h"

struct network_past;

/* ${types}: of each kind of fact. NULL: no memory. */
struct network_past *network_past_new(struct app *app, const unsigned *types);
void network_past_free(struct network_past *p);

/* As networks_read_past(). */
int network_past_read(struct network_past *p, struct err *err);

/* As networks_take_known(). */
int network_past_take(struct network_past *p, int64_t position,
    const struct network **ret, struct err *err);

#endif
