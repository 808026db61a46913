#include "compose.h"

#include "balance.h"
#include "error.h"
#include "files/file.h"
#include "process.h"
#include "support/error_sentence.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>

using namespace whirlygig;

namespace {

const std::string reference = "#include <vector>\n"
                              "int first() {\n"
                              "    // EXERCISE 1 first\n"
                              "    return 1;\n"
                              "    // END\n"
                              "}\n"
                              "int second() {\n"
                              "    // EXERCISE 2 second\n"
                              "    return 2;\n"
                              "    // END\n"
                              "}\n";

// What a compiler says to the composition, in which `first` is the learner's.
std::string compiled(const std::string& mine, const std::string& given) {
    TemporaryFolder folder;
    const std::string text =
        compose(parse_exercise_file("my/a.cpp", mine), parse_exercise_file("src/a.cpp", given),
                {"first"}, {"/project/my/a.cpp", "/project/src/a.cpp", "my/a.cpp", "src/a.cpp"});
    write_file(folder / "a.cpp", text);
    const std::string headers = std::string("-I") + WHIRLYGIG_ROOT + "/src";
    return run({.words = {WHIRLYGIG_COMPILER, "-std=c++20", "-fsyntax-only", headers,
                          (folder / "a.cpp").string()},
                .folder = folder.path,
                .environment = {{"LC_ALL", "C"}}})
        .output;
}

std::string with(std::string text, const std::string& piece, const std::string& other) {
    return text.replace(text.find(piece), piece.size(), other);
}

} // namespace

TEST(Compose, FillsInWhatIsNotTheLearners) {
    const std::string mine =
        with(with(reference, "return 1;", "return 10;"), "return 2;", "return 20;");
    const std::string text =
        compose(parse_exercise_file("my/a.cpp", mine), parse_exercise_file("src/a.cpp", reference),
                {"first"}, {"/p/my/a.cpp", "/p/src/a.cpp", "my/a.cpp", "src/a.cpp"});
    expect_contains(text, "#line 1 \"/p/my/a.cpp\"\n#include <vector>\n");
    expect_contains(text, "return 10;");
    EXPECT_EQ(text.find("return 20;"), std::string::npos);
    expect_contains(text, "#line 9 \"/p/src/a.cpp\"\n    return 2;\n#line 10 \"/p/my/a.cpp\"\n");
    expect_contains(text, "{\"first\", 1, true, \"my/a.cpp\", 4, \"" +
                              body_hash(parse_exercise_file("my/a.cpp", mine), "first") + "\"}");
    expect_contains(text, "{\"second\", 2, false, \"src/a.cpp\", 9, \"\"}");
}

TEST(Compose, CompilersNameTheFileAndLineThatABodyComesFrom) {
    EXPECT_EQ(compiled(reference, reference), "");
    // Two lines more above the body: line 6 of the learner's file.
    const std::string mine = with(reference, "int first", "int a;\nint b;\nint first");
    expect_contains(compiled(with(mine, "return 1;", "return unknown;"), reference),
                    "/project/my/a.cpp:6:");
    expect_contains(compiled(mine, with(reference, "return 2;", "return unknown;")),
                    "/project/src/a.cpp:9:");
    // What stands after a filled in body has the number of its own line again.
    expect_contains(compiled(mine + "unknown last;\n", reference), "/project/my/a.cpp:14:");
}

TEST(Compose, TheListOfBodiesCallsEveryFile) {
    const std::string text = composition_source(
        {{"fill", 0, "matrix.cpp", "", "", 1}, {"encode", 1, "text/tokenizer.cpp", "", "", 1}});
    expect_contains(text, "ExerciseBody fill();\nExerciseBody encode();\n");
    EXPECT_LT(text.find("composed::fill()"), text.find("composed::encode()"));
}

TEST(Balance, BracketsThatDoNotMatchAreFoundInTheirLine) {
    const auto imbalance = [](const std::string& body) -> std::string {
        const auto found = find_imbalance(
            parse_exercise_file("f", "// EXERCISE 1 first\n" + body + "// END\n"), "first");
        return found ? fmt::format("{}: {}", found->line + 1, found->sentence) : "";
    };
    EXPECT_EQ(imbalance("for (;;) {\n    m(1, 2) = v[3];\n}\n"), "");
    EXPECT_EQ(imbalance("text += '}'; // a } in a comment\ns = \"{\\\"\"; /* { \n ( */ n = 1'0;\n"),
              "");
    expect_contains(imbalance("a;\nfor (;;) {\n    b;\n"), "3: the { of this line is never closed");
    expect_contains(imbalance("a;\n}\n"), "3: this } closes nothing");
    expect_contains(imbalance("m(1, 2;\n{\n}\n}\n"), "5: here stands }, but the ( of line 2");
    EXPECT_EQ(imbalance("#if 0\n{\n#endif\n"), "");
}
