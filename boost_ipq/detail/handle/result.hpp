// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_HANDLE_RESULT_HPP
#define BOOST_IPQ_DETAIL_HANDLE_RESULT_HPP

// Turns the status of an operation, and an exception, into an error code.

#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/platform/container_failure.hpp>
#include <boost_ipq/error.hpp>
#include <boost/system/error_code.hpp>
#include <exception>
#include <new>
#include <stdexcept>

namespace boost_ipq {
namespace detail {

// Returns the code of the current exception if it is an `error` or an
// allocation failure; rethrows any other. Call it inside `catch (...)`.
inline boost::system::error_code current_error()
{
    try
    {
        throw;
    }
    catch (const error& e)
    {
        return e.code();
    }
    catch (const std::bad_alloc&)
    {
        return out_of_memory();
    }
    catch (const platform::container_bad_alloc&)
    {
        return out_of_memory();
    }
}

// As current_error(), but returns `otherwise` for any other std::exception.
inline boost::system::error_code
current_error(const boost::system::error_code& otherwise)
{
    try
    {
        return current_error();
    }
    catch (const std::exception&)
    {
        return otherwise;
    }
}

// Calls `function`. Reports through `ec` the exceptions that current_error()
// handles and std::invalid_argument. Other exceptions propagate.
template <class Function>
bool reported(boost::system::error_code& ec, Function function)
{
    try
    {
        ec.clear();
        return function();
    }
    catch (const std::invalid_argument&)
    {
        ec = errc::invalid_argument;
    }
    catch (...)
    {
        ec = current_error();
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

#endif
