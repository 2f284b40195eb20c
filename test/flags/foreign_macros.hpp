// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// No include guard: included once, after the headers of others and before those
// of the library. Macros that well-known headers define with lower-case or very
// common names: <windows.h>, <sys/param.h> and <sys/sysmacros.h>, <X11/X.h> and
// <X11/Xlib.h>, <QObject>, <complex.h>.

// <windows.h> and what it includes
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define small char
#define hyper __int64
#define near
#define far
#define interface struct
#define pascal
#define cdecl
#define IN
#define OUT
#define OPTIONAL
#define ERROR 0
#define DELETE 0x00010000L
#define IGNORE 0
#define STRICT 1
#define CALLBACK
#define VOID void
#define CONST const
#define TRUE 1
#define FALSE 0
#define SendMessage SendMessageW
#define GetMessage GetMessageW
#define CreateEvent CreateEventW
#define GetObject GetObjectW
#define Yield()

// Unix
#define major(x) (x)
#define minor(x) (x)
#define makedev(x, y) (x)
#define unix 1
#define linux 1
#define howmany(x, y) ((x) / (y))
#define roundup(x, y) (x)
#define isset(a, i) (a)
#define setbit(a, i) (a)

// X11
#define None 0L
#define Bool int
#define Status int
#define True 1
#define False 0
#define Success 0
#define Always 2
#define Above 0
#define Below 1
#define Unsorted 0
#define CursorShape 0
#define KeyPress 2
#define KeyRelease 3
#define FocusIn 9
#define FocusOut 10
#define Complex 0
#define Nonconvex 1
#define Convex 2
#define Expose 12
#define GrayScale 1
#define ParentRelative 1L
#define CurrentTime 0L
#define Opposite 4
#define Mutable 1

// <QObject>, without QT_NO_KEYWORDS
#define slots
#define signals public
#define emit
#define foreach(variable, container) for (variable : container)
#define forever for (;;)

// <complex.h>
#define I _Complex_I
