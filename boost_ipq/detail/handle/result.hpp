// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_HANDLE_RESULT_HPP
#define BOOST_IPQ_DETAIL_HANDLE_RESULT_HPP

// How the status of an operation becomes a result, an exception or a code.

#include <boost_ipq/detail/platform/container_failure.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/error.hpp>
#include <boost/config.hpp>
#include <boost/system/error_code.hpp>
#include <new>
#include <stdexcept>

namespace boost_ipq {
namespace detail {

// Runs a function; what the library throws, and an allocator's failure, is
// reported as a code. Other exceptions go on.
template <class Function>
bool reported(boost::system::error_code& ec, Function function)
{
    try
    {
        ec.clear();
        return function();
    }
    catch (const error& e)
    {
        ec = e.code();
    }
    catch (const std::invalid_argument&)
    {
        ec = errc::invalid_argument;
    }
    catch (const std::bad_alloc&)
    {
        ec = out_of_memory();
    }
    catch (const platform::container_bad_alloc&)
    {
        ec = out_of_memory();
    }
    return false;
}

// The result of an operation; an error is for `handle.fail(status, subject)` to
// throw, in words about the subject. A wait that was canceled is no error of
// who waited.
template <class Handle, class Subject>
BOOST_FORCEINLINE bool
finish(status result, const Handle& handle, const Subject& subject)
{
    if (BOOST_IPQ_DETAIL_LIKELY(result == status::done))
        return true;
    if (result != status::would_block && result != status::canceled)
        handle.fail(result, subject);
    return false;
}

// The same of a call that has no result to tell a cancellation by.
template <class Handle, class Subject>
void complete(status result, const Handle& handle, const Subject& subject)
{
    if (!finish(result, handle, subject))
        throw_error(errc::canceled);
}

// The result of an operation, or its error code.
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
