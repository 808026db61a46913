// Prints the worked example of a lesson: build/example 3. lessons/learn example 3 builds it first.
#include "error.h"
#include "examples.h"

#include <fmt/format.h>

#include <cstdlib>

int main(int count, char** arguments) {
    try {
        if (count != 2) whirlygig::fail("say which lesson's example");
        fmt::print("{}", whirlygig::example_text(std::atoi(arguments[1])));
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "learn: {}\n", error.what());
        return 1;
    }
}
