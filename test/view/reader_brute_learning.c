/* SPDX-License-Identifier: Apache-2.0 */
/* The plain rules of learning: apprenticeships, courses, ratings, sign-offs. */
#include "reader_brute.h"

static const char *apprenticeship(struct judge *j, const struct json *record)
{
    if (brute_is_me(j, brute_first(brute_member(record, "apprentice"))))
        return "self";
    if (brute_is_me(j, brute_first(brute_member(record, "master"))))
        return "master";
    if (brute_heads(j, brute_first(brute_member(record, "learningDepartment"))) ||
        brute_heads(j, brute_first(brute_member(record, "teachingDepartment"))))
        return "head";
    return "no";
}

static const char *enrolment(struct judge *j, const struct json *record)
{
    struct names supervisors = brute_member(record, "supervisor");

    if (brute_is_me(j, brute_first(brute_member(record, "person"))))
        return "self";
    for (size_t i = 0; i < supervisors.count; i++) {
        if (brute_is_me(j, supervisors.list[i]))
            return "master";
    }
    if (brute_heads(j, brute_first(brute_member(record, "learningDepartment"))) ||
        brute_heads(j, brute_first(brute_member(record, "teachingDepartment"))))
        return "head";
    return "no";
}

/* By what this person follows the learning of ${apprentice}: what was only proposed ties
 * nobody. */
static const char *follows(struct judge *j, struct str apprentice)
{
    const char *word = "no";

    for (size_t i = 0; strcmp(word, "no") == 0 && i < j->w->count; i++) {
        const struct json *a = j->w->records[i];

        if (a && brute_type_is(a, "Apprenticeship") &&
            str_eq(brute_first(brute_member(a, "apprentice")), apprentice) &&
            !str_is(json_get_text(a, "status"), "planned") &&
            !str_is(json_get_text(a, "status"), "declined"))
            word = apprenticeship(j, a);
    }
    return j->who->post_count ? word : "no";
}

const char *brute_rating(
    struct judge *j, const struct json *record, struct str apprentice)
{
    struct names raters = brute_member(record, "performer");

    if (brute_is_me(j, apprentice))
        return "self";
    for (size_t i = 0; i < raters.count; i++) {
        if (brute_is_me(j, raters.list[i]))
            return "rater";
    }
    return follows(j, apprentice);
}

const char *world_judge_learner(
    struct world *w, const struct reader_who *who, struct str person)
{
    struct judge j = {w, who};

    return brute_is_me(&j, person) ? "self" : follows(&j, person);
}

static const char *sign_off(struct judge *j, const struct json *record)
{
    struct str person = brute_first(brute_member(record, "person"));
    struct str place = brute_first(brute_member(record, "organization"));

    if (brute_is_me(j, person))
        return "self";
    if (brute_heads(j, brute_first(brute_member(record, "department"))))
        return "head";
    if (brute_works_at(j, place, "quality-officer"))
        return "quality";
    if (brute_works_at(j, place, "director"))
        return "director";
    return follows(j, person);
}

const char *brute_learning(struct judge *j, const struct json *record)
{
    if (brute_type_is(record, "SignOff"))
        return sign_off(j, record);
    return brute_type_is(record, "Enrolment") ? enrolment(j, record)
                                              : apprenticeship(j, record);
}
