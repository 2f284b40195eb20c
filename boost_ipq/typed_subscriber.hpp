// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TYPED_SUBSCRIBER_HPP
#define BOOST_IPQ_TYPED_SUBSCRIBER_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/handle/copy_targets.hpp>
#include <boost_ipq/detail/handle/misuse.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/typed/codec.hpp>
#include <boost_ipq/detail/handle/subscriber_side.hpp>
#include <boost_ipq/detail/wait/deadline.hpp>
#include <boost_ipq/detail/wait/stop.hpp>
#include <boost_ipq/storage.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost_ipq/typed_codec.hpp>
#include <boost_ipq/typed_delivery.hpp>
#include <boost_ipq/typed_handle.hpp>
#include <boost/config.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

namespace boost_ipq {

//! Receives objects of one type, sent by a typed_publisher with the same codec.
//!
//! typed_handle describes construction, cancel(), close() and the observers.
//! `typed_subscriber<T> in(open_only, "name");` opens a queue.
//!
//! What holds for every receiving call, unless its description says otherwise:
//!
//! Throws: queue_corrupt if the queue's memory is damaged; queue_removed if the
//! queue was removed and nothing is left in it; `error` with errc::closed if
//! the handle is not open. Without a codec, queue_mismatch for a message of a
//! different size, which only an untyped publisher can have sent; the message
//! stays in the queue, where an untyped subscriber can take it. With a codec,
//! what decode() throws; the message is delivered again.
//!
//! Overloads that take an error_code& report failure through `ec`, and return
//! false or an empty object then. They report std::bad_alloc of decode() as
//! not_enough_memory, and any other std::exception that is not an `error` as
//! errc::queue_mismatch. A canceled wait sets errc::canceled. If such a call
//! returns false or an empty delivery and `ec` is clear, the queue is empty,
//! the deadline has passed, or a stop was requested.
//!
//! Complexity: as basic_subscriber. A codec decodes in place.
//!
//! Thread safety: as basic_subscriber; with a codec, only if several threads
//! may call the codec at the same time.
//!
//! Crash safety: an object is lost only if the process dies after the call has
//! moved the queue past its message; with a codec, that is after decoding.
template <
    class T, class Codec = no_codec,
    class Allocator = std::allocator<std::byte>, class Storage = shared_storage>
class typed_subscriber
    : public typed_handle<
          T, Codec, typename detail::subscriber_in<Allocator, Storage>::type>
{
    using base = typed_handle<
        T, Codec, typename detail::subscriber_in<Allocator, Storage>::type>;
    using base::m_codec;
    using base::m_untyped;

public:
    //! The subscriber that receives the bytes.
    using subscriber_type =
        typename detail::subscriber_in<Allocator, Storage>::type;

    //! As the constructors of typed_handle.
    using base::base;

    //! Effects: takes the oldest object into `value`, if there is an object
    //! now.
    //! Returns: false if there is none.
    bool try_dequeue(T& value) { return finish(take(value, at_once())); }

    //! As `try_dequeue(value)`, but reports failure through `ec`.
    bool try_dequeue(T& value, boost::system::error_code& ec)
    {
        return finish(ec, [&] { return take(value, at_once()); });
    }

    //! Effects: takes the newest object into `value`, if there is an object
    //! now, and drops the older ones, as
    //! `basic_subscriber::try_dequeue_latest()` does.
    //! Returns: false if there is none.
    bool try_dequeue_latest(T& value) { return finish(take_latest(value)); }

    //! As `try_dequeue_latest(value)`, but reports failure through `ec`.
    bool try_dequeue_latest(T& value, boost::system::error_code& ec)
    {
        return finish(ec, [&] { return take_latest(value); });
    }

    //! Effects: drops the objects that wait now, as `basic_subscriber::purge()`
    //! does.
    //! Returns: how many.
    std::size_t purge() { return m_untyped.purge(); }

    //! As `purge()`, but reports failure through `ec`.
    std::size_t purge(boost::system::error_code& ec)
    {
        return m_untyped.purge(ec);
    }

    //! Requires: f(const T&) can be called.
    //! Effects: calls `f` with a copy of each object that waits now, oldest
    //! first, and leaves the objects in the queue, as
    //! `basic_subscriber::peek()` does.
    //! Returns: the number of objects.
    template <class Function>
    std::size_t peek(Function&& f)
    {
        return m_untyped.peek(decoding(f));
    }

    //! As `peek(f)`, but for at most `n` objects.
    template <class Function>
    std::size_t peek(Function&& f, std::size_t n)
    {
        return m_untyped.peek(decoding(f), n);
    }

    //! As `peek(f)`, but reports failure through `ec`.
    template <class Function>
    std::size_t peek(Function&& f, boost::system::error_code& ec)
    {
        return m_untyped.peek(decoding<true>(f), ec);
    }

    //! As `peek(f, n)`, but reports failure through `ec`.
    template <class Function>
    std::size_t peek(Function&& f, std::size_t n, boost::system::error_code& ec)
    {
        return m_untyped.peek(decoding<true>(f), n, ec);
    }

    //! Effects: takes the oldest object, if there is an object now.
    //! Returns: the object; std::nullopt if there is none.
    std::optional<T> try_dequeue()
    {
        std::optional<T> result;
        finish(take(result, at_once()));
        return result;
    }

    //! As `try_dequeue()`, but reports failure through `ec`, and returns
    //! std::nullopt then.
    std::optional<T> try_dequeue(boost::system::error_code& ec)
    {
        std::optional<T> result;
        finish(ec, [&] { return take(result, at_once()); });
        return result;
    }

    //! Effects: waits for an object and takes it into `value`.
    //! Returns: false if the wait was canceled by cancel() or close().
    bool dequeue(T& value) { return finish(take(value, detail::no_limit())); }

    //! As `dequeue(value)`, but reports failure through `ec`.
    bool dequeue(T& value, boost::system::error_code& ec)
    {
        return finish(ec, [&] { return take(value, detail::no_limit()); });
    }

    //! Effects: waits for an object until `stop.stop_requested()`, and takes it
    //! into `value`. A std::stop_token ends the wait at once; an object of any
    //! other type is asked every 10 milliseconds.
    //! Returns: false if a stop was requested, or the wait was canceled by
    //! cancel() or close().
    template <class Stop, detail::if_stop_token<Stop> = 0>
    bool dequeue(T& value, const Stop& stop)
    {
        return finish(take(value, detail::until_stopped(stop)));
    }

    //! As `dequeue(value, stop)`, but reports failure through `ec`.
    template <class Stop, detail::if_stop_token<Stop> = 0>
    bool dequeue(T& value, const Stop& stop, boost::system::error_code& ec)
    {
        return finish(
            ec, [&] { return take(value, detail::until_stopped(stop)); });
    }

    //! Effects: waits for an object until a time point or for a duration, as
    //! basic_subscriber::timed_dequeue() does, and takes it into `value`.
    //! Returns: false if the deadline has passed, or the wait was canceled by
    //! cancel() or close().
    template <class Time>
    bool timed_dequeue(T& value, const Time& deadline)
    {
        return finish(take(value, detail::deadline_of(deadline)));
    }

    //! As `timed_dequeue(value, deadline)`, but reports failure through `ec`.
    template <class Time>
    bool
    timed_dequeue(T& value, const Time& deadline, boost::system::error_code& ec)
    {
        return finish(
            ec, [&] { return take(value, detail::deadline_of(deadline)); });
    }

    //! As `timed_dequeue(value, deadline)`, but returns the object, or
    //! std::nullopt.
    template <class Time, detail::if_deadline<Time> = 0>
    std::optional<T> timed_dequeue(const Time& deadline)
    {
        std::optional<T> result;
        finish(take(result, detail::until(deadline)));
        return result;
    }

    //! As `timed_dequeue(deadline)`, but reports failure through `ec`, and
    //! returns std::nullopt then.
    template <class Time, detail::if_deadline<Time> = 0>
    std::optional<T>
    timed_dequeue(const Time& deadline, boost::system::error_code& ec)
    {
        std::optional<T> result;
        finish(ec, [&] { return take(result, detail::until(deadline)); });
        return result;
    }

    //! Effects: waits for an object and takes it.
    //! Returns: the object.
    //! Throws: also `error` with errc::canceled after cancel() or close(), and
    //! with errc::stopped after stop().
    T dequeue()
    {
        delivery message;
        const detail::status end = claim(message, detail::no_limit());
        if (!finish(end))
            detail::throw_error(detail::error_of(end));
        T result(decode(message.data(), message.size()));
        message.acknowledge();
        return result;
    }

    //! As `dequeue()`, but reports failure through `ec`, and returns
    //! std::nullopt then.
    std::optional<T> dequeue(boost::system::error_code& ec)
    {
        std::optional<T> result;
        finish(ec, [&] { return take(result, detail::no_limit()); });
        return result;
    }

    //! Requires: no codec.
    //! Effects: takes the oldest object, if there is an object now. The caller
    //! reads it in place and acknowledges it.
    //! Returns: an empty delivery if there is none.
    //! Complexity: constant. No copy.
    //! Crash safety: an object that is not acknowledged is delivered again.
    typed_delivery<T> try_receive() { return receive_one(at_once()); }

    //! As `try_receive()`, but reports failure through `ec`.
    typed_delivery<T> try_receive(boost::system::error_code& ec)
    {
        return receive_one_or(ec, at_once());
    }

    //! Requires: no codec.
    //! Effects: waits for an object and takes it. The caller reads it in place
    //! and acknowledges it.
    //! Returns: an empty delivery if the wait was canceled by cancel() or
    //! close().
    //! Complexity, crash safety: as `try_receive()`.
    typed_delivery<T> receive() { return receive_one(detail::no_limit()); }

    //! As `receive()`, but reports failure through `ec`.
    typed_delivery<T> receive(boost::system::error_code& ec)
    {
        return receive_one_or(ec, detail::no_limit());
    }

    //! As `receive()`, but waits until `stop.stop_requested()` at most, and
    //! returns an empty delivery then.
    template <class Stop, detail::if_stop_token<Stop> = 0>
    typed_delivery<T> receive(const Stop& stop)
    {
        return receive_one(detail::until_stopped(stop));
    }

    //! As `receive(stop)`, but reports failure through `ec`.
    template <class Stop, detail::if_stop_token<Stop> = 0>
    typed_delivery<T> receive(const Stop& stop, boost::system::error_code& ec)
    {
        return receive_one_or(ec, detail::until_stopped(stop));
    }

    //! As `receive()`, but waits until `deadline` at most, and returns an empty
    //! delivery then.
    template <class Time>
    typed_delivery<T> timed_receive(const Time& deadline)
    {
        return receive_one(detail::deadline_of(deadline));
    }

    //! As `timed_receive(deadline)`, but reports failure through `ec`.
    template <class Time>
    typed_delivery<T>
    timed_receive(const Time& deadline, boost::system::error_code& ec)
    {
        return receive_one_or(ec, detail::deadline_of(deadline));
    }

    //! Requires: f(const T&) can be called.
    //! Effects: if there is an object now, calls `f` with the oldest object,
    //! then acknowledges it.
    //! Returns: the number of objects, 0 or 1.
    //! Throws: also what `f` throws; the object is delivered again then.
    //! Crash safety: if the process dies before `f` has returned, the object is
    //! delivered again.
    template <class Function>
    std::size_t consume_one(Function&& f)
    {
        return m_untyped.consume_one(decoding(f));
    }

    //! As `consume_one(f)`, but reports failure through `ec`. If `f` throws an
    //! `error`, std::invalid_argument or std::bad_alloc, that is reported, too;
    //! other exceptions of `f` are still thrown.
    template <class Function>
    std::size_t consume_one(Function&& f, boost::system::error_code& ec)
    {
        std::size_t result = 0;
        detail::reported(ec, [&] {
            result = m_untyped.consume_one(decoding<true>(f));
            return true;
        });
        return result;
    }

    //! Requires: f(const T&) can be called.
    //! Effects: calls `f` with each object, oldest first, then acknowledges it.
    //! Takes several objects at a time, and ends, as
    //! basic_subscriber::consume_all() does.
    //! Returns: the number of objects.
    //! Throws: also what `f` throws. The object that `f` was called with is
    //! delivered again then; the objects behind it may count as redelivered,
    //! too.
    //! Complexity: as basic_subscriber::consume_all(). A codec decodes each
    //! object.
    //! Crash safety: if the process dies, each object for which `f` has not
    //! returned is delivered again.
    template <class Function>
    std::size_t consume_all(Function&& f)
    {
        return m_untyped.consume_all(decoding(f));
    }

    //! As `consume_all(f)`, but reports failure through `ec`, and returns the
    //! number of objects before it. If `f` throws an `error`,
    //! std::invalid_argument or std::bad_alloc, that is reported, too; other
    //! exceptions of `f` are still thrown.
    template <class Function>
    std::size_t consume_all(Function&& f, boost::system::error_code& ec)
    {
        return m_untyped.consume_all(decoding<true>(f), ec);
    }

private:
    static constexpr bool in_place = !detail::has_codec<Codec>;

    // Used instead of a deadline: does not wait.
    struct at_once
    {
    };

    static detail::object_target target(T* object = nullptr) noexcept
    {
        return {object, sizeof(T)};
    }

    bool finish(detail::status result) const
    {
        return m_untyped.m_handle.check(result, target());
    }

    template <class Operation>
    static bool finish(boost::system::error_code& ec, Operation operation)
    {
        return detail::finish(ec, [&] {
            return detail::call_codec(errc::queue_mismatch, operation);
        });
    }

    decltype(auto) decode(const void* data, std::size_t size)
    {
        return detail::decode<T>(m_codec, data, size);
    }

    // Limit: at_once or a wait_limit.
    template <class Attempt>
    BOOST_FORCEINLINE detail::status run(Attempt& attempt, at_once)
    {
        return m_untyped.m_handle.now(attempt);
    }

    template <class Attempt, class Limit>
    detail::status run(Attempt& attempt, const Limit& limit)
    {
        return m_untyped.m_handle.try_until(limit, attempt);
    }

    template <class Limit>
    BOOST_FORCEINLINE detail::status take(T& value, const Limit& limit)
    {
        if constexpr (in_place)
        {
            detail::receiving<detail::object_target> attempt{
                target(std::addressof(value))};
            const detail::status result = run(attempt, limit);
            return result == detail::status::declined ? detail::status::other
                                                      : result;
        }
        else
        {
            delivery message;
            const detail::status result = claim(message, limit);
            if (result == detail::status::done)
            {
                value = decode(message.data(), message.size());
                message.acknowledge();
            }
            return result;
        }
    }

    detail::status take_latest(T& value)
    {
        if constexpr (in_place)
        {
            detail::receiving_latest<detail::object_target> attempt{
                target(std::addressof(value))};
            const detail::status result = run(attempt, at_once());
            return result == detail::status::declined ? detail::status::other
                                                      : result;
        }
        else
        {
            detail::status result = detail::status::would_block;
            delivery message = m_untyped.claimed([&](detail::claiming held) {
                detail::claiming_latest attempt{held.held};
                result = run(attempt, at_once());
                return result == detail::status::done;
            });
            if (result == detail::status::done)
            {
                value = decode(message.data(), message.size());
                message.acknowledge();
            }
            return result;
        }
    }

    // As take(value, limit), for a T that need not have a default constructor.
    template <class Limit>
    detail::status take(std::optional<T>& result, const Limit& limit)
    {
        delivery message;
        const detail::status end = claim(message, limit);
        if (end == detail::status::done)
        {
            result.emplace(decode(message.data(), message.size()));
            message.acknowledge();
        }
        return end;
    }

    // Claims a message. One that cannot be a T stays in the queue.
    template <class Limit>
    detail::status claim(delivery& message, const Limit& limit)
    {
        detail::status result = detail::status::would_block;
        message = m_untyped.claimed([&](detail::claiming attempt) {
            result = run(attempt, limit);
            return result == detail::status::done;
        });
        if (!in_place || result != detail::status::done ||
            message.size() == sizeof(T))
            return result;
        message.give_back();
        return detail::status::other;
    }

    template <class Limit>
    typed_delivery<T> receive_one(const Limit& limit)
    {
        static_assert(
            in_place,
            "boost_ipq: objects with a codec cannot be read in place");
        delivery message;
        finish(claim(message, limit));
        return typed_delivery<T>(std::move(message));
    }

    template <class Limit>
    typed_delivery<T>
    receive_one_or(boost::system::error_code& ec, const Limit& limit)
    {
        static_assert(
            in_place,
            "boost_ipq: objects with a codec cannot be read in place");
        delivery message;
        detail::finish(ec, [&] { return claim(message, limit); });
        return typed_delivery<T>(std::move(message));
    }

    template <bool ReportsCode = false, class Function>
    auto decoding(Function& f)
    {
        return [this, &f](const void* data, std::size_t size) {
            if (in_place && size != sizeof(T))
                m_untyped.m_handle.fail(detail::status::other, target());
            const auto decoded = [&]() -> decltype(auto) {
                return decode(data, size);
            };
            if constexpr (ReportsCode)
                f(detail::call_codec(errc::queue_mismatch, decoded));
            else
                f(decoded());
        };
    }
};

} // namespace boost_ipq

#endif
