/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A case is moved by its operations alone: neither its Task nor what its request says of
 * where it stands, whom it is about and whom it was sent to is written in any other way. Else each rule of
 * the table (case_steps.c) could be gone round by a PUT. What is hidden was told as missing
 * before this is asked.
 */
#include <string.h>

#include "app/access_internal.h"
#include "app/app_internal.h"
#include "app/case_internal.h"

/* "$send, $accept ...": what people do with a case. */
static const char *operations(struct arena *a)
{
    const char *text = NULL;

    for (size_t i = 0; i < case_step_count; i++) {
        if (case_steps[i].who & CASE_NODE)
            continue;
        text = arena_printf(
            a, "%s%s$%s", text ? text : "", text ? ", " : "", case_steps[i].name);
        if (!text)
            break;
    }
    return text ? text : "such as $accept";
}

static bool is_task_of_case(const struct json *task)
{
    struct json_each it = json_each(json_get(json_get(task, "code"), "coding"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "code"), "answer-case"))
            return true;
    }
    return false;
}

static int check_task(struct access *a, const struct access_write *write,
    const struct access_before *before, struct err *err)
{
    if (!is_task_of_case(before->json) && !is_task_of_case(write->resource))
        return 0;
    return err_set(err, E_FORBIDDEN, NULL,
        "The Task of a case is written by the operations of its ServiceRequest alone: "
        "%s.",
        operations(a->arena));
}

/* Is there a Task that says where the request ${id} stands? */
static int has_case(struct access *a, struct str id, bool *ret, struct err *err)
{
    struct store_record rec = {0};
    const struct json *task = NULL;
    int r = store_get(
        a->snapshot, a->arena, fhir_resource_named(STR("Task"))->number, id, &rec, err);

    *ret = false;
    if (r == E_NOT_FOUND || (r == 0 && rec.body.len == 0))
        return 0;
    if (r == 0)
        r = json_read_trusted(a->arena, rec.body, &task, err);
    if (r == 0)
        *ret = is_task_of_case(task);
    return r;
}

static int check_request(struct access *a, const struct access_write *write,
    const struct access_before *before, struct err *err)
{
    static const char *const moved[] = {"status", "subject", "performer", "category"};
    const char *changed = before->json && write->resource ? NULL : "record";
    bool is_case = false;
    int r = 0;

    for (size_t i = 0; !changed && i < sizeof(moved) / sizeof(moved[0]); i++) {
        if (!access_same(before->json, write->resource, str_of(moved[i])))
            changed = moved[i];
    }
    if (!changed || !write->id.p) /* a new one is no case yet */
        return 0;
    r = has_case(a, write->id, &is_case, err);
    if (r < 0 || !is_case)
        return r;
    return err_set(err, E_FORBIDDEN, NULL,
        "The %s of a ServiceRequest that was sent as a case changes by its operations "
        "alone: %s.",
        changed, operations(a->arena));
}

int access_check_case(struct access *a, const struct access_write *write,
    const struct access_before *before, struct err *err)
{
    if (strcmp(write->type->name, "Task") == 0)
        return check_task(a, write, before, err);
    if (strcmp(write->type->name, "ServiceRequest") == 0)
        return check_request(a, write, before, err);
    return 0;
}
