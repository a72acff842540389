/* SPDX-License-Identifier: Apache-2.0 */
/* Random queries: which parameters are asked, with what values, sorted by what. */
#include <string.h>

#include "base/text.h"

#include "random_words.h"

static const char *const prefixes[] = {
    "", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"};

static void add_encoded(struct buf *b, const char *text)
{
    percent_encode(b, str_of(text));
}

static void value_token(struct buf *b)
{
    int64_t form = pick(4);

    if (form == 1)
        buf_addf(b, "%s|", one_of(systems));
    if (form == 2)
        buf_adds(b, "|");
    if (form == 3) {
        buf_addf(b, "%s|%s", one_of(systems), one_of(codes));
        return;
    }
    if (form != 1 || maybe())
        buf_adds(b, one_of(codes));
}

static void value_string(struct buf *b)
{
    const char *word = one_of(words);
    size_t len = strlen(word);

    /* a part of it, cut between characters */
    if (maybe() && (unsigned char)word[0] < 0x80)
        len = 1 + (size_t)pick((int64_t)len < 90 ? (int64_t)len : 90);
    while (len < strlen(word) && ((unsigned char)word[len] & 0xc0) == 0x80)
        len++;
    while (len > 0 && (word[len - 1] == ' ' || word[len - 1] == ','))
        len--;
    percent_encode(b, (struct str){word, len});
}

static void value_date(struct buf *b)
{
    buf_adds(b, one_of(prefixes));
    add_encoded(b, one_of(dates));
}

static void value_number(struct buf *b)
{
    buf_addf(b, "%s%s", one_of(prefixes), one_of(numbers));
}

static void value_quantity(struct buf *b)
{
    value_number(b);
    if (maybe())
        buf_addf(b, "|%s|%s", maybe() ? "urn:u" : "", one_of(units));
}

static void value_reference(struct buf *b)
{
    static const char *const forms[] = {"", "Patient/", "Location/", "Organization/",
        "http://else.example/Patient/", "http://here.example/fhir/Patient/",
        "https://also.example:8443/x/fhir/Location/"};

    buf_addf(b, "%s%lld", one_of(forms), (long long)pick(IDS));
}

static void value_uri(struct buf *b)
{
    buf_adds(b, one_of(uris));
}

static void value_canonical(struct buf *b)
{
    buf_adds(b, one_of(uris));
    if (maybe())
        buf_addf(b, "|%lld", (long long)pick(3));
    if (maybe())
        buf_adds(b, ".1");
}

static void value_missing(struct buf *b)
{
    buf_adds(b, maybe() ? "true" : "false");
}

static void value_gender(struct buf *b)
{
    static const char *const implied[] = {
        "", "", "|", "http://hl7.org/fhir/administrative-gender|", "urn:s|"};

    buf_adds(b, one_of(implied));
    buf_adds(b, maybe() ? "male" : "female");
}

static void value_status(struct buf *b)
{
    static const char *const statuses[] = {"final", "amended", "corrected",
        "http://hl7.org/fhir/observation-status|amended"};

    buf_adds(b, one_of(statuses));
}

static void value_id(struct buf *b)
{
    buf_addf(b, "%lld", (long long)pick(IDS));
}

static void value_of_type(struct buf *b)
{
    buf_addf(b, "urn:ty|MR|%s", one_of(codes));
}

static void value_composite(struct buf *b)
{
    value_token(b);
    buf_adds(b, "$");
    value_quantity(b);
}

static void value_near(struct buf *b)
{
    buf_addf(b, "%lld|%lld|%lld|km", (long long)unit_between(-90, 90),
        (long long)unit_between(-180, 180), (long long)pick(12000));
}

static void value_words(struct buf *b)
{
    bool quoted = pick(4) == 0;

    buf_adds(b, quoted ? "\"" : "");
    value_string(b);
    buf_adds(b, quoted ? "\"" : "");
    if (pick(3) == 0) {
        buf_adds(b, "%20");
        buf_adds(b, one_of(codes));
    }
}

static void value_changed(struct buf *b)
{
    buf_addf(b, "%s2025-12-20T%02lld:%02lld", one_of(prefixes),
        (long long)10 + pick(10), (long long)pick(60));
}

struct question {
    const char *type;
    const char *name;
    void (*value)(struct buf *);
};

static const struct question questions[] = {
    {"Patient", "gender", value_gender},
    {"Patient", "gender:not", value_gender},
    {"Patient", "gender:missing", value_missing},
    {"Patient", "birthdate", value_date},
    {"Patient", "name", value_string},
    {"Patient", "family:exact", value_string},
    {"Patient", "given:contains", value_string},
    {"Patient", "name:missing", value_missing},
    {"Patient", "identifier", value_token},
    {"Patient", "identifier:of-type", value_of_type},
    {"Patient", "identifier:text", value_string},
    {"Patient", "identifier:missing", value_missing},
    {"Patient", "organization", value_reference},
    {"Patient", "organization.name", value_string},
    {"Patient", "organization.partof.name", value_string},
    {"Patient", "organization.name:missing", value_missing},
    {"Patient", "_has:Observation:patient:code", value_token},
    {"Patient", "_has:Observation:patient:date", value_date},
    {"Patient", "_has:RiskAssessment:patient:probability", value_number},
    {"Patient", "_id", value_id},
    {"Patient", "_id:not", value_id},
    {"Patient", "_tag", value_token},
    {"Patient", "_tag:not", value_token},
    {"Patient", "_profile", value_uri},
    {"Patient", "_profile:below", value_uri},
    {"Patient", "_lastUpdated", value_changed},
    {"Patient", "_text", value_words},
    {"Patient", "_content", value_words},
    {"Observation", "_content", value_words},
    {"Observation", "subject:Patient._text", value_words},
    {"Observation", "code", value_token},
    {"Observation", "code:not", value_token},
    {"Observation", "code:text", value_string},
    {"Observation", "status", value_token},
    {"Observation", "status:below", value_status},
    {"Observation", "status:above", value_status},
    {"Observation", "date", value_date},
    {"Observation", "date:missing", value_missing},
    {"Observation", "value-quantity", value_quantity},
    {"Observation", "value-quantity:missing", value_missing},
    {"Observation", "value-string", value_string},
    {"Observation", "combo-code-value-quantity", value_composite},
    {"Observation", "code-value-quantity", value_composite},
    {"Observation", "component-value-quantity", value_quantity},
    {"Observation", "subject", value_reference},
    {"Observation", "subject:Patient", value_id},
    {"Observation", "subject:identifier", value_token},
    {"Observation", "patient:missing", value_missing},
    {"Observation", "subject:missing", value_missing},
    {"Observation", "subject:Patient.gender", value_gender},
    {"Observation", "subject:Patient.gender:not", value_gender},
    {"Observation", "subject.name", value_string},
    {"Observation", "patient.organization.name", value_string},
    {"Observation", "patient.birthdate", value_date},
    {"Observation", "_lastUpdated", value_changed},
    {"Observation", "_tag", value_token},
    {"RiskAssessment", "probability", value_number},
    {"RiskAssessment", "patient.family", value_string},
    {"RiskAssessment", "patient", value_reference},
    {"Patient", "organization:missing", value_missing},
    {"Location", "partof", value_reference},
    {"Location", "partof:below", value_id},
    {"Location", "partof:above", value_id},
    {"Organization", "partof:below", value_id},
    {"Patient", "organization:below", value_id},
    {"Patient", "organization:above", value_id},
    {"Observation", "subject:below", value_id},
    {"Location", "_has:Observation:subject:status", value_token},
    {"Organization", "_has:Patient:organization:gender", value_gender},
    {"Organization", "partof.name", value_string},
    {"Location", "near", value_near},
    {"Location", "name", value_string},
    {"Location", "partof.name", value_string},
    {"Location", "near:missing", value_missing},
    {"ValueSet", "url", value_uri},
    {"ValueSet", "url:below", value_uri},
    {"ValueSet", "url:above", value_uri},
    {"ValueSet", "url:missing", value_missing},
    {"QuestionnaireResponse", "questionnaire", value_canonical},
    {"QuestionnaireResponse", "questionnaire:below", value_canonical},
    {"QuestionnaireResponse", "questionnaire:above", value_canonical},
    {"QuestionnaireResponse", "questionnaire.title", value_string},
    {"Questionnaire", "_has:QuestionnaireResponse:questionnaire:status", value_token},
};

static const char *const sorts[] = {"Patient birthdate", "Patient -birthdate",
    "Patient family,-birthdate", "Patient -name", "Patient gender,_id",
    "Patient -_lastUpdated", "Patient organization,-family", "Patient identifier",
    "Observation date", "Observation -date,code", "Observation value-quantity",
    "Observation -value-quantity,date", "Observation subject,-date", "Observation code",
    "Observation _lastUpdated", "RiskAssessment -probability", "Location name",
    "ValueSet -url,_id", "Patient organization,-gender,identifier",
    "Observation -subject,code,-_lastUpdated", "Observation -code,status,subject",
    "QuestionnaireResponse questionnaire,-_id", "Patient -_profile,organization",
    "Location -partof,name"};

void random_query(struct buf *b)
{
    const struct question *q = &one_of(questions);
    const char *type = q->type;
    int64_t wanted = 1 + pick(3), tries;

    buf_addf(b, "%s?", type);
    for (tries = 0; wanted > 0 && tries < 200; tries++) {
        int64_t ored = pick(4) == 0 ? 1 + pick(12) : 1;
        buf_addf(b, "%s=", q->name);
        if (strstr(q->name, "missing"))
            ored = 1;
        while (ored-- > 0) {
            q->value(b);
            buf_adds(b, ored ? "," : "&");
        }
        if (--wanted == 0)
            break;
        do
            q = &one_of(questions);
        while (strcmp(q->type, type) != 0);
    }
    for (tries = 0; maybe() && tries < 6; tries++) {
        const char *sort = one_of(sorts);
        size_t len = strlen(type);
        if (strncmp(sort, type, len) == 0 && sort[len] == ' ') {
            buf_addf(b, "_sort=%s&", sort + len + 1);
            break;
        }
    }
    if (pick(4) == 0)
        buf_adds(b, "_total=accurate&");
    b->len--;
}
