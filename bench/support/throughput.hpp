// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_THROUGHPUT_HPP
#define BOOST_IPQ_BENCH_THROUGHPUT_HPP

#include "process_group.hpp"
#include "rows.hpp"
#include "shared_block.hpp"
#include "stamp.hpp"
#include "system.hpp"
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace bench {

struct shape
{
    unsigned senders, receivers;

    unsigned all() const noexcept { return senders + receivers; }
};

// What one process sent or received in a round.
struct alignas(128) share
{
    std::uint64_t count = 0, sum = 0;
    std::int64_t begin = 0, end = 0; // nanoseconds, see now_ns()
};

struct throughput_results
{
    static constexpr unsigned most = 128;
    share shares[most];
    alignas(128) std::atomic<unsigned> done{
        0}; // senders, summed over the rounds
};

enum class calls
{
    trying,
    waiting
};

// Returns: the message that tells a receiver that the round is over.
inline std::vector<char> end_message(std::size_t size)
{
    std::vector<char> result = make_body(size);
    write_stamp(result.data(), size, end_stamp);
    return result;
}

template <calls Calls, class Sender>
void send_one(Sender& out, const char* data, std::size_t size, poll_pause& idle)
{
    if constexpr (Calls == calls::waiting)
        out.send(data, size);
    else
        while (!out.try_send(data, size))
            idle();
}

template <calls Calls, class Receiver, class F>
void receive_some(Receiver& in, F& f, poll_pause& idle)
{
    if constexpr (Calls == calls::waiting)
        in.receive(f);
    else
        while (!in.try_receive(f))
            idle();
}

// Sends until the round is over.
template <class Channel, calls Calls>
class sending
{
public:
    sending(
        const Channel& channel, unsigned index, std::size_t size, bool crowd)
        : m_out(channel),
          m_size(size),
          m_next(index),
          m_idle(crowd)
    {
        const std::vector<char> body = make_body(size);
        for (std::size_t i = 0; i < Channel::batch; ++i)
            m_bodies.insert(m_bodies.end(), body.begin(), body.end());
        for (std::size_t i = 0; i < Channel::batch; ++i)
            m_views.emplace_back(&m_bodies[i * size], size);
    }

    void until_over(const process_group::process& self)
    {
        m_next.reset();
        while (!self.over())
            send();
    }

    void send_end()
    {
        const std::vector<char> end = end_message(m_size);
        send_one<calls::trying>(m_out, end.data(), m_size, m_idle);
    }

    const stamper& sent() const noexcept { return m_next; }

private:
    void send()
    {
        for (std::size_t i = 0; i < Channel::batch; ++i)
            write_stamp(&m_bodies[i * m_size], m_size, m_next());
        if constexpr (Channel::batch == 1)
            send_one<Calls>(m_out, m_bodies.data(), m_size, m_idle);
        else
        {
            const auto last = m_views.data() + m_views.size();
            for (auto first = m_views.data(); first != last;)
            {
                const std::size_t count = m_out.try_send_all(first, last);
                first += count;
                if (count == 0)
                    m_idle();
            }
        }
    }

    typename Channel::sender m_out;
    std::size_t m_size;
    std::vector<char> m_bodies;
    std::vector<std::string_view> m_views;
    stamper m_next;
    poll_pause m_idle;
};

// Measures processes that send and receive for a given time.
template <class Channel, calls Calls>
class throughput
{
public:
    static outcome measure(shape who, std::size_t size, const plan& how)
    {
        const throughput run(who, size);
        process_group group(
            who.all(), !Channel::own_threads,
            [&](process_group::process& self) {
                if (self.index() < who.senders)
                    run.send(self);
                else
                    run.receive(self);
            });
        // Some laps of the ring, because some queues touch their memory only
        // when they first use it.
        group.round(how.warm_up_ns * (size > 4096 ? 4 : 1));
        group.round(how.round_ns);
        group.round(0); // no process ends before everything has arrived
        group.join();
        return run.result();
    }

private:
    static constexpr int rounds = 2; // the first warms up

    throughput(shape who, std::size_t size)
        : m_who(who),
          m_size(size),
          m_crowded(who.all() > cores()),
          m_channel(ring_bytes(size), size)
    {
        if (who.all() > throughput_results::most)
            throw unsupported("too many processes");
    }

    void send(process_group::process& self) const
    {
        sending<Channel, Calls> out(m_channel, self.index(), m_size, m_crowded);
        share& mine = m_results->shares[self.index()];
        for (int round = 1; round <= rounds; ++round)
        {
            self.begin();
            mine.begin = now_ns();
            out.until_over(self);
            mine.end = now_ns();
            mine.count = out.sent().count();
            mine.sum = out.sent().sum();
            // A single receiver waits for an end message from each sender.
            // Several receivers wait for the end messages of the last sender,
            // which come after all other messages.
            if (m_who.receivers == 1)
                out.send_end();
            else if (
                m_results->done.fetch_add(1, std::memory_order_acq_rel) + 1 ==
                m_who.senders * static_cast<unsigned>(round))
                for (unsigned i = 0; i < m_who.receivers; ++i)
                    out.send_end();
        }
        self.begin();
    }

    void receive(process_group::process& self) const
    {
        typename Channel::receiver in(m_channel);
        checker<Channel::read> check(m_who.senders, m_size);
        poll_pause idle(m_crowded);
        share& mine = m_results->shares[self.index()];
        const unsigned ends = m_who.receivers == 1 ? m_who.senders : 1;
        for (int round = 1; round <= rounds; ++round)
        {
            self.begin();
            check.reset();
            while (check.ends() < ends)
                receive_some<Calls>(in, check, idle);
            mine.end = now_ns();
            mine.count = check.count();
            mine.sum = check.sum();
        }
        self.begin();
    }

    outcome result() const
    {
        const share* const senders = m_results->shares;
        const share* const receivers = senders + m_who.senders;
        const share* const last = receivers + m_who.receivers;
        if (total(senders, receivers, &share::sum) !=
            total(receivers, last, &share::sum))
            throw std::runtime_error("not every sent message was received");

        std::int64_t begin = senders->begin, end = 0;
        for (auto one = senders; one != receivers; ++one)
            begin = (std::min)(begin, one->begin);
        for (auto one = receivers; one != last; ++one)
            end = (std::max)(end, one->end);
        const auto count = total(senders, receivers, &share::count);
        if (count == 0)
            throw std::runtime_error("no message was sent in that time");
        outcome found;
        found.nanoseconds =
            static_cast<double>(end - begin) / static_cast<double>(count);
        found.counters["slowest_sender"] = slowest(senders, receivers);
        found.counters["slowest_receiver"] = slowest(receivers, last);
        return found;
    }

    static std::uint64_t
    total(const share* first, const share* last, std::uint64_t share::*what)
    {
        std::uint64_t sum = 0;
        for (; first != last; ++first)
            sum += first->*what;
        return sum;
    }

    // Returns: the smallest share, relative to the mean share.
    static double slowest(const share* first, const share* last)
    {
        const auto smallest =
            std::min_element(first, last, [](const share& a, const share& b) {
                return a.count < b.count;
            });
        return static_cast<double>(smallest->count) *
               static_cast<double>(last - first) /
               static_cast<double>(total(first, last, &share::count));
    }

    shape m_who;
    std::size_t m_size;
    bool m_crowded;
    Channel m_channel;
    shared_block<throughput_results> m_results;
};

} // namespace bench

#endif
