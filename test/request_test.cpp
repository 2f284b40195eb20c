// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Requests and answers.

#include "support/answer_queues.hpp"
#include "support/child_process.hpp"
#include "support/eventually.hpp"
#include "support/expect_error.hpp"
#include "support/main.hpp"
#include "support/queue_name.hpp"
#include "support/sanitizer.hpp"
#include "support/stop_flag.hpp"
#include "support/temporary_directory.hpp"
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/request.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#if !defined(_WIN32)
#include <sys/wait.h>
#include <unistd.h>
#endif
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace boost_ipq;
using boost::system::error_code;

namespace {

struct question
{
    int left, right;
};

struct answer
{
    long long sum;
};

struct text_codec
{
    template <class Sink>
    void encode(const std::string& text, const Sink& sink) const
    {
        sink(text);
    }

    std::string decode(std::string_view bytes) const
    {
        return std::string(bytes);
    }
};

using server_type = request_server<question, answer>;
using client_type = request_client<question, answer>;
using text_server =
    request_server<std::string, std::string, text_codec, text_codec>;
using text_client =
    request_client<std::string, std::string, text_codec, text_codec>;

// A completion token: a function that starts the operation.
struct lazy
{
};

constexpr std::chrono::seconds long_enough{30};
constexpr std::chrono::milliseconds soon{5};

answer add(const question& q)
{
    return {static_cast<long long>(q.left) + q.right};
}

struct fixture
{
    const test::scoped_queue queue;
    error_code ec;
};

// What becomes of the copies of a handler that runs in this thread.
class handler_watch
{
public:
    void copied()
    {
        const std::lock_guard<std::mutex> guard(m_mutex);
        ++m_living;
    }

    void destroyed()
    {
        const std::lock_guard<std::mutex> guard(m_mutex);
        --m_living;
        m_changed.notify_all();
    }

    void invoked()
    {
        const std::lock_guard<std::mutex> guard(m_mutex);
        m_invoked = true;
        m_changed.notify_all();
    }

    // From now on, posts return late.
    void arm() { m_armed = true; }

    // In the thread that posts: until the handler has run, and at most one copy
    // is left.
    void await()
    {
        if (!m_armed || std::this_thread::get_id() == m_runs)
            return;
        std::unique_lock<std::mutex> lock(m_mutex);
        m_changed.wait(lock, [&] { return m_invoked && m_living <= 1; });
    }

private:
    const std::thread::id m_runs = std::this_thread::get_id();
    std::atomic<bool> m_armed{false};
    std::mutex m_mutex;
    std::condition_variable m_changed;
    int m_living = 0;
    bool m_invoked = false;
};

// The library destroys its copy when it has posted a handler.
struct late_executor : boost::asio::io_context::executor_type
{
    using base = boost::asio::io_context::executor_type;

    late_executor(boost::asio::io_context& io, handler_watch& w) noexcept
        : base(io.get_executor()),
          watch(&w)
    {
    }
    late_executor(const late_executor&) = default;
    late_executor& operator=(const late_executor&) = default;
    ~late_executor() { watch->await(); }

    handler_watch* watch;
};

// A handler that stays as it was when it is moved.
template <class Owned>
struct owning_handler
{
    owning_handler(std::shared_ptr<Owned> what, handler_watch& w)
        : owned(std::move(what)),
          watch(w)
    {
        watch.copied();
    }
    owning_handler(const owning_handler& other)
        : owned(other.owned),
          watch(other.watch)
    {
        watch.copied();
    }
    ~owning_handler()
    {
        owned.reset();
        watch.destroyed();
    }

    template <class Result>
    void operator()(error_code, Result&&) const
    {
        watch.invoked();
    }

    std::shared_ptr<Owned> owned;
    handler_watch& watch;
};

// Serves in a thread until it is stopped.
struct serving
{
    explicit serving(const queue_options& options)
        : server(open_or_create, options)
    {
    }

    ~serving()
    {
        server.stop();
        thread.join();
    }

    server_type server;
    std::thread thread{[this] {
        while (auto r = server.receive())
            r.answer(add(*r));
    }};
};

} // namespace

template <class Signature>
class boost::asio::async_result<lazy, Signature>
{
public:
    template <class Initiation, class... Arguments>
    static auto initiate(Initiation initiation, lazy, Arguments... arguments)
    {
        return
            [=](auto handler) { initiation(std::move(handler), arguments...); };
    }
};

// Arguments: the queue. Serves `count` requests, takes one more, and tells.
CHILD_ROLE(serve_and_hold)
{
    server_type server(open_or_create, queue_options(self.argument(0), 4096));
    self.tell("ready");
    for (int i = std::stoi(self.argument(1)); i != 0; --i)
    {
        auto r = server.receive();
        r.answer(add(*r));
    }
    auto held = server.receive();
    self.tell("holds");
    self.hear();
}

// Arguments: the queue. Has a server, which receives nothing.
CHILD_ROLE(do_not_serve)
{
    server_type server(open_or_create, queue_options(self.argument(0), 4096));
    self.tell("ready");
    self.hear();
}

// Arguments: the queue, its directory. Has a client, which sends nothing.
CHILD_ROLE(do_not_ask)
{
    client_type client(
        open_only, queue_options(self.argument(0)).directory(self.argument(1)));
    self.tell("ready");
    self.hear();
}

CHILD_ROLE(ask)
{
    client_type client(open_only, self.argument(0));
    for (int i = 0; i < 1000; ++i)
        test::require(
            client.call({i, 1}, long_enough).sum == i + 1, "the answer");
}

BOOST_FIXTURE_TEST_SUITE(request, fixture)

BOOST_AUTO_TEST_CASE(between_threads)
{
    const serving running(queue.options(4096));
    client_type client(open_only, queue.name());
    BOOST_TEST(client.call({1, 2}).sum == 3);
    BOOST_TEST(client.call({1, 3}, ec).sum == 4);
    BOOST_TEST(!ec);
    BOOST_TEST(client.call({1, 4}, long_enough).sum == 5);
    BOOST_TEST(client.call({1, 5}, long_enough, ec).sum == 6);
    BOOST_TEST(client.call({1, 6}, test::stop_flag{false}).sum == 7);
    BOOST_TEST(client.call({1, 7}, test::stop_flag{false}, ec).sum == 8);
    BOOST_TEST(!ec);
}

BOOST_AUTO_TEST_CASE(many_clients_and_servers)
{
    if (test::with_thread_sanitizer)
        return test::skip(
            "ThreadSanitizer does not see the order that the accesses of other "
            "processes make");
    const serving one(queue.options(4096)), two(queue.options(4096));
    test::child first("ask", {queue.name()}), second("ask", {queue.name()});
    client_type client(open_only, queue.name());
    std::vector<std::thread> callers;
    std::atomic<int> right{0};
    for (int t = 0; t < 4; ++t)
        callers.emplace_back([&, t] {
            for (int i = 0; i < 500; ++i)
                right += client.call({i, t}, long_enough).sum == i + t;
        });
    for (auto& caller : callers)
        caller.join();
    BOOST_TEST(right == 2000);
    BOOST_TEST(first.wait() == 0);
    BOOST_TEST(second.wait() == 0);
}

BOOST_AUTO_TEST_CASE(answers_in_any_order)
{
    server_type server(create_only, queue.options(4096));
    client_type client(open_only, queue.name());
    std::vector<std::future<answer>> answers;
    for (int i = 0; i < 10; ++i)
        answers.push_back(std::async(std::launch::async, [&, i] {
            return client.call({i, i}, long_enough);
        }));
    std::vector<server_type::request> taken;
    for (int i = 0; i < 10; ++i)
        taken.push_back(server.receive());
    BOOST_TEST(inspect(queue).messages == 0u);
    while (!taken.empty())
    {
        BOOST_TEST(taken.back().answer(add(*taken.back())));
        taken.pop_back();
    }
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(answers[std::size_t(i)].get().sum == 2 * i);
}

BOOST_AUTO_TEST_CASE(no_process_serves)
{
    publisher keeper(create_only, queue.options(4096));
    client_type client(open_only, queue.name());
    BOOST_TEST(client.call({1, 2}, ec).sum == 0);
    BOOST_TEST(ec == test::code(errc::no_server));
    BOOST_CHECK_EXCEPTION(client.call({1, 2}), error, [](const error& e) {
        return e.code() == errc::no_server &&
               std::string(e.what()).find("start a server") !=
                   std::string::npos;
    });
    BOOST_TEST(keeper.size() == 0u);
    // The server leaves before it takes the request.
    std::future<void> asked;
    {
        server_type server(open_only, queue);
        asked = std::async(std::launch::async, [&] {
            client.call({1, 2}, ec);
        });
        while (keeper.size() == 0)
            std::this_thread::yield();
    }
    asked.get();
    BOOST_TEST(ec == test::code(errc::no_server));
}

BOOST_AUTO_TEST_CASE(dead_server)
{
    test::child server("serve_and_hold", {queue.name(), "1"});
    BOOST_TEST(server.hear() == "ready");
    client_type client(open_only, queue.name());
    BOOST_TEST(client.call({1, 2}, long_enough).sum == 3);
    auto asked = std::async(std::launch::async, [&] {
        error_code result;
        client.call({1, 2}, long_enough, result);
        return result;
    });
    BOOST_TEST(server.hear() == "holds");
    const auto begin = std::chrono::steady_clock::now();
    server.kill();
    BOOST_TEST(asked.get() == test::code(errc::server_died));
    BOOST_TEST(
        (std::chrono::steady_clock::now() - begin < std::chrono::seconds(10)));
    // Others go on; the request is not served again.
    serving next(queue.options(4096));
    BOOST_TEST(client.call({3, 4}, long_enough).sum == 7);
}

// A server that comes later does not get what no server has taken.
BOOST_AUTO_TEST_CASE(withdrawn)
{
    test::child dying("do_not_serve", {queue.name()});
    BOOST_TEST(dying.hear() == "ready");
    client_type client(open_only, queue.name());
    auto asked = std::async(std::launch::async, [&] {
        error_code result;
        client.call({1, 2}, long_enough, result);
        return result;
    });
    subscriber looking(open_only, queue);
    while (looking.size() == 0)
        std::this_thread::yield();
    looking.close(); // it would count as a server
    dying.kill();
    BOOST_TEST(asked.get() == test::code(errc::no_server));
    server_type next(open_only, queue);
    BOOST_TEST(!next.try_receive());
    BOOST_TEST(next.size() == 0u);
}

// A request is served, or its caller is told that no process serves: not both.
BOOST_AUTO_TEST_CASE(served_or_withdrawn)
{
    publisher keeper(create_only, queue.options(4096));
    std::atomic<bool> done{false};
    std::vector<int> served;
    std::thread serving_now_and_then([&] {
        while (!done)
        {
            server_type server(open_only, queue);
            if (auto r = server.try_receive())
                served.push_back(r->left); // dropped
        }
    });
    std::vector<int> refused;
    client_type client(open_only, queue.name());
    for (int i = 0; i < 100; ++i)
    {
        client.call({i, 0}, long_enough, ec);
        BOOST_TEST((ec == errc::no_server || ec == errc::no_answer));
        if (ec == errc::no_server)
            refused.push_back(i);
    }
    done = true;
    serving_now_and_then.join();
    for (const int each : refused)
        BOOST_TEST(
            (std::find(served.begin(), served.end(), each) == served.end()));
    BOOST_TEST(served.size() + refused.size() == 100u);
}

// A server that dies after it received a request, and before it told so.
BOOST_AUTO_TEST_CASE(redelivered)
{
    server_type server(create_only, queue.options(4096));
    client_type client(open_only, queue.name());
    auto asked = std::async(std::launch::async, [&] {
        error_code result;
        client.call({1, 2}, long_enough, result);
        return result;
    });
    while (!subscriber(open_only, queue).try_receive())
        std::this_thread::yield();
    BOOST_TEST(!server.timed_receive(soon));
    BOOST_TEST(asked.get() == test::code(errc::server_died));
}

BOOST_AUTO_TEST_CASE(limits_and_ends)
{
    server_type server(create_only, queue.options(256));
    client_type client(open_only, queue.name());
    client.call({1, 2}, soon, ec);
    BOOST_TEST(ec == test::code(errc::timed_out));
    client.call({1, 2}, test::stop_flag{true}, ec);
    BOOST_TEST(ec == test::code(errc::canceled));
    auto r = server.receive();
    BOOST_TEST((*r).right == 2);
    BOOST_TEST(r->left == 1);
    BOOST_TEST(r.answer({0})); // its client waits no more
    BOOST_TEST(!r);
    auto asked = std::async(std::launch::async, [&] {
        client.call({5, 6}, ec);
    });
    BOOST_TEST(server.receive()->left == 1); // the second; dropped
    BOOST_TEST(server.receive()->left == 5);
    asked.get();
    BOOST_TEST(ec == test::code(errc::no_answer));
    // A full queue: the deadline holds.
    for (int i = 0; i < 20; ++i)
        client.call({7, 8}, std::chrono::milliseconds(1), ec);
    BOOST_TEST(ec == test::code(errc::timed_out));
    while (server.try_receive())
    {
    }
    asked = std::async(std::launch::async, [&] { client.call({5, 6}, ec); });
    BOOST_TEST(server.receive()->left == 5);
    asked.get();
    std::thread caller([&] { client.call({9, 9}, ec); });
    auto held = server.receive();
    client.cancel();
    caller.join();
    BOOST_TEST(ec == test::code(errc::canceled));
    client.stop();
    client.call({1, 2}, ec);
    BOOST_TEST(ec == test::code(errc::stopped));
    client.close();
    BOOST_TEST(!held.answer({1})); // the client has left
    client.call({1, 2}, ec);
    BOOST_TEST(ec == test::code(errc::closed));
    client_type last(open_only, queue.name());
    const std::size_t stale = server.size(); // of a client that has left
    asked = std::async(std::launch::async, [&] { last.call({3, 3}, ec); });
    while (server.size() == stale)
        std::this_thread::yield();
    server.stop();
    BOOST_TEST(server.receive()->left == 3); // what was sent before
    BOOST_TEST(!server.receive());
    BOOST_TEST(server.stopped());
    asked.get();
    BOOST_TEST(ec == test::code(errc::no_answer));
}

// The client is canceled when its call waits for room, and has just looked
// whether it is still to wait.
BOOST_AUTO_TEST_CASE(canceled_between_two_waits)
{
    server_type server(create_only, queue.options(64));
    client_type client(open_only, queue.name());
    while (client.call({1, 2}, std::chrono::milliseconds(1), ec),
           server.size() < 2)
    {
    }
    struct cancels_once
    {
        client_type& client;
        int& looks;
        bool stop_requested() const
        {
            if (++looks == 2)
                client.cancel();
            return looks > 50;
        }
    };
    int looks = 0;
    client.call({1, 2}, cancels_once{client, looks}, ec);
    BOOST_TEST(ec == test::code(errc::canceled));
    BOOST_TEST(looks < 10);
}

// A server is canceled while it passes over a message.
BOOST_AUTO_TEST_CASE(server_canceled_between_two_waits)
{
    struct canceling_codec : text_codec
    {
        std::function<void()>* cancel = nullptr;
        std::string decode(std::string_view) const
        {
            (*cancel)();
            throw std::runtime_error("no text");
        }
    };
    std::function<void()> cancel;
    canceling_codec codec;
    codec.cancel = &cancel;
    request_server<std::string, std::string, canceling_codec, text_codec>
        server(create_only, queue.options(4096), codec);
    std::thread canceler;
    cancel = [&] {
        std::promise<void> begins;
        canceler = std::thread([&] {
            begins.set_value();
            server.cancel();
        });
        begins.get_future().wait();
        for (int i = 0; i < 1000; ++i)
            std::this_thread::yield();
    };
    request_client<std::string, std::string, text_codec, text_codec> client(
        open_only, queue.name());
    auto asked = std::async(
        std::launch::async, [&] { client.call("x", long_enough, ec); });
    const auto begin = std::chrono::steady_clock::now();
    error_code received;
    BOOST_TEST(!server.timed_receive(std::chrono::minutes(2), received));
    BOOST_TEST(received == test::code(errc::canceled));
    BOOST_TEST(
        (std::chrono::steady_clock::now() - begin < std::chrono::minutes(1)));
    canceler.join();
    asked.get();
    BOOST_TEST(ec == test::code(errc::no_answer));
}

BOOST_AUTO_TEST_CASE(with_codecs)
{
    text_server server(create_only, queue.options(4096));
    std::thread thread([&] {
        while (auto r = server.receive())
            r.answer(*r + "!");
    });
    text_client client(open_only, queue.name());
    BOOST_TEST(client.call("hello", long_enough) == "hello!");
    BOOST_CHECK_THROW(client.call(std::string(5000, 'x')), message_too_large);
    // Not the same types.
    BOOST_CHECK_THROW(client_type(open_only, queue.name()), queue_mismatch);
    server.stop();
    thread.join();
    text_client closed;
    BOOST_TEST(!closed.is_open());
    text_client refused(open_only, "", ec);
    BOOST_TEST(ec == test::code(errc::invalid_argument));
}

// No server has its queue for answers open. A process that opens or removes the
// queue for requests removes it, but not that of a living client.
BOOST_AUTO_TEST_CASE(dead_client)
{
    const test::temporary_directory directory;
    for (const auto& options :
         {queue.options(4096), directory.options(queue.name(), 4096)})
    {
        client_type living(create_only, options);
        const auto die = [&] {
            test::child dying(
                "do_not_ask", {options.name(), options.directory()});
            BOOST_TEST(dying.hear() == "ready");
            dying.kill();
            BOOST_TEST(test::answer_queues(options).size() == 2u);
        };
        die();
        client_type(open_only, options);
        BOOST_TEST(test::answer_queues(options).size() == 1u);
        die();
        server_type server(open_only, options);
        BOOST_TEST(test::answer_queues(options).size() == 1u);
        auto asked = std::async(std::launch::async, [&] {
            return living.call({1, 2}, long_enough).sum;
        });
        auto request = server.receive();
        request.answer(add(*request));
        BOOST_TEST(asked.get() == 3);
        die();
        remove_queue(options);
        BOOST_TEST(test::answer_queues(options).size() == 1u);
        server.close();
        living.close();
        BOOST_TEST(test::answer_queues(options).size() == 0u);
    }
}

#if !defined(_WIN32)

// What a different user has put there is not opened, even if it looks like the
// queue of a dead client: that user could shorten the segment meanwhile.
BOOST_AUTO_TEST_CASE(dead_client_of_a_stranger)
{
    if (::geteuid() != 0)
        return test::skip("owners: only root can change them");
    const auto options = queue.options(4096);
    client_type living(create_only, options);
    test::child dying("do_not_ask", {options.name(), options.directory()});
    BOOST_TEST(dying.hear() == "ready");
    std::vector<std::string> planted;
    for (const std::string& name : test::answer_queues(options))
        for (const std::string& path : test::queue_objects(name).all())
            planted.push_back(path);
    dying.kill();
    for (const std::string& path : planted)
        BOOST_TEST(::chown(path.c_str(), 12345, -1u) == 0);
    client_type(open_only, options);
    for (const std::string& path : planted)
    {
        BOOST_TEST(std::filesystem::exists(path), path);
        BOOST_TEST(::chown(path.c_str(), 0, -1u) == 0);
    }
    client_type(open_only, options);
    BOOST_TEST(test::answer_queues(options).size() == 1u);
}

#endif

// What is no request is passed over.
BOOST_AUTO_TEST_CASE(other_messages)
{
    server_type server(create_only, queue.options(4096));
    publisher any(open_only, queue);
    any.enqueue("x", 1);
    const detail::request_header stranger{1, 1};
    any.enqueue(&stranger, sizeof stranger);
    BOOST_TEST(!server.try_receive());
    BOOST_TEST(inspect(queue).bytes == 0u);
}

BOOST_AUTO_TEST_CASE(asynchronous)
{
    server_type server(create_only, queue.options(256));
    boost::asio::io_context io;
    client_type client(open_only, queue.name());
    int answered = 0, received = 0;
    std::function<void(error_code, server_type::request)> serve =
        [&](error_code e, server_type::request r) {
            if (e)
                return;
            if (++received < 50)
                server.async_receive(boost::asio::bind_executor(
                    io, [&](error_code e2, server_type::request r2) {
                        serve(e2, std::move(r2));
                    }));
            r.answer(add(*r));
        };
    server.async_receive(boost::asio::bind_executor(
        io,
        [&](error_code e, server_type::request r) { serve(e, std::move(r)); }));
    for (int i = 0; i < 50; ++i)
        client.async_call(
            {i, 1},
            boost::asio::bind_executor(io, [&, i](error_code e, answer a) {
                answered += !e && a.sum == i + 1;
            }));
    io.run();
    BOOST_TEST(answered == 50);
    BOOST_TEST(received == 50);
    auto future = client.async_call({1, 1}, boost::asio::use_future);
    BOOST_TEST(server.receive()->left == 1);
    BOOST_CHECK_THROW(future.get(), boost::system::system_error);
    auto aborted = client.async_call({1, 1}, boost::asio::use_future);
    auto none = server.async_receive(boost::asio::use_future);
    const auto held = none.get();
    client.cancel();
    BOOST_CHECK_EXCEPTION(
        aborted.get(), boost::system::system_error, [](const auto& e) {
            return e.code() == boost::asio::error::operation_aborted;
        });
    auto waiting = server.async_receive(boost::asio::use_future);
    server.close();
    BOOST_CHECK_THROW(waiting.get(), boost::system::system_error);
    // Without an executor, the handler is called in a different thread.
    std::promise<error_code> told;
    client.async_call({1, 1}, [&](error_code e, answer) { told.set_value(e); });
    client.close();
    BOOST_TEST(bool(told.get_future().get()));
}

// The handlers are destroyed without being called.
BOOST_AUTO_TEST_CASE(context_is_destroyed_first)
{
    server_type server(create_only, queue.options(4096));
    client_type client(open_only, queue.name());
    auto kept = std::make_shared<int>();
    const std::weak_ptr<int> seen = kept;
    int called = 0;
    {
        boost::asio::io_context io;
        for (int i = 0; i < 3; ++i)
            client.async_call(
                {i, 1},
                boost::asio::bind_executor(
                    io, [&called, kept](error_code, answer) { ++called; }));
        auto held = server.receive();
        for (int i = 0; i < 2; ++i)
            BOOST_TEST(bool(server.receive())); // dropped
        server.async_receive(boost::asio::bind_executor(
            io,
            [&called, kept](error_code, server_type::request) { ++called; }));
        kept.reset();
        BOOST_TEST(!seen.expired());
    }
    BOOST_TEST(seen.expired());
    BOOST_TEST(called == 0);
    // Both go on, with a context that may have the same address.
    boost::asio::io_context io;
    server.async_receive(boost::asio::bind_executor(
        io, [&](error_code, server_type::request r) { r.answer(add(*r)); }));
    client.async_call(
        {4, 1}, boost::asio::bind_executor(io, [&](error_code e, answer a) {
            called += !e && a.sum == 5;
        }));
    io.run();
    BOOST_TEST(called == 1);
}

// The library's threads destroy no copy of a handler: it may be the last, and
// destroy the client.
BOOST_AUTO_TEST_CASE(handler_owns_the_client)
{
    server_type server(create_only, queue.options(4096));
    boost::asio::io_context io;
    handler_watch watch;
    auto client = std::make_shared<client_type>(open_only, queue.name());
    const std::weak_ptr<client_type> seen = client;
    client->async_call(
        {1, 2}, boost::asio::bind_executor(
                    late_executor(io, watch),
                    owning_handler<client_type>(client, watch)));
    client.reset();
    watch.arm();
    BOOST_TEST(server.receive().answer({3}));
    io.run();
    BOOST_TEST(test::eventually([&] { return seen.expired(); }));
}

BOOST_AUTO_TEST_CASE(handler_owns_the_server)
{
    auto server =
        std::make_shared<server_type>(create_only, queue.options(4096));
    client_type client(open_only, queue.name());
    boost::asio::io_context io;
    handler_watch watch;
    const std::weak_ptr<server_type> seen = server;
    server->async_receive(boost::asio::bind_executor(
        late_executor(io, watch), owning_handler<server_type>(server, watch)));
    server.reset();
    watch.arm();
    client.async_call({1, 2}, [](error_code, answer) {});
    io.run();
    BOOST_TEST(test::eventually([&] { return seen.expired(); }));
}

// Each time that it is started, a call is one of its own.
BOOST_AUTO_TEST_CASE(started_twice)
{
    server_type server(create_only, queue.options(4096));
    client_type client(open_only, queue.name());
    auto start = client.async_call({1, 2}, lazy());
    std::vector<std::promise<long long>> answers(2);
    for (auto& each : answers)
        start([&each](error_code e, answer a) {
            each.set_value(e ? -1 : a.sum);
        });
    auto first = server.receive(), second = server.receive();
    second.answer({2});
    first.answer({1});
    BOOST_TEST(
        answers[0].get_future().get() + answers[1].get_future().get() == 3);
}

#if !defined(_WIN32) // fork

BOOST_AUTO_TEST_CASE(forked_child_closes)
{
    const serving running(queue.options(4096));
    client_type client(open_only, queue.name());
    BOOST_TEST(
        client.async_call({1, 2}, boost::asio::use_future).get().sum == 3);
    const ::pid_t child = ::fork();
    if (child == 0)
    {
        client.close();
        ::_exit(0);
    }
    int status = -1;
    BOOST_TEST(::waitpid(child, &status, 0) == child);
    BOOST_TEST(status == 0);
    BOOST_TEST(client.call({2, 2}, long_enough).sum == 4);
}

#endif

BOOST_AUTO_TEST_CASE(in_one_process)
{
    using heap_server =
        request_server<question, answer, no_codec, no_codec, heap_storage>;
    using heap_client =
        request_client<question, answer, no_codec, no_codec, heap_storage>;
    heap_server server(create_only, queue.options(4096));
    heap_client client(open_only, queue.name());
    auto asked = std::async(std::launch::async, [&] {
        return client.call({1, 2}, long_enough);
    });
    auto r = server.receive();
    r.answer(add(*r));
    BOOST_TEST(asked.get().sum == 3);
    server.close();
    client.call({1, 2}, ec);
    BOOST_TEST(ec == test::code(errc::no_server));
    remove_queue<heap_storage>(queue.name());
}

BOOST_AUTO_TEST_SUITE_END()
