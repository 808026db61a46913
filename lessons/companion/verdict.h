// Whether an exercise passed, judged by what its check program reported. Never green by accident:
// no test, a disabled or skipped one, a body that is not in the program or is that of src/, a
// program that did not come to its end are all failures.
#pragma once

#include "exercises.h"
#include "places.h"
#include "process.h"
#include "report.h"

#include <string>

namespace whirlygig {

struct Verdict {
    bool passed;
    std::string words; // what to show
};

// `hash`: that of the learner's body as it is now (body_hash).
Verdict judge(const Exercise& exercise, const std::string& hash, const CheckReport& report,
              const Outcome& outcome, const Places& places);

} // namespace whirlygig
