// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The cost of a pair of calls as the queue grows, and the size of its segment.

#include "peers/boost_ipq.hpp"
#include "support/process_group.hpp"
#include "support/rows.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <sys/stat.h>
#include <unistd.h>
#include <cstddef>
#include <memory>
#include <string>

namespace {

using namespace bench;

constexpr std::size_t message_size = 64;

// A queue that contains waiting messages and is also open in other processes.
class grown_queue
{
public:
    grown_queue(std::size_t capacity, unsigned others, std::size_t waiting)
        : m_channel(capacity, message_size),
          m_others(
              others, false,
              [this](process_group::process& self) {
                  const ipq::sender out(m_channel);
                  const ipq::receiver in(m_channel);
                  self.begin();
                  ::pause();
              }),
          m_out(m_channel),
          m_in(m_channel),
          m_message(message_size, 'x')
    {
        if (others != 0)
            m_others.arrive();
        // The first lap is not measured: it causes a page fault for each page.
        for (std::size_t i = 0; i < capacity / message_size; ++i)
            pair();
        for (std::size_t i = 0; i < waiting; ++i)
            send();
    }

    void send()
    {
        if (!m_out.try_send(m_message.data(), m_message.size()))
            throw unsupported("the waiting messages do not fit");
    }

    void pair()
    {
        send();
        m_in.try_receive([](const void*, std::size_t) {});
    }

private:
    ipq m_channel;
    process_group m_others;
    ipq::sender m_out;
    ipq::receiver m_in;
    std::string m_message;
};

void pairs(
    benchmark::State& state, std::size_t capacity, unsigned others,
    std::size_t waiting)
{
    try
    {
        grown_queue queue(capacity, others, waiting);
        for (auto _ : state)
            queue.pair();
    }
    catch (const std::exception& e)
    {
        state.SkipWithError(e.what());
    }
}

void add(
    const char* what, std::size_t amount, std::size_t capacity, unsigned others,
    std::size_t waiting)
{
    benchmark::RegisterBenchmark(
        row(std::string("growth/") + what, amount, ipq::name).c_str(), pairs,
        capacity, others, waiting);
}

// Counts the bytes of the segment for a capacity.
void segment_size(benchmark::State& state, std::size_t capacity)
{
    const ipq channel(capacity, message_size);
    struct stat file = {};
    if (::stat(
            ("/dev/shm/boost_ipq." + channel.queue + ".segment").c_str(),
            &file) != 0)
        state.SkipWithError("the segment is not in /dev/shm");
    for (auto _ : state)
        state.SetIterationTime(1e-9);
    state.counters["capacity"] = static_cast<double>(capacity);
    state.counters["segment"] = static_cast<double>(file.st_size);
}

std::size_t kib(std::size_t count)
{
    return count << 10;
}

std::size_t mib(std::size_t count)
{
    return count << 20;
}

} // namespace

int main(int argc, char** argv)
{
    const plan how = read_plan(argc, argv);
    // Uses half of the free memory, and leaves the rest to other programs.
    const std::size_t most = free_shared_memory() / 2;
    benchmark::AddCustomContext(
        "shared_memory_limit", std::to_string(most) + " bytes");

    for (const std::size_t capacity :
         {kib(4), kib(64), mib(1), mib(16), mib(256), mib(1024)})
    {
        if (capacity > most || (how.quick && capacity > mib(256)))
        {
            benchmark::AddCustomContext(
                "left_out_capacity_" + std::to_string(capacity), "no memory");
            continue;
        }
        add("capacity", capacity, capacity, 0, 0);
        benchmark::RegisterBenchmark(
            row("segment", capacity, ipq::name).c_str(), segment_size, capacity)
            ->UseManualTime()
            ->Iterations(1)
            ->Repetitions(1);
    }
    for (const unsigned others : {0, 1, 3, 7, 15, 31, 63})
        add("participants", others + 1, mib(1), others, 0);

    // All queues have the same capacity, with room for the largest count.
    std::size_t count = how.quick ? 1000000 : 10000000;
    const std::size_t each = message_size + 16;
    if (count * each > most)
    {
        count = most / each;
        benchmark::AddCustomContext(
            "left_out_waiting", "more than " + std::to_string(count));
    }
    const std::size_t capacity = count * each;
    for (std::size_t waiting = 0; waiting < count;
         waiting = waiting == 0 ? 1000 : waiting * 10)
        add("waiting", waiting, capacity, 0, waiting);
    add("waiting", count, capacity, 0, count);
    return run_rows(argc, argv);
}
