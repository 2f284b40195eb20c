// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TYPE_NAME_HPP
#define BOOST_IPQ_TYPE_NAME_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <string_view>

namespace boost_ipq {

//! The name that a queue of objects of type T records, beside size and
//! alignment. A program specializes it for a type:
//!
//!     template <>
//!     struct boost_ipq::type_name<trade>
//!     {
//!         static constexpr std::string_view value = "trade, version 2";
//!     };
//!
//! `value` is a std::string_view, or converts to one, of up to 251 characters.
//! A typed handle then does not open a queue that has recorded a different
//! name: two types of the same size and alignment are not mistaken for each
//! other. A type without a name is compared by size and alignment only.
//!
//! With a codec, only the name is recorded and compared.
template <class T>
struct type_name
{
    //! No name.
    static constexpr std::string_view value{};
};

} // namespace boost_ipq

#endif
