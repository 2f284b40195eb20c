// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_SERIALIZATION_HPP
#define BOOST_IPQ_SERIALIZATION_HPP

// Needs Boost.Serialization's library.

#include <boost/archive/archive_exception.hpp>
#include <boost/archive/binary_iarchive.hpp>
#include <boost/archive/binary_oarchive.hpp>
#include <cstddef>
#include <exception>
#include <ios>
#include <new>
#include <streambuf>

namespace boost_ipq {
namespace detail {

// Hands what is written to a sink.
template <class Sink>
class sink_buffer final : public std::streambuf
{
public:
    explicit sink_buffer(const Sink& sink) : m_sink(sink) {}

private:
    int_type overflow(int_type c) override
    {
        const char byte = traits_type::to_char_type(c);
        m_sink(&byte, 1);
        return traits_type::not_eof(c);
    }

    std::streamsize xsputn(const char* data, std::streamsize size) override
    {
        m_sink(data, static_cast<std::size_t>(size));
        return size;
    }

    const Sink& m_sink;
};

// Reads a message's bytes.
class message_buffer final : public std::streambuf
{
public:
    message_buffer(const void* data, std::size_t size)
    {
        // A get area is never written to.
        auto* const begin = const_cast<char*>(static_cast<const char*>(data));
        setg(begin, begin, begin + size);
    }
};

} // namespace detail

//! A codec for typed handles: types that Boost.Serialization can save and load,
//! as binary archives. Both sides must be programs of one platform, as always
//! with binary archives.
//!
//! Throws: boost::archive::archive_exception, for bytes that are no such object
//! or more than one; std::bad_alloc, also if they claim to be a very large one:
//! binary archives believe the sizes in them.
//! Thread safety: safe, if the type's serialize() is.
template <class T>
struct serialization_codec
{
    template <class Sink>
    void encode(const T& value, const Sink& sink) const
    {
        detail::sink_buffer<Sink> buffer(sink);
        boost::archive::binary_oarchive archive(buffer, flags);
        archive << value;
    }

    T decode(const void* data, std::size_t size) const
    {
        try
        {
            detail::message_buffer buffer(data, size);
            boost::archive::binary_iarchive archive(buffer, flags);
            T result;
            archive >> result;
            if (buffer.in_avail() != 0)
                fail("bytes behind the object");
            return result;
        }
        catch (const boost::archive::archive_exception&)
        {
            throw;
        }
        catch (const std::bad_alloc&)
        {
            throw;
        }
        catch (const std::exception& e)
        {
            fail(e.what()); // a container's, of a size that cannot be
        }
    }

private:
    [[noreturn]] static void fail(const char* why)
    {
        using boost::archive::archive_exception;
        throw archive_exception(archive_exception::input_stream_error, why);
    }

    static constexpr unsigned flags = boost::archive::no_header;
};

} // namespace boost_ipq

#endif
