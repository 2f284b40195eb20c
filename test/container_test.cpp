// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Two PID namespaces that share /dev/shm, as containers do, so process numbers
// mean nothing. What a process in one leaves when it is killed is recovered by
// a process in the other that has the same number. While it is alive, nothing
// is taken from it.

#include "support/main.hpp"
#include <boost/test/unit_test.hpp>
#include <boost_ipq/detail/attachment/shared_attachment.hpp>
#include <iostream>

#if !defined(__linux__)

BOOST_AUTO_TEST_CASE(containers)
{
    std::cout << "skipped: PID namespaces are Linux's\n";
    BOOST_TEST(true);
}

#else

#include "support/body.hpp"
#include "support/namespaced_process.hpp"
#include "support/queue_name.hpp"
#include "support/survivor_clock.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

namespace {

constexpr std::size_t capacity = 4096;

// Long enough that a wrong recovery would happen.
constexpr std::chrono::milliseconds time_limit{150};

// A process that has the queue open and follows commands.
class worker
{
public:
    explicit worker(const std::string& queue)
        : m_out(boost_ipq::open_only, queue),
          m_in(boost_ipq::open_only, queue),
          m_inside(boost_ipq::detail::attach_shared(
              boost_ipq::detail::open_mode::open, queue))
    {
    }

    void obey(test::channel& master)
    {
        for (;;)
        {
            const std::string word = master.hear();
            const test::moment begin = test::now_of();
            std::string answer = answer_to(word);
            const auto time = test::between(begin, test::now_of());
            if (time > std::chrono::milliseconds(100) && answer != "not now")
                answer += ", late";
            master.tell(answer);
        }
    }

private:
    using lock = boost_ipq::detail::robust_lock;

    std::string answer_to(const std::string& word)
    {
        if (word == "number")
            return std::to_string(::getpid());
        if (word == "send")
            return m_out.timed_enqueue("sent", 4, time_limit) ? "done"
                                                              : "not now";
        if (word == "receive")
            return receive();
        if (word == "reserve")
        {
            m_reservation = m_out.try_reserve(8);
            std::fill_n(static_cast<char*>(m_reservation.data()), 8, 'r');
        }
        else if (word == "commit")
            m_reservation.commit();
        else if (word == "claim")
            m_delivery = m_in.timed_receive(time_limit);
        else if (word == "acknowledge")
            m_delivery.acknowledge();
        else if (word == "lock publishers")
            publishers().try_acquire(m_inside->ring().self());
        else if (word == "unlock publishers")
            publishers().release();
        else if (word == "lock subscribers")
            subscribers().try_acquire(m_inside->ring().self());
        else if (word == "unlock subscribers")
            subscribers().release();
        else
            return "what?";
        return "done";
    }

    std::string receive()
    {
        boost_ipq::delivery message = m_in.timed_receive(time_limit);
        if (!message)
            return "not now";
        std::string result(
            static_cast<const char*>(message.data()), message.size());
        if (message.redelivered())
            result += " again";
        message.acknowledge();
        return result;
    }

    lock publishers()
    {
        return lock(m_inside->ring().control->publishers.owner);
    }

    lock subscribers()
    {
        return lock(m_inside->ring().control->subscribers.owner);
    }

    boost_ipq::publisher m_out;
    boost_ipq::subscriber m_in;
    boost_ipq::reservation m_reservation;
    boost_ipq::delivery m_delivery;
    std::shared_ptr<boost_ipq::detail::shared_attachment> m_inside;
};

// The reason why there are no namespaces here, or an empty string.
std::string obstacle()
{
    try
    {
        test::namespaced_process([](test::channel&) {});
        return {};
    }
    catch (const std::exception& e)
    {
        return e.what();
    }
}

// Two containers, and a queue.
struct containers
{
    test::scoped_queue queue;
    std::optional<test::namespaced_process> first, second;

    containers()
    {
        const std::string why = obstacle();
        if (!why.empty())
        {
            std::cout << "skipped: no PID namespaces here: " << why << '\n';
            return;
        }
        boost_ipq::publisher(boost_ipq::create_only, queue.options(capacity));
        const auto join = [this](test::channel& master) {
            worker(queue.name()).obey(master);
        };
        first.emplace(join);
        second.emplace(join);
        // Otherwise the test is meaningless.
        BOOST_TEST_REQUIRE(first->ask("number") == "1");
        BOOST_TEST_REQUIRE(second->ask("number") == "1");
    }

    // Returns: whether the test can run.
    explicit operator bool() const { return second.has_value(); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(in_two_pid_namespaces, containers)

BOOST_AUTO_TEST_CASE(messages_pass)
{
    if (!*this)
        return;
    BOOST_TEST(first->ask("send") == "done");
    BOOST_TEST(second->ask("receive") == "sent");
    BOOST_TEST(second->ask("send") == "done");
    BOOST_TEST(first->ask("receive") == "sent");
}

BOOST_AUTO_TEST_CASE(a_reservation_is_abandoned_when_its_publisher_dies)
{
    if (!*this)
        return;
    BOOST_TEST(first->ask("reserve") == "done");
    BOOST_TEST(second->ask("send") == "done");
    BOOST_TEST(second->ask("receive") == "not now");
    first->kill();
    BOOST_TEST(second->ask("receive") == "sent");
    BOOST_TEST(second->ask("receive") == "not now");
}

BOOST_AUTO_TEST_CASE(a_reservation_of_a_live_publisher_is_left_alone)
{
    if (!*this)
        return;
    BOOST_TEST(first->ask("reserve") == "done");
    BOOST_TEST(second->ask("send") == "done");
    BOOST_TEST(second->ask("receive") == "not now");
    BOOST_TEST(first->ask("commit") == "done");
    BOOST_TEST(second->ask("receive") == "rrrrrrrr");
    BOOST_TEST(second->ask("receive") == "sent");
}

BOOST_AUTO_TEST_CASE(a_delivery_is_made_again_when_its_subscriber_dies)
{
    if (!*this)
        return;
    BOOST_TEST(second->ask("send") == "done");
    BOOST_TEST(first->ask("claim") == "done");
    BOOST_TEST(second->ask("receive") == "not now");
    first->kill();
    BOOST_TEST(second->ask("receive") == "sent again");
}

BOOST_AUTO_TEST_CASE(a_delivery_of_a_live_subscriber_is_left_alone)
{
    if (!*this)
        return;
    BOOST_TEST(second->ask("send") == "done");
    BOOST_TEST(first->ask("claim") == "done");
    BOOST_TEST(second->ask("receive") == "not now");
    BOOST_TEST(first->ask("acknowledge") == "done");
    BOOST_TEST(second->ask("receive") == "not now");
}

BOOST_AUTO_TEST_CASE(the_lock_of_a_dead_publisher_is_recovered)
{
    if (!*this)
        return;
    BOOST_TEST(first->ask("lock publishers") == "done");
    BOOST_TEST(second->ask("send") == "not now");
    first->kill();
    BOOST_TEST(second->ask("send") == "done");
    BOOST_TEST(second->ask("receive") == "sent");
}

BOOST_AUTO_TEST_CASE(a_live_publisher_keeps_the_lock)
{
    if (!*this)
        return;
    BOOST_TEST(first->ask("lock publishers") == "done");
    BOOST_TEST(second->ask("send") == "not now");
    BOOST_TEST(first->ask("unlock publishers") == "done");
    BOOST_TEST(second->ask("receive") == "not now");
    BOOST_TEST(second->ask("send") == "done");
}

BOOST_AUTO_TEST_CASE(the_lock_of_a_dead_subscriber_is_recovered)
{
    if (!*this)
        return;
    BOOST_TEST(second->ask("send") == "done");
    BOOST_TEST(first->ask("lock subscribers") == "done");
    BOOST_TEST(second->ask("receive") == "not now");
    first->kill();
    BOOST_TEST(second->ask("receive") == "sent");
}

BOOST_AUTO_TEST_CASE(a_live_subscriber_keeps_the_lock)
{
    if (!*this)
        return;
    BOOST_TEST(second->ask("send") == "done");
    BOOST_TEST(first->ask("lock subscribers") == "done");
    BOOST_TEST(second->ask("receive") == "not now");
    BOOST_TEST(first->ask("unlock subscribers") == "done");
    BOOST_TEST(second->ask("receive") == "sent");
}

BOOST_AUTO_TEST_SUITE_END()

#endif
