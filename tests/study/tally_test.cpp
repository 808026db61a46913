#include "terminal/tally_text.h"

#include "parameters.h"
#include "study/preset.h"
#include "support/expect.h"
#include "terminal/text_layout.h"

#include <limits>
#include <map>
#include <sstream>

using namespace whirlygig;
using namespace support;

namespace {

Config preset_config(const char* name) {
    return find_preset(name).config;
}

std::uint64_t sum_of_parts(const Tally& tally) {
    std::uint64_t sum = 0;
    for (const TallyPart& part : tally.parts)
        sum += part.detail ? 0 : part.parameters;
    return sum;
}

std::uint64_t part(const Tally& tally, const std::string& name) {
    for (const TallyPart& part : tally.parts) {
        if (part.name == name) return part.parameters;
    }
    ADD_FAILURE() << "there is no part " << name;
    return 0;
}

Config awkward(bool tied) {
    return {.vocabulary = 13,
            .context = 11,
            .width = 6,
            .heads = 3,
            .hidden = 7,
            .layers = 5,
            .tied = tied};
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST(Tally, KnowsTheSizesOfTheReleasedModels) {
    // The numbers of parameters of the checkpoints themselves.
    EXPECT_EQ(tally(preset_config("gpt2")).total, 124'439'808u);
    EXPECT_EQ(tally(preset_config("gpt2-medium")).total, 354'823'168u);
    EXPECT_EQ(tally(preset_config("gpt2-large")).total, 774'030'080u);
    EXPECT_EQ(tally(preset_config("gpt2-xl")).total, 1'557'611'200u);
}

TEST(Tally, CountsWhatIsThereInAModelWithoutAPart) {
    for (const WithoutName& entry : without_names) {
        Config config = awkward(false);
        config.without = entry.part;
        const Tally counted = tally(config);
        EXPECT_EQ(counted.total, count_parameters(config)) << entry.name;
        EXPECT_EQ(sum_of_parts(counted), counted.total) << entry.name;
        EXPECT_FALSE(tally_text(counted, "model").empty());
    }
}

TEST(Tally, CountsGpt3WithoutMakingIt) {
    const Tally gpt3 = tally(preset_config("gpt3"));
    EXPECT_EQ(gpt3.total, 174'604'259'328u);   // "175 billion" in Brown et al. 2020
    EXPECT_EQ(gpt3.config.head_width(), 128u); // d_head in their table 2.1
    const double total = static_cast<double>(gpt3.total);
    EXPECT_NEAR(static_cast<double>(gpt3.attention) / total, 1 / 3.0, 0.005);
    EXPECT_NEAR(static_cast<double>(gpt3.mlp) / total, 2 / 3.0, 0.005);
}

TEST(Tally, CountsEachPartAsOftenAsTheModelHasIt) {
    for (const bool tied : {false, true}) {
        const Config config = awkward(tied);
        const Tally counted = tally(config);
        EXPECT_EQ(counted.total, count_parameters(config));
        EXPECT_EQ(counted.total, sum_of_parts(counted));
        // What parameters of these sizes really hold, by their kind.
        std::map<ParameterKind, std::uint64_t> held;
        const Parameters parameters = make_parameters(config);
        for (const auto& parameter : list_parameters(parameters))
            held[parameter.kind] += parameter.values.size();
        EXPECT_EQ(part(counted, "token table"), held[ParameterKind::token_table]);
        EXPECT_EQ(part(counted, "position table"), held[ParameterKind::position_table]);
        EXPECT_EQ(part(counted, "query weights") + part(counted, "key weights") +
                      part(counted, "value weights") + part(counted, "up weights"),
                  held[ParameterKind::weights]);
        EXPECT_EQ(part(counted, "output weights") + part(counted, "down weights"),
                  held[ParameterKind::stream_weights]);
        EXPECT_EQ(part(counted, "layer norms"),
                  held[ParameterKind::gain] + held[ParameterKind::shift]);
        EXPECT_EQ(part(counted, "unembedding"), held[ParameterKind::unembedding]);
        EXPECT_EQ(counted.attention, part(counted, "attention"));
        EXPECT_EQ(counted.mlp, part(counted, "MLP"));
    }
}

TEST(Tally, AttentionAndMlpAreTheSumsOfTheirPieces) {
    const Tally counted = tally(awkward(false)); // 5 blocks, d = 6, M = 7
    EXPECT_EQ(counted.attention, 5u * (4 * 36 + 4 * 6));
    EXPECT_EQ(counted.mlp, 5u * (2 * 6 * 7 + 7 + 6));
    EXPECT_EQ(part(counted, "query weights"), 5u * 36);
    EXPECT_EQ(part(counted, "unembedding"), 13u * 6);
}

TEST(Tally, CountsMultiplyAddsOfOneMoreToken) {
    const MultiplyAdds work = multiply_adds(awkward(true));
    EXPECT_EQ(work.attention_weights, 5u * 4 * 36);
    // For each of 11 keys, the scores of all heads take 6 and the mixing another 6.
    EXPECT_EQ(work.looking_around, 5u * 11 * 2 * 6);
    EXPECT_EQ(work.mlp, 5u * 2 * 6 * 7);
    EXPECT_EQ(work.unembedding, 13u * 6);
    EXPECT_EQ(work.total(), 720u + 660 + 420 + 78);
}

TEST(Tally, RefusesImpossibleSizes) {
    const auto with = [](auto change) {
        Config config = awkward(false);
        change(config);
        tally(config);
    };
    expect_error([&] { with([](Config& c) { c.width = 0; }); }, {"width is 0"});
    expect_error([&] { with([](Config& c) { c.layers = 0; }); }, {"layers is 0"});
    expect_error([&] { with([](Config& c) { c.heads = 0; }); }, {"heads is 0"});
    expect_error([&] { with([](Config& c) { c.heads = 4; }); }, {"4 heads", "width 6"});
    const std::size_t huge = std::numeric_limits<std::size_t>::max();
    expect_error([&] { with([&](Config& c) { c.vocabulary = huge; }); }, {"vocabulary"});
    expect_error([&] { with([&](Config& c) { c.hidden = huge / 2; }); }, {"hidden width"});
    expect_error([&] { with([&](Config& c) { c.context = 2'000'000; }); }, {"context"});
}

TEST(Tally, TheLargestSizesDoNotOverflow) {
    const Config largest{.vocabulary = 10'000'000,
                         .context = 1'000'000,
                         .width = 1'000'000,
                         .heads = 1'000'000,
                         .hidden = 1'000'000,
                         .layers = 100'000,
                         .tied = false};
    const double expected = 1e5 * (4 * (1e12 + 1e6) + 2e12 + 2e6 + 4e6) + 2e6 + 2.1e13;
    EXPECT_NEAR(static_cast<double>(tally(largest).total) / expected, 1, 1e-12);
    EXPECT_NEAR(static_cast<double>(multiply_adds(largest).total()) /
                    (1e5 * (4e12 + 2e12 + 2e12) + 1e13),
                1, 1e-12);
    EXPECT_TRUE(contains(tally_text(tally(largest), "x"), "2.4 EB"));
}

TEST(Tally, TheTextHasEveryPartAndWhatStandsOut) {
    const std::string text = tally_text(tally(preset_config("gpt3")), "GPT-3 175B");
    EXPECT_TRUE(contains(text, "GPT-3 175B: 96 blocks of 96 heads (9,216 in all)"));
    EXPECT_TRUE(contains(text, "174,604,259,328   100.0 %"));
    EXPECT_TRUE(contains(text, "tied: counted as token table"));
    EXPECT_TRUE(contains(text, "Attention has 33.2 % of all parameters and the MLPs have 66.4 %"));
    EXPECT_TRUE(contains(text, "698.4 GB"));
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        EXPECT_LE(columns_of(line), 80u) << line;
    EXPECT_FALSE(contains(tally_text(tally(awkward(false)), "x"), "tied"));
}

TEST(Tally, WritesLargeNumbersReadably) {
    EXPECT_EQ(with_commas(0), "0");
    EXPECT_EQ(with_commas(999), "999");
    EXPECT_EQ(with_commas(1000), "1,000");
    EXPECT_EQ(with_commas(124'439'808), "124,439,808");
    EXPECT_EQ(with_commas(std::numeric_limits<std::uint64_t>::max()), "18,446,744,073,709,551,615");
    EXPECT_EQ(bytes_text(999), "999 bytes");
    EXPECT_EQ(bytes_text(1000), "1.0 kB");
    EXPECT_EQ(bytes_text(497'759'232), "497.8 MB");
    EXPECT_EQ(bytes_text(999'949), "999.9 kB");
    EXPECT_EQ(bytes_text(999'960), "1.0 MB");
    EXPECT_EQ(bytes_text(std::numeric_limits<std::uint64_t>::max()), "18.4 EB");
}

TEST(Preset, RefusesUnknownNames) {
    expect_error([] { find_preset("gpt5"); }, {"gpt2", "gpt3"});
    expect_error([] { find_preset(""); }, {"choose one of"});
}
