// Training: forward, backward and the optimiser's step; tokens per second.
#include "tasks.h"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

namespace {

using namespace benchmark_tasks;

void train(benchmark::State& run, const Task& task, std::size_t threads) {
    whirlygig::TrainingState training = start(task);
    whirlygig::Trainer trainer(training, threads);
    whirlygig::Random random(2);
    std::vector<std::vector<whirlygig::Example>> batches(8);
    for (auto& batch : batches)
        batch = draw_task_batch(task, random);
    std::size_t number = 0;
    for (auto _ : run)
        trainer.learn(batches[number++ % batches.size()]);
    run.SetItemsProcessed(run.iterations() * static_cast<int64_t>(task.batch * task.context));
}

const bool registered = [] {
    for (const Task& task : tasks) {
        for (const std::size_t threads : {1, 2}) {
            const std::string name = fmt::format("training/{}/threads:{}", task.name, threads);
            benchmark::RegisterBenchmark(name.c_str(),
                                         [=](benchmark::State& run) { train(run, task, threads); })
                ->Unit(benchmark::kMicrosecond)
                ->UseRealTime();
        }
    }
    return true;
}();

} // namespace
