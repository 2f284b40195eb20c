// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_REQUEST_SENT_REQUEST_HPP
#define BOOST_IPQ_DETAIL_REQUEST_SENT_REQUEST_HPP

// What has become of a request that was sent: a client looks at its record in
// the ring. A server reads a request in place and acknowledges it after the
// answer was sent. So the record shows which server has it, without a further
// message.
//
// The room of an acknowledged request is used again. Two words identify the
// record: the body of a request begins with its client, which is never 0, and
// the number of the call. A process that writes over the header in front of
// them writes over the first of them before that: a new header there is that of
// a different request, and a body that ends there is followed by a sentinel,
// which is 0.

#include <boost_ipq/detail/request/frame.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

enum class request_state
{
    waiting, // no server has received it
    taken,   // a server that lives has received it
    lost,    // the server that had received it has died
    settled  // it was acknowledged
};

class sent_request
{
public:
    static constexpr std::size_t not_sent = static_cast<std::size_t>(-1);

    sent_request() noexcept = default;
    sent_request(std::size_t offset, const request_header& header) noexcept
        : m_offset(offset),
          m_header(header)
    {
    }

    request_state state(const ring_view& ring) const noexcept
    {
        if (m_offset == not_sent)
            return request_state::waiting;
        // acquire, both: the words in between are read in between
        const record_header record(
            ring.header(m_offset).load(std::memory_order_acquire));
        const bool same =
            word(ring, 0).load(std::memory_order_acquire) == m_header.client &&
            word(ring, 1).load(std::memory_order_acquire) == m_header.call;
        if (!same)
            return request_state::settled;
        switch (record.state())
        {
        case record_state::reserved:
        case record_state::committed:
            return request_state::waiting;
        case record_state::claimed:
            return ring.peers->alive(record.owner()) ? request_state::taken
                                                     : request_state::lost;
        case record_state::returned:
            return request_state::lost;
        default:
            return request_state::settled;
        }
    }

private:
    // Messages are written without atomic operations; a torn word is a
    // different one.
    atomic_word& word(const ring_view& ring, std::size_t i) const noexcept
    {
        return *reinterpret_cast<atomic_word*>(
            ring.message(m_offset) + unit * i);
    }

    std::size_t m_offset = not_sent;
    request_header m_header{};
};

} // namespace detail
} // namespace boost_ipq

#endif
