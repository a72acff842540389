/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a hospital can do about one thing (a procedure, or an illness that needs several) at
 * one moment, and why. Nobody types a level in: it follows from live sign-offs, posts that
 * are valid, equipment in service and cases whose outcome is known.
 *
 * Three numbers are kept apart, because programmes mix them up:
 *   listed        somebody said so;
 *   demonstrated  so many successful cases led by local people within a year, with known
 *                 outcome;
 *   sustained     demonstrated, and still so without those who leave within 90 days.
 *
 * Invariants:
 *   1. ending a post, a sign-off, a link or a device's service never raises a level, nor
 *      makes anything demonstrated or sustained that was not;
 *   2. what is sustained is demonstrated;
 *   3. the level of an illness is the lowest of what it needs.
 *
 * Pure functions; any thread. Times are milliseconds since 1970 in UTC; an interval holds
 * from its begin until just before its end, and an end of 0 is open.
 */
#ifndef ENGINE_CAPABILITY_CAPABILITY_H
#define ENGINE_CAPABILITY_CAPABILITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum capability_level {
    CAPABILITY_NONE,
    CAPABILITY_BY_ADVICE,   /* with the twin's word over the wire */
    CAPABILITY_WITH_EXPERT, /* while a visiting expert is there, by the expert */
    CAPABILITY_SUPERVISED, /* by a local doctor; one who can is there, or a twin by wire */
    CAPABILITY_INDEPENDENT, /* by a local doctor alone */
    CAPABILITY_TEACHES      /* and teaches others */
};

struct capability_interval {
    int64_t from, until;
};

/* One person's part in the procedure at this hospital. Somebody with several posts or
 * sign-offs has a row for each pair of them. */
struct capability_person {
    uint32_t person;
    bool visiting;                       /* sent by the twin for a term */
    struct capability_interval post;     /* here */
    struct capability_interval sign_off; /* independent in it; from 0: never was */
    struct capability_interval learning; /* an apprenticeship that aims at it; from 0 */
    struct capability_interval teaching; /* is master of one that aims at it; from 0 */
};

/* A device the procedure needs. Several rows of one kind: one of them suffices. */
struct capability_device {
    uint32_t kind;
    struct capability_interval service;
};

struct capability_case {
    int64_t when;
    uint32_t leader; /* who did the critical steps */
    bool local;      /* the leader held a local post then */
    bool outcome_known, success;
};

struct capability_evidence {
    const struct capability_person *people;
    const struct capability_device *devices;
    const uint32_t *device_kinds; /* what it needs */
    const struct capability_case *cases;
    const struct capability_interval *links; /* to a twin who can do it, and advises */
    size_t person_count, device_count, device_kind_count, case_count, link_count;
    bool hands; /* nobody does it on advice alone: it must have been learnt */
    bool listed;
};

struct capability_rules {
    int cases; /* to demonstrate it */
    int within_days;
    int leaving_days; /* who leaves within so many days does not sustain it */
};

/* Three cases within 365 days, 90 days: the days are published, the three are ours. */
extern const struct capability_rules capability_rules_default;

#define CAPABILITY_NOBODY UINT32_MAX

struct capability_answer {
    enum capability_level level;
    uint32_t by;      /* who carries the level, the one who stays longest; or nobody */
    int64_t since;    /* begin of the last thing that it needed; 0 for none */
    int64_t until;    /* when it falls, as far as is known now; 0: no end is known */
    size_t carriers;  /* so many different people carry it at this level */
    uint32_t missing; /* a kind of device that is not in service, or nobody */
    bool lasts; /* independent still when experts and all who leave soon are gone */
    bool listed, demonstrated, sustained;
    int cases, sustained_cases; /* that count for either */
};

/* What ${evidence} says at ${at}. ${without_experts}: as if every visiting post, and every
 * link, had ended at that moment: what remains when they are gone. */
struct capability_answer capability_at(const struct capability_evidence *evidence,
    const struct capability_rules *rules, int64_t at, bool without_experts);

/* An illness that needs all of ${count} procedures (at least one), as each was answered for
 * the same hospital and moment. ${illness}: the answer of the illness' own evidence, which
 * has its cases, whether it is listed, and the people who lead (for who stays). */
struct capability_answer capability_of_all(const struct capability_answer *needs,
    size_t count, const struct capability_answer *illness,
    const struct capability_rules *rules);

/* "none", "by-advice", "with-expert", "supervised", "independent", "teaches". */
const char *capability_level_name(enum capability_level level);

#endif
