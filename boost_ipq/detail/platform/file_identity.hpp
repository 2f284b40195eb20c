// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_FILE_IDENTITY_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_FILE_IDENTITY_HPP

#include <cstdint>

namespace boost_ipq {
namespace detail {
namespace platform {

// Two open files with equal identities are the same file. The system does not
// reuse the number while a file that has it is open.
struct file_identity
{
    std::uint64_t device = 0, number = 0;

    friend bool operator==(const file_identity& a, const file_identity& b)
    {
        return a.device == b.device && a.number == b.number;
    }

    friend bool operator<(const file_identity& a, const file_identity& b)
    {
        return a.device != b.device ? a.device < b.device : a.number < b.number;
    }
};

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
