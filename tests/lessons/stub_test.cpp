#include "stub.h"

#include "files/file.h"

#include <gtest/gtest.h>

#include <filesystem>

using namespace whirlygig;

namespace {

const std::filesystem::path root = WHIRLYGIG_ROOT;

} // namespace

TEST(Stub, BodiesAreStillToBeWritten) {
    const ExerciseFile file = parse_exercise_file("src/linear.cpp", "#include \"linear.h\"\n"
                                                                    "\n"
                                                                    "#include \"product.h\"\n"
                                                                    "void f() {\n"
                                                                    "    // EXERCISE 4 f\n"
                                                                    "    one();\n"
                                                                    "    two();\n"
                                                                    "    // END\n"
                                                                    "}\n"
                                                                    "void g() {\n"
                                                                    "    // EXERCISE 5 g\n"
                                                                    "    // END\n"
                                                                    "}\n");
    EXPECT_EQ(make_stub(file), "#include \"linear.h\"\n"
                               "\n"
                               "#include \"error.h\"\n"
                               "#include \"product.h\"\n"
                               "void f() {\n"
                               "    // EXERCISE 4 f\n"
                               "    throw NotWrittenYet(\"f\", 4);\n"
                               "    // END\n"
                               "}\n"
                               "void g() {\n"
                               "    // EXERCISE 5 g\n"
                               "    throw NotWrittenYet(\"g\", 5);\n"
                               "    // END\n"
                               "}\n");
}

TEST(Stub, ResetTouchesNothingButTheOneBody) {
    const ExerciseFile reference =
        parse_exercise_file("src/a.cpp", "    // EXERCISE 1 one\n    int x;\n    // END\n");
    const ExerciseFile mine =
        parse_exercise_file("my/a.cpp", "int helper;\n  // EXERCISE 1 one\nint y;\nint z;\n//END\n"
                                        "int last;\n");
    EXPECT_EQ(with_stub_body(mine, reference, "one"),
              "int helper;\n  // EXERCISE 1 one\n    throw NotWrittenYet(\"one\", 1);\n//END\n"
              "int last;\n");
}

TEST(Stub, AFileThatIsOlderThanAnExerciseGetsIt) {
    const ExerciseFile reference = parse_exercise_file(
        "src/a.cpp", "    // EXERCISE 1 one\n    int x;\n    // END\n"
                     "    // EXERCISE 8 two\n    int y;\n    f(y);\n    // END\n");
    const std::string old = "#include \"a.h\"\n#include \"error.h\"\n"
                            "    // EXERCISE 1 one\n    my();\n    // END\n";
    const ExerciseFile mine =
        parse_exercise_file("my/a.cpp", old + "{\n    int y;\n    f(y);\n}\n");
    EXPECT_EQ(with_new_exercise(mine, reference, "two"),
              old + "{\n    // EXERCISE 8 two\n    throw NotWrittenYet(\"two\", 8);\n"
                    "    // END\n}\n");
    // Not where its lines were changed, stand twice, or stand in another exercise's body.
    for (const char* other :
         {"    int y;\n    g(y);\n", "    int y;\n    f(y);\n    int y;\n    f(y);\n",
          "    // EXERCISE 9 three\n    int y;\n    f(y);\n    // END\n"}) {
        const ExerciseFile changed = parse_exercise_file("my/a.cpp", old + other);
        EXPECT_EQ(with_new_exercise(changed, reference, "two"), std::nullopt) << other;
    }
}

// A stub is src/'s file without its bodies; build/learn stubs writes them anew.
TEST(Stub, ThoseInTheLessonsAreWhatWouldBeMade) {
    const std::vector<Lesson> lessons = read_lessons(root / "lessons" / "exercises.json");
    const std::vector<Exercise> exercises = all_exercises(lessons);
    for (const std::string& file : exercise_files(exercises)) {
        const ExerciseFile reference =
            parse_exercise_file("src/" + file, read_file(root / "src" / file));
        check_markers(reference, file, exercises);
        const std::filesystem::path stub =
            root / "lessons" / stub_folder(lessons, file) / std::filesystem::path(file).filename();
        EXPECT_EQ(read_file(stub), make_stub(reference))
            << stub << " differs from what build/learn stubs would write";
    }
}

TEST(Stub, EveryMarkedBodyIsAnExercise) {
    const std::vector<Exercise> exercises =
        all_exercises(read_lessons(root / "lessons" / "exercises.json"));
    std::size_t bodies = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / "src")) {
        if (entry.path().extension() != ".cpp") continue;
        bodies += parse_exercise_file(entry.path().string(), read_file(entry.path())).bodies.size();
    }
    EXPECT_EQ(bodies, exercises.size());
}
