/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What in records is worth a second look, each by itself and beside the others:
 *
 *   late           written down more than late_days after it happened
 *   no-outcome     an operation or a case of more than outcome_days ago, and nobody has said what
 *                  became of it
 *   twice          alike another one: the same person's, or the same operation on the same day
 *   future         it is to have happened later than now
 *   before-birth   it is to have happened before the patient was born
 *   impossible     a value that no body shows
 *   backwards      it ends before it begins
 *
 * Days are written in the times of other places and often without an hour, so QUALITY_SLACK_MS is
 * let pass. Nothing here says that a record is wrong; somebody has to look. Pure; any thread.
 */
#ifndef ENGINE_QUALITY_QUALITY_H
#define ENGINE_QUALITY_QUALITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define QUALITY_UNKNOWN INT64_MIN
#define QUALITY_NONE UINT32_MAX
#define QUALITY_KEYS 3
#define QUALITY_SLACK_MS (24LL * 3600 * 1000)

enum quality_subject {
    QUALITY_NOTHING, /* deleted, or not looked at */
    QUALITY_PATIENT,
    QUALITY_OPERATION,
    QUALITY_CASE,
    QUALITY_VITALS,
    QUALITY_POST,
};

enum quality_kind {
    QUALITY_LATE,
    QUALITY_NO_OUTCOME,
    QUALITY_TWICE,
    QUALITY_FUTURE,
    QUALITY_BEFORE_BIRTH,
    QUALITY_IMPOSSIBLE,
    QUALITY_BACKWARDS,
    QUALITY_KINDS
};

struct quality_fact {
    enum quality_subject subject;
    int64_t order;    /* of two the lower was written before */
    int64_t recorded; /* its first version; QUALITY_UNKNOWN: that is no matter */
    int64_t earliest, latest; /* when it happened, as exactly as it is told, the end not
                                 included; of a patient the birth, of a post its begin */
    int64_t until;            /* of a post; INT64_MAX: no end */
    uint64_t patient;         /* whose; of a patient its own; 0: not told */
    uint64_t keys[QUALITY_KEYS]; /* alike is who has one of another's; 0: none */
    bool open;                   /* nobody has said what became of it */
    bool impossible;
};

struct quality_facts {
    const struct quality_fact *list;
    size_t count;
};

struct quality_rules {
    const char *version;
    int late_days, outcome_days;
};
extern const struct quality_rules quality_rules_default;

struct quality_finding {
    uint32_t fact;
    uint32_t other; /* of twice: the one that was there before; else QUALITY_NONE */
    enum quality_kind kind;
};

struct quality_findings {
    struct quality_finding *list; /* in the order of facts, then of kinds */
    size_t count;
};

/* "late", "no-outcome" ...; QUALITY_KINDS: ${code} (${length} bytes) is none. */
const char *quality_kind_code(enum quality_kind kind);
enum quality_kind quality_kind_of(const char *code, size_t length);

/* A fact that may be found. */
struct quality_suspect {
    uint32_t fact;
    uint32_t other; /* the one alike that was there before; QUALITY_NONE */
    bool before_birth;
};

struct quality_suspects {
    struct quality_suspect *list; /* in the order of facts */
    size_t count;
    int64_t since;
};

/* Which of ${facts} may be found as of ${since} or later, in ${a}; what is needed meanwhile in ${scratch}.
 * E_NOMEM. */
int quality_suspect(struct arena *a, struct arena *scratch,
    const struct quality_rules *rules, const struct quality_facts *facts, int64_t since,
    struct quality_suspects *ret);

/* Look at those of the same ${facts} as of ${now}, which is not before suspects->since. Memory of ${a}. E_NOMEM. */
int quality_judge(struct arena *a, const struct quality_rules *rules,
    const struct quality_facts *facts, const struct quality_suspects *suspects,
    int64_t now, struct quality_findings *ret);

/* Both. */
int quality_find(struct arena *a, const struct quality_rules *rules,
    const struct quality_facts *facts, int64_t now, struct quality_findings *ret);

#endif
