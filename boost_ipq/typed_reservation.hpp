// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TYPED_RESERVATION_HPP
#define BOOST_IPQ_TYPED_RESERVATION_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/reservation.hpp>
#include <utility>

namespace boost_ipq {

//! An object that its publisher fills in place: a reservation with the
//! interface of a pointer. It can be moved but not copied.
//!
//! T is trivially copyable, so no constructor is called. At first, the value of
//! the object is indeterminate.
//!
//! What holds for every call: Throws: nothing. Complexity, thread safety, crash
//! safety: as the call of `reservation`.
template <class T>
class typed_reservation
{
public:
    //! Effects: makes an empty reservation.
    typed_reservation() noexcept = default;

    //! Requires: `room` is empty or has the size and alignment of T.
    //! Effects: takes ownership of `room`, which is empty afterwards.
    explicit typed_reservation(reservation&& room) noexcept
        : m_room(std::move(room))
    {
    }

    //! Returns: whether there is an object to fill; false if no room was
    //! reserved, and after commit() or abandon().
    explicit operator bool() const noexcept { return bool(m_room); }

    //! Requires: not empty.
    //! Returns: the object.
    T& operator*() const noexcept { return *data(); }

    //! Requires: not empty.
    //! Returns: data().
    T* operator->() const noexcept { return data(); }

    //! Requires: not empty.
    //! Returns: a pointer to the object.
    T* data() const noexcept { return static_cast<T*>(m_room.data()); }

    //! Requires: not empty.
    //! Returns: data(), by the name that smart pointers have for it, and that
    //! programs for release 0.1.0 use.
    T* get() const noexcept { return data(); }

    //! Requires: not empty.
    //! Effects: sends the object. The reservation is empty afterwards.
    void commit() noexcept { m_room.commit(); }

    //! Effects: gives the room back, if there is any. The object is never
    //! delivered. The reservation is empty afterwards.
    void abandon() noexcept { m_room.abandon(); }

private:
    reservation m_room;
};

} // namespace boost_ipq

#endif
