/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a serving process gives up once it serves: whoever finds a way to run something in
 * it can start no program, look into no other process and change nothing of the system.
 */
#ifndef CLI_SANDBOX_H
#define CLI_SANDBOX_H

#include <stdbool.h>

#include "base/err.h"

/* True when this program was built with a sandbox. Without libseccomp it was not; and
 * not with the address sanitiser, which does itself what the sandbox forbids. */
bool sandbox_offered(void);

/*
 * Forbid, for all threads of this process for good: to start programs and processes, to
 * trace or read other processes, to mount, to change the system's clock, modules, users or
 * names, and to make memory executable. What is forbidden fails with EPERM. E_IO: the
 * kernel has none; nothing has changed then.
 */
int sandbox_enter(struct err *err);

#endif
