/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses a stranger's URL must not lead to: this machine and the networks around it. */
#ifndef OUTSIDE_ADDRESS_H
#define OUTSIDE_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* Is ${address} one that only this machine or a private network knows: loopback, private,
 * link-local, shared, multicast, reserved, or anything that is no IP address? An IPv4 address
 * within an IPv6 one counts as itself. Pure. */
bool outside_address_private(const struct sockaddr *address);

#endif
