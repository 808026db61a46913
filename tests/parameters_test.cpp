#include "parameters.h"

#include "support/expect.h"

#include <map>
#include <set>

using namespace whirlygig;
using namespace support;

namespace {

const Config small{.vocabulary = 7, .context = 9, .width = 6, .heads = 2, .hidden = 10};

const Config configs[] = {
    small,
    {.vocabulary = 7, .context = 9, .width = 6, .heads = 3, .hidden = 10, .layers = 4},
    {.vocabulary = 7, .context = 9, .width = 6, .heads = 6, .hidden = 5, .tied = true},
    {.vocabulary = 1, .context = 1, .width = 1, .heads = 1, .hidden = 1},
    {.vocabulary = 2, .context = 30, .width = 4, .heads = 1, .hidden = 17, .layers = 3},
    {.vocabulary = 65,
     .context = 8,
     .width = 10,
     .heads = 5,
     .hidden = 3,
     .layers = 2,
     .tied = true},
};

// Wide enough that chance hardly moves the mean and the spread of any parameter.
const Config wide{
    .vocabulary = 40, .context = 30, .width = 48, .heads = 3, .hidden = 60, .layers = 2};

Model initialized(const Config& config, Initialization initialization, std::uint64_t seed) {
    Model model{config, {}};
    Random random(seed);
    initialize(model, initialization, random);
    return model;
}

// Fails when numbers of mean 0 and this spread would be so only once in a million times.
void expect_normal(const NamedParameter<const Real>& parameter, double spread) {
    const auto count = static_cast<double>(parameter.values.size());
    double sum = 0, squares = 0, fourth_powers = 0;
    for (const Real value : parameter.values) {
        const double standard = value / spread;
        sum += standard;
        squares += standard * standard;
        fourth_powers += standard * standard * standard * standard;
    }
    EXPECT_NEAR(sum / count, 0, 5 / std::sqrt(count)) << parameter.name;
    EXPECT_NEAR(squares / count, 1, 5 * std::sqrt(2 / count)) << parameter.name;
    EXPECT_NEAR(fourth_powers / count, 3, 5 * std::sqrt(96 / count)) << parameter.name;
}

struct Spread {
    std::string ending; // of the parameter's name
    double spread;
};

// Fails unless every matrix of the model looks drawn with the spread that its name calls for.
void expect_spreads(const Model& model, const std::vector<Spread>& spreads) {
    for (const auto& parameter : list_parameters(model.parameters)) {
        if (!is_matrix(parameter.kind)) continue;
        const auto found = std::find_if(spreads.begin(), spreads.end(), [&](const Spread& s) {
            return parameter.name.ends_with(s.ending);
        });
        ASSERT_NE(found, spreads.end()) << parameter.name;
        expect_normal(parameter, found->spread);
    }
}

} // namespace

TEST(Parameters, TheListNamesEveryParameterWithItsShapeAndKind) {
    const Parameters parameters = make_parameters(small);
    using enum ParameterKind;
    struct Expected {
        std::string name;
        ParameterKind kind;
        std::size_t rows, columns;
    };
    const Expected expected[] = {
        {"embedding.token_table", token_table, 7, 6},
        {"embedding.position_table", position_table, 9, 6},
        {"block.0.attention.norm.gain", gain, 1, 6},
        {"block.0.attention.norm.shift", shift, 1, 6},
        {"block.0.head.0.query_weights", weights, 6, 3},
        {"block.0.head.0.query_bias", bias, 1, 3},
        {"block.0.head.0.key_weights", weights, 6, 3},
        {"block.0.head.0.key_bias", bias, 1, 3},
        {"block.0.head.0.value_weights", weights, 6, 3},
        {"block.0.head.0.value_bias", bias, 1, 3},
        {"block.0.head.1.query_weights", weights, 6, 3},
        {"block.0.head.1.query_bias", bias, 1, 3},
        {"block.0.head.1.key_weights", weights, 6, 3},
        {"block.0.head.1.key_bias", bias, 1, 3},
        {"block.0.head.1.value_weights", weights, 6, 3},
        {"block.0.head.1.value_bias", bias, 1, 3},
        {"block.0.attention.output_weights", stream_weights, 6, 6},
        {"block.0.attention.output_bias", bias, 1, 6},
        {"block.0.mlp.norm.gain", gain, 1, 6},
        {"block.0.mlp.norm.shift", shift, 1, 6},
        {"block.0.mlp.up_weights", weights, 6, 10},
        {"block.0.mlp.up_bias", bias, 1, 10},
        {"block.0.mlp.down_weights", stream_weights, 10, 6},
        {"block.0.mlp.down_bias", bias, 1, 6},
        {"final.norm.gain", gain, 1, 6},
        {"final.norm.shift", shift, 1, 6},
        {"unembedding", unembedding, 7, 6},
    };
    const auto list = list_parameters(parameters);
    ASSERT_EQ(list.size(), std::size(expected));
    for (std::size_t index = 0; index < list.size(); ++index) {
        EXPECT_EQ(list[index].name, expected[index].name);
        EXPECT_EQ(list[index].kind, expected[index].kind) << list[index].name;
        EXPECT_EQ(list[index].rows, expected[index].rows) << list[index].name;
        EXPECT_EQ(list[index].columns, expected[index].columns) << list[index].name;
    }
}

TEST(Parameters, NamesBelongToTheRightMatrices) {
    Parameters p = make_parameters(small);
    std::map<std::string, std::span<Real>> numbers;
    for (const auto& parameter : list_parameters(p))
        numbers[parameter.name] = parameter.values;
    const BlockParameters& block = p.blocks[0];
    const HeadParameters& head = block.attention.heads[1];
    EXPECT_EQ(numbers["embedding.token_table"].data(), &p.embedding.token_table(0, 0));
    EXPECT_EQ(numbers["embedding.position_table"].data(), &p.embedding.position_table(0, 0));
    EXPECT_EQ(numbers["block.0.attention.norm.gain"].data(), &block.attention_norm.gain(0));
    EXPECT_EQ(numbers["block.0.head.1.query_weights"].data(), &head.query.weights(0, 0));
    EXPECT_EQ(numbers["block.0.head.1.key_bias"].data(), &head.key.bias(0));
    EXPECT_EQ(numbers["block.0.head.1.value_weights"].data(), &head.value.weights(0, 0));
    EXPECT_EQ(numbers["block.0.attention.output_weights"].data(),
              &block.attention.output.weights(0, 0));
    EXPECT_EQ(numbers["block.0.mlp.norm.shift"].data(), &block.mlp_norm.shift(0));
    EXPECT_EQ(numbers["block.0.mlp.up_weights"].data(), &block.mlp.up.weights(0, 0));
    EXPECT_EQ(numbers["block.0.mlp.down_bias"].data(), &block.mlp.down.bias(0));
    EXPECT_EQ(numbers["final.norm.shift"].data(), &p.final_norm.shift(0));
    EXPECT_EQ(numbers["unembedding"].data(), &p.unembedding(0, 0));
}

TEST(Parameters, TheListHoldsEveryNumberOnceAndTheCountAgrees) {
    for (const Config& config : configs) {
        Parameters parameters = make_parameters(config);
        std::set<const Real*> places;
        std::set<std::string> names;
        std::size_t count = 0;
        for (const auto& parameter : list_parameters(parameters)) {
            EXPECT_EQ(parameter.values.size(), parameter.rows * parameter.columns);
            EXPECT_EQ(is_matrix(parameter.kind), parameter.name.ends_with("weights") ||
                                                     parameter.name.ends_with("table") ||
                                                     parameter.name == "unembedding");
            count += parameter.values.size();
            names.insert(parameter.name);
            for (const Real& number : parameter.values)
                places.insert(&number);
        }
        EXPECT_EQ(count, count_parameters(config));
        EXPECT_EQ(places.size(), count);
        EXPECT_EQ(names.size(), list_parameters(parameters).size());
    }
}

TEST(Parameters, TheListOfAConstantModelIsTheSame) {
    Parameters parameters = make_parameters(small);
    const Parameters& constant = parameters;
    const auto one = list_parameters(parameters);
    const auto two = list_parameters(constant);
    ASSERT_EQ(one.size(), two.size());
    for (std::size_t index = 0; index < one.size(); ++index) {
        EXPECT_EQ(one[index].name, two[index].name);
        EXPECT_EQ(one[index].values.data(), two[index].values.data());
    }
}

TEST(Parameters, AModelThatIsNotMadeYetHasNoNumbers) {
    std::size_t count = 0;
    for (const auto& parameter : list_parameters(Parameters()))
        count += parameter.values.size();
    EXPECT_EQ(count, 0u);
}

// What the published models count: https://huggingface.co/openai-community/gpt2 and its larger kin.
TEST(Parameters, TheCountOfGpt2IsTheOneThatIsPublished) {
    const auto gpt2 = [](std::size_t width, std::size_t heads, std::size_t layers) {
        return Config{.vocabulary = 50257,
                      .context = 1024,
                      .width = width,
                      .heads = heads,
                      .hidden = 4 * width,
                      .layers = layers,
                      .tied = true};
    };
    EXPECT_EQ(count_parameters(gpt2(768, 12, 12)), 124'439'808u);
    EXPECT_EQ(count_parameters(gpt2(1024, 16, 24)), 354'823'168u);
    EXPECT_EQ(count_parameters(gpt2(1280, 20, 36)), 774'030'080u);
    EXPECT_EQ(count_parameters(gpt2(1600, 25, 48)), 1'557'611'200u);
}

TEST(Parameters, NewParametersAreZeroAndTheNormsKnowTheirEpsilon) {
    Config config = small;
    config.epsilon = 0.25;
    const Parameters parameters = make_parameters(config);
    for (const auto& parameter : list_parameters(parameters)) {
        for (const Real number : parameter.values)
            ASSERT_EQ(number, 0) << parameter.name;
    }
    EXPECT_EQ(parameters.blocks.at(0).attention_norm.epsilon, Real(0.25));
    EXPECT_EQ(parameters.blocks.at(0).mlp_norm.epsilon, Real(0.25));
    EXPECT_EQ(parameters.final_norm.epsilon, Real(0.25));
}

TEST(Parameters, FillSetsEveryNumber) {
    Parameters parameters = make_parameters(configs[1]);
    fill(parameters, 3);
    double sum = 0;
    for (const auto& parameter : list_parameters(parameters)) {
        for (const Real number : parameter.values)
            sum += number;
    }
    EXPECT_EQ(sum, 3.0 * static_cast<double>(count_parameters(configs[1])));
}

TEST(Parameters, ReadableParametersStartAsWideAsTheirInputsAllow) {
    const double half = 1 / std::sqrt(2.0 * 2); // stream weights of two layers
    const double by_width = 1 / std::sqrt(48.0), by_hidden = 1 / std::sqrt(60.0);
    for (const std::uint64_t seed : {1, 2, 3}) {
        expect_spreads(initialized(wide, Initialization::readable, seed),
                       {{"token_table", 0.5},
                        {"position_table", 0.3},
                        {"unembedding", by_width},
                        {"query_weights", by_width},
                        {"key_weights", by_width},
                        {"value_weights", by_width},
                        {"attention.output_weights", by_width * half},
                        {"mlp.up_weights", by_width},
                        {"mlp.down_weights", by_hidden * half}});
    }
}

TEST(Parameters, Gpt2ParametersStartNarrow) {
    const double narrow = 0.02, to_stream = 0.02 / std::sqrt(2.0 * 2);
    for (const std::uint64_t seed : {4, 5, 6}) {
        expect_spreads(initialized(wide, Initialization::gpt2, seed),
                       {{"token_table", narrow},
                        {"position_table", narrow},
                        {"unembedding", narrow},
                        {"query_weights", narrow},
                        {"key_weights", narrow},
                        {"value_weights", narrow},
                        {"attention.output_weights", to_stream},
                        {"mlp.up_weights", narrow},
                        {"mlp.down_weights", to_stream}});
    }
}

TEST(Parameters, BiasesAndShiftsStartAtZeroAndGainsAtOne) {
    for (const auto initialization : {Initialization::readable, Initialization::gpt2}) {
        const Model model = initialized(wide, initialization, 7);
        for (const auto& parameter : list_parameters(model.parameters)) {
            if (is_matrix(parameter.kind)) continue;
            for (const Real number : parameter.values)
                ASSERT_EQ(number, parameter.name.ends_with("gain") ? 1 : 0) << parameter.name;
        }
    }
}

TEST(Parameters, TheSameSeedDrawsTheSameParameters) {
    const auto numbers = [](std::uint64_t seed) {
        const Model model = initialized(small, Initialization::readable, seed);
        std::vector<Real> all;
        for (const auto& parameter : list_parameters(model.parameters))
            all.insert(all.end(), parameter.values.begin(), parameter.values.end());
        return all;
    };
    EXPECT_EQ(numbers(8), numbers(8));
    EXPECT_NE(numbers(8), numbers(9));
}

TEST(Parameters, ImpossibleSizesAreRefused) {
    const auto expect_refused = [](auto change, const std::vector<std::string>& words,
                                   Here here = {}) {
        Config config = small;
        change(config);
        expect_error([&] { check_config(config); }, words, here);
    };
    const std::size_t huge = std::size_t{1} << 40;
    expect_refused([](Config& c) { c.vocabulary = 0; }, {"vocabulary is 0"});
    expect_refused([](Config& c) { c.context = 0; }, {"context is 0"});
    expect_refused([](Config& c) { c.width = 0; }, {"width is 0"});
    expect_refused([](Config& c) { c.heads = 0; }, {"heads is 0"});
    expect_refused([](Config& c) { c.hidden = 0; }, {"hidden width is 0"});
    expect_refused([](Config& c) { c.layers = 0; }, {"layers is 0"});
    expect_refused([=](Config& c) { c.vocabulary = huge; }, {"vocabulary", "1099511627776"});
    expect_refused([=](Config& c) { c.context = huge; }, {"context", "1099511627776"});
    expect_refused([=](Config& c) { c.width = huge; }, {"width", "1099511627776"});
    expect_refused([=](Config& c) { c.hidden = huge; }, {"hidden width", "1099511627776"});
    expect_refused([=](Config& c) { c.layers = huge; }, {"layers", "1099511627776"});
    expect_refused([](Config& c) { c.heads = 4; }, {"4 heads", "width 6"});
    expect_refused([](Config& c) { c.heads = 12; }, {"12 heads", "width 6"});
    for (const double epsilon : {0.0, -1e-5, 1.0, std::nan("")})
        expect_refused([=](Config& c) { c.epsilon = epsilon; }, {"epsilon"});
    EXPECT_NO_THROW(check_config(small));
}

TEST(Parameters, SizesThatAreTooManyTogetherAreRefusedBeforeTheyAreMade) {
    Model model{{.vocabulary = 1'000'000,
                 .context = 1'000'000,
                 .width = 100'000,
                 .heads = 1,
                 .hidden = 1'000'000,
                 .layers = 1'000},
                {}};
    Random random(1);
    expect_error([&] { check_config(model.config); }, {"parameters, more than"});
    expect_error([&] { initialize(model, Initialization::gpt2, random); },
                 {"parameters, more than"});
}
