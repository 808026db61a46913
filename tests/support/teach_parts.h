// For exercises that give several matrices at once: backward functions, above all.
#pragma once

#include "support/teach.h"

#include <string>
#include <utility>
#include <vector>

namespace support {

// Matrices by their names, always in the same order.
using Parts = std::vector<std::pair<std::string, Grid>>;

struct PartsMistake {
    std::string sentence;
    Parts output;
};
using PartsMistakes = std::vector<PartsMistake>;

struct PartsExample {
    std::string given;
    Parts expected;
    PartsMistakes mistakes;
    Parts before = {}; // what stood in the results before the call
};

// A copy in which one of the matrices is another.
inline Parts with(Parts parts, const std::string& name, const Grid& other) {
    for (auto& [part, grid] : parts) {
        if (part == name) grid = other;
    }
    return parts;
}

inline const Grid& part_of(const Parts& parts, const std::string& name) {
    for (const auto& [part, grid] : parts) {
        if (part == name) return grid;
    }
    throw std::invalid_argument("there is no part " + name);
}

// Compares one matrix after the other with what it should be.
inline void compare_parts(Teacher& teacher, const PartsExample& example, const Parts& got) {
    for (const auto& [name, grid] : got) {
        NumbersExample one{example.given + name + ":\n", part_of(example.expected, name), {}};
        for (const PartsMistake& mistake : example.mistakes)
            one.mistakes.push_back({mistake.sentence, part_of(mistake.output, name)});
        teacher.compare(one, grid, example.before.empty() ? Grid{} : part_of(example.before, name));
    }
}

} // namespace support
