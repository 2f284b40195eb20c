// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_RECEIVED_REQUEST_HPP
#define BOOST_IPQ_RECEIVED_REQUEST_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/delivery.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/request/answer_queues.hpp>
#include <boost_ipq/detail/request/frame.hpp>
#include <boost_ipq/storage.hpp>
#include <boost_ipq/typed_codec.hpp>
#include <boost/system/error_code.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace boost_ipq {
namespace detail {

template <class, class, class, class, class>
class server_state;

} // namespace detail

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
    friend class detail::server_state;

    std::uint64_t m_call = 0;
    delivery m_message{}; // held until it is answered
    std::shared_ptr<queue> m_client{};
    std::shared_ptr<ResponseCodec> m_codec{};
    std::optional<Request> m_request{};
};

} // namespace boost_ipq

#endif
