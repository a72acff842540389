/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The indicators: each a Measure of definitions/indicators.json, read once a process. It says
 * of which records it is (a search that one record alone answers, and a condition in
 * FHIRPath), what is counted in each, from when until when it holds, and by what the figure can be
 * told apart; docs/INDICATORS.md.
 */
#ifndef VIEW_INDICATOR_DEFINE_H
#define VIEW_INDICATOR_DEFINE_H

#include "engine/indicator/indicator.h"
#include "fhir/path.h"
#include "view/search.h"

#define INDICATOR_FORM "4" /* of the view's rows: raise it when their form changes */
#define INDICATOR_THINGS 3 /* parts of what is counted */
#define INDICATOR_STRATA 8
#define INDICATOR_ROW_VALUES (INDICATOR_THINGS + INDICATOR_STRATA + 6)
#define INDICATOR_LASTS_MAX 3660 /* days */
#define INDICATOR_PER_MAX 1000000

/* definitions/indicators.json, and what of it and of the rows' form the view hangs on. */
struct indicator_text {
    const unsigned char *bytes;
    size_t len;
};
extern const struct indicator_text indicator_text;
extern const char indicator_digest[];

/* What is made of a value when a figure is computed, since it hangs on other records. */
enum indicator_as {
    INDICATOR_PLAIN,
    INDICATOR_HOSPITAL, /* where the organisation, followed along partOf, ends */
    INDICATOR_PROVINCE, /* the state of that hospital's address */
    INDICATOR_COUNTRY,  /* its country */
    INDICATOR_BATCH,    /* of the team */
    INDICATOR_SEX,      /* of the person */
    INDICATOR_KIND,     /* of the course, of the device */
    INDICATOR_COUNTY, /* the district of that hospital's, or that place's, address, else its city */
    INDICATOR_LANGUAGE, /* the first that the person speaks */
    INDICATOR_RATE, /* in words, at which rate an amount is told; "as-paid": at none */
    INDICATOR_REMOTENESS, /* how far that hospital, or place, is from one of a prefecture, in bands */
    INDICATOR_PART, /* of which part of the whole a fact says it, see part below */
    INDICATOR_ASES
};

/* Who is told how exactly; programs of the operator are told all of it. */
enum indicator_disclosure {
    INDICATOR_TO_ALL, /* whoever may ask */
    INDICATOR_OWN,    /* a figure over those of its records that one may read */
    INDICATOR_YEARS,  /* people: of whole calendar years that are over */
    INDICATOR_STEPS,  /* the same, in steps of five and nothing by strata */
    INDICATOR_GUARDED, /* as years, but for small numbers and what they could be worked out from */
};

/* Figures of the capability map are no facts of records: they are worked out (app/indicator_map.c). */
enum indicator_map {
    INDICATOR_NO_MAP,
    INDICATOR_LISTED,       /* illnesses that somebody says can be treated */
    INDICATOR_DEMONSTRATED, /* and that were, often enough */
    INDICATOR_SUSTAINED,    /* and will be when those who leave have left */
    INDICATOR_ABLE,         /* that can be treated; met: by local people alone */
    INDICATOR_MAPS
};

struct indicator_value {
    struct str name; /* of a stratum */
    enum indicator_as as;
    const struct fhir_path *path; /* NULL: none */
};

/* What a figure is of a ratio: the numerator, multiplied by a third one, is set against the denominator. */
enum indicator_role {
    INDICATOR_NUMERATOR,
    INDICATOR_TIMES,
    INDICATOR_DENOMINATOR,
    INDICATOR_ROLES
};

/* On a score: nobody saw it, it was worked out from what others did. */
#define INDICATOR_ESTIMATE_URL                                                         \
    "https://belay.health/StructureDefinition/indicator-estimate"

/* Part of a ratio: the figure of another indicator. */
struct indicator_part {
    struct str url; /* of that indicator; p NULL: there is none */
    const struct indicator_define *define; /* which it is; NULL: there is none */
    /* of a proportion: its numerator; false: its denominator. Of what multiplies the score counts: the share, the
     * median */
    bool met;
    bool grown; /* what it grew by since the day before the period */
};

struct indicator_define {
    struct str id, url, version, title, unit;
    const struct json *measure;
    const struct fhir_type *type;
    const struct search_query *query;
    const struct fhir_path *where;     /* NULL: no condition */
    const struct fhir_path *numerator; /* of a proportion; of days: Periods */
    struct indicator_value value;      /* of values: a number, or a moment */
    struct indicator_value since, limit, seconds; /* see docs/INDICATORS.md */
    struct indicator_value each; /* parts of a record, a fact each; path NULL: itself */
    struct indicator_value from, until, amount, currency;
    /* currency, value, on, source: an amount is told in that currency too, a fact of its own */
    struct indicator_value rate;
    struct indicator_value only; /* facts count where this is ... */
    struct str only_value; /* ... that, or one of those with commas; p NULL: all do */
    /* ... and where this is known and another than that, which is known too; path NULL: all do */
    struct indicator_value apart, apart_from;
    /* of which stratum with INDICATOR_PART a fact tells a part of what another says of the whole; nothing: it is of
     * the whole. Who has it has no only. */
    struct indicator_value part;
    enum indicator_map map;
    struct str severity; /* of the illnesses of a map: "serious"; p NULL: of any */
    bool
        whole_first; /* where a hospital says it of itself, its departments do not count */
    bool in_days;    /* what is since a moment is days and not minutes */
    bool in_hours; /* or hours */
    int lasts;     /* days; a fact that begins lasts so long; 0: as until says */
    struct indicator_value less; /* Periods in which it does not hold */
    struct indicator_value
        settling;         /* a day; it does not hold in the first days from it */
    unsigned year_begins; /* with which month a year of it begins: 1 to 12 */
    struct indicator_value things[INDICATOR_THINGS];
    size_t thing_count;
    bool of_records; /* nothing else is counted */
    bool by_id;      /* each record is a thing by itself: what is counted is its id */
    struct indicator_value strata[INDICATOR_STRATA];
    size_t stratum_count;
    enum indicator_scoring scoring;
    /* of a ratio, which has no records of its own: type and query are NULL */
    struct indicator_part parts[INDICATOR_ROLES];
    int64_t per;   /* so many of the denominator */
    bool estimate; /* nobody saw what it tells: it follows from what others did */
    enum indicator_count count;
    enum indicator_rule rule;
    enum indicator_disclosure disclosure;
};

struct indicator_defines {
    const struct json *bundle;
    struct indicator_define *list;
    size_t count;
};

/* All of them, for as long as the process lives; any thread. E_NOMEM; E_BUG: a definition
 * cannot be used. */
int indicator_defines(const struct indicator_defines **ret, struct err *err);

/* The one with ${id}; NULL: none. */
const struct indicator_define *indicator_find(
    const struct indicator_defines *all, struct str id);

#endif
