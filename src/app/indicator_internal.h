/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Figures computed from events (docs/INDICATORS.md):
 *
 *   GET Measure/$indicators                   the definitions
 *   GET Measure/ID/$evaluate-measure          a figure, as MeasureReport
 *   GET Measure/ID/$explain                   the records that make it up
 *   GET Measure/$dashboard                    many figures year by year, in one answer
 *   GET Measure/ID/$effect                    of volumes: what changed with assistance
 *   GET Measure/ID/$funnel                    of proportions: hospitals beside each other
 *
 *   indicator.c          who may ask, what is asked, one figure after another
 *   indicator_ask.c      the question: period, stratum, as known when
 *   indicator_place.c    what is known of organisations and people now: hospital, province, batch
 *   indicator_count.c    facts of the view to a figure with what is behind it
 *   indicator_known.c    as known when: the position of the log, and its moment
 *   indicator_kept.c     facts that are kept between questions
 *   indicator_recall.c   which questions they answer
 *   indicator_map.c      the capability map as facts
 *   indicator_whole.c    what a hospital says of itself, and its departments say too
 *   indicator_part.c     what is said of the whole, and of parts of it
 *   indicator_write.c    as MeasureReport
 *   indicator_guard.c    which small numbers are kept
 *   indicator_levels.c   and within which strata of a larger axis
 *   indicator_read.c     which records the caller may read
 *   indicator_subjects.c what is counted, as lists in it
 *   indicator_measured.c proportions and values in it
 *   indicator_ratio.c    figures multiplied, and set against each other
 *   indicator_ratio_write.c  in it
 *   indicator_explain.c  as rows
 *   indicator_years.c    year by year
 *   indicator_effect.c   months of a unit, and of those beside it that nobody assists
 *   indicator_effect_write.c  what changed, with its sentences
 *   indicator_funnel.c   hospitals with limits
 *   indicator_mix.c      for the mix of their cases
 *   indicator_told.c     what is kept of it between questions
 *   indicator_growth.c   the same of how volumes grew
 */
#ifndef APP_INDICATOR_INTERNAL_H
#define APP_INDICATOR_INTERNAL_H

#include "app/app_internal.h"
#include "app/indicator_kept.h"
#include "app/network.h"
#include "app/number_map.h"
#include "app/text_map.h"
#include "engine/effect/funnel.h"
#include "view/indicator.h"

#define INDICATOR_SAID (INDICATOR_THINGS + 1) /* things, then the amount */
#define INDICATOR_STRATUM_SYSTEM "https://belay.health/CodeSystem/indicator-stratum"

/* As known when. */
struct indicator_known {
    utc_ms at;        /* UTC_MS_MAX: now */
    bool by_position; /* ... or at this position of the log: */
    int64_t position;
};

/* What is asked. */
struct indicator_ask {
    const struct indicator_define *define;
    size_t index;
    struct str start, end; /* days, as asked, both of the period */
    struct span period;
    size_t axis;      /* by which stratum it is told apart; INDICATOR_NO_AXIS */
    size_t filter;    /* of which stratum it is */
    struct str value; /* and which one */
    size_t mix; /* $funnel: for which mix of this stratum, counted from 1; 0: of none */
    struct indicator_known known;
    bool subjects;            /* a list of what is counted too */
    size_t skip;              /* $explain: rows that were shown already */
    bool rows;                /* $explain: only what the caller may read is told */
    enum indicator_role part; /* $explain of a ratio: whose rows are told */
};

/* An Organization, a HealthcareService, a Practitioner or a Course, as it is now. */
struct indicator_place {
    store_rid rid;
    store_rid hospital;     /* 0: not known */
    const char *remoteness; /* NULL: not known, or not looked for */
    bool looked;            /* for that */
    struct str state, country, batch, gender, kind, county, language;
};

struct indicator_run {
    struct app_call *call;
    struct store_reader *snapshot;
    const struct indicator_defines *all;
    struct indicator_ask ask;
    int64_t position;           /* of the log, as of which it is known, */
    bool position_found;        /* once that was looked for */
    struct number_map place_of; /* by rid */
    struct indicator_place *places;
    size_t place_count, place_cap;
    struct indicator_kept *recalled; /* whose facts these are; NULL: its own */
    struct indicator_kept_part *recalled_part; /* and whose strata */
    /* whose records its facts follow from beside their own; more of them than there is room for: they are not kept */
    unsigned types[READER_CHANGES_TYPES];
    size_t type_count;
    const struct network *network; /* held, once it was asked how far places are */
    struct indicator_posts *posts; /* of whose handover is told (indicator_read.c) */
    struct indicator_maps
        *maps; /* indicator_map.c; NULL: no figure of the map was asked for */

    struct indicator_ratio *ratio; /* of a ratio: its figures (indicator_ratio.c) */
    const struct indicator_define
        *ratio_of; /* whose rows are told as those of a part of it; NULL: their own */

    /* what came of it: memory of facts, of what they come to, and what is needed meanwhile */
    struct arena *of_facts, *of_answer, *scratch;
    struct indicator_fact *facts;
    store_rid *records;     /* that tell them, a fact each */
    uint32_t *mixes;        /* where a mix is asked about: its number of each fact */
    struct str *currencies; /* of amounts of money, a fact each */
    struct indicator_cell
        *said; /* where rows are told: INDICATOR_SAID a fact, as written */
    size_t count, cap;
    bool unordered; /* they do not come by begin */
    store_rid
        filtered; /* the record that the stratum asked for is; 0: it is none, -1: not looked for */
    struct text_map thing_of;
    struct number_map record_of;   /* of things that are one record: their numbers */
    struct indicator_cell *things; /* the first part of each */
    size_t thing_count, thing_cap;
    struct text_map stratum_of;
    struct indicator_cell *strata;
    size_t stratum_count, stratum_cap;
    struct text_map mix_of;
    struct indicator_cell *mix;
    size_t mix_count, mix_cap;
    struct indicator_answer answer;
    struct str currency; /* of amounts; p NULL: there are none */
    bool mixed;          /* of several: they have no sum */
    bool stepped;        /* figures in steps of five, nothing by strata */
    bool
        guarded; /* small numbers are not told, nor what they could be worked out from */
    bool kept;   /* then: nothing is told of the whole, and so of no stratum */
    bool withheld; /* then: strata are not named */
    bool paired;   /* strata are pairs: those that are not told are not named */
    bool *hidden;  /* then, a stratum each: it is not told */
    uint32_t *
        rank; /* of each stratum, its place in the order of their names (indicator_guard.c) */
    size_t
        left_out; /* facts of records that the caller may not read, where these are left out */
};

/* Answer ${rest}, which its caller may ask. */
int indicator_answer(struct app_call *call, const struct rest *rest, struct err *err);

/* Take ${rest} for ${run}. E_INVALID; E_NOT_FOUND: no such indicator. */
int indicator_take(struct indicator_run *run, const struct rest *rest, struct err *err);

/* As known when ${value} says, a moment or "position:N"; E_INVALID. */
int indicator_take_known(
    struct indicator_known *known, struct str value, struct err *err);

/* Ask ${run} about the years ${first} to ${last} of its definition, in place of what it asked. */
int indicator_take_years(
    struct indicator_run *run, struct str first, struct str last, struct err *err);

/* ${cell}, as its definition wants it: another record, a text, or nothing (both empty). */
int indicator_resolve(struct indicator_run *run, enum indicator_as as,
    const struct indicator_cell *cell, struct indicator_cell *ret, struct err *err);

/* What ${as} makes of the places of which ${word} ("unknown": none) is the stratum that is asked about, among those that ${run}
 * came to know; ${*ret_several}: not the same of all of them. */
int indicator_resolve_word(struct indicator_run *run, struct str word,
    enum indicator_as as, struct indicator_cell *ret, bool *ret_several,
    struct err *err);

/* What ${run} holds of the network to know places goes. */
void indicator_places_done(struct indicator_run *run);

/* "Type/ID" of ${rid}, in the call's arena. */
int indicator_reference(
    struct indicator_run *run, store_rid rid, struct str *ret, struct err *err);

/* May the caller be told of the period that is asked about? E_FORBIDDEN; decides run->stepped. */
int indicator_disclose(struct indicator_run *run, struct err *err);

/* Find run->position, once for all figures of an answer: the last of the log that was written by then, since its clock only grows.
 * The store's errors. */
int indicator_find_position(struct indicator_run *run, struct err *err);

/* Take the facts that are kept of what is asked, of whatever period; false: there are none. They go with the next question's, or
 * with indicator_recall_done(). */
bool indicator_recall(struct indicator_run *run);
void indicator_recall_done(struct indicator_run *run);

/* Are the facts of what is asked worth keeping, so that those of all times are to be gathered? */
bool indicator_keeps(const struct indicator_run *run);

/* Keep those that ${run} gathered of all times; or let go of what it gathered. */
void indicator_keep(struct indicator_run *run);
void indicator_forget(struct indicator_run *run);

/* The facts follow from ${record} too, and from whatever is of its type. */
void indicator_note_type(struct indicator_run *run, store_rid record);

/* A name of strata, and which it is of. */
struct indicator_name {
    struct str text;
    store_rid rid;
    uint32_t at;
};

static inline struct str indicator_cell_text(const struct indicator_cell *cell)
{
    return cell->text.p ? cell->text : STR("");
}

/* Number ${names} in their order, those that are alike once, to ${ret} by their at; how many numbers. ${names} are sorted. */
size_t indicator_number_names(
    struct indicator_name *names, size_t count, uint32_t *ret);

/* What is known of places, posts, maps and as of when, which outlasts a question, goes from one run to another of the same call and
 * snapshot: nobody finds it twice, and it is released once, from the run that has it last. */
void indicator_lend(const struct indicator_run *from, struct indicator_run *to);

/* Find the facts of the period that is asked about, ... */
int indicator_gather(struct indicator_run *run, struct err *err);

/* ... and compute the figure of it, or of a period within it that is asked about now. */
int indicator_settle(struct indicator_run *run, struct err *err);

/* All three. */
int indicator_figure(struct indicator_run *run, struct err *err);

/* The same of a ratio, of each of its figures; its rows are those of the part that is asked for. */
int indicator_ratio_disclose(struct indicator_run *run, struct err *err);
int indicator_ratio_gather(struct indicator_run *run, struct err *err);
int indicator_ratio_settle(struct indicator_run *run, struct err *err);
int indicator_ratio_rows(struct indicator_run *run, struct err *err);
int indicator_put_ratio(struct indicator_run *run, struct json_out *o, uint32_t stratum,
    struct str currency, struct err *err);

/* The figure that is the numerator of the ratio ${run}, once that is settled; ${ret_met}: what is in the numerator of it, which is a
 * proportion, and not all that it is of. It takes and leaves what it looks up with indicator_lend (indicator_ratio.c). */
struct indicator_run *indicator_ratio_numerator(
    const struct indicator_run *run, bool *ret_met);

/* What ${run} kept of a ratio goes. */
void indicator_ratio_done(struct indicator_run *run);

/* When it is known of which ${run} tells, with its position: now, or earlier as it was asked. */
int indicator_known_moment(struct indicator_run *run, utc_ms *ret, struct err *err);

/* Call ${take} with each fact of a figure of the capability map, as indicator_each() does: each illness at each hospital, at the end of
 * each year in the period and of the period itself. Where nothing but how many there are is asked about, as a whole or by hospital, the
 * facts of ${run} are made at once and nothing is called. The store's errors. */
int indicator_map_each(struct indicator_run *run,
    int (*take)(void *arg, const struct indicator_row *row, struct err *err), void *arg,
    struct err *err);

/* What ${run} kept of the map for all of its figures goes. */
void indicator_maps_done(struct indicator_run *run);

/* Of facts that a hospital and its departments say, those of the departments go where the hospital says it of itself;
 * where departments are told apart, they stand beside (struct indicator_fact). */
int indicator_whole_first(struct indicator_run *run, struct err *err);

/* Does ${row} count, of a definition whose facts tell parts of others (indicator_part.c)? ${*ret_beside}: in its stratum
 * alone. */
bool indicator_part_counts(
    const struct indicator_run *run, const struct indicator_row *row, bool *ret_beside);

/* Is the whole asked about, told apart by its parts? */
bool indicator_is_divided(const struct indicator_run *run);

/* Of a figure that is, when it is computed: is there a thing of which somebody said the whole and no part? E_NOMEM. */
int indicator_part_missing(struct indicator_run *run, bool *ret, struct err *err);

/* May the caller be told of ${record}, which is behind the figure; and by which reference ("Type/ID", in the call's arena): its
 * own, or that of the post whose handover it is (indicator_read.c). */
int indicator_may_read(
    struct indicator_run *run, store_rid record, bool *ret, struct err *err);
int indicator_record(
    struct indicator_run *run, store_rid record, struct str *ret, struct err *err);

/* Write the answer. */
int indicator_write_report(struct indicator_run *run, struct err *err);
int indicator_write_rows(struct indicator_run *run, struct err *err);
void indicator_write_all(struct indicator_run *run);
int indicator_write_years(
    struct indicator_run *run, const struct rest *rest, struct err *err);

/* Parts of an answer: the first members of a report; what codes ${code}; population and score of
 * ${stratum}, or INDICATOR_NO_STRATUM: of all; the list of strata, opened where it is not yet
 * ${*open}; one of them for each stratum that there is something of. */
void indicator_put_head(struct indicator_run *run, struct json_out *o);
void indicator_put_concept(struct json_out *o, const char *system, struct str code);
int indicator_put_figure(
    struct indicator_run *run, struct json_out *o, uint32_t stratum, struct err *err);
void indicator_open_strata(struct json_out *o, bool *open);
int indicator_put_stratifier(
    struct indicator_run *run, struct json_out *o, bool *open, struct err *err);

static inline bool indicator_is_ratio(const struct indicator_run *run)
{
    return run->ask.define->scoring == INDICATOR_RATIO;
}

/* Is the figure one of amounts, in ten-thousandths, and none of a count? */
static inline bool indicator_is_amount(const struct indicator_run *run)
{
    return run->ask.define->count == INDICATOR_SUM ||
           run->ask.define->count == INDICATOR_MEAN;
}

/* ${figure} as the caller is told it; ${*masked}: it is 1 to 4 and is not told. */
int64_t indicator_told(const struct indicator_run *run, int64_t figure, bool *masked);

#define INDICATOR_LEVELS 5 /* axes that contain another */

/* An axis that contains the one that is asked about, or that itself. */
struct indicator_level {
    size_t strata;
    uint32_t *of;     /* of each stratum of the run, that of the level */
    uint32_t *within; /* of each stratum, that of the level before; not of the first */
    bool *hidden;     /* of each stratum, in any year */
};

struct indicator_levels {
    struct indicator_level list[INDICATOR_LEVELS + 1]; /* the largest first */
    size_t count; /* 0: no axis contains the one that is asked about */
    bool apart;   /* a stratum lies within several: nothing can be kept within it */
    struct indicator_fact *facts; /* those of the run, with the strata of one level */
};

/* The levels of the axis that is asked about (indicator_levels.c). */
int indicator_levels(
    struct indicator_run *run, struct indicator_levels *ret, struct err *err);

/* Of a guarded figure: decide what is kept (indicator_guard.c); is ${stratum}, or the whole; is ${stratum} named
 * in an answer: something is of it, and that may be known; and is it of one year, so that nothing longer can be subtracted? */
int indicator_guard(struct indicator_run *run, struct err *err);
bool indicator_is_kept(const struct indicator_run *run, uint32_t stratum);
bool indicator_is_named(const struct indicator_run *run, uint32_t stratum);
bool indicator_is_one_year(const struct indicator_run *run);

/* The year of the definition that begins at ${from}. */
struct span indicator_year_at(utc_ms from);

/* Are ${part} of ${all} told to the caller? Not where few are the part, the rest or all of them. */
bool indicator_is_told(const struct indicator_run *run, int64_t part, int64_t all);

/* How many things a figure of ${figure} in ${stratum} is of: of amounts and days, which are no counts, those behind
 * it. E_NOMEM. */
int indicator_population(struct indicator_run *run, int64_t figure, uint32_t stratum,
    int64_t *ret, struct err *err);

/* Append code and count of a population, or that it is masked; ${list}: a reference to the list of what is
 * counted, or NULL (indicator_write.c). */
void indicator_put_counted(struct json_out *o, const char *code, int64_t figure,
    bool masked, const char *list);

/* Append a population with these alone (indicator_write.c). */
void indicator_put_population(struct json_out *o, const char *code, int64_t figure,
    bool masked, const char *list);

/* Append contained, with a list of what is counted, and of a proportion one of what is in its numerator, of a ratio that of its
 * numerator alone: by their ids (indicator_subjects.c). E_NOMEM, or the store's errors. */
#define INDICATOR_COUNTED "counted"
#define INDICATOR_MET "numerator"
int indicator_put_subjects(
    struct indicator_run *run, struct json_out *o, struct err *err);

/* Append population and measureScore of ${stratum}, or of the whole (indicator_measured.c). */
void indicator_put_measured(const struct indicator_run *run, struct json_out *o,
    uint32_t stratum, bool counted);

/* $effect and $funnel. */
int indicator_effect(
    struct indicator_run *run, const struct rest *rest, struct err *err);
int indicator_funnel(
    struct indicator_run *run, const struct rest *rest, struct err *err);
int indicator_growth(struct indicator_run *run, struct err *err);

/* Fill what is expected of each hospital of ${run}, by its number, for its mix. E_NOMEM. */
int indicator_expect(
    struct indicator_run *run, struct funnel_hospital *of, struct err *err);

/* Parts of a funnel: it is opened; what all have, as ${name}, and how they scatter, or ${why} there are no limits; of a row its limits,
 * and where it lies; and its ${hospital}. */
void indicator_open_funnel(const struct indicator_run *run, struct json_out *o);
void indicator_put_middle(struct json_out *o, const struct err *why, const char *name,
    double middle, double dispersion);
void indicator_put_limits(struct json_out *o, const struct interval *limits,
    const struct interval *wide, enum funnel_where where);
int indicator_put_hospital(
    struct indicator_run *run, struct json_out *o, store_rid hospital, struct err *err);

/* Hospitals beside each other, in the order of their records, and how many are left out. */
struct indicator_hospital {
    struct funnel_hospital of;
    store_rid rid;
};
struct indicator_hospitals {
    struct indicator_hospital *list;
    size_t count, left_out;
};

/* Those that are kept of the question of ${run}, once indicator_disclose() has let it pass, in the call's arena; false: there are none,
 * or no memory. */
bool indicator_told_get(struct indicator_run *run, struct indicator_hospitals *ret);

/* Keep those that were found in the records, where they hang on nothing but these and the question. */
void indicator_told_put(
    struct indicator_run *run, const struct indicator_hospitals *told);

#endif
