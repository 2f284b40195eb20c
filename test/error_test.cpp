// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Error codes, exceptions and their messages.

#include "support/main.hpp"
#include <boost_ipq/error.hpp>
#include <boost/interprocess/exceptions.hpp>
#include <set>
#include <string>
#include <type_traits>

using boost_ipq::errc;
namespace bip = boost::interprocess;

namespace {

constexpr errc all[] = {
    errc::queue_mismatch,
    errc::queue_corrupt,
    errc::buffer_too_small,
    errc::message_too_large,
    errc::not_found,
    errc::already_exists,
    errc::no_space,
    errc::permission_denied,
    errc::too_many_processes,
    errc::invalid_argument,
    errc::closed,
    errc::canceled,
    errc::queue_removed,
    errc::busy,
    errc::timed_out,
    errc::stopped};

template <class Exception>
void thrown_as(errc code)
{
    BOOST_CHECK_EXCEPTION(
        boost_ipq::detail::throw_error(code, "somewhere"), Exception,
        [&](const Exception& e) {
            const std::string text = e.what();
            return e.code() == code &&
                   text.find("somewhere") != std::string::npos &&
                   text.find(e.code().message()) != std::string::npos;
        });
}

bip::error_code_t nearest(errc code)
{
    return boost_ipq::error(code).get_error_code();
}

} // namespace

static_assert(std::is_base_of_v<bip::interprocess_exception, boost_ipq::error>);
static_assert(std::is_base_of_v<boost_ipq::error, boost_ipq::queue_mismatch>);
static_assert(std::is_base_of_v<boost_ipq::error, boost_ipq::queue_corrupt>);
static_assert(std::is_base_of_v<boost_ipq::error, boost_ipq::buffer_too_small>);
static_assert(
    std::is_base_of_v<boost_ipq::error, boost_ipq::message_too_large>);
static_assert(std::is_base_of_v<boost_ipq::error, boost_ipq::queue_removed>);
static_assert(std::is_base_of_v<boost_ipq::error, boost_ipq::queue_busy>);

BOOST_AUTO_TEST_CASE(every_code_says_something_of_its_own)
{
    std::set<std::string> texts;
    for (const errc value : all)
    {
        const boost::system::error_code code = value;
        BOOST_TEST(code.failed());
        BOOST_TEST(code.category().name() == std::string("boost_ipq"));
        BOOST_TEST(code.message().size() > 10u);
        BOOST_TEST(code.message().find("unknown") == std::string::npos);
        texts.insert(code.message());
    }
    BOOST_TEST(texts.size() == std::size(all));
    BOOST_TEST(
        boost::system::error_code(99, boost_ipq::error_category()).message() !=
        "");
}

// An error message says what to do.
BOOST_AUTO_TEST_CASE(texts_give_advice)
{
    const auto says = [](errc value, const char* advice) {
        return boost_ipq::make_error_code(value).message().find(advice) !=
               std::string::npos;
    };
    BOOST_TEST(says(errc::queue_mismatch, "remove it first"));
    BOOST_TEST(says(errc::queue_corrupt, "create it again"));
    BOOST_TEST(says(errc::buffer_too_small, "larger buffer"));
    BOOST_TEST(says(errc::message_too_large, "larger capacity"));
    BOOST_TEST(says(errc::not_found, "create it first"));
    BOOST_TEST(says(errc::already_exists, "open it"));
    BOOST_TEST(says(errc::permission_denied, "permissions"));
    BOOST_TEST(says(errc::closed, "open another"));
    BOOST_TEST(says(errc::queue_removed, "open the queue again"));
    BOOST_TEST(says(errc::busy, "a debugger"));
    BOOST_TEST(says(errc::timed_out, "try again"));
    BOOST_TEST(says(errc::stopped, "open another"));
    // In the words of the system.
#if defined(_WIN32)
    BOOST_TEST(says(errc::no_space, "on the disk"));
    BOOST_TEST(says(errc::permission_denied, "SECURITY_ATTRIBUTES"));
    for (const char* const other : {"/dev/shm", "sticky", "SIGSTOP", "ulimit"})
        for (const errc value : all)
            BOOST_TEST(!says(value, other));
#else
    BOOST_TEST(says(errc::no_space, "/dev/shm"));
    BOOST_TEST(says(errc::permission_denied, "sticky"));
    BOOST_TEST(says(errc::busy, "SIGSTOP"));
#endif
}

BOOST_AUTO_TEST_CASE(exceptions)
{
    thrown_as<boost_ipq::queue_mismatch>(errc::queue_mismatch);
    thrown_as<boost_ipq::queue_corrupt>(errc::queue_corrupt);
    thrown_as<boost_ipq::buffer_too_small>(errc::buffer_too_small);
    thrown_as<boost_ipq::message_too_large>(errc::message_too_large);
    thrown_as<boost_ipq::queue_removed>(errc::queue_removed);
    thrown_as<boost_ipq::queue_busy>(errc::busy);
    for (const errc value : all)
    {
        thrown_as<boost_ipq::error>(value);
        BOOST_CHECK_THROW(
            boost_ipq::detail::throw_error(value), bip::interprocess_exception);
    }
}

BOOST_AUTO_TEST_CASE(codes_of_boost_interprocess)
{
    BOOST_TEST(nearest(errc::queue_mismatch) == bip::mode_error);
    BOOST_TEST(nearest(errc::queue_corrupt) == bip::corrupted_error);
    BOOST_TEST(nearest(errc::buffer_too_small) == bip::size_error);
    BOOST_TEST(nearest(errc::message_too_large) == bip::size_error);
    BOOST_TEST(nearest(errc::not_found) == bip::not_found_error);
    BOOST_TEST(nearest(errc::queue_removed) == bip::not_found_error);
    BOOST_TEST(nearest(errc::busy) == bip::busy_error);
    BOOST_TEST(nearest(errc::timed_out) == bip::timeout_when_waiting_error);
    BOOST_TEST(nearest(errc::already_exists) == bip::already_exists_error);
    BOOST_TEST(nearest(errc::no_space) == bip::out_of_space_error);
    BOOST_TEST(nearest(errc::permission_denied) == bip::security_error);
    BOOST_TEST(nearest(errc::canceled) == bip::other_error);
}

BOOST_AUTO_TEST_CASE(errors_of_the_system)
{
    const boost::system::error_code code =
        boost::system::errc::make_error_code(boost::system::errc::io_error);
    const boost_ipq::error e(code, "reading");
    BOOST_TEST(e.code() == code);
    BOOST_TEST(e.get_error_code() == bip::system_error);
    BOOST_TEST(
        std::string(e.what()) == "boost_ipq: reading: " + code.message());
    BOOST_TEST(
        std::string(boost_ipq::error(code).what()) ==
        "boost_ipq: " + code.message());
}
