// Pictures and animations without a user: --shot and --play.
#include "session.h"
#include "window/picture_file.h"

#include <algorithm>

namespace whirlygig {
namespace {

void add_frame(Session& session, GifWriter& gif) {
    session.frame();
    gif.add(session.picture(), hundredths_of_a_picture);
}

void play_stages(Session& session, GifWriter& gif) {
    constexpr std::size_t most_frames = 1500;
    State& state = session.state();
    const std::size_t stage = state.time.stage;
    const bool all = state.level == Level::model;
    if (state.time == state.timeline.done(stage)) state.time = {stage, 0};
    for (std::size_t frames = 0; frames < most_frames; ++frames) {
        add_frame(session, gif);
        const Time last = all ? state.timeline.end() : state.timeline.done(stage);
        if (state.time == last) break;
        state.time = state.timeline.play(state.time, state.level,
                                         hundredths_of_a_picture / 100.0 * state.settings.speed);
    }
}

// A run from its first step to its last, in so many pictures; more of them for the first steps,
// in which most happens.
void play_training(Session& session, GifWriter& gif) {
    constexpr std::uint64_t pictures = 80;
    State& state = session.state();
    Experiment& experiment = state.experiment;
    if (!experiment.has_runs()) begin_run(state);
    if (!experiment.has_runs()) return; // the message says why
    add_frame(session, gif);
    const std::uint64_t steps = experiment.report().recipe.steps;
    for (std::uint64_t picture = 1; picture <= pictures; ++picture) {
        const std::uint64_t step = std::max(steps * picture * picture / (pictures * pictures),
                                            experiment.live->report(experiment.branch).step + 1);
        experiment.live->train({experiment.branch}, {std::min(step, steps), std::nullopt});
        experiment.live->wait();
        add_frame(session, gif);
        if (step >= steps) break;
    }
}

} // namespace

void shoot(Session& session, const std::filesystem::path& file) {
    settle(session);
    write_png(file, session.picture());
}

void play_into(Session& session, const std::filesystem::path& file) {
    settle(session);
    GifWriter gif(file);
    if (session.state().scene == Scene::training) {
        play_training(session, gif);
    } else {
        play_stages(session, gif);
    }
    for (int pause = 0; pause < 12; ++pause)
        gif.add(session.picture(), hundredths_of_a_picture);
    gif.finish();
}

} // namespace whirlygig
