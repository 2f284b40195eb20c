// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_TYPED_CODEC_HPP
#define BOOST_IPQ_DETAIL_TYPED_CODEC_HPP

// How an object becomes a message's bytes: as it lies in memory, or by a codec.

#include <boost_ipq/detail/core/byte_view.hpp>
#include <boost_ipq/detail/platform/container_failure.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/queue_options.hpp>
#include <cstddef>
#include <exception>
#include <memory>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace boost_ipq {

//! For typed handles: messages are the objects' own bytes.
struct no_codec
{
};

//! The bytes of a message, as a codec gets them; a contiguous range.
class message_view
{
public:
    message_view(const void* data, std::size_t size) noexcept
        : m_data(static_cast<const std::byte*>(data)),
          m_size(size)
    {
    }

    const std::byte* data() const noexcept { return m_data; }
    std::size_t size() const noexcept { return m_size; }
    const std::byte* begin() const noexcept { return m_data; }
    const std::byte* end() const noexcept { return m_data + m_size; }

    //! For codecs of text.
    operator std::string_view() const noexcept
    {
        return {reinterpret_cast<const char*>(m_data), m_size};
    }

private:
    const std::byte* m_data;
    std::size_t m_size;
};

namespace detail {

template <class Codec, class = void>
struct decodes_view : std::false_type
{
};

template <class Codec>
struct decodes_view<
    Codec, std::void_t<decltype(std::declval<Codec&>().decode(
               std::declval<message_view>()))>> : std::true_type
{
};

template <class T, class Codec>
constexpr bool lies_in_place = std::is_same<Codec, no_codec>::value;

template <class T, class Codec>
constexpr bool check_type()
{
    static_assert(
        !lies_in_place<T, Codec> || std::is_trivially_copyable<T>::value,
        "boost_ipq: T is not trivially copyable: name a codec, "
        "typed_publisher<T, Codec>, for example "
        "boost_ipq::serialization_codec<T>");
    static_assert(
        !lies_in_place<T, Codec> || alignof(T) <= 64,
        "boost_ipq: messages are aligned to at most 64 bytes: name a codec");
    return true;
}

// What a queue of such objects is like.
template <class T, class Codec>
queue_options typed_options(queue_options options)
{
    static_assert(check_type<T, Codec>(), "");
    if constexpr (lies_in_place<T, Codec>)
        options.message_type(sizeof(T), alignof(T));
    return options;
}

// Runs a codec; what it throws becomes ours, for the twins with an error code
// to report.
template <class Function>
decltype(auto) as_error(errc code, Function function)
{
    try
    {
        return function();
    }
    catch (const error&)
    {
        throw;
    }
    catch (const std::bad_alloc&)
    {
        throw;
    }
    catch (const platform::container_bad_alloc&)
    {
        throw;
    }
    catch (const std::exception& e)
    {
        throw_error(code, e.what());
    }
}

// Where a codec puts an object's bytes.
template <class Bytes>
class byte_sink
{
public:
    explicit byte_sink(Bytes& bytes) noexcept : m_bytes(bytes) {}

    void operator()(const void* data, std::size_t size) const
    {
        const auto* const begin = static_cast<const std::byte*>(data);
        m_bytes.insert(m_bytes.end(), begin, begin + size);
    }

    template <class Range, if_byte_range<Range> = 0>
    void operator()(const Range& range) const
    {
        const byte_view view(range);
        (*this)(view.data, view.size);
    }

private:
    Bytes& m_bytes;
};

// An object's bytes, as long as this and the object live.
template <class T, class Codec, class Allocator>
class encoded
{
    using bytes = std::vector<
        std::byte, typename std::allocator_traits<
                       Allocator>::template rebind_alloc<std::byte>>;

public:
    encoded(const T& value, Codec& codec, const Allocator& allocator)
        : m_bytes(allocator)
    {
        const byte_sink<bytes> sink(m_bytes);
        codec.encode(value, sink);
    }

    const void* data() const noexcept { return m_bytes.data(); }
    std::size_t size() const noexcept { return m_bytes.size(); }

private:
    bytes m_bytes;
};

template <class T, class Allocator>
class encoded<T, no_codec, Allocator>
{
public:
    encoded(const T& value, no_codec&, const Allocator&) noexcept
        : m_value(value)
    {
    }

    const void* data() const noexcept { return std::addressof(m_value); }
    std::size_t size() const noexcept { return sizeof(T); }

private:
    const T& m_value;
};

} // namespace detail
} // namespace boost_ipq

#endif
