#include "training/experiment.h"

#include "state.h"
#include "study/known_floor.h"
#include "study/sampler.h"

#include <algorithm>
#include <limits>

namespace whirlygig {
namespace {

constexpr std::uint64_t newest = std::numeric_limits<std::uint64_t>::max();
constexpr std::size_t examples_for_heads = 24, samples_shown = 4;

void find_floor(Experiment& experiment) {
    const std::string& corpus = experiment.report().corpus;
    if (experiment.floor_of == corpus) return;
    experiment.floor_of = corpus;
    const LiveTraining& live = *experiment.live;
    experiment.floor = known_floor(read_corpus(corpus), *live.wording(experiment.branch).tokenizer,
                                   live.held_out(experiment.branch));
}

std::vector<HeadReport> report_heads(const Model& model, const std::vector<Example>& examples) {
    const Config& config = model.config;
    std::vector<PatternSums> sums(config.layers * config.heads);
    Activations pass;
    for (std::size_t i = 0; i < std::min(examples.size(), examples_for_heads); ++i) {
        pass.ids = examples[i].ids;
        forward(model, pass);
        for (std::size_t h = 0; h < sums.size(); ++h) {
            const HeadActivations& head =
                pass.blocks[h / config.heads].attention.heads[h % config.heads];
            sums[h].add(head.attention_weights, pass.ids);
        }
    }
    std::vector<HeadReport> heads;
    heads.reserve(sums.size());
    for (std::size_t h = 0; h < sums.size(); ++h)
        heads.push_back({h / config.heads, h % config.heads, sums[h].scores()});
    return heads;
}

std::vector<std::string> make_samples(const ModelFolder& folder) {
    std::vector<std::string> samples;
    const std::size_t context = folder.model->config.context;
    for (std::uint64_t seed = 1; seed <= samples_shown; ++seed) {
        const std::vector<int> beginning = {folder.wording.first_token.value_or(0)};
        Generator generator(folder.model, beginning, {}, seed);
        generate(generator, {room_for(1, context), folder.wording.last_token}, [](int) {});
        samples.push_back(folder.wording.text(generator.text()));
    }
    return samples;
}

void show_snapshot(State& state, const std::shared_ptr<const Snapshot>& snapshot) {
    Experiment& experiment = state.experiment;
    experiment.shown = snapshot;
    experiment.shown_branch = experiment.branch;
    const Config config = experiment.live->config(experiment.branch);
    ModelFolder folder{std::make_shared<const Model>(Model{config, snapshot->parameters}),
                       experiment.live->wording(experiment.branch)};
    experiment.heads = report_heads(*folder.model, experiment.live->held_out(experiment.branch));
    experiment.samples = make_samples(folder);
    state.folder_path = std::filesystem::path(experiment.report().corpus) / "training";
    show_folder(state, std::move(folder));
}

} // namespace

void find_corpora(Experiment& experiment, const std::filesystem::path& data,
                  const std::string& preferred) {
    experiment.data = data;
    experiment.corpora.clear();
    std::error_code ignored;
    for (const auto& folder : std::filesystem::directory_iterator(data, ignored)) {
        if (std::filesystem::exists(folder.path() / "recipe.json"))
            experiment.corpora.push_back(folder.path().filename().string());
    }
    std::sort(experiment.corpora.begin(), experiment.corpora.end());
    if (experiment.corpora.empty()) return;
    const auto found = std::find(experiment.corpora.begin(), experiment.corpora.end(), preferred);
    const bool there = found != experiment.corpora.end();
    choose_corpus(experiment, there ? static_cast<int>(found - experiment.corpora.begin()) : 0);
}

void choose_corpus(Experiment& experiment, int corpus) {
    experiment.choices.corpus = corpus;
    const std::string& name = experiment.corpora.at(static_cast<std::size_t>(corpus));
    experiment.choices.recipe = read_recipe(experiment.data / name / "recipe.json");
}

void take_reports(Experiment& experiment) {
    const std::uint64_t version = experiment.live->changes();
    if (version == experiment.version && experiment.reports.size() == experiment.live->branches())
        return;
    experiment.version = version;
    experiment.reports.clear();
    for (std::size_t branch = 0; branch < experiment.live->branches(); ++branch)
        experiment.reports.push_back(experiment.live->report(branch));
}

void follow_training(State& state) {
    Experiment& experiment = state.experiment;
    if (!experiment.live) return;
    take_reports(experiment);
    if (!experiment.followed || experiment.reports.empty()) return;
    const auto snapshot =
        experiment.live->snapshot(experiment.branch, experiment.step.value_or(newest));
    if (!snapshot || snapshot == experiment.shown) return;
    try {
        find_floor(experiment);
        show_snapshot(state, snapshot);
    } catch (const std::exception& error) {
        state.message = error.what();
    }
}

} // namespace whirlygig
