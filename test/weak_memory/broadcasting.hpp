// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_WEAK_MEMORY_BROADCASTING_HPP
#define BOOST_IPQ_TEST_WEAK_MEMORY_BROADCASTING_HPP

// A broadcast: publishers, and subscribers that join, copy, read in place, take
// the newest, purge, leave, and may die. Each subscriber checks that what it
// gets is whole, in order, and neither lost nor repeated; with drop_oldest,
// that what it missed was counted.

#include "world.hpp"
#include <boost_ipq/detail/ring/broadcast_room.hpp>
#include <boost_ipq/detail/ring/cursor_reader.hpp>
#include <boost_ipq/detail/ring/cursor_table.hpp>
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "../support/cursor_state.hpp" // behind the stand-ins

namespace weak {

// What a copy reads may be overwritten meanwhile: the copy is discarded then.
struct racy_target
{
    std::uint64_t* buffer;
    std::size_t capacity; // bytes
    bool slow = false;    // publishers overtake it, again and again
    std::size_t size = 0;

    bool may_take(std::size_t length) noexcept
    {
        size = length;
        return length <= capacity;
    }

    void take(const void* body, std::size_t length) noexcept
    {
        auto& all = machine::instance();
        auto* from = static_cast<const char*>(body);
        for (std::size_t i = 0; i < length; i += 8)
        {
            std::uint64_t initial;
            std::memcpy(&initial, from + i, 8);
            if (all.random().one_in(3))
                all.step();
            for (std::size_t more = slow ? all.random().below(12) : 0;
                 more != 0; --more)
                all.yield();
            buffer[i / 8] = all.memory.load(
                from + i, initial, std::memory_order_relaxed, true);
        }
    }
};

class broadcasting
{
public:
    explicit broadcasting(world& all) noexcept : m_world(all) {}

    void run(std::uint64_t seed)
    {
        prepare(seed);
        auto& all = machine::instance();
        for (std::size_t i = 0; i < m_publishers + m_subscribers; ++i)
            all.add([this, i] {
                if (i < m_publishers)
                    publish(i);
                else
                    receive(i);
            });
        all.run();
        if (!all.failed())
            survive();
        for (auto& each : m_members)
            each.reader.reset();
    }

private:
    class reader final : public detail::cursor_reader
    {
    public:
        using cursor_reader::cursor_reader;

    private:
        void room_made() noexcept override {}
    };

    // A subscriber, and what it has seen. Not on the stack of a thread that may
    // die.
    struct member
    {
        std::optional<broadcasting::reader> reader;
        bool joined = false, exact = true;
        std::uint32_t begin = 0; // count of the first position
        std::uint64_t received = 0;
        std::size_t known = 0; // messages before it joined
        std::array<bool, ledger::max_messages> got;
        std::array<std::size_t, max_threads> last; // of each publisher
        detail::held_run run{};
    };

    void prepare(std::uint64_t seed)
    {
        auto& all = machine::instance();
        all.reset(seed);
        auto& random = all.random();
        static constexpr std::size_t capacities[] = {40, 72, 136, 264};
        m_world.begin(capacities[random.below(4)], 8, false);
        m_drops = random.one_in(2);
        m_world.view.control->overflow = m_drops ? detail::overflow_drops : 0;
        reset_table();
        m_world.view.cursors = m_table.get();
        shared_ranges::instance().add(m_table.get(), sizeof *m_table);
        all.memory.stale_percent = random.below(90);
        all.memory.multi_copy_atomic = random.one_in(2);
        all.deaths_left = random.one_in(2) ? 0 : 1 + random.below(2);
        all.steps_per_death = 40 + random.below(400);
        detail::rate_limiter::stands_still = false;
        m_publishers = 1 + random.below(2);
        m_subscribers = 1 + random.below(3);
        m_slow = random.one_in(4);
        m_each = 3 + random.below(m_slow ? 20 : 10);
        m_kinds = 1 + random.below(5);
        m_first_kind = random.below(5);
        m_abandons = random.one_in(2);
        for (std::size_t i = 0; i < max_threads; ++i)
        {
            member& it = m_members[i];
            it.reader.reset();
            it.joined = false;
            it.exact = true;
            it.received = 0;
            it.got.fill(false);
            it.last.fill(0);
            if (i >= m_publishers && i < m_publishers + m_subscribers)
                it.reader.emplace(m_world.seen_by(i));
        }
    }

    // Only what a run uses: the table is large.
    void reset_table()
    {
        detail::cursor_table& table = *m_table;
        for (std::size_t i = 0; i < max_threads; ++i)
        {
            detail::cursor& each = table.cursors[i];
            each.word.store(0);
            each.dropped[0].store(0);
            each.dropped[1].store(0);
            each.owner.store(0);
        }
        // In a new broadcast: the zero word, which is where it begins.
        for (auto& mark : table.marks)
            mark.store(m_world.view.control->publishers.head.load());
        table.mark_count.store(0);
        table.end.store(0);
        table.slowest.store(0);
        table.last_reserved.store(0);
    }

    void publish(std::size_t i)
    {
        auto& random = machine::instance().random();
        detail::ring_view ring = m_world.seen_by(i);
        ring.maker = &detail::make_broadcast_room();
        detail::ring_writer out(ring);
        std::size_t tries = 0;
        for (std::size_t count = 0; count < m_each && tries < 60; ++tries)
        {
            count += random.one_in(3) ? send_in_place(out) : send(out);
            if (random.one_in(3))
                machine::instance().yield();
        }
    }

    bool send(detail::ring_writer& out)
    {
        std::uint64_t body[ledger::max_words_each];
        if (m_world.book.full())
            return false;
        const std::size_t size = m_world.some_size();
        const std::size_t number = m_world.book.begin(size, body);
        const status end = out.try_publish(body, size);
        world::expect(
            end == status::done || end == status::would_block,
            "sending failed");
        return note(number, end == status::done);
    }

    bool note(std::size_t number, bool sent)
    {
        if (sent)
            m_world.book.sent(number);
        else
            m_world.book.refused(number);
        return sent;
    }

    bool send_in_place(detail::ring_writer& out)
    {
        std::uint64_t body[ledger::max_words_each];
        if (m_world.book.full())
            return false;
        const std::size_t size = m_world.some_size();
        const std::size_t number = m_world.book.begin(size, body);
        // Some reserve more than they send: padding inside the buffer follows.
        const std::size_t more = machine::instance().random().below(4) * 8;
        const std::size_t room =
            (std::min)(size + more, out.ring().max_length());
        detail::reserved_record record;
        if (out.try_reserve(record, room) != status::done)
            return note(number, false);
        if (m_abandons && machine::instance().random().one_in(3))
        {
            m_world.book.refused(number);
            abandon(out.ring(), record);
            return false;
        }
        copy_in(out.body(record), body, size);
        commit(out.ring(), record, size);
        return note(number, true);
    }

    void receive(std::size_t i)
    {
        auto& random = machine::instance().random();
        member& it = m_members[i];
        const status joined = it.reader->join(random.below(3), {});
        world::expect(joined == status::done, "joining failed");
        std::uint64_t missed;
        do
        {
            missed = it.reader->missed();
            it.begin = it.reader->next().count();
        } while (it.reader->missed() != missed);
        it.begin -= static_cast<std::uint32_t>(missed);
        it.joined = true;
        it.known = m_world.book.count();
        for (std::size_t idle = 0, got = 0; idle < 12 && got < 40;)
        {
            const status end = receive_once(it);
            world::expect(
                end == status::done || end == status::would_block,
                "receiving failed");
            ++(end == status::done ? got : idle);
            if (end != status::done || random.one_in(6))
                machine::instance().yield();
        }
        if (random.one_in(6))
        {
            it.joined = false;
            it.reader->close(nullptr);
        }
    }

    status receive_once(member& it)
    {
        auto& random = machine::instance().random();
        switch ((m_first_kind + random.below(m_kinds)) % 5)
        {
        case 0:
            return hold(it);
        case 1:
            return hold_run(it);
        case 2:
            return take(it);
        case 3:
            if (random.one_in(4))
                return take_latest(it);
            return take(it);
        default:
            if (random.one_in(8))
                return purge(it);
            return take(it);
        }
    }

    status take(member& it)
    {
        auto& random = machine::instance().random();
        std::uint64_t body[ledger::max_words_each];
        racy_target target{body, sizeof body, m_slow};
        if (m_drops && random.one_in(m_slow ? 4 : 64))
            test::state_of(*it.reader)
                .mine.skip_to_newest(
                    random.below(2) * it.reader->ring().size / 2);
        const status end = it.reader->try_take(target);
        if (end == status::done)
            received(it, body, target.size);
        return end;
    }

    status take_latest(member& it)
    {
        std::uint64_t body[ledger::max_words_each];
        racy_target target{body, sizeof body};
        it.exact = false;
        const status end = it.reader->try_take_latest(target);
        if (end == status::done)
            received(it, body, target.size);
        return end;
    }

    status purge(member& it)
    {
        std::size_t count = 0;
        it.exact = false;
        return it.reader->purge(count, {}) == status::done && count == 0
                   ? status::would_block
                   : status::done;
    }

    status hold(member& it)
    {
        auto& random = machine::instance().random();
        std::uint64_t body[ledger::max_words_each];
        detail::claim held;
        const status end = it.reader->try_claim(held);
        if (end != status::done)
            return end;
        const std::size_t size = held.header.length();
        world::expect(size <= sizeof body, "a wrong size in place");
        if (random.one_in(2))
            machine::instance().yield();
        copy_out(body, it.reader->ring().body(held.offset), size);
        const bool taken = !random.one_in(4);
        if (taken)
            received(it, body, size);
        it.reader->settle(held, taken);
        return end;
    }

    status hold_run(member& it)
    {
        const status end = it.reader->try_hold_run(it.run);
        if (end != status::done)
            return end;
        const detail::ring_view& ring = it.reader->ring();
        std::uint64_t body[ledger::max_words_each];
        detail::position at = it.run.begin;
        const std::uint32_t count = it.run.count;
        const std::uint32_t wanted = static_cast<std::uint32_t>(
            1 + machine::instance().random().below(count));
        for (std::uint32_t i = 0; i < wanted; ++i)
        {
            const std::size_t size = it.run.lengths[i];
            world::expect(size <= sizeof body, "a wrong size in a run");
            copy_out(body, ring.body(at.offset()), size);
            received(it, body, size);
            at = ring.wrapped(at.count() + 1, at.offset() + ring.span(size));
        }
        it.reader->finish(it.run, at);
        return end;
    }

    void received(member& it, const std::uint64_t* body, std::size_t size)
    {
        const std::size_t number = m_world.book.content(body, size);
        world::expect(!it.got[number], "received twice");
        it.got[number] = true;
        std::size_t& last = it.last[m_world.book.publisher(number)];
        world::expect(number + 1 > last, "a message overtook another");
        last = number + 1;
        ++it.received;
    }

    // One more process, which has seen all that was done, receives what is left
    // for each subscriber that lives. After that there is room again.
    void survive()
    {
        auto& all = machine::instance();
        all.deaths_left = 0;
        all.memory.stale_percent = 0;
        const std::size_t i = all.threads();
        all.add([this, i] { empty(i); });
        for (std::size_t other = 0; other < i; ++other)
            all.memory.observers[i].now.join(all.memory.observers[other].now);
        all.run(i);
    }

    void empty(std::size_t i)
    {
        detail::ring_view ring = m_world.seen_by(i);
        ring.maker = &detail::make_broadcast_room();
        detail::ring_writer out(ring);
        if (machine::instance().deaths != 0)
            detail::write_end(out.ring()).rolled_forward();
        for (std::size_t k = m_publishers; k < i; ++k)
            if (m_members[k].joined && !machine::instance().is_dead(k))
                empty(m_members[k]);
        detail::reserved_record record;
        status end = status::would_block;
        for (std::size_t tries = 0; tries < 40 && end != status::done; ++tries)
        {
            end = out.try_reserve(record, m_world.view.max_length());
            for (std::size_t k = m_publishers; k < i; ++k)
                if (m_members[k].joined && !machine::instance().is_dead(k))
                    skip(m_members[k]);
        }
        world::expect(end == status::done, "room is lost");
    }

    void empty(member& it)
    {
        std::uint64_t body[ledger::max_words_each];
        for (std::size_t idle = 0; idle < 12;)
        {
            racy_target target{body, sizeof body};
            const status end = it.reader->try_take(target);
            world::expect(
                end == status::done || end == status::would_block,
                "damage at the end");
            if (end == status::done)
                received(it, body, target.size);
            else
                ++idle;
        }
        check_complete(it);
    }

    void check_complete(const member& it) const
    {
        const std::uint64_t missed = it.reader->missed();
        if (!m_drops)
            world::expect(missed == 0, "missed without dropping");
        if (it.exact && missed == 0)
            for (std::size_t k = it.known; k < m_world.book.count(); ++k)
                world::expect(
                    it.got[k] || !m_world.book.was_sent(k),
                    "a message is lost");
        const detail::position head(
            m_world.view.control->publishers.head.load());
        if (it.exact && !m_abandons && machine::instance().deaths == 0)
            world::expect(
                it.received + missed == head.count() - it.begin,
                "received and missed are not what was sent");
    }

    static void skip(member& it)
    {
        std::size_t count = 0;
        it.reader->purge(count, {});
    }

    world& m_world;
    const std::unique_ptr<detail::cursor_table> m_table =
        std::make_unique<detail::cursor_table>();
    std::array<member, max_threads> m_members;
    std::size_t m_publishers = 0, m_subscribers = 0, m_each = 0;
    std::size_t m_kinds = 1, m_first_kind = 0;
    bool m_drops = false, m_abandons = false, m_slow = false;
};

} // namespace weak

#endif
