/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the public is told of frozen reports (docs/REPORTS.md): acts, a Publication each, that nobody changes.
 *
 *   POST Report/ID/$publish     its figures are approved, perhaps in the place of another report
 *   POST Report/ID/$withdraw    they are public no more
 *   GET  Report/$public         what is public, and all acts; asked by anybody
 *
 *   publication.c         the acts, and which are in force
 *   publication_figure.c  which figures of a report everybody may be told
 *   publication_overlap.c which not, since a small number would follow from several times
 *   publication_write.c   $publish and $withdraw
 *   publication_tell.c    $public
 */
#ifndef APP_PUBLICATION_H
#define APP_PUBLICATION_H

#include "app/report.h"

#define PUBLICATIONS                                                                   \
    ((size_t)1000) /* acts of a node after which nothing more is published; what is can be withdrawn */

/* An act as it is kept, in the arena of the seek. */
struct publication {
    const struct json *json;
    struct str id, act, report, replaces;
};

struct publications {
    struct publication *list; /* in the order in which they were done */
    size_t count;
};

/* All acts. E_TOO_LARGE: there are more than twice PUBLICATIONS (each that published may be withdrawn); the store's errors. */
int publications_load(
    const struct seek *seek, struct publications *ret, struct err *err);

/* The act by which ${report} is public now; NULL: it is not. Of the acts before ${before} alone. */
const struct publication *publication_in_force(
    const struct publications *all, struct str report, size_t before);

/* The figure of ${act} that answers the same question as ${figure}; NULL: none. */
const struct json *publication_same(
    const struct publication *act, const struct json *figure);

/* May everybody be told the figure of ${section} of ${document}? NULL: yes; else why not, as a code. */
const char *publication_withheld(
    const struct json *document, const struct json *section);

/* Do both, as Publication.figure, answer the same question? */
bool publication_is_same(const struct json *one, const struct json *other);

/* ... and with the same? */
bool publication_says_same(const struct json *one, const struct json *other);

/* The same of each section of ${document}, in their order, into ${*ret}, in ${a}: also because a small number would follow from it and
 * what is public by ${all}. E_NOMEM. */
int publication_decide(struct arena *a, const struct publications *all,
    const struct json *document, const char ***ret, struct err *err);

/* Append the figures of ${document} of which ${whys} says NULL, a section each, as Publication.figure, to the list that
 * is open in ${o}. */
void publication_put_figures(
    struct json_out *o, const struct json *document, const char *const *whys);

/* rest_report() asks these. */
int publication_write(struct app_call *call, const struct rest *rest, struct err *err);
int publication_tell(struct app_call *call, const struct rest *rest, struct err *err);

#endif
