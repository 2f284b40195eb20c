// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_CORE_LIMITS_HPP
#define BOOST_IPQ_DETAIL_CORE_LIMITS_HPP

// Every limit and every tuned number of the library, each with its unit and its
// reason. Only the numbers of one operating system are in detail/platform/. A
// number that is part of the memory layout changes layout_version.

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

// Queues ------------------------------------------------------------------

// Characters of a queue's name. With the prefix and the longest suffix of its
// objects it stays below the 255 bytes of a file name on every system.
constexpr std::size_t max_queue_name = 200;

// Characters of the name of a message type: what the mark has room for.
constexpr std::size_t max_type_name = 251;

// Bytes of a message's alignment: a record begins with an 8-byte header, and
// alignments beyond a usual cache line are not supported.
constexpr std::size_t min_alignment = 8;
constexpr std::size_t max_alignment = 64;

constexpr bool is_message_alignment(std::size_t value) noexcept
{
    return value >= min_alignment && value <= max_alignment &&
           (value & (value - 1)) == 0;
}

// Bytes of a queue's capacity. An empty message needs its header. The offset of
// a position counts 2^32 units of 8 bytes, and the buffer holds a sentinel in
// addition to the capacity.
constexpr std::size_t min_capacity = 8;
constexpr std::size_t max_capacity = (std::size_t(1) << 35) - 2 * max_alignment;

// Bytes of the longest message that peek() copies to the stack. Others go to
// the handle's allocator.
constexpr std::size_t peeked_on_stack = 8192;

// How long inspect() walks over the records before it gives up: damage must be
// reported within a second. Senders and receivers work meanwhile, and a walk
// that finds an overwritten record starts again. The clock is read once for
// that number of records.
constexpr std::chrono::milliseconds max_inspection{500};
constexpr std::uint32_t records_per_look = 1u << 16;

// Records that are looked at for the number of messages that wait to be
// delivered again: a call that only looks must take no longer than some ten
// nanoseconds. Of more records, it tells the part.
constexpr std::uint32_t max_looked_at = 64;

// Processes ---------------------------------------------------------------

// Slot and generation make an incarnation of 28 bits, which leaves 4 bits of
// half a record header for its state. No known use needs more than 1,024
// processes; 262,143 generations let a slot be reused for years.
constexpr unsigned slot_bits = 10;
constexpr unsigned generation_bits = 18;
constexpr std::uint32_t slot_count = 1u << slot_bits;
constexpr std::uint32_t generation_mask = (1u << generation_bits) - 1;

// Where looking at a slot's lock takes it for a moment, a process that joins
// tries all slots, that often, with a pause between: a second in all. Only if
// many processes look at that moment is one pass not enough.
constexpr std::uint32_t max_join_passes = 1000;
constexpr std::chrono::milliseconds join_pause{1};

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

// The time between two searches for processes that died asleep. Each search
// asks the kernel about every process that sleeps.
constexpr std::chrono::milliseconds dead_sleepers_interval{1000};

// Waits for another user's process that has created a lock file and not yet
// opened it to others: about 100 ms. It needs two system calls for that.
constexpr int max_creation_waits = 300;

// How often a process that waits looks whether the queue's files were deleted.
// With the sleep in between, it notices within a second.
constexpr std::chrono::milliseconds removal_interval{500};

// The longest time between two looks for a queue that is to be created, where
// the system tells no events, and between two looks whether a creator that
// works has finished.
constexpr std::chrono::milliseconds max_watch_nap{10};
constexpr std::chrono::milliseconds creation_nap{1};

// Ring --------------------------------------------------------------------

// Bytes of the longest body that is copied under the ring's lock: this part of
// the capacity, within these limits. A longer one is copied without it, in a
// record that is marked reserved or claimed, so that others need not wait for a
// long copy. Marking costs up to 300 ns between far processors: with a limit of
// 8,192, messages of 12 and 16 KiB took up to twice as long in a ring of 1 MiB,
// also from four processes to four. A copy of 32 KiB holds the lock for half a
// microsecond, or one if its lines are far (AMD EPYC, family 26).
constexpr std::size_t copy_limit_share = 32;
constexpr std::size_t min_copy_limit = 8 * 1024;
constexpr std::size_t max_copy_limit = 32 * 1024;

constexpr std::size_t copy_limit(std::size_t capacity) noexcept
{
    const std::size_t part = capacity / copy_limit_share;
    return part < min_copy_limit   ? min_copy_limit
           : part < max_copy_limit ? part
                                   : max_copy_limit;
}

// Bytes that are copied inline. For more, a call of memcpy() is faster.
constexpr std::size_t inline_copy_limit = 256;

// Bytes of a body that is copied by the processor's string instruction, if it
// says that this is fast: from that number on by a subscriber or a publisher,
// and up to the last one by both. The instruction moves whole cache lines
// between processors, where memcpy() of such sizes waits for each: 2 KiB from
// one process to another took 45 instead of 60 ns between near processors, and
// 260 instead of 480 between far ones. Within one thread it takes some 5 ns
// more on each side (AMD EPYC, family 26, model 2). Longer ones are as fast by
// memcpy(), which uses it, too.
constexpr std::size_t min_string_out = 1024;
constexpr std::size_t min_string_in = 1280;
constexpr std::size_t max_string_copy = 4096;

// Bytes of the longest body: a header has 32 bits for the length, also that of
// padding in place of a record, which may be a little longer than the body.
constexpr std::size_t max_body = 0xffffffffu - 2 * max_alignment;

// Bytes. Messages that are copied without the lock get the place in such a line
// that their source has, see shift.hpp.
constexpr std::size_t copied_line = 64;

// The buffer exceeds the capacity by padding_room bytes plus the capacity
// divided by padding_share, but at most by the capacity. This room for padding
// lets a full queue take another message of the same size after one was taken,
// wherever the buffer ends.
constexpr std::size_t padding_room = 24 * 1024;
constexpr std::size_t padding_share = 64;

// Records that consume_all() claims at once. The locks and the wake-up are paid
// once for all of them; after a death, at most this many are delivered again.
constexpr std::uint32_t max_run = 64;

// Messages in a span: a header has 28 bits for their number.
constexpr std::uint32_t max_span = (1u << 28) - 1;

// Records that an owner of the subscribers' lock merges, skips or frees in one
// turn: up to a millisecond if no header is in the cache. There are more only
// after many were finished in a bad order, or abandoned.
constexpr std::size_t max_merged = 1u << 14;
constexpr std::size_t max_skipped = 1u << 14;
constexpr std::size_t max_freed = 1u << 14;

// Records and spans at which each taker looks behind a record that is held, to
// merge what it finds. Each taker leaves one or two, so with two or more the
// number of spans stays near that of the held records.
constexpr std::uint32_t merge_looks = 8;

// Rounds in which a publisher makes room before it calls the ring full. It
// needs three: tidy, pad, tidy after the padding. There are more because other
// processes use the ring meanwhile, and a limit because a damaged ring may
// never come to an end.
constexpr int max_room_rounds = 8;

// Pauses of the processor in a round of spinning for a lock. After each round,
// the kernel is asked whether the lock's owner is alive.
constexpr std::uint32_t lock_pauses = 128;

// The most pauses between two looks at a lock. Each look slows the owner down.
constexpr std::uint32_t max_lock_pause = 32;

// Bytes of a cache line on most processors.
constexpr std::size_t prefetched_line = 64;

// Bytes of the longest record for which a publisher prefetches room, and of
// room that it prefetches at once. With this limit, 1.3 to 2.4 times as many
// messages of 256 bytes and more passed as with prefetching at every size (AMD
// EPYC, family 26, near processors).
constexpr std::size_t max_prefetched_span = 72;
constexpr std::size_t prefetch_size = 2 * 1024;

// Bytes from the beginning of the buffer after which a publisher that finds the
// ring empty returns to the beginning: that part stays in the cache, however
// large the ring is.
constexpr std::size_t tour = std::size_t(1) << 20;

// Burst back-off. A streak is the number of messages that followed each other
// closely. A single message ends it if more than burst_looks looks found
// nothing before the message.
constexpr std::uint32_t burst_looks = 1;
constexpr std::uint32_t max_streak = 16;

// A streak has at most as many messages as this part of the buffer holds.
constexpr std::size_t streak_share = 16;

// A single message causes a wait only in a streak of at least min_streak. The
// wait takes pauses_after_one pauses.
constexpr std::uint32_t min_streak = 8;
constexpr std::uint32_t pauses_after_one = 4;

// Pauses of the second wait for each message of the streak.
constexpr std::uint32_t pauses_per_message = 6;

// How often the kernel is asked which owners are dead: at most once in this
// interval. A long query delays the next one by a multiple of its duration, but
// only so far that survivors still continue within 100 ms.
constexpr std::chrono::milliseconds liveness_interval{5};
constexpr int liveness_pause_factor = 10;
constexpr std::chrono::milliseconds max_liveness_pause{30};

// How long a message that moves to the dead-letter queue waits for each lock of
// that queue. Then it is delivered once more.
constexpr std::chrono::milliseconds dead_letter_patience{10};

// Broadcast ---------------------------------------------------------------

// Subscribers of a broadcast: a table of cursors is searched by publishers that
// need room, as far as cursors were ever taken.
constexpr std::uint32_t cursor_count = 1024;

// Bytes of a broadcast's capacity: a cursor has 29 bits for an offset in units
// of 8 bytes, and the buffer is a sixty-fourth and 24 KiB larger.
constexpr std::size_t max_broadcast_capacity =
    (std::size_t(1) << 32) - (std::size_t(1) << 26) - (std::size_t(1) << 16);

// Publishers make room in chunks: a sixteenth of the capacity. Smaller ones
// would make them look at all cursors more often, larger ones would drop more
// of the history. Marks are at least half a chunk apart, so a lap has no more
// of them.
constexpr std::size_t chunks = 16;
constexpr std::uint32_t mark_slots = 2 * chunks;

// Copies of a message that a subscriber discards because it was overtaken, one
// after the other, before it goes on at the newest half of the ring: a body
// whose copy takes longer than a lap would be discarded forever. After two more
// times as many, a try call returns as if there was no message.
constexpr int max_discards = 3;

// How often publishers may move the cursor of a subscriber while it looks for
// one message. After that, a try call returns as if there was none. Only in
// rings of some messages does that happen.
constexpr int max_overtaken = 64;

// Bytes of messages that consume_all() of a broadcast reads before publishers
// may use their room: this number, or this part of the capacity if that is
// more. Telling them costs some 15 ns (AMD EPYC, family 26).
constexpr std::size_t run_step = 4096;
constexpr std::size_t run_steps = 64;

// Segment -----------------------------------------------------------------

// Bytes of a segment in addition to the ring and its root object: the header of
// Boost's segment manager and the headers of the blocks.
constexpr std::size_t segment_overhead = 4096;

// Bytes at the beginning of the ring's buffer in which the segment manager may
// have kept its own data: headers of blocks, some words.
constexpr std::size_t allocator_data = 4096;

// The first word of a managed segment that Boost has finished, in all versions.
constexpr std::uint32_t finished_segment = 2;

// Bytes of a ring that a process maps when it opens the queue, so that its
// first lap causes no page faults. Mapping more would delay the opening.
constexpr std::size_t max_populate = std::size_t(64) << 20;

// Waiting -----------------------------------------------------------------

// The longest sleep. A waker may have died before it posted, and survivors of a
// death must continue within 100 ms.
constexpr std::chrono::milliseconds max_sleep{50};

// The first sleep of a thread that waits for a process that fills or reads a
// record in place. While that process lives, the sleep doubles up to max_sleep.
constexpr std::chrono::milliseconds min_held_up_sleep{5};

// How often a stop token that cannot call back is asked.
constexpr std::chrono::milliseconds stop_poll_interval{10};

// Attempts to make before a sleep, together at most about 50 us. After each
// group of spins_before_yield attempts, the thread yields the processor.
constexpr std::uint32_t max_spins = 2000;
constexpr std::chrono::microseconds max_spin_time{200};
constexpr std::uint32_t min_spins = 16;
constexpr std::uint32_t spins_before_yield = 128;

// Looks of a call that waits before it counts itself as waiting. Together below
// a microsecond, so that cancel() and the destruction of a handle hardly ever
// meet a call that they cannot see.
constexpr std::uint32_t looks_before_waiting = 16;

// After a shorter sleep, spinning would have been better.
constexpr std::chrono::microseconds short_sleep{100};

// How often a wake-up is repeated until every canceled thread has noticed.
constexpr std::chrono::milliseconds cancel_interval{1};

// A wait set of more members watches files, unless it cannot: a wake-up by a
// futex takes a little less for a few queues, and much more for many.
constexpr std::size_t few_members = 4;

// The thread of an execution context's objects: how long an object stays in its
// wait set without an operation that waits, how long the thread waits for the
// lock of one ring, and how often it tries although there seems to be no room.
constexpr std::chrono::milliseconds idle_membership{10};
constexpr std::chrono::milliseconds async_lock_patience{1};
constexpr std::chrono::milliseconds attempt_interval{5};

// How long a wait set that watches files ignores touches after one that was not
// a waker's.
constexpr std::chrono::milliseconds foreign_touch_nap{1};

// The largest count of sleepers that is believed: the count may be damaged.
constexpr std::uint32_t max_sleepers = 1u << 14;

// How long a sleeper that leaves waits for the post that was meant for it: how
// often at most, and how long each time.
constexpr std::chrono::milliseconds cancel_wait{10};
constexpr int cancel_wait_attempts = 100;
constexpr std::chrono::microseconds cancel_wait_pause{100};

// How long a thread sleeps before it looks for a post again, if the kernel does
// not let it sleep on shared memory.
constexpr std::chrono::milliseconds futex_nap{1};

// Back-off of a thread that waits for the living owner of a lock: it yields the
// processor, then sleeps a little longer each time, and finally max_backoff.
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

// Requests ----------------------------------------------------------------

// How often a client that waits for an answer asks the kernel whether the
// servers are alive.
constexpr std::chrono::milliseconds server_check_interval{20};

// How many answers that come at once a client receives between two looks at the
// clock.
constexpr std::uint32_t quick_answers = 64;

// How often an asynchronous client looks for room while its queue is full.
constexpr std::chrono::milliseconds room_check_interval{1};

// Bytes of the smallest queue for the answers to a client.
constexpr std::size_t min_answer_capacity = 65536;

// How long a server waits for room in the queue for a client's answers.
constexpr std::chrono::seconds answer_wait{1};

// Queues of cloudtoid/interprocess ----------------------------------------

// How long a subscriber waits for a record that is not finished before it asks
// whether its publisher is dead: the protocol's number.
constexpr std::chrono::seconds cloudtoid_recovery_time{10};

// The longest wait for a post: the protocol's number.
constexpr std::chrono::milliseconds max_cloudtoid_sleep{5};

// How often a subscriber asks whether the owner of the lock is alive. The
// protocol does not name a number; its other implementations take 10 s.
constexpr std::chrono::milliseconds cloudtoid_probe_interval{50};

// Pauses for the lock of the subscribers, about 20 us: its owner holds it for
// the time of one copy.
constexpr std::uint32_t max_cloudtoid_lock_pauses = 2048;

// Pauses of a subscriber's second wait after a burst, for each message of the
// streak: 10 us at most. All positions and the lock share one cache line, which
// both sides write for each message. So a subscriber that has caught up stays
// away longer than in a ring of ours: with 6 pauses, it received 16 bytes from
// the Rust crate more slowly than that crate does, between far processors.
constexpr std::uint32_t cloudtoid_pauses_per_message = 64;

// Bytes of the largest record whose publisher, if the queue was empty, changes
// the word for posts at once. A subscriber that polls receives such a message
// sooner: a round trip of 64 bytes took 220 instead of 240 ns (AMD EPYC, family
// 26, near processors). Behind a longer copy, the change itself takes longer.
constexpr std::int64_t max_cloudtoid_first = 128;

// How often a publisher tries to reserve a record. Each failure means that
// another participant has succeeded, unless the memory is damaged.
constexpr int max_cloudtoid_rounds = 1 << 16;

} // namespace detail
} // namespace boost_ipq

#endif
