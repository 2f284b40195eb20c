// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
#ifndef BOOST_IPQ_TEST_KILL_REQUEST_HPP
#define BOOST_IPQ_TEST_KILL_REQUEST_HPP

// The victim is a client that sends a request and gives up, is canceled, or
// leaves; a server that answers a request, drops it, tells of the death of one
// that had it, is canceled, or leaves; or both at once.

#include "../support/answer_queues.hpp"
#include "../support/queue_name.hpp"
#include "../support/shared_object.hpp"
#include "../support/survivor_clock.hpp"
#include "scenario.hpp"
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/request.hpp>
#include <boost_ipq/subscriber.hpp>
#include <sys/syscall.h>
#include <unistd.h>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <future>
#include <optional>
#include <string>
#include <thread>

namespace kill_test {

enum class request_action
{
    call, // with a deadline that has passed: sends and gives up
    cancel_client,
    close_client,
    exchange, // client and server: every step of a call
    answer,
    drop,
    tell,
    cancel_server,
    close_server
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
        test::moment ended{}; // as seen by the thread that asks
    };

public:
    request_scenario(const std::string& name, request_action what)
        : m_name(name),
          m_what(what)
    {
        remove_queues();
        m_client.emplace(boost_ipq::create_only, options());
        m_answers = test::answer_queues(options()).front();
    }

    ~request_scenario() override
    {
        m_server.reset();
        m_client.reset();
        remove_queues();
    }

    void prepare() override
    {
        *m_shared = words();
        m_server.emplace(boost_ipq::open_only, options());
        // The server that the victim inherits knows the client.
        if (!is_client())
            exchange(m_setup);
    }

    void warm_up() override
    {
        if (is_client())
            m_victim_client.emplace(boost_ipq::open_only, options());
        switch (m_what)
        {
        case request_action::call:
        case request_action::close_client:
            // A server knows it from here on.
            call_in_vain(*m_victim_client, 0);
            break;
        case request_action::cancel_client:
            m_victim_client->async_call({40, 2}, ignore_all());
            break;
        case request_action::exchange:
            m_victim_server.emplace(boost_ipq::open_only, options());
            call_itself();
            m_shared->taken = 0;
            break;
        case request_action::cancel_server:
            // The parent's has threads that are not here.
            m_victim_server.emplace(boost_ipq::open_only, options());
            m_victim_server->async_receive(ignore_all());
            break;
        default:
            m_server->try_receive();
            break;
        }
    }

    bool has_threads() const override
    {
        return m_what == request_action::cancel_client ||
               m_what == request_action::cancel_server;
    }

    void arrange() override
    {
        switch (m_what)
        {
        case request_action::call:
        case request_action::close_client:
            // It opens the queue for the answers, as after a first request.
            m_server->try_receive();
            break;
        case request_action::cancel_client:
        case request_action::exchange:
        case request_action::cancel_server:
            break;
        default:
            m_server.reset(); // the victim has it
            begin_to_ask();
            break;
        }
        // A server receives it and dies.
        if (m_what == request_action::tell)
            boost_ipq::subscriber(boost_ipq::open_only, m_name).try_receive();
    }

    void operate() override
    {
        switch (m_what)
        {
        case request_action::call:
            call_in_vain(*m_victim_client, 40);
            break;
        case request_action::cancel_client:
            m_victim_client->cancel();
            break;
        case request_action::close_client:
            m_victim_client->close();
            break;
        case request_action::exchange:
            m_shared->wrong = call_itself() != 42;
            break;
        case request_action::answer:
            if (auto request = m_server->receive())
                answer(request);
            break;
        case request_action::drop:
            if (const auto request = m_server->try_receive())
                m_shared->taken = 1;
            break;
        case request_action::tell:
            m_shared->wrong = bool(m_server->try_receive());
            break;
        case request_action::cancel_server:
            m_victim_server->cancel();
            break;
        case request_action::close_server:
            m_server->close();
            break;
        }
        m_shared->returned = 1;
    }

    std::uint64_t variants() const override { return 1; }

    void check(verdict& result, std::uint64_t) override
    {
        if (is_client() || m_what == request_action::cancel_server)
        {
            const test::moment begin = test::now_of();
            client_is_gone(result);
            result.survived(test::between(begin, test::now_of()));
        }
        else
        {
            const test::moment begin = test::now_of(m_asker);
            const outcome ended = m_asked.get();
            result.survived(test::between(begin, ended.ended));
            server_is_gone(result, ended);
        }
        exchange(result);
        // A server that opens removes the queues of dead clients.
        m_server.reset();
        m_server.emplace(boost_ipq::open_only, options());
        result.promise(
            test::answer_queues(options()).size() == 1,
            "only the living client has a queue for answers");
        m_server.reset();
    }

private:
    struct words
    {
        std::uint64_t taken, wrong, returned;
    };

    struct ignore_all
    {
        template <class Result>
        void operator()(boost::system::error_code, const Result&) const
        {
        }
    };

    // A stop token: serves the request when its call begins to wait.
    struct serve_when_asked
    {
        request_scenario& self;

        bool stop_requested() const
        {
            if (auto request = self.m_victim_server->try_receive())
                self.answer(request);
            return false;
        }
    };

    bool is_client() const
    {
        return m_what == request_action::call ||
               m_what == request_action::cancel_client ||
               m_what == request_action::close_client ||
               m_what == request_action::exchange;
    }

    std::uint64_t call_itself()
    {
        boost::system::error_code ec;
        return m_victim_client->call({40, 2}, serve_when_asked{*this}, ec);
    }

    void answer(server_type::request& request)
    {
        m_shared->taken = 1;
        request.answer(request->left + request->right);
    }

    void begin_to_ask()
    {
        m_asked = std::async(std::launch::async, [this] { return ask(); });
        while (boost_ipq::inspect(m_name).messages == 0)
            std::this_thread::yield();
        // The victim finds a client that sleeps, as in the first run.
        while (boost_ipq::inspect(m_answers).waiting_subscribers == 0)
            std::this_thread::yield();
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
        m_asker = static_cast<pid_t>(::syscall(SYS_gettid));
        result.answer =
            m_client->call({40, 2}, std::chrono::minutes(2), result.error);
        result.ended = test::now_of(m_asker);
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
            result.promise(
                m_shared->taken == 0, "no request is given to a second server");
            request.answer(42);
        }
        result.promise(m_shared->wrong == 0, "a call ends as it should");
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
            m_shared->returned == 0 || answered || dropped ||
                m_what == request_action::tell ||
                m_what == request_action::close_server,
            "an answer that was given has arrived");
        result.promise(
            m_shared->wrong == 0,
            "a request that a dead server has had is not received");
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
    }

    const std::string m_name;
    const request_action m_what;
    std::string m_answers;               // the queue for those to m_client
    std::optional<client_type> m_client; // of the parent
    std::optional<server_type> m_server; // likewise
    std::optional<client_type> m_victim_client;
    std::optional<server_type> m_victim_server;
    std::future<outcome> m_asked;
    std::atomic<pid_t> m_asker{0}; // the thread
    test::shared_object<words> m_shared;
    verdict m_setup;
};

} // namespace kill_test

#endif
