// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_REQUEST_SERVER_STATE_HPP
#define BOOST_IPQ_DETAIL_REQUEST_SERVER_STATE_HPP

// What a server does with the messages of its queue: which of them are requests
// that it serves, and which it passes over. A request that waits for an
// operation may outlive the server object.

#include <boost_ipq/delivery.hpp>
#include <boost_ipq/detail/attachment/remove_abandoned.hpp>
#include <boost_ipq/detail/request/answer_queues.hpp>
#include <boost_ipq/detail/request/frame.hpp>
#include <boost_ipq/detail/request/posted_handler.hpp>
#include <boost_ipq/detail/request/receive_thread.hpp>
#include <boost_ipq/detail/request/sent_request.hpp>
#include <boost_ipq/detail/wait/waiters.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost_ipq/received_request.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <utility>

namespace boost_ipq {
namespace detail {

template <
    class Request, class Response, class RequestCodec, class ResponseCodec,
    class Storage>
class server_state
{
    using subscriber_type =
        basic_subscriber<std::allocator<std::byte>, Storage>;

public:
    using request = received_request<Request, Response, ResponseCodec, Storage>;

    template <class Mode>
    server_state(
        Mode mode, const queue_options& options,
        const RequestCodec& request_codec, const ResponseCodec& response_codec)
        : m_in(mode, options),
          m_clients(options),
          m_decoder(request_codec),
          m_encoder(std::make_shared<ResponseCodec>(response_codec)),
          m_thread([this] { m_looks.cancel_by([this] { m_in.cancel(); }); })
    {
        remove_abandoned_answers(Storage(), options);
    }

    subscriber_type& in() noexcept { return m_in; }
    const subscriber_type& in() const noexcept { return m_in; }
    receive_thread<request>& thread() noexcept { return m_thread; }
    handler_contexts<server_state>& contexts() noexcept { return m_contexts; }

    void cancel() noexcept
    {
        m_thread.cancel();
        cancel_waits();
    }

    // See handler_contexts.hpp.
    void discard(const boost::asio::execution_context& context) noexcept
    {
        // In a forked child they are the parent's, see leave_to_parent().
        if (!m_thread.is_of_this_process())
            return;
        m_contexts.forget(context);
        m_thread.discard(context);
    }

    // `receive` takes a delivery from the subscriber in its way. Without a code
    // it throws.
    template <class Receive, class... Code>
    request receive_within(const Receive& receive, Code&... ec)
    {
        const waiters::ticket ticket(m_receivers);
        for (;;)
        {
            // The thread ends all looks when it has kept a request.
            const waiters::ticket look(m_looks);
            if (request kept = m_thread.take_kept())
                return kept;
            boost::system::error_code why;
            if (delivery message = receive(m_in, why))
            {
                if (request result = taken(message))
                    return result;
                why = errc::canceled;
            }
            // A cancellation between two waits ends this call, too.
            const bool over = ticket.canceled() || receive.over();
            if (why == errc::canceled && !over)
                continue;
            if (over)
                why = errc::canceled;
            ((ec = why), ...);
            if (sizeof...(ec) == 0 && why && why != errc::canceled &&
                why != errc::stopped)
                throw_error(why, "receiving a request");
            return request();
        }
    }

private:
    void cancel_waits() noexcept
    {
        m_receivers.cancel_by([this] { m_in.cancel(); });
    }

    // Empty: the request is passed over.
    request taken(delivery& message)
    {
        request result;
        if (message.size() < sizeof(request_header))
        {
            message.acknowledge();
            return result;
        }
        taken_request place(message.data());
        const request_header header = place.header();
        const std::uint64_t call = header.call & call_number_mask;
        const bool serve = !message.redelivered() && place.take(header.call);
        // A server that has died had the request. What it did is not known, so
        // the request is not served again. Its client may have noticed.
        const bool tell =
            message.redelivered() && (header.call & request_withdrawn) == 0;
        if ((!serve && !tell) ||
            !(result.m_client = m_clients.of(header.client)))
        {
            message.acknowledge();
            return request();
        }
        result.m_call = call;
        result.m_codec = m_encoder;
        result.m_message = std::move(message);
        if (tell)
            tell_of_death(*result.m_client, call);
        else
            read(result, result.m_message);
        return result;
    }

    static void tell_of_death(answer_queue<Storage>& client, std::uint64_t call)
    {
        const answer_header note{call, answer_kind::server_died};
        client.send(&note, sizeof note);
    }

    // A request that cannot be read is dropped when `result` is destroyed.
    void read(request& result, const delivery& message)
    {
        try
        {
            result.m_request.emplace(read_object<Request, request_header>(
                m_decoder, message.data(), message.size()));
        }
        catch (const std::exception&)
        {
        }
    }

    subscriber_type m_in;
    answer_queues<Storage> m_clients;
    RequestCodec m_decoder;
    std::shared_ptr<ResponseCodec> m_encoder;
    waiters m_receivers; // the calls of receive_within()
    waiters m_looks;     // and their waits
    handler_contexts<server_state> m_contexts;
    receive_thread<request> m_thread;
};

// An operation that waits for a request.
template <class Request, class Handler>
class handled_receive final : public waiting_receive<Request>
{
public:
    explicit handled_receive(Handler&& handler) : m_handler(std::move(handler))
    {
    }

    boost::asio::execution_context* context() const override
    {
        return m_handler.context();
    }

private:
    void post_it(
        std::unique_ptr<waiting_receive<Request>> self,
        const boost::system::error_code& error, Request&& result) override
    {
        m_handler.post(std::move(self), error, std::move(result));
    }

    posted_handler<Handler, Request> m_handler;
};

} // namespace detail
} // namespace boost_ipq

#endif
