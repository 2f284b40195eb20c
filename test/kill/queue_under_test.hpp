// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_KILL_QUEUE_UNDER_TEST_HPP
#define BOOST_IPQ_TEST_KILL_QUEUE_UNDER_TEST_HPP

// A queue with a survivor's publisher and subscriber. The survivor knows what
// the queue must contain.

#include "../support/body.hpp"
#include "scenario.hpp"
#include <boost_ipq/detail/attachment/shared_attachment.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/subscriber.hpp>
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace kill_test {

using test::bytes;

enum class fate
{
    waiting,
    held, // read in place
    gone
};

struct expected_message
{
    std::uint64_t number = 0;
    std::size_t size = 0;
    bool must = true;  // otherwise it may come
    bool late = false; // it may be overtaken
    bool seen = false; // it was read in place before
    bool placed = false;
    boost_ipq::detail::position place{}; // of its record, if known

    bytes body() const { return test::make_body(number, size); }
};

class queue_under_test
{
public:
    queue_under_test(
        const std::string& name, std::size_t capacity,
        boost_ipq::lifetime life = boost_ipq::lifetime::persistent)
        : m_name(name),
          m_capacity(capacity)
    {
        boost_ipq::remove_queue(name);
        boost_ipq::queue_options options(name, capacity);
        options.lifetime(life);
        out = boost_ipq::publisher(boost_ipq::create_only, options);
        in = boost_ipq::subscriber(boost_ipq::open_only, options);
        m_inside = boost_ipq::detail::attach_shared(
            boost_ipq::detail::open_mode::open, options);
    }

    queue_under_test(const queue_under_test&) = delete;
    queue_under_test& operator=(const queue_under_test&) = delete;

    ~queue_under_test()
    {
        close();
        boost::system::error_code ignored;
        boost_ipq::remove_queue(m_name, ignored);
    }

    // Effects: leaves the queue.
    void close() noexcept
    {
        m_inside.reset();
        out.close();
        in.close();
    }

    boost_ipq::publisher out;
    boost_ipq::subscriber in;

    const std::string& name() const noexcept { return m_name; }
    std::size_t capacity() const noexcept { return m_capacity; }
    boost_ipq::detail::shared_attachment& inside() const noexcept
    {
        return *m_inside;
    }
    const boost_ipq::detail::ring_view& ring() const noexcept
    {
        return m_inside->ring();
    }
    boost_ipq::detail::ring_control& control() const noexcept
    {
        return *ring().control;
    }
    boost_ipq::detail::position head() const noexcept
    {
        return boost_ipq::detail::position(control().publishers.head.load());
    }
    boost_ipq::detail::position read() const noexcept
    {
        return boost_ipq::detail::position(control().subscribers.read.load());
    }
    boost_ipq::detail::position free() const noexcept
    {
        return boost_ipq::detail::position(control().subscribers.free.load());
    }

    // Effects: numbers a message that another process will send.
    expected_message next(std::size_t size)
    {
        expected_message result;
        result.number = m_number++;
        result.size = size;
        return result;
    }

    // Returns: whether a message that was read in place was acknowledged. Must
    // be called before the survivors go on.
    bool was_acknowledged(const expected_message& message) const
    {
        return boost_ipq::detail::record_header(
                   ring().header(message.place).load())
                   .state() == boost_ipq::detail::record_state::consumed;
    }

    // Effects: sends a message that must arrive. Returns: false if the queue is
    // full.
    bool put(std::size_t size)
    {
        const expected_message message = next(size);
        if (!out.try_enqueue(message.body()))
            return false;
        put_down(message);
        return true;
    }

    // Effects: as put(); the queue must not be full.
    void put_in_time(verdict& result, std::size_t size)
    {
        const expected_message message = next(size);
        result.promise(out.timed_enqueue(message.body(), time_limit), [&] {
            return "survivors find room for a message of " +
                   std::to_string(size) + " bytes";
        });
        put_down(message);
    }

    // Returns: how many messages put() has sent.
    std::uint32_t sent() const noexcept { return m_sent; }

    // Returns: the state of a message whose place is known.
    fate fate_of(const expected_message& message) const
    {
        using boost_ipq::detail::record_state;
        const auto before = [&](boost_ipq::detail::position limit) {
            return static_cast<std::int32_t>(
                       message.place.count() - limit.count()) < 0;
        };
        if (!before(read()))
            return fate::waiting;
        const boost_ipq::detail::record_header header(
            ring().header(message.place).load());
        return !before(free()) && (header.state() == record_state::claimed ||
                                   header.state() == record_state::returned)
                   ? fate::held
                   : fate::gone;
    }

    // The messages that must, or may, be in the queue.
    std::deque<expected_message>& waiting() noexcept { return m_waiting; }

    // Effects: receives the next message. Optional messages before it did not
    // arrive.
    void take(verdict& result)
    {
        bytes message;
        result.promise(
            in.timed_dequeue(message, time_limit),
            "survivors receive the waiting messages");
        accept(result, message);
    }

    // Effects: checks the received message.
    // Returns: its position among the expected messages.
    expected_message accept(verdict& result, const bytes& message)
    {
        for (auto i = m_waiting.begin(); i != m_waiting.end();)
        {
            if (message == i->body())
            {
                result.promise(true, "");
                const expected_message found = *i;
                m_came.push_back(found.number);
                m_waiting.erase(i);
                return found;
            }
            result.promise(!i->must || i->late, [&] {
                return "the next message is number " +
                       std::to_string(i->number) + " of " +
                       std::to_string(i->size) + " bytes, not " +
                       describe(message);
            });
            i = i->late ? std::next(i) : m_waiting.erase(i);
        }
        result.promise(false, [&] {
            return "every message was sent: " + describe(message);
        });
        return {};
    }

    // Effects: as take(), in place.
    void take_in_place(verdict& result)
    {
        boost_ipq::delivery delivery = in.timed_receive(time_limit);
        result.promise(
            static_cast<bool>(delivery),
            "survivors receive the waiting messages in place");
        const auto* const data = static_cast<const std::byte*>(delivery.data());
        const expected_message found =
            accept(result, bytes(data, data + delivery.size()));
        result.promise(
            delivery.redelivered() || !found.seen,
            "a message that was read in place is marked as redelivered");
        delivery.acknowledge();
    }

    // Returns: how many of these messages the survivors have received.
    std::size_t came(const std::vector<expected_message>& messages) const
    {
        return static_cast<std::size_t>(std::count_if(
            messages.begin(), messages.end(), [&](const auto& message) {
                return std::find(
                           m_came.begin(), m_came.end(), message.number) !=
                       m_came.end();
            }));
    }

    // Effects: as take(), if there is a message.
    void take_if_any(verdict& result)
    {
        if (m_waiting.front().must || something_committed())
            take(result);
    }

    // Returns: whether a committed message is at the read position.
    bool something_committed() const
    {
        using namespace boost_ipq::detail;
        auto at = read();
        for (;;)
        {
            const record_header header(ring().header(at).load());
            if (header.state() != record_state::padding)
                return header.state() == record_state::committed;
            at = ring().behind(at, header);
        }
    }

    // Effects: receives all messages that must arrive.
    void take_all(verdict& result)
    {
        const auto must = [](const expected_message& m) { return m.must; };
        while (std::any_of(m_waiting.begin(), m_waiting.end(), must))
            take(result);
    }

    // Effects: checks that the queue is empty, and that the counters agree.
    void check_empty(verdict& result)
    {
        bytes message;
        const bool more = in.try_dequeue(message);
        result.promise(!more, [&] {
            return "empty when all is taken: " + describe(message);
        });
        const auto end = std::chrono::steady_clock::now() + time_limit;
        while (free() != head() && std::chrono::steady_clock::now() < end)
            in.try_dequeue(message);
        result.promise(read() == head(), "read position at the head");
        result.promise(free() == head(), "free position at the head");
    }

    // Effects: some laps with messages of many sizes, several at a time.
    void run_laps(verdict& result)
    {
        const std::size_t sizes[] = {
            0,  3,  m_capacity / 5, 8,  m_capacity / 3, 1,  m_capacity / 7,
            64, 15, m_capacity / 4, 33, m_capacity / 9, 100};
        std::size_t sent = 0, i = 0;
        while (sent < 3 * m_capacity)
        {
            const std::size_t size =
                sizes[i++ % (sizeof sizes / sizeof *sizes)];
            if (put(size))
                sent += size + 8;
            else
                take(result);
        }
        take_all(result);
    }

    // Effects: empties the queue and moves it to the beginning of its buffer.
    // Checks that it takes a message of the maximum size.
    void rewind(verdict& result)
    {
        m_came.clear();
        m_waiting.clear(); // optional messages
        pass(result, out.max_message_size());
        if (head().offset() != 0)
            move_to(result, 0);
        result.promise(head().offset() == 0, "the buffer's length");
    }

    // Effects: forgets dead sleepers, and the wake-ups that were posted for
    // them.
    void forget_sleepers()
    {
        std::size_t records;
        m_inside->release_dead_slots(records);
        const boost_ipq::detail::object_names names(m_name, {});
        for (const std::string& semaphore : {names.messages, names.room})
        {
            boost::interprocess::named_semaphore posted(
                boost::interprocess::open_only, semaphore.c_str());
            while (posted.try_wait())
            {
            }
        }
    }

    // Effects: moves an empty queue to `from_end` bytes before the end of its
    // buffer.
    void move_to(verdict& result, std::size_t from_end)
    {
        const std::size_t target = ring().size - from_end;
        std::size_t at = head().offset();
        while (at < target)
        {
            const std::size_t size =
                (std::min)(target - at - 8, out.max_message_size() / 8 * 8);
            pass(result, size);
            at += size + 8;
        }
    }

private:
    static constexpr std::chrono::seconds time_limit{1};

    // Sends one message through an empty queue.
    void pass(verdict& result, std::size_t size)
    {
        const expected_message message = next(size);
        result.promise(out.try_enqueue(message.body()), [&] {
            return "an empty queue takes a message of " + std::to_string(size) +
                   " bytes";
        });
        put_down(message);
        take(result);
    }

    // A record was written that ends at the head.
    void put_down(expected_message message)
    {
        const auto& view = ring();
        const std::size_t span = view.span(message.size);
        const std::size_t end = head().offset() ? head().offset() : view.size;
        message.placed = true;
        message.place =
            boost_ipq::detail::position(head().count() - 1, end - span);
        m_waiting.push_back(message);
        ++m_sent;
    }

    std::string describe(const bytes& message) const
    {
        for (std::uint64_t i = m_number; i-- != 0 && i + 1000 > m_number;)
            if (message == test::make_body(i, message.size()))
                return "number " + std::to_string(i) + " of " +
                       std::to_string(message.size()) + " bytes";
        return std::to_string(message.size()) + " unknown bytes";
    }

    std::string m_name;
    std::size_t m_capacity;
    std::shared_ptr<boost_ipq::detail::shared_attachment> m_inside;
    std::deque<expected_message> m_waiting;
    std::vector<std::uint64_t> m_came; // since rewind()
    std::uint64_t m_number = 0;
    std::uint32_t m_sent = 0;
};

} // namespace kill_test

#endif
