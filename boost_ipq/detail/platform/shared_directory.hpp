// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_SHARED_DIRECTORY_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_SHARED_DIRECTORY_HPP

// The directory in which Boost.Interprocess keeps shared memory objects where
// they are files. Windows: boost_interprocess\<boot> in %ProgramData%; macOS:
// /tmp/boost_interprocess. A program can choose a different directory, which
// must exist, by BOOST_INTERPROCESS_SHARED_DIR_PATH; lock files are there, too.

#include <boost_ipq/error.hpp>
#include <boost/interprocess/detail/shared_dir_helpers.hpp>
#include <boost/interprocess/exceptions.hpp>
#include <boost/system/error_code.hpp>
#include <string>

namespace boost_ipq {
namespace detail {
namespace platform {

// Creates the directory if it is missing. Boost removes those of earlier boots.
inline std::string shared_directory()
{
    std::string result;
    try
    {
        boost::interprocess::ipcdetail::create_shared_dir_and_clean_old(result);
    }
    catch (const boost::interprocess::interprocess_exception&)
    {
        // Windows: Boost reads the boot's number from the registry, or, with
        // BOOST_INTERPROCESS_BOOTSTAMP_IS_EVENTLOG_BASED, from the event log.
        // Wine has neither.
        throw_error(
            boost::system::errc::make_error_code(
                boost::system::errc::no_such_file_or_directory),
            "Boost.Interprocess finds no directory for shared memory: define "
            "BOOST_INTERPROCESS_SHARED_DIR_PATH");
    }
    return result;
}

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
