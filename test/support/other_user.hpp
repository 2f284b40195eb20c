// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_OTHER_USER_HPP
#define BOOST_IPQ_TEST_OTHER_USER_HPP

// Children that give up root's rights and try to use a queue.

#include "child_process.hpp"
#include "queue_name.hpp"
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <grp.h>
#include <unistd.h>
#include <string>
#include <vector>

namespace test {

constexpr unsigned first_user = 65534;
constexpr unsigned second_user = 33;

// Effects: gives up all rights but those of that user and that group; 0 for
// both changes nothing.
inline void become(unsigned user, unsigned group)
{
    if (user != 0 || group != 0)
        require(
            ::setgroups(0, nullptr) == 0 && ::setgid(group) == 0 &&
                ::setuid(user) == 0,
            "becoming another user");
}

// How a user opens a queue; passed to the child as its arguments.
struct attempt
{
    unsigned user = 0;
    std::string how = "open_or_create"; // create, open, join (by name), remove
    std::string name;
    int mode = 0600;
    std::string lifetime = "persistent";
    std::string capacity = "1000";
    unsigned group = user;
    std::string directory = "";

    std::vector<std::string> arguments() const
    {
        return {std::to_string(user),  how,      name,
                std::to_string(mode),  lifetime, capacity,
                std::to_string(group), directory};
    }
};

inline boost_ipq::publisher opened(const child_self& self)
{
    using namespace boost_ipq;
    auto options =
        queue_options(self.argument(2), self.number(5))
            .permissions(boost::interprocess::permissions(
                static_cast<int>(self.number(3))))
            .lifetime(
                self.argument(4) == "while_open" ? lifetime::while_open
                                                 : lifetime::persistent)
            .directory(self.argument(7));
    const std::string how = self.argument(1);
    if (how == "create")
        return publisher(create_only, options);
    if (how == "open")
        return publisher(open_only, options);
    if (how == "join")
        return publisher(
            open_only,
            queue_options(self.argument(2)).directory(self.argument(7)));
    return publisher(open_or_create, options);
}

// Effects: as attempt says; tells the parent "done" or the error, and waits
// with the queue open until the parent says something.
inline void make_attempt(child_self& self)
{
    become(
        static_cast<unsigned>(self.number(0)),
        static_cast<unsigned>(self.number(6)));
    try
    {
        if (self.argument(1) == "remove")
        {
            boost_ipq::remove_queue(self.argument(2));
            return self.tell("done");
        }
        boost_ipq::publisher out = opened(self);
        out.enqueue("message", 7);
        const auto options = boost_ipq::queue_options(self.argument(2))
                                 .directory(self.argument(7));
        self.tell(
            "done, " + std::to_string(boost_ipq::inspect(options).messages));
        self.hear();
    }
    catch (const boost_ipq::error& e)
    {
        self.tell(std::to_string(e.code().value()) + " " + e.what());
    }
}

// A child of the role "attempt", which each test file defines by
// CHILD_ROLE(attempt) { test::make_attempt(self); }
class user_process
{
public:
    explicit user_process(const attempt& what)
        : m_child("attempt", what.arguments()),
          m_answer(m_child.hear())
    {
    }

    const std::string& answer() const noexcept { return m_answer; }

    // Effects: closes the queue.
    void leave()
    {
        m_child.tell("leave");
        m_child.wait();
    }

    void kill() { m_child.kill(); }

private:
    child m_child;
    std::string m_answer;
};

// Returns: what the child said; it has ended then.
inline std::string answer_to(const attempt& what)
{
    user_process user(what);
    if (user.answer().rfind("done,", 0) == 0)
        user.leave();
    return user.answer();
}

// Returns: whether these words are all in the text.
inline bool has(const std::string& text, const std::vector<std::string>& words)
{
    for (const std::string& word : words)
        if (text.find(word) == std::string::npos)
        {
            BOOST_TEST_MESSAGE("'" << word << "' is not in: " << text);
            return false;
        }
    return true;
}

inline std::string number_of(boost_ipq::errc code)
{
    return std::to_string(static_cast<int>(code)) + " ";
}

} // namespace test

#endif
