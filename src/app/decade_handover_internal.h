/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handovers of the decade: what every expert leaves open, and who goes on with it.
 *
 *   decade_handover.c       the part: who names whom when, who says yes, what falls to the head
 *   decade_handover_find.c  what somebody has, and who still holds what was given to them
 *   decade_handover_put.c   the words that were owed, and the Handover
 *
 * The node finds what is open in its records (handover_find.c), and during a load there are none to
 * read. Here the same is gathered from what the decade has written until then; weights, figures and
 * the record are the node's own functions. test_decade_handover.c holds that the node, asked on the
 * evening of a departure, finds the same.
 */
#ifndef APP_DECADE_HANDOVER_INTERNAL_H
#define APP_DECADE_HANDOVER_INTERNAL_H

#include "app/decade_clinic_internal.h"
#include "app/handover_internal.h"

/* Something that is open, and what was said of it. */
struct handing_line {
    enum handover_kind kind;
    uint32_t of;        /* an operation, an apprenticeship or a department */
    uint32_t successor; /* person; DECADE_NONE: nobody was named */
    uint32_t namer;     /* person; DECADE_NONE: it fell to them */
    utc_ms named, acknowledged, declined, fell; /* 0: not */
};

/* What is said at the end of a posting; by the posting's number. */
struct handing {
    struct handing_line *lines; /* what was open when it was written last */
    uint32_t count, room;
    uint8_t names, answers; /* so many days before the end */
    bool leaves;            /* as it was planned: it did not end early */
    bool prepares;          /* names somebody */
};

struct decade_handings {
    struct decade *d;
    struct clinic *clinic;
    struct chance chance;
    struct handing *list;
    uint32_t count, room;
    struct decade_list under_way; /* postings that are not over */
    struct decade_list *at;       /* of each department: all its postings so far */
    struct handing_line *found;   /* by the last handing_find() */
    uint32_t found_count, found_room;
};

/* ---- decade_handover_find.c ---- */

/* What ${posting}'s person has this evening, with what was said of it so far, into ${g->found}. */
int handing_find(struct decade_handings *g, uint32_t posting, struct err *err);

/* Does ${person} owe a word on who had the part ${rated} in ${o}, and learns? */
bool handing_owes(const struct decade *d, const struct clinic_operation *o,
    uint32_t person, enum procedure_function rated);

/* Is there somebody in post who holds ${line} of ${posting}: who was named, or to whom it went on? */
bool handing_held(
    const struct decade_handings *g, uint32_t posting, const struct handing_line *line);

/* ---- decade_handover_put.c ---- */

/* Keep ${g->found} as what is said at ${posting}, and write it; ${ended}: at its end, with figures. */
int handing_write(
    struct decade_handings *g, uint32_t posting, bool ended, struct err *err);

/* Of the words that ${posting}'s person owes, by ${g->found}, ${permille} are given. */
void handing_words(struct decade_handings *g, uint32_t posting, uint32_t permille);

#endif
