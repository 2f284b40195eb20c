#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# A newcomer: gets from a bare Debian 12 to two working programs of his own by what
# the README says, and prints the seconds. The commands, the build files and the
# code are those of the README, word for word.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

root=$PWD
work=$root/build/newcomer
all_ways="b2 find_package fetchcontent add_subdirectory pkg-config deb conan"

usage()
{
    cat << END
Usage: test/newcomer.sh [--check] [WAY...]
WAY: $all_ways. Default: all.

Needs Linux, root, debootstrap and Debian's packages. The bare system is made once,
in build/newcomer/; each way has a copy of it. Prints the seconds of each way, and how
many of them apt-get took, which downloads each package only once. The seconds of
the processor do not depend on what else the machine does.

  --check  say whether it can run, and nothing else
END
}

check()
{
    [ "$(uname)" = Linux ] || { echo "it needs Linux"; return 1; }
    [ "$(id -u)" -eq 0 ] || { echo "it needs root"; return 1; }
    command -v debootstrap > /dev/null || { echo "it needs debootstrap"; return 1; }
    unshare --mount true 2> /dev/null || { echo "it may not mount"; return 1; }
}

# The text of the blocks that the README marks for a way.
blocks() # way, what
{
    awk -v way="$1" -v what="$2" '
        /^<!-- .*: .* -->$/ {
            line = substr($0, 6, length($0) - 9)
            split(line, part, ": ")
            marked = index(" " part[1] " ", " " way " ") && part[2] == what
            next
        }
        /^```/ { inside = !inside; if (!inside) marked = 0; next }
        inside && marked' README.md
}

# The C++ code of the README after a line, in a main().
program() # line
{
    echo '#include <iostream>'
    echo '#include <string>'
    awk -v line="$1" '
        $0 == line { found = 1 }
        found && /^```/ { if (inside) exit; inside = 1; next }
        inside' README.md > "$work/code"
    grep '^#include' "$work/code"
    echo 'void process(const std::string& message)'
    echo '{'
    echo '    std::cout << message << std::endl;'
    echo '}'
    echo 'int main()'
    echo '{'
    grep -v '^#include' "$work/code"
    echo '}'
}

# A bare system with the lists of packages, and the repository as it would be found.
make_system()
{
    if [ ! -d "$work/debian" ]; then
        rm -rf "$work/making"
        debootstrap --variant=minbase bookworm "$work/making" > "$work/debootstrap.log"
        cp /etc/resolv.conf "$work/making/etc/"
        chroot "$work/making" apt-get update -qq
        mv "$work/making" "$work/debian"
    fi
    rm -rf "$work/source"
    mkdir -p "$work/archives/partial" "$work/source"
    git ls-files -z --cached --others --exclude-standard |
        xargs -0 cp --parents -t "$work/source"
    git -C "$work/source" init -q
    git -C "$work/source" add -A
    git -C "$work/source" -c user.name=newcomer -c user.email=newcomer@localhost \
        commit -qm snapshot
    git -C "$work/source" tag "v$(sed -n \
        's/.*BOOST_IPQ_LIB_VERSION "\(.*\)"/\1/p' boost_ipq/version.hpp)"
}

# The project of the newcomer, and what stands in for the outside world.
make_project() # way
{
    local home=$work/way/upper/root fragment=$work/fragment
    mkdir -p "$home/app"
    cp -a "$work/source" "$home/boost_ipq"
    program "One program sends:" > "$home/app/sender.cpp"
    program "Another receives:" > "$home/app/receiver.cpp"
    for file in CMakeLists.txt conanfile.txt Jamroot; do
        blocks "$1" "$file" > "$home/app/$file"
        [ -s "$home/app/$file" ] || rm "$home/app/$file"
    done
    case $1 in
    fetchcontent) blocks "$1" "instead of find_package" > "$fragment" ;;
    add_subdirectory)
        grep -o 'add_subdirectory(\.\./boost_ipq boost_ipq)' README.md > "$fragment"
        ;;
    *) : > "$fragment" ;;
    esac
    if [ -s "$fragment" ]; then
        sed -i -e "/^find_package(boost_ipq/r $fragment" \
            -e '/^find_package(boost_ipq/d' "$home/app/CMakeLists.txt"
    fi
    # The repository is the one beside the project.
    cat > "$home/.gitconfig" << 'END'
[url "/root/boost_ipq"]
    insteadOf = https://github.com/boost-ipq/boost_ipq.git
[safe]
    directory = *
END
    commands "$1" > "$home/commands"
    # Counts the seconds of apt-get.
    mkdir -p "$work/way/upper/usr/local/bin"
    cat > "$work/way/upper/usr/local/bin/apt-get" << 'END'
#!/bin/bash
/usr/bin/apt-get -y -qq "$@" < /dev/null > /root/apt.log 2>&1
status=$?
echo $SECONDS >> /root/apt_seconds
[ $status -eq 0 ] || cat /root/apt.log
exit $status
END
    chmod +x "$work/way/upper/usr/local/bin/apt-get"
}

# What is typed, all of it from the README.
commands() # way
{
    case $1 in
    fetchcontent | add_subdirectory)
        echo "apt-get install g++ cmake libboost-dev git"
        blocks find_package run | tail -n 1
        ;;
    # Where Conan's remote cannot be reached, a recipe for the system's Boost.
    conan) blocks conan run | sed '/profile detect/a . /root/boost_ipq/test/packages/conan_boost.sh venv/bin/conan' ;;
    *) blocks "$1" run ;;
    esac
}

# Runs in a mount namespace of its own.
run_inside() # way
{
    local system=$work/way/system
    mount -t overlay overlay \
        -o "lowerdir=$work/debian,upperdir=$work/way/upper,workdir=$work/way/work" \
        "$system"
    mount -t proc proc "$system/proc"
    mount --rbind /dev "$system/dev"
    mount -t tmpfs tmpfs "$system/dev/shm"
    mount --bind "$work/archives" "$system/var/cache/apt/archives"
    cp /etc/resolv.conf "$system/etc/"
    # For pip, if the host has a certificate authority of its own.
    mkdir -p "$system/etc/ssl/certs"
    cp -L /etc/ssl/certs/ca-certificates.crt "$system/etc/ssl/host.crt"
    env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        PIP_CERT=/etc/ssl/host.crt \
        chroot "$system" bash -euxc 'cd /root/app && . /root/commands' || return
    check_pair "$system"
}

# The receiver prints what the sender sent.
check_pair() # system
{
    local sender receiver
    sender=$(find "$1/root/app" -name sender -type f -perm /111 | head -n 1)
    receiver=$(find "$1/root/app" -name receiver -type f -perm /111 | head -n 1)
    chroot "$1" "${sender#"$1"}"
    chroot "$1" "${receiver#"$1"}" > "$work/way/received" &
    for ((i = 0; i < 500; ++i)); do
        grep -qx "42 apples" "$work/way/received" && break
        sleep 0.01
    done
    kill $! && wait $! || true
    grep -x "42 apples" "$work/way/received"
}

one_way() # way
{
    local start
    rm -rf "$work/way"
    mkdir -p "$work/way"/{upper/root,work,system}
    make_project "$1"
    start=$SECONDS
    TIMEFORMAT='%U %S'
    if ! { time unshare --mount "$BASH" "$root/test/newcomer.sh" --inside "$1" \
        > "$work/$1.log" 2>&1; } 2> "$work/way/time"; then
        echo "$1: FAILED, see build/newcomer/$1.log"
        tail -n 30 "$work/$1.log"
        return 1
    fi
    printf '%-18s %4d s, of which apt-get %4d s; processor: %3d s\n' \
        "$1" $((SECONDS - start)) \
        "$(awk '{ s += $1 } END { printf "%.0f", s }' "$work/way/upper/root/apt_seconds")" \
        "$(awk '{ printf "%.0f", $1 + $2 }' "$work/way/time")"
    grep '^packages: ' "$work/$1.log" || true
}

case ${1-} in
--help) usage; exit ;;
--check) check; exit ;;
--inside) run_inside "$2"; exit ;;
esac
reason=$(check) || { echo "newcomer: skipped, $reason"; exit; }
mkdir -p "$work"
make_system
grep -m 1 'model name' /proc/cpuinfo | sed 's/.*: /processor: /'
failed=0
for way in ${*:-$all_ways}; do
    case " $all_ways " in
    *" $way "*) one_way "$way" || failed=1 ;;
    *) usage >&2; exit 2 ;;
    esac
done
exit $failed
