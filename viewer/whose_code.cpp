#include "whose_code.h"

#include "trace/stage_functions.h"

#include <fmt/format.h>

#include <algorithm>

namespace whirlygig {
namespace {

const ExerciseBody* body_of(std::string_view function, const std::vector<ExerciseBody>& bodies) {
    const auto found = std::find_if(bodies.begin(), bodies.end(), [&](const ExerciseBody& body) {
        return body.exercise == function;
    });
    return found == bodies.end() ? nullptr : &*found;
}

bool is_learners(const ExerciseBody& body) {
    return body.learners;
}

} // namespace

std::string whose_code(const std::vector<ExerciseBody>& bodies) {
    const auto yours = std::count_if(bodies.begin(), bodies.end(), is_learners);
    if (yours == 0) return "";
    return fmt::format("{} of {} functions {} yours", yours, bodies.size(),
                       yours == 1 ? "is" : "are");
}

std::string whose_stage(const Stage& stage, const std::vector<ExerciseBody>& bodies) {
    const std::string_view function = function_of(stage);
    if (whose_code(bodies).empty() || function.empty()) return "";
    const ExerciseBody* body = body_of(function, bodies);
    if (body == nullptr || !body->learners)
        return fmt::format("{}: Whirlygig's own code", function);
    return fmt::format("{}: your code ({}, line {})", function, body->file, body->line);
}

std::string words_on_stop(const StoppedPass& stopped, const Stage& stage,
                          const std::vector<ExerciseBody>& bodies) {
    const std::string_view function = function_of(stage);
    const ExerciseBody* body = body_of(function, bodies);
    const std::string where =
        body == nullptr ? std::string(function)
                        : fmt::format("{} ({}, line {})", function, body->file, body->line);
    // What uBLAS says of m(row, column) outside of m.
    const std::string said =
        stopped.sentence == "bad index" ? "an index is outside of its matrix" : stopped.sentence;
    return fmt::format("This stage could not be computed. {} stopped and said: \"{}\". All stages "
                       "before it are there; those after it wait for it.",
                       where, said);
}

} // namespace whirlygig
