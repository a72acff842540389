/* SPDX-License-Identifier: Apache-2.0 */
/* Where to listen: "ADDRESS:PORT" as text, and what of it stays on this machine. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>

#include "http/header.h"

int http_address_split(
    struct str text, struct str *ret_host, unsigned short *ret_port, struct err *err)
{
    struct str host = text;
    struct str port;
    int64_t number = 0;
    size_t colon = text.len;

    while (colon > 0 && text.p[colon - 1] != ':')
        colon--;
    if (colon == 0)
        goto wrong;
    port = (struct str){text.p + colon, text.len - colon};
    host.len = colon - 1;
    if (host.len >= 2 && host.p[0] == '[' && host.p[host.len - 1] == ']')
        host = (struct str){host.p + 1, host.len - 2};
    if (host.len == 0 || !text_int(port, 0, 65535, &number))
        goto wrong;
    *ret_host = host;
    *ret_port = (unsigned short)number;
    return 0;
wrong:
    return err_set(err, E_USAGE, "--listen",
        "'%.*s' is no place to listen; write ADDRESS:PORT, such as 127.0.0.1:8080.",
        (int)(text.len < 80 ? text.len : 80), text.p);
}

bool http_address_is_loopback(struct str host)
{
    char text[INET6_ADDRSTRLEN + 1];
    struct in_addr four;
    struct in6_addr six;

    if (host.len >= sizeof(text))
        return false;
    memcpy(text, host.p, host.len);
    text[host.len] = 0;
    if (strcmp(text, "localhost") == 0)
        return true;
    if (inet_pton(AF_INET, text, &four) == 1)
        return (ntohl(four.s_addr) >> 24) == 127;
    if (inet_pton(AF_INET6, text, &six) == 1)
        return IN6_IS_ADDR_LOOPBACK(&six) ||
               (IN6_IS_ADDR_V4MAPPED(&six) && six.s6_addr[12] == 127);
    return false;
}
