// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TYPED_SUBSCRIBER_HPP
#define BOOST_IPQ_TYPED_SUBSCRIBER_HPP

#include <boost_ipq/detail/typed/codec.hpp>
#include <boost_ipq/detail/wait/deadline.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/handle/copy_targets.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/wait/stop.hpp>
#include <boost_ipq/detail/handle/options_argument.hpp>
#include <boost_ipq/storage.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost_ipq/typed_delivery.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

namespace boost_ipq {

//! Receives objects of one type, which typed_publisher with the same codec
//! sends.
//!
//! The calls are those of basic_subscriber with an object instead of a buffer,
//! with the same results, exceptions and twins with an error code:
//! try_dequeue(value), dequeue(value), dequeue(value, stop),
//! timed_dequeue(value, deadline), dequeue().
//!
//! Throws: without a codec, queue_mismatch for a message of another size, which
//! only a handle of bytes can have sent; it stays in the queue, for a handle of
//! bytes to take. With a codec, what decode() throws, and the message is
//! delivered again; the twins set errc::queue_mismatch for any std::exception
//! of it, and not_enough_memory for std::bad_alloc.
//!
//! Complexity: without a codec, one copy and no allocation; a codec decodes in
//! place.
//! Thread safety, crash safety: as basic_subscriber; with a codec, a message
//! is delivered again if the process dies before it is decoded.
template <
    class T, class Codec = no_codec,
    class Allocator = std::allocator<std::byte>, class Storage = shared_storage>
class typed_subscriber
{
    static constexpr bool in_place = detail::lies_in_place<T, Codec>;

public:
    using value_type = T;
    using allocator_type = Allocator;
    using subscriber_type = basic_subscriber<Allocator, Storage>;

    //! Effects: a closed handle.
    typed_subscriber() = default;

    //! Effects: opens a queue for objects of the type, as basic_subscriber
    //! does.
    template <class Mode>
    typed_subscriber(
        Mode mode, const queue_options& options, const Codec& codec = Codec(),
        const Allocator& allocator = Allocator())
        : m_codec(codec),
          m_in(mode, detail::typed_options<T, Codec>(options), allocator)
    {
    }

    //! Effects: the same; on failure sets `ec` and leaves the handle closed.
    template <class Mode>
    typed_subscriber(
        Mode mode, const detail::options_argument& options,
        boost::system::error_code& ec, const Codec& codec = Codec(),
        const Allocator& allocator = Allocator())
        : m_codec(codec),
          m_in(
              mode, options.then(detail::typed_options<T, Codec>), ec,
              allocator)
    {
    }

    bool try_dequeue(T& value) { return finish(take_now(value)); }

    bool try_dequeue(T& value, boost::system::error_code& ec)
    {
        return finish(ec, [&] { return take_now(value); });
    }

    bool dequeue(T& value) { return finish(take(value)); }

    bool dequeue(T& value, boost::system::error_code& ec)
    {
        return finish(ec, [&] { return take(value); });
    }

    template <class Stop, detail::if_stop_token<Stop> = 0>
    bool dequeue(T& value, const Stop& stop)
    {
        return finish(take(value, detail::no_deadline(), stop));
    }

    template <class Stop, detail::if_stop_token<Stop> = 0>
    bool dequeue(T& value, const Stop& stop, boost::system::error_code& ec)
    {
        return finish(
            ec, [&] { return take(value, detail::no_deadline(), stop); });
    }

    template <class Time>
    bool timed_dequeue(T& value, const Time& deadline)
    {
        return finish(take(value, detail::make_deadline(deadline)));
    }

    template <class Time>
    bool
    timed_dequeue(T& value, const Time& deadline, boost::system::error_code& ec)
    {
        return finish(
            ec, [&] { return take(value, detail::make_deadline(deadline)); });
    }

    //! Effects: waits for an object. Returns: it.
    //! Throws: also `error` with errc::canceled after cancel().
    T dequeue()
    {
        delivery message;
        const detail::status end = m_in.claim_waiting(message);
        detail::complete(claimed(end, message), m_in.m_handle, wanted());
        T result(decode(message.data(), message.size()));
        message.acknowledge();
        return result;
    }

    //! Effects: the same. Returns: nothing if it failed, and sets `ec`.
    std::optional<T> dequeue(boost::system::error_code& ec)
    {
        std::optional<T> result;
        finish(ec, [&] {
            delivery message;
            detail::status end = m_in.claim_waiting(message);
            end = claimed(end, message);
            if (end == detail::status::done)
            {
                result.emplace(decode(message.data(), message.size()));
                message.acknowledge();
            }
            return end;
        });
        return result;
    }

    //! Effects: takes the oldest object, if there is one, to be read in place
    //! and acknowledged; waits for it, as its name says. Not with a codec.
    typed_delivery<T> try_receive()
    {
        return received(
            [&](delivery& message) { return m_in.claim_now(message); });
    }

    typed_delivery<T> try_receive(boost::system::error_code& ec)
    {
        return received(
            [&](delivery& message) { return m_in.claim_now(message); }, ec);
    }

    typed_delivery<T> receive()
    {
        return received(
            [&](delivery& message) { return m_in.claim_waiting(message); });
    }

    typed_delivery<T> receive(boost::system::error_code& ec)
    {
        return received(
            [&](delivery& message) { return m_in.claim_waiting(message); }, ec);
    }

    template <class Stop, detail::if_stop_token<Stop> = 0>
    typed_delivery<T> receive(const Stop& stop)
    {
        return received([&](delivery& message) {
            return m_in.claim_waiting(message, detail::no_deadline(), stop);
        });
    }

    template <class Stop, detail::if_stop_token<Stop> = 0>
    typed_delivery<T> receive(const Stop& stop, boost::system::error_code& ec)
    {
        return received(
            [&](delivery& message) {
                return m_in.claim_waiting(message, detail::no_deadline(), stop);
            },
            ec);
    }

    template <class Time>
    typed_delivery<T> timed_receive(const Time& deadline)
    {
        return received([&](delivery& message) {
            return m_in.claim_waiting(message, detail::make_deadline(deadline));
        });
    }

    template <class Time>
    typed_delivery<T>
    timed_receive(const Time& deadline, boost::system::error_code& ec)
    {
        return received(
            [&](delivery& message) {
                return m_in.claim_waiting(
                    message, detail::make_deadline(deadline));
            },
            ec);
    }

    //! Effects: if there is an object now, calls f(const T&) with it, and takes
    //! it. If `f` throws, it is delivered again. Returns: the number, 0 or 1.
    template <class Function>
    std::size_t consume_one(Function&& f)
    {
        return m_in.consume_one(decoding<false>(f));
    }

    template <class Function>
    std::size_t consume_one(Function&& f, boost::system::error_code& ec)
    {
        std::size_t result = 0;
        detail::reported(ec, [&] {
            result = m_in.consume_one(decoding<true>(f));
            return true;
        });
        return result;
    }

    //! Effects: the same with all objects, as basic_subscriber.
    //! Returns: the number.
    template <class Function>
    std::size_t consume_all(Function&& f)
    {
        return m_in.consume_all(decoding<false>(f));
    }

    template <class Function>
    std::size_t consume_all(Function&& f, boost::system::error_code& ec)
    {
        return m_in.consume_all(decoding<true>(f), ec);
    }

    //! As those of basic_subscriber.
    void cancel() noexcept { m_in.cancel(); }
    void close() noexcept { m_in.close(); }
    bool is_open() const noexcept { return m_in.is_open(); }
    Allocator get_allocator() const { return m_in.get_allocator(); }

private:
    static detail::object_target wanted() noexcept
    {
        return {nullptr, sizeof(T)};
    }

    bool finish(detail::status result) const
    {
        return detail::finish(result, m_in.m_handle, wanted());
    }

    // A message of another size stays.
    static detail::status claimed(detail::status result, delivery& message)
    {
        if (!in_place || result != detail::status::done ||
            message.size() == sizeof(T))
            return result;
        message.give_back();
        return detail::status::other;
    }

    // A codec's exception is a code for the twins.
    template <class Operation>
    static bool finish(boost::system::error_code& ec, Operation operation)
    {
        return detail::finish(ec, [&] {
            return detail::as_error(errc::queue_mismatch, operation);
        });
    }

    template <bool AsError, class Function>
    auto decoding(Function& f)
    {
        return [this, &f](const void* data, std::size_t size) {
            if (in_place && size != sizeof(T))
                m_in.m_handle.fail(detail::status::other, wanted());
            const auto decoded = [&]() -> decltype(auto) {
                return decode(data, size);
            };
            if constexpr (AsError)
                f(detail::as_error(errc::queue_mismatch, decoded));
            else
                f(decoded());
        };
    }

    decltype(auto) decode(const void* data, std::size_t size)
    {
        if constexpr (in_place)
            return (*static_cast<const T*>(data));
        else if constexpr (detail::decodes_view<Codec>::value)
            return m_codec.decode(message_view(data, size));
        else
            return m_codec.decode(data, size);
    }

    template <class Take>
    detail::status copied(T& value, Take take)
    {
        const detail::status result =
            take(detail::object_target{std::addressof(value), sizeof value});
        return result == detail::status::declined ? detail::status::other
                                                  : result;
    }

    detail::status decoded(T& value, detail::status result, delivery& message)
    {
        if (result == detail::status::done)
        {
            value = decode(message.data(), message.size());
            message.acknowledge();
        }
        return result;
    }

    detail::status take_now(T& value)
    {
        if constexpr (in_place)
            return copied(
                value, [&](auto sink) { return m_in.receive_now(sink); });
        else
        {
            delivery message;
            const detail::status result = m_in.claim_now(message);
            return decoded(value, result, message);
        }
    }

    template <
        class Deadline = detail::no_deadline, class Stop = detail::never_stop>
    detail::status take(
        T& value, const Deadline& deadline = Deadline(),
        const Stop& stop = Stop())
    {
        if constexpr (in_place)
            return copied(value, [&](auto sink) {
                return m_in.receive_waiting(sink, deadline, stop);
            });
        else
        {
            delivery message;
            const detail::status result =
                m_in.claim_waiting(message, deadline, stop);
            return decoded(value, result, message);
        }
    }

    template <class Claim, class... Code>
    typed_delivery<T> received(Claim claim, Code&... ec)
    {
        static_assert(in_place, "boost_ipq: a codec does not read in place");
        delivery message;
        const auto operation = [&] {
            const detail::status result = claim(message);
            return claimed(result, message);
        };
        if constexpr (sizeof...(ec) == 0)
            finish(operation());
        else
            detail::finish(ec..., operation);
        return typed_delivery<T>(std::move(message));
    }

    Codec m_codec;
    subscriber_type m_in;
};

} // namespace boost_ipq

#endif
