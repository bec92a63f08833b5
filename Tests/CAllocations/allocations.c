#include "CAllocations.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif

#if defined(__GLIBC__) && !defined(SANITIZED)

// glibc's own, under the names it keeps for those who replace the public ones.
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

static __thread long made;

void *malloc(size_t size) {
  made++;
  return __libc_malloc(size);
}
void *calloc(size_t count, size_t size) {
  made++;
  return __libc_calloc(count, size);
}
void *realloc(void *old, size_t size) {
  made++;
  return __libc_realloc(old, size);
}
void *memalign(size_t alignment, size_t size) {
  made++;
  return __libc_memalign(alignment, size);
}
void *aligned_alloc(size_t alignment, size_t size) {
  made++;
  return __libc_memalign(alignment, size);
}
int posix_memalign(void **result, size_t alignment, size_t size) {
  made++;
  *result = __libc_memalign(alignment, size);
  return *result ? 0 : ENOMEM;
}

int allocations_are_counted(void) { return 1; }
long allocations_made(void) { return made; }

#else

int allocations_are_counted(void) { return 0; }
long allocations_made(void) { return 0; }

#endif
