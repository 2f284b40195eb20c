// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_WAIT_SET_HPP
#define BOOST_IPQ_WAIT_SET_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

//! Waits for several handles at once, or in the event loop of a different
//! library.

#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/handle/wait_set_state.hpp>
#include <boost_ipq/detail/handle/waitable.hpp>
#include <boost_ipq/detail/platform/stop_token.hpp>
#include <boost_ipq/detail/wait/deadline.hpp>
#include <boost_ipq/detail/wait/stop.hpp>
#include <boost_ipq/detail/wait/waiters.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>

namespace boost_ipq {

//! A set of handles that a thread waits for together.
//!
//! A subscriber is ready when there is a message that a `try_` call may take.
//! A publisher is ready when room was made: once when it is added and the queue
//! is not full, and then each time that room was made since it was reported. A
//! handle whose queue was removed or is damaged is ready: its next call says
//! why. That a handle is ready is a hint: another thread or process may be
//! faster. Stopping a handle does not concern the set: stop the set.
//!
//! Handles of bytes and typed handles can be members, of any storage. A handle
//! stays where it is while it is in a set: a handle that is moved, closed or
//! destroyed must be removed before. If it is not, nothing worse happens than
//! that the set keeps the process attached to the queue and reports its key,
//! until remove() is called with the handle's address or the set is destroyed.
//!
//! What holds for every call, unless its description says otherwise:
//!
//! Complexity: no allocation while the members stay the same. Waiting takes a
//! few operations for each member. On Linux one thread sleeps for all of them.
//! If the user has no inotify instance left (128 by default; a set of more than
//! 4 members needs one, and one for its descriptor), or if queues inside the
//! process are members, a thread of the set sleeps for each 127 more (Linux
//! 5.16), or for each. Elsewhere a thread of the set sleeps for each member.
//! An idle set sleeps; it looks for dead processes every 50 ms. A publisher or
//! subscriber on the other side makes a system call only when a set sleeps.
//!
//! Thread safety: add(), remove(), stop() and native_handle() may be called
//! while another thread waits. One thread waits at a time. A forked child must
//! not use the copy of a set, but may destroy it; it makes a set of its own.
//!
//! Crash safety: a process that dies while it waits affects no other process.
//! Survivors are reported what a dead process leaves to them within 100 ms.
class wait_set
{
public:
    //! Effects: makes an empty set.
    //! Throws: `std::bad_alloc`.
    wait_set() : wait_set(detail::set_mode::best) {}

    // For tests.
    explicit wait_set(detail::set_mode mode)
        : m_state(new detail::wait_set_state(mode))
    {
    }

    wait_set(const wait_set&) = delete;
    wait_set& operator=(const wait_set&) = delete;

    //! Effects: ends the set's threads, and closes its descriptor.
    //! Throws: nothing.
    ~wait_set()
    {
        if (!m_state->is_of_this_process())
            m_state.release(); // its threads are not here
    }

    //! Requires: `handle` is an open publisher or subscriber, of bytes or
    //! typed. `key` is not 0.
    //! Effects: adds the handle; wait() returns `key` when it is ready. Changes
    //! the key of a handle that is a member. Several members may have one key.
    //! Throws: `error` with errc::invalid_argument if `key` is 0, with
    //! errc::closed if the handle is closed; `std::bad_alloc`. The set is as
    //! before then.
    //! Complexity: linear in the members.
    template <class Handle>
    void add(const Handle& handle, std::size_t key)
    {
        m_state->add(
            detail::make_waitable(handle), std::addressof(handle), key);
    }

    //! As add(handle, key), but reports failure through `ec`.
    template <class Handle>
    void
    add(const Handle& handle, std::size_t key, boost::system::error_code& ec)
    {
        detail::reported(ec, [&] {
            add(handle, key);
            return true;
        });
    }

    //! Effects: removes the handle, if it is a member.
    //! Returns: whether it was.
    //! Throws: `std::bad_alloc`.
    //! Complexity: linear in the members.
    template <class Handle>
    bool remove(const Handle& handle)
    {
        return m_state->remove(std::addressof(handle));
    }

    //! As remove(handle), but reports failure through `ec`.
    template <class Handle>
    bool remove(const Handle& handle, boost::system::error_code& ec)
    {
        return detail::reported(ec, [&] { return remove(handle); });
    }

    //! Effects: waits until a member is ready. Ready members take turns: none
    //! is reported again before the others that are ready.
    //! Returns: its key; 0 after stop().
    //! Throws: `std::bad_alloc`; `error` with resource_unavailable_try_again if
    //! a thread that is needed cannot be started.
    std::size_t wait() { return m_state->wait(detail::no_limit()); }

    //! As wait(), but reports failure through `ec`, and returns 0 then. A set
    //! that is stopped sets errc::stopped.
    std::size_t wait(boost::system::error_code& ec)
    {
        return waited(ec, detail::no_limit());
    }

    //! Effects: as wait(), until a stop is requested. A std::stop_token ends
    //! the wait at once; an object of any other type is asked every 10
    //! milliseconds.
    //! Returns: the key of a member that is ready; 0 if a stop was requested,
    //! or after stop().
    //! Throws: as wait().
    template <class Stop, detail::if_stop_token<Stop> = 0>
    std::size_t wait(const Stop& stop)
    {
        if constexpr (detail::platform::is_std_stop_token<Stop>::value)
        {
            const detail::platform::stop_callback<interruption, Stop> callback(
                stop, interruption{*m_state});
            return m_state->wait(detail::until_stopped(stop));
        }
        else
            return m_state->wait(detail::until_stopped(stop));
    }

    //! As wait(stop), but reports failure through `ec`, and returns 0 then. A
    //! set that is stopped sets errc::stopped.
    template <class Stop, detail::if_stop_token<Stop> = 0>
    std::size_t wait(const Stop& stop, boost::system::error_code& ec)
    {
        return waited_by(ec, [&] { return wait(stop); });
    }

    //! Effects: as wait(), until a time point (std::chrono, or
    //! boost::posix_time in UTC) or for a duration.
    //! Returns: the key of a member that is ready; 0 if the deadline has
    //! passed, or after stop().
    //! Throws: as wait().
    template <class Time, detail::if_deadline<Time> = 0>
    std::size_t timed_wait(const Time& deadline)
    {
        return m_state->wait(detail::until(deadline));
    }

    //! As timed_wait(deadline), but reports failure through `ec`, and returns 0
    //! then. A set that is stopped sets errc::stopped.
    template <class Time, detail::if_deadline<Time> = 0>
    std::size_t timed_wait(const Time& deadline, boost::system::error_code& ec)
    {
        return waited(ec, detail::until(deadline));
    }

    //! Effects: ends waiting for good: calls that wait now, and later ones,
    //! return 0. The descriptor becomes readable, until such a call.
    //! Throws: nothing.
    //! Complexity: one or two system calls.
    //! Thread safety: safe. Async-signal-safe; not while the set is being
    //! destroyed. Where processes have no futex, a signal handler ends the wait
    //! within 50 ms.
    void stop() noexcept { m_state->stop(); }

    //! Returns: whether stop() was called.
    //! Throws: nothing.
    //! Complexity: constant. Thread safety: safe; async-signal-safe.
    bool stopped() const noexcept { return m_state->stopped(); }

    //! Effects: at the first call, makes a descriptor and starts a thread that
    //! waits for the members.
    //! Returns: the descriptor, for poll, epoll, kqueue, and all that is built
    //! on them. It becomes readable when a member is ready, and stays so until
    //! wait() or timed_wait() has found none ready. So a loop that finds it
    //! readable calls timed_wait() with a duration of 0 until that returns 0.
    //! Neither read from it nor close it.
    //! Throws: `error` with an error of the system, if there is no descriptor
    //! or thread left; with operation_not_supported on Windows.
    int native_handle() { return m_state->descriptor(); }

    //! As native_handle(), but reports failure through `ec`, and returns -1
    //! then.
    int native_handle(boost::system::error_code& ec)
    {
        int result = -1;
        detail::reported(ec, [&] {
            result = native_handle();
            return true;
        });
        return result;
    }

private:
    struct interruption
    {
        detail::wait_set_state& state;
        void operator()() const noexcept { state.interrupt(); }
    };

    template <class Wait>
    std::size_t waited_by(boost::system::error_code& ec, Wait wait)
    {
        std::size_t key = 0;
        detail::reported(ec, [&] {
            key = wait();
            return true;
        });
        if (key == 0 && !ec && stopped())
            ec = errc::stopped;
        return key;
    }

    template <class Limit>
    std::size_t waited(boost::system::error_code& ec, const Limit& limit)
    {
        return waited_by(ec, [&] { return m_state->wait(limit); });
    }

    std::unique_ptr<detail::wait_set_state> m_state;
};

} // namespace boost_ipq

#endif
