/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For people who have just come up: the Lake Louise acute mountain sickness score (2018
 * consensus: headache, stomach, fatigue, dizziness, 0 to 3 each; from 3 points with a
 * headache and a recent ascent it is the sickness; 3 to 5 mild, 6 to 9 moderate, 10 to 12
 * severe), and beside it the red flags of oedema of the brain and of the lung, which need no
 * score. Rules: feeling unwell up high is altitude illness until it is proven otherwise;
 * never higher with symptoms; worse means down.
 *
 * Pure functions; any thread.
 */
#ifndef ENGINE_VITALS_LAKE_LOUISE_H
#define ENGINE_VITALS_LAKE_LOUISE_H

#include <stdbool.h>

#define LAKE_LOUISE_NOT_KNOWN (-1)

/* Days since the last ascent of note after which the score says nothing: the sickness
 * begins within some days, a later illness has other causes until shown. Ours. */
#define LAKE_LOUISE_RECENT_DAYS 5

struct lake_louise_signs {
    int headache, stomach, fatigue, dizziness; /* 0 none to 3 severe, or not known */
    int days_since_ascent;                     /* negative: not known */
    /* red flags, seen or told */
    bool unsteady;     /* cannot walk heel to toe: ataxia */
    bool mind_changed; /* confused, drowsy, behaves unlike himself */
    bool breathless_at_rest;
    bool cough_with_froth; /* or with blood */
    bool far_below_peers;  /* SpO2 much below that of others who came with him */
};

enum lake_louise_verdict {
    LAKE_LOUISE_INCOMPLETE, /* a sign or the ascent is not known, and it matters */
    LAKE_LOUISE_NOT_RECENT, /* no recent ascent: the score does not apply */
    LAKE_LOUISE_NO_SICKNESS,
    LAKE_LOUISE_MILD,
    LAKE_LOUISE_MODERATE,
    LAKE_LOUISE_SEVERE
};

struct lake_louise_score {
    int total; /* of the signs that are known */
    bool complete;
    enum lake_louise_verdict verdict;
    bool without_headache; /* 3 points and more but no headache: not the sickness by
                              definition, though some have it so; watch */
    bool brain, lung;      /* red flags of oedema: oxygen, down now, tell somebody */
};

/* Score ${signs}. A red flag is set whatever the score and the days. */
struct lake_louise_score lake_louise_score(const struct lake_louise_signs *signs);

#endif
