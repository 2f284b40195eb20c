// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Writes and reads a message in place, without a copy: one process draws a
// picture, a second process checks it.

#include <boost_ipq/publisher.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/subscriber.hpp>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <cstddef>
#include <iostream>
#include <string>

constexpr std::size_t picture_size = 1 << 20; // bytes

int look(const std::string& name)
{
    boost_ipq::subscriber in(boost_ipq::open_only, name);
    boost_ipq::delivery picture = in.receive();
    const auto* const pixels = static_cast<const char*>(picture.data());
    const auto white = std::count(pixels, pixels + picture.size(), 'w');
    // Without this, the picture would be delivered again.
    picture.acknowledge();
    return white == picture_size / 4 ? 0 : 1;
}

int main()
{
    const std::string name = "example-in_place-" + std::to_string(::getpid());
    boost_ipq::publisher out(boost_ipq::create_only, {name, 2 * picture_size});
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(look(name));
    boost_ipq::reservation picture = out.reserve(picture_size);
    auto* const pixels = static_cast<char*>(picture.data());
    std::fill_n(pixels, picture_size, 'b');
    std::fill_n(pixels, picture_size / 4, 'w');
    picture.commit();
    int status = 1;
    ::waitpid(child, &status, 0);
    boost_ipq::remove_queue(name);
    std::cout << (status == 0 ? "a quarter is white\n" : "wrong picture\n");
    return status == 0 ? 0 : 1;
}
