// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TYPED_CODEC_HPP
#define BOOST_IPQ_TYPED_CODEC_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <cstddef>
#include <string_view>

namespace boost_ipq {

//! Stands for "no codec": typed handles send trivially copyable objects as the
//! bytes that they have in memory.
//!
//! Other types need a codec, a class of this form:
//!
//!     struct codec
//!     {
//!         // Calls sink(const void*, std::size_t) or sink(range), once or
//!         // repeatedly, with the bytes of the message in order.
//!         template <class Sink>
//!         void encode(const T& value, const Sink& sink) const;
//!
//!         // Or: T decode(const void* data, std::size_t size) const;
//!         T decode(message_view bytes) const;
//!     };
//!
//! The functions need not be const. If several threads use one handle, they
//! call its codec at the same time.
struct no_codec
{
};

//! The bytes of a message that a codec decodes: a contiguous range, which
//! converts to std::string_view and std::span.
//!
//! What holds for every call: Throws: nothing. Complexity: constant.
class message_view
{
public:
    //! Effects: refers to the `size` bytes at `data`.
    message_view(const void* data, std::size_t size) noexcept
        : m_data(static_cast<const std::byte*>(data)),
          m_size(size)
    {
    }

    //! Returns: a pointer to the first byte of the message.
    const std::byte* data() const noexcept { return m_data; }

    //! Returns: the size of the message in bytes.
    std::size_t size() const noexcept { return m_size; }

    //! Returns: data().
    const std::byte* begin() const noexcept { return m_data; }

    //! Returns: data() + size().
    const std::byte* end() const noexcept { return m_data + m_size; }

    //! Returns: the message as text.
    operator std::string_view() const noexcept
    {
        return {reinterpret_cast<const char*>(m_data), m_size};
    }

private:
    const std::byte* m_data;
    std::size_t m_size;
};

} // namespace boost_ipq

#endif
