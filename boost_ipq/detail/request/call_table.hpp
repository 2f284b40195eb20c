// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_REQUEST_CALL_TABLE_HPP
#define BOOST_IPQ_DETAIL_REQUEST_CALL_TABLE_HPP

// The calls of one client that wait for their answers. All answers arrive in
// one queue, in any order. One of the waiting threads at a time receives them,
// for all calls. It also asks the kernel, from time to time, whether the
// servers that have taken requests are alive, since the dead answer nothing.

#include <boost_ipq/detail/attachment/check_match.hpp>
#include <boost_ipq/detail/core/copy_bytes.hpp>
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/handle/handle_access.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/request/frame.hpp>
#include <boost_ipq/detail/request/sent_request.hpp>
#include <boost_ipq/detail/request/wait_step.hpp>
#include <boost_ipq/detail/request/waiting_call.hpp>
#include <boost_ipq/detail/wait/deadline.hpp>
#include <boost_ipq/detail/wait/waiters.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/system/error_code.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace boost_ipq {
namespace detail {

enum class async_step
{
    received,
    other_receives,
    none_waits
};

template <class Storage>
class call_table
{
public:
    using publisher_type = basic_publisher<std::allocator<std::byte>, Storage>;
    using subscriber_type =
        basic_subscriber<std::allocator<std::byte>, Storage>;

    call_table(publisher_type&& requests, const queue_options& answers)
        : m_answer_options(answers),
          m_requests(std::move(requests)),
          m_answers(create_only, answers),
          m_next(new_epoch())
    {
    }

    call_table(const call_table&) = delete;
    call_table& operator=(const call_table&) = delete;

    publisher_type& requests() noexcept { return m_requests; }
    subscriber_type& answers() noexcept { return m_answers; }

    // Is there a process that serves the requests?
    bool has_server() const noexcept
    {
        const auto& queue = handle_access::queue(m_requests);
        return queue && queue->any_alive(subscribers_in);
    }

    std::uint64_t next_number() noexcept
    {
        // Relaxed: the numbers need only be distinct.
        return m_next.fetch_add(1, std::memory_order_relaxed) &
               call_number_mask;
    }

    // Adds a call whose request is sent later.
    void add(waiting_call& call)
    {
        const std::lock_guard<std::mutex> guard(m_mutex);
        insert(call);
    }

    // Sends the request of a call that waits already. False: there is no room.
    template <class Message>
    bool send_later(std::uint64_t number, const Message& message)
    {
        const std::lock_guard<std::mutex> guard(m_mutex);
        waiting_call* const call = find(number);
        if (!call)
            return true;
        boost::system::error_code ec = missing_server();
        if (!ec)
        {
            // Not try_reserve(): a stopped process may hold the ring's lock.
            reservation room =
                m_requests.timed_reserve(message.size(), nanoseconds(0), ec);
            if (room)
                put(*call, message, room);
            else if (!ec)
                return false;
        }
        if (ec)
            end(*call, ec);
        return true;
    }

    // Adds a call and sends its request. Waits for room as long as a
    // process serves. After an error, the call was not added.
    template <class Message>
    boost::system::error_code send(
        waiting_call& call, const Message& message, const wait_limit& limit,
        errc on_limit)
    {
        boost::system::error_code ec = missing_server();
        if (ec)
            return ec;
        // Relaxed: a call that begins while others are canceled may be among
        // them.
        const auto canceled = m_cancellations.load(std::memory_order_relaxed);
        reservation room;
        while (
            !(room = m_requests.reserve(message.size(), wait_step(limit), ec)))
        {
            if (ec)
                return ec;
            if (m_cancellations.load(std::memory_order_relaxed) != canceled)
                return errc::canceled;
            if (limit.reached())
                return on_limit;
            if (!has_server())
                return errc::no_server;
        }
        const std::lock_guard<std::mutex> guard(m_mutex);
        if (m_cancellations.load(std::memory_order_relaxed) != canceled)
            return errc::canceled; // the room is given back
        insert(call);
        put(call, message, room);
        return {};
    }

    // Waits until the call has ended, at most until the limit.
    void wait(
        waiting_call& call, const wait_limit& limit, errc on_limit,
        std::condition_variable& changed)
    {
        std::unique_lock<std::mutex> lock(m_mutex);
        while (!call.m_done)
        {
            if (limit.reached())
                end(call, on_limit);
            else if (m_receiving)
                changed.wait_for(lock, step_of(limit));
            else
                receive(lock, limit);
        }
        hand_over();
    }

    // Receives answers for a while, if there are asynchronous calls, and no
    // other thread receives.
    async_step receive_for_handlers(nanoseconds longest)
    {
        std::unique_lock<std::mutex> lock(m_mutex);
        if (m_with_handlers == 0)
            return async_step::none_waits;
        if (m_receiving)
            return async_step::other_receives;
        receive(lock, until(longest));
        hand_over();
        return async_step::received;
    }

    // Ends the call, if it still waits.
    void fail(std::uint64_t number, const boost::system::error_code& error)
    {
        const std::lock_guard<std::mutex> guard(m_mutex);
        if (waiting_call* const call = find(number))
            end(*call, error);
    }

    void cancel_all()
    {
        {
            const std::lock_guard<std::mutex> guard(m_mutex);
            // Calls that wait for room see it after their step.
            m_cancellations.fetch_add(1, std::memory_order_relaxed);
            while (m_first)
                end(*m_first, m_first->m_has_handler
                                  ? boost::system::error_code(
                                        boost::asio::error::operation_aborted)
                                  : make_error_code(errc::canceled));
        }
        m_answers.cancel();
        m_requests.cancel();
    }

    // Destroys the calls whose handlers belong to an execution context that is
    // being destroyed.
    void discard(const boost::asio::execution_context& context) noexcept
    {
        waiting_call* discarded = nullptr;
        {
            const std::lock_guard<std::mutex> guard(m_mutex);
            for (waiting_call* call = m_first; call;)
            {
                waiting_call* const next = call->m_next;
                if (call->m_context == &context)
                {
                    take_out(*call);
                    call->m_next = discarded;
                    discarded = call;
                }
                call = next;
            }
        }
        // A handler may own the client.
        while (discarded)
            std::exchange(discarded, discarded->m_next)->discarded();
    }

    void close() noexcept
    {
        cancel_all();
        m_answers.close();
        m_requests.close();
        // Servers have the queue open, and learn from this that its client
        // left.
        boost::system::error_code ignored;
        remove_queue<Storage>(m_answer_options, ignored);
    }

private:
    using clock = std::chrono::steady_clock;

    // Looks only at memory; the kernel is asked when that says no.
    boost::system::error_code missing_server() const
    {
        return m_requests.subscribers() == 0 && !has_server()
                   ? make_error_code(errc::no_server)
                   : boost::system::error_code();
    }

    void insert(waiting_call& call) noexcept
    {
        call.m_next = m_first;
        if (m_first)
            m_first->m_previous = &call;
        m_first = &call;
        m_with_handlers += call.m_has_handler;
    }

    template <class Message>
    static void
    put(waiting_call& call, const Message& message, reservation& room) noexcept
    {
        request_header header;
        std::memcpy(&header, message.data(), sizeof header);
        call.m_request = sent_request(handle_access::offset(room), header);
        copy_in(room.data(), message.data(), message.size());
        room.commit();
    }

    static nanoseconds step_of(const wait_limit& limit)
    {
        return (std::min<
                nanoseconds>)(server_check_interval, (std::max)(limit.remaining(), nanoseconds(0)));
    }

    // One step of the thread that receives. Called with the mutex held; the
    // buffer is that thread's meanwhile.
    void receive(std::unique_lock<std::mutex>& lock, const wait_limit& limit)
    {
        m_receiving = true;
        lock.unlock();
        boost::system::error_code ec;
        const wait_step step(limit);
        const bool received = m_answers.dequeue(m_buffer, step, ec);
        lock.lock();
        m_receiving = false;
        if (ec && ec != errc::canceled)
            return end_all(ec);
        if (received)
            take();
        if (!received || is_check_due(step.has_waited()))
            look_for_losses();
    }

    // Without an answer after a step, the servers are looked at; with many
    // answers, now and then. The clock is not read for each that came at once.
    bool is_check_due(bool has_waited)
    {
        if (!has_waited && ++m_quick % quick_answers != 0)
            return false;
        const auto now = clock::now();
        if (now - m_checked < server_check_interval)
            return false;
        m_checked = now;
        return true;
    }

    void look_for_losses()
    {
        const ring_view& ring = handle_access::queue(m_requests)->ring();
        bool any = false, asked = false, serves = false;
        for (waiting_call* call = m_first; call; call = call->m_next)
        {
            const request_state state = call->m_request.state(ring);
            call->m_suspected.clear();
            if (state == request_state::lost)
                call->m_suspected = errc::server_died;
            else if (state == request_state::settled)
                call->m_suspected = errc::no_answer;
            else if (state == request_state::waiting)
            {
                if (!asked)
                    serves = has_server();
                asked = true;
                if (!serves)
                    call->m_suspected = errc::no_server;
            }
            any |= bool(call->m_suspected);
        }
        // What a server has sent before that is in the queue by now.
        if (any && drain())
            end_suspected();
    }

    // Takes all answers that are there. False: it failed, or there may be more
    // behind one that a server is still writing.
    bool drain()
    {
        for (;;)
        {
            // Before the attempt: the record may be committed meanwhile.
            const bool behind = handle_access::ring(m_answers).held_up();
            boost::system::error_code ec;
            if (!m_answers.try_dequeue(m_buffer, ec))
                return !ec && !behind;
            take();
        }
    }

    void end_suspected()
    {
        for (waiting_call* call = m_first; call;)
        {
            waiting_call* const next = call->m_next;
            if (call->m_suspected && is_confirmed(*call))
                end(*call, call->m_suspected);
            call = next;
        }
    }

    // A server may have come meanwhile, and have received the request: also one
    // that a server had claimed which died before it took the request.
    bool is_confirmed(const waiting_call& call) const
    {
        const ring_view& ring = handle_access::queue(m_requests)->ring();
        if (call.m_suspected == errc::no_answer ||
            call.m_request.withdraw(ring))
            return true;
        return call.m_suspected == errc::server_died &&
               call.m_request.state(ring) == request_state::lost;
    }

    // Gives the answer in the buffer to its call, if that still waits.
    void take()
    {
        answer_header header;
        if (!read_header(header, m_buffer.data(), m_buffer.size()))
            return;
        waiting_call* const call = find(header.call);
        if (!call)
            return;
        if (header.kind == answer_kind::answered)
            end(*call, read(*call));
        else
            end(*call, header.kind == answer_kind::dropped ? errc::no_answer
                                                           : errc::server_died);
    }

    boost::system::error_code read(waiting_call& call)
    {
        try
        {
            call.read(m_buffer.data(), m_buffer.size());
            return {};
        }
        catch (...)
        {
            return current_error(errc::queue_mismatch);
        }
    }

    waiting_call* find(std::uint64_t number) const noexcept
    {
        waiting_call* call = m_first;
        while (call && call->m_number != number)
            call = call->m_next;
        return call;
    }

    void take_out(waiting_call& call) noexcept
    {
        (call.m_previous ? call.m_previous->m_next : m_first) = call.m_next;
        if (call.m_next)
            call.m_next->m_previous = call.m_previous;
        m_with_handlers -= call.m_has_handler;
    }

    void end(waiting_call& call, const boost::system::error_code& error)
    {
        take_out(call);
        call.m_done = true;
        call.m_error = error;
        call.ended();
    }

    void end_all(const boost::system::error_code& error)
    {
        while (m_first)
            end(*m_first, error);
    }

    // The thread that received leaves: a waiting one goes on.
    void hand_over()
    {
        if (!m_receiving && m_first)
            m_first->wake();
    }

    const queue_options m_answer_options;
    publisher_type m_requests;
    subscriber_type m_answers;
    std::mutex m_mutex{};
    waiting_call* m_first = nullptr;
    std::vector<std::byte> m_buffer{}; // of the thread that receives
    std::size_t m_with_handlers = 0;
    bool m_receiving = false;
    clock::time_point m_checked = clock::now();
    std::uint32_t m_quick = 0; // answers that came at once
    std::atomic<std::uint64_t> m_next;
    std::atomic<std::uint64_t> m_cancellations{0};
};

} // namespace detail
} // namespace boost_ipq

#endif
