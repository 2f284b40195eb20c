// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ASYNC_OBJECT_TASKS_HPP
#define BOOST_IPQ_DETAIL_ASYNC_OBJECT_TASKS_HPP

// Tasks, as in buffers.hpp, that send and receive objects.

#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/handle/copy_targets.hpp>
#include <boost_ipq/detail/ring/ring_writer.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <tuple>

namespace boost_ipq {
namespace detail {

// Receives one object into a variable of the caller's.
template <class T>
class object_receiving_task
{
public:
    explicit object_receiving_task(T& value) noexcept
        : m_target{std::addressof(value), sizeof(T)}
    {
    }

    template <class Ring>
    status operator()(Ring& ring, give_up_condition give_up)
    {
        const status result = ring.try_take(m_target, give_up);
        return result == status::declined ? status::other : result;
    }

    std::size_t size() const noexcept { return 0; }

    std::tuple<boost::system::error_code>
    result(const boost::system::error_code& error) const
    {
        return {error};
    }

private:
    object_target m_target;
};

// Receives one object and passes it to the handler.
template <class T>
class object_passing_task
{
public:
    template <class Ring>
    status operator()(Ring& ring, give_up_condition give_up)
    {
        return object_receiving_task<T>(m_value)(ring, give_up);
    }

    std::size_t size() const noexcept { return 0; }

    std::tuple<boost::system::error_code, T>
    result(const boost::system::error_code& error)
    {
        return {error, m_value};
    }

private:
    T m_value{};
};

// Sends one object, of which it keeps a copy.
template <class T>
class object_sending_task
{
public:
    explicit object_sending_task(const T& value) noexcept : m_value(value) {}

    status operator()(ring_writer& ring, give_up_condition give_up)
    {
        return ring.try_publish(
            std::addressof(m_value), sizeof m_value, give_up);
    }

    std::size_t size() const noexcept { return sizeof m_value; }

    std::tuple<boost::system::error_code>
    result(const boost::system::error_code& error) const
    {
        return {error};
    }

private:
    T m_value;
};

} // namespace detail
} // namespace boost_ipq

#endif
