// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A type that is not trivially copyable is sent through a codec.

#include <boost_ipq/typed.hpp>
#include <string>

struct codec
{
    template <class Sink>
    void encode(const std::string& text, const Sink& sink) const
    {
        sink(text.data(), text.size());
    }
};

void send()
{
    boost_ipq::typed_publisher<std::string, codec> out(
        boost_ipq::open_only, "queue");
}
