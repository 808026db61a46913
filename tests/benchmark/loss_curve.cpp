// What tests/peers compares: a task's parameters before training, its batches, and the losses of
// the steps that were trained with them.
#include "error.h"
#include "files/file.h"
#include "files/model_folder.h"
#include "tasks.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>

namespace {

using namespace benchmark_tasks;

void write_curve(const Task& task, std::size_t steps, const std::filesystem::path& folder) {
    whirlygig::TrainingState training = start(task);
    write_model_folder(folder, training.model, {});
    whirlygig::Trainer trainer(training, 1);
    whirlygig::Random random(2);
    nlohmann::json batches = nlohmann::json::array(), losses = nlohmann::json::array();
    for (std::size_t step = 0; step < steps; ++step) {
        const std::vector<whirlygig::Example> batch = draw_task_batch(task, random);
        nlohmann::json sequences = nlohmann::json::array();
        for (const whirlygig::Example& example : batch) {
            std::vector<int> sequence = example.ids;
            sequence.push_back(example.targets.back());
            sequences.push_back(sequence);
        }
        batches.push_back(sequences);
        losses.push_back(trainer.learn(batch).loss.mean);
    }
    whirlygig::write_file(folder / "batches.json", batches.dump());
    whirlygig::write_file(folder / "losses.json", losses.dump());
}

} // namespace

int main(int count, char** words) try {
    if (count != 4) whirlygig::fail("usage: loss_curve TASK STEPS FOLDER");
    const auto task =
        std::find_if(tasks.begin(), tasks.end(), [&](const Task& t) { return t.name == words[1]; });
    if (task == tasks.end()) whirlygig::fail("there is no task {}; see tasks.h", words[1]);
    write_curve(*task, std::stoul(words[2]), words[3]);
} catch (const std::exception& error) {
    std::fprintf(stderr, "loss_curve: %s\n", error.what());
    return 1;
}
