// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_QUEUE_EVENT_HPP
#define BOOST_IPQ_QUEUE_EVENT_HPP

#include <cstdint>
#include <functional>
#include <ostream>
#include <string>

namespace boost_ipq {

//! An event of a queue that is worth a line in a log.
struct queue_event
{
    enum kind_type
    {
        opened,      //!< a handle was opened
        created,     //!< a handle was opened and created the queue
        recovered,   //!< locks or records of dead processes were recovered
        redelivered, //!< messages were delivered again
        mismatch     //!< a handle was not opened: the queue is a different one
    };

    kind_type kind;
    std::string queue;    //!< the queue's name
    std::uint64_t number; //!< how many were recovered or redelivered
    std::string text;     //!< of a mismatch: the differences
};

//! Returns: the name of the event.
//! Throws: nothing.
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
inline std::ostream& operator<<(std::ostream& out, const queue_event& event)
{
    out << "queue '" << event.queue << "': " << to_string(event.kind);
    if (event.number != 0)
        out << ' ' << event.number;
    if (!event.text.empty())
        out << ": " << event.text;
    return out;
}

//! Receives events. The thread whose operation caused an event calls the sink
//! after the operation, with no lock held. Exceptions of the sink are ignored,
//! except for `mismatch`, where an exception replaces queue_mismatch. The sink
//! must not use the handle.
using log_sink = std::function<void(const queue_event&)>;

} // namespace boost_ipq

#endif
