// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BOOST_LOG_HPP
#define BOOST_IPQ_BOOST_LOG_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

// Link to the Boost.Log library.

#include <boost_ipq/queue_event.hpp>
#include <boost/log/sources/record_ostream.hpp>
#include <boost/log/sources/severity_logger.hpp>
#include <boost/log/trivial.hpp>

namespace boost_ipq {

//! A log_sink that writes to Boost.Log with its trivial severity levels:
//! `opened` and `created` are info, all other events are warnings.
//!
//! Thread safety: safe.
class boost_log_sink
{
public:
    //! Effects: writes the event as one log record.
    //! Throws: what Boost.Log throws.
    //! Complexity: that of a Boost.Log record.
    void operator()(const queue_event& event) const
    {
        namespace trivial = boost::log::trivial;
        boost::log::sources::severity_logger_mt<trivial::severity_level> logger;
        const bool usual = event.kind == queue_event::opened ||
                           event.kind == queue_event::created;
        BOOST_LOG_SEV(logger, usual ? trivial::info : trivial::warning)
            << event;
    }
};

} // namespace boost_ipq

#endif
