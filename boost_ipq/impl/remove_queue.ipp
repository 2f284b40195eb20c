// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_REMOVE_QUEUE_IPP
#define BOOST_IPQ_IMPL_REMOVE_QUEUE_IPP

#include <boost_ipq/remove_queue.hpp>

namespace boost_ipq {

BOOST_IPQ_DECL bool remove_queue(const queue_options& options)
{
    return remove_queue<shared_storage>(options);
}

BOOST_IPQ_DECL bool remove_queue(
    const detail::options_argument& options, boost::system::error_code& ec)
{
    return remove_queue<shared_storage>(options, ec);
}

} // namespace boost_ipq

#endif
