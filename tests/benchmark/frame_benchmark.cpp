// How long the viewer takes to build one frame, 1600×1000 pixels, in every scene and stage, with a
// cell pinned: the layout and all triangles, without painting them. And how fast training is while
// the viewer shows it, five times a second, beside training that nobody watches.
#include "support/viewer_screen.h"

#include <benchmark/benchmark.h>

#include <chrono>
#include <thread>

namespace {

using whirlygig::CellRef;
using whirlygig::Scene;
using whirlygig::Stage;
using whirlygig::State;

void build_frames(benchmark::State& run, support::ViewerScreen& screen) {
    screen.frame();
    for (auto _ : run)
        screen.frame();
    run.SetLabel(screen.state.scene == Scene::model ? "overview" : "");
}

void look_at(State& state, std::size_t stage) {
    const Stage& it = *state.timeline.stages[stage];
    state.scene = Scene::stages;
    state.time = {stage, state.timeline.done(stage).cells * 0.5};
    state.pinned = CellRef{it.name, it.values.rows / 2, it.values.columns / 2};
}

// Trains some hundred steps of the reviews, and draws the training scene meanwhile or not.
void train(benchmark::State& run, support::ViewerScreen& screen, bool watched) {
    using Clock = std::chrono::steady_clock;
    constexpr std::uint64_t steps = 400;
    State& state = screen.state;
    whirlygig::Experiment& experiment = state.experiment;
    state.scene = Scene::training;
    begin_run(state);
    screen.frame();
    for (auto _ : run) {
        const std::uint64_t done = experiment.live->report(experiment.branch).step;
        experiment.live->train({experiment.branch}, {done + steps, std::nullopt});
        Clock::time_point next = Clock::now();
        while (experiment.live->training()) {
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
            if (!watched || Clock::now() < next) continue;
            screen.frame();
            next = Clock::now() + std::chrono::milliseconds(200);
        }
    }
    run.SetItemsProcessed(run.iterations() * static_cast<int64_t>(steps));
    experiment.followed = false;
}

} // namespace

int main(int count, char** arguments) {
    const std::string corpora = WHIRLYGIG_CORPORA;
    support::ViewerScreen screen(corpora + "/reviews/model",
                                 "the SpinTops were awful and the WhirlyGigs were really sturdy . "
                                 "stars : 4",
                                 1600, 1000);
    screen.state.controls.cells_too = false;
    find_corpora(screen.state.experiment, corpora, "reviews");
    benchmark::RegisterBenchmark("overview", [&](benchmark::State& run) {
        screen.state.scene = Scene::model;
        build_frames(run, screen);
    })->Unit(benchmark::kMicrosecond);
    for (std::size_t stage = 0; stage < screen.state.timeline.stages.size(); ++stage) {
        const std::string& name = screen.state.timeline.stages[stage]->name;
        benchmark::RegisterBenchmark(name.c_str(), [&screen, stage](benchmark::State& run) {
            look_at(screen.state, stage);
            build_frames(run, screen);
        })->Unit(benchmark::kMicrosecond);
    }
    for (const bool watched : {false, true}) {
        benchmark::RegisterBenchmark(
            watched ? "training steps, watched" : "training steps, alone",
            [&screen, watched](benchmark::State& run) { train(run, screen, watched); })
            ->Unit(benchmark::kMillisecond)
            ->UseRealTime();
    }
    benchmark::RegisterBenchmark("training scene", [&](benchmark::State& run) {
        screen.state.scene = Scene::training;
        build_frames(run, screen);
    })->Unit(benchmark::kMicrosecond);
    benchmark::Initialize(&count, arguments);
    benchmark::RunSpecifiedBenchmarks();
}
