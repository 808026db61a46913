// Brackets that do not match, found before a compiler stumbles over them many lines later.
#pragma once

#include "exercise_file.h"

#include <optional>
#include <string>

namespace whirlygig {

struct Imbalance {
    std::size_t line; // from 0
    std::string sentence;
};

// The first bracket ( [ { of a body that is never closed or } ] ) that closes nothing. Comments,
// texts and characters are skipped. None also where the body has preprocessor lines.
std::optional<Imbalance> find_imbalance(const ExerciseFile& file, const std::string& exercise);

} // namespace whirlygig
