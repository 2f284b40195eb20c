// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_STOP_TOKEN_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_STOP_TOKEN_HPP

// std::stop_token, where the standard library has it (C++20).

#include <type_traits>

#if __has_include(<stop_token>)
#include <stop_token>
#endif

namespace boost_ipq {
namespace detail {
namespace platform {

#if defined(__cpp_lib_jthread)

template <class T>
using is_std_stop_token = std::is_same<T, std::stop_token>;

template <class Function>
using stop_callback = std::stop_callback<Function>;

#else

template <class>
using is_std_stop_token = std::false_type;

// Never used. Defined, since compilers may check code that is not instantiated.
template <class Function>
struct stop_callback
{
    template <class Token>
    stop_callback(const Token&, Function) noexcept
    {
    }
    ~stop_callback() {}
};

#endif

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
