# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# The source: a release, or with BOOST_IPQ_SOURCE in the environment a tree.
if(DEFINED ENV{BOOST_IPQ_SOURCE})
  set(SOURCE_PATH "$ENV{BOOST_IPQ_SOURCE}")
else()
  vcpkg_from_github(
    OUT_SOURCE_PATH SOURCE_PATH
    REPO boost-ipq/boost_ipq
    REF "v${VERSION}"
    SHA512 0 # of the archive of the release
    HEAD_REF main)
endif()

set(VCPKG_BUILD_TYPE release) # headers only
vcpkg_cmake_configure(
  SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS -DBUILD_TESTING=OFF -DBOOST_IPQ_BUILD_EXAMPLES=OFF
          -DBOOST_IPQ_INSTALL=ON)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(
  CONFIG_PATH "lib/cmake/boost_ipq-${VERSION}" PACKAGE_NAME boost_ipq)
vcpkg_fixup_pkgconfig()
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug"
  "${CURRENT_PACKAGES_DIR}/share/doc")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE_1_0.txt")
