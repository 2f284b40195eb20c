// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TYPED_HANDLE_HPP
#define BOOST_IPQ_TYPED_HANDLE_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/detail/attachment/opening_limit.hpp>
#include <boost_ipq/detail/handle/options_argument.hpp>
#include <boost_ipq/detail/typed/codec.hpp>
#include <boost_ipq/fwd.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>

namespace boost_ipq {

//! The base class of typed_publisher and typed_subscriber. Programs do not name
//! it. `Handle` is the basic_publisher or basic_subscriber that transfers the
//! bytes.
//!
//! Without a codec, T holds its own data: it is neither a pointer nor a view
//! nor empty. The queue records the size and the alignment of T and, where
//! type_name<T> is specialized, its name. A queue that has recorded a different
//! type is not opened. A queue that was created by a handle of bytes has
//! recorded none: the first typed handle that opens it records T.
//!
//! Handles can be moved, which leaves the source closed, but not copied.
//!
//! What holds for every call, unless its description says otherwise:
//!
//! Complexity: constant.
//!
//! Thread safety: as basic_handle; with a codec, only if several threads may
//! call the codec at the same time.
//!
//! Crash safety: as basic_handle.
template <class T, class Codec, class Handle>
class typed_handle
{
public:
    //! The type of the objects.
    using value_type = T;

    //! The allocator of the handle.
    using allocator_type = typename Handle::allocator_type;

    //! Effects: makes a closed handle.
    //! Throws: what the codec's default constructor throws.
    typed_handle() = default;

    //! Requires: `mode` is create_only, open_only or open_or_create.
    //! Effects: creates or opens a queue for objects of type T. A queue that is
    //! created aligns its messages as T requires. The handle uses a copy of
    //! `codec`.
    //! Throws: as the constructors of basic_handle; queue_mismatch also if the
    //! queue has a different type; what copying the codec throws.
    //! Complexity, crash safety: as the constructors of basic_handle.
    template <class Mode>
    typed_handle(
        Mode mode, const queue_options& options, const Codec& codec = Codec(),
        const allocator_type& allocator = allocator_type())
        : m_codec(codec),
          m_untyped(mode, detail::typed_options<T, Codec>(options), allocator)
    {
    }

    //! As `typed_handle(mode, options, codec, allocator)`, but reports failure
    //! through `ec`, and the handle is closed then. Invalid options, such as a
    //! bad name, set errc::invalid_argument.
    template <class Mode>
    typed_handle(
        Mode mode, const detail::options_argument& options,
        boost::system::error_code& ec, const Codec& codec = Codec(),
        const allocator_type& allocator = allocator_type())
        : m_codec(codec),
          m_untyped(
              mode, options.then(detail::typed_options<T, Codec>), ec,
              allocator)
    {
    }

    //! Requires: `limit` is a deadline, as that of timed_enqueue(), or has a
    //! member stop_requested().
    //! Effects: as `typed_handle(mode, options, codec, allocator)`, but waits
    //! for other processes as basic_handle(mode, options, limit, allocator)
    //! does.
    //! Throws: also `error` with errc::timed_out after the deadline, and with
    //! errc::canceled after a stop.
    template <class Mode, class Limit, detail::if_limit<Limit> = 0>
    typed_handle(
        Mode mode, const queue_options& options, const Limit& limit,
        const Codec& codec = Codec(),
        const allocator_type& allocator = allocator_type())
        : m_codec(codec),
          m_untyped(
              mode, detail::typed_options<T, Codec>(options), limit, allocator)
    {
    }

    //! As `typed_handle(mode, options, limit, codec, allocator)`, but reports
    //! failure through `ec` and leaves the handle closed then.
    template <class Mode, class Limit, detail::if_limit<Limit> = 0>
    typed_handle(
        Mode mode, const detail::options_argument& options, const Limit& limit,
        boost::system::error_code& ec, const Codec& codec = Codec(),
        const allocator_type& allocator = allocator_type())
        : m_codec(codec),
          m_untyped(
              mode, options.then(detail::typed_options<T, Codec>), limit, ec,
              allocator)
    {
    }

    //! Effects: ends the waits of all threads in this handle, and returns when
    //! they have ended. The canceled calls return false or an empty object;
    //! enqueue(value) and dequeue(), which have no such result, throw `error`
    //! with errc::canceled. Overloads that take an error_code& set
    //! errc::canceled. Later calls wait again.
    //! Throws: nothing.
    //! Complexity: linear in the waiting threads.
    void cancel() noexcept { m_untyped.cancel(); }

    //! Effects: ends waiting in this handle for good, as
    //! `basic_handle::stop()`.
    //! Throws: nothing.
    //! Complexity, thread safety: as `basic_handle::stop()`.
    void stop() noexcept { m_untyped.stop(); }

    //! Returns: whether stop() was called. False if the handle is closed.
    //! Throws: nothing.
    bool stopped() const noexcept { return m_untyped.stopped(); }

    //! Effects: cancel(), then leaves the queue. If it was the last handle of a
    //! queue with lifetime::while_open, the queue is removed. Does nothing if
    //! the handle is closed.
    //! Throws: nothing.
    //! Complexity: as basic_handle::close().
    void close() noexcept { m_untyped.close(); }

    //! Returns: whether the handle is open.
    //! Throws: nothing.
    bool is_open() const noexcept { return m_untyped.is_open(); }

    //! Returns: whether the queue was removed while this handle had it open, as
    //! `basic_handle::removed()`.
    //! Throws: nothing. Complexity: constant.
    bool removed() const noexcept { return m_untyped.removed(); }

    //! Returns: the number of objects that wait in the queue, as
    //! `basic_handle::size()`.
    //! Throws: nothing.
    std::size_t size() const noexcept { return m_untyped.size(); }

    //! Returns: the bytes of the capacity in use, as `basic_handle::bytes()`.
    //! Throws: nothing.
    std::size_t bytes() const noexcept { return m_untyped.bytes(); }

    //! Returns: whether size() is 0.
    //! Throws: nothing.
    bool empty() const noexcept { return size() == 0; }

    //! Returns: the capacity in bytes, as `basic_handle::capacity()`.
    //! Throws: nothing.
    std::size_t capacity() const noexcept { return m_untyped.capacity(); }

    //! Returns: the number of processes that have an open publisher, as
    //! `basic_handle::publishers()`.
    //! Throws: nothing.
    std::size_t publishers() const noexcept { return m_untyped.publishers(); }

    //! As publishers(), for subscribers.
    std::size_t subscribers() const noexcept { return m_untyped.subscribers(); }

    //! Returns: a copy of the allocator.
    //! Complexity: constant.
    allocator_type get_allocator() const { return m_untyped.get_allocator(); }

protected:
    friend struct detail::handle_access;

    Codec m_codec;
    Handle m_untyped;
};

} // namespace boost_ipq

#endif
