// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_QUEUE_FACTORY_HPP
#define BOOST_IPQ_QUEUE_FACTORY_HPP

#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/detail/handle/options_argument.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/queue_event.hpp>
#include <boost_ipq/queue_options.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace boost_ipq {

//! Makes publishers and subscribers with common options and a common log, for
//! programs that hand their parts what they need.
//!
//! Thread safety: safe, if the log sink is.
class queue_factory
{
    template <class Name>
    using if_name = std::enable_if_t<
        std::is_convertible<const Name&, std::string_view>::value, int>;

public:
    //! Effects: `defaults` are the options of every queue, its name the one
    //! that is used when none is given.
    explicit queue_factory(queue_options defaults, log_sink sink = {})
        : m_defaults(std::move(defaults)),
          m_sink(
              sink ? std::make_shared<const log_sink>(std::move(sink))
                   : nullptr)
    {
    }

    //! Returns: a handle of that queue, which logs recoveries and redeliveries
    //! that happen to it. A name is opened with the common options; options
    //! given are used as they are.
    //! Throws: as the handle's constructor.
    template <class Mode>
    publisher make_publisher(Mode mode) const
    {
        return make<publisher>(mode, m_defaults);
    }

    template <class Mode, class Name, if_name<Name> = 0>
    publisher make_publisher(Mode mode, const Name& name) const
    {
        return make<publisher>(mode, m_defaults.renamed(std::string(name)));
    }

    template <class Mode>
    publisher make_publisher(Mode mode, const queue_options& options) const
    {
        return make<publisher>(mode, options);
    }

    template <class Mode>
    subscriber make_subscriber(Mode mode) const
    {
        return make<subscriber>(mode, m_defaults);
    }

    template <class Mode, class Name, if_name<Name> = 0>
    subscriber make_subscriber(Mode mode, const Name& name) const
    {
        return make<subscriber>(mode, m_defaults.renamed(std::string(name)));
    }

    template <class Mode>
    subscriber make_subscriber(Mode mode, const queue_options& options) const
    {
        return make<subscriber>(mode, options);
    }

    //! Effects: the same; on failure sets `ec` and returns a closed handle.
    template <class Mode>
    publisher make_publisher(Mode mode, boost::system::error_code& ec) const
    {
        return reported<publisher>(ec, [&] { return make_publisher(mode); });
    }

    template <class Mode, class Name, if_name<Name> = 0>
    publisher make_publisher(
        Mode mode, const Name& name, boost::system::error_code& ec) const
    {
        return reported<publisher>(
            ec, [&] { return make_publisher(mode, name); });
    }

    template <class Mode>
    publisher make_publisher(
        Mode mode, const detail::options_argument& options,
        boost::system::error_code& ec) const
    {
        return reported<publisher>(
            ec, [&] { return make_publisher(mode, options.get()); });
    }

    template <class Mode>
    subscriber make_subscriber(Mode mode, boost::system::error_code& ec) const
    {
        return reported<subscriber>(ec, [&] { return make_subscriber(mode); });
    }

    template <class Mode, class Name, if_name<Name> = 0>
    subscriber make_subscriber(
        Mode mode, const Name& name, boost::system::error_code& ec) const
    {
        return reported<subscriber>(
            ec, [&] { return make_subscriber(mode, name); });
    }

    template <class Mode>
    subscriber make_subscriber(
        Mode mode, const detail::options_argument& options,
        boost::system::error_code& ec) const
    {
        return reported<subscriber>(
            ec, [&] { return make_subscriber(mode, options.get()); });
    }

    //! Returns: what is used when nothing else is said.
    const queue_options& defaults() const noexcept { return m_defaults; }

private:
    template <class Handle, class Make>
    static Handle reported(boost::system::error_code& ec, Make make)
    {
        Handle result;
        detail::reported(ec, [&] {
            result = make();
            return true;
        });
        return result;
    }

    template <class Handle, class Mode>
    Handle make(Mode mode, const queue_options& options) const
    {
        try
        {
            Handle result(mode, options);
            if (m_sink)
                result.m_handle.log_to(m_sink, options.name());
            return result;
        }
        catch (const queue_mismatch& e)
        {
            if (m_sink)
                (*m_sink)({queue_event::mismatch, options.name(), 0, e.what()});
            throw;
        }
    }

    queue_options m_defaults;
    std::shared_ptr<const log_sink> m_sink;
};

} // namespace boost_ipq

#endif
