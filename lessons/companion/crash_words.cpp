#include "crash_words.h"

#include "learner_line.h"

#include <fmt/format.h>

#include <array>
#include <csignal>

namespace whirlygig {

namespace {

struct CrashSign {
    const char* found;   // in what the program printed
    const char* meaning; // what that means
    const char* advice = "";
};

constexpr const char* look_at_indices =
    "Look at where the loops end, whether the row stands first, and whether a result got its "
    "resize.\n";

// The more telling ones come first: a program prints several when it ends.
constexpr std::array crash_signs{
    CrashSign{"hard rss limit exhausted",
              "it takes more and more memory: does a loop that appends end?"},
    CrashSign{"allocation-size-too-big", "it asks for more memory than there is: is a size right?"},
    CrashSign{"out-of-memory", "it asks for more memory than there is: is a size right?"},
    CrashSign{"i < size_i", "an index is outside of its matrix (there is no such row)",
              look_at_indices},
    CrashSign{"j < size_j", "an index is outside of its matrix (there is no such column)",
              look_at_indices},
    CrashSign{"Check failed in file",
              "an index is outside of its matrix, or two shapes do not fit"},
    CrashSign{"Assertion '__n < this->size()'", "an index is outside of its list"},
    CrashSign{"Assertion '!this->empty()'", "it takes an element of a list or text that is empty"},
    CrashSign{"Assertion", "a check of the C++ library failed"},
    CrashSign{"stack-overflow", "a function calls itself without an end"},
    CrashSign{"heap-use-after-free",
              "it uses memory that was given back: does a reference or iterator "
              "point into something that has changed since?"},
    CrashSign{"stack-use-after",
              "it uses a value that is gone: an auto that holds an expression of "
              "matrices does that; write the type (Matrix, Real) instead of auto"},
    CrashSign{"buffer-overflow", "it reads or writes outside of a list or text"},
    CrashSign{"division by zero", "it divides a whole number by 0"},
    CrashSign{"FPE on", "it divides a whole number by 0"},
    CrashSign{"signed integer overflow", "a whole number grows too large for its type"},
    CrashSign{"without returning a value",
              "a function that should return something comes to its end "
              "without a return"},
    CrashSign{"terminate called", "an exception was thrown that nobody caught"},
    CrashSign{"SEGV", "it uses an address that is not its own: a null pointer, or far outside of a "
                      "list"},
};

std::string signal_words(int signal) {
    switch (signal) {
    case SIGSEGV:
        return "it used an address that is not its own";
    case SIGFPE:
        return "it divided a whole number by 0";
    case SIGKILL:
        return "the system ended it, most likely because memory ran out";
    default:
        return fmt::format("it was ended by signal {}", signal);
    }
}

std::string ending(const Outcome& outcome) {
    if (outcome.signal != 0) return signal_words(outcome.signal);
    return fmt::format("it ended with the status {}", outcome.status);
}

} // namespace

std::string crash_words(const Outcome& outcome, const Places& places) {
    const auto line = first_learner_line(outcome.output, places);
    const std::string where = line ? show_line(*line, places) : "";
    for (const CrashSign& sign : crash_signs) {
        if (outcome.output.find(sign.found) == std::string::npos) continue;
        return fmt::format("{}\n{}{}", sign.meaning, where, sign.advice);
    }
    return ending(outcome) + "\n" + where;
}

} // namespace whirlygig
