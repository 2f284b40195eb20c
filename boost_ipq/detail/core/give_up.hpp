// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_CORE_GIVE_UP_HPP
#define BOOST_IPQ_DETAIL_CORE_GIVE_UP_HPP

// When to stop waiting for a lock whose owner is alive. The owner may be
// stopped, by a debugger or by SIGSTOP, and keeps the lock then.

#include <boost_ipq/error.hpp>
#include <chrono>
#include <memory>
#include <type_traits>

namespace boost_ipq {
namespace detail {

// Asked now and then, with the time that the caller has waited so far. By
// default never gives up. Refers to a callable object, which must outlive it.
class give_up_condition
{
public:
    using duration = std::chrono::nanoseconds;

    constexpr give_up_condition() noexcept = default;

    template <
        class Function,
        std::enable_if_t<
            !std::is_same<Function, give_up_condition>::value, int> = 0>
    give_up_condition(const Function& function) noexcept
        : m_function(std::addressof(function)),
          m_call([](const void* object, duration waited) -> bool {
              const auto& asked = *static_cast<const Function*>(object);
              if constexpr (std::is_invocable<const Function&, duration>::value)
                  return asked(waited);
              else
                  return asked();
          })
    {
        static_assert(std::is_class<Function>::value, "a callable object");
    }

    bool never() const noexcept { return m_call == nullptr; }

    bool operator()(duration waited = duration::zero()) const
    {
        return m_call != nullptr && m_call(m_function, waited);
    }

private:
    const void* m_function = nullptr;
    bool (*m_call)(const void*, duration) = nullptr;
};

// Gives up after that time.
struct give_up_after
{
    std::chrono::nanoseconds limit;

    bool operator()(std::chrono::nanoseconds waited) const noexcept
    {
        return waited >= limit;
    }
};

// Gives up without waiting.
struct give_up_at_once
{
    bool operator()() const noexcept { return true; }
};

// How long a call may wait for the lock of a queue's file, and the error that
// it then reports. By default it waits as long as it takes.
struct lock_limit
{
    give_up_condition give_up{};
    errc error = errc::timed_out;
};

} // namespace detail
} // namespace boost_ipq

#endif
