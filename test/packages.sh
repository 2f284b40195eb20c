#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Builds and runs a user's program with the library from each package: pkg-config,
# the Debian package, and, with --full, a project that exports its own target,
# Boost as a part of the project, shared and static libraries, the tool's package,
# Conan, a Boost tree, Meson, and vcpkg.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

root=$PWD
work=$root/build/packages
version=$(sed -n 's/.*BOOST_IPQ_LIB_VERSION "\(.*\)"/\1/p' boost_ipq/version.hpp)
checked=0

if ! command -v cmake > /dev/null; then
    echo "packages: skipped, it needs cmake"
    exit
fi
rm -rf "$work"
mkdir -p "$work"

configure() # directory, source, option...
{
    cmake -S "$2" -B "$work/$1" -G Ninja "${@:3}" > "$work/$1.log" 2>&1 ||
        { cat "$work/$1.log"; exit 1; }
}

passed() # what, program
{
    local printed
    printed=$("$2")
    [ "$printed" = "received hello" ]
    echo "$1: $printed"
    checked=$((checked + 1))
}

install_library()
{
    configure library "$root" -DBUILD_TESTING=OFF -DBOOST_IPQ_BUILD_EXAMPLES=OFF
    cmake --install "$work/library" --prefix "$work/prefix" > "$work/install.log"
    test -f "$work/prefix/share/doc/boost_ipq/LICENSE_1_0.txt"
}

check_pkg_config()
{
    if ! command -v pkg-config > /dev/null; then
        echo "pkg-config: skipped, it is not installed"
        return
    fi
    export PKG_CONFIG_PATH=$work/prefix/lib/pkgconfig
    [ "$(pkg-config --modversion boost_ipq)" = "$version" ]
    # shellcheck disable=SC2046
    g++ -std=c++17 packaging/consumer.cpp -o "$work/by_pkg_config" \
        $(pkg-config --cflags --libs boost_ipq)
    passed pkg-config "$work/by_pkg_config"
}

# The package is unpacked, not installed: that would change this machine.
check_debian()
{
    if ! command -v dpkg-deb > /dev/null; then
        echo "Debian package: skipped, it needs dpkg-deb"
        return
    fi
    (cd "$work/library" && cpack -G DEB > ../cpack.log 2>&1) ||
        { cat "$work/cpack.log"; exit 1; }
    dpkg-deb -x "$work/library/libboost-ipq-dev_${version}_all.deb" "$work/deb"
    dpkg-deb -f "$work/library/libboost-ipq-dev_${version}_all.deb" Depends |
        grep -q "libboost-dev (>= 1.74)"
    g++ -std=c++17 -I"$work/deb/usr/include" packaging/consumer.cpp \
        -o "$work/by_debian" -pthread -lrt
    passed "Debian package" "$work/by_debian"
}

# A user's library whose exported target needs ours: BOOST_IPQ_INSTALL=ON.
check_export()
{
    mkdir -p "$work/user"
    cat > "$work/user/CMakeLists.txt" << END
cmake_minimum_required(VERSION 3.16...3.25)
project(user LANGUAGES CXX)
set(BOOST_IPQ_INSTALL ON)
add_subdirectory($root boost_ipq)
add_library(user INTERFACE)
target_link_libraries(user INTERFACE boost_ipq::boost_ipq)
add_executable(main $root/packaging/consumer.cpp)
target_link_libraries(main PRIVATE user)
install(TARGETS user EXPORT user-targets)
install(EXPORT user-targets NAMESPACE user:: DESTINATION lib/cmake/user)
END
    configure export "$work/user"
    cmake --build "$work/export" > "$work/export_build.log"
    cmake --install "$work/export" --prefix "$work/user_prefix" \
        > "$work/export_install.log"
    grep -q "boost_ipq::boost_ipq" \
        "$work/user_prefix/lib/cmake/user/user-targets.cmake"
    passed "exported target" "$work/export/main"
}

# Boost by add_subdirectory or FetchContent: a target for each of its libraries.
check_boost_targets()
{
    mkdir -p "$work/boost_user"
    cat > "$work/boost_user/CMakeLists.txt" << END
cmake_minimum_required(VERSION 3.16...3.25)
project(boost_user LANGUAGES CXX)
set(CMAKE_DISABLE_FIND_PACKAGE_Boost ON) # never a second Boost
foreach(library IN ITEMS assert config core date_time interprocess iterator system)
  add_library(boost_\${library} INTERFACE)
  add_library(Boost::\${library} ALIAS boost_\${library})
endforeach()
add_subdirectory($root boost_ipq)
add_executable(main $root/packaging/consumer.cpp)
target_link_libraries(main PRIVATE boost_ipq::boost_ipq)
END
    configure boost_targets "$work/boost_user"
    cmake --build "$work/boost_targets" > "$work/boost_targets_build.log"
    passed "Boost as part of the project" "$work/boost_targets/main"
}

# A shared library that sends and a static one that receives, in one program. The
# first hides its symbols, so each has the library's variables for itself.
check_libraries()
{
    mkdir -p "$work/libraries"
    cat > "$work/libraries/CMakeLists.txt" << END
cmake_minimum_required(VERSION 3.16...3.25)
project(libraries LANGUAGES CXX)
find_package(boost_ipq REQUIRED)
add_library(sender SHARED sender.cpp)
set_target_properties(sender PROPERTIES CXX_VISIBILITY_PRESET hidden
  VISIBILITY_INLINES_HIDDEN ON)
add_library(receiver STATIC $root/test/cmake_test/second.cpp)
add_executable(main main.cpp)
foreach(library IN ITEMS sender receiver)
  target_link_libraries(\${library} PRIVATE boost_ipq::boost_ipq)
  target_link_libraries(main PRIVATE \${library})
endforeach()
END
    cat > "$work/libraries/sender.cpp" << 'END'
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <optional>
#include <string>

static std::optional<boost_ipq::publisher> out;

__attribute__((visibility("default"))) void send(const std::string& queue)
{
    out.emplace(boost_ipq::create_only, boost_ipq::queue_options(queue, 1024));
    out->enqueue("hello", 5);
}

__attribute__((visibility("default"))) void clean(const std::string& queue)
{
    out.reset();
    boost_ipq::remove_queue(queue);
}
END
    cat > "$work/libraries/main.cpp" << 'END'
#include <iostream>
#include <string>
#include <unistd.h>

void send(const std::string& queue);
void clean(const std::string& queue);
std::string receive(const std::string& queue);

int main()
{
    const std::string queue = "libraries." + std::to_string(getpid());
    send(queue);
    std::cout << "received " << receive(queue) << '\n';
    clean(queue);
}
END
    configure libraries_build "$work/libraries" -DCMAKE_PREFIX_PATH="$work/prefix"
    cmake --build "$work/libraries_build" > "$work/libraries_build.log" ||
        { cat "$work/libraries_build.log"; exit 1; }
    passed "shared and static libraries" "$work/libraries_build/main"
}

# The Debian package of the tool.
check_tool()
{
    if ! command -v dpkg-shlibdeps > /dev/null; then
        echo "Debian package of the tool: skipped, it needs dpkg-dev"
        return
    fi
    configure tool "$root" -DBUILD_TESTING=OFF -DBOOST_IPQ_BUILD_EXAMPLES=OFF \
        -DBOOST_IPQ_BUILD_TOOL=ON
    (cmake --build "$work/tool" && cd "$work/tool" && cpack -G DEB) \
        > "$work/tool_build.log" 2>&1 || { cat "$work/tool_build.log"; exit 1; }
    dpkg-deb -x "$work/tool/boost-ipq-tools_${version}_$(
        dpkg --print-architecture).deb" "$work/tool_deb"
    "$work/tool_deb/usr/bin/ipq" --version | grep -q "$version"
    for file in man/man1/ipq.1 zsh/site-functions/_ipq \
        bash-completion/completions/ipq fish/vendor_completions.d/ipq.fish; do
        test -f "$work/tool_deb/usr/share/$file"
    done
    echo "Debian package of the tool: $("$work/tool_deb/usr/bin/ipq" --version)"
    checked=$((checked + 1))
}

check_conan()
{
    local conan=$work/conan/bin/conan
    if ! python3 -m venv "$work/conan" > "$work/venv.log" 2>&1 ||
        ! "$work/conan/bin/pip" install -q conan > "$work/pip.log" 2>&1; then
        echo "Conan: skipped, it cannot be installed from PyPI"
        return
    fi
    export CONAN_HOME=$work/conan_home
    {
        "$conan" profile detect
        . test/packages/conan_boost.sh "$conan"
        "$conan" create packaging/conan -s compiler.cppstd=17 --build missing
    } > "$work/conan.log" 2>&1 || { tail -n 40 "$work/conan.log"; exit 1; }
    grep -q "received hello" "$work/conan.log"
    echo "Conan: received hello ($(sed -n 's/^packages: //p' "$work/conan.log"))"
    checked=$((checked + 1))
}

# A script of its own, which says why it cannot run.
check_by() # name, script
{
    local reason
    if ! reason=$(bash "test/packages/$2.sh" --check); then
        echo "$1: skipped, $reason"
        return
    fi
    bash "test/packages/$2.sh" "$work/$2" > "$work/$2.log" 2>&1 ||
        { tail -n 40 "$work/$2.log"; exit 1; }
    echo "$1: $(grep '^received hello' "$work/$2.log")"
    checked=$((checked + 1))
}

install_library
check_pkg_config
check_debian
if [ "${1-}" = --full ]; then
    check_export
    check_boost_targets
    check_libraries
    check_tool
    check_conan
    check_by "Boost tree" boost_tree
    check_by Meson meson
    check_by vcpkg vcpkg
fi
echo "$checked packages work"
