// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TYPED_PUBLISHER_HPP
#define BOOST_IPQ_TYPED_PUBLISHER_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/detail/core/byte_view.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/typed/codec.hpp>
#include <boost_ipq/detail/wait/stop.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/storage.hpp>
#include <boost_ipq/typed_codec.hpp>
#include <boost_ipq/typed_handle.hpp>
#include <boost_ipq/typed_reservation.hpp>
#include <boost/iterator/transform_iterator.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>

namespace boost_ipq {

//! Sends objects of one type.
//!
//! Without a codec, T must be trivially copyable. An object is sent as the
//! bytes that it has in memory; pointers in it are not valid in other
//! processes. A codec encodes each object as a message; no_codec describes its
//! interface.
//!
//! typed_handle describes construction, cancel(), close() and the observers.
//! `typed_publisher<T> out(open_only, "name");` opens a queue.
//!
//! What holds for every sending call, unless its description says otherwise:
//!
//! Throws: as the sending calls of basic_publisher; what encode() throws.
//!
//! Overloads that take an error_code& report failure through `ec`, and return
//! false, 0 or an empty reservation then. They report std::bad_alloc of
//! encode() as not_enough_memory, and any other std::exception that is not an
//! `error` as errc::invalid_argument. A canceled wait sets errc::canceled. If
//! such a call returns false or an empty reservation and `ec` is clear, the
//! queue is full, the deadline has passed, or a stop was requested.
//!
//! Complexity: as basic_publisher; with a codec, also one buffer from the
//! allocator.
//!
//! Thread safety: as basic_publisher; with a codec, only if several threads may
//! call the codec at the same time.
//!
//! Crash safety: as basic_publisher.
template <
    class T, class Codec = no_codec,
    class Allocator = std::allocator<std::byte>, class Storage = shared_storage>
class typed_publisher
    : public typed_handle<
          T, Codec, typename detail::publisher_in<Allocator, Storage>::type>
{
    using base = typed_handle<
        T, Codec, typename detail::publisher_in<Allocator, Storage>::type>;
    using base::m_codec;
    using base::m_untyped;

public:
    //! The publisher that sends the bytes.
    using publisher_type =
        typename detail::publisher_in<Allocator, Storage>::type;

    //! As the constructors of typed_handle.
    using base::base;

    //! Effects: sends an object if there is room now.
    //! Returns: false if the queue is full, and for no other reason.
    bool try_enqueue(const T& value)
    {
        return m_untyped.try_enqueue(encode(value));
    }

    //! As `try_enqueue(value)`, but reports failure through `ec`.
    bool try_enqueue(const T& value, boost::system::error_code& ec)
    {
        return encode(value, ec, [&](const auto& message) {
            return m_untyped.try_enqueue(message, ec);
        });
    }

    //! Effects: sends an object, and drops the oldest ones if there is no room
    //! for it, as `basic_publisher::try_enqueue_overwriting()` does.
    //! Returns: false, with `dropped` 0, if what is in the way is being filled
    //! or read in place.
    bool try_enqueue_overwriting(const T& value, std::size_t& dropped)
    {
        return m_untyped.try_enqueue_overwriting(encode(value), dropped);
    }

    //! As `try_enqueue_overwriting(value, dropped)`, but reports failure
    //! through `ec`.
    bool try_enqueue_overwriting(
        const T& value, std::size_t& dropped, boost::system::error_code& ec)
    {
        return encode(value, ec, [&](const auto& message) {
            return m_untyped.try_enqueue_overwriting(message, dropped, ec);
        });
    }

    //! Effects: waits for room and sends an object.
    //! Throws: also `error` with errc::canceled after cancel() or close(), and
    //! with errc::stopped after stop().
    void enqueue(const T& value) { m_untyped.enqueue(encode(value)); }

    //! As `enqueue(value)`, but reports failure through `ec`.
    void enqueue(const T& value, boost::system::error_code& ec)
    {
        encode(value, ec, [&](const auto& message) {
            m_untyped.enqueue(message, ec);
            return true;
        });
    }

    //! Effects: waits for room until `stop.stop_requested()`, and sends an
    //! object. A std::stop_token ends the wait at once; an object of any other
    //! type is asked every 10 milliseconds.
    //! Returns: false if a stop was requested, or the wait was canceled by
    //! cancel() or close().
    template <class Stop, detail::if_stop_token<Stop> = 0>
    bool enqueue(const T& value, const Stop& stop)
    {
        return m_untyped.enqueue(encode(value), stop);
    }

    //! As `enqueue(value, stop)`, but reports failure through `ec`.
    template <class Stop, detail::if_stop_token<Stop> = 0>
    bool
    enqueue(const T& value, const Stop& stop, boost::system::error_code& ec)
    {
        return encode(value, ec, [&](const auto& message) {
            return m_untyped.enqueue(message, stop, ec);
        });
    }

    //! Effects: waits for room until a time point or for a duration, as
    //! basic_publisher::timed_enqueue() does, and sends an object.
    //! Returns: false if the deadline has passed, or the wait was canceled by
    //! cancel() or close().
    template <class Time>
    bool timed_enqueue(const T& value, const Time& deadline)
    {
        return m_untyped.timed_enqueue(encode(value), deadline);
    }

    //! As `timed_enqueue(value, deadline)`, but reports failure through `ec`.
    template <class Time>
    bool timed_enqueue(
        const T& value, const Time& deadline, boost::system::error_code& ec)
    {
        return encode(value, ec, [&](const auto& message) {
            return m_untyped.timed_enqueue(message, deadline, ec);
        });
    }

    //! Requires: no codec. The iterators refer to objects of type T in memory.
    //! Effects: sends as many of the objects in [first, last) as fit, from
    //! `first` on, in one publication: subscribers see all of them or none.
    //! Returns: the number of objects sent; 0 if the queue is full.
    //! Throws, complexity, crash safety: as basic_publisher::try_enqueue_all().
    template <class ForwardIterator>
    std::size_t try_enqueue_all(ForwardIterator first, ForwardIterator last)
    {
        return m_untyped.try_enqueue_all(as_bytes(first), as_bytes(last));
    }

    //! As `try_enqueue_all(first, last)`, but reports failure through `ec`.
    template <class ForwardIterator>
    std::size_t try_enqueue_all(
        ForwardIterator first, ForwardIterator last,
        boost::system::error_code& ec)
    {
        return m_untyped.try_enqueue_all(as_bytes(first), as_bytes(last), ec);
    }

    //! Requires: no codec.
    //! Effects: reserves room for an object, if there is room now. The caller
    //! fills it in place and commits it.
    //! Returns: an empty reservation if the queue is full.
    //! Complexity: constant. No copy.
    typed_reservation<T> try_reserve()
    {
        return in_place(m_untyped.try_reserve(sizeof(T)));
    }

    //! As `try_reserve()`, but reports failure through `ec`.
    typed_reservation<T> try_reserve(boost::system::error_code& ec)
    {
        return in_place(m_untyped.try_reserve(sizeof(T), ec));
    }

    //! Requires: no codec.
    //! Effects: waits for room, and reserves it for an object.
    //! Returns: an empty reservation if the wait was canceled by cancel() or
    //! close().
    //! Complexity: constant. No copy.
    typed_reservation<T> reserve()
    {
        return in_place(m_untyped.reserve(sizeof(T)));
    }

    //! As `reserve()`, but reports failure through `ec`.
    typed_reservation<T> reserve(boost::system::error_code& ec)
    {
        return in_place(m_untyped.reserve(sizeof(T), ec));
    }

    //! As `reserve()`, but waits until `stop.stop_requested()` at most, and
    //! returns an empty reservation then.
    template <class Stop, detail::if_stop_token<Stop> = 0>
    typed_reservation<T> reserve(const Stop& stop)
    {
        return in_place(m_untyped.reserve(sizeof(T), stop));
    }

    //! As `reserve(stop)`, but reports failure through `ec`.
    template <class Stop, detail::if_stop_token<Stop> = 0>
    typed_reservation<T>
    reserve(const Stop& stop, boost::system::error_code& ec)
    {
        return in_place(m_untyped.reserve(sizeof(T), stop, ec));
    }

    //! As `reserve()`, but waits until `deadline` at most, and returns an empty
    //! reservation then.
    template <class Time>
    typed_reservation<T> timed_reserve(const Time& deadline)
    {
        return in_place(m_untyped.timed_reserve(sizeof(T), deadline));
    }

    //! As `timed_reserve(deadline)`, but reports failure through `ec`.
    template <class Time>
    typed_reservation<T>
    timed_reserve(const Time& deadline, boost::system::error_code& ec)
    {
        return in_place(m_untyped.timed_reserve(sizeof(T), deadline, ec));
    }

private:
    using bytes = detail::encoded<T, Codec, Allocator>;

    bytes encode(const T& value)
    {
        return bytes(value, m_codec, this->get_allocator());
    }

    template <class Send>
    bool encode(const T& value, boost::system::error_code& ec, Send send)
    {
        return detail::reported(ec, [&] {
            return send(detail::call_codec(
                errc::invalid_argument, [&] { return encode(value); }));
        });
    }

    template <class ForwardIterator>
    static auto as_bytes(ForwardIterator object)
    {
        static_assert(
            !detail::has_codec<Codec>,
            "boost_ipq: a codec encodes objects one by one");
        using reference =
            typename std::iterator_traits<ForwardIterator>::reference;
        static_assert(
            std::is_reference<reference>::value &&
                std::is_same<
                    std::remove_cv_t<std::remove_reference_t<reference>>,
                    T>::value,
            "boost_ipq: the iterators must refer to objects of the type, in "
            "memory");
        return boost::make_transform_iterator(object, [](const T& value) {
            return detail::byte_view(std::addressof(value), sizeof value);
        });
    }

    static typed_reservation<T> in_place(reservation&& room) noexcept
    {
        static_assert(
            !detail::has_codec<Codec>,
            "boost_ipq: objects with a codec cannot be filled in place");
        return typed_reservation<T>(std::move(room));
    }
};

} // namespace boost_ipq

#endif
