# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Sourced by test/run.sh, bench/run.sh and example/quickstart.sh: installs the
# tools and libraries that they need, or says what to install.
#
# Each line of a list has a command, or a library as -lNAME, and the Debian
# package that contains it. A library is searched for by linking with it: any
# Boost package installs the headers of all Boost libraries.

build_needs="
    g++                               g++
    cmake                             cmake
    ninja                             ninja-build
    -lboost_program_options           libboost-program-options-dev
    -lboost_serialization             libboost-serialization-dev"
test_needs="$build_needs
    clang++                           clang
    clang-format                      clang-format
    python3                           python3
    b2                                libboost-tools-dev
    -lboost_unit_test_framework       libboost-test-dev
    -lboost_coroutine                 libboost-coroutine-dev
    -lboost_context                   libboost-context-dev
    -lboost_log                       libboost-log-dev"

# The bridge to brokers, with Redis.
bridge_needs="
    -lboost_log                       libboost-log-dev
    -lhiredis                         libhiredis-dev
    redis-server                      redis-server"

# Optional: without these, test/run.sh skips steps and prints which.
extra_needs="
    spin                              spin
    pkg-config                        pkg-config
    valgrind                          valgrind
    pip3                              python3-pip
    -lhiredis                         libhiredis-dev
    redis-server                      redis-server
    -lrdkafka                         librdkafka-dev
    -lssl                             libssl-dev
    openssl                           openssl"

# Only for test/run.sh --full: it brings Erlang.
extra_full_needs="
    -lrabbitmq                        librabbitmq-dev
    rabbitmqctl                       rabbitmq-server"
bench_needs="$build_needs
    -lbenchmark                       libbenchmark-dev
    python3                           python3"
bench_peers_needs="
    -lzmq                             libzmq3-dev
    -liceoryx_posh                    libiceoryx-posh-dev
    iox-roudi                         iceoryx"

build_dnf="gcc-c++ cmake ninja-build boost-devel"
test_dnf="$build_dnf clang clang-tools-extra boost-b2 boost-build python3 \
libasan libubsan libtsan"
bench_dnf="$build_dnf google-benchmark-devel python3"
bench_peers_dnf="zeromq-devel"
bridge_dnf="$build_dnf boost-devel hiredis-devel redis"
build_brew="cmake ninja boost"
test_brew="$build_brew boost-build clang-format python"
bridge_brew="$build_brew hiredis redis"
bench_brew="$build_brew google-benchmark python"
bench_peers_brew="zeromq"

have() # command or -lLIBRARY
{
    local prefix= program status=0
    case $1 in
    -l*)
        if command -v brew > /dev/null; then
            prefix=$(brew --prefix)
        fi
        program=$(mktemp)
        printf '#include <boost/version.hpp>\nint main() {}\n' |
            g++ ${prefix:+-I "$prefix/include" -L "$prefix/lib"} -x c++ - \
                -o "$program" "$1" > /dev/null 2>&1 || status=$?
        rm -f "$program"
        return "$status"
        ;;
    *) command -v "$1" > /dev/null ;;
    esac
}

missing() # build, test, extra, bench, bridge: prints "need package" lines
{
    local needs=${1}_needs need package
    while read -r need package; do
        if [ -n "$need" ] && ! have "$need"; then
            echo "$need $package"
        fi
    done <<< "${!needs}"
}

as_root()
{
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

need_tools() # build, test, bench, bridge ...; then optionally: extra
{
    local what=$1 lacking packages command dnf=${1}_dnf brew=${1}_brew
    lacking=$(missing "$what")
    if [ "${2-}" = extra ] && command -v apt-get > /dev/null; then
        lacking+=$'\n'$(missing extra)
        lacking=${lacking%$'\n'}
    fi
    if [ -z "$lacking" ]; then
        return
    fi
    packages=$(awk '{ print $2 }' <<< "$lacking" | sort -u | tr '\n' ' ')

    if command -v apt-get > /dev/null; then
        command="apt-get install $packages"
        if [ "$(id -u)" -ne 0 ] && ! command -v sudo > /dev/null; then
            echo "Tools are missing. Please run as root: $command" >&2
            exit 1
        fi
        echo "Installing: $packages"
        as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y \
            --no-install-recommends $packages > /dev/null
    elif command -v dnf > /dev/null; then
        echo "Fedora: sudo dnf install ${!dnf}" >&2
    elif [ "$(uname)" = Darwin ]; then
        echo "macOS: xcode-select --install; brew install ${!brew}" >&2
    else
        echo "Please install (names of Debian packages): $packages" >&2
    fi

    lacking=$(missing "$what")
    if [ -n "$lacking" ]; then
        echo "Missing:" $(awk '{ print $1 }' <<< "$lacking") >&2
        exit 1
    fi
}

processors()
{
    getconf _NPROCESSORS_ONLN
}

# Fetches a release of Boost from the Python package index, once: cmeel-boost has
# compiled libraries, too; boost-headers has other versions. Prints its prefix, in
# which include/ is; on failure, prints the reason to stderr.
boost_wheel() # version
{
    local folder=build/boost/$1 work name=cmeel-boost
    case $1 in
    1.75.0 | 1.78.0 | 1.81.0 | 1.85.0) name=boost-headers ;;
    esac
    if [ ! -d "$folder" ]; then
        have pip3 || { echo "pip3 is missing" >&2; return 1; }
        mkdir -p build/boost
        work=$(mktemp -d build/boost/download.XXXXXX)
        # It is only unpacked, so it need not match the Python of this machine.
        if ! pip3 download --quiet --no-deps --only-binary :all: \
            --python-version 3.11 --implementation cp --abi cp311 \
            -d "$work" "$name==$1" > "$work/pip.log" 2>&1; then
            sed -n '/^ERROR/h; ${ x; p; }' "$work/pip.log" >&2
            rm -rf "$work"
            return 1
        fi
        if ! python3 -m zipfile -e "$work"/*.whl "$work/unpacked" >&2 ||
            ! mv "$work/unpacked" "$folder"; then
            rm -rf "$work"
            echo "the wheel cannot be unpacked" >&2
            return 1
        fi
        rm -rf "$work"
    fi
    if [ "$name" = boost-headers ]; then
        echo "$PWD/$folder/boost_headers"
    else
        echo "$PWD/$folder/cmeel.prefix"
    fi
}
