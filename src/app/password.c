/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of passwords. Whether one is common is looked at twice: as it is, folded to
 * small letters, and with the digits and signs that people put in place of letters read
 * as these. Known words are taken out of it; it is refused when fewer than LETTERS_LEFT
 * letters stay. A list of whole passwords would be longer and catch less: each word of
 * ours stands for all its endings and spellings.
 */
#include "app/password.h"

#include "base/limits.h"

#include "app/password_words_internal.h"
#include "fhir/value.h"

#define LETTERS_LEFT 4
#define KINDS_LEAST 4 /* different characters */
#define NAME_LEAST 3  /* a shorter part of a name is in every other word */
#define TAKEN '\x01'  /* where a word was */
#define FOLDED_MAX ((size_t)4 * LIMIT_PASSWORD_BYTES)

int password_normal(struct str typed, struct buf *ret, struct err *err)
{
    if (typed.len > LIMIT_PASSWORD_BYTES)
        return err_set(err, E_INVALID, "password-long",
            "A password may have at most %d bytes.", LIMIT_PASSWORD_BYTES);
    if (!fhir_compose(ret, typed))
        return err_set(
            err, E_INVALID, "password-form", "The password is not UTF-8 text.");
    if (ret->len > LIMIT_PASSWORD_BYTES)
        return err_set(err, E_INVALID, "password-long",
            "A password may have at most %d bytes.", LIMIT_PASSWORD_BYTES);
    return 0;
}

static size_t characters(struct str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
    return n;
}

/* ---- too plain ---- */

/* True when ${s} has but a few different bytes, over and over. */
static bool is_monotonous(struct str s)
{
    bool met[256] = {false};
    size_t kinds = 0;

    for (size_t i = 0; i < s.len; i++) {
        kinds += !met[(unsigned char)s.p[i]];
        met[(unsigned char)s.p[i]] = true;
    }
    return kinds < KINDS_LEAST;
}

/* Does ${next} stand beside ${c} in a row of the alphabet or of a keyboard? */
static bool are_neighbours(char c, char next)
{
    static const char rows[] =
        "abcdefghijklmnopqrstuvwxyz 01234567890 qwertyuiop asdfghjkl zxcvbnm";

    for (size_t i = 0; i + 2 < sizeof(rows); i++) {
        if ((rows[i] == c && rows[i + 1] == next) ||
            (rows[i] == next && rows[i + 1] == c))
            return true;
    }
    return false;
}

/* True when nearly every step of it goes to a neighbour or stays. */
static bool is_sequence(struct str s)
{
    size_t steps = 0;

    for (size_t i = 0; i + 1 < s.len; i++)
        steps += s.p[i] == s.p[i + 1] || are_neighbours(s.p[i], s.p[i + 1]);
    return s.len > 1 && steps * 5 >= (s.len - 1) * 4;
}

/* ---- made of known words ---- */

static void take_out(char *text, size_t len, struct str word)
{
    for (size_t at = 0; at + word.len <= len; at++) {
        if (memcmp(text + at, word.p, word.len) == 0)
            memset(text + at, TAKEN, word.len);
    }
}

/* Letters, of any script, that are left. */
static size_t letters_left(const char *text, size_t len)
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];

        n += (c >= 'a' && c <= 'z') || c >= 0xc0; /* a first byte of UTF-8 */
    }
    return n;
}

/* The letter that a digit or sign is put for. */
static char letter_for(char c)
{
    static const char pairs[] = "0o1i3e4a5s7t@a$s!i";

    for (size_t i = 0; i + 1 < sizeof(pairs); i += 2) {
        if (pairs[i] == c)
            return pairs[i + 1];
    }
    return c;
}

static void take_out_names(char *text, size_t len, const struct password_rules *rules)
{
    for (size_t i = 0; i < rules->name_count; i++) {
        struct buf b;
        struct str left = {NULL, 0};

        buf_init(&b, FOLDED_MAX);
        fhir_fold(&b, rules->names[i]);
        left = (struct str){b.data, b.error ? 0 : b.len};
        while (left.p) {
            struct str part = str_cut(&left, ' ');

            if (part.len >= NAME_LEAST)
                take_out(text, len, part);
        }
        buf_done(&b);
    }
}

/* What stays of ${text}: without common words, then without names as well. */
static void count_left(const char *text, size_t len, const struct password_rules *rules,
    size_t *ret_common, size_t *ret_own)
{
    char left[FOLDED_MAX];

    memcpy(left, text, len);
    for (size_t i = 0; i < password_word_count; i++)
        take_out(left, len, str_of(password_words[i]));
    *ret_common = letters_left(left, len);
    take_out_names(left, len, rules);
    *ret_own = letters_left(left, len);
}

static int check_words(
    const char *text, size_t len, const struct password_rules *rules, struct err *err)
{
    size_t common = 0;
    size_t own = 0;

    count_left(text, len, rules, &common, &own);
    if (common < LETTERS_LEFT)
        return err_set(err, E_INVALID, "password-common",
            "This password is little else than common words or a row of keys. Take "
            "several words that do not belong together.");
    if (own < LETTERS_LEFT)
        return err_set(err, E_INVALID, "password-own",
            "This password is little else than your own name. Take several words that "
            "do not belong together.");
    return 0;
}

static int check_folded(
    struct str password, const struct password_rules *rules, struct err *err)
{
    char text[FOLDED_MAX];
    struct buf folded;
    size_t len = 0;
    int r = 0;

    buf_init(&folded, sizeof(text));
    fhir_fold(&folded, password);
    r = buf_error(&folded, "The password", err);
    for (size_t i = 0; r == 0 && i < folded.len; i++) {
        if (folded.data[i] != ' ')
            text[len++] = folded.data[i];
    }
    buf_done(&folded);
    if (r < 0)
        return r;
    if (is_monotonous((struct str){text, len}) || is_sequence((struct str){text, len}))
        return err_set(err, E_INVALID, "password-common",
            "This password is a row of keys, or the same characters again and again. "
            "Take several words that do not belong together.");
    r = check_words(text, len, rules, err);
    for (size_t i = 0; i < len; i++)
        text[i] = letter_for(text[i]);
    return r < 0 ? r : check_words(text, len, rules, err);
}

int password_check(
    struct str password, const struct password_rules *rules, struct err *err)
{
    size_t least = rules->alone ? LIMIT_PASSWORD_ALONE : LIMIT_PASSWORD_LEAST;

    if (characters(password) < least)
        return err_set(err, E_INVALID, "password-short",
            "A password must have at least %zu characters%s.", least,
            rules->alone ? " where no one-time code is asked beside it" : "");
    if (password.len > LIMIT_PASSWORD_BYTES)
        return err_set(err, E_INVALID, "password-long",
            "A password may have at most %d bytes.", LIMIT_PASSWORD_BYTES);
    return check_folded(password, rules, err);
}
