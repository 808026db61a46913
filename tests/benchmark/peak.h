// The most that one core can do: multiply-adds whose numbers never leave the registers.
#pragma once

#include <cstdint>

// Works for some microseconds with the widest vectors that the product's kernel uses too, and
// returns how many floating-point operations that were.
std::int64_t multiply_and_add_in_registers();
