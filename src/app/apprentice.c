/* SPDX-License-Identifier: Apache-2.0 */
/* An apprenticeship as it stands: who may speak for whom in it, and what was said. */
#include "app/apprentice_internal.h"
#include "app/person.h"

static const struct {
    enum apprentice_voice voice;
    const char *role;
} roles[] = {
    {VOICE_APPRENTICE, "apprentice"},
    {VOICE_MASTER, "master"},
    {VOICE_LEARNING, "learning-department"},
    {VOICE_TEACHING, "teaching-department"},
};

#define ROLES (sizeof(roles) / sizeof(roles[0]))

struct str apprentice_reference(
    const struct apprenticing *a, const char *type, struct str id)
{
    return str_of(
        arena_printf(a->call->arena, "%s/%.*s", type, (int)id.len, id.p ? id.p : ""));
}

/* ---- voices ---- */

/* Is one of ${posts} that of the head of ${unit}, an id? */
static bool heads(const struct app_post *posts, size_t count, struct str unit)
{
    for (size_t i = 0; unit.p && i < count; i++) {
        struct str at =
            posts[i].department.p ? posts[i].department : posts[i].organization;

        str_cut(&at, '/');
        if (str_is(posts[i].role, "head-of-department") && at.p && str_eq(at, unit))
            return true;
    }
    return false;
}

static int find_leads(struct apprenticing *a, struct err *err)
{
    struct str person = apprentice_reference(a, "Practitioner", a->apprentice);
    struct person_posts posts = {NULL, 0};
    int r = person.p ? person_posts_in(&(struct person_ask){a->call->app->persons,
                                           a->snapshot, a->call->arena, a->now},
                           person, &posts, err)
                     : err_nomem(err);

    if (r == 0)
        a->leads = heads(posts.list, posts.count, a->learning);
    return r;
}

int apprentice_voices(struct apprenticing *a, struct err *err)
{
    const struct app_caller *caller = &a->call->caller;
    struct str me = caller->practitioner;
    int r = find_leads(a, err);

    str_cut(&me, '/');
    a->mine = 0;
    if (r < 0)
        return r;
    if (str_eq(me, a->apprentice)) {
        a->mine = VOICE_APPRENTICE; /* and none for a department beside it */
        return 0;
    }
    if (str_eq(me, a->master))
        a->mine |= VOICE_MASTER;
    if (heads(caller->posts, caller->post_count, a->learning))
        a->mine |= VOICE_LEARNING;
    if (heads(caller->posts, caller->post_count, a->teaching))
        a->mine |= VOICE_TEACHING;
    return 0;
}

bool apprentice_suffices(const struct apprenticing *a, unsigned voices)
{
    unsigned both = VOICE_APPRENTICE | VOICE_MASTER;
    unsigned heads = VOICE_LEARNING | (a->leads ? VOICE_TEACHING : 0u);

    return (voices & both) == both && (voices & heads) != 0;
}

unsigned apprentice_agreed(const struct apprenticing *a, struct str until)
{
    struct json_each it = json_each(json_get(a->before, "agreement"));
    unsigned voices = 0;

    while (json_next(&it)) {
        struct str to = json_get_text(it.value, "until");
        bool same = until.p ? to.p && str_eq(to, until) : !to.p;

        for (size_t i = 0; same && i < ROLES; i++) {
            if (str_is(json_get_text(it.value, "role"), roles[i].role))
                voices |= roles[i].voice;
        }
    }
    return voices;
}

void apprentice_put_agreements(
    struct json_out *o, const struct apprenticing *a, unsigned voices, struct str until)
{
    struct str me = a->call->caller.practitioner;

    for (size_t i = 0; i < ROLES; i++) {
        if (!(voices & roles[i].voice))
            continue;
        json_open(o, '{');
        fhir_put_reference_shown(
            o, "party", me, procedure_name(a->call, a->snapshot, me));
        json_member(o, "role", str_of(roles[i].role));
        fhir_put_time(o, "agreedOn", a->now);
        if (until.p)
            json_member(o, "until", until);
        json_close(o, '}');
    }
}

void apprentice_put_note(
    struct json_out *o, const struct apprenticing *a, struct str word)
{
    struct str me = a->call->caller.practitioner;

    json_open(o, '{');
    fhir_put_reference_shown(
        o, "authorReference", me, procedure_name(a->call, a->snapshot, me));
    fhir_put_time(o, "time", a->now);
    json_member(o, "text", word);
    json_close(o, '}');
}

/* ---- days ---- */

int apprentice_day(const struct json *body, const char *name, struct str *ret,
    utc_ms *ret_from, utc_ms *ret_until, struct err *err)
{
    const size_t day = sizeof("2026-01-01") - 1;
    const struct json *given = body_parameter(body, name);
    struct str text = json_get_text(given, "valueDate");

    *ret = (struct str){NULL, 0};
    if (!given)
        return 0;
    if (text.len != day || !fhir_date_range(text, ret_from, ret_until))
        return err_set(err, E_INVALID, name,
            "Say the day as a valueDate, such as 2026-09-30: the parameter %s.", name);
    *ret = text;
    return 0;
}

bool apprentice_over(const struct apprenticing *a)
{
    utc_ms from = 0;
    utc_ms until = 0;

    return a->end.p && fhir_date_range(a->end, &from, &until) && until <= a->now;
}

bool apprentice_was_agreed(const struct json *record)
{
    struct str status = json_get_text(record, "status");

    return !str_is(status, "planned") && !str_is(status, "declined");
}

int rest_apprentice(struct app_call *call, const struct rest *rest, struct err *err)
{
    if (strcmp(rest->word, "$propose") == 0)
        return rest_apprentice_propose(call, rest, err);
    if (strcmp(rest->word, "$agree") == 0)
        return rest_apprentice_agree(call, rest, err);
    if (strcmp(rest->word, "$extend") == 0)
        return rest_apprentice_extend(call, rest, err);
    return rest_apprentice_stop(call, rest, err);
}
