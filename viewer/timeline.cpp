#include "timeline.h"

#include "error.h"
#include "terminal/stage_name.h"

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

// How long one step of a level plays, in seconds at speed 1.
double seconds_per_step(Level level) {
    switch (level) {
    case Level::model:
        return 0.8;
    case Level::stage:
        return 4;
    case Level::row:
        return 3;
    case Level::cell:
        return 1.6;
    case Level::term:
        break;
    }
    return 0.7;
}

// The part of the model that a stage belongs to: what is before its last word, without heads.
std::string part_of(const Stage& stage) {
    const std::string name(without_gradient(stage.name));
    const std::string back = is_gradient(stage.name) ? "back " : "";
    if (!name.starts_with("block.")) return back + name.substr(0, 5);
    const std::size_t block_end = name.find('.', std::string("block.").size());
    const bool mlp = name.find(".mlp.") != name.npos;
    return back + name.substr(0, block_end) + (mlp ? " mlp" : " attention");
}

} // namespace

const char* name_of(Level level) {
    switch (level) {
    case Level::model:
        return "model";
    case Level::stage:
        return "stage";
    case Level::row:
        return "row";
    case Level::cell:
        return "cell";
    case Level::term:
        break;
    }
    return "term";
}

std::size_t terms_of(const Stage& stage) {
    const std::vector<Operand>& from = stage.made_from;
    switch (stage.operation) {
    case Operation::linear:
    case Operation::product:
    case Operation::product_a_bt:
        return from[0].numbers.columns;
    case Operation::weights_backward:
    case Operation::bias_backward:
        return from[0].numbers.rows;
    case Operation::linear_backward: {
        std::size_t terms = 0;
        for (std::size_t pair = 0; pair + 1 < from.size(); pair += 2)
            terms += from[pair].numbers.columns;
        return terms + from.size() % 2; // what went straight on is one number
    }
    case Operation::sum:
        return 2;
    default:
        return 1;
    }
}

bool reads(const Stage& stage, const std::string& matrix) {
    return std::any_of(stage.made_from.begin(), stage.made_from.end(),
                       [&](const Operand& operand) { return operand.name == matrix; });
}

Timeline::Timeline(const Trace& trace) {
    for (const Stage& stage : trace.forward_stages)
        stages.push_back(&stage);
    for (const Stage& stage : trace.backward_stages)
        stages.push_back(&stage);
    stop = stages.size();
    if (trace.stopped) stop = find(trace.stopped->stage).value_or(stop);
}

double Timeline::cells_of(std::size_t stage) const {
    const Numbers& values = stages.at(stage)->values;
    return static_cast<double>(values.rows * values.columns);
}

double Timeline::reachable_cells(std::size_t stage) const {
    return stage < stop ? cells_of(stage) : 0;
}

Time Timeline::done(std::size_t stage) const {
    const std::size_t reached = std::min(stage, last());
    return {reached, reachable_cells(reached)};
}

Moment Timeline::moment(Time time) const {
    Moment moment;
    moment.stage = stages.at(time.stage);
    moment.terms = terms_of(*moment.stage);
    const std::size_t columns = moment.stage->values.columns;
    const double cells = cells_of(time.stage);
    if (time.cells >= cells) {
        moment.done = true;
        moment.row = moment.stage->values.rows - 1;
        moment.column = columns - 1;
        moment.term = moment.terms - 1;
        moment.fraction = moment.row_fraction = 1;
        return moment;
    }
    const double at = std::max(time.cells, 0.0);
    const auto cell = static_cast<std::size_t>(at);
    moment.row = cell / columns;
    moment.column = cell % columns;
    const double terms = (at - static_cast<double>(cell)) * static_cast<double>(moment.terms);
    moment.term = std::min(static_cast<std::size_t>(terms), moment.terms - 1);
    moment.fraction = terms - static_cast<double>(moment.term);
    moment.row_fraction = at / static_cast<double>(columns) - static_cast<double>(moment.row);
    return moment;
}

std::optional<std::size_t> Timeline::find(const std::string& name) const {
    for (std::size_t number = 0; number < stages.size(); ++number) {
        if (stages[number]->name == name) return number;
    }
    return std::nullopt;
}

std::size_t Timeline::stage_number(const std::string& name) const {
    if (const std::optional<std::size_t> number = find(name)) return *number;
    fail("there is no stage {}; whirlygig step --list shows the names", name);
}

Time Timeline::at_cell(std::size_t stage, std::size_t row, std::size_t column) const {
    if (stage >= stop) return done(stage);
    return {stage, static_cast<double>(row * stages.at(stage)->values.columns + column)};
}

Time Timeline::step(Time time, Level level, int direction) const {
    const bool forwards = direction > 0;
    if (level == Level::model) {
        std::size_t stage = time.stage;
        const std::string here = part_of(*stages[stage]);
        while (forwards ? stage < last() : stage > 0) {
            stage = forwards ? stage + 1 : stage - 1;
            if (part_of(*stages[stage]) != here) return done(stage);
        }
        return forwards ? done(last()) : start(); // the first and the last part have no neighbour
    }
    if (level == Level::stage) {
        const bool is_done = time.cells >= reachable_cells(time.stage);
        if (forwards) return done(is_done ? std::min(time.stage + 1, last()) : time.stage);
        return time.stage > 0 ? done(time.stage - 1) : Time{0, 0};
    }
    // Below: a step of one row, cell or term, from one stage on to the next.
    const double columns = static_cast<double>(stages[time.stage]->values.columns);
    const double terms = static_cast<double>(terms_of(*stages[time.stage]));
    const double size = level == Level::row ? columns : level == Level::cell ? 1.0 : 1 / terms;
    constexpr double grain = 1e-9; // a term's end is not exactly a multiple of 1 / terms
    const double steps = time.cells / size;
    const double target = forwards ? std::floor(steps + grain) + 1 : std::ceil(steps - grain) - 1;
    if (target < 0) return time.stage > 0 ? done(time.stage - 1) : Time{0, 0};
    if (time.cells >= reachable_cells(time.stage) && forwards)
        return time.stage < last() ? Time{time.stage + 1, 0} : time;
    return {time.stage, std::min(target * size, reachable_cells(time.stage))};
}

Time Timeline::play(Time time, Level level, double seconds) const {
    const double steps = seconds / seconds_per_step(level);
    const double columns = static_cast<double>(stages[time.stage]->values.columns);
    const double terms = static_cast<double>(terms_of(*stages[time.stage]));
    double cells = 0;
    switch (level) {
    case Level::model:
    case Level::stage:
        cells = steps * reachable_cells(time.stage);
        break;
    case Level::row:
        cells = steps * columns;
        break;
    case Level::cell:
        cells = steps;
        break;
    case Level::term:
        cells = steps / terms;
        break;
    }
    const double target = time.cells + cells;
    if (target < 0)
        return time.stage > 0 && time.cells <= 0 ? done(time.stage - 1) : Time{time.stage, 0};
    if (target > reachable_cells(time.stage)) {
        const bool was_done = time.cells >= reachable_cells(time.stage);
        const bool more = time.stage < last();
        return was_done && more ? Time{time.stage + 1, 0} : done(time.stage);
    }
    return {time.stage, target};
}

double Timeline::share(Time time) const {
    const double cells = reachable_cells(time.stage);
    const double within = cells > 0 ? std::clamp(time.cells / cells, 0.0, 1.0) : 0;
    return (static_cast<double>(time.stage) + within) / static_cast<double>(stages.size());
}

Time Timeline::at_share(double share) const {
    const double at = std::clamp(share, 0.0, 1.0) * static_cast<double>(stages.size());
    const std::size_t stage = std::min(static_cast<std::size_t>(at), last());
    const double within = std::min(at - static_cast<double>(stage), 1.0);
    return {stage, within * reachable_cells(stage)};
}

} // namespace whirlygig
