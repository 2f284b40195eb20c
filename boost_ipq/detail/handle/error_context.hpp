// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_HANDLE_ERROR_CONTEXT_HPP
#define BOOST_IPQ_DETAIL_HANDLE_ERROR_CONTEXT_HPP

// Describes the argument of a failed operation in the text of its error. The
// text is built only when the error is thrown. In text(status, limit), `limit`
// is the size of the largest message that fits the queue, in bytes.

#include <boost_ipq/detail/core/byte_view.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <cstddef>
#include <string>

namespace boost_ipq {
namespace detail {

std::string null_text(std::size_t size);

// A message to receive in place.
struct any_message
{
    static std::string text(status, std::size_t) { return {}; }
};

// A message to send, or room to reserve for one.
struct message_of_size
{
    std::size_t size; // bytes

    std::string text(status result, std::size_t limit) const;
};

// Messages to send: describes the first one that causes the error.
template <class Iterator>
struct message_batch
{
    const Iterator& first;
    const Iterator& last;

    std::string text(status result, std::size_t limit) const
    {
        for (Iterator i = first; i != last; ++i)
        {
            auto&& range = *i;
            const byte_view message(range);
            if (result == status::invalid ? !message.valid()
                                          : message.size > limit)
                return message_of_size{message.size}.text(result, limit);
        }
        return {};
    }
};

} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/handle/error_context.ipp>
#endif

#endif
