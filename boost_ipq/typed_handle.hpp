// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TYPED_HANDLE_HPP
#define BOOST_IPQ_TYPED_HANDLE_HPP

#include <boost_ipq/detail/attachment/opening_limit.hpp>
#include <boost_ipq/detail/handle/options_argument.hpp>
#include <boost_ipq/detail/typed/codec.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost/system/error_code.hpp>

namespace boost_ipq {

//! What typed_publisher and typed_subscriber have in common. `Handle` is the
//! basic_publisher or basic_subscriber that transfers the bytes.
//!
//! Without a codec, the size and the alignment of T are recorded in the queue;
//! a queue that records a different type, or none, is not opened.
//!
//! Handles can be moved, which leaves the source closed, but not copied.
//!
//! Thread safety: as `Handle`; with a codec, if the codec is safe to call from
//! several threads.
//! Crash safety: as `Handle`.
template <class T, class Codec, class Handle>
class typed_handle
{
public:
    using value_type = T;
    using allocator_type = typename Handle::allocator_type;

    //! Effects: makes a closed handle.
    typed_handle() = default;

    //! Effects: opens a queue for objects of type T. `mode` is create_only,
    //! open_only or open_or_create. A queue that is created aligns its messages
    //! as T requires.
    //! Throws: queue_mismatch if the queue has other parameters or a different
    //! type, queue_corrupt if its memory is damaged, otherwise `error` with the
    //! reason.
    //! Complexity: creating a queue touches each of its pages once.
    //! Crash safety: if the process dies while it creates the queue, the next
    //! process that creates the queue succeeds.
    template <class Mode>
    typed_handle(
        Mode mode, const queue_options& options, const Codec& codec = Codec(),
        const allocator_type& allocator = allocator_type())
        : m_codec(codec),
          m_untyped(mode, detail::typed_options<T, Codec>(options), allocator)
    {
    }

    //! As `typed_handle(mode, options, codec, allocator)`, but reports failure
    //! through `ec` and leaves the handle closed then; also reports a bad name
    //! in `options`, as errc::invalid_argument.
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

    //! Effects: wakes every thread that waits in this handle, and returns when
    //! all of them have stopped waiting. Their calls return false or an empty
    //! result; enqueue(value) and dequeue(), which have no such result, throw
    //! `error` with errc::canceled; overloads that take an error_code& set it
    //! to errc::canceled. Later calls wait again.
    //! Throws: nothing.
    void cancel() noexcept { m_untyped.cancel(); }

    //! Effects: cancel(), then leaves the queue. With lifetime::while_open,
    //! closing the last handle removes the queue.
    //! Throws: nothing.
    void close() noexcept { m_untyped.close(); }

    //! Returns: whether the handle is open.
    //! Throws: nothing. Complexity: constant.
    bool is_open() const noexcept { return m_untyped.is_open(); }

    //! Returns: a copy of the allocator.
    //! Complexity: constant.
    allocator_type get_allocator() const { return m_untyped.get_allocator(); }

protected:
    Codec m_codec;
    Handle m_untyped;
};

} // namespace boost_ipq

#endif
