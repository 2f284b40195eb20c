// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_ERROR_IPP
#define BOOST_IPQ_IMPL_ERROR_IPP

#include <boost_ipq/detail/platform/advice.hpp>
#include <boost_ipq/detail/platform/warnings.hpp>
#include <boost_ipq/error.hpp>
#include <boost/interprocess/exceptions.hpp>
#include <boost/system/error_code.hpp>
#include <string>

namespace boost_ipq {
namespace detail {

// The reason and the advice, as error_code::message() returns them.
inline std::string text_of(errc value)
{
    switch (value)
    {
    case errc::queue_mismatch:
        return "the queue was created with different parameters: open it with "
               "those, or remove it first";
    case errc::queue_corrupt:
        return "the queue's memory is damaged: remove the queue and create it "
               "again";
    case errc::buffer_too_small:
        return "the message is longer than the buffer and stays in the queue: "
               "give a larger buffer, or truncate";
    case errc::message_too_large:
        return "the message can never fit the queue: create the queue with a "
               "larger capacity";
    case errc::not_found:
        return "there is no queue with that name: create it first";
    case errc::already_exists:
        return "a queue with that name exists: open it, or remove it first";
    case errc::no_space:
        return platform::no_space_text;
    case errc::permission_denied:
        return platform::permission_denied_text;
    case errc::too_many_processes:
        return "the queue is open in as many processes as it can be: close "
               "some, or use several queues";
    case errc::invalid_argument:
        return "an argument is out of its range: see the documentation of the "
               "call";
    case errc::closed:
        return "the handle is closed or was moved from: open another";
    case errc::canceled:
        return "cancel() or close() ended the wait";
    case errc::queue_removed:
        return "the queue was removed: close the handle, and open the queue "
               "again if there is a new one";
    case errc::busy:
        return platform::busy_text;
    case errc::timed_out:
        return "the deadline of the call has passed: try again, or give a "
               "later one";
    case errc::stopped:
        return "stop() was called, and the call would have to wait: end, or "
               "open another handle";
    case errc::server_died:
        return "the server that had taken the request is dead: it is not known "
               "what it has done";
    case errc::no_server:
        return "no process serves the requests now: start a server, and call "
               "again";
    case errc::no_answer:
        return "the server dropped the request without an answer";
    case errc::too_many_subscribers:
        return "the broadcast has 1024 subscribers: close some, or use several "
               "broadcasts";
    }
    return "unknown boost_ipq error";
}

// Advice about errors of the system whose messages contain none.
inline std::string advice(const boost::system::error_code& code)
{
    namespace generic = boost::system::errc;
    if (code == generic::too_many_files_open ||
        code == generic::too_many_files_open_in_system)
        return platform::many_files_advice;
    if (code == generic::not_a_directory)
        return ": name a directory";
    if (code == generic::too_many_symbolic_link_levels ||
        code == generic::is_a_directory || code == generic::too_many_links ||
        code == generic::no_such_device_or_address)
        return ": something that is no queue has that name: remove it, or "
               "choose a different name for the queue";
    return {};
}

// The message of code 0 would be "Success", which is wrong for a failure.
inline std::string text_of(const boost::system::error_code& code)
{
    return code ? code.message() + advice(code) : "failed for unknown reasons";
}

inline boost::interprocess::error_code_t
nearest(const boost::system::error_code& code) noexcept
{
    using namespace boost::interprocess;
    if (code.category() != boost_ipq::error_category())
        return system_error;
    switch (static_cast<errc>(code.value()))
    {
    case errc::queue_mismatch:
        return mode_error;
    case errc::queue_corrupt:
        return corrupted_error;
    case errc::buffer_too_small:
    case errc::message_too_large:
        return size_error;
    case errc::not_found:
    case errc::queue_removed:
        return not_found_error;
    case errc::busy:
        return busy_error;
    case errc::timed_out:
        return timeout_when_waiting_error;
    case errc::already_exists:
        return already_exists_error;
    case errc::no_space:
        return out_of_space_error;
    case errc::permission_denied:
        return security_error;
    case errc::too_many_subscribers:
    case errc::too_many_processes:
        return out_of_resource_error;
    default:
        return other_error;
    }
}

} // namespace detail

BOOST_IPQ_DECL const boost::system::error_category& error_category() noexcept
{
    BOOST_IPQ_DETAIL_EFFCXX_OFF
    struct category final : boost::system::error_category
    {
        const char* name() const noexcept override { return "boost_ipq"; }

        std::string message(int value) const override
        {
            return detail::text_of(static_cast<errc>(value));
        }
    };
    BOOST_IPQ_DETAIL_EFFCXX_ON
    static const category instance;
    return instance;
}

BOOST_IPQ_DECL boost::system::error_code make_error_code(errc value) noexcept
{
    return boost::system::error_code(
        static_cast<int>(value), boost_ipq::error_category());
}

BOOST_IPQ_DECL
error::error(boost::system::error_code code, const std::string& context)
    : boost::interprocess::interprocess_exception(
          boost::interprocess::error_info(detail::nearest(code))),
      m_code(code),
      m_what(
          "boost_ipq: " + (context.empty() ? "" : context + ": ") +
          detail::text_of(code))
{
}

BOOST_IPQ_DECL queue_mismatch::queue_mismatch(const std::string& context)
    : error(make_error_code(errc::queue_mismatch), context)
{
}

BOOST_IPQ_DECL queue_corrupt::queue_corrupt(const std::string& context)
    : error(make_error_code(errc::queue_corrupt), context)
{
}

BOOST_IPQ_DECL buffer_too_small::buffer_too_small(const std::string& context)
    : error(make_error_code(errc::buffer_too_small), context)
{
}

BOOST_IPQ_DECL message_too_large::message_too_large(const std::string& context)
    : error(make_error_code(errc::message_too_large), context)
{
}

BOOST_IPQ_DECL queue_removed::queue_removed(const std::string& context)
    : error(make_error_code(errc::queue_removed), context)
{
}

BOOST_IPQ_DECL queue_busy::queue_busy(const std::string& context)
    : error(make_error_code(errc::busy), context)
{
}

namespace detail {

BOOST_IPQ_DECL void
throw_error(const boost::system::error_code& code, const std::string& context)
{
    if (!code)
        throw error(
            boost::system::errc::make_error_code(boost::system::errc::io_error),
            context);
    if (code.category() == boost_ipq::error_category())
        switch (static_cast<errc>(code.value()))
        {
        case errc::queue_mismatch:
            throw queue_mismatch(context);
        case errc::queue_corrupt:
            throw queue_corrupt(context);
        case errc::buffer_too_small:
            throw buffer_too_small(context);
        case errc::message_too_large:
            throw message_too_large(context);
        case errc::queue_removed:
            throw queue_removed(context);
        case errc::busy:
            throw queue_busy(context);
        default:
            break;
        }
    throw error(code, context);
}

BOOST_IPQ_DECL void throw_error(errc code, const std::string& context)
{
    throw_error(make_error_code(code), context);
}

} // namespace detail
} // namespace boost_ipq

#endif
