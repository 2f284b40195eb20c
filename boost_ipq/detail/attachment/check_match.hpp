// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ATTACHMENT_CHECK_MATCH_HPP
#define BOOST_IPQ_DETAIL_ATTACHMENT_CHECK_MATCH_HPP

// Makes the mark of a queue from options and compares the two. A queue keeps
// the parameters with which it was created, so options that differ are refused.

#include <boost_ipq/detail/attachment/dead_letter_options.hpp>
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/core/queue_name.hpp>
#include <boost_ipq/detail/membership/queue_mark.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/segment/segment.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/queue_options.hpp>
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>

namespace boost_ipq {
namespace detail {

static_assert(
    static_cast<std::uint32_t>(overflow::drop_oldest) == overflow_drops,
    "see doc/layout.md");

// A random number that is not 0.
inline std::uint64_t new_epoch()
{
    std::random_device random;
    return (std::uint64_t(random()) << 32 | random()) | 1;
}

// Do the options say what the queue's messages are?
inline bool demands_type(const queue_options& options) noexcept
{
    return options.type_size() != 0 || !options.type_name().empty();
}

inline void set_type(queue_mark& mark, const queue_options& options) noexcept
{
    mark.type_size = options.type_size();
    mark.type_alignment = options.type_alignment();
    options.type_name().copy(mark.type_name, sizeof mark.type_name - 1);
}

// The mark of a queue that is created with these options.
inline queue_mark make_mark(const queue_options& options)
{
    queue_mark mark;
    mark.abi = segment_abi();
    mark.lifetime = static_cast<std::uint32_t>(options.lifetime());
    mark.capacity = options.capacity();
    mark.alignment = options.message_alignment();
    set_type(mark, options);
    mark.type = demands_type(options) ? type_checksum(mark) : 0;
    mark.epoch = new_epoch();
    if (options.kind() == queue_kind::broadcast)
    {
        mark.kind = kind_broadcast;
        mark.overflow = static_cast<std::uint32_t>(options.overflow());
    }
    mark.max_deliveries = options.max_deliveries();
    options.dead_letter().copy(mark.dead_letter, sizeof mark.dead_letter - 1);
    options.name().copy(mark.name, sizeof mark.name - 1);
    return mark;
}

inline bool is_sound_kind(const queue_mark& mark) noexcept
{
    return mark.kind == kind_broadcast
               ? mark.overflow <= overflow_drops &&
                     mark.capacity <= max_broadcast_capacity
               : mark.kind == 0 && mark.overflow == 0;
}

inline bool is_sound_dead_letter(const queue_mark& mark) noexcept
{
    if (mark.dead_letter[sizeof mark.dead_letter - 1] != 0)
        return false;
    if (mark.max_deliveries == 0)
        return *mark.dead_letter == 0;
    return mark.kind == 0 && is_queue_name(mark.dead_letter) &&
           std::strcmp(mark.dead_letter, mark.name) != 0 &&
           mark.capacity >= 2 * unit;
}

// Are the numbers in the mark possible?
inline bool is_sound(const queue_mark& mark) noexcept
{
    return mark.capacity >= min_capacity && mark.capacity <= max_capacity &&
           is_message_alignment(mark.alignment) && mark.epoch != 0 &&
           mark.lifetime <= static_cast<std::uint32_t>(lifetime::while_open) &&
           is_sound_kind(mark) &&
           mark.segment_size ==
               segment::size_for(mark.capacity, mark.alignment, mark.kind) &&
           is_sound_dead_letter(mark);
}

[[noreturn]] inline void refuse(
    const queue_options& options, const std::string& has,
    const std::string& wanted)
{
    throw_error(
        errc::queue_mismatch,
        "queue '" + options.name() + "' has " + has + ", not " + wanted);
}

// Two queues may have the same object names if these contain a hash.
inline void match_name(const queue_options& options, const queue_mark& mark)
{
    if (options.name() != mark.name)
        refuse(
            options, "the objects of queue '" + std::string(mark.name) + "'",
            "its own");
}

inline void match_versions(const queue_options& options, const queue_mark& mark)
{
    if (mark.layout != layout_version)
        refuse(
            options, "layout version " + std::to_string(mark.layout),
            std::to_string(layout_version));
    if (mark.abi != segment_abi())
        refuse(
            options,
            "the segment ABI of a different Boost version (" +
                std::to_string(mark.abi) + ")",
            "this program's (" + std::to_string(segment_abi()) + ")");
}

// A name is a queue or a broadcast.
inline void match_kind(const queue_options& options, const queue_mark& mark)
{
    const bool broadcast = mark.kind == kind_broadcast;
    const bool wanted = options.kind() == queue_kind::broadcast;
    if (options.kind() != queue_kind::any && broadcast != wanted)
        refuse(
            options, broadcast ? "the kind broadcast" : "the kind queue",
            wanted ? "broadcast" : "queue");
}

inline std::string overflow_text(std::uint32_t value)
{
    return value == overflow_drops ? "overflow::drop_oldest"
                                   : "overflow::block";
}

inline void match_overflow(const queue_options& options, const queue_mark& mark)
{
    const auto wanted = static_cast<std::uint32_t>(options.overflow());
    if (mark.kind == kind_broadcast && options.demands_overflow() &&
        wanted != mark.overflow && options.kind() == queue_kind::broadcast)
        refuse(options, overflow_text(mark.overflow), overflow_text(wanted));
}

inline void match_capacity(const queue_options& options, const queue_mark& mark)
{
    if (options.capacity() != 0 && options.capacity() != mark.capacity)
        refuse(
            options,
            "a capacity of " + std::to_string(mark.capacity) + " bytes",
            std::to_string(options.capacity()));
}

// The creator's message type may have increased the alignment.
inline void
match_alignment(const queue_options& options, const queue_mark& mark)
{
    const std::uint64_t wanted =
        (std::max<
            std::uint64_t>)(options.message_alignment(), mark.type_alignment);
    if (options.demands_alignment() && wanted != mark.alignment)
        refuse(
            options,
            "a message alignment of " + std::to_string(mark.alignment) +
                " bytes",
            std::to_string(wanted));
}

inline std::string
type_text(const std::string& name, std::uint64_t size, std::uint64_t alignment)
{
    std::string result = "messages of ";
    result += name.empty() ? "a type" : "the type '" + name + "'";
    if (size != 0)
        result += " of " + std::to_string(size) + " bytes, aligned to " +
                  std::to_string(alignment);
    return result;
}

// A name is compared if both sides have one. A queue without a type takes one:
// see record_type().
inline void match_type(const queue_options& options, const queue_mark& mark)
{
    if (!demands_type(options))
        return;
    const std::string& name = options.type_name();
    const bool same =
        !has_type(mark) ||
        (options.type_size() == mark.type_size &&
         options.type_alignment() == mark.type_alignment &&
         (name.empty() || *mark.type_name == 0 || name == mark.type_name));
    if (!same)
        refuse(
            options,
            type_text(mark.type_name, mark.type_size, mark.type_alignment),
            type_text(name, options.type_size(), options.type_alignment()));
    if (options.type_alignment() > mark.alignment)
        refuse(
            options,
            "a message alignment of " + std::to_string(mark.alignment) +
                " bytes",
            std::to_string(options.type_alignment()) +
                ", which the type of the messages needs");
}

inline std::string lifetime_text(std::uint32_t value)
{
    return value == static_cast<std::uint32_t>(lifetime::persistent)
               ? "the lifetime persistent"
               : "the lifetime while_open";
}

inline void match_lifetime(const queue_options& options, const queue_mark& mark)
{
    const auto wanted = static_cast<std::uint32_t>(options.lifetime());
    if (options.demands_lifetime() && wanted != mark.lifetime)
        refuse(options, lifetime_text(mark.lifetime), lifetime_text(wanted));
}

inline std::string dead_letter_text(std::uint32_t limit, const char* name)
{
    return limit == 0
               ? "no limit of deliveries"
               : "at most " + std::to_string(limit) +
                     " deliveries and the dead-letter queue '" + name + "'";
}

inline void
match_dead_letter(const queue_options& options, const queue_mark& mark)
{
    if (options.demands_dead_letter() &&
        (options.max_deliveries() != mark.max_deliveries ||
         options.dead_letter() != mark.dead_letter))
        refuse(
            options, dead_letter_text(mark.max_deliveries, mark.dead_letter),
            dead_letter_text(
                options.max_deliveries(), options.dead_letter().c_str()));
}

// Throws queue_mismatch if the queue with this mark does not match the options.
inline void check_match(const queue_options& options, const queue_mark& mark)
{
    match_name(options, mark);
    match_versions(options, mark);
    match_kind(options, mark);
    if (dead_letter_options::are(options))
        return;
    match_overflow(options, mark);
    match_capacity(options, mark);
    match_alignment(options, mark);
    match_type(options, mark);
    match_lifetime(options, mark);
    match_dead_letter(options, mark);
}

} // namespace detail
} // namespace boost_ipq

#endif
