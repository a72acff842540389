/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What posts a person holds now. A post is a PractitionerRole that is active, whose period
 * holds now and whose code is a role of https://belay.health/CodeSystem/role; nobody has
 * rights of another kind. What has been worked out is remembered until a record of the
 * directory changes or the next period begins or ends, whichever comes first: so a post
 * that ends tonight ends tonight, with nothing to do and nothing to forget.
 *
 * The end of a period that is a date is the end of that day in UTC; one that must end at
 * another hour says so with an instant.
 */
#ifndef APP_PERSON_H
#define APP_PERSON_H

#include "app/app.h"

#define PERSON_ROLE_SYSTEM "https://belay.health/CodeSystem/role"

struct persons;

struct person_posts {
    const struct app_post *list;
    size_t count;
};

/* NULL: no memory. */
struct persons *persons_new(struct app *app);
void persons_free(struct persons *p);

/* A record of ${type} has changed (writer's thread; cheap). */
void persons_changed(struct persons *p, unsigned type);

/* The posts of ${practitioner} ("Practitioner/ID") at ${now}, in the order of the
 * records. Memory from ${a}. No such person, or no post:
 * none. Any thread. */
int person_posts(struct persons *p, struct arena *a, struct str practitioner,
    utc_ms now, struct person_posts *ret, struct err *err);

/* The same for who holds a snapshot already: ${held} is read and no other is taken, since who
 * waits for one reader while holding another may wait for ever. NULL: as above. */
struct person_ask {
    struct persons *persons;
    struct store_reader *held;
    struct arena *arena;
    utc_ms now;
};
int person_posts_in(const struct person_ask *ask, struct str practitioner,
    struct person_posts *ret, struct err *err);

/* The roles, from 0 to PERSON_ROLES - 1. */
#define PERSON_ROLES 14
const char *person_role_at(size_t index);

/* Is ${role} one of the code system's? */
bool person_role_known(struct str role);

/* Must who holds ${role} give a one-time code, whatever the operator says
 * (app/code_rule.h)? */
bool person_role_needs_code(struct str role);

/* Does who holds ${role} treat, nurse or examine patients of its hospital, and read and write
 * their records? */
bool person_clinical(struct str role);

/* Does ${caller} hold ${role} now, anywhere? */
bool person_holds(const struct app_caller *caller, const char *role);

#endif
