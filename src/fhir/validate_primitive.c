/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Primitive values by hand-written readers of R4's regular expressions: a regex engine
 * would cost more than all the rest of the validation.
 */
#include "base/id.h"
#include "base/limits.h"
#include "base/time.h"

#include "fhir/validate_internal.h"

/* ---- characters ---- */

enum {
    SPACE = 1,   /* white space of XML: \s */
    CONTROL = 2, /* below 0x20 but not white space: no document may hold it */
    BASE64 = 4,
};

static const unsigned char CLASSES[256] = {
    [0x00] = CONTROL,
    [0x01] = CONTROL,
    [0x02] = CONTROL,
    [0x03] = CONTROL,
    [0x04] = CONTROL,
    [0x05] = CONTROL,
    [0x06] = CONTROL,
    [0x07] = CONTROL,
    [0x08] = CONTROL,
    ['\t'] = SPACE,
    ['\n'] = SPACE,
    [0x0b] = CONTROL,
    [0x0c] = CONTROL,
    ['\r'] = SPACE,
    [0x0e] = CONTROL,
    [0x0f] = CONTROL,
    [0x10] = CONTROL,
    [0x11] = CONTROL,
    [0x12] = CONTROL,
    [0x13] = CONTROL,
    [0x14] = CONTROL,
    [0x15] = CONTROL,
    [0x16] = CONTROL,
    [0x17] = CONTROL,
    [0x18] = CONTROL,
    [0x19] = CONTROL,
    [0x1a] = CONTROL,
    [0x1b] = CONTROL,
    [0x1c] = CONTROL,
    [0x1d] = CONTROL,
    [0x1e] = CONTROL,
    [0x1f] = CONTROL,
    [' '] = SPACE,
    ['0'] = BASE64,
    ['1'] = BASE64,
    ['2'] = BASE64,
    ['3'] = BASE64,
    ['4'] = BASE64,
    ['5'] = BASE64,
    ['6'] = BASE64,
    ['7'] = BASE64,
    ['8'] = BASE64,
    ['9'] = BASE64,
    ['A'] = BASE64,
    ['B'] = BASE64,
    ['C'] = BASE64,
    ['D'] = BASE64,
    ['E'] = BASE64,
    ['F'] = BASE64,
    ['G'] = BASE64,
    ['H'] = BASE64,
    ['I'] = BASE64,
    ['J'] = BASE64,
    ['K'] = BASE64,
    ['L'] = BASE64,
    ['M'] = BASE64,
    ['N'] = BASE64,
    ['O'] = BASE64,
    ['P'] = BASE64,
    ['Q'] = BASE64,
    ['R'] = BASE64,
    ['S'] = BASE64,
    ['T'] = BASE64,
    ['U'] = BASE64,
    ['V'] = BASE64,
    ['W'] = BASE64,
    ['X'] = BASE64,
    ['Y'] = BASE64,
    ['Z'] = BASE64,
    ['a'] = BASE64,
    ['b'] = BASE64,
    ['c'] = BASE64,
    ['d'] = BASE64,
    ['e'] = BASE64,
    ['f'] = BASE64,
    ['g'] = BASE64,
    ['h'] = BASE64,
    ['i'] = BASE64,
    ['j'] = BASE64,
    ['k'] = BASE64,
    ['l'] = BASE64,
    ['m'] = BASE64,
    ['n'] = BASE64,
    ['o'] = BASE64,
    ['p'] = BASE64,
    ['q'] = BASE64,
    ['r'] = BASE64,
    ['s'] = BASE64,
    ['t'] = BASE64,
    ['u'] = BASE64,
    ['v'] = BASE64,
    ['w'] = BASE64,
    ['x'] = BASE64,
    ['y'] = BASE64,
    ['z'] = BASE64,
    ['+'] = BASE64,
    ['/'] = BASE64,
};

static inline unsigned char_class(char c)
{
    return CLASSES[(unsigned char)c];
}

/* All classes met in ${text}, together. */
static unsigned classes_of(struct str text)
{
    unsigned classes = 0;
    for (size_t i = 0; i < text.len; i++)
        classes |= char_class(text.p[i]);
    return classes;
}

/* ---- text ---- */

static const char *string_fault(struct str text)
{
    if (text.len == 0)
        return "must not be empty; leave the element out";
    if (text.len > LIMIT_STRING_BYTES)
        return "is longer than 1 MB";
    if (classes_of(text) & CONTROL)
        return "holds a control character";
    return NULL;
}

/* [^\s]+(\s[^\s]+)* */
static const char *code_fault(struct str text)
{
    bool after_space = true;
    if (text.len == 0)
        return "must not be empty; leave the element out";
    for (size_t i = 0; i < text.len; i++) {
        unsigned class = char_class(text.p[i]);
        if (class & CONTROL)
            return "holds a control character";
        if ((class & SPACE) && after_space)
            return "is not a code: it begins with white space or holds two in a row";
        after_space = class & SPACE;
    }
    return after_space ? "is not a code: it ends with white space" : NULL;
}

static const char *id_fault(struct str text)
{
    return id_valid(text) ? NULL
                          : "is not an id: 1 to 64 letters, digits, hyphens and points";
}

static const char *uri_fault(struct str text)
{
    if (text.len == 0)
        return "must not be empty; leave the element out";
    if (classes_of(text) & (SPACE | CONTROL))
        return "is not a URI: it holds white space or a control character";
    return NULL;
}

/* urn:oid:[0-2](\.(0|[1-9][0-9]*))+ */
static bool is_oid(struct str text)
{
    struct str rest = text;
    struct str arc;
    if (!str_starts(text, "urn:oid:"))
        return false;
    rest = (struct str){text.p + 8, text.len - 8};
    arc = str_cut(&rest, '.');
    if (arc.len != 1 || arc.p[0] < '0' || arc.p[0] > '2' || !rest.p)
        return false;
    while (rest.p) {
        arc = str_cut(&rest, '.');
        if (arc.len == 0 || (arc.len > 1 && arc.p[0] == '0'))
            return false;
        for (size_t i = 0; i < arc.len; i++)
            if (arc.p[i] < '0' || arc.p[i] > '9')
                return false;
    }
    return true;
}

static const char *uuid_fault(struct str text)
{
    uint8_t packed[16];
    if (str_starts(text, "urn:uuid:") &&
        id_uuid_pack((struct str){text.p + 9, text.len - 9}, packed))
        return NULL;
    return "is not a UUID such as urn:uuid:c757873d-ec9a-4326-a141-556f43239520";
}

/* Groups of four, white space before and between them; padding only at the end. */
static const char *base64_fault(struct str text)
{
    size_t digits = 0;
    size_t padding = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned class = char_class(text.p[i]);
        if (class & BASE64) {
            digits++;
            if (padding)
                return "is not base64: text follows the padding";
        } else if (text.p[i] == '=') {
            padding++;
        } else if (!(class & SPACE)) {
            return "is not base64: it holds a character outside its alphabet";
        }
    }
    if (digits == 0)
        return "must not be empty; leave the element out";
    if (padding > 2 || (digits + padding) % 4 != 0)
        return "is not base64: its length is not a multiple of four";
    return NULL;
}

/* ---- dates and times ---- */

/* Two digits at ${p} as a number up to 99; 100 when they are not digits. */
static unsigned two_digits(const char *p)
{
    unsigned tens = (unsigned)(unsigned char)p[0] - '0';
    unsigned ones = (unsigned)(unsigned char)p[1] - '0';
    return tens > 9 || ones > 9 ? 100 : tens * 10 + ones;
}

/* YYYY, YYYY-MM or YYYY-MM-DD, a day that exists; its length, 0 if it is none. */
static size_t date_length(struct str text)
{
    unsigned year, month, day;
    if (text.len < 4)
        return 0;
    year = two_digits(text.p) * 100 + two_digits(text.p + 2);
    if (two_digits(text.p) > 99 || two_digits(text.p + 2) > 99 || year == 0)
        return 0;
    if (text.len == 4)
        return 4;
    if (text.len < 7 || text.p[4] != '-')
        return 0;
    month = two_digits(text.p + 5);
    if (month < 1 || month > 12)
        return 0;
    if (text.len == 7)
        return 7;
    if (text.len < 10 || text.p[7] != '-')
        return 0;
    day = two_digits(text.p + 8);
    return day >= 1 && day <= time_month_days((int64_t)year, month) ? 10 : 0;
}

/* hh:mm:ss with a fraction or none; its length, 0 if it is none. */
static size_t time_length(struct str text)
{
    size_t len = 8;
    if (text.len < 8 || text.p[2] != ':' || text.p[5] != ':')
        return 0;
    /* a 60th second: leap seconds exist */
    if (two_digits(text.p) > 23 || two_digits(text.p + 3) > 59 ||
        two_digits(text.p + 6) > 60)
        return 0;
    if (text.len == len || text.p[len] != '.')
        return len;
    len++;
    while (len < text.len && text.p[len] >= '0' && text.p[len] <= '9')
        len++;
    return len > 9 ? len : 0;
}

/* Z, +hh:mm or -hh:mm, up to 14:00. */
static bool is_zone(struct str text)
{
    unsigned hour, minute;
    if (text.len == 1)
        return text.p[0] == 'Z';
    if (text.len != 6 || (text.p[0] != '+' && text.p[0] != '-') || text.p[3] != ':')
        return false;
    hour = two_digits(text.p + 1);
    minute = two_digits(text.p + 4);
    return (hour <= 13 && minute <= 59) || (hour == 14 && minute == 0);
}

static struct str behind(struct str text, size_t len)
{
    return (struct str){text.p + len, text.len - len};
}

static const char *date_fault(struct str text)
{
    if (text.len > 0 && text.len <= 10 && date_length(text) == text.len)
        return NULL;
    return "is not a date: YYYY, YYYY-MM or YYYY-MM-DD, a day that exists";
}

/* A time of day behind the date: with seconds and zone, or not at all. */
static bool is_moment(struct str text)
{
    size_t len;
    if (date_length(text) != 10 || text.len < 11 || text.p[10] != 'T')
        return false;
    text = behind(text, 11);
    len = time_length(text);
    return len > 0 && is_zone(behind(text, len));
}

static const char *date_time_fault(struct str text)
{
    if (text.len <= 10 ? date_length(text) == text.len && text.len > 0
                       : is_moment(text))
        return NULL;
    return "is not a dateTime: a date that exists, or one with time and zone such as "
           "2026-01-31T12:00:00+08:00";
}

static const char *instant_fault(struct str text)
{
    return is_moment(text) ? NULL
                           : "is not an instant: date, time and zone, such as "
                             "2026-01-31T12:00:00.000+08:00";
}

static const char *time_fault(struct str text)
{
    return text.len > 0 && time_length(text) == text.len
               ? NULL
               : "is not a time: hh:mm:ss, without a zone";
}

/* ---- numbers ---- */

/* -?(0|[1-9][0-9]*) within [${min}, 2147483647] */
static bool is_integer(struct str text, int64_t min)
{
    size_t sign = text.len > 0 && text.p[0] == '-' ? 1 : 0;
    int64_t value;
    if (text.len > sign + 1 && text.p[sign] == '0')
        return false;
    return text_int(text, min, INT32_MAX, &value);
}

static size_t digits_at(struct str text, size_t at)
{
    size_t end = at;
    while (end < text.len && text.p[end] >= '0' && text.p[end] <= '9')
        end++;
    return end - at;
}

/* -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)? */
static bool is_decimal(struct str text)
{
    size_t at = text.len > 0 && text.p[0] == '-' ? 1 : 0;
    size_t count = digits_at(text, at);
    if (count == 0 || (count > 1 && text.p[at] == '0'))
        return false;
    at += count;
    if (at < text.len && text.p[at] == '.') {
        count = digits_at(text, at + 1);
        if (count == 0)
            return false;
        at += count + 1;
    }
    if (at < text.len && (text.p[at] == 'e' || text.p[at] == 'E')) {
        at++;
        if (at < text.len && (text.p[at] == '+' || text.p[at] == '-'))
            at++;
        count = digits_at(text, at);
        if (count == 0)
            return false;
        at += count;
    }
    return at == text.len;
}

static const char *number_fault(enum fhir_primitive primitive, struct str text)
{
    if (primitive == FHIR_DECIMAL)
        return is_decimal(text) ? NULL : "is not a decimal number";
    if (primitive == FHIR_POSITIVE_INT)
        return is_integer(text, 1) ? NULL
                                   : "is not a whole number from 1 to 2147483647";
    if (primitive == FHIR_UNSIGNED_INT)
        return is_integer(text, 0) ? NULL
                                   : "is not a whole number from 0 to 2147483647";
    return is_integer(text, INT32_MIN)
               ? NULL
               : "is not a whole number from -2147483648 to 2147483647";
}

/* ---- all ---- */

/* Why ${text} is no value of ${primitive}, as the end of a sentence; NULL if it is one. */
static const char *primitive_fault(enum fhir_primitive primitive, struct str text)
{
    switch (primitive) {
    case FHIR_BOOLEAN:
        return str_is(text, "true") || str_is(text, "false") ? NULL
                                                             : "is not true or false";
    case FHIR_INTEGER:
    case FHIR_UNSIGNED_INT:
    case FHIR_POSITIVE_INT:
    case FHIR_DECIMAL:
        return number_fault(primitive, text);
    case FHIR_STRING:
    case FHIR_MARKDOWN:
        return string_fault(text);
    case FHIR_CODE:
        return code_fault(text);
    case FHIR_ID:
        return id_fault(text);
    case FHIR_URI:
    case FHIR_URL:
    case FHIR_CANONICAL:
        return uri_fault(text);
    case FHIR_OID:
        return is_oid(text) ? NULL : "is not an OID such as urn:oid:1.2.3";
    case FHIR_UUID:
        return uuid_fault(text);
    case FHIR_DATE:
        return date_fault(text);
    case FHIR_DATE_TIME:
        return date_time_fault(text);
    case FHIR_INSTANT:
        return instant_fault(text);
    case FHIR_TIME:
        return time_fault(text);
    case FHIR_BASE64:
        return base64_fault(text);
    case FHIR_XHTML:
        return classes_of(text) & CONTROL ? "holds a control character"
                                          : narrative_fault(text);
    case FHIR_NOT_PRIMITIVE:
        break;
    }
    return "is not a primitive value";
}

bool fhir_primitive_valid(enum fhir_primitive primitive, struct str text)
{
    return primitive_fault(primitive, text) == NULL;
}

static const char *kind_words(enum json_kind kind)
{
    static const char *const words[] = {
        [JSON_NULL] = "null",
        [JSON_FALSE] = "true or false",
        [JSON_TRUE] = "true or false",
        [JSON_NUMBER] = "a number",
        [JSON_STRING] = "a string",
        [JSON_ARRAY] = "an array",
        [JSON_OBJECT] = "an object",
    };
    return words[kind];
}

static enum json_kind wanted_kind(enum fhir_primitive primitive)
{
    if (primitive == FHIR_BOOLEAN)
        return JSON_TRUE;
    return primitive >= FHIR_INTEGER && primitive <= FHIR_DECIMAL ? JSON_NUMBER
                                                                  : JSON_STRING;
}

void check_primitive(struct check *c, const struct fhir_type *type,
    const struct json *value, const struct place *place)
{
    enum json_kind kind = json_kind(value);
    enum json_kind wanted = wanted_kind(type->primitive);
    const char *fault;
    struct str text;

    if (wanted == JSON_TRUE && kind == JSON_FALSE)
        return;
    if (kind != wanted) {
        check_problem(c, place, "structure",
            "A value of type %s is %s in JSON, not %s.", type->name, kind_words(wanted),
            kind_words(kind));
        return;
    }
    if (wanted == JSON_TRUE)
        return;
    text = json_text(value);
    fault = primitive_fault(type->primitive, text);
    if (!fault)
        return;
    if (type->primitive == FHIR_XHTML || text.len == 0)
        check_problem(c, place, "value", "The value %s.", fault);
    else
        check_problem(c, place, "value", "\"%.*s\" %s.", SHOWN(text), fault);
}
