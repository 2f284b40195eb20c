// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_HEAP_RING_HPP
#define BOOST_IPQ_TEST_HEAP_RING_HPP

// A ring in plain memory, and participants that are alive or declared dead.

#include "body.hpp"
#include <boost_ipq/detail/ring/ring.hpp>
#include <boost_ipq/detail/ring/ring_writer.hpp>
#include <boost_ipq/detail/ring/ring_reader.hpp>
#include <boost_ipq/detail/handle/copy_targets.hpp>
#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <string>

namespace test {

namespace detail = boost_ipq::detail;
using detail::incarnation;
using detail::position;
using detail::record_header;
using detail::record_state;
using detail::status;

using heap_ring = detail::basic_ring<std::allocator<std::byte>>;

// All are alive.
struct everybody_alive final : detail::liveness
{
    bool alive(incarnation) const noexcept override { return true; }
};

// All are alive except those declared dead. Counts the queries.
struct scripted_liveness final : detail::liveness
{
    bool alive(incarnation who) const noexcept override
    {
        ++asked;
        if (on_question)
            on_question(who);
        return dead.count(who) == 0;
    }

    std::uint64_t deaths() const noexcept override { return dead.size() + 1; }

    std::set<incarnation> dead;
    mutable std::function<void(incarnation)> on_question;
    mutable unsigned asked = 0;
};

// One process's view of a ring.
struct member
{
    member(
        const detail::ring_view& view, const detail::liveness& witness,
        std::uint32_t slot)
        : name(detail::make_incarnation(slot, 1)),
          self(name),
          out(seen_by(view, witness)),
          in(seen_by(view, witness))
    {
    }

    member(const member&) = delete;
    member& operator=(const member&) = delete;

    status send(const bytes& message)
    {
        return out.try_publish(message.data(), message.size());
    }

    status send(const std::string& message)
    {
        return out.try_publish(message.data(), message.size());
    }

    // Returns: nothing if there is no message.
    std::optional<bytes> take_bytes()
    {
        bytes message;
        detail::container_target<bytes> sink(message);
        result = in.try_take(sink);
        while (result == status::declined && sink.grow())
            result = in.try_take(sink);
        if (result != status::done)
            return std::nullopt;
        return message;
    }

    // Returns: "-" if there is no message.
    std::string take()
    {
        const auto message = take_bytes();
        return message ? text(message->data(), message->size()) : "-";
    }

    // Returns: nothing if there is nothing to claim.
    std::optional<detail::claim> claim()
    {
        detail::claim held;
        result = in.try_claim(held);
        if (result != status::done)
            return std::nullopt;
        return held;
    }

    std::string text(const detail::claim& held) const
    {
        return text(in.body(held), held.header.length());
    }

    std::optional<detail::reserved_record> reserve(std::size_t size)
    {
        detail::reserved_record record;
        result = out.try_reserve(record, size);
        if (result != status::done)
            return std::nullopt;
        return record;
    }

    // Fills a reservation.
    void write(const detail::reserved_record& record, const std::string& text)
    {
        detail::copy_in(out.body(record), text.data(), text.size());
    }

    // Returns the number of records that the dead held.
    std::size_t recover()
    {
        return *detail::read_end(out.ring())
                    .recover(*detail::write_end(out.ring()).rolled_forward());
    }

    detail::ring_view
    seen_by(detail::ring_view view, const detail::liveness& witness)
    {
        view.self_word = &self;
        view.peers = &witness;
        return view;
    }

    static std::string text(const std::byte* data, std::size_t size)
    {
        return std::string(reinterpret_cast<const char*>(data), size);
    }

    incarnation name;
    std::atomic<incarnation> self;
    detail::ring_writer out;
    detail::ring_reader in;
    status result = status::done; // of the last attempt
};

// A ring with scripted liveness and some participants.
struct ring_fixture
{
    explicit ring_fixture(
        std::size_t capacity, std::size_t alignment = 8,
        std::uint32_t first = 0)
        : ring(capacity, alignment, std::allocator<std::byte>(), first),
          view(ring.view())
    {
    }

    detail::publisher_line& publishers() { return view.control->publishers; }
    detail::subscriber_line& subscribers() { return view.control->subscribers; }

    position head() { return position(publishers().head.load()); }
    position read() { return position(subscribers().read.load()); }
    position free() { return position(subscribers().free.load()); }

    record_header header(position at)
    {
        return record_header(view.header(at).load());
    }

    void die(const member& who) { witness.dead.insert(who.name); }

    heap_ring ring;
    detail::ring_view view;
    scripted_liveness witness;
    member a{view, witness, 0}, b{view, witness, 1}, c{view, witness, 1023};
};

} // namespace test

// For Boost.Test's messages.
namespace boost_ipq {
namespace detail {

inline std::ostream& operator<<(std::ostream& out, status value)
{
    return out << "status " << static_cast<int>(value);
}

} // namespace detail
} // namespace boost_ipq

#endif
