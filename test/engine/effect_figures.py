#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The figures that test_effect.c holds the engine to, by another way: least squares and Newey-West in exact
fractions by Gauss's elimination, Student's quantile by Simpson's rule over its density, Poisson limits by
adding up terms in 60 digits. Run by hand; prints what stands in the test."""
from decimal import Decimal, getcontext
from fractions import Fraction as F
from math import cos, gamma, pi, sin, sqrt

getcontext().prec = 60


def inverse(a):
    n = len(a)
    m = [list(row) + [F(int(i == j)) for j in range(n)] for i, row in enumerate(a)]
    for i in range(n):
        p = next(r for r in range(i, n) if m[r][i] != 0)
        m[i], m[p] = m[p], m[i]
        m[i] = [v / m[i][i] for v in m[i]]
        for r in range(n):
            if r != i:
                m[r] = [v - m[r][i] * w for v, w in zip(m[r], m[i])]
    return [row[n:] for row in m]


def times(a, b):
    return [[sum(x * y for x, y in zip(row, col)) for col in zip(*b)] for row in a]


def newey_west(months, x, y, lag):
    n, k = len(x), len(x[0])
    inv = inverse(times(list(zip(*x)), x))
    beta = [r[0] for r in times(inv, times(list(zip(*x)), [[v] for v in y]))]
    u = [yy - sum(b * v for b, v in zip(beta, row)) for yy, row in zip(y, x)]
    s = [[F(0)] * k for _ in range(k)]
    for a in range(n):
        for b in range(n):
            apart = abs(months[a] - months[b])
            if apart <= lag:
                w = (1 - F(apart, lag + 1)) * u[a] * u[b]
                for i in range(k):
                    for j in range(k):
                        s[i][j] += w * x[a][i] * x[b][j]
    v = times(times(inv, s), inv)
    return beta, [[F(n, n - k) * c for c in row] for row in v]


def student(freedom):
    def density(t):
        return gamma((freedom + 1) / 2) / sqrt(freedom * pi) / gamma(freedom / 2) * (1 + t * t / freedom) ** (-(freedom + 1) / 2)

    def inside(t, steps=2000):
        h = t / steps
        return h / 3 * (density(0) + density(t) + 4 * sum(density(h * i) for i in range(1, steps, 2)) + 2 * sum(density(h * i) for i in range(2, steps, 2)))

    low, high = 0.0, 100.0
    for _ in range(60):
        mid = (low + high) / 2
        low, high = (mid, high) if inside(mid) < 0.475 else (low, mid)
    return low


def say(name, beta, v, weights, freedom):
    value = sum(w * b for w, b in zip(weights, beta))
    var = sum(a * v[i][j] * b for i, a in enumerate(weights) for j, b in enumerate(weights))
    half = student(freedom) * sqrt(float(var))
    print(f"{name}: {float(value):.10f} {float(value) - half:.8f} {float(value) + half:.8f}")


def interrupted(name, series, start, seasonal):
    months = [m for m, _ in series]
    x = []
    for m in months:
        t, d = F(m - start), F(int(m >= start))
        x.append([F(1), t, d, t * d] + ([F(sin(2 * pi * m / 12)), F(cos(2 * pi * m / 12))] if seasonal else []))
    lag = int(4 * (len(series) / 100) ** (2 / 9))
    beta, v = newey_west(months, x, [F(y) for _, y in series], lag)
    k, n = len(x[0]), len(x)
    print(f"-- {name}: lag {lag}, begin {float(beta[0]):.10f}, trend {float(beta[1]):.10f}")
    pad = [F(0)] * (k - 4)
    say("level", beta, v, [0, 0, 1, 0] + pad, n - k)
    say("slope", beta, v, [0, 0, 0, 1] + pad, n - k)
    say("last", beta, v, [0, 0, 1, F(months[-1] - start)] + pad, n - k)


def difference(name, ours, others, start):
    before = sum(m < start for m, _ in ours)

    def parts(s):
        s = dict(s)
        mean = F(sum(s[m] for m, _ in ours[:before]), before)
        return [F(s[m]) / mean for m, _ in ours]

    d = [a - sum(c) / len(others) for a, *c in zip(parts(ours), *[parts(o) for o in others])]
    months = [m for m, _ in ours]
    lag = int(4 * (len(ours) / 100) ** (2 / 9))
    beta, v = newey_west(months, [[F(1), F(int(m >= start))] for m in months], d, lag)
    print(f"-- {name}: lag {lag}")
    say("grown", beta, v, [0, 1], len(ours) - 2)
    lag = int(4 * (before / 100) ** (2 / 9))
    beta, v = newey_west(months[:before], [[F(1), F(m - start, 12)] for m in months[:before]], d[:before], lag)
    say("apart", beta, v, [0, 1], before - 2)


def poisson(count):
    def below(k, mean):  # P(X <= k)
        term = total = (-mean).exp()
        for i in range(1, k + 1):
            term *= mean / i
            total += term
        return total

    def where(k, p):  # P(X <= k | mean) = p
        low, high = Decimal(0), Decimal(count * 2 + 40)
        for _ in range(150):
            mid = (low + high) / 2
            low, high = (mid, high) if below(k, mid) > p else (low, mid)
        return low

    low = where(count - 1, Decimal("0.975")) if count else Decimal(0)
    print(f"count {count}: {low:.8f} {where(count, Decimal('0.025')):.8f}")


# The months of test_effect.c: 24252 is January 2021.
SHORT = [(24252 + i, v) for i, v in enumerate([100, 104, 99, 107, 103, None, 110, 108, 106, 112, 131, 128, 137, 140, 139, 151, 148, 155, 153, 166]) if v is not None]
LONG = [(24252 + i, v) for i, v in enumerate([80, 84, 95, 102, 111, 118, 121, 117, 108, 99, 88, 83, 84, 88, 120, 127, 139, 145, 150, 144, 136, 131, 119, 113, 118, 122, 131])]
ONE = [(24250 + i, v) for i, v in enumerate([50, 50, 52, 49, 51, 53, 52, 50, 54, 53, 52, 55, 56, 54, 57, 58, 56, 59, 60, 58, 61, 60, 62, 63])]
TWO = [(24252 + i, v) for i, v in enumerate([200, 210, 190, 205, 199, 0, 208, 202, 207, 211, 205, 199, 204, 210, 213, 207, 209, 212, 215, 211])]

interrupted("short", SHORT, 24262, False)
interrupted("long", LONG, 24266, True)
difference("difference", SHORT, [ONE, TWO], 24262)
for c in (0, 1, 7, 100, 9999):
    poisson(c)
print("student", *(f"{f}: {student(f):.8f}" for f in (1, 7, 15, 100)))
