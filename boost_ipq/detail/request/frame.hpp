// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_REQUEST_FRAME_HPP
#define BOOST_IPQ_DETAIL_REQUEST_FRAME_HPP

// The messages of requests and answers: a header, followed by the bytes of an
// object.

#include <boost_ipq/detail/attachment/remove_abandoned.hpp>
#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/typed/codec.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost_ipq/type_name.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace boost_ipq {
namespace detail {

struct request_header
{
    std::uint64_t client; // names the queue for the answers
    std::uint64_t call;   // unique, and a mark: see sent_request.hpp
};

// What has become of a request: at most one of these bits of `call` is set.
constexpr std::uint64_t request_taken = std::uint64_t(1) << 63;
constexpr std::uint64_t request_withdrawn = std::uint64_t(1) << 62;
constexpr std::uint64_t call_number_mask = request_withdrawn - 1;

enum class answer_kind : std::uint64_t
{
    answered,   // the answer follows
    dropped,    // there is no answer
    server_died // the server that had received the request is dead
};

struct answer_header
{
    std::uint64_t call;
    answer_kind kind;
};

static_assert(sizeof(request_header) == 16, "shared between processes");
static_assert(sizeof(answer_header) == 16, "shared between processes");

// A header and an object, as the bytes of one message.
template <class Header, class T, class Codec>
class frame
{
public:
    frame(const Header& header, const T& value, Codec& codec)
        : m_bytes(sizeof header)
    {
        std::memcpy(m_bytes.data(), &header, sizeof header);
        codec.encode(value, byte_sink<std::vector<std::byte>>(m_bytes));
    }

    const std::byte* data() const noexcept { return m_bytes.data(); }
    std::size_t size() const noexcept { return m_bytes.size(); }

    // Replaces the header.
    void header(const Header& other) noexcept
    {
        std::memcpy(m_bytes.data(), &other, sizeof other);
    }

private:
    std::vector<std::byte> m_bytes;
};

template <class Header, class T>
class frame<Header, T, no_codec>
{
public:
    frame(const Header& header, const T& value, no_codec&) noexcept
    {
        std::memcpy(m_bytes, &header, sizeof header);
        std::memcpy(
            m_bytes + sizeof header, std::addressof(value), sizeof value);
    }

    const std::byte* data() const noexcept { return m_bytes; }
    std::size_t size() const noexcept { return sizeof m_bytes; }

    // Replaces the header.
    void header(const Header& other) noexcept
    {
        std::memcpy(m_bytes, &other, sizeof other);
    }

private:
    alignas(Header) std::byte m_bytes[sizeof(Header) + sizeof(T)];
};

// Reads a header. False: the message is none of these.
template <class Header>
bool read_header(Header& header, const void* data, std::size_t size) noexcept
{
    if (size < sizeof header)
        return false;
    std::memcpy(&header, data, sizeof header);
    return true;
}

// Returns the object behind a header. Throws if there is no such object.
template <class T, class Header, class Codec>
T read_object(Codec& codec, const void* data, std::size_t size)
{
    const auto* const body =
        static_cast<const std::byte*>(data) + sizeof(Header);
    const std::size_t length = size - sizeof(Header);
    if constexpr (has_codec<Codec>)
        return decode<T>(codec, body, length);
    else
    {
        if (length != sizeof(T))
            throw_error(
                errc::queue_mismatch,
                "an object of " + std::to_string(sizeof(T)) +
                    " bytes, not of " + std::to_string(length));
        // The body is aligned to 8 bytes only.
        alignas(T) std::byte copy[sizeof(T)];
        std::memcpy(copy, body, sizeof copy);
        return *std::launder(reinterpret_cast<const T*>(copy));
    }
}

template <class T, class Codec>
std::string object_text()
{
    const std::string_view name = type_name<T>::value;
    std::string result(name.empty() ? "object" : name);
    if constexpr (!has_codec<Codec>)
        result += " of " + std::to_string(sizeof(T));
    return result;
}

// The options of a queue for requests. The name of the type tells it from a
// queue for other messages, and servers for different objects from each other.
template <
    class Request, class Response, class RequestCodec, class ResponseCodec>
queue_options request_options(queue_options options)
{
    // For their assertions.
    typed_options<Request, RequestCodec>(options);
    typed_options<Response, ResponseCodec>(options);
    // A request is never delivered again, and a delivery count in front of it
    // would break sent_request.
    if (options.max_deliveries() != 0 || !options.dead_letter().empty())
        throw std::invalid_argument(
            "boost_ipq: queue '" + options.name() +
            "' is for requests: give neither max_deliveries() nor "
            "dead_letter()");
    options.message_type(
        0, 1,
        requests_begin + object_text<Request, RequestCodec>() +
            ", answer: " + object_text<Response, ResponseCodec>());
    return options;
}

// Opens the queue for the answers to one client.
inline queue_options
answers_of(const queue_options& requests, std::uint64_t client)
{
    std::string name = answers_begin(requests.name());
    for (int shift = 60; shift >= 0; shift -= 4)
        name += hex_digits[client >> shift & 15];
    queue_options result(name);
    result.directory(requests.directory());
    return result;
}

// Creates it. It has the capacity of the queue for the requests, or more.
template <class T>
queue_options new_answers_of(
    const queue_options& requests, std::uint64_t client, std::size_t capacity)
{
    constexpr std::size_t least =
        (std::max<std::size_t>)(min_answer_capacity, 8 * sizeof(T));
    queue_options result(
        answers_of(requests, client).name(), (std::max)(capacity, least));
    result.directory(requests.directory())
        .permissions(requests.permissions())
        .lifetime(lifetime::while_open)
        .message_type(0, 1, "answers");
    return result;
}

} // namespace detail
} // namespace boost_ipq

#endif
