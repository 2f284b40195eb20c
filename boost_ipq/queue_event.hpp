// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_QUEUE_EVENT_HPP
#define BOOST_IPQ_QUEUE_EVENT_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <cstdint>
#include <functional>
#include <ostream>
#include <string>

namespace boost_ipq {

//! An event of a queue, for a log.
struct queue_event
{
    //! The kinds of events.
    enum kind_type
    {
        opened,      //!< a handle was opened
        created,     //!< a handle was opened and created the queue
        recovered,   //!< locks or records of dead processes were recovered
        redelivered, //!< messages were delivered again
        mismatch     //!< a handle was not opened, because of queue_mismatch
    };

    kind_type kind;       //!< what happened
    std::string queue;    //!< the queue's name
    std::uint64_t number; //!< how many were recovered or redelivered, else 0
    std::string text;     //!< of a mismatch, the differences; else empty
};

//! Returns: the name of the kind, such as "opened".
//! Throws: nothing.
//! Complexity: constant.
//! Thread safety: safe.
inline const char* to_string(queue_event::kind_type kind) noexcept
{
    switch (kind)
    {
    case queue_event::opened:
        return "opened";
    case queue_event::created:
        return "created";
    case queue_event::recovered:
        return "recovered";
    case queue_event::redelivered:
        return "redelivered";
    case queue_event::mismatch:
        return "mismatch";
    }
    return "unknown";
}

//! Effects: writes the event as a line of a log, without a newline.
//! Returns: `out`.
//! Throws: what `out` throws.
inline std::ostream& operator<<(std::ostream& out, const queue_event& event)
{
    out << "queue '" << event.queue << "': " << to_string(event.kind);
    if (event.number != 0)
        out << ' ' << event.number;
    if (!event.text.empty())
        out << ": " << event.text;
    return out;
}

//! A function object that receives events. The thread whose call caused an
//! event calls the sink at the end of that call, with no lock of the queue
//! held. The sink must not use the handle. Its exceptions are ignored, except
//! that an exception in a `mismatch` event replaces queue_mismatch.
using log_sink = std::function<void(const queue_event&)>;

} // namespace boost_ipq

#endif
