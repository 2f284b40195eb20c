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

#include "weak_memory/broadcasting.hpp"
#include "weak_memory/exchange.hpp"
#include "weak_memory/joining.hpp"
#include "weak_memory/lettering.hpp"
#include "weak_memory/never_empty.hpp"
#include "weak_memory/posting.hpp"
#include "weak_memory/set_waiting.hpp"
#include "weak_memory/sleeping.hpp"
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <vector>

using namespace weak;

namespace {

std::uint64_t schedules(std::uint64_t usual)
{
    const char* const given = std::getenv("BOOST_IPQ_WEAK_SCHEDULES");
    return given ? std::strtoull(given, nullptr, 10) : usual;
}

// The number of schedules may be any.
void be_patient()
{
    test::watchdog::start(
        std::getenv("BOOST_IPQ_WEAK_SCHEDULES") ? 24 * 3600 : 600);
}

// The kinds of schedules, which share a world.
struct simulation
{
    weak::world world;
    exchange all_calls{world};
    joining processes{world};
    never_empty looks{world};
    sleeping sleeps{world};
    posting posts{world};
    broadcasting broadcasts{world};
    lettering letters{world};
    set_waiting sets{world};
};

simulation& simulated()
{
    static const auto object = std::make_unique<simulation>();
    return *object;
}

struct kind
{
    const char* name;
    void (*run)(std::uint64_t seed);
    std::uint64_t usual; // number of schedules
};

constexpr kind kinds[] = {
    {"all calls", [](std::uint64_t seed) { simulated().all_calls.run(seed); },
     30'000},
    {"processes that join and leave",
     [](std::uint64_t seed) { simulated().processes.run(seed); }, 15'000},
    {"looks without the lock",
     [](std::uint64_t seed) { simulated().looks.run(seed); }, 10'000},
    {"sleeping", [](std::uint64_t seed) { simulated().sleeps.run(seed); },
     20'000},
    {"posts, and a join after a fork",
     [](std::uint64_t seed) { simulated().posts.run(seed); }, 5'000},
    {"wait sets", [](std::uint64_t seed) { simulated().sets.run(seed); },
     10'000},
    {"dead letters", [](std::uint64_t seed) { simulated().letters.run(seed); },
     10'000},
    {"calls that drop, or look",
     [](std::uint64_t seed) { simulated().all_calls.run(seed, true); }, 8'000},
    {"copies without the lock",
     [](std::uint64_t seed) { simulated().looks.run(seed, true); }, 8'000},
    {"broadcasts", [](std::uint64_t seed) { simulated().broadcasts.run(seed); },
     20'000}};
constexpr std::size_t kind_count = sizeof kinds / sizeof kinds[0];
// The last ones only hunt for orders that the others do not reach.
constexpr std::size_t common_kinds = kind_count - 4;

// An order that no schedule finds weakened, and why the library asks for it.
struct argument
{
    const char* file;
    const char* function; // the beginning of its name
    const char* what;
    const char* reason;
};

constexpr const char* a_hint = "load_hint() serves look(), too";
constexpr const char* a_death =
    "keeps the compiler from moving it up, for deaths";
constexpr const char* the_lock = "the lock orders it";
constexpr const char* the_kernel = "the kernel's locks order it";
constexpr const char* the_fence = "the fence in prepare() orders it";

constexpr argument arguments[] = {
    {"ring_reader.hpp", "is_ready", "load", a_hint},
    {"ring_reader.ipp", "operator()", "load", a_hint},
    {"ring_reader.hpp", "try_take", "store", a_death},
    {"ring_reader.hpp", "try_claim", "store", "as mark_claimed(); for deaths"},
    {"claimed_run.hpp", "mark_run_claimed", "store", "as mark_claimed()"},
    {"spans.hpp", "extend", "store", "as mark_claimed()"},
    {"latest.ipp", "newest_seen", "fence", "load_hint() acquires, too"},
    {"latest.ipp", "newest_seen", "load", "rarely wrong, and the lock follows"},
    {"latest.ipp", "claim_found", "store", "as mark_claimed()"},
    {"peek.ipp", "peeker", "load", "that of `free` follows, and acquires"},
    {"peek.ipp", "begin", "load", "that of `head` came before it"},
    {"peek.ipp", "at_end", "load", "only compared"},
    {"peek.ipp", "was_passed", "load", "begin() loads it again"},
    {"overwriting.ipp", "is_in_the_way", "load", "only compared"},
    {"read_end.hpp", "advance_read", "store", a_death},
    {"read_end.hpp", "held_up", "load", a_hint},
    {"read_end.hpp", "replace", "update", the_lock},
    {"write_end.hpp", "state_at", "load", a_hint},
    {"robust_lock.hpp", "acquire", "update", the_kernel},
    {"participant.hpp", "take", "store", the_kernel},
    {"participant.hpp", "free_slot", "store", the_kernel},
    {"participant.hpp", "alive", "load", the_kernel},
    {"participant.hpp", "deaths", "load", "the order of two loads; a hint"},
    {"participant.hpp", "show_roles", "store", "only for inspection"},
    {"event_count.ipp", "join", "store", the_fence},
    {"event_count.ipp", "join", "membarrier", "only asks whether it works"},
    {"event_count.hpp", "asleep", "load", the_fence},
    {"cursor_seat.hpp", "find_free", "load", the_kernel},
    {"cursor_seat.hpp", "join", "store", "the lock orders it; for inspection"},
    {"cursor_search.hpp", "operator()", "load", a_hint},
    {"cursor_search.hpp", "is_at_end", "load", a_hint},
    {"cursor_table.hpp", "replace", "update",
     "load() acquired what it replaces"},
    {"cursor_table.hpp", "free_cursor", "store", the_kernel},
    {"own_cursor.hpp", "stands_at", "fence",
     "one of some 86,000 schedules: too rare for this run"},
    {"cursor_table.hpp", "missed", "load",
     "only with two moves between two loads"},
    {"broadcast_room.hpp", "make", "store", "the fence before it orders it"},
    {"broadcast_room.hpp", "is_gone", "load", the_kernel},
    {"broadcast_room.hpp", "pass_settled", "load", "is_settled() acquired it"},
    {"broadcast_record.hpp", "abandon_dead", "update", the_kernel},
};

const argument* argument_for(const site& it)
{
    const std::string function = it.where.function;
    for (const argument& each : arguments)
        if (it.file() == each.file && function.find(each.function) == 0 &&
            std::string(it.what) == each.what)
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

// The next weaker orders. A fence is left out.
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

// Lines with an order that no schedule reaches, and why.
struct unreached_line
{
    const char* file;
    const char* part; // of the line
    const char* reason;
};

constexpr unreached_line unreached_lines[] = {
    {"participant.hpp", "m_roles", "threads of one process, for inspection"},
    {"participant.hpp", "m_self.load", "threads of one process"},
    {"broadcast_room.hpp", "slowest.owner", "of waiting calls: a hint"},
    {"cursor_seat.hpp", "each.owner", "no process opens again, nor repairs"},
    {"cursor_seat.hpp", "m_head.word()", "no process opens again"},
    {"own_cursor.hpp", "m_owner", "threads of one process, or a child"},
    {"event_count.ipp", "m_sets_asleep", "threads of one process"},
};

bool is_known(const std::string& file, const std::string& line)
{
    for (const unreached_line& each : unreached_lines)
        if (file == each.file && line.find(each.part) != std::string::npos)
            return true;
    return false;
}

bool asks_for_order(const std::string& line)
{
    for (const char* const each :
         {"memory_order_acquire", "memory_order_release",
          "memory_order_acq_rel", "memory_order_seq_cst"})
        if (line.find(each) != std::string::npos)
            return true;
    return false;
}

// A call begins at most some lines before or after its order.
bool is_reached(const std::string& path, int number)
{
    for (const site& each : sites::instance().all())
        if (path == each.where.file && each.where.line - 1 <= number &&
            number <= each.where.line + 5)
            return true;
    return false;
}

// Prints the lines of the source files that ask for an order and are not
// reached.
void check_source(const std::string& path)
{
    std::ifstream source(path);
    const std::string file = path.substr(path.rfind('/') + 1);
    std::string line;
    for (int number = 1; std::getline(source, line); ++number)
        if (asks_for_order(line) && !is_reached(path, number))
        {
            std::cout << "not reached: " << file << ":" << number << line
                      << "\n";
            BOOST_TEST(is_known(file, line), path << ":" << number);
        }
}

// The kinds of schedules that reach each site, a bit each.
std::vector<unsigned> reached;

// Tries to find an error with one order weakened. Prints a line of the table.
void hunt(std::size_t number, std::memory_order instead)
{
    const site& it = sites::instance().all()[number];
    const argument* const why = argument_for(it);
    const std::uint64_t most = schedules(why ? 200 : 60'000);
    machine& all = machine::instance();
    sites::instance().weaken(&it, instead);
    std::uint64_t tried = 0;
    for (std::uint64_t seed = 0; seed < most && !all.failed(); ++seed)
        for (std::size_t i = 0; i < kind_count && !all.failed(); ++i)
            if (reached[number] >> i & 1)
            {
                kinds[i].run(seed);
                ++tried;
            }
    sites::instance().weaken(nullptr, instead);
    const bool found = all.failed();
    std::string result = "NOT FOUND";
    if (found)
        result = "found by " + std::to_string(tried) + ": " + all.memory.error;
    else if (why)
        result = std::string("not found: ") + why->reason;
    std::string function = it.where.function;
    function = function.substr(0, function.find('<'));
    std::printf(
        "%-19s %-25s %-10s %s -> %s  %s\n", it.file().c_str(), function.c_str(),
        it.what, name_of(it.given), name_of(instead), result.c_str());
    BOOST_TEST((found || why), it.file() << ":" << it.where.line);
    all.reset(0);
}

} // namespace

BOOST_AUTO_TEST_CASE(no_schedule_finds_an_error)
{
    be_patient();
    machine& all = machine::instance();
    for (std::size_t i = 0; i < kind_count; ++i)
    {
        std::uint64_t steps = 0, deaths = 0, sent = 0;
        const std::uint64_t count = schedules(kinds[i].usual);
        sites::instance().forget_reached();
        for (std::uint64_t seed = 0; seed < count; ++seed)
        {
            kinds[i].run(seed);
            steps += all.steps;
            deaths += all.deaths;
            sent += simulated().world.book.total_sent();
            if (all.failed())
                BOOST_ERROR(
                    kinds[i].name << ", seed " << seed << ": "
                                  << all.memory.error);
        }
        std::cout << kinds[i].name << ": " << count << " schedules, " << steps
                  << " accesses, " << deaths << " deaths, " << sent
                  << " messages\n";
        reached.resize(sites::instance().all().size());
        for (std::size_t k = 0; k < reached.size(); ++k)
            if (sites::instance().all()[k].reached != 0 &&
                (i < common_kinds ||
                 reached[k] >> common_kinds << common_kinds == reached[k]))
                reached[k] |= 1u << i;
    }
}

BOOST_AUTO_TEST_CASE(
    each_weaker_order_is_found,
    *boost::unit_test::depends_on("no_schedule_finds_an_error"))
{
    be_patient();
    std::size_t orders = 0, argued = 0;
    for (std::size_t i = 0; i < reached.size(); ++i)
    {
        const site it = sites::instance().all()[i];
        if (is_librarys(it))
            for (const std::memory_order instead : weaker(it))
            {
                hunt(i, instead);
                ++orders;
                argued += argument_for(it) != nullptr;
            }
    }
    std::cout << orders << " weaker orders, " << argued
              << " of them argued instead\n";
}

BOOST_AUTO_TEST_CASE(
    each_order_is_reached,
    *boost::unit_test::depends_on("no_schedule_finds_an_error"))
{
    std::set<std::string> paths;
    for (const site& each : sites::instance().all())
        if (is_librarys(each))
            paths.insert(each.where.file);
    for (const std::string& path : paths)
        check_source(path);
    if (!std::ifstream(*paths.begin()))
        BOOST_TEST_MESSAGE("Skipped: the source files are not here.");
}

#endif
