// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_WEAK_MEMORY_LETTERING_HPP
#define BOOST_IPQ_TEST_WEAK_MEMORY_LETTERING_HPP

// Subscribers that give messages back and reject them, in a queue that delivers
// each a number of times and then moves it to its dead letters. Whichever
// subscriber has counted a delivery, the next one must know the number.

#include "world.hpp"
#include <boost_ipq/detail/ring/dead_letters.hpp>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace weak {

class lettering
{
public:
    explicit lettering(world& all) noexcept : m_world(all), m_box(*this) {}

    void run(std::uint64_t seed)
    {
        auto& all = machine::instance();
        all.reset(seed);
        auto& random = all.random();
        m_limit = static_cast<std::uint32_t>(1 + random.below(3));
        static constexpr std::size_t capacities[] = {56, 104, 200};
        m_world.begin(
            capacities[random.below(3)], 8, random.one_in(2), m_limit);
        all.memory.stale_percent = random.below(90);
        all.memory.multi_copy_atomic = random.one_in(2);
        all.deaths_left = random.one_in(2) ? 0 : 1 + random.below(2);
        all.steps_per_death = 40 + random.below(400);
        detail::rate_limiter::stands_still = false;
        m_each = 1 + random.below(4);
        m_box_fails = random.one_in(4);
        std::memset(m_letters, 0, sizeof m_letters);
        const std::size_t subscribers = 2 + random.below(2);
        all.add([this] { publish(0); });
        for (std::size_t i = 1; i <= subscribers; ++i)
            all.add([this, i] { receive(i, 12); });
        all.run();
        if (!all.failed())
            survive(subscribers);
    }

private:
    // What has become of a message.
    struct letter
    {
        std::uint32_t deliveries; // as the last subscriber was told
        bool rejected, failed;    // failed: the box had no room for it
        std::size_t by;           // the thread that rejects it
        bool moved;
        std::size_t mover;
    };

    // The queue for dead letters.
    class box final : public detail::dead_letter_box
    {
    public:
        explicit box(lettering& all) noexcept : m_all(all) {}

        bool put(const void* data, std::size_t size) noexcept override
        {
            return m_all.put(data, size);
        }

        void freed() noexcept override {}

    private:
        lettering& m_all;
    };

    detail::ring_view seen_by(std::size_t thread)
    {
        detail::ring_view result = m_world.seen_by(thread);
        result.letters = &m_box;
        return result;
    }

    void publish(std::size_t i)
    {
        detail::ring_writer out(seen_by(i));
        std::size_t tries = 0;
        for (std::size_t count = 0; count < m_each && tries < 60; ++tries)
        {
            std::uint64_t body[ledger::max_words_each];
            const std::size_t size = m_world.some_size();
            const std::size_t number = m_world.book.begin(size, body);
            const status end = out.try_publish(body, size);
            if (end == status::done)
            {
                m_world.book.sent(number);
                ++count;
                continue;
            }
            world::expect(end == status::would_block, "sending failed");
            m_world.book.refused(number);
            machine::instance().yield();
            if (m_world.book.full())
                return;
        }
    }

    void receive(std::size_t i, std::size_t idle_looks)
    {
        detail::ring_reader in(seen_by(i));
        for (std::size_t idle = 0; idle < idle_looks;)
        {
            const status end =
                machine::instance().random().one_in(5) ? take(in) : claim(in);
            if (end == status::done)
                continue;
            world::expect(end == status::would_block, "receiving failed");
            ++idle;
            machine::instance().yield();
        }
    }

    status take(detail::ring_reader& in)
    {
        std::uint64_t body[ledger::max_words_each];
        copy_target target{body, sizeof body};
        const status end = in.try_take(target);
        if (end != status::done)
            return end;
        const std::size_t number = received(body, target.size);
        check_not_spent(number, m_letters[number].deliveries);
        m_world.book.taken(number);
        return end;
    }

    status claim(detail::ring_reader& in)
    {
        std::uint64_t body[ledger::max_words_each];
        detail::claim held;
        const status end = in.try_claim(held);
        if (end != status::done)
            return end;
        world::expect(held.size() <= sizeof body, "a wrong size in place");
        copy_out(body, in.body(held), held.size());
        const std::size_t number = received(body, held.size());
        letter& it = m_letters[number];
        world::expect(
            held.deliveries > it.deliveries, "a delivery was not counted");
        world::expect(
            machine::instance().deaths != 0 ||
                held.deliveries == it.deliveries + 1,
            "a delivery was counted twice");
        check_not_spent(number, it.deliveries);
        it.deliveries = held.deliveries;
        m_world.book.held(number);
        if (machine::instance().random().one_in(3))
            machine::instance().yield();
        finish(in.ring(), held, number);
        return end;
    }

    // One that was moved by a process that died before it acknowledged it may
    // be delivered again.
    std::size_t received(const std::uint64_t* body, std::size_t size)
    {
        const std::size_t number = m_world.book.content(body, size);
        const letter& it = m_letters[number];
        if (it.moved && machine::instance().is_dead(it.mover))
            m_world.book.not_taken(number);
        return m_world.book.received(body, size, true);
    }

    void finish(
        const detail::ring_view& ring, const detail::claim& held,
        std::size_t number)
    {
        letter& it = m_letters[number];
        m_world.book.given_up(number);
        switch (machine::instance().random().below(4))
        {
        case 0:
            acknowledge(ring, held);
            m_world.book.taken(number);
            break;
        case 1:
            it.by = machine::instance().current();
            it.rejected = true;
            reject(ring, held);
            break;
        default:
            give_back_or_move(ring, held);
        }
    }

    // Only a message that could not be moved is delivered once more.
    void check_not_spent(std::size_t number, std::uint32_t deliveries)
    {
        const letter& it = m_letters[number];
        if (it.failed)
            return;
        world::expect(deliveries < m_limit, "delivered too often");
        world::expect(
            !it.rejected || machine::instance().is_dead(it.by),
            "a rejected message was delivered");
    }

    bool put(const void* data, std::size_t size)
    {
        auto& all = machine::instance();
        std::uint64_t body[ledger::max_words_each];
        world::expect(size <= sizeof body, "a wrong size of a dead letter");
        copy_out(body, data, size);
        const std::size_t number = m_world.book.content(body, size);
        letter& it = m_letters[number];
        world::expect(
            it.rejected || it.deliveries >= m_limit || all.deaths != 0,
            "moved too early");
        if (m_box_fails && all.random().one_in(2))
        {
            it.failed = true;
            return false;
        }
        // One that died before it acknowledged the message has moved it, too.
        world::expect(!it.moved || all.is_dead(it.mover), "moved twice");
        it.moved = true;
        it.mover = all.current();
        m_world.book.taken(number);
        return true;
    }

    // One more process, which has seen all that was done, receives what is
    // left.
    void survive(std::size_t subscribers)
    {
        auto& all = machine::instance();
        all.deaths_left = 0;
        all.memory.stale_percent = 0;
        m_box_fails = false;
        const std::size_t i = all.threads();
        all.add([this, i] {
            if (machine::instance().deaths != 0)
            {
                const detail::ring_view ring = seen_by(i);
                detail::read_end(ring).recover(
                    *detail::write_end(ring).rolled_forward());
            }
            receive(i, 20);
        });
        for (std::size_t other = 0; other < i; ++other)
            all.memory.observers[i].now.join(all.memory.observers[other].now);
        all.run(i);
        std::size_t dead = 0;
        for (std::size_t k = 1; k <= subscribers; ++k)
            dead += all.is_dead(k);
        // One that died may have taken a message and not noted that.
        if (!all.failed() && m_world.book.left() > dead)
            all.memory.fail("a message is lost");
    }

    world& m_world;
    box m_box;
    std::uint32_t m_limit = 0; // deliveries
    std::size_t m_each = 0;    // messages
    bool m_box_fails = false;
    letter m_letters[ledger::max_messages];
};

} // namespace weak

#endif
