// Tells ThreadSanitizer what it cannot see inside gRPC's own libraries: that an operation's start
// comes before its reaction, and a service's making before its calls.
#pragma once

#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#define TWINNING_OPERATION_STARTS(object) __tsan_release(object)
#define TWINNING_OPERATION_DONE(object) __tsan_acquire(object)
#else
#define TWINNING_OPERATION_STARTS(object) static_cast<void>(object)
#define TWINNING_OPERATION_DONE(object) static_cast<void>(object)
#endif
