#include "study/sampler.h"

#include "support/expect.h"
#include "support/generation_mistakes.h"
#include "support/plain_model.h"
#include "support/small_model.h"

#include <cmath>
#include <limits>

using namespace whirlygig;
using namespace support;

namespace {

// How often each token is drawn.
std::vector<int> count_draws(const std::vector<Real>& logits, const SamplingOptions& options,
                             int draws) {
    Random random(77);
    std::vector<int> counts(logits.size());
    for (int draw = 0; draw < draws; ++draw)
        ++counts.at(static_cast<std::size_t>(sample(logits, options, random)));
    return counts;
}

// Fails unless each count is within 5 standard deviations of its share; a share of 0 means never.
void expect_shares(const std::vector<int>& counts, const std::vector<double>& shares, int draws) {
    ASSERT_EQ(counts.size(), shares.size());
    for (std::size_t id = 0; id < counts.size(); ++id) {
        const double expected = shares[id] * draws;
        const double deviation = std::sqrt(expected * (1 - shares[id]));
        EXPECT_LE(std::abs(counts[id] - expected), 5 * deviation)
            << "token " << id << " was drawn " << counts[id] << " times instead of " << expected;
    }
}

// Shares in proportion to these numbers.
std::vector<double> in_proportion(std::vector<double> numbers) {
    double sum = 0;
    for (const double number : numbers)
        sum += number;
    for (double& number : numbers)
        number /= sum;
    return numbers;
}

const Config small_config{.vocabulary = 11,
                          .context = 7,
                          .width = 6,
                          .heads = 2,
                          .hidden = 5,
                          .layers = 2,
                          .tied = false};

std::shared_ptr<const Model> small_model(std::size_t context = 7) {
    Random random(5);
    Config config = small_config;
    config.context = context;
    return std::make_shared<const Model>(support::random_model(random, config));
}

// The logits of the last place, by plain loops over this text.
Grid plain_logits(const Model& model, const std::vector<int>& ids) {
    const plain::Named parameters = plain::by_name(model.parameters);
    return {plain::decoder(parameters, model.config, ids, {}).at("logits").back()};
}

Grid to_row(std::span<const Real> numbers) {
    return {{numbers.begin(), numbers.end()}};
}

std::vector<int> draw(Generator& generator, std::size_t count) {
    generate(generator, {count, {}}, [](int) {});
    return generator.text();
}

void try_temperature(Teacher& teacher, const mistakes::TemperatureExample& e) {
    const std::string given = fmt::format(
        "given the logits {}, the ids {}, the temperature {}; the shares, scaled to sum to 1:\n",
        fmt::join(e.logits, ", "), fmt::join(e.ids, ", "), e.temperature);
    const std::vector<Real> logits(e.logits.begin(), e.logits.end());
    std::vector<double> shares{7, 7}; // of another text
    if (!teacher.runs(given, [&] { temperature_shares(logits, e.ids, e.temperature, shares); }))
        return;
    teacher.compare({given, mistakes::temperature_shares_of(e), mistakes::temperature_shares(e)},
                    mistakes::in_proportion(shares));
}

void try_draw_next(Teacher& teacher, const Model& model, const mistakes::DrawNextExample& e) {
    const std::string given = fmt::format(
        "given a prompt with the ids {}, the temperature {}, a context of {}; {} new "
        "tokens\n",
        fmt::join(e.prompt, ", "), e.options.temperature, model.config.context, e.count);
    Generator generator(std::make_shared<const Model>(model), e.prompt, e.options,
                        mistakes::generation_seed);
    std::vector<int> added;
    teacher.try_out({given, mistakes::grown(model, e), mistakes::draw_next(model, e)}, [&] {
        for (std::size_t step = 0; step < e.count; ++step)
            added.push_back(generator.draw_next());
        return mistakes::pieces_of(added);
    });
    std::vector<int> text = e.prompt;
    text.insert(text.end(), added.begin(), added.end());
    teacher.expect(generator.text() == text,
                   given + "The tokens that were returned are not those that were added to the "
                           "text: each should be added to `tokens` and returned.");
}

} // namespace

TEST(MostProbable, KeepsTheLargestLogitsInTheirOrder) {
    Teacher teacher("most_probable");
    const std::vector<std::vector<double>> examples{
        {1, 3, 2, 5, 4}, {-5, -1, -3, -2, -4, -6}, {2, 2, 7, 2, 7, 0}, {4}, {-8, 0.5, 3, -2}};
    std::vector<int> ids; // holds what the call before has left
    for (const std::vector<double>& logits : examples) {
        for (std::size_t count = 1; count <= logits.size(); ++count) {
            const std::string given = fmt::format("given the logits {}; the {} most probable\n",
                                                  fmt::join(logits, ", "), count);
            const std::vector<Real> numbers(logits.begin(), logits.end());
            teacher.try_out({given, mistakes::most_probable_ids(logits, count),
                             mistakes::most_probable(logits, count)},
                            [&] {
                                most_probable(numbers, count, ids);
                                return mistakes::pieces_of(ids);
                            });
        }
    }
}

TEST(TemperatureShares, AreTheSoftmaxOfTheLogitsByTheTemperature) {
    Teacher teacher("temperature_shares");
    const std::vector<double> logits{0, 1, -1, 2.5, 2};
    for (const double temperature : {1.0, 0.5, 2.0, 0.1})
        try_temperature(teacher, {logits, {0, 1, 2, 3, 4}, temperature});
    try_temperature(teacher, {logits, {3, 4, 1}, 0.8});
    try_temperature(teacher, {{4}, {0}, 3});
}

TEST(TemperatureShares, HugeLogitsDoNotOverflow) {
    Teacher teacher("temperature_shares");
    try_temperature(teacher, {{1000, 998, 1001}, {0, 1, 2}, 1});
    try_temperature(teacher, {{30, 20, 10, 31}, {3, 0}, 0.05});
    try_temperature(teacher, {{-1000, -998, -2000}, {0, 1, 2}, 2});
}

TEST(DrawNext, AddsTheMostProbableTokenWhenTheTemperatureIs0) {
    Teacher teacher("draw_next");
    for (const std::vector<int>& prompt : {std::vector<int>{3, 1}, {10, 0, 4, 7}, {2}})
        try_draw_next(teacher, *small_model(), {prompt, 8, {0, 0}});
}

TEST(DrawNext, DrawsWithTheSamplingOptions) {
    Teacher teacher("draw_next");
    try_draw_next(teacher, *small_model(), {{3, 1}, 10, {1, 0}});
    try_draw_next(teacher, *small_model(), {{5, 5, 2}, 9, {2, 0}});
}

TEST(DrawNext, GoesOnWhenTheContextIsFull) {
    Teacher teacher("draw_next");
    try_draw_next(teacher, *small_model(), {{3, 1}, 18, {0, 0}});
}

TEST(Sample, TemperatureDividesTheLogits) {
    // Logits that are logarithms, so that the shares are plain numbers: 1 : 2 : 4 : 9.
    const std::vector<Real> logits{std::log(Real(1)), std::log(Real(2)), std::log(Real(4)),
                                   std::log(Real(9))};
    const int draws = 30000;
    expect_shares(count_draws(logits, {1, 0}, draws), in_proportion({1, 2, 4, 9}), draws);
    expect_shares(count_draws(logits, {0.5, 0}, draws), in_proportion({1, 4, 16, 81}), draws);
    expect_shares(count_draws(logits, {2, 0}, draws), in_proportion({1, std::sqrt(2.0), 2, 3}),
                  draws);
    expect_shares(count_draws(logits, {1e300, 0}, draws), in_proportion({1, 1, 1, 1}), draws);
}

TEST(Sample, TopKLeavesTheRestOut) {
    const std::vector<Real> logits{std::log(Real(3)), std::log(Real(1)), std::log(Real(5)),
                                   std::log(Real(2)), std::log(Real(4))};
    const int draws = 30000;
    expect_shares(count_draws(logits, {1, 2}, draws), in_proportion({0, 0, 5, 0, 4}), draws);
    expect_shares(count_draws(logits, {0.5, 3}, draws), in_proportion({9, 0, 25, 0, 16}), draws);
    expect_shares(count_draws(logits, {1, 5}, draws), in_proportion({3, 1, 5, 2, 4}), draws);
}

TEST(Sample, TopKPrefersTheSmallerIdAmongEquals) {
    const int draws = 10000;
    expect_shares(count_draws({1, 3, 2, 3, 3, 0}, {1, 2}, draws), in_proportion({0, 1, 0, 1, 0, 0}),
                  draws);
}

TEST(Sample, TemperatureZeroTakesTheMostProbable) {
    Random random(1);
    EXPECT_EQ(sample(std::vector<Real>{-2, 5, 5, 1}, {0, 0}, random), 1);
    EXPECT_EQ(sample(std::vector<Real>{-2, -5, -1}, {0, 0}, random), 2);
    EXPECT_EQ(sample(std::vector<Real>{-2, -5, -1}, {0, 3}, random), 2);
    EXPECT_EQ(sample(std::vector<Real>{7}, {0, 0}, random), 0);
}

TEST(Sample, ExtremeNumbersDoNotOverflow) {
    const std::vector<Real> far_apart{Real(-1e30), Real(1e30), Real(0)};
    expect_shares(count_draws(far_apart, {1, 0}, 200), {0, 1, 0}, 200);
    const std::vector<Real> close{Real(1000), Real(1000), Real(999)};
    expect_shares(count_draws(close, {1e-300, 0}, 2000), {0.5, 0.5, 0}, 2000);
}

TEST(Sample, RefusesWhatIsNoTemperatureOrTopK) {
    const std::vector<Real> logits{1, 2, 3};
    const auto with = [&](double temperature, std::size_t top_k) {
        Random random(1);
        sample(logits, {temperature, top_k}, random);
    };
    expect_error([&] { with(-0.5, 0); }, {"temperature", "-0.5"});
    expect_error([&] { with(std::numeric_limits<double>::quiet_NaN(), 0); }, {"temperature"});
    expect_error([&] { with(std::numeric_limits<double>::infinity(), 0); }, {"temperature"});
    expect_error([&] { with(1, 4); }, {"top-k is 4", "3 tokens"});
    expect_error([&] { with(0, std::numeric_limits<std::size_t>::max()); }, {"top-k"});
}

TEST(Sample, RefusesLogitsThatAreNoNumbers) {
    Random random(1);
    const Real nan = std::numeric_limits<Real>::quiet_NaN();
    const Real infinity = std::numeric_limits<Real>::infinity();
    expect_error([&] { sample(std::vector<Real>{1, nan}, {}, random); }, {"token id 1"});
    expect_error([&] { sample(std::vector<Real>{infinity, 1}, {}, random); }, {"token id 0"});
    expect_error([&] { sample(std::vector<Real>{}, {}, random); }, {"no logits"});
}

TEST(Generator, KeptKeysAndValuesGiveTheLogitsOfAWholePass) {
    const auto model = small_model();
    for (const std::vector<int>& prompt : {std::vector<int>{3}, std::vector<int>{10, 0, 4}}) {
        Generator generator(model, prompt, {}, 3);
        while (generator.text().size() < model->config.context) {
            const std::vector<int> before = generator.text();
            generator.draw_next();
            expect_close(to_row(generator.last_logits()), plain_logits(*model, before), 1e-5);
        }
        EXPECT_EQ(generator.forgotten(), 0u);
    }
}

// Without a mask every token reads the whole text anew.
TEST(Generator, GivesTheLogitsOfAWholePassWithoutAnyPart) {
    for (const Without part : support::all_parts()) {
        SCOPED_TRACE(name_of(part).name);
        const Config config = support::without(part, small_config);
        const auto model = std::make_shared<const Model>(support::small_model(config, 4));
        Generator generator(model, {10, 0, 4}, {}, 3);
        while (generator.text().size() < config.context) {
            const std::vector<int> before = generator.text();
            generator.draw_next();
            expect_close(to_row(generator.last_logits()), plain_logits(*model, before), 1e-5);
        }
    }
}

TEST(Generator, DrawsWithTheModelsOwnLogitsAndTheSeed) {
    const auto model = small_model();
    const SamplingOptions options{0.8, 6};
    Generator generator(model, {3, 1}, options, 9);
    Random random(9);
    for (int step = 0; step < 5; ++step) {
        std::vector<Real> logits;
        const Grid plain = plain_logits(*model, generator.text());
        for (const double logit : plain[0])
            logits.push_back(static_cast<Real>(logit));
        const int expected = sample(logits, options, random);
        EXPECT_EQ(generator.draw_next(), expected);
        EXPECT_EQ(generator.text().back(), expected);
    }
}

TEST(Generator, StartsOverWithTheLastHalfContextWhenThereIsNoRoomLeft) {
    const auto model = small_model(); // context 7: half of it is 3
    Generator generator(model, {3, 1}, {}, 4);
    // Forgotten before the draw from a text of 2, 3, … tokens: 8 tokens do not fit, the last 3 stay
    // (5 are forgotten), and 13 are the next that do not fit.
    const std::vector<std::size_t> forgotten{0, 0, 0,  0,  0,  0,  5,  5,  5,
                                             5, 5, 10, 10, 10, 10, 10, 15, 15};
    for (const std::size_t expected : forgotten) {
        const std::vector<int> before = generator.text();
        generator.draw_next();
        ASSERT_EQ(generator.forgotten(), expected) << "with " << before.size() << " tokens";
        const std::vector<int> window(before.begin() + static_cast<std::ptrdiff_t>(expected),
                                      before.end());
        expect_close(to_row(generator.last_logits()), plain_logits(*model, window), 1e-5);
    }
}

TEST(Generator, WorksWithAContextOfOneAndAPromptBeyondTheContext) {
    const auto tiny = small_model(1);
    Generator one(tiny, {3}, {}, 4);
    EXPECT_EQ(draw(one, 5).size(), 6u);
    expect_close(to_row(one.last_logits()), plain_logits(*tiny, {one.text()[4]}), 1e-5);

    const auto model = small_model();
    Generator longer(model, {3, 1, 4, 1, 5, 9, 2, 6, 5}, {}, 4);
    longer.draw_next();
    EXPECT_EQ(longer.forgotten(), 6u);
    expect_close(to_row(longer.last_logits()), plain_logits(*model, {2, 6, 5}), 1e-5);
}

TEST(Generator, TheSeedDecides) {
    const auto model = small_model();
    const auto text = [&](std::uint64_t seed, double temperature) {
        Generator generator(model, {2}, {temperature, 0}, seed);
        return draw(generator, 30);
    };
    EXPECT_EQ(text(1, 1), text(1, 1));
    EXPECT_NE(text(1, 1), text(2, 1));
    EXPECT_EQ(text(1, 0), text(2, 0)); // nothing is left to chance
}

TEST(Generator, RefusesWhatItCannotStartFrom) {
    const auto model = small_model();
    expect_error([&] { Generator(model, {}, {}, 1); }, {"nothing to go on from"});
    expect_error([&] { Generator(model, {1}, {1, 12}, 1); }, {"top-k is 12", "11 tokens"});
    expect_error([&] { Generator(model, {1}, {-1, 0}, 1); }, {"temperature"});
    expect_error([&] { Generator(model, {1, 11}, {}, 1); }, {"token id 11", "from 0 to 10"});
    expect_error([&] { Generator(model, {-1, 1}, {}, 1); }, {"token id -1", "from 0 to 10"});
    Generator unread(model, {1}, {}, 1);
    expect_error([&] { unread.last_logits(); }, {"no token"});
}

TEST(Generate, StopsAfterTheCountOrTheLastToken) {
    const auto model = small_model();
    Generator all(model, {2}, {}, 6);
    const std::vector<int> text = draw(all, 12);
    ASSERT_EQ(text.size(), 13u);

    const int last = text[5];
    std::vector<int> expected; // up to the first place behind the prompt that holds it
    for (std::size_t place = 1; expected.empty() || expected.back() != last; ++place)
        expected.push_back(text[place]);
    Generator again(model, {2}, {}, 6);
    std::vector<int> visited;
    generate(again, {12, last}, [&](int id) {
        visited.push_back(id);
        EXPECT_EQ(again.text().back(), id) << "each token is shown as soon as it is drawn";
    });
    EXPECT_EQ(visited, expected);

    Generator none(model, {2}, {}, 6);
    EXPECT_EQ(draw(none, 0), std::vector<int>{2});
}

TEST(Generate, RoomIsWhatTheContextHasLeft) {
    EXPECT_EQ(room_for(1, 7), 6u);
    EXPECT_EQ(room_for(6, 7), 1u);
    expect_error([] { room_for(7, 7); }, {"context of 7", "--count"});
    expect_error([] { room_for(9, 7); }, {"context of 7", "--count"});
}
