// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_RING_CURSOR_RECOVERY_HPP
#define BOOST_IPQ_DETAIL_RING_CURSOR_RECOVERY_HPP

#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/platform/atomic.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <atomic>
#include <cstddef>
#include <optional>

namespace boost_ipq {
namespace detail {

// What dead processes hold in a broadcast. An interface, so that programs that
// open only queues compile none of it: the calls that open a broadcast set it.
class cursor_recovery
{
public:
    // Returns the number of records and cursors, or nothing if it gave up.
    virtual std::optional<std::size_t> recover(
        const ring_view& ring, give_up_condition give_up) const noexcept = 0;

    // Drops all messages. No other process has the broadcast open. False: gave
    // up.
    virtual bool
    drop(const ring_view& ring, give_up_condition give_up) const noexcept = 0;

    static const cursor_recovery& of_program() noexcept
    {
        return *instance().load(std::memory_order_relaxed);
    }

    // Called before a broadcast is opened. Relaxed: always the same object,
    // which is constant.
    static void set(const cursor_recovery& value) noexcept
    {
        instance().store(&value, std::memory_order_relaxed);
    }

protected:
    ~cursor_recovery() = default;

private:
    static atomic<const cursor_recovery*>& instance() noexcept
    {
        static atomic<const cursor_recovery*> value{nullptr};
        return value;
    }
};

} // namespace detail
} // namespace boost_ipq

#endif
