/* SPDX-License-Identifier: Apache-2.0 */
/* Who can sign in to look at the ten years: found by asking the node, since they were made long before. */
#include "base/limits.h"
#include "base/time.h"

#include "app/decade_internal.h"
#include "json/json.h"

/* The first of the seven hospitals that the provinces pay for. */
#define HOSPITAL "Organization/d-h2"
#define AT "location=Location/d-h2&role="

/* Who sees most first. */
static const struct {
    const char *role, *organization, *posts;
} wanted[APP_DECADE_PEOPLE] = {
    {"coordinator", "", "_id=" DECADE_OFFICE},
    {"director", HOSPITAL, AT "director"},
    {"quality-officer", HOSPITAL, AT "quality-officer"},
    {"head-of-department", HOSPITAL, AT "head-of-department"},
    {"expert", HOSPITAL, AT "expert"},
    {"clinician", HOSPITAL, AT "clinician"},
    {"nurse", HOSPITAL, AT "nurse"},
};

/* The first of ${posts} that hold at ${now} with whose they are, as a searchset. */
static int ask(struct app *app, struct arena *a, const char *posts, utc_ms now,
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
        "%s&active=true&date=ge%.10s&_sort=_id&_count=20"
        "&_include=PractitionerRole:practitioner",
        posts, today);
    if (!query)
        return err_nomem(err);
    call.query = str_of(query);
    app_run(&call);
    if (call.status == 200)
        r = json_read(a, (struct str){call.answer.data, call.answer.len},
            LIMIT_RESPONSE_BYTES, ret, err);
    else
        r = err_set(err, E_BUG, posts, "The posts of the decade cannot be read.");
    app_call_done(&call);
    return r;
}

/* The name of ${practitioner}, who is in ${entries}. */
static struct str name_of(const struct json *entries, struct str practitioner)
{
    struct str id = practitioner;

    str_cut(&id, '/');
    for (size_t i = json_count(entries); i-- > 0;) {
        const struct json *record = json_get(json_at(entries, i), "resource");

        if (str_is(json_get_text(record, "resourceType"), "Practitioner") &&
            str_eq(json_get_text(record, "id"), id))
            return json_get_text(json_at(json_get(record, "name"), 0), "text");
    }
    return (struct str){NULL, 0};
}

/* People have one account each, by their name. */
static bool is_there(const struct app_demo_person *list, size_t count, struct str name)
{
    for (size_t i = 0; i < count; i++) {
        if (str_is(name, list[i].name))
            return true;
    }
    return false;
}

/* The first of the posts in ${bundle} whose person is not in ${list} yet, behind its ${count}; false: none. */
static bool add_one(
    const struct json *bundle, size_t which, struct app_demo_person *list, size_t count)
{
    const struct json *entries = json_get(bundle, "entry");

    for (size_t i = 0; i < json_count(entries); i++) {
        const struct json *post = json_get(json_at(entries, i), "resource");
        struct str who = json_get_text(json_get(post, "practitioner"), "reference");
        struct str name = who.p ? name_of(entries, who) : who;

        if (!name.p || is_there(list, count, name))
            continue;
        list[count] = (struct app_demo_person){.name = name.p,
            .role = wanted[which].role,
            .practitioner = who.p,
            .small = true,
            .organization = wanted[which].organization};
        return true;
    }
    return false;
}

int app_decade_people(struct app *app, struct arena *a,
    struct app_demo_person ret[APP_DECADE_PEOPLE], size_t *count, struct err *err)
{
    utc_ms now = time_now();

    *count = 0;
    for (size_t i = 0; i < APP_DECADE_PEOPLE; i++) {
        const struct json *bundle = NULL;
        int r = ask(app, a, wanted[i].posts, now, &bundle, err);

        if (r < 0)
            return r;
        *count += add_one(bundle, i, ret, *count);
    }
    return 0;
}
