// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Requests and answers. The first server is killed in the middle of a request:
// the client learns that at once, and the second server answers its next one.

#include <boost_ipq/request.hpp>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <iostream>
#include <string>

// The first server dies when it is asked for the square of 7.
[[noreturn]] void serve(const boost_ipq::queue_options& options, bool mortal)
{
    //[ server
    boost_ipq::request_server<int, long long> server(
        boost_ipq::open_only, options);
    while (auto request = server.receive())
    {
        if (mortal && *request == 7)
            ::kill(::getpid(), SIGKILL);
        const int number = *request;
        request.answer(1LL * number * number);
        if (number == 10)
            break;
    }
    //]
    ::_exit(0);
}

int main()
{
    const std::string name = "example-request-" + std::to_string(::getpid());
    const boost_ipq::queue_options options(name, 4096);
    boost_ipq::request_client<int, long long> client(
        boost_ipq::create_only, options);
    pid_t server = ::fork();
    if (server == 0)
        serve(options, true);
    int answered = 0, lost = 0;
    for (int number = 1; number <= 10;)
    {
        //[ client
        boost::system::error_code ec;
        const long long square = client.call(number, ec);
        if (ec == boost_ipq::errc::no_server)
            continue; // it has not started yet
        answered += !ec && square == number * number;
        if (ec == boost_ipq::errc::server_died && ++lost != 0)
            if ((server = ::fork()) == 0)
                serve(options, false);
        //]
        ++number;
    }
    ::waitpid(server, nullptr, 0);
    boost_ipq::remove_queue(name);
    std::cout << answered << " answered, " << lost << " lost\n";
    return answered == 9 && lost == 1 ? 0 : 1;
}
