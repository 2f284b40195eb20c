// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_STORM_WORKERS_HPP
#define BOOST_IPQ_TEST_STORM_WORKERS_HPP

// What the processes of a storm do.

#include "../support/body.hpp"
#include "../support/sanitizer.hpp"
#include "ledger.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost_ipq/subscriber.hpp>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <map>
#include <mutex>
#include <random>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace storm {

using test::bytes;

// The beginning of a message; the rest depends on its number and size.
struct message_head
{
    std::uint64_t number;
    std::uint32_t life;     // of its publisher
    std::uint32_t sequence; // in that life
};

inline bytes make_message(const message_head& head, std::size_t size)
{
    bytes result = test::make_body(head.number, size);
    std::memcpy(result.data(), &head, sizeof head);
    return result;
}

// What the processes of a round have in common.
struct plan
{
    // A process that is stopped inside the queue may be so for some time.
    explicit plan(const boost_ipq::queue_options& queue) : options(queue)
    {
        options.busy_after(std::chrono::minutes(1));
    }

    boost_ipq::queue_options options;
    std::size_t alignment = 8;
    bool throws = false;           // out of consume_all()
    unsigned most_progress = 2000; // messages between two disturbances
    bool waits = true;             // for room
    std::chrono::milliseconds time_limit{100}; // of a subscriber
};

// The alignment of a message in place.
inline bool is_aligned(const void* data, std::size_t alignment)
{
    return reinterpret_cast<std::uintptr_t>(data) % alignment == 0;
}

// Sends at full speed, by every call. While it holds reservations, it does not
// wait: others wait for them.
class publisher_worker
{
public:
    publisher_worker(
        ledger& book, const plan& how, boost_ipq::publisher& out,
        std::uint32_t life, std::uint32_t seed)
        : m_book(book),
          m_plan(how),
          m_out(out),
          m_life(life),
          m_random(seed)
    {
    }

    // Makes up to `most` calls.
    void run(std::uint64_t most = ~std::uint64_t(0))
    {
        for (; most != 0 && !m_book.stop_sending; --most)
            send_somehow();
        while (!m_held.empty())
            settle_one();
    }

private:
    struct numbered
    {
        std::uint64_t number;
        bytes message;
    };

    struct held_reservation
    {
        boost_ipq::reservation room;
        numbered what;
    };

    void send_somehow()
    {
        const auto dice = m_random() % 16;
        if (!m_held.empty() && m_random() % 3 == 0)
            return settle_one();
        if (dice < 2)
            return send_batch();
        if (dice < 5)
            return reserve();
        if (dice < 7 || !m_held.empty() || !m_plan.waits)
            return send([this](const bytes& message) {
                return m_out.try_enqueue(message);
            });
        send([this](const bytes& message) {
            while (!m_out.timed_enqueue(message, std::chrono::milliseconds(20)))
                if (m_book.stop_sending)
                    return false;
            return true;
        });
    }

    // Now and then one that is copied without a lock.
    std::size_t choose_size()
    {
        const auto dice = m_random() % 200;
        const std::size_t body = dice < 1   ? 20'000 + m_random() % 100'000
                                 : dice < 4 ? 4000 + m_random() % 3000
                                            : m_random() % 200;
        return sizeof(message_head) +
               (std::min)(
                   body, m_out.max_message_size() - sizeof(message_head));
    }

    // The ledger is full.
    bool begin(numbered& result)
    {
        result.number = m_book.numbered++;
        if (result.number >= ledger::capacity)
        {
            m_book.numbered = std::uint64_t(ledger::capacity);
            m_book.stop_sending = true;
            return false;
        }
        result.message =
            make_message({result.number, m_life, m_sequence++}, choose_size());
        m_book.entries[result.number].sent = sending::begun;
        return true;
    }

    void end(const numbered& what, bool sent)
    {
        m_book.entries[what.number].sent =
            sent ? sending::done : sending::refused;
    }

    template <class Send>
    void send(Send function)
    {
        numbered next;
        if (begin(next))
            end(next, function(next.message));
    }

    // Reserves some bytes too many, now and then.
    void reserve()
    {
        held_reservation next;
        if (!begin(next.what))
            return;
        const std::size_t size = next.what.message.size();
        const std::size_t more = m_random() % 4 == 0 ? m_random() % 40 : 0;
        next.room = m_out.try_reserve(
            (std::min)(size + more, m_out.max_message_size()));
        if (!next.room)
            return end(next.what, false);
        if (!is_aligned(next.room.data(), m_plan.alignment))
            m_book.fail("a reservation is not aligned", next.what.number);
        std::memcpy(next.room.data(), next.what.message.data(), size);
        m_held.push_back(std::move(next));
        if (m_random() % 2 || m_held.size() == 3)
            settle_one();
    }

    void settle_one()
    {
        const auto which = m_held.begin() + static_cast<std::ptrdiff_t>(
                                                m_random() % m_held.size());
        const std::size_t size = which->what.message.size();
        if (m_random() % 8 == 0)
        {
            which->room.abandon();
            end(which->what, false);
        }
        else
        {
            if (size == which->room.size())
                which->room.commit();
            else
                which->room.commit(size);
            end(which->what, true);
        }
        m_held.erase(which);
    }

    void send_batch()
    {
        std::vector<numbered> batch(1 + m_random() % 8);
        std::vector<bytes> messages;
        for (auto& next : batch)
        {
            if (!begin(next))
                return;
            messages.push_back(next.message);
        }
        const std::size_t sent =
            m_out.try_enqueue_all(messages.begin(), messages.end());
        for (std::size_t i = 0; i < batch.size(); ++i)
            end(batch[i], i < sent);
    }

    ledger& m_book;
    const plan& m_plan;
    boost_ipq::publisher& m_out;
    std::uint32_t m_life, m_sequence = 0;
    std::mt19937 m_random;
    std::vector<held_reservation> m_held;
};

// Receives by every call, and checks the messages. While it holds deliveries,
// it does not wait: others wait for their room.
class subscriber_worker
{
public:
    subscriber_worker(
        ledger& book, const plan& how, boost_ipq::subscriber& in,
        std::uint32_t life, std::uint32_t seed)
        : m_book(book),
          m_plan(how),
          m_in(in),
          m_life(life),
          m_buffer(m_in.max_message_size()),
          m_random(seed)
    {
    }

    // Makes up to `most` calls, and ends when the queue is empty and stays
    // empty.
    void run(std::uint64_t most = ~std::uint64_t(0))
    {
        for (; most != 0; --most)
        {
            // Read before: a subscriber that finds the queue empty after this
            // flag was set may end.
            const bool stopping = m_book.stop_receiving;
            const bool any = receive_somehow();
            if (!any && m_held.empty() && stopping)
                return;
            if (!m_held.empty() && (!any || m_random() % 3 == 0))
                settle_one();
        }
        while (!m_held.empty())
            settle_one();
    }

private:
    struct stop_consuming
    {
    };

    struct held_delivery
    {
        boost_ipq::delivery message;
        std::uint64_t number;
    };

    std::chrono::milliseconds limit() const
    {
        return m_held.empty() ? m_plan.time_limit
                              : std::chrono::milliseconds(0);
    }

    bool receive_somehow()
    {
        const auto dice = m_random() % 64;
        if (dice < 2)
            return consume();
        if (dice < 20)
            return receive_in_place();
        if (dice < 28)
            return receive_into_buffer();
        if (!m_in.timed_dequeue(m_message, limit()))
            return false;
        take(m_message.data(), m_message.size());
        return true;
    }

    bool receive_into_buffer()
    {
        std::size_t size;
        if (!m_in.timed_dequeue(
                m_buffer.data(), m_buffer.size(), size, limit()))
            return false;
        take(m_buffer.data(), size);
        return true;
    }

    void take(const void* data, std::size_t size)
    {
        if (check(data, size))
            in_order(m_book.receive(m_head.number));
    }

    bool read_in_place(const void* data, std::size_t size)
    {
        if (!check(data, size))
            return false;
        if (!is_aligned(data, m_plan.alignment))
            m_book.fail("is not aligned", m_head.number);
        in_order(m_book.receive_in_place(m_head.number, m_life));
        return true;
    }

    bool receive_in_place()
    {
        boost_ipq::delivery message = m_in.timed_receive(limit());
        if (!message)
            return false;
        if (!read_in_place(message.data(), message.size()))
        {
            message.acknowledge();
            return true;
        }
        m_held.push_back({std::move(message), m_head.number});
        if (m_random() % 2 || m_held.size() == 4)
            settle_one();
        return true;
    }

    void settle_one()
    {
        const auto which = m_held.begin() + static_cast<std::ptrdiff_t>(
                                                m_random() % m_held.size());
        if (m_random() % 16 == 0)
        {
            m_book.give_back(which->number);
            which->message.give_back();
        }
        else
        {
            which->message.acknowledge();
            m_book.acknowledge(which->number);
        }
        m_held.erase(which);
    }

    // A message is acknowledged before the next one is read, or at the end.
    bool consume()
    {
        constexpr std::uint64_t none = ~std::uint64_t(0);
        std::uint64_t last = none;
        bool any = false;
        const auto one = [&](const void* data, std::size_t size) {
            if (last != none)
                m_book.acknowledge(last);
            last = none;
            any = true;
            if (!read_in_place(data, size))
                return;
            if (m_plan.throws && m_random() % 128 == 0)
            {
                m_book.give_back(m_head.number);
                ++m_book.broken_runs;
                throw stop_consuming();
            }
            last = m_head.number;
        };
        try
        {
            m_in.consume_all(one);
        }
        catch (const stop_consuming&)
        {
        }
        if (last != none)
            m_book.acknowledge(last);
        return any;
    }

    // Checks that this is an intact message that a publisher sends.
    bool check(const void* data, std::size_t size)
    {
        if (size < sizeof m_head)
        {
            m_book.fail("a size that no publisher sends");
            return false;
        }
        std::memcpy(&m_head, data, sizeof m_head);
        const bytes whole = make_message(m_head, size);
        if (m_head.number >= m_book.numbered ||
            std::memcmp(whole.data(), data, size) != 0)
        {
            m_book.fail("is damaged", m_head.number);
            return false;
        }
        return true;
    }

    // A message that was given back, or held by a dead subscriber, is delivered
    // late.
    void in_order(bool first)
    {
        const auto found = m_last.find(m_head.life);
        if (found == m_last.end())
            m_last[m_head.life] = m_head.sequence;
        else if (found->second < m_head.sequence)
            found->second = m_head.sequence;
        else if (first && !m_book.was_given_back(m_head.number))
            ++m_book.overtaken;
    }

    ledger& m_book;
    const plan& m_plan;
    boost_ipq::subscriber& m_in;
    std::uint32_t m_life;
    bytes m_message, m_buffer;
    message_head m_head{};
    std::map<std::uint32_t, std::uint32_t> m_last;
    std::mt19937 m_random;
    std::vector<held_delivery> m_held;
};

// Forks now and then, in a thread of its own, while another thread works: the
// child works through the inherited handle, with a life of its own, and dies
// with its parent.
class forker
{
public:
    template <class Work>
    forker(ledger& book, std::uint32_t life, std::uint32_t seed, Work work)
        : m_thread([this, &book, life, seed, work] {
              std::mt19937 random(seed);
              while (!wait(std::chrono::microseconds(random() % 30'000)))
                  fork_one(book, life, random(), work);
          })
    {
    }

    // Waits for the child, too.
    ~forker()
    {
        {
            const std::lock_guard<std::mutex> guard(m_mutex);
            m_end = true;
        }
        m_ended.notify_all();
        m_thread.join();
    }

private:
    bool wait(std::chrono::microseconds time)
    {
        std::unique_lock<std::mutex> guard(m_mutex);
        return m_ended.wait_for(guard, time, [this] { return m_end; });
    }

    template <class Work>
    static void fork_one(
        ledger& book, std::uint32_t parents_life, std::uint32_t seed, Work work)
    {
        // Its locks do not survive a fork of a process with threads.
        if (test::with_address_sanitizer)
            return;
        const std::uint32_t life = book.new_life(parents_life);
        const pid_t parent = ::getpid();
        ++book.forks;
        const pid_t child = ::fork();
        if (child < 0)
            throw std::runtime_error("fork");
        if (child == 0)
        {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (::getppid() != parent)
                ::_exit(0); // its parent has died already
            int code = 1;
            try
            {
                work(life, seed);
                code = 0;
            }
            catch (const std::exception& e)
            {
                book.fail(e.what());
            }
            ++book.finished_forks;
            ::_exit(code);
        }
        int status;
        while (::waitpid(child, &status, 0) < 0 && errno == EINTR)
        {
        }
    }

    std::mutex m_mutex;
    std::condition_variable m_ended;
    bool m_end = false;
    std::thread m_thread; // the last: it uses the others
};

// The calls that a forked child makes.
constexpr std::uint64_t calls_of_a_child = 30;

inline void
publish(ledger& book, const plan& how, std::uint32_t life, std::uint32_t seed)
{
    boost_ipq::publisher out(boost_ipq::open_only, how.options);
    const forker children(
        book, life, seed + 1, [&](std::uint32_t own, std::uint32_t random) {
            publisher_worker(book, how, out, own, random).run(calls_of_a_child);
        });
    publisher_worker(book, how, out, life, seed).run();
}

inline void
subscribe(ledger& book, const plan& how, std::uint32_t life, std::uint32_t seed)
{
    boost_ipq::subscriber in(boost_ipq::open_only, how.options);
    const forker children(
        book, life, seed + 1, [&](std::uint32_t own, std::uint32_t random) {
            subscriber_worker(book, how, in, own, random).run(calls_of_a_child);
        });
    subscriber_worker(book, how, in, life, seed).run();
}

// Opens or creates a queue, sends and receives a little, and leaves it, again
// and again. It does not wait for room: all processes may be sending.
inline void come_and_go(
    ledger& book, const plan& how, std::uint32_t life, std::uint32_t seed)
{
    std::mt19937 random(seed);
    while (!book.stop_sending)
    {
        boost_ipq::publisher out(boost_ipq::open_or_create, how.options);
        boost_ipq::subscriber in(boost_ipq::open_or_create, how.options);
        ++book.opened;
        publisher_worker(book, how, out, life, random()).run(random() % 20);
        subscriber_worker(book, how, in, life, random()).run(random() % 20);
        if (random() % 2)
            in.close(); // the publisher may be the last
    }
}

} // namespace storm

#endif
