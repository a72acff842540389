/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is wrong with a plan of postings, told and never silently kept, and where nobody is:
 *
 *   clash           one person has two postings at one time (what is not a time of leave)
 *   outside-term    a posting of a team runs before or behind the team's term
 *   beyond-term     a team's term has ended, and people of it are still posted
 *   no-term         a team that has postings has no term at a host
 *   no-head         a department has no head
 *   unchecked       somebody of a team is at work, and what is looked at on arrival is not
 *                   all in order
 *   gap             a department that has had a posting has nobody posted, while a team is or was to be there
 *
 * Departments, persons and teams are numbers of the caller's. Pure; memory from ${a} of
 * roster_find(); any thread.
 */
#ifndef ENGINE_PLANNING_ROSTER_H
#define ENGINE_PLANNING_ROSTER_H

#include "base/arena.h"
#include "base/err.h"

#include "engine/planning/span.h"

#define ROSTER_NONE UINT32_MAX

/* What is shorter is not told: days are written in the times of two places, and who hands
 * over on a day is there on it. */
#define ROSTER_SHORTEST_MS (24LL * 3600 * 1000)

struct roster_posting {
    uint32_t person, department,
        team; /* ROSTER_NONE: of no team; of no department here */
    struct span term;
    const struct span *away; /* on leave */
    size_t away_count;
    bool unchecked; /* what is looked at on arrival is not all in order */
};

struct roster_team {
    struct span term;
    bool has_term;
};

/* Who heads what, and when. */
struct roster_head {
    uint32_t department;
    struct span term;
};

struct roster {
    const struct roster_posting *postings;
    const struct roster_team *teams;
    const struct roster_head *heads;
    size_t posting_count, team_count, head_count, department_count;
    struct span window; /* what is looked at */
    int64_t now;
};

enum roster_kind {
    ROSTER_CLASH,
    ROSTER_OUTSIDE_TERM,
    ROSTER_BEYOND_TERM,
    ROSTER_NO_TERM,
    ROSTER_NO_HEAD,
    ROSTER_GAP,
    ROSTER_UNCHECKED,
    ROSTER_KINDS
};

struct roster_problem {
    enum roster_kind kind;
    uint32_t posting, other; /* of a clash both; ROSTER_NONE: is about none */
    uint32_t department, team;
    struct span when;
};

struct roster_finding {
    struct roster_problem *problems; /* by kind, then as the caller numbers them */
    size_t count;
};

/* As the pages and the operation say it. */
const char *roster_kind_code(enum roster_kind kind);

/* E_NOMEM. */
int roster_find(struct arena *a, const struct roster *plan, struct roster_finding *ret,
    struct err *err);

#endif
