// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_QUEUE_OPTIONS_IPP
#define BOOST_IPQ_IMPL_QUEUE_OPTIONS_IPP

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/core/queue_name.hpp>
#include <boost_ipq/detail/platform/page_placement.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/queue_options.hpp>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace boost_ipq {
namespace detail {

// A bad name may be of any length and contain any bytes.
inline std::string printable(const std::string& text)
{
    std::string result = text.substr(0, max_queue_name + 1);
    for (char& c : result)
        if (static_cast<unsigned char>(c) < ' ' || c == '\x7f')
            c = '?';
    return result;
}

inline void check_name(const std::string& name)
{
    if (!is_queue_name(name))
        throw std::invalid_argument(
            "boost_ipq: '" + printable(name) +
            "' cannot name a queue: use 1 to " +
            std::to_string(max_queue_name) +
            " of A-Z a-z 0-9 . _ - and no dot at the beginning");
}

inline void check_capacity(const std::string& name, std::size_t capacity)
{
    if (capacity < min_capacity || capacity > max_capacity)
        throw std::invalid_argument(
            "boost_ipq: the capacity of queue '" + name + "' is " +
            std::to_string(capacity) + " bytes: give from " +
            std::to_string(min_capacity) + " to " +
            std::to_string(max_capacity) + " bytes");
}

} // namespace detail

BOOST_IPQ_DECL queue_options::queue_options(const std::string& name)
    : m_name(name),
      m_permissions(detail::platform::owner_only())
{
    detail::check_name(name);
}

BOOST_IPQ_DECL queue_options::queue_options(const char* name)
    : queue_options(std::string(name))
{
}

BOOST_IPQ_DECL queue_options::queue_options(std::string_view name)
    : queue_options(std::string(name))
{
}

BOOST_IPQ_DECL
queue_options::queue_options(const std::string& name, std::size_t capacity)
    : queue_options(name)
{
    detail::check_capacity(name, capacity);
    m_capacity = capacity;
    m_complete = true;
}

BOOST_IPQ_DECL
queue_options::queue_options(const char* name, std::size_t capacity)
    : queue_options(std::string(name), capacity)
{
}

BOOST_IPQ_DECL
queue_options::queue_options(std::string_view name, std::size_t capacity)
    : queue_options(std::string(name), capacity)
{
}

BOOST_IPQ_DECL queue_options& queue_options::max_deliveries(std::uint32_t n)
{
    if (n == 0)
        throw std::invalid_argument(
            "boost_ipq: a message cannot be delivered 0 times: give at least "
            "1, or leave max_deliveries() out for no limit");
    m_max_deliveries = n;
    return *this;
}

BOOST_IPQ_DECL queue_options&
queue_options::dead_letter(const std::string& name)
{
    detail::check_name(name);
    m_dead_letter = name;
    return *this;
}

BOOST_IPQ_DECL queue_options&
queue_options::message_alignment(std::size_t value)
{
    static_assert(
        detail::min_alignment == 8 && detail::max_alignment == 64,
        "the text lists the alignments");
    if (!detail::is_message_alignment(value))
        throw std::invalid_argument(
            "boost_ipq: the message alignment is " + std::to_string(value) +
            ": give 8, 16, 32 or 64");
    m_alignment = value;
    m_alignment_set = true;
    return *this;
}

BOOST_IPQ_DECL queue_options& queue_options::message_type(
    std::size_t size, std::size_t alignment, std::string_view name)
{
    if (alignment > detail::max_alignment || alignment == 0 ||
        (alignment & (alignment - 1)) != 0)
        throw std::invalid_argument(
            "boost_ipq: the alignment of a message type is " +
            std::to_string(alignment) + ": give a power of two up to " +
            std::to_string(detail::max_alignment));
    if (name.size() > detail::max_type_name)
        throw std::invalid_argument(
            "boost_ipq: the name of a message type has " +
            std::to_string(name.size()) + " characters: give up to " +
            std::to_string(detail::max_type_name));
    m_type_name = name;
    m_type_size = size;
    m_type_alignment = alignment;
    return *this;
}

BOOST_IPQ_DECL queue_options& queue_options::directory(const std::string& path)
{
    m_directory = path.empty() ? path : detail::platform::absolute_path(path);
    return *this;
}

BOOST_IPQ_DECL queue_options& queue_options::numa_node(unsigned node)
{
    if (node > detail::platform::max_numa_node)
        throw std::invalid_argument(
            "boost_ipq: the NUMA node is " + std::to_string(node) +
            ": give a number up to " +
            std::to_string(detail::platform::max_numa_node));
    m_numa_node = node;
    return *this;
}

BOOST_IPQ_DECL queue_options
queue_options::renamed(const std::string& name) const
{
    detail::check_name(name);
    queue_options result(*this);
    result.m_name = name;
    return result;
}

BOOST_IPQ_DECL queue_options
queue_options::of_kind(detail::queue_kind kind) const
{
    queue_options result(*this);
    result.m_kind = kind;
    return result;
}

BOOST_IPQ_DECL queue_options
queue_options::with_history(std::size_t messages) const
{
    queue_options result(*this);
    result.m_history = messages;
    return result;
}

} // namespace boost_ipq

#endif
