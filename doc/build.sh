#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Builds all of the documentation as HTML.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage()
{
    cat << 'END'
Usage: doc/build.sh [--check] [FOLDER]

Makes HTML of the pages in doc/ and of the comments in the headers, in FOLDER,
by default build/html. Fails if a link leads nowhere. Debian has what it needs:

  apt-get install pandoc asciidoctor python3

  --check   print what is missing, and succeed if nothing is; build nothing
  --help    print this text
END
}

check=no
folder=build/html
for argument; do
    case $argument in
    --check) check=yes ;;
    --help) usage; exit ;;
    -*) usage >&2; exit 2 ;;
    *) folder=$argument ;;
    esac
done

missing=
for tool in pandoc asciidoctor python3; do
    command -v "$tool" > /dev/null || missing="$missing $tool"
done
if [ -n "$missing" ]; then
    echo "it needs$missing: apt-get install pandoc asciidoctor python3"
    exit 1
fi
if [ "$check" = yes ]; then
    exit
fi
exec python3 doc/tool/pages.py "$folder"
