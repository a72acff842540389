/* SPDX-License-Identifier: Apache-2.0 */
/* Ranges as the IANA registries of special-purpose addresses have them. What is not plainly
 * public is private here: to refuse too much costs a line to the operator. */
#include "outside/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

struct range {
    uint32_t from;
    unsigned bits;
};

#define IP(a, b, c, d)                                                                 \
    ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))

static const struct range ranges[] = {
    {IP(0, 0, 0, 0), 8},      /* this network */
    {IP(10, 0, 0, 0), 8},     /* private */
    {IP(100, 64, 0, 0), 10},  /* shared by a provider */
    {IP(127, 0, 0, 0), 8},    /* loopback */
    {IP(169, 254, 0, 0), 16}, /* link-local, where clouds tell secrets */
    {IP(172, 16, 0, 0), 12},  /* private */
    {IP(192, 0, 0, 0), 24},   /* protocols */
    {IP(192, 0, 2, 0), 24},   /* documentation */
    {IP(192, 88, 99, 0), 24}, /* relays of IPv6 */
    {IP(192, 168, 0, 0), 16}, /* private */
    {IP(198, 18, 0, 0), 15},  /* benchmarks */
    {IP(198, 51, 100, 0), 24}, {IP(203, 0, 113, 0), 24},
    {IP(224, 0, 0, 0), 3}, /* multicast, reserved, broadcast */
};

static bool private4(uint32_t ip)
{
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        if ((ip ^ ranges[i].from) >> (32 - ranges[i].bits) == 0)
            return true;
    }
    return false;
}

static uint32_t four(const uint8_t *p)
{
    return IP(p[0], p[1], p[2], p[3]);
}

static bool private6(const uint8_t *a)
{
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    static const uint8_t nat64[12] = {0, 0x64, 0xff, 0x9b};

    if (memcmp(a, mapped, sizeof(mapped)) == 0 || memcmp(a, nat64, sizeof(nat64)) == 0)
        return private4(four(a + 12));
    if (a[0] == 0x20 && a[1] == 0x02) /* 6to4 */
        return private4(four(a + 2));
    if ((a[0] & 0xe0) != 0x20) /* outside 2000::/3: loopback, local, multicast */
        return true;
    /* 2001::/23 protocols (Teredo among them), 2001:db8::/32 documentation */
    return a[0] == 0x20 && a[1] == 0x01 &&
           ((a[2] & 0xfe) == 0 || (a[2] == 0x0d && a[3] == 0xb8));
}

bool outside_address_private(const struct sockaddr *address)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    if (address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof(v4));
        return private4(ntohl(v4.sin_addr.s_addr));
    }
    if (address->sa_family != AF_INET6)
        return true;
    memcpy(&v6, address, sizeof(v6));
    return private6(v6.sin6_addr.s6_addr);
}
