# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# `cpack -G DEB` makes the Debian package libboost-ipq-dev: headers, CMake package,
# documentation, for every processor. If the tool is built, also boost-ipq-tools: the
# program ipq, for this one.

set(CPACK_PACKAGE_NAME libboost-ipq-dev)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "The boost_ipq authors <boost-ipq@example.org>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_GENERATOR DEB)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_COMPONENTS_ALL Unspecified)

set(CPACK_DEBIAN_UNSPECIFIED_PACKAGE_NAME libboost-ipq-dev)
set(CPACK_COMPONENT_UNSPECIFIED_DESCRIPTION
  "crash-safe message queue between processes (headers)")
set(CPACK_DEBIAN_UNSPECIFIED_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_UNSPECIFIED_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_UNSPECIFIED_PACKAGE_DEPENDS "libboost-dev (>= 1.74)")
set(CPACK_DEBIAN_UNSPECIFIED_PACKAGE_RECOMMENDS "g++ (>= 4:11)")

if(BOOST_IPQ_BUILD_TOOL)
  list(APPEND CPACK_COMPONENTS_ALL tool)
  set(CPACK_DEBIAN_TOOL_PACKAGE_NAME boost-ipq-tools)
  set(CPACK_COMPONENT_TOOL_DESCRIPTION
    "look at message queues between processes and work on them")
  set(CPACK_DEBIAN_TOOL_PACKAGE_SECTION utils)
  set(CPACK_DEBIAN_TOOL_PACKAGE_SHLIBDEPS ON) # needs dpkg-dev
endif()
include(CPack)
