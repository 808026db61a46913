#include "parameters.h"

#include "error.h"
#include "left_out.h"

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

using Kind = ParameterKind;

// Calls visit(name, kind, matrix or vector) for every parameter. `Some` is Parameters or const
// Parameters; this is the one place that knows all of them.
template <class Layer, class Visit>
void visit_linear(const std::string& name, Kind kind, Layer& layer, Visit& visit) {
    visit(name + "_weights", kind, layer.weights);
    visit(name + "_bias", Kind::bias, layer.bias);
}

template <class Norm, class Visit>
void visit_norm(const std::string& name, Norm& norm, Visit& visit) {
    if (is_left_out(norm)) return;
    visit(name + ".gain", Kind::gain, norm.gain);
    visit(name + ".shift", Kind::shift, norm.shift);
}

template <class Block, class Visit>
void visit_block(const std::string& name, Block& block, Visit& visit) {
    visit_norm(name + ".attention.norm", block.attention_norm, visit);
    for (std::size_t h = 0; h < block.attention.heads.size(); ++h) {
        const std::string head = fmt::format("{}.head.{}", name, h);
        visit_linear(head + ".query", Kind::weights, block.attention.heads[h].query, visit);
        visit_linear(head + ".key", Kind::weights, block.attention.heads[h].key, visit);
        visit_linear(head + ".value", Kind::weights, block.attention.heads[h].value, visit);
    }
    visit_linear(name + ".attention.output", Kind::stream_weights, block.attention.output, visit);
    visit_norm(name + ".mlp.norm", block.mlp_norm, visit);
    if (is_left_out(block.mlp)) return;
    visit_linear(name + ".mlp.up", Kind::weights, block.mlp.up, visit);
    visit_linear(name + ".mlp.down", Kind::stream_weights, block.mlp.down, visit);
}

template <class Some, class Visit>
void visit_parameters(Some& parameters, Visit visit) {
    visit("embedding.token_table", Kind::token_table, parameters.embedding.token_table);
    if (parameters.embedding.has_positions) {
        visit("embedding.position_table", Kind::position_table,
              parameters.embedding.position_table);
    }
    for (std::size_t b = 0; b < parameters.blocks.size(); ++b) {
        visit_block(fmt::format("block.{}", b), parameters.blocks[b], visit);
    }
    visit_norm("final.norm", parameters.final_norm, visit);
    if (parameters.unembedding.size1() > 0) {
        visit("unembedding", Kind::unembedding, parameters.unembedding);
    }
}

template <class Number>
struct ListBuilder {
    std::vector<NamedParameter<Number>>& list;

    template <class SomeMatrix>
    void operator()(const std::string& name, Kind kind, SomeMatrix& numbers) {
        std::size_t rows = 1;
        if constexpr (requires { numbers.size1(); }) rows = numbers.size1();
        const std::size_t size = numbers.data().size();
        const std::size_t columns = rows == 0 ? 0 : size / rows;
        list.push_back({name, kind, rows, columns, {numbers.data().data(), size}});
    }
};

LinearParameters make_linear(std::size_t inputs, std::size_t outputs) {
    return {Matrix(inputs, outputs, 0), Vector(outputs, 0)};
}

NormParameters make_norm(const Config& config) {
    const std::size_t width = config.without == Without::norm ? 0 : config.width;
    return {Vector(width, 0), Vector(width, 0), static_cast<Real>(config.epsilon)};
}

MlpParameters make_mlp(const Config& config) {
    if (config.without == Without::mlp) return {};
    return {make_linear(config.width, config.hidden), make_linear(config.hidden, config.width)};
}

BlockParameters make_block(const Config& config) {
    const std::size_t d = config.width;
    const HeadParameters head{make_linear(d, config.head_width()),
                              make_linear(d, config.head_width()),
                              make_linear(d, config.head_width())};
    return {make_norm(config),
            {std::vector<HeadParameters>(config.heads, head), make_linear(d, d)},
            config.without == Without::mlp ? NormParameters() : make_norm(config),
            make_mlp(config),
            config.mask(),
            config.without != Without::residual};
}

// The standard deviation of a parameter before training.
double initial_spread(const NamedParameter<Real>& parameter, Initialization initialization,
                      std::size_t layers) {
    const bool to_stream = parameter.kind == Kind::stream_weights;
    const double narrowing = to_stream ? 1 / std::sqrt(2.0 * static_cast<double>(layers)) : 1.0;
    if (initialization == Initialization::gpt2) return 0.02 * narrowing;
    if (parameter.kind == Kind::token_table) return 0.5;
    if (parameter.kind == Kind::position_table) return 0.3;
    const bool transposed = parameter.kind == Kind::unembedding;
    const std::size_t inputs = transposed ? parameter.columns : parameter.rows;
    return narrowing / std::sqrt(static_cast<double>(inputs));
}

void check_size(const char* name, std::size_t size, std::size_t largest) {
    if (size == 0) fail("the model's {} is 0; it must be at least 1", name);
    if (size > largest) {
        fail("the model's {} is {}, which is more than the {} that this program allows", name, size,
             largest);
    }
}

} // namespace

bool is_matrix(ParameterKind kind) {
    return kind != Kind::bias && kind != Kind::gain && kind != Kind::shift;
}

std::vector<NamedParameter<Real>> list_parameters(Parameters& parameters) {
    std::vector<NamedParameter<Real>> list;
    visit_parameters(parameters, ListBuilder<Real>{list});
    return list;
}

std::vector<NamedParameter<const Real>> list_parameters(const Parameters& parameters) {
    std::vector<NamedParameter<const Real>> list;
    visit_parameters(parameters, ListBuilder<const Real>{list});
    return list;
}

void check_config(const Config& config) {
    check_size("vocabulary", config.vocabulary, 10'000'000);
    check_size("context", config.context, 1'000'000);
    check_size("width", config.width, 100'000);
    check_size("number of heads", config.heads, 10'000);
    check_size("hidden width", config.hidden, 1'000'000);
    check_size("number of layers", config.layers, 1'000);
    if (config.width % config.heads != 0) {
        fail("{} heads do not divide the width {} evenly; choose a width that is a multiple of the "
             "number of heads",
             config.heads, config.width);
    }
    if (!(config.epsilon > 0 && config.epsilon < 1)) {
        fail("the layer norms' epsilon is {}; it must be above 0 and below 1", config.epsilon);
    }
    constexpr std::size_t most_parameters = 4'000'000'000;
    if (count_parameters(config) > most_parameters) {
        fail("a model of these sizes would have {} parameters, more than the {} that this program "
             "allows; choose a smaller width, hidden width, vocabulary or number of layers",
             count_parameters(config), most_parameters);
    }
}

std::size_t count_parameters(const Config& config) {
    const std::size_t d = config.width, hidden = config.hidden;
    const std::size_t attention = 4 * (d * d + d);
    const bool has_mlp = config.without != Without::mlp;
    const std::size_t mlp = has_mlp ? d * hidden + hidden + hidden * d + d : 0;
    const std::size_t norm = config.without == Without::norm ? 0 : 2 * d;
    const std::size_t norms = config.layers * (has_mlp ? 2 : 1) + 1;
    const std::size_t places = config.without == Without::positions ? 0 : config.context;
    const std::size_t tables = (config.vocabulary + places) * d;
    const std::size_t unembedding = config.tied ? 0 : config.vocabulary * d;
    return tables + config.layers * (attention + mlp) + norms * norm + unembedding;
}

Parameters make_parameters(const Config& config) {
    const Matrix nothing;
    return {{Matrix(config.vocabulary, config.width, 0), Matrix(config.context, config.width, 0),
             config.without != Without::positions},
            std::vector<BlockParameters>(config.layers, make_block(config)),
            make_norm(config),
            config.tied ? nothing : Matrix(config.vocabulary, config.width, 0)};
}

void fill(Parameters& parameters, Real value) {
    for (const auto& parameter : list_parameters(parameters)) {
        std::fill(parameter.values.begin(), parameter.values.end(), value);
    }
}

void initialize(Model& model, Initialization initialization, Random& random) {
    check_config(model.config);
    model.parameters = make_parameters(model.config);
    for (const auto& parameter : list_parameters(model.parameters)) {
        if (is_matrix(parameter.kind)) {
            const double spread = initial_spread(parameter, initialization, model.config.layers);
            for (Real& value : parameter.values) {
                value = static_cast<Real>(spread * random.normal());
            }
        } else {
            const Real start = parameter.kind == Kind::gain ? 1 : 0;
            std::fill(parameter.values.begin(), parameter.values.end(), start);
        }
    }
}

} // namespace whirlygig
