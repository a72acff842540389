/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the roster share (docs/TEAMS.md).
 *
 *   roster.c        Organization/ID/$roster: what is asked, and what is found
 *   roster_read.c   records become units, teams, postings and heads
 *   roster_find.c   searches
 *   roster_write.c  the answer as Parameters
 */
#ifndef APP_ROSTER_INTERNAL_H
#define APP_ROSTER_INTERNAL_H

#include "app/access_internal.h"
#include "app/app_internal.h"
#include "app/network.h"
#include "app/text_map.h"
#include "engine/planning/roster.h"

#define TEAM_KIND_SYSTEM "https://belay.health/CodeSystem/organization-kind"
#define TEAM_AFFILIATION_SYSTEM "https://belay.health/CodeSystem/affiliation"
#define TEAM_BATCH "https://belay.health/StructureDefinition/team-batch"
#define TEAM_LEADER "https://belay.health/StructureDefinition/team-leader"
#define POSTING_TEAM "https://belay.health/StructureDefinition/posting-team"
#define POSTING_REPLACES "https://belay.health/StructureDefinition/replaces"
#define POSTING_ARRIVED "https://belay.health/StructureDefinition/arrived"
#define POSTING_CHECK "https://belay.health/StructureDefinition/arrival-check"

/* A record that the answer names. */
struct roster_name {
    struct str reference; /* "Type/ID"; p NULL: none */
    struct str display;
};

struct roster_unit {
    struct roster_name name;
    bool of_host; /* of the hospital that is asked about: it should have a head */
};

struct roster_team_row {
    struct roster_name name, body, leader, host;
    struct str
        link; /* the OrganizationAffiliation that says host and term; p NULL: none */
    struct str batch; /* a number as it is written; p NULL: not told */
    struct roster_team planned;
};

struct roster_row {
    struct roster_name person;
    struct str id; /* of the PractitionerRole */
    const struct json *record;
    struct roster_posting planned;
};

/* A roster on its way. */
struct roster_answer {
    struct app_call *call;
    struct store_reader *snapshot;
    utc_ms now;
    struct span window;
    struct str from, until; /* days */
    struct str asked;       /* "Organization/ID" */
    bool team;              /* it is one */
    struct roster_unit *units;
    struct roster_team_row *teams;
    struct roster_row *rows;
    struct roster_head *heads;
    struct roster_name *head_names; /* of the same */
    size_t unit_count, unit_cap, team_count, team_cap, row_count, row_cap, head_count,
        head_cap;
    struct text_map persons, seen; /* by reference; by id of the posting */
    size_t person_count;
    size_t shown; /* rows from here on are elsewhere: told where they clash */
    struct roster_finding finding;
    const struct network *network; /* held while the answer is made */
};

/* ---- roster_find.c ---- */

/* What a search gives, one record after the other; 0, or an error that ends it. */
struct roster_each {
    int (*take)(struct roster_answer *ro, const struct json *record, struct str id,
        struct err *err);
    const char *type;
};

/* E_TOO_LARGE: more than LIMIT_PAGE. ${pairs} without _count. */
int roster_search(struct roster_answer *ro, const struct roster_each *each,
    const struct search_pair *pairs, size_t count, struct err *err);

/* The record of ${reference}; ${*ret} NULL: it is not there, or not for the caller. */
int roster_load(struct roster_answer *ro, struct str reference, const struct json **ret,
    struct err *err);

/* ${reference}, a member of a record, as "Type/ID" and its name. ${type}: what it has to be;
 * p NULL where it is another. */
int roster_name_of(struct roster_answer *ro, const struct json *reference,
    const char *type, struct roster_name *ret, struct err *err);

/* The extension ${url} of ${record}; NULL: none. */
const struct json *roster_extension(const struct json *record, const char *url);

/* Does a concept of ${concepts} have ${code} of ${system}? */
bool roster_has_code(const struct json *concepts, const char *system, const char *code);

/* One more at the end of a list; NULL: no memory. */
void *roster_more(
    struct arena *a, void **list, size_t *count, size_t *cap, size_t size);

/* ---- roster_read.c ---- */

/* Everything there is to show. E_NOT_FOUND: no such organisation. */
int roster_read(struct roster_answer *ro, struct err *err);

/* ---- roster_write.c ---- */

int roster_write(struct roster_answer *ro, struct err *err);

#endif
