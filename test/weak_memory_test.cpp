// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The ring's own headers on a simulated machine with weakly ordered memory,
// whose threads may die before any access. Random schedules find no error; and
// each memory order that the library asks for is weakened in turn, which they
// must find. BOOST_IPQ_WEAK_SCHEDULES=1000000 tries more of them.

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define WEAK_MEMORY_SANITIZED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define WEAK_MEMORY_SANITIZED
#endif

#include "support/main.hpp"

#if defined(WEAK_MEMORY_SANITIZED)

BOOST_AUTO_TEST_CASE(weak_memory)
{
    BOOST_TEST_MESSAGE("Skipped: sanitizers do not understand the threads that "
                       "the test simulates.");
}

#else

#include "weak_memory/exchange.hpp"
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

using namespace weak;

namespace {

std::uint64_t schedules(std::uint64_t usual)
{
    const char* const given = std::getenv("BOOST_IPQ_WEAK_SCHEDULES");
    return given ? std::strtoull(given, nullptr, 10) : usual;
}

// The kinds of schedules.
class simulation
{
public:
    void run(std::uint64_t seed) { m_exchange.run(seed); }

    const ledger& book() const { return m_world.book; }

private:
    world m_world;
    exchange m_exchange{m_world};
};

simulation& simulated()
{
    static const auto object = std::make_unique<simulation>();
    return *object;
}

// An order that no schedule finds weakened, and why the library asks for it.
struct argument
{
    const char* file;
    const char* function;
    const char* what;
    const char* reason;
};

constexpr argument arguments[] = {
    {"ring_reader.hpp", "is_ready", "load", "a hint, which is checked"},
    {"ring_reader.hpp", "is_still_ready", "load", "is_ready() has acquired it"},
    {"ring_reader.hpp", "look", "load", "the order of two loads"},
    {"ring_reader.hpp", "operator()", "load", "a hint"},
    {"ring_reader.hpp", "try_take<weak::copy_target>", "store", "a death"},
    {"ring_reader.hpp", "try_claim", "store", "a death"},
    {"ring_reader.hpp", "mark_claimed", "store", "a death"},
    {"ring_reader.hpp", "mark_run_claimed", "store", "a death"},
    {"read_end.hpp", "advance_read", "store", "a death"},
    {"read_end.hpp", "replace", "update", "the lock orders it"},
    {"read_end.hpp", "held_up", "load", "a hint"},
    {"robust_lock.hpp", "acquire", "update", "the kernel orders it"},
    {"ring_view.hpp", "is_removed", "load", "not simulated"},
    {"write_end.hpp", "state_at", "load", "a hint"},
    {"write_end.hpp", "roll_forward", "load", "the lock orders it"},
};

const argument* argument_for(const site& it)
{
    for (const argument& each : arguments)
        if (it.file() == each.file &&
            std::string(it.where.function) == each.function &&
            (*each.what == 0 || std::string(it.what) == each.what))
            return &each;
    return nullptr;
}

const char* name_of(std::memory_order o)
{
    switch (o)
    {
    case std::memory_order_relaxed:
        return "relaxed";
    case std::memory_order_acquire:
        return "acquire";
    case std::memory_order_release:
        return "release";
    case std::memory_order_acq_rel:
        return "acq_rel";
    default:
        return "seq_cst";
    }
}

// The next weaker orders.
std::vector<std::memory_order> weaker(const site& it)
{
    if (it.given == std::memory_order_acq_rel)
        return {std::memory_order_acquire, std::memory_order_release};
    return {std::memory_order_relaxed};
}

bool is_librarys(const site& it)
{
    return std::string(it.where.file).find("boost_ipq/") != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_CASE(no_schedule_finds_an_error)
{
    std::uint64_t steps = 0, deaths = 0, sent = 0, received = 0;
    const std::uint64_t count = schedules(40'000);
    machine& all = machine::instance();
    for (std::uint64_t seed = 0; seed < count; ++seed)
    {
        simulated().run(seed);
        steps += all.steps;
        deaths += all.deaths;
        sent += simulated().book().total_sent();
        received += simulated().book().total_received();
        BOOST_TEST(!all.failed(), "seed " << seed << ": " << all.memory.error);
    }
    std::cout << count << " schedules, " << steps << " accesses, " << deaths
              << " deaths, " << sent << " messages sent, " << received
              << " received (some twice: given back, or after a death)\n";
}

// Tries to find an error with one order weakened. Prints a line of the table.
void hunt(const site& it, std::memory_order instead)
{
    const std::uint64_t most = schedules(argument_for(it) ? 300 : 20'000);
    machine& all = machine::instance();
    sites::instance().weaken(&it, instead);
    std::uint64_t seed = 0;
    for (; seed < most; ++seed)
    {
        simulated().run(seed);
        if (all.failed())
            break;
    }
    sites::instance().weaken(nullptr, instead);
    const bool found = seed != most;
    const argument* const why = found ? nullptr : argument_for(it);
    const std::string result = found
                                   ? "found after " + std::to_string(seed + 1) +
                                         ": " + all.memory.error
                               : why ? std::string("not found: ") + why->reason
                                     : "NOT FOUND";
    std::printf(
        "%-16s %-17s %-6s %s -> %s: %s\n", it.file().c_str(), it.where.function,
        it.what, name_of(it.given), name_of(instead), result.c_str());
    BOOST_TEST((found || why), it.file() << ":" << it.where.line);
}

BOOST_AUTO_TEST_CASE(each_weaker_order_is_found)
{
    // The sites that the schedules above have reached.
    const std::size_t count = sites::instance().all().size();
    for (std::size_t i = 0; i < count; ++i)
    {
        const site& it = sites::instance().all()[i];
        if (is_librarys(it))
            for (const std::memory_order instead : weaker(it))
                hunt(it, instead);
    }
}

#endif
