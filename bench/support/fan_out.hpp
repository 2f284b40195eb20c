// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_FAN_OUT_HPP
#define BOOST_IPQ_BENCH_FAN_OUT_HPP

#include "process_group.hpp"
#include "rows.hpp"
#include "shared_block.hpp"
#include "stamp.hpp"
#include "system.hpp"
#include "throughput.hpp"
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <stdexcept>

namespace bench {

// Measures processes that send, and others that all receive every message, for
// a given time. The result is the time of one delivery: of all deliveries in
// the round, however many receivers there are.
template <class Channel>
class fan_out
{
public:
    static outcome measure(shape who, std::size_t size, const plan& how)
    {
        const fan_out run(who, size);
        process_group group(
            who.all(), !Channel::own_threads,
            [&](process_group::process& self) {
                if (self.index() < who.senders)
                    run.send(self);
                else
                    run.receive(self);
            });
        group.round(how.warm_up_ns * (size > 4096 ? 4 : 1));
        group.round(how.round_ns);
        group.round(0); // no process ends before everything has arrived
        group.join();
        return run.result();
    }

private:
    static constexpr int rounds = 2; // the first warms up

    fan_out(shape who, std::size_t size)
        : m_who(who),
          m_size(size),
          m_crowded(who.all() > cores()),
          m_channel(ring_bytes(size), size, who.receivers)
    {
        if (who.all() > throughput_results::most)
            throw unsupported("too many processes");
    }

    void send(process_group::process& self) const
    {
        sending<Channel, calls::trying> out(
            m_channel, self.index(), m_size, m_crowded);
        share& mine = m_results->shares[self.index()];
        for (int round = 1; round <= rounds; ++round)
        {
            self.begin();
            mine.begin = now_ns();
            out.until_over(self);
            mine.end = now_ns();
            mine.count = out.sent().count();
            mine.sum = out.sent().sum();
            if (Channel::lossless)
                out.send_end();
            // release: pairs with is_over()
            m_results->done.fetch_add(1, std::memory_order_release);
        }
        self.begin();
    }

    void receive(process_group::process& self) const
    {
        typename Channel::receiver in(m_channel);
        checker<Channel::read> check(m_who.senders, m_size);
        poll_pause idle(m_crowded);
        share& mine = m_results->shares[self.index()];
        for (int round = 1; round <= rounds; ++round)
        {
            self.begin();
            check.reset();
            for (;;)
            {
                const bool last = is_over(check, round);
                if (Channel::lossless && last)
                    break;
                if (in.try_receive(check))
                    continue;
                if (last)
                    break; // nothing came after the last one was sent
                idle();
            }
            mine.end = now_ns();
            mine.count = check.count();
            mine.sum = check.sum();
        }
        self.begin();
    }

    template <class Checker>
    bool is_over(const Checker& check, int round) const
    {
        if (Channel::lossless)
            return check.ends() == m_who.senders;
        return m_results->done.load(std::memory_order_acquire) ==
               m_who.senders * static_cast<unsigned>(round);
    }

    outcome result() const
    {
        const share* const senders = m_results->shares;
        const share* const receivers = senders + m_who.senders;
        const share* const last = receivers + m_who.receivers;
        std::uint64_t sent = 0, sum = 0, received = 0,
                      least = ~std::uint64_t(0);
        std::int64_t begin = senders->begin, end = 0;
        for (auto one = senders; one != receivers; ++one)
        {
            sent += one->count;
            sum += one->sum;
            begin = (std::min)(begin, one->begin);
        }
        for (auto one = receivers; one != last; ++one)
        {
            if (Channel::lossless && (one->count != sent || one->sum != sum))
                throw std::runtime_error("a receiver did not get all messages");
            received += one->count;
            least = (std::min)(least, one->count);
            end = (std::max)(end, one->end);
        }
        if (received == 0)
            throw std::runtime_error("no message was received in that time");
        outcome found;
        found.nanoseconds =
            static_cast<double>(end - begin) / static_cast<double>(received);
        found.counters["delivered"] =
            static_cast<double>(received) /
            static_cast<double>(sent * m_who.receivers);
        found.counters["slowest_receiver"] = static_cast<double>(least) *
                                             m_who.receivers /
                                             static_cast<double>(received);
        return found;
    }

    shape m_who;
    std::size_t m_size;
    bool m_crowded;
    Channel m_channel;
    shared_block<throughput_results> m_results;
};

} // namespace bench

#endif
