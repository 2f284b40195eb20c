// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_REQUEST_SERVER_HPP
#define BOOST_IPQ_REQUEST_SERVER_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/delivery.hpp>
#include <boost_ipq/detail/handle/options_argument.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/request/answer_queues.hpp>
#include <boost_ipq/detail/request/frame.hpp>
#include <boost_ipq/detail/request/posted_handler.hpp>
#include <boost_ipq/detail/request/receive_thread.hpp>
#include <boost_ipq/detail/wait/deadline.hpp>
#include <boost_ipq/detail/wait/stop.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost_ipq/storage.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost_ipq/typed_codec.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace boost_ipq {

//! A request that a server has received.
//!
//! Thread safety: different requests may be used by different threads; one
//! request by one thread at a time.
//!
//! Crash safety: if the process dies before answer() has returned, the client's
//! call ends with errc::server_died.
template <
    class Request, class Response, class ResponseCodec = no_codec,
    class Storage = shared_storage>
class received_request
{
    using queue = detail::answer_queue<Storage>;

public:
    //! Effects: makes an empty object.
    //! Throws: nothing.
    received_request() = default;

    //! Effects: moves the request; `other` is empty afterwards.
    received_request(received_request&& other) noexcept(
        std::is_nothrow_move_constructible<Request>::value)
        : m_call(other.m_call),
          m_message(std::move(other.m_message)),
          m_client(std::move(other.m_client)),
          m_codec(std::move(other.m_codec)),
          m_request(std::move(other.m_request))
    {
        other.m_client = nullptr;
        other.m_request.reset();
    }

    //! Effects: drops the request of this object, then moves that of `other`,
    //! which is empty afterwards.
    received_request& operator=(received_request&& other)
    {
        if (this != &other)
        {
            drop();
            m_call = other.m_call;
            m_message = std::move(other.m_message);
            m_client = std::move(other.m_client);
            m_codec = std::move(other.m_codec);
            m_request = std::move(other.m_request);
            other.m_client = nullptr;
            other.m_request.reset();
        }
        return *this;
    }

    //! Effects: drop().
    ~received_request() { drop(); }

    //! Returns: whether there is a request.
    //! Throws: nothing.
    explicit operator bool() const noexcept { return m_request.has_value(); }

    //! Requires: there is a request.
    //! Returns: the request.
    Request& operator*() noexcept { return *m_request; }
    //! As `operator*()`.
    const Request& operator*() const noexcept { return *m_request; }
    //! As `operator*()`.
    Request* operator->() noexcept { return &*m_request; }
    //! As `operator*()`.
    const Request* operator->() const noexcept { return &*m_request; }

    //! Requires: there is a request.
    //! Effects: sends the answer. Waits up to a second for room in the client's
    //! queue; the call of a client that has not read its answers by then ends
    //! with errc::no_answer.
    //! The object is empty afterwards.
    //! Returns: whether the answer was sent; false if the client has left.
    //! Throws: message_too_large if the answer can never fit the client's
    //! queue, and what the codec throws; the request is not answered then.
    //! Complexity: one copy of the answer.
    bool answer(const Response& response)
    {
        const detail::frame<detail::answer_header, Response, ResponseCodec>
            message(
                {m_call, detail::answer_kind::answered}, response, *m_codec);
        const bool sent = m_client->send(message.data(), message.size());
        // Afterwards: see sent_request.hpp.
        m_message.acknowledge();
        m_client = nullptr;
        m_request.reset();
        return sent;
    }

    //! As `answer(response)`, but reports failure through `ec`, and returns
    //! false then.
    bool answer(const Response& response, boost::system::error_code& ec)
    {
        return detail::reported(ec, [&] { return answer(response); });
    }

    //! Effects: if there is a request, ends the client's call with
    //! errc::no_answer. The object is empty afterwards.
    //! Throws: nothing.
    void drop() noexcept
    {
        m_request.reset();
        const auto client = std::move(m_client);
        m_client = nullptr;
        if (!client)
            return;
        const detail::answer_header header{
            m_call, detail::answer_kind::dropped};
        try
        {
            client->send(&header, sizeof header);
        }
        catch (...)
        {
            // The client sees that the request is settled.
        }
        m_message.acknowledge();
    }

private:
    template <class, class, class, class, class>
    friend class request_server;

    std::uint64_t m_call = 0;
    delivery m_message; // held until it is answered
    std::shared_ptr<queue> m_client;
    std::shared_ptr<ResponseCodec> m_codec;
    std::optional<Request> m_request;
};

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

public:
    //! What receive() returns.
    using request = received_request<Request, Response, ResponseCodec, Storage>;

    //! Effects: makes a closed server.
    //! Throws: nothing.
    request_server() noexcept = default;

    //! Requires: `mode` is create_only, open_only or open_or_create.
    //! Effects: creates or opens the queue for the requests.
    //! Throws, complexity, crash safety: as the constructors of basic_handle;
    //! queue_mismatch also if the queue is not for such requests and answers.
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
    request receive() { return opened()->receive_within(forever()); }

    //! As `receive()`, but reports failure through `ec`.
    request receive(boost::system::error_code& ec)
    {
        return or_code(ec, forever());
    }

    //! As `receive()`, but waits until `stop.stop_requested()` at most.
    template <class Stop, detail::if_stop_token<Stop> = 0>
    request receive(const Stop& stop)
    {
        return opened()->receive_within(until_stop<Stop>{stop});
    }

    //! As `receive(stop)`, but reports failure through `ec`.
    template <class Stop, detail::if_stop_token<Stop> = 0>
    request receive(const Stop& stop, boost::system::error_code& ec)
    {
        return or_code(ec, until_stop<Stop>{stop});
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
    //! without one, in a thread of boost::asio::system_executor.
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
        {
            m_state->thread.cancel();
            m_state->in.cancel();
        }
    }

    //! Effects: for good: requests that are there are still received, then
    //! nothing.
    //! Throws: nothing.
    //! Thread safety: safe; async-signal-safe.
    void stop() noexcept
    {
        if (m_state)
            m_state->in.stop();
    }

    //! Returns: whether stop() was called. False if the server is closed.
    //! Throws: nothing. Complexity: constant.
    bool stopped() const noexcept { return m_state && m_state->in.stopped(); }

    //! Effects: cancel(), then leaves the queue. Requests that were received
    //! can still be answered.
    //! Throws: nothing.
    void close() noexcept
    {
        if (!m_state)
            return;
        m_state->thread.end();
        m_state->in.close();
        m_state.reset();
    }

    //! Returns: whether the server is open.
    //! Throws: nothing. Complexity: constant.
    bool is_open() const noexcept { return m_state != nullptr; }

    //! Returns: whether the queue for the requests was removed.
    //! Throws: nothing. Complexity: constant.
    bool removed() const noexcept { return m_state && m_state->in.removed(); }

    //! Returns: the number of requests that wait. A hint while others work.
    //! Throws: nothing. Complexity: constant.
    std::size_t size() const noexcept
    {
        return m_state ? m_state->in.size() : 0;
    }

private:
    // Each receives from a subscriber in its way.
    struct at_once
    {
        template <class... Code>
        delivery operator()(subscriber_type& in, Code&... ec) const
        {
            return in.try_receive(ec...);
        }
    };

    struct forever
    {
        template <class... Code>
        delivery operator()(subscriber_type& in, Code&... ec) const
        {
            return in.receive(ec...);
        }
    };

    template <class Stop>
    struct until_stop
    {
        const Stop& stop;

        template <class... Code>
        delivery operator()(subscriber_type& in, Code&... ec) const
        {
            return in.receive(stop, ec...);
        }
    };

    template <class Time>
    struct until_time
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

    struct state
    {
        template <class Mode>
        state(
            Mode mode, const queue_options& options,
            const RequestCodec& request_codec,
            const ResponseCodec& response_codec)
            : in(mode, options),
              clients(options),
              decoder(request_codec),
              encoder(std::make_shared<ResponseCodec>(response_codec)),
              thread([this] { in.cancel(); })
        {
        }

        template <class Receive, class... Code>
        request receive_within(const Receive& receive, Code&... ec)
        {
            if (request kept = thread.take_kept())
                return kept;
            for (;;)
            {
                delivery message = receive(in, ec...);
                if (!message)
                    return request();
                request result = taken(message);
                if (result)
                    return result;
            }
        }

        // Empty: the request is passed over.
        request taken(delivery& message)
        {
            request result;
            detail::request_header header;
            if (!detail::read_header(header, message.data(), message.size()) ||
                !(result.m_client = clients.of(header.client)))
            {
                message.acknowledge();
                return request();
            }
            result.m_call = header.call;
            result.m_codec = encoder;
            result.m_message = std::move(message);
            if (result.m_message.redelivered())
                tell_of_death(*result.m_client, header.call);
            else
                read(result, result.m_message);
            return result;
        }

        // A server that has died had the request. What it did is not known, so
        // the request is not served again. Its client may have noticed.
        static void
        tell_of_death(detail::answer_queue<Storage>& client, std::uint64_t call)
        {
            const detail::answer_header note{
                call, detail::answer_kind::server_died};
            client.send(&note, sizeof note);
        }

        // A request that cannot be read is dropped when `result` is destroyed.
        void read(request& result, const delivery& message)
        {
            try
            {
                result.m_request.emplace(
                    detail::read_object<Request, detail::request_header>(
                        decoder, message.data(), message.size()));
            }
            catch (const std::exception&)
            {
            }
        }

        subscriber_type in;
        detail::answer_queues<Storage> clients;
        RequestCodec decoder;
        std::shared_ptr<ResponseCodec> encoder;
        detail::receive_thread<request> thread;
    };

    // An operation that waits for a request.
    template <class Handler>
    class handled_receive final : public detail::waiting_receive<request>
    {
    public:
        explicit handled_receive(Handler&& handler)
            : m_handler(std::move(handler))
        {
        }

        void
        post(const boost::system::error_code& error, request&& result) override
        {
            m_handler.post(error, std::move(result));
        }

    private:
        detail::posted_handler<Handler, request> m_handler;
    };

    struct initiation
    {
        std::shared_ptr<state> server;

        template <class Handler>
        void operator()(Handler&& handler) const
        {
            using kept = std::decay_t<Handler>;
            auto operation = std::make_unique<handled_receive<kept>>(
                kept(std::forward<Handler>(handler)));
            if (!server)
                return operation->post(errc::closed, request());
            server->thread.start(
                std::move(operation),
                [state = server.get()](boost::system::error_code& ec) {
                    return state->receive_within(forever(), ec);
                });
        }
    };

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
