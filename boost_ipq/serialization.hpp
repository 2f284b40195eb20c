// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_SERIALIZATION_HPP
#define BOOST_IPQ_SERIALIZATION_HPP

// Link to the Boost.Serialization library.

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

// Passes the bytes that are written to it to a sink.
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

// Reads the bytes of a message.
class message_buffer final : public std::streambuf
{
public:
    message_buffer(const void* data, std::size_t size)
    {
        // The get area is only read.
        auto* const begin = const_cast<char*>(static_cast<const char*>(data));
        setg(begin, begin, begin + size);
    }
};

} // namespace detail

//! A codec for types that Boost.Serialization can save and load. A message is a
//! binary archive, so both programs must be built for the same platform.
//!
//! Thread safety: safe, if the type's serialize() is.
template <class T>
struct serialization_codec
{
    //! Effects: saves the object to an archive and passes its bytes to `sink`.
    //! Throws: what the archive, the type's serialize() or the sink throws.
    //! Complexity: linear in the size of the archive.
    template <class Sink>
    void encode(const T& value, const Sink& sink) const
    {
        detail::sink_buffer<Sink> buffer(sink);
        boost::archive::binary_oarchive archive(buffer, flags);
        archive << value;
    }

    //! Requires: T is default-constructible.
    //! Returns: the object that the archive contains.
    //! Throws: boost::archive::archive_exception if the bytes are not exactly
    //! one archive of a T, or if the type's serialize() throws a
    //! std::exception; std::bad_alloc, also for damaged bytes, because a binary
    //! archive trusts the sizes in it; other exceptions of serialize().
    //! Complexity: linear in the size of the archive.
    T decode(const void* data, std::size_t size) const
    {
        try
        {
            detail::message_buffer buffer(data, size);
            boost::archive::binary_iarchive archive(buffer, flags);
            T result;
            archive >> result;
            if (buffer.in_avail() != 0)
                fail("bytes after the object");
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
            fail(e.what()); // of a container, for an impossible size
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
