/* SPDX-License-Identifier: Apache-2.0 */
/* The table of who may read what, and its network in a node. */
#ifndef TEST_APP_ACCESS_TABLE_H
#define TEST_APP_ACCESS_TABLE_H

#include "network.h"

#define LINES_MOST 1000

struct line {
    struct str person, record;
    bool yes;
};

static struct line lines[LINES_MOST];
static size_t line_count;
static struct line operations[LINES_MOST]; /* lines of "Type/id/$operation" */
static size_t operation_count;

static inline struct str trimmed(struct str s)
{
    while (s.len && s.p[s.len - 1] == ' ')
        s.len--;
    while (s.len && *s.p == ' ') {
        s.p++;
        s.len--;
    }
    return s;
}

static inline void read_table(void)
{
    struct str rest = file_text("reader.table");

    while (rest.p) {
        struct str left = str_cut(&rest, '\n');
        struct line line = {.yes = false};

        if (left.len == 0 || left.p[0] == '#')
            continue;
        line.person = trimmed(str_cut(&left, '|'));
        line.record = trimmed(str_cut(&left, '|'));
        line.yes = str_is(trimmed(str_cut(&left, '|')), "yes");
        if (str_starts(line.record, "AuditEvent/"))
            continue;
        assert_true(line_count < LINES_MOST && operation_count < LINES_MOST);
        if (memchr(line.record.p, '$', line.record.len))
            operations[operation_count++] = line;
        else
            lines[line_count++] = line;
    }
    assert_true(line_count > 300 && operation_count > 20);
}

static inline int open_with_table(void **state)
{
    open_network(state);
    read_table();
    return 0;
}

/* Does the table refuse ${name} to ${person}? */
static inline bool refuses(const char *person, const char *name)
{
    for (size_t i = 0; i < line_count; i++) {
        if (str_is(lines[i].person, person) && str_is(lines[i].record, name))
            return !lines[i].yes;
    }
    return false;
}

static inline const char *text_of(struct str s)
{
    return arena_strndup(arena, s.p, s.len);
}

#endif
