// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_PEERS_FORMS_HPP
#define BOOST_IPQ_BENCH_PEERS_FORMS_HPP

// Other forms of a channel that works in place. Its sender has
//
//     template <class F> bool try_fill(std::size_t size, F f);
//
// which calls f(void*, std::size_t) with the room for a message, then sends it.

#include "channel.hpp"
#include <cstddef>
#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

namespace bench {

// Copies each message out, as channels do that are not in place.
template <class InPlace>
struct copied_out : InPlace
{
    template <class... Arguments>
    copied_out(std::size_t capacity, std::size_t size, Arguments... arguments)
        : InPlace(capacity, size, arguments...),
          copy_size(size)
    {
    }

    struct receiver
    {
        explicit receiver(const copied_out& c) : in(c), buffer(c.copy_size) {}

        template <class F>
        bool try_receive(F&& f)
        {
            return in.try_receive(copying(f));
        }

        template <class F>
        void receive(F&& f)
        {
            in.receive(copying(f));
        }

    private:
        template <class F>
        auto copying(F& f)
        {
            return [this, &f](const void* data, std::size_t size) {
                std::memcpy(buffer.data(), data, size);
                f(buffer.data(), size);
            };
        }

        typename InPlace::receiver in;
        std::vector<char> buffer;
    };

    std::size_t copy_size;
};

// Writes and reads only the first 8 bytes of each message.
template <class InPlace>
struct touched : InPlace
{
    static constexpr bool waits = false;
    static constexpr contents read = contents::first_word;
    using InPlace::InPlace;

    struct sender : InPlace::sender
    {
        using base = typename InPlace::sender;
        using base::base;

        bool try_send(const void* data, std::size_t size)
        {
            return this->try_fill(size, [=](void* room, std::size_t) {
                std::memcpy(room, data, 8);
            });
        }
    };
};

// Writes and reads every byte of each message.
template <class InPlace>
struct whole : InPlace
{
    static constexpr bool waits = false;
    static constexpr contents read = contents::all;
    using InPlace::InPlace;
};

} // namespace bench

#endif
