/*
 * Preloaded into the fuzzer's children. Small blocks of tensors, which libtorch takes by posix_memalign, end at a page
 * that cannot be touched (or begin after one: LITORCH_FUZZ_GUARD=underflow), so that a kernel that leaves its tensor
 * ends the process at once, and does not damage something that is looked at much later. So does one that uses a block
 * that has been freed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE ((size_t)4096)
/* One slot a block, the last page never touched. */
#define SLOT (16 * PAGE)
#define SLOTS ((size_t)32768)
/* What does not fill this leaves bytes between it and the page, which have to stay as they are. */
#define ALIGNMENT ((size_t)16)
#define UNTOUCHED 0xA5
/* What a fresh block holds: no index into anything. */
#define FRESH 0xC5

static char *arena;
static uint32_t sizes[SLOTS];
static size_t cursor;
static int under;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The C library's own, which are wanted before `begin` has run. */
static int unguarded(void **result, size_t alignment, size_t size) {
  static int (*next)(void **, size_t, size_t);
  if (next == NULL) next = (int (*)(void **, size_t, size_t))dlsym(RTLD_NEXT, "posix_memalign");
  return next(result, alignment, size);
}

static void free_unguarded(void *block) {
  static void (*next)(void *);
  if (next == NULL) next = (void (*)(void *))dlsym(RTLD_NEXT, "free");
  next(block);
}

__attribute__((constructor)) static void begin(void) {
  const char *mode = getenv("LITORCH_FUZZ_GUARD");
  if (mode == NULL) return;
  under = strcmp(mode, "underflow") == 0;
  char *reserved = mmap(NULL, SLOT * SLOTS, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (reserved != MAP_FAILED) arena = reserved;
}

/* The block of a slot, and the pages that it may touch. */
static char *block_of(size_t slot, size_t size, char **pages, size_t *bytes) {
  *bytes = (size + PAGE - 1) / PAGE * PAGE;
  *pages = arena + (slot + 1) * SLOT - PAGE - *bytes;
  return under ? *pages : *pages + (*bytes - size) / ALIGNMENT * ALIGNMENT;
}

static void damaged(void) {
  static const char message[] = "a kernel wrote beyond its tensor\n";
  if (write(2, message, sizeof message - 1) < 0) abort();
  abort();
}

int posix_memalign(void **result, size_t alignment, size_t size) {
  if (arena == NULL || alignment != 64 || size == 0 || size > SLOT - 2 * PAGE)
    return unguarded(result, alignment, size);
  pthread_mutex_lock(&lock);
  size_t tries = 0;
  while (sizes[cursor] != 0 && tries++ < SLOTS) cursor = (cursor + 1) % SLOTS;
  const size_t slot = cursor;
  const int full = sizes[slot] != 0;
  if (!full) sizes[slot] = (uint32_t)size;
  cursor = (cursor + 1) % SLOTS;
  pthread_mutex_unlock(&lock);
  if (full) return unguarded(result, alignment, size);
  char *pages;
  size_t bytes;
  char *block = block_of(slot, size, &pages, &bytes);
  if (mprotect(pages, bytes, PROT_READ | PROT_WRITE) != 0) {
    sizes[slot] = 0;
    return unguarded(result, alignment, size);
  }
  memset(pages, UNTOUCHED, bytes);
  memset(block, FRESH, size);
  *result = block;
  return 0;
}

/* The addon counts libtorch's memory by it. The C library would look for its own records before the block. */
size_t malloc_usable_size(void *given) {
  static size_t (*next)(void *);
  char *block = given;
  if (arena == NULL || block < arena || block >= arena + SLOT * SLOTS) {
    if (next == NULL) next = (size_t (*)(void *))dlsym(RTLD_NEXT, "malloc_usable_size");
    return next(given);
  }
  return sizes[(size_t)(block - arena) / SLOT];
}

void free(void *given) {
  char *block = given;
  if (arena == NULL || block < arena || block >= arena + SLOT * SLOTS) {
    free_unguarded(given);
    return;
  }
  const size_t slot = (size_t)(block - arena) / SLOT;
  const size_t size = sizes[slot];
  char *pages;
  size_t bytes;
  if (size == 0 || block_of(slot, size, &pages, &bytes) != block) damaged();
  for (const char *at = pages; at < block; at++) {
    if (*(const unsigned char *)at != UNTOUCHED) damaged();
  }
  for (const char *at = block + size; at < pages + bytes; at++) {
    if (*(const unsigned char *)at != UNTOUCHED) damaged();
  }
  madvise(pages, bytes, MADV_DONTNEED);
  mprotect(pages, bytes, PROT_NONE);
  sizes[slot] = 0;
}
