#include "stages/matrix_labels.h"

#include "terminal/stage_name.h"

#include <fmt/format.h>

#include <algorithm>

namespace whirlygig {
namespace {

struct Axes {
    Axis rows = Axis::single, columns = Axis::single;
};

Axes axes_of(const State& state, const std::string& matrix) {
    if (const Stage* stage = stage_named(state, matrix)) return {stage->rows, stage->columns};
    if (matrix == "embedding.token_table" || matrix == "unembedding")
        return {Axis::vocabulary, Axis::width};
    if (matrix == "embedding.position_table") return {Axis::places, Axis::width};
    return {Axis::width, Axis::width};
}

std::vector<std::string> labels_of(const State& state, const std::string& matrix, Axis axis,
                                   std::size_t count) {
    std::vector<std::string> labels;
    if (count == 1 && axis != Axis::tokens) return labels; // a vector needs no number beside it
    for (std::size_t index = 0; index < count; ++index) {
        if (axis == Axis::tokens) {
            labels.push_back(place_label(state, matrix, index));
        } else if (axis == Axis::vocabulary) {
            labels.push_back(state.traced_text().token(static_cast<int>(index)));
        } else {
            labels.push_back(fmt::format("{}", index));
        }
    }
    return labels;
}

// In a table of the whole vocabulary the words of the text matter most.
std::vector<std::size_t> ids_of_text(const State& state) {
    std::vector<std::size_t> ids;
    for (const int id : state.trace->ids)
        ids.push_back(static_cast<std::size_t>(id));
    return ids;
}

} // namespace

std::string short_name(const std::string& matrix) {
    const StageName name = parse_stage_name(matrix);
    std::string words = name.role;
    std::replace(words.begin(), words.end(), '.', ' ');
    std::replace(words.begin(), words.end(), '_', ' ');
    if (words.starts_with("mlp ")) words.replace(0, 3, "MLP");
    return name.gradient ? "gradient by " + words : words;
}

std::string place_label(const State& state, const std::string& matrix, std::size_t place) {
    const std::string token = state.traced_text().token_at(place);
    if (rows_are_mixed(parse_stage_name(matrix))) return fmt::format("place {} ({})", place, token);
    return fmt::format("{} {}", place, token);
}

Prediction most_probable_next(const State& state, std::size_t place) {
    const Matrix& probabilities = state.trace->activations.probabilities;
    std::size_t best = 0;
    for (std::size_t token = 1; token < probabilities.size2(); ++token) {
        if (probabilities(place, token) > probabilities(place, best)) best = token;
    }
    return {state.traced_text().token(static_cast<int>(best)),
            static_cast<double>(probabilities(place, best))};
}

std::string prediction_at(const State& state, std::size_t place) {
    const Prediction prediction = most_probable_next(state, place);
    return fmt::format("→ {} {:.2f}", prediction.token, prediction.probability);
}

void add_labels(const State& state, MatrixView& view) {
    const Axes axes = axes_of(state, view.name);
    std::vector<std::string> rows = labels_of(state, view.name, axes.rows, view.numbers.rows);
    std::vector<std::string> columns =
        labels_of(state, view.name, axes.columns, view.numbers.columns);
    if (view.transposed) std::swap(rows, columns);
    const Axis across = view.transposed ? axes.rows : axes.columns;
    if (across == Axis::tokens || across == Axis::vocabulary) {
        for (std::size_t index = 0; index < columns.size(); ++index)
            view.columns.brief.push_back(fmt::format("{}", index));
    }
    const Axis down = view.transposed ? axes.columns : axes.rows;
    view.columns.words = across == Axis::vocabulary;
    if (across == Axis::vocabulary) view.columns.first = ids_of_text(state);
    if (down == Axis::vocabulary) view.rows.first = ids_of_text(state);
    view.rows.labels = std::move(rows);
    view.columns.labels = std::move(columns);
}

} // namespace whirlygig
