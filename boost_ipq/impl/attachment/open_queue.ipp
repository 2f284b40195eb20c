// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_IMPL_ATTACHMENT_OPEN_QUEUE_IPP
#define BOOST_IPQ_IMPL_ATTACHMENT_OPEN_QUEUE_IPP

#include <boost_ipq/detail/attachment/attachment_registry.hpp>
#include <boost_ipq/detail/attachment/check_match.hpp>
#include <boost_ipq/detail/attachment/open_queue.hpp>
#include <boost_ipq/detail/attachment/ownership.hpp>
#include <boost_ipq/detail/attachment/remove_queue.hpp>
#include <boost_ipq/detail/attachment/shared_attachment.hpp>
#include <boost_ipq/detail/attachment/translated.hpp>
#include <boost_ipq/detail/attachment/unfinished.hpp>
#include <boost_ipq/detail/membership/lock_file.hpp>
#include <boost_ipq/detail/membership/object_names.hpp>
#include <boost_ipq/detail/membership/put_in_order.hpp>
#include <boost_ipq/detail/platform/advice.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/detail/platform/thread_cancellation.hpp>
#include <boost_ipq/detail/segment/memory_object.hpp>
#include <boost_ipq/detail/segment/segment.hpp>
#include <boost_ipq/error.hpp>
#include <boost/interprocess/permissions.hpp>
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace boost_ipq {
namespace detail {

BOOST_IPQ_DECL bool
can_create(open_mode mode, const queue_options& options) noexcept
{
    return mode != open_mode::open && options.capacity() != 0;
}

BOOST_IPQ_DECL void throw_missing(open_mode mode, const queue_options& options)
{
    if (mode != open_mode::open)
        throw std::invalid_argument(
            "boost_ipq: creating queue '" + options.name() +
            "' needs a capacity: give queue_options(name, capacity)");
    throw_error(errc::not_found, "queue '" + options.name() + "'");
}

inline void require_dead_letter(const queue_options& options)
{
    const std::uint32_t limit = options.max_deliveries();
    const std::string& letters = options.dead_letter();
    const std::string begin =
        "boost_ipq: the options of queue '" + options.name() + "' have ";
    if ((limit == 0) != letters.empty())
        throw std::invalid_argument(
            begin +
            (limit == 0 ? "a dead_letter() and no max_deliveries()"
                        : "max_deliveries() and no dead_letter()") +
            ": give both or neither");
    if (letters == options.name())
        throw std::invalid_argument(
            begin + "the queue itself as its dead_letter()");
    if (limit != 0 && options.capacity() != 0 && options.capacity() < 2 * unit)
        throw std::invalid_argument(
            begin + "max_deliveries(): give a capacity of at least " +
            std::to_string(2 * unit) + " bytes");
}

BOOST_IPQ_DECL void require_usable(open_mode mode, const queue_options& options)
{
    require_dead_letter(options);
    if (mode == open_mode::create && !can_create(mode, options))
        throw_missing(mode, options);
}

// Creates a semaphore, which must not exist.
inline void
create_semaphore(const std::string& name, const bip::permissions& permissions)
{
    try
    {
        platform::create_semaphore(name, permissions);
    }
    catch (const bip::interprocess_exception& e)
    {
        if (e.get_error_code() != bip::already_exists_error)
            throw;
        throw_error(errc::already_exists, "the semaphore " + name);
    }
}

BOOST_IPQ_DECL std::unique_ptr<dead_letter_queue> shared_dead_letters(
    attachment& source, const object_names& names, const lock_file& file,
    const queue_mark& mark)
{
    const std::string directory =
        names.in_file
            ? names.lock_path.substr(
                  0, (std::max<std::size_t>)(1, names.lock_path.rfind('/')))
            : std::string();
    try
    {
        const queue_options letters = dead_letter_options::make(
            mark.dead_letter, mark.capacity, mark.alignment, file.permissions(),
            directory);
        return std::make_unique<dead_letter_queue>(
            source, [letters](const lock_limit& limit) {
                return attach(open_mode::open_or_create, letters, limit);
            });
    }
    catch (const std::invalid_argument&)
    {
        // A stranger has written the mark.
        throw_error(
            errc::queue_corrupt,
            "the mark of the queue in " + lock_file::named(names.lock_path));
    }
}

// Gives all objects the permissions that the queue has. The segment is the one
// that was created: where others may exchange files, its path may lead to one
// that is none of theirs.
inline void open_objects_to_others(
    const lock_file& file, const object_names& names, segment& memory,
    const bip::permissions& permissions)
{
    memory.open_to_others(permissions);
    for (const std::string& path : object_paths(names))
    {
        if (path == names.segment_path)
            continue;
        boost::system::error_code ec;
        platform::open_to_others(path, file.status().owner, permissions, ec);
        lock_file::fail_if(
            ec, "setting the permissions of " + lock_file::named(path));
    }
}

inline void remove_semaphores(const object_names& names)
{
    for (const std::string& name : names.semaphores())
        platform::remove_semaphore(name);
}

// Removes what is left of a queue whose lock file was removed from outside, and
// the objects of a creation that failed.
inline void remove_objects(const object_names& names)
{
    boost::system::error_code ec;
    memory_object::remove(names.lock_path, ec);
    lock_file::fail_if(ec, "removing the old segment " + names.segment);
    remove_semaphores(names);
}

inline std::unique_ptr<segment> create_segment(
    lock_file& file, const object_names& names, const queue_options& options,
    queue_mark& mark)
{
    const platform::page_placement pages = {
        options.huge_pages(), options.numa_node()};
    auto memory = std::make_unique<segment>();
    mark.special_pages = pages.is_special();
    file.write_mark(mark);
    // An old segment would use the space that probe_space() checks.
    remove_objects(names);
    file.probe_space(segment::first_size());
    memory->create(
        names, options.permissions(), mark, options.dump_core(), pages, [&] {
            file.write_mark(mark); // see has_unfinished()
        });
    return memory;
}

// The segment of a creator that was killed, or nothing. Its semaphores are
// removed: it may have been killed while it created them.
inline std::unique_ptr<segment> adopt_segment(
    const lock_file& file, const object_names& names,
    const queue_options& options, queue_mark& mark)
{
    if (file.is_new())
        return nullptr;
    auto memory = std::make_unique<segment>();
    queue_mark adopted(mark), left;
    try
    {
        file.read_mark(left);
        if (!memory->adopt(names, adopted, options.dump_core(), left.manager))
            return nullptr;
    }
    catch (const std::exception&)
    {
        return nullptr; // it was removed, for example
    }
    remove_semaphores(names);
    mark = adopted;
    return memory;
}

// Creates all objects and finally sets the mark to ready.
inline std::unique_ptr<segment> create_objects(
    lock_file& file, const object_names& names, const queue_options& options,
    queue_mark& mark)
{
    const bip::permissions& permissions = options.permissions();
    auto memory = adopt_segment(file, names, options, mark);
    if (!memory)
        memory = create_segment(file, names, options, mark);
    for (const std::string& name : names.semaphores())
        create_semaphore(name, permissions);
    file.write_mark(mark);
    // Then at once the end: what others may have opened is not adopted.
    open_objects_to_others(file, names, *memory, permissions);
    file.write_ready(mark);
    return memory;
}

// `strangers`: there are objects that this process must not remove.
inline void remove_half_created(
    lock_file& file, const object_names& names, bool strangers) noexcept
{
    try
    {
        if (!strangers)
            return remove_all(file, names);
        boost::system::error_code ignored;
        file.erase_mark();
        platform::remove_file(file.path(), ignored);
    }
    catch (...)
    {
        // The mark is not ready: the next process that opens or removes the
        // queue removes the rest.
    }
}

// Opens the queue's lock file and takes the structure lock.
inline std::unique_ptr<lock_file> open_file(
    open_mode mode, const queue_options& options, object_names& names,
    const lock_limit& limit)
{
    auto file = std::make_unique<lock_file>();
    const auto check = [&](const lock_file& opened) {
        check_owner(mode, options, opened);
    };
    const bool create = can_create(mode, options);
    if (!file->open_locked(
            names.lock_path, create, options.permissions().get_permissions(),
            limit, create, check))
        throw_missing(mode, options);
    names.identify(file->identity());
    return file;
}

// Where the queue comes from that a process joins.
enum class queue_origin
{
    found,
    created, // by this process
    left     // by its last process, a different user's: it begins empty
};

inline void
begin(shared_attachment& queue, queue_origin origin, give_up_condition give_up)
{
    if (origin == queue_origin::left && !queue.drop_messages(give_up))
        throw_error(errc::busy);
    if (origin != queue_origin::found)
        queue.note_created();
}

// Makes this process a participant and releases the structure lock.
inline std::shared_ptr<shared_attachment> join_queue(
    std::unique_ptr<lock_file> file, const object_names& names,
    const queue_mark& mark, std::unique_ptr<segment> memory,
    queue_origin origin, give_up_condition give_up)
{
    const auto identity = file->identity();
    lock_file& locked = *file;
    auto result = std::make_shared<shared_attachment>(
        std::move(file), names, mark, std::move(memory));
    begin(*result, origin, give_up);
    attachment_registry::add(identity, result);
    locked.unlock_structure();
    result->recover_if_needed(give_up);
    return result;
}

inline std::shared_ptr<shared_attachment> create_queue(
    std::unique_ptr<lock_file> file, const object_names& names,
    const queue_options& options, give_up_condition give_up)
{
    queue_mark mark = make_mark(options);
    std::unique_ptr<segment> memory;
    bool strangers = true;
    try
    {
        require_no_strangers(names, file->status().owner);
        strangers = false;
        memory = create_objects(*file, names, options, mark);
    }
    catch (...)
    {
        remove_half_created(*file, names, strangers);
        throw;
    }
    return join_queue(
        std::move(file), names, mark, std::move(memory), queue_origin::created,
        give_up);
}

// Called before this process joins. No process sleeps on a semaphore, and posts
// that were meant for dead ones must not count. Existing semaphores stay: a
// forked child that joins later has them open. A restart of the system removes
// those of a queue in a file.
inline void empty_semaphores(const object_names& names, const lock_file& file)
{
    for (const std::string& name : {names.messages, names.room})
        try
        {
            if (!platform::drain_semaphore(name, max_sleepers))
                throw_error(
                    errc::queue_corrupt, "the count of the semaphore " + name);
        }
        catch (const bip::interprocess_exception& e)
        {
            if (!names.in_file || e.get_error_code() != bip::not_found_error)
                throw;
            platform::create_semaphore(name, file.permissions());
        }
}

// A handle of bytes may have created the queue: the first handle with a type
// decides what its messages are.
inline void record_type(
    lock_file& file, const queue_options& options, const queue_mark& mark)
{
    if (!demands_type(options) || has_type(mark))
        return;
    queue_mark typed(mark);
    set_type(typed, options);
    file.write_type(typed);
}

inline std::shared_ptr<shared_attachment> open_queue(
    std::unique_ptr<lock_file> file, const object_names& names,
    const queue_options& options, const queue_mark& mark,
    give_up_condition give_up, queue_origin origin = queue_origin::found)
{
    check_owner(open_mode::open, options, *file);
    check_match(options, mark);
    if (auto shared = attachment_registry::find(file->identity()))
    {
        // A forked child may not have joined yet, and the queue may exist only
        // while it has participants.
        shared->rejoin_locked();
        begin(*shared, origin, give_up);
        record_type(*file, options, mark);
        if (options.dump_core())
            shared->keep_in_core_dumps();
        file.reset();
        shared->recover_if_needed(give_up);
        return shared;
    }
    if (!is_sound(mark))
        throw_error(errc::queue_corrupt, "queue '" + options.name() + "'");
    check_objects(names, *file);
    auto memory = std::make_unique<segment>();
    memory->open(names, mark, options.dump_core());
    if (!file->any_slot_locked_elsewhere())
    {
        if (names.has_semaphores())
            empty_semaphores(names, *file);
        put_in_order(
            *memory->view().control, memory->participants(),
            memory->view().cursors);
    }
    record_type(*file, options, mark);
    return join_queue(
        std::move(file), names, mark, std::move(memory), origin, give_up);
}

// Removes what is left of a queue, its lock file last. Returns false if the
// system does not permit that to this user.
inline bool remove_remains(lock_file& file, const object_names& names)
{
    require_no_strangers(names, file.status().owner);
    try
    {
        remove_all(file, names);
    }
    catch (const error& e)
    {
        if (e.code() != make_error_code(errc::permission_denied))
            throw;
        return false;
    }
    return true;
}

// The last process of a queue with lifetime::while_open could not remove it,
// and this process cannot: the directory is sticky, and a different user made
// the queue. The queue is used again, without its messages. A forked child that
// has the old queue open, and has not joined yet, joins the same queue.
inline std::shared_ptr<shared_attachment> use_again(
    std::unique_ptr<lock_file> file, const object_names& names,
    const queue_options& options, give_up_condition give_up)
{
    const std::string context = "what is left of queue '" + options.name() +
                                "': " + lock_file::named(file->path()) + ": " +
                                platform::that_user_can + " remove it";
    queue_mark mark;
    if (file->read_mark(mark) != mark_state::ready)
        throw_error(errc::permission_denied, context);
    try
    {
        check_match(options, mark);
    }
    catch (const queue_mismatch& e)
    {
        throw_error(
            errc::permission_denied,
            context + ", and it cannot be used again (" + e.what() + ")");
    }
    return open_queue(
        std::move(file), names, options, mark, give_up, queue_origin::left);
}

// There is no queue, and these options cannot create one.
[[noreturn]] inline void remove_and_throw_missing(
    open_mode mode, const queue_options& options, lock_file& file,
    const object_names& names)
{
    try
    {
        remove_remains(file, names);
    }
    catch (const error&)
    {
        // Others can create the queue, or remove what is left.
    }
    throw_missing(mode, options);
}

// Without a futex between processes, named semaphores do not work. A queue in a
// file has none: its sleepers take naps.
inline void
require_kernel_features(const queue_options& options, const object_names& names)
{
    if (!names.has_semaphores())
        return;
    const std::string missing = platform::missing_kernel_feature();
    if (!missing.empty())
        throw_error(
            boost::system::errc::make_error_code(
                boost::system::errc::function_not_supported),
            "queue '" + options.name() + "': " + missing);
}

inline std::shared_ptr<shared_attachment> attach_or_throw(
    open_mode mode, const queue_options& options, const lock_limit& limit)
{
    // Recovery waits for a stopped process no longer than a call that must not
    // wait: it can be done later.
    const auto give_up = [&](std::chrono::nanoseconds waited) {
        return waited >= options.busy_after() || limit.give_up(waited);
    };
    object_names names(options.name(), options.directory());
    require_kernel_features(options, names);
    for (auto file = open_file(mode, options, names, limit);;
         file = open_file(mode, options, names, limit))
    {
        queue_mark mark;
        const bool exists = is_there(*file, mark);
        if (exists && mode == open_mode::create)
            throw_error(errc::already_exists, "queue '" + options.name() + "'");
        if (exists)
            return open_queue(std::move(file), names, options, mark, give_up);
        if (file->is_new() || has_unfinished(*file, mode, options))
            return create_queue(std::move(file), names, options, give_up);
        // The queue is half created, half removed, or was left by its last
        // process. Its file is removed, too: processes that had the old queue
        // open, and may be alive, know it by this file and have slots in it.
        // Processes that wait for its lock start again when this process has
        // locked the next file, or is dead.
        if (!can_create(mode, options))
            remove_and_throw_missing(mode, options, *file, names);
        if (!remove_remains(*file, names))
            return use_again(std::move(file), names, options, give_up);
    }
}

BOOST_IPQ_DECL std::shared_ptr<shared_attachment> attach_shared(
    open_mode mode, const queue_options& options, const lock_limit& limit)
{
    const platform::no_thread_cancellation guard;
    require_usable(mode, options);
    if (can_create(mode, options))
        require_permissions(options);
    return translated(
        options.name(), [&] { return attach_or_throw(mode, options, limit); });
}

BOOST_IPQ_DECL std::shared_ptr<attachment>
attach(open_mode mode, const queue_options& options, const lock_limit& limit)
{
    return attach_shared(mode, options, limit);
}

} // namespace detail
} // namespace boost_ipq

#endif
