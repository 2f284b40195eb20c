// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_CLOUDTOID_ATTEMPTS_HPP
#define BOOST_IPQ_DETAIL_CLOUDTOID_ATTEMPTS_HPP

// The attempts of publishers and subscribers of cloudtoid/interprocess; see
// handle/queue_handle.hpp.

#include <boost_ipq/detail/cloudtoid/reader.hpp>
#include <boost_ipq/detail/cloudtoid/writer.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/handle/copy_targets.hpp>
#include <boost_ipq/detail/handle/error_context.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/truncate.hpp>
#include <boost/config.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace boost_ipq {
namespace detail {
namespace cloudtoid {

// Sends a copy of a message.
struct sending
{
    const void* data;
    std::size_t size; // bytes

    BOOST_FORCEINLINE status operator()(writer& end) const noexcept
    {
        if (BOOST_IPQ_DETAIL_UNLIKELY(data == nullptr && size != 0))
            return status::invalid;
        return end.try_send(data, size);
    }

    std::string text(status result, std::size_t limit) const
    {
        return message_of_size{size}.text(result, limit);
    }
};

// Sends copies of the messages of a range, as many as fit.
template <class Iterator>
struct sending_all
{
    Iterator first, last;
    std::size_t& sent;

    status operator()(writer& end) const
    {
        return end.try_send_all(first, last, sent);
    }

    std::string text(status result, std::size_t limit) const
    {
        return message_batch<Iterator>{first, last}.text(result, limit);
    }
};

// Copies the oldest message to a target, and takes it. The target grows, as far
// as it can, without the lock.
template <class Target>
struct receiving
{
    Target target;

    BOOST_FORCEINLINE status operator()(reader& end)
    {
        if (BOOST_IPQ_DETAIL_UNLIKELY(!target.valid()))
            return status::invalid;
        status result = end.try_take(target);
        while (BOOST_IPQ_DETAIL_UNLIKELY(result == status::declined) &&
               target.grow())
            result = end.try_take(target);
        return result;
    }

    std::string text(status result, std::size_t limit) const
    {
        return target.text(result, limit);
    }
};

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

inline receiving<buffer_target>
into(void* buffer, std::size_t capacity, std::size_t& size) noexcept
{
    return {{buffer, capacity, size}};
}

inline receiving<truncating_target>
into(void* buffer, std::size_t capacity, std::size_t& size, truncate_t) noexcept
{
    return {{buffer, capacity, size}};
}

template <class Container>
receiving<container_target<Container>> into(Container& message) noexcept
{
    return {container_target<Container>(message)};
}

} // namespace cloudtoid
} // namespace detail
} // namespace boost_ipq

#endif
