// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_HANDLE_COPY_TARGETS_HPP
#define BOOST_IPQ_DETAIL_HANDLE_COPY_TARGETS_HPP

// Where a received message is copied to, and the attempt that copies it (see
// queue_handle.hpp).

#include <boost_ipq/detail/core/copy_bytes.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/detail/platform/cpu.hpp>
#include <boost_ipq/truncate.hpp>
#include <boost/config.hpp>
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>

namespace boost_ipq {
namespace detail {

// Copies the first `size` bytes of a body that is in two parts.
inline void copy_parts(
    void* to, const void* body, std::size_t first, const void* rest,
    std::size_t size) noexcept
{
    const std::size_t some = (std::min)(first, size);
    if (some != 0)
        std::memcpy(to, body, some);
    if (some != size)
        std::memcpy(static_cast<char*>(to) + some, rest, size - some);
}

// A caller's buffer. A body is in one part, or, in queues that split bodies, in
// two.
struct buffer_target
{
    void* buffer;
    std::size_t capacity;
    std::size_t& size;

    bool valid() const noexcept { return buffer || capacity == 0; }
    bool fits(std::size_t length) noexcept
    {
        size = length;
        return length <= capacity;
    }
    bool may_take(std::size_t length) noexcept { return fits(length); }
    BOOST_FORCEINLINE void take(const void* body, std::size_t length) noexcept
    {
        copy_out(buffer, body, length);
    }
    void take(
        const void* body, std::size_t first, const void* rest,
        std::size_t length) noexcept
    {
        copy_parts(buffer, body, first, rest, length);
    }
    bool grow() const noexcept { return false; }

    std::string text(status result, std::size_t limit) const;
};

// A caller's buffer, which gets as much of the message as it holds.
struct truncating_target
{
    void* buffer;
    std::size_t capacity;
    std::size_t& size;

    bool valid() const noexcept { return buffer || capacity == 0; }
    bool fits(std::size_t) const noexcept { return true; }
    bool may_take(std::size_t) const noexcept { return true; }
    void take(const void* body, std::size_t length) noexcept
    {
        size = length;
        copy_out(buffer, body, (std::min)(length, capacity));
    }
    void take(
        const void* body, std::size_t first, const void* rest,
        std::size_t length) noexcept
    {
        size = length;
        copy_parts(buffer, body, first, rest, (std::min)(length, capacity));
    }
    bool grow() const noexcept { return false; }

    std::string text(status result, std::size_t limit) const;
};

// An object. Only messages of exactly its size are taken.
struct object_target
{
    void* object;
    std::size_t size;

    bool valid() const noexcept { return true; }
    bool fits(std::size_t length) const noexcept { return length == size; }
    bool may_take(std::size_t length) const noexcept { return fits(length); }
    BOOST_FORCEINLINE void
    take(const void* body, std::size_t length) const noexcept
    {
        copy_out(object, body, length);
    }
    bool grow() const noexcept { return false; }

    std::string text(status result, std::size_t limit) const;
};

template <class Container>
using if_container = std::enable_if_t<
    std::is_same<
        decltype(std::declval<Container&>().resize(std::size_t())),
        void>::value &&
        sizeof(std::declval<Container&>().data()) != 0,
    int>;

template <class Container, class = void>
struct has_capacity : std::false_type
{
};

template <class Container>
struct has_capacity<
    Container,
    std::void_t<decltype(std::declval<const Container&>().capacity())>>
    : std::true_type
{
};

// A resizable contiguous container of bytes. It grows without the lock; an
// exception leaves the message in the queue.
template <class Container>
class container_target
{
    static_assert(
        sizeof(typename Container::value_type) == 1 &&
            std::is_trivially_copyable<typename Container::value_type>::value,
        "a message is bytes: receive it into a container of std::byte, char "
        "or unsigned char");

public:
    explicit container_target(Container& container) noexcept
        : m_container(container)
    {
    }

    bool valid() const noexcept { return true; }
    bool fits(std::size_t length) noexcept
    {
        m_wanted = length;
        return length <= room();
    }
    bool may_take(std::size_t) const noexcept { return true; }
    void take(const void* body, std::size_t length)
    {
        m_container.resize(length);
        copy_out(m_container.data(), body, length);
    }
    void take(
        const void* body, std::size_t first, const void* rest,
        std::size_t length)
    {
        m_container.resize(length);
        copy_parts(m_container.data(), body, first, rest, length);
    }
    bool grow()
    {
        if (m_wanted > m_container.size())
            m_container.resize(m_wanted);
        return true;
    }

    static std::string text(status, std::size_t) { return {}; }

private:
    std::size_t room() const noexcept
    {
        if constexpr (has_capacity<Container>::value)
            return m_container.capacity();
        else
            return m_container.size();
    }

    Container& m_container;
    std::size_t m_wanted = 0;
};

// Copies the oldest message to a target, and takes it. The target grows, as far
// as it can, without the lock.
template <class Target>
struct receiving
{
    Target target;

    static constexpr bool quiet = false;

    template <class Ring>
    BOOST_FORCEINLINE status operator()(Ring& ring, give_up_condition give_up)
    {
        if (BOOST_IPQ_DETAIL_UNLIKELY(!target.valid()))
            return status::invalid;
        const status result = ring.try_take(target, give_up);
        return BOOST_IPQ_DETAIL_UNLIKELY(result == status::declined)
                   ? grow_and_take(ring, give_up)
                   : result;
    }

    template <class Ring>
    static bool may_succeed(const Ring&) noexcept
    {
        return true;
    }

    std::string text(status result, std::size_t limit) const
    {
        return target.text(result, limit);
    }

private:
    template <class Ring>
    BOOST_IPQ_DETAIL_NOINLINE status
    grow_and_take(Ring& ring, give_up_condition give_up)
    {
        status result = status::declined;
        while (result == status::declined && target.grow())
            result = ring.try_take(target, give_up);
        return result;
    }
};

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

} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/handle/copy_targets.ipp>
#endif

#endif
