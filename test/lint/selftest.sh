#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The checks of tools/ can fail: each passes on a small clean project and fails, for the
# right reason, once one offence is planted there. 77 of a check means skipped.
set -u
here=$(cd "$(dirname "$0")" && pwd)
tools=$here/../../tools
tree=$(mktemp -d) || exit 1
trap 'rm -rf "$tree"' EXIT
failed=0
spdx='/* SPDX-License-''Identifier: Apache-2.0 */'

# c_file PATH: a C file with the licence and what comes on standard input
c_file() {
    mkdir -p "$(dirname "$tree/$1")"
    { echo "$spdx"; cat; } >"$tree/$1"
}

# A room that uses another, and nothing wrong with either.
clean_tree() {
    rm -rf "$tree/src" "$tree/tools" "$tree/test" "$tree/docs"
    mkdir -p "$tree/tools"
    cp "$tools/layers.txt" "$tree/tools"
    cp "$tools/../.clang-format" "$tree"
    c_file src/base/a.h <<'C'
#ifndef BASE_A_H
#define BASE_A_H

int a_one(void);

#endif
C
    c_file src/base/a_internal.h <<'C'
#ifndef BASE_A_INTERNAL_H
#define BASE_A_INTERNAL_H

#include "base/a.h"

#endif
C
    c_file src/base/a.c <<'C'
#include <pthread.h>

#include "base/a_internal.h"

int a_one(void)
{
    return 1;
}
C
    c_file src/json/b.c <<'C'
#include "base/a.h"

static int b_two(void)
{
    return a_one() + 1; /* at/home/temp is no path of a machine */
}

int main(void)
{
    return b_two();
}
C
}

# run CHECK: its exit code in $code, what it said in $said
run() {
    said=$("$tools/check-$1" "$tree" 2>&1)
    code=$?
}

# fails CHECK WORDS: the tree as it is now must fail with WORDS; then it is clean again
fails() {
    run "$1"
    case $code:$said in
    77:*) ;;
    0:*)
        echo "check-$1 takes: $2"
        failed=1
        ;;
    *"$2"*) ;;
    *)
        echo "check-$1 fails without saying \"$2\": $said"
        failed=1
        ;;
    esac
    clean_tree
}

clean_tree
for check in layers headers statics sizes format words declared asvs; do
    run $check
    if [ $code -ne 0 ] && [ $code -ne 77 ]; then
        echo "check-$check refuses a clean tree: $said"
        failed=1
    fi
done

echo '#include "json/b.h"' >>"$tree/src/base/a.c"
fails layers "room base may not use room json"
echo '#include "base/a_internal.h"' >>"$tree/src/json/b.c"
fails layers "is internal to room base"
echo '#include <pthread.h>' >>"$tree/src/json/b.c"
fails layers "<pthread.h> may not be included in room json"
echo '#  include <somebody/library.h>' >>"$tree/src/json/b.c"
fails layers "<somebody/library.h> is not in"
echo '#include "a.h"' >>"$tree/src/base/a.c"
fails layers "does not name its room"
echo '#include "base/a.h"' | c_file src/nowhere/c.c
fails layers "no line for room nowhere"

printf '#ifndef C_H\n#define C_H\nsize_t c_three(void);\n#endif\n' | c_file src/base/c.h
fails headers "src/base/c.h: does not compile alone"
printf 'struct c {\n    int three;\n};\n' | c_file src/base/c.h
fails headers "src/base/c.h: does not compile alone"

printf '\nint a_lonely(\n    int more)\n{\n    return more;\n}\n' >>"$tree/src/base/a.c"
fails statics "a.c:11: a_lonely() is used in no other file"
printf '\nint a_lonely(void)\n{\n    return 2;\n}\n' >>"$tree/src/base/a.c"
printf '/* a_lonely() in\n * a_lonely() */\nconst char *b = "a_lonely";\n' >>"$tree/src/json/b.c"
fails statics "a_lonely() is used in no other file"

yes '/* more */' | head -n 600 | c_file src/base/c.h
fails sizes "file src/base/c.h: has 601 lines"
{ printf 'int c(void)\n{\n'; yes '    c();' | head -n 69; echo '}'; } | c_file src/base/c.c
fails sizes "function src/base/c.c:c: has 71 lines"
printf 'int c(int a, int b, int c,\n    void (*d)(int, int), int e, int f, int g)\n{\n}\n' |
    c_file src/base/c.c
fails sizes "parameters src/base/c.c:c: has 7 parameters"
yes '/* more */' | head -n 700 | c_file src/base/c.h
echo 'file src/base/c.h 702' >"$tree/tools/size-allow.txt"
fails sizes "is down to 701"
yes '/* more */' | head -n 700 | c_file src/base/c.h
echo 'file src/base/c.h 700' >"$tree/tools/size-allow.txt"
fails sizes "file src/base/c.h: has 701 lines"
echo 'file src/base/c.h 700' >"$tree/tools/size-allow.txt"
fails sizes "take its line out"
yes '/* more */' | head -n 700 | c_file src/base/c.h
echo 'file src/base/c.h 701' >"$tree/tools/size-allow.txt"
run sizes
if [ $code -ne 0 ]; then
    echo "check-sizes does not read size-allow.txt: $said"
    failed=1
fi
clean_tree

printf 'int  c;\n' | c_file src/base/c.c
fails format "c.c:2"

echo '/* see /wo''rk/main/here */' | c_file src/base/c.h
fails words "path of a machine"
echo 'char *c = "/ho''me/somebody/x";' | c_file src/base/c.h
fails words "path of a machine"
echo '/* from registry.np''mjs.org */' | c_file src/base/c.h
fails words "host of a registry"
echo '/* TO''DO: later */' | c_file src/base/c.h
fails words "unfinished"
echo 'int c;' >"$tree/src/base/c.h"
fails words "src/base/c.h: does not start with its licence"
printf 'int c;\n%s\n' "$spdx" >"$tree/src/base/c.h"
fails words "src/base/c.h: does not start with its licence"

echo 'const char *c = "https://belay.health/CodeSystem/nowhere";' | c_file src/base/c.c
fails declared "src/base/c.c: https://belay.health/CodeSystem/nowhere is declared in no file"
mkdir -p "$tree/tools/demo"
echo 'const url = `${BELAY}/ValueSet/nowhere`;' >"$tree/tools/demo/c.mjs"
fails declared "tools/demo/c.mjs: https://belay.health/ValueSet/nowhere is declared in no file"

for wrong in "1.1.1 stands there twice" "99.1.1 is no line" "98-nowhere is not there" \
    "17.3.2 is missing"; do
    mkdir -p "$tree/docs" "$tree/test"
    echo '| 1.1.1, 1.1.1, 99.1.1 | said | 98-nowhere |' >"$tree/docs/ASVS.md"
    fails asvs "$wrong"
done

[ $failed -eq 0 ] && echo "every check can fail"
exit $failed
