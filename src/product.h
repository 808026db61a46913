// The three matrix products that a transformer needs, forward and backward.
//
// Each comes in two forms: one writes the result (and gives it its shape), the other adds to a
// result that already has its shape. All throw an Error that names both shapes when the inner
// sizes differ, or when the result is one of the factors.
#pragma once

#include "matrix.h"

namespace whirlygig {

// c = a · b          (m, k)(k, n) -> (m, n)
void product(const Matrix& a, const Matrix& b, Matrix& c);

// c = a · bᵀ         (m, k)(n, k) -> (m, n)
void product_a_bt(const Matrix& a, const Matrix& b, Matrix& c);

// c = aᵀ · b         (k, m)(k, n) -> (m, n)
void product_at_b(const Matrix& a, const Matrix& b, Matrix& c);

// c += a · b
void add_product(const Matrix& a, const Matrix& b, Matrix& c);

// c += a · bᵀ
void add_product_a_bt(const Matrix& a, const Matrix& b, Matrix& c);

// c += aᵀ · b
void add_product_at_b(const Matrix& a, const Matrix& b, Matrix& c);

// The vector width, in bytes, that the kernel uses on this processor: 16, 32 or 64.
int product_vector_bytes();

} // namespace whirlygig
