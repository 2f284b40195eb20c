// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_CLOUDTOID_HANDLE_HPP
#define BOOST_IPQ_DETAIL_CLOUDTOID_HANDLE_HPP

// What the publishers and subscribers of cloudtoid/interprocess have in common:
// an end of the queue, the threads that wait, and how an attempt becomes a
// result. An attempt is called with the end, as with a ring (see
// handle/queue_handle.hpp); it does not wait for a lock, and is never given up.

#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/platform/cloudtoid.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/detail/wait/waiters.hpp>
#include <boost_ipq/error.hpp>
#include <boost/config.hpp>
#include <boost/system/error_code.hpp>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace boost_ipq {
namespace detail {
namespace cloudtoid {

// What a waiting thread tries to do, and how it pauses in between.
class waiting_task
{
public:
    virtual status attempt() = 0;
    virtual void pause(std::chrono::nanoseconds longest) = 0;

    // Does another participant hold up what could be done now?
    virtual bool held_up() const noexcept = 0;

protected:
    ~waiting_task() = default;
};

// The threads that wait on one handle. They look so often that flags are enough
// to end their waits.
class waiting
{
public:
    // One waiting thread. The handle may be destroyed as soon as it has ended.
    class ticket
    {
    public:
        explicit ticket(waiting& all) : m_all(all), m_ticket(all.m_threads) {}

        // Tries until the task is done or fails, the limit is reached
        // (would_block), or the wait is canceled or stopped.
        status run(waiting_task& task, const wait_limit& limit);

    private:
        status spin(waiting_task& task, const wait_limit& limit);
        status last_attempt(waiting_task& task, const wait_limit& limit);
        bool is_over(const wait_limit& limit) const;

        waiting& m_all;
        waiters::ticket m_ticket;
    };

    void cancel() noexcept
    {
        m_threads.cancel_by([] {});
    }

    // Async-signal-safe. release: pairs with is_stopped(); an attempt that
    // begins after it sees what was sent before.
    void stop() noexcept { m_stopped.store(true, std::memory_order_release); }
    bool is_stopped() const noexcept
    {
        return m_stopped.load(std::memory_order_acquire);
    }

private:
    waiters m_threads{};
    std::atomic<bool> m_stopped{false};
};

// Throws the error of an attempt.
[[noreturn]] void
throw_error_of(status result, const std::string& name, const std::string& text);

// End: writer or reader.
template <class End>
class handle
{
public:
    handle() = default;

    handle(const platform::cloudtoid_place& place, std::size_t capacity)
        : m_open(std::make_unique<opened>(place, capacity)),
          m_name(place.name)
    {
    }

    handle(handle&& other) noexcept { swap(other); }

    handle& operator=(handle&& other) noexcept
    {
        if (this != &other)
        {
            close();
            swap(other);
        }
        return *this;
    }

    ~handle() { close(); }

    void close() noexcept
    {
        cancel();
        m_open.reset();
    }

    void cancel() noexcept
    {
        if (m_open)
            m_open->threads.cancel();
    }

    void stop() noexcept
    {
        if (m_open)
            m_open->threads.stop();
    }

    bool is_stopped() const noexcept
    {
        return m_open && m_open->threads.is_stopped();
    }

    bool is_open() const noexcept { return bool(m_open); }
    const End& end() const noexcept { return m_open->end; }

    // As the functions of queue_handle with these names.

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

    // A stopped wait is not an error.
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

    template <class Attempt>
    void complete(Attempt attempt)
    {
        const status result = try_until(no_limit(), attempt);
        if (result == status::canceled || result == status::stopped)
            throw_error(error_of(result));
        check(result, attempt);
    }

private:
    struct opened
    {
        opened(const platform::cloudtoid_place& place, std::size_t capacity)
            : end(place, capacity)
        {
        }

        End end;
        waiting threads{};
    };

    template <class Attempt>
    class task final : public waiting_task
    {
    public:
        task(End& end, Attempt& attempt) noexcept
            : m_end(end),
              m_attempt(attempt),
              m_pauses(end)
        {
        }

        status attempt() override { return m_attempt(m_end, {}); }
        void pause(std::chrono::nanoseconds longest) override
        {
            m_pauses.wait(longest);
        }
        bool held_up() const noexcept override { return m_end.held_up(); }

    private:
        End& m_end;
        Attempt& m_attempt;
        typename End::pauses m_pauses;
    };

    void swap(handle& other) noexcept
    {
        m_open.swap(other.m_open);
        m_name.swap(other.m_name);
    }

    template <class Attempt>
    BOOST_FORCEINLINE status now(Attempt& attempt)
    {
        return BOOST_IPQ_DETAIL_LIKELY(m_open != nullptr)
                   ? attempt(m_open->end, give_up_condition())
                   : status::detached;
    }

    template <class Attempt>
    status try_until(const wait_limit& limit, Attempt& attempt)
    {
        const status first = now(attempt);
        if (first != status::would_block)
            return first;
        opened& here = *m_open;
        waiting::ticket thread(here.threads);
        task<Attempt> repeated(here.end, attempt);
        return thread.run(repeated, limit);
    }

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

    // These results end a call at its first attempt. With any other, the call
    // may have waited, and the handle may have been destroyed.
    template <class Attempt>
    [[noreturn]] BOOST_IPQ_DETAIL_NOINLINE void
    fail(status result, Attempt attempt) const
    {
        const bool is_here =
            result == status::too_large || result == status::invalid;
        throw_error_of(
            result, is_here ? m_name : std::string(),
            attempt.text(
                result,
                result == status::too_large ? m_open->end.max_length() : 0));
    }

    std::unique_ptr<opened> m_open{};
    std::string m_name{};
};

} // namespace cloudtoid
} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/cloudtoid/handle.ipp>
#endif

#endif
