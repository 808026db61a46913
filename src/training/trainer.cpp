#include "training/trainer.h"

#include "error.h"
#include "training/nudging.h"
#include "training/schedule.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

namespace whirlygig {
namespace {

using Clock = std::chrono::steady_clock;

// Adds the seconds of its life to a sum.
struct Stopwatch {
    double& seconds;
    Clock::time_point start = Clock::now();

    ~Stopwatch() { seconds += std::chrono::duration<double>(Clock::now() - start).count(); }
};

[[noreturn]] void fail_diverged(std::uint64_t step, const char* what) {
    fail("training diverged at step {}: {} is no longer a finite number. Start again with a lower "
         "learning_rate, a longer warm_up or clip above 0",
         step, what);
}

// How long a gradient may be.
double clip_limit(const Recipe& recipe) {
    return recipe.clip > 0 ? recipe.clip : std::numeric_limits<double>::infinity();
}

void check_finite(const StepResult& result) {
    if (!std::isfinite(result.gradient_norm)) fail_diverged(result.step, "the gradient");
}

// Far beyond anything that training leads to unless it diverges.
bool is_absurd(const std::vector<NamedParameter<Real>>& parameters) {
    constexpr Real limit = 1e6;
    for (const auto& parameter : parameters) {
        for (const Real number : parameter.values) {
            if (!(std::abs(number) < limit)) return true; // NaN too
        }
    }
    return false;
}

} // namespace

double training_bytes(const Recipe& recipe, std::size_t vocabulary) {
    const Config config = make_config(recipe, vocabulary);
    const auto parameters = static_cast<double>(count_parameters(config));
    const auto places = static_cast<double>(recipe.context);
    // Numbers of one pass: see the fields of Activations.
    const double heads =
        static_cast<double>(config.heads) * 5 * places + 4 * static_cast<double>(config.width);
    const double block =
        heads + 6 * static_cast<double>(config.width) + 2 * static_cast<double>(config.hidden);
    const double pass =
        places * (static_cast<double>(config.layers) * block +
                  4 * static_cast<double>(config.width) + 2 * static_cast<double>(vocabulary));
    const auto lanes = static_cast<double>(batch_lanes(config));
    const double copies = lanes + 3; // gradients, the parameters and Adam's two means
    const double numbers = copies * parameters + lanes * 2 * pass;
    const double examples = static_cast<double>(recipe.batch) * places * 16;
    return numbers * sizeof(Real) + examples;
}

TrainingState start_training(const Recipe& recipe, std::size_t vocabulary, std::uint64_t seed) {
    check_recipe(recipe);
    constexpr double gibibyte = 1024.0 * 1024.0 * 1024.0, most = 16;
    const double needed = training_bytes(recipe, vocabulary) / gibibyte;
    if (needed > most) {
        fail("training with these sizes would need about {:.0f} GiB of memory, more than the {} "
             "that this program allows: choose a smaller width, context, batch or number of layers",
             needed, most);
    }
    TrainingState state;
    state.recipe = recipe;
    state.seed = seed;
    state.model.config = make_config(recipe, vocabulary);
    Random random(seed);
    initialize(state.model, recipe.initialization, random);
    return state;
}

bool is_evaluation_due(const TrainingState& state) {
    const std::uint64_t every = state.recipe.evaluate_every;
    return state.step == 1 || state.step == state.recipe.steps ||
           (every > 0 && state.step % every == 0);
}

Trainer::Trainer(TrainingState& training, std::size_t threads, GradientBy found_by)
    : state(training),
      gradient_by(found_by),
      workers(std::min(threads, batch_lanes(training.model.config))),
      gradient(training.model.config),
      parameters(list_parameters(training.model.parameters)) {
    const std::size_t count = count_parameters(training.model.config);
    if (gradient_by == GradientBy::nudging && count > most_nudged) {
        fail("each step would nudge {} parameters, one after the other; choose smaller sizes, so "
             "that there are at most {}",
             count, most_nudged);
    }
}

StepResult Trainer::step(const ExampleSource& source) {
    const Stopwatch stopwatch{state.seconds};
    draw_batch(source, state.seed, state.step + 1, batch);
    return learn(batch);
}

StepResult Trainer::learn(const std::vector<Example>& examples) {
    const Recipe& recipe = state.recipe;
    StepResult result;
    result.step = state.step + 1;
    result.learning_rate = learning_rate_at(recipe, result.step);
    for (const Example& example : examples)
        result.tokens += example.ids.size();
    // EXERCISE 12 training_step
    // 1. In which direction does the loss grow?
    result.loss = compute_gradient(examples);
    // 2. Not too far at once, and nowhere when there is no direction.
    result.gradient_norm = clip_gradient(gradient.list(), clip_limit(recipe));
    check_finite(result);
    // 3. Go the other way.
    optimizer_step(recipe.optimizer, result.learning_rate, gradient.list(), parameters,
                   state.optimizer);
    // END
    state.step = result.step;
    return result;
}

BatchLoss Trainer::compute_gradient(const std::vector<Example>& examples) {
    try {
        const BatchLoss loss = gradient_by == GradientBy::nudging
                                   ? nudge_every_parameter(examples)
                                   : gradient.compute(state.model, examples, workers);
        if (!std::isfinite(loss.weighted)) fail_diverged(state.step + 1, "the loss");
        return loss;
    } catch (const Error&) {
        // The forward pass itself may already refuse what came of parameters that ran away.
        if (is_absurd(parameters)) fail_diverged(state.step + 1, "the loss");
        throw;
    }
}

BatchLoss Trainer::nudge_every_parameter(const std::vector<Example>& examples) {
    // A larger nudge misses how the slope changes on its way; with a smaller one the difference of
    // two losses drowns in the rounding of float.
    constexpr double nudge = 0.003;
    const auto loss = [&] { return batch_loss(state.model, examples, workers).weighted; };
    for (std::size_t i = 0; i < parameters.size(); ++i)
        gradient_by_nudging(loss, nudge, parameters[i].values, gradient.list()[i].values);
    return batch_loss(state.model, examples, workers);
}

const HistoryRow& Trainer::record(const StepResult& result, const std::vector<Example>& held_out) {
    HistoryRow row;
    {
        const Stopwatch stopwatch{state.seconds};
        row.held_out_loss = held_out.empty() ? std::numeric_limits<double>::quiet_NaN()
                                             : batch_loss(state.model, held_out, workers).mean;
    }
    row.step = result.step;
    row.learning_rate = result.learning_rate;
    row.loss = result.loss.mean;
    row.weighted_loss = result.loss.weighted;
    row.gradient_norm = result.gradient_norm;
    row.seconds = state.seconds;
    state.history.push_back(row);
    return state.history.back();
}

} // namespace whirlygig
