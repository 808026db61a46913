#include "product.h"

#include "error.h"

#include <algorithm>
#include <cstddef>

namespace whirlygig {
namespace {

// Numbers in memory seen as a matrix: element (row, column) lies at
// data + row · row_stride + column · column_stride.
struct View {
    const Real* data;
    std::size_t row_stride, column_stride;

    const Real* at(std::size_t row, std::size_t column) const {
        return data + row * row_stride + column * column_stride;
    }
    View from(std::size_t row, std::size_t column) const {
        return {at(row, column), row_stride, column_stride};
    }
};

// The kernel, compiled once for every width of vector. The narrow one runs on any processor.
namespace narrow {
#define VECTOR_BYTES 16
#include "product_kernel.h"
#undef VECTOR_BYTES
} // namespace narrow

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define WHIRLYGIG_WIDE_KERNELS
#pragma GCC push_options
#pragma GCC target("arch=x86-64-v3")
namespace avx2 {
#define VECTOR_BYTES 32
#include "product_kernel.h"
#undef VECTOR_BYTES
} // namespace avx2
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("arch=x86-64-v4")
namespace avx512 {
#define VECTOR_BYTES 64
#include "product_kernel.h"
#undef VECTOR_BYTES
} // namespace avx512
#pragma GCC pop_options
#endif

using Kernel = void (*)(std::size_t rows, std::size_t columns, std::size_t depth, View a, View b,
                        Real* c, std::size_t c_stride, bool add);

struct KernelChoice {
    Kernel multiply;
    int vector_bytes;
};

KernelChoice choose_kernel() {
#ifdef WHIRLYGIG_WIDE_KERNELS
    if (__builtin_cpu_supports("x86-64-v4")) return {avx512::multiply, 64};
    if (__builtin_cpu_supports("x86-64-v3")) return {avx2::multiply, 32};
#endif
    return {narrow::multiply, 16};
}

const KernelChoice kernel = choose_kernel();

// A factor of a product: a matrix as it stands, or its transpose.
struct Factor {
    const Matrix& matrix;
    bool transposed = false;

    std::size_t rows() const { return transposed ? matrix.size2() : matrix.size1(); }
    std::size_t columns() const { return transposed ? matrix.size1() : matrix.size2(); }
    View view() const {
        const Real* data = matrix.data().data();
        if (transposed) return {data, 1, matrix.size2()};
        return {data, matrix.size2(), 1};
    }
};

void multiply(const char* form, Factor a, Factor b, Matrix& c, bool add) {
    if (a.columns() != b.rows()) {
        fail("{}: the shapes {} and {} do not fit together", form, shape_text(a.matrix),
             shape_text(b.matrix));
    }
    check_distinct(form, a.matrix, c);
    check_distinct(form, b.matrix, c);
    if (add) check_shape(form, "c", c, a.rows(), b.columns());
    resize(c, a.rows(), b.columns());
    if (!add && a.columns() == 0) fill(c, 0);
    kernel.multiply(a.rows(), b.columns(), a.columns(), a.view(), b.view(), c.data().data(),
                    c.size2(), add);
}

constexpr bool transposed = true;
constexpr bool adding = true, writing = false;

} // namespace

void product(const Matrix& a, const Matrix& b, Matrix& c) {
    multiply("product", {a}, {b}, c, writing);
}

void product_a_bt(const Matrix& a, const Matrix& b, Matrix& c) {
    multiply("product_a_bt", {a}, {b, transposed}, c, writing);
}

void product_at_b(const Matrix& a, const Matrix& b, Matrix& c) {
    multiply("product_at_b", {a, transposed}, {b}, c, writing);
}

void add_product(const Matrix& a, const Matrix& b, Matrix& c) {
    multiply("add_product", {a}, {b}, c, adding);
}

void add_product_a_bt(const Matrix& a, const Matrix& b, Matrix& c) {
    multiply("add_product_a_bt", {a}, {b, transposed}, c, adding);
}

void add_product_at_b(const Matrix& a, const Matrix& b, Matrix& c) {
    multiply("add_product_at_b", {a, transposed}, {b}, c, adding);
}

int product_vector_bytes() {
    return kernel.vector_bytes;
}

} // namespace whirlygig
