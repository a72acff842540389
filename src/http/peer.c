/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses of clients and proxies. */
#include "http/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool is_four(const struct http_peer *peer)
{
    return memcmp(peer->bytes, mapped, sizeof(mapped)) == 0;
}

/* A numeric address with nothing around it. */
static bool parse_bare(struct str text, struct http_peer *ret)
{
    char copy[INET6_ADDRSTRLEN];
    struct http_peer found;

    if (text.len == 0 || text.len >= sizeof(copy) || memchr(text.p, 0, text.len))
        return false;
    memcpy(copy, text.p, text.len);
    copy[text.len] = 0;
    if (inet_pton(AF_INET, copy, found.bytes + sizeof(mapped)) == 1)
        memcpy(found.bytes, mapped, sizeof(mapped));
    else if (inet_pton(AF_INET6, copy, found.bytes) != 1)
        return false;
    *ret = found;
    return true;
}

static bool is_port(struct str text)
{
    int64_t port = 0;

    return text_int(text, 0, 65535, &port);
}

bool http_peer_parse(struct str text, struct http_peer *ret)
{
    struct http_peer found;
    struct str rest = text;
    struct str before;

    if (text.len > 0 && text.p[0] == '[') {
        rest = (struct str){text.p + 1, text.len - 1};
        before = str_cut(&rest, ']');
        if (!rest.p || !memchr(before.p, ':', before.len) ||
            !parse_bare(before, &found))
            return false;
        if (rest.len > 0 &&
            (rest.p[0] != ':' || !is_port((struct str){rest.p + 1, rest.len - 1})))
            return false;
        *ret = found;
        return true;
    }
    before = str_cut(&rest, ':');
    if (rest.p && !memchr(rest.p, ':', rest.len)) {
        if (!is_port(rest) || !parse_bare(before, &found))
            return false;
        *ret = found;
        return true;
    }
    return parse_bare(text, ret);
}

struct http_peer http_peer_of(const struct sockaddr *address)
{
    struct http_peer peer = {{0}};

    if (address && address->sa_family == AF_INET) {
        struct sockaddr_in four;

        memcpy(&four, address, sizeof(four));
        memcpy(peer.bytes, mapped, sizeof(mapped));
        memcpy(peer.bytes + sizeof(mapped), &four.sin_addr, sizeof(four.sin_addr));
    } else if (address && address->sa_family == AF_INET6) {
        struct sockaddr_in6 six;

        memcpy(&six, address, sizeof(six));
        memcpy(peer.bytes, &six.sin6_addr, sizeof(peer.bytes));
    }
    return peer;
}

void http_peer_text(const struct http_peer *peer, char out[HTTP_PEER_TEXT_MAX])
{
    const char *text = NULL;

    if (is_four(peer))
        text =
            inet_ntop(AF_INET, peer->bytes + sizeof(mapped), out, HTTP_PEER_TEXT_MAX);
    else
        text = inet_ntop(AF_INET6, peer->bytes, out, HTTP_PEER_TEXT_MAX);
    if (!text)
        out[0] = 0;
}

bool http_peer_is_loopback(const struct http_peer *peer)
{
    static const uint8_t one[16] = {[15] = 1};

    if (is_four(peer))
        return peer->bytes[sizeof(mapped)] == 127;
    return memcmp(peer->bytes, one, sizeof(one)) == 0;
}

struct http_peer http_peer_household(const struct http_peer *peer)
{
    struct http_peer household = *peer;

    if (!is_four(peer))
        memset(household.bytes + 8, 0, 8);
    return household;
}
