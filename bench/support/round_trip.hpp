// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_ROUND_TRIP_HPP
#define BOOST_IPQ_BENCH_ROUND_TRIP_HPP

#include "process_group.hpp"
#include "rows.hpp"
#include "shared_block.hpp"
#include "stamp.hpp"
#include "statistics.hpp"
#include "system.hpp"
#include "throughput.hpp"
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

namespace bench {

struct round_trip_results
{
    static constexpr std::size_t most = 1 << 20;
    std::size_t count = 0;
    std::uint32_t there[most]; // nanoseconds; only if `Sleepers`
    std::uint32_t whole[most];
};

// A message there and one back, between two processes. If `Sleepers`, each side
// first waits until the other sleeps. Each way is then timed separately, from
// before sending to after receiving, without these waits.
template <class Channel, calls Calls, bool Sleepers = false>
class round_trip
{
public:
    static outcome measure(std::size_t size, std::int64_t duration)
    {
        round_trip run(size);
        process_group group(
            2, !Channel::own_threads, [&](process_group::process& self) {
                if (self.index() == 0)
                    run.ask(self);
                else
                    run.answer(self);
            });
        group.round(Sleepers ? 5 * pause_ns : duration / 4);
        group.round(duration);
        group.join();
        return run.result();
    }

private:
    static constexpr std::int64_t pause_ns = 1000000;

    explicit round_trip(std::size_t size)
        : m_size(size),
          m_there(ring_bytes(size), size),
          m_back(ring_bytes(size), size)
    {
    }

    // The ends of both channels in one process.
    struct ends
    {
        ends(const Channel& outgoing, const Channel& incoming, std::size_t size)
            : out(outgoing),
              in(incoming),
              body(size)
        {
        }

        void send(std::uint64_t stamp)
        {
            write_stamp(body.data(), body.size(), stamp);
            send_one<Calls>(out, body.data(), body.size(), idle);
        }

        // Returns: the stamp.
        std::uint64_t receive()
        {
            std::uint64_t first = 0, last = 0;
            auto look = [&](const void* data, std::size_t size) {
                const char* const bytes = static_cast<const char*>(data);
                std::memcpy(&first, bytes, stamp_size);
                std::memcpy(&last, bytes + size - stamp_size, stamp_size);
            };
            receive_some<Calls>(in, look, idle);
            if (first != last)
                throw std::logic_error("a message is damaged");
            return first;
        }

        typename Channel::sender out;
        typename Channel::receiver in;
        std::vector<char> body;
        poll_pause idle{cores() < 2};
    };

    void ask(process_group::process& self)
    {
        ends mine(m_there, m_back, m_size);
        round_trip_results& results = *m_results;
        for (int round = 0; round < 2; ++round)
        {
            self.begin();
            std::size_t count = 0;
            std::uint64_t number = 0;
            // At least one in each round: the floor does not see the same
            // value twice, as two end stamps would be.
            do
            {
                if (Sleepers)
                    nap(pause_ns);
                const std::int64_t sent = now_ns();
                number =
                    Sleepers ? static_cast<std::uint64_t>(sent) : number + 1;
                mine.send(number);
                const std::uint64_t answer = mine.receive();
                const std::int64_t from =
                    Sleepers ? static_cast<std::int64_t>(answer) : sent;
                if (!Sleepers && answer != number)
                    throw std::logic_error("the answer is wrong");
                results.whole[count++] =
                    static_cast<std::uint32_t>(now_ns() - from);
            } while (!self.over() && count < results.most);
            mine.send(end_stamp);
            mine.receive();
            results.count = count;
        }
    }

    void answer(process_group::process& self)
    {
        ends mine(m_back, m_there, m_size);
        for (int round = 0; round < 2; ++round)
        {
            self.begin();
            for (std::size_t count = 0;;)
            {
                std::uint64_t stamp = mine.receive();
                if (Sleepers && stamp != end_stamp)
                {
                    m_results->there[count++] = static_cast<std::uint32_t>(
                        now_ns() - static_cast<std::int64_t>(stamp));
                    nap(pause_ns);
                    stamp = static_cast<std::uint64_t>(now_ns());
                }
                mine.send(stamp);
                if (stamp == end_stamp)
                    break;
            }
        }
    }

    outcome result()
    {
        round_trip_results& all = *m_results;
        if (Sleepers)
            for (std::size_t i = 0; i < all.count; ++i)
                all.whole[i] += all.there[i];
        const samples found(all.whole, all.count);
        if (found.empty())
            throw std::runtime_error("no round trip was completed");
        outcome result;
        result.histogram = found.histogram();
        result.nanoseconds = found.median();
        result.counters["p99"] = found.quantile(0.99);
        result.counters["p99.9"] = found.quantile(0.999);
        return result;
    }

    std::size_t m_size;
    Channel m_there, m_back;
    shared_block<round_trip_results> m_results;
};

} // namespace bench

#endif
