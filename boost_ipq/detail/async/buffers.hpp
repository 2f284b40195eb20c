// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ASYNC_BUFFERS_HPP
#define BOOST_IPQ_DETAIL_ASYNC_BUFFERS_HPP

// The tasks of asynchronous operations: send from Asio's buffers, or receive
// into them.

#include <boost_ipq/detail/async/operation.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/ring/ring_reader.hpp>
#include <boost_ipq/detail/ring/ring_writer.hpp>
#include <boost_ipq/error.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <iterator>
#include <tuple>
#include <utility>

namespace boost_ipq {
namespace detail {

// False if a buffer is null and its size is not 0.
template <class BufferSequence>
bool is_valid_sequence(const BufferSequence& buffers)
{
    const auto last = boost::asio::buffer_sequence_end(buffers);
    for (auto i = boost::asio::buffer_sequence_begin(buffers); i != last; ++i)
    {
        const boost::asio::const_buffer buffer(*i);
        if (!buffer.data() && buffer.size() != 0)
            return false;
    }
    return true;
}

// Copy targets, as in detail/handle/copy_targets.hpp. settle(taken) is called
// once at the end: it keeps the message or withdraws the room for it.
template <class MutableBufferSequence>
class sequence_target
{
public:
    explicit sequence_target(const MutableBufferSequence& buffers)
        : m_buffers(buffers)
    {
    }

    bool valid() const { return is_valid_sequence(m_buffers); }
    bool fits(std::size_t length)
    {
        m_size = length;
        return length <= boost::asio::buffer_size(m_buffers);
    }
    bool may_take(std::size_t length) { return fits(length); }
    void take(const void* body, std::size_t length)
    {
        boost::asio::buffer_copy(
            m_buffers, boost::asio::const_buffer(body, length));
    }
    bool grow() const noexcept { return false; }
    void settle(bool) const noexcept {}
    std::size_t size() const noexcept { return m_size; }

private:
    MutableBufferSequence m_buffers;
    std::size_t m_size = 0;
};

// A DynamicBuffer_v1 or _v2, to which the message is appended. It grows while
// the ring's lock is not held.
template <class DynamicBuffer>
class dynamic_target
{
    static constexpr bool is_v2 =
        boost::asio::is_dynamic_buffer_v2<DynamicBuffer>::value;

public:
    explicit dynamic_target(DynamicBuffer&& buffer)
        : m_buffer(std::move(buffer))
    {
    }

    bool valid() const noexcept { return true; }
    bool fits(std::size_t length) noexcept
    {
        m_size = length;
        return length <= m_room;
    }
    bool may_take(std::size_t length) noexcept { return fits(length); }
    void take(const void* body, std::size_t length)
    {
        if (length != 0)
            boost::asio::buffer_copy(
                room(length), boost::asio::const_buffer(body, length));
    }
    bool grow()
    {
        const std::size_t used = m_buffer.size() - (is_v2 ? m_room : 0);
        if (used > m_buffer.max_size() || m_size > m_buffer.max_size() - used)
            return false;
        if constexpr (is_v2)
            m_buffer.grow(m_size - m_room);
        else
            m_buffer.prepare(m_size);
        m_room = m_size;
        return true;
    }
    void settle(bool taken)
    {
        const std::size_t kept = taken ? m_size : 0;
        if (m_room == 0)
            return;
        if constexpr (is_v2)
            m_buffer.shrink(m_room - kept);
        else
            m_buffer.commit(kept);
        m_room = 0;
    }
    std::size_t size() const noexcept { return m_size; }

private:
    // Does not allocate: grow() has made the room.
    auto room(std::size_t length)
    {
        if constexpr (is_v2)
            return m_buffer.data(m_buffer.size() - m_room, length);
        else
            return m_buffer.prepare(length);
    }

    DynamicBuffer m_buffer;
    std::size_t m_room = 0; // bytes added by grow()
    std::size_t m_size = 0; // bytes of the message
};

// Receives one message.
template <class Target>
class receiving_task
{
public:
    explicit receiving_task(Target&& target) : m_target(std::move(target)) {}

    template <class Ring>
    status operator()(Ring& ring, give_up_condition give_up)
    {
        if (!m_target.valid())
            return status::invalid;
        status result = ring.try_take(m_target, give_up);
        while (result == status::declined && m_target.grow())
            result = ring.try_take(m_target, give_up);
        if (result == status::done)
            m_target.settle(true);
        return result;
    }

    std::size_t size() const noexcept { return 0; }

    std::tuple<boost::system::error_code, std::size_t>
    result(const boost::system::error_code& error)
    {
        if (error)
            m_target.settle(false);
        return {
            error,
            !error || error == errc::buffer_too_small ? m_target.size() : 0};
    }

private:
    Target m_target;
};

// Sends one message, gathered from all buffers of a sequence.
template <class ConstBufferSequence>
class sending_task
{
public:
    explicit sending_task(const ConstBufferSequence& buffers)
        : m_buffers(buffers)
    {
    }

    status operator()(ring_writer& ring, give_up_condition give_up)
    {
        if (!is_valid_sequence(m_buffers))
            return status::invalid;
        const auto first = boost::asio::buffer_sequence_begin(m_buffers);
        const auto last = boost::asio::buffer_sequence_end(m_buffers);
        if (first != last && std::next(first) == last)
        {
            const boost::asio::const_buffer one(*first);
            return ring.try_publish(one.data(), one.size(), give_up);
        }
        reserved_record record;
        const status result = ring.reserve_briefly(record, size(), give_up);
        if (result == status::done)
        {
            boost::asio::buffer_copy(
                boost::asio::mutable_buffer(ring.body(record), size()),
                m_buffers);
            commit(ring.ring(), record);
        }
        return result;
    }

    std::size_t size() const { return boost::asio::buffer_size(m_buffers); }

    std::tuple<boost::system::error_code>
    result(const boost::system::error_code& error) const
    {
        return {error};
    }

private:
    ConstBufferSequence m_buffers;
};

} // namespace detail
} // namespace boost_ipq

#endif
