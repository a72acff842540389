/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What proxies say, as anyone might have written it: the first line names the proxies that
 * are believed, the others are X-Forwarded-For, -Proto, -Host and Forwarded. Whoever comes
 * out is the proxy itself or stands in the list, and goes through text unchanged; scheme
 * and host are ones that may stand in a link.
 */
#include <string.h>

#include "fuzz.h"
#include "http/header.h"
#include "http/peer.h"

static void must_be_whole(const struct http_peer *peer)
{
    char text[HTTP_PEER_TEXT_MAX];
    struct http_peer again;
    struct http_peer household = http_peer_household(peer);

    http_peer_text(peer, text);
    fuzz_must(http_peer_parse(str_of(text), &again));
    fuzz_must(memcmp(&again, peer, sizeof(again)) == 0);
    again = http_peer_household(&household);
    fuzz_must(memcmp(&again, &household, sizeof(again)) == 0);
}

static void must_be_sound(const struct http_told *told)
{
    must_be_whole(&told->client);
    if (told->scheme.p)
        fuzz_must(str_is(told->scheme, "http") || str_is(told->scheme, "https"));
    if (told->host.p)
        fuzz_must(http_host_valid(told->host));
}

/* Nobody but a proxy that is believed is passed over for what it says. */
static void must_stop_at_strangers(
    const struct http_proxies *none, const struct http_peer *from, struct str list)
{
    struct http_told told =
        http_told_apart(none, from, list, (struct str){NULL, 0}, (struct str){NULL, 0});
    struct str rest = list;
    struct str last = list;
    struct http_peer peer;

    while (rest.p)
        last = str_cut(&rest, ',');
    while (last.len > 0 && strchr(" \t", last.p[0]) && last.p[0]) {
        last.p++;
        last.len--;
    }
    while (last.len > 0 && strchr(" \t", last.p[last.len - 1]) && last.p[last.len - 1])
        last.len--;
    if (memchr(list.p, '"', list.len))
        return; /* a comma in quotes is no end */
    if (!http_peer_parse(last, &peer))
        peer = *from;
    fuzz_must(memcmp(&peer, &told.client, sizeof(peer)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = {(const char *)data, size};
    struct str names = str_cut(&rest, '\n');
    struct str lines[4];
    struct http_proxies proxies = {.count = 0};
    struct http_proxies none = {.count = 0};
    struct http_peer from = {{0}};
    struct err err = {0};
    struct http_told told;
    char text[1024];

    if (names.len >= sizeof(text))
        return 0;
    if (names.len > 0)
        memcpy(text, names.p, names.len);
    text[names.len] = 0;
    if (http_proxies_parse(text, &proxies, &err) < 0)
        fuzz_must(err.code == E_USAGE && err.text[0] && proxies.count == 0);
    else
        from = proxies.networks[0].address;
    fuzz_must(proxies.count == 0 || http_proxies_know(&proxies, &from));
    for (size_t i = 0; i < 4; i++) {
        lines[i] = rest.p ? str_cut(&rest, '\n') : (struct str){NULL, 0};
        if (lines[i].p && http_peer_parse(lines[i], &from))
            must_be_whole(&from);
    }
    told = http_told_apart(&proxies, &from, lines[0], lines[1], lines[2]);
    must_be_sound(&told);
    told = http_told_forwarded(&proxies, &from, lines[3]);
    must_be_sound(&told);
    if (lines[0].p)
        must_stop_at_strangers(&none, &from, lines[0]);
    return 0;
}
