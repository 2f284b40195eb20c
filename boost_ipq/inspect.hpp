// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_INSPECT_HPP
#define BOOST_IPQ_INSPECT_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/detail/handle/options_argument.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace boost_ipq {

//! A process that has a queue open, or that died without closing it.
struct queue_participant
{
    std::uint32_t pid;         //!< in the PID namespace of that process
    std::uint32_t publishers;  //!< its open handles
    std::uint32_t subscribers; //!< its open handles
    bool alive;                //!< false: it died, according to the kernel
};

//! Who gets a message.
enum class queue_kind
{
    queue,    //!< one subscriber
    broadcast //!< every subscriber
};

//! A subscriber of a broadcast.
struct broadcast_reader
{
    std::uint32_t pid;    //!< in the PID namespace of its process
    bool alive;           //!< false: it died, according to the kernel
    bool in_place;        //!< it reads in place, and so keeps the room
    std::size_t messages; //!< that it has not read, or reads in place
    std::size_t bytes;    //!< of the capacity that they take
    std::uint64_t missed; //!< messages that were dropped before it read them
};

//! A message that a process fills or reads in place: until it has finished, the
//! room of all newer messages stays in use, too.
struct held_message
{
    std::uint32_t pid; //!< in the PID namespace of its process; 0: not known
    bool alive;        //!< false: its process died, according to the kernel
    bool being_filled; //!< else it is being read
    std::size_t size;  //!< of the message, in bytes
    std::size_t newer; //!< messages and reservations after it
};

//! The result of inspect().
struct queue_status
{
    std::string name{};              //!< of the queue
    std::uint32_t layout_version{};  //!< of its memory
    boost_ipq::lifetime lifetime{};  //!< of the queue
    std::size_t message_alignment{}; //!< bytes
    std::size_t type_size{};         //!< bytes; 0: messages of any type
    std::size_t type_alignment{};    //!< bytes
    std::string type_name{};         //!< see type_name<T>; may be empty
    std::size_t capacity{};          //!< bytes
    std::size_t bytes{};             //!< bytes of the capacity in use
    std::size_t messages{};          //!< sent and not yet taken
    std::size_t reservations{};      //!< being filled in place
    std::size_t deliveries{};        //!< being read in place, or waiting
                                     //!< to be delivered again
    std::uint64_t sent{};            //!< messages since the creation
    std::uint64_t received{};        //!< messages since the creation
    //! Threads and wait sets that sleep; those of a dead process count until
    //! another sleeper has noticed its death.
    std::uint32_t waiting_subscribers{};
    std::uint32_t waiting_publishers{};            //!< as waiting_subscribers
    std::vector<queue_participant> participants{}; //!< in no particular order
    queue_kind kind{};                             //!< of the queue
    boost_ipq::overflow overflow{};                //!< of a broadcast
    std::vector<broadcast_reader> readers{};       //!< of a broadcast, likewise
    std::uint32_t max_deliveries{}; //!< see queue_options; 0: no limit
    std::string dead_letter{};      //!< name of the dead-letter queue, or empty
    //! The oldest of the reservations and of the deliveries that a process
    //! reads in place.
    std::optional<held_message> oldest_held{};
};

//! Effects: examines a queue without taking a lock, stopping a process or
//! changing anything.
//!
//! In a broadcast, `bytes` and `messages` are those that are kept: a subscriber
//! has not read them yet, or they are the history. `received` is 0, and
//! `deliveries` is the number of subscribers that read in place.
//!
//! Returns: the status of the queue. It is exact if no process uses the queue
//! meanwhile. One exception: the records are counted for half a second at most.
//! If there are more of them, some hundred million, or if other processes work
//! so fast that each count fails, `reservations` and `deliveries` are those
//! that were found, `oldest_held` is the oldest of them, and `bytes` is their
//! size.
//!
//! Throws: `error` with `errc::not_found` or `errc::permission_denied`;
//! `queue_mismatch` if the queue has a layout of a different version of the
//! library or does not match the options; `queue_corrupt`; `std::bad_alloc`.
//!
//! Complexity: linear in the records in the queue and in the processes that
//! have it open. It takes no longer than about half a second.
//!
//! Thread safety: safe.
//!
//! Crash safety: safe. Nothing is left behind.
queue_status inspect(const queue_options& options);

//! Effects: as `inspect(options)`, but reports failure through `ec`.
//! Returns: the status of the queue; a value-initialized one on failure.
//! Throws: nothing that `ec` reports.
//! Complexity: as `inspect(options)`.
//! Thread safety: safe.
//! Crash safety: safe. Nothing is left behind.
queue_status
inspect(const detail::options_argument& options, boost::system::error_code& ec);

//! Returns: the names of the queues in a directory, or, with an empty path, in
//! shared memory. All are valid names. Damaged queues are among them. Queues
//! that this user may not open, and files that are none, are left out.
//!
//! Throws: `error` if the directory cannot be read; `std::bad_alloc`.
//! Complexity: linear in the entries of the directory; for shared memory, in
//! the shared memory objects of the machine.
//! Thread safety: safe.
//! Crash safety: safe. Nothing is left behind.
std::vector<std::string> list_queues(const std::string& directory = {});

//! Returns: as `list_queues(directory)`, only the names of the queues of that
//! kind. Damaged ones, whose kind is not known, are left out.
//!
//! Throws, complexity, thread safety, crash safety: as
//! `list_queues(directory)`.
std::vector<std::string>
list_queues(queue_kind kind, const std::string& directory = {});

//! Effects: as `list_queues(directory)`, but reports failure through `ec`.
//! Returns: the names of the queues; none on failure.
//! Throws: nothing that `ec` reports.
//! Complexity: as `list_queues(directory)`.
//! Thread safety: safe.
//! Crash safety: safe. Nothing is left behind.
std::vector<std::string>
list_queues(const std::string& directory, boost::system::error_code& ec);

//! Effects: as `list_queues()`, but reports failure through `ec`.
//! Returns: the names of the queues in shared memory; none on failure.
//! Throws: nothing that `ec` reports.
//! Complexity: as `list_queues()`.
//! Thread safety: safe.
//! Crash safety: safe. Nothing is left behind.
std::vector<std::string> list_queues(boost::system::error_code& ec);

//! The result of repair().
struct repair_report
{
    std::size_t records;   //!< recovered reservations and deliveries, and
                           //!< subscribers of a broadcast
    std::size_t processes; //!< dead processes whose slots were freed
};

//! Effects: recovers everything that dead processes left in a queue: locks,
//! reservations (never delivered), deliveries (delivered again) and slots in
//! the table of participants. Other calls recover a lock, a record or a slot
//! when they need it. What living processes hold is not touched, even if they
//! are stopped.
//! Returns: the numbers of recovered records and of dead processes.
//! Throws: as the constructors of basic_handle with `open_only`;
//! `queue_busy` if a living process kept a lock for longer than
//! `options.busy_after()`.
//! Complexity: linear in the records in the queue. Sending and receiving calls
//! may have to wait for it.
//! Thread safety: safe.
//! Crash safety: safe. The next process continues the recovery.
repair_report repair(const queue_options& options);

//! Effects: as `repair(options)`, but reports failure through `ec`.
//! Returns: the numbers of recovered records and of dead processes; zeros on
//! failure.
//! Throws: nothing that `ec` reports.
//! Complexity: as `repair(options)`.
//! Thread safety: safe.
//! Crash safety: safe. The next process continues the recovery.
repair_report
repair(const detail::options_argument& options, boost::system::error_code& ec);

} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/inspect.ipp>
#endif

#endif
