// The three products against uBLAS's own, against OpenBLAS where it is installed, and against what
// the processor could do at most; in floating-point operations per second. "product": the same
// matrices again and again, which stay in the cache; "memory": others each time, as in training.
#include "peak.h"
#include "product.h"
#include "random.h"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <dlfcn.h>

#include <array>

namespace {

using whirlygig::Matrix;
using whirlygig::Real;

struct Shape {
    std::size_t rows, columns, depth; // of c = a · b: (rows, depth)(depth, columns)
};

enum class Form { ab, abt, atb };

struct NamedForm {
    Form form;
    const char* name;
};
constexpr std::array<NamedForm, 3> forms = {
    {{Form::ab, "AB"}, {Form::abt, "ABt"}, {Form::atb, "AtB"}}};

// The factors as they are stored, before one of them is read as its transpose.
struct Operands {
    Operands(Form form, Shape shape)
        : a(form == Form::atb ? draw(shape.depth, shape.rows) : draw(shape.rows, shape.depth)),
          b(form == Form::abt ? draw(shape.columns, shape.depth)
                              : draw(shape.depth, shape.columns)),
          c(shape.rows, shape.columns) {}

    static Matrix draw(std::size_t rows, std::size_t columns) {
        whirlygig::Random random(rows + columns);
        Matrix matrix(rows, columns);
        for (Real& number : matrix.data())
            number = static_cast<Real>(random.normal());
        return matrix;
    }

    Matrix a, b, c;
};

using Multiply = std::function<void(Form, Operands&)>;

void multiply_ours(Form form, Operands& o) {
    switch (form) {
    case Form::ab:
        return whirlygig::product(o.a, o.b, o.c);
    case Form::abt:
        return whirlygig::product_a_bt(o.a, o.b, o.c);
    case Form::atb:
        return whirlygig::product_at_b(o.a, o.b, o.c);
    }
}

void multiply_ublas(Form form, Operands& o) {
    namespace ublas = whirlygig::ublas;
    switch (form) {
    case Form::ab:
        ublas::noalias(o.c) = ublas::prod(o.a, o.b);
        return;
    case Form::abt:
        ublas::noalias(o.c) = ublas::prod(o.a, ublas::trans(o.b));
        return;
    case Form::atb:
        ublas::noalias(o.c) = ublas::prod(ublas::trans(o.a), o.b);
        return;
    }
}

// BLAS's product for row-major matrices. The numbers 101, 111 and 112 are its names for row-major,
// as it is, and transposed (the C interface of Netlib's BLAS).
using Sgemm = void (*)(int order, int transpose_a, int transpose_b, int rows, int columns,
                       int depth, float alpha, const float* a, int a_stride, const float* b,
                       int b_stride, float beta, float* c, int c_stride);

// OpenBLAS is looked for when the program runs, so that building it does not need it. On one
// thread: its helpers would take time from what is measured next.
Sgemm find_openblas() {
    setenv("OPENBLAS_NUM_THREADS", "1", 1);
    void* library = dlopen("libopenblas.so.0", RTLD_NOW);
    if (library == nullptr) return nullptr;
    return reinterpret_cast<Sgemm>(dlsym(library, "cblas_sgemm"));
}

Multiply multiply_with(Sgemm sgemm) {
    return [sgemm](Form form, Operands& o) {
        const auto size = [](std::size_t number) { return static_cast<int>(number); };
        const std::size_t depth = form == Form::atb ? o.a.size1() : o.a.size2();
        sgemm(101, form == Form::atb ? 112 : 111, form == Form::abt ? 112 : 111, size(o.c.size1()),
              size(o.c.size2()), size(depth), 1, o.a.data().data(), size(o.a.size2()),
              o.b.data().data(), size(o.b.size2()), 0, o.c.data().data(), size(o.c.size2()));
    };
}

// Takes turns with so many sets of operands.
void run_product(benchmark::State& run, const Multiply& multiply, Form form, Shape shape,
                 std::size_t sets) {
    std::vector<Operands> operands(sets, Operands(form, shape));
    std::size_t turn = 0;
    for (auto _ : run) {
        multiply(form, operands[turn++ % sets]);
        benchmark::ClobberMemory();
    }
    run.SetItemsProcessed(run.iterations() *
                          static_cast<int64_t>(2 * shape.rows * shape.columns * shape.depth));
}

// Squares, then the shapes that training T1 and T2 is made of: a projection of one head, scores,
// mixing, up, down, logits (forward ABt, backward AB with depth 65 and AtB with 65 rows); and
// generation's single rows.
const std::vector<Shape> shapes = {
    {64, 64, 64},    {96, 96, 96},    {128, 128, 128}, {192, 192, 192}, {256, 256, 256},
    {384, 384, 384}, {512, 512, 512}, {64, 16, 64},    {64, 64, 16},    {64, 256, 64},
    {64, 64, 256},   {64, 65, 64},    {64, 32, 128},   {64, 512, 128},  {64, 128, 512},
    {64, 65, 128},   {64, 128, 65},   {65, 128, 64},   {16, 4, 16},     {1, 64, 64},
    {1, 512, 128}};

// Those of T2's weights, forward and backward: (rows, depth)(depth, columns).
const std::vector<Shape> shapes_of_weights = {
    {64, 512, 128}, {64, 128, 512}, {128, 512, 64}, {512, 128, 64}, {64, 128, 128}};

// So many that they do not fit the cache: about as much as a step of T2 goes through.
std::size_t sets_from_memory(Shape shape) {
    constexpr std::size_t bytes = std::size_t{16} << 20;
    const std::size_t numbers =
        shape.rows * shape.depth + shape.depth * shape.columns + shape.rows * shape.columns;
    return bytes / (numbers * sizeof(Real));
}

const bool registered = [] {
    benchmark::RegisterBenchmark("peak", [](benchmark::State& run) {
        int64_t operations = 0;
        for (auto _ : run)
            operations += multiply_and_add_in_registers();
        run.SetItemsProcessed(operations);
    });
    std::vector<std::pair<std::string, Multiply>> ways = {{"ours", multiply_ours},
                                                          {"ublas", multiply_ublas}};
    if (const Sgemm sgemm = find_openblas()) ways.emplace_back("openblas", multiply_with(sgemm));
    const auto add = [&](const char* kind, Shape shape, std::size_t sets) {
        for (const auto& [form, form_name] : forms) {
            for (const auto& [way, multiply] : ways) {
                const std::string name = fmt::format("{}/{}x{}x{}/{}/{}", kind, shape.rows,
                                                     shape.columns, shape.depth, form_name, way);
                benchmark::RegisterBenchmark(
                    name.c_str(), [=, form = form, multiply = multiply](benchmark::State& run) {
                        run_product(run, multiply, form, shape, sets);
                    });
            }
        }
    };
    for (const Shape& shape : shapes)
        add("product", shape, 1);
    for (const Shape& shape : shapes_of_weights)
        add("memory", shape, sets_from_memory(shape));
    return true;
}();

} // namespace
