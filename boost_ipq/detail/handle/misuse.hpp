// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_HANDLE_MISUSE_HPP
#define BOOST_IPQ_DETAIL_HANDLE_MISUSE_HPP

// What the compiler says about a call with wrong arguments. Without this, it
// lists each overload and why that does not fit: 60 to 90 lines. An overload
// for exactly the calls that no other overload takes states the remedy in one
// line.

#include <boost_ipq/detail/core/byte_view.hpp>
#include <boost_ipq/detail/handle/copy_targets.hpp>
#include <boost_ipq/detail/wait/deadline.hpp>
#include <boost_ipq/detail/wait/stop.hpp>
#include <boost_ipq/truncate.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <iterator>
#include <type_traits>
#include <utility>

namespace boost_ipq {
namespace detail {

enum class call
{
    once,    // try_
    waiting, // with or without a stop
    timed    // with a deadline
};

template <class T>
constexpr bool is_code =
    std::is_convertible<T, boost::system::error_code&>::value;

template <class T>
using bare = std::remove_cv_t<std::remove_reference_t<T>>;

// May a call end with these arguments?
template <call Kind, class... Rest>
constexpr bool is_end = false;
template <call Kind>
constexpr bool is_end<Kind> = Kind != call::timed;
template <call Kind, class T>
constexpr bool is_end<Kind, T> = Kind == call::timed
                                     ? is_deadline<bare<T>>::value
                                     : is_code<T> ||
                                           (Kind == call::waiting &&
                                            is_stop_token<bare<T>>::value);
template <call Kind, class T, class Code>
constexpr bool is_end<Kind, T, Code> =
    is_end<Kind, T> && !is_code<T> && is_code<Code>;

template <class Data, class Size>
constexpr bool is_sized_data = std::is_convertible<Data, const void*>::value&&
    std::is_convertible<Size, std::size_t>::value;

// Can a call of that kind send with these arguments?
template <call Kind, class... Arguments>
constexpr bool sends = false;
template <call Kind, class T>
constexpr bool sends<Kind, T> =
    is_byte_range<bare<T>>::value&& Kind != call::timed;
template <call Kind, class T, class U, class... Rest>
constexpr bool sends<Kind, T, U, Rest...> = (is_sized_data<T, U> &&
                                             is_end<Kind, Rest...>) ||
                                            (is_byte_range<bare<T>>::value &&
                                             is_end<Kind, U, Rest...>);

template <call Kind, class... Arguments>
using if_not_sends = std::enable_if_t<!sends<Kind, Arguments...>, int>;

template <class Container, class = int>
struct is_container : std::false_type
{
};

template <class Container>
struct is_container<Container&, if_container<Container>> : std::true_type
{
};

template <class Buffer, class Capacity, class Size>
constexpr bool is_buffer = std::is_convertible<Buffer, void*>::value&&
    std::is_convertible<Capacity, std::size_t>::value&&
        std::is_convertible<Size, std::size_t&>::value;

// May a call end with these arguments after a buffer?
template <call Kind, class... Rest>
constexpr bool is_end_of_buffer = is_end<Kind, Rest...>;
template <call Kind, class T, class... Rest>
constexpr bool is_end_of_buffer<Kind, T, Rest...> =
    is_end<Kind, T, Rest...> ||
    (std::is_same<bare<T>, truncate_t>::value && is_end<Kind, Rest...>);

// Can a call of that kind receive with these arguments?
template <call Kind, class... Arguments>
constexpr bool takes = Kind == call::waiting;
template <call Kind, class T>
constexpr bool takes<Kind, T> = (Kind == call::waiting && is_code<T>) ||
                                (Kind != call::timed && is_container<T>::value);
template <call Kind, class T, class U>
constexpr bool takes<Kind, T, U> = is_container<T>::value&& is_end<Kind, U>;
template <call Kind, class T, class U, class V, class... Rest>
constexpr bool takes<Kind, T, U, V, Rest...> =
    (is_buffer<T, U, V> && is_end_of_buffer<Kind, Rest...>) ||
    (is_container<T>::value && is_end<Kind, U, V, Rest...>);

template <call Kind, class... Arguments>
using if_not_takes = std::enable_if_t<!takes<Kind, Arguments...>, int>;

template <class T, class = void>
struct has_elements : std::false_type
{
};

template <class T>
struct has_elements<
    T, std::void_t<decltype(std::begin(std::declval<const T&>()))>>
    : std::true_type
{
};

template <class T>
constexpr bool is_number_or_class = (std::is_arithmetic<T>::value ||
                                     std::is_enum<T>::value ||
                                     std::is_class<T>::value) &&
                                    !has_elements<T>::value;

template <class... Arguments>
constexpr bool never = false;

// Are there a pointer, a size, and a number, as for message_queue?
template <class... Arguments>
constexpr bool has_priority = false;
template <class T, class Size, class Priority, class... Rest>
constexpr bool has_priority<T, Size, Priority, Rest...> =
    is_sized_data<T, Size>&& std::is_arithmetic<bare<Priority>>::value;

// Is only the deadline wrong?
template <class... Arguments>
constexpr bool lacks_deadline = false;
template <class T, class Time>
constexpr bool lacks_deadline<T, Time> = is_byte_range<bare<T>>::value;
template <class T, class U, class V>
constexpr bool lacks_deadline<T, U, V> =
    is_sized_data<T, U> || lacks_deadline<T, U>;

template <class... Arguments>
constexpr bool lacks_deadline_after = false;
template <class T, class Time>
constexpr bool lacks_deadline_after<T, Time> = is_container<T>::value;
template <class T, class U, class V>
constexpr bool lacks_deadline_after<T, U, V> = is_container<T>::value;
template <class T, class U, class V, class Time>
constexpr bool lacks_deadline_after<T, U, V, Time> = is_buffer<T, U, V>;

// These fail to compile, with one error that states the remedy.

// Once: a message of static_assert is a literal.
#define BOOST_IPQ_DETAIL_DEADLINE_TEXT                                         \
    "boost_ipq: a deadline is a time point or a duration, of std::chrono or "  \
    "boost::posix_time, such as std::chrono::seconds(1)"

template <class T>
void explain_deadline()
{
    static_assert(never<T>, BOOST_IPQ_DETAIL_DEADLINE_TEXT);
}

// The deadline that a call was given.
template <class Time>
auto deadline_of(const Time& time)
{
    if constexpr (is_deadline<Time>::value)
        return until(time);
    else
    {
        explain_deadline<Time>();
        return no_limit();
    }
}

template <call Kind, class T, class... Rest>
void explain_sending()
{
    if constexpr (Kind == call::timed && lacks_deadline<T, Rest...>)
        static_assert(never<T>, BOOST_IPQ_DETAIL_DEADLINE_TEXT);
    else if constexpr (has_priority<T, Rest...>)
        static_assert(
            never<T>, "boost_ipq: there are no priorities: give (data, size)");
    else if constexpr (std::is_pointer<bare<T>>::value && sizeof...(Rest) == 0)
        static_assert(
            never<T>, "boost_ipq: a pointer has no size: send "
                      "std::string_view(text), or give (data, size)");
    else if constexpr (is_number_or_class<bare<T>>)
        static_assert(
            never<T>, "boost_ipq: to send an object x, give (&x, sizeof x), or "
                      "use a typed_publisher");
    else if constexpr (
        !is_byte_range<bare<T>>::value &&
        !std::is_convertible<T, const void*>::value)
        static_assert(
            never<T>, "boost_ipq: only contiguous trivially copyable elements "
                      "are bytes: send a std::vector of such, or use a "
                      "typed_publisher with a serialization_codec");
    else
        static_assert(
            never<T>, "boost_ipq: give (data, size) or a range of bytes, then "
                      "a stop or a deadline if the call has one, then an "
                      "error_code");
}

template <call Kind, class T, class... Rest>
void explain_receiving()
{
    constexpr bool is_buffer_first = std::is_convertible<T, void*>::value;
    if constexpr (Kind == call::timed && lacks_deadline_after<T, Rest...>)
        static_assert(never<T>, BOOST_IPQ_DETAIL_DEADLINE_TEXT);
    else if constexpr (is_buffer_first && sizeof...(Rest) >= 3)
        static_assert(
            never<T>, "boost_ipq: there are no priorities: give (buffer, "
                      "capacity, size), where size is a std::size_t variable");
    else if constexpr (is_buffer_first)
        static_assert(
            never<T>, "boost_ipq: give (buffer, capacity, size), where size is "
                      "a std::size_t variable, or a container of bytes");
    else if constexpr (is_number_or_class<bare<T>>)
        static_assert(
            never<T>, "boost_ipq: to receive an object x, give (&x, sizeof x, "
                      "size), where size is a std::size_t variable, or use a "
                      "typed_subscriber");
    else
        static_assert(
            never<T>, "boost_ipq: give a container of bytes that can be "
                      "resized, or (buffer, capacity, size), then a stop or a "
                      "deadline if the call has one, then an error_code");
}

#undef BOOST_IPQ_DETAIL_DEADLINE_TEXT

} // namespace detail
} // namespace boost_ipq

#endif
