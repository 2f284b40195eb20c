// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TYPED_RESERVATION_HPP
#define BOOST_IPQ_TYPED_RESERVATION_HPP

#include <boost_ipq/reservation.hpp>
#include <memory>
#include <utility>

namespace boost_ipq {

//! An object in a queue's ring that its publisher fills in place: a
//! reservation, as a pointer.
template <class T>
class typed_reservation
{
public:
    //! Effects: an empty reservation.
    typed_reservation() noexcept = default;

    //! Effects: the reservation's room is an object; its value is
    //! indeterminate.
    explicit typed_reservation(reservation&& room) noexcept
        : m_room(std::move(room))
    {
    }

    //! Returns: whether there is an object to fill.
    explicit operator bool() const noexcept { return bool(m_room); }

    //! Returns: the object. Requires: not empty. (A trivially copyable type
    //! needs no constructor to be called.)
    T& operator*() const noexcept { return *static_cast<T*>(m_room.data()); }
    T* operator->() const noexcept { return std::addressof(**this); }

    //! Returns: a pointer to it. Requires: not empty.
    T* get() const noexcept { return std::addressof(**this); }
    T* data() const noexcept { return get(); }

    //! Effects: the object is delivered; the reservation is empty.
    //! Requires: not empty.
    void commit() noexcept { m_room.commit(); }

    //! Effects: gives the room back, if not empty.
    void abandon() noexcept { m_room.abandon(); }

private:
    reservation m_room;
};

} // namespace boost_ipq

#endif
