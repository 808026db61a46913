// A training run's folder: resumed to the same bits, and whole at every moment.
#include "files/file.h"
#include "support/error_sentence.h"
#include "support/temporary_folder.h"
#include "text/corpus.h"
#include "training/trainer.h"
#include "training/training_data.h"
#include "training/training_folder.h"
#include "training/training_run.h"

#include <gtest/gtest.h>

#include <cmath>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace whirlygig;

Recipe small_recipe(OptimizerKind kind) {
    Recipe recipe;
    recipe.tokenizer = TokenizerKind::words;
    recipe.context = 20;
    recipe.width = 6;
    recipe.heads = 2;
    recipe.layers = 1;
    recipe.hidden = 5;
    recipe.steps = 12;
    recipe.batch = 3;
    recipe.warm_up = 4;
    recipe.optimizer.kind = kind;
    recipe.evaluate_every = 4;
    return recipe;
}

Corpus creatures() {
    return read_corpus(std::string(WHIRLYGIG_CORPORA) + "/creatures");
}

// Trains on to a step, with so many threads.
void train_to(TrainingRun& run, const Corpus& corpus, std::uint64_t step, std::size_t threads) {
    const ExampleSource source = make_source(corpus, *run.wording.tokenizer, run.state.recipe);
    const std::vector<Example> held_out =
        make_held_out(corpus, *run.wording.tokenizer, run.state.recipe);
    Trainer trainer(run.state, threads);
    while (run.state.step < step) {
        const StepResult result = trainer.step(source);
        if (is_evaluation_due(run.state)) trainer.record(result, held_out);
    }
}

TEST(TrainingFolder, ARunThatWasStoppedAndResumedGivesTheSameBits) {
    const Corpus corpus = creatures();
    for (const OptimizerKind kind : {OptimizerKind::gradient_descent, OptimizerKind::momentum,
                                     OptimizerKind::adam, OptimizerKind::adamw}) {
        for (const std::uint64_t stop : {1, 5, 11}) {
            const TemporaryFolder folder;
            TrainingRun whole = start_run(corpus, "creatures", small_recipe(kind), 3);
            train_to(whole, corpus, 12, 1);
            TrainingRun first = start_run(corpus, "creatures", small_recipe(kind), 3);
            train_to(first, corpus, stop, 2);
            save_training(folder.path, first);
            TrainingRun resumed = read_training(folder.path);
            check_same_corpus(resumed, corpus);
            EXPECT_EQ(resumed.state.step, stop);
            train_to(resumed, corpus, 12, 2);
            EXPECT_EQ(hash_parameters(resumed.state.model.parameters),
                      hash_parameters(whole.state.model.parameters));
            ASSERT_EQ(resumed.state.history.size(), whole.state.history.size());
            for (std::size_t row = 0; row < whole.state.history.size(); ++row) {
                EXPECT_EQ(resumed.state.history[row].held_out_loss,
                          whole.state.history[row].held_out_loss);
                EXPECT_EQ(resumed.state.history[row].loss, whole.state.history[row].loss);
            }
        }
    }
}

TEST(TrainingFolder, ARunWithoutAPartIsResumedToTheSameBits) {
    const Corpus corpus = creatures();
    for (const WithoutName& part : without_names) {
        SCOPED_TRACE(part.name);
        Recipe recipe = small_recipe(OptimizerKind::adamw);
        recipe.without = part.part;
        const TemporaryFolder folder;
        TrainingRun whole = start_run(corpus, "creatures", recipe, 3);
        train_to(whole, corpus, 12, 1);
        TrainingRun first = start_run(corpus, "creatures", recipe, 3);
        train_to(first, corpus, 5, 2);
        save_training(folder.path, first);
        TrainingRun resumed = read_training(folder.path);
        train_to(resumed, corpus, 12, 2);
        EXPECT_EQ(resumed.state.model.config.without, part.part);
        EXPECT_EQ(hash_parameters(resumed.state.model.parameters),
                  hash_parameters(whole.state.model.parameters));
        EXPECT_LT(whole.state.history.back().loss, whole.state.history.front().loss);
    }
}

TEST(TrainingFolder, ASaveBeforeTheFirstStepCanBeResumed) {
    const TemporaryFolder folder;
    const Corpus corpus = creatures();
    save_training(folder.path,
                  start_run(corpus, "creatures", small_recipe(OptimizerKind::adam), 1));
    TrainingRun resumed = read_training(folder.path);
    train_to(resumed, corpus, 12, 1);
    TrainingRun whole = start_run(corpus, "creatures", small_recipe(OptimizerKind::adam), 1);
    train_to(whole, corpus, 12, 1);
    EXPECT_EQ(hash_parameters(resumed.state.model.parameters),
              hash_parameters(whole.state.model.parameters));
}

TEST(TrainingFolder, TheFolderIsAModelWithACsvAndSnapshots) {
    const TemporaryFolder folder;
    const Corpus corpus = creatures();
    TrainingRun run = start_run(corpus, "creatures", small_recipe(OptimizerKind::adamw), 1);
    train_to(run, corpus, 8, 1);
    save_snapshot(folder.path, run);
    train_to(run, corpus, 12, 1);
    save_training(folder.path, run);
    const ModelFolder model = read_model_folder(folder.path);
    EXPECT_EQ(hash_parameters(model.model->parameters),
              hash_parameters(run.state.model.parameters));
    EXPECT_EQ(model.wording.label(*model.wording.first_token), "the");
    EXPECT_EQ(model.wording.label(*model.wording.last_token), ".");
    const std::string csv = read_file(folder / "training.csv");
    EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 1 + 4); // steps 1, 4, 8 and 12
    EXPECT_TRUE(std::filesystem::exists(folder / "snapshots/8.safetensors"));
    remove_training(folder.path);
    EXPECT_FALSE(holds_model(folder.path));
}

TEST(TrainingFolder, AnotherCorpusIsRefused) {
    Corpus corpus = creatures();
    const TrainingRun run = start_run(corpus, "c", small_recipe(OptimizerKind::adam), 1);
    corpus.train[7] += " the";
    expect_contains(error_sentence([&] { check_same_corpus(run, corpus); }), "not as it was");
}

TEST(TrainingFolder, ABrokenTrainingFileIsRefused) {
    const TemporaryFolder folder;
    const Corpus corpus = creatures();
    TrainingRun run = start_run(corpus, "creatures", small_recipe(OptimizerKind::adam), 1);
    train_to(run, corpus, 2, 1);
    expect_contains(error_sentence([&] { read_training(folder.path); }), "no training run");
    save_training(folder.path, run);
    const std::string whole = read_file(folder / "training.safetensors");
    // The model's file has the same tensors, but says nothing of a run.
    write_file(folder / "training.safetensors", read_file(folder / "model.safetensors"));
    expect_contains(error_sentence([&] { read_training(folder.path); }), "no training file");
    for (std::size_t size = 0; size < whole.size(); size += 97) {
        write_file(folder / "training.safetensors", whole.substr(0, size));
        expect_contains(error_sentence([&] { read_training(folder.path); }),
                        "training.safetensors");
    }
}

// A child saves run after run; it is killed at a random moment. The folder must then hold a run
// that can be resumed, and a model that can be read, and both must be one of those that were saved.
TEST(TrainingFolder, AKillAtAnyMomentOfASaveLosesNothing) {
    const Corpus corpus = creatures();
    std::vector<TrainingRun> runs;
    std::vector<std::uint64_t> hashes;
    for (const std::uint64_t step : {1, 2, 3}) {
        runs.push_back(start_run(corpus, "c", small_recipe(OptimizerKind::adam), 1));
        train_to(runs.back(), corpus, step, 1);
        hashes.push_back(hash_parameters(runs.back().state.model.parameters));
    }
    Random random(5);
    for (int round = 0; round < 30; ++round) {
        const TemporaryFolder folder;
        save_training(folder.path, runs[0]);
        const pid_t child = fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            for (std::size_t next = 1;; next = (next + 1) % runs.size()) {
                save_training(folder.path, runs[next]);
            }
        }
        usleep(static_cast<useconds_t>(random.below(30'000)));
        kill(child, SIGKILL);
        waitpid(child, nullptr, 0);
        const TrainingRun run = read_training(folder.path);
        ASSERT_GE(run.state.step, 1U);
        ASSERT_LE(run.state.step, 3U);
        EXPECT_EQ(hash_parameters(run.state.model.parameters), hashes[run.state.step - 1]);
        const std::uint64_t model =
            hash_parameters(read_model_folder(folder.path).model->parameters);
        EXPECT_TRUE(std::count(hashes.begin(), hashes.end(), model) == 1);
    }
}

} // namespace
