// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_CLOUDTOID_QUEUE_IPP
#define BOOST_IPQ_IMPL_CLOUDTOID_QUEUE_IPP

#include <boost_ipq/detail/attachment/translated.hpp>
#include <boost_ipq/detail/cloudtoid/queue.hpp>
#include <boost_ipq/detail/membership/lock_file.hpp>
#include <boost_ipq/error.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>

namespace boost_ipq {
namespace detail {
namespace cloudtoid {

[[noreturn]] inline void
throw_failure(const std::string& queue, const platform::cloudtoid_failure& why)
{
    const std::string text = "queue '" + queue + "': " + why.doing;
    lock_file::fail_if(why.code, text);
    throw_error(why.code, text);
}

// Opens the memory. Returns where it is.
inline unsigned char* open_memory(
    platform::cloudtoid_memory& memory, const platform::cloudtoid_place& place,
    std::size_t capacity)
{
    platform::cloudtoid_failure failure;
    if (!memory.open(place, records_offset + capacity, failure, capacity))
    {
        if (failure.code)
            throw_failure(place.name, failure);
        throw_error(
            errc::queue_mismatch, "queue '" + place.name +
                                      "' has a capacity other than " +
                                      std::to_string(capacity));
    }
    return memory.address();
}

BOOST_IPQ_DECL
queue::queue(const platform::cloudtoid_place& place, std::size_t capacity)
    : m_place(place),
      m_capacity(capacity),
      m_mask((capacity & (capacity - 1)) == 0 ? capacity - 1 : 0),
      m_base(open_memory(m_memory, place, capacity)),
      m_records(m_base + records_offset),
      m_semaphore(translated(
          place.name, [&] { return platform::cloudtoid_semaphore(place); })),
      m_id(take_id())
{
}

// The lease ends before the memory: a participant with a lease is attached.
BOOST_IPQ_DECL queue::~queue() = default;

BOOST_IPQ_DECL std::int64_t queue::take_id()
{
    // acq_rel: only the number counts; it must be unique
    std::atomic<std::int32_t>& last = header().last_id;
    std::int32_t id = last.load(std::memory_order_acquire);
    do
        if (id < 0 || id == (std::numeric_limits<std::int32_t>::max)())
            throw_error(
                errc::queue_corrupt, "queue '" + m_place.name +
                                         "': no number for a participant is "
                                         "left");
    while (!last.compare_exchange_weak(
        id, id + 1, std::memory_order_acq_rel, std::memory_order_acquire));
    platform::cloudtoid_failure failure;
    if (!m_lease.take(m_place, id + 1, failure))
    {
        if (failure.code)
            throw_failure(m_place.name, failure);
        throw_error(
            errc::queue_corrupt,
            "queue '" + m_place.name + "': a number was given out twice");
    }
    return id + 1;
}

BOOST_IPQ_DECL void queue::clear(std::int64_t from, std::int64_t to) noexcept
{
    const auto size = static_cast<std::size_t>(to - from);
    const std::size_t begin = offset(from);
    const std::size_t first = (std::min)(size, m_capacity - begin);
    std::memset(m_records + begin, 0, first);
    std::memset(m_records, 0, size - first);
}

BOOST_IPQ_DECL bool queue::wait_for(std::chrono::nanoseconds duration)
{
    if (!m_semaphore.wait_for(duration))
        return false;
    // seq_cst: before the next look for a record; pairs with notify()
    header().notified.exchange(0, std::memory_order_seq_cst);
    return true;
}

} // namespace cloudtoid
} // namespace detail
} // namespace boost_ipq

#endif
