/* SPDX-License-Identifier: Apache-2.0 */
/* What the plain rules look up in JSON: references, units, countries, consents. */
#ifndef TEST_VIEW_READER_BRUTE_H
#define TEST_VIEW_READER_BRUTE_H

#include "reader_world.h"

struct judge {
    struct world *w;
    const struct reader_who *who;
};

#define REFS 64
#define CLINICAL "clinician nurse technician therapist head-of-department"
#define CASES "clinician nurse therapist head-of-department expert"
#define PROGRAMME                                                                      \
    "clinician nurse technician therapist head-of-department expert apprentice "       \
    "director coordinator "                                                            \
    "international-desk quality-officer"

struct names {
    struct str list[REFS];
    size_t count;
};

struct names brute_all_of(const struct json *record);
struct names brute_member(const struct json *record, const char *name);
bool brute_names_has(const struct names *n, struct str name);
struct str brute_first(struct names n);
void brute_add_name(struct names *n, struct str text);
bool brute_type_is(const struct json *record, const char *type);
struct str brute_name_of(struct judge *j, const struct json *record);
enum reader_class brute_class_of_name(struct str name);
struct str brute_hospital(struct judge *j, struct str unit);
bool brute_role_in(struct str role, const char *list);
bool brute_works_at(struct judge *j, struct str place, const char *roles);
bool brute_is_unit_of(struct judge *j, const struct reader_post *post, struct str unit);
bool brute_is_me(struct judge *j, struct str name);
bool brute_heads(struct judge *j, struct str unit);
struct str brute_country(struct judge *j, struct str place);
bool brute_holds(const struct json *period);
bool brute_consented(
    struct judge *j, struct str patient, const struct reader_post *post);
struct str brute_local(struct str text);

/* By what they may read it; "no": by nothing (reader_brute_learning.c). */
const char *brute_learning(struct judge *j, const struct json *record);
const char *brute_rating(
    struct judge *j, const struct json *record, struct str apprentice);

#endif
