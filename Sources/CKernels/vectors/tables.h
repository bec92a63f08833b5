#pragma once

// exp2 in vectors.h: 2^(i/32).
// Floats nearest to 2^(i/32), i = 0 … 31, in hexadecimal: two registers of sixteen.
#define TABLE_32 \
  0x1p+0f, 0x1.059b0ep+0f, 0x1.0b5586p+0f, 0x1.11301ep+0f, 0x1.172b84p+0f, 0x1.1d4874p+0f, \
  0x1.2387a6p+0f, 0x1.29e9ep+0f, 0x1.306fep+0f, 0x1.371a74p+0f, 0x1.3dea64p+0f, 0x1.44e086p+0f, \
  0x1.4bfdaep+0f, 0x1.5342b6p+0f, 0x1.5ab07ep+0f, 0x1.6247ecp+0f, 0x1.6a09e6p+0f, 0x1.71f75ep+0f, \
  0x1.7a1148p+0f, 0x1.82589ap+0f, 0x1.8ace54p+0f, 0x1.93737cp+0f, 0x1.9c4918p+0f, 0x1.a5503cp+0f, \
  0x1.ae89fap+0f, 0x1.b7f77p+0f, 0x1.c199bep+0f, 0x1.cb720ep+0f, 0x1.d5818ep+0f, 0x1.dfc974p+0f, \
  0x1.ea4afap+0f, 0x1.f50766p+0f
// The bits of 2^(i/8) as a float, minus i·2^23/8.
// i = 0 … 7. exp2 adds an integer whose lower part is i·2^20 = i·2^23/8 at the same place and whose upper part is ⌊n⌋
// in the exponent field: the sum is the bits of 2^(⌊n⌋ + i/8).
#define TABLE_8 \
  0x3f800000, 0x3f7b95c2, 0x3f7837f0, 0x3f75fed7, 0x3f7504f3, 0x3f75672a, 0x3f7744fd, 0x3f7ac0c7
