// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A queue with lifetime::while_open that several users share, in a sticky
// directory: any user can open it after any other has closed it last, and finds
// it empty.

#include "support/other_user.hpp"
#include <boost_ipq/subscriber.hpp>
#include <sys/stat.h>
#include <chrono>
#include <fstream>
#include <string>
#include <thread>

using boost_ipq::errc;

CHILD_ROLE(attempt)
{
    test::make_attempt(self);
}

namespace {

test::attempt
as(unsigned user, const test::scoped_queue& queue,
   const std::string& how = "open_or_create",
   const std::string& capacity = "1000")
{
    return {user, how, queue.name(), 0666, "while_open", capacity};
}

bool is_root()
{
    if (::geteuid() == 0)
        return true;
    test::skip("only root can become another user");
    return false;
}

} // namespace

BOOST_AUTO_TEST_CASE(last_is_not_the_owner)
{
    if (!is_root())
        return;
    const unsigned users[] = {test::first_user, test::second_user, 0};
    for (const unsigned next : users)
        for (const char* how : {"open_or_create", "create"})
        {
            const test::scoped_queue queue;
            test::user_process owner(as(test::first_user, queue));
            BOOST_TEST(owner.answer() == "done, 1");
            test::user_process last(as(test::second_user, queue));
            BOOST_TEST(last.answer() == "done, 2");
            owner.leave();
            last.leave();
            BOOST_TEST(test::has(
                test::answer_to(as(test::second_user, queue, "join")),
                {test::number_of(errc::not_found)}));
            BOOST_TEST(test::answer_to(as(next, queue, how)) == "done, 1");
            for (const unsigned user : users)
                BOOST_TEST(test::answer_to(as(user, queue)) == "done, 1");
        }
}

BOOST_AUTO_TEST_CASE(owner_is_killed)
{
    if (!is_root())
        return;
    const test::scoped_queue queue;
    test::user_process owner(as(test::first_user, queue));
    owner.kill();
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(test::answer_to(as(test::second_user, queue)) == "done, 1");
    // The owner's next process removes everything.
    BOOST_TEST(test::answer_to(as(test::first_user, queue)) == "done, 1");
    BOOST_TEST(test::leftovers(queue.name()).empty());
}

// Two processes of other users share it then, as a new queue.
BOOST_AUTO_TEST_CASE(used_again_by_several)
{
    if (!is_root())
        return;
    const test::scoped_queue queue;
    test::user_process(as(test::first_user, queue)).kill();
    test::user_process first(as(test::second_user, queue));
    BOOST_TEST(first.answer() == "done, 1");
    test::user_process second(as(1234, queue));
    BOOST_TEST(second.answer() == "done, 2");
    BOOST_TEST(test::has(
        test::answer_to(as(1234, queue, "create")),
        {test::number_of(errc::already_exists)}));
    first.leave();
    test::user_process third(as(test::second_user, queue));
    BOOST_TEST(third.answer() == "done, 3");
    second.leave();
    third.leave();
}

// Processes that use it again are killed at any moment.
BOOST_AUTO_TEST_CASE(killed_while_using_it_again)
{
    if (!is_root())
        return;
    const test::scoped_queue queue;
    test::user_process(as(test::first_user, queue)).kill();
    for (int i = 0; i < 40; ++i)
    {
        test::child victim("attempt", as(test::second_user, queue).arguments());
        std::this_thread::sleep_for(std::chrono::microseconds(200 * i));
        victim.kill();
        BOOST_TEST(
            test::answer_to(as(i % 2 == 0 ? 1234 : test::second_user, queue)) ==
            "done, 1");
    }
}

// It cannot be used again: the error names the file and the users that can
// remove it.
BOOST_AUTO_TEST_CASE(other_parameters)
{
    if (!is_root())
        return;
    const test::scoped_queue queue;
    test::user_process(as(test::first_user, queue)).kill();
    const auto other = as(test::second_user, queue, "open_or_create", "2000");
    BOOST_TEST(test::has(
        test::answer_to(other),
        {test::number_of(errc::permission_denied),
         test::queue_objects(queue.name()).lock, "belongs to user 65534",
         "that user or root can remove it", "a capacity of 1000"}));
    BOOST_TEST(test::answer_to(as(test::second_user, queue)) == "done, 1");
    BOOST_TEST(
        test::answer_to(as(
            test::first_user, queue, "open_or_create", "2000")) == "done, 1");
}

// Its creator was killed before it was ready.
BOOST_AUTO_TEST_CASE(half_created)
{
    if (!is_root())
        return;
    const test::scoped_queue queue;
    const std::string lock = test::queue_objects(queue.name()).lock;
    std::ofstream{lock};
    BOOST_TEST(::chmod(lock.c_str(), 0666) == 0);
    BOOST_TEST(::chown(lock.c_str(), test::first_user, test::first_user) == 0);
    BOOST_TEST(test::has(
        test::answer_to(as(test::second_user, queue)),
        {test::number_of(errc::permission_denied), lock,
         "belongs to user 65534", "that user or root can remove it"}));
    BOOST_TEST(test::answer_to(as(test::first_user, queue)) == "done, 1");
}
