#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Builds and runs a user's program with the library from each package: pkg-config,
# the Debian package, and, with --full, a project that exports its own target,
# Boost as a part of the project, and Conan.

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

# Conan's remote has no Boost that uses the system's headers: a local recipe does.
check_conan()
{
    local conan=$work/conan/bin/conan
    if ! python3 -m venv "$work/conan" > "$work/venv.log" 2>&1 ||
        ! "$work/conan/bin/pip" install -q conan > "$work/pip.log" 2>&1; then
        echo "Conan: skipped, it cannot be installed from PyPI"
        return
    fi
    export CONAN_HOME=$work/conan_home
    mkdir -p "$work/boost_stub"
    cat > "$work/boost_stub/conanfile.py" << 'END'
from conan import ConanFile


class Boost(ConanFile):
    name = "boost"
    version = "1.74.0"

    def package_info(self):
        self.cpp_info.components["headers"].bindirs = []
        self.cpp_info.components["headers"].libdirs = []
        self.cpp_info.components["headers"].includedirs = []
END
    {
        "$conan" profile detect
        "$conan" remote disable conancenter
        "$conan" create "$work/boost_stub"
        "$conan" create packaging/conan -s compiler.cppstd=17
    } > "$work/conan.log" 2>&1 || { tail -n 40 "$work/conan.log"; exit 1; }
    grep -q "received hello" "$work/conan.log"
    echo "Conan: received hello (Boost from the system, by a local recipe)"
    checked=$((checked + 1))
}

install_library
check_pkg_config
check_debian
if [ "${1-}" = --full ]; then
    check_export
    check_boost_targets
    check_conan
fi
echo "$checked packages work"
