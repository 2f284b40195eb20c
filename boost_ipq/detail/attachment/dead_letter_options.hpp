// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ATTACHMENT_DEAD_LETTER_OPTIONS_HPP
#define BOOST_IPQ_DETAIL_ATTACHMENT_DEAD_LETTER_OPTIONS_HPP

#include <boost_ipq/queue_options.hpp>
#include <boost/interprocess/permissions.hpp>
#include <cstddef>
#include <string>

namespace boost_ipq {
namespace detail {

// The options with which the dead-letter queue of a queue is created or opened.
// An existing one may have any parameters, but must let in no more users than
// its source.
class dead_letter_options
{
public:
    static queue_options make(
        const std::string& name, std::size_t capacity, std::size_t alignment,
        const boost::interprocess::permissions& permissions,
        const std::string& directory)
    {
        queue_options result(name, capacity);
        result.m_joins_any = true;
        result.m_kind = queue_kind::queue;
        result.m_directory = directory;
        return result.permissions(permissions).message_alignment(alignment);
    }

    // For a source that is created with these options.
    static queue_options made_from(const queue_options& source)
    {
        return make(
            source.dead_letter(), source.capacity(), source.message_alignment(),
            source.permissions(), source.directory());
    }

    static bool are(const queue_options& options) noexcept
    {
        return options.m_joins_any;
    }
};

} // namespace detail
} // namespace boost_ipq

#endif
