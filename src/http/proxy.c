/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What proxies say of a request. Each one on the way adds itself at the end of a list,
 * so the list is read from its end: as long as an entry is a proxy that is believed, the
 * one before it is its word. The first that is none is the client, whatever stands before.
 */
#include <strings.h>

#include "http/header.h"
#include "http/peer.h"

static int proxies_refuse(struct str entry, struct err *err)
{
    return err_set(err, E_USAGE, "--trusted-proxy",
        "'%.*s' is no address; write ADDRESS or ADDRESS/BITS, with commas between.",
        (int)(entry.len < 60 ? entry.len : 60), entry.p);
}

int http_proxies_parse(const char *text, struct http_proxies *ret, struct err *err)
{
    struct http_proxies proxies = {.count = 0};
    struct str rest = str_of(text);

    while (rest.p) {
        struct str bits = str_cut(&rest, ',');
        struct str entry = bits;
        struct str address = str_cut(&bits, '/');
        struct http_peer peer;
        int64_t most = memchr(address.p, ':', address.len) ? 128 : 32;
        int64_t count = most;

        if (!http_peer_parse(address, &peer) ||
            (bits.p && !text_int(bits, 1, most, &count)))
            return proxies_refuse(entry, err);
        if (proxies.count == LIMIT_PROXIES)
            return err_set(err, E_USAGE, "--trusted-proxy",
                "More than %d proxies are named; name their networks instead.",
                LIMIT_PROXIES);
        proxies.networks[proxies.count].address = peer;
        proxies.networks[proxies.count].bits = (unsigned)(128 - most + count);
        proxies.count++;
    }
    *ret = proxies;
    return 0;
}

static bool same_bits(const uint8_t *a, const uint8_t *b, unsigned bits)
{
    unsigned whole = bits / 8;
    unsigned rest = bits % 8;

    if (memcmp(a, b, whole) != 0)
        return false;
    return rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0;
}

bool http_proxies_know(const struct http_proxies *proxies, const struct http_peer *peer)
{
    for (size_t i = 0; i < proxies->count; i++) {
        if (same_bits(proxies->networks[i].address.bytes, peer->bytes,
                proxies->networks[i].bits))
            return true;
    }
    return false;
}

static struct str trimmed(struct str s)
{
    while (s.len > 0 && (s.p[0] == ' ' || s.p[0] == '\t')) {
        s.p++;
        s.len--;
    }
    while (s.len > 0 && (s.p[s.len - 1] == ' ' || s.p[s.len - 1] == '\t'))
        s.len--;
    return s;
}

/* Take the last entry off ${*rest}, whose p becomes NULL behind the first. A comma in
 * quotes is no end. */
static struct str cut_last(struct str *rest)
{
    struct str list = *rest;
    bool quoted = false;
    size_t at = list.len;

    while (at > 0 && (quoted || list.p[at - 1] != ',')) {
        if (list.p[at - 1] == '"')
            quoted = !quoted;
        at--;
    }
    if (at == 0)
        *rest = (struct str){NULL, 0};
    else
        rest->len = at - 1;
    return trimmed((struct str){list.p + at, list.len - at});
}

/* The value of ${name} in "a=b;c=d"; p NULL if there is none. */
static struct str pair_value(struct str pairs, const char *name)
{
    while (pairs.p) {
        struct str value = str_cut(&pairs, ';');
        struct str key = trimmed(str_cut(&value, '='));

        if (!value.p || key.len != strlen(name) ||
            strncasecmp(key.p, name, key.len) != 0)
            continue;
        value = trimmed(value);
        if (value.len >= 2 && value.p[0] == '"' && value.p[value.len - 1] == '"')
            value = (struct str){value.p + 1, value.len - 2};
        return value;
    }
    return (struct str){NULL, 0};
}

/* Go from the end of ${list} to the client; ${pairs}: its entries are "for=ADDRESS;...". */
static struct http_peer client_of(const struct http_proxies *proxies,
    const struct http_peer *from, struct str list, bool pairs)
{
    struct http_peer client = *from;

    for (int hop = 0; hop < LIMIT_FORWARDED_HOPS && list.p; hop++) {
        struct str entry = cut_last(&list);
        struct http_peer before;

        if (pairs)
            entry = pair_value(entry, "for");
        if (!entry.p || !http_peer_parse(entry, &before))
            break; /* "unknown", or nonsense: what we know ends here */
        client = before;
        if (!http_proxies_know(proxies, &client))
            break;
    }
    return client;
}

/* Only the words that have a meaning here come through. */
static void told_set(struct http_told *told, struct str scheme, struct str host)
{
    if (scheme.len == 5 && strncasecmp(scheme.p, "https", 5) == 0)
        told->scheme = STR("https");
    else if (scheme.len == 4 && strncasecmp(scheme.p, "http", 4) == 0)
        told->scheme = STR("http");
    if (http_host_valid(host))
        told->host = host;
}

struct http_told http_told_apart(const struct http_proxies *proxies,
    const struct http_peer *from, struct str clients, struct str scheme,
    struct str host)
{
    struct http_told told = {.client = client_of(proxies, from, clients, false)};

    told_set(&told, cut_last(&scheme), cut_last(&host));
    return told;
}

struct http_told http_told_forwarded(const struct http_proxies *proxies,
    const struct http_peer *from, struct str forwarded)
{
    struct http_told told = {.client = client_of(proxies, from, forwarded, true)};
    struct str last = cut_last(&forwarded);

    told_set(&told, pair_value(last, "proto"), pair_value(last, "host"));
    return told;
}
