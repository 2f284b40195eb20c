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

// Options as the twins with an error code take them. A name becomes options
// before such a twin is entered: what that throws is kept, for it to report.
class options_argument
{
public:
    template <
        class... Arguments,
        std::enable_if_t<
            std::is_constructible<queue_options, const Arguments&...>::value,
            int> = 0>
    options_argument(const Arguments&... arguments) noexcept
    {
        try
        {
            m_options.emplace(arguments...);
        }
        catch (...)
        {
            m_failure = std::current_exception();
        }
    }

    // Throws what making them threw.
    const queue_options& get() const
    {
        if (m_failure)
            std::rethrow_exception(m_failure);
        return *m_options;
    }

    // What a function makes of them.
    template <class Function>
    options_argument then(Function function) const noexcept
    {
        options_argument result;
        try
        {
            result.m_options = function(get());
        }
        catch (...)
        {
            result.m_failure = std::current_exception();
        }
        return result;
    }

private:
    options_argument() = default;

    std::optional<queue_options> m_options;
    std::exception_ptr m_failure;
};

} // namespace detail
} // namespace boost_ipq

#endif
