// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_QUEUE_OPTIONS_HPP
#define BOOST_IPQ_QUEUE_OPTIONS_HPP

#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/detail/ring/ring.hpp>
#include <boost/interprocess/creation_tags.hpp>
#include <boost/interprocess/permissions.hpp>
#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace boost_ipq {

using boost::interprocess::create_only;
using boost::interprocess::create_only_t;
using boost::interprocess::open_only;
using boost::interprocess::open_only_t;
using boost::interprocess::open_or_create;
using boost::interprocess::open_or_create_t;

//! How long a queue lives.
enum class lifetime
{
    //! Until remove_queue(), or the system restarts.
    persistent,
    //! Until the last handle in any process has been closed or its process has
    //! died; waiting messages go with it.
    while_open
};

//! The name of a queue and how it is made.
//!
//! Options that name a capacity describe the queue completely: a queue of
//! other parameters is refused with queue_mismatch. Options with a name alone
//! accept any queue of that name; what was set explicitly must match.
class queue_options
{
public:
    //! Effects: names a queue, for opening it as it is.
    //! Throws: std::invalid_argument if the name is not 1 to 200 of
    //! `A-Z a-z 0-9 . _ -`, or starts with a dot.
    queue_options(const std::string& name) : m_name(name) { check_name(name); }

    //! Effects: the same.
    queue_options(const char* name) : queue_options(std::string(name)) {}
    queue_options(std::string_view name) : queue_options(std::string(name)) {}

    //! Effects: names a queue and its capacity in bytes of ring space. A
    //! message of `n` bytes takes `n + 8` of it, rounded up to the message
    //! alignment.
    //! Throws: std::invalid_argument for a bad name, or a capacity that is
    //! below 8 bytes (an empty message) or above 34359738240 (nearly 32 GiB).
    queue_options(const std::string& name, std::size_t capacity)
        : m_name(name),
          m_capacity(capacity),
          m_complete(true)
    {
        check_name(name);
        if (capacity < min_capacity || capacity > max_capacity)
            throw std::invalid_argument(
                "boost_ipq: the capacity of queue '" + name + "' is " +
                std::to_string(capacity) +
                " bytes: give from 8 to 34359738240 bytes");
    }

    //! Effects: the same.
    queue_options(const char* name, std::size_t capacity)
        : queue_options(std::string(name), capacity)
    {
    }
    queue_options(std::string_view name, std::size_t capacity)
        : queue_options(std::string(name), capacity)
    {
    }

    //! Smallest and largest capacity, in bytes.
    static constexpr std::size_t min_capacity = 8;
    static constexpr std::size_t max_capacity = 34359738240;

    //! Effects: who may open the queue, when it is created; exactly these,
    //! whatever the umask. Default: the owner only (0600).
    queue_options&
    permissions(const boost::interprocess::permissions& value) noexcept
    {
        m_permissions = value;
        return *this;
    }

    //! Effects: how long the queue lives. Default: persistent.
    queue_options& lifetime(boost_ipq::lifetime value) noexcept
    {
        m_lifetime = value;
        m_lifetime_set = true;
        return *this;
    }

    //! Effects: the alignment of every message's body, in bytes; more, if the
    //! queue's message_type() needs it. Default: 8.
    //! Throws: std::invalid_argument if it is not 8, 16, 32 or 64.
    queue_options& message_alignment(std::size_t value)
    {
        if (!detail::is_message_alignment(value))
            throw std::invalid_argument(
                "boost_ipq: the message alignment is " + std::to_string(value) +
                ": give 8, 16, 32 or 64");
        m_alignment = value;
        m_alignment_set = true;
        return *this;
    }

    //! Effects: records that every message is an object of a type of that size
    //! and alignment, in bytes; typed handles do so. Who names a type opens
    //! queues of that type only; who names none opens any.
    //! Throws: std::invalid_argument if the alignment is not a power of two up
    //! to 64.
    queue_options& message_type(std::size_t size, std::size_t alignment)
    {
        if (alignment > 64 || alignment == 0 ||
            (alignment & (alignment - 1)) != 0)
            throw std::invalid_argument(
                "boost_ipq: the alignment of a message type is " +
                std::to_string(alignment) + ": give a power of two up to 64");
        m_type_size = size;
        m_type_alignment = alignment;
        return *this;
    }

    //! Effects: keeps the queue in a file in that directory, which must exist,
    //! instead of in shared memory: its messages outlive all processes and a
    //! restart of the system. Empty: shared memory, the default. Queues of one
    //! name in different directories, or in shared memory, are different ones.
    //! Throws: std::filesystem::filesystem_error if the path is relative and
    //! there is no working directory.
    queue_options& directory(const std::string& path)
    {
        m_directory =
            path.empty() ? path : std::filesystem::absolute(path).string();
        return *this;
    }

    //! Returns: the same options for a queue of another name.
    //! Throws: std::invalid_argument, as the constructor.
    queue_options renamed(const std::string& name) const
    {
        check_name(name);
        queue_options result(*this);
        result.m_name = name;
        return result;
    }

    //! Returns: what was set, or the default.
    const std::string& name() const noexcept { return m_name; }
    //! Returns: bytes; 0 if none was given.
    std::size_t capacity() const noexcept { return m_capacity; }
    const boost::interprocess::permissions& permissions() const noexcept
    {
        return m_permissions;
    }
    boost_ipq::lifetime lifetime() const noexcept { return m_lifetime; }
    const std::string& directory() const noexcept { return m_directory; }
    std::size_t message_alignment() const noexcept
    {
        return (std::max)(m_alignment, m_type_alignment);
    }

    //! Returns: bytes; 0 if no type was named.
    std::size_t type_size() const noexcept { return m_type_size; }
    std::size_t type_alignment() const noexcept { return m_type_alignment; }

    //! Returns: whether a queue must have that lifetime to be opened.
    bool demands_lifetime() const noexcept
    {
        return m_complete || m_lifetime_set;
    }
    //! Returns: whether a queue must have that alignment to be opened.
    bool demands_alignment() const noexcept
    {
        return m_complete || m_alignment_set;
    }

private:
    // What is no name may have any bytes, and any number of them.
    static std::string printable(const std::string& text)
    {
        std::string result = text.substr(0, 201);
        for (char& c : result)
            if (static_cast<unsigned char>(c) < ' ' || c == '\x7f')
                c = '?';
        return result;
    }

    static void check_name(const std::string& name)
    {
        constexpr const char* allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                        "abcdefghijklmnopqrstuvwxyz"
                                        "0123456789._-";
        if (name.empty() || name.size() > 200 || name[0] == '.' ||
            name.find_first_not_of(allowed) != std::string::npos)
            throw std::invalid_argument(
                "boost_ipq: '" + printable(name) +
                "' cannot name a queue: use 1 to 200 of A-Z a-z 0-9 . _ - "
                "and no dot at the beginning");
    }

    std::string m_name;
    std::string m_directory;
    std::size_t m_capacity = 0;
    std::size_t m_alignment = 8;
    std::size_t m_type_size = 0;
    std::size_t m_type_alignment = 0;
    boost_ipq::lifetime m_lifetime = boost_ipq::lifetime::persistent;
    boost::interprocess::permissions m_permissions =
        detail::platform::owner_only();
    bool m_complete = false;
    bool m_lifetime_set = false;
    bool m_alignment_set = false;
};

} // namespace boost_ipq

#endif
