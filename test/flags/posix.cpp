// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A program that writes no namespace before its names, and uses POSIX.

#include "headers.hpp"
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace std;
using namespace boost::interprocess;
using namespace boost_ipq;

int sum(int, int);

int sum(int, int)
{
    queue_options options("orders", 4096);
    options.lifetime(lifetime::while_open);
    publisher out(open_or_create, options);
    subscriber in(open_only, options);
    reservation room = out.try_reserve(4);
    room.commit();
    delivery taken = in.try_receive();
    taken.acknowledge();
    char buffer[4];
    size_t size = 0;
    in.try_dequeue(buffer, sizeof buffer, size, boost_ipq::truncate);
    queue_status status = inspect("orders");
    repair("orders");
    remove_queue("orders");
    const int file = ::open("/dev/null", O_RDWR);
    const bool failed = write(file, buffer, sizeof buffer) < 0 ||
                        ftruncate(file, 0) != 0 ||
                        ::truncate("/dev/null", 0) != 0;
    close(file);
    return int(status.messages) + failed;
}
