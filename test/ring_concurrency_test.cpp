// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Threads on one ring in plain memory, mainly for ThreadSanitizer: copies and
// reservations, copies and claims, small messages and messages that are copied
// outside of the lock.

#include "support/heap_ring.hpp"
#include "support/main.hpp"
#include "support/random_seed.hpp"
#include <atomic>
#include <cstring>
#include <deque>
#include <random>
#include <thread>

using namespace test;

namespace {

#if defined(BOOST_IPQ_DETAIL_TSAN)
constexpr unsigned messages_each = 3'000;
#else
constexpr unsigned messages_each = 10'000;
#endif
constexpr unsigned publishers = 3, subscribers = 3;

struct plan
{
    std::size_t capacity;
    std::size_t longest; // length of a message, in bytes
    bool in_place;       // reservations and claims, too
    std::size_t alignment = 8;
};

struct label
{
    std::uint32_t publisher;
    std::uint32_t number;
};

class crowd
{
public:
    crowd(const plan& how, std::uint32_t seed)
        : m_plan(how),
          m_seed(seed),
          m_ring(
              how.capacity, how.alignment, std::allocator<std::byte>(),
              0xffffff00)
    {
        for (unsigned i = 0; i < publishers + subscribers; ++i)
            m_members.emplace_back(m_ring.view(), m_witness, i);
        for (auto& counts : m_received)
            for (unsigned i = 0; i < messages_each; ++i)
                counts.emplace_back(0);
    }

    void run()
    {
        std::vector<std::thread> threads;
        for (unsigned i = 0; i < publishers; ++i)
            threads.emplace_back([this, i] { publish(i); });
        for (unsigned i = 0; i < subscribers; ++i)
            threads.emplace_back([this, i] { receive(i); });
        for (auto& thread : threads)
            thread.join();

        BOOST_TEST(!m_failed.load());
        BOOST_TEST(m_taken.load() == publishers * messages_each);
        bool each_once = true;
        for (const auto& counts : m_received)
            for (const auto& count : counts)
                each_once = each_once && count.load() == 1;
        BOOST_TEST(each_once);
        // The record that was abandoned last may still be there.
        BOOST_TEST(m_members[0].take() == "-");
        const auto view = m_ring.view();
        BOOST_TEST(
            view.control->publishers.head.load() ==
            view.control->subscribers.read.load());
        BOOST_TEST(
            view.control->publishers.head.load() ==
            view.control->subscribers.free.load());
    }

private:
    void expect(bool condition)
    {
        if (!condition)
            m_failed = true;
    }

    void publish(unsigned index)
    {
        member& self = m_members[index];
        std::mt19937 random(m_seed + index);
        for (unsigned i = 0; i < messages_each && !m_failed;)
        {
            const std::size_t size =
                sizeof(label) + random() % (m_plan.longest - sizeof(label) + 1);
            const label what = {index, i};
            // As if another publisher had waited for the lock for a long time.
            if (random() % 8 == 0)
                m_ring.view().control->publishers.waiting.store(1);
            bytes body = make_body(index * messages_each + i, size);
            std::memcpy(body.data(), &what, sizeof what);
            const bool sent = m_plan.in_place && random() % 2
                                  ? send_in_place(self, body, random)
                                  : self.send(body) == status::done;
            if (sent)
                ++i;
            else
                std::this_thread::yield();
        }
    }

    bool send_in_place(member& self, const bytes& body, std::mt19937& random)
    {
        const std::size_t slack = random() % 3 ? 0 : random() % 40;
        const bool dropped = random() % 4 == 0;
        const auto record = self.reserve(body.size() + slack);
        if (!record)
            return false;
        std::memcpy(self.out.body(*record), body.data(), body.size());
        if (dropped)
            abandon(self.out.ring(), *record);
        else if (slack != 0)
            commit(self.out.ring(), *record, body.size());
        else
            commit(self.out.ring(), *record);
        return !dropped;
    }

    void receive(unsigned index)
    {
        member& self = m_members[publishers + index];
        std::mt19937 random(m_seed + publishers + index);
        std::uint32_t next[publishers] = {};
        while (m_taken < publishers * messages_each && !m_failed)
        {
            if (m_plan.in_place && random() % 2)
            {
                const auto held = self.claim();
                if (!held)
                {
                    std::this_thread::yield();
                    continue;
                }
                const std::byte* const body = self.in.body(*held);
                const bytes copy(body, body + held->header.length());
                if (random() % 4 == 0)
                {
                    check(copy);
                    give_back(self.in.ring(), *held);
                    continue;
                }
                count(copy);
                if (!held->redelivered())
                    in_order(next, copy);
                acknowledge(self.in.ring(), *held);
                ++m_taken;
            }
            else if (const auto message = self.take_bytes())
            {
                count(*message);
                // A copied message may have been given back before.
                if (!m_plan.in_place)
                    in_order(next, *message);
                ++m_taken;
            }
            else
                std::this_thread::yield();
            expect(
                self.result == status::done ||
                self.result == status::would_block);
        }
    }

    label check(const bytes& message)
    {
        label what = {};
        if (message.size() < sizeof what)
        {
            expect(false);
            return what;
        }
        std::memcpy(&what, message.data(), sizeof what);
        if (what.publisher >= publishers || what.number >= messages_each)
        {
            expect(false);
            return label{};
        }
        bytes body = make_body(
            what.publisher * messages_each + what.number, message.size());
        std::memcpy(body.data(), &what, sizeof what);
        expect(body == message);
        return what;
    }

    void count(const bytes& message)
    {
        const label what = check(message);
        m_received[what.publisher][what.number].fetch_add(1);
    }

    void in_order(std::uint32_t (&next)[publishers], const bytes& message)
    {
        const label what = check(message);
        expect(what.number >= next[what.publisher]);
        next[what.publisher] = what.number + 1;
    }

    plan m_plan;
    std::uint32_t m_seed;
    heap_ring m_ring;
    everybody_alive m_witness;
    std::deque<member> m_members;
    std::deque<std::atomic<unsigned>> m_received[publishers];
    std::atomic<unsigned> m_taken{0};
    std::atomic<bool> m_failed{false};
};

void run(const plan& how)
{
    const test::random_seed seed;
    crowd(how, seed.value()).run();
}

} // namespace

BOOST_AUTO_TEST_CASE(small)
{
    run({300, 64, false});
}

BOOST_AUTO_TEST_CASE(small_in_place)
{
    run({2000, 64, true});
}

BOOST_AUTO_TEST_CASE(small_aligned)
{
    run({4000, 64, true, 64});
}

// Some messages are copied outside of the lock.
BOOST_AUTO_TEST_CASE(large)
{
    run({60'000, 9000, false});
}

BOOST_AUTO_TEST_CASE(large_in_place)
{
    run({60'000, 9000, true});
}

// The ring is nearly always full or empty.
BOOST_AUTO_TEST_CASE(one_at_a_time)
{
    run({64, 48, false});
}
