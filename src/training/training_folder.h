// A training run as a folder: the model's files (see model_folder.h), training.csv with what was
// measured, and training.safetensors, which alone holds all that going on to the same bits needs.
#pragma once

#include "files/model_folder.h"
#include "training/trainer.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace whirlygig {

// A run, and what it is trained on.
struct TrainingRun {
    TrainingState state;
    Wording wording;
    std::string corpus;            // where it was read: the path that the user gave
    std::uint64_t corpus_hash = 0; // a fingerprint of its text
};

// Saves a run. Each file is replaced as a whole or not at all, and training.safetensors last: that
// commits the save. Killed at any moment, the folder holds the previous run or this one.
void save_training(const std::filesystem::path& folder, const TrainingRun& run);

// Saves the same as training.safetensors under snapshots/STEP.safetensors.
void save_snapshot(const std::filesystem::path& folder, const TrainingRun& run);

// Reads folder/training.safetensors and checks it in full. Throws an Error that names the file.
TrainingRun read_training(const std::filesystem::path& folder);

// True when the folder holds files of a model or of a training run.
bool holds_model(const std::filesystem::path& folder);

// Removes the files of an earlier model, run and snapshots from the folder, and nothing else.
void remove_training(const std::filesystem::path& folder);

// The text of training.csv: a header and a row for each time the loss was measured.
std::string history_csv(const std::vector<HistoryRow>& history);

} // namespace whirlygig
