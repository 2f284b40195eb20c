// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

//! One participant of the test against the packages, with the Rust crate; see
//! ../interop.py. peer.cpp and peer.py do the same in their languages.

use cloudtoid_interprocess::{Error, Options, Publisher, Subscriber};
use std::{
    io::{self, Write},
    thread,
    time::Duration,
};

const TIME_LIMIT: Duration = Duration::from_secs(600); // interop.py gives up earlier

fn body(i: u64, capacity: usize) -> Vec<u8> {
    let size = i as usize * 7 % (capacity - 7);
    (0..size).map(|j| (i as usize + j) as u8).collect()
}

fn say(line: impl std::fmt::Display) {
    println!("{line}");
    io::stdout().flush().unwrap();
}

fn hear() {
    io::stdin().read_line(&mut String::new()).unwrap();
}

fn enqueue(out: &Publisher, message: &[u8]) {
    while let Err(error) = out.try_send(message) {
        assert!(error.is_full(), "{error}");
        thread::yield_now();
    }
}

fn dequeue(source: &Subscriber) -> Vec<u8> {
    source.recv_timeout(TIME_LIMIT).unwrap().expect("nothing arrives")
}

/// CRC-32, as zlib has it.
struct Crc([u32; 256], u32);

impl Crc {
    fn new() -> Self {
        let mut table = [0; 256];
        for (i, entry) in table.iter_mut().enumerate() {
            *entry = (0..8).fold(i as u32, |c, _| (c >> 1) ^ (0xedb88320 & (c & 1).wrapping_neg()));
        }
        Crc(table, !0)
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.1 = self.0[((self.1 ^ *byte as u32) & 255) as usize] ^ (self.1 >> 8);
        }
    }

    fn value(&self) -> u32 {
        !self.1
    }
}

fn main() {
    let args = std::env::args().collect::<Vec<_>>();
    let capacity = args[3].parse::<usize>().unwrap();
    let options = Options::new(&args[2], capacity).with_path(&args[4]);
    let count = args[5].parse::<u64>().unwrap();
    let more = args.get(6).cloned().unwrap_or_default();
    let publisher = || Publisher::open(&options).unwrap();
    let subscriber = || Subscriber::open(&options).unwrap();
    match args[1].as_str() {
        "send" => {
            let out = publisher();
            say("ready");
            hear();
            for i in 0..count {
                enqueue(&out, &body(i, capacity));
            }
            say("sent");
            hear();
        }
        "send_batches" => {
            let out = publisher();
            say("ready");
            hear();
            let bodies = (0..count).map(|i| body(i, capacity)).collect::<Vec<_>>();
            let batch = bodies.iter().map(|b| b.as_slice()).collect::<Vec<_>>();
            let mut sent = 0;
            while sent < batch.len() {
                sent += out.try_send_batch(&batch[sent..]).unwrap();
            }
            say("sent");
            hear();
        }
        "receive" => {
            let source = subscriber();
            say("ready");
            for i in 0..count {
                assert_eq!(dequeue(&source), body(i, capacity), "message {i}");
            }
            say("received");
            hear();
        }
        "hold" if more == "publisher" => {
            let _out = publisher();
            say("ready");
            hear();
        }
        "hold" => {
            let _source = subscriber();
            say("ready");
            hear();
        }
        "mismatch" => match Subscriber::open(&options) {
            Ok(_) => say("opened"),
            Err(Error::CapacityMismatch) => say("mismatch"),
            Err(error) => panic!("{error}"),
        },
        "fill" => {
            let out = publisher();
            let mut count = 0;
            while out.try_send(b"0123456789").is_ok() {
                count += 1;
            }
            say(count);
            hear();
        }
        "drain" => {
            let source = subscriber();
            let mut count = 0;
            while source.try_recv().unwrap().is_some() {
                count += 1;
            }
            say(count);
            hear();
        }
        "count" => {
            let out = publisher();
            say("ready");
            hear();
            let mut i = 0;
            while count == 0 || i < count {
                let tail = "x".repeat(i as usize % 50);
                enqueue(&out, format!("{more} {i} {tail}").as_bytes());
                i += 1;
            }
            say("sent");
            hear();
        }
        "collect" => {
            let source = subscriber();
            say("ready");
            loop {
                let message = String::from_utf8(dequeue(&source)).unwrap();
                if message == "end" {
                    break;
                }
                say(message.rsplit_once(' ').unwrap().0);
            }
            say("end");
        }
        "stream" => {
            let out = publisher();
            let mut crc = Crc::new();
            for i in 0..count {
                let mut message = [0; 32];
                message[..8].copy_from_slice(&i.to_le_bytes());
                message[24..].copy_from_slice(&(3 * i).to_le_bytes());
                crc.add(&message);
                enqueue(&out, &message);
            }
            say(crc.value());
            hear();
        }
        "stream_end" => {
            let source = subscriber();
            say("ready");
            let mut crc = Crc::new();
            for _ in 0..count {
                crc.add(&dequeue(&source));
            }
            say(crc.value());
        }
        "forward" => {
            let source = subscriber();
            let target = Options::new(&more, capacity).with_path(&args[4]);
            let out = Publisher::open(&target).unwrap();
            say("ready");
            for _ in 0..count {
                enqueue(&out, &dequeue(&source));
            }
            say("sent");
            hear();
        }
        role => panic!("no role {role}"),
    }
}
