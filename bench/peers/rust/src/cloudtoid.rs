// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

//! cloudtoid/interprocess, version 3.

use crate::{close, hand_out, text, Failure, Look, DONE, FAILED, NOT_NOW};
use cloudtoid_interprocess::{Options, Publisher, Subscriber};
use std::ffi::{c_char, c_void};

unsafe fn options(
    directory: *const c_char,
    name: *const c_char,
    capacity: usize,
) -> Result<Options, Failure> {
    Ok(Options::new(text(name)?, capacity).with_path(text(directory)?))
}

#[no_mangle]
unsafe extern "C" fn boost_ipq_bench_cloudtoid_open_sender(
    directory: *const c_char,
    name: *const c_char,
    capacity: usize,
    reason: *mut c_char,
    room: usize,
) -> *mut Publisher {
    let open = || Ok(Publisher::open(&options(directory, name, capacity)?)?);
    hand_out(open(), reason, room)
}

#[no_mangle]
unsafe extern "C" fn boost_ipq_bench_cloudtoid_open_receiver(
    directory: *const c_char,
    name: *const c_char,
    capacity: usize,
    reason: *mut c_char,
    room: usize,
) -> *mut Subscriber {
    let open = || Ok(Subscriber::open(&options(directory, name, capacity)?)?);
    hand_out(open(), reason, room)
}

#[no_mangle]
unsafe extern "C" fn boost_ipq_bench_cloudtoid_try_send(
    sender: &Publisher,
    data: *const u8,
    size: usize,
) -> i32 {
    match sender.try_send(std::slice::from_raw_parts(data, size)) {
        Ok(()) => DONE,
        Err(error) if error.is_full() => NOT_NOW,
        Err(_) => FAILED,
    }
}

#[no_mangle]
unsafe extern "C" fn boost_ipq_bench_cloudtoid_try_receive(
    receiver: &Subscriber,
    buffer: *mut u8,
    room: usize,
    size: &mut usize,
) -> i32 {
    match receiver.try_recv_into(std::slice::from_raw_parts_mut(buffer, room)) {
        Ok(Some(length)) => {
            *size = length;
            DONE
        }
        Ok(None) => NOT_NOW,
        Err(_) => FAILED,
    }
}

/// Waits. The crate allocates each message that it waited for.
#[no_mangle]
unsafe extern "C" fn boost_ipq_bench_cloudtoid_receive(
    receiver: &Subscriber,
    look: Look,
    context: *mut c_void,
) -> i32 {
    match receiver.recv() {
        Ok(message) => {
            look(context, message.as_ptr(), message.len());
            DONE
        }
        Err(_) => FAILED,
    }
}

#[no_mangle]
unsafe extern "C" fn boost_ipq_bench_cloudtoid_close_sender(sender: *mut Publisher) {
    close(sender)
}

#[no_mangle]
unsafe extern "C" fn boost_ipq_bench_cloudtoid_close_receiver(receiver: *mut Subscriber) {
    close(receiver)
}
