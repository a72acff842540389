/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Errors as clients see them: an HTTP status and an OperationOutcome with a sentence for
 * each problem. What failed inside the machine is told to the log here, once; the
 * client learns only that it failed.
 */
#include <stdio.h>

#include "base/log.h"

#include "app/app_internal.h"
#include "app/audit.h"

/* The HTTP status of an error code. */
static int status_of(int code)
{
    switch (code) {
    case E_OK:
        return 200;
    case E_INVALID:
    case E_USAGE:
    case E_UNSUPPORTED: /* a parameter of a search; for the rest see struct rest */
        return 400;
    case E_NOT_FOUND:
        return 404;
    case E_GONE:
        return 410;
    case E_CONFLICT:
        return 409;
    case E_PRECONDITION:
    case E_MULTIPLE:
        return 412;
    case E_TOO_LARGE:
        return 413;
    case E_UNAUTHORISED:
        return 401;
    case E_FORBIDDEN:
        return 403;
    case E_NOT_MODIFIED:
        return 304;
    case E_TOO_OFTEN:
        return 429;
    case E_FULL:
        return 507;
    case E_NOMEM:
    case E_BUSY:
    case E_CANCELLED:
        return 503;
    default:
        return 500;
    }
}

const char *outcome_code(int code)
{
    switch (code) {
    case E_INVALID:
    case E_USAGE:
        return "invalid";
    case E_NOT_FOUND:
        return "not-found";
    case E_GONE:
        return "deleted";
    case E_CONFLICT:
    case E_PRECONDITION:
        return "conflict";
    case E_MULTIPLE:
        return "multiple-matches";
    case E_TOO_LARGE:
        return "too-costly";
    case E_UNSUPPORTED:
        return "not-supported";
    case E_UNAUTHORISED:
        return "login";
    case E_FORBIDDEN:
        return "forbidden";
    case E_TOO_OFTEN:
        return "throttled";
    case E_FULL:
        return "no-store";
    case E_NOMEM:
    case E_BUSY:
    case E_CANCELLED:
        return "transient";
    default:
        return "exception";
    }
}

static const char *const severities[] = {
    [FHIR_ERROR] = "error",
    [FHIR_WARNING] = "warning",
    [FHIR_INFORMATION] = "information",
};

static void write_issue(struct json_out *o, const struct fhir_issue *issue)
{
    json_open(o, '{');
    json_name(o, "severity");
    json_put_str(o, severities[issue->severity]);
    json_name(o, "code");
    json_put_str(o, issue->code);
    json_name(o, "diagnostics");
    json_put_str(o, issue->text && issue->text[0] ? issue->text : "No more is known.");
    if (issue->path && issue->path[0]) {
        json_name(o, "expression");
        json_open(o, '[');
        json_put_str(o, issue->path);
        json_close(o, ']');
    }
    json_close(o, '}');
}

/* A client need not know what broke inside, but whether to try again. */
static const char *public_text(const struct err *err)
{
    switch (err_class(err->code)) {
    case ERR_CALLER:
        return err->text;
    case ERR_OPERATOR:
        break;
    case ERR_BUG:
    default:
        return "The server met a fault of its own. Nothing was changed by this "
               "request.";
    }
    switch (err->code) {
    case E_FULL:
        return "The server's disk is full, so nothing can be stored now. Reading "
               "works.";
    case E_NOMEM:
        return "The server is out of memory for this request. Try again, or ask for "
               "less "
               "at a time.";
    case E_BUSY:
    case E_CANCELLED:
        return "The server has too much to do right now. Try again in a moment.";
    default:
        return "The server could not read or write its data. Its administrator finds "
               "the "
               "cause in the log.";
    }
}

static bool has_errors(const struct fhir_issues *issues)
{
    return issues && issues->errors > 0;
}

void outcome_write(
    struct buf *b, const struct err *err, const struct fhir_issues *issues)
{
    struct json_out o = json_out(b);
    size_t count = issues ? issues->count : 0;

    json_open(&o, '{');
    json_name(&o, "resourceType");
    json_put_str(&o, "OperationOutcome");
    json_name(&o, "issue");
    json_open(&o, '[');
    /* the error repeats the first of the issues, if there are any of its kind */
    if (err && err->code != E_OK && !has_errors(issues)) {
        write_issue(&o, &(struct fhir_issue){FHIR_ERROR, outcome_code(err->code),
                            err->path, public_text(err)});
    }
    for (size_t i = 0; i < count; i++)
        write_issue(&o, &issues->list[i]);
    if (issues && issues->errors > issues->count) {
        char more[96];

        snprintf(more, sizeof(more), "%zu more problems are not listed.",
            issues->errors - issues->count);
        write_issue(&o, &(struct fhir_issue){FHIR_ERROR, "too-costly", NULL, more});
    }
    json_close(&o, ']');
    json_close(&o, '}');
}

void outcome_write_note(struct buf *b, const char *text)
{
    struct fhir_issue issue = {FHIR_INFORMATION, "informational", NULL, text};
    struct fhir_issues issues = {.list = &issue, .count = 1};

    outcome_write(b, NULL, &issues);
}

void call_fail(struct app_call *call, int status, const struct err *err,
    const struct fhir_issues *issues)
{
    if (call->answer.max == 0)
        buf_init(&call->answer, LIMIT_RESPONSE_BYTES);
    buf_clear(&call->answer);
    call->status = status ? status : status_of(err->code);
    call->media_type = (struct str){NULL, 0};
    call->location[0] = '\0';
    call->lacks_scope = err->code == E_FORBIDDEN && strcmp(err->path, "scope") == 0;
    if (call->app && (err->code == E_UNAUTHORISED || err->code == E_FORBIDDEN))
        audit_refused(call->app, &call->caller,
            call->sign_in_ ? AUDIT_SIGN_IN_FAILED : AUDIT_REFUSED, call->status);
    if (err_class(err->code) != ERR_CALLER) {
        char doing[96];

        snprintf(doing, sizeof(doing), "answering request %.*s",
            (int)(call->request_id.len < 64 ? call->request_id.len : 64),
            call->request_id.p ? call->request_id.p : "");
        log_err(doing, err);
    }
    if (call->status == 304)
        return;
    call->etag[0] = '\0';
    call->last_modified = 0;
    outcome_write(&call->answer, err, issues);
    /* without memory even for this the status alone must do */
    if (call->answer.error)
        buf_clear(&call->answer);
}

void app_fail(
    struct app_call *call, const struct err *err, const struct fhir_issues *issues)
{
    call_fail(call, 0, err, issues);
}

struct str app_sentence(const struct json *outcome)
{
    return json_get_text(json_at(json_get(outcome, "issue"), 0), "diagnostics");
}
