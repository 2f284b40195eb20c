// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_ERROR_HPP
#define BOOST_IPQ_ERROR_HPP

#include <boost/interprocess/exceptions.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>
#include <string>
#include <type_traits>

namespace boost_ipq {

//! What can go wrong, as values of boost::system::error_code.
enum class errc
{
    queue_mismatch = 1, //!< opened with other parameters than it was made with
    queue_corrupt,      //!< the queue's memory is damaged, or parts are gone
    buffer_too_small,   //!< the message is longer than the buffer
    message_too_large,  //!< the message could never fit the queue
    not_found,          //!< there is no queue of that name
    already_exists,     //!< create_only, and there is one
    no_space,           //!< the segment does not fit the memory file system
    permission_denied,  //!< the system does not let this user do that
    too_many_processes, //!< more processes than a queue has places for
    invalid_argument,   //!< an argument is out of its range
    closed,             //!< the handle is closed or was moved from
    canceled            //!< cancel() was called, or the handle is being closed
};

//! The category of errc.
//!
//! Returns: one object for the whole program.
//! Throws: nothing. Thread safety: safe.
inline const boost::system::error_category& error_category() noexcept
{
    struct category final : boost::system::error_category
    {
        const char* name() const noexcept override { return "boost_ipq"; }

        std::string message(int value) const override
        {
            switch (static_cast<errc>(value))
            {
            case errc::queue_mismatch:
                return "the queue has other parameters than it was opened "
                       "with: open it with its own, or remove it first";
            case errc::queue_corrupt:
                return "the queue's memory is damaged: remove the queue and "
                       "create it again";
            case errc::buffer_too_small:
                return "the message is longer than the buffer and was left in "
                       "the queue: give a larger buffer, or truncate";
            case errc::message_too_large:
                return "the message could never fit the queue: create the "
                       "queue with a larger capacity";
            case errc::not_found:
                return "there is no queue of that name: create it first";
            case errc::already_exists:
                return "a queue of that name exists: open it, or remove it "
                       "first";
            case errc::no_space:
                return "no space for the queue's segment: choose a smaller "
                       "capacity, or enlarge the memory file system (Linux: "
                       "/dev/shm)";
            case errc::permission_denied:
                return "not permitted to this user: create the queue with "
                       "other permissions; its directory must be writable, "
                       "and where that is sticky, as /dev/shm is, only its "
                       "owner may remove it";
            case errc::too_many_processes:
                return "1024 processes have the queue open: close some, or "
                       "use several queues";
            case errc::invalid_argument:
                return "an argument is out of its range: see the "
                       "documentation of the call";
            case errc::closed:
                return "the handle is closed or was moved from: open another";
            case errc::canceled:
                return "the waiting was ended by cancel() or close()";
            }
            return "unknown boost_ipq error";
        }
    };
    static const category instance;
    return instance;
}

//! Makes an error_code of an errc. Throws: nothing.
inline boost::system::error_code make_error_code(errc value) noexcept
{
    return boost::system::error_code(
        static_cast<int>(value), boost_ipq::error_category());
}

namespace detail {

// What to do about an error of the system whose text does not say it.
inline std::string advice(const boost::system::error_code& code)
{
    namespace generic = boost::system::errc;
    if (code == generic::too_many_files_open ||
        code == generic::too_many_files_open_in_system)
        return ": close some, or raise the limit (POSIX: ulimit -n)";
    if (code == generic::not_a_directory)
        return ": name a directory";
    if (code == generic::too_many_symbolic_link_levels ||
        code == generic::is_a_directory ||
        code == generic::no_such_device_or_address)
        return ": something that is no queue has that name: remove it, or "
               "choose another name for the queue";
    return {};
}

// What went wrong, and what to do. A failure without a reason must not be
// called "Success".
inline std::string text_of(const boost::system::error_code& code)
{
    return code ? code.message() + advice(code) : "failed for unknown reasons";
}

} // namespace detail

//! Thrown by every operation of the library that fails.
//!
//! get_error_code() gives the nearest value of Boost.Interprocess.
class error : public boost::interprocess::interprocess_exception
{
public:
    //! Effects: what() tells `context` and the code's message.
    explicit error(
        boost::system::error_code code, const std::string& context = "")
        : boost::interprocess::interprocess_exception(
              boost::interprocess::error_info(nearest(code))),
          m_code(code),
          m_what(
              "boost_ipq: " + (context.empty() ? "" : context + ": ") +
              detail::text_of(code))
    {
    }

    //! Returns: what went wrong; of error_category() or the system's.
    const boost::system::error_code& code() const noexcept { return m_code; }

    //! Returns: a text that says what to do.
    const char* what() const noexcept override { return m_what.c_str(); }

private:
    static boost::interprocess::error_code_t
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
            return not_found_error;
        case errc::already_exists:
            return already_exists_error;
        case errc::no_space:
            return out_of_space_error;
        case errc::permission_denied:
            return security_error;
        case errc::too_many_processes:
            return out_of_resource_error;
        default:
            return other_error;
        }
    }

    boost::system::error_code m_code;
    std::string m_what;
};

//! The queue has other parameters than it was opened with.
class queue_mismatch : public error
{
public:
    explicit queue_mismatch(const std::string& context = "")
        : error(make_error_code(errc::queue_mismatch), context)
    {
    }
};

//! The queue's memory is damaged, or parts of it are gone.
class queue_corrupt : public error
{
public:
    explicit queue_corrupt(const std::string& context = "")
        : error(make_error_code(errc::queue_corrupt), context)
    {
    }
};

//! The message is longer than the buffer, and still in the queue.
class buffer_too_small : public error
{
public:
    explicit buffer_too_small(const std::string& context = "")
        : error(make_error_code(errc::buffer_too_small), context)
    {
    }
};

//! The message could never fit the queue.
class message_too_large : public error
{
public:
    explicit message_too_large(const std::string& context = "")
        : error(make_error_code(errc::message_too_large), context)
    {
    }
};

namespace detail {

// Throws the exception that belongs to a code. One that says nothing must not
// reach a caller who takes zero for success.
[[noreturn]] inline void throw_error(
    const boost::system::error_code& code, const std::string& context = "")
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
        default:
            break;
        }
    throw error(code, context);
}

[[noreturn]] inline void throw_error(errc code, const std::string& context = "")
{
    throw_error(make_error_code(code), context);
}

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

#endif
