// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_CORE_SCOPE_EXIT_HPP
#define BOOST_IPQ_DETAIL_CORE_SCOPE_EXIT_HPP

namespace boost_ipq {
namespace detail {

// Calls a function at the end of its scope, also when an exception ends it.
template <class Function>
struct scope_exit
{
    const Function& function;
    ~scope_exit() { function(); }
};

} // namespace detail
} // namespace boost_ipq

#endif
