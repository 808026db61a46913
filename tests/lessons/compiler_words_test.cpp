#include "compiler_words.h"

#include "files/file.h"
#include "support/error_sentence.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>

using namespace whirlygig;

namespace {

// A project with a file of the learner's, whose second line is `x = y`.
struct Project {
    TemporaryFolder folder;
    Places places{folder.path, folder.path / "my", folder.path / "c", folder.path / "p"};
    std::string file = (folder.path / "my" / "a.cpp").string();

    Project() {
        std::filesystem::create_directories(places.my);
        write_file(file, "first\n    x = y\nthird\n");
    }
};

} // namespace

TEST(CompilerWords, TheFirstErrorIsShownWithItsLine) {
    const Project project;
    EXPECT_EQ(compiler_words("[1/2] Building\nFAILED: a.o\n" + project.file +
                                 ":2:10: error: expected ';' before '}' token\n" + project.file +
                                 ":3:1: error: another\n",
                             project.places),
              "my/a.cpp:2\n    x = y\nThe compiler says: expected ';' before '}' token\nA "
              "semicolon is missing, here or at the end of the line above.\n");
}

TEST(CompilerWords, AMissingSemicolonIsShownWhereItIsMissing) {
    const Project project;
    expect_contains(compiler_words(project.file + ":3:1: error: expected ',' or ';' before "
                                                  "'third'\n",
                                   project.places),
                    "my/a.cpp:2\n    x = y\n");
    expect_contains(
        compiler_words(project.file + ":2:7: error: expected ';' before 'y'\n", project.places),
        "my/a.cpp:2\n    x = y\n");
}

TEST(CompilerWords, TheUsualErrorsHaveAPlainSentence) {
    const Project project;
    const auto words = [&project](const std::string& message) {
        return compiler_words(project.file + ":2:1: error: " + message + "\n", project.places);
    };
    expect_contains(words("'scors' was not declared in this scope"), "does not know this name");
    expect_contains(words("use of undeclared identifier 'scors'"), "does not know this name");
    expect_contains(words("cannot convert 'Matrix' to 'float' in assignment"),
                    "A value of one type stands where another type is needed.");
    expect_contains(words("no return statement in function returning non-void "
                          "[-Werror=return-type]"),
                    "without a return");
    expect_contains(words("a function-definition is not allowed here before '{' token"),
                    "A } is missing");
    expect_contains(words("too few arguments to function 'f'"), "wrong arguments");
    expect_contains(words("assignment of read-only location"), "only to be read");
    expect_contains(words("no match for 'operator[]' (operand types are 'Matrix' and 'int')"),
                    "Square brackets do not fit here");
    expect_contains(words("invalid use of non-static member function 'int f()'"),
                    "write () behind it");
    expect_contains(words("comparison of integer expressions of different signedness: 'int' and "
                          "'std::size_t'"),
                    "count with std::size_t");
}

TEST(CompilerWords, TypesAreNamedAsTheLessonsNameThem) {
    const Project project;
    const std::string matrix =
        "boost::numeric::ublas::matrix<float, boost::numeric::ublas::basic_row_major<>, "
        "std::vector<float, boost::alignment::aligned_allocator<float, 64> > >";
    const auto words = [&project](const std::string& message) {
        return compiler_words(project.file + ":2:1: error: " + message + "\n", project.places);
    };
    expect_contains(words("'using Matrix = class " + matrix + "' {aka 'class " + matrix +
                          "'} has no member named 'rows'"),
                    "says: 'Matrix' has no member named 'rows'\n");
    expect_contains(words("cannot convert 'const whirlygig::Matrix' {aka 'const " + matrix +
                          "'} to 'std::size_t' {aka 'long unsigned int'}"),
                    "says: cannot convert 'const Matrix' to 'std::size_t'\n");
    expect_contains(
        words("bad 'std::map<std::__cxx11::basic_string<char>, int, std::less<void> >'"),
        "says: bad 'std::map<std::string, int>'\n");
}

TEST(CompilerWords, AnErrorInAHeaderIsShownWhereTheLearnersLineAskedForIt) {
    const Project project;
    expect_contains(compiler_words("/usr/ublas.h: In instantiation of 'T f()':\n" + project.file +
                                       ":2:7:   required from here\n/usr/ublas.h:9:2: error: no "
                                       "match for 'operator+'\n",
                                   project.places),
                    "my/a.cpp:2\n    x = y\nThe compiler says: no match for 'operator+'\n");
}

TEST(CompilerWords, LinkersAndFullDisksAreUnderstood) {
    const Project project;
    expect_contains(compiler_words("/usr/bin/ld: a.o: in function `f':\n" + project.file +
                                       ":2: undefined reference to `helper(int)'\n",
                                   project.places),
                    "my/a.cpp:2\n    x = y\nNobody defines helper(int)");
    expect_contains(
        compiler_words("ld: multiple definition of `helper()'; first\n", project.places),
        "helper() is defined twice");
    expect_contains(compiler_words("fatal error: error writing to /x.s: No space left on device\n",
                                   project.places),
                    "The disk is full");
    expect_contains(compiler_words("CMake Error: could not find Boost\n", project.places),
                    "could not find Boost");
}

TEST(CompilerWords, WarningsAboutOtherFilesAreNotTheLearners) {
    const Project project;
    const auto any = [](const NamedLine&) { return true; };
    EXPECT_EQ(warning_words("/usr/x.h:1:1: warning: unused\n", project.places, any), "");
    expect_contains(
        warning_words(project.file + ":2:1: warning: unused variable 'z'\n", project.places, any),
        "my/a.cpp:2");
}

TEST(CompilerWords, TheFirstWarningThatMattersIsShown) {
    const Project project;
    const std::string output = project.file + ":1:1: warning: unused variable 'y'\n" +
                               project.file + ":2:1: warning: unused variable 'z'\n";
    const auto only = [](std::size_t wanted) {
        return [wanted](const NamedLine& line) { return line.line == wanted; };
    };
    expect_contains(warning_words(output, project.places, only(2)), "my/a.cpp:2");
    EXPECT_EQ(warning_words(output, project.places, only(3)), "");
}
