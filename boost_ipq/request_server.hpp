// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_REQUEST_SERVER_HPP
#define BOOST_IPQ_REQUEST_SERVER_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/detail/handle/options_argument.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/request/frame.hpp>
#include <boost_ipq/detail/request/server_state.hpp>
#include <boost_ipq/detail/wait/deadline.hpp>
#include <boost_ipq/detail/wait/stop.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost_ipq/received_request.hpp>
#include <boost_ipq/storage.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost_ipq/typed_codec.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

namespace boost_ipq {

//! Receives requests and answers them.
//!
//!     while (auto request = server.receive())
//!         request.answer(compute(*request));
//!
//! Any number of servers, in any number of processes, may have the queue open.
//! Each request is received by exactly one of them, once: if that process dies,
//! the client is told so. A server may have several requests at a time, and
//! answer them in any order, from any thread. request_client describes the
//! other end.
//!
//! What holds for every receiving call, unless its description says otherwise:
//!
//! Returns: an empty object after cancel() and close(), and after stop() when
//! there is no request left. A request whose client has left is passed over,
//! and so is one that is no Request; the client of that is told
//! errc::no_answer.
//!
//! Throws: as the receiving calls of basic_subscriber. Overloads that take an
//! error_code& report through `ec`, also errc::canceled and errc::stopped.
//!
//! Complexity: one copy of the request. The first request of a client opens the
//! queue for its answers. A request takes its room in the queue until it is
//! answered.
//!
//! Thread safety: safe. Several threads may receive at the same time.
//!
//! Crash safety: the clients of all requests that this process has received and
//! not answered are told that it died, within 100 ms.
template <
    class Request, class Response, class RequestCodec = no_codec,
    class ResponseCodec = no_codec, class Storage = shared_storage>
class request_server
{
    using subscriber_type =
        basic_subscriber<std::allocator<std::byte>, Storage>;
    using state = detail::server_state<
        Request, Response, RequestCodec, ResponseCodec, Storage>;

public:
    //! What receive() returns.
    using request = received_request<Request, Response, ResponseCodec, Storage>;

    //! Effects: makes a closed server.
    //! Throws: nothing.
    request_server() noexcept = default;

    //! Requires: `mode` is create_only, open_only or open_or_create.
    //! Effects: creates or opens the queue for the requests, and removes the
    //! queues for the answers to clients that were killed.
    //! Throws, crash safety: as the constructors of basic_handle;
    //! queue_mismatch also if the queue is not for such requests and answers.
    //! Complexity: as they, and linear in the entries of the directory, as
    //! list_queues().
    template <class Mode>
    request_server(
        Mode mode, const queue_options& options,
        const RequestCodec& request_codec = RequestCodec(),
        const ResponseCodec& response_codec = ResponseCodec())
    {
        open(mode, options, request_codec, response_codec);
    }

    //! As `request_server(mode, options, request_codec, response_codec)`, but
    //! reports failure through `ec`, and the server is closed then.
    template <class Mode>
    request_server(
        Mode mode, const detail::options_argument& options,
        boost::system::error_code& ec,
        const RequestCodec& request_codec = RequestCodec(),
        const ResponseCodec& response_codec = ResponseCodec())
    {
        detail::reported(ec, [&] {
            open(mode, options.get(), request_codec, response_codec);
            return true;
        });
    }

    //! Effects: moves the queue; `other` is closed afterwards.
    //! Throws: nothing.
    request_server(request_server&& other) noexcept = default;

    //! Effects: close(), then as the move constructor.
    //! Throws: nothing.
    request_server& operator=(request_server&& other) noexcept
    {
        if (this != &other)
        {
            close();
            m_state = std::move(other.m_state);
        }
        return *this;
    }

    //! Effects: close().
    //! Throws: nothing.
    ~request_server() { close(); }

    //! Effects: takes the oldest request, if there is one now.
    //! Returns: an empty object if there is none.
    request try_receive() { return opened()->receive_within(at_once()); }

    //! As `try_receive()`, but reports failure through `ec`.
    request try_receive(boost::system::error_code& ec)
    {
        return or_code(ec, at_once());
    }

    //! Effects: waits for a request and takes it.
    request receive() { return opened()->receive_within(unlimited()); }

    //! As `receive()`, but reports failure through `ec`.
    request receive(boost::system::error_code& ec)
    {
        return or_code(ec, unlimited());
    }

    //! As `receive()`, but waits until `stop.stop_requested()` at most.
    template <class Stop, detail::if_stop_token<Stop> = 0>
    request receive(const Stop& stop)
    {
        return opened()->receive_within(until_stop<Stop>(stop));
    }

    //! As `receive(stop)`, but reports failure through `ec`.
    template <class Stop, detail::if_stop_token<Stop> = 0>
    request receive(const Stop& stop, boost::system::error_code& ec)
    {
        return or_code(ec, until_stop<Stop>(stop));
    }

    //! As `receive()`, but waits until `deadline` at most, as timed_dequeue().
    template <class Time, detail::if_deadline<Time> = 0>
    request timed_receive(const Time& deadline)
    {
        return opened()->receive_within(until_time<Time>{deadline});
    }

    //! As `timed_receive(deadline)`, but reports failure through `ec`.
    template <class Time, detail::if_deadline<Time> = 0>
    request timed_receive(const Time& deadline, boost::system::error_code& ec)
    {
        return or_code(ec, until_time<Time>{deadline});
    }

    //! Effects: starts a wait for a request. The first asynchronous call of a
    //! server starts a thread.
    //! Completion signature: void(boost::system::error_code, request). After
    //! cancel() and close() the error is
    //! boost::asio::error::operation_aborted; after stop(), errc::stopped when
    //! there is no request left. The handler runs in its associated executor;
    //! without one, in a thread of boost::asio::system_executor. If the
    //! executor's context is destroyed first, the handler is destroyed without
    //! being called.
    //! Returns: what the completion token determines.
    //! Throws: what copying the handler or allocating the operation throws.
    template <class Token>
    auto async_receive(Token&& token)
    {
        return boost::asio::async_initiate<
            Token, void(boost::system::error_code, request)>(
            initiation{m_state}, token);
    }

    //! Effects: ends all waits of this server. Later calls wait again.
    //! Throws: nothing.
    void cancel() noexcept
    {
        if (m_state)
            m_state->cancel();
    }

    //! Effects: for good: requests that are there are still received, then
    //! nothing.
    //! Throws: nothing.
    //! Thread safety: safe; async-signal-safe.
    void stop() noexcept
    {
        if (m_state)
            m_state->in().stop();
    }

    //! Returns: whether stop() was called. False if the server is closed.
    //! Throws: nothing. Complexity: constant.
    bool stopped() const noexcept { return m_state && m_state->in().stopped(); }

    //! Effects: cancel(), then leaves the queue. Requests that were received
    //! can still be answered.
    //! Throws: nothing.
    void close() noexcept
    {
        if (!m_state)
            return;
        if (!m_state->thread().is_of_this_process())
            return leave_to_parent();
        m_state->thread().end();
        m_state->cancel();
        m_state->in().close();
        m_state.reset();
    }

    //! Returns: whether the server is open.
    //! Throws: nothing. Complexity: constant.
    bool is_open() const noexcept { return m_state != nullptr; }

    //! Returns: whether the queue for the requests was removed.
    //! Throws: nothing. Complexity: constant.
    bool removed() const noexcept { return m_state && m_state->in().removed(); }

    //! Returns: the number of requests that wait. A hint while others work.
    //! Throws: nothing. Complexity: constant.
    std::size_t size() const noexcept
    {
        return m_state ? m_state->in().size() : 0;
    }

private:
    // Each receives from a subscriber in its way.
    struct never_over
    {
        static bool over() noexcept { return false; }
    };

    struct at_once : never_over
    {
        template <class... Code>
        delivery operator()(subscriber_type& in, Code&... ec) const
        {
            return in.try_receive(ec...);
        }
    };

    struct unlimited : never_over
    {
        template <class... Code>
        delivery operator()(subscriber_type& in, Code&... ec) const
        {
            return in.receive(ec...);
        }
    };

    template <class Stop>
    struct until_stop : never_over
    {
        explicit until_stop(const Stop& token) : stop(token) {}

        const Stop& stop;

        template <class... Code>
        delivery operator()(subscriber_type& in, Code&... ec) const
        {
            return in.receive(stop, ec...);
        }
    };

    template <class Time>
    struct until_time : never_over
    {
        // A duration counts from here, however many requests are passed over.
        explicit until_time(const Time& time) : limit(detail::until(time)) {}

        decltype(detail::until(std::declval<const Time&>())) limit;

        template <class... Code>
        delivery operator()(subscriber_type& in, Code&... ec) const
        {
            return in.timed_receive(limit.remaining(), ec...);
        }
    };

    // The thread: until no operation waits.
    struct for_operations : unlimited
    {
        explicit for_operations(state& s) noexcept : server(s) {}
        bool over() const noexcept { return !server.thread().is_wanted(); }

        state& server;
    };

    struct initiation
    {
        std::shared_ptr<state> server;

        template <class Handler>
        void operator()(Handler&& handler) const
        {
            using kept = std::decay_t<Handler>;
            auto operation =
                std::make_unique<detail::handled_receive<request, kept>>(
                    kept(std::forward<Handler>(handler)));
            if (!server)
                return detail::waiting_receive<request>::post(
                    std::move(operation), errc::closed, request());
            server->contexts().watch(operation->context(), server);
            server->thread().start(
                std::move(operation),
                [state = server.get()](boost::system::error_code& ec) {
                    return state->receive_within(for_operations(*state), ec);
                });
        }
    };

    // In a forked child: what the parent's threads wait on cannot be destroyed.
    void leave_to_parent() noexcept
    {
        m_state->in().close();
        new (std::nothrow) std::shared_ptr<state>(std::move(m_state));
        m_state.reset();
    }

    template <class Mode>
    void open(
        Mode mode, const queue_options& options,
        const RequestCodec& request_codec, const ResponseCodec& response_codec)
    {
        m_state = std::make_shared<state>(
            mode,
            detail::request_options<
                Request, Response, RequestCodec, ResponseCodec>(options),
            request_codec, response_codec);
    }

    // The caller keeps the state: the server may be closed while it waits.
    std::shared_ptr<state> opened() const
    {
        if (!m_state)
            detail::throw_error(errc::closed, "receiving a request");
        return m_state;
    }

    template <class Receive>
    request or_code(boost::system::error_code& ec, const Receive& receive)
    {
        request result;
        ec = errc::closed;
        if (const auto open = m_state)
            detail::reported(ec, [&] {
                result = open->receive_within(receive, ec);
                return true;
            });
        return result;
    }

    std::shared_ptr<state> m_state;
};

} // namespace boost_ipq

#endif
