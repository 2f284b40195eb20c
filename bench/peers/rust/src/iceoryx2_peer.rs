// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

//! iceoryx2: bytes, published and received in place.

use crate::{close, hand_out, text, Failure, Fill, Look, DONE, FAILED, NOT_NOW};
use iceoryx2::port::{publisher::Publisher, subscriber::Subscriber};
use iceoryx2::prelude::*;
use iceoryx2::service::port_factory::publish_subscribe::PortFactory as Factory;
use std::ffi::{c_char, c_void};

type Service = ipc::Service;
type Bytes = [u8];

/// A node of this process, with the service open.
struct Opened {
    // The members are destroyed in this order.
    service: Factory<Service, Bytes, ()>,
    _node: Node<Service>,
}

struct Sender {
    port: Publisher<Service, Bytes, ()>,
    _opened: Opened,
}

struct Receiver {
    port: Subscriber<Service, Bytes, ()>,
    _opened: Opened,
}

/// Opens or creates the service. All its files lie in `directory`, and the
/// names of its memory begin with `name`. At most `receivers` can be opened.
unsafe fn open(
    directory: *const c_char,
    name: *const c_char,
    messages: usize,
    receivers: usize,
) -> Result<Opened, Failure> {
    set_log_level(LogLevel::Fatal);
    let mut config = Config::default();
    config
        .global
        .set_root_path(&Path::new(text(directory)?.as_bytes())?);
    config.global.prefix = FileName::new(text(name)?.as_bytes())?;
    let node = NodeBuilder::new()
        .config(&config)
        .signal_handling_mode(SignalHandlingMode::Disabled)
        .create::<Service>()?;
    let service = node
        .service_builder(&"messages".try_into()?)
        .publish_subscribe::<Bytes>()
        .enable_safe_overflow(false)
        .history_size(0)
        .subscriber_max_buffer_size(messages)
        .max_subscribers(receivers)
        .max_publishers(16)
        .max_nodes(32)
        .open_or_create()?;
    Ok(Opened {
        service,
        _node: node,
    })
}

/// `waits`: sending waits for receivers whose buffer is full. Else they do not
/// get the message.
#[no_mangle]
unsafe extern "C" fn boost_ipq_bench_iceoryx2_open_sender(
    directory: *const c_char,
    name: *const c_char,
    messages: usize,
    receivers: usize,
    size: usize,
    waits: bool,
    reason: *mut c_char,
    room: usize,
) -> *mut Sender {
    let open = || {
        let opened = open(directory, name, messages, receivers)?;
        let port = opened
            .service
            .publisher_builder()
            .initial_max_slice_len(size)
            .max_loaned_samples(1)
            .backpressure_strategy(if waits {
                BackpressureStrategy::RetryUntilDelivered
            } else {
                BackpressureStrategy::DiscardData
            })
            .create()?;
        Ok(Sender {
            port,
            _opened: opened,
        })
    };
    hand_out(open(), reason, room)
}

#[no_mangle]
unsafe extern "C" fn boost_ipq_bench_iceoryx2_open_receiver(
    directory: *const c_char,
    name: *const c_char,
    messages: usize,
    receivers: usize,
    reason: *mut c_char,
    room: usize,
) -> *mut Receiver {
    let open = || {
        let opened = open(directory, name, messages, receivers)?;
        let port = opened.service.subscriber_builder().create()?;
        Ok(Receiver {
            port,
            _opened: opened,
        })
    };
    hand_out(open(), reason, room)
}

/// Borrows a sample, lets `fill` write it, and sends it.
#[no_mangle]
unsafe extern "C" fn boost_ipq_bench_iceoryx2_try_send(
    sender: &Sender,
    size: usize,
    fill: Fill,
    context: *mut c_void,
) -> i32 {
    let Ok(mut sample) = sender.port.loan_slice_uninit(size) else {
        return NOT_NOW; // the receiver has not returned any sample yet
    };
    fill(context, sample.payload_mut().as_mut_ptr().cast(), size);
    match sample.assume_init().send() {
        Ok(0) => NOT_NOW, // there is no receiver yet, or all buffers are full
        Ok(_) => DONE,
        Err(_) => FAILED,
    }
}

/// Lets `look` read a sample in place.
#[no_mangle]
unsafe extern "C" fn boost_ipq_bench_iceoryx2_try_receive(
    receiver: &Receiver,
    look: Look,
    context: *mut c_void,
) -> i32 {
    match receiver.port.receive() {
        Ok(Some(sample)) => {
            look(context, sample.payload().as_ptr(), sample.payload().len());
            DONE
        }
        Ok(None) => NOT_NOW,
        Err(_) => FAILED,
    }
}

#[no_mangle]
unsafe extern "C" fn boost_ipq_bench_iceoryx2_close_sender(sender: *mut Sender) {
    close(sender)
}

#[no_mangle]
unsafe extern "C" fn boost_ipq_bench_iceoryx2_close_receiver(receiver: *mut Receiver) {
    close(receiver)
}
