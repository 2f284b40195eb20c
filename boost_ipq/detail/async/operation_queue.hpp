// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ASYNC_OPERATION_QUEUE_HPP
#define BOOST_IPQ_DETAIL_ASYNC_OPERATION_QUEUE_HPP

// The operations of an I/O object that wait, in order. They are linked to each
// other: a queue needs no memory, and none of its functions fails.

#include <boost_ipq/detail/async/operation.hpp>
#include <cstdint>
#include <utility>

namespace boost_ipq {
namespace detail {

template <class Ring>
class operation_queue
{
public:
    using operation = async_operation<Ring>;
    using pointer = typename operation::pointer;

    operation_queue() = default;
    operation_queue(operation_queue&& other) noexcept
        : m_first(std::move(other.m_first)),
          m_last(std::exchange(other.m_last, nullptr))
    {
    }
    operation_queue& operator=(operation_queue&&) = delete;

    // One by one: a long list would destroy itself recursively.
    ~operation_queue()
    {
        while (!empty())
            pop_front();
    }

    bool empty() const noexcept { return m_first == nullptr; }
    operation& front() noexcept { return *m_first; }

    void push_back(pointer added) noexcept
    {
        operation* const last = added.get();
        (m_last ? m_last->next() : m_first) = std::move(added);
        m_last = last;
    }

    pointer pop_front() noexcept { return take(m_first, nullptr); }

    // Takes out the operation with that id; null if there is none.
    pointer remove(std::uint64_t id) noexcept
    {
        operation* before = nullptr;
        pointer* place = &m_first;
        while (*place && (*place)->id() != id)
        {
            before = place->get();
            place = &before->next();
        }
        return *place ? take(*place, before) : pointer();
    }

private:
    pointer take(pointer& place, operation* before) noexcept
    {
        pointer result = std::move(place);
        place = std::move(result->next());
        if (m_last == result.get())
            m_last = before;
        return result;
    }

    pointer m_first{};
    operation* m_last = nullptr;
};

} // namespace detail
} // namespace boost_ipq

#endif
