// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TYPED_PUBLISHER_HPP
#define BOOST_IPQ_TYPED_PUBLISHER_HPP

#include <boost_ipq/detail/typed/codec.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/wait/stop.hpp>
#include <boost_ipq/detail/handle/options_argument.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/typed_reservation.hpp>
#include <boost_ipq/storage.hpp>
#include <boost/assert.hpp>
#include <boost/iterator/transform_iterator.hpp>
#include <cstddef>
#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>

namespace boost_ipq {

//! Sends objects of one type.
//!
//! Without a codec, T is trivially copyable and is sent as it lies in memory:
//! pointers in it mean nothing to others. Its size and alignment are recorded
//! in the queue; opening a queue that records others, or none, is
//! queue_mismatch. A codec serves other types:
//!
//!     struct codec
//!     {
//!         // Calls sink(const void*, std::size_t) with the bytes, in order,
//!         // or sink(range).
//!         template <class Sink>
//!         void encode(const T& value, const Sink& sink) const;
//!         // `bytes` has data() and size() and becomes a std::string_view or
//!         // a std::span; or take the two as arguments.
//!         T decode(message_view bytes) const;
//!     };
//!
//! Its members need not be const; it must be safe to call from several threads,
//! if the handle is used so.
//!
//! The calls are those of basic_publisher with an object instead of bytes, with
//! the same results, exceptions and twins with an error code.
//!
//! Throws: also what encode() throws. The twins set errc::invalid_argument for
//! any std::exception of it, and not_enough_memory for std::bad_alloc.
//!
//! Complexity: without a codec, one copy and no allocation; with one, a buffer
//! from the allocator for each message.
//! Thread safety, crash safety: as basic_publisher.
template <
    class T, class Codec = no_codec,
    class Allocator = std::allocator<std::byte>, class Storage = shared_storage>
class typed_publisher
{
    static constexpr bool in_place = detail::lies_in_place<T, Codec>;

public:
    using value_type = T;
    using allocator_type = Allocator;
    using publisher_type = basic_publisher<Allocator, Storage>;

    //! Effects: a closed handle.
    typed_publisher() = default;

    //! Effects: opens a queue for objects of the type, as basic_publisher
    //! does. A queue that is created aligns messages as T needs.
    template <class Mode>
    typed_publisher(
        Mode mode, const queue_options& options, const Codec& codec = Codec(),
        const Allocator& allocator = Allocator())
        : m_codec(codec),
          m_out(mode, detail::typed_options<T, Codec>(options), allocator)
    {
    }

    //! Effects: the same; on failure sets `ec` and leaves the handle closed.
    template <class Mode>
    typed_publisher(
        Mode mode, const detail::options_argument& options,
        boost::system::error_code& ec, const Codec& codec = Codec(),
        const Allocator& allocator = Allocator())
        : m_codec(codec),
          m_out(
              mode, options.then(detail::typed_options<T, Codec>), ec,
              allocator)
    {
    }

    bool try_enqueue(const T& value)
    {
        return encode(value, [&](const void* data, std::size_t size) {
            return m_out.try_enqueue(data, size);
        });
    }

    bool try_enqueue(const T& value, boost::system::error_code& ec)
    {
        return encode(value, ec, [&](const void* data, std::size_t size) {
            return m_out.try_enqueue(data, size, ec);
        });
    }

    void enqueue(const T& value)
    {
        encode(value, [&](const void* data, std::size_t size) {
            m_out.enqueue(data, size);
        });
    }

    void enqueue(const T& value, boost::system::error_code& ec)
    {
        encode(value, ec, [&](const void* data, std::size_t size) {
            m_out.enqueue(data, size, ec);
            return true;
        });
    }

    template <class Stop, detail::if_stop_token<Stop> = 0>
    bool enqueue(const T& value, const Stop& stop)
    {
        return encode(value, [&](const void* data, std::size_t size) {
            return m_out.enqueue(data, size, stop);
        });
    }

    template <class Stop, detail::if_stop_token<Stop> = 0>
    bool
    enqueue(const T& value, const Stop& stop, boost::system::error_code& ec)
    {
        return encode(value, ec, [&](const void* data, std::size_t size) {
            return m_out.enqueue(data, size, stop, ec);
        });
    }

    template <class Time>
    bool timed_enqueue(const T& value, const Time& deadline)
    {
        return encode(value, [&](const void* data, std::size_t size) {
            return m_out.timed_enqueue(data, size, deadline);
        });
    }

    template <class Time>
    bool timed_enqueue(
        const T& value, const Time& deadline, boost::system::error_code& ec)
    {
        return encode(value, ec, [&](const void* data, std::size_t size) {
            return m_out.timed_enqueue(data, size, deadline, ec);
        });
    }

    //! Effects: sends the objects from `first` on, as many as fit, in one
    //! publication. Not with a codec.
    //! Returns: how many.
    template <class ForwardIterator, class... Rest>
    std::size_t
    try_enqueue_all(ForwardIterator first, ForwardIterator last, Rest&&... rest)
    {
        static_assert(in_place, "boost_ipq: a codec encodes one by one");
        using reference =
            typename std::iterator_traits<ForwardIterator>::reference;
        static_assert(
            std::is_reference<reference>::value &&
                std::is_same<
                    std::remove_cv_t<std::remove_reference_t<reference>>,
                    T>::value,
            "boost_ipq: the range must be of objects of the type, in memory");
        const auto view = [](const T& value) {
            return detail::byte_view(std::addressof(value), sizeof value);
        };
        return m_out.try_enqueue_all(
            boost::make_transform_iterator(first, view),
            boost::make_transform_iterator(last, view), rest...);
    }

    //! Effects: takes room for an object, to be filled in place; waits for it,
    //! as its name says. Not with a codec.
    template <class... Rest>
    typed_reservation<T> try_reserve(Rest&&... rest)
    {
        return reserved(m_out.try_reserve(sizeof(T), rest...));
    }

    template <class... Rest>
    typed_reservation<T> reserve(Rest&&... rest)
    {
        return reserved(m_out.reserve(sizeof(T), rest...));
    }

    template <class Time, class... Rest>
    typed_reservation<T> timed_reserve(const Time& deadline, Rest&&... rest)
    {
        return reserved(m_out.timed_reserve(sizeof(T), deadline, rest...));
    }

    //! As those of basic_publisher.
    void cancel() noexcept { m_out.cancel(); }
    void close() noexcept { m_out.close(); }
    bool is_open() const noexcept { return m_out.is_open(); }
    Allocator get_allocator() const { return m_out.get_allocator(); }

private:
    using bytes = detail::encoded<T, Codec, Allocator>;

    template <class Send>
    auto encode(const T& value, Send send)
    {
        const bytes message(value, m_codec, get_allocator());
        return send(message.data(), message.size());
    }

    template <class Send>
    bool encode(const T& value, boost::system::error_code& ec, Send send)
    {
        return detail::reported(ec, [&] {
            const bytes message = detail::as_error(errc::invalid_argument, [&] {
                return bytes(value, m_codec, get_allocator());
            });
            return send(message.data(), message.size());
        });
    }

    static typed_reservation<T> reserved(reservation&& room) noexcept
    {
        static_assert(in_place, "boost_ipq: a codec does not fill in place");
        return typed_reservation<T>(std::move(room));
    }

    Codec m_codec;
    publisher_type m_out;
};

} // namespace boost_ipq

#endif
