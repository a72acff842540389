/* SPDX-License-Identifier: Apache-2.0 */
/* A rule as a record: its figures read, checked and written. */
#include <math.h>
#include <string.h>

#include "app/catalogue.h"
#include "app/procedure_rule.h"
#include "fhir/value.h"

#define SURE 1e-9 /* how near to 0 or 1 a share may be */

static const struct figure {
    const char *name;
    bool count;
    double low, high; /* both are allowed */
} figures[RULE_FIGURES] = {
    [FIGURE_INADEQUATE] = {"inadequate", false, 0.001, 0.9},
    [FIGURE_ADEQUATE] = {"adequate", false, 0.001, 0.9},
    [FIGURE_HORIZON] = {"horizon", true, 10, CURVE_HORIZON_MAX},
    [FIGURE_ALPHA] = {"alpha", false, 0.001, 0.5},
    [FIGURE_HIGHEST_RATE] = {"highestRate", false, 0.001, 0.9},
    [FIGURE_CONFIDENCE] = {"confidence", false, 0.5, 0.999},
    [FIGURE_VOLUME] = {"volume", true, 1, 1000},
    [FIGURE_RATINGS] = {"ratings", true, 1, 100},
    [FIGURE_LEVEL] = {"level", true, INDEPENDENCE_PASSIVE_HELP, INDEPENDENCE_TEACHES},
    [FIGURE_ASSESSORS] = {"assessors", true, 1, 10},
    [FIGURE_ROTATIONS] = {"rotations", true, 1, 10},
    [FIGURE_OUTCOME_SHARE] = {"outcomeShare", false, 0.5, 1},
    [FIGURE_RECENT_CASES] = {"recentCases", true, 1, 1000},
    [FIGURE_RECENT_DAYS] = {"recentDays", true, 30, 730},
    [FIGURE_VALID_MONTHS] = {"validMonths", true, 12, 24},
};

const char *procedure_figure_name(enum rule_figure figure)
{
    return figures[figure].name;
}

bool procedure_figure_is_count(enum rule_figure figure)
{
    return figures[figure].count;
}

/* ---- reading ---- */

static bool read_version(const struct json *json, struct procedure_rule *ret)
{
    int64_t version = 0;
    char id[80];

    if (!text_int(json_text(json_get(json, "version")), 1, INT32_MAX, &version))
        return false;
    ret->version = (int)version;
    snprintf(id, sizeof(id), "%.*s-%d", (int)ret->code.len, ret->code.p, ret->version);
    return str_is(ret->id, id);
}

static unsigned read_failures(const struct json *json)
{
    struct json_each it = json_each(json_get(json, "failure"));
    unsigned found = 0;

    while (json_next(&it)) {
        for (int i = RESULT_COMPLICATION; i <= RESULT_DIED; i++) {
            if (str_is(json_text(it.value),
                    procedure_result_code((enum procedure_result)i)))
                found |= 1u << i;
        }
    }
    return found;
}

bool procedure_rule_read(const struct json *json, struct procedure_rule *ret)
{
    struct json_each it = json_each(json_get(json_get(json, "procedure"), "coding"));

    *ret = (struct procedure_rule){.id = json_get_text(json, "id"),
        .code = STR(PROCEDURE_RULE_USUAL),
        .source = json_get_text(json, "source"),
        .shipped = !json_get(json, "changed"),
        .failure = read_failures(json)};
    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "system"), CATALOGUE_PROCEDURE_SYSTEM))
            ret->code = json_get_text(it.value, "code");
    }
    for (int i = 0; i < RULE_FIGURES; i++) {
        struct str text = json_text(json_get(json, figures[i].name));

        if (!text.p || !fhir_number(text, &ret->figures[i]))
            return false;
    }
    return ret->id.p && ret->code.p && ret->source.p && read_version(json, ret) &&
           procedure_rule_make(ret, NULL) == 0;
}

/* ---- checking ---- */

static int check_figure(const struct procedure_rule *rule, int i, struct err *err)
{
    const struct figure *f = &figures[i];
    double value = rule->figures[i];

    if (value >= f->low - SURE && value <= f->high + SURE &&
        (!f->count || value == floor(value)))
        return 0;
    return err_set(err, E_INVALID, f->name, "%s is a %s from %g to %g.", f->name,
        f->count ? "whole number" : "number", f->low, f->high);
}

int procedure_rule_make(struct procedure_rule *rule, struct err *err)
{
    const double *f = rule->figures;

    for (int i = 0; i < RULE_FIGURES; i++) {
        if (check_figure(rule, i, err) < 0)
            return E_INVALID;
    }
    if (f[FIGURE_ADEQUATE] >= f[FIGURE_INADEQUATE])
        return err_set(err, E_INVALID, "adequate",
            "The adequate failure rate must be below the inadequate one.");
    if (!rule->failure)
        return err_set(err, E_INVALID, "failure",
            "Say what counts as a failure: complication, serious, died.");
    rule->curve = (struct curve_rule){.inadequate = f[FIGURE_INADEQUATE],
        .adequate = f[FIGURE_ADEQUATE],
        .horizon = (int)f[FIGURE_HORIZON],
        .alpha = f[FIGURE_ALPHA]};
    rule->sign_off = (struct sign_off_rule){.volume = (int)f[FIGURE_VOLUME],
        .ratings = (int)f[FIGURE_RATINGS],
        .level = (enum independence)(int)f[FIGURE_LEVEL],
        .assessors = (int)f[FIGURE_ASSESSORS],
        .rotations = (int)f[FIGURE_ROTATIONS],
        .outcome_share = f[FIGURE_OUTCOME_SHARE],
        .highest_rate = f[FIGURE_HIGHEST_RATE],
        .confidence = f[FIGURE_CONFIDENCE],
        .recent_cases = (int)f[FIGURE_RECENT_CASES],
        .recent_days = (int)f[FIGURE_RECENT_DAYS]};
    rule->valid_months = (int)f[FIGURE_VALID_MONTHS];
    rule->watch = (struct watch_rule){0};
    return 0;
}

/* ---- writing ---- */

void procedure_figure_text(double value, char ret[32])
{
    char text[32] = "";
    double again = 0;

    for (int digits = 1; digits <= 17; digits++) {
        int length = snprintf(text, sizeof(text), "%.*g", digits, value);

        if (length > 0 && (size_t)length < sizeof(text) &&
            fhir_number(str_of(text), &again) && again == value)
            break;
    }
    memcpy(ret, text, sizeof(text));
}

void procedure_rule_put_figures(struct json_out *o, const struct procedure_rule *rule)
{
    for (int i = 0; i < RULE_FIGURES; i++) {
        char text[32];

        json_name(o, figures[i].name);
        if (figures[i].count) {
            json_put_int(o, (long long)rule->figures[i]);
            continue;
        }
        procedure_figure_text(rule->figures[i], text);
        json_put_raw(o, str_of(text));
    }
    json_name(o, "failure");
    json_open(o, '[');
    for (int i = RESULT_COMPLICATION; i <= RESULT_DIED; i++) {
        if (rule->failure >> i & 1)
            json_put_str(o, procedure_result_code((enum procedure_result)i));
    }
    json_close(o, ']');
}
