// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A type that is not trivially copyable is sent through a codec.

#include <boost_ipq/typed.hpp>
#include <array>
#include <cstddef>
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

// Types that hold their data are no views, whatever functions they have.
struct text
{
    char characters[16];

    const char* data() const { return characters; }
    std::size_t size() const { return sizeof characters; }
};

void send_text()
{
    boost_ipq::typed_publisher<text> out(boost_ipq::open_only, "queue");
    boost_ipq::typed_publisher<std::array<const int, 4>> numbers(
        boost_ipq::open_only, "queue");
}
