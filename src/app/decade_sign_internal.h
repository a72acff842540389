/* SPDX-License-Identifier: Apache-2.0 */
/* What decade_sign.c and decade_sign_put.c share. */
#ifndef APP_DECADE_SIGN_INTERNAL_H
#define APP_DECADE_SIGN_INTERNAL_H

#include "app/decade_clinic_internal.h"

#define SIGN_MINUTE (10 * 60) /* of the day, in UTC */

/* Minute ${minute} of ${day}. */
utc_ms clinic_moment(day_number day, int32_t minute);

/* Write the SignOff as it stands now. */
void clinic_sign_off_write(struct clinic *c, uint32_t sign_off);

/* Until when ${s}, which is signed, was waived to have done enough lately (sign_off_internal.h); 0: it had. */
utc_ms clinic_waived(const struct clinic_sign_off *s);

#endif
