// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_CLOUDTOID_FUNCTION_TARGET_HPP
#define BOOST_IPQ_DETAIL_CLOUDTOID_FUNCTION_TARGET_HPP

#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/handle/copy_targets.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace boost_ipq {
namespace detail {
namespace cloudtoid {

// Calls a function with the message, before it is taken. A body in two parts is
// copied for that.
template <class Function, class Allocator>
class function_target
{
public:
    function_target(Function& function, const Allocator& allocator) noexcept
        : m_function(function),
          m_allocator(allocator)
    {
    }

    bool valid() const noexcept { return true; }
    bool fits(std::size_t) const noexcept { return true; }
    bool grow() const noexcept { return false; }
    void take(const void* body, std::size_t length)
    {
        m_function(body, length);
    }
    void take(
        const void* body, std::size_t first, const void* rest,
        std::size_t length)
    {
        using byte_allocator = typename std::allocator_traits<
            Allocator>::template rebind_alloc<std::byte>;
        std::vector<std::byte, byte_allocator> whole(
            length, byte_allocator(m_allocator));
        copy_parts(whole.data(), body, first, rest, length);
        m_function(static_cast<const void*>(whole.data()), length);
    }

    static std::string text(status, std::size_t) { return {}; }

private:
    Function& m_function;
    const Allocator& m_allocator;
};

template <class Function, class Allocator>
receiving<function_target<Function, Allocator>>
consuming(Function& function, const Allocator& allocator) noexcept
{
    return {function_target<Function, Allocator>(function, allocator)};
}

} // namespace cloudtoid
} // namespace detail
} // namespace boost_ipq

#endif
