// The three sizes of work that are timed, here and by the peers in tests/peers.
#pragma once

#include "training/trainer.h"

#include <string>
#include <vector>

namespace benchmark_tasks {

struct Task {
    std::string name;
    std::size_t vocabulary; // V
    std::size_t context;    // T
    std::size_t layers;     // L
    std::size_t heads;      // H
    std::size_t width;      // d
    std::size_t batch;      // B
};

// T1: a small text model. T2: four times as large. T3: so small that only overhead counts.
inline const std::vector<Task> tasks = {
    {"T1", 65, 64, 2, 4, 64, 16},
    {"T2", 65, 64, 4, 4, 128, 12},
    {"T3", 27, 16, 1, 4, 16, 1},
};

// Adam at a constant rate, without clipping; the MLP is four times as wide as the stream.
inline whirlygig::Recipe recipe_of(const Task& task) {
    whirlygig::Recipe recipe;
    recipe.context = task.context;
    recipe.width = task.width;
    recipe.heads = task.heads;
    recipe.layers = task.layers;
    recipe.hidden = 4 * task.width;
    recipe.batch = task.batch;
    recipe.optimizer.kind = whirlygig::OptimizerKind::adam;
    recipe.optimizer.beta2 = 0.999;
    recipe.learning_rate = 0.001;
    recipe.warm_up = 0;
    recipe.decay = 1;
    recipe.clip = 0;
    return recipe;
}

inline whirlygig::TrainingState start(const Task& task) {
    return whirlygig::start_training(recipe_of(task), task.vocabulary, 1);
}

// A batch whose tokens have something to learn: each is often its neighbour's successor.
inline std::vector<whirlygig::Example> draw_task_batch(const Task& task,
                                                       whirlygig::Random& random) {
    std::vector<whirlygig::Example> batch(task.batch);
    for (whirlygig::Example& example : batch) {
        std::vector<int> sequence = {0};
        while (sequence.size() <= task.context) {
            const bool surprise = random.uniform() < 0.3;
            const auto next = surprise ? random.below(task.vocabulary)
                                       : (static_cast<std::size_t>(sequence.back()) + 1);
            sequence.push_back(static_cast<int>(next % task.vocabulary));
        }
        whirlygig::make_example(sequence, recipe_of(task), example);
    }
    return batch;
}

} // namespace benchmark_tasks
