// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_WEAK_MEMORY_SITES_HPP
#define BOOST_IPQ_TEST_WEAK_MEMORY_SITES_HPP

// The places in the library at which an order stronger than relaxed, or
// a fence, is asked for. One of them can be weakened.

#include <atomic>
#include <cstddef>
#include <cstring>
#include <deque>
#include <string>

namespace weak {

// Where an access is written.
struct place
{
    const char* file;
    int line;
    const char* function;
};

struct site
{
    place where;
    const char* what;        // load, store, update, fence
    std::memory_order given; // by the library
    std::size_t reached = 0;

    std::string file() const
    {
        const std::string path = where.file;
        return path.substr(path.rfind('/') + 1);
    }
};

class sites
{
public:
    static sites& instance()
    {
        static sites object;
        return object;
    }

    // The order to use for an access at this place.
    std::memory_order
    order_at(const place& where, const char* what, std::memory_order given)
    {
        if (given == std::memory_order_relaxed)
            return given;
        site& found = at(where, what, given);
        ++found.reached;
        return &found == m_weakened ? m_instead : given;
    }

    void weaken(const site* which, std::memory_order instead) noexcept
    {
        m_weakened = which;
        m_instead = instead;
    }

    void forget_reached() noexcept
    {
        for (site& each : m_all)
            each.reached = 0;
    }

    // In the order in which they were reached first.
    const std::deque<site>& all() const noexcept { return m_all; }

private:
    site& at(const place& where, const char* what, std::memory_order given)
    {
        auto i = (reinterpret_cast<std::size_t>(where.file) * 31 +
                  static_cast<std::size_t>(where.line)) *
                     0x9e3779b97f4a7c15u >>
                 54;
        for (;; i = (i + 1) % index_size)
        {
            entry& e = m_index[i];
            if (e.found == nullptr)
            {
                e = {where.file, where.line, &add(where, what, given)};
                return *e.found;
            }
            if (e.file == where.file && e.line == where.line)
                return *e.found;
        }
    }

    // One place may have two addresses of its file's name.
    site& add(const place& where, const char* what, std::memory_order given)
    {
        for (site& each : m_all)
            if (each.where.line == where.line &&
                std::strcmp(each.where.file, where.file) == 0)
                return each;
        m_all.push_back({where, what, given});
        return m_all.back();
    }

    struct entry
    {
        const char* file;
        int line;
        site* found;
    };

    static constexpr std::size_t index_size = 1024;

    entry m_index[index_size] = {};
    std::deque<site> m_all;
    const site* m_weakened = nullptr;
    std::memory_order m_instead = std::memory_order_relaxed;
};

} // namespace weak

#endif
