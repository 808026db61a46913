// How far a training run is, as a line for a person.
#pragma once

#include "training/trainer.h"

#include <cstddef>
#include <optional>
#include <string>

namespace whirlygig {

struct Progress {
    std::uint64_t step = 0, steps = 0;
    double loss = 0;                       // of the latest batch, per target
    std::optional<double> held_out;        // the latest held-out loss
    std::optional<double> floor;           // of the corpus, where its grammar knows it
    std::optional<double> tokens_a_second; // since the program started
    double seconds_left = 0;
};

// One line with a bar, cut to the terminal's width.
std::string progress_bar(const Progress& progress, std::size_t width);

// One line without a bar, for a file.
std::string progress_line(const Progress& progress);

// A loss in words: how many equally likely tokens leave one as unsure, e^loss.
std::string loss_in_words(double loss);

// "95 s", "3 min 20 s", "2 h 5 min"
std::string duration_text(double seconds);

} // namespace whirlygig
