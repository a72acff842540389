/* SPDX-License-Identifier: Apache-2.0 */
/* Who can sign in to look at the ten years: found by asking the node, since they were made long before. */
#include "base/limits.h"
#include "base/time.h"

#include "app/decade.h"
#include "json/json.h"

/* The first hospital that is helped, in data/places.csv's town of Lhasa. */
#define HOSPITAL "Organization/d-h1"
#define PLACE "Location/d-h1"

/* Who sees most first. */
static const char *const roles[APP_DECADE_PEOPLE] = {"coordinator", "director",
    "quality-officer", "head-of-department", "clinician", "nurse"};

/* A post of ${role} that holds at ${now} with whose it is, as a searchset. */
static int ask(struct app *app, struct arena *a, const char *role, utc_ms now,
    const struct json **ret, struct err *err)
{
    char today[TIME_ISO_MAX];
    const char *query = NULL;
    struct app_call call = {.app = app,
        .arena = a,
        .caller = {.name = STR("demonstration"), .role = STR("program")},
        .method = APP_GET,
        .path = STR("PractitionerRole")};
    int r = 0;

    time_iso(now, today);
    query = arena_printf(a,
        "location=" PLACE "&role=%s&active=true&date=ge%.10s&_sort=_id&_count=1"
        "&_include=PractitionerRole:practitioner",
        role, today);
    if (!query)
        return err_nomem(err);
    call.query = str_of(query);
    app_run(&call);
    if (call.status == 200)
        r = json_read(a, (struct str){call.answer.data, call.answer.len},
            LIMIT_RESPONSE_BYTES, ret, err);
    else
        r = err_set(err, E_BUG, role, "The posts of the decade cannot be read.");
    app_call_done(&call);
    return r;
}

/* Whose post it is into ${ret}, with the texts of ${bundle}; false: nobody holds one. */
static bool person_of(const struct json *bundle, struct app_demo_person *ret)
{
    const struct json *entries = json_get(bundle, "entry");
    const struct json *post = json_get(json_at(entries, 0), "resource");
    const struct json *person = json_get(json_at(entries, 1), "resource");
    struct str practitioner =
        json_get_text(json_get(post, "practitioner"), "reference");
    struct str name = json_get_text(json_at(json_get(person, "name"), 0), "text");

    if (!practitioner.p || !name.p)
        return false;
    ret->practitioner = practitioner.p;
    ret->name = name.p;
    return true;
}

int app_decade_people(struct app *app, struct arena *a,
    struct app_demo_person ret[APP_DECADE_PEOPLE], size_t *count, struct err *err)
{
    utc_ms now = time_now();

    *count = 0;
    for (size_t i = 0; i < APP_DECADE_PEOPLE; i++) {
        struct app_demo_person person = {.role = roles[i], .organization = HOSPITAL};
        const struct json *bundle = NULL;
        int r = ask(app, a, roles[i], now, &bundle, err);

        if (r < 0)
            return r;
        if (person_of(bundle, &person))
            ret[(*count)++] = person;
    }
    return 0;
}
