/* SPDX-License-Identifier: Apache-2.0 */
/* The demonstration: a small world of towns, people and cases, loaded through
 * the same transactions as anyone's records. */
#include "app/demo.h"
