// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_WEAK_MEMORY_EXCHANGE_HPP
#define BOOST_IPQ_TEST_WEAK_MEMORY_EXCHANGE_HPP

// Publishers and subscribers that use the ring in every way and may die, and a
// survivor that recovers and empties it.

#include "rare_calls.hpp"
#include "world.hpp"
#include <array>
#include <cstddef>
#include <cstdint>

namespace weak {

class exchange
{
public:
    explicit exchange(world& all) noexcept : m_world(all), m_rare(all) {}

    // Runs one schedule. The machine keeps the error.
    void run(std::uint64_t seed, bool rare = false)
    {
        prepare(seed);
        m_rare.prepare(rare);
        run_members([](std::size_t, auto body) { body(); });
    }

protected:
    void prepare(std::uint64_t seed)
    {
        auto& all = machine::instance();
        all.reset(seed);
        auto& random = all.random();
        static constexpr std::size_t capacities[] = {40, 56, 72, 104, 136, 200};
        static constexpr std::size_t alignments[] = {8, 8, 16, 32};
        m_world.begin(
            capacities[random.below(random.one_in(2) ? 3 : 6)],
            alignments[random.below(4)], random.one_in(2));
        all.memory.stale_percent = random.below(90);
        all.memory.multi_copy_atomic = random.one_in(2);
        all.deaths_left = random.one_in(2) ? 0 : 1 + random.below(2);
        all.steps_per_death = 40 + random.below(400);
        m_each = m_world.uniform ? 3 + random.below(8) : 2 + random.below(4);
        m_publishers = 1 + random.below(2);
        m_members = m_publishers + 1 + random.below(2);
        // Some schedules use only one kind of call.
        m_send_kinds = random.one_in(2) ? 3 : 1 + random.below(2);
        m_take_kinds = random.one_in(2) ? 3 : 1 + random.below(2);
        m_first_kind = random.below(3);
        m_shortened = random.one_in(6);
        if (m_shortened)
        {
            m_send_kinds = 1;
            m_first_kind = 1;
            m_take_kinds = 1 + random.below(2);
            all.deaths_left = 0;
        }
        detail::rate_limiter::stands_still = false;
        m_rare.prepare(false);
    }

    // `wrap(i, body)` runs what thread i does.
    template <class Wrap>
    void run_members(Wrap wrap)
    {
        auto& all = machine::instance();
        for (std::size_t i = 0; i < m_members; ++i)
            all.add([this, i, wrap] {
                wrap(i, [this, i] {
                    if (i < m_publishers)
                        publish(i);
                    else
                        receive(i);
                });
            });
        // Others look at a record that was committed shorter, and claimed.
        if (all.random().one_in(4) || m_shortened)
            all.add([this] { inspect(); });
        all.run();
        if (!all.failed())
            survive(wrap);
    }

    world& m_world;
    std::size_t m_publishers = 0; // the first threads
    std::size_t m_members = 0;    // publishers and subscribers

private:
    void publish(std::size_t i)
    {
        auto& random = machine::instance().random();
        detail::ring_writer out(m_world.seen_by(i));
        std::size_t tries = 0;
        for (std::size_t count = 0; count < m_each && tries < 60; ++tries)
        {
            ++m_world.sending;
            switch ((m_first_kind + random.below(m_send_kinds)) % 3)
            {
            case 0:
                count += send_batch(out);
                break;
            case 1:
                count += send_in_place(out);
                break;
            default:
                count += send(out);
            }
            --m_world.sending;
            if (random.one_in(3))
                machine::instance().yield();
        }
    }

    bool send(detail::ring_writer& out)
    {
        std::uint64_t body[ledger::max_words_each];
        const std::size_t size = m_world.some_size();
        if (m_world.book.full())
            return false;
        const std::size_t number = m_world.book.begin(size, body);
        const status end = m_rare.overwrites()
                               ? m_rare.overwrite(out, body, size)
                               : out.try_publish(body, size);
        note(number, end);
        return end == status::done;
    }

    void note(std::size_t number, status end)
    {
        world::expect(
            end == status::done || end == status::would_block,
            "sending failed");
        if (end == status::done)
            m_world.book.sent(number);
        else
            m_world.book.refused(number);
    }

    std::size_t send_batch(detail::ring_writer& out)
    {
        std::uint64_t bodies[3][ledger::max_words_each];
        std::array<detail::byte_view, 3> views{
            detail::byte_view(bodies[0], 0), detail::byte_view(bodies[0], 0),
            detail::byte_view(bodies[0], 0)};
        std::size_t numbers[3], sent = 0;
        const std::size_t size = 1 + machine::instance().random().below(3);
        if (m_world.book.full())
            return 0;
        for (std::size_t i = 0; i < size; ++i)
        {
            const std::size_t bytes = m_world.some_size();
            numbers[i] = m_world.book.begin(bytes, bodies[i]);
            views[i] = detail::byte_view(bodies[i], bytes);
        }
        out.try_publish_all(views.begin(), views.begin() + size, sent);
        for (std::size_t i = 0; i < size; ++i)
            note(numbers[i], i < sent ? status::done : status::would_block);
        return sent;
    }

    bool send_in_place(detail::ring_writer& out)
    {
        auto& random = machine::instance().random();
        std::uint64_t body[ledger::max_words_each];
        const std::size_t size = m_world.some_size();
        if (m_world.book.full())
            return false;
        const std::size_t number = m_world.book.begin(size, body);
        detail::reserved_record record;
        if (out.try_reserve(record, size) != status::done)
        {
            m_world.book.refused(number);
            return false;
        }
        const std::size_t how = random.below(4);
        if (how == 0)
        {
            m_world.book.refused(number);
            abandon(out.ring(), record);
            return false;
        }
        copy_in(out.body(record), body, size);
        if (how == 1 || (m_shortened && how == 2))
            commit(out.ring(), record, 8);
        else
            commit(out.ring(), record);
        m_world.book.sent(number);
        return true;
    }

    void receive(std::size_t i)
    {
        detail::ring_reader in(m_world.seen_by(i));
        for (std::size_t idle = 0, got = 0; idle < 12 && got < 20;)
        {
            if (m_rare.wanted())
                receive_rarely(in);
            const std::size_t known = told_of();
            ++m_world.taking;
            const status end = receive_once(in, i);
            --m_world.taking;
            world::expect(
                end == status::done || end == status::would_block,
                "receiving failed");
            if (end == status::done)
            {
                idle = 0;
                ++got;
                continue;
            }
            if (m_world.taking == 0 && machine::instance().deaths == 0 &&
                !m_rare.wanted() &&
                machine::instance().memory.multi_copy_atomic)
                world::expect(
                    m_world.book.unseen(known) == 0,
                    "a queue with messages was called empty");
            ++idle;
            machine::instance().yield();
        }
    }

    void receive_rarely(detail::ring_reader& in)
    {
        m_rare.receive(in);
        if (machine::instance().random().one_in(6))
            m_rare.take_back(in);
    }

    status receive_once(detail::ring_reader& in, std::size_t i)
    {
        auto& random = machine::instance().random();
        switch ((m_first_kind + 2 * random.below(m_take_kinds)) % 3)
        {
        case 0:
            return claim_run(in, i);
        case 1:
            return claim_one(in);
        default:
            return take(in);
        }
    }

    // Now and then the publishers tell the current thread, in another way,
    // that they have sent messages. It must find them then. Returns the number
    // of messages so far.
    std::size_t told_of()
    {
        auto& all = machine::instance();
        if (m_world.sending != 0 || m_world.taking != 0 ||
            !all.random().one_in(3))
            return 0;
        for (std::size_t i = 0; i < m_publishers; ++i)
            all.memory.follow(i);
        return m_world.book.count();
    }

    status take(detail::ring_reader& in)
    {
        std::uint64_t body[ledger::max_words_each];
        copy_target target{body, sizeof body};
        const status end = in.try_take(target);
        if (end == status::done)
            m_world.book.taken(m_world.book.received(body, target.size, true));
        return end;
    }

    status claim_one(detail::ring_reader& in)
    {
        std::uint64_t body[ledger::max_words_each];
        detail::claim held;
        const status end = in.try_claim(held);
        if (end != status::done)
            return end;
        const std::size_t size = held.header.length();
        world::expect(size <= sizeof body, "a wrong size in place");
        copy_out(body, in.body(held), size);
        // One that was taken back comes late, and as if for the first time.
        const std::size_t number = m_world.book.received(
            body, size, held.redelivered() || m_rare.wanted());
        m_world.book.held(number);
        if (machine::instance().random().one_in(3))
            machine::instance().yield();
        m_world.book.given_up(number);
        if (machine::instance().random().one_in(4))
        {
            give_back(in.ring(), held);
            return end;
        }
        acknowledge(in.ring(), held);
        m_world.book.taken(number);
        return end;
    }

    // As consume_all() does it.
    status claim_run(detail::ring_reader& in, std::size_t i)
    {
        auto& random = machine::instance().random();
        detail::claimed_run& run = m_runs[i];
        const status end = in.try_claim_run(run);
        if (end != status::done)
            return end;
        const detail::ring_view& ring = in.ring();
        std::size_t at = run.begin.offset();
        std::uint32_t done = 0;
        const std::uint32_t wanted =
            random.one_in(4)
                ? static_cast<std::uint32_t>(random.below(run.count))
                : run.count;
        for (; done < wanted; ++done)
        {
            const std::size_t size = run.lengths[done];
            std::uint64_t body[ledger::max_words_each];
            world::expect(size <= sizeof body, "a wrong size in a run");
            copy_out(body, ring.body(at), size);
            const std::size_t number = m_world.book.received(body, size, true);
            settle(
                ring, at, header_of(run, done),
                header_of(run, done).with(detail::record_state::consumed));
            m_world.book.taken(number);
            at += ring.span(size);
        }
        detail::read_end(ring).try_free_run(
            run.begin, ring.wrapped(run.begin.count() + done, at));
        for (; done < run.count; ++done)
        {
            give_back(ring, {at, header_of(run, done), false});
            at += ring.span(run.lengths[done]);
        }
        return end;
    }

    static detail::record_header
    header_of(const detail::claimed_run& run, std::uint32_t number)
    {
        return detail::record_header(
            detail::record_state::claimed, run.owner, run.lengths[number]);
    }

    // One more process, which has seen all that was done, receives what is
    // left, and finds all of the room. After a death it recovers what the dead
    // held; without one, it does not ask the kernel about deaths.
    template <class Wrap>
    void survive(Wrap wrap)
    {
        auto& all = machine::instance();
        all.deaths_left = 0;
        all.memory.stale_percent = 0;
        detail::rate_limiter::stands_still = all.deaths == 0;
        const std::size_t i = all.threads();
        all.add([this, wrap, i] { wrap(i, [this, i] { empty(i); }); });
        for (std::size_t other = 0; other < i; ++other)
            all.memory.observers[i].now.join(all.memory.observers[other].now);
        all.run(i);
        std::size_t dead_subscribers = 0;
        for (std::size_t k = m_publishers; k < m_members; ++k)
            dead_subscribers += all.is_dead(k);
        // A subscriber may have died after it took a message, before it could
        // note that.
        const std::size_t left = m_world.book.left();
        if (!all.failed() && left > dead_subscribers &&
            !m_rare.explain(left - dead_subscribers))
            all.memory.fail("a message is lost");
    }

    void empty(std::size_t i)
    {
        detail::ring_writer out(m_world.seen_by(i));
        detail::ring_reader in(m_world.seen_by(i));
        if (machine::instance().deaths != 0)
            detail::read_end(out.ring())
                .recover(*detail::write_end(out.ring()).rolled_forward());
        std::uint64_t body[ledger::max_words_each];
        for (std::size_t idle = 0; idle < 12;)
        {
            detail::claim held;
            const status end = in.try_claim(held);
            world::expect(
                end == status::done || end == status::would_block,
                "damage at the end");
            if (end != status::done)
            {
                ++idle;
                continue;
            }
            const std::size_t size = held.header.length();
            world::expect(size <= sizeof body, "a wrong size at the end");
            copy_out(body, in.body(held), size);
            const std::size_t number = m_world.book.received(body, size, true);
            acknowledge(in.ring(), held);
            m_world.book.taken(number);
        }
        check_room(out);
    }

    void check_room(detail::ring_writer& out)
    {
        detail::reserved_record record;
        world::expect(
            out.try_reserve(record, m_world.view.max_length()) == status::done,
            "the room of a message is lost");
        const auto& control = *m_world.view.control;
        const detail::position head(control.publishers.head.load());
        const detail::position read(control.subscribers.read.load());
        world::expect(
            head.count() - read.count() == 1, "the counts of messages differ");
    }

    // Looks at the positions and the records as inspect() does.
    void inspect()
    {
        const std::size_t looks = m_shortened ? 20 : 6;
        for (std::size_t i = 0; i < looks; ++i)
        {
            const positions at = read_positions();
            const std::uint64_t sent =
                messages_so_far(at.head_half_laps, at.head);
            const std::uint64_t received =
                messages_so_far(at.read_half_laps, at.read);
            world::expect(
                sent - m_world.start < 1000 && received - m_world.start < 1000,
                "a count of messages is wrong by a lap");
            if (machine::instance().deaths == 0 && !leads_to_head(at) &&
                unmoved(at))
                machine::instance().stop("inspect() finds damage");
            machine::instance().yield();
        }
    }

    struct positions
    {
        std::uint32_t head_half_laps, read_half_laps;
        detail::position free, read, head;

        friend bool operator==(const positions& a, const positions& b)
        {
            return a.free == b.free && a.read == b.read && a.head == b.head;
        }
    };

    bool unmoved(const positions& at) const
    {
        detail::platform::asymmetric_fence_heavy();
        return read_positions() == at;
    }

    positions read_positions() const
    {
        const auto& control = *m_world.view.control;
        constexpr auto acquire = std::memory_order_acquire;
        positions result;
        result.head_half_laps = control.publishers.half_laps.load(acquire);
        result.read_half_laps = control.subscribers.half_laps.load(acquire);
        result.free = detail::position(control.subscribers.free.load(acquire));
        result.read = detail::position(control.subscribers.read.load(acquire));
        result.head = detail::position(control.publishers.head.load(acquire));
        return result;
    }

    // Do the records lead from `free` past `head` to an end?
    bool leads_to_head(const positions& from) const
    {
        const detail::ring_view& ring = m_world.view;
        detail::position at = from.free;
        bool passed = static_cast<std::int32_t>(
                          from.head.count() - from.free.count()) <= 0;
        bool passed_read = false;
        for (std::size_t walked = 0; ring.holds(at) && walked <= ring.size;)
        {
            passed |= at == from.head;
            passed_read |= at == from.read;
            const detail::record_header header(
                detail::platform::load_hint(ring.header(at)));
            if (passed && header.word() == 0)
                return true;
            if (passed && ring.control->publishers.head.load(
                              std::memory_order_acquire) != from.head.word())
                return true;
            if (header.state() == detail::record_state::none ||
                header.state() > detail::record_state::span ||
                (header.is_span() && passed_read) || !ring.holds(at, header))
                return false;
            walked += ring.extent(header);
            at = ring.behind(at, header);
        }
        return false;
    }

    rare_calls m_rare;
    std::size_t m_each = 0;   // messages of a publisher
    bool m_shortened = false; // all messages in place, most committed shorter
    std::size_t m_send_kinds = 3, m_take_kinds = 3, m_first_kind = 0;
    detail::claimed_run m_runs[max_threads];
};

} // namespace weak

#endif
