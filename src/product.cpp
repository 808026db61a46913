#include "product.h"

#include "error.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

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

// Where a product goes: numbers whose rows lie `stride` apart, to be written or added to.
struct Result {
    Real* data;
    std::size_t stride;
    bool add;

    Result from(std::size_t row, std::size_t column) const {
        return {data + row * stride + column, stride, add};
    }
};

// The functions of a kernel: c = or += a (rows × depth) · b (depth × columns).
struct Kernel {
    void (*multiply_rows)(std::size_t rows, std::size_t columns, std::size_t depth, const View& a,
                          const View& b, const Result& c);
    void (*multiply_row)(std::size_t columns, std::size_t depth, const Real* a, const View& b,
                         const Result& c);
    int vector_bytes;
};

// The kernel, compiled with the vectors of the processor that everything is built for ...
namespace usual {
#if defined(__AVX2__)
#define VECTOR_BYTES 32
#else
#define VECTOR_BYTES 16
#endif
#include "product_kernel.h"
#include "product_row.h"
#include "product_thin.h"
constexpr Kernel kernel = {multiply_rows, multiply_row, VECTOR_BYTES};
#undef VECTOR_BYTES
} // namespace usual

// ... and with twice as wide ones, where the processor has them. (Clang makes these slower.)
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define WHIRLYGIG_WIDE_KERNEL
#pragma GCC push_options
#pragma GCC target("arch=x86-64-v4")
namespace avx512 {
#define VECTOR_BYTES 64
#include "product_kernel.h"
#include "product_row.h"
#include "product_thin.h"
constexpr Kernel kernel = {multiply_rows, multiply_row, VECTOR_BYTES};
#undef VECTOR_BYTES
} // namespace avx512
#pragma GCC pop_options
#endif

#if defined(__AVX2__)
// Everything is built for a processor like the one it was built on. On an older one this says so
// before anything else runs; otherwise the system would stop the program without a word.
__attribute__((constructor(101))) void check_processor() {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return;
    std::fputs("Whirlygig was built on a processor with AVX2, and this one has none: delete the "
               "folder build and run tests/run here.\n",
               stderr);
    std::_Exit(1);
}
#endif

const Kernel& choose_kernel() {
#ifdef WHIRLYGIG_WIDE_KERNEL
    if (__builtin_cpu_supports("x86-64-v4")) return avx512::kernel;
#endif
    return usual::kernel;
}

const Kernel kernel = choose_kernel();

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

// Not inline: a product that fits has less to get ready.
[[noreturn, gnu::noinline]] void fail_inner_sizes(std::string_view form, const Matrix& a,
                                                  const Matrix& b) {
    fail("{}: the shapes {} and {} do not fit together", form, shape_text(a), shape_text(b));
}

void multiply(std::string_view form, Factor a, Factor b, Matrix& c, bool add) {
    if (a.columns() != b.rows()) fail_inner_sizes(form, a.matrix, b.matrix);
    check_distinct(form, a.matrix, c);
    check_distinct(form, b.matrix, c);
    if (add) check_shape(form, "c", c, a.rows(), b.columns());
    resize(c, a.rows(), b.columns());
    if (!add && a.columns() == 0) fill(c, 0);
    const Result result{c.data().data(), c.size2(), add};
    if (a.rows() == 1) {
        kernel.multiply_row(b.columns(), a.columns(), a.view().data, b.view(), result);
    } else {
        kernel.multiply_rows(a.rows(), b.columns(), a.columns(), a.view(), b.view(), result);
    }
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
