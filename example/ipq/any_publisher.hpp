// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_IPQ_ANY_PUBLISHER_HPP
#define BOOST_IPQ_EXAMPLE_IPQ_ANY_PUBLISHER_HPP

// A publisher of a queue or of a broadcast, whichever has the name.

#include "command.hpp"
#include <boost_ipq/broadcast.hpp>
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>

namespace ipq {

// Calls `use(out)` with a publisher.
template <class Function>
void with_publisher(const boost_ipq::queue_options& options, Function use)
{
    using namespace boost_ipq;
    if (inspect(options).kind == queue_kind::broadcast)
    {
        broadcast_publisher out(open_only, options);
        use(out);
    }
    else
    {
        publisher out(open_only, options);
        use(out);
    }
}

} // namespace ipq

#endif
