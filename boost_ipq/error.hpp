// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_ERROR_HPP
#define BOOST_IPQ_ERROR_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost/interprocess/exceptions.hpp>
#include <boost/system/error_code.hpp>
#include <string>
#include <type_traits>

namespace boost_ipq {

//! The reasons for failures of this library. Converts to
//! `boost::system::error_code`. Failures of the operating system have codes of
//! the system's category.
enum class errc
{
    queue_mismatch = 1, //!< the queue was created with different parameters
    queue_corrupt,      //!< the queue's memory is damaged, or parts are missing
    buffer_too_small,   //!< the message is longer than the buffer
    message_too_large,  //!< the message can never fit the queue
    not_found,          //!< there is no queue with that name
    already_exists,     //!< create_only, and the queue exists
    no_space,           //!< there is no space for the queue's segment
    permission_denied,  //!< the system does not permit it to this user
    too_many_processes, //!< the queue is open in the maximum of 1,024 processes
    invalid_argument,   //!< an argument is out of its range
    closed,             //!< the handle is closed, or was moved from
    canceled,           //!< cancel() or close() ended the wait
    queue_removed,      //!< the queue was removed while the handle had it open
    busy,               //!< a stopped process holds a lock of the queue
    timed_out,          //!< the deadline of the call has passed
    stopped,            //!< stop() was called, and the call would have to wait
    server_died,        //!< the server that had taken the request is dead
    no_server,          //!< no process serves the requests now
    no_answer,          //!< the server dropped the request without an answer
    too_many_subscribers //!< the broadcast has the maximum of 1,024 subscribers
};

//! Returns: the category of `errc`, one object for the whole program.
//! Throws: nothing.
//! Complexity: constant.
//! Thread safety: safe.
const boost::system::error_category& error_category() noexcept;

//! Returns: an `error_code` with that value and `error_category()`. Makes
//! `errc` convertible to `boost::system::error_code`. Throws: nothing.
//! Complexity: constant.
//! Thread safety: safe.
boost::system::error_code make_error_code(errc value) noexcept;

//! The base class of the library's exceptions. Calls that fail throw it or a
//! class derived from it, except for invalid names, capacities and alignments
//! (std::invalid_argument) and failed allocations (std::bad_alloc).
//!
//! `get_error_code()` returns the nearest value of Boost.Interprocess.
class error : public boost::interprocess::interprocess_exception
{
public:
    //! Effects: creates an exception whose `what()` contains `context` and the
    //! message of `code`.
    //! Throws: `std::bad_alloc`.
    explicit error(
        boost::system::error_code code, const std::string& context = "");

    //! Returns: the reason, in `error_category()` or the system's category.
    //! Throws: nothing.
    const boost::system::error_code& code() const noexcept { return m_code; }

    //! Returns: a text that tells what failed, why, and what to do.
    //! Throws: nothing.
    const char* what() const noexcept override { return m_what.c_str(); }

private:
    boost::system::error_code m_code;
    std::string m_what;
};

//! The queue was created with parameters that differ from the options, or by an
//! incompatible version of this library or of Boost. Also: a message cannot be
//! decoded as an object of the expected type.
class queue_mismatch : public error
{
public:
    //! Effects: creates an exception with `errc::queue_mismatch`.
    //! Throws: `std::bad_alloc`.
    explicit queue_mismatch(const std::string& context = "");
};

//! The queue's memory is damaged, or parts of it are missing.
class queue_corrupt : public error
{
public:
    //! Effects: creates an exception with `errc::queue_corrupt`.
    //! Throws: `std::bad_alloc`.
    explicit queue_corrupt(const std::string& context = "");
};

//! The message is longer than the buffer. It stays in the queue.
class buffer_too_small : public error
{
public:
    //! Effects: creates an exception with `errc::buffer_too_small`.
    //! Throws: `std::bad_alloc`.
    explicit buffer_too_small(const std::string& context = "");
};

//! The message can never fit the queue.
class message_too_large : public error
{
public:
    //! Effects: creates an exception with `errc::message_too_large`.
    //! Throws: `std::bad_alloc`.
    explicit message_too_large(const std::string& context = "");
};

//! The queue was removed while the handle had it open. A queue of that name may
//! exist again; it is a different one.
class queue_removed : public error
{
public:
    //! Effects: creates an exception with `errc::queue_removed`.
    //!
    //! Throws: `std::bad_alloc`.
    explicit queue_removed(const std::string& context = "");
};

//! A process that lives but does not run holds a lock of the queue.
class queue_busy : public error
{
public:
    //! Effects: creates an exception with `errc::busy`.
    //!
    //! Throws: `std::bad_alloc`.
    explicit queue_busy(const std::string& context = "");
};

namespace detail {

// Throws the exception that belongs to a code. Code 0 becomes an I/O error: a
// caller would take it for success.
[[noreturn]] void throw_error(
    const boost::system::error_code& code, const std::string& context = "");

[[noreturn]] void throw_error(errc code, const std::string& context = "");

} // namespace detail
} // namespace boost_ipq

namespace boost {
namespace system {

template <>
struct is_error_code_enum<boost_ipq::errc> : std::true_type
{
};

} // namespace system
} // namespace boost

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/error.ipp>
#endif

#endif
