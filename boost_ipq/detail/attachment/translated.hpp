// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ATTACHMENT_TRANSLATED_HPP
#define BOOST_IPQ_DETAIL_ATTACHMENT_TRANSLATED_HPP

#include <boost_ipq/detail/membership/lock_file.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/error.hpp>
#include <boost/interprocess/exceptions.hpp>
#include <boost/system/error_code.hpp>
#include <string>

namespace boost_ipq {
namespace detail {

// Throws the exception of this library that corresponds to one of
// Boost.Interprocess.
[[noreturn]] inline void throw_translated(
    const std::string& queue,
    const boost::interprocess::interprocess_exception& e)
{
    namespace bip = boost::interprocess;
    const std::string context = "queue '" + queue + "' (" + e.what() + ")";
    switch (e.get_error_code())
    {
    case bip::security_error:
        throw_error(errc::permission_denied, context);
    case bip::out_of_space_error:
    case bip::out_of_memory_error:
        throw_error(errc::no_space, context);
    case bip::not_found_error:
        throw_error(
            errc::queue_corrupt, context +
                                     ": parts of it were removed from outside" +
                                     platform::who_removes_objects);
    default:
        break;
    }
    // Thrown by the segment manager, which gives no reason.
    if (dynamic_cast<const bip::bad_alloc*>(&e) != nullptr)
        throw_error(errc::no_space, context);
    const boost::system::error_code native(
        e.get_native_error(), boost::system::system_category());
    lock_file::fail_if(native, context);
    throw_error(native, context);
}

// Calls a function that uses Boost.Interprocess and translates its exceptions.
template <class Function>
auto translated(const std::string& queue, Function function)
{
    try
    {
        return function();
    }
    catch (const error&)
    {
        throw;
    }
    catch (const boost::interprocess::interprocess_exception& e)
    {
        throw_translated(queue, e);
    }
}

} // namespace detail
} // namespace boost_ipq

#endif
