#include "training/training_folder.h"

#include "error.h"
#include "files/file.h"
#include "files/gpt2_layout.h"
#include "files/strict_json.h"

#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>
#include <limits>

namespace whirlygig {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t history_columns = 7;

std::vector<double> history_numbers(const std::vector<HistoryRow>& history) {
    std::vector<double> numbers;
    for (const HistoryRow& row : history) {
        for (const double number :
             {static_cast<double>(row.step), row.learning_rate, row.loss, row.weighted_loss,
              row.held_out_loss, row.gradient_norm, row.seconds}) {
            numbers.push_back(number);
        }
    }
    return numbers;
}

Metadata metadata_of(const TrainingRun& run) {
    const TrainingState& state = run.state;
    json tokens = json::array();
    for (int id = 0; run.wording.tokenizer && id < run.wording.tokenizer->size(); ++id) {
        tokens.push_back(run.wording.tokenizer->token(id));
    }
    return {{"recipe", recipe_text(state.recipe)},
            {"config", config_text(state.model.config, run.wording)},
            {"vocabulary", tokens.dump()},
            {"seed", std::to_string(state.seed)},
            {"step", std::to_string(state.step)},
            {"optimizer_steps", std::to_string(state.optimizer.steps)},
            {"seconds", fmt::format("{}", state.seconds)},
            {"corpus", run.corpus},
            {"corpus_hash", std::to_string(run.corpus_hash)}};
}

void write_training_file(const fs::path& path, const TrainingRun& run) {
    JoinedTensors joined = join_layout(run.state.model.parameters);
    for (const auto& moment :
         list_state(run.state.optimizer, list_parameters(run.state.model.parameters))) {
        joined.tensors.push_back(
            tensor_to_write(moment.name, {moment.values.size()}, moment.values));
    }
    const std::vector<double> history = history_numbers(run.state.history);
    joined.tensors.push_back(tensor_to_write("history", {run.state.history.size(), history_columns},
                                             std::span(history)));
    write_safetensors(path, joined.tensors, metadata_of(run));
}

// What a training file says about itself, each text checked.
class Details {
public:
    Details(const SafetensorsFile& file, std::string name)
        : file(file),
          name(std::move(name)) {}

    const std::string& text(const std::string& key) const {
        const auto found = file.metadata().find(key);
        if (found == file.metadata().end()) {
            fail("{} is no training file: it does not say its {}", name, key);
        }
        return found->second;
    }

    template <class Number>
    Number number(const std::string& key) const {
        const std::string& digits = text(key);
        Number value{};
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (error != std::errc() || end != digits.data() + digits.size() || digits.empty()) {
            fail("{}: its {} is no number but {}", name, key, shown(digits));
        }
        return value;
    }

private:
    const SafetensorsFile& file;
    std::string name;
};

std::vector<std::string> read_tokens(const Details& details, const std::string& path) {
    const json tokens = parse_json(details.text("vocabulary"), path + ", vocabulary", 2);
    if (!tokens.is_array()) fail("{}: its vocabulary is no list", path);
    std::vector<std::string> list;
    for (const json& token : tokens) {
        if (!token.is_string()) fail("{}: a token of its vocabulary is no text", path);
        list.push_back(token.get<std::string>());
    }
    return list;
}

void read_history(const SafetensorsFile& file, const std::string& path,
                  std::vector<HistoryRow>& history) {
    const TensorEntry& entry = file.entry("history");
    if (entry.shape.size() != 2 || entry.shape[1] != history_columns) {
        fail("{}: its history must have {} columns", path, history_columns);
    }
    std::vector<double> numbers(entry.count());
    file.read_into("history", std::span<double>(numbers));
    for (std::size_t at = 0; at < numbers.size(); at += history_columns) {
        if (!(numbers[at] >= 0 && numbers[at] < 1e15)) fail("{}: its history is broken", path);
        history.push_back({static_cast<std::uint64_t>(numbers[at]), numbers[at + 1],
                           numbers[at + 2], numbers[at + 3], numbers[at + 4], numbers[at + 5],
                           numbers[at + 6]});
    }
}

void read_moments(const SafetensorsFile& file, const std::string& path, TrainingState& state) {
    const auto parameters = list_parameters(state.model.parameters);
    if (state.optimizer.steps > 0) {
        prepare_state(state.recipe.optimizer.kind, parameters, state.optimizer);
    }
    for (const auto& moment : list_state(state.optimizer, parameters)) {
        file.read_into(moment.name, moment.values);
        if (file.find(Unwanted::not_finite, moment.name)) {
            fail("{}: the tensor {} holds a number that is not finite", path, moment.name);
        }
    }
}

} // namespace

void save_training(const fs::path& folder, const TrainingRun& run) {
    write_model_folder(folder, run.state.model, run.wording);
    write_file(folder / "training.csv", history_csv(run.state.history));
    write_training_file(folder / "training.safetensors", run);
}

void save_snapshot(const fs::path& folder, const TrainingRun& run) {
    const fs::path snapshots = folder / "snapshots";
    std::error_code error;
    fs::create_directories(snapshots, error);
    if (error) fail("the folder {} can't be made: {}", snapshots.string(), error.message());
    write_training_file(snapshots / fmt::format("{}.safetensors", run.state.step), run);
}

TrainingRun read_training(const fs::path& folder) {
    const fs::path path = folder / "training.safetensors";
    if (!fs::exists(path)) {
        fail("there is no training run to go on with in {}: it has no training.safetensors",
             folder.string());
    }
    const SafetensorsFile file = SafetensorsFile::read(path);
    const std::string name = path.string();
    const Details details(file, name);
    TrainingRun run;
    TrainingState& state = run.state;
    state.recipe = parse_recipe(details.text("recipe"));
    state.seed = details.number<std::uint64_t>("seed");
    state.step = details.number<std::uint64_t>("step");
    state.seconds = details.number<double>("seconds");
    state.optimizer.steps = details.number<std::uint64_t>("optimizer_steps");
    state.model.config = parse_config(details.text("config"), name + ", config");
    state.model.parameters = read_gpt2_layout(file, name, state.model.config);
    read_moments(file, name, state);
    read_history(file, name, state.history);
    run.wording =
        make_wording(details.text("config"), read_tokens(details, name), name + ", config");
    run.corpus = details.text("corpus");
    run.corpus_hash = details.number<std::uint64_t>("corpus_hash");
    return run;
}

bool holds_model(const fs::path& folder) {
    for (const char* name : {"model.safetensors", "config.json", "training.safetensors"}) {
        if (fs::exists(folder / name)) return true;
    }
    return false;
}

void remove_training(const fs::path& folder) {
    // The model first: what is left of it cannot be mistaken for a whole one.
    for (const char* name : {"model.safetensors", "config.json", "vocabulary.json", "training.csv",
                             "training.safetensors"}) {
        fs::remove(folder / name);
    }
    if (!fs::is_directory(folder / "snapshots")) return;
    for (const auto& file : fs::directory_iterator(folder / "snapshots")) {
        if (file.path().extension() == ".safetensors") fs::remove(file.path());
    }
}

std::string history_csv(const std::vector<HistoryRow>& history) {
    std::string text =
        "step,learning_rate,loss,weighted_loss,held_out_loss,gradient_norm,seconds\n";
    for (const HistoryRow& row : history) {
        const std::string held_out =
            std::isnan(row.held_out_loss) ? "" : fmt::format("{:.7g}", row.held_out_loss);
        text +=
            fmt::format("{},{:.7g},{:.7g},{:.7g},{},{:.7g},{:.3f}\n", row.step, row.learning_rate,
                        row.loss, row.weighted_loss, held_out, row.gradient_norm, row.seconds);
    }
    return text;
}

} // namespace whirlygig
