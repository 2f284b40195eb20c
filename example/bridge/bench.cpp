// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Measures a route to a broker beside the client library of that broker, which
// the same program feeds from its memory: the same calls, batch, window and
// confirmations.
//   ipq-bridge-bench ADDRESS COUNT SIZE [SETTING=VALUE...]
// Settings are those of a route, and
//   broker-pid=PID  counts the processor time of that process, too
//   rounds=N        3
//   only=client, only=bridge
//   client=hiredis  for Redis: the client uses only hiredis
// Prints, for each of the two, the best of the rounds: messages a second, and
// the processor time of each process for a message, in microseconds; then the
// median time from a message to its confirmation, one at a time.

#include "config.hpp"
#include "outward.hpp"
#include <boost_ipq/publisher.hpp>
#include <iomanip>
#include <sys/resource.h>
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

double seconds_of(const timeval& t)
{
    return double(t.tv_sec) + double(t.tv_usec) / 1e6;
}

double seconds_of(const rusage& used)
{
    return seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
}

// Of this process, with the threads of client libraries.
double own_seconds()
{
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return seconds_of(used);
}

// Of all threads of a process; 0 if it is not known.
double seconds_of(pid_t process)
{
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    std::string text;
    std::getline(file, text);
    // Behind the name, which may have spaces: the state, ten numbers, user and
    // system time.
    std::istringstream words(text.substr(text.rfind(')') + 1));
    double user = 0, system = 0;
    for (int i = 0; i < 11; ++i)
        words >> text;
    words >> user >> system;
    return process ? (user + system) / double(::sysconf(_SC_CLK_TCK)) : 0;
}

// One measurement.
struct result
{
    double seconds = 1e9;
    double client = 0, broker = 0, publisher = 0; // seconds of the processor
};

class meter
{
public:
    explicit meter(pid_t broker)
        : m_broker(broker),
          m_broker_before(seconds_of(broker)),
          m_own_before(own_seconds())
    {
    }

    result stop(double publisher = 0) const
    {
        return {
            seconds_since(m_begin), own_seconds() - m_own_before,
            seconds_of(m_broker) - m_broker_before, publisher};
    }

private:
    const pid_t m_broker;
    const double m_broker_before, m_own_before;
    const steady_clock::time_point m_begin = steady_clock::now();
};

// The messages of a program that sends without a bridge. They stay where they
// are until they are confirmed, as in the queue of a route; else it could not
// send them again.
class own_messages
{
public:
    own_messages(const settings& route, std::size_t size)
        : m_window(route.count("window")),
          m_body(size, 'x'),
          m_places(m_window * size),
          m_batch(route.count("batch"))
    {
    }

    // Writes the next messages.
    const message* make(std::uint64_t number, std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i)
        {
            const auto size = m_body.size();
            char* const place =
                m_places.data() + (number + i) % m_window * size;
            std::memcpy(place, m_body.data(), size);
            m_batch[i] = {place, size, {1, number + i + 1}};
        }
        return m_batch.data();
    }

private:
    const std::size_t m_window;
    const std::string m_body;
    std::vector<char> m_places;
    std::vector<message> m_batch;
};

// The client by itself.
result direct(
    const settings& route, const broker& client, std::uint64_t count,
    std::size_t size, pid_t server)
{
    wire line;
    const auto to = client.make_sink(route.to, route, line);
    own_messages all(route, size);
    told heard;
    std::uint64_t sent = 0;
    const meter used(server);
    while (heard.count < count)
    {
        auto room = (std::min)(
            count - sent, route.count("window") - (sent - heard.count));
        room = (std::min)(room, route.count("batch"));
        room = (std::min)(room, std::uint64_t(to->room()));
        // As the route limits a batch.
        room = (std::min)(room, route.bytes("batch-bytes") / (size + 1) + 1);
        const auto n = static_cast<std::size_t>(room);
        const auto some = n ? to->send(all.make(sent, n), n) : 0;
        sent += some;
        const auto before = heard.count;
        to->work(heard);
        if (some == 0 && before == heard.count)
            wait_for(to->wants());
    }
    return used.stop();
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

    result rate(std::uint64_t count, std::size_t size, pid_t broker)
    {
        const auto goal = m_count->confirmed.get() + count;
        const meter used(broker);
        const pid_t child = ::fork();
        if (child == 0)
        {
            publish(count, size);
            ::_exit(0);
        }
        rusage publisher{};
        ::wait4(child, nullptr, 0, &publisher);
        while (m_count->confirmed.get() < goal)
            std::this_thread::sleep_for(milliseconds(1));
        return used.stop(seconds_of(publisher));
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

void keep_best(result& best, const result& next)
{
    if (next.seconds < best.seconds)
        best = next;
}

void print(const char* what, const result& one, std::uint64_t count)
{
    const auto each = [&](double seconds) {
        return seconds / double(count) * 1e6;
    };
    std::cout << "  " << what << ": "
              << std::uint64_t(double(count) / one.seconds) << "/s, us: client "
              << each(one.client) << ", broker " << each(one.broker)
              << ", publisher " << each(one.publisher) << std::endl;
}

struct plan
{
    std::uint64_t count = 0;
    std::size_t size = 0;
    int rounds = 3;
    pid_t broker = 0;
    std::string only{}, client{};
};

void measure(const pairs& written, const plan& p)
{
    const auto route = make_route("bench", written);
    std::cout << p.size << " bytes\n" << std::fixed << std::setprecision(2);
    result plain, bridged;
    const broker& client =
        brokers().at(p.client.empty() ? route.to.scheme : p.client);
    through_bridge other(route);
    // In turn, so that what else the machine does slows down both.
    for (int i = 0; i < p.rounds; ++i)
    {
        if (p.only != "bridge")
            keep_best(plain, direct(route, client, p.count, p.size, p.broker));
        if (p.only != "client")
            keep_best(bridged, other.rate(p.count, p.size, p.broker));
    }
    print("client", plain, p.count);
    print("bridge", bridged, p.count);
    std::cout << "  ratio " << plain.seconds / bridged.seconds
              << "; confirmed after "
              << std::uint64_t(direct_time(route, p.size) * 1e6) << " us, "
              << std::uint64_t(other.time(p.size) * 1e6) << " us" << std::endl;
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
    plan p;
    p.count = std::strtoull(argv[2], nullptr, 10);
    p.size = std::strtoull(argv[3], nullptr, 10);
    bool has_capacity = false;
    for (int i = 4; i < argc; ++i)
    {
        std::string value = argv[i];
        const auto key = cut(value, "=");
        has_capacity |= key == "capacity";
        if (key == "broker-pid")
            p.broker = std::stoi(value);
        else if (key == "rounds")
            p.rounds = std::stoi(value);
        else if (key == "only")
            p.only = value;
        else if (key == "client")
            p.client = value;
        else
            written.emplace_back(key, value);
    }
    if (!has_capacity)
        written.emplace_back("capacity", "16M");
    measure(written, p);
    boost_ipq::remove_queue(queue);
}
catch (const std::exception& e)
{
    std::cerr << "ipq-bridge-bench: " << e.what() << '\n';
    return EXIT_FAILURE;
}
