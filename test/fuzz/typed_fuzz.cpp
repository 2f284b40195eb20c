// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Messages of any bytes, read by typed handles: as trivially copyable objects,
// and through serialization_codec. The queue is in heap memory.

#include "input.hpp"
#include <boost_ipq/serialization.hpp>
#include <boost_ipq/typed.hpp>
#include <boost/serialization/array.hpp>
#include <boost/serialization/deque.hpp>
#include <boost/serialization/list.hpp>
#include <boost/serialization/map.hpp>
#include <boost/serialization/set.hpp>
#include <boost/serialization/string.hpp>
#include <boost/serialization/unordered_map.hpp>
#include <boost/serialization/vector.hpp>
#include <array>
#include <deque>
#include <list>
#include <map>
#include <set>
#include <unordered_map>
#include <vector>

using namespace boost_ipq;

namespace {

constexpr std::size_t longest = 1000; // bytes of a message

struct plain
{
    std::uint64_t number;
    unsigned char text[24];
};

struct document
{
    bool draft = false;
    std::string title;
    std::wstring wide;
    std::vector<int> numbers;
    std::vector<bool> flags;
    std::vector<std::string> lines;
    std::array<bool, 4> few{};
    std::map<std::string, double> table;
    std::unordered_map<int, std::string> index;
    std::list<std::vector<char>> parts;
    std::deque<short> steps;
    std::set<std::string> words;

    template <class Archive>
    void serialize(Archive& archive, unsigned)
    {
        archive& draft& title& wide& numbers& flags& lines& few& table& index&
            parts& steps& words;
    }
};

template <class T>
using codec_subscriber = typed_subscriber<
    T, serialization_codec<T>, std::allocator<std::byte>, heap_storage>;

class exercise
{
public:
    explicit exercise(const std::string& message)
        : m_message(message),
          m_out(
              open_or_create, queue_options("fuzz", 4096)
                                  .message_type(sizeof(plain), alignof(plain)))
    {
    }

    void run()
    {
        objects();
        decoded<std::string>();
        decoded<std::vector<double>>();
        decoded<std::unordered_map<int, int>>();
        decoded<document>();
    }

private:
    void send()
    {
        boost::system::error_code ec;
        fuzz::require(
            m_out.try_enqueue(m_message.data(), m_message.size(), ec), "full");
    }

    void discard()
    {
        subscriber_type in(open_only, "fuzz");
        std::string message;
        fuzz::require(
            in.try_dequeue(message) && message == m_message,
            "the message that was not taken has changed");
    }

    void objects()
    {
        typed_subscriber<
            plain, no_codec, std::allocator<std::byte>, heap_storage>
            in(open_only, "fuzz");
        boost::system::error_code ec;
        plain object{};
        send();
        if (in.try_dequeue(object, ec))
            fuzz::require(
                std::memcmp(&object, m_message.data(), sizeof object) == 0,
                "a different object");
        else
            discard();
        send();
        if (auto held = in.try_receive(ec))
            held.acknowledge();
        else
            discard();
        send();
        const auto nothing = [](const plain&) {};
        if (in.consume_all(nothing, ec) == 0)
            discard();
    }

    template <class T>
    void decoded()
    {
        codec_subscriber<T> in(open_only, "fuzz");
        boost::system::error_code ec;
        T object;
        send();
        if (!in.try_dequeue(object, ec))
        {
            fuzz::require(ec == errc::queue_mismatch, "not the right error");
            discard();
            return;
        }
        // What was decoded can be encoded and decoded again.
        const serialization_codec<T> codec;
        std::string again;
        codec.encode(object, [&](const void* bytes, std::size_t size) {
            again.append(static_cast<const char*>(bytes), size);
        });
        codec.decode(again.data(), again.size());
    }

    using subscriber_type =
        basic_subscriber<std::allocator<std::byte>, heap_storage>;

    std::string m_message;
    basic_publisher<std::allocator<std::byte>, heap_storage> m_out;
};

} // namespace

extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::input input(data, size);
    exercise(input.bytes(longest)).run();
    return 0;
}
