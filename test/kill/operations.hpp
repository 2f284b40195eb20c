// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_KILL_OPERATIONS_HPP
#define BOOST_IPQ_TEST_KILL_OPERATIONS_HPP

// The list of all operations that are killed.

#include "../support/cursor_state.hpp"
#include "broadcast.hpp"
#include "dead_letter.hpp"
#include "in_place.hpp"
#include "newest.hpp"
#include "race.hpp"
#include "receive.hpp"
#include "recover.hpp"
#include "request.hpp"
#include "runner.hpp"
#include "send.hpp"
#include "structure.hpp"
#include "wake.hpp"
#include <boost_ipq/detail/handle/handle_access.hpp>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace kill_test {

// One part.
template <class Scenario, class... Arguments>
operation make(const std::string& name, const Arguments&... arguments)
{
    operation result;
    result.name = name;
    result.make = [=](const std::string& queue, std::size_t part) {
        return part == 0 ? std::make_unique<Scenario>(queue, arguments...)
                         : nullptr;
    };
    return result;
}

// As many parts as there are.
template <class Scenario, class... Arguments>
operation make_parts(const std::string& name, const Arguments&... arguments)
{
    operation result;
    result.name = name;
    result.make = [=](const std::string& queue,
                      std::size_t part) -> std::unique_ptr<scenario> {
        try
        {
            return std::make_unique<Scenario>(queue, arguments..., part);
        }
        catch (const std::out_of_range&)
        {
            return nullptr;
        }
    };
    return result;
}

inline operation waiting(operation what)
{
    what.passes_of_loops = 2;
    return what;
}

inline operation raced(operation what)
{
    what.pause = true;
    return what;
}

inline operation paused(operation what)
{
    what.name += ", paused";
    return raced(what);
}

// Survivors need some milliseconds each time: only one variant for each kill.
inline operation slow(operation what)
{
    what.rotate = true;
    return what;
}

// There are many of them: all instructions only with BOOST_IPQ_KILL_SECONDS.
inline operation brief(operation what)
{
    what.share = 0.05;
    return what;
}

// Survivors sleep up to 60 ms.
inline operation longer(operation what)
{
    what.share = 1.3;
    return what;
}

// Killed at each system call, and only inside this program's own code.
inline operation structural(operation what)
{
    what.own_text_only = true;
    what.rotate = true;
    what.passes_of_loops = 2;
    return what;
}

// Killed after each system call.
inline operation by_calls(operation what)
{
    what.calls_only = true;
    what.rotate = true;
    return what;
}

// `Second` is killed while it recovers from the death of `First`.
template <class First, class Second>
operation recovery(
    const std::string& name, const situation& first, const situation& second)
{
    operation result =
        make_parts<recover_scenario<First, Second>>(name, first, second);
    result.passes_of_loops = 2;
    result.rotate = true;
    result.share = 0.15;
    return result;
}

inline void add_sending(std::vector<operation>& all)
{
    situation small, full, skipping, large, crowded;
    small.before = {8, 100};
    small.size = 3;
    full.full = true;
    full.before = {100};
    // Longer than the room for padding, and in the middle of the buffer.
    skipping.capacity = 32768;
    skipping.from_end = 29864;
    skipping.size = 32760;
    skipping.crowded = true;
    large.capacity = 32768;
    large.before = {8};
    large.size = 9000;
    crowded.capacity = 12288;
    crowded.size = crowded.after = 9000;
    crowded.crowded = true;
    situation middle = small, empty = small, wrapping = small;
    middle.size = 64;
    empty.before = {};
    wrapping.from_end = 88;
    wrapping.before = {8};
    wrapping.size = 80;
    situation large_wrapping = large;
    large_wrapping.from_end = 4392;

    const operation operations[] = {
        make<send_scenario>("try_enqueue, 3 bytes", small),
        make<send_scenario>("try_enqueue, 3 bytes, empty queue", empty),
        make<send_scenario>("try_enqueue, 64 bytes", middle),
        make<send_scenario>("try_enqueue, padding at the wrap", wrapping),
        make<send_scenario>("try_enqueue, full", full),
        slow(make<send_scenario>(
            "try_enqueue, skips its own padding", skipping)),
        slow(make<send_scenario>("try_enqueue, 9000 bytes", large)),
        make<send_scenario>("try_enqueue, 9000, padding", large_wrapping),
        slow(make<send_scenario>("try_enqueue, 9000, room for one", crowded)),
        make<join_scenario>("try_enqueue, first after a fork", middle),
        waiting(make<wait_to_send_scenario>("enqueue, waits for room", full)),
        longer(make<wake_subscriber_scenario>("enqueue, wakes a subscriber")),
        longer(make<stop_scenario>("stop, wakes a subscriber")),
        make<wake_subscriber_scenario>(
            "enqueue, wakes a wait set by its word",
            boost_ipq::detail::set_mode::words),
        make<wake_subscriber_scenario>(
            "enqueue, wakes a wait set by a file",
            boost_ipq::detail::set_mode::files),
        waiting(make<wait_in_set_scenario>(
            "waits in a wait set, by a word",
            boost_ipq::detail::set_mode::words)),
        // The generic ways start a thread for files, which would inherit the
        // single steps and die of them.
        waiting(make<wait_in_set_scenario>(
            "waits in a wait set, by a file",
            boost_ipq::detail::platform::is_generic
                ? boost_ipq::detail::set_mode::words
                : boost_ipq::detail::set_mode::files)),
        make<batch_scenario>("try_enqueue_all, 3 messages", middle),
        make<batch_scenario>("try_enqueue_all, padding", wrapping),
        make<reserve_scenario>("reserve, commit", middle),
        make<reserve_scenario>("reserve, commit, padding", wrapping),
        make<commit_shorter_scenario>("reserve, commit shorter", middle),
        make<abandon_scenario>("reserve, abandon", middle),
        make<abandon_scenario>(
            "reserve, abandon, skips its own padding", skipping),
        paused(make<send_scenario>("try_enqueue, 64 bytes", middle)),
        slow(paused(make<send_scenario>("try_enqueue, 9000 bytes", large))),
        slow(paused(make<reserve_scenario>("reserve, commit", middle))),
    };
    all.insert(all.end(), std::begin(operations), std::end(operations));
}

inline void add_receiving(std::vector<operation>& all)
{
    situation three, two, too_small, at_end, nothing, large, many;
    three.before = {3, 8, 100};
    three.size = 1000;
    many.before = {3, 8, 5, 16, 100, 7};
    many.size = 1000;
    two.before = {64, 8};
    too_small = two;
    too_small.size = 8;
    at_end.from_end = 88;
    at_end.before = {8, 100, 3};
    at_end.size = 1000;
    large.capacity = 32768;
    large.before = {9000, 3};
    large.size = 9000;

    const operation operations[] = {
        make<receive_scenario>("try_dequeue, 3 bytes", three),
        make<receive_scenario>("try_dequeue, 64 bytes", two),
        make<receive_container_scenario>("try_dequeue, vector", two),
        make<receive_too_small_scenario>("try_dequeue, too small", too_small),
        make<receive_scenario>("try_dequeue, at the wrap", at_end),
        make<receive_scenario>("try_dequeue, empty", nothing),
        slow(make<receive_scenario>("try_dequeue, 9000 bytes", large)),
        slow(make<receive_container_scenario>(
            "try_dequeue, 9000, vector", large)),
        waiting(make<wait_to_receive_scenario>("dequeue, waits", nothing)),
        longer(make<wake_publisher_scenario>("dequeue, wakes a publisher")),
        make<receive_in_place_scenario>("receive, acknowledge", three),
        make<receive_behind_scenario>("try_dequeue, behind a delivery", many),
        make<give_back_scenario>("receive, give back", three),
        make<consume_scenario>("consume_all, 3 messages", three),
        paused(make<receive_scenario>("try_dequeue, 3 bytes", three)),
        slow(paused(make<receive_scenario>("try_dequeue, 9000 bytes", large))),
        slow(paused(
            make<receive_in_place_scenario>("receive, acknowledge", three))),
    };
    all.insert(all.end(), std::begin(operations), std::end(operations));
}

// Those that drop messages, and one that only looks.
inline void add_newest(std::vector<operation>& all)
{
    situation full, longest, padded, three, large;
    full.before = {100, 100, 100};
    full.full = true;
    longest = full;
    longest.size = 1016;
    full.size = 110;
    padded.from_end = 88;
    padded.before = {8, 300, 500};
    padded.size = 400;
    padded.crowded = true;
    three.before = {3, 8, 100};
    three.size = 1000;
    large.capacity = 32768;
    large.before = {9000, 3, 9000};
    large.size = 9000;

    const operation operations[] = {
        make<overwrite_scenario>("try_enqueue_overwriting, 110 bytes", full),
        make<overwrite_scenario>("try_enqueue_overwriting, all", longest),
        make<overwrite_scenario>("try_enqueue_overwriting, padding", padded),
        make<latest_scenario>("try_dequeue_latest, 3 messages", three),
        slow(make<latest_scenario>("try_dequeue_latest, 9000 bytes", large)),
        make<purge_scenario>("purge, 3 messages", three),
        make<peek_scenario>("peek, 3 messages", three),
        recovery<receive_scenario, latest_scenario>(
            "dequeue, then try_dequeue_latest", three, three),
        recovery<receive_scenario, overwrite_scenario>(
            "dequeue, then try_enqueue_overwriting", full, full),
    };
    all.insert(all.end(), std::begin(operations), std::end(operations));
}

// Counting deliveries, and moving messages to the dead-letter queue.
inline void add_dead_letters(std::vector<operation>& all)
{
    const auto letter = [](const char* name, letter_action what) {
        return make<dead_letter_scenario>(name, what);
    };
    const operation operations[] = {
        letter("dead letters: receive", letter_action::receive),
        letter("dead letters: the last release", letter_action::release),
        letter("dead letters: reject", letter_action::reject),
        slow(letter("dead letters: receive finds one", letter_action::find)),
        slow(letter(
            "dead letters: dequeue finds one", letter_action::find_copy)),
        slow(letter(
            "dead letters: consume_all finds one", letter_action::find_run)),
        structural(letter("dead letters: requeue", letter_action::requeue)),
    };
    all.insert(all.end(), std::begin(operations), std::end(operations));
}

inline void add_recovering(std::vector<operation>& all)
{
    situation middle, wrapping, large, three, two_large;
    middle.before = {8, 100};
    wrapping.from_end = 88;
    wrapping.before = {8};
    wrapping.size = 80;
    large.capacity = 32768;
    large.before = {8};
    large.size = 9000;
    three.before = {3, 8, 100};
    three.size = 1000;
    two_large.capacity = 32768;
    two_large.before = {9000, 3};
    two_large.size = 9000;

    const operation operations[] = {
        recovery<send_scenario, send_scenario>(
            "enqueue 64, then enqueue", middle, middle),
        recovery<send_scenario, receive_scenario>(
            "enqueue 64, then dequeue", middle, three),
        recovery<send_scenario, repair_scenario>(
            "enqueue 64, then repair", middle, middle),
        recovery<send_scenario, send_scenario>(
            "enqueue 9000, then enqueue", large, middle),
        recovery<send_scenario, receive_scenario>(
            "enqueue 9000, then dequeue", large, two_large),
        recovery<send_scenario, repair_scenario>(
            "enqueue 9000, then repair", large, middle),
        recovery<send_scenario, send_scenario>(
            "enqueue at the wrap, then enqueue", wrapping, middle),
        recovery<batch_scenario, send_scenario>(
            "enqueue_all, then enqueue", middle, middle),
        recovery<receive_scenario, receive_scenario>(
            "dequeue, then dequeue", three, three),
        recovery<receive_scenario, send_scenario>(
            "dequeue, then enqueue", three, middle),
        recovery<receive_scenario, receive_scenario>(
            "dequeue 9000, then dequeue", two_large, two_large),
        recovery<receive_scenario, repair_scenario>(
            "dequeue 9000, then repair", two_large, middle),
    };
    situation buffer;
    buffer.size = 1000;
    const operation races[] = {
        raced(make<acknowledge_race<receive_scenario>>(
            "acknowledgement and death, then dequeue", buffer)),
        raced(make<acknowledge_race<repair_scenario>>(
            "acknowledgement and death, then repair", buffer)),
        raced(make<commit_race<receive_scenario>>(
            "commit and death, then dequeue", buffer)),
        raced(make<commit_race<repair_scenario>>(
            "commit and death, then repair", buffer)),
    };
    all.insert(all.end(), std::begin(races), std::end(races));
    all.insert(all.end(), std::begin(operations), std::end(operations));
}

inline void add_structure(std::vector<operation>& all)
{
    const operation operations[] = {
        structural(make<create_scenario>("create")),
        structural(make<open_or_create_scenario>("open_or_create, creates")),
        structural(make<create_while_open_scenario>("create, while_open")),
        structural(make<open_scenario>("open")),
        structural(
            make<open_or_create_existing_scenario>("open_or_create, opens")),
        structural(make<remove_scenario>("remove")),
        structural(make<close_scenario>("close")),
        structural(make<close_last_scenario>("close, the last, while_open")),
        structural(
            make<close_not_last_scenario>("close, not the last, while_open")),
        by_calls(make_parts<
                 structure_recovery<create_scenario, open_or_create_scenario>>(
            "create, then open_or_create")),
        by_calls(make_parts<structure_recovery<
                     create_while_open_scenario, create_while_open_scenario>>(
            "create, while_open, then again")),
        by_calls(
            make_parts<structure_recovery<remove_scenario, remove_scenario>>(
                "remove, then remove")),
    };
    all.insert(all.end(), std::begin(operations), std::end(operations));
}

inline void add_requests(std::vector<operation>& all)
{
    using action = request_action;
    const auto of = [](const char* name, action what) {
        return make<request_scenario>(name, what);
    };
    const operation added[] = {
        of("request, call", action::call),
        of("request, exchange", action::exchange),
        of("request, answer", action::answer),
        of("request, drop", action::drop),
        brief(of("request, tell of a death", action::tell)),
        brief(of("request, cancel a client", action::cancel_client)),
        brief(of("request, cancel a server", action::cancel_server)),
        structural(of("request, close a client", action::close_client)),
        structural(brief(of("request, close a server", action::close_server)))};
    all.insert(all.end(), std::begin(added), std::end(added));
}

inline void add_broadcast(std::vector<operation>& all)
{
    using boost_ipq::broadcast_subscriber;
    using queue = broadcast_under_test;
    const broadcast_step send = [](queue& q, broadcast_subscriber&, last_words&,
                                   const bytes& message) {
        return q.out().try_enqueue(message);
    };
    const broadcast_step reserve = [](queue& q, broadcast_subscriber&,
                                      last_words&, const bytes& message) {
        boost_ipq::reservation room = q.out().try_reserve(message.size());
        if (!room)
            return false;
        std::memcpy(room.data(), message.data(), message.size());
        room.commit();
        return true;
    };
    const broadcast_step join = [](queue& q, broadcast_subscriber&, last_words&,
                                   const bytes&) {
        return broadcast_subscriber(boost_ipq::open_only, q.name()).is_open();
    };
    const broadcast_step join_late = [](queue& q, broadcast_subscriber&,
                                        last_words&, const bytes&) {
        return broadcast_subscriber(
                   boost_ipq::open_only, q.name(), boost_ipq::history(5))
            .is_open();
    };
    const broadcast_step copy = [](queue&, broadcast_subscriber& in,
                                   last_words& words, const bytes&) {
        return in.try_dequeue(words.body, sizeof words.body, words.size);
    };
    const broadcast_step in_place = [](queue&, broadcast_subscriber& in,
                                       last_words& words, const bytes&) {
        boost_ipq::delivery message = in.try_receive();
        std::memcpy(words.body, message.data(), message.size());
        words.size = message.size();
        message.acknowledge();
        return true;
    };
    const broadcast_step give_back = [](queue&, broadcast_subscriber& in,
                                        last_words&, const bytes&) {
        in.try_receive().give_back();
        return in.size() == 3;
    };
    const broadcast_step consume = [](queue&, broadcast_subscriber& in,
                                      last_words&, const bytes&) {
        return in.consume_all([](const void*, std::size_t) {}) == 3;
    };
    const broadcast_step latest = [](queue&, broadcast_subscriber& in,
                                     last_words& words, const bytes&) {
        std::size_t size;
        return in.try_dequeue_latest(words.body, sizeof words.body, size);
    };
    const broadcast_step purge = [](queue&, broadcast_subscriber& in,
                                    last_words&,
                                    const bytes&) { return in.purge() == 3; };
    const broadcast_step skip = [](queue&, broadcast_subscriber& in,
                                   last_words&, const bytes&) {
        using boost_ipq::detail::handle_access;
        test::state_of(*handle_access::ring(in).reader())
            .mine.skip_to_newest(0);
        return in.missed() == 3 && in.empty();
    };
    for (const auto policy :
         {boost_ipq::overflow::block, boost_ipq::overflow::drop_oldest})
    {
        const bool drops = policy == boost_ipq::overflow::drop_oldest;
        const std::string with = drops ? "drop_oldest, " : "block, ";
        broadcast_situation roomy, tight, waiting_for_it;
        roomy.policy = tight.policy = waiting_for_it.policy = policy;
        tight.no_room = true;
        waiting_for_it.before = 3;
        const auto one = [&](const std::string& name,
                             const broadcast_situation& how, bool sends,
                             const broadcast_step& step) {
            return brief(make<broadcast_scenario>(
                "broadcast, " + with + name, how, sends, step));
        };
        const operation operations[] = {
            slow(one("enqueue", roomy, true, send)),
            slow(one("enqueue, makes room", tight, true, send)),
            slow(one("reserve, commit, makes room", tight, true, reserve)),
            structural(one("join, leave", roomy, false, join)),
            structural(one("join with history", roomy, false, join_late)),
            slow(one("dequeue", waiting_for_it, false, copy)),
            slow(one("receive, acknowledge", waiting_for_it, false, in_place)),
            slow(one("receive, give back", waiting_for_it, false, give_back)),
            slow(one("consume_all", waiting_for_it, false, consume)),
            slow(one("dequeue_latest", waiting_for_it, false, latest)),
            slow(one("purge", waiting_for_it, false, purge)),
            slow(one("skip", waiting_for_it, false, skip)),
        };
        all.insert(all.end(), std::begin(operations), std::end(operations));
    }
    broadcast_situation full;
    full.full = true;
    all.push_back(brief(slow(make<broadcast_scenario>(
        "broadcast, block, enqueue, full", full, true, send))));
}

inline std::vector<operation> all_operations()
{
    std::vector<operation> result;
    add_recovering(result);
    add_structure(result);
    add_sending(result);
    add_receiving(result);
    add_newest(result);
    add_broadcast(result);
    add_dead_letters(result);
    add_requests(result);
    return result;
}

} // namespace kill_test

#endif
