/* SPDX-License-Identifier: Apache-2.0 */
/* Exact probabilities of a reflected walk. */
#include <math.h>
#include <string.h>

#include "engine/competence/walk_internal.h"

/* Finer than WALK_SAME, so that a limit found is the score it stands for. */
#define LIMIT_PRECISION 1e-10

/* Probabilities of the scores offset + i up + j down that lie above 0 and not above the
 * limit. Row j holds the ${width} values of i that can do so, from first(j) on. */
struct lattice {
    double offset;
    double *now, *next; /* [steps + 1][width] */
};

struct ground {
    const struct walk *walk;
    double limit;
    int width, rows;
    struct lattice from_start, from_zero;
    double crossed;
};

static int first_of(const struct ground *g, const struct lattice *l, int j)
{
    double lowest = (-l->offset - j * g->walk->down) / g->walk->up;

    return lowest > 0 ? (int)floor(lowest) : 0;
}

/* Carry ${q}, the probability of being at i, j of ${l}, into the next case's table. */
static void carry(struct ground *g, struct lattice *l, int i, int j, double q)
{
    double score = l->offset + i * g->walk->up + j * g->walk->down;
    int column = i - first_of(g, l, j);

    if (score > g->limit + WALK_SAME)
        g->crossed += q;
    else if (score <= WALK_SAME)
        g->from_zero.next[0] += q;
    else if (column >= 0 && column < g->width && j < g->rows)
        l->next[(size_t)j * (size_t)g->width + (size_t)column] += q;
}

static void step(struct ground *g, struct lattice *l, int rows)
{
    for (int j = 0; j < rows; j++) {
        const double *row = l->now + (size_t)j * (size_t)g->width;
        int first = first_of(g, l, j);

        for (int k = 0; k < g->width; k++) {
            if (row[k] <= 0)
                continue;
            carry(g, l, first + k + 1, j, row[k] * g->walk->p_up);
            carry(g, l, first + k, j + 1, row[k] * (1 - g->walk->p_up));
        }
    }
}

static void turn(struct ground *g, struct lattice *l)
{
    double *old = l->now;

    l->now = l->next;
    l->next = old;
    memset(old, 0, (size_t)g->rows * (size_t)g->width * sizeof(*old));
}

static int make_lattice(
    struct ground *g, struct lattice *l, double offset, struct arena *a)
{
    size_t size = (size_t)g->rows * (size_t)g->width;

    l->offset = offset;
    l->now = arena_array(a, size, sizeof(*l->now));
    l->next = arena_array(a, size, sizeof(*l->next));
    return l->now && l->next ? 0 : E_NOMEM;
}

int walk_crossing(const struct walk *walk, double start, double limit, int steps,
    struct arena *a, double *ret, struct err *err)
{
    struct ground g = {.walk = walk, .limit = limit};

    g.width = (int)floor(limit / walk->up) + 3;
    g.rows = steps + 1;
    if (make_lattice(&g, &g.from_zero, 0, a) < 0 ||
        make_lattice(&g, &g.from_start, start, a) < 0)
        return err_nomem(err);
    if (start > WALK_SAME)
        g.from_start.now[0] = 1;
    else
        g.from_zero.now[0] = 1;
    for (int t = 0; t < steps; t++) {
        step(&g, &g.from_zero, t + 1);
        if (start > WALK_SAME)
            step(&g, &g.from_start, t + 1);
        turn(&g, &g.from_zero);
        turn(&g, &g.from_start);
        ret[t] = g.crossed;
    }
    return 0;
}

/* Is the walk above ${limit} within ${steps} with more than ${alpha}? */
static int exceeds(const struct walk *walk, double limit, int steps, double alpha,
    bool *ret, struct err *err)
{
    struct arena *a = arena_new();
    double *crossed = a ? arena_array(a, (size_t)steps, sizeof(*crossed)) : NULL;
    int r = crossed ? walk_crossing(walk, 0, limit, steps, a, crossed, err)
                    : err_nomem(err);

    if (r == 0)
        *ret = crossed[steps - 1] > alpha;
    arena_free(a);
    return r;
}

int walk_limit(
    const struct walk *walk, int steps, double alpha, double *ret, struct err *err)
{
    double low = 0, high = walk->up;
    bool more = true;
    int r = 0;

    while (r == 0 && more) {
        r = exceeds(walk, high, steps, alpha, &more, err);
        if (r == 0 && more) {
            low = high;
            high *= 2;
        }
    }
    while (r == 0 && high - low > LIMIT_PRECISION) {
        double middle = low + (high - low) / 2;

        r = exceeds(walk, middle, steps, alpha, &more, err);
        if (more)
            low = middle;
        else
            high = middle;
    }
    if (r == 0)
        *ret = high;
    return r;
}
