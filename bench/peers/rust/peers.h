/* Copyright 2026 The boost_ipq authors
 * Distributed under the Boost Software License, Version 1.0.
 * (See accompanying file LICENSE_1_0.txt or copy at
 * https://www.boost.org/LICENSE_1_0.txt)
 */

#ifndef BOOST_IPQ_BENCH_PEERS_RUST_PEERS_H
#define BOOST_IPQ_BENCH_PEERS_RUST_PEERS_H

/* The C interface of the peers in Rust.
 *
 * The open functions return null if they fail, and then write the reason. The
 * others return 1 if they sent or received a message, 0 if that was not possible
 * now, and -1 if the peer failed. Receiving calls `look` with the message,
 * iceoryx2's sending calls `fill` with the room for it. If it `waits`, it waits
 * for receivers whose buffer is full; else they do not get the message.
 */

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct boost_ipq_bench_sender boost_ipq_bench_sender;
typedef struct boost_ipq_bench_receiver boost_ipq_bench_receiver;
typedef void boost_ipq_bench_look(
    void* context, const void* data, size_t size);
typedef void boost_ipq_bench_fill(void* context, void* room, size_t size);

boost_ipq_bench_sender* boost_ipq_bench_cloudtoid_open_sender(
    const char* directory, const char* name, size_t capacity, char* reason,
    size_t room);
boost_ipq_bench_receiver* boost_ipq_bench_cloudtoid_open_receiver(
    const char* directory, const char* name, size_t capacity, char* reason,
    size_t room);
int boost_ipq_bench_cloudtoid_try_send(
    const boost_ipq_bench_sender*, const void* data, size_t size);
int boost_ipq_bench_cloudtoid_try_receive(
    const boost_ipq_bench_receiver*, void* buffer, size_t room, size_t* size);
int boost_ipq_bench_cloudtoid_receive(
    const boost_ipq_bench_receiver*, boost_ipq_bench_look* look, void* context);
void boost_ipq_bench_cloudtoid_close_sender(boost_ipq_bench_sender*);
void boost_ipq_bench_cloudtoid_close_receiver(boost_ipq_bench_receiver*);

boost_ipq_bench_sender* boost_ipq_bench_iceoryx2_open_sender(
    const char* directory, const char* name, size_t messages,
    size_t receivers, size_t size, bool waits, char* reason, size_t room);
boost_ipq_bench_receiver* boost_ipq_bench_iceoryx2_open_receiver(
    const char* directory, const char* name, size_t messages,
    size_t receivers, char* reason, size_t room);
int boost_ipq_bench_iceoryx2_try_send(
    const boost_ipq_bench_sender*, size_t size, boost_ipq_bench_fill* fill,
    void* context);
int boost_ipq_bench_iceoryx2_try_receive(
    const boost_ipq_bench_receiver*, boost_ipq_bench_look* look, void* context);
void boost_ipq_bench_iceoryx2_close_sender(boost_ipq_bench_sender*);
void boost_ipq_bench_iceoryx2_close_receiver(boost_ipq_bench_receiver*);

#ifdef __cplusplus
}
#endif

#endif
