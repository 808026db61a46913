#include "training/step_record.h"

#include "error.h"
#include "training/schedule.h"

#include <cmath>
#include <limits>
#include <utility>

namespace whirlygig {

StepRecord make_step_record(TrainingState state, const ExampleSource& source) {
    const Recipe& recipe = state.recipe;
    StepRecord record;
    record.before = take_snapshot(state);
    record.step = state.step + 1;
    record.optimizer = recipe.optimizer;
    record.clip = recipe.clip;
    record.learning_rate = learning_rate_at(recipe, record.step);

    draw_batch(source, state.seed, record.step, record.batch);
    for (const Example& example : record.batch)
        record.tokens += example.ids.size();

    Workers workers(1);
    BatchGradient gradient(state.model.config);
    record.loss = gradient.compute(state.model, record.batch, workers);
    record.batch_gradient = gradient.gradient();
    const double limit = recipe.clip > 0 ? recipe.clip : std::numeric_limits<double>::infinity();
    record.gradient_norm = clip_gradient(gradient.list(), limit);
    record.clip_factor = clip_factor(record.gradient_norm, limit);
    record.gradient = gradient.gradient();
    if (!std::isfinite(record.loss.weighted) || !std::isfinite(record.gradient_norm))
        fail("step {} can't be made: its loss or gradient is no longer a finite number",
             record.step);

    optimizer_step(recipe.optimizer, record.learning_rate, gradient.list(),
                   list_parameters(state.model.parameters), state.optimizer);
    state.step = record.step;
    record.after = take_snapshot(state);
    return record;
}

TrainingState state_at(const Snapshot& snapshot, const Config& config, const Recipe& recipe,
                       std::uint64_t seed) {
    TrainingState state;
    state.recipe = recipe;
    state.seed = seed;
    state.model = {config, make_parameters(config)};
    restore(state, snapshot);
    return state;
}

} // namespace whirlygig
