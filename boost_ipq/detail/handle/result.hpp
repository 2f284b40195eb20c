// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_HANDLE_RESULT_HPP
#define BOOST_IPQ_DETAIL_HANDLE_RESULT_HPP

// Turns the status of an operation, and an exception, into an error code.

#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost/system/error_code.hpp>

namespace boost_ipq {
namespace detail {

// Returns the code of the current exception if it is an `error` or an
// allocation failure; rethrows any other. Call it inside `catch (...)`.
boost::system::error_code current_error();

// As current_error(), but returns `otherwise` for any other std::exception.
boost::system::error_code
current_error(const boost::system::error_code& otherwise);

// As current_error(), but also handles std::invalid_argument.
boost::system::error_code reported_error();

// Calls `function`. Reports through `ec` the exceptions that
// reported_error() handles. Other exceptions propagate.
template <class Function>
bool reported(boost::system::error_code& ec, Function function)
{
    try
    {
        ec.clear();
        return function();
    }
    catch (...)
    {
        ec = reported_error();
    }
    return false;
}

// Calls an operation. Returns whether it is done; reports errors and
// cancellations through `ec`.
template <class Operation>
bool finish(boost::system::error_code& ec, Operation operation)
{
    return reported(ec, [&] {
        const status result = operation();
        ec = error_of(result);
        return result == status::done;
    });
}

} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/handle/result.ipp>
#endif

#endif
