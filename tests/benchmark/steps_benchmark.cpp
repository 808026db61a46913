// From uBLAS's prod to the machine's limit, step by step (lesson 16); in floating-point operations
// per second:  build/tests/benchmark/speed --benchmark_filter=steps
#include "peak.h"
#include "product.h"
#include "random.h"
#include "steps.h"

#include <benchmark/benchmark.h>

#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace {

using whirlygig::Matrix;

constexpr std::size_t side = 256;

struct Operands {
    Matrix a{side, side}, b{side, side}, c{side, side}, expected{side, side};

    Operands() {
        whirlygig::Random random(1);
        for (Matrix* matrix : {&a, &b}) {
            for (float& number : matrix->data())
                number = static_cast<float>(random.normal());
        }
        whirlygig::product(a, b, expected);
    }

    bool is_right() const {
        for (std::size_t i = 0; i < c.data().size(); ++i) {
            if (std::abs(c.data()[i] - expected.data()[i]) > 1e-3F) return false;
        }
        return true;
    }
};

using Way = std::function<void(Operands&)>;

Way way_of(void (*multiply)(const benchmark_steps::Square&)) {
    return [multiply](Operands& o) {
        multiply({o.a.data().data(), o.b.data().data(), o.c.data().data(), side});
    };
}

void run_step(benchmark::State& run, const Way& multiply) {
    Operands operands;
    for (auto _ : run) {
        multiply(operands);
        benchmark::ClobberMemory();
    }
    if (!operands.is_right()) run.SkipWithError("the product is wrong");
    run.SetItemsProcessed(run.iterations() * static_cast<int64_t>(2 * side * side * side));
}

using Exponentials = void (*)(const float* numbers, float* results, std::size_t count);

void run_exponentials(benchmark::State& run, Exponentials exponentials) {
    whirlygig::Random random(1);
    std::vector<float> numbers(4096), results(4096);
    for (float& number : numbers)
        number = static_cast<float>(-5 + random.normal());
    for (auto _ : run) {
        exponentials(numbers.data(), results.data(), numbers.size());
        benchmark::ClobberMemory();
    }
    run.SetItemsProcessed(run.iterations() * static_cast<int64_t>(numbers.size()));
}

const bool registered = [] {
    namespace ublas = whirlygig::ublas;
    const std::vector<std::pair<std::string, Way>> steps = {
        {"steps/1_ublas_prod", [](Operands& o) { ublas::noalias(o.c) = ublas::prod(o.a, o.b); }},
        {"steps/2_rows_times_columns", way_of(benchmark_steps::rows_times_columns)},
        {"steps/3_row_after_row", way_of(benchmark_steps::row_after_row)},
        {"steps/4_eight_at_once", way_of(benchmark_steps::eight_at_once)},
        {"steps/5_tiles_in_registers", way_of(benchmark_steps::tiles_in_registers)},
        {"steps/6_product", [](Operands& o) { whirlygig::product(o.a, o.b, o.c); }}};
    for (const auto& [name, way] : steps) {
        benchmark::RegisterBenchmark(name.c_str(),
                                     [way = way](benchmark::State& run) { run_step(run, way); });
    }
    benchmark::RegisterBenchmark("steps/7_peak_of_one_core", [](benchmark::State& run) {
        int64_t operations = 0;
        for (auto _ : run)
            operations += multiply_and_add_in_registers();
        run.SetItemsProcessed(operations);
    });
    benchmark::RegisterBenchmark("exponentials/library", run_exponentials,
                                 benchmark_steps::exponentials_of_the_library);
    benchmark::RegisterBenchmark("exponentials/ours", run_exponentials,
                                 benchmark_steps::exponentials_of_ours);
    return true;
}();

} // namespace
