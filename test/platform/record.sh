# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Sourced by test/run.sh and test/platform_check.sh: notes what was run where. The
# lines are the table of doc/platforms.md, see test/platform/table.py.

results=$PWD/build/platform/results.tsv

# One line of the table in doc/platforms.md, instead of an earlier one for the
# same combination.
record() # system, compiler, Boost, passed, failed, skipped, remark
{
    local key
    key=$(printf '%s\t%s\t%s' "$1" "$2" "$3")
    mkdir -p "${results%/*}"
    touch "$results"
    grep -vF "$key"$'\t' "$results" > "$results.new" || true
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$key" "$4" "$5" "$6" \
        "$(date -u +%Y-%m-%d)" "${7:-}" >> "$results.new"
    mv "$results.new" "$results"
}

boost_version() # directory of headers
{
    sed -n 's/^#define BOOST_LIB_VERSION "\(.*\)"/\1/p' \
        "$1/boost/version.hpp" | tr _ .
}

system_name()
{
    echo "$(uname -s) $(uname -m), $(. /etc/os-release 2> /dev/null && echo "${PRETTY_NAME:-}")"
}

compiler_name() # compiler
{
    "$@" --version | head -n 1 | sed 's/ (.*) / /; s/^Debian //; s/-[0-9]*$//'
}
