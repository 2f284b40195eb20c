// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_BRIDGE_INWARD_HPP
#define BOOST_IPQ_EXAMPLE_BRIDGE_INWARD_HPP

// From a broker into a queue or a broadcast. A message is acknowledged to the
// broker only when the queue has it.

#include "doubles.hpp"
#include "route.hpp"
#include <boost_ipq/broadcast.hpp>
#include <boost_ipq/publisher.hpp>
#include <string_view>
#include <variant>
#include <vector>

namespace bridge {

class inward final : public route
{
public:
    inward(settings of, std::shared_ptr<counters> number)
        : route(std::move(of), std::move(number)),
          m_doubles(what().count("remember"))
    {
    }

private:
    void work() override
    {
        if (!m_set)
            open();
        const auto& from = what().from;
        const auto connection =
            brokers().at(from.scheme).make_source(from, what(), line());
        connected_to(from);
        const taker take = [this](const message* first, std::size_t n) {
            return enqueue(first, n);
        };
        while (!stopping())
        {
            const std::size_t taken = connection->receive(take);
            if (taken != 0)
            {
                count().confirmed.add(taken);
                works();
                continue;
            }
            const bool full = connection->holds();
            count().blocked.set(full);
            if (full)
                wait_for_room(connection->wants());
            else
                wait_for(connection->wants(), nullptr);
        }
    }

    void wait_for_room(const interest& other)
    {
        if (m_set->timed_wait(milliseconds(0)) == 0)
            wait_for(other, m_set.get());
    }

    // Returns how many of the messages the queue has now; those that it had
    // already count.
    std::size_t enqueue(const message* first, std::size_t n)
    {
        std::size_t done = 0;
        while (done < n)
        {
            const std::size_t before = done;
            while (done < n && m_doubles.knows(first[done].id))
            {
                count().doubles.add();
                ++done;
            }
            // Refusing may throw: those before it are acknowledged first.
            if (done != 0 && done < n && first[done].size > m_largest)
                break;
            done += enqueue_new(first + done, n - done);
            if (done == before)
                break;
        }
        count().lag.set(
            std::visit([](auto& out) { return out.size(); }, m_out));
        return done;
    }

    // Can the message be no double of one that is up to `before`?
    static bool
    may_follow(boost_ipq::message_id before, boost_ipq::message_id next)
    {
        return next.epoch == 0 ||
               (next.epoch == before.epoch && next.sequence > before.sequence);
    }

    bool is_next(const message* first, std::size_t i)
    {
        return (i == 0 || may_follow(first[i - 1].id, first[i].id)) &&
               !m_doubles.knows(first[i].id) && first[i].size <= m_largest;
    }

    // Up to the first one that may have come before, or does not fit.
    std::size_t enqueue_new(const message* first, std::size_t n)
    {
        m_batch.clear();
        std::uint64_t bytes = 0;
        for (std::size_t i = 0; i < n && is_next(first, i); ++i)
        {
            m_batch.emplace_back(
                static_cast<const char*>(first[i].data), first[i].size);
            bytes += first[i].size;
        }
        if (n != 0 && first->size > m_largest)
        {
            refuse(*first);
            m_doubles.note(first->id);
            return 1;
        }
        const std::size_t sent = std::visit(
            [&](auto& out) {
                return out.try_enqueue_all(m_batch.begin(), m_batch.end());
            },
            m_out);
        for (std::size_t i = 0; i < sent; ++i)
        {
            m_doubles.note(first[i].id);
            count().bytes.add(first[i].size);
        }
        count().sent.add(sent);
        return sent;
    }

    // The queue can never take it.
    void refuse(const message& one)
    {
        const auto text = "a message of " + std::to_string(one.size) +
                          " bytes is larger than the queue can take";
        if (!what().has("dead-letter"))
            throw broker_error(
                text + ", and the route has no dead-letter queue: it holds up "
                       "those behind it",
                true);
        send_to_dead_letter(one.data, one.size);
        count().refused.add();
        log(level::warning, text + "; it went to the dead letter");
    }

    void open()
    {
        if (what().to.scheme == "broadcast")
            open_as<boost_ipq::broadcast_publisher>();
        else
            open_as<boost_ipq::publisher>();
    }

    template <class Publisher>
    void open_as()
    {
        const auto options = local_options(what().to);
        // Opened before it is moved there: a variant whose new value throws has
        // none.
        auto& out = m_out.emplace<Publisher>(
            options.capacity() ? Publisher(boost_ipq::open_or_create, options)
                               : Publisher(boost_ipq::open_only, options));
        m_largest = out.max_message_size();
        m_set = std::make_unique<boost_ipq::wait_set>();
        m_set->add(out, 1);
    }

    void disconnected() override
    {
        const bool removed = std::visit(
            [](auto& out) { return !out.is_open() || out.removed(); }, m_out);
        if (!stopping() && !removed)
            return;
        m_set.reset();
        std::visit([](auto& out) { out.close(); }, m_out);
    }

    std::variant<boost_ipq::publisher, boost_ipq::broadcast_publisher> m_out{};
    std::unique_ptr<boost_ipq::wait_set> m_set{};
    doubles m_doubles;
    std::size_t m_largest = 0;
    std::vector<std::string_view> m_batch{};
};

} // namespace bridge

#endif
