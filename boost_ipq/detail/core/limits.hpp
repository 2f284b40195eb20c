// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_CORE_LIMITS_HPP
#define BOOST_IPQ_DETAIL_CORE_LIMITS_HPP

// Every limit and every tuned number of the library, each with its unit and its
// reason. A number that is part of the memory layout changes layout_version.

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

// Queues ------------------------------------------------------------------

// Characters of a queue's name. With the prefix and the longest suffix of its
// objects it stays below the 255 bytes of a file name on every system.
constexpr std::size_t max_queue_name = 200;

// Bytes of a message's alignment: a record begins with an 8-byte header, and
// alignments beyond a usual cache line are not supported.
constexpr std::size_t min_alignment = 8;
constexpr std::size_t max_alignment = 64;

constexpr bool is_message_alignment(std::size_t value) noexcept
{
    return value >= min_alignment && value <= max_alignment &&
           (value & (value - 1)) == 0;
}

// Bytes of a queue's capacity: an empty message needs its header; a position
// counts 2^32 units of 8 bytes, which must hold the padding, too.
constexpr std::size_t min_capacity = 8;
constexpr std::size_t max_capacity = 34359738240;

// Walks of inspect() over the records before it gives up. Senders and receivers
// work meanwhile, and a walk that finds an overwritten record starts again.
constexpr int max_inspect_attempts = 100;

// Processes ---------------------------------------------------------------

// Slot and generation make an incarnation of 28 bits, which leaves 4 bits of
// half a record header for its state. No known use needs more than 1,024
// processes; 262,143 generations let a slot be reused for years.
constexpr unsigned slot_bits = 10;
constexpr unsigned generation_bits = 18;
constexpr std::uint32_t slot_count = 1u << slot_bits;
constexpr std::uint32_t generation_mask = (1u << generation_bits) - 1;

// A process's open handles of a queue share a word: publishers are counted in
// its upper half, subscribers in its lower half.
constexpr std::uint32_t one_subscriber = 1;
constexpr std::uint32_t one_publisher = 1u << 16;

constexpr std::uint32_t subscribers_in(std::uint32_t roles) noexcept
{
    return roles % one_publisher;
}

constexpr std::uint32_t publishers_in(std::uint32_t roles) noexcept
{
    return roles / one_publisher;
}

// Milliseconds between two searches for processes that died asleep. Each search
// asks the kernel about every process that sleeps.
constexpr int dead_sleepers_interval = 1000;

// Ring --------------------------------------------------------------------

// Bytes of a body that is copied under the ring's lock. A longer one is copied
// without it, in a record that is marked reserved or claimed: the copy takes
// longer than the two stores that this costs.
constexpr std::size_t copy_limit = 4096;

// Bytes that are copied inline. Above, a call of memcpy() is faster.
constexpr std::size_t inline_copy_limit = 256;

// Bytes of the longest body: a header has 32 bits for the length.
constexpr std::size_t max_body = 0xffffffffu;

// Bytes that a buffer has beyond its capacity, for padding: a constant part,
// and the capacity divided by a number. A message that leaves the queue then
// leaves room for a different one of its size, wherever the end of the buffer
// is.
constexpr std::size_t padding_room = 24 * 1024;
constexpr std::size_t padding_share = 64;

// Records that consume_all() claims at once. The locks and the wake-up are paid
// once for all of them; a death delivers at most that number again.
constexpr std::uint32_t max_run = 64;

// Rounds in which a publisher makes room before it calls the ring full: one to
// tidy, one to pad, one to tidy behind the padding. Other processes may go on
// meanwhile, and a damaged ring may never come to an end.
constexpr int max_room_rounds = 8;

// Pauses of the processor before the kernel is asked about a lock's holder, and
// at most between two looks at the lock. Each look slows the holder down.
constexpr std::uint32_t lock_pauses = 128;
constexpr std::uint32_t max_lock_pause = 32;

// Write prefetch: bytes of a cache line on most processors, at most and at
// least at once, and the number of messages to prefetch for.
constexpr std::size_t prefetched_line = 64;
constexpr std::size_t max_prefetched = 16 * 1024;
constexpr std::size_t min_prefetched = 2 * 1024;
constexpr std::size_t prefetched_messages = 8;

// Burst back-off: empty looks after which a single message is no burst,
// messages that a streak counts at most, single messages that make a streak,
// and pauses after a single message and for each message of a streak.
constexpr std::uint32_t burst_looks = 1;
constexpr std::uint32_t max_streak = 16;
constexpr std::uint32_t min_streak = 8;
constexpr std::uint32_t pauses_after_one = 4;
constexpr std::uint32_t pauses_per_message = 6;

// How often the kernel is asked which owners are dead: no more often than
// that, and more rarely after a question that took long, but never so rarely
// that survivors wait for 100 ms.
constexpr std::chrono::milliseconds liveness_interval{5};
constexpr std::chrono::milliseconds max_liveness_pause{30};
constexpr int liveness_pause_factor = 10; // times the question's duration

// Segment -----------------------------------------------------------------

// Bytes of a segment beside the ring and its root object: the header of Boost's
// segment manager, its index and the headers of the blocks.
constexpr std::size_t segment_overhead = 4096;

// Bytes of a ring that a process maps when it opens the queue, so that its
// first lap causes no page faults. Mapping more would delay the opening.
constexpr std::size_t max_populate = std::size_t(64) << 20;

// Waiting -----------------------------------------------------------------

// Survivors of a death go on within 100 ms: a sleeper looks at the ring at
// least that often, for a waker may have died before it posted.
constexpr std::chrono::milliseconds max_sleep{50};

// The first sleep of a thread that waits for what a process holds in place: it
// doubles up to max_sleep while that process lives.
constexpr std::chrono::milliseconds min_held_up_sleep{5};

// How often a stop token that cannot call back is asked.
constexpr std::chrono::milliseconds stop_poll_interval{10};

// Attempts to spin before a sleep, at most about 50 us, and after how many the
// processor is yielded. A sleep that ended sooner than this would have been
// better spent spinning.
constexpr std::uint32_t max_spins = 2000;
constexpr std::uint32_t min_spins = 16;
constexpr std::uint32_t spins_before_yield = 128;
constexpr std::chrono::microseconds short_sleep{100};

// How often a wake-up is repeated until every canceled thread has noticed.
constexpr std::chrono::milliseconds cancel_interval{1};

// Sleepers that a damaged count may claim at most, and attempts, of 100 us
// each, of a sleeper that leaves to find the post that was meant for it.
constexpr std::uint32_t max_sleepers = 1u << 14;
constexpr int cancel_wait_attempts = 100;
constexpr std::chrono::microseconds cancel_wait_pause{100};

// Back-off of a thread that waits for a living holder of a lock: it yields the
// processor, then sleeps a little longer each time.
constexpr int backoff_yields = 200;
constexpr int backoff_steps = 20;
constexpr std::chrono::microseconds backoff_step{50};
constexpr std::chrono::microseconds max_backoff{1000};

// How long a call that must not wait waits for the living holder of a lock: a
// running one needs some microseconds, and one that was preempted comes back
// within a time slice or a few. Then the holder is taken for stopped.
constexpr std::chrono::seconds default_busy_after{1};

// How long a publisher whose message did not fit leaves the posts of a wake-up
// to others: they were posted together with its own.
constexpr std::chrono::microseconds leave_posts_pause{100};

// Asio --------------------------------------------------------------------

} // namespace detail
} // namespace boost_ipq

#endif
