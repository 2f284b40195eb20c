// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Several publishers and subscribers at the same time, in threads and in
// processes: every message arrives once, and those of one publisher in order.

#include "support/child_process.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <cstdint>
#include <map>
#include <sstream>
#include <thread>

namespace {

struct note
{
    std::uint32_t publisher;
    std::uint32_t number;
};

constexpr std::uint32_t last = ~std::uint32_t(0);

void publish(
    boost_ipq::publisher& out, std::uint32_t publisher, std::uint32_t count)
{
    for (std::uint32_t i = 0; i < count; ++i)
    {
        const note message[] = {{publisher, i}};
        out.enqueue(message);
    }
}

// Counts the messages of each publisher and checks their order.
struct record
{
    std::map<std::uint32_t, std::uint32_t> next, counts;
    bool in_order = true;

    void receive(boost_ipq::subscriber& in)
    {
        for (;;)
        {
            note message;
            std::size_t size;
            in.dequeue(&message, sizeof message, size);
            if (message.number == last)
                return;
            in_order &= size == sizeof message &&
                        message.number >= next[message.publisher];
            next[message.publisher] = message.number + 1;
            ++counts[message.publisher];
        }
    }

    void merge(const record& other)
    {
        in_order &= other.in_order;
        for (const auto& count : other.counts)
            counts[count.first] += count.second;
    }
};

void expect_all(
    const record& total, std::uint32_t publishers, std::uint32_t messages)
{
    BOOST_TEST(total.in_order);
    BOOST_TEST(total.counts.size() == publishers);
    for (const auto& count : total.counts)
        BOOST_TEST(count.second == messages);
}

} // namespace

CHILD_ROLE(publisher)
{
    boost_ipq::publisher out(boost_ipq::open_only, self.argument(0));
    publish(
        out, static_cast<std::uint32_t>(self.number(1)),
        static_cast<std::uint32_t>(self.number(2)));
}

CHILD_ROLE(subscriber)
{
    boost_ipq::subscriber in(boost_ipq::open_only, self.argument(0));
    record result;
    result.receive(in);
    std::ostringstream line;
    line << result.in_order;
    for (const auto& count : result.counts)
        line << ' ' << count.first << ' ' << count.second;
    self.tell(line.str());
}

BOOST_AUTO_TEST_CASE(threads)
{
    constexpr std::uint32_t publishers = 3, subscribers = 3, messages = 5000;
    const test::scoped_queue queue;
    // Two threads share a handle; others have their own.
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(1000));
    boost_ipq::subscriber in(boost_ipq::open_only, queue);
    std::vector<std::thread> senders, receivers;
    record records[subscribers];
    for (std::uint32_t i = 0; i < subscribers; ++i)
        receivers.emplace_back([&, i] {
            if (i < 2)
                return records[i].receive(in);
            boost_ipq::subscriber own(boost_ipq::open_only, queue);
            records[i].receive(own);
        });
    for (std::uint32_t i = 0; i < publishers; ++i)
        senders.emplace_back([&, i] {
            if (i < 2)
                return publish(out, i, messages);
            boost_ipq::publisher own(boost_ipq::open_only, queue);
            publish(own, i, messages);
        });
    for (auto& thread : senders)
        thread.join();
    for (std::uint32_t i = 0; i < subscribers; ++i)
        out.enqueue(std::vector<note>{{0, last}});
    record total;
    for (std::uint32_t i = 0; i < subscribers; ++i)
    {
        receivers[i].join();
        total.merge(records[i]);
    }
    expect_all(total, publishers, messages);
}

BOOST_AUTO_TEST_CASE(processes)
{
    constexpr std::uint32_t publishers = 2, subscribers = 2, messages = 20'000;
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(1000));
    std::vector<test::child> senders, receivers;
    for (std::uint32_t i = 0; i < subscribers; ++i)
        receivers.emplace_back(
            "subscriber", std::vector<std::string>{queue.name()});
    for (std::uint32_t i = 0; i < publishers; ++i)
        senders.emplace_back(
            "publisher",
            std::vector<std::string>{
                queue.name(), std::to_string(i), std::to_string(messages)});
    for (auto& child : senders)
        BOOST_TEST(child.wait() == 0);
    for (std::uint32_t i = 0; i < subscribers; ++i)
        out.enqueue(std::vector<note>{{0, last}});
    record total;
    for (auto& child : receivers)
    {
        std::istringstream line(child.hear());
        record result;
        line >> result.in_order;
        for (std::uint32_t publisher, count; line >> publisher >> count;)
            result.counts[publisher] = count;
        total.merge(result);
        BOOST_TEST(child.wait() == 0);
    }
    expect_all(total, publishers, messages);
}
