// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_KILL_PLAN_HPP
#define BOOST_IPQ_TEST_KILL_PLAN_HPP

// Where to kill. System calls divide an operation into stretches, so that a
// victim can run at full speed up to a system call and is stepped only from
// there.

#include "../support/stepper.hpp"
#include "scenario.hpp"
#include <sys/syscall.h>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace kill_test {

// A number of system calls, then a number of instructions. The anchor is an
// instruction between them that is executed there for the first time, so that
// the victim can run to it at full speed.
struct kill_point
{
    std::uint64_t calls;
    std::uint64_t steps;
    std::uint64_t anchor_steps; // 0: there is no such instruction
    std::uintptr_t anchor;      // its address
    bool asleep;                // inside the next system call
};

// The addresses of this program's own code, without libraries.
class own_text
{
public:
    own_text()
    {
        const auto here =
            reinterpret_cast<std::uintptr_t>(&test::stepper::mark);
        std::ifstream maps("/proc/self/maps");
        for (std::string line; std::getline(maps, line);)
        {
            std::istringstream in(line);
            std::uintptr_t begin, end;
            char dash;
            in >> std::hex >> begin >> dash >> end;
            if (here >= begin && here < end)
            {
                m_begin = begin;
                m_end = end;
            }
        }
    }

    bool holds(std::uintptr_t address) const noexcept
    {
        return address >= m_begin && address < m_end;
    }

private:
    std::uintptr_t m_begin = 0, m_end = 0;
};

// A single type, so that all victims run the same instructions.
class victim_process : public test::stepper
{
public:
    explicit victim_process(scenario& what)
        : stepper([&] { what.warm_up(); }, [&] { what.operate(); })
    {
    }
};

// Effects: kills a victim at that point.
// Returns: false if the operation took a different path than planned.
template <class Paused>
bool kill_at(scenario& what, const kill_point& point, Paused paused)
{
    what.prepare();
    victim_process victim(what);
    what.arrange();
    bool inside = true;
    for (std::uint64_t i = 0; inside && i != point.calls; ++i)
    {
        inside = victim.run_to_call();
        if (inside)
        {
            what.before_call(victim);
            victim.finish_call();
        }
    }
    if (point.asleep && inside && victim.run_to_call())
        victim.fall_asleep();
    if (point.anchor_steps != 0)
        inside = inside && victim.run_to(point.anchor);
    inside = inside && victim.step(point.steps - point.anchor_steps);
    paused(victim);
    victim.kill();
    return inside;
}

inline bool kill_at(scenario& what, const kill_point& point)
{
    return kill_at(what, point, [](victim_process&) {});
}

class kill_plan
{
public:
    // Effects: runs the operation once, and stops at its system calls.
    explicit kill_plan(scenario& what)
    {
        what.prepare();
        victim_process victim(what);
        what.arrange();
        for (;;)
        {
            m_stretches.push_back({{m_stretches.size(), 0, 0, 0, false}});
            if (!victim.run_to_call())
                return;
            what.before_call(victim);
            victim.finish_call();
        }
    }

    // Effects: runs the operation once, and stops at each instruction.
    // `own_text_only`: kill only before the program's own instructions and
    // system calls, not inside the C library.
    // `passes_of_loops`: kill only in the first passes of a loop.
    kill_plan(
        scenario& what, bool own_text_only, unsigned passes_of_loops = ~0u)
    {
        what.prepare();
        victim_process victim(what);
        what.arrange();
        what.after_step(0);
        const own_text text;
        for (;;)
        {
            m_stretches.emplace_back();
            auto& here = m_stretches.back();
            std::map<std::uintptr_t, unsigned> passed;
            kill_point point = {m_stretches.size() - 1, 0, 0, 0, false};
            for (;; ++point.steps)
            {
                const std::uintptr_t address = victim.address();
                const unsigned pass = ++passed[address];
                // The other threads would stop at a breakpoint, too.
                if (pass == 1 && !what.has_threads())
                {
                    point.anchor_steps = point.steps;
                    point.anchor = address;
                }
                const auto place = victim.at(address);
                if (place != test::stepper::place::inside || point.steps == 0 ||
                    (pass <= passes_of_loops &&
                     (!own_text_only || text.holds(address))))
                    here.push_back(point);
                if (place == test::stepper::place::end)
                    return;
                if (place == test::stepper::place::call)
                    break;
                victim.step();
                what.after_step(point.steps + 1);
                if (++m_instructions == most_instructions)
                    throw std::runtime_error(
                        "an operation that does not end when it is stepped");
            }
            ++m_instructions;
            if (!victim.run_to_call())
                return;
            if (victim.current_call().number == SYS_futex)
                m_sleeps.push_back({m_stretches.size() - 1, 0, 0, 0, true});
            what.before_call(victim);
            victim.finish_call();
        }
    }

    // Returns: the point after `steps` steps, before any system call.
    kill_point point_after(std::uint64_t steps) const
    {
        return m_stretches.at(0).at(steps);
    }

    std::uint64_t instructions() const noexcept { return m_instructions; }
    std::uint64_t calls() const noexcept { return m_stretches.size() - 1; }

    // Returns: the points after system calls.
    std::vector<kill_point> call_points() const
    {
        std::vector<kill_point> result;
        for (const auto& here : m_stretches)
            result.push_back(here.front());
        return result;
    }

    // Returns: all points: first the ends of the stretches, then the others in
    // increasing density, for runs that have no time for all.
    std::vector<kill_point> points() const
    {
        std::vector<kill_point> result(m_sleeps), rest;
        for (const auto& here : m_stretches)
        {
            result.push_back(here.front());
            if (here.size() > 1)
                result.push_back(here.back());
            for (std::size_t i = 1; i + 1 < here.size(); ++i)
                rest.push_back(here[i]);
        }
        std::size_t distance = 1;
        while (distance < rest.size())
            distance *= 2;
        for (; distance != 0; distance /= 2)
            for (std::size_t i = distance - 1; i < rest.size();
                 i += 2 * distance)
                result.push_back(rest[i]);
        return result;
    }

    // Returns: how many of the points are ends of stretches.
    std::size_t ends() const
    {
        std::size_t result = m_sleeps.size();
        for (const auto& here : m_stretches)
            result += here.size() > 1 ? 2 : 1;
        return result;
    }

private:
    static constexpr std::uint64_t most_instructions = 10000000;

    std::vector<std::vector<kill_point>> m_stretches; // with their points
    std::vector<kill_point> m_sleeps;
    std::uint64_t m_instructions = 0;
};

} // namespace kill_test

#endif
