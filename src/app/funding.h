/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Money that is committed to a hospital and what it paid for (docs/EQUIPMENT.md).
 *
 *   Funding/$commit   somebody commits an amount, at a dated rate into another currency
 *   Funding/ID/$pay   a payment out of it, by use, linked to what it bought
 *   Funding/ID/$close, $cancel   nothing more is paid from it; it was taken back
 *   Funding/$money    GET: committed, paid and left, exactly
 */
#ifndef APP_FUNDING_H
#define APP_FUNDING_H

#include "app/equipment_internal.h"

int funding_commit(struct equipment *e, struct err *err);
/* The Funding of this request, for these: e->device is it. */
int funding_load(struct equipment *e, struct err *err);
int funding_pay(struct equipment *e, struct err *err);
int funding_close(struct equipment *e, struct err *err);
int funding_cancel(struct equipment *e, struct err *err);
int funding_list(struct app_call *call, const struct rest *rest, struct err *err);

#endif
