/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far somebody's posts of administration reach, and what a post needs of who gives it.
 * Writing the directory and looking after accounts ask the same table:
 *
 *   head of department          in the department: clinician, nurse, technician, therapist,
 *                               expert, apprentice, interpreter
 *   director, administrator     in the hospital: these, and head of department, director,
 *                               international desk, quality officer, administrator
 *   administrator of no         everywhere: these, and coordinator and auditor, who see
 *   hospital                    beyond one hospital
 *
 * A post reaches where it is held and no farther: an administrator of one hospital who heads
 * a department of another is a head there.
 *
 * Any thread; nothing here writes.
 */
#ifndef APP_REACH_H
#define APP_REACH_H

#include "app/app.h"

enum reach {
    REACH_NONE,
    REACH_DEPARTMENT,
    REACH_HOSPITAL,
    REACH_EVERYWHERE,
};

/* Where one looks: units are read from ${snapshot}, memory is ${arena}'s. */
struct reach_view {
    const struct app_caller *caller;
    struct store_reader *snapshot;
    struct arena *arena;
};

/* The farthest reach of the caller's posts over ${unit} ("Organization/ID"; p NULL: a record
 * that names none) or over what it is part of. */
enum reach reach_over(const struct reach_view *view, struct str unit);

/* Does ${caller} administer anything at all? */
bool reach_any(const struct app_caller *caller);

/* Does a post of ${caller} reach everywhere? */
bool reach_programme(const struct app_caller *caller);

/* What giving ${role} needs; REACH_NONE: it is no role, and gives nothing. */
enum reach reach_need(struct str role);

/* The Organization ${unit}; NULL: none here. */
const struct json *reach_unit(const struct reach_view *view, struct str unit);

#endif
