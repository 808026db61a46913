// What goes wrong is told to the user as one clear sentence: what was wrong, where, what to do.
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace whirlygig {

struct Error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Thrown in the place of an exercise's body that is still to be written (see lessons/).
struct NotWrittenYet : Error {
    NotWrittenYet(const std::string& exercise, int lesson)
        : Error(fmt::format("{} is not written yet: it is an exercise of lesson {}; "
                            "lessons/learn next says how to go on",
                            exercise, lesson)) {}
};

// Throws an Error whose sentence is written like fmt::format's.
template <class... Values>
[[noreturn]] void fail(fmt::format_string<Values...> sentence, Values&&... values) {
    throw Error(fmt::format(sentence, std::forward<Values>(values)...));
}

} // namespace whirlygig
