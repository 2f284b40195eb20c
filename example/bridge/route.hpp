// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_BRIDGE_ROUTE_HPP
#define BOOST_IPQ_EXAMPLE_BRIDGE_ROUTE_HPP

// What both directions of a route have in common: its thread, connecting again
// after a failure, and its end.

#include "broker.hpp"
#include "counters.hpp"
#include "log.hpp"
#include "settings.hpp"
#include "wire.hpp"
#include <boost_ipq/error.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost_ipq/wait_set.hpp>
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <poll.h>
#include <string>
#include <thread>
#include <utility>

namespace bridge {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds first_pause{20};
constexpr milliseconds longest_pause{2000};

class route
{
public:
    route(settings of, std::shared_ptr<counters> count)
        : m_settings(std::move(of)),
          m_counters(std::move(count))
    {
    }
    route(const route&) = delete;
    route& operator=(const route&) = delete;
    virtual ~route() = default;

    const settings& what() const noexcept { return m_settings; }

    void start()
    {
        m_thread = std::thread([this] { run(); });
    }

    // Takes nothing more, and waits until all is confirmed, or the limit.
    void stop(milliseconds limit)
    {
        m_limit = steady_clock::now() + limit;
        m_stop.store(true, std::memory_order_release); // pairs with stopping()
        m_bell.ring();
    }

    // After stop(). Then a connection that does not answer is cut.
    void join()
    {
        std::unique_lock<std::mutex> lock(m_mutex);
        if (!m_ended.wait_until(lock, m_limit, [this] { return m_done; }))
            m_wire.cut();
        lock.unlock();
        if (m_thread.joinable())
            m_thread.join();
    }

protected:
    // Connects, and works until all is done after stop(), or it throws.
    virtual void work() = 0;
    // The connection has failed, or the route ends.
    virtual void disconnected() = 0;

    bool stopping() const noexcept
    {
        return m_stop.load(std::memory_order_acquire); // pairs with stop()
    }
    bool too_late() const
    {
        return stopping() && steady_clock::now() >= m_limit;
    }

    counters& count() noexcept { return *m_counters; }
    wire& line() noexcept { return m_wire; }

    void log(level::severity_level how, const std::string& text) const
    {
        log_at(how, m_settings.name + ": " + text);
    }

    void connected_to(const endpoint& end)
    {
        m_counters->connected.set(1);
        log(m_why.empty() ? level::info : level::debug,
            "connected to " + end.shown());
    }

    // Messages go through: the next pause is short again.
    void works()
    {
        m_pause = first_pause;
        if (m_why.empty())
            return;
        m_why.clear();
        log(level::info, "works again");
    }

    // Waits for the broker, for the queue (if `set`), and for stop().
    void wait_for(const interest& broker, boost_ipq::wait_set* set)
    {
        pollfd fds[3] = {{m_bell.descriptor(), POLLIN, 0}};
        nfds_t n = 1;
        if (broker.descriptor >= 0)
            fds[n++] = {broker.descriptor, broker.events, 0};
        if (set)
            fds[n++] = {set->native_handle(), POLLIN, 0};
        int limit = broker.milliseconds;
        if (stopping())
        {
            // What rings has been heard.
            const auto left = std::chrono::duration_cast<milliseconds>(
                m_limit - steady_clock::now());
            const auto most = static_cast<int>(
                (std::max)(milliseconds(1), (std::min)(left, longest_pause))
                    .count());
            limit = limit < 0 ? most : (std::min)(limit, most);
        }
        ::poll(fds, n, limit);
        m_bell.quiet();
    }

    boost_ipq::queue_options local_options(const endpoint& end) const
    {
        const settings& s = m_settings;
        auto options =
            s.bytes("capacity")
                ? boost_ipq::queue_options(end.name, s.bytes("capacity"))
                : boost_ipq::queue_options(end.name);
        if (s.has("directory"))
            options.directory(s.text("directory"));
        return options;
    }

    // Throws if that queue has no room, or is not there.
    void send_to_dead_letter(const void* data, std::size_t size) const
    {
        boost_ipq::queue_options options(m_settings.text("dead-letter"));
        if (m_settings.has("directory"))
            options.directory(m_settings.text("directory"));
        boost_ipq::publisher dead(boost_ipq::open_only, options);
        if (!dead.try_enqueue(data, size))
            throw broker_error("the dead-letter queue is full", true);
    }

private:
    void run()
    {
        while (!stopping())
        {
            try
            {
                work();
            }
            catch (const broker_error& e)
            {
                failed(e.what(), e.lasting());
            }
            catch (const boost_ipq::error& e)
            {
                failed(e.what(), e.code() != boost_ipq::errc::not_found);
            }
            catch (const std::exception& e)
            {
                failed(e.what(), false);
            }
            m_counters->connected.set(0);
            disconnected();
            pause();
        }
        const std::lock_guard<std::mutex> guard(m_mutex);
        m_done = true;
        m_ended.notify_all();
    }

    void failed(const std::string& why, bool lasting)
    {
        if (stopping())
            return;
        m_counters->failures.add();
        // A reason that repeats is logged once at its level.
        const bool again = why == m_why;
        m_why = why;
        log(again     ? level::debug
            : lasting ? level::error
                      : level::warning,
            why + "; trying again");
    }

    // Back-off: doubled each time, less some chance, so that many bridges do
    // not come at once.
    void pause()
    {
        const auto until = steady_clock::now() + m_pause;
        m_pause = (std::min)(m_pause * 2, longest_pause) -
                  milliseconds(
                      steady_clock::now().time_since_epoch().count() / 1000 %
                      (m_pause.count() / 4 + 1));
        while (!stopping() && steady_clock::now() < until)
        {
            pollfd fd = {m_bell.descriptor(), POLLIN, 0};
            const auto left = std::chrono::duration_cast<milliseconds>(
                until - steady_clock::now());
            ::poll(&fd, 1, static_cast<int>(left.count()) + 1);
            m_bell.quiet();
        }
    }

    const settings m_settings;
    const std::shared_ptr<counters> m_counters;
    bell m_bell{};
    wire m_wire{};
    std::thread m_thread{};
    std::atomic<bool> m_stop{false};
    steady_clock::time_point m_limit{};
    milliseconds m_pause = first_pause;
    std::string m_why{};
    std::mutex m_mutex{};
    std::condition_variable m_ended{};
    bool m_done = false;
};

} // namespace bridge

#endif
