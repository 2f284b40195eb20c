# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Included after project() in a build for a different system: Boost's headers of
# this system, without its other headers.

find_path(BOOST_IPQ_BOOST_ROOT boost/version.hpp
  PATHS /usr/include /usr/local/include
  NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH REQUIRED)
file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/include")
file(CREATE_LINK "${BOOST_IPQ_BOOST_ROOT}/boost"
  "${CMAKE_BINARY_DIR}/include/boost" SYMBOLIC)
add_library(Boost::headers INTERFACE IMPORTED GLOBAL)
target_include_directories(Boost::headers SYSTEM INTERFACE
  "${CMAKE_BINARY_DIR}/include")
