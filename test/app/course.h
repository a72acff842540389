/* SPDX-License-Identifier: Apache-2.0 */
/* A case as figures read it: who asks, of which kind, and what is known of its course. */
#ifndef TEST_COURSE_H
#define TEST_COURSE_H

#include "indicator.h"

#define PART(name, type, value) ",{'url':'" name "','value" type "':" value "}"

/* Task/${id} of ${from}, of ${kind}, with ${parts} (PART) of its course; ${more}: members beside, each with a comma behind it. */
static inline void put_course(const char *id, const char *from, const char *kind,
    const char *parts, const char *more)
{
    struct arena *a = arena_new();

    put(arena_printf(a, "Task/%s", id),
        arena_printf(a,
            "'status':'in-progress','intent':'order','priority':'routine',%s'code':{"
            "'coding':[{'system':'https://belay.health/CodeSystem/task','code':"
            "'answer-case'}]},'extension':[{'url':"
            "'https://belay.health/StructureDefinition/case-sides','extension':[{"
            "'url':'asking','valueReference':{'reference':'Organization/%s'}}]},{'url':"
            "'https://belay.health/StructureDefinition/case-milestones','extension':[{"
            "'url':'kind','valueCode':'%s'}%s]}]",
            more, from, kind, parts));
    arena_free(a);
}

#endif
