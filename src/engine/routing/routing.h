/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where can this patient be treated, nearest to home first, and why? All that is known of
 * the network and the question go in; every option comes out in its order, each with the
 * reasons that a coordinator would give, the unsafe ones too.
 *
 * The order:
 *   1. what is safe before what is not;
 *   2. nearness of care: the team here, here with an expert who is on site, here guided by
 *      the twin department, another hospital of the prefecture, of the region, outside;
 *   3. time until somebody acts, less the worth of teaching: a case that an apprentice
 *      needs counts as rules.teaching_minutes of it, in no emergency;
 *   4. the hospital's position in the network, so that the same input gives the same order.
 * A case is never sent farther for teaching than those minutes: a strict "teaching before
 * travel" would send a patient over three passes for a logbook.
 *
 * Safe means that no reason before ROUTING_UNSAFE speaks against it. What is not known makes
 * nothing unsafe by itself and is told, save the way of a patient who has no time.
 *
 * Invariants of every answer:
 *   1. no two options have the same hospital and kind;
 *   2. an unsafe option stands behind every safe one and has at least one unsafe reason;
 *   3. what is here stands before what is elsewhere among the equally safe;
 *   4. the first option's decided_by is ROUTING_FIRST, and no other's is.
 *
 * Pure functions; any thread. Times are milliseconds since 1970 in UTC.
 */
#ifndef ENGINE_ROUTING_ROUTING_H
#define ENGINE_ROUTING_ROUTING_H

#include <stdint.h>

#include "engine/routing/travel.h"

#define ROUTING_NOT_KNOWN (-1)
#define ROUTING_NOBODY UINT32_MAX
#define ROUTING_REASONS_MAX 22

enum routing_urgency {
    ROUTING_ROUTINE,
    ROUTING_URGENT,
    ROUTING_EMERGENCY,
    ROUTING_URGENCIES
};

/* What a hospital can do about an illness (docs of the capability map). */
enum routing_level {
    ROUTING_CANNOT,
    ROUTING_BY_ADVICE,   /* with the twin's word over the wire */
    ROUTING_WITH_EXPERT, /* while a visiting expert is there; person is the expert */
    ROUTING_SUPERVISED,  /* a local doctor under supervision; person is the doctor */
    ROUTING_INDEPENDENT, /* a local doctor alone; person is the doctor */
    ROUTING_TEACHES      /* and teaches others */
};

struct routing_person {
    int64_t arrives, leaves; /* of this post; 0: was always there, stays */
    int64_t duty_from,
        duty_until;     /* the duty that is on or comes next; both 0: not known */
    uint64_t languages; /* a bit each, as the question's */
    int cases_needed;   /* of what is asked, until independent; 0: none */
};

/* What its own people have shown of what is asked (engine/capability). */
enum routing_proof {
    ROUTING_PROOF_NOT_ASKED,
    ROUTING_PROOF_MISSING,      /* not so many good results are known */
    ROUTING_PROOF_DEMONSTRATED, /* they are, and it hangs on who leaves or helps */
    ROUTING_PROOF_SUSTAINED     /* they are, and it stays so */
};

struct routing_hospital {
    unsigned place;              /* in the table of ways */
    unsigned prefecture, region; /* any numbers; 0: not known */
    int free_beds;               /* really free now, or ROUTING_NOT_KNOWN */
    uint32_t twin;      /* the hospital whose department guides it, or nobody */
    int answer_minutes; /* median until this hospital's experts answer, or not known */
    unsigned answers;   /* from so many */
    uint64_t interpreters; /* languages somebody can interpret here */
    enum routing_proof proof;
    int proof_cases; /* good results that would demonstrate it */
    bool listed;     /* the hospital says itself that it offers it */
};

/* One person's part in what a hospital can do about one illness, sorted by illness, then
 * hospital. For ROUTING_BY_ADVICE the person is nobody. */
struct routing_capability {
    uint32_t illness, hospital, person;
    enum routing_level level;
    int64_t since, until; /* until: lapses then; 0: does not */
    bool equipment_off;   /* what it needs is out of service */
};

struct routing_network {
    struct travel_table ways;
    const struct routing_hospital *hospitals;
    const struct routing_person *persons;
    const struct routing_capability *capabilities;
    size_t hospital_count, person_count, capability_count;
};

/* Bits of what is the matter with a patient on the way. */
enum routing_state {
    ROUTING_ALTITUDE_ILLNESS = 1, /* or suspected: must not go up */
    ROUTING_NEEDS_OXYGEN = 2,     /* saturation below what is expected here */
    ROUTING_UNSTABLE = 4          /* may be moved only with company */
};

struct routing_question {
    uint32_t illness, hospital; /* hospital: where the patient is */
    enum routing_urgency urgency;
    int limit_minutes; /* until somebody must act; 0: as the rules say for the urgency */
    unsigned state;    /* routing_state bits */
    bool may_not_travel;
    int longest_minutes; /* of travel that the patient can or will bear; 0: any */
    uint64_t languages;  /* that the patient speaks; 0: not known */
    enum travel_season season;
    int64_t now;
};

struct routing_rules {
    const char *version;
    int limit_minutes[ROUTING_URGENCIES]; /* 0: none */
    int teaching_minutes;
    int rise_m;        /* from here on a climb is told, and unsafe for some */
    int oxygen_rise_m; /* more than so much up is unsafe for who needs oxygen */
    int leaves_days;   /* an expert who leaves within so many days is told */
    struct travel_rules travel;
};

/* Emergencies two hours, the time of the Lancet Commission on Global Surgery; the urgent a
 * day, teaching an hour, 300 and 500 m, 14 days: decisions of ours. */
extern const struct routing_rules routing_rules_default;

enum routing_kind {
    ROUTING_TEAM_HERE,
    ROUTING_EXPERT_HERE,
    ROUTING_GUIDED_HERE,
    ROUTING_IN_PREFECTURE,
    ROUTING_IN_REGION,
    ROUTING_OUTSIDE
};

enum routing_reason_code {
    /* against it */
    ROUTING_TOO_LATE, /* value minutes until somebody acts, limit minutes */
    ROUTING_NO_BED,
    ROUTING_NOBODY_ON_DUTY, /* for an emergency; value minutes until somebody is */
    ROUTING_MAY_NOT_TRAVEL,
    ROUTING_TOO_FAR, /* value minutes, limit minutes */
    ROUTING_ROAD_CLOSED,
    ROUTING_WAY_UNKNOWN,        /* and there is a limit */
    ROUTING_UP_ILL,             /* up value metres with altitude illness */
    ROUTING_UP_SHORT_OF_OXYGEN, /* up value metres, limit metres */
    ROUTING_EQUIPMENT_OFF,
    ROUTING_LAPSED,      /* value: when, days ago */
    ROUTING_EXPERT_AWAY, /* value days until the expert comes, or not known */
    ROUTING_UNSAFE,      /* all before it make an option unsafe */
    /* about it */
    ROUTING_SINCE = ROUTING_UNSAFE, /* can do it for value days */
    ROUTING_BY,                     /* person */
    ROUTING_ON_DUTY,                /* person */
    ROUTING_DUTY_LATER,             /* person, value minutes */
    ROUTING_DUTY_UNKNOWN,           /* person */
    ROUTING_BEDS,                   /* value free */
    ROUTING_BEDS_UNKNOWN,
    ROUTING_TRAVEL,           /* value minutes, written down */
    ROUTING_TRAVEL_ESTIMATED, /* value minutes */
    ROUTING_DOWN,             /* value metres: the air gets richer */
    ROUTING_UP, /* value metres: look at the saturation, take oxygen along */
    ROUTING_ALTITUDE_UNKNOWN, /* of the way, for a patient who must not go up */
    ROUTING_ANSWER,           /* value minutes, from limit answers */
    ROUTING_ANSWER_UNKNOWN,
    ROUTING_LANGUAGE, /* the person speaks the patient's */
    ROUTING_INTERPRETER,
    ROUTING_NO_LANGUAGE,
    ROUTING_TEACHING,         /* person needs value more cases */
    ROUTING_EXPERT_LEAVES,    /* person, in value days */
    ROUTING_COMPANY,          /* an unstable patient needs company on the way */
    ROUTING_SUSTAINED,        /* demonstrated, and by people who stay */
    ROUTING_DEMONSTRATED,     /* and not sustained */
    ROUTING_NOT_DEMONSTRATED, /* fewer than limit good results are known */
    ROUTING_LISTED,           /* the hospital says so; that proves nothing */
    ROUTING_REASON_CODES
};

struct routing_reason {
    enum routing_reason_code code;
    int value, limit;
    uint32_t person;
};

/* What put an option behind the one before it. */
enum routing_decided_by {
    ROUTING_FIRST,
    ROUTING_BY_SAFETY,
    ROUTING_BY_NEARNESS,
    ROUTING_BY_TIME, /* with teaching counted */
    ROUTING_BY_POSITION
};

struct routing_option {
    enum routing_kind kind;
    uint32_t hospital, person; /* person: who would do it */
    bool safe;
    int minutes; /* until somebody acts, as far as known: duty, way or answer */
    int counted; /* the same less the worth of teaching */
    enum routing_decided_by decided_by;
    unsigned reason_count;
    struct routing_reason reasons[ROUTING_REASONS_MAX]; /* those against it first */
};

/* At most so many options can there be. */
#define ROUTING_OPTIONS(hospitals) ((hospitals) + 2)

/* Fill ${ret}, which has room for ROUTING_OPTIONS(hospital_count), in their order; how many
 * there are. None: nobody in the network is known to treat it. Indexes within ${question}
 * and ${network} must be in their ranges. */
size_t routing_options(const struct routing_network *network,
    const struct routing_rules *rules, const struct routing_question *question,
    struct routing_option *ret);

/* Put capabilities into the order that routing_options() needs. */
void routing_sort(struct routing_capability *capabilities, size_t count);

/* "too-late", "no-bed", ...: names for pages, tests and operations. */
const char *routing_kind_name(enum routing_kind kind);
const char *routing_reason_name(enum routing_reason_code code);
const char *routing_decided_name(enum routing_decided_by decided);

#endif
