/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Enrolment/ID/$supervise: who looks after the person from now on. By who does so now, or the
 * head of either department: it is them who know who has time; not by the person, whose result
 * the supervisor says.
 *
 * Enrolment/ID/$seen: the person has seen that the course was moved or cancelled.
 */
#include "app/learn_internal.h"

struct keeping {
    struct learn learn;
    const struct json *before;
    unsigned ties;
    bool seen; /* $seen; else $supervise */
    struct learn_names supervisors;
};

/* ---- whether ---- */

bool learn_names_supervisors(unsigned ties, enum learn_status status)
{
    return (ties & (LEARN_SUPERVISOR | LEARN_HEAD | LEARN_GUIDE)) != 0 &&
           !(ties & LEARN_SELF) && status != LEARN_LEFT && status != LEARN_REFUSED;
}

static int take_supervisors(struct keeping *k, const struct json *body, struct err *err)
{
    struct str person = json_get_text(json_get(k->before, "person"), "reference");
    enum learn_status status = learn_status_of(k->before);
    int r = 0;

    if (!learn_names_supervisors(k->ties, LEARN_PLANNED))
        return err_set(err, E_FORBIDDEN, NULL,
            "Who looks after somebody is named by who does so now or the head of a "
            "department, and by nobody for themselves.");
    if (!learn_names_supervisors(k->ties, status))
        return err_set(err, E_CONFLICT, NULL,
            "This enrolment is %s: nobody is to be looked after.",
            learn_status_code(status));
    r = learn_names(&k->learn, body, (struct learn_of){"supervisor", "Practitioner"},
        &k->supervisors, err);
    if (r == 0 && k->supervisors.count == 0)
        r = err_set(err, E_INVALID, "supervisor",
            "Say who looks after the person: at least one supervisor, a reference to a "
            "Practitioner.");
    if (r == 0 && learn_has_name(&k->supervisors, person))
        r = err_set(err, E_INVALID, "supervisor", "Nobody is their own supervisor.");
    return r;
}

static int check_seen(const struct keeping *k, struct err *err)
{
    if (k->ties & LEARN_SELF)
        return 0;
    return err_set(err, E_FORBIDDEN, NULL,
        "What was changed is seen by the person who takes part, and by nobody for "
        "them.");
}

/* ---- the way ---- */

static void put_kept(struct buf *b, const struct keeping *k)
{
    const char *const but[] = {k->seen ? "seen" : "supervisor", NULL};
    struct json_out o = json_out(b);

    json_open(&o, '{');
    fhir_put_but(&o, k->before, but);
    if (k->seen)
        fhir_put_time(&o, "seen", k->learn.now);
    else
        fhir_put_references(
            &o, "supervisor", k->supervisors.list, k->supervisors.count);
    json_close(&o, '}');
}

static int decide(
    struct app_call *call, const struct rest *rest, struct writing *w, struct err *err)
{
    struct keeping k = {.seen = strcmp(rest->word, "$seen") == 0};
    struct procedure_found found = {.json = NULL};
    const struct json *body = w->resource;
    struct buf b;
    int r = learn_begin(&k.learn, call, err);

    buf_init(&b, LIMIT_RECORD_BYTES);
    if (r == 0)
        r = learn_load(&k.learn, rest->type, rest->id, &found, err);
    if (r == 0) {
        k.before = found.json;
        k.ties = learn_ties(&k.learn, k.before);
        record_expect(&w->write, &found.rec);
        r = k.seen ? check_seen(&k, err) : take_supervisors(&k, body, err);
    }
    if (r == 0) {
        put_kept(&b, &k);
        r = procedure_take(call, w, &b, false, err);
    }
    learn_end(&k.learn);
    buf_done(&b);
    w->resource = body; /* again, after a lost race */
    return r < 0 ? r : WRITING_READY;
}

int learn_keep(struct app_call *call, const struct rest *rest, struct err *err)
{
    return procedure_change(call, rest, decide, err);
}
