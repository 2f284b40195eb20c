// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#include "use.hpp"

std::size_t use(const std::string& name);

std::size_t use(const std::string& name)
{
    const boost_ipq::queue_options options(name, 4096);
    user::bytes(options);
    user::typed(options);
    user::asynchronous(options);
    user::inside_one_process();
    return user::around(name);
}
