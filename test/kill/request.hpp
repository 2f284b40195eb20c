// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
#ifndef BOOST_IPQ_TEST_KILL_REQUEST_HPP
#define BOOST_IPQ_TEST_KILL_REQUEST_HPP

// The victim is a client that sends a request and gives up, or leaves; or a
// server that answers a request, or drops it.

#include "../support/shared_object.hpp"
#include "../support/survivor_clock.hpp"
#include "scenario.hpp"
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/request.hpp>
#include <unistd.h>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <future>
#include <optional>
#include <string>
#include <thread>

namespace kill_test {

enum class request_action
{
    call, // with a deadline that has passed: sends and gives up
    close_client,
    answer,
    drop
};

struct kill_question
{
    std::uint64_t left, right;
};

class request_scenario : public scenario
{
    using client_type = boost_ipq::request_client<kill_question, std::uint64_t>;
    using server_type = boost_ipq::request_server<kill_question, std::uint64_t>;

    struct outcome
    {
        std::uint64_t answer = 0;
        boost::system::error_code error{};
    };

public:
    request_scenario(const std::string& name, request_action what)
        : m_name(name),
          m_what(what)
    {
        remove_queues();
        m_client.emplace(boost_ipq::create_only, options());
    }

    ~request_scenario() override
    {
        m_server.reset();
        m_client.reset();
        remove_queues();
    }

    void prepare() override
    {
        m_shared->taken = m_shared->returned = 0;
        m_server.emplace(boost_ipq::open_only, options());
        // The server that the victim inherits knows the client.
        if (!is_client())
            exchange(m_setup);
    }

    void warm_up() override
    {
        if (is_client())
        {
            m_victim_client.emplace(boost_ipq::open_only, options());
            // A server knows it from here on.
            call_in_vain(*m_victim_client, 0);
        }
        else
            m_server->try_receive();
    }

    void arrange() override
    {
        if (is_client())
        {
            // It opens the queue for the answers, as after a first request.
            m_server->try_receive();
            return;
        }
        m_server.reset(); // the victim has it
        m_asked = std::async(std::launch::async, [this] { return ask(); });
        boost_ipq::queue_options name(m_name);
        while (boost_ipq::inspect(name).messages == 0)
            std::this_thread::yield();
    }

    void operate() override
    {
        switch (m_what)
        {
        case request_action::call:
            call_in_vain(*m_victim_client, 40);
            break;
        case request_action::close_client:
            m_victim_client->close();
            break;
        case request_action::answer:
        case request_action::drop:
            if (auto request = m_server->try_receive())
            {
                m_shared->taken = 1;
                if (m_what == request_action::answer)
                    request.answer(request->left + request->right);
            }
            break;
        }
        m_shared->returned = 1;
    }

    std::uint64_t variants() const override { return 1; }

    void check(verdict& result, std::uint64_t) override
    {
        const test::moment begin = test::now_of();
        if (is_client())
        {
            client_is_gone(result);
            result.survived(test::between(begin, test::now_of()));
        }
        else
        {
            const outcome ended = m_asked.get();
            result.survived(test::between(begin, test::now_of()));
            server_is_gone(result, ended);
        }
        exchange(result);
        m_server.reset();
    }

private:
    struct words
    {
        std::uint64_t taken, returned;
    };

    bool is_client() const
    {
        return m_what == request_action::call ||
               m_what == request_action::close_client;
    }

    boost_ipq::queue_options options() const { return {m_name, 1024}; }

    static void call_in_vain(client_type& client, std::uint64_t left)
    {
        boost::system::error_code ec;
        client.call({left, 2}, std::chrono::seconds(0), ec);
    }

    outcome ask()
    {
        outcome result;
        result.answer =
            m_client->call({40, 2}, std::chrono::minutes(2), result.error);
        return result;
    }

    // What a dead client has sent may be served, for no one, but only whole and
    // once.
    void client_is_gone(verdict& result)
    {
        if (auto request = m_server->try_receive())
        {
            result.promise(
                request->left == 40 && request->right == 2,
                "a request arrives whole");
            request.answer(42);
        }
        result.promise(!m_server->try_receive(), "and once");
        result.promise(m_server->size() == 0, "nothing of it stays");
    }

    void server_is_gone(verdict& result, const outcome& ended)
    {
        using boost_ipq::errc;
        const bool answered = !ended.error && ended.answer == 42;
        const bool dropped =
            ended.error == errc::no_answer && m_what == request_action::drop;
        result.promise(
            answered || dropped || ended.error == errc::server_died ||
                ended.error == errc::no_server,
            [&] {
                return "the caller learns what is: " + ended.error.message();
            });
        result.promise(
            !answered || m_shared->taken != 0, "only a server answers");
        result.promise(
            ended.error != errc::no_server || m_shared->taken == 0,
            "what a server has received is not called unserved");
        result.promise(
            m_shared->returned == 0 || answered || dropped,
            "an answer that was given has arrived");
        m_server.emplace(boost_ipq::open_only, options());
        result.promise(
            !m_server->try_receive(), "no request is given to a second server");
        result.promise(m_server->size() == 0, "nothing of it stays");
    }

    // The survivors work with each other.
    void exchange(verdict& result)
    {
        auto asked = std::async(std::launch::async, [this] { return ask(); });
        if (auto request = m_server->timed_receive(std::chrono::seconds(1)))
            request.answer(request->left + request->right);
        const outcome ended = asked.get();
        result.promise(
            !ended.error && ended.answer == 42, "the survivors go on");
    }

    void remove_queues()
    {
        boost::system::error_code ignored;
        boost_ipq::remove_queue(m_name, ignored);
        // Those of dead clients are not listed.
        const std::string prefix = "boost_ipq." + m_name + ".a-";
        for (const auto& each : std::filesystem::directory_iterator("/dev/shm"))
        {
            const std::string file = each.path().stem().string();
            if (file.compare(0, prefix.size(), prefix) == 0)
                boost_ipq::remove_queue(file.substr(10), ignored);
        }
    }

    const std::string m_name;
    const request_action m_what;
    std::optional<client_type> m_client; // of the parent
    std::optional<server_type> m_server; // likewise
    std::optional<client_type> m_victim_client;
    std::future<outcome> m_asked;
    test::shared_object<words> m_shared;
    verdict m_setup;
};

} // namespace kill_test

#endif
