# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Sourced with the command `conan` as its argument. Where Conan's remote cannot be
# reached, a local recipe stands for its Boost: the system's headers.

if timeout 30 "$1" search "boost/[>=1.74]" -r conancenter 2> /dev/null |
    grep -q 'boost/'; then
    echo "packages: Conan has its own Boost"
else
    echo "packages: Conan's remote is out of reach; Boost is the system's, by a local recipe"
    if [ ! -f /usr/include/boost/version.hpp ]; then
        apt-get install libboost-dev
    fi
    "$1" remote disable conancenter
    boost_recipe=$(mktemp -d)
    cat > "$boost_recipe/conanfile.py" << 'END'
from conan import ConanFile


class Boost(ConanFile):
    name = "boost"
    version = "1.74.0"

    def package_info(self):
        self.cpp_info.components["headers"].bindirs = []
        self.cpp_info.components["headers"].libdirs = []
        self.cpp_info.components["headers"].includedirs = []
END
    "$1" create "$boost_recipe"
    rm -r "$boost_recipe"
fi
