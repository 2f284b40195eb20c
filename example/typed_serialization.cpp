// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Typed messages of a type that is not trivially copyable, with
// Boost.Serialization.

#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/serialization.hpp>
#include <boost_ipq/typed.hpp>
#include <boost/serialization/string.hpp>
#include <boost/serialization/vector.hpp>
#include <sys/wait.h>
#include <unistd.h>
#include <iostream>
#include <string>
#include <vector>

struct person
{
    std::string name;
    std::vector<int> marks;

    template <class Archive>
    void serialize(Archive& archive, unsigned)
    {
        archive& name& marks;
    }
};

using person_codec = boost_ipq::serialization_codec<person>;

int send(const std::string& name)
{
    boost_ipq::typed_publisher<person, person_codec> out(
        boost_ipq::open_only, name);
    out.enqueue({"Ada", {1, 2, 1}});
    return 0;
}

int main()
{
    const std::string name =
        "example-serialization-" + std::to_string(::getpid());
    boost_ipq::typed_subscriber<person, person_codec> in(
        boost_ipq::create_only, boost_ipq::queue_options(name, 4096));
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(send(name));
    const person ada = in.dequeue();
    int status = 1;
    ::waitpid(child, &status, 0);
    boost_ipq::remove_queue(name);
    std::cout << ada.name << " has " << ada.marks.size() << " marks\n";
    return status == 0 && ada.name == "Ada" && ada.marks.size() == 3 ? 0 : 1;
}
