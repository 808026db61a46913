// How long the viewer takes to build one frame, 1600×1000 pixels, in every scene and stage, with a
// cell pinned: the layout and all triangles, without painting them.
#include "support/viewer_screen.h"

#include <benchmark/benchmark.h>

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

} // namespace

int main(int count, char** arguments) {
    const std::string corpora = WHIRLYGIG_CORPORA;
    support::ViewerScreen screen(corpora + "/reviews/model",
                                 "the SpinTops were awful and the WhirlyGigs were really sturdy . "
                                 "stars : 4",
                                 1600, 1000);
    screen.state.controls.cells_too = false;
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
    benchmark::Initialize(&count, arguments);
    benchmark::RunSpecifiedBenchmarks();
}
