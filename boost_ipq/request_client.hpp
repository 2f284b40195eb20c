// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_REQUEST_CLIENT_HPP
#define BOOST_IPQ_REQUEST_CLIENT_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/detail/attachment/check_match.hpp>
#include <boost_ipq/detail/attachment/remove_abandoned.hpp>
#include <boost_ipq/detail/handle/options_argument.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/platform/cancellation_slot.hpp>
#include <boost_ipq/detail/request/call_table.hpp>
#include <boost_ipq/detail/request/call_thread.hpp>
#include <boost_ipq/detail/request/frame.hpp>
#include <boost_ipq/detail/request/posted_handler.hpp>
#include <boost_ipq/detail/wait/deadline.hpp>
#include <boost_ipq/detail/wait/stop.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost_ipq/storage.hpp>
#include <boost_ipq/typed_codec.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/system/error_code.hpp>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace boost_ipq {

//! Sends requests and receives their answers.
//!
//! Any number of clients and servers, in any number of processes, may have the
//! queue for the requests open. Each request goes to exactly one server. Each
//! client has a queue of its own for its answers, with lifetime::while_open and
//! the directory and the permissions of its options: they must let the servers
//! in.
//!
//! Request and Response are trivially copyable, or have a codec, as the objects
//! of typed handles. Both ends name the same types and codecs.
//!
//! What holds for every call, unless its description says otherwise:
//!
//! Throws: `error` with
//! - errc::no_server if no process serves the requests now,
//! - errc::server_died if the server that had taken the request has died: it is
//!   not known what it has done; the request is not given to another,
//! - errc::no_answer if the server dropped the request without an answer,
//! - errc::canceled after cancel(), errc::stopped after stop(), errc::closed if
//!   the client is closed;
//! message_too_large if the request can never fit the queue; queue_mismatch if
//! the answer is no such object; queue_removed; queue_corrupt; what the codecs
//! throw. A death is reported within 100 ms of the moment at which the kernel
//! knows of it.
//!
//! A request whose call has failed with errc::timed_out, errc::canceled or
//! errc::stopped may still be in the queue, and a server may take it later. One
//! whose call has failed with errc::no_server is withdrawn: no server receives
//! it. A request is never served twice.
//!
//! Complexity: two copies of the request and two of the answer; with codecs,
//! also what they allocate. A request takes its room in the queue until it is
//! answered.
//!
//! Thread safety: safe. Several threads may call at the same time. A forked
//! child must not call with a copy of a client, but may close or destroy it;
//! the child keeps the queues open until it exits.
//!
//! Crash safety: a client that dies leaves a request that may be served for no
//! one.
template <
    class Request, class Response, class RequestCodec = no_codec,
    class ResponseCodec = no_codec, class Storage = shared_storage>
class request_client
{
    using table = detail::call_table<Storage>;
    using publisher_type = typename table::publisher_type;

public:
    //! Effects: makes a closed client.
    //! Throws: nothing.
    request_client() noexcept = default;

    //! Requires: `mode` is create_only, open_only or open_or_create.
    //! Effects: creates or opens the queue for the requests, and creates one
    //! for the answers, with the larger of the same capacity and 64 KiB.
    //! Removes those of clients that were killed, if no server has them open.
    //! Throws, crash safety: as the constructors of basic_handle;
    //! queue_mismatch also if the queue is not for such requests and answers.
    //! Complexity: as they, and linear in the entries of the directory, as
    //! list_queues().
    template <class Mode>
    request_client(
        Mode mode, const queue_options& options,
        const RequestCodec& request_codec = RequestCodec(),
        const ResponseCodec& response_codec = ResponseCodec())
        : m_request_codec(request_codec),
          m_response_codec(response_codec)
    {
        open(mode, options);
    }

    //! As `request_client(mode, options, request_codec, response_codec)`, but
    //! reports failure through `ec`, and the client is closed then.
    template <class Mode>
    request_client(
        Mode mode, const detail::options_argument& options,
        boost::system::error_code& ec,
        const RequestCodec& request_codec = RequestCodec(),
        const ResponseCodec& response_codec = ResponseCodec())
        : m_request_codec(request_codec),
          m_response_codec(response_codec)
    {
        detail::reported(ec, [&] {
            open(mode, options.get());
            return true;
        });
    }

    //! Effects: moves the queues; `other` is closed afterwards. No call may be
    //! outstanding in `other`, except asynchronous ones.
    //! Throws: what moving the codecs throws.
    request_client(request_client&& other) = default;

    //! Effects: close(), then as the move constructor.
    //! Throws: what moving the codecs throws.
    request_client& operator=(request_client&& other)
    {
        if (this != &other)
        {
            close();
            m_request_codec = std::move(other.m_request_codec);
            m_response_codec = std::move(other.m_response_codec);
            m_name = std::move(other.m_name);
            m_client = other.m_client;
            m_thread = std::move(other.m_thread);
            m_calls = std::move(other.m_calls);
        }
        return *this;
    }

    //! Effects: close().
    //! Throws: nothing.
    ~request_client() { close(); }

    //! Effects: sends a request, and waits for the answer.
    //! Returns: the answer.
    Response call(const Request& request)
    {
        return required(request, detail::no_limit(), errc::canceled);
    }

    //! Effects: as `call(request)`, but waits until a time point or for a
    //! duration at most, as timed_enqueue() does.
    //! Throws: also `error` with errc::timed_out.
    template <class Time, detail::if_deadline<Time> = 0>
    Response call(const Request& request, const Time& deadline)
    {
        return required(request, detail::until(deadline), errc::timed_out);
    }

    //! Effects: as `call(request)`, but waits until `stop.stop_requested()` at
    //! most, and throws errc::canceled then. The token is asked every 10
    //! milliseconds.
    template <class Stop, detail::if_stop_token<Stop> = 0>
    Response call(const Request& request, const Stop& stop)
    {
        return required(request, detail::until_stopped(stop), errc::canceled);
    }

    //! As `call(request)`, but reports failure through `ec`, and returns a
    //! value-initialized answer then.
    Response call(const Request& request, boost::system::error_code& ec)
    {
        return reported(request, detail::no_limit(), errc::canceled, ec);
    }

    //! As `call(request, deadline)`, but reports failure through `ec`, and
    //! returns a value-initialized answer then.
    template <class Time, detail::if_deadline<Time> = 0>
    Response call(
        const Request& request, const Time& deadline,
        boost::system::error_code& ec)
    {
        return reported(request, detail::until(deadline), errc::timed_out, ec);
    }

    //! As `call(request, stop)`, but reports failure through `ec`, and returns
    //! a value-initialized answer then.
    template <class Stop, detail::if_stop_token<Stop> = 0>
    Response call(
        const Request& request, const Stop& stop, boost::system::error_code& ec)
    {
        return reported(
            request, detail::until_stopped(stop), errc::canceled, ec);
    }

    //! Requires: Response has a default constructor.
    //! Effects: starts a call. The request is sent at once, or when there is
    //! room. The first asynchronous call of a client starts a thread, which
    //! receives the answers.
    //! Completion signature: void(boost::system::error_code, Response). After
    //! an error, the answer is value-initialized. After cancel() and close(),
    //! and when the handler's cancellation slot is signaled (Boost 1.77 and
    //! later), the error is boost::asio::error::operation_aborted. The handler
    //! runs in its associated executor; without one, in a thread of
    //! boost::asio::system_executor. If the executor's context is destroyed
    //! first, the handler is destroyed without being called.
    //! Returns: what the completion token determines.
    //! Throws: what the request's codec, copying the handler or allocating the
    //! operation throws.
    template <class Token>
    auto async_call(const Request& request, Token&& token)
    {
        // A lazy token starts the call later, or several times: each has a
        // number of its own.
        using message =
            detail::frame<detail::request_header, Request, RequestCodec>;
        return boost::asio::async_initiate<
            Token, void(boost::system::error_code, Response)>(
            initiation{m_calls, m_thread, m_client, m_response_codec}, token,
            message({m_client, 0}, request, m_request_codec));
    }

    //! Effects: ends all calls of this client that wait now. Later calls wait
    //! again.
    //! Throws: nothing.
    //! Complexity: linear in the waiting calls.
    void cancel() noexcept
    {
        if (!m_calls)
            return;
        m_calls->cancel_all();
    }

    //! Effects: for good: calls that would have to wait end with errc::stopped.
    //! Throws: nothing.
    //! Thread safety: safe; async-signal-safe.
    void stop() noexcept
    {
        if (!m_calls)
            return;
        m_calls->answers().stop();
        m_calls->requests().stop();
    }

    //! Returns: whether stop() was called. False if the client is closed.
    //! Throws: nothing. Complexity: constant.
    bool stopped() const noexcept
    {
        return m_calls && m_calls->requests().stopped();
    }

    //! Effects: cancel(), then leaves the queues. That for the answers is
    //! removed. No other thread may be in a call.
    //! Throws: nothing.
    void close() noexcept
    {
        if (!m_calls)
            return;
        if (!m_thread->is_of_this_process())
            return leave_to_parent();
        cancel();
        m_thread->end();
        m_calls->close();
        m_thread.reset();
        m_calls.reset();
    }

    //! Returns: whether the client is open.
    //! Throws: nothing. Complexity: constant.
    bool is_open() const noexcept { return m_calls != nullptr; }

    //! Returns: whether the queue for the requests was removed.
    //! Throws: nothing. Complexity: constant.
    bool removed() const noexcept
    {
        return m_calls && m_calls->requests().removed();
    }

private:
    // A call of a thread that waits.
    class blocking_call final : public detail::waiting_call
    {
    public:
        blocking_call(std::uint64_t number, ResponseCodec& codec)
            : waiting_call(number),
              m_codec(codec)
        {
        }

        std::optional<Response>& answer() noexcept { return m_answer; }
        std::condition_variable& changed() noexcept { return m_changed; }

    private:
        void read(const void* data, std::size_t size) override
        {
            m_answer.emplace(
                detail::read_object<Response, detail::answer_header>(
                    m_codec, data, size));
        }
        void ended() noexcept override { m_changed.notify_one(); }
        void wake() noexcept override { m_changed.notify_one(); }

        ResponseCodec& m_codec;
        std::optional<Response> m_answer;
        std::condition_variable m_changed;
    };

    // A call with a handler. It is deleted when it has ended.
    template <class Handler>
    class handled_call final : public detail::waiting_call
    {
    public:
        using posted = detail::posted_handler<Handler, Response>;

        handled_call(
            std::uint64_t number, const ResponseCodec& codec, posted&& handler)
            : waiting_call(number, handler.context()),
              m_codec(codec),
              m_handler(std::move(handler))
        {
        }

        const Handler& handler() const noexcept { return m_handler.handler(); }

        void wake_with(detail::call_thread<Storage>& thread) noexcept
        {
            m_thread = &thread;
        }

        static void refuse(
            std::unique_ptr<handled_call> call,
            const boost::system::error_code& error)
        {
            posted& handler = call->m_handler;
            handler.post(std::move(call), error, Response());
        }

    private:
        void read(const void* data, std::size_t size) override
        {
            m_answer = detail::read_object<Response, detail::answer_header>(
                m_codec, data, size);
        }
        void ended() noexcept override
        {
            m_handler.post(
                std::unique_ptr<handled_call>(this), this->error(),
                std::move(m_answer));
        }
        void discarded() noexcept override { delete this; }
        void wake() noexcept override { m_thread->wake(); }

        ResponseCodec m_codec;
        Response m_answer{};
        posted m_handler;
        detail::call_thread<Storage>* m_thread = nullptr;
    };

    struct initiation
    {
        std::shared_ptr<table> calls;
        std::shared_ptr<detail::call_thread<Storage>> thread;
        std::uint64_t client;
        ResponseCodec codec;

        template <class Handler, class Message>
        void operator()(Handler&& handler, Message message) const
        {
            using handled = handled_call<std::decay_t<Handler>>;
            const std::uint64_t number = calls ? calls->next_number() : 0;
            message.header({client, number});
            typename handled::posted later(
                std::decay_t<Handler>(std::forward<Handler>(handler)));
            boost::asio::execution_context* const context = later.context();
            auto call =
                std::make_unique<handled>(number, codec, std::move(later));
            if (!thread)
                return handled::refuse(std::move(call), errc::closed);
            thread->watch(context, thread);
            call->wake_with(*thread);
            detail::platform::connect_cancellation(
                call->handler(), [weak = std::weak_ptr<table>(calls), number] {
                    if (const auto open = weak.lock())
                        open->fail(
                            number, boost::asio::error::operation_aborted);
                });
            if (!thread->start(call, message))
                handled::refuse(std::move(call), errc::closed);
        }
    };

    // In a forked child: the queue for the answers is the parent's, and what
    // the parent's threads wait on cannot be destroyed.
    void leave_to_parent() noexcept
    {
        new (std::nothrow)
            std::shared_ptr<detail::call_thread<Storage>>(std::move(m_thread));
        m_thread.reset();
        m_calls.reset();
    }

    template <class Mode>
    void open(Mode mode, const queue_options& options)
    {
        const queue_options requests = detail::request_options<
            Request, Response, RequestCodec, ResponseCodec>(options);
        publisher_type out(mode, requests);
        detail::remove_abandoned_answers(Storage(), requests);
        m_client = detail::new_epoch();
        m_name = options.name();
        const std::size_t capacity = out.capacity();
        m_calls = std::make_shared<table>(
            std::move(out),
            detail::new_answers_of<Response>(requests, m_client, capacity));
        m_thread = std::make_shared<detail::call_thread<Storage>>(m_calls);
    }

    template <class Limit>
    Response required(const Request& request, const Limit& limit, errc on_limit)
    {
        boost::system::error_code ec;
        std::optional<Response> answer = answered(request, limit, on_limit, ec);
        if (ec)
            detail::throw_error(ec, "a request to queue '" + m_name + "'");
        return std::move(*answer);
    }

    template <class Limit>
    Response reported(
        const Request& request, const Limit& limit, errc on_limit,
        boost::system::error_code& ec)
    {
        std::optional<Response> answer;
        detail::reported(ec, [&] {
            answer = answered(request, limit, on_limit, ec);
            return true;
        });
        return answer && !ec ? std::move(*answer) : Response();
    }

    template <class Limit>
    std::optional<Response> answered(
        const Request& request, const Limit& limit, errc on_limit,
        boost::system::error_code& ec)
    {
        const auto calls = m_calls;
        ec = errc::closed;
        if (!calls)
            return {};
        blocking_call call(calls->next_number(), m_response_codec);
        const detail::frame<detail::request_header, Request, RequestCodec>
            message({m_client, call.number()}, request, m_request_codec);
        ec = calls->send(call, message, limit, on_limit);
        if (ec)
            return {};
        calls->wait(call, limit, on_limit, call.changed());
        ec = call.error();
        return std::move(call.answer());
    }

    RequestCodec m_request_codec;
    ResponseCodec m_response_codec;
    std::string m_name;
    std::uint64_t m_client = 0;
    std::shared_ptr<table> m_calls;
    std::shared_ptr<detail::call_thread<Storage>> m_thread;
};

} // namespace boost_ipq

#endif
