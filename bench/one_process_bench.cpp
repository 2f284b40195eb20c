// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The cost of a call, in one thread of one process.

#include "peers/all.hpp"
#include "support/rows.hpp"
#include "support/stamp.hpp"
#include <algorithm>
#include <atomic>
#include <benchmark/benchmark.h>
#include <cstddef>
#include <cstring>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace bench;

// The measurements of cloudtoid/interprocess: a queue of 128 bytes, messages of
// 3 and 50 bytes.
struct original
{
    explicit original(std::size_t size, std::size_t capacity = 128)
        : channel(capacity, size),
          out(boost_ipq::open_only, channel.queue),
          in(boost_ipq::open_only, channel.queue),
          message(size, 'x'),
          buffer(size)
    {
    }

    void pair()
    {
        std::size_t size;
        if (!out.try_enqueue(message) ||
            !in.try_dequeue(buffer.data(), buffer.size(), size))
            throw std::runtime_error("the pair failed");
        benchmark::DoNotOptimize(buffer.data());
        benchmark::ClobberMemory();
    }

    ipq channel;
    boost_ipq::publisher out;
    boost_ipq::subscriber in;
    std::string message;
    std::vector<char> buffer;
};

void enqueue(benchmark::State& state)
{
    constexpr benchmark::IterationCount lap = 10000;
    original queue(3, 16 * lap);
    while (state.KeepRunningBatch(lap))
    {
        for (benchmark::IterationCount i = 0; i < lap; ++i)
            if (!queue.out.try_enqueue(queue.message))
                state.SkipWithError("full");
        state.PauseTiming();
        queue.in.consume_all([](const void*, std::size_t) {});
        state.ResumeTiming();
    }
}

void allocated(benchmark::State& state)
{
    original queue(3);
    for (auto _ : state)
    {
        queue.out.try_enqueue(queue.message);
        benchmark::DoNotOptimize(queue.in.dequeue());
    }
}

void buffered(benchmark::State& state, std::size_t size, unsigned pairs)
{
    original queue(size);
    for (auto _ : state)
        for (unsigned i = 0; i < pairs; ++i)
            queue.pair();
}

void add_original()
{
    using benchmark::RegisterBenchmark;
    RegisterBenchmark("original/enqueue/3/boost_ipq", enqueue);
    RegisterBenchmark("original/buffer/3/boost_ipq", buffered, 3, 1);
    RegisterBenchmark("original/allocated/3/boost_ipq", allocated);
    RegisterBenchmark("original/long/50/boost_ipq", buffered, 50, 1);
    RegisterBenchmark("original/wrapped/50/boost_ipq", buffered, 50, 2);
}

// Sends a message and receives it.
template <class Channel>
class pair
{
public:
    explicit pair(std::size_t size)
        : m_channel(ring_bytes(size), size),
          m_in(m_channel),
          m_out(m_channel),
          m_body(make_body(size * Channel::batch))
    {
        for (std::size_t i = 0; i < Channel::batch; ++i)
            m_views.emplace_back(&m_body[i * size], size);
    }

    // Effects: runs a lap of the ring, because some queues touch their memory
    // only when they first use it.
    void warm_up(std::size_t size)
    {
        const std::int64_t end = now_ns() + 20 * 1000 * 1000;
        for (std::size_t i = 0; i < ring_messages(size) && now_ns() < end; ++i)
            run([](const void*, std::size_t) {});
    }

    // Effects: checks once that the message arrives unchanged.
    void check()
    {
        bool good = false;
        run([&](const void* data, std::size_t size) {
            good = size == m_views.back().size() &&
                   (Channel::batch > 1 ||
                    std::memcmp(data, m_body.data(), size) == 0);
        });
        if (!good)
            throw std::runtime_error("the message is damaged");
    }

    template <class F>
    void run(F f)
    {
        if constexpr (Channel::batch > 1)
        {
            const auto first = m_views.data();
            done(m_out.try_send_all(first, first + m_views.size()) != 0);
            done(m_in.try_receive(f));
        }
        else if constexpr (Channel::immediate)
        {
            done(m_out.try_send(m_body.data(), m_body.size()));
            done(m_in.try_receive(f));
        }
        else
        {
            m_out.send(m_body.data(), m_body.size());
            m_in.receive(f);
        }
    }

private:
    static void done(bool success)
    {
        if (!success)
            throw unsupported("a message of this size does not fit");
    }

    Channel m_channel;
    typename Channel::receiver m_in;
    typename Channel::sender m_out;
    std::vector<char> m_body;
    std::vector<std::string_view> m_views;
};

template <class Channel>
void measure_pair(benchmark::State& state, std::size_t size)
{
    constexpr benchmark::IterationCount batch = Channel::batch;
    try
    {
        pair<Channel> both(size);
        both.warm_up(size);
        both.check();
        const auto look = [](const void* data, std::size_t) {
            benchmark::DoNotOptimize(data);
            benchmark::ClobberMemory();
        };
        if constexpr (batch == 1) // the loop with the least overhead
            for (auto _ : state)
                both.run(look);
        else
            while (state.KeepRunningBatch(batch))
                both.run(look);
        state.SetItemsProcessed(state.iterations());
        state.SetBytesProcessed(
            state.iterations() * static_cast<std::int64_t>(size));
    }
    catch (const std::exception& e)
    {
        state.SkipWithError(e.what());
    }
}

template <class Channel>
void add_pair(
    const char* what, std::size_t size,
    void (*measure)(benchmark::State&, std::size_t) = measure_pair<Channel>)
{
    if (Channel::batch * (size + 64) <= ring_bytes(size))
        benchmark::RegisterBenchmark(
            row(what, size, Channel::name).c_str(), measure, size);
}

template <std::size_t Size>
void add_pairs(const plan& how)
{
    // The forms of the interface.
    add_pair<ipq>("pair", Size);
    add_pair<ipq_in_place>("pair", Size);
    add_pair<ipq_waiting>("pair", Size);
    add_pair<ipq_batch>("pair", Size);
    for_each_peer<Size>([&](auto peer) {
        using channel = typename decltype(peer)::channel;
        if constexpr (!channel::own_program)
            if (!how.quick || channel::quick)
                add_pair<channel>("pair", Size);
    });
}

// In a program that has had a second thread, reference counts and locks of the
// C++ library use locked instructions from then on.
template <class Channel>
void measure_with_threads(benchmark::State& state, std::size_t size)
{
    std::thread([] {}).join();
    measure_pair<Channel>(state, size);
}

void add_pairs_with_threads()
{
    for (const std::size_t size : {64, 1024})
    {
        add_pair<ipq>("pair_with_threads", size, measure_with_threads<ipq>);
        add_pair<ipq_in_place>(
            "pair_with_threads", size, measure_with_threads<ipq_in_place>);
    }
}

void lock_cmpxchg(benchmark::State& state)
{
    std::atomic<std::uint64_t> word{0};
    std::uint64_t value = 0;
    for (auto _ : state)
    {
        word.compare_exchange_strong(value, value + 1);
        benchmark::DoNotOptimize(value);
    }
}

// Copies to successive places in as much memory as a ring has, as queues do.
void copying(benchmark::State& state, std::size_t size)
{
    const std::size_t count = ring_messages(size);
    std::vector<char> from(size, 'x'), to(count * size, 'y');
    std::size_t i = 0;
    for (auto _ : state)
    {
        std::memcpy(&to[i * size], from.data(), size);
        benchmark::ClobberMemory();
        i = i + 1 == count ? 0 : i + 1;
    }
    state.SetBytesProcessed(
        state.iterations() * static_cast<std::int64_t>(size));
}

using one_thread_sizes = std::index_sequence<
    3, 8, 64, 256, 1024, 2048, 4096, 8192, 16384, 65536, 262144, 1048576>;

void add_floors()
{
    benchmark::RegisterBenchmark("lock_cmpxchg/8/floor", lock_cmpxchg);
    for_each_size(one_thread_sizes(), [](auto size) {
        benchmark::RegisterBenchmark(
            row("memcpy", size, "floor").c_str(), copying, size());
    });
}

} // namespace

int main(int argc, char** argv)
{
    const plan how = read_plan(argc, argv);
    name_absent_peers();
    add_floors();
    if (!how.quick)
        add_original();
    for_each_size(one_thread_sizes(), [&](auto size) { add_pairs<size>(how); });
    add_pairs_with_threads(); // the last: nothing undoes a thread
    return run_rows(argc, argv);
}
