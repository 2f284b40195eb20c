// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_HANDLE_OPTIONS_ARGUMENT_HPP
#define BOOST_IPQ_DETAIL_HANDLE_OPTIONS_ARGUMENT_HPP

#include <boost_ipq/queue_options.hpp>
#include <exception>
#include <optional>
#include <type_traits>

namespace boost_ipq {
namespace detail {

// The options parameter of overloads that take an error_code&. A name or
// `{name, capacity}` is converted to options before the call, where a bad name
// would throw: this class keeps the exception for the call to report.
class options_argument
{
public:
    // None are given: get() must not be called. Explicit: `{}` in a call is an
    // error of the compiler.
    explicit options_argument() = default;

    template <
        class... Arguments,
        std::enable_if_t<
            std::is_constructible<queue_options, const Arguments&...>::value,
            int> = 0>
    options_argument(const Arguments&... arguments) noexcept
    {
        set([&] { return queue_options(arguments...); });
    }

    bool is_given() const noexcept { return m_options || m_failure; }

    // Throws the exception of the conversion, if there was one.
    const queue_options& get() const
    {
        if (m_failure)
            std::rethrow_exception(m_failure);
        return *m_options;
    }

    // Returns function(get()), and keeps an exception in the same way.
    template <class Function>
    options_argument then(Function function) const noexcept
    {
        options_argument result;
        result.set([&] { return function(get()); });
        return result;
    }

private:
    template <class Make>
    void set(Make make) noexcept
    {
        try
        {
            m_options = make();
        }
        catch (...)
        {
            m_failure = std::current_exception();
        }
    }

    std::optional<queue_options> m_options{};
    std::exception_ptr m_failure{};
};

} // namespace detail
} // namespace boost_ipq

#endif
