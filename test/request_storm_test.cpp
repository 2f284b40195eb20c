// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Clients and servers of requests are killed at random. No request is served
// twice, none whose caller was told that no process serves, and each call ends
// with what has become of it.
//
// Environment: BOOST_IPQ_STORM_KILLS=10000 kills that many processes.

#include "support/forked_process.hpp"
#include "support/main.hpp"
#include "support/queue_name.hpp"
#include "support/random_seed.hpp"
#include "support/shared_object.hpp"
#include "support/storm_kills.hpp"
#include <boost_ipq/request.hpp>
#include <boost/asio/use_future.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <future>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace boost_ipq;
using namespace std::chrono_literals;
using boost::system::error_code;

namespace {

struct question
{
    std::uint32_t number, addend;
};

using server_type = request_server<question, std::uint64_t>;
using client_type = request_client<question, std::uint64_t>;

constexpr std::uint32_t most_calls = 1u << 22;

// Longer than a machine stops all processes: await_progress() notices a hang.
constexpr std::chrono::seconds call_limit{200};

enum : std::uint8_t
{
    running, // the client was killed
    answered,
    died,
    unserved
};

// What all processes note.
struct board
{
    std::atomic<std::uint8_t> served[most_calls];
    std::atomic<std::uint8_t> outcome[most_calls];
    std::atomic<std::uint32_t> next, answers, errors;
    std::atomic<bool> stop_calling, stop_serving;
    char first_error[200];

    void fail(const std::string& what)
    {
        if (errors++ == 0)
            what.copy(first_error, sizeof first_error - 1);
    }
};

std::uint64_t answer_of(const question& q)
{
    return std::uint64_t(q.number) * 3 + q.addend;
}

void note(
    board& shared, const question& asked, std::uint64_t answer, error_code ec)
{
    auto& outcome = shared.outcome[asked.number];
    if (ec == errc::server_died)
        outcome = died;
    else if (ec == errc::no_server)
        outcome = unserved;
    else if (ec || answer != answer_of(asked))
        shared.fail("a call: " + ec.message());
    else
    {
        outcome = answered;
        ++shared.answers;
    }
}

// The number of a new call; the last ones are not used.
std::uint32_t next_call(board& shared)
{
    return shared.next++ % most_calls;
}

void call_one(board& shared, client_type& client, std::mt19937& random)
{
    const question asked{next_call(shared), std::uint32_t(random())};
    error_code ec;
    const std::uint64_t answer = client.call(asked, call_limit, ec);
    note(shared, asked, answer, ec);
}

void call_several(board& shared, client_type& client, std::mt19937& random)
{
    std::vector<question> asked;
    std::vector<std::future<std::uint64_t>> answers;
    for (unsigned i = random() % 5; i != 0; --i)
    {
        asked.push_back({next_call(shared), std::uint32_t(random())});
        answers.push_back(
            client.async_call(asked.back(), boost::asio::use_future));
    }
    for (std::size_t i = 0; i < asked.size(); ++i)
        try
        {
            note(shared, asked[i], answers[i].get(), {});
        }
        catch (const boost::system::system_error& e)
        {
            note(shared, asked[i], 0, e.code());
        }
}

void ask(const std::string& name, board& shared, std::uint32_t seed)
{
    std::mt19937 random(seed);
    client_type client(open_only, name);
    while (!shared.stop_calling)
        if (random() % 2 == 0)
            call_one(shared, client, random);
        else
            call_several(shared, client, random);
}

void serve(const std::string& name, board& shared, std::uint32_t seed)
{
    std::mt19937 random(seed);
    server_type server(open_only, name);
    while (!shared.stop_serving)
    {
        std::vector<server_type::request> held;
        for (unsigned i = random() % 3 + 1; i != 0; --i)
            if (auto r = server.timed_receive(5ms))
            {
                if (shared.served[r->number]++ != 0)
                    shared.fail("a request was served twice");
                held.push_back(std::move(r));
            }
        while (!held.empty())
        {
            held.back().answer(answer_of(*held.back()));
            held.pop_back();
        }
    }
}

using process = test::forked_process;

void check_calls(board& shared)
{
    unsigned wrong = 0;
    for (std::uint32_t i = 0; i < shared.next; ++i)
    {
        const unsigned served = shared.served[i];
        const unsigned outcome = shared.outcome[i];
        wrong += served > 1 || (outcome == answered && served != 1) ||
                 (outcome == unserved && served != 0);
    }
    BOOST_TEST(wrong == 0u);
    BOOST_TEST(shared.errors == 0u, shared.first_error);
}

} // namespace

BOOST_AUTO_TEST_CASE(request_storm)
{
    const unsigned kills = test::wanted_kills(60);
    test::watchdog::start(60 + kills / 2);
    const test::random_seed seed;
    std::mt19937 random(static_cast<std::uint32_t>(seed.value()));
    const test::scoped_queue queue;
    const std::string name = queue.name();
    test::shared_object<board> shared;
    client_type keeper(create_only, queue_options(name, 512));
    std::vector<process> all;
    const auto make = [&](std::size_t i) {
        return process([&, i, s = std::uint32_t(random())] {
            (i < 2 ? serve : ask)(name, *shared, s);
        });
    };
    for (std::size_t i = 0; i < 5; ++i)
        all.push_back(make(i));
    std::chrono::nanoseconds worst{0};
    for (unsigned i = 0; i < kills; ++i)
    {
        test::await_progress(shared->answers, random() % 50);
        // Now and then there is no server.
        const std::size_t victim = random() % all.size();
        const bool both = victim < 2 && random() % 4 == 0;
        all[victim].kill();
        if (both)
            all[1 - victim].kill();
        else
            worst =
                (std::max)(worst, test::await_progress(shared->answers, 20));
        all[victim] = make(victim);
        if (both)
            all[1 - victim] = make(1 - victim);
    }
    shared->stop_calling = true;
    for (std::size_t i = 2; i < all.size(); ++i)
        BOOST_TEST(all[i].wait());
    shared->stop_serving = true;
    for (std::size_t i = 0; i < 2; ++i)
        BOOST_TEST(all[i].wait());
    check_calls(*shared);
    BOOST_TEST(shared->next < most_calls);
    BOOST_TEST_MESSAGE(
        "BOOST_IPQ_TEST_SEED="
        << seed.value() << ": " << shared->next << " calls, " << shared->answers
        << " answered; 20 were within " << worst.count() / 1'000'000
        << " ms after each kill");
    // Those of dead clients, which no process has open, are removed, too.
    keeper.close();
    remove_queue(name);
    BOOST_TEST(test::leftovers(name).empty());
}
