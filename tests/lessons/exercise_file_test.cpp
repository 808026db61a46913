#include "exercise_file.h"

#include "support/error_sentence.h"

#include <gtest/gtest.h>

namespace {

using namespace whirlygig;

const std::string two_bodies = "int before;\n"
                               "    // EXERCISE 3 attention_scores\n"
                               "    int a;\n"
                               "    int b;\n"
                               "    // END\n"
                               "int between;\n"
                               "    // EXERCISE 4 scale_scores\n"
                               "    // END\n";

std::vector<Exercise> exercises_of_the_two() {
    return {{"attention_scores", 3, "attention.cpp", "", "", 1},
            {"scale_scores", 4, "attention.cpp", "", "", 1},
            {"softmax_forward", 3, "softmax.cpp", "", "", 1}};
}

std::string parse_error(const std::string& text) {
    return error_sentence([&text] { parse_exercise_file("my/attention.cpp", text); });
}

std::string marker_error(const std::string& text) {
    return error_sentence([&text] {
        check_markers(parse_exercise_file("my/attention.cpp", text), "attention.cpp",
                      exercises_of_the_two());
    });
}

// The text with one piece of it replaced.
std::string with(std::string text, const std::string& piece, const std::string& other) {
    return text.replace(text.find(piece), piece.size(), other);
}

} // namespace

TEST(ExerciseFile, ABodyIsWhatStandsBetweenItsMarkers) {
    const ExerciseFile file = parse_exercise_file("my/attention.cpp", two_bodies);
    ASSERT_EQ(file.bodies.size(), 2u);
    EXPECT_EQ(file.bodies[0].exercise, "attention_scores");
    EXPECT_EQ(file.bodies[0].lesson, 3);
    EXPECT_EQ(file.bodies[0].first, 2u);
    EXPECT_EQ(file.bodies[0].last, 4u);
    EXPECT_EQ(body_text(file, "attention_scores"), "    int a;\n    int b;\n");
    EXPECT_EQ(body_text(file, "scale_scores"), "");
    check_markers(file, "attention.cpp", exercises_of_the_two());
}

TEST(ExerciseFile, LineEndsOfOtherSystemsMakeNoDifference) {
    std::string text = two_bodies;
    for (std::size_t end = text.find('\n'); end != std::string::npos;
         end = text.find('\n', end + 2))
        text.insert(end, "\r");
    EXPECT_EQ(body_text(parse_exercise_file("f", text), "attention_scores"),
              "    int a;\n    int b;\n");
}

TEST(ExerciseFile, BrokenMarkersAreNamedByTheirLine) {
    const std::string end = "    // END\n";
    expect_contains(parse_error(with(two_bodies, end, "")),
                    "my/attention.cpp:6: the exercise scale_scores starts inside of "
                    "attention_scores: the line // END of attention_scores is missing above");
    expect_contains(parse_error(two_bodies + end), "my/attention.cpp:9: this // END ends no "
                                                   "exercise");
    expect_contains(parse_error("// EXERCISE 1 encode\n"),
                    "my/attention.cpp:1: the exercise encode starts here, but the line // END "
                    "after it is missing");
    expect_contains(parse_error(with(two_bodies, "4 scale_scores", "3 attention_scores")),
                    "my/attention.cpp:7: the exercise attention_scores is marked a second time "
                    "(first in line 2)");
    for (const char* misspelt : {"// EXERCISE attention_scores", "// EXERCISE three scores",
                                 "// Exercise 3 attention_scores", "// EXERCIES 3 scores"})
        expect_contains(parse_error(with(two_bodies, "// EXERCISE 3 attention_scores", misspelt)),
                        "my/attention.cpp:2: a marker is misspelt");
}

TEST(ExerciseFile, MissingAndUnknownExercisesAreNamed) {
    expect_contains(marker_error(with(two_bodies, "attention_scores", "attention_score")),
                    "my/attention.cpp:2: there is no exercise attention_score in this file; did "
                    "you mean attention_scores?");
    expect_contains(marker_error(with(two_bodies, "EXERCISE 3", "EXERCISE 2")),
                    "my/attention.cpp:2: the line should be // EXERCISE 3 attention_scores");
    expect_contains(marker_error("int nothing;\n"),
                    "my/attention.cpp: the line // EXERCISE 3 attention_scores is missing");
}

TEST(ExerciseFile, TheHashTellsBodiesApartButNotTheirWhiteSpaceAtTheEnds) {
    const auto hash = [](const std::string& text) {
        return body_hash(parse_exercise_file("f", text), "attention_scores");
    };
    EXPECT_EQ(hash(two_bodies).size(), 16u);
    EXPECT_EQ(hash(two_bodies), hash(with(two_bodies, "int b;", "int b;  \n  ")));
    EXPECT_EQ(hash(two_bodies), hash(with(two_bodies, "int before;", "int other;\n")));
    EXPECT_NE(hash(two_bodies), hash(with(two_bodies, "int b;", "int c;")));
    EXPECT_NE(hash(two_bodies), hash(with(two_bodies, "    int b;", "  int b;")));
}
