// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// For the test of the bridge: sends numbered messages, and checks those that
// come out at the other end.
//   ipq-bridge-load send QUEUE COUNT SIZE [RATE]
//   ipq-bridge-load check QUEUE COUNT
//   ipq-bridge-load take QUEUE FILE
// Each message begins with its number, in 8 bytes, and goes on with bytes that
// follow from it. `send` sends COUNT messages, or until SIGTERM, and prints how
// many; RATE is that of messages in a second. `check` ends when all numbers
// have come: each is the next one or came before. It prints what it saw. `take`
// may be killed: it writes the number of each message to a file, and then takes
// it.

#include "../support.hpp"
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <fcntl.h>
#include <thread>
#include <vector>

namespace {

using namespace boost_ipq;
using std::chrono::steady_clock;

void fill(std::string& message, std::uint64_t number)
{
    std::memcpy(&message[0], &number, sizeof number);
    for (std::size_t i = sizeof number; i < message.size(); ++i)
        message[i] = static_cast<char>(number * 31 + i);
}

void send(
    const std::string& queue, std::uint64_t count, std::size_t size,
    double rate)
{
    publisher out(open_only, queue);
    constexpr std::uint64_t most = 64;
    std::vector<std::string> batch(most, std::string(size, '\0'));
    std::uint64_t number = 0;
    const auto begin = steady_clock::now();
    while (number < count && !example::interrupted())
    {
        const auto n =
            static_cast<std::size_t>((std::min)(most, count - number));
        for (std::size_t i = 0; i < n; ++i)
            fill(batch[i], number + i);
        std::size_t sent = 0;
        while (sent < n && !example::interrupted())
        {
            const auto some = out.try_enqueue_all(
                batch.begin() + std::ptrdiff_t(sent),
                batch.begin() + std::ptrdiff_t(n));
            if (some == 0)
                sent += out.enqueue(batch[sent], example::stop_when());
            sent += some;
        }
        number += sent;
        if (rate != 0)
            std::this_thread::sleep_until(
                begin +
                std::chrono::duration_cast<steady_clock::duration>(
                    std::chrono::duration<double>(double(number) / rate)));
    }
    std::cout << number << std::endl;
}

[[noreturn]] void wrong(const std::string& what)
{
    std::cout << "FAILED: " << what << std::endl;
    std::exit(EXIT_FAILURE);
}

class checker
{
public:
    void take(const void* data, std::size_t size)
    {
        std::uint64_t number = 0;
        if (size < sizeof number)
            wrong("a message was cut");
        std::memcpy(&number, data, sizeof number);
        m_expected.resize(size);
        fill(m_expected, number);
        if (std::memcmp(m_expected.data(), data, size) != 0)
            wrong("a message was damaged");
        if (number > m_next)
            wrong(
                "after " + std::to_string(m_next) + " messages comes number " +
                std::to_string(number));
        if (number == m_next)
        {
            ++m_next;
            m_run = 0;
            return;
        }
        // Repetitions are in order, too.
        if (m_run != 0 && number != m_before + 1 && number > m_before)
            wrong("doubles out of order");
        m_before = number;
        ++m_doubles;
        m_longest = (std::max)(m_longest, ++m_run);
    }
    std::uint64_t next() const { return m_next; }
    void print(double seconds) const
    {
        std::cout << m_next << " messages, " << m_doubles << " doubles, "
                  << m_longest << " in a row, " << seconds << " s" << std::endl;
    }

private:
    std::string m_expected{};
    std::uint64_t m_next = 0, m_before = 0, m_doubles = 0, m_run = 0;
    std::uint64_t m_longest = 0;
};

void check(const std::string& queue, std::uint64_t count)
{
    subscriber in(open_only, queue);
    checker all;
    auto begin = steady_clock::now();
    while (all.next() < count && !example::interrupted())
    {
        const auto take = [&](const void* data, std::size_t size) {
            all.take(data, size);
        };
        if (in.consume_all(take) == 0)
            if (auto one = in.receive(example::stop_when()))
            {
                if (all.next() == 0)
                    begin = steady_clock::now();
                all.take(one.data(), one.size());
                one.acknowledge();
            }
    }
    const std::chrono::duration<double> passed = steady_clock::now() - begin;
    all.print(passed.count());
    if (all.next() < count)
        std::exit(EXIT_FAILURE);
}

// Holds up to 64 messages until their numbers are written.
void take(const std::string& queue, const char* name)
{
    const int file = ::open(name, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (file < 0)
        example::fail(name);
    subscriber in(open_only, queue);
    repair(queue_options(queue));
    std::string expected;
    while (!example::interrupted())
    {
        std::vector<delivery> held;
        std::vector<std::uint64_t> numbers;
        auto one = in.receive(example::stop_when());
        for (; one; one = held.size() < 64 ? in.try_receive() : delivery())
        {
            numbers.push_back(0);
            std::memcpy(&numbers.back(), one.data(), sizeof(std::uint64_t));
            expected.resize(one.size());
            fill(expected, numbers.back());
            if (std::memcmp(expected.data(), one.data(), one.size()) != 0)
                wrong("a message was damaged");
            held.push_back(std::move(one));
        }
        const std::size_t bytes = numbers.size() * sizeof(std::uint64_t);
        if (::write(file, numbers.data(), bytes) != ssize_t(bytes))
            example::fail(name);
        for (auto& each : held)
            each.acknowledge();
    }
}

} // namespace

int main(int argc, char* argv[])
try
{
    example::catch_signals(true);
    const std::string what = argc > 3 ? argv[1] : "";
    const auto number = [&](int i) {
        return std::strtoull(argv[i], nullptr, 10);
    };
    if (what == "send" && argc >= 5)
        send(
            argv[2], number(3), std::size_t(number(4)),
            argc > 5 ? double(number(5)) : 0);
    else if (what == "take" && argc == 4)
        take(argv[2], argv[3]);
    else if (what == "check" && argc == 4)
        check(argv[2], number(3));
    else
        throw std::runtime_error("see the top of load.cpp");
}
catch (const std::exception& e)
{
    std::cerr << "ipq-bridge-load: " << e.what() << '\n';
    return EXIT_FAILURE;
}
