// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_ATTACHMENT_REMOVE_ABANDONED_IPP
#define BOOST_IPQ_IMPL_ATTACHMENT_REMOVE_ABANDONED_IPP

#include <boost_ipq/detail/attachment/open_queue.hpp>
#include <boost_ipq/detail/attachment/remove_abandoned.hpp>
#include <boost_ipq/detail/attachment/remove_queue.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/queue_name.hpp>
#include <boost_ipq/detail/membership/lock_file.hpp>
#include <boost_ipq/detail/membership/lock_file_name.hpp>
#include <boost_ipq/detail/membership/object_names.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/detail/platform/thread_cancellation.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstring>
#include <exception>
#include <string>

namespace boost_ipq {
namespace detail {

inline bool is_answer_queue(const std::string& name, const std::string& begin)
{
    return name.size() == begin.size() + client_digits &&
           name.compare(0, begin.size(), begin) == 0 &&
           name.find_first_not_of(hex_digits, begin.size()) ==
               std::string::npos;
}

// The name of the abandoned queue to which a lock file belongs, if that is one
// for answers; else empty.
inline std::string abandoned_answers(
    const std::string& file, const std::string& where, const std::string& begin,
    const std::string& directory)
{
    std::string name = name_in(file);
    // Without a name, there is a hash in its place.
    if (!is_lock_file_name(file) ||
        (!name.empty() && !is_answer_queue(name, begin)) ||
        !platform::is_regular_file(where + "/" + file))
        return {};
    lock_file opened;
    queue_mark mark;
    if (!opened.open_unlocked(where + "/" + file) || is_there(opened, mark))
        return {};
    if (name.empty())
        name = mark.name;
    return is_queue_name(name) && is_answer_queue(name, begin) &&
                   object_names(name, directory).lock_path == opened.path()
               ? name
               : std::string();
}

// Opening a queue that has ended removes what is left of it.
inline void remove_if_abandoned(
    const std::string& file, const std::string& where, const std::string& begin,
    const std::string& directory) noexcept
{
    try
    {
        const std::string name =
            abandoned_answers(file, where, begin, directory);
        if (name.empty())
            return;
        queue_options options(name);
        options.directory(directory);
        attach(open_mode::open, options, {give_up_at_once(), errc::timed_out});
    }
    catch (const std::exception&)
    {
        // It was removed, or a different user's, or damaged.
    }
}

BOOST_IPQ_DECL void
remove_abandoned_answers(shared_storage, const queue_options& requests) noexcept
{
    const platform::no_thread_cancellation guard;
    try
    {
        const std::string& directory = requests.directory();
        const std::string begin = answers_begin(requests.name());
        const std::string where =
            directory.empty() ? platform::object_directory() : directory;
        boost::system::error_code ignored;
        for (const std::string& file : platform::names_in(where, ignored))
            remove_if_abandoned(file, where, begin, directory);
    }
    catch (const std::exception&)
    {
        // There is no memory. The next process removes them.
    }
}

BOOST_IPQ_DECL void
remove_abandoned_answers_if_any(const queue_options& options) noexcept
{
    try
    {
        queue_mark mark;
        {
            lock_file file;
            if (!file.open_unlocked(
                    object_names(options.name(), options.directory())
                        .lock_path) ||
                file.read_mark(mark) != mark_state::ready)
                return;
        }
        constexpr std::size_t length = sizeof requests_begin - 1;
        if (std::strncmp(mark.type_name, requests_begin, length) == 0)
            remove_abandoned_answers(shared_storage(), options);
    }
    catch (const std::exception&)
    {
        // The removal will tell.
    }
}

} // namespace detail
} // namespace boost_ipq

#endif
