// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_ATTACHMENT_OUTSTANDING_IPP
#define BOOST_IPQ_IMPL_ATTACHMENT_OUTSTANDING_IPP

#include <boost_ipq/detail/attachment/outstanding.hpp>

namespace boost_ipq {
namespace detail {

BOOST_IPQ_DECL void outstanding::handle_opened()
{
    std::shared_ptr<void> keeper; // destroyed after the guard
    const std::lock_guard<fork_mutex> guard(m_mutex);
    // Relaxed: the mutex orders it before last_handle_closed().
    m_handles.fetch_add(1, std::memory_order_relaxed);
    if (!std::exchange(m_closed, false))
        return;
    // acq_rel: as in one_gone(). If it was negative, no other thread ends the
    // keeping.
    if (m_gone.fetch_add(m_subtracted, std::memory_order_acq_rel) < 0)
        keeper = end_keeping();
}

BOOST_IPQ_DECL void
outstanding::last_handle_closed(const std::shared_ptr<void>& self) noexcept
{
    const std::lock_guard<fork_mutex> guard(m_mutex);
    // A handle may have been opened, or opened and closed, meanwhile.
    if (m_closed || m_handles.load(std::memory_order_acquire) != 0)
        return;
    m_closed = true;
    // Relaxed: there is no handle, so no thread counts.
    m_subtracted = static_cast<std::int64_t>(
        made.reserved.load(std::memory_order_relaxed) +
        made.claimed.load(std::memory_order_relaxed));
    // Before the subtraction: from then on, another thread can end it.
    m_keeper = self;
    ++m_keeping;
    // acq_rel: as in one_gone(). The caller still has `self`, so the attachment
    // is not destroyed here.
    if (m_gone.fetch_sub(m_subtracted, std::memory_order_acq_rel) ==
        m_subtracted)
        end_keeping();
}

BOOST_IPQ_DECL void outstanding::release_keeper() noexcept
{
    std::shared_ptr<void> keeper; // destroyed after the guard
    const std::lock_guard<fork_mutex> guard(m_mutex);
    keeper = end_keeping();
}

BOOST_IPQ_DECL std::shared_ptr<void> outstanding::end_keeping() noexcept
{
    return --m_keeping == 0 ? std::move(m_keeper) : nullptr;
}

} // namespace detail
} // namespace boost_ipq

#endif
