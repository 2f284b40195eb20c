// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TYPED_DELIVERY_HPP
#define BOOST_IPQ_TYPED_DELIVERY_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/delivery.hpp>
#include <cstdint>
#include <utility>

namespace boost_ipq {

//! An object that its subscriber reads in place: a delivery with the interface
//! of a pointer. It can be moved but not copied.
//!
//! What holds for every call: Throws: nothing. Complexity, thread safety, crash
//! safety: as the call of `delivery`.
template <class T>
class typed_delivery
{
public:
    //! Effects: makes an empty delivery.
    typed_delivery() noexcept = default;

    //! Requires: `message` is empty or holds an object of type T.
    //! Effects: takes ownership of `message`, which is empty afterwards.
    explicit typed_delivery(delivery&& message) noexcept
        : m_message(std::move(message))
    {
    }

    //! Returns: whether there is an object; false if none was taken, and after
    //! acknowledge() or give_back().
    explicit operator bool() const noexcept { return bool(m_message); }

    //! Requires: not empty.
    //! Returns: the object.
    const T& operator*() const noexcept { return *data(); }

    //! Requires: not empty.
    //! Returns: data().
    const T* operator->() const noexcept { return data(); }

    //! Requires: not empty.
    //! Returns: a pointer to the object.
    const T* data() const noexcept
    {
        return static_cast<const T*>(m_message.data());
    }

    //! Requires: not empty.
    //! Returns: data(), by the name that smart pointers have for it, and that
    //! programs for release 0.1.0 use.
    const T* get() const noexcept { return data(); }

    //! Requires: not empty.
    //! Returns: how often the object was delivered, as
    //! `delivery::delivery_count()`.
    std::uint32_t delivery_count() const noexcept
    {
        return m_message.delivery_count();
    }

    //! Requires: not empty.
    //! Returns: whether the object was delivered before, without being
    //! acknowledged.
    bool redelivered() const noexcept { return m_message.redelivered(); }

    //! Requires: not empty.
    //! Effects: removes the object from the queue: it is never delivered again.
    //! The delivery is empty afterwards.
    void acknowledge() noexcept { m_message.acknowledge(); }

    //! Requires: not empty.
    //! Effects: moves the object to the dead-letter queue, as
    //! `delivery::reject()`.
    void reject() noexcept { m_message.reject(); }

    //! Requires: not empty.
    //! Effects: gives the object back, as `delivery::release()`.
    void release() noexcept { m_message.release(); }

    //! Effects: release(), if there is an object.
    void give_back() noexcept { m_message.give_back(); }

private:
    delivery m_message;
};

} // namespace boost_ipq

#endif
