// The program as a user meets it: what it prints, its exit status, and one clear sentence for every
// kind of bad input.
#include "files/file.h"
#include "files/safetensors.h"
#include "support/temporary_folder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

using whirlygig::read_file;
using whirlygig::write_file;

const std::string program = WHIRLYGIG_PROGRAM;
const std::string corpora = WHIRLYGIG_CORPORA;
const std::string oracle = std::string(WHIRLYGIG_TEST_DATA) + "/oracle/";

struct Result {
    int status = -1; // 1000 + the signal's number for a program that was killed
    std::string output, errors;
};

// Runs `whirlygig` with these arguments, as a shell reads them, before which `prefix` may set
// limits.
Result run(const std::string& arguments, const std::string& prefix = "") {
    const TemporaryFolder folder;
    const std::string out = folder / "out", err = folder / "err";
    const std::string command =
        fmt::format("{} \"{}\" {} >{} 2>{} </dev/null", prefix, program, arguments, out, err);
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status), read_file(out),
            read_file(err)};
}

void expect_refused(const std::string& arguments, const std::string& sentence_part,
                    const std::string& prefix = "") {
    const Result result = run(arguments, prefix);
    EXPECT_EQ(result.status, 1) << arguments << "\n" << result.errors;
    EXPECT_NE(result.errors.find(sentence_part), std::string::npos)
        << arguments << "\nsays: " << result.errors << "lacks: " << sentence_part;
    EXPECT_EQ(std::count(result.errors.begin(), result.errors.end(), '\n'), 1) << result.errors;
    EXPECT_TRUE(result.errors.starts_with("whirlygig: ")) << result.errors;
}

std::string quick_training(const std::string& out) {
    return fmt::format("train --corpus {}/creatures --out {} --steps 6 --batch 4 --seed 7 ",
                       corpora, out);
}

TEST(Command, HelpListsTheCommands) {
    const Result result = run("--help");
    EXPECT_EQ(result.status, 0);
    for (const char* name : {"train", "generate", "step", "trace", "heads", "count", "corpus"}) {
        EXPECT_NE(result.output.find(name), std::string::npos) << name;
    }
    EXPECT_EQ(run("train --help").status, 0);
}

TEST(Command, TrainsGeneratesAndSteps) {
    const TemporaryFolder folder;
    const std::string model = folder / "model";
    const Result trained = run(quick_training(model));
    ASSERT_EQ(trained.status, 0) << trained.errors;
    EXPECT_NE(trained.output.find("step 6/6"), std::string::npos) << trained.output;
    EXPECT_EQ(trained.output.find('\x1b'), std::string::npos) << "no control codes in a file";
    const std::string say = "generate --model " + model + " --prompt \"the blue\" --count 3";
    const Result first = run(say), second = run(say);
    EXPECT_EQ(first.status, 0) << first.errors;
    EXPECT_TRUE(first.output.starts_with("the blue")) << first.output;
    EXPECT_EQ(first.output, second.output) << "the same seed gives the same text";
    const Result step = run("step --model " + model + " --text \"the blue creature\" --backward");
    EXPECT_EQ(step.status, 0) << step.errors;
    for (const char* part : {"block.0.head.1.attention_weights", "gradient.embedding.token_table",
                             "−∞", "creature", "loss"}) {
        EXPECT_NE(step.output.find(part), std::string::npos) << part;
    }
    EXPECT_EQ(step.output.find('\x1b'), std::string::npos) << "no colours in a file";
}

TEST(Command, TrainsTheSameBitsOnOneAndTwoThreadsAndWhenResumed) {
    const TemporaryFolder folder;
    const auto bytes = [&](const char* name) {
        return read_file(folder / name / "model.safetensors");
    };
    ASSERT_EQ(run(quick_training(folder / "one") + "--threads 1").status, 0);
    ASSERT_EQ(run(quick_training(folder / "two") + "--threads 2").status, 0);
    EXPECT_TRUE(bytes("one") == bytes("two"));
    // The snapshot of step 4 is a whole run: put in the place of the run, it is resumed.
    ASSERT_EQ(run(quick_training(folder / "three") + "--snapshot-every 4").status, 0);
    std::filesystem::copy_file(folder / "three" / "snapshots/4.safetensors",
                               folder / "three" / "training.safetensors",
                               std::filesystem::copy_options::overwrite_existing);
    const Result resumed = run(fmt::format("train --resume --out {}", (folder / "three").string()));
    ASSERT_EQ(resumed.status, 0) << resumed.errors;
    EXPECT_TRUE(bytes("one") == bytes("three"));
}

// Starts a long training, interrupts it as ctrl-C does, and goes on.
TEST(Command, CtrlCSavesAndSaysHowToResume) {
    const TemporaryFolder folder;
    const std::string model = folder / "model", log = folder / "log";
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        const int file = open(log.c_str(), O_WRONLY | O_CREAT, 0600);
        dup2(file, 1);
        const std::string corpus = corpora + "/creatures";
        execl(program.c_str(), program.c_str(), "train", "--corpus", corpus.c_str(), "--out",
              model.c_str(), "--steps", "1000000", nullptr);
        _exit(127);
    }
    for (int wait = 0; wait < 200; ++wait) { // until the first step was reported
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        if (std::filesystem::exists(log) && read_file(log).find("step 1/") != std::string::npos)
            break;
    }
    kill(child, SIGINT);
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 130);
    const std::string said = read_file(log);
    EXPECT_NE(said.find("whirlygig train --resume --out"), std::string::npos) << said;
    EXPECT_TRUE(std::filesystem::exists(model + "/training.safetensors"));
    EXPECT_EQ(run("generate --model " + model).status, 0);
}

TEST(Command, AFolderThatHoldsAModelIsNotOverwritten) {
    const TemporaryFolder folder;
    const std::string model = folder / "model";
    ASSERT_EQ(run(quick_training(model)).status, 0);
    const std::string before = read_file(model + "/model.safetensors");
    expect_refused(quick_training(model), "--resume");
    EXPECT_TRUE(read_file(model + "/model.safetensors") == before) << "it was replaced";
    expect_refused("train --resume --out " + model, "made all its 6 steps");
    EXPECT_EQ(run(quick_training(model) + "--force --width 16").status, 0);
    EXPECT_TRUE(read_file(model + "/model.safetensors") != before) << "nothing was replaced";
}

TEST(Command, TraceWritesAModelFromElsewhere) {
    const TemporaryFolder folder;
    const std::string file = folder / "trace.safetensors";
    const Result result = run(fmt::format("trace --model {}gpt2_layout_f16_tied --ids 3,0,12,3,7 "
                                          "--backward --out {}",
                                          oracle, file));
    EXPECT_EQ(result.status, 0) << result.errors;
    EXPECT_TRUE(whirlygig::SafetensorsFile::read(file).has("gradient.block.1.head.1.scores"));
}

// A copy of a trace file in which one score is another.
void plant_wrong_score(const std::string& from, const std::string& to) {
    const auto file = whirlygig::SafetensorsFile::read(from);
    std::vector<std::vector<float>> numbers;
    std::vector<whirlygig::TensorToWrite> tensors;
    for (const std::string& name : file.names()) {
        numbers.emplace_back(file.entry(name).count());
        file.read_into(name, std::span(numbers.back()));
        if (name == "block.0.head.1.scores") numbers.back().at(2 * 3 + 1) = 12.25f;
        tensors.push_back(
            whirlygig::tensor_to_write(name, file.entry(name).shape, std::span(numbers.back())));
    }
    whirlygig::write_safetensors(to, tensors, file.metadata());
}

TEST(Command, TraceComparesAPassWithAFile) {
    const TemporaryFolder folder;
    const std::string model = folder / "model", file = folder / "right", wrong = folder / "wrong";
    ASSERT_EQ(run(quick_training(model)).status, 0);
    const std::string trace = "trace --model " + model;
    const std::string text = " --text \"the blue creature\"";
    ASSERT_EQ(run(trace + text + " --backward --out " + file).status, 0);
    const Result same = run(trace + text + " --compare " + file);
    EXPECT_EQ(same.status, 0) << same.errors;
    EXPECT_NE(same.output.find("No number differs in any of "), std::string::npos) << same.output;
    plant_wrong_score(file, wrong);
    const Result other = run(trace + " --compare " + wrong); // of the text in the file
    EXPECT_EQ(other.status, 1);
    EXPECT_EQ(other.errors, "");
    for (const char* part : {"(Block 0, head 1: scores)", "(“creature”)", "(“blue”)", "12.25 there",
                             "1 of 9", "--stage block.0.head.1.scores --cell 2,1"}) {
        EXPECT_NE(other.output.find(part), std::string::npos) << part << "\n" << other.output;
    }
    // 12.25 is further off than the largest score there is, but not than 1000 times as much.
    EXPECT_EQ(run(trace + " --tolerance 1 --compare " + wrong).status, 1);
    EXPECT_EQ(run(trace + " --tolerance 1000 --compare " + wrong).status, 0);
    expect_refused(trace + " --tolerance -1 --compare " + file, "tolerance is -1");
    const std::string third = folder / "third";
    ASSERT_EQ(run(quick_training(third) + "--learning-rate 0.02").status, 0);
    const std::string of_third = "trace --model " + third + " --compare " + file;
    expect_refused(of_third, file + " was made with other parameters than this model has");
    EXPECT_EQ(run(of_third).output, "");
    expect_refused(trace + " --text \"the blue dragon\" --compare " + file, "another text");
    expect_refused(trace + " --compare " + model + "/model.safetensors", "no trace");
    expect_refused(trace + text, "--compare");
}

TEST(Command, BadInputGetsOneClearSentence) {
    const TemporaryFolder folder;
    const std::string model = "--model " + oracle + "gpt2_layout_f32 ";
    const std::string out = " --out " + (folder / "m").string();
    expect_refused("", "say what to do");
    expect_refused("count --preset gpt2 and more", "too many");
    expect_refused("dance", "dance");
    expect_refused("train --corpus nowhere" + out, "nowhere");
    expect_refused("train --corpus " + corpora + "/creatures", "--out");
    expect_refused("train" + out, "--corpus");
    expect_refused("train --corpus /dev/zero" + out, "/dev/zero");
    write_file(folder / "empty.txt", "");
    expect_refused("train --corpus " + (folder / "empty.txt").string() + out, "empty");
    write_file(folder / "latin.txt", "a text in Latin-1: \xe4\xf6\xfc and more of it");
    expect_refused("train --corpus " + (folder / "latin.txt").string() + out, "UTF-8");
    std::filesystem::create_directory(folder / "one");
    write_file(folder / "one" / "train.txt", "word\n");
    write_file(folder / "one" / "held_out.txt", "word\n");
    expect_refused("train --tokenizer words --corpus " + (folder / "one").string() + out, "token");
    const std::string train = "train --corpus " + corpora + "/creatures" + out;
    expect_refused(train + " --heads 5", "5 heads do not divide the width 32");
    expect_refused(train + " --width 0", "width");
    expect_refused(train + " --width 999999999", "width");
    expect_refused(train + " --steps -3", "steps");
    expect_refused(train + " --learning-rate nan", "learning_rate");
    expect_refused(train + " --optimizer newton", "optimizer");
    expect_refused(train + " --context 1", "context");
    expect_refused(train + " --resume --force", "--force");
    EXPECT_FALSE(std::filesystem::exists(folder / "m")) << "nothing may be left behind";
    expect_refused("generate --model nowhere", "nowhere");
    expect_refused("generate " + model + "--prompt xyzzy", "xyzzy");
    expect_refused("generate " + model + "--temperature -1", "temperature");
    expect_refused("step " + model + "--ids 1,2,99", "99");
    expect_refused("step " + model + "--ids 1,2,3,4,5,6,7,8,9,1", "context is 9");
    expect_refused("step " + model + "--ids 1,2,3 --stage nonsense", "nonsense");
    expect_refused("step " + model + "--ids 1,2,3 --stage logits --cell 9,9", "");
    expect_refused("step " + model + "--ids 1,2 --digits 0", "digits");
    expect_refused("step " + model + "--ids 1 --backward", "two tokens");
    expect_refused("step " + model + "--text '\xff\xfe'", "UTF-8");
    expect_refused("step " + model, "--text");
    expect_refused("trace " + model + "--ids 1,2 --out /nowhere/at/all", "/nowhere");
    expect_refused("heads " + model + "--corpus nowhere", "nowhere");
    expect_refused("count --preset gpt9", "gpt3");
    expect_refused("count", "");
    expect_refused("corpus nowhere", "nowhere");
}

// A disk that is full, as a limit on the size of files: what was there stays.
TEST(Command, AFullDiskLosesNothing) {
    const TemporaryFolder folder;
    const std::string model = folder / "model";
    ASSERT_EQ(run(quick_training(model)).status, 0);
    const std::string before = read_file(model + "/training.safetensors");
    const std::string full = "ulimit -f 8; trap '' XFSZ;";
    expect_refused("train --resume --steps 9 --out " + model, model, full);
    EXPECT_TRUE(read_file(model + "/training.safetensors") == before) << "it was replaced";
    EXPECT_EQ(run("generate --model " + model).status, 0);
    expect_refused(fmt::format("trace --model {} --text \"the blue creature\" --backward --out {}",
                               model, (folder / "t").string()),
                   "t", full);
    EXPECT_FALSE(std::filesystem::exists(folder / "t"));
}

} // namespace
