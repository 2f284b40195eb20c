// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ATTACHMENT_AWAIT_QUEUE_HPP
#define BOOST_IPQ_DETAIL_ATTACHMENT_AWAIT_QUEUE_HPP

// Waits until a queue of a name is ready.

#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/detail/platform/stop_token.hpp>
#include <boost_ipq/detail/wait/deadline.hpp>
#include <boost_ipq/detail/wait/stop.hpp>
#include <boost_ipq/detail/wait/waiters.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost_ipq/storage.hpp>

namespace boost_ipq {
namespace detail {

// The wait for a queue; a different thread may end it.
class queue_wait
{
public:
    explicit queue_wait(const queue_options& options);
    queue_wait(const queue_wait&) = delete;
    queue_wait& operator=(const queue_wait&) = delete;
    ~queue_wait();

    // Returns whether the queue is ready; false: the limit was reached.
    bool run(const wait_limit& limit);

    void wake() noexcept;

private:
    struct state;
    state* const m_state;
};

struct wake_queue_wait
{
    queue_wait& wait;
    void operator()() const { wait.wake(); }
};

// Looks for a queue inside the process again and again.
bool await_in_heap(const queue_options& options, const wait_limit& limit);

template <class Limit>
bool await_queue(heap_storage, const queue_options& options, const Limit& limit)
{
    if constexpr (is_stop_token<Limit>::value)
        return await_in_heap(options, until_stopped(limit));
    else
        return await_in_heap(options, until(limit));
}

template <class Limit>
bool await_queue(
    shared_storage, const queue_options& options, const Limit& limit)
{
    queue_wait wait(options);
    if constexpr (platform::is_std_stop_token<Limit>::value)
    {
        const platform::stop_callback<wake_queue_wait, Limit> callback(
            limit, wake_queue_wait{wait});
        return wait.run(until_stopped(limit));
    }
    else if constexpr (is_stop_token<Limit>::value)
        return wait.run(until_stopped(limit));
    else
        return wait.run(until(limit));
}

} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/attachment/await_queue.ipp>
#endif

#endif
