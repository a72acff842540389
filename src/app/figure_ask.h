/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A published figure beside what the events say for the same definition: which question of ours asks for the
 * same, what its answer is to this caller, and whether the figure's words allow it (docs/REPORTS.md).
 */
#ifndef APP_FIGURE_ASK_H
#define APP_FIGURE_ASK_H

#include "app/figure.h"

/* Of one indicator; its texts are those of whoever asked. */
struct figure_question {
    struct str indicator;
    struct str stratum; /* as in hospital|Organization/x; p NULL: all of the network */
    struct str from, until; /* days, months or years, both of it; from.p NULL: since the
                               beginning */
    struct str base_from,
        base_until;   /* until.p NULL: none; else growth in percent since then ... */
    int places;       /* ... with so many decimals */
    struct str known; /* as known then: an instant or position:N; p NULL: now */
    struct str apart; /* told apart by this stratum; p NULL: by none */
};

/* Why there is no figure, or none that can be laid beside another. */
enum figure_why {
    FIGURE_TOLD,
    FIGURE_NO_DEFINITION,  /* no indicator has this name */
    FIGURE_SCOPE_IN_WORDS, /* whose figure it is stands in words alone */
    FIGURE_OTHER_UNIT,     /* it counts something else than the indicator does */
    FIGURE_NOT_TOLD,       /* the caller may not be told */
    FIGURE_PARTLY_TOLD, /* a figure over what the caller may read, which is not all */
    FIGURE_STEPS,       /* it is told in steps, and some of what it may be matches */
    FIGURE_NOTHING,     /* there is nothing to compute it from */
    FIGURE_NOT_READ,    /* the published figure is written so that it cannot be read */
    FIGURE_CURRENCIES,  /* it is in several, which have no sum */
    FIGURE_NO_TIME, /* of which time it is was not published, and no year by itself says the same */
    FIGURE_NO_DIVISOR, /* what a ratio is divided by is nought or less */
    FIGURE_WHYS
};

/* What the node answered. */
struct figure_computed {
    enum figure_why why; /* FIGURE_TOLD or FIGURE_PARTLY_TOLD: there is a figure */
    struct str value;    /* as it is told, in decimals; p NULL: masked */
    double low, high;    /* what it may be */
    struct str unit;
    struct str sentence;       /* of a refusal */
    const struct json *report; /* the MeasureReport; NULL: refused */
};

/* Of what was published without a time nothing matches; but in some years, or in none, the figure is what its words
 * allow. */
enum figure_verdict {
    FIGURE_MATCHES,
    FIGURE_DIFFERS,
    FIGURE_FITS_YEARS,
    FIGURE_FITS_NO_YEAR,
    FIGURE_CANNOT
};

struct figure_judged {
    enum figure_verdict verdict;
    /* Of FIGURE_DIFFERS and FIGURE_FITS_NO_YEAR: how far from the nearest that would match. */
    double by;
    enum figure_why why; /* of FIGURE_CANNOT */
};

/* The question that ${row} is laid beside, into ${ret}. FIGURE_TOLD: there is one; else why not. Whether its
 * indicator is there, figure_ask() tells. E_NOMEM. */
int figure_question_of(struct arena *a, const struct figure_row *row,
    struct figure_question *ret, enum figure_why *ret_why, struct err *err);

/* May ${figure}, a PublishedFigure, be asked so? E_INVALID. */
int figure_asked_check(const struct json *figure, struct err *err);

/* Ask ${q} as ${call}'s caller, in what ${snapshot} shows; what cannot be answered is told in ${ret}, whose texts
 * are in ${call}'s arena. The store's errors. */
int figure_ask(struct app_call *call, struct store_reader *snapshot,
    const struct figure_question *q, struct figure_computed *ret, struct err *err);

/* What the node answered to one question, in the caller's arena. */
struct figure_answer {
    const struct json *json;
    int status; /* below 500 */
};

/* Ask ${path}?${query} as ${call}'s caller. The store's errors; ${path} NULL: E_NOMEM. */
int figure_call(struct app_call *call, struct store_reader *snapshot, const char *path,
    struct str query, struct figure_answer *ret, struct err *err);

/* What ${group} of ${report}, or a stratum in it, tells of ${indicator}. E_NOMEM. */
int figure_read_group(struct arena *a, struct str indicator, const struct json *report,
    const struct json *group, struct figure_computed *ret, struct err *err);

/* What the refusal ${answer} of ${q} says. */
void figure_read_refusal(const struct figure_question *q,
    const struct figure_answer *answer, struct figure_computed *ret);

/* Do the words of ${claim} allow ${computed}? Pure. */
struct figure_judged figure_judge(
    const struct claim *claim, const struct figure_computed *computed);

/* The count of the population ${code} of ${group}; p NULL: there is none, or it is not told. */
struct str figure_population(const struct json *group, const char *code);

/* Of what was published without a time: the years that were looked at. */
struct figure_years {
    int64_t first, last; /* 0: none was */
    struct str fit;      /* those that fit, as in "2017-2020, 2023"; p NULL: none */
};

/* A question, what came of it, and what is to be said. */
struct figure_told {
    struct figure_question question;
    struct figure_years years;
    struct figure_computed computed;
    struct figure_judged judged;
    struct str no_claim; /* why there is nothing to compare with, where there is none */
};

/* The last calendar year that is over for ${call}, in its arena. E_NOMEM. */
int figure_last_year(struct app_call *call, struct str *ret, struct err *err);

/*
 * Look in each year that is over for the figure of ${row}, which has no time, in one question; at most
 * LIMIT_INDICATOR_YEARS, from the first that has any. ${told}'s question becomes that of the last year that fits, or
 * of the nearest. Where nothing can be judged so, its verdict says why. The store's errors.
 */
int figure_tell_years(struct app_call *call, struct store_reader *snapshot,
    const struct figure_row *row, struct figure_told *told, struct err *err);

/* Lay ${row} beside what the events say for ${call}'s caller. What counts something else has a figure all the
 * same, but no verdict. The store's errors. */
int figure_tell(struct app_call *call, struct store_reader *snapshot,
    const struct figure_row *row, struct figure_told *ret, struct err *err);

/* Write ${told} as parts into the list that is open in ${o}. */
void figure_put(struct json_out *o, const struct figure_told *told);

/* Do two words for what is counted mean the same: "persons" and "person"? */
bool figure_same_unit(struct str said, struct str unit);

const char *figure_why_code(enum figure_why why);
/* The English words of such a code, or of one of data/report.json; "": it has none. */
const char *figure_why_text(struct str code);
const char *figure_verdict_code(enum figure_verdict verdict);

#endif
