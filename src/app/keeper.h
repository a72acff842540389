/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who looks after what a hospital has and lacks: its equipment, its technique gaps, the money
 * that was given for them. Both sides of a pairing see these; those who answer for them write
 * (docs/EQUIPMENT.md):
 *
 *   keeps   people with a post at the hospital, and the coordinators of its pairings
 *   leads   of these, heads of department, directors and coordinators
 */
#ifndef APP_KEEPER_H
#define APP_KEEPER_H

#include "app/access.h"

enum keeper { KEEPER_NONE, KEEPER_KEEPS, KEEPER_LEADS };

/* What the caller of ${a} is to the hospital of ${unit} ("Organization/ID"; p NULL or not
 * known: nobody's, and none but a coordinator of all programmes is anything to it). E_NOMEM,
 * or what the store says. */
int keeper_of(struct access *a, struct str unit, enum keeper *ret, struct err *err);

/* The unit that owns ${device}, or that has the place where it stands; p NULL: neither is
 * told. In ${a}'s arena. */
int keeper_unit_of(
    struct access *a, const struct json *device, struct str *ret, struct err *err);

/* The rule for writing a Device or one of the Tasks and Fundings that operations alone write,
 * part of access_check_write(). */
int keeper_check_device(struct access *a, const struct access_write *write,
    const struct json *before, struct err *err);

/* E_FORBIDDEN: ${resource} is written by the operations of equipment and gaps alone. */
int keeper_check_operation(
    const struct access_write *write, const struct json *resource, struct err *err);

#endif
