// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_PEERS_RUST_PEER_HPP
#define BOOST_IPQ_BENCH_PEERS_RUST_PEER_HPP

// What the peers in Rust have in common.

#include "../support/system.hpp"
#include "rust/peers.h"
#include <cstddef>
#include <exception>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>

namespace bench {

using rust_sender =
    std::unique_ptr<boost_ipq_bench_sender, void (*)(boost_ipq_bench_sender*)>;
using rust_receiver = std::unique_ptr<
    boost_ipq_bench_receiver, void (*)(boost_ipq_bench_receiver*)>;

// Effects: calls one of the open functions.
// Throws: unsupported, with its reason, if it fails.
template <class Open, class... Arguments>
auto rust_open(Open* open, Arguments... arguments)
{
    char reason[200] = {};
    const auto opened = open(arguments..., reason, sizeof reason);
    if (!opened)
        throw unsupported(reason);
    return opened;
}

// Returns: whether a message was sent or received.
inline bool rust_done(int result)
{
    if (result < 0)
        throw std::runtime_error("the peer failed");
    return result != 0;
}

// Passes a C++ function through C. No exception may pass through Rust: the call
// ends first.
template <class F>
class through_c
{
public:
    explicit through_c(F& function) noexcept : m_function(function) {}

    template <class Data>
    static void call(void* context, Data* data, std::size_t size) noexcept
    {
        through_c& self = *static_cast<through_c*>(context);
        try
        {
            self.m_function(data, size);
        }
        catch (...)
        {
            self.m_thrown = std::current_exception();
        }
    }

    void rethrow() const
    {
        if (m_thrown)
            std::rethrow_exception(m_thrown);
    }

private:
    F& m_function;
    std::exception_ptr m_thrown;
};

// A directory in shared memory for the files of a peer.
class shared_directory
{
public:
    shared_directory() : m_path("/dev/shm/" + unique_name())
    {
        std::filesystem::create_directory(m_path);
    }

    shared_directory(const shared_directory&) = delete;
    shared_directory& operator=(const shared_directory&) = delete;

    ~shared_directory()
    {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }

    const char* path() const noexcept { return m_path.c_str(); }

private:
    std::string m_path;
};

} // namespace bench

#endif
