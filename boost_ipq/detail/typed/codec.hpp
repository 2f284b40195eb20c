// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_TYPED_CODEC_HPP
#define BOOST_IPQ_DETAIL_TYPED_CODEC_HPP

// Converts between an object and the bytes of its message: without a codec, the
// bytes of the object itself.

#include <boost_ipq/detail/core/byte_view.hpp>
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost_ipq/type_name.hpp>
#include <boost_ipq/typed_codec.hpp>
#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace boost_ipq {
namespace detail {

template <class Codec>
constexpr bool has_codec = !std::is_same<Codec, no_codec>::value;

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

// Does an object refer to its elements by an address? A class that holds its
// elements may have a const data() only, but then it is an aggregate, or larger
// than a view.
template <class T>
constexpr bool is_view_type =
    std::is_class<T>::value&& refers_elsewhere<T>::value &&
    !std::is_aggregate<T>::value && sizeof(T) <= 2 * sizeof(void*);

// Is it a pointer or a reference, or does it consist of such or of views?
template <class T>
struct is_address
    : std::integral_constant<
          bool, std::is_pointer<T>::value || std::is_member_pointer<T>::value ||
                    std::is_null_pointer<T>::value>
{
};

template <class T>
struct is_address<std::reference_wrapper<T>> : std::true_type
{
};

template <class T>
using consists_of_addresses =
    std::integral_constant<bool, is_address<T>::value || is_view_type<T>>;

template <class T, std::size_t N>
struct is_address<T[N]> : consists_of_addresses<T>
{
};

template <class T, std::size_t N>
struct is_address<std::array<T, N>> : consists_of_addresses<T>
{
};

template <class T>
struct is_address<std::optional<T>> : consists_of_addresses<T>
{
};

// The options of a queue of such objects. The assertions stand here so that few
// lines of the compiler's lead to them.
template <class T, class Codec>
queue_options typed_options(queue_options options)
{
    static_assert(
        has_codec<Codec> || !is_address<T>::value,
        "boost_ipq: T is a pointer or a reference: an address is meaningless "
        "in another process. Send the object itself, or name a codec");
    static_assert(
        has_codec<Codec> || !is_view_type<T>,
        "boost_ipq: T is a view: it refers to bytes that another process "
        "cannot see. Send a type that holds them, send the bytes with a "
        "publisher, or name a codec");
    static_assert(
        has_codec<Codec> || !std::is_empty<T>::value,
        "boost_ipq: T has no data members: there is nothing to send. Send an "
        "empty message with a publisher, or name a codec");
    static_assert(
        has_codec<Codec> || std::is_trivially_copyable<T>::value,
        "boost_ipq: T is not trivially copyable: name a codec, "
        "typed_publisher<T, Codec>, for example "
        "boost_ipq::serialization_codec<T>");
    static_assert(
        has_codec<Codec> || alignof(T) <= max_alignment,
        "boost_ipq: messages are aligned to at most 64 bytes: name a codec");
    const std::string_view name = type_name<T>::value;
    if constexpr (!has_codec<Codec>)
        options.message_type(sizeof(T), alignof(T), name);
    else if (!name.empty())
        options.message_type(0, 1, name);
    return options;
}

// Calls a codec for an overload that reports errors through an error_code&. A
// std::exception that current_error() does not handle becomes `failure`.
template <class Function>
decltype(auto) call_codec(errc failure, Function function)
{
    try
    {
        return function();
    }
    catch (...)
    {
        throw_error(current_error(failure));
    }
}

// The sink to which a codec writes an object's bytes.
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

// The bytes of an object, as a contiguous range. The object must outlive it.
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

    const std::byte* data() const noexcept { return m_bytes.data(); }
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

    const std::byte* data() const noexcept
    {
        return reinterpret_cast<const std::byte*>(std::addressof(m_value));
    }
    std::size_t size() const noexcept { return sizeof(T); }

private:
    const T& m_value;
};

// Without a codec, refers to the object in place.
template <class T, class Codec>
decltype(auto) decode(Codec& codec, const void* data, std::size_t size)
{
    if constexpr (!has_codec<Codec>)
        return (*static_cast<const T*>(data));
    else if constexpr (decodes_view<Codec>::value)
        return codec.decode(message_view(data, size));
    else
        return codec.decode(data, size);
}

} // namespace detail
} // namespace boost_ipq

#endif
