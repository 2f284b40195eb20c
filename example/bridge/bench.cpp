// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Measures a route to a broker beside the client library of that broker, which
// the same program feeds from its memory: the same calls, batch, window and
// confirmations.
//   ipq-bridge-bench ADDRESS COUNT SIZE [SETTING=VALUE...]
// Prints, for each of the two, the best of three: messages a second, and the
// median time in microseconds from a message to its confirmation, one at a
// time.

#include "config.hpp"
#include "outward.hpp"
#include <boost_ipq/publisher.hpp>
#include <sys/wait.h>

namespace {

using namespace bridge;

class told final : public settler
{
public:
    void confirmed(std::uint64_t, std::uint64_t last) override
    {
        count = (std::max)(count, last + 1);
    }
    void refused(std::uint64_t, const std::string& why) override
    {
        throw broker_error(why);
    }
    std::uint64_t count = 0;
};

double seconds_since(steady_clock::time_point begin)
{
    return std::chrono::duration<double>(steady_clock::now() - begin).count();
}

void wait_for(const interest& what)
{
    pollfd fd = {what.descriptor, what.events, 0};
    ::poll(&fd, 1, what.milliseconds);
}

// The client by itself.
double direct(const settings& route, std::uint64_t count, std::size_t size)
{
    wire line;
    const auto to =
        brokers().at(route.to.scheme).make_sink(route.to, route, line);
    const std::string body(size, 'x');
    const std::vector<message> batch(
        route.count("batch"), {body.data(), size, {1, 1}});
    told heard;
    std::uint64_t sent = 0;
    const auto begin = steady_clock::now();
    while (heard.count < count)
    {
        auto room = (std::min)(
            count - sent, route.count("window") - (sent - heard.count));
        room = (std::min)(room, std::uint64_t(batch.size()));
        // As the route limits a batch.
        room = (std::min)(room, route.bytes("batch-bytes") / (size + 1) + 1);
        const auto some =
            room ? to->send(batch.data(), static_cast<std::size_t>(room)) : 0;
        sent += some;
        const auto before = heard.count;
        to->work(heard);
        if (some == 0 && before == heard.count)
            wait_for(to->wants());
    }
    return seconds_since(begin);
}

double direct_time(const settings& route, std::size_t size)
{
    wire line;
    const auto to =
        brokers().at(route.to.scheme).make_sink(route.to, route, line);
    const std::string body(size, 'x');
    const message one = {body.data(), size, {1, 1}};
    told heard;
    std::vector<double> all;
    for (std::uint64_t i = 0; i < 1000; ++i)
    {
        const auto begin = steady_clock::now();
        to->send(&one, 1);
        while (heard.count <= i)
        {
            to->work(heard);
            if (heard.count <= i)
                wait_for(to->wants());
        }
        all.push_back(seconds_since(begin));
    }
    std::nth_element(all.begin(), all.begin() + 500, all.end());
    return all[500];
}

// A route, fed by another process.
class through_bridge
{
public:
    explicit through_bridge(const settings& route)
        : m_name(route.from.name),
          m_count(std::make_shared<counters>()),
          m_route(route, m_count)
    {
        m_route.start();
        while (m_count->connected.get() == 0)
            std::this_thread::yield();
    }
    through_bridge(const through_bridge&) = delete;
    through_bridge& operator=(const through_bridge&) = delete;
    ~through_bridge()
    {
        m_route.stop(milliseconds(1000));
        m_route.join();
    }

    double rate(std::uint64_t count, std::size_t size)
    {
        const auto goal = m_count->confirmed.get() + count;
        const auto begin = steady_clock::now();
        const pid_t child = ::fork();
        if (child == 0)
        {
            publish(count, size);
            ::_exit(0);
        }
        ::waitpid(child, nullptr, 0);
        while (m_count->confirmed.get() < goal)
            std::this_thread::sleep_for(std::chrono::microseconds(100));
        return seconds_since(begin);
    }

    double time(std::size_t size)
    {
        boost_ipq::publisher out(boost_ipq::open_only, m_name);
        const std::string body(size, 'x');
        std::vector<double> all;
        for (int i = 0; i < 1000; ++i)
        {
            const auto goal = m_count->confirmed.get() + 1;
            const auto begin = steady_clock::now();
            out.enqueue(body);
            while (m_count->confirmed.get() < goal)
                std::this_thread::yield();
            all.push_back(seconds_since(begin));
        }
        std::nth_element(all.begin(), all.begin() + 500, all.end());
        return all[500];
    }

private:
    void publish(std::uint64_t count, std::size_t size)
    {
        boost_ipq::publisher out(boost_ipq::open_only, m_name);
        const std::string body(size, 'x');
        const std::vector<std::string_view> batch(64, body);
        while (count != 0)
        {
            const auto n = static_cast<std::ptrdiff_t>(
                (std::min)(count, std::uint64_t(batch.size())));
            auto sent = out.try_enqueue_all(batch.begin(), batch.begin() + n);
            if (sent == 0)
            {
                out.enqueue(body);
                sent = 1;
            }
            count -= sent;
        }
    }

    const std::string m_name;
    const std::shared_ptr<counters> m_count;
    outward m_route;
};

void measure(const pairs& written, std::uint64_t count, std::size_t size)
{
    const auto route = make_route("bench", written);
    double plain = 1e9, bridged = 1e9;
    through_bridge other(route);
    for (int i = 0; i < 3; ++i)
    {
        plain = (std::min)(plain, direct(route, count, size));
        bridged = (std::min)(bridged, other.rate(count, size));
    }
    const double c = double(count);
    std::cout << size << " bytes: client " << std::uint64_t(c / plain)
              << "/s, bridge " << std::uint64_t(c / bridged) << "/s, ratio "
              << plain / bridged << "; client "
              << std::uint64_t(direct_time(route, size) * 1e6) << " us, bridge "
              << std::uint64_t(other.time(size) * 1e6) << " us" << std::endl;
}

} // namespace

int main(int argc, char* argv[])
try
{
    if (argc < 4)
        throw std::runtime_error("see the top of bench.cpp");
    start_log("warning");
    const auto queue = "bridge-bench-" + std::to_string(::getpid());
    pairs written = {{"from", "queue:" + queue}, {"to", argv[1]}};
    bool has_capacity = false;
    for (int i = 4; i < argc; ++i)
    {
        std::string value = argv[i];
        const auto key = cut(value, "=");
        has_capacity |= key == "capacity";
        written.emplace_back(key, value);
    }
    if (!has_capacity)
        written.emplace_back("capacity", "16M");
    measure(
        written, std::strtoull(argv[2], nullptr, 10),
        std::strtoull(argv[3], nullptr, 10));
    boost_ipq::remove_queue(queue);
}
catch (const std::exception& e)
{
    std::cerr << "ipq-bridge-bench: " << e.what() << '\n';
    return EXIT_FAILURE;
}
