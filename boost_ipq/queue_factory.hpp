// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_QUEUE_FACTORY_HPP
#define BOOST_IPQ_QUEUE_FACTORY_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/detail/attachment/opening_limit.hpp>
#include <boost_ipq/detail/handle/options_argument.hpp>
#include <boost_ipq/detail/handle/result.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/fwd.hpp>
#include <boost_ipq/queue_event.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace boost_ipq {

namespace detail {

// Selects the queue that a factory opens: the default one, one with the default
// options and a different name, or one with its own options.
class factory_argument
{
public:
    factory_argument() = default;

    template <
        class Name,
        std::enable_if_t<
            std::is_convertible<const Name&, std::string_view>::value, int> = 0>
    factory_argument(const Name& name) : m_name(name)
    {
    }

    template <
        class... Arguments,
        std::enable_if_t<
            std::is_constructible<queue_options, const Arguments&...>::value,
            int> = 0>
    factory_argument(const Arguments&... arguments) noexcept
        : m_options(arguments...)
    {
    }

    queue_options options(const queue_options& defaults) const
    {
        if (m_name)
            return defaults.renamed(std::string(*m_name));
        return m_options.is_given() ? m_options.get() : defaults;
    }

private:
    std::optional<std::string_view> m_name{};
    options_argument m_options{};
};

} // namespace detail

//! Makes publishers and subscribers that share default options and a log sink.
//! Pass it to the parts of a program that need queues.
//!
//! A call without the argument `queue` opens the queue that the default options
//! name. Otherwise, if `queue` is a name, it replaces the name in the default
//! options; if it is a queue_options object, it replaces all of them.
//!
//! The log sink receives an event when a handle is opened, and events for the
//! recoveries and redeliveries in its calls, see queue_event.
//!
//! Thread safety: safe, if the log sink is.
//!
//! Crash safety: as the constructors of the handles.
class queue_factory
{
public:
    //! Effects: makes a factory with these default options. Its handles log to
    //! `sink`, unless that is empty.
    //! Throws: std::bad_alloc.
    //! Complexity: constant.
    explicit queue_factory(queue_options defaults, log_sink sink = {})
        : m_defaults(std::move(defaults)),
          m_sink(
              sink ? std::make_shared<const log_sink>(std::move(sink))
                   : nullptr)
    {
    }

    //! Effects: opens a publisher of the queue. `mode` is create_only,
    //! open_only or open_or_create.
    //! Returns: a boost_ipq::publisher.
    //! Throws: as the publisher's constructor. queue_mismatch is logged first.
    //! Complexity: as the publisher's constructor.
    template <class Mode, class Publisher = publisher>
    Publisher
    make_publisher(Mode mode, const detail::factory_argument& queue = {}) const
    {
        return make<Publisher>(mode, queue.options(m_defaults));
    }

    //! As `make_publisher(mode, queue)`, but reports failure through `ec` and
    //! returns a closed publisher then.
    template <class Mode, class Publisher = publisher>
    Publisher make_publisher(
        Mode mode, const detail::factory_argument& queue,
        boost::system::error_code& ec) const
    {
        return make<Publisher>(ec, mode, queue);
    }

    //! As `make_publisher(mode)`, but reports failure through `ec` and returns
    //! a closed publisher then.
    template <class Mode, class Publisher = publisher>
    Publisher make_publisher(Mode mode, boost::system::error_code& ec) const
    {
        return make<Publisher>(ec, mode, {});
    }

    //! Requires: `limit` is a deadline, as that of timed_enqueue(), or has a
    //! member stop_requested().
    //! Effects: as `make_publisher(mode, queue)`, but waits for other processes
    //! as the constructor basic_handle(mode, options, limit) does.
    //! Returns: a boost_ipq::publisher.
    //! Throws: also `error` with errc::timed_out after the deadline, and with
    //! errc::canceled after a stop.
    //! Complexity: as the publisher's constructor.
    template <
        class Mode, class Limit, class Publisher = publisher,
        detail::if_limit<Limit> = 0>
    Publisher make_publisher(
        Mode mode, const detail::factory_argument& queue,
        const Limit& limit) const
    {
        return make<Publisher>(mode, queue.options(m_defaults), limit);
    }

    //! As `make_publisher(mode, queue, limit)`, with the queue that the default
    //! options name.
    template <
        class Mode, class Limit, class Publisher = publisher,
        detail::if_limit<Limit> = 0>
    Publisher make_publisher(Mode mode, const Limit& limit) const
    {
        return make<Publisher>(mode, m_defaults, limit);
    }

    //! As `make_publisher(mode, queue, limit)`, but reports failure through
    //! `ec` and returns a closed publisher then.
    template <
        class Mode, class Limit, class Publisher = publisher,
        detail::if_limit<Limit> = 0>
    Publisher make_publisher(
        Mode mode, const detail::factory_argument& queue, const Limit& limit,
        boost::system::error_code& ec) const
    {
        return make<Publisher>(ec, mode, queue, limit);
    }

    //! As `make_publisher(mode, limit)`, but reports failure through `ec` and
    //! returns a closed publisher then.
    template <
        class Mode, class Limit, class Publisher = publisher,
        detail::if_limit<Limit> = 0>
    Publisher make_publisher(
        Mode mode, const Limit& limit, boost::system::error_code& ec) const
    {
        return make<Publisher>(ec, mode, {}, limit);
    }

    //! Effects: opens a subscriber of the queue. `mode` is create_only,
    //! open_only or open_or_create.
    //! Returns: a boost_ipq::subscriber.
    //! Throws: as the subscriber's constructor. queue_mismatch is logged first.
    //! Complexity: as the subscriber's constructor.
    template <class Mode, class Subscriber = subscriber>
    Subscriber
    make_subscriber(Mode mode, const detail::factory_argument& queue = {}) const
    {
        return make<Subscriber>(mode, queue.options(m_defaults));
    }

    //! As `make_subscriber(mode, queue)`, but reports failure through `ec` and
    //! returns a closed subscriber then.
    template <class Mode, class Subscriber = subscriber>
    Subscriber make_subscriber(
        Mode mode, const detail::factory_argument& queue,
        boost::system::error_code& ec) const
    {
        return make<Subscriber>(ec, mode, queue);
    }

    //! As `make_subscriber(mode)`, but reports failure through `ec` and returns
    //! a closed subscriber then.
    template <class Mode, class Subscriber = subscriber>
    Subscriber make_subscriber(Mode mode, boost::system::error_code& ec) const
    {
        return make<Subscriber>(ec, mode, {});
    }

    //! Requires: `limit` is a deadline, as that of timed_enqueue(), or has a
    //! member stop_requested().
    //! Effects: as `make_subscriber(mode, queue)`, but waits for other
    //! processes as the constructor basic_handle(mode, options, limit) does.
    //! Returns: a boost_ipq::subscriber.
    //! Throws: also `error` with errc::timed_out after the deadline, and with
    //! errc::canceled after a stop.
    //! Complexity: as the subscriber's constructor.
    template <
        class Mode, class Limit, class Subscriber = subscriber,
        detail::if_limit<Limit> = 0>
    Subscriber make_subscriber(
        Mode mode, const detail::factory_argument& queue,
        const Limit& limit) const
    {
        return make<Subscriber>(mode, queue.options(m_defaults), limit);
    }

    //! As `make_subscriber(mode, queue, limit)`, with the queue that the
    //! default options name.
    template <
        class Mode, class Limit, class Subscriber = subscriber,
        detail::if_limit<Limit> = 0>
    Subscriber make_subscriber(Mode mode, const Limit& limit) const
    {
        return make<Subscriber>(mode, m_defaults, limit);
    }

    //! As `make_subscriber(mode, queue, limit)`, but reports failure through
    //! `ec` and returns a closed subscriber then.
    template <
        class Mode, class Limit, class Subscriber = subscriber,
        detail::if_limit<Limit> = 0>
    Subscriber make_subscriber(
        Mode mode, const detail::factory_argument& queue, const Limit& limit,
        boost::system::error_code& ec) const
    {
        return make<Subscriber>(ec, mode, queue, limit);
    }

    //! As `make_subscriber(mode, limit)`, but reports failure through `ec` and
    //! returns a closed subscriber then.
    template <
        class Mode, class Limit, class Subscriber = subscriber,
        detail::if_limit<Limit> = 0>
    Subscriber make_subscriber(
        Mode mode, const Limit& limit, boost::system::error_code& ec) const
    {
        return make<Subscriber>(ec, mode, {}, limit);
    }

    //! Requires: <boost_ipq/broadcast.hpp> is included.
    //! Effects: as `make_publisher(mode, queue)`, but makes a publisher of a
    //! broadcast.
    //! Returns: a boost_ipq::broadcast_publisher.
    //! Throws, complexity: as its constructor.
    template <class Mode, class Publisher = basic_broadcast_publisher<>>
    Publisher make_broadcast_publisher(
        Mode mode, const detail::factory_argument& queue = {}) const
    {
        return make<Publisher>(mode, queue.options(m_defaults));
    }

    //! As `make_broadcast_publisher(mode, queue)`, but reports failure through
    //! `ec` and returns a closed publisher then.
    template <class Mode, class Publisher = basic_broadcast_publisher<>>
    Publisher make_broadcast_publisher(
        Mode mode, const detail::factory_argument& queue,
        boost::system::error_code& ec) const
    {
        return make<Publisher>(ec, mode, queue);
    }

    //! As `make_broadcast_publisher(mode, queue)`, but waits for other
    //! processes as the constructor basic_handle(mode, options, limit) does.
    template <
        class Mode, class Limit, class Publisher = basic_broadcast_publisher<>,
        detail::if_limit<Limit> = 0>
    Publisher make_broadcast_publisher(
        Mode mode, const detail::factory_argument& queue,
        const Limit& limit) const
    {
        return make<Publisher>(mode, queue.options(m_defaults), limit);
    }

    //! As `make_broadcast_publisher(mode, queue, limit)`, but reports failure
    //! through `ec` and returns a closed publisher then.
    template <
        class Mode, class Limit, class Publisher = basic_broadcast_publisher<>,
        detail::if_limit<Limit> = 0>
    Publisher make_broadcast_publisher(
        Mode mode, const detail::factory_argument& queue, const Limit& limit,
        boost::system::error_code& ec) const
    {
        return make<Publisher>(ec, mode, queue, limit);
    }

    //! Requires: <boost_ipq/broadcast.hpp> is included.
    //! Effects: as `make_subscriber(mode, queue)`, but makes a subscriber of a
    //! broadcast.
    //! Returns: a boost_ipq::broadcast_subscriber.
    //! Throws, complexity: as its constructor.
    template <class Mode, class Subscriber = basic_broadcast_subscriber<>>
    Subscriber make_broadcast_subscriber(
        Mode mode, const detail::factory_argument& queue = {}) const
    {
        return make<Subscriber>(mode, queue.options(m_defaults));
    }

    //! As `make_broadcast_subscriber(mode, queue)`, but reports failure through
    //! `ec` and returns a closed subscriber then.
    template <class Mode, class Subscriber = basic_broadcast_subscriber<>>
    Subscriber make_broadcast_subscriber(
        Mode mode, const detail::factory_argument& queue,
        boost::system::error_code& ec) const
    {
        return make<Subscriber>(ec, mode, queue);
    }

    //! As `make_broadcast_subscriber(mode, queue)`, but waits for other
    //! processes as the constructor basic_handle(mode, options, limit) does.
    template <
        class Mode, class Limit,
        class Subscriber = basic_broadcast_subscriber<>,
        detail::if_limit<Limit> = 0>
    Subscriber make_broadcast_subscriber(
        Mode mode, const detail::factory_argument& queue,
        const Limit& limit) const
    {
        return make<Subscriber>(mode, queue.options(m_defaults), limit);
    }

    //! As `make_broadcast_subscriber(mode, queue, limit)`, but reports failure
    //! through `ec` and returns a closed subscriber then.
    template <
        class Mode, class Limit,
        class Subscriber = basic_broadcast_subscriber<>,
        detail::if_limit<Limit> = 0>
    Subscriber make_broadcast_subscriber(
        Mode mode, const detail::factory_argument& queue, const Limit& limit,
        boost::system::error_code& ec) const
    {
        return make<Subscriber>(ec, mode, queue, limit);
    }

    //! As `make_broadcast_subscriber(mode, queue)`, but the subscriber first
    //! gets the newest `old.messages()` messages that are still there.
    template <class Mode, class Subscriber = basic_broadcast_subscriber<>>
    Subscriber make_broadcast_subscriber(
        Mode mode, const detail::factory_argument& queue,
        const history& old) const
    {
        return make<Subscriber>(mode, queue.options(m_defaults), old);
    }

    //! As `make_broadcast_subscriber(mode, queue, old)`, but reports failure
    //! through `ec` and returns a closed subscriber then.
    template <class Mode, class Subscriber = basic_broadcast_subscriber<>>
    Subscriber make_broadcast_subscriber(
        Mode mode, const detail::factory_argument& queue, const history& old,
        boost::system::error_code& ec) const
    {
        return make<Subscriber>(ec, mode, queue, old);
    }

    //! As `make_broadcast_subscriber(mode, queue, old)`, but waits for other
    //! processes as the constructor basic_handle(mode, options, limit) does.
    template <
        class Mode, class Limit,
        class Subscriber = basic_broadcast_subscriber<>,
        detail::if_limit<Limit> = 0>
    Subscriber make_broadcast_subscriber(
        Mode mode, const detail::factory_argument& queue, const history& old,
        const Limit& limit) const
    {
        return make<Subscriber>(mode, queue.options(m_defaults), old, limit);
    }

    //! As `make_broadcast_subscriber(mode, queue, old, limit)`, but reports
    //! failure through `ec` and returns a closed subscriber then.
    template <
        class Mode, class Limit,
        class Subscriber = basic_broadcast_subscriber<>,
        detail::if_limit<Limit> = 0>
    Subscriber make_broadcast_subscriber(
        Mode mode, const detail::factory_argument& queue, const history& old,
        const Limit& limit, boost::system::error_code& ec) const
    {
        return make<Subscriber>(ec, mode, queue, old, limit);
    }

    //! Returns: the default options.
    //! Throws: nothing.
    //! Complexity: constant.
    const queue_options& defaults() const noexcept { return m_defaults; }

private:
    // `limit` is nothing, or a limit of the handle's constructor.
    template <class Handle, class Mode, class... Limit>
    Handle make(
        boost::system::error_code& ec, Mode mode,
        const detail::factory_argument& queue, const Limit&... limit) const
    {
        Handle result;
        detail::reported(ec, [&] {
            result = make<Handle>(mode, queue.options(m_defaults), limit...);
            return true;
        });
        return result;
    }

    template <class Handle, class Mode, class... Limit>
    Handle
    make(Mode mode, const queue_options& options, const Limit&... limit) const
    {
        try
        {
            Handle result(mode, options, limit...);
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

// At the end: these headers include this one. The factory's calls return a
// template parameter, since the handles may be incomplete here.
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>

#endif
