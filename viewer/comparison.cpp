#include "comparison.h"

#include "error.h"
#include "state.h"
#include "terminal/cell_table.h"

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

// The cells that differ by their place in the list of stages, in the order of computing.
std::optional<std::size_t> index_of(const TraceDifference& difference, const std::string& stage) {
    for (std::size_t index = 0; index < difference.stages.size(); ++index) {
        if (difference.stages[index].name == stage) return index;
    }
    return std::nullopt;
}

// Hashing all parameters takes its time, so each model is looked at once.
void check_model(Comparison& comparison, const std::shared_ptr<const Model>& model) {
    if (comparison.model == model) return;
    comparison.model = model;
    comparison.other_parameters.clear();
    try {
        check_parameters(*comparison.file, model->parameters);
    } catch (const Error& error) {
        comparison.other_parameters = error.what();
    }
}

} // namespace

const StageDifference* Comparison::of(const std::string& stage) const {
    const std::optional<std::size_t> index = index_of(difference, stage);
    return index ? &difference.stages[*index] : nullptr;
}

bool Comparison::differs(const CellRef& cell) const {
    const StageDifference* stage = of(cell.matrix);
    return stage != nullptr && std::binary_search(stage->cells.begin(), stage->cells.end(),
                                                  cell.row * stage->columns + cell.column);
}

std::optional<double> Comparison::there(const CellRef& cell) const {
    if (!file) return std::nullopt;
    for (const StageNumbers& stage : file->pass.stages) {
        if (stage.name != cell.matrix) continue;
        if (cell.row >= stage.values.rows || cell.column >= stage.values.columns)
            return std::nullopt;
        return static_cast<double>(stage.values(cell.row, cell.column));
    }
    return std::nullopt;
}

void open_comparison(State& state, const std::filesystem::path& file) {
    Comparison comparison;
    comparison.path = file;
    comparison.file =
        std::make_shared<const TraceFile>(read_trace(file, state.folder.model->config));
    show_text(state, state.folder.wording.text(comparison.file->pass.ids));
    if (!state.text.complaint.empty()) fail("{}: {}", file.string(), state.text.complaint);
    state.comparison = std::move(comparison);
    follow_comparison(state);
    if (state.comparison.complaint.empty()) go_to_difference(state, 0);
}

void follow_comparison(State& state) {
    Comparison& comparison = state.comparison;
    if (!comparison.file) return;
    // A new trace may lie where the last one was; the model that is held here tells them apart.
    if (comparison.compared == state.trace.get() && comparison.model == state.trace->model) return;
    comparison.compared = state.trace.get();
    comparison.difference = {};
    check_model(comparison, state.trace->model);
    comparison.complaint = comparison.other_parameters;
    if (!comparison.complaint.empty()) return;
    try {
        comparison.difference = compare_passes(recorded_pass(*state.trace), comparison.file->pass);
    } catch (const Error& error) {
        comparison.complaint = error.what();
    }
}

void go_to_difference(State& state, int by) {
    const std::vector<StageDifference>& stages = state.comparison.difference.stages;
    if (stages.empty()) return;
    std::ptrdiff_t index = 0;
    if (by != 0) {
        const auto here = index_of(state.comparison.difference, state.moment().stage->name);
        index = here ? static_cast<std::ptrdiff_t>(*here) + by : 0;
        index =
            std::clamp<std::ptrdiff_t>(index, 0, static_cast<std::ptrdiff_t>(stages.size()) - 1);
    }
    const StageDifference& stage = stages[static_cast<std::size_t>(index)];
    follow(state, {stage.name, stage.first.row, stage.first.column});
}

std::optional<Diagnosis> diagnose(const State& state, const CellRef& cell) {
    const std::optional<double> there = state.comparison.there(cell);
    const std::optional<std::size_t> number = state.timeline.find(cell.matrix);
    if (!there || !number || !state.comparison.complaint.empty()) return std::nullopt;
    const Stage& stage = *state.timeline.stages[*number];
    const std::shared_ptr<const Expression> here = state.explained(stage, cell.row, cell.column);
    Diagnosis diagnosis;
    diagnosis.here = static_cast<double>(stage.values(cell.row, cell.column));
    diagnosis.there = *there;
    diagnosis.differs = state.comparison.differs(cell);
    for_each_cell(*here, [&](const CellSource& source, double) {
        ++diagnosis.inputs;
        if (state.comparison.differs({source.name, source.row, source.column}))
            ++diagnosis.different_inputs;
    });
    const Expression from_there = substituted(*here, [&](const std::string& text, double value) {
        CellSource source;
        if (!parse_source(text, source)) return value;
        return state.comparison.there({source.name, source.row, source.column}).value_or(value);
    });
    diagnosis.expected = from_there.value;
    const double rounding = 1e-5 * from_there.magnitude;
    diagnosis.follows =
        !differ(from_there.value, *there, std::max(difference_limit(stage.values), rounding));
    return diagnosis;
}

} // namespace whirlygig
