#pragma once
// What Swift cannot import of curses (globals, macros, variadics), as functions of the prefix gn_.
#define NCURSES_WIDECHAR 1
#include <locale.h>
#include <langinfo.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <ncursesw/curses.h>
#include <ncursesw/term.h>

static inline WINDOW *gn_stdscr(void) { return stdscr; }
static inline WINDOW *gn_curscr(void) { return curscr; }
static inline int gn_colors(void) { return COLORS; }

// Bits as in Terminal.Attributes: 1 bold, 2 dim, 4 reverse, 8 underline, 16 italic.
static inline attr_t gn_attributes(int bits) {
  attr_t result = A_NORMAL;
  if (bits & 1) result |= A_BOLD;
  if (bits & 2) result |= A_DIM;
  if (bits & 4) result |= A_REVERSE;
  if (bits & 8) result |= A_UNDERLINE;
  if (bits & 16) result |= A_ITALIC;
  return result;
}

// Puts one cell: a base character with up to four combining ones. Pairs above 255 travel in the last argument of
// setcchar, which is why COLOR_PAIR is not used.
static inline int gn_put(WINDOW *window, int y, int x, const uint32_t *scalars, int count, int bits, int pair) {
  wchar_t text[CCHARW_MAX + 1];
  int n = count < CCHARW_MAX ? count : CCHARW_MAX;
  for (int i = 0; i < n; i++) text[i] = (wchar_t)scalars[i];
  text[n] = 0;
  cchar_t cell;
  if (setcchar(&cell, text, gn_attributes(bits), 0, &pair) == ERR) return ERR;
  return mvwadd_wch(window, y, x, &cell);
}

// Reads one cell back: the number of scalars, or -1.
static inline int gn_read(WINDOW *window, int y, int x, uint32_t *scalars, int *bits, int *pair) {
  cchar_t cell;
  wchar_t text[CCHARW_MAX + 1] = {0};
  attr_t attributes = 0;
  short narrow = 0;
  if (mvwin_wch(window, y, x, &cell) == ERR) return -1;
  if (getcchar(&cell, text, &attributes, &narrow, pair) == ERR) return -1;
  int n = 0;
  for (; n < CCHARW_MAX && text[n]; n++) scalars[n] = (uint32_t)text[n];
  *bits = ((attributes & A_BOLD) ? 1 : 0) | ((attributes & A_DIM) ? 2 : 0) | ((attributes & A_REVERSE) ? 4 : 0) |
          ((attributes & A_UNDERLINE) ? 8 : 0) | ((attributes & A_ITALIC) ? 16 : 0);
  return n;
}

// What glibc declares for programs with GNU extensions only: a file in memory, and putting it in a descriptor's place.
int memfd_create(const char *name, unsigned flags);
int dup3(int from, int to, int flags);

static inline int gn_memory_file(void) { return memfd_create("frame", 1 /* closed on exec */); }
static inline int gn_replace(int descriptor, int with) { return dup3(with, descriptor, O_CLOEXEC); }
