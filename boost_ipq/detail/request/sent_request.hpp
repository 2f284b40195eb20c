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
//
// A client whose request no process serves withdraws it: no server that comes
// later may serve it. Two bits of the call's number, in the ring, decide who
// was first: the client sets one of them, or the server that has received the
// request sets the other, by a compare-and-swap from the bare number. Numbers
// begin at random: a word that has become part of a different message is not
// taken for one.

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
            (word(ring, 1).load(std::memory_order_acquire) &
             call_number_mask) == m_header.call;
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

    // Called when no server has received it. False: one has, meanwhile.
    bool withdraw(const ring_view& ring) const noexcept
    {
        if (m_offset == not_sent)
            return true;
        std::uint64_t call = m_header.call;
        // acq_rel: pairs with take(), which fails after this
        return word(ring, 1).compare_exchange_strong(
            call, call | request_withdrawn, std::memory_order_acq_rel,
            std::memory_order_relaxed);
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

// A request that a server has received, in place. The memory of a ring can be
// written.
class taken_request
{
public:
    explicit taken_request(const void* message) noexcept
        : m_words(static_cast<atomic_word*>(const_cast<void*>(message)))
    {
    }

    request_header header() const noexcept
    {
        // relaxed, both: the claim has ordered them; only withdraw() changes
        // the second, and take() looks again
        return {
            m_words[0].load(std::memory_order_relaxed),
            m_words[1].load(std::memory_order_relaxed)};
    }

    // From now on it cannot be withdrawn. False: it was, or it is no request.
    bool take(std::uint64_t call) noexcept
    {
        // acq_rel: pairs with withdraw()
        return (call & ~call_number_mask) == 0 &&
               m_words[1].compare_exchange_strong(
                   call, call | request_taken, std::memory_order_acq_rel,
                   std::memory_order_relaxed);
    }

private:
    atomic_word* m_words;
};

} // namespace detail
} // namespace boost_ipq

#endif
