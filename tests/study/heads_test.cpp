#include "study/heads.h"

#include "support/expect.h"
#include "support/matrices.h"
#include "support/plain_model.h"
#include "support/small_model.h"
#include "training/batch.h"

#include <cmath>

using namespace whirlygig;
using namespace support;

namespace {

const Config config{
    .vocabulary = 7, .context = 9, .width = 6, .heads = 2, .hidden = 5, .layers = 2, .tied = false};

Model random_model() {
    Random random(21);
    return support::random_model(random, config);
}

// Sequences of different lengths, one of them a single token; some targets do not count.
std::vector<Example> some_examples() {
    Random random(22);
    std::vector<Example> examples;
    for (const std::size_t tokens : {6, 1, 9, 4}) {
        Example& example = examples.emplace_back();
        example.ids = random_ids(random, tokens, config.vocabulary);
        example.targets = random_ids(random, tokens, config.vocabulary);
        for (std::size_t place = 0; place < tokens; ++place)
            example.weights.push_back(place % 3 == 1 ? 0.0 : 0.5 + static_cast<double>(place));
    }
    return examples;
}

Study study(const Model& model, Ablation ablation) {
    return study_heads(std::make_shared<const Model>(model), some_examples(), ablation);
}

const HeadStudy& find(const Study& study, std::size_t block, std::size_t head) {
    for (const HeadStudy& found : study.heads) {
        if (found.block == block && found.head == head) return found;
    }
    throw std::runtime_error("no such head");
}

double trainers_loss(const Model& model) {
    Workers workers(1);
    return batch_loss(model, some_examples(), workers).mean;
}

// The rows of the output weights that the head's mixed values meet.
void clear_output_rows(Model& model, std::size_t block, std::size_t head) {
    Matrix& weights = model.parameters.blocks[block].attention.output.weights;
    for (std::size_t row = head * config.head_width(); row < (head + 1) * config.head_width();
         ++row) {
        for (std::size_t column = 0; column < weights.size2(); ++column)
            weights(row, column) = 0;
    }
}

// The mean of the head's mixed values over all places, from ordinary passes.
std::vector<double> mean_mixed(const Model& model, std::size_t block, std::size_t head) {
    std::vector<double> mean(config.head_width());
    double places = 0;
    for (const Example& example : some_examples()) {
        const plain::Named stages =
            plain::decoder(plain::by_name(model.parameters), config, example.ids, example.targets);
        const Grid& mixed = stages.at(fmt::format("block.{}.head.{}.mixed", block, head));
        for (const auto& row : mixed) {
            ++places;
            for (std::size_t column = 0; column < row.size(); ++column)
                mean[column] += row[column];
        }
    }
    for (double& number : mean)
        number /= places;
    return mean;
}

constexpr double tolerance = real_is_double ? 1e-12 : 1e-5;

} // namespace

TEST(Heads, TheBaseLossIsTheTrainers) {
    const Model model = random_model();
    const Study result = study(model, Ablation::mean);
    EXPECT_NEAR(result.loss, trainers_loss(model), 1e-12);
    EXPECT_EQ(result.sequences, 4u);
    EXPECT_EQ(result.targets, 4u + 1u + 6u + 3u); // every third place from 1 on does not count
}

TEST(Heads, WithoutAHeadIsWithoutItsRowsOfTheOutputWeights) {
    const Model model = random_model();
    const Study result = study(model, Ablation::zero);
    ASSERT_EQ(result.heads.size(), 4u);
    for (std::size_t b = 0; b < 2; ++b) {
        for (std::size_t h = 0; h < 2; ++h) {
            Model without = model;
            clear_output_rows(without, b, h);
            const double expected = trainers_loss(without);
            EXPECT_NEAR(find(result, b, h).loss_without, expected, tolerance);
            EXPECT_GT(std::abs(expected - result.loss), 100 * tolerance); // it does matter
        }
    }
}

TEST(Heads, TheMeanIsWhatTheHeadSaysAnyway) {
    // Rows of 0 and what the rows would make of the mean, in the bias instead.
    const Model model = random_model();
    const Study result = study(model, Ablation::mean);
    for (std::size_t b = 0; b < 2; ++b) {
        for (std::size_t h = 0; h < 2; ++h) {
            Model without = model;
            const std::vector<double> mean = mean_mixed(model, b, h);
            LinearParameters& output = without.parameters.blocks[b].attention.output;
            for (std::size_t column = 0; column < config.width; ++column) {
                double said = 0;
                for (std::size_t i = 0; i < mean.size(); ++i)
                    said += mean[i] * output.weights(h * config.head_width() + i, column);
                output.bias(column) += static_cast<Real>(said);
            }
            clear_output_rows(without, b, h);
            const double expected = trainers_loss(without);
            EXPECT_NEAR(find(result, b, h).loss_without, expected, tolerance);
            EXPECT_GT(std::abs(expected - find(study(model, Ablation::zero), b, h).loss_without),
                      100 * tolerance);
        }
    }
}

TEST(Heads, AHeadThatSaysNothingIsNotMissed) {
    Model model = random_model();
    clear_output_rows(model, 0, 1);
    for (const Ablation ablation : {Ablation::mean, Ablation::zero}) {
        const Study result = study(model, ablation);
        EXPECT_EQ(find(result, 0, 1).loss_without, result.loss); // to the last bit
        EXPECT_NE(find(result, 0, 0).loss_without, result.loss);
    }
}

TEST(Heads, TheOneThatIsMissedMostComesFirst) {
    const Study result = study(random_model(), Ablation::zero);
    for (std::size_t i = 1; i < result.heads.size(); ++i)
        EXPECT_GE(result.heads[i - 1].loss_without, result.heads[i].loss_without);
    EXPECT_GT(result.heads.front().loss_without, result.heads.back().loss_without);
}

TEST(Heads, PatternsAreThoseOfTheHeadsMaps) {
    const Model model = random_model();
    const Study result = study(model, Ablation::mean);
    PatternSums even;
    for (const Example& example : some_examples())
        even.add(even_map(example.ids.size()), example.ids);
    EXPECT_EQ(result.even.previous, even.scores().previous);
    for (std::size_t b = 0; b < 2; ++b) {
        for (std::size_t h = 0; h < 2; ++h) {
            PatternSums sums;
            for (const Example& example : some_examples()) {
                const plain::Named stages = plain::decoder(plain::by_name(model.parameters), config,
                                                           example.ids, example.targets);
                sums.add(
                    to_matrix(stages.at(fmt::format("block.{}.head.{}.attention_weights", b, h))),
                    example.ids);
            }
            const PatternScores expected = sums.scores(), got = find(result, b, h).patterns;
            EXPECT_NEAR(got.previous, expected.previous, 1e-5);
            EXPECT_NEAR(got.first, expected.first, 1e-5);
            EXPECT_NEAR(got.same, expected.same, 1e-5);
            EXPECT_NEAR(got.induction, expected.induction, 1e-5);
            EXPECT_NEAR(got.entropy, expected.entropy, 1e-5);
            EXPECT_NEAR(got.evenness, expected.evenness, 1e-5);
        }
    }
}

TEST(Heads, TellsHowFarItIs) {
    std::vector<std::size_t> steps;
    study_heads(std::make_shared<const Model>(random_model()), some_examples(), Ablation::mean,
                [&](std::size_t done, std::size_t all) {
                    EXPECT_EQ(all, 4u + 4u * 4u);
                    steps.push_back(done);
                });
    ASSERT_EQ(steps.size(), 20u);
    for (std::size_t i = 0; i < steps.size(); ++i)
        EXPECT_EQ(steps[i], i + 1);
}

TEST(Heads, RefusesExamplesInWhichNothingCounts) {
    const auto model = std::make_shared<const Model>(random_model());
    expect_error([&] { study_heads(model, {}, Ablation::mean); }, {"no target that counts", "0"});
    const std::vector<Example> silent{{{1, 2}, {2, 3}, {0.0, 0.0}}};
    expect_error([&] { study_heads(model, silent, Ablation::mean); }, {"no target that counts"});
}
