// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_BRIDGE_OUTWARD_HPP
#define BOOST_IPQ_EXAMPLE_BRIDGE_OUTWARD_HPP

// From a queue or a broadcast to a broker. Messages are read in place, and stay
// in the queue until the broker has confirmed them.

#include "route.hpp"
#include <boost_ipq/broadcast.hpp>
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/subscriber.hpp>
#include <deque>
#include <functional>
#include <variant>
#include <vector>

namespace bridge {

// The messages that are in flight, in the order of the queue.
class window final : public settler
{
public:
    // Settles a message that the broker can never take, or throws.
    using refuser =
        std::function<void(boost_ipq::delivery&, const std::string& why)>;

    window(counters& count, refuser refuse)
        : m_counters(count),
          m_refuse(std::move(refuse))
    {
    }

    std::size_t size() const noexcept { return m_all.size(); }
    bool has_unsent() const noexcept { return m_sent < m_all.size(); }
    bool progressed() noexcept { return std::exchange(m_progressed, false); }

    void add(boost_ipq::delivery&& one) { m_all.push_back({std::move(one)}); }

    // Sends a batch to the broker. Returns whether it took any.
    bool send(sink& to, std::size_t count, std::uint64_t bytes)
    {
        count = (std::min)(count, to.room());
        if (count == 0)
            return false;
        m_batch.clear();
        for (std::size_t i = m_sent; i < m_all.size() && m_batch.size() < count;
             ++i)
        {
            const auto& held = m_all[i].held;
            m_batch.push_back({held.data(), held.size(), held.id()});
            if (held.size() >= bytes)
                break;
            bytes -= held.size();
        }
        const std::size_t sent = to.send(m_batch.data(), m_batch.size());
        std::uint64_t again = 0;
        for (std::size_t i = 0; i < sent; ++i)
            again += std::exchange(m_all[m_sent + i].was_sent, true);
        if (again != 0)
            m_counters.retried.add(again);
        m_sent += sent;
        m_counters.sent.add(sent);
        m_counters.in_flight.set(m_sent);
        return sent != 0;
    }

    void confirmed(std::uint64_t first, std::uint64_t last) override
    {
        std::uint64_t messages = 0, bytes = 0;
        // All before the window are settled.
        for (auto i = (std::max)(first, m_front);
             i <= last && i - m_front < m_sent; ++i)
        {
            boost_ipq::delivery& held = m_all[i - m_front].held;
            if (!held)
                continue;
            bytes += held.size();
            ++messages;
            held.acknowledge();
        }
        m_counters.bytes.add(bytes);
        m_counters.confirmed.add(messages);
        drop_settled();
    }

    void refused(std::uint64_t number, const std::string& why) override
    {
        m_refuse(m_all.at(number - m_front).held, why);
        drop_settled();
    }

    // The next messages of a new connection have numbers from 0. Those that
    // were sent and not confirmed are sent again.
    void restart()
    {
        m_all.erase(
            std::remove_if(
                m_all.begin(), m_all.end(),
                [](const entry& e) { return !e.held; }),
            m_all.end());
        m_front = m_sent = 0;
        m_counters.in_flight.set(0);
    }

    // Gives back what is not confirmed: the oldest is delivered first.
    void clear()
    {
        m_all.clear();
        restart();
    }

private:
    struct entry
    {
        boost_ipq::delivery held; // empty: settled
        bool was_sent = false;    // in an earlier connection, too
    };

    void drop_settled()
    {
        while (m_sent != 0 && !m_all.front().held)
        {
            m_all.pop_front();
            ++m_front;
            --m_sent;
        }
        m_progressed = true;
        m_counters.in_flight.set(m_sent);
    }

    counters& m_counters;
    const refuser m_refuse;
    std::deque<entry> m_all{};
    std::size_t m_sent = 0;    // of them
    std::uint64_t m_front = 0; // number of the first
    bool m_progressed = false;
    std::vector<message> m_batch{};
};

class outward final : public route
{
public:
    outward(settings of, std::shared_ptr<counters> number)
        : route(std::move(of), std::move(number)),
          m_window(
              count(),
              [this](boost_ipq::delivery& held, const auto& why) {
                  refuse(held, why);
              }),
          m_most(what().count("window")),
          m_batch(what().count("batch")),
          m_batch_bytes(what().bytes("batch-bytes"))
    {
    }

private:
    void work() override
    {
        if (!m_set)
            open();
        const auto& to = what().to;
        const broker& kind = brokers().at(to.scheme);
        m_window.restart();
        const auto connection = kind.make_sink(to, what(), line());
        connected_to(to);
        m_largest = what().has("max-message") ? what().bytes("max-message")
                                              : kind.max_message;
        while (!too_late() && !(stopping() && m_window.size() == 0))
            step(*connection);
    }

    void step(sink& to)
    {
        const bool full = fill();
        count_lag();
        bool busy = false;
        if (m_window.has_unsent())
            busy = m_window.send(to, m_batch, m_batch_bytes);
        to.work(m_window);
        if (m_window.progressed())
        {
            busy = true;
            works();
        }
        count().blocked.set(to.blocked());
        if (!busy && !(!full && more()))
            wait_for(to.wants(), full || stopping() ? nullptr : m_set.get());
    }

    // Takes messages up to a full window. Returns whether it is full, or the
    // queue was removed: then what is held must be confirmed first.
    bool fill()
    try
    {
        return take_some();
    }
    catch (const boost_ipq::error& e)
    {
        if (e.code() != boost_ipq::errc::queue_removed || m_window.size() == 0)
            throw;
        return true;
    }

    bool take_some()
    {
        if (m_too_large && !settle_too_large())
            return true;
        // Not all at once: the broker's words are heard in between.
        for (auto left = m_batch; left != 0; --left)
        {
            if (m_window.size() >= m_most)
                return true;
            if (stopping() || !take_one())
                return bool(m_too_large);
        }
        return m_window.size() >= m_most;
    }

    // False: there is none, or it is too large.
    bool take_one()
    {
        auto one = std::visit([](auto& in) { return in.try_receive(); }, m_in);
        if (!one)
            return false;
        if (one.size() > m_largest && what().has("dead-letter"))
        {
            m_too_large = std::move(one);
            return settle_too_large();
        }
        m_window.add(std::move(one));
        return true;
    }

    // False: those before it are not confirmed yet. They would be sent again
    // if the dead-letter queue is full.
    bool settle_too_large()
    {
        if (m_window.size() != 0)
            return false;
        refuse(m_too_large, "it is larger than max-message");
        return true;
    }

    // The broker can never take it.
    void refuse(boost_ipq::delivery& held, const std::string& why)
    {
        const auto text = "a message of " + std::to_string(held.size()) +
                          " bytes is refused (" + why + ")";
        if (!what().has("dead-letter"))
            throw broker_error(
                text + ", and the route has no dead-letter queue: it holds up "
                       "those behind it",
                true);
        move_to_dead_letter(held);
        count().refused.add();
        log(level::warning, text + "; it went to the dead letter");
    }

    void move_to_dead_letter(boost_ipq::delivery& held)
    try
    {
        send_to_dead_letter(held.data(), held.size());
        held.acknowledge();
    }
    catch (const boost_ipq::error& e)
    {
        if (e.code() != boost_ipq::errc::not_found)
            throw;
        held.reject(); // creates it as the queue wants it
    }

    void count_lag()
    {
        count().lag.set(std::visit([](auto& in) { return in.size(); }, m_in));
    }

    // After an empty queue: is there a message by now? If not, the set's
    // descriptor becomes readable when there is.
    bool more()
    {
        count_lag();
        return !stopping() && m_set->timed_wait(milliseconds(0)) != 0;
    }

    void open()
    {
        const auto& from = what().from;
        const auto options = full_options();
        if (from.scheme == "broadcast")
            open_broadcast(options);
        else
        {
            auto& in = open_as<boost_ipq::subscriber>(options);
            // So that what a bridge held that died comes first.
            boost_ipq::repair(options);
            if (in.subscribers() > 1)
                log(level::warning,
                    "other processes take messages from the queue, too: this "
                    "route cannot keep the order of all of them");
        }
        m_set = std::make_unique<boost_ipq::wait_set>();
        std::visit([&](auto& in) { m_set->add(in, 1); }, m_in);
    }

    void open_broadcast(const boost_ipq::queue_options& options)
    {
        open_as<boost_ipq::broadcast_subscriber>(
            options, boost_ipq::history(what().count("history")));
    }

    // Opened before it is moved there: a variant whose new value throws has
    // none.
    template <class Subscriber, class... More>
    Subscriber&
    open_as(const boost_ipq::queue_options& options, const More&... more)
    {
        return m_in.emplace<Subscriber>(
            options.capacity()
                ? Subscriber(boost_ipq::open_or_create, options, more...)
                : Subscriber(boost_ipq::open_only, options, more...));
    }

    boost_ipq::queue_options full_options() const
    {
        auto options = local_options(what().from);
        if (what().has("max-deliveries"))
            options
                .max_deliveries(
                    static_cast<std::uint32_t>(what().count("max-deliveries")))
                .dead_letter(what().text("dead-letter"));
        return options;
    }

    void disconnected() override
    {
        m_window.restart();
        const bool removed = std::visit(
            [](auto& in) { return !in.is_open() || in.removed(); }, m_in);
        if (!stopping() && (!removed || m_window.size() != 0 || m_too_large))
            return count_lag(); // what it holds stays in front
        m_window.clear();
        m_too_large = boost_ipq::delivery();
        m_set.reset();
        std::visit([](auto& in) { in.close(); }, m_in);
    }

    std::variant<boost_ipq::subscriber, boost_ipq::broadcast_subscriber> m_in{};
    std::unique_ptr<boost_ipq::wait_set> m_set{};
    window m_window;
    const std::size_t m_most, m_batch; // settings of the route
    const std::uint64_t m_batch_bytes;
    boost_ipq::delivery m_too_large{}; // waits for those before it
    std::uint64_t m_largest = 0;
};

} // namespace bridge

#endif
