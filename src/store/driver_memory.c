/* SPDX-License-Identifier: Apache-2.0 */
/* The memory driver: opening, connections, snapshots, transactions. */
#include "store/driver.h"
