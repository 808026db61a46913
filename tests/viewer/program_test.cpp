// whirlygig-viewer as a user starts it, without a display.
#include "files/file.h"
#include "files/safetensors.h"
#include "support/temporary_folder.h"
#include "window/picture_file.h"

#include <fmt/format.h>
#include <gif_lib.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <sys/wait.h>

using namespace whirlygig;

namespace {

struct Result {
    int status = -1;
    std::string output, errors;
};

// Starts the viewer with settings of its own and no display.
Result run(const std::string& arguments) {
    const TemporaryFolder folder;
    const std::string out = folder / "out", err = folder / "err";
    const std::string command = fmt::format(
        "env -u DISPLAY -u WAYLAND_DISPLAY XDG_CONFIG_HOME=\"{}\" \"{}\" {} >{} 2>{} </dev/null",
        folder.path.string(), WHIRLYGIG_VIEWER, arguments, out, err);
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 1000, read_file(out), read_file(err)};
}

int frames_in(const std::filesystem::path& file) {
    GifFileType* gif = DGifOpenFileName(file.c_str(), nullptr);
    if (!gif) return -1;
    const int frames = DGifSlurp(gif) == GIF_OK ? gif->ImageCount : -1;
    DGifCloseFile(gif, nullptr);
    return frames;
}

// How different two pictures are: pixels that are not the same.
std::size_t different_pixels(const Picture& one, const Picture& other) {
    std::size_t count = 0;
    for (std::size_t at = 0; at + 3 < one.pixels.size(); at += 4) {
        if (!std::equal(&one.pixels[at], &one.pixels[at] + 3, &other.pixels[at])) ++count;
    }
    return count;
}

void expect_refused(const std::string& arguments, const std::string& part) {
    const Result result = run(arguments);
    EXPECT_EQ(result.status, 1) << arguments;
    EXPECT_NE(result.errors.find(part), std::string::npos) << result.errors;
    EXPECT_EQ(std::count(result.errors.begin(), result.errors.end(), '\n'), 1) << result.errors;
}

TEST(ViewerProgram, SaysWhatIsWrongInOneSentence) {
    expect_refused("", "there is no display");
    expect_refused("--shot x.png --size big", "--size is big");
    expect_refused("--shot x.png --scene opera", "--scene is opera");
    expect_refused("--shot x.png --stage block.0.head.9.scores", "block.0.head");
    expect_refused("--shot x.png --model /nowhere", "/nowhere");
    expect_refused("--shot x.png --text 'the purple creature'", "purple");
    expect_refused("--shot /nowhere/x.png", "/nowhere/x.png");
    expect_refused("--script /nowhere/x.script", "/nowhere/x.script");
}

TEST(ViewerProgram, ShootsEverySceneInTheSizeThatWasAskedFor) {
    const TemporaryFolder folder;
    std::vector<Picture> pictures;
    for (const char* scene : {"model", "stages", "training"}) {
        const auto file = folder / "picture.png";
        const Result result =
            run(fmt::format("--scene {} --size 1000x640 --shot {}", scene, file.string()));
        ASSERT_EQ(result.status, 0) << result.errors;
        pictures.push_back(read_png(file));
        EXPECT_EQ(pictures.back().width, 1000);
        EXPECT_EQ(pictures.back().height, 640);
    }
    EXPECT_GT(different_pixels(pictures[0], pictures[1]), 20000u);
    EXPECT_GT(different_pixels(pictures[1], pictures[2]), 20000u);
}

TEST(ViewerProgram, PlaysAStageAndATrainingIntoAnimations) {
    const TemporaryFolder folder;
    const auto file = folder / "play.gif";
    Result result =
        run(fmt::format("--stage block.0.head.1.scores --size 800x500 --play {}", file.string()));
    ASSERT_EQ(result.status, 0) << result.errors;
    EXPECT_GT(frames_in(file), 20);
    result = run(fmt::format("--scene training --size 800x500 --play {}", file.string()));
    ASSERT_EQ(result.status, 0) << result.errors;
    EXPECT_GT(frames_in(file), 60);
}

TEST(ViewerProgram, ExportsWhatIsOnTheScreen) {
    const TemporaryFolder folder;
    const std::string to = (folder / "made").string();
    write_file(folder / "script",
               fmt::format("click \"Settings\"\nclick \"Export folder\"\nkey Ctrl+A\ntype \"{}\"\n"
                           "key Enter\nclick \"Picture\"\nwait 2\nclick \"Trace\"\nwait 2\n"
                           "click \"Record\"\nclick \"Close##settings\"\nclick \"Play\"\n"
                           "wait 40\nkey g\nwait 2\nkey e\nwait 2\n",
                           to));
    const Result result = run(
        fmt::format("--size 1000x640 --scene stages --script {}", (folder / "script").string()));
    ASSERT_EQ(result.status, 0) << result.errors;
    const std::filesystem::path made = to;
    EXPECT_EQ(read_png(made / "picture-1.png").width, 1000);
    EXPECT_GT(different_pixels(read_png(made / "picture-1.png"), read_png(made / "picture-2.png")),
              1000u);
    EXPECT_GE(frames_in(made / "animation-1.gif"), 5);
    const SafetensorsFile trace = SafetensorsFile::read(made / "trace-1.safetensors");
    EXPECT_EQ(trace.entry("probabilities").shape.size(), 2u);
}

} // namespace
