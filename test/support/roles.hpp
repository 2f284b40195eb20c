// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_ROLES_HPP
#define BOOST_IPQ_TEST_ROLES_HPP

// What a child process of a test does:
//
//     CHILD_ROLE(send_one)
//     {
//         boost_ipq::publisher out(boost_ipq::open_only, self.argument(0));
//         out.enqueue("x", 1);
//         self.tell("sent");
//     }

#include "channel.hpp"
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace test {

// The child's view of itself.
class child_self
{
public:
    child_self(channel parent, std::vector<std::string> arguments)
        : m_parent(std::move(parent)),
          m_arguments(std::move(arguments))
    {
    }

    const std::string& argument(std::size_t index) const
    {
        return m_arguments.at(index);
    }

    unsigned long long number(std::size_t index) const
    {
        return std::stoull(argument(index));
    }

    std::size_t argument_count() const noexcept { return m_arguments.size(); }

    // Effects: sends a line to the parent.
    void tell(const std::string& line) { m_parent.tell(line); }
    void tell(unsigned long long number) { tell(std::to_string(number)); }

    // Returns: the next line from the parent; waits for it.
    // Throws: std::runtime_error if the parent has ended.
    std::string hear() { return m_parent.hear(); }

    // Returns: whether the parent has sent something, or has ended.
    bool was_told() const { return m_parent.is_readable(); }

private:
    channel m_parent;
    std::vector<std::string> m_arguments;
};

// Throws: std::runtime_error, with which the role fails.
inline void require(bool condition, const char* what)
{
    if (!condition)
        throw std::runtime_error(what);
}

class roles
{
public:
    using function = void (*)(child_self&);

    static constexpr const char* option = "--role";

    struct registration
    {
        registration(const char* name, function role) { all()[name] = role; }
    };

    // program --role NAME ARGUMENT...
    static bool is_child(int argc, char** argv)
    {
        return argc >= 3 && std::string(argv[1]) == option;
    }

    // In a role: this program.
    static const char*& program()
    {
        static const char* path = nullptr;
        return path;
    }

    // Returns: 0, or 1 if the role threw.
    static int run(int argc, char** argv)
    {
        program() = argv[0];
        return run(
            argv[2], channel::inherited(),
            std::vector<std::string>(argv + 3, argv + argc));
    }

    static int
    run(const std::string& role, channel parent,
        const std::vector<std::string>& arguments)
    {
        try
        {
            child_self self(std::move(parent), arguments);
            all().at(role)(self);
            return EXIT_SUCCESS;
        }
        catch (const std::exception& e)
        {
            std::fprintf(stderr, "role %s: %s\n", role.c_str(), e.what());
        }
        return EXIT_FAILURE;
    }

private:
    static std::map<std::string, function>& all()
    {
        static std::map<std::string, function> instance;
        return instance;
    }
};

} // namespace test

#define CHILD_ROLE(name)                                                       \
    static void role_##name(::test::child_self&);                              \
    static const ::test::roles::registration registration_of_##name(           \
        #name, &role_##name);                                                  \
    static void role_##name([[maybe_unused]] ::test::child_self& self)

#endif
