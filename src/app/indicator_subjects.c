/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is counted, as a List in the report: of things that are records each once, of all else the record that tells of it,
 * as far as the caller may read them. A proportion has a second one, of what is in its numerator; a ratio has that of its numerator alone. An empty list
 * says why: there is nothing, or what there is may not be read. Whether a list is whole is not said: of small numbers it
 * would tell them.
 */
#include "app/indicator_internal.h"

#define EMPTY_SYSTEM "http://terminology.hl7.org/CodeSystem/list-empty-reason"

/* A list on its way. */
struct listing {
    struct indicator_run *run;
    struct json_out *o;
    bool *seen;               /* a thing each */
    struct number_map record; /* those that were seen, where each fact counts */
    uint32_t entries;
};

/* Each fact counts by itself, and so its record is what is counted. */
static bool counts_records(const struct indicator_define *d)
{
    return d->count == INDICATOR_EVERY || d->thing_count > 1;
}

/* Was what the fact ${at} counts listed? It is from now on. */
static int was_listed(struct listing *l, size_t at, bool *ret, struct err *err)
{
    struct indicator_run *run = l->run;
    bool *seen = &l->seen[run->facts[at].thing];
    uint32_t found = 0;

    if (run->ask.define->count != INDICATOR_EVERY) {
        *ret = *seen;
        *seen = true;
        return 0;
    }
    if (!number_map_take(
            run->of_answer, &l->record, (uint64_t)run->records[at], l->entries, &found))
        return err_nomem(err);
    *ret = found != l->entries;
    return 0;
}

/* The fact ${at}, by what is counted where that is one record, else by the record that tells of it. */
static int put_entry(struct listing *l, size_t at, struct err *err)
{
    const struct indicator_define *d = l->run->ask.define;
    const struct indicator_cell *thing = &l->run->things[l->run->facts[at].thing];
    bool is_thing = thing->rid && !counts_records(d);
    struct str reference = {NULL, 0};
    int r = is_thing ? indicator_reference(l->run, thing->rid, &reference, err)
                     : indicator_record(l->run, l->run->records[at], &reference, err);

    if (r < 0)
        return r;
    if (l->entries++ == 0) {
        json_name(l->o, "entry");
        json_open(l->o, '[');
    }
    json_open(l->o, '{');
    json_name(l->o, "item");
    json_open(l->o, '{');
    json_member(l->o, "reference", reference);
    if (!is_thing && !counts_records(d) && !d->by_id)
        json_member(l->o, "display", thing->text);
    json_close(l->o, '}');
    json_close(l->o, '}');
    return 0;
}

static int put_entries(struct listing *l, bool numerator, struct err *err)
{
    struct indicator_run *run = l->run;
    int r = 0;

    for (size_t i = 0; r == 0 && i < run->count; i++) {
        bool may = false, listed = false;

        if (!run->answer.behind[i] || (numerator && !run->facts[i].met))
            continue;
        r = indicator_may_read(run, run->records[i], &may, err);
        if (r == 0 && may)
            r = was_listed(l, i, &listed, err);
        if (r == 0 && may && !listed)
            r = put_entry(l, i, err);
    }
    if (l->entries > 0)
        json_close(l->o, ']');
    return r;
}

/* Is it told that there is none of it? */
static bool is_none(const struct indicator_run *run, bool numerator)
{
    return !indicator_is_kept(run, INDICATOR_NO_STRATUM) && run->left_out == 0 &&
           (numerator ? run->answer.measured[run->stratum_count].met
                      : run->answer.figure) == 0;
}

static int put_list(struct indicator_run *run, struct json_out *o, const char *id,
    bool numerator, struct err *err)
{
    struct listing l = {.run = run,
        .o = o,
        .seen = arena_array(run->of_answer, run->thing_count + 1, sizeof(*l.seen))};
    int r = l.seen ? 0 : err_nomem(err);

    json_open(o, '{');
    json_name(o, "resourceType");
    json_put_str(o, "List");
    json_name(o, "id");
    json_put_str(o, id);
    json_name(o, "status");
    json_put_str(o, "current");
    json_name(o, "mode");
    json_put_str(o, "snapshot");
    if (r == 0)
        r = put_entries(&l, numerator, err);
    if (r == 0 && l.entries == 0) {
        json_name(o, "emptyReason");
        indicator_put_concept(
            o, EMPTY_SYSTEM, str_of(is_none(run, numerator) ? "nilknown" : "withheld"));
    }
    json_close(o, '}');
    return r;
}

/* A ratio counts nothing itself: what its numerator counts, as that would list it. */
static int put_numerator(struct indicator_run *run, struct json_out *o, struct err *err)
{
    bool met = false;
    struct indicator_run *of = indicator_ratio_numerator(run, &met);
    int r = 0;

    indicator_lend(run, of);
    r = put_list(of, o, INDICATOR_MET, met, err);
    indicator_lend(of, run);
    return r;
}

int indicator_put_subjects(
    struct indicator_run *run, struct json_out *o, struct err *err)
{
    bool ratio = indicator_is_ratio(run);
    int r = 0;

    json_name(o, "contained");
    json_open(o, '[');
    r = ratio ? put_numerator(run, o, err)
              : put_list(run, o, INDICATOR_COUNTED, false, err);
    if (r == 0 && run->ask.define->scoring == INDICATOR_PROPORTION)
        r = put_list(run, o, INDICATOR_MET, true, err);
    json_close(o, ']');
    return r;
}
