// A place in one of the learner's files that a compiler, a sanitizer or an assertion names.
#pragma once

#include "places.h"

#include <optional>
#include <string>

namespace whirlygig {

struct NamedLine {
    std::filesystem::path path;
    std::size_t line; // from 1
};

// The first FILE:LINE in the text, from `start` on, where FILE lies in the learner's folder.
std::optional<NamedLine> first_learner_line(const std::string& text, const Places& places,
                                            std::size_t start = 0);

// "my/attention.cpp:17" and, indented under it, what stands in that line.
std::string show_line(const NamedLine& named, const Places& places);

// The nearest line above that has code in it; the same line when there is none.
NamedLine code_line_above(const NamedLine& named);

// Whether the code in that line starts with the text.
bool line_starts_with(const NamedLine& named, const std::string& text);

} // namespace whirlygig
