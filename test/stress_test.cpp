// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Many publishers and subscribers as processes: every message arrives intact
// and exactly once, and each subscriber receives those of one publisher in
// order.
//
//     stress_test -- --messages 10000000
//
// Each subscriber records the messages that it received as bits in a file; the
// parent compares the files.

#include "support/child_process.hpp"
#include "support/queue_name.hpp"
#include "support/random_seed.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace {

constexpr std::uint32_t publishers = 4, subscribers = 4;
constexpr std::size_t longest_body = 2000; // bytes
constexpr std::size_t capacity = 64 * 1024;

// In an ordinary run, which takes some seconds.
#if defined(BOOST_IPQ_DETAIL_TSAN) || defined(__SANITIZE_ADDRESS__)
constexpr std::uint32_t default_messages = 100'000;
#elif defined(__OPTIMIZE__)
constexpr std::uint32_t default_messages = 10'000'000;
#else
constexpr std::uint32_t default_messages = 1'000'000;
#endif

// Precedes the random bytes.
struct label
{
    std::uint64_t checksum; // of all that follows
    std::uint32_t publisher;
    std::uint32_t number;
};

constexpr std::size_t longest = sizeof(label) + longest_body;
constexpr std::uint32_t last = ~std::uint32_t(0);

// Each step is a bijection of the sum so far, so a single changed word is
// always detected.
std::uint64_t checksum(const unsigned char* data, std::size_t size)
{
    std::uint64_t sum = 0x9e3779b97f4a7c15u ^ size;
    for (std::size_t i = 0; i < size; i += 8)
    {
        std::uint64_t word = 0;
        std::memcpy(&word, data + i, (std::min<std::size_t>)(8, size - i));
        sum = (sum ^ word) * 0x2545f4914f6cdd1du;
        sum ^= sum >> 32;
    }
    return sum;
}

struct message
{
    alignas(8) unsigned char bytes[longest];

    void seal(label what, std::size_t size)
    {
        what.checksum = 0;
        std::memcpy(bytes, &what, sizeof what);
        what.checksum = checksum(bytes + 8, size - 8);
        std::memcpy(bytes, &what, sizeof what);
    }

    label open(std::size_t size) const
    {
        label what;
        test::require(size >= sizeof what, "a message is too short");
        std::memcpy(&what, bytes, sizeof what);
        test::require(
            what.checksum == checksum(bytes + 8, size - 8),
            "a message is damaged");
        return what;
    }
};

// The messages that were received.
class ledger
{
public:
    explicit ledger(std::uint32_t messages)
        : m_each(messages),
          m_bits((std::size_t(messages) * publishers + 63) / 64)
    {
    }

    // Returns: false if it was entered before.
    bool enter(std::uint32_t publisher, std::uint32_t number)
    {
        const std::size_t at = std::size_t(publisher) * m_each + number;
        const std::uint64_t bit = std::uint64_t(1) << at % 64;
        const bool fresh = (m_bits[at / 64] & bit) == 0;
        m_bits[at / 64] |= bit;
        return fresh;
    }

    // Returns: how many of the other's messages were entered here before.
    std::size_t merge(const ledger& other)
    {
        std::size_t twice = 0;
        for (std::size_t i = 0; i < m_bits.size(); ++i)
        {
            twice += count(m_bits[i] & other.m_bits[i]);
            m_bits[i] |= other.m_bits[i];
        }
        return twice;
    }

    std::size_t size() const
    {
        std::size_t result = 0;
        for (const auto word : m_bits)
            result += count(word);
        return result;
    }

    void save(const std::string& path) const
    {
        std::ofstream file(path, std::ios::binary);
        file.write(
            reinterpret_cast<const char*>(m_bits.data()),
            static_cast<std::streamsize>(m_bits.size() * 8));
        file.close();
        test::require(file.good(), "the ledger cannot be written");
    }

    void load(const std::string& path)
    {
        std::ifstream file(path, std::ios::binary);
        file.read(
            reinterpret_cast<char*>(m_bits.data()),
            static_cast<std::streamsize>(m_bits.size() * 8));
        test::require(file.good(), "the ledger cannot be read");
    }

private:
    static std::size_t count(std::uint64_t word)
    {
        std::size_t result = 0;
        for (; word != 0; word &= word - 1)
            ++result;
        return result;
    }

    std::uint32_t m_each;
    std::vector<std::uint64_t> m_bits;
};

std::uint32_t wanted_messages()
{
    const auto& suite = boost::unit_test::framework::master_test_suite();
    for (int i = 1; i + 1 < suite.argc; ++i)
        if (std::strcmp(suite.argv[i], "--messages") == 0)
            return static_cast<std::uint32_t>(std::stoul(suite.argv[i + 1]));
    return default_messages;
}

} // namespace

// Arguments: the queue, the publisher's number, how many messages, a seed.
CHILD_ROLE(publisher)
{
    boost_ipq::publisher out(boost_ipq::open_only, self.argument(0));
    const auto index = static_cast<std::uint32_t>(self.number(1));
    const auto messages = static_cast<std::uint32_t>(self.number(2));
    test::watchdog::start(3600);
    std::mt19937 random(static_cast<std::uint32_t>(self.number(3)) + index);
    // The bodies are sections of these bytes.
    std::vector<unsigned char> bytes(1 << 16);
    for (auto& byte : bytes)
        byte = static_cast<unsigned char>(random());
    self.hear();
    message m;
    for (std::uint32_t i = 0; i < messages; ++i)
    {
        const std::size_t body = 1 + random() % longest_body;
        const std::size_t begin = random() % (bytes.size() - body);
        std::memcpy(m.bytes + sizeof(label), bytes.data() + begin, body);
        m.seal({0, index, i}, sizeof(label) + body);
        out.enqueue(m.bytes, sizeof(label) + body);
    }
}

// Arguments: the queue, how many messages of each publisher, the ledger.
CHILD_ROLE(subscriber)
{
    boost_ipq::subscriber in(boost_ipq::open_only, self.argument(0));
    const auto messages = static_cast<std::uint32_t>(self.number(1));
    test::watchdog::start(3600);
    ledger received(messages);
    std::uint32_t next[publishers] = {};
    unsigned long long count = 0;
    message m;
    for (;;)
    {
        std::size_t size = 0;
        in.dequeue(m.bytes, sizeof m.bytes, size);
        const label what = m.open(size);
        if (what.number == last)
            break;
        test::require(
            what.publisher < publishers && what.number < messages,
            "a message that no publisher sent");
        test::require(
            what.number >= next[what.publisher], "a message out of order");
        next[what.publisher] = what.number + 1;
        test::require(
            received.enter(what.publisher, what.number), "a message twice");
        ++count;
    }
    received.save(self.argument(2));
    self.tell(count);
}

BOOST_AUTO_TEST_CASE(exactly_once_and_in_order)
{
    const std::uint32_t each = wanted_messages() / publishers;
    const test::random_seed seed;
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(capacity));
    test::watchdog::start(60 + each / 1000);

    const auto directory =
        std::filesystem::temp_directory_path() / queue.name();
    std::filesystem::create_directory(directory);
    struct remove_at_end
    {
        const std::filesystem::path& path;
        ~remove_at_end()
        {
            std::error_code ignored;
            std::filesystem::remove_all(path, ignored);
        }
    } const cleanup{directory};

    std::vector<test::child> senders, receivers;
    std::vector<std::string> ledgers;
    for (std::uint32_t i = 0; i < subscribers; ++i)
    {
        ledgers.push_back((directory / std::to_string(i)).string());
        receivers.emplace_back(
            "subscriber",
            std::vector<std::string>{
                queue.name(), std::to_string(each), ledgers.back()});
    }
    for (std::uint32_t i = 0; i < publishers; ++i)
        senders.emplace_back(
            "publisher",
            std::vector<std::string>{
                queue.name(), std::to_string(i), std::to_string(each),
                std::to_string(seed.value())});

    const auto begin = std::chrono::steady_clock::now();
    for (auto& child : senders)
        child.tell("go");
    for (auto& child : senders)
        BOOST_TEST(child.wait() == 0);
    for (std::uint32_t i = 0; i < subscribers; ++i)
    {
        message m;
        m.seal({0, 0, last}, sizeof(label));
        out.enqueue(m.bytes, sizeof(label));
    }
    ledger all(each);
    std::size_t twice = 0;
    unsigned long long count = 0;
    for (std::uint32_t i = 0; i < subscribers; ++i)
    {
        count += receivers[i].hear_number();
        BOOST_TEST(receivers[i].wait() == 0);
        ledger one(each);
        one.load(ledgers[i]);
        twice += all.merge(one);
    }
    const std::chrono::duration<double> time =
        std::chrono::steady_clock::now() - begin;
    BOOST_TEST_MESSAGE(
        each * publishers << " messages in " << time.count() << " s: "
                          << each * publishers / time.count() << " /s");
    BOOST_TEST(twice == 0u);
    BOOST_TEST(all.size() == std::size_t(each) * publishers);
    BOOST_TEST(count == each * publishers);
    std::size_t size;
    BOOST_TEST(!boost_ipq::subscriber(boost_ipq::open_only, queue)
                    .try_dequeue(nullptr, 0, size));
}
