#pragma once

// Counts what the C library's allocator is asked for, in an executable that links this: malloc and its relatives are
// replaced by functions that count and pass on.

// 1 where counting works (glibc, no sanitizer that replaces the allocator itself).
int allocations_are_counted(void);
// Allocations this thread has made so far.
long allocations_made(void);
