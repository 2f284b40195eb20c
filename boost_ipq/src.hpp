// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_SRC_HPP
#define BOOST_IPQ_SRC_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

//! @file
//! Separate compilation: define BOOST_IPQ_SEPARATE_COMPILATION for all files of
//! the program, best on the command line, and include this header in one of
//! them. The others then compile in a fraction of the time, because everything
//! that depends on no type of theirs is compiled only there.

#if !defined(BOOST_IPQ_SEPARATE_COMPILATION)
#error Define BOOST_IPQ_SEPARATE_COMPILATION in all files of the program.
#endif

#include <boost_ipq/detail/platform/compilation.hpp>

// First: they declare the instances that are defined below.
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>

#include <boost_ipq/impl/attachment/await_queue.ipp>
#include <boost_ipq/impl/attachment/by_storage.ipp>
#include <boost_ipq/impl/attachment/dead_letter_queue.ipp>
#include <boost_ipq/impl/attachment/heap_queues.ipp>
#include <boost_ipq/impl/attachment/open_queue.ipp>
#include <boost_ipq/impl/attachment/outstanding.ipp>
#include <boost_ipq/impl/attachment/ownership.ipp>
#include <boost_ipq/impl/attachment/remove_abandoned.ipp>
#include <boost_ipq/impl/cloudtoid/handle.ipp>
#include <boost_ipq/impl/cloudtoid/queue.ipp>
#include <boost_ipq/impl/cloudtoid/reader.ipp>
#include <boost_ipq/impl/cloudtoid/writer.ipp>
#include <boost_ipq/impl/cloudtoid_queue_options.ipp>
#include <boost_ipq/impl/core/status.ipp>
#include <boost_ipq/impl/error.ipp>
#include <boost_ipq/impl/handle/copy_targets.ipp>
#include <boost_ipq/impl/handle/error_context.ipp>
#include <boost_ipq/impl/handle/event_log.ipp>
#include <boost_ipq/impl/handle/file_sleep.ipp>
#include <boost_ipq/impl/handle/instances.ipp>
#include <boost_ipq/impl/handle/queue_handle.ipp>
#include <boost_ipq/impl/handle/result.ipp>
#include <boost_ipq/impl/handle/set_sleep.ipp>
#include <boost_ipq/impl/handle/wait_set_state.ipp>
#include <boost_ipq/impl/inspect.ipp>
#include <boost_ipq/impl/queue_options.ipp>
#include <boost_ipq/impl/remove_queue.ipp>
#include <boost_ipq/impl/requeue.ipp>
#include <boost_ipq/impl/ring/contents.ipp>
#include <boost_ipq/impl/ring/latest.ipp>
#include <boost_ipq/impl/ring/overwriting.ipp>
#include <boost_ipq/impl/ring/peek.ipp>
#include <boost_ipq/impl/ring/purge.ipp>
#include <boost_ipq/impl/ring/ring_reader.ipp>
#include <boost_ipq/impl/ring/write_end.ipp>
#include <boost_ipq/impl/wait/event_count.ipp>
#include <boost_ipq/impl/wait/set_word.ipp>
#include <boost_ipq/impl/wait/waiters.ipp>

// See compilation.hpp.
const char boost_ipq_include_src_hpp_in_one_file = 0;
const char boost_ipq_define_SEPARATE_COMPILATION_in_all_files = 0;

#endif
