// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_SERIALIZATION_HPP
#define BOOST_IPQ_SERIALIZATION_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

// Link to the Boost.Serialization library.

#include <boost/archive/archive_exception.hpp>
#include <boost/archive/basic_archive.hpp>
#include <boost/archive/binary_oarchive.hpp>
#include <boost/archive/detail/common_iarchive.hpp>
#include <boost/archive/detail/register_archive.hpp>
#include <boost/config.hpp>
#include <boost/serialization/array_optimization.hpp>
#include <boost/serialization/array_wrapper.hpp>
#include <boost/serialization/collection_size_type.hpp>
#include <boost/serialization/is_bitwise_serializable.hpp>
#include <boost/serialization/nvp.hpp>
#include <cstddef>
#include <cstring>
#include <exception>
#include <ios>
#include <new>
#include <streambuf>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

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

[[noreturn]] inline void fail_to_load(const char* why)
{
    using boost::archive::archive_exception;
    throw archive_exception(archive_exception::input_stream_error, why);
}

} // namespace detail

//! The archive that `serialization_codec` loads from: a binary archive in the
//! format of boost::archive::binary_oarchive, in which sizes are not trusted. A
//! type's serialize() is called with it, and is a template, or accepts it.
//! BOOST_CLASS_EXPORT applies to it if this header is included before.
//!
//! Thread safety: none.
class BOOST_SYMBOL_VISIBLE message_iarchive final
    : public boost::archive::detail::common_iarchive<message_iarchive>
{
    using base = boost::archive::detail::common_iarchive<message_iarchive>;
    using size_type = boost::serialization::collection_size_type;

public:
    //! Effects: reads the `size` bytes at `data`, which must outlive the
    //! archive.
    message_iarchive(const void* data, std::size_t size)
        : base(boost::archive::no_header),
          m_data(static_cast<const char*>(data)),
          m_left(size)
    {
    }

    message_iarchive(const message_iarchive&) = delete;
    message_iarchive& operator=(const message_iarchive&) = delete;

    //! Returns: the number of bytes that were not read yet.
    std::size_t bytes_left() const noexcept { return m_left; }

    //! Effects: reads `size` bytes.
    //! Throws: boost::archive::archive_exception if the message has fewer.
    void load_binary(void* to, std::size_t size)
    {
        check(size, 1);
        if (size != 0)
            std::memcpy(to, m_data, size);
        m_data += size;
        m_left -= size;
    }

    //! For Boost.Serialization: types whose arrays are read as bytes.
    struct use_array_optimization
    {
        //! For Boost.Serialization.
        template <class T>
        struct apply : boost::serialization::is_bitwise_serializable<T>
        {
        };
    };

    //! For Boost.Serialization: reads an array as bytes.
    template <class T>
    void load_array(boost::serialization::array_wrapper<T>& array, unsigned int)
    {
        if constexpr (std::is_same<T, bool>::value)
            for (std::size_t i = 0; i != array.count(); ++i)
                load(array.address()[i]);
        else
        {
            check(array.count(), sizeof(T));
            load_binary(array.address(), array.count() * sizeof(T));
        }
    }

    //! For Boost.Serialization: reads an object of a primitive type.
    template <class T>
    void load(T& value)
    {
        load_binary(&value, sizeof value);
    }

    //! As above. Other bytes than 0 and 1 are damage.
    void load(bool& value)
    {
        unsigned char byte;
        load(byte);
        if (byte > 1)
            detail::fail_to_load("a bool that is neither true nor false");
        value = byte != 0;
    }

    //! As above.
    void load(std::string& value) { load_text(value); }

    //! As above.
    void load(std::wstring& value) { load_text(value); }

    //! For Boost.Serialization: reads an object.
    template <class T>
    void load_override(T& value)
    {
        base::load_override(value);
    }

    //! As above.
    template <class T, class Allocator>
    void load_override(std::vector<T, Allocator>& value)
    {
        if constexpr (boost::serialization::is_bitwise_serializable<T>::value)
            m_element = sizeof(T);
        base::load_override(value);
    }

    //! For Boost.Serialization: reads the number of elements of a container.
    //! Throws: boost::archive::archive_exception if the message has fewer
    //! bytes.
    void load_override(size_type& count)
    {
        base::load_override(count);
        const std::size_t checked = std::as_const(count);
        check(checked, m_element);
        m_element = 1;
    }

    //! As above. The number of buckets of a hash table is only advice, and may
    //! exceed the number of elements: it is reduced.
    void load_override(const boost::serialization::nvp<size_type>& named)
    {
        if (std::strcmp(named.name(), "bucket_count") != 0)
            return load_override(named.value());
        base::load_override(named.value());
        const std::size_t count = std::as_const(named.value());
        if (count > m_left)
            named.value() = size_type(m_left);
    }

    //! For Boost.Serialization: is not part of a binary archive.
    void load_override(boost::archive::class_id_optional_type&) {}

    //! For Boost.Serialization.
    void load_override(boost::archive::tracking_type& tracked)
    {
        bool value;
        load(value);
        tracked = boost::archive::tracking_type(value);
    }

    //! For Boost.Serialization.
    void load_override(boost::archive::class_name_type& name)
    {
        std::string text;
        load(text);
        if (text.size() >= BOOST_SERIALIZATION_MAX_KEY_SIZE)
            detail::fail_to_load("a class name that is too long");
        std::memcpy(name.t, text.c_str(), text.size() + 1);
    }

private:
    // Are there `count` objects of `size` bytes?
    void check(std::size_t count, std::size_t size) const
    {
        if (count > m_left / size)
            detail::fail_to_load("a size beyond the end of the message");
    }

    template <class Text>
    void load_text(Text& text)
    {
        std::size_t length;
        load(length);
        check(length, sizeof text[0]);
        text.resize(length);
        load_binary(text.data(), length * sizeof text[0]);
    }

    const char* m_data;
    std::size_t m_left;
    std::size_t m_element =
        1; // least bytes of an element of the next container
};

//! A codec for typed handles, for types that Boost.Serialization can save and
//! load. A message is a binary archive, so both sides must be programs for the
//! same platform.
//!
//! A size in a message is compared with the bytes that the message has left
//! before memory is allocated for it: a string or container has at most as many
//! elements as that. (So a container of objects that are saved as no bytes
//! cannot be loaded.) A size that a type's own serialize() reads is the type's
//! to check. Boost.Serialization itself is not made for hostile bytes: the
//! numbers of classes and objects that it reads for pointers are not checked,
//! and nested objects use the stack. Do not load what a process sent that is
//! not trusted; write a codec that checks each byte for that.
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
    //! one archive of such an object; std::bad_alloc; what the type's
    //! serialize() throws, a std::exception as archive_exception.
    T decode(const void* data, std::size_t size) const
    {
        try
        {
            message_iarchive archive(data, size);
            T result;
            archive >> result;
            if (archive.bytes_left() != 0)
                detail::fail_to_load("bytes after the object");
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
            detail::fail_to_load(e.what()); // of a container
        }
    }

private:
    static constexpr unsigned flags = boost::archive::no_header;
};

} // namespace boost_ipq

BOOST_SERIALIZATION_REGISTER_ARCHIVE(boost_ipq::message_iarchive)
BOOST_SERIALIZATION_USE_ARRAY_OPTIMIZATION(boost_ipq::message_iarchive)

// Defines what pointers to classes need of the archive.
#include <boost/archive/impl/archive_serializer_map.ipp>

#endif
