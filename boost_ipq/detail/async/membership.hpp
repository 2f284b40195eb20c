// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
#ifndef BOOST_IPQ_DETAIL_ASYNC_MEMBERSHIP_HPP
#define BOOST_IPQ_DETAIL_ASYNC_MEMBERSHIP_HPP

// An I/O object's part in the wait of its execution context (waiter.hpp). The
// object stays a member when it has no operation that waits, but not for long:
// publishers would wake the thread for nothing.

#include <boost_ipq/detail/async/waiter.hpp>
#include <boost_ipq/detail/attachment/attachment.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/handle/waitable.hpp>
#include <boost_ipq/detail/wait/event_count.hpp>
#include <boost_ipq/error.hpp>
#include <atomic>
#include <cstdint>
#include <future>
#include <memory>
#include <new>
#include <thread>
#include <utility>

namespace boost_ipq {
namespace detail {

// An object with operations that wait.
class progressing
{
public:
    // Performs what can be performed now. Returns whether the member with that
    // number is needed no more. Called by the thread that waits.
    virtual bool progress(std::uint64_t number) noexcept = 0;

    // Does a process hold up what it waits for?
    virtual bool held_up() const noexcept = 0;

protected:
    ~progressing() = default;
};

class membership
{
public:
    membership(std::shared_ptr<async_waiter> waiter, progressing& object)
        : m_waiter(std::move(waiter)),
          m_object(object)
    {
    }

    membership(const membership&) = delete;
    membership& operator=(const membership&) = delete;

    std::uint64_t next_number() noexcept { return m_waiter->next_number(); }

    // After progress() has returned true, or leave(), or at first.
    void join(
        std::uint64_t number, const std::shared_ptr<attachment>& queue,
        event_count& awaited)
    {
        await_departure();
        if (!m_entered)
            m_waiter->enter();
        m_entered = true;
        auto added = std::make_unique<member>(m_object, number, queue, awaited);
        m_gone = added->gone();
        try
        {
            m_waiter->add(std::move(added), number);
        }
        catch (...)
        {
            remove(number); // without a thread
            throw;
        }
    }

    // Returns when the thread does not use the object any more.
    void leave(std::uint64_t number) noexcept
    {
        // The thread is the parent's in a forked child.
        if (!m_entered || !m_waiter->is_of_this_process())
            return;
        if (number != 0)
            remove(number);
        await_departure();
        m_entered = false;
        m_waiter->leave();
    }

private:
    class member final : public waitable
    {
    public:
        member(
            progressing& object, std::uint64_t number,
            std::shared_ptr<attachment> queue, event_count& awaited)
            : m_object(object),
              m_number(number),
              m_queue(std::move(queue)),
              m_awaited(awaited)
        {
            // A forked child that has not joined the queue joins it here.
            if (m_queue->ring().self() == 0 &&
                !m_queue->rejoin(give_up_after{default_busy_after}))
                throw_error(errc::busy);
            m_awaited.count_set(1);
        }

        member(const member&) = delete;
        member& operator=(const member&) = delete;
        ~member() override { m_awaited.count_set(0u - 1); }

        std::future<void> gone() { return m_gone.get_future(); }

        bool ready() noexcept override { return m_object.progress(m_number); }
        void reported() noexcept override {}
        bool held_up() const noexcept override { return m_object.held_up(); }
        event_count& awaited() noexcept override { return m_awaited; }
        void idle() noexcept override { m_queue->idle(); }

        int watched_file() const noexcept override
        {
            return m_queue->watched_file();
        }

    private:
        progressing& m_object;
        const std::uint64_t m_number;
        std::promise<void> m_gone{}; // destroyed after the queue is left
        const std::shared_ptr<attachment> m_queue;
        event_count& m_awaited;
    };

    void remove(std::uint64_t number) noexcept
    {
        for (;;)
            try
            {
                return m_waiter->remove(number);
            }
            catch (const std::bad_alloc&)
            {
                std::this_thread::sleep_for(max_sleep);
            }
    }

    // The end of the promise ends it.
    void await_departure()
    {
        if (m_gone.valid())
            m_gone.wait();
        m_gone = {};
    }

    const std::shared_ptr<async_waiter> m_waiter;
    progressing& m_object;
    std::future<void> m_gone{};
    bool m_entered = false;
};

} // namespace detail
} // namespace boost_ipq

#endif
