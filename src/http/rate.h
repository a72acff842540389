/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much one address or one person asks for. A fixed table of counters, found by a hash
 * with a random seed, so that nobody can choose whose counter to share. A counter of
 * requests is one number, the time at which all that was asked for so far would be due if
 * it came evenly: ahead of now by at most the burst. Lock-free; any thread.
 */
#ifndef HTTP_RATE_H
#define HTTP_RATE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/err.h"

#include "http/peer.h"

struct http_rates {
    uint64_t seed;
    atomic_ullong *due;    /* monotonic ns; of addresses and persons together */
    unsigned *connections; /* open ones, of addresses; guarded by the door's lock */
};

int http_rates_init(struct http_rates *rates, struct err *err);
/* Zeroed or initialised. */
void http_rates_done(struct http_rates *rates);

/* The counter of an address, or of a person by name. */
unsigned http_rates_of_peer(
    const struct http_rates *rates, const struct http_peer *peer);
unsigned http_rates_of_person(const struct http_rates *rates, struct str name);

/* Count a request at ${now} (monotonic ns) against ${per_second}, of which
 * LIMIT_RATE_BURST seconds' worth may come at once. 0 when it may go on; else, uncounted,
 * the whole seconds after which to try again. */
unsigned http_rates_take(
    struct http_rates *rates, unsigned counter, unsigned per_second, uint64_t now);

#endif
