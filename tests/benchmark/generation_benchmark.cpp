// Generation: one text at a time, token by token, until the context is full; tokens per second.
#include "study/sampler.h"
#include "tasks.h"

#include <benchmark/benchmark.h>

namespace {

using namespace benchmark_tasks;

void generate(benchmark::State& run, const Task& task) {
    const auto model = std::make_shared<const whirlygig::Model>(start(task).model);
    whirlygig::Generator generator(model, {0}, {}, 3);
    for (auto _ : run) {
        generator.restart({0});
        for (std::size_t token = 0; token < task.context; ++token)
            benchmark::DoNotOptimize(generator.draw_next());
    }
    run.SetItemsProcessed(run.iterations() * static_cast<int64_t>(task.context));
}

const bool registered = [] {
    for (const Task& task : tasks) {
        const std::string name = "generation/" + task.name;
        benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& run) {
            generate(run, task);
        })->Unit(benchmark::kMicrosecond);
    }
    return true;
}();

} // namespace
