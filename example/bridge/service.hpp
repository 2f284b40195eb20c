// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_BRIDGE_SERVICE_HPP
#define BOOST_IPQ_EXAMPLE_BRIDGE_SERVICE_HPP

// All routes of a process, its signals, and its counters.

#include "config.hpp"
#include "exporter.hpp"
#include "inward.hpp"
#include "notify.hpp"
#include "outward.hpp"
#include <algorithm>
#include <functional>
#include <iterator>
#include <vector>

namespace bridge {

// What the handler of signals rings.
inline bell* signals = nullptr;

inline void ring_signal(int number)
{
    signals->ring(number == SIGHUP ? 'h' : 't');
}

class service
{
public:
    // `read` reads the configuration again.
    service(const config& first, std::function<config()> read)
        : m_read(std::move(read))
    {
        signals = &m_bell;
        struct sigaction action = {};
        action.sa_handler = ring_signal;
        action.sa_flags = SA_RESTART;
        for (int number : {SIGHUP, SIGTERM, SIGINT})
            ::sigaction(number, &action, nullptr);
        std::signal(SIGPIPE, SIG_IGN);
        take(first);
    }
    service(const service&) = delete;
    service& operator=(const service&) = delete;
    ~service()
    {
        std::signal(SIGHUP, SIG_IGN);
        std::signal(SIGTERM, SIG_IGN);
        std::signal(SIGINT, SIG_IGN);
        signals = nullptr;
    }

    // Until SIGTERM or SIGINT.
    void run()
    {
        notify(
            "READY=1\nSTATUS=" + std::to_string(m_routes.size()) + " routes");
        while (!m_ends)
        {
            pollfd fds[2] = {
                {m_bell.descriptor(), POLLIN, 0},
                {m_exporter.descriptor(), POLLIN, 0}};
            ::poll(fds, 2, m_file.empty() ? -1 : m_interval);
            if (fds[1].revents != 0)
                m_exporter.answer(m_counters);
            hear();
            write();
        }
        notify("STOPPING=1");
        log_at(level::info, "ends");
        std::vector<route*> all;
        for (const auto& one : m_routes)
            all.push_back(one.get());
        end(all);
        write();
    }

private:
    void hear()
    {
        char what = 0;
        bool reload = false;
        while (::read(m_bell.descriptor(), &what, 1) == 1)
        {
            reload |= what == 'h';
            m_ends |= what == 't';
        }
        if (reload && !m_ends)
            read_again();
    }

    // A bad configuration changes nothing.
    void read_again()
    {
        notify(reloading());
        try
        {
            take(m_read());
            log_at(level::info, "the configuration was read again");
        }
        catch (const std::exception& e)
        {
            log_at(
                level::error, std::string("the configuration stays as it "
                                          "was: ") +
                                  e.what());
        }
        notify("READY=1");
    }

    // Ends the routes that are gone or different, and starts the new ones.
    void take(const config& next)
    {
        const auto& values = next.values;
        const auto text = [&](const char* key) {
            return values.count(key) ? values[key].as<std::string>()
                                     : std::string();
        };
        if (text("metrics-listen") != m_listens)
            m_exporter.listen(text("metrics-listen"));
        m_listens = text("metrics-listen");
        start_log(text("log-level"));
        m_file = text("metrics-file");
        m_interval = static_cast<int>((std::min)(
            values["metrics-interval"].as<number>().value,
            std::uint64_t(3600000)));
        m_drain = example::to_milliseconds(values["drain"].as<number>());
        drop(next);
        for (const auto& one : next.routes)
            if (!has(one))
                start(one);
    }

    bool has(const settings& wanted) const
    {
        return std::any_of(
            m_routes.begin(), m_routes.end(), [&](const auto& one) {
                return one->what().name == wanted.name &&
                       one->what().written == wanted.written;
            });
    }

    void drop(const config& next)
    {
        const auto stays = [&](const auto& one) {
            return std::any_of(
                next.routes.begin(), next.routes.end(), [&](const auto& other) {
                    return one->what().name == other.name &&
                           one->what().written == other.written;
                });
        };
        const auto gone =
            std::stable_partition(m_routes.begin(), m_routes.end(), stays);
        std::vector<route*> all;
        for (auto one = gone; one != m_routes.end(); ++one)
            all.push_back(one->get());
        end(all);
        m_routes.erase(gone, m_routes.end());
        // The counters of a route that has only changed go on.
        for (auto one = m_counters.begin(); one != m_counters.end();)
            one = std::any_of(
                      next.routes.begin(), next.routes.end(),
                      [&](const auto& each) { return each.name == one->first; })
                      ? std::next(one)
                      : m_counters.erase(one);
    }

    void end(const std::vector<route*>& all)
    {
        for (route* one : all)
            one->stop(m_drain);
        for (route* one : all)
            one->join();
    }

    void start(const settings& of)
    {
        auto& count = m_counters[of.name];
        if (!count)
            count = std::make_shared<counters>();
        if (is_local(of.from))
            m_routes.push_back(std::make_unique<outward>(of, count));
        else
            m_routes.push_back(std::make_unique<inward>(of, count));
        m_routes.back()->start();
    }

    void write()
    {
        if (!m_file.empty())
            write_metrics(m_file, m_counters);
    }

    const std::function<config()> m_read;
    bell m_bell{};
    exporter m_exporter{};
    std::string m_listens{}, m_file{};
    int m_interval = 0;
    milliseconds m_drain{};
    bool m_ends = false;
    all_counters m_counters{};
    std::vector<std::unique_ptr<route>> m_routes{};
};

} // namespace bridge

#endif
