/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of leaked passwords: found wherever it stands, and nothing else; odd files refused. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/leaked.h"
#include "browser.h"
#include "crypto/password.h"

#define COUNT 2000

static char folder[64];
static char path[100];

static int open_here(void **state)
{
    snprintf(folder, sizeof(folder), "/tmp/belay-leaked-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/list", folder);
    return open_node(state);
}

static int close_here(void **state)
{
    unlink(path);
    rmdir(folder);
    return close_node(state);
}

static void put_file(const char *text, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, len), len);
    close(fd);
}

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, CRYPTO_LEAK_CHARS);
}

static const char *word(int i)
{
    static char text[40];

    snprintf(text, sizeof(text), "leaked yak number %d", i);
    return text;
}

/* The file of ${count} words; ${end}: the end of a line, behind a colon where counts stand before it. */
static void put_words(int count, const char *end, bool small, bool last_end)
{
    char(*hashes)[CRYPTO_LEAK_CHARS + 1] = calloc((size_t)count, sizeof(*hashes));
    struct buf b;

    assert_non_null(hashes);
    buf_init(&b, (size_t)1 << 20);
    for (int i = 0; i < count; i++)
        assert_int_equal(crypto_leak_hash(str_of(word(i)), hashes[i], NULL), 0);
    qsort(hashes, (size_t)count, sizeof(*hashes), compare);
    for (int i = 0; i < count; i++) {
        for (int k = 0; small && k < CRYPTO_LEAK_CHARS; k++)
            hashes[i][k] =
                (char)(hashes[i][k] >= 'A' ? hashes[i][k] - 'A' + 'a' : hashes[i][k]);
        buf_adds(&b, hashes[i]);
        if (i % 3 != 0 && strchr(end, ':')) /* counts of many lengths */
            buf_addf(&b, ":%lld", (long long)i * i * i);
        if (i + 1 < count || last_end)
            buf_adds(&b, end[0] == ':' ? end + 1 : end);
    }
    put_file(b.data, b.len);
    buf_done(&b);
    free(hashes);
}

static void look_up(int count)
{
    bool found = false;
    struct err err = {0};

    for (int i = 0; i < count + 300; i++) {
        if (leaked_find(path, str_of(word(i)), &found, &err) < 0)
            fail_msg("%s: %s", word(i), err.text);
        if (found != (i < count))
            fail_msg("%s of %d is %sfound", word(i), count, found ? "" : "not ");
    }
}

/* SHA-1 of "password", as it is published everywhere. */
static void test_known_hash(void **state)
{
    char hex[CRYPTO_LEAK_CHARS + 1];

    (void)state;
    assert_int_equal(crypto_leak_hash(STR("password"), hex, NULL), 0);
    assert_string_equal(hex, "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8");
}

static void test_each_is_found(void **state)
{
    static const char *const ends[] = {"\n", ":\r\n", ":\n"};

    (void)state;
    for (int form = 0; form < 12; form++) {
        put_words(COUNT, ends[form % 3], form / 3 % 2, form / 6 % 2);
        look_up(COUNT);
    }
    for (int count = 1; count < 12; count++) {
        put_words(count, ends[count % 3], false, count % 2);
        look_up(count);
    }
}

static void test_odd_files(void **state)
{
    static const char *const odd[] = {"", "password\n123456\n", "\n\n\n",
        "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD\n",
        "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8 7\n",
        ("FFAA61E4C9B93F3F0682250B6CF8331B7EE68FD8\n"
         "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8\n")};
    struct err err = {0};

    (void)state;
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        put_file(odd[i], strlen(odd[i]));
        assert_int_equal(leaked_set(node.app, str_of(path), &err), E_INVALID);
    }
    assert_true(leaked_set(node.app, STR("/nowhere/list"), &err) < 0);
    assert_true(leaked_set(node.app, str_of(folder), &err) < 0);
}

/* A person chooses one; the list goes; the list is taken away. */
static void test_choosing(void **state)
{
    struct browser b = {0};
    char where[64];
    char good[] = "{\"old\":\"" GOOD "\",\"new\":\"five otters sing at dawn\"}";

    (void)state;
    add_pema();
    put_words(COUNT, ":\n", false, true);
    assert_int_equal(sign_in(&b, "Pema", GOOD), 200);
    assert_int_equal(leaked_set(node.app, str_of(path), NULL), 0);
    assert_int_equal(
        go(&b, APP_POST, "password",
            "{\"old\":\"" GOOD "\",\"new\":\"leaked yak number 1234\"}", where),
        400);
    assert_string_equal(where, "password-leaked");
    unlink(path);
    assert_int_equal(go(&b, APP_POST, "password", good, where), 500);
    assert_int_equal(leaked_set(node.app, (struct str){NULL, 0}, NULL), 0);
    assert_int_equal(go(&b, APP_POST, "password", good, where), 200);
}

#undef CASE
#define CASE(name) cmocka_unit_test_setup_teardown(test_##name, open_here, close_here)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(known_hash),
        CASE(each_is_found),
        CASE(odd_files),
        CASE(choosing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
