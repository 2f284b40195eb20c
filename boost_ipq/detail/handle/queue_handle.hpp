// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_HANDLE_QUEUE_HANDLE_HPP
#define BOOST_IPQ_DETAIL_HANDLE_QUEUE_HANDLE_HPP

// What publishers and subscribers have in common: the attachment, their end of
// the ring, the threads that wait, and how an attempt becomes a result.
//
// An attempt is an object that is called with the ring's end and a
// give_up_condition, and returns a status. It also has
// - quiet: true if the other side is not to be notified when it is done
// - may_succeed(ring): a hint for waiting calls: is an attempt worth the lock?
// - text(status, limit): describes its argument, for the text of an error

#include <boost_ipq/detail/attachment/attachment.hpp>
#include <boost_ipq/detail/attachment/by_storage.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/handle/event_log.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/detail/ring/contents.hpp>
#include <boost_ipq/detail/wait/event_count.hpp>
#include <boost_ipq/detail/wait/waiters.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/storage.hpp>
#include <boost/config.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace boost_ipq {
namespace detail {

// The part of a handle that depends neither on its side nor on its storage.
class handle_base
{
public:
    handle_base(const handle_base&) = delete;
    handle_base& operator=(const handle_base&) = delete;

    bool is_open() const noexcept { return bool(m_queue); }

    bool removed() const noexcept
    {
        return m_queue && m_queue->ring().is_removed();
    }

    // What is in the queue now; nothing if the handle is closed.
    ring_contents contents() const noexcept;
    std::size_t bytes() const noexcept; // of the capacity in use
    std::size_t capacity() const noexcept;

    // The processes that have such handles.
    std::size_t publishers() const noexcept;
    std::size_t subscribers() const noexcept;

    // Was stop() called?
    bool stopped() const noexcept { return m_waiters && m_waiters->stopped(); }

    // Logs what happens from now on, that the handle was opened, and what has
    // happened so far.
    void log_to(std::shared_ptr<const log_sink> sink, const std::string& name);

    const std::shared_ptr<attachment>& queue() const noexcept
    {
        return m_queue.get();
    }

protected:
    handle_base() noexcept;
    handle_base(
        std::shared_ptr<attachment> queue, std::shared_ptr<waiters> all,
        std::uint32_t role, const std::string& name);
    ~handle_base();

    void swap(handle_base& other) noexcept;
    void detach(std::uint32_t role) noexcept;
    void cancel(event_count& awaited) noexcept;
    void stop(event_count& awaited) noexcept;

    // How often a call that waits looks again before it counts itself: it
    // cannot be canceled meanwhile. Not at all where waiting calls had to
    // sleep.
    std::uint32_t first_looks() const noexcept
    {
        return m_waiters && m_waiters->spins() > min_spins
                   ? looks_before_waiting
                   : 0;
    }

    // Runs the task until it is done or fails, the limit is reached, the wait
    // is canceled, or the handle is stopped. The handle may have been destroyed
    // when this returns.
    status
    run(wait_task& task, event_count& awaited, const wait_limit& limit) const;

    // Throws the error of an attempt. `text` describes its argument.
    [[noreturn]] void
    throw_error_of(status result, const std::string& text) const;

    handle_reference<attachment> m_queue{};
    std::shared_ptr<waiters> m_waiters{};
    std::shared_ptr<const event_log> m_log{}; // null: not logged
    std::string m_name{};                     // of the queue, also when closed
};

// Makes the object for the threads that wait on one handle.
template <class Allocator>
std::shared_ptr<waiters> make_waiters(const Allocator& allocator)
{
    return std::allocate_shared<waiters>(
        typename std::allocator_traits<Allocator>::template rebind_alloc<
            waiters>(allocator));
}
std::shared_ptr<waiters> make_waiters(const std::allocator<std::byte>&);

// Side: publisher_side or subscriber_side. Storage: where the ring is.
template <class Side, class Storage>
class queue_handle : public handle_base
{
public:
    using ring_type = typename Side::ring_type;

    queue_handle() = default;

    template <class Allocator>
    queue_handle(
        open_mode mode, const queue_options& options,
        const Allocator& allocator, const lock_limit& limit = {})
        : handle_base(
              attach_in(Storage(), mode, options, allocator, limit),
              make_waiters(allocator), Side::role, options.name())
    {
        try
        {
            m_ring = Side::make_ring(m_queue.get(), options, limit.give_up);
        }
        catch (...)
        {
            detach(Side::role);
            throw;
        }
    }

    queue_handle(queue_handle&& other) noexcept { swap(other); }

    queue_handle& operator=(queue_handle&& other) noexcept
    {
        if (this != &other)
        {
            close();
            swap(other);
        }
        return *this;
    }

    ~queue_handle() { close(); }

    void close() noexcept
    {
        if (!m_queue)
            return;
        cancel();
        m_ring = ring_type();
        detach(Side::role);
    }

    void cancel() noexcept
    {
        if (m_queue)
            handle_base::cancel(Side::awaited(*m_queue));
    }

    // Async-signal-safe.
    void stop() noexcept
    {
        if (m_queue)
            handle_base::stop(Side::awaited(*m_queue));
    }

    ring_type& ring() noexcept { return m_ring; }
    const ring_type& ring() const noexcept { return m_ring; }

    // Calls that try once, and calls that wait. They return whether the attempt
    // was done; a failure is thrown, or reported through `ec`. The handle may
    // have been destroyed when a waiting call returns.

    template <class Attempt>
    BOOST_FORCEINLINE bool try_once(Attempt attempt)
    {
        return check(now(attempt), attempt);
    }

    template <class Attempt>
    bool try_once(Attempt attempt, boost::system::error_code& ec)
    {
        return finish(ec, [&] { return now(attempt); });
    }

    template <class Attempt>
    bool wait(Attempt attempt, const wait_limit& limit)
    {
        return check(try_until(limit, attempt), attempt);
    }

    template <class Attempt>
    bool wait(
        Attempt attempt, const wait_limit& limit, boost::system::error_code& ec)
    {
        return finish(ec, [&] { return try_until(limit, attempt); });
    }

    // As wait() without a limit, for calls that cannot return false: throws if
    // the wait was canceled or the handle is stopped.
    template <class Attempt>
    void complete(Attempt attempt)
    {
        const status result = try_until(no_limit(), attempt);
        if (!check(result, attempt))
            throw_error(error_of(result));
    }

    // The result of an attempt. A wait that was ended is not an error.
    template <class Attempt>
    BOOST_FORCEINLINE bool check(status result, const Attempt& attempt) const
    {
        if (BOOST_IPQ_DETAIL_LIKELY(result == status::done))
            return true;
        if (result != status::would_block && result != status::canceled &&
            result != status::stopped)
            fail(result, attempt);
        return false;
    }

    // Throws the error of an attempt. By value: the caller keeps the attempt in
    // registers.
    template <class Attempt>
    [[noreturn]] void fail(status result, Attempt attempt) const;

    // Tries once, and notifies the other side of what has changed. Without a
    // condition, a call gives up after the time that the options set.
    template <class Attempt>
    BOOST_FORCEINLINE status
    now(Attempt& attempt, give_up_condition give_up = {})
    {
        status result = attempt(m_ring, give_up);
        if (BOOST_IPQ_DETAIL_UNLIKELY(result == status::detached) && m_queue)
            result = join_and_try(attempt, give_up);
        if (!Attempt::quiet &&
            BOOST_IPQ_DETAIL_LIKELY(result == status::done) &&
            Side::notify_needed(m_ring.ring()))
            Side::notify(*m_queue);
        if (BOOST_IPQ_DETAIL_UNLIKELY(m_log != nullptr) && m_queue)
            m_log->report(m_queue->events());
        return result;
    }

    // Tries until the attempt is done or fails, the limit is reached, the wait
    // is canceled, or the handle is stopped.
    template <class Attempt>
    status try_until(const wait_limit& limit, Attempt& attempt);

private:
    void swap(queue_handle& other) noexcept
    {
        handle_base::swap(other);
        std::swap(m_ring, other.m_ring);
    }

    // This process is not a participant, although the handle is open: it is a
    // forked child. By value: the caller keeps the attempt in registers.
    template <class Attempt>
    status join_and_try(Attempt attempt, give_up_condition give_up);

    // Compiled once for all attempts but the first.
    template <class Attempt>
    static status
    repeat(Attempt& attempt, ring_type& ring, give_up_condition give_up);

    template <class Attempt>
    class waiting_attempt final : public wait_task
    {
    public:
        waiting_attempt(
            ring_type& ring, attachment& queue, Attempt& attempt) noexcept
            : m_ring(ring),
              m_queue(queue),
              m_attempt(attempt)
        {
        }

        status attempt(give_up_condition give_up) override
        {
            const status result = repeat(m_attempt, m_ring, give_up);
            if (!Attempt::quiet && result == status::done)
                Side::notify(m_queue);
            return result;
        }

        bool may_succeed() const noexcept override
        {
            return m_attempt.may_succeed(m_ring);
        }

        bool more() const noexcept override { return Side::more(m_ring); }
        bool held_up() const noexcept override { return m_ring.held_up(); }
        void woken_for_nothing() override { Side::woken_for_nothing(); }
        void idle() noexcept override { m_queue.idle(); }

        nanoseconds busy_after() const noexcept override
        {
            return m_ring.ring().busy.limit;
        }

    private:
        ring_type& m_ring;
        attachment& m_queue;
        Attempt& m_attempt;
    };

    ring_type m_ring{};
};

template <class Side, class Storage>
template <class Attempt>
status queue_handle<Side, Storage>::try_until(
    const wait_limit& limit, Attempt& attempt)
{
    // Gives up at once: a stopped process may hold the lock past the limit.
    const give_up_at_once at_once;
    status result = now(attempt, at_once);
    // A busy queue answers before this thread has counted itself as waiting:
    // that takes about ten locked instructions.
    for (std::uint32_t looks = first_looks();
         is_unfinished(result) && looks != 0; --looks)
    {
        if (attempt.may_succeed(m_ring))
            result = now(attempt, at_once);
        else
            platform::pause();
    }
    if (!is_unfinished(result))
        return result;
    waiting_attempt<Attempt> task(m_ring, *m_queue, attempt);
    return run(task, Side::awaited(*m_queue), limit);
}

template <class Side, class Storage>
template <class Attempt>
[[noreturn]] BOOST_IPQ_DETAIL_NOINLINE void
queue_handle<Side, Storage>::fail(status result, Attempt attempt) const
{
    throw_error_of(
        result,
        attempt.text(
            result,
            result == status::too_large ? m_ring.ring().max_length() : 0));
}

template <class Side, class Storage>
template <class Attempt>
BOOST_IPQ_DETAIL_NOINLINE status queue_handle<Side, Storage>::join_and_try(
    Attempt attempt, give_up_condition give_up)
{
    return m_queue->rejoin(m_ring.ring().limit_of(give_up))
               ? repeat(attempt, m_ring, give_up)
               : status::busy;
}

template <class Side, class Storage>
template <class Attempt>
BOOST_NOINLINE status queue_handle<Side, Storage>::repeat(
    Attempt& attempt, ring_type& ring, give_up_condition give_up)
{
    return attempt(ring, give_up);
}

// Separate compilation: the functions of an attempt that src.hpp contains.
#define BOOST_IPQ_DETAIL_INSTANCES(keyword, side, attempt)                     \
    keyword template status                                                    \
    queue_handle<side, shared_storage>::try_until<attempt>(                    \
        const wait_limit&, attempt&);                                          \
    keyword template void queue_handle<side, shared_storage>::fail<attempt>(   \
        status, attempt) const;                                                \
    keyword template status                                                    \
        queue_handle<side, shared_storage>::join_and_try<attempt>(             \
            attempt, give_up_condition);                                       \
    keyword template status                                                    \
    queue_handle<side, shared_storage>::repeat<attempt>(                       \
        attempt&, ring_type&, give_up_condition);

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#define BOOST_IPQ_DETAIL_EXTERN_INSTANCES(side, attempt)
#else
#define BOOST_IPQ_DETAIL_EXTERN_INSTANCES(side, attempt)                       \
    BOOST_IPQ_DETAIL_INSTANCES(extern, side, attempt)
#endif

} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/handle/queue_handle.ipp>
#endif

#endif
