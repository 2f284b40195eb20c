// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_CORE_BYTE_VIEW_HPP
#define BOOST_IPQ_DETAIL_CORE_BYTE_VIEW_HPP

// Any contiguous range of trivially copyable elements, as bytes. A range whose
// data() is a pointer to void counts bytes itself (asio::const_buffer).

#include <cstddef>
#include <iterator>
#include <type_traits>
#include <utility>

namespace boost_ipq {
namespace detail {

template <class Range>
using data_pointer = decltype(std::data(std::declval<const Range&>()));

template <class Range>
using data_element =
    std::remove_cv_t<std::remove_pointer_t<data_pointer<Range>>>;

template <class Element>
constexpr std::size_t element_size() noexcept
{
    if constexpr (std::is_void<Element>::value)
        return 1;
    else
        return sizeof(Element);
}

template <class Range, class = void>
struct is_byte_range : std::false_type
{
};

template <class Range>
struct is_byte_range<
    Range, std::enable_if_t<
               std::is_convertible<
                   decltype(std::size(std::declval<const Range&>())),
                   std::size_t>::value &&
               std::is_pointer<data_pointer<Range>>::value &&
               (std::is_void<data_element<Range>>::value ||
                std::is_trivially_copyable<data_element<Range>>::value)>>
    : std::true_type
{
};

template <class Range>
using if_byte_range = std::enable_if_t<is_byte_range<Range>::value, int>;

// Does an object refer to bytes elsewhere? True for pointers, and for views
// such as std::string_view, std::span and asio::const_buffer: data() of a const
// view has the type that it has without the const. So has data() of
// std::array<const T, N>, which holds its elements; but such an array cannot be
// assigned.
template <class Element, class = void>
struct refers_elsewhere : std::is_pointer<Element>
{
};

template <class Element>
struct refers_elsewhere<
    Element, std::enable_if_t<is_byte_range<Element>::value>>
    : std::integral_constant<
          bool, std::is_copy_assignable<Element>::value &&
                    std::is_same<
                        decltype(std::data(std::declval<Element&>())),
                        data_pointer<Element>>::value>
{
};

struct byte_view
{
    byte_view(const void* bytes, std::size_t count) noexcept
        : data(bytes),
          size(count)
    {
    }

    template <class Range, if_byte_range<Range> = 0>
    explicit byte_view(const Range& range)
        : data(std::data(range)),
          size(std::size(range) * element_size<data_element<Range>>())
    {
        static_assert(
            !refers_elsewhere<data_element<Range>>::value,
            "boost_ipq: the elements of the range are pointers or views: an "
            "address is meaningless in another process. To send what they "
            "refer to, one message each, call try_enqueue_all(begin, end)");
    }

    bool valid() const noexcept { return data || size == 0; }

    const void* data;
    std::size_t size;
};

} // namespace detail
} // namespace boost_ipq

#endif
