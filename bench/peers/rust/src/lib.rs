// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

//! The peers that are written in Rust, behind the C interface of `peers.h`.

#[cfg(feature = "cloudtoid")]
mod cloudtoid;
#[cfg(feature = "iceoryx2")]
mod iceoryx2_peer;

use std::ffi::{c_char, c_void, CStr};

/// Called with the bytes of a message, or the room for it.
type Look = unsafe extern "C" fn(context: *mut c_void, data: *const u8, size: usize);
#[cfg(feature = "iceoryx2")]
type Fill = unsafe extern "C" fn(context: *mut c_void, room: *mut u8, size: usize);

/// Results of sending and receiving.
const FAILED: i32 = -1;
const NOT_NOW: i32 = 0;
const DONE: i32 = 1;

type Failure = Box<dyn std::error::Error>;

unsafe fn text<'a>(name: *const c_char) -> Result<&'a str, Failure> {
    Ok(CStr::from_ptr(name).to_str()?)
}

/// Returns the object on the heap, or null with the reason in `reason`.
unsafe fn hand_out<T>(found: Result<T, Failure>, reason: *mut c_char, room: usize) -> *mut T {
    match found {
        Ok(object) => Box::into_raw(Box::new(object)),
        Err(error) => {
            let text = error.to_string();
            let size = text.len().min(room - 1);
            std::ptr::copy_nonoverlapping(text.as_ptr(), reason.cast(), size);
            *reason.add(size) = 0;
            std::ptr::null_mut()
        }
    }
}

unsafe fn close<T>(object: *mut T) {
    drop(Box::from_raw(object));
}
