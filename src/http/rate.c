/* SPDX-License-Identifier: Apache-2.0 */
/* Counters of requests and connections. */
#include "http/rate.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/id.h"

#define SECOND_NS 1000000000ull

int http_rates_init(struct http_rates *rates, struct err *err)
{
    *rates = (struct http_rates){0};
    rates->due = base_malloc(sizeof(*rates->due) * LIMIT_RATE_TRACKED);
    rates->connections = base_malloc(sizeof(*rates->connections) * LIMIT_RATE_TRACKED);
    if (!rates->due || !rates->connections) {
        http_rates_done(rates);
        return err_nomem(err);
    }
    for (size_t i = 0; i < LIMIT_RATE_TRACKED; i++) {
        atomic_init(&rates->due[i], 0);
        rates->connections[i] = 0;
    }
    id_random(&rates->seed, sizeof(rates->seed));
    return 0;
}

void http_rates_done(struct http_rates *rates)
{
    base_free(rates->due);
    base_free(rates->connections);
    *rates = (struct http_rates){0};
}

unsigned http_rates_of_peer(
    const struct http_rates *rates, const struct http_peer *peer)
{
    struct http_peer household = http_peer_household(peer);

    return (unsigned)(hash64(&household, sizeof(household), rates->seed) %
                      LIMIT_RATE_TRACKED);
}

unsigned http_rates_of_person(const struct http_rates *rates, struct str name)
{
    return (unsigned)(hash64(name.p, name.len, ~rates->seed) % LIMIT_RATE_TRACKED);
}

unsigned http_rates_take(
    struct http_rates *rates, unsigned counter, unsigned per_second, uint64_t now)
{
    unsigned long long due =
        atomic_load_explicit(&rates->due[counter], memory_order_relaxed);

    for (;;) {
        unsigned long long next = (due > now ? due : now) + SECOND_NS / per_second;

        if (next > now + LIMIT_RATE_BURST * SECOND_NS)
            return (
                unsigned)((next - now - LIMIT_RATE_BURST * SECOND_NS) / SECOND_NS + 1);
        if (atomic_compare_exchange_weak_explicit(&rates->due[counter], &due, next,
                memory_order_relaxed, memory_order_relaxed))
            return 0;
    }
}
