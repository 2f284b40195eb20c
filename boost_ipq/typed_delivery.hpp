// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TYPED_DELIVERY_HPP
#define BOOST_IPQ_TYPED_DELIVERY_HPP

#include <boost_ipq/delivery.hpp>
#include <memory>
#include <utility>

namespace boost_ipq {

//! An object in a queue's ring that its subscriber reads in place: a delivery,
//! as a pointer.
template <class T>
class typed_delivery
{
public:
    //! Effects: an empty delivery.
    typed_delivery() noexcept = default;

    //! Requires: the message is an object of the type.
    explicit typed_delivery(delivery&& message) noexcept
        : m_message(std::move(message))
    {
    }

    //! Returns: whether there is an object.
    explicit operator bool() const noexcept { return bool(m_message); }

    //! Returns: the object. Requires: not empty.
    const T& operator*() const noexcept
    {
        return *static_cast<const T*>(m_message.data());
    }
    const T* operator->() const noexcept { return std::addressof(**this); }

    //! Returns: a pointer to it. Requires: not empty.
    const T* get() const noexcept { return std::addressof(**this); }
    const T* data() const noexcept { return get(); }

    //! Returns: whether somebody may have seen it before. Requires: not empty.
    bool redelivered() const noexcept { return m_message.redelivered(); }

    //! Effects: it is done with; the delivery is empty. Requires: not empty.
    void acknowledge() noexcept { m_message.acknowledge(); }

    //! Effects: leaves it to whoever comes next.
    void give_back() noexcept { m_message.give_back(); }

private:
    delivery m_message;
};

} // namespace boost_ipq

#endif
