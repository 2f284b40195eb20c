// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_HANDLE_RESULT_IPP
#define BOOST_IPQ_IMPL_HANDLE_RESULT_IPP

#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/platform/container_failure.hpp>
#include <boost_ipq/error.hpp>
#include <boost/system/error_code.hpp>
#include <exception>
#include <new>
#include <stdexcept>

namespace boost_ipq {
namespace detail {

BOOST_IPQ_DECL boost::system::error_code current_error()
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

BOOST_IPQ_DECL boost::system::error_code
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

BOOST_IPQ_DECL boost::system::error_code reported_error()
{
    try
    {
        return current_error();
    }
    catch (const std::invalid_argument&)
    {
        return errc::invalid_argument;
    }
}

} // namespace detail
} // namespace boost_ipq

#endif
