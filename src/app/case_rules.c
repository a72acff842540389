/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What holds of a step whoever does it and wherever its records come from: where it leads, what
 * it does to the clock, and what must be said together.
 */
#include "app/case_internal.h"

/* Of a patient who died where they were sent nothing more is to be told. */
enum case_state case_leads_to(const struct case_doing *d)
{
    if (d->step->to == CASE_UNKNOWN)
        return d->state;
    if (d->step->does == CASE_DOES_RETURN &&
        str_is(case_given_text(d->step, &d->given, "patient"), "died"))
        return CASE_OUTCOME_KNOWN;
    return d->step->to;
}

void case_clock_run(struct case_doing *d)
{
    if (!d->step->clock || !d->clock.sent)
        return;
    d->step->clock(&d->clock, d->now);
    if (d->step->does == CASE_DOES_ESCALATE &&
        !case_ladder_rung(d->task, d->clock.level + 1).p)
        case_clock_last(&d->clock, d->now);
}

/* A case is closed with an outcome, or with the word that there is none. */
static int check_close(const struct case_doing *d, struct err *err)
{
    bool lost = case_given_true(d->step, &d->given, "lost-to-follow-up");

    if (d->step->does != CASE_DOES_CLOSE || lost == (d->state != CASE_OUTCOME_KNOWN))
        return 0;
    if (lost)
        return err_set(err, E_INVALID, "lost-to-follow-up",
            "The outcome of this case is known: close it without lost-to-follow-up.");
    return err_set(err, E_INVALID, "lost-to-follow-up",
        "Closing a case needs its outcome: record it by $outcome first, or close it "
        "with "
        "the parameter lost-to-follow-up (valueBoolean true).");
}

/* The note back home is part of the transfer: only of who died is there less to say. */
static int check_note(const struct case_doing *d, struct err *err)
{
    static const char *const parts[] = {"at-home", "medicines", "seen-again"};

    if (d->step->does != CASE_DOES_RETURN || d->to != CASE_BACK_HOME)
        return 0;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (!case_given_value(d->step, &d->given, parts[i]))
            return err_set(err, E_INVALID, parts[i],
                "The note back home says what was done, what to do at home, which "
                "medicines, and when and where to be seen again: the parameter %s is "
                "missing (valueString; \"none\" is a word too).",
                parts[i]);
    }
    return 0;
}

int case_given_check(const struct case_doing *d, struct err *err)
{
    int r = check_close(d, err);

    return r < 0 ? r : check_note(d, err);
}
